"""A shop that lost the app is forgotten in the end; one that comes back in time loses nothing."""

import pytest
from sqlalchemy import text

from saleor_amazon_app.core.errors import NeedsMerchant
from saleor_amazon_app.entrypoints.worker import handlers
from saleor_amazon_app.flows.retention import forget_lost_shops
from saleor_amazon_app.flows.shops import have_synced
from saleor_amazon_app.jobs.queue import run_worker
from saleor_amazon_app.ledger import installations, purge, stores
from saleor_amazon_app.ledger.installations import Installation, InstallationStatus
from tests.flows.conftest import connected_store
from tests.flows.trading import API_URL, Trade, goods, number_of, register, sale

ORDER = number_of(1)
DAYS = 30


async def the_shop(trade: Trade) -> Installation:
    async with trade.lines.database.transaction() as session:
        shop = await installations.installation_at(session, API_URL)
    assert shop is not None
    return shop


async def lose(trade: Trade, status: InstallationStatus = InstallationStatus.REMOVED) -> None:
    async with trade.lines.database.transaction() as session:
        shop = await installations.installation_at(session, API_URL)
        assert shop is not None
        await installations.set_status(session, shop.id, status, now=trade.clock())


async def rows(trade: Trade) -> dict[str, int]:
    """How many rows each table of the ledger has; empty tables are left out."""
    tables = await trade.query(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        " AND tablename NOT LIKE 'procrastinate%' AND tablename <> 'alembic_version'"
    )
    counts = {}
    for (table,) in tables:
        ((counts[table],),) = await trade.query(f"SELECT count(*) FROM {table}")  # noqa: S608
    return {table: count for table, count in counts.items() if count}


async def busy(trade: Trade, orders: int = 3) -> None:
    """Orders that are placed and one that is held."""
    for number in range(1, orders + 1):
        trade.sell(sale(number))
    trade.sell(sale(orders + 1, [goods(sku="NOBODY-KNOWS")]))
    await trade.sync()


@pytest.mark.parametrize("status", [InstallationStatus.REMOVED, InstallationStatus.REFUSED])
async def test_all_of_a_shop_goes_when_its_grace_is_over(
    trade: Trade, status: InstallationStatus
) -> None:
    # given
    await busy(trade)
    await lose(trade, status)
    before = await rows(trade)
    assert {"orders", "buyers", "history", "stores", "choices", "cursors"} < before.keys()

    # when
    trade.clock.move(days=DAYS, seconds=-1)
    assert await forget_lost_shops(trade.lines) == 0
    assert await rows(trade) == before
    trade.clock.move(seconds=1)
    trade.wires.sent.clear()
    forgotten = await forget_lost_shops(trade.lines)

    # then
    assert forgotten == 1
    assert await rows(trade) == {}
    assert trade.wires.sent == []
    assert trade.the_order(ORDER).status == "UNFULFILLED"
    assert await forget_lost_shops(trade.lines) == 0


async def test_no_other_shop_loses_anything(trade: Trade) -> None:
    # given
    other = await connected_store(trade.lines.database, trade.lines.cipher, "other.example")
    await busy(trade)
    await lose(trade)
    trade.clock.move(days=DAYS)

    # when
    await forget_lost_shops(trade.lines)

    # then
    assert await rows(trade) == {"installations": 1, "stores": 1}
    async with trade.lines.database.transaction() as session:
        assert (await stores.store(session, other)).name == "Amazon Europe"


async def test_a_shop_that_is_only_switched_off_is_kept(trade: Trade) -> None:
    await busy(trade)
    await lose(trade, InstallationStatus.DEACTIVATED)
    before = await rows(trade)

    trade.clock.move(days=400)
    await forget_lost_shops(trade.lines)

    assert await rows(trade) == before


async def test_a_shop_that_comes_back_in_time_keeps_everything(trade: Trade) -> None:
    # given
    await busy(trade)
    await lose(trade)
    before = await rows(trade)

    # when
    trade.clock.move(days=DAYS - 1)
    await register(trade.lines, trade.token)
    trade.clock.move(days=DAYS)
    await forget_lost_shops(trade.lines)

    # then
    assert await rows(trade) == before
    assert (await the_shop(trade)).grace_until is None


async def test_each_transaction_deletes_little(trade: Trade) -> None:
    # given
    await busy(trade, orders=4)
    await lose(trade)
    trade.clock.move(days=DAYS)

    # when
    left = []
    for _ in range(40):
        async with trade.lines.database.transaction() as session:
            lost = await purge.take_lost(session, now=trade.clock())
            if lost is None:
                break
            await purge.forget_some(session, lost, now=trade.clock(), limit=2)
        left.append((await rows(trade)).get("orders", 0))

    # then
    assert left[:3] == [3, 1, 0]
    assert await rows(trade) == {}


async def test_a_shop_that_comes_back_while_it_is_forgotten_doubles_nothing(
    trade: Trade,
) -> None:
    # given: some orders are gone already, among them one that Amazon changes
    await busy(trade, orders=4)
    await lose(trade)
    trade.clock.move(days=DAYS)
    async with trade.lines.database.transaction() as session:
        lost = await purge.take_lost(session, now=trade.clock())
        assert lost is not None
        await purge.forget_some(session, lost, now=trade.clock(), limit=4)
    assert (await rows(trade))["orders"] == 1

    # when
    await register(trade.lines, trade.token)
    assert await forget_lost_shops(trade.lines) == 0
    for number in range(1, 6):
        trade.amazon.seller.orders.change(number_of(number), {"programs": ["PRIME"]})
    await trade.later(minutes=5)

    # then
    assert [len(trade.booked(number_of(number))) for number in range(1, 5)] == [1] * 4
    assert [(await trade.row(number_of(number))).import_state for number in range(1, 6)] == [
        "PLACED",
        "PLACED",
        "PLACED",
        "PLACED",
        "HELD",
    ]
    # what the shop has of the buyers whom the ledger forgot still ends in time
    assert len(await trade.query("SELECT * FROM host_copies")) == 5


async def test_a_shop_that_installs_at_that_very_moment_waits_and_stays(trade: Trade) -> None:
    # given
    await busy(trade)
    await lose(trade)
    trade.clock.move(days=DAYS)

    # when: it comes back between two steps
    async with trade.lines.database.transaction() as session:
        assert await purge.take_lost(session, now=trade.clock()) is not None
        await session.execute(text("SELECT 1"))
    await register(trade.lines, trade.token)
    forgotten = await forget_lost_shops(trade.lines)

    # then
    assert forgotten == 0
    assert (await the_shop(trade)).status == InstallationStatus.ACTIVE


async def test_jobs_of_a_shop_that_was_forgotten_end_quietly(
    trade: Trade, database_url: str
) -> None:
    # given
    await busy(trade)
    shop = await the_shop(trade)
    async with trade.lines.database.transaction() as session:
        await have_synced(session, shop.id)
    await lose(trade)
    trade.clock.move(days=DAYS + 1)
    await forget_lost_shops(trade.lines)
    trade.wires.sent.clear()

    # when
    await run_worker(database_url, handlers(trade.lines), until_idle=True)

    # then
    assert trade.wires.sent == []
    assert await trade.query("SELECT * FROM procrastinate_jobs") == []
    with pytest.raises(NeedsMerchant, match="long ago"):
        async with trade.lines.database.transaction() as session:
            await installations.installation(session, shop.id)
