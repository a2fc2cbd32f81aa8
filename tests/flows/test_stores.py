"""Staff look after a store: synced now, retried, switched off and on, disconnected."""

from datetime import timedelta
from uuid import uuid4

import pytest
from pydantic import SecretStr

from saleor_amazon_app.amazon.errors import ConsentRevoked
from saleor_amazon_app.core.errors import NeedsMerchant
from saleor_amazon_app.core.ids import SaleorApiUrl, StoreId
from saleor_amazon_app.entrypoints.worker import handlers
from saleor_amazon_app.flows import setup, sweeps
from saleor_amazon_app.flows.stores import (
    activate,
    deactivate,
    disconnect,
    find_store,
    retry_held,
    start_due_sweeps,
    start_due_syncs,
    sync_now,
)
from saleor_amazon_app.jobs.kinds import SweepOrders
from saleor_amazon_app.jobs.queue import run_worker
from saleor_amazon_app.ledger import installations, stores
from saleor_amazon_app.ledger.installations import Registration
from saleor_amazon_app.ledger.stores import Store, StoreStatus
from tests.flows.trading import Trade, goods, number_of, sale, seller_account, settings

ORDER = number_of(1)
SEARCH = "/orders/2026-01-01/orders"
# Everything that is kept of a store and must go with it.
KEPT = (
    "access_tokens",
    "buckets",
    "buyers",
    "choices",
    "cursors",
    "former_buyers",
    "history",
    "orders",
    "stores",
)


async def the_store(trade: Trade) -> Store:
    async with trade.lines.database.transaction() as session:
        return await stores.store(session, trade.store_id)


async def work(trade: Trade, url: str) -> None:
    """Has a worker do every job that is due."""
    await run_worker(url, handlers(trade.lines), until_idle=True)


async def rows(trade: Trade) -> dict[str, int]:
    """How many rows each table has of the store."""
    async with trade.lines.database.transaction() as session:
        connection = await session.connection()
        return {
            table: (
                await connection.exec_driver_sql(f"SELECT count(*) FROM {table}")  # noqa: S608
            ).scalar_one()
            for table in KEPT
        }


async def test_a_store_is_found_by_its_name_and_by_its_id(trade: Trade) -> None:
    by_name = await find_store(trade.lines, "Lanterns")
    by_id = await find_store(trade.lines, str(trade.store_id))

    assert by_name.id == by_id.id == trade.store_id


@pytest.mark.parametrize("name", ["lanterns", "", str(uuid4())])
async def test_a_store_that_is_not_there_is_said_so(trade: Trade, name: str) -> None:
    with pytest.raises(NeedsMerchant) as unknown:
        await find_store(trade.lines, name)

    assert str(unknown.value) == (f"There is no store {name!r}. `saleor-amazon stores` lists them.")


async def test_a_name_that_two_shops_use_is_told_apart_by_id(trade: Trade) -> None:
    # given
    other = SaleorApiUrl("https://other.example/graphql/")
    registration = Registration(other, "other.example", "QXBwOjI=", SecretStr("token"))
    async with trade.lines.database.transaction() as session:
        await installations.install(session, trade.lines.cipher, registration, now=trade.clock())
    second = await setup.connect_store(trade.lines, other, seller_account(), settings())

    # when
    with pytest.raises(NeedsMerchant) as ambiguous:
        await find_store(trade.lines, "Lanterns")

    # then
    assert str(ambiguous.value) == (
        f"2 shops have a store 'Lanterns'; name it by its id: {trade.store_id}, {second}."
    )


async def test_a_sync_by_hand_is_one_job_however_often_it_is_asked_for(
    trade: Trade, database_url: str
) -> None:
    # given
    trade.sell(sale(1))
    store = await the_store(trade)

    # when
    await sync_now(trade.lines, store)
    await sync_now(trade.lines, store)
    await work(trade, database_url)

    # then
    assert trade.wires.names.count(SEARCH) == 1
    assert (await trade.row(ORDER)).import_state == "PLACED"


async def test_a_store_that_is_switched_off_is_not_synced_by_hand(trade: Trade) -> None:
    await deactivate(trade.lines, await the_store(trade))

    with pytest.raises(NeedsMerchant) as refused:
        await sync_now(trade.lines, await the_store(trade))

    assert str(refused.value) == ("The store 'Lanterns' is not active. Switched off by staff.")


async def test_nothing_is_fetched_or_placed_for_a_store_that_is_off_although_jobs_wait(
    trade: Trade, database_url: str
) -> None:
    # given: an order that is due, and a job of every kind
    trade.sell(sale(1))
    await trade.fetch()
    trade.sell(sale(2))
    trade.clock.move(days=2)
    store = await the_store(trade)
    await sync_now(trade.lines, store)
    assert (await start_due_syncs(trade.lines), await start_due_sweeps(trade.lines)) == (1, 1)
    trade.wires.sent.clear()

    # when
    await deactivate(trade.lines, store)
    await work(trade, database_url)
    trade.clock.move(days=2)
    ticks = (await start_due_syncs(trade.lines), await start_due_sweeps(trade.lines))
    await work(trade, database_url)

    # then
    assert ticks == (0, 0)
    assert trade.wires.sent == []
    assert trade.shop.book() == ()
    assert (await rows(trade))["orders"] == 1


