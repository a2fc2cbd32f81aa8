"""Many orders at once, and many workers: one bad order delays no other, none is placed twice."""

import asyncio
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from saleor_amazon_app.core.errors import TryAgainLater
from saleor_amazon_app.flows import placing, setup
from saleor_amazon_app.jobs.kinds import PlaceOrders
from saleor_amazon_app.jobs.queue import run_worker, unfinished
from saleor_amazon_app.ledger import installations
from saleor_amazon_app.ledger.claims import LEASE
from saleor_amazon_app.ledger.installations import InstallationStatus
from saleor_amazon_app.ledger.orders import counts_by_outcome
from saleor_amazon_app.ledger.stores import StoreStatus
from saleor_amazon_app.saleor.errors import PermissionMissing, TokenRefused
from tests.flows.trading import (
    API_URL,
    APP_ID,
    PERMISSIONS,
    Sent,
    Trade,
    goods,
    number_of,
    register,
    sale,
    seller_account,
    settings,
)


async def _placed(trade: Trade) -> int:
    async with trade.lines.database.transaction() as session:
        return (await counts_by_outcome(session, trade.store_id)).placed


def _each_once(trade: Trade, count: int) -> None:
    """The shop has exactly these orders, each paid once."""
    references = Counter(order.external_reference for order in trade.shop.book())
    assert references == Counter({number_of(number): 1 for number in range(1, count + 1)})
    assert {order.status for order in trade.shop.book()} == {"UNFULFILLED"}
    paid = [[each.charged for each in order.transactions] for order in trade.shop.book()]
    assert paid == [[Decimal("20.00")]] * count
    assert trade.free() == 1000 - 2 * count
    assert trade.shop.counters.drafted == trade.shop.counters.completed == count


async def test_a_hundred_and_twenty_orders_take_as_few_requests_as_the_host_allows(
    trade: Trade,
) -> None:
    # given
    for number in range(1, 121):
        trade.sell(sale(number))

    # when
    await trade.sync()

    # then
    _each_once(trade, 120)
    assert await _placed(trade) == 120
    assert Counter(trade.wires.mutations) == {
        "DraftOrders": 3,
        "CompleteDraft": 13 + 13 + 5,
        "CreateTransaction": 13 + 13 + 5,
    }


async def test_a_long_backlog_is_placed_in_shares_so_that_other_jobs_have_their_turn(
    trade: Trade, database_url: str
) -> None:
    # given: more orders than one run takes, and one job for them all
    for number in range(1, 202):
        trade.sell(sale(number))
    await trade.fetch()
    placed_after_a_run = []

    async def place(job: PlaceOrders) -> None:
        await placing.place(trade.lines, job)
        placed_after_a_run.append(await _placed(trade))

    # when
    await run_worker(database_url, {PlaceOrders: place}, until_idle=True)

    # then
    assert placed_after_a_run == [200, 201]
    _each_once(trade, 201)


async def test_one_order_that_breaks_the_host_delays_no_other(trade: Trade) -> None:
    # given
    for number in range(1, 13):
        trade.sell(sale(number))
    trade.shop.faults.refuse_request_containing(number_of(7))

    # when
    await trade.sync()

    # then
    assert await _placed(trade) == 11
    assert trade.booked(number_of(7)) == []
    assert (await trade.row(number_of(7))).import_state == "HELD"
    # The whole, its halves, and so on down to the one: 12, 6 and 6, 3 and 3, 1 and 2.
    assert trade.wires.mutations.count("DraftOrders") == 7


async def test_orders_that_must_be_held_delay_no_other(trade: Trade) -> None:
    # given
    trade.sell(sale(1))
    trade.sell(sale(2, [goods(sku="NOBODY-HAS-THIS")]))
    trade.sell(sale(3, grand_total="20.01"))
    trade.sell(sale(4))

    # when
    await trade.sync()

    # then
    states = [(await trade.row(number_of(number))).import_state for number in (1, 2, 3, 4)]
    assert states == ["PLACED", "HELD", "HELD", "PLACED"]
    assert len(trade.shop.book()) == 2


async def test_the_last_unit_goes_to_one_of_two_orders(trade: Trade) -> None:
    # given
    trade.leave(2)
    trade.sell(sale(1))
    trade.sell(sale(2))

    # when
    await trade.sync()
    await trade.later(minutes=5)

    # then
    states = [(await trade.row(number_of(number))).import_state for number in (1, 2)]
    assert states == ["PLACED", "HELD"]
    assert (len(trade.shop.book()), trade.free()) == (1, 0)
    assert trade.drafted(number_of(2)) == 1


