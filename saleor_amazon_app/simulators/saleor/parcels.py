"""Parcels as records, and the order status that follows from them."""

from collections.abc import Iterable

import strawberry

from saleor_amazon_app.simulators.saleor.schema.catalogue import Stock
from saleor_amazon_app.simulators.saleor.schema.orders import (
    Fulfillment,
    FulfillmentLine,
    Order,
    OrderLine,
)
from saleor_amazon_app.simulators.saleor.schema.reasons import refusal
from saleor_amazon_app.simulators.saleor.schema.words import FulfillmentStatus, OrderStatus
from saleor_amazon_app.simulators.saleor.state import Shop

_RETURNED = (FulfillmentStatus.RETURNED, FulfillmentStatus.REFUNDED_AND_RETURNED)


def refresh_status(order: Order) -> None:
    """Makes the status follow from what left and what came back."""
    total = sum(line.quantity for line in order.lines)
    fulfilled = sum(line.quantity_fulfilled for line in order.lines)
    waiting = _units(order, (FulfillmentStatus.WAITING_FOR_APPROVAL,))
    returned = _units(order, _RETURNED)
    if fulfilled - waiting <= 0:
        order.status = OrderStatus.UNFULFILLED
    elif 0 < returned < total:
        order.status = OrderStatus.PARTIALLY_RETURNED
    elif returned == total:
        order.status = OrderStatus.RETURNED
    elif fulfilled - waiting < total:
        order.status = OrderStatus.PARTIALLY_FULFILLED
    else:
        order.status = OrderStatus.FULFILLED


def new_parcel(
    shop: Shop,
    order: Order,
    lines: Iterable[tuple[OrderLine, Stock | None, int]],
    status: FulfillmentStatus,
) -> Fulfillment:
    """Adds a parcel to an order."""
    parcel = Fulfillment(
        id=strawberry.ID(shop.ids.counted("Fulfillment")),
        fulfillment_order=len(order.fulfillments) + 1,
        status=status,
        tracking_number="",
        created=shop.clock(),
        lines=[
            FulfillmentLine(
                id=strawberry.ID(shop.ids.counted("FulfillmentLine")),
                quantity=quantity,
                order_line=line,
                stock=stock,
            )
            for line, stock, quantity in lines
        ],
        order=order,
    )
    order.fulfillments.append(parcel)
    shop.keep_fulfillment(parcel)
    return parcel


def line_of(shop: Shop, line_id: str | None, field: str) -> OrderLine:
    """The order line a mutation names.

    Raises:
        Refused: no such line, in the host's words.
    """
    if line := shop.lines.get(line_id or ""):
        return line
    raise refusal(
        field,
        "GRAPHQL_ERROR",
        f"Could not resolve to a node with the global id list of '['{line_id}']'.",
    )


def _units(order: Order, statuses: tuple[FulfillmentStatus, ...]) -> int:
    parcels = (parcel for parcel in order.fulfillments if parcel.status in statuses)
    return sum(line.quantity for parcel in parcels for line in parcel.lines or ())
