"""Parcels that Amazon is not told of, and why; parcels it knows already; answers that are lost."""

from typing import Any

import pytest

from saleor_amazon_app.simulators.amazon import Operation
from tests.flows.changing import becomes, catch_up, parcel, placed
from tests.flows.leaving import (
    at_amazon,
    call_back,
    confirmations,
    fulfil,
    plan,
    renumber,
    report,
    states,
    the_row,
    until_quiet,
    work,
)
from tests.flows.trading import Trade, goods, sale

NUMBER = "1Z999AA10123456784"


class Killed(BaseException):
    """The end of a worker, which no handler of errors survives."""


@pytest.mark.parametrize(
    ("programs", "said"),
    [
        (["PRIME"], "Prime orders ship with labels from Amazon Buy Shipping only"),
        (["FBM_SHIP_PLUS"], "This order is in FBM Ship+"),
    ],
)
async def test_programs_with_labels_of_their_own_are_not_told(
    trade: Trade, programs: list[str], said: str
) -> None:
    # given
    order_id = await placed(trade, sale(programs=programs))
    # when
    fulfil(trade, order_id, NUMBER, l0=2)
    await report(trade, order_id)
    await report(trade, order_id)
    # then
    row = await the_row(trade, order_id)
    assert row.state == "REFUSED"
    assert row.words is not None
    assert said in row.words
    assert trade.notes(order_id).count(row.words) == 1
    assert confirmations(trade) == 0


