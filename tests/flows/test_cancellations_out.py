"""A host order that staff cancelled is cancelled at Amazon, by feed, once, and seen through."""

from tests.flows.changing import catch_up, money_of, placed, staff_cancel
from tests.flows.leaving import feeds_handed_in, report, states, the_row, until_quiet, work
from tests.flows.trading import Trade, sale


async def test_a_cancelled_order_is_cancelled_at_amazon_and_its_charge_reported_back(
    trade: Trade,
) -> None:
    # given
    order_id = await placed(trade, sale())
    # when
    staff_cancel(trade, order_id)
    await report(trade, order_id)
    assert await states(trade, order_id) == ["PLANNED"]
    trade.clock.move(minutes=1)
    await work(trade)
    # then
    assert await states(trade, order_id) == ["ACCEPTED"]
    # when
    await until_quiet(trade)
    await catch_up(trade)
    await work(trade)
    # then
    row = await the_row(trade, order_id)
    assert (row.state, row.words) == ("CONFIRMED", None)
    cancelled = trade.amazon.seller.deeds.cancellations[order_id]
    assert (cancelled.reason, cancelled.asked_for) == ("NoInventory", False)
    assert money_of(trade, order_id) == ("0.00", "20.00", [f"{order_id}-cancelled"])
    assert "Amazon cancelled this order, as was asked from here." in trade.notes(order_id)
    assert feeds_handed_in(trade) == 1
    assert trade.amazon.seller.deeds.noted == []
