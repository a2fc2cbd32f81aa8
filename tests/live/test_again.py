"""Everything twice: runs that break off, runs that repeat, runs side by side."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import pytest

from tests.live.connected import Connector, LiveStore
from tests.live.host import Host, Json, Stock, allocations_of, parcels_of
from tests.live.sales import item, number, parcel, sale, shipped_sale
from tests.live.shop import LiveShop

CANCELLED = {"fulfillment": {"fulfillmentStatus": "CANCELLED"}}


def unshipped(sku: str) -> Json:
    return sale(item(sku, "30.00", quantity=3))


def shipped_by_amazon(sku: str) -> Json:
    order = shipped_sale(item(sku, "30.00", quantity=3, shipped=3))
    order["fulfillment"]["fulfilledBy"] = "AMAZON"
    return order


def shipped(sku: str) -> Json:
    one = item(sku, "30.00", quantity=3, shipped=3)
    return shipped_sale(one, parcels=[parcel("TRK-1", {one["orderItemId"]: 3})])


def partly_shipped(sku: str) -> Json:
    one = item(sku, "30.00", quantity=3, shipped=1)
    packages = [parcel("TRK-1", {one["orderItemId"]: 1})]
    return sale(one, status="PARTIALLY_SHIPPED", packages=packages)


Kind = Callable[[str], Json]
# Of 10 units: how many are there afterwards, and how many of them are kept back.
AFTERWARDS: Mapping[Kind, Stock] = {
    unshipped: Stock(on_hand=10, allocated=3),
    shipped_by_amazon: Stock(on_hand=10, allocated=0),
    shipped: Stock(on_hand=7, allocated=0),
    partly_shipped: Stock(on_hand=9, allocated=2),
}
STEPS: Mapping[Kind, Sequence[str]] = {
    unshipped: ["DraftOrders", "CompleteDraft", "CreateTransaction"],
    shipped_by_amazon: ["DraftOrders", "CreateTransaction"],
    shipped: ["DraftOrders", "CreateTransaction"],
    partly_shipped: ["DraftOrders", "CompleteDraft", "CreateTransaction", "FulfillOrder"],
}
BROKEN = [(kind, step) for kind, steps in STEPS.items() for step in steps]


async def go_on(store: LiveStore) -> None:
    """Runs again once the host can no longer be busy with what was broken off."""
    store.clock.move(minutes=3)
    await store.place()


async def test_a_memory_that_was_lost_makes_nothing_new(
    shop: LiveShop, host: Host, connected: Connector
) -> None:
    skus = {kind: await shop.product(stock=10) for kind in STEPS}
    orders = [kind(sku) for kind, sku in skus.items()]
    store = await connected(orders)
    await store.sync()
    before = [await host.order(number(order)) for order in orders]

    other = await connected(orders)
    await other.sync()

    assert other.wire.mutations == []
    assert [await other.state(order) for order in orders] == ["PLACED"] * len(orders)
    assert [await host.order(number(order)) for order in orders] == before
    assert {kind: await host.stock(sku) for kind, sku in skus.items()} == AFTERWARDS
    for order, standing in zip(orders, before, strict=True):
        row = await other.row(order)
        assert (row.saleor_order_id, row.saleor_order_number) == (
            standing["id"],
            standing["number"],
        )
        assert row.saleor_lines == {
            order["orderItems"][0]["orderItemId"]: standing["lines"][0]["id"]
        }


async def test_nothing_is_sent_for_what_is_placed(
    shop: LiveShop, host: Host, connected: Connector
) -> None:
    orders = [unshipped(await shop.product(stock=10))]
    store = await connected(orders)
    await store.sync()
    sent = list(store.wire.mutations)

    store.clock.move(minutes=6)
    await store.sync()

    assert store.wire.mutations == sent


@pytest.mark.parametrize(
    ("kind", "step"), BROKEN, ids=[f"{kind.__name__}, {step}" for kind, step in BROKEN]
)
async def test_a_run_that_broke_off_is_ended_by_the_next(
    shop: LiveShop,
    host: Host,
    connected: Connector,
    kind: Kind,
    step: str,
) -> None:
    sku = await shop.product(stock=10)
    order = kind(sku)
    store = await connected([order])
    await store.sync_until_broken(step)
    begun = await host.order(number(order))
    assert (await store.row(order)).import_state == "PLACING"

    await go_on(store)

    placed = await host.order(number(order))
    assert await store.state(order) == "PLACED"
    assert (placed["id"], placed["number"]) == (begun["id"], begun["number"])
    assert [one["pspReference"] for one in placed["transactions"]] == [number(order)]
    assert placed["chargeStatus"] == "FULL"
    assert await host.stock(sku) == AFTERWARDS[kind]
    assert Counter(store.wire.mutations) == Counter(STEPS[kind])


@pytest.mark.parametrize("step", ["DraftOrders", "CompleteDraft"])
async def test_a_host_that_goes_on_alone_is_found_done(
    shop: LiveShop, host: Host, connected: Connector, step: str
) -> None:
    sku = await shop.product(stock=10)
    order = unshipped(sku)
    store = await connected([order])
    await store.sync_until_broken(step, hang_up=True)

    await go_on(store)

    placed = await host.order(number(order))
    assert await store.state(order) == "PLACED"
    assert (placed["status"], allocations_of(placed)) == ("UNFULFILLED", [3])
    assert await host.stock(sku) == Stock(on_hand=10, allocated=3)
    assert Counter(store.wire.mutations) == Counter(STEPS[unshipped])


async def test_a_batch_that_broke_off_in_the_middle(
    shop: LiveShop, host: Host, connected: Connector
) -> None:
    sku = await shop.product(stock=100)
    orders = [unshipped(sku) for _ in range(10)]
    store = await connected(orders)
    await store.sync_until_broken("CompleteDraft")

    await go_on(store)

    assert [await store.state(order) for order in orders] == ["PLACED"] * 10
    for order in orders:
        placed = await host.order(number(order))
        assert len(placed["transactions"]) == 1
        assert allocations_of(placed) == [3]
    assert await host.stock(sku) == Stock(on_hand=100, allocated=30)


async def test_workers_side_by_side_place_each_order_once(
    shop: LiveShop, host: Host, connected: Connector
) -> None:
    sku = await shop.product(stock=100)
    orders = [unshipped(sku) for _ in range(8)]
    store = await connected(orders)

    await asyncio.gather(store.sync(), store.sync(), store.sync())
    await store.place()

    assert [await store.state(order) for order in orders] == ["PLACED"] * 8
    for order in orders:
        assert len((await host.order(number(order)))["transactions"]) == 1
    assert await host.stock(sku) == Stock(on_hand=100, allocated=24)


async def test_a_draft_of_an_order_that_was_cancelled_since_is_deleted(
    shop: LiveShop, host: Host, connected: Connector
) -> None:
    sku = await shop.product(stock=10)
    order = unshipped(sku)
    store = await connected([order])
    await store.sync_until_broken("DraftOrders")
    assert (await host.order(number(order)))["status"] == "DRAFT"

    store.amazon.seller.orders.change(number(order), CANCELLED)
    store.clock.move(minutes=3)
    await store.sync()

    assert await store.state(order) == "CANCELLED"
    assert await host.find(number(order)) is None
    assert await host.stock(sku) == Stock(on_hand=10, allocated=0)


async def test_an_order_that_was_cancelled_since_but_stands_is_kept_and_known(
    shop: LiveShop, host: Host, connected: Connector
) -> None:
    sku = await shop.product(stock=10)
    order = unshipped(sku)
    store = await connected([order])
    await store.sync_until_broken("CompleteDraft")

    store.amazon.seller.orders.change(number(order), CANCELLED)
    store.clock.move(minutes=3)
    await store.sync()

    placed = await host.order(number(order))
    assert (await store.row(order)).saleor_order_id == placed["id"]
    assert (placed["status"], placed["chargeStatus"]) == ("UNFULFILLED", "FULL")
    assert len(placed["transactions"]) == 1


async def test_a_draft_that_amazons_order_outgrew_is_made_anew(
    shop: LiveShop, host: Host, connected: Connector
) -> None:
    sku = await shop.product(stock=10)
    order = unshipped(sku)
    store = await connected([order])
    await store.sync_until_broken("DraftOrders")

    (one,) = order["orderItems"]
    left = partly_shipped(sku)["orderItems"][0]["fulfillment"]
    change = {
        "fulfillment": {"fulfillmentStatus": "PARTIALLY_SHIPPED"},
        "orderItems": [{**one, "fulfillment": left}],
        "packages": [parcel("TRK-1", {one["orderItemId"]: 1})],
    }
    store.amazon.seller.orders.change(number(order), change)
    store.clock.move(minutes=3)
    await store.sync()

    placed = await host.order(number(order))
    assert await store.state(order) == "PLACED"
    assert parcels_of(placed) == [("TRK-1", 1)]
    assert await host.stock(sku) == AFTERWARDS[partly_shipped]
