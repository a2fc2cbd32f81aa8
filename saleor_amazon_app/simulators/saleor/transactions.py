"""Money that moved outside the host: transactions, what is reported about them, what is paid.

The host never compares two transactions, so the same reference twice counts twice. Amounts follow
from events: one event a kind and reference counts, and a failure newer than a success undoes it.
Source: Saleor 3.23.28 over HTTP, 2026-11-20.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlsplit

import strawberry

from saleor_amazon_app.core.money import ZERO, rounded
from saleor_amazon_app.simulators.saleor.ids import InvalidIdError, type_of
from saleor_amazon_app.simulators.saleor.schema.basics import Money
from saleor_amazon_app.simulators.saleor.schema.inputs import (
    MetadataInput,
    MoneyInput,
    MoneyMovedInput,
)
from saleor_amazon_app.simulators.saleor.schema.orders import (
    Order,
    TransactionEvent,
    TransactionItem,
)
from saleor_amazon_app.simulators.saleor.schema.people import App
from saleor_amazon_app.simulators.saleor.schema.reasons import Reason, Refused, refusal
from saleor_amazon_app.simulators.saleor.schema.words import (
    OrderChargeStatusEnum,
    OrderEventsEnum,
    OrderStatus,
    TransactionActionEnum,
    TransactionEventTypeEnum,
)
from saleor_amazon_app.simulators.saleor.state import Crash, Shop

_LONGEST = 512
_OTHER_AMOUNT = (
    "The transaction with provided `pspReference` and `type` already exists with different amount."
)
_BY_HAND = {
    "authorized": TransactionEventTypeEnum.AUTHORIZATION_SUCCESS,
    "charged": TransactionEventTypeEnum.CHARGE_SUCCESS,
    "refunded": TransactionEventTypeEnum.REFUND_SUCCESS,
    "canceled": TransactionEventTypeEnum.CANCEL_SUCCESS,
}
_WHOLE = (OrderChargeStatusEnum.FULL, OrderChargeStatusEnum.OVERCHARGED)
# What a success of each kind adds to, and what it takes from.
_MOVES = {
    "AUTHORIZATION": ("authorized", "authorize_pending", None),
    "CHARGE": ("charged", "charge_pending", "authorized"),
    "REFUND": ("refunded", "refund_pending", "charged"),
    "CANCEL": ("canceled", "cancel_pending", "authorized"),
}


def settle(order: Order) -> None:
    """Makes the charge status follow from what was charged."""
    total = max(rounded(order.total.gross.value, order.currency), ZERO)
    charged = rounded(order.charged, order.currency)
    if charged == total:
        order.charge_status = OrderChargeStatusEnum.FULL
    elif charged <= 0:
        order.charge_status = OrderChargeStatusEnum.NONE
    elif charged < total:
        order.charge_status = OrderChargeStatusEnum.PARTIAL
    else:
        order.charge_status = OrderChargeStatusEnum.OVERCHARGED


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
    _announce(shop, order, before, ZERO, app)
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
        _log(shop, transaction, _BY_HAND[name], money.amount, app=app)
    _recount(transaction)
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
    transaction = _transaction(shop, transaction_id)
    if given is None:
        return transaction
    _check(given, transaction.currency)
    for name in ("name", "message", "psp_reference", "external_url"):
        if (value := getattr(given, name)) is not None:
            setattr(transaction, name, value)
    if given.available_actions is not None:
        transaction.actions = _each_once(given.available_actions)
    _keep_pairs(transaction, given.metadata, given.private_metadata)
    refunded = transaction.sums.get("refunded", ZERO)
    order_charged = transaction.order.charged if transaction.order else ZERO
    for name, money in _amounts(given).items():
        change = money.amount - transaction.sums.get(name, ZERO)
        if change:
            _log(shop, transaction, _BY_HAND[name], change, app=app)
    _recount(transaction)
    transaction.created_by = transaction.created_by or app
    _after(shop, transaction, order_charged, refunded, app)
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
    transaction = _transaction(shop, transaction_id)
    amount = report.amount
    if amount is None and report.kind is not TransactionEventTypeEnum.INFO:
        amount = _told_before(transaction, report)
    value = rounded(amount or ZERO, transaction.currency)
    if known := _same_report(transaction, report):
        if known.amount.value != value:
            _note_refused_report(shop, transaction, report, value, app)
            raise refusal("pspReference", "INCORRECT_DETAILS", _OTHER_AMOUNT)
        return transaction, known, True
    order_charged = transaction.order.charged if transaction.order else ZERO
    refunded = transaction.sums.get("refunded", ZERO)
    event = _log(shop, transaction, report.kind, value, app=app, reference=report.psp_reference)
    event.created_at = report.time or event.created_at
    event.message, event.external_url = report.message[:_LONGEST], report.external_url
    if report.actions is not None:
        transaction.actions = _each_once(report.actions)
    _recount(transaction)
    transaction.created_by = transaction.created_by or app
    _after(shop, transaction, order_charged, refunded, app)
    return transaction, event, False


def _note_refused_report(
    shop: Shop, transaction: TransactionItem, report: EventReport, amount: Decimal, app: App
) -> None:
    """Leaves a failure in the log, which counts for nothing but is found as an earlier report."""
    failure = TransactionEventTypeEnum.__members__.get(
        f"{report.kind.name.partition('_')[0]}_FAILURE", report.kind
    )
    event = _log(shop, transaction, failure, amount, app=app, reference=report.psp_reference)
    event.message, event.counts = _OTHER_AMOUNT, False


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


def _transaction(shop: Shop, transaction_id: str) -> TransactionItem:
    if found := shop.transactions.get(transaction_id):
        return found
    raise refusal("id", "NOT_FOUND", f"Couldn't resolve to a node: {transaction_id}")


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


def _log(
    shop: Shop,
    transaction: TransactionItem,
    kind: TransactionEventTypeEnum,
    amount: Decimal,
    *,
    app: App | None,
    reference: str = "",
) -> TransactionEvent:
    event = TransactionEvent(
        id=strawberry.ID(shop.ids.counted("TransactionEvent")),
        created_at=shop.clock(),
        psp_reference=reference,
        message="" if reference else "Manual adjustment of the transaction.",
        external_url="",
        amount=Money(value=rounded(amount, transaction.currency), currency=transaction.currency),
        type=kind,
        created_by=app,
    )
    transaction.log.append(event)
    transaction.modified_at = shop.clock()
    return event


def _recount(transaction: TransactionItem) -> None:
    """Adds the events up: those by hand as they are, the others per kind and reference."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    told: defaultdict[tuple[str, str], dict[str, TransactionEvent]] = defaultdict(dict)
    for event in transaction.log:
        kind, _, outcome = _kind_of(event).partition("_")
        if not event.psp_reference and outcome == "SUCCESS":
            sums[_MOVES[kind][0]] += event.amount.value
        elif kind in _MOVES:
            told[kind, event.psp_reference][outcome] = event
    for (kind, _), outcomes in told.items():
        _count(sums, kind, outcomes)
    transaction.sums = dict(sums)