async def test_a_parcel_that_left_in_seller_central_is_not_told_again(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    becomes(
        trade,
        order_id,
        "SHIPPED",
        orderItems=[goods(gone=2)],
        packages=[parcel("TRACK1", i11=2)],
    )
    # when
    await catch_up(trade)
    await report(trade, order_id)
    # then
    assert [number for number, _ in trade.the_order(order_id).fulfillments] == ["TRACK1"]
    assert await states(trade, order_id) == []
    assert confirmations(trade) == 0


async def test_a_parcel_without_a_number_waits_for_one(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    fulfillment = fulfil(trade, order_id, "", l0=2)
    await report(trade, order_id)
    row = await the_row(trade, order_id)
    assert (row.state, row.package_reference, confirmations(trade)) == ("WAITING", "1", 0)
    # when
    renumber(trade, fulfillment, NUMBER)
    await report(trade, order_id)
    # then
    assert await states(trade, order_id) == ["ACCEPTED"]
    assert at_amazon(trade, order_id) == [("1", NUMBER, {"11": 2})]


async def test_staff_are_reminded_of_a_number_before_the_ship_by_time_once(trade: Trade) -> None:
    # given
    by = trade.clock().replace(hour=23)
    window = {"latestDateTime": by.isoformat()}
    order_id = await placed(trade, sale(fulfillment=told(shipByWindow=window)))
    fulfil(trade, order_id, "", l0=2)
    await report(trade, order_id)
    assert trade.notes(order_id) == []
    # when
    trade.clock.now = by.replace(hour=18)
    for _ in range(3):
        await work(trade)
        await plan(trade, order_id)
        await work(trade)
    # then
    (note,) = trade.notes(order_id)
    assert note is not None
    assert "has no tracking number: enter one by" in note


async def test_a_changed_number_edits_the_same_parcel(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    fulfillment = fulfil(trade, order_id, NUMBER, l0=2)
    await report(trade, order_id)
    # when
    renumber(trade, fulfillment, "1Z999AA10123456785")
    await report(trade, order_id)
    await report(trade, order_id)
    # then
    assert at_amazon(trade, order_id) == [("1", "1Z999AA10123456785", {"11": 2})]
    assert confirmations(trade) == 2
    assert trade.amazon.seller.deeds.noted == []


async def test_several_parcels_have_references_of_their_own(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale(items=[goods(), goods(id="12")], grand_total="40.00"))
    # when
    fulfil(trade, order_id, "A1", l0=1)
    await report(trade, order_id)
    fulfil(trade, order_id, "A2", l0=1, l1=2)
    await report(trade, order_id)
    # then
    assert at_amazon(trade, order_id) == [
        ("1", "A1", {"11": 1}),
        ("2", "A2", {"11": 1, "12": 2}),
    ]
    assert await states(trade, order_id) == ["ACCEPTED", "ACCEPTED"]


async def test_a_cancelled_fulfilment_cannot_be_taken_back(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    fulfillment = fulfil(trade, order_id, NUMBER, l0=2)
    await report(trade, order_id)
    # when
    call_back(trade, order_id, fulfillment)
    await report(trade, order_id)
    await report(trade, order_id)
    # then
    (note,) = trade.notes(order_id)
    assert note is not None
    assert "Amazon cannot take a shipment back" in note
    assert confirmations(trade) == 1


async def test_a_fulfilment_cancelled_before_it_was_told_is_not(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    fulfillment = fulfil(trade, order_id, NUMBER, l0=2)
    await plan(trade, order_id)
    # when
    call_back(trade, order_id, fulfillment)
    await report(trade, order_id)
    # then
    assert await states(trade, order_id) == ["REFUSED"]
    assert confirmations(trade) == 0


async def test_amazons_words_are_told_when_it_refuses(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    becomes(trade, order_id, "SHIPPED", orderItems=[goods(gone=2)])
    # when: Amazon shipped it meanwhile, and nobody here knows yet
    fulfil(trade, order_id, NUMBER, l0=2)
    await report(trade, order_id)
    # then
    row = await the_row(trade, order_id)
    assert row.state == "REFUSED"
    assert row.words
    assert trade.notes(order_id) == [f"Amazon refused the parcel {NUMBER}: {row.words}"]


async def test_a_lost_answer_is_looked_up_and_the_parcel_sent_under_the_same_reference(
    trade: Trade,
) -> None:
    # given
    order_id = await placed(trade, sale())
    trade.amazon.faults.lose_response(operation=Operation.CONFIRM_SHIPMENT)
    # when
    fulfil(trade, order_id, NUMBER, l0=2)
    await report(trade, order_id)
    # then
    assert await states(trade, order_id) == ["UNKNOWN"]
    # when
    trade.clock.move(minutes=30)
    await work(trade)
    # then
    assert await states(trade, order_id) == ["CONFIRMED"]
    assert at_amazon(trade, order_id) == [("1", NUMBER, {"11": 2})]
    assert confirmations(trade) == 1


async def test_a_worker_killed_while_sending_leaves_it_to_be_read_first(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    fulfil(trade, order_id, NUMBER, l0=2)
    await plan(trade, order_id)
    lines, wires = trade.worker()

    async def die(sent: Any) -> None:
        if sent.name.endswith("shipmentConfirmation"):
            raise Killed

    wires.after = die
    # when
    with pytest.raises(Killed):
        await work(trade, lines)
    # then
    assert await states(trade, order_id) == ["SENDING"]
    # when
    await until_quiet(trade, 40)
    await catch_up(trade)
    await work(trade)
    # then
    assert await states(trade, order_id) == ["CONFIRMED"]
    assert at_amazon(trade, order_id) == [("1", NUMBER, {"11": 2})]


async def test_a_call_that_amazon_broke_down_over_is_made_again(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    trade.amazon.faults.fail_next(status=500, operation=Operation.CONFIRM_SHIPMENT)
    fulfil(trade, order_id, NUMBER, l0=2)
    # when
    await report(trade, order_id)
    # then
    assert await states(trade, order_id) == ["UNKNOWN"]
    assert at_amazon(trade, order_id) == []
    # when
    trade.clock.move(minutes=3)
    await work(trade)
    # then
    assert await states(trade, order_id) == ["ACCEPTED"]
    assert at_amazon(trade, order_id) == [("1", NUMBER, {"11": 2})]


def told(**more: Any) -> dict[str, Any]:
    return {"fulfillmentStatus": "UNSHIPPED", "fulfilledBy": "MERCHANT", **more}
