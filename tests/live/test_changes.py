"""What changes at Amazon after an order was placed, followed by a real shop."""

from typing import Any

import pytest

from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.flows import order_changes_in
from saleor_amazon_app.flows.following import have_looked_at
from saleor_amazon_app.jobs.kinds import FollowOrders
from saleor_amazon_app.saleor.errors import HostUnavailable
from tests.live.connected import Connector, LiveStore
from tests.live.host import Host, allocations_of, metadata_of, notes_of, parcels_of, total_of
from tests.live.sales import item, number, parcel, sale
from tests.live.shop import LiveShop
from tests.unit.amazon_orders import SEATTLE, Json, money

PORTLAND = SEATTLE | {
    "addressLine1": "9 New Street",
    "city": "Portland",
    "stateOrRegion": "OR",
    "postalCode": "97201",
}
_MONEY = """
query Money($reference: String!) {
  order(externalReference: $reference) {
    chargeStatus
    transactions {
      chargedAmount { amount } refundedAmount { amount }
      events { type pspReference amount { amount } }
    }
  }
}
"""
_FULFIL = """
mutation Fulfil($order: ID!, $line: ID!, $warehouse: ID!, $quantity: Int!) {
  orderFulfill(order: $order, input: {
    lines: [{orderLineId: $line, stocks: [{warehouse: $warehouse, quantity: $quantity}]}]
    trackingNumber: "STAFF-1" notifyCustomer: false
  }) { errors { field code message } }
}
"""
_CANCEL = "mutation Cancel($id: ID!) { orderCancel(id: $id) { errors { field code message } } }"
_CONFIRM = "mutation Confirm($id: ID!) { orderConfirm(id: $id) { errors { field code message } } }"


async def _follow(store: LiveStore) -> None:
    await order_changes_in.follow(store.lines, FollowOrders(store.id))


async def _catch_up(store: LiveStore) -> None:
    """Reads what changed and follows it, then all of it once more to no effect."""
    store.clock.move(minutes=3)
    await store.sync()
    await _follow(store)


async def _changed(store: LiveStore, order: Json, **patch: Any) -> None:
    """Changes an order at Amazon and has the shop follow."""
    store.wire.mutations.clear()
    store.amazon.seller.orders.change(order["orderId"], patch)
    await _catch_up(store)


async def _nothing_more_happens(store: LiveStore, order: Json) -> None:
    store.wire.mutations.clear()
    async with store.lines.database.transaction() as session:
        order_id = AmazonOrderId(order["orderId"])
        await have_looked_at(session, store.id, order_id, now=store.clock())
    await _follow(store)
    assert store.wire.mutations == []
    row = await store.row(order)
    assert (row.claim_token, row.due_at, row.intent) == (None, None, None)
    assert row.followed_for == row.last_updated_at


async def _money(host: Host, order: Json) -> tuple[str, str, str, int]:
    """Charge status, what is charged and refunded, and how many refunds there were."""
    found = (await host.ask(_MONEY, reference=number(order)))["order"]
    (payment,) = found["transactions"]
    refunds = [event for event in payment["events"] if "REFUND" in event["type"]]
    charged, refunded = payment["chargedAmount"]["amount"], payment["refundedAmount"]["amount"]
    return found["chargeStatus"], f"{charged:.2f}", f"{refunded:.2f}", len(refunds)


def _fewer(order: Json, total: str, **counts: Any) -> Json:
    """The first item with other quantities, and what the order costs then, as a patch."""
    one = order["orderItems"][0]
    left = item(one["product"]["sellerSku"], total, **counts)
    left |= {key: one[key] for key in ("orderItemId", "quantityOrdered")}
    return {"orderItems": [left], "proceeds": {"grandTotal": money(total, "USD")}}


