"""Money that moved outside the host: transactions and what is reported about them.

The host never compares two transactions, so the same reference twice counts twice.
Source: Saleor 3.23.28 over HTTP, 2026-11-20.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlsplit

import strawberry

from saleor_amazon_app.core.money import ZERO, rounded
from saleor_amazon_app.simulators.saleor.ids import InvalidIdError, type_of
from saleor_amazon_app.simulators.saleor.money_events import (
    announce,
    log_event,
    moving,
    recount,
    settle,
)
from saleor_amazon_app.simulators.saleor.schema.inputs import (
    MetadataInput,
    MoneyInput,
    MoneyMovedInput,
)
from saleor_amazon_app.simulators.saleor.schema.orders import (
    Order,
    OrderGrantedRefund,
    TransactionEvent,
    TransactionItem,
)
from saleor_amazon_app.simulators.saleor.schema.people import App
from saleor_amazon_app.simulators.saleor.schema.reasons import Reason, Refused, refusal
from saleor_amazon_app.simulators.saleor.schema.words import (
    OrderGrantedRefundStatusEnum,
    TransactionActionEnum,
    TransactionEventTypeEnum,
)
from saleor_amazon_app.simulators.saleor.state import Crash, Shop

_LONGEST = 512
OTHER_AMOUNT = (
    "The transaction with provided `pspReference` and `type` already exists with different amount."
)
_BY_HAND = {
    "authorized": TransactionEventTypeEnum.AUTHORIZATION_SUCCESS,
    "charged": TransactionEventTypeEnum.CHARGE_SUCCESS,
    "refunded": TransactionEventTypeEnum.REFUND_SUCCESS,
    "canceled": TransactionEventTypeEnum.CANCEL_SUCCESS,
}


def create_transaction(
    shop: Shop, order_id: str, given: MoneyMovedInput, *, app: App
) -> TransactionItem:
    """`transactionCreate` on an order in any status, owned by the app.

    Raises:
        Refused: no such order, another currency, a key that is empty, a link that is none.
        Crash: a text longer than its column.
    """
    order = _payable(shop, order_id)
    before = order.charged
    transaction = make_transaction(shop, order, given, app=app)
    settle(order)
    announce(shop, order, before, ZERO, app=app)
    return transaction


def make_transaction(
    shop: Shop, order: Order, given: MoneyMovedInput, *, app: App | None
) -> TransactionItem:
    """A transaction on an order, without telling anybody.

    Raises:
        Refused: as `create_transaction`.
        Crash: as `create_transaction`.
    """
    _check(given, order.currency)
    now = shop.clock()
    transaction = TransactionItem(
        id=strawberry.ID(shop.ids.unique("TransactionItem")),
        created_at=now,
        modified_at=now,
        actions=_each_once(given.available_actions or []),
        name=given.name or "",
        message=given.message or "",
        psp_reference=given.psp_reference or "",
        external_url=given.external_url or "",
        created_by=app,
        order=order,
        currency=order.currency,
    )
    _keep_pairs(transaction, given.metadata, given.private_metadata)
    for name, money in _amounts(given).items():
        log_event(shop, transaction, _BY_HAND[name], money.amount, by=app)
    recount(transaction)
    order.transactions.append(transaction)
    shop.transactions[transaction.id] = transaction
    return transaction


def update_transaction(
    shop: Shop, transaction_id: str, given: MoneyMovedInput | None, *, app: App
) -> TransactionItem:
    """`transactionUpdate`; an app takes over a transaction that nobody owns.

    Raises:
        Refused: no such transaction or a value it cannot have.
    """
    transaction = find_transaction(shop, transaction_id)
    if given is None:
        return transaction
    _check(given, transaction.currency)
    for name in ("name", "message", "psp_reference", "external_url"):
        if (value := getattr(given, name)) is not None:
            setattr(transaction, name, value)
    if given.available_actions is not None:
        transaction.actions = _each_once(given.available_actions)
    _keep_pairs(transaction, given.metadata, given.private_metadata)
    with moving(shop, transaction, app=app):
        for name, money in _amounts(given).items():
            if change := money.amount - transaction.sums.get(name, ZERO):
                log_event(shop, transaction, _BY_HAND[name], change, by=app)
    transaction.created_by = transaction.created_by or app
    return transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class EventReport:
    """What an app says happened to the money.

    Attributes:
        amount: None where an earlier report of the same money named it.
        actions: what can still be done; None leaves that as it is.
    """

    kind: TransactionEventTypeEnum
    psp_reference: str
    amount: Decimal | None
    time: datetime | None = None
    message: str = ""
    external_url: str = ""
    actions: list[TransactionActionEnum] | None = None


def report_event(
    shop: Shop, transaction_id: str, report: EventReport, *, app: App
) -> tuple[TransactionItem, TransactionEvent, bool]:
    """`transactionEventReport`; True at the end when the same report came before.

    Raises:
        Refused: no such transaction, or the same report with another amount.
    """
    transaction = find_transaction(shop, transaction_id)
    amount = report.amount
    if amount is None and report.kind is not TransactionEventTypeEnum.INFO:
        amount = _told_before(transaction, report)
    value = rounded(amount or ZERO, transaction.currency)
    granted = _granted_before(transaction, report)
    if known := _same_report(transaction, report):
        if known.amount.value != value:
            note_failure(shop, transaction, known, OTHER_AMOUNT)
            refresh_granted(transaction, granted)
            raise refusal("pspReference", "INCORRECT_DETAILS", OTHER_AMOUNT)
        return transaction, known, True
    event = keep_report(shop, transaction, report, app=app, amount=value, granted=granted)
    return transaction, event, False


def keep_report(  # noqa: PLR0913 - what a report says, and what it is about
    shop: Shop,
    transaction: TransactionItem,
    report: EventReport,
    *,
    app: App,
    amount: Decimal,
    granted: OrderGrantedRefund | None,
) -> TransactionEvent:
    """Adds a report that was not made before, and what follows from it."""
    with moving(shop, transaction, app=app):
        event = log_event(
            shop, transaction, report.kind, amount, by=app, reference=report.psp_reference
        )
        event.created_at = report.time or event.created_at
        event.message, event.external_url = report.message[:_LONGEST], report.external_url
        event.granted_refund = granted
        if report.actions is not None:
            transaction.actions = _each_once(report.actions)
    transaction.created_by = transaction.created_by or app
    refresh_granted(transaction, granted)
    return event


def note_failure(
    shop: Shop, transaction: TransactionItem, about: TransactionEvent, why: str
) -> None:
    """Leaves a failure in the log, which counts for nothing but is found as an earlier report."""
    kinds = TransactionEventTypeEnum.__members__
    assert about.type is not None
    kind = kinds.get(f"{about.type.name.partition('_')[0]}_FAILURE", about.type)
    event = log_event(
        shop, transaction, kind, about.amount.value, by=None, reference=about.psp_reference
    )
    event.message, event.counts = why, False
    event.granted_refund = about.granted_refund


def refresh_granted(transaction: TransactionItem, granted: OrderGrantedRefund | None) -> None:
    """Makes the status of a granted refund follow from the last that happened about it."""
    if granted is None:
        return
    statuses = OrderGrantedRefundStatusEnum
    meaning = {
        "REFUND_REQUEST": statuses.PENDING,
        "REFUND_SUCCESS": statuses.SUCCESS,
        "REFUND_FAILURE": statuses.FAILURE,
        "REFUND_REVERSE": statuses.NONE,
    }
    about = [event for event in transaction.log if event.granted_refund is granted]
    for event in sorted(about, key=lambda each: each.created_at):
        if event.type and event.type.name in meaning:
            granted.status = meaning[event.type.name]


def _granted_before(transaction: TransactionItem, report: EventReport) -> OrderGrantedRefund | None:
    """The granted refund of the request that was answered with the report's reference."""
    if not report.kind.name.startswith("REFUND"):
        return None
    asked = (
        event.granted_refund
        for event in reversed(transaction.log)
        if event.psp_reference == report.psp_reference
        and event.type is TransactionEventTypeEnum.REFUND_REQUEST
    )
    return next(asked, None)


