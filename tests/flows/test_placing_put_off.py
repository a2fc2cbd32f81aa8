"""What the host cannot do now is done later: soon enough, never too soon, and without haste."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from saleor_amazon_app.core.errors import TryAgainLater
from tests.flows.trading import Sent, Trade, number_of, sale

_JOBS = """
    SELECT scheduled_at FROM procrastinate_jobs
    WHERE task_name = 'place_orders' AND queueing_lock LIKE 'place-later:%' AND status = 'todo'
"""


async def _comes_back_at(trade: Trade) -> list[datetime]:
    """When placing is to be taken up again, besides at each sync."""
    async with trade.lines.database.transaction() as session:
        return list(await session.scalars(text(_JOBS)))


def _meeting(name: str, act: Any) -> Any:
    """A hook that acts when the first request of that name is on its way."""
    is_met = False

    async def hook(sent: Sent) -> None:
        nonlocal is_met
        if sent.name == name and not is_met:
            is_met = True
            act()

    return hook


async def test_a_host_that_is_down_is_asked_again_by_the_retries_of_the_job_alone(
    trade: Trade,
) -> None:
    # given
    order_id = trade.sell(sale())
    await trade.fetch()
    trade.shop.faults.down()

    # when
    with pytest.raises(TryAgainLater):
        await trade.place()

    # then: a job of its own would fail as fast, and so would the next one
    assert await _comes_back_at(trade) == []
    row = await trade.row(order_id)
    assert (row.import_state, row.claim_token, row.due_at) == ("NEW", None, trade.clock())


async def test_an_order_that_is_put_off_is_taken_up_when_the_host_has_ended(trade: Trade) -> None:
    # given
    trade.sell(sale())
    trade.shop.faults.deadlock_next_completion()

    # when
    with pytest.raises(TryAgainLater):
        await trade.sync()

    # then
    assert await _comes_back_at(trade) == [trade.clock() + timedelta(minutes=2)]


async def test_an_earlier_return_does_not_swallow_a_later_one(trade: Trade) -> None:
    # given: two orders that were put off, a minute apart
    for number in (1, 2):
        trade.shop.faults.deadlock_next_completion()
        await trade.fetch_one(trade.sell(sale(number)))
        with pytest.raises(TryAgainLater):
            await trade.place()
        trade.clock.move(minutes=1)
    first, second = trade.clock(), trade.clock() + timedelta(minutes=1)
    assert await _comes_back_at(trade) == [first]

    # when: the first return is worked off
    async with trade.lines.database.transaction() as session:
        await session.execute(text("DELETE FROM procrastinate_jobs"))
    await trade.place()

    # then
    states = [(await trade.row(number_of(number))).import_state for number in (1, 2)]
    assert states == ["PLACED", "PLACING"]
    assert await _comes_back_at(trade) == [second]


async def test_a_payment_whose_answer_was_lost_is_not_looked_at_too_soon(trade: Trade) -> None:
    # given: an order that was completed and not paid, and that nobody wants any more
    order_id = trade.sell(sale())
    trade.wires.before = _meeting("CreateTransaction", lambda: trade.shop.faults.fail_next(500))
    with pytest.raises(TryAgainLater):
        await trade.sync()
    await trade.choose(import_amazon_orders="DISABLED")

    # when: the gateway gives the payment up while the host goes on with it
    trade.clock.move(minutes=3)
    trade.wires.before = _meeting("CreateTransaction", trade.shop.faults.give_up_next)
    with pytest.raises(TryAgainLater):
        await trade.place()
    await trade.place()

    # then
    row = await trade.row(order_id)
    assert (row.import_state, row.due_at) == ("PLACING", trade.clock() + timedelta(minutes=2))
    assert trade.wires.mutations.count("CreateTransaction") == 2
