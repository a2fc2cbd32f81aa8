"""Orders of which something has left already: the host order shows it and stock is right."""

from dataclasses import replace
from datetime import timedelta

import pytest

from saleor_amazon_app.simulators.saleor import default_seed
from tests.flows.trading import (
    US_SHELF,
    OpenTrade,
    Sent,
    Trade,
    goods,
    sale,
    unconfirming,
)
from tests.simulated_amazon import NOON


async def test_what_left_of_a_partly_shipped_order_is_fulfilled(trade: Trade) -> None:
    # given
    parcel = {
        "packageReferenceId": "1",
        "packageStatus": {"status": "SHIPPED"},
        "trackingNumber": "1Z999",
        "packageItems": [{"orderItemId": "11", "quantity": 1}],
    }
    items = [goods(id="11", gone=1), goods("25.00", id="12", sku="TEA-1", quantity=1)]
    order_id = trade.sell(
        sale(items=items, grand_total="45.00", status="PARTIALLY_SHIPPED", packages=[parcel])
    )

    # when
    await trade.sync()

    # then
    order = trade.the_order(order_id)
    assert (order.status, order.charge_status) == ("PARTIALLY_FULFILLED", "FULL")
    assert order.fulfillments == (("1Z999", "FULFILLED"),)
    assert {line.sku: line.quantity_fulfilled for line in order.lines} == {"MUG-1": 1, "TEA-1": 0}
    assert {line.sku: line.allocations for line in order.lines} == {
        "MUG-1": {US_SHELF: 1},
        "TEA-1": {US_SHELF: 1},
    }
    assert trade.wires.mutations == [
        "DraftOrders",
        "CompleteDraft",
        "CreateTransaction",
        "FulfillOrder",
    ]


async def test_where_only_the_open_units_are_left_nothing_is_reserved(trade: Trade) -> None:
    # given
    trade.leave(1)
    order_id = trade.sell(sale(items=[goods(gone=1)], status="PARTIALLY_SHIPPED"))

    # when
    await trade.sync()

    # then
    order = trade.the_order(order_id)
    assert (order.status, order.charge_status) == ("PARTIALLY_FULFILLED", "FULL")
    assert order.lines[0].quantity_fulfilled == 1
    assert order.lines[0].allocations == {}
    assert trade.free() == 1
    (note,) = trade.notes(order_id)
    assert note is not None
    assert note.endswith("Saleor reserves nothing for it. Ship it soon or raise the stock.")


async def test_stock_sold_in_the_same_second_leaves_nothing_reserved_either(trade: Trade) -> None:
    # given
    order_id = trade.sell(sale(items=[goods(gone=1)], status="PARTIALLY_SHIPPED"))

    async def sell_elsewhere(sent: Sent) -> None:
        if sent.name == "CompleteDraft":
            trade.leave(1)

    trade.wires.before = sell_elsewhere

    # when
    await trade.sync()

    # then
    order = trade.the_order(order_id)
    assert (order.status, order.charge_status) == ("PARTIALLY_FULFILLED", "FULL")
    assert order.lines[0].allocations == {}
    assert len(trade.notes(order_id)) == 1
    assert (await trade.row(order_id)).import_state == "PLACED"


async def test_where_fulfilments_wait_for_approval_the_app_approves_its_own(
    open_trade: OpenTrade,
) -> None:
    # given
    seed = default_seed()
    careful = replace(seed, shop=replace(seed.shop, fulfillment_auto_approve=False))
    trade = await open_trade(careful)
    order_id = trade.sell(sale(items=[goods(gone=1)], status="PARTIALLY_SHIPPED"))

    # when
    await trade.sync()

    # then
    order = trade.the_order(order_id)
    assert (order.status, order.fulfillments) == ("PARTIALLY_FULFILLED", (("", "FULFILLED"),))


async def test_goods_that_left_the_shelf_leave_the_stock(trade: Trade) -> None:
    # given
    order_id = trade.sell(sale(items=[goods(gone=2)], status="SHIPPED"))

    # when
    await trade.sync()

    # then
    order = trade.the_order(order_id)
    assert (order.status, order.charge_status) == ("FULFILLED", "FULL")
    assert order.fulfillments == (("", "FULFILLED"),)
    assert trade.free() == 998
    assert trade.notes(order_id) == []
    assert trade.wires.mutations == ["DraftOrders", "CreateTransaction"]


@pytest.mark.parametrize("is_sold_at_last", [False, True])
async def test_goods_that_are_not_in_stock_any_more_are_noted(
    trade: Trade, is_sold_at_last: bool
) -> None:
    # given
    order_id = trade.sell(sale(items=[goods(gone=2)], status="SHIPPED"))

    async def sell_elsewhere(sent: Sent) -> None:
        if sent.name == "DraftOrders":
            trade.leave(1)

    if is_sold_at_last:
        trade.wires.before = sell_elsewhere
    else:
        trade.leave(1)

    # when
    await trade.sync()

    # then
    assert trade.the_order(order_id).status == "FULFILLED"
    assert trade.free() == 1
    (note,) = trade.notes(order_id)
    assert note is not None
    assert note.endswith("the stock was not changed.")


async def test_goods_that_left_before_the_store_was_connected_are_not_counted(
    open_trade: OpenTrade,
) -> None:
    # given
    long_ago = NOON - timedelta(days=9)
    trade = await open_trade(import_orders_since=long_ago)
    order_id = trade.sell(sale(items=[goods(gone=2)], status="SHIPPED", bought=long_ago))

    # when
    await trade.sync()

    # then
    assert trade.the_order(order_id).status == "FULFILLED"
    assert trade.free() == 1000
    assert trade.notes(order_id) == []


async def test_an_order_that_amazon_ships_never_touches_stock(trade: Trade) -> None:
    # given
    trade.leave(0)
    town = {"city": "Seattle", "stateOrRegion": "WA", "countryCode": "US"}
    order_id = trade.sell(
        sale(items=[goods(gone=2)], status="SHIPPED", fulfilled_by="AMAZON", address=town)
    )

    # when
    await trade.sync()

    # then
    order = trade.the_order(order_id)
    assert (order.status, order.charge_status) == ("FULFILLED", "FULL")
    assert trade.free() == 0
    kept = trade.shop.state.by_reference(order_id)
    assert kept is not None
    assert kept.shipping_address is not None
    assert kept.shipping_address.street_address_1 == "Fulfilled by Amazon"
    assert "ORDER_CREATED" not in trade.announced(order_id)


async def test_a_partly_shipped_order_is_confirmed_whatever_was_chosen(
    open_trade: OpenTrade,
) -> None:
    # given
    trade = await open_trade(unconfirming())
    order_id = trade.sell(sale(items=[goods(gone=1)], status="PARTIALLY_SHIPPED"))

    # when
    await trade.sync()

    # then
    assert trade.the_order(order_id).status == "PARTIALLY_FULFILLED"
    assert "ORDER_CONFIRMED" in trade.announced(order_id)
