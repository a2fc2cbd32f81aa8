"""Fulfilments of the host reach Amazon, each parcel once, and Amazon's word comes back."""

from tests.flows.changing import catch_up, placed
from tests.flows.leaving import (
    at_amazon,
    confirmations,
    fulfil,
    report,
    states,
    the_row,
    work,
)
from tests.flows.trading import Trade, sale


async def test_a_fulfilment_reaches_amazon_and_is_told_once_amazon_shows_it(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    # when
    fulfil(trade, order_id, "1Z999AA10123456784", l0=2)
    await report(trade, order_id)
    # then
    row = await the_row(trade, order_id)
    assert (row.state, row.package_reference) == ("ACCEPTED", "1")
    assert at_amazon(trade, order_id) == [("1", "1Z999AA10123456784", {"11": 2})]
    # when
    trade.clock.move(minutes=30)
    await catch_up(trade)
    await work(trade)
    # then
    assert await states(trade, order_id) == ["CONFIRMED"]
    assert "Amazon confirmed parcel 1: UPS 1Z999AA10123456784." in trade.notes(order_id)
    assert confirmations(trade) == 1
