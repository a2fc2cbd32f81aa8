"""Orders of which all or a part had left before they were imported."""

import pytest

from saleor_amazon_app.core.times import utc_now
from tests.live.connected import Connector
from tests.live.host import (
    Host,
    Stock,
    allocations_of,
    events_of,
    metadata_of,
    notes_of,
    parcels_of,
)
from tests.live.sales import BOUGHT_AGO, item, number, parcel, sale, shipped_sale
from tests.live.shop import LiveShop

NOT_TAKEN = (
    "This order left before it was imported, and its units were not in stock here any more: the "
    "stock was not changed."
)
NOT_RESERVED = (
    "A part of this order left before it was imported, and the rest alone was in stock: Saleor "
    "reserves nothing for it. Ship it soon or raise the stock."
)


@pytest.mark.parametrize(
    "address",
    [
        {"city": "Seattle", "stateOrRegion": "WA", "countryCode": "US"},
        {"city": "London", "countryCode": "GB"},
        {"city": "Dubai", "countryCode": "AE"},
        {"countryCode": "SG"},
        {"stateOrRegion": "Tokyo", "countryCode": "JP"},
        {"city": "São Paulo", "stateOrRegion": "SP", "countryCode": "BR"},
        {"city": "Auckland", "countryCode": "NZ"},
        None,
    ],
    ids=lambda address: address["countryCode"] if address else "no address",
)
async def test_what_amazon_shipped_touches_no_stock(
    shop: LiveShop, host: Host, connected: Connector, address: dict[str, str] | None
) -> None:
    sku = await shop.product(stock=1, listing={"isPublished": False})
    order = shipped_sale(item(sku, "21.00", quantity=3, shipped=3), address=address)
    order["fulfillment"]["fulfilledBy"] = "AMAZON"
    store = await connected([order])

    await store.sync()

    placed = await host.order(number(order))
    assert await store.state(order) == "PLACED"
    assert (placed["status"], placed["chargeStatus"]) == ("FULFILLED", "FULL")
    assert parcels_of(placed) == [("", 3)]
    assert allocations_of(placed) == [0]
    assert await host.stock(sku) == Stock(on_hand=1, allocated=0)
    assert events_of(placed) == ["ORDER_FULLY_PAID"]
    assert metadata_of(placed)["amazonFulfilledBy"] == "AMAZON"
    shown = placed["shippingAddress"]
    assert shown["streetAddress1"] == "Fulfilled by Amazon"
    assert shown["country"]["code"] == (address["countryCode"] if address else "US")


async def test_goods_that_left_the_shelf_leave_the_stock(
    shop: LiveShop, host: Host, connected: Connector
) -> None:
    sku = await shop.product(stock=10)
    one = item(sku, "40.00", quantity=4, shipped=4)
    id_ = one["orderItemId"]
    order = shipped_sale(one, parcels=[parcel("TRK-1", {id_: 3}), parcel("TRK-2", {id_: 1})])
    store = await connected([order])

    await store.sync()

    placed = await host.order(number(order))
    assert await store.state(order) == "PLACED"
    assert (placed["status"], placed["chargeStatus"]) == ("FULFILLED", "FULL")
    assert parcels_of(placed) == [("TRK-1", 3), ("TRK-2", 1)]
    assert await host.stock(sku) == Stock(on_hand=6, allocated=0)
    assert events_of(placed) == ["ORDER_FULLY_PAID"]
    assert [event["email"] for event in placed["events"]] == [None]


async def test_goods_that_are_not_on_the_shelf_any_more_are_noted(
    shop: LiveShop, host: Host, connected: Connector
) -> None:
    sku = await shop.product(stock=3)
    order = shipped_sale(item(sku, quantity=4, shipped=4))
    store = await connected([order])

    await store.sync()

    placed = await host.order(number(order))
    assert placed["status"] == "FULFILLED"
    assert notes_of(placed) == [NOT_TAKEN]
    assert await host.stock(sku) == Stock(on_hand=3, allocated=0)


async def test_two_shipped_orders_that_want_the_same_units(
    shop: LiveShop, host: Host, connected: Connector
) -> None:
    sku = await shop.product(stock=5)
    orders = [shipped_sale(item(sku, quantity=3, shipped=3)) for _ in range(2)]
    store = await connected(orders)

    await store.sync()

    placed = [await host.order(number(order)) for order in orders]
    assert [order["status"] for order in placed] == ["FULFILLED", "FULFILLED"]
    assert sorted(notes_of(order) for order in placed) == [[], [NOT_TAKEN]]
    assert await host.stock(sku) == Stock(on_hand=2, allocated=0)


async def test_goods_that_left_before_the_store_was_connected_were_counted_then(
    shop: LiveShop, host: Host, connected: Connector
) -> None:
    sku = await shop.product(stock=10)
    order = shipped_sale(item(sku, quantity=4, shipped=4))
    store = await connected(
        [order],
        connected_ago=BOUGHT_AGO / 2,
        import_orders_since=utc_now() - 2 * BOUGHT_AGO,
    )

    await store.sync()

    placed = await host.order(number(order))
    assert placed["status"] == "FULFILLED"
    assert notes_of(placed) == []
    assert await host.stock(sku) == Stock(on_hand=10, allocated=0)


