"""A role that was missing for a while is asked for again, and nothing stays undone without it."""

from datetime import timedelta

import pytest

from saleor_amazon_app.amazon.errors import AccessDenied
from saleor_amazon_app.core.reasons import HoldCode
from saleor_amazon_app.flows import sweeps
from saleor_amazon_app.flows.stores import activate
from saleor_amazon_app.jobs.kinds import SweepOrders
from saleor_amazon_app.ledger import held, stores
from saleor_amazon_app.ledger.stores import Store
from saleor_amazon_app.simulators.amazon import Dataset, Denial
from tests.flows.trading import Trade, number_of, sale


async def _store(trade: Trade) -> Store:
    async with trade.lines.database.transaction() as session:
        return await stores.store(session, trade.store_id)


async def _incomplete(trade: Trade) -> list[str]:
    async with trade.lines.database.transaction() as session:
        found = await held.held_for(session, [trade.store_id], HoldCode.INCOMPLETE_FROM_AMAZON)
        return [order_id for _, order_id in found]


async def test_the_daily_sweep_asks_for_what_was_refused_before(trade: Trade) -> None:
    # given
    trade.amazon.seller.deny_dataset(Dataset.RECIPIENT, how=Denial.REFUSE_CALL)
    order_id = trade.sell(sale())
    await trade.sync()
    assert await _incomplete(trade) == [order_id]
    assert Dataset.RECIPIENT not in ((await _store(trade)).granted_datasets or ["RECIPIENT"])

    # when
    trade.amazon.seller.grant_dataset(Dataset.RECIPIENT)
    await sweeps.sweep(trade.lines, SweepOrders(trade.store_id))
    await trade.place()

    # then
    assert len((await _store(trade)).granted_datasets or ()) == 7
    assert await trade.standing(order_id) == ("PLACED", [])


async def test_a_role_that_is_still_missing_is_missed_by_the_sweep_alone(trade: Trade) -> None:
    # given
    trade.amazon.seller.deny_dataset(Dataset.TAX, how=Denial.REFUSE_CALL)
    await trade.sync()
    known = (await _store(trade)).granted_datasets

    # when
    await sweeps.sweep(trade.lines, SweepOrders(trade.store_id))

    # then
    store = await _store(trade)
    assert (store.status, store.granted_datasets) == ("ACTIVE", known)


async def test_a_store_that_is_switched_on_again_asks_for_everything(trade: Trade) -> None:
    # given: Amazon refused everything for a while
    trade.amazon.seller.refuse_orders()
    with pytest.raises(AccessDenied):
        await trade.fetch()
    trade.amazon.seller.refuse_orders(refused=False)
    order_id = trade.sell(sale())

    # when
    await activate(trade.lines, await _store(trade))
    await trade.sync()

    # then
    assert (await _store(trade)).granted_datasets is None
    assert await trade.standing(order_id) == ("PLACED", [])


async def test_the_sweep_takes_held_orders_as_they_are_now(trade: Trade) -> None:
    # given: Amazon leaves out what the role that is missing would show
    trade.amazon.seller.deny_dataset(Dataset.RECIPIENT)
    order_id = trade.sell(sale())
    await trade.sync()
    state, ((code, _),) = await trade.standing(order_id)
    assert (state, code) == ("HELD", "ADDRESS_REFUSED")

    # when
    trade.amazon.seller.grant_dataset(Dataset.RECIPIENT)
    await sweeps.sweep(trade.lines, SweepOrders(trade.store_id))
    await trade.place()

    # then
    assert await trade.standing(order_id) == ("PLACED", [])


async def test_incomplete_orders_take_turns_in_being_asked_for(trade: Trade) -> None:
    # given: orders of which Amazon sends no address
    trade.amazon.seller.deny_dataset(Dataset.RECIPIENT, how=Denial.REFUSE_CALL)
    for number in (1, 2, 3):
        trade.sell(sale(number, bought=trade.clock() - timedelta(hours=number)))
    await trade.sync()
    assert await _incomplete(trade) == [number_of(number) for number in (1, 2, 3)]

    # when
    trade.clock.move(minutes=5)
    await trade.fetch_one(number_of(1))
    await trade.place()

    # then
    assert await _incomplete(trade) == [number_of(number) for number in (2, 3, 1)]
