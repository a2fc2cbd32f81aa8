"""What does not leave after all: cancelled parcels, units that never ship, cancelled orders.

Source: Saleor 3.23.28 over HTTP, 2026-11-20.
"""

import strawberry

from saleor_amazon_app.simulators.saleor.parcels import line_of, new_parcel, refresh_status
from saleor_amazon_app.simulators.saleor.schema.catalogue import Stock, Warehouse
from saleor_amazon_app.simulators.saleor.schema.inputs import OrderReturnLineInput
from saleor_amazon_app.simulators.saleor.schema.orders import (
    Fulfillment,
    Order,
    OrderLine,
)
from saleor_amazon_app.simulators.saleor.schema.people import App
from saleor_amazon_app.simulators.saleor.schema.reasons import refusal
from saleor_amazon_app.simulators.saleor.schema.words import (
    FulfillmentStatus,
    OrderEventsEnum,
    OrderStatus,
)
from saleor_amazon_app.simulators.saleor.state import Shop
from saleor_amazon_app.simulators.saleor.stock import keep_for, release

_GONE = (
    FulfillmentStatus.CANCELED,
    FulfillmentStatus.REFUNDED,
    FulfillmentStatus.REPLACED,
    FulfillmentStatus.REFUNDED_AND_RETURNED,
    FulfillmentStatus.RETURNED,
)


def cancel_fulfillment(
    shop: Shop, fulfillment_id: str, warehouse_id: str | None, *, app: App | None
) -> Fulfillment:
    """`orderFulfillmentCancel`: the units go to a warehouse and are kept for the order there.

    Raises:
        Refused: it cannot be cancelled, or no warehouse is named for units that had left.
    """
    parcel = shop.fulfillment(fulfillment_id)
    waiting = parcel.status is FulfillmentStatus.WAITING_FOR_APPROVAL
    if not waiting and parcel.status is not FulfillmentStatus.FULFILLED:
        raise refusal(
            "fulfillment",
            "CANNOT_CANCEL_FULFILLMENT",
            "This fulfillment can't be canceled",
        )
    warehouse = shop.warehouses.get(warehouse_id or "")
    if not waiting and warehouse is None:
        raise refusal(
            "warehouseId",
            "REQUIRED",
            "This parameter is required for fulfillments which are not in "
            "WAITING_FOR_APPROVAL state.",
        )
    for line in parcel.lines or ():
        if line.order_line:
            line.order_line.quantity_fulfilled -= line.quantity
            if warehouse and not waiting:
                _put_back(shop, line.order_line, warehouse, line.quantity)
    parcel.status = FulfillmentStatus.CANCELED
    refresh_status(parcel.order)
    shop.remember(parcel.order, OrderEventsEnum.FULFILLMENT_CANCELED, app=app)
    if warehouse and not waiting:
        shop.remember(parcel.order, OrderEventsEnum.FULFILLMENT_RESTOCKED_ITEMS, app=app)
    shop.tell_parcel("FULFILLMENT_CANCELED", parcel)
    shop.tell("ORDER_UPDATED", [parcel.order])
    return parcel


def return_products(
    shop: Shop, order_id: str, given: list[OrderReturnLineInput], *, refund: bool, app: App | None
) -> tuple[Order, Fulfillment]:
    """`orderFulfillmentReturnProducts` of units that never left: nothing ships, stock is freed.

    Raises:
        Refused: more than is open, or a refund, for which the order has no host payment.
    """
    order = shop.order(order_id, field="order")
    if refund:
        raise refusal("order", "CANNOT_REFUND", "Order cannot be refunded.")
    asked = [(line_of(shop, each.order_line_id, "orderLines"), each.quantity) for each in given]
    for line, quantity in asked:
        if quantity > line.open:
            whole = quantity > line.quantity
            what = "quantity from order line" if whole else "unfulfilled quantity"
            raise refusal(
                "orderLineId", "INVALID_QUANTITY", f"Provided quantity is bigger than {what}."
            )
    for line, quantity in asked:
        line.quantity_fulfilled += quantity
        release(line, quantity)
    moved = [(line, None, quantity) for line, quantity in asked]
    parcel = new_parcel(shop, order, moved, FulfillmentStatus.RETURNED)
    refresh_status(order)
    shop.remember(order, OrderEventsEnum.FULFILLMENT_RETURNED, app=app)
    shop.tell("ORDER_UPDATED", [order])
    return order, parcel


def cancel_order(shop: Shop, order_id: str, *, app: App | None) -> Order:
    """`orderCancel`: frees the stock, leaves the money as it is, mails if there is an e-mail.

    Raises:
        Refused: a draft, an order cancelled before, or one of which something left.
    """
    order = shop.order(order_id)
    left = any(parcel.status not in _GONE for parcel in order.fulfillments)
    if left or order.status in (OrderStatus.DRAFT, OrderStatus.CANCELED, OrderStatus.EXPIRED):
        raise refusal("order", "CANNOT_CANCEL_ORDER", "This order can't be canceled.")
    for line in order.lines:
        release(line, line.quantity)
    order.status = OrderStatus.CANCELED
    order.updated_at = shop.clock()
    shop.remember(order, OrderEventsEnum.CANCELED, app=app)
    shop.tell("ORDER_CANCELLED", [order])
    shop.tell("ORDER_UPDATED", [order])
    shop.mail(order, "order_canceled")
    return order


def _put_back(shop: Shop, line: OrderLine, warehouse: Warehouse, quantity: int) -> None:
    if line.variant is None or not line.variant.track_inventory:
        return
    rows = line.variant.kept
    stock = next((row for row in rows if row.warehouse.id == warehouse.id), None)
    if stock is None:
        stock = Stock(
            id=strawberry.ID(shop.ids.counted("Stock")),
            warehouse=warehouse,
            product_variant=line.variant,
            on_hand=0,
        )
        rows.append(stock)
    stock.on_hand += quantity
    keep_for(shop, line, stock, quantity)
