"""A host order that staff cancelled is cancelled at Amazon, by feed, once, and seen through."""

import pytest

from saleor_amazon_app.flows import problems
from saleor_amazon_app.flows.outbox_desk import retry
from saleor_amazon_app.jobs.kinds import ReportProblems
from saleor_amazon_app.simulators.amazon import Operation
from saleor_amazon_app.simulators.amazon.feed_queue import Doom
from tests.flows.changing import catch_up, changes, money_of, placed, staff_cancel
from tests.flows.leaving import (
    call_back,
    feeds_handed_in,
    plan,
    report,
    states,
    the_row,
    until_quiet,
    work,
)
from tests.flows.trading import Sent, Trade, goods, sale

PARTLY = {"fulfillmentStatus": "PARTIALLY_SHIPPED", "fulfilledBy": "MERCHANT"}


class Killed(BaseException):
    """The end of a worker, which no handler of errors survives."""


def call_back_all(trade: Trade, order_id: str) -> None:
    """Staff cancel every fulfilment of an order."""
    order = trade.shop.state.by_reference(order_id)
    assert order is not None
    for one in list(order.fulfillments):
        call_back(trade, order_id, one.id)


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


async def test_what_amazon_would_not_cancel_is_refused_with_a_note_and_a_problem(
    trade: Trade,
) -> None:
    # given
    order_id = await placed(trade, sale(items=[goods(gone=1)], fulfillment=PARTLY))
    call_back_all(trade, order_id)
    # when
    staff_cancel(trade, order_id)
    await report(trade, order_id)
    await report(trade, order_id)
    # then
    row = await the_row(trade, order_id)
    assert row.state == "REFUSED"
    assert trade.notes(order_id).count(row.words) == 1
    assert feeds_handed_in(trade) == 0
    # when
    store = await trade.query("SELECT installation_id FROM stores")
    await problems.report(trade.lines, ReportProblems(store[0][0]))
    # then
    ((message,),) = await trade.query("SELECT message FROM problems WHERE key LIKE 'outbox:%'")
    assert order_id in message


async def test_while_amazon_is_being_told_nobody_is_sent_to_seller_central(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    staff_cancel(trade, order_id)
    # when
    changes(trade, order_id, programs=["PREMIUM"])
    await catch_up(trade)
    await report(trade, order_id)
    changes(trade, order_id, programs=[])
    await catch_up(trade)
    # then
    assert await states(trade, order_id) == ["PLANNED"]
    assert trade.notes(order_id) == []
    # when
    trade.amazon.seller.feeds.refuse_next_message("Too late.")
    await until_quiet(trade)
    changes(trade, order_id, programs=["PREMIUM"])
    await catch_up(trade)
    # then
    assert await states(trade, order_id) == ["REFUSED"]
    assert [(note or "").split(":")[0] for note in trade.notes(order_id)] == [
        "Amazon refused to cancel this order",
        "This order was cancelled in Saleor but not at Amazon",
    ]


async def test_the_buyer_is_named_while_the_buyer_asks(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    trade.amazon.seller.deeds.ask_to_cancel(order_id)
    await catch_up(trade)
    # when
    staff_cancel(trade, order_id)
    await report(trade, order_id)
    await until_quiet(trade)
    # then
    assert trade.amazon.seller.deeds.cancellations[order_id].reason == "BuyerCanceled"
    assert trade.amazon.seller.deeds.noted == []


async def test_many_orders_are_cancelled_in_one_feed(trade: Trade) -> None:
    # given
    numbers = [trade.sell(sale(number)) for number in range(1, 13)]
    await catch_up(trade)
    # when
    for order_id in numbers:
        staff_cancel(trade, order_id)
        await report(trade, order_id)
    await until_quiet(trade)
    await catch_up(trade)
    await work(trade)
    # then
    assert feeds_handed_in(trade) == 1
    assert [await states(trade, order_id) for order_id in numbers] == [["CONFIRMED"]] * 12


async def test_a_feed_whose_answer_was_lost_is_found_and_not_sent_again(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    trade.amazon.faults.lose_response(operation=Operation.CREATE_FEED)
    staff_cancel(trade, order_id)
    await report(trade, order_id)
    # when
    trade.clock.move(minutes=1)
    await work(trade)
    # then
    assert await states(trade, order_id) == ["UNKNOWN"]
    # when
    await until_quiet(trade)
    await catch_up(trade)
    await work(trade)
    # then
    assert await states(trade, order_id) == ["CONFIRMED"]
    assert feeds_handed_in(trade) == 1


async def test_a_feed_that_never_was_is_sent_after_amazon_was_asked(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    trade.amazon.faults.fail_next(operation=Operation.CREATE_FEED)
    staff_cancel(trade, order_id)
    await report(trade, order_id)
    # when
    trade.clock.move(minutes=1)
    await work(trade)
    assert await states(trade, order_id) == ["UNKNOWN"]
    await until_quiet(trade, 40)
    await catch_up(trade)
    await work(trade)
    # then
    assert await states(trade, order_id) == ["CONFIRMED"]
    assert feeds_handed_in(trade) == 1


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_worker_killed_while_handing_in_sends_nothing_twice(
    trade: Trade, when: str
) -> None:
    # given
    order_id = await placed(trade, sale())
    staff_cancel(trade, order_id)
    await plan(trade, order_id)
    trade.clock.move(minutes=1)
    lines, wires = trade.worker()

    async def die(sent: Sent) -> None:
        if sent.name == "/feeds/2021-06-30/feeds":
            raise Killed

    setattr(wires, when, die)
    # when
    with pytest.raises(Killed):
        await work(trade, lines)
    assert await states(trade, order_id) == ["SENDING"]
    await until_quiet(trade, 40)
    await catch_up(trade)
    await work(trade)
    # then
    assert await states(trade, order_id) == ["CONFIRMED"]
    assert feeds_handed_in(trade) == 1
    assert trade.amazon.seller.deeds.noted == []


@pytest.mark.parametrize("doom", [Doom.FATAL, Doom.STUCK])
async def test_a_feed_that_breaks_down_or_never_ends_is_unknown_and_not_sent_again(
    trade: Trade, doom: Doom
) -> None:
    # given
    order_id = await placed(trade, sale())
    trade.amazon.seller.feeds.doom_next_feed(doom)
    staff_cancel(trade, order_id)
    await report(trade, order_id)
    # when
    trade.clock.move(minutes=1)
    await work(trade)
    trade.clock.move(hours=5)
    await work(trade)
    trade.clock.move(hours=5)
    await work(trade)
    # then
    row = await the_row(trade, order_id)
    assert row.state == "UNKNOWN"
    assert trade.notes(order_id) == [row.words]
    assert feeds_handed_in(trade) == 1
    # when
    await retry(trade.lines, row.id)
    await until_quiet(trade)
    await catch_up(trade)
    await work(trade)
    # then
    assert await states(trade, order_id) == ["CONFIRMED"]
    assert feeds_handed_in(trade) == 2


async def test_amazons_words_come_back_from_the_report(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    trade.amazon.seller.feeds.refuse_next_message("The order cannot be cancelled now.")
    staff_cancel(trade, order_id)
    await report(trade, order_id)
    # when
    await until_quiet(trade)
    # then
    row = await the_row(trade, order_id)
    assert (row.state, row.words) == ("REFUSED", "The order cannot be cancelled now.")
    assert trade.notes(order_id) == [
        "Amazon refused to cancel this order: The order cannot be cancelled now."
    ]