async def test_a_cancelled_order_is_cancelled_and_reported_back(
    shop: LiveShop, host: Host, connected: Connector
) -> None:
    sku = await shop.product(stock=10)
    order = sale(item(sku, "30.00", quantity=3))
    store = await connected([order])
    await store.sync()
    assert (await host.stock(sku)).free == 7

    await _changed(store, order, fulfillment={"fulfillmentStatus": "CANCELLED"})

    found = await host.order(number(order))
    assert (found["status"], found["chargeStatus"]) == ("CANCELED", "NONE")
    assert await _money(host, order) == ("NONE", "0.00", "30.00", 1)
    assert (await host.stock(sku)).free == 10
    assert notes_of(found) == [
        "Amazon cancelled this order. It was cancelled here too.",
        "Amazon gave back what it had charged. 30.00 USD was reported as refunded.",
    ]
    await _nothing_more_happens(store, order)


async def test_cancelled_units_are_returned_and_the_rest_still_ships(
    shop: LiveShop, host: Host, connected: Connector
) -> None:
    sku = await shop.product(stock=10)
    order = sale(item(sku, "30.00", quantity=3))
    store = await connected([order])
    await store.sync()

    await _changed(store, order, **_fewer(order, "20.00", quantity=2))

    found = await host.order(number(order))
    assert (found["status"], found["lines"][0]["quantityFulfilled"]) == ("PARTIALLY_RETURNED", 1)
    assert allocations_of(found) == [2]
    assert (await host.stock(sku)).free == 8
    assert total_of(found) == ("30", "30", "USD")
    assert await _money(host, order) == ("PARTIAL", "20.00", "10.00", 1)
    await _nothing_more_happens(store, order)

    gone = parcel("1Z1", {order["orderItems"][0]["orderItemId"]: 2})
    await _changed(
        store,
        order,
        **_fewer(order, "20.00", quantity=2, shipped=2),
        fulfillment={"fulfillmentStatus": "SHIPPED"},
        packages=[gone],
    )

    found = await host.order(number(order))
    assert sorted(parcels_of(found)) == [("", 1), ("1Z1", 2)]
    assert (await host.stock(sku)).on_hand == 8
    await _nothing_more_happens(store, order)


async def test_an_order_whose_units_are_cancelled_before_the_whole(
    host: Host, connected: Connector, everyday: str
) -> None:
    order = sale(item(everyday, "30.00", quantity=3))
    store = await connected([order])
    await store.sync()
    await _changed(store, order, **_fewer(order, "20.00", quantity=2))

    await _changed(store, order, fulfillment={"fulfillmentStatus": "CANCELLED"})

    assert (await host.order(number(order)))["status"] == "CANCELED"
    assert await _money(host, order) == ("NONE", "0.00", "30.00", 2)
    await _nothing_more_happens(store, order)


async def test_another_address_replaces_both(
    host: Host, connected: Connector, everyday: str
) -> None:
    order = sale(item(everyday, "16.49"))
    store = await connected([order])
    await store.sync()

    await _changed(store, order, recipient={"deliveryAddress": PORTLAND})

    found = await host.order(number(order))
    for kind in ("shippingAddress", "billingAddress"):
        assert found[kind]["streetAddress1"] == "9 New Street"
        assert (found[kind]["countryArea"], found[kind]["postalCode"]) == ("OR", "97201")
    assert total_of(found) == ("16.49", "16.49", "USD")
    assert "amazonAddressChanged" in metadata_of(found)
    assert metadata_of(found)["amazonOrderId"] == number(order)
    assert store.wire.mutations == ["UpdateOrder", "AddOrderNote"]
    await _nothing_more_happens(store, order)


async def test_what_left_in_seller_central_is_fulfilled(
    shop: LiveShop, host: Host, connected: Connector
) -> None:
    sku = await shop.product(stock=10)
    order = sale(item(sku, "30.00", quantity=3))
    store = await connected([order])
    await store.sync()
    placed = await host.order(number(order))
    line = placed["lines"][0]
    await host.change(
        _FULFIL,
        order=placed["id"],
        line=line["id"],
        warehouse=shop.warehouses["main"],
        quantity=1,
    )

    id_ = order["orderItems"][0]["orderItemId"]
    await _changed(
        store,
        order,
        fulfillment={"fulfillmentStatus": "SHIPPED"},
        packages=[parcel("1Z1", {id_: 2}), parcel("STAFF-1", {id_: 1})],
    )

    found = await host.order(number(order))
    assert found["status"] == "FULFILLED"
    assert sorted(parcels_of(found)) == [("1Z1", 2), ("STAFF-1", 1)]
    assert (await host.stock(sku)).on_hand == 7
    await _nothing_more_happens(store, order)


