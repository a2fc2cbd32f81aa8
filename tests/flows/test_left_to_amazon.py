"""What staff do to orders that Amazon ships itself, or that cannot be told: refused, in words.

Each ends as a refused row of the outbox and a note on the order, and nothing is sent.
"""

import pytest

from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.simulators.saleor.cancellations import cancel_fulfillment
from tests.flows.changing import host_order, placed
from tests.flows.leaving import (
    ask_back,
    confirmations,
    feeds_handed_in,
    fulfil,
    hear,
    listen,
    paid_back,
    report,
    rows,
    the_row,
    until_quiet,
)
from tests.flows.trading import US_SHELF, Trade, goods, sale

BY_AMAZON = {"fulfillmentStatus": "SHIPPED", "fulfilledBy": "AMAZON"}


async def nothing_was_sent(trade: Trade, order_id: AmazonOrderId, words: str) -> None:
    """One refused row, its words once in the order's timeline, and nothing at Amazon."""
    (row,) = await rows(trade, order_id)
    assert row.state == "REFUSED"
    assert words in (row.words or "")
    assert len([note for note in trade.notes(order_id) if words in (note or "")]) == 1
    assert (confirmations(trade), feeds_handed_in(trade)) == (0, 0)


async def test_a_refund_of_an_order_that_amazon_ships_is_amazons(trade: Trade) -> None:
    # given
    await listen(trade)
    order_id = await placed(trade, sale(items=[goods(gone=2)], fulfillment=BY_AMAZON))
    # when
    ask_back(trade, order_id, "20.00")
    await hear(trade)
    await until_quiet(trade, 3)
    # then
    await nothing_was_sent(trade, order_id, "Amazon ships this order itself and refunds it itself")
    assert paid_back(trade, order_id) == {}


async def test_staff_who_cancel_what_amazon_shipped_are_told_how_to_undo_it(trade: Trade) -> None:
    # given
    await listen(trade)
    order_id = await placed(trade, sale(items=[goods(gone=2)], fulfillment=BY_AMAZON))
    (parcel,) = host_order(trade, order_id).fulfillments
    shelf = next(
        s.warehouse.id for s in trade.shop.variant("MUG-1").kept if s.warehouse.slug == US_SHELF
    )
    # when
    cancel_fulfillment(trade.shop.state, parcel.id, shelf, app=None)
    await hear(trade)
    await until_quiet(trade, 2)
    # then
    await nothing_was_sent(
        trade, order_id, "It put units into stock that are not there: 2 of MUG-1"
    )


async def test_a_tracking_number_of_three_hundred_characters_is_not_told(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    # when
    fulfil(trade, order_id, "9" * 300, l0=2)
    await report(trade, order_id)
    await report(trade, order_id)
    # then
    await nothing_was_sent(trade, order_id, "The tracking number has 300 characters")


async def test_an_unknown_carrier_goes_by_its_name(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    parcel = fulfil(trade, order_id, "otter-1", l0=2)
    (made,) = host_order(trade, order_id).fulfillments
    assert made.id == parcel
    made.public["amazonCarrier"] = "Otter & Daughters"
    # when
    await report(trade, order_id)
    # then
    row = await the_row(trade, order_id)
    assert row.state == "ACCEPTED"
    (told,) = trade.amazon.seller.deeds.parcels.of(order_id).values()
    assert (told.carrier_code, told.carrier_name) == ("Other", "Otter & Daughters")


@pytest.mark.parametrize("units", [0, -1])
async def test_a_fulfilment_without_units_is_not_told(trade: Trade, units: int) -> None:
    # given
    order_id = await placed(trade, sale())
    fulfil(trade, order_id, "1Z999AA10123456784", l0=1)
    (made,) = host_order(trade, order_id).fulfillments
    assert made.lines
    made.lines[0].quantity = units
    # when
    await report(trade, order_id)
    # then
    await nothing_was_sent(trade, order_id, "holds no units")
