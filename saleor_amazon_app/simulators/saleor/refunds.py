"""Refunds staff ask for: granted first or not, requested of the app that made the transaction.

The host keeps a request that counts for nothing until the app answers how it calls the refund;
from then on the amount is pending. A reference that was used before swallows the older request.
Source: Saleor 3.23.28 over HTTP, 2026-11-20.
"""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

import strawberry

from saleor_amazon_app.core.money import ZERO, rounded
from saleor_amazon_app.simulators.saleor.ids import InvalidIdError, global_id, key_of
from saleor_amazon_app.simulators.saleor.money_events import log_event, settle
from saleor_amazon_app.simulators.saleor.schema.basics import Money
from saleor_amazon_app.simulators.saleor.schema.events import TransactionAction
from saleor_amazon_app.simulators.saleor.schema.orders import (
    Order,
    OrderGrantedRefund,
    OrderGrantedRefundLine,
    TransactionItem,
)
from saleor_amazon_app.simulators.saleor.schema.people import App, User
from saleor_amazon_app.simulators.saleor.schema.reasons import Reason, Refused, refusal
from saleor_amazon_app.simulators.saleor.schema.refunds import (
    OrderGrantRefundCreateInput,
    OrderGrantRefundCreateLineInput,
)
from saleor_amazon_app.simulators.saleor.schema.words import (
    OrderEventsEnum,
    OrderGrantedRefundStatusEnum,
    PositiveDecimal,
    TransactionActionEnum,
    TransactionEventTypeEnum,
)
from saleor_amazon_app.simulators.saleor.state import Crash, Shop
from saleor_amazon_app.simulators.saleor.transactions import (
    find_transaction,
    note_failure,
    refresh_granted,
)

REFUND_REQUESTED = "TRANSACTION_REFUND_REQUESTED"
# The one reason a shop has that demands one.
REFUND_REASON_ID = global_id("Page", 1)

_NOTHING = "You must provide at least one of `amount`, `lines`, `grantRefundForShipping`."
_NOBODY = "No app or plugin is configured to handle payment action requests."


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """What is wrong with a line of a refund."""

    line_id: str
    field: str
    code: str
    message: str


class RefusedLines(Refused):
    """A refund is not granted for what is wrong with its lines."""

    def __init__(self, *lines: RefusedLine) -> None:
        super().__init__(Reason("lines", "INVALID", "Provided input for lines is invalid."))
        self.lines = lines


def grant_refund(
    shop: Shop,
    order_id: str,
    given: OrderGrantRefundCreateInput,
    *,
    reason_reference: str | None,
    by: App | User,
) -> OrderGrantedRefund:
    """`orderGrantRefundCreate`: no money moves; the order's charge is compared with less.

    Without an amount it is worked out of rounded unit prices, which may lose smallest units.

    Raises:
        Refused: nothing to refund, more than was charged, or shipping a second time.
        Crash: a line nobody knows.
    """
    order = shop.order(order_id)
    _refuse_nothing(given)
    check_reason(shop, reason_reference, by=by, field="reasonReference")
    lines = _granted_lines(shop, order, given.lines or [])
    shipping = _granted_shipping(order, given)
    transaction = find_transaction(shop, given.transaction_id, field="transactionId")
    amount = _granted_amount(order, transaction, lines, given.amount, shipping=shipping)
    now = shop.clock()
    granted = OrderGrantedRefund(
        id=strawberry.ID(shop.ids.counted("OrderGrantedRefund")),
        created_at=now,
        updated_at=now,
        amount=Money(value=amount, currency=order.currency),
        reason=given.reason or "",
        user=by if isinstance(by, User) else None,
        app=by if isinstance(by, App) else None,
        shipping_costs_included=shipping,
        lines=lines,
        status=OrderGrantedRefundStatusEnum.NONE,
        transaction=transaction,
    )
    _keep_granted(shop, order, granted)
    return granted


def request_granted_refund(shop: Shop, granted_id: str) -> TransactionItem:
    """`transactionRequestRefundForGrantedRefund`: asks the app for what was granted.

    Raises:
        Refused: asked for before, more than is still charged, or no app listens.
    """
    field = "grantedRefundId"
    try:
        key_of(granted_id, expected="OrderGrantedRefund")
    except InvalidIdError as error:
        raise refusal(field, "GRAPHQL_ERROR", str(error)) from error
    granted = shop.granted_refunds.get(granted_id)
    if granted is None:
        raise refusal(field, "NOT_FOUND", f"Couldn't resolve to a node: {granted_id}")
    transaction = granted.transaction
    assert transaction is not None
    if granted.status is OrderGrantedRefundStatusEnum.PENDING:
        raise refusal(field, "REFUND_IS_PENDING", "The refund request is already in progress.")
    if granted.status is OrderGrantedRefundStatusEnum.SUCCESS:
        message = "The granted refund is already processed."
        raise refusal(field, "REFUND_ALREADY_PROCESSED", message)
    charged = transaction.sums.get("charged", ZERO)
    if charged < granted.amount.value:
        raise refusal(
            field,
            "AMOUNT_GREATER_THAN_AVAILABLE",
            f"The granted refund amount {granted.amount.value} is greater than available charged "
            f"amount on transactionItem ({charged}).Update the order granted refund amount to "
            "process the grant refund.",
        )
    try:
        _ask(shop, transaction, granted.amount.value or charged, granted=granted)
    finally:
        refresh_granted(transaction, granted)
    return transaction