async def test_an_unconfirmed_order_waits_for_staff(
    host: Host, connected: Connector, everyday: str
) -> None:
    order = sale(item(everyday, "10.00", quantity=3))
    store = await connected([order], channel="manual")
    await store.sync()

    await _changed(
        store,
        order,
        **_fewer(order, "6.67", quantity=2),
        recipient={"deliveryAddress": PORTLAND},
    )

    found = await host.order(number(order))
    assert (found["status"], total_of(found)) == ("UNCONFIRMED", ("10", "10", "USD"))
    assert store.wire.mutations == ["AddOrderNote", "AddOrderNote"]

    await host.change(_CONFIRM, id=found["id"])
    store.clock.move(minutes=10)
    await _catch_up(store)

    found = await host.order(number(order))
    assert found["status"] == "PARTIALLY_RETURNED"
    assert found["shippingAddress"]["streetAddress1"] == "9 New Street"
    assert total_of(found) == ("10", "10", "USD")
    assert await _money(host, order) == ("PARTIAL", "6.67", "3.33", 1)
    await _nothing_more_happens(store, order)


async def test_what_leaves_an_unconfirmed_order_confirms_it(
    host: Host, connected: Connector, everyday: str
) -> None:
    order = sale(item(everyday, "10.00"))
    store = await connected([order], channel="manual")
    await store.sync()

    id_ = order["orderItems"][0]["orderItemId"]
    await _changed(
        store,
        order,
        fulfillment={"fulfillmentStatus": "SHIPPED"},
        packages=[parcel("1Z1", {id_: 1})],
    )

    found = await host.order(number(order))
    assert (found["status"], parcels_of(found)) == ("FULFILLED", [("1Z1", 1)])
    assert "CONFIRMED" in [event["type"] for event in found["events"]]


async def test_an_order_that_staff_cancelled_is_not_revived(
    host: Host, connected: Connector, everyday: str
) -> None:
    order = sale(item(everyday, "20.00", quantity=2))
    store = await connected([order])
    await store.sync()
    await host.change(_CANCEL, id=(await host.order(number(order)))["id"])

    await _changed(store, order, **_fewer(order, "10.00", quantity=1))

    found = await host.order(number(order))
    assert (found["status"], parcels_of(found)) == ("CANCELED", [])
    assert store.wire.mutations == [], "Amazon is told of the cancellation"
    await _nothing_more_happens(store, order)


async def test_a_buyers_wish_to_cancel_marks_the_order(
    host: Host, connected: Connector, everyday: str
) -> None:
    order = sale(item(everyday))
    store = await connected([order])
    await store.sync()

    wish = {"cancellation": {"cancellationRequest": {"requester": "BUYER"}}}
    await _changed(store, order, orderItems=[order["orderItems"][0] | wish])

    found = await host.order(number(order))
    assert metadata_of(found)["amazonBuyerCancelRequest"] == "true"
    assert found["status"] == "UNFULFILLED"
    assert len(notes_of(found)) == 1
    await _nothing_more_happens(store, order)


@pytest.mark.parametrize("lost", ["ReturnUnits", "ReportRefund", "AddOrderNote"])
async def test_an_answer_that_is_lost_after_the_shop_acted(
    host: Host, connected: Connector, everyday: str, lost: str
) -> None:
    order = sale(item(everyday, "30.00", quantity=3))
    store = await connected([order])
    await store.sync()
    store.amazon.seller.orders.change(order["orderId"], _fewer(order, "20.00", quantity=2))
    store.clock.move(minutes=3)
    await store.sync()
    store.wire.loses = lost
    with pytest.raises(HostUnavailable):
        await _follow(store)

    store.clock.move(minutes=3)
    await _follow(store)

    found = await host.order(number(order))
    assert parcels_of(found) == [("", 1)]
    assert await _money(host, order) == ("PARTIAL", "20.00", "10.00", 1)
    assert len(notes_of(found)) == len(set(notes_of(found))) == 2
    await _nothing_more_happens(store, order)