async def test_a_store_that_is_switched_on_goes_on_where_it_stopped(
    trade: Trade, database_url: str
) -> None:
    # given
    trade.sell(sale(1))
    await deactivate(trade.lines, await the_store(trade))
    trade.clock.move(hours=5)

    # when
    await activate(trade.lines, await the_store(trade))
    assert await start_due_syncs(trade.lines) == 1
    await work(trade, database_url)

    # then
    store = await the_store(trade)
    assert (store.status, store.status_reason) == (StoreStatus.ACTIVE, None)
    assert trade.the_order(ORDER).status == "UNFULFILLED"


async def test_a_lost_consent_does_not_switch_a_store_on_that_staff_switched_off(
    trade: Trade,
) -> None:
    # given: the store is switched off while Amazon is asked
    trade.amazon.seller.revoke_consent()
    store = await the_store(trade)

    async def switched_off(_: object) -> None:
        trade.wires.before = None
        await deactivate(trade.lines, store)

    trade.wires.before = switched_off

    # when
    with pytest.raises(ConsentRevoked):
        await trade.fetch()

    # then
    store = await the_store(trade)
    assert (store.status, store.status_reason) == (StoreStatus.INACTIVE, "Switched off by staff.")


async def test_disconnecting_deletes_all_that_is_known_and_leaves_the_host_alone(
    trade: Trade,
) -> None:
    # given
    trade.sell(sale(1))
    trade.sell(sale(2, items=[goods(sku="NOBODY-KNOWS")]))
    await trade.sync()
    before = await rows(trade)
    trade.wires.sent.clear()

    # when
    await disconnect(trade.lines, await the_store(trade))

    # then
    assert {table for table, count in before.items() if count == 0} == {"former_buyers"}
    assert await rows(trade) == dict.fromkeys(KEPT, 0)
    assert trade.wires.sent == []
    assert trade.the_order(ORDER).status == "UNFULFILLED"


async def test_jobs_of_a_store_that_is_gone_end_quietly(trade: Trade, database_url: str) -> None:
    # given
    trade.sell(sale(1))
    store = await the_store(trade)
    await sync_now(trade.lines, store)
    trade.clock.move(days=1)
    await start_due_sweeps(trade.lines)

    # when
    await disconnect(trade.lines, store)
    await work(trade, database_url)

    # then
    assert trade.wires.sent == []
    async with trade.lines.database.transaction() as session:
        connection = await session.connection()
        left = await connection.exec_driver_sql("SELECT task_name, status FROM procrastinate_jobs")
        assert left.all() == []


async def test_a_store_that_goes_while_it_is_read_leaves_nothing(trade: Trade) -> None:
    # given
    trade.sell(sale(1))
    store = await the_store(trade)

    async def gone(_: object) -> None:
        trade.wires.after = None
        await disconnect(trade.lines, store)

    # when
    trade.wires.after = gone
    with pytest.raises(Exception, match=r"(?i)foreign key|disconnected"):
        await trade.fetch()
    with pytest.raises(NeedsMerchant, match="disconnected"):
        await trade.fetch()

    # then
    assert await rows(trade) == dict.fromkeys(KEPT, 0)


async def _two_held(trade: Trade) -> None:
    for number in (1, 2):
        trade.sell(sale(number, items=[goods(sku=f"NEW-{number}")]))
    await trade.sync()


async def test_held_orders_are_looked_at_again_at_once(trade: Trade) -> None:
    # given
    await _two_held(trade)
    requests = len(trade.wires.sent)
    await trade.place()
    assert len(trade.wires.sent) == requests

    # when
    number = await retry_held(trade.lines)
    await trade.place()

    # then
    assert number == 2
    assert trade.wires.names[requests:].count("VariantsBySku") == 1
    assert trade.wires.mutations == []


async def test_one_held_order_is_looked_at_again(trade: Trade) -> None:
    await _two_held(trade)

    assert await retry_held(trade.lines, ORDER) == 1
    assert (await trade.row(ORDER)).due_at == trade.clock()
    # The other one a little before the next sync.
    assert (await trade.row(number_of(2))).due_at == trade.clock() + timedelta(minutes=4.5)


async def test_neither_a_placed_order_nor_one_of_a_store_that_is_off_is_retried(
    trade: Trade,
) -> None:
    # given
    trade.sell(sale(3))
    await _two_held(trade)

    # then
    assert await retry_held(trade.lines, number_of(3)) == 0
    assert await retry_held(trade.lines, number_of(9)) == 0
    await deactivate(trade.lines, await the_store(trade))
    assert await retry_held(trade.lines) == 0


async def test_a_held_order_is_looked_at_at_each_sync_by_reading_only(trade: Trade) -> None:
    # given
    trade.sell(sale(1))
    trade.leave(1)
    await trade.sync()
    assert (await trade.standing(ORDER))[0] == "HELD"

    # when
    for _ in range(3):
        await trade.later(minutes=5)

    # then
    assert trade.wires.names.count("VariantsBySku") == 4
    assert trade.wires.mutations == []
    assert trade.shop.counters.drafted == 0

    # when
    trade.leave(2)
    await trade.later(minutes=5)

    # then
    assert trade.the_order(ORDER).status == "UNFULFILLED"
    assert trade.drafted(ORDER) == 1


async def test_a_sweep_is_not_made_for_a_store_that_is_off(trade: Trade) -> None:
    await deactivate(trade.lines, await the_store(trade))

    await sweeps.sweep(trade.lines, SweepOrders(StoreId(trade.store_id)))

    assert trade.amazon.calls == {}
