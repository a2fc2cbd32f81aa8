"""Money that staff ask back goes back at Amazon, once, and the shop learns the outcome."""

from typing import Any

import pytest

from saleor_amazon_app.core.errors import NeedsMerchant
from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.flows.outbox_desk import retry
from saleor_amazon_app.simulators.amazon import Operation
from saleor_amazon_app.simulators.amazon.feed_queue import Doom
from tests.flows.changing import catch_up, money_of, placed
from tests.flows.leaving import (
    ask_back,
    ask_lines_back,
    feeds_handed_in,
    fulfil,
    hear,
    listen,
    paid_back,
    rows,
    until_quiet,
    work,
)
from tests.flows.trading import Trade, goods, sale


async def shipped(trade: Trade, *, l0: int = 2, l1: int = 0, **more: Any) -> AmazonOrderId:
    """An order that left, of two mugs unless told otherwise, and Amazon shows it."""
    await listen(trade)
    order_id = await placed(trade, sale(**more))
    units = {name: number for name, number in (("l0", l0), ("l1", l1)) if number}
    fulfil(trade, order_id, "1Z999AA10123456784", **units)
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


async def test_lines_and_delivery_go_back_by_item(trade: Trade) -> None:
    # given
    items = [goods("20.00"), goods("30.00", id="12")]
    order_id = await shipped(trade, l0=2, l1=2, items=items, grand_total="50.00")
    # when
    ask_lines_back(trade, order_id, "25.00", l0=1, l1=1)
    await hear(trade)
    await until_quiet(trade)
    # then
    assert paid_back(trade, order_id) == {
        "11": {"Principal": "10.00"},
        "12": {"Principal": "15.00"},
    }
    assert money_of(trade, order_id)[:2] == ("25.00", "25.00")


async def test_the_same_request_again_is_the_same_refund_and_a_new_one_another(
    trade: Trade,
) -> None:
    # given
    order_id = await shipped(trade)
    trade.shop.deliveries.duplicate_next()
    # when
    ask_back(trade, order_id, "5.00")
    await hear(trade)
    trade.clock.move(seconds=1)
    ask_back(trade, order_id, "5.00")
    await hear(trade)
    await until_quiet(trade, 60)
    # then
    assert await refunds(trade, order_id) == [("CONFIRMED", None), ("CONFIRMED", None)]
    assert paid_back(trade, order_id) == {"11": {"Principal": "10.00"}}
    charged, refunded, references = money_of(trade, order_id)
    assert (charged, refunded, len(set(references))) == ("10.00", "10.00", 2)
    assert trade.amazon.seller.deeds.noted == []


async def test_before_shipping_nothing_goes_back(trade: Trade) -> None:
    # given
    await listen(trade)
    order_id = await placed(trade, sale())
    # when
    ask_back(trade, order_id, "20.00")
    await hear(trade)
    await until_quiet(trade, 3)
    # then
    ((state, words),) = await refunds(trade, order_id)
    assert state == "REFUSED"
    assert words is not None
    assert "cancel the order instead" in words
    assert money_of(trade, order_id)[:2] == ("20.00", "0.00")
    assert any(words in (note or "") for note in trade.notes(order_id))
    assert feeds_handed_in(trade) == 0


async def test_several_items_must_be_chosen_from(trade: Trade) -> None:
    # given
    items = [goods("20.00"), goods("30.00", id="12")]
    order_id = await shipped(trade, l0=2, l1=2, items=items, grand_total="50.00")
    # when
    ask_back(trade, order_id, "5.00")
    await hear(trade)
    await until_quiet(trade, 3)
    # then
    ((state, words),) = await refunds(trade, order_id)
    assert state == "REFUSED"
    assert "choose the items" in (words or "")
    assert feeds_handed_in(trade) == 0


async def test_amazons_refusal_is_reported_to_the_shop_in_its_words(trade: Trade) -> None:
    # given
    order_id = await shipped(trade)
    trade.amazon.seller.feeds.refuse_next_message("The refund window has passed.")
    # when
    ask_back(trade, order_id, "20.00")
    await hear(trade)
    await until_quiet(trade)
    # then
    assert await refunds(trade, order_id) == [("REFUSED", "The refund window has passed.")]
    assert money_of(trade, order_id)[:2] == ("20.00", "0.00")
    assert paid_back(trade, order_id) == {}


async def test_a_lost_feed_of_refunds_is_found_and_pays_once(trade: Trade) -> None:
    # given
    order_id = await shipped(trade)
    trade.amazon.faults.lose_response(operation=Operation.CREATE_FEED)
    # when
    ask_back(trade, order_id, "20.00")
    await hear(trade)
    await until_quiet(trade, 40)
    # then
    assert await refunds(trade, order_id) == [("CONFIRMED", None)]
    assert feeds_handed_in(trade) == 1
    assert trade.amazon.seller.deeds.noted == []


async def test_a_refund_in_a_feed_that_broke_down_is_not_sent_again_within_two_days(
    trade: Trade,
) -> None:
    # given
    order_id = await shipped(trade)
    trade.amazon.seller.feeds.doom_next_feed(Doom.FATAL)
    ask_back(trade, order_id, "20.00")
    await hear(trade)
    await until_quiet(trade)
    (row,) = [one for one in await rows(trade, order_id) if one.kind == "REFUND"]
    assert row.state == "UNKNOWN"
    # when
    with pytest.raises(NeedsMerchant, match="Look at the order in Seller Central"):
        await retry(trade.lines, row.id)
    # then
    assert feeds_handed_in(trade) == 1
    # when
    trade.clock.move(hours=49)
    await retry(trade.lines, row.id)
    await until_quiet(trade)
    # then
    assert await refunds(trade, order_id) == [("CONFIRMED", None)]
    assert paid_back(trade, order_id) == {"11": {"Principal": "20.00"}}
    assert trade.amazon.seller.deeds.noted == []


async def test_no_mail_reaches_the_buyer_on_the_whole_way(trade: Trade) -> None:
    # given
    order_id = await shipped(trade)
    # when
    ask_back(trade, order_id, "20.00")
    await hear(trade)
    await until_quiet(trade)
    # then
    assert [event for event in trade.announced(order_id) if "MAIL" in event.upper()] == []
