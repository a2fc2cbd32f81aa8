"""Changes of orders that the app has placed, and how they come through."""

from dataclasses import replace
from typing import Any

from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.flows import order_changes_in
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.following import have_looked_at
from saleor_amazon_app.jobs.kinds import FollowOrders
from saleor_amazon_app.simulators.saleor import Seed, default_seed
from saleor_amazon_app.simulators.saleor.cancellations import cancel_order
from saleor_amazon_app.simulators.saleor.fulfilments import fulfill_order
from saleor_amazon_app.simulators.saleor.schema.inputs import (
    OrderFulfillInput,
    OrderFulfillLineInput,
    OrderFulfillStockInput,
)
from saleor_amazon_app.simulators.saleor.schema.orders import Order
from tests.flows.trading import Trade, goods
from tests.unit.amazon_orders import SEATTLE, Json, money

PORTLAND = SEATTLE | {"addressLine1": "9 New Street", "city": "Portland", "stateOrRegion": "OR"}
PORTLAND["postalCode"] = "97201"


def shipping_unpaid(seed: Seed | None = None) -> Seed:
    """A shop that ships what is not fully paid, as a new one does."""
    seed = seed or default_seed()
    return replace(seed, shop=replace(seed.shop, fulfillment_allow_unpaid=True))


async def follow(trade: Trade, lines: Connections | None = None) -> None:
    """Has what was placed follow what is known to have changed."""
    await order_changes_in.follow(lines or trade.lines, FollowOrders(trade.store_id))


async def look_again(trade: Trade, order_id: AmazonOrderId) -> None:
    """Follows an order because something about it changed in the shop."""
    async with trade.lines.database.transaction() as session:
        await have_looked_at(session, trade.store_id, order_id, now=trade.clock())
    await follow(trade)


async def read(trade: Trade) -> None:
    """Reads what changed at Amazon, once its lists show it."""
    trade.clock.move(minutes=3)
    await trade.fetch()


async def catch_up(trade: Trade) -> None:
    """One round some time later: read, placed, followed."""
    await read(trade)
    await trade.place()
    await follow(trade)


async def placed(trade: Trade, order: Json) -> AmazonOrderId:
    """An order that is in the shop; the wires are clean after it."""
    order_id = trade.sell(order)
    await catch_up(trade)
    assert (await trade.row(order_id)).import_state == "PLACED"
    trade.wires.sent.clear()
    return order_id


def changes(trade: Trade, order_id: str, **patch: Any) -> None:
    """Changes an order at Amazon."""
    trade.amazon.seller.orders.change(order_id, patch)


def becomes(trade: Trade, order_id: str, status: str, **patch: Any) -> None:
    """Gives an order another status at Amazon."""
    changes(trade, order_id, fulfillment={"fulfillmentStatus": status}, **patch)


def moves_to(trade: Trade, order_id: str, address: Json) -> None:
    """Gives an order another address at Amazon."""
    changes(trade, order_id, recipient={"deliveryAddress": address})


def costs(total: str, *items: Json) -> Json:
    """The items of an order and its new total, as a patch."""
    return {"orderItems": list(items), "proceeds": {"grandTotal": money(total, "USD")}}


def one_mug_left() -> Json:
    """Of the two mugs of a sale one was cancelled."""
    item = goods("10.00", quantity=1)
    return costs("10.00", item | {"quantityOrdered": 2})


def parcel(number: str | None, **units: int) -> Json:
    """A parcel that was confirmed to Amazon; units by item id after an `i`."""
    return {
        "packageReferenceId": number or "1",
        "packageStatus": {"status": "SHIPPED"},
        **({"trackingNumber": number} if number else {}),
        "packageItems": [
            {"orderItemId": name.removeprefix("i"), "quantity": n} for name, n in units.items()
        ],
    }


def host_order(trade: Trade, order_id: str) -> Order:
    """The record in the shop, for tests that act as its staff."""
    order = trade.shop.state.by_reference(order_id)
    assert order is not None
    return order


def street(trade: Trade, order_id: str) -> tuple[str, str]:
    """Where the shop sends the goods and the bill."""
    order = host_order(trade, order_id)
    assert order.shipping_address is not None
    assert order.billing_address is not None
    return order.shipping_address.street_address_1, order.billing_address.street_address_1


def money_of(trade: Trade, order_id: str) -> tuple[str, str, list[str]]:
    """What is charged and refunded, and under which references."""
    order = host_order(trade, order_id)
    (payment,) = order.transactions
    (booked,) = trade.the_order(order_id).transactions
    references = [e.psp_reference for e in payment.log if e.type and "REFUND" in e.type.name]
    return f"{booked.charged:.2f}", f"{booked.refunded:.2f}", references


def staff_fulfil(trade: Trade, order_id: str, quantity: int, number: str) -> None:
    """What staff do in the dashboard."""
    order = host_order(trade, order_id)
    (line,) = order.lines
    shelf = line.kept[0].stock.warehouse.id
    stock = OrderFulfillStockInput(quantity=quantity, warehouse=shelf)
    wanted = OrderFulfillInput(
        lines=[OrderFulfillLineInput(order_line_id=line.id, stocks=[stock])],
        tracking_number=number,
        notify_customer=False,
    )
    fulfill_order(trade.shop.state, order.id, wanted, app=None)


def staff_cancel(trade: Trade, order_id: str) -> None:
    """What staff do in the dashboard."""
    cancel_order(trade.shop.state, host_order(trade, order_id).id, app=None)


async def new_words(trade: Trade, order_id: str) -> list[tuple[str, str]]:
    """What the history tells since the order was placed, but for changes of status."""
    told = await trade.told(order_id)
    kinds = [kind for kind, _ in told]
    return [one for one in told[kinds.index("order_placed") + 1 :] if one[0] != "status_changed"]
