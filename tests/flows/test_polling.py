"""Many stores are polled at once: of most of them nothing is new, and none disturbs another."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.entrypoints.worker import handlers
from saleor_amazon_app.flows import setup
from saleor_amazon_app.flows.stores import deactivate, disconnect, start_due_syncs
from saleor_amazon_app.jobs.queue import run_worker
from saleor_amazon_app.ledger import buckets, stores
from tests.flows.trading import API_URL, Trade, goods, number_of, sale, seller_account, settings

SEARCH = "/orders/2026-01-01/orders"
LATER = timedelta(minutes=5)


@pytest.fixture
async def both(trade: Trade, database_url: str) -> tuple[Trade, StoreId]:
    """Two sellers of one shop, each read once."""
    trade.amazon.add_seller("A2SECOND", refresh_token="second", marketplaces=["ATVPDKIKX0DER"])
    second = replace(seller_account("Second", "second"), seller_id="A2SECOND")
    store_id = await setup.connect_store(trade.lines, API_URL, second, settings())
    await tick(trade, database_url)
    trade.clock.now += LATER
    trade.wires.sent.clear()
    return trade, store_id


async def tick(trade: Trade, database_url: str) -> None:
    """What the clock starts, worked off."""
    await start_due_syncs(trade.lines)
    await run_worker(database_url, handlers(trade.lines), until_idle=True)


async def jobs(trade: Trade) -> list[str]:
    rows = await trade.query("SELECT task_name FROM procrastinate_jobs ORDER BY 1")
    return [name for (name,) in rows]


async def read_until(trade: Trade, store_id: StoreId) -> tuple[datetime, datetime]:
    """Up to when Amazon looked at the last reading, and when that was."""
    ((mark, synced),) = await trade.query(
        "SELECT c.high_water, s.last_synced_at FROM cursors c JOIN stores s ON s.id = c.store_id"
        f" WHERE s.id = '{store_id}' AND c.reading = 'CHANGES'"  # noqa: S608
    )
    return mark, synced


async def test_stores_of_which_nothing_is_new_are_one_job_and_no_more(
    both: tuple[Trade, StoreId], database_url: str
) -> None:
    # given
    trade, second = both
    looked_until = trade.clock() - timedelta(minutes=2)

    # when
    await start_due_syncs(trade.lines)
    started = await jobs(trade)
    await run_worker(database_url, handlers(trade.lines), until_idle=True)

    # then
    assert {name: started.count(name) for name in started} == {
        "compare_placed": 2,
        "poll_stores": 1,
        "read_refunds": 2,
    }
    assert not {"fetch_orders", "place_orders", "poll_stores"} & {*await jobs(trade)}
    assert trade.wires.names.count(SEARCH) == 2
    for store_id in (trade.store_id, second):
        assert await read_until(trade, store_id) == (looked_until, trade.clock())


async def test_a_store_that_was_never_read_is_left_to_its_own_reading(
    trade: Trade, database_url: str
) -> None:
    trade.sell(sale(1))

    await tick(trade, database_url)

    assert trade.wires.names.count(SEARCH) == 1
    assert (await trade.row(number_of(1))).import_state == "PLACED"


async def test_what_is_new_of_one_is_placed_and_the_page_is_not_asked_for_again(
    both: tuple[Trade, StoreId], database_url: str
) -> None:
    # given
    trade, second = both
    trade.sell(sale(1, bought=trade.clock()))
    trade.clock.now += LATER

    # when
    await tick(trade, database_url)

    # then
    assert trade.wires.names.count(SEARCH) == 2
    assert (await trade.row(number_of(1))).import_state == "PLACED"
    assert await read_until(trade, second) == (trade.clock() - timedelta(minutes=2), trade.clock())


async def test_a_store_whose_calls_are_used_up_waits_alone(
    both: tuple[Trade, StoreId], database_url: str
) -> None:
    # given
    trade, second = both
    async with trade.lines.database.transaction() as session:
        await buckets.drain(
            session, second, "searchOrders", rate_per_second=0.0056, burst=20, now=trade.clock()
        )
    before = await read_until(trade, second)

    # when
    await tick(trade, database_url)

    # then
    assert trade.wires.names.count(SEARCH) == 1
    assert (await read_until(trade, trade.store_id))[1] == trade.clock()
    assert await read_until(trade, second) == before
    assert (await jobs(trade)).count("fetch_orders") == 1


async def test_a_seller_whose_consent_is_lost_disturbs_no_other(
    both: tuple[Trade, StoreId], database_url: str
) -> None:
    # given
    trade, second = both
    trade.amazon.sellers["A2SECOND"].revoke_consent()

    # when
    await tick(trade, database_url)
    await run_worker(database_url, handlers(trade.lines), until_idle=True)

    # then
    assert (await read_until(trade, trade.store_id))[1] == trade.clock()
    async with trade.lines.database.transaction() as session:
        assert (await stores.store(session, second)).status == "REAUTHORISE"


async def test_held_orders_are_looked_at_again_though_nothing_is_new(
    both: tuple[Trade, StoreId], database_url: str
) -> None:
    # given
    trade, _ = both
    trade.sell(sale(1, [goods(sku="NEW-1")], bought=trade.clock()))
    trade.clock.now += LATER
    await tick(trade, database_url)
    # beyond what each search overlaps with the one before
    trade.clock.now += 5 * LATER
    await tick(trade, database_url)
    trade.wires.sent.clear()
    trade.clock.now += LATER

    # when
    await tick(trade, database_url)

    # then
    assert (await trade.row(number_of(1))).import_state == "HELD"
    assert "VariantsBySku" in trade.wires.names


async def test_a_store_that_was_switched_off_or_is_gone_is_not_asked(
    both: tuple[Trade, StoreId], database_url: str
) -> None:
    # given
    trade, second = both
    await start_due_syncs(trade.lines)
    async with trade.lines.database.transaction() as session:
        off = await stores.store(session, trade.store_id)
        away = await stores.store(session, second)
    await deactivate(trade.lines, off)
    await disconnect(trade.lines, away)

    # when
    await run_worker(database_url, handlers(trade.lines), until_idle=True)

    # then
    assert SEARCH not in trade.wires.names


async def test_what_was_just_read_is_placed_at_once_although_time_passes_meanwhile(
    both: tuple[Trade, StoreId], database_url: str
) -> None:
    # given: a clock that goes on whenever somebody looks at it
    trade, _ = both
    trade.sell(sale(1, bought=trade.clock()))
    trade.clock.now += LATER

    def ticking() -> datetime:
        trade.clock.move(milliseconds=1)
        return trade.clock()

    going = replace(trade, lines=replace(trade.lines, clock=ticking))

    # when
    await tick(going, database_url)

    # then
    assert (await trade.row(number_of(1))).import_state == "PLACED"
