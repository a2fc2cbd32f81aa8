"""What the events of a transaction add up to, and what follows for its order.

One event a kind and reference counts, and a failure newer than a success undoes it; a reference
that is used again therefore swallows money. Source: Saleor 3.23.28 over HTTP, 2026-11-20.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import strawberry

from saleor_amazon_app.core.money import ZERO, rounded
from saleor_amazon_app.simulators.saleor.schema.basics import Money
from saleor_amazon_app.simulators.saleor.schema.orders import (
    Order,
    TransactionEvent,
    TransactionItem,
)
from saleor_amazon_app.simulators.saleor.schema.people import App, User
from saleor_amazon_app.simulators.saleor.schema.words import (
    OrderChargeStatusEnum,
    OrderEventsEnum,
    OrderStatus,
    TransactionEventTypeEnum,
)
from saleor_amazon_app.simulators.saleor.state import Shop

_WHOLE = (OrderChargeStatusEnum.FULL, OrderChargeStatusEnum.OVERCHARGED)
# What a success of each kind adds to, and what it takes from.
_MOVES = {
    "AUTHORIZATION": ("authorized", "authorize_pending", None),
    "CHARGE": ("charged", "charge_pending", "authorized"),
    "REFUND": ("refunded", "refund_pending", "charged"),
    "CANCEL": ("canceled", "cancel_pending", "authorized"),
}


def settle(order: Order) -> None:
    """Makes the charge status follow from what was charged; a granted refund is not owed."""
    granted = sum((each.amount.value for each in order.granted), ZERO)
    total = max(rounded(order.total.gross.value - granted, order.currency), ZERO)
    charged = rounded(order.charged, order.currency)
    if charged == total:
        order.charge_status = OrderChargeStatusEnum.FULL
    elif charged <= 0:
        order.charge_status = OrderChargeStatusEnum.NONE
    elif charged < total:
        order.charge_status = OrderChargeStatusEnum.PARTIAL
    else:
        order.charge_status = OrderChargeStatusEnum.OVERCHARGED


def log_event(
    shop: Shop,
    transaction: TransactionItem,
    kind: TransactionEventTypeEnum,
    amount: Decimal,
    *,
    by: App | User | None,
    reference: str = "",
) -> TransactionEvent:
    """Adds an event; without a reference it is a correction by hand."""
    event = TransactionEvent(
        id=strawberry.ID(shop.ids.counted("TransactionEvent")),
        created_at=shop.clock(),
        psp_reference=reference,
        message="" if reference else "Manual adjustment of the transaction.",
        external_url="",
        amount=Money(value=rounded(amount, transaction.currency), currency=transaction.currency),
        type=kind,
        created_by=by,
    )
    transaction.log.append(event)
    transaction.modified_at = shop.clock()
    return event


def recount(transaction: TransactionItem) -> None:
    """Adds the events up: those by hand as they are, the others per kind and reference."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    told: defaultdict[tuple[str, str], dict[str, TransactionEvent]] = defaultdict(dict)
    for event in sorted(transaction.log, key=lambda each: each.created_at):
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


@contextmanager
def moving(shop: Shop, transaction: TransactionItem, *, app: App | None) -> Iterator[None]:
    """Counts again after the context, and lets everyone know what that changed for the order."""
    order = transaction.order
    charged = order.charged if order else ZERO
    refunded = transaction.sums.get("refunded", ZERO)
    yield
    recount(transaction)
    if order:
        settle(order)
        more = transaction.sums.get("refunded", ZERO) - refunded
        announce(shop, order, charged, more, app=app)


def announce(
    shop: Shop, order: Order, before: Decimal, refunded: Decimal, *, app: App | None
) -> None:
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
    if now != before or refunded > 0:
        shop.tell("ORDER_UPDATED", [order])
