"""What would become of an order, as the pages show it before anything is done."""

from decimal import Decimal
from typing import assert_never

import strawberry

from saleor_amazon_app.core.reasons import Reason as CoreReason
from saleor_amazon_app.entrypoints.dashboard_api.order_details import reason_of
from saleor_amazon_app.entrypoints.dashboard_api.order_parts import Reason
from saleor_amazon_app.entrypoints.dashboard_api.words import Money, money_of
from saleor_amazon_app.flows.previewing import AlreadyPlaced
from saleor_amazon_app.mapping.decisions import Decision, HoldOrder, PlaceOrder, SkipOrder
from saleor_amazon_app.saleor.order_inputs import OrderBulkCreateInput, OrderStatus


@strawberry.type
class PreviewLine:
    """A line that the Saleor order would have."""

    name: str
    sku: str | None
    quantity: int
    total: Money


@strawberry.type(description="What would become of an order: PLACE, HOLD, SKIP, or PLACED already.")
class Preview:
    """The decision about an order, and what it would make."""

    outcome: str
    text: str
    reasons: list[Reason]
    lines: list[PreviewLine]
    shipping: Money | None
    total: Money | None
    notes: list[str]


def preview_of(decided: Decision | AlreadyPlaced) -> Preview:
    """A decision as the pages show it."""
    match decided:
        case PlaceOrder():
            return _placed(decided)
        case HoldOrder(reasons):
            return _without("HOLD", "The order would be held.", reasons)
        case SkipOrder(reason):
            return _without("SKIP", "No Saleor order would be made.", (reason,))
        case AlreadyPlaced(number):
            return _without("PLACED", f"The order is the Saleor order {number} already.", ())
        case _:
            assert_never(decided)


def _without(outcome: str, text: str, reasons: tuple[CoreReason, ...]) -> Preview:
    return Preview(
        outcome=outcome,
        text=text,
        reasons=[reason_of(reason) for reason in reasons],
        lines=[],
        shipping=None,
        total=None,
        notes=[],
    )


def _placed(decided: PlaceOrder) -> Preview:
    made = decided.order_input
    return Preview(
        outcome="PLACE",
        text=_in_words(decided),
        reasons=[],
        lines=[
            PreviewLine(
                name=line.product_name,
                sku=line.product_sku or None,
                quantity=line.quantity,
                total=_money(line.total_price.gross, made),
            )
            for line in made.lines
        ],
        shipping=_money(made.delivery_method.shipping_price.gross, made),
        total=_money(decided.total.amount, made),
        notes=[note.message for note in made.notes],
    )


def _in_words(decided: PlaceOrder) -> str:
    made = decided.order_input
    state = {
        OrderStatus.DRAFT: "paid, to be fulfilled",
        OrderStatus.FULFILLED: "paid and fulfilled already",
        OrderStatus.PARTIALLY_FULFILLED: "paid and fulfilled in part",
    }[made.status]
    confirmed = " The app confirms it." if decided.is_confirmed_by_app else ""
    method = made.delivery_method.shipping_method_name
    return (
        f"A Saleor order would be made in the channel {made.channel!r}: {state}, shipped by "
        f"{method!r}.{confirmed}"
    )


def _money(amount: Decimal, made: OrderBulkCreateInput) -> Money:
    shown = money_of(amount, made.currency)
    if shown is None:
        raise ValueError("an amount without a currency")
    return shown