async def test_two_workers_at_once_place_each_order_once(trade: Trade) -> None:
    # given
    for number in range(1, 101):
        trade.sell(sale(number))
    await trade.fetch()
    other, wires = trade.worker()

    # when
    await asyncio.gather(trade.place(), trade.place(other))

    # then
    _each_once(trade, 100)
    assert await _placed(trade) == 100
    assert trade.wires.mutations.count("DraftOrders") == 1
    assert wires.mutations.count("DraftOrders") == 1


async def test_what_one_worker_has_claimed_no_other_touches(trade: Trade) -> None:
    # given
    trade.sell(sale())
    await trade.fetch()
    other, wires = trade.worker()

    async def try_meanwhile(sent: Sent) -> None:
        # The claim is renewed on the way, so that the work may take longer than it lasts.
        if sent.is_mutation:
            trade.clock.move(seconds=LEASE.total_seconds() * 0.6)
            await trade.place(other)

    trade.wires.before = try_meanwhile

    # when
    await trade.place()

    # then
    _each_once(trade, 1)
    assert wires.names == []


async def test_an_order_that_two_stores_see_becomes_one_host_order(trade: Trade) -> None:
    # given
    twice = await setup.connect_store(
        trade.lines, API_URL, seller_account("Lanterns again"), settings(import_orders_since=None)
    )
    other = replace(trade, store_id=twice)
    trade.sell(sale(bought=trade.clock()))
    trade.clock.move(minutes=3)

    # when
    await trade.sync()
    await other.sync()

    # then
    _each_once(trade, 1)
    assert (await other.row(number_of(1))).saleor_order_id == trade.the_order(number_of(1)).id


async def test_a_shop_that_refuses_the_token_keeps_its_orders_waiting(trade: Trade) -> None:
    # given
    order_id = trade.sell(sale())
    trade.shop.faults.revoke_token(trade.token)

    # when
    with pytest.raises(TokenRefused):
        await trade.sync()
    await trade.place()

    # then
    row = await trade.row(order_id)
    assert (row.import_state, row.claim_token, row.due_at) == ("NEW", None, trade.clock())
    async with trade.lines.database.transaction() as session:
        shop = await installations.installation_at(session, API_URL)
    assert shop is not None
    assert shop.status == InstallationStatus.REFUSED

    # when the app is installed again
    await register(trade.lines, trade.shop.add_app(PERMISSIONS, identifier=APP_ID))
    await trade.place()

    # then
    _each_once(trade, 1)


async def test_a_permission_that_is_missing_is_named_and_loses_nothing(trade: Trade) -> None:
    # given
    narrow = [name for name in PERMISSIONS if name != "HANDLE_PAYMENTS"]
    await register(trade.lines, trade.shop.add_app(narrow, identifier=APP_ID))
    trade.sell(sale())

    # when
    with pytest.raises(PermissionMissing) as caught:
        await trade.sync()

    # then
    assert caught.value.permissions == ("HANDLE_PAYMENTS",)
    assert trade.the_order(number_of(1)).transactions == ()

    # when it is granted
    await register(trade.lines, trade.token)
    await trade.later(minutes=3)

    # then
    _each_once(trade, 1)


async def test_a_host_that_is_away_is_asked_again_by_the_retry_alone(trade: Trade) -> None:
    # given
    trade.sell(sale())
    await trade.fetch()
    trade.shop.faults.down()
    async with trade.lines.database.transaction() as session:
        before = await unfinished(session)

    # when
    with pytest.raises(TryAgainLater):
        await trade.place()

    # then
    async with trade.lines.database.transaction() as session:
        assert await unfinished(session) == before
    row = await trade.row(number_of(1))
    assert (row.import_state, row.due_at, row.claim_token) == ("NEW", trade.clock(), None)


async def test_a_host_that_is_away_for_long_loses_nothing(trade: Trade) -> None:
    # given
    for number in range(1, 6):
        trade.sell(sale(number))
    trade.shop.faults.down()
    await trade.fetch()
    for _ in range(5):
        with pytest.raises(TryAgainLater):
            await trade.place()
        trade.clock.move(hours=1)

    # when
    trade.shop.faults.down(False)
    await trade.place()

    # then
    _each_once(trade, 5)


async def test_switched_off_nothing_is_placed(trade: Trade) -> None:
    # given
    trade.sell(sale())
    await trade.fetch()
    await trade.switch(StoreStatus.INACTIVE)

    # when
    await trade.sync()

    # then
    assert trade.shop.book() == ()
    assert (await trade.row(number_of(1))).import_state == "NEW"
    assert len(trade.wires.names) == 2