def _same_report(transaction: TransactionItem, report: EventReport) -> TransactionEvent | None:
    wanted = (report.psp_reference, report.kind)
    same = (event for event in transaction.log if (event.psp_reference, event.type) == wanted)
    return next(same, None)


def _payable(shop: Shop, order_id: str) -> Order:
    if order := shop.orders.get(order_id):
        return order
    try:
        kind = type_of(order_id)
    except InvalidIdError as error:
        raise refusal("id", "GRAPHQL_ERROR", str(error)) from error
    what = "a node" if kind == "Order" else "Checkout or Order"
    raise refusal("id", "NOT_FOUND", f"Couldn't resolve to {what}: {order_id}")


def find_transaction(shop: Shop, transaction_id: str, *, field: str = "id") -> TransactionItem:
    """The transaction a mutation names.

    Raises:
        Refused: no such transaction, in the host's words.
    """
    if found := shop.transactions.get(transaction_id):
        return found
    raise refusal(field, "NOT_FOUND", f"Couldn't resolve to a node: {transaction_id}")


def _amounts(given: MoneyMovedInput) -> dict[str, MoneyInput]:
    named = {name: getattr(given, f"amount_{name}") for name in _BY_HAND}
    return {name: money for name, money in named.items() if money is not None}


def _check(given: MoneyMovedInput, currency: str) -> None:
    wrong = [
        Reason(
            f"amount{name.capitalize()}",
            "INCORRECT_CURRENCY",
            f"Currency needs to be the same as for order: {currency}",
        )
        for name, money in _amounts(given).items()
        if money.currency != currency
    ]
    if wrong:
        raise Refused(*wrong)
    for name, pairs in (("metadata", given.metadata), ("privateMetadata", given.private_metadata)):
        if any(not pair.key.strip() for pair in pairs or ()):
            raise refusal("transaction", "METADATA_KEY_REQUIRED", f"{name} key cannot be empty.")
    if given.external_url is not None:
        link = urlsplit(given.external_url)
        if link.scheme not in {"http", "https", "ftp", "ftps"} or "." not in link.netloc:
            raise refusal("transaction", "INVALID", "Invalid format of `externalUrl`.")
    if any(len(text or "") > _LONGEST for text in (given.name, given.message, given.psp_reference)):
        raise Crash("DataError")


def _each_once(actions: list[TransactionActionEnum]) -> list[TransactionActionEnum]:
    return list(dict.fromkeys(actions))


def _keep_pairs(
    transaction: TransactionItem,
    public: list[MetadataInput] | None,
    hidden: list[MetadataInput] | None,
) -> None:
    transaction.public.update((pair.key, pair.value) for pair in public or ())
    transaction.hidden.update((pair.key, pair.value) for pair in hidden or ())


def _told_before(transaction: TransactionItem, report: EventReport) -> Decimal:
    """The amount of an earlier event of the same money."""
    family = report.kind.name.partition("_")[0]
    for event in transaction.log:
        same = event.psp_reference == report.psp_reference
        if same and event.type and event.type.name.startswith(family):
            return event.amount.value
    kind = report.kind.name.lower()
    raise refusal("amount", "REQUIRED", f"The `amount` field is required for {kind} event.")
