"""Money that staff ask back goes back at Amazon, once, and the shop learns the outcome."""

from typing import Any

from saleor_amazon_app.core.ids import AmazonOrderId
from tests.flows.changing import catch_up, money_of, placed
from tests.flows.leaving import (
    ask_back,
    feeds_handed_in,
    fulfil,
    hear,
    listen,
    paid_back,
    rows,
    until_quiet,
    work,
)
from tests.flows.trading import Trade, sale


async def shipped(trade: Trade, **more: Any) -> AmazonOrderId:
    """An order of two mugs that left, and Amazon shows it."""
    await listen(trade)
    order_id = await placed(trade, sale(**more))
    fulfil(trade, order_id, "1Z999AA10123456784", l0=2)
    await hear(trade)
    trade.clock.move(minutes=30)
    await catch_up(trade)
    await work(trade)
    trade.wires.sent.clear()
    return order_id


async def refunds(trade: Trade, order_id: AmazonOrderId) -> list[tuple[str, str | None]]:
    return [(row.state, row.words) for row in await rows(trade, order_id) if row.kind == "REFUND"]


async def test_a_whole_refund_goes_back_and_is_reported_under_its_own_reference(
    trade: Trade,
) -> None:
    # given
    order_id = await shipped(trade)
    # when
    ask_back(trade, order_id, "20.00")
    assert 200 in await hear(trade)
    # then
    assert await refunds(trade, order_id) == [("PLANNED", None)]
    # when
    await until_quiet(trade)
    # then
    assert await refunds(trade, order_id) == [("CONFIRMED", None)]
    assert paid_back(trade, order_id) == {"11": {"Principal": "20.00"}}
    charged, refunded, references = money_of(trade, order_id)
    assert (charged, refunded, len(set(references))) == ("0.00", "20.00", 1)
    assert feeds_handed_in(trade) == 1
    assert trade.amazon.seller.deeds.noted == []
