"""Once a day orders and changes are found that no list showed."""

import pytest

from saleor_amazon_app.amazon.errors import AmazonUnavailable
from saleor_amazon_app.flows.stores import start_due_sweeps
from saleor_amazon_app.flows.sweeps import sweep
from saleor_amazon_app.jobs.kinds import FetchOrder, SweepOrders, job_of
from saleor_amazon_app.ledger import cursors
from saleor_amazon_app.ledger.cursors import Reading
from saleor_amazon_app.simulators.amazon import Operation
from tests.flows.trading import Trade, number_of, sale
from tests.simulated_amazon import NOON

SEARCH = "/orders/2026-01-01/orders"
ORDER = number_of(1)


async def swept(trade: Trade) -> None:
    await sweep(trade.lines, SweepOrders(trade.store_id))


async def asked_for(trade: Trade) -> list[str]:
    """The orders that wait to be asked for one by one."""
    async with trade.lines.database.transaction() as session:
        connection = await session.connection()
        found = await connection.exec_driver_sql(
            "SELECT args FROM procrastinate_jobs WHERE task_name = 'fetch_order' ORDER BY id"
        )
        jobs = [job_of(FetchOrder, args) for (args,) in found]
    return [job.amazon_order_id for job in jobs if isinstance(job, FetchOrder)]


async def test_an_order_that_the_list_of_changes_left_out_is_found_by_when_it_was_placed(
    trade: Trade,
) -> None:
    # given: the list of changes has gone past the order
    trade.sell(sale(1))
    trade.amazon.seller.orders.hide_from_lists(ORDER)
    await trade.later(minutes=5)
    trade.amazon.seller.orders.show_in_lists(ORDER)
    await trade.later(hours=1)
    assert trade.shop.book() == ()
    trade.wires.sent.clear()

    # when
    await swept(trade)
    await trade.place()

    # then
    (search,) = (sent for sent in trade.wires.sent if sent.name == SEARCH)
    assert search.variables["createdAfter"] == "2026-11-13T13:05:00Z"
    assert "lastUpdatedAfter" not in search.variables
    assert trade.the_order(ORDER).status == "UNFULFILLED"


async def test_an_open_order_that_no_list_shows_is_asked_for_after_a_day(trade: Trade) -> None:
    # given: an order and a change of it that are never listed again
    trade.sell(sale(1, status="PENDING"))
    await trade.sync()
    trade.amazon.seller.orders.hide_from_lists(ORDER)
    trade.amazon.seller.orders.change(ORDER, {"fulfillment": {"fulfillmentStatus": "UNSHIPPED"}})

    # when
    trade.clock.move(hours=23)
    await swept(trade)
    too_early = await asked_for(trade)
    trade.clock.move(hours=2)
    await swept(trade)

    # then
    assert (too_early, await asked_for(trade)) == ([], [ORDER])

    # when
    await trade.fetch_one(ORDER)
    await trade.place()

    # then
    assert trade.the_order(ORDER).status == "UNFULFILLED"


@pytest.mark.parametrize("status", ["SHIPPED", "CANCELLED", "UNFULFILLABLE"])
async def test_an_order_that_amazon_has_ended_is_not_asked_for(trade: Trade, status: str) -> None:
    trade.sell(sale(1, status=status))
    await trade.fetch()
    trade.amazon.seller.orders.hide_from_lists(ORDER)
    trade.clock.move(days=2)

    await swept(trade)

    assert await asked_for(trade) == []


async def test_an_order_that_lists_show_is_not_asked_for(trade: Trade) -> None:
    trade.sell(sale(1))
    await trade.sync()
    trade.clock.move(days=2)

    await swept(trade)

    assert await asked_for(trade) == []


async def test_a_store_is_swept_once_a_day(trade: Trade) -> None:
    # when
    due = []
    for _ in range(3):
        due.append(await start_due_sweeps(trade.lines))
        trade.clock.move(hours=12)

    # then: it was connected more than a day ago
    assert due == [1, 0, 1]


async def test_a_sweep_goes_on_where_it_was_broken_off_and_leaves_the_changes_alone(
    trade: Trade,
) -> None:
    # given: two pages, of which the second cannot be had at first
    for number in range(1, 131):
        trade.sell(sale(number, bought=NOON.replace(hour=7, minute=number % 60)))
    await trade.fetch()
    trade.wires.sent.clear()

    async def broken(sent: object) -> None:
        if len(trade.wires.names) == 2:
            trade.amazon.faults.fail_next(operation=Operation.SEARCH_ORDERS)

    trade.wires.before = broken

    # when
    with pytest.raises(AmazonUnavailable):
        await swept(trade)
    trade.wires.before = None
    async with trade.lines.database.transaction() as session:
        changes = await cursors.position(session, trade.store_id)
        week = await cursors.position(session, trade.store_id, Reading.WEEK)
    trade.clock.move(minutes=5)
    await swept(trade)

    # then
    assert (changes.page, changes.high_water is not None) == (None, True)
    assert week.page is not None
    pages = [sent.variables for sent in trade.wires.sent if sent.name == SEARCH]
    tokens = ["paginationToken" in page for page in pages]
    assert tokens == [False, True, True]
    assert len({page["createdAfter"] for page in pages}) == 1
    async with trade.lines.database.transaction() as session:
        assert (await cursors.position(session, trade.store_id, Reading.WEEK)).page is None
        assert await cursors.position(session, trade.store_id) == changes