def _kind_of(event: TransactionEvent) -> str:
    return event.type.name if event.type and event.counts else ""


def _count(
    sums: defaultdict[str, Decimal], kind: str, outcomes: dict[str, TransactionEvent]
) -> None:
    to, pending, source = _MOVES[kind]
    request, success, failure = (outcomes.get(key) for key in ("REQUEST", "SUCCESS", "FAILURE"))
    counted: TransactionEvent | None = None
    if request and not success and not failure:
        to, counted = pending, request
    elif success and (failure is None or success.created_at > failure.created_at):
        counted = success
    if counted:
        sums[to] += counted.amount.value
        if source:
            sums[source] -= counted.amount.value
    if back := outcomes.get("BACK"):
        sums["charged"] -= back.amount.value
    if reverse := outcomes.get("REVERSE"):
        sums["charged"] += reverse.amount.value
        sums["refunded"] -= reverse.amount.value


def _told_before(transaction: TransactionItem, report: EventReport) -> Decimal:
    """The amount of an earlier event of the same money."""
    family = report.kind.name.partition("_")[0]
    for event in transaction.log:
        same = event.psp_reference == report.psp_reference
        if same and event.type and event.type.name.startswith(family):
            return event.amount.value
    kind = report.kind.name.lower()
    raise refusal("amount", "REQUIRED", f"The `amount` field is required for {kind} event.")


def _after(
    shop: Shop, transaction: TransactionItem, charged: Decimal, refunded: Decimal, app: App
) -> None:
    if order := transaction.order:
        settle(order)
        more = transaction.sums.get("refunded", ZERO) - refunded
        _announce(shop, order, charged, more, app)


def _announce(shop: Shop, order: Order, before: Decimal, refunded: Decimal, app: App) -> None:
    """Tells others what changed about the money of an order; of a draft nobody hears."""
    if order.status is OrderStatus.DRAFT:
        return
    now = order.charged
    if now > before:
        shop.tell("ORDER_PAID", [order])
        if order.charge_status in _WHOLE:
            shop.remember(order, OrderEventsEnum.ORDER_FULLY_PAID, app=app)
            shop.mail(order, "payment_confirmation")
            shop.tell("ORDER_FULLY_PAID", [order])
    if refunded > 0:
        shop.mail(order, "order_refunded")
        shop.tell("ORDER_REFUNDED", [order])
        given_back = sum((each.sums.get("refunded", ZERO) for each in order.transactions), ZERO)
        if given_back >= order.total.gross.value:
            shop.tell("ORDER_FULLY_REFUNDED", [order])
    shop.tell("ORDER_UPDATED", [order])