def request_refund(
    shop: Shop, transaction_id: str, amount: Decimal | None, *, by: App | User, reason: str
) -> TransactionItem:
    """`transactionRequestAction` with REFUND; at most what is charged is asked for.

    Raises:
        Refused: no such transaction, or no app listens.
    """
    transaction = find_transaction(shop, transaction_id)
    charged = transaction.sums.get("charged", ZERO)
    # Nothing asked for means everything, and so does zero.
    wanted = rounded(amount or ZERO, transaction.currency) or charged
    _ask(shop, transaction, min(wanted, charged), by=by, reason=reason)
    return transaction


def check_reason(shop: Shop, given: str | None, *, by: App | User, field: str) -> None:
    """Refuses staff who name no reason where the shop demands one; apps are let off.

    Raises:
        Refused: a reason is missing, not the shop's, or named where there are none.
    """
    demanded = shop.settings.refund_reason_demanded
    if given is not None and not demanded:
        raise refusal(field, "INVALID", "Reason reference type is not configured.")
    if given is None and demanded and isinstance(by, User):
        raise refusal(
            field,
            "REQUIRED",
            "Reason reference is required when reason reference type is configured.",
        )
    if given not in (None, REFUND_REASON_ID):
        raise refusal(field, "INVALID", "Invalid reason reference.")


def owner_of(shop: Shop, transaction: TransactionItem) -> App | None:
    """The app that is asked about a transaction; installed again it is the same app."""
    maker = transaction.created_by
    if not isinstance(maker, App):
        return None
    alike = (app for app in shop.apps.values() if app.identifier == maker.identifier)
    return next((app for app in alike if app.is_active), None)


def _ask(
    shop: Shop,
    transaction: TransactionItem,
    amount: Decimal,
    *,
    by: App | User | None = None,
    reason: str = "",
    granted: OrderGrantedRefund | None = None,
) -> None:
    """Logs the request and sends it to the app; a granted refund's tells nobody who asked."""
    request = log_event(shop, transaction, TransactionEventTypeEnum.REFUND_REQUEST, amount, by=by)
    request.message, request.counts, request.granted_refund = reason, False, granted
    owner = owner_of(shop, transaction)
    if owner is None or not any(hook.hears(REFUND_REQUESTED) for hook in owner.hooks):
        note_failure(shop, transaction, request, _NOBODY)
        raise refusal(None, "MISSING_TRANSACTION_ACTION_REQUEST_WEBHOOK", _NOBODY)
    if transaction.order:
        shop.remember(transaction.order, OrderEventsEnum.TRANSACTION_REFUND_REQUESTED)
    action = TransactionAction(
        action_type=TransactionActionEnum.REFUND,
        amount=PositiveDecimal(request.amount.value),
        currency=transaction.currency,
    )
    about = {"transaction": transaction, "action": action, "granted": granted}
    shop.happened(REFUND_REQUESTED, about, request=request)


def _keep_granted(shop: Shop, order: Order, granted: OrderGrantedRefund) -> None:
    order.granted.append(granted)
    shop.granted_refunds[granted.id] = granted
    settle(order)


def _refuse_nothing(given: OrderGrantRefundCreateInput) -> None:
    if given.amount is None and not given.lines and not given.grant_refund_for_shipping:
        fields = ("amount", "lines", "grantRefundForShipping")
        raise Refused(*(Reason(field, "REQUIRED", _NOTHING) for field in fields))


def _granted_shipping(order: Order, given: OrderGrantRefundCreateInput) -> bool:
    shipping = bool(given.grant_refund_for_shipping)
    if shipping and any(each.shipping_costs_included for each in order.granted):
        raise refusal(
            "grantRefundForShipping",
            "SHIPPING_COSTS_ALREADY_GRANTED",
            "Shipping costs have already been granted.",
        )
    return shipping


def _granted_lines(
    shop: Shop, order: Order, given: list[OrderGrantRefundCreateLineInput]
) -> list[OrderGrantedRefundLine]:
    before: Counter[str] = Counter()
    for granted in order.granted:
        before.update({each.order_line.id: each.quantity for each in granted.lines or ()})
    lines: list[OrderGrantedRefundLine] = []
    wrong: list[RefusedLine] = []
    for each in given:
        try:
            key_of(each.id, expected="OrderLine")
        except InvalidIdError as error:
            wrong.append(RefusedLine(each.id, "id", "GRAPHQL_ERROR", str(error)))
            continue
        line = shop.lines.get(each.id)
        if line is None or line not in order.lines:
            raise Crash("DoesNotExist")
        if each.quantity + before[line.id] > line.quantity:
            left = line.quantity - before[line.id]
            message = (
                f"Cannot grant refund for more than the available quantity of the line ({left})."
            )
            wrong.append(
                RefusedLine(each.id, "quantity", "QUANTITY_GREATER_THAN_AVAILABLE", message)
            )
        id = strawberry.ID(shop.ids.counted("OrderGrantedRefundLine"))
        lines.append(OrderGrantedRefundLine(id=id, quantity=each.quantity, order_line=line))
    if wrong:
        raise RefusedLines(*wrong)
    return lines


def _granted_amount(
    order: Order,
    transaction: TransactionItem,
    lines: list[OrderGrantedRefundLine],
    given: Decimal | None,
    *,
    shipping: bool,
) -> Decimal:
    charged = transaction.sums.get("charged", ZERO)
    if given is not None:
        if given > charged:
            raise refusal(
                "amount",
                "AMOUNT_GREATER_THAN_AVAILABLE",
                "Amount cannot be greater than the charged amount of provided transaction.",
            )
        return given
    worked_out = sum(
        (
            rounded(each.order_line.unit_price.gross.value, order.currency) * each.quantity
            for each in lines
        ),
        ZERO,
    )
    if shipping:
        worked_out += order.shipping_price.gross.value
    return min(worked_out, charged)