async def test_a_part_that_left_is_fulfilled_and_the_rest_allocated(
    shop: LiveShop, host: Host, connected: Connector
) -> None:
    sku = await shop.product(stock=10)
    one = item(sku, "30.00", quantity=3, shipped=1)
    order = sale(
        one, status="PARTIALLY_SHIPPED", packages=[parcel("TRK-1", {one["orderItemId"]: 1})]
    )
    store = await connected([order])

    await store.sync()

    placed = await host.order(number(order))
    assert await store.state(order) == "PLACED"
    assert (placed["status"], placed["chargeStatus"]) == ("PARTIALLY_FULFILLED", "FULL")
    assert parcels_of(placed) == [("TRK-1", 1)]
    assert allocations_of(placed) == [2]
    assert await host.stock(sku) == Stock(on_hand=9, allocated=2)
    assert events_of(placed) == [
        "PLACED_FROM_DRAFT",
        "CONFIRMED",
        "ORDER_FULLY_PAID",
        "FULFILLMENT_FULFILLED_ITEMS",
    ]
    assert notes_of(placed) == []


@pytest.mark.parametrize(("main", "second"), [(2, 5), (5, 2), (3, 4)])
@pytest.mark.parametrize("first", ["main", "second"])
async def test_parts_that_left_two_warehouses(
    shop: LiveShop, host: Host, connected: Connector, first: str, main: int, second: int
) -> None:
    sku = await shop.product(stock=main, second=second)
    one = item(sku, "60.00", quantity=6, shipped=4)
    id_ = one["orderItemId"]
    order = sale(
        one,
        status="PARTIALLY_SHIPPED",
        packages=[parcel("TRK-1", {id_: 1}), parcel("TRK-2", {id_: 3})],
    )
    await shop.allocate_first_from(first)
    store = await connected([order])

    await store.sync()

    placed = await host.order(number(order))
    assert placed["status"] == "PARTIALLY_FULFILLED"
    units: dict[str, int] = {}
    for tracking_number, quantity in parcels_of(placed):
        units[tracking_number] = units.get(tracking_number, 0) + quantity
    assert units == {"TRK-1": 1, "TRK-2": 3}
    assert allocations_of(placed) == [2]
    assert await host.stock(sku) == Stock(on_hand=3, allocated=2)


async def test_a_part_left_and_only_the_rest_is_in_stock(
    shop: LiveShop, host: Host, connected: Connector
) -> None:
    sku = await shop.product(stock=2)
    one = item(sku, "30.00", quantity=3, shipped=1)
    order = sale(
        one, status="PARTIALLY_SHIPPED", packages=[parcel("TRK-1", {one["orderItemId"]: 1})]
    )
    store = await connected([order])

    await store.sync()

    placed = await host.order(number(order))
    assert await store.state(order) == "PLACED"
    assert (placed["status"], placed["chargeStatus"]) == ("PARTIALLY_FULFILLED", "FULL")
    assert parcels_of(placed) == [("TRK-1", 1)]
    assert notes_of(placed) == [NOT_RESERVED]
    assert allocations_of(placed) == [0]
    assert await host.stock(sku) == Stock(on_hand=2, allocated=0)
    assert store.wire.mutations == ["DraftOrders", "CreateTransaction"]


async def test_a_part_left_and_another_order_takes_what_the_draft_needs(
    shop: LiveShop, host: Host, connected: Connector
) -> None:
    sku = await shop.product(stock=4)
    first = sale(item(sku, quantity=2))
    one = item(sku, "30.00", quantity=3, shipped=1)
    second = sale(
        one, status="PARTIALLY_SHIPPED", packages=[parcel("TRK-1", {one["orderItemId"]: 1})]
    )
    store = await connected([first, second])

    await store.sync()

    assert [await store.state(order) for order in (first, second)] == ["PLACED", "PLACED"]
    placed = await host.order(number(second))
    assert placed["status"] == "PARTIALLY_FULFILLED"
    assert parcels_of(placed) == [("TRK-1", 1)]
    assert notes_of(placed) == [NOT_RESERVED]
    assert await host.stock(sku) == Stock(on_hand=4, allocated=2)


async def test_a_part_left_and_too_little_of_the_rest_is_in_stock(
    shop: LiveShop, host: Host, connected: Connector
) -> None:
    sku = await shop.product(stock=1)
    order = sale(item(sku, quantity=3, shipped=1), status="PARTIALLY_SHIPPED")
    store = await connected([order])

    await store.sync()

    assert await store.state(order) == "OUT_OF_STOCK"
    assert await host.find(number(order)) is None
    assert store.wire.mutations == []


async def test_a_part_that_left_is_confirmed_in_a_channel_that_confirms_nothing(
    shop: LiveShop, host: Host, connected: Connector
) -> None:
    sku = await shop.product(stock=10)
    order = sale(item(sku, quantity=3, shipped=1), status="PARTIALLY_SHIPPED")
    store = await connected([order], channel="manual")

    await store.sync()

    placed = await host.order(number(order))
    assert placed["status"] == "PARTIALLY_FULFILLED"
    assert "CONFIRMED" in events_of(placed)
    assert await host.stock(sku) == Stock(on_hand=9, allocated=2)
