"""A buyer's wish to cancel meets a parcel; and what no event of the shop told is found."""

from datetime import datetime
from typing import Any

from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.flows import outbox
from saleor_amazon_app.jobs.kinds import ComparePlaced
from tests.flows.changing import catch_up, placed, staff_cancel
from tests.flows.leaving import (
    at_amazon,
    confirmations,
    fulfil,
    hear,
    listen,
    plan,
    renumber,
    report,
    states,
    the_row,
    work,
)
from tests.flows.trading import Trade, goods, sale

NUMBER = "1Z999AA10123456784"


WISH = {"cancellationRequest": {"requester": "BUYER", "cancelReason": "NO_LONGER_NEEDED"}}


async def open_until(trade: Trade, by: datetime, *items: dict[str, Any]) -> AmazonOrderId:
    """An order to be shipped by a moment."""
    told: dict[str, Any] = {
        "fulfillmentStatus": "UNSHIPPED",
        "fulfilledBy": "MERCHANT",
        "shipByWindow": {"latestDateTime": by.isoformat()},
    }
    return await placed(trade, sale(items=list(items) or None, fulfillment=told))


async def test_shipping_after_the_wish_was_shown_declines_it(trade: Trade) -> None:
    # given
    order_id = await open_until(trade, trade.clock().replace(hour=23))
    trade.amazon.seller.deeds.ask_to_cancel(order_id)
    await catch_up(trade)
    trade.clock.move(minutes=1)
    # when
    fulfil(trade, order_id, NUMBER, l0=2)
    await report(trade, order_id)
    # then
    assert await states(trade, order_id) == ["ACCEPTED"]
    assert trade.notes(order_id)[-1] == (
        "The buyer's wish to cancel was declined by shipping: Amazon was told of the parcel "
        f"{NUMBER}."
    )


async def test_a_wish_from_before_the_order_was_placed_is_declined_by_shipping_too(
    trade: Trade,
) -> None:
    # given
    evening = trade.clock().replace(hour=23)
    order_id = await open_until(trade, evening, goods(cancellation=WISH))
    # when
    fulfil(trade, order_id, NUMBER, l0=2)
    await report(trade, order_id)
    # then
    assert await states(trade, order_id) == ["ACCEPTED"]
    assert confirmations(trade) == 1


async def test_staff_may_ship_before_the_app_has_noted_that_the_order_is_placed(
    trade: Trade,
) -> None:
    # given a worker that noted the order late, as one does that was killed in between
    evening = trade.clock().replace(hour=23)
    order_id = await open_until(trade, evening, goods(cancellation=WISH))
    trade.clock.move(minutes=-1)
    # when
    fulfil(trade, order_id, NUMBER, l0=2)
    await report(trade, order_id)
    # then
    assert await states(trade, order_id) == ["ACCEPTED"]


async def test_a_parcel_packed_before_the_wish_came_waits_for_staff_until_the_last_moment(
    trade: Trade,
) -> None:
    # given
    by = trade.clock().replace(hour=23)
    order_id = await open_until(trade, by)
    fulfillment = fulfil(trade, order_id, "", l0=2)
    await plan(trade, order_id)
    trade.clock.move(minutes=1)
    trade.amazon.seller.deeds.ask_to_cancel(order_id)
    await catch_up(trade)
    # when
    renumber(trade, fulfillment, NUMBER)
    await report(trade, order_id)
    await report(trade, order_id)
    # then
    row = await the_row(trade, order_id)
    assert (row.state, confirmations(trade)) == ("WAITING", 0)
    assert row.words in trade.notes(order_id)
    # when
    trade.clock.now = by.replace(hour=21)
    await work(trade)
    await report(trade, order_id)
    # then
    assert await states(trade, order_id) == ["ACCEPTED"]
    assert at_amazon(trade, order_id) == [("1", NUMBER, {"11": 2})]


async def test_the_two_events_of_one_parcel_confirm_it_once(trade: Trade) -> None:
    # given
    await listen(trade)
    order_id = await placed(trade, sale())
    await hear(trade)
    # when
    fulfil(trade, order_id, NUMBER, l0=2)
    trade.shop.deliveries.duplicate_next(2)
    await hear(trade)
    # then
    assert at_amazon(trade, order_id) == [("1", NUMBER, {"11": 2})]
    assert confirmations(trade) == 1


async def test_what_no_event_told_is_found_by_comparing(trade: Trade) -> None:
    # given
    shipped, cancelled, _ = [trade.sell(sale(number)) for number in (1, 2, 3)]
    await catch_up(trade)
    # when
    fulfil(trade, shipped, NUMBER, l0=2)
    staff_cancel(trade, cancelled)
    for _ in range(2):
        await outbox.compare(trade.lines, ComparePlaced(trade.store_id))
        await work(trade)
    # then
    assert await states(trade, shipped) == ["ACCEPTED"]
    assert await states(trade, cancelled) == ["PLANNED"]
    assert await trade.query("SELECT count(*) FROM outbox") == [(2,)]
