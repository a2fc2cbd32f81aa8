"""What changes at Amazon after an order was placed reaches the shop, each change once."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.simulators.saleor import default_seed
from tests.flows.changing import (
    PORTLAND,
    becomes,
    catch_up,
    changes,
    costs,
    follow,
    look_again,
    money_of,
    moves_to,
    new_words,
    one_mug_left,
    parcel,
    placed,
    read,
    shipping_unpaid,
    staff_fulfil,
    street,
)
from tests.flows.trading import US_SHELF, OpenTrade, Trade, goods, sale, unconfirming
from tests.unit.amazon_orders import SEATTLE, Json, money


@pytest.fixture
async def trade(open_trade: OpenTrade) -> Trade:
    """A shop that ships what is not fully paid."""
    return await open_trade(shipping_unpaid())


async def _nothing_more_happens(trade: Trade, order_id: AmazonOrderId) -> None:
    """Everything a second time: reading it anew, and following it although it did not change."""
    booked, told = trade.the_order(order_id), await trade.told(order_id)
    notes = trade.notes(order_id)
    trade.wires.sent.clear()
    await catch_up(trade)
    await look_again(trade, order_id)
    assert trade.wires.mutations == []
    assert trade.the_order(order_id) == booked
    assert (await trade.told(order_id), trade.notes(order_id)) == (told, notes)
    row = await trade.row(order_id)
    assert (row.claim_token, row.due_at, row.intent) == (None, None, None)
    assert row.followed_for == row.last_updated_at


async def test_an_order_that_amazon_cancels_is_cancelled_and_its_charge_reported_back(
    trade: Trade,
) -> None:
    # given
    order_id = await placed(trade, sale())
    assert trade.free("MUG-1") == 998

    # when
    becomes(trade, order_id, "CANCELLED")
    await catch_up(trade)

    # then
    order = trade.the_order(order_id)
    assert (order.status, order.charge_status) == ("CANCELED", "NONE")
    assert money_of(trade, order_id) == ("0.00", "20.00", [f"{order_id}-cancelled"])
    assert trade.free("MUG-1") == 1000
    assert trade.wires.mutations == ["CancelOrder", "ReportRefund", "AddOrderNote", "AddOrderNote"]
    words = [
        ("order_cancelled", "Amazon cancelled this order. It was cancelled here too."),
        (
            "refund_reported",
            "Amazon gave back what it had charged. 20.00 USD was reported as refunded.",
        ),
    ]
    assert await new_words(trade, order_id) == words
    assert trade.notes(order_id) == [message for _, message in words]
    await _nothing_more_happens(trade, order_id)


async def test_an_order_of_which_every_unit_is_cancelled_is_cancelled(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())

    # when
    gone = goods("0.00", quantity=0) | {"quantityOrdered": 2}
    changes(trade, order_id, **costs("0.00", gone))
    await catch_up(trade)

    # then
    assert trade.the_order(order_id).status == "CANCELED"
    assert money_of(trade, order_id) == ("0.00", "20.00", [f"{order_id}-cancelled"])


async def test_a_free_order_is_cancelled_without_a_refund(trade: Trade) -> None:
    # given
    replaced = [{"orderId": "1", "associationType": "REPLACEMENT_ORIGINAL_ID"}]
    free = sale(items=[goods("0.00")], grand_total="0.00", associatedOrders=replaced)
    order_id = await placed(trade, free)

    # when
    becomes(trade, order_id, "CANCELLED")
    await catch_up(trade)

    # then
    assert trade.the_order(order_id).status == "CANCELED"
    assert trade.wires.mutations == ["CancelOrder", "AddOrderNote"]
    await _nothing_more_happens(trade, order_id)


async def test_units_that_amazon_cancels_are_returned_and_reported_back(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())

    # when
    changes(trade, order_id, **one_mug_left())
    await catch_up(trade)

    # then
    order = trade.the_order(order_id)
    (line,) = order.lines
    assert (order.status, order.charge_status) == ("PARTIALLY_RETURNED", "PARTIAL")
    assert (line.quantity, line.quantity_fulfilled, line.allocations) == (2, 1, {US_SHELF: 1})
    assert order.fulfillments == (("", "RETURNED"),)
    assert trade.free("MUG-1") == 999
    charged, refunded, (reference,) = money_of(trade, order_id)
    assert (charged, refunded) == ("10.00", "10.00")
    assert reference.startswith(f"{order_id}-units-20261120")
    words = [
        (
            "units_cancelled",
            "Amazon cancelled units: 1 of 2 of MUG-1. They were returned here unfulfilled.",
        ),
        (
            "refund_reported",
            "Amazon's total fell to 10.00 USD for cancelled units. 10.00 USD was reported as "
            "refunded.",
        ),
    ]
    assert await new_words(trade, order_id) == words
    assert trade.notes(order_id) == [message for _, message in words]
    await _nothing_more_happens(trade, order_id)


async def test_a_refund_that_would_stop_the_rest_waits_for_it(open_trade: OpenTrade) -> None:
    # given: a shop that ships only what is fully paid
    trade = await open_trade()
    order_id = await placed(trade, sale())

    # when
    changes(trade, order_id, **one_mug_left())
    await catch_up(trade)
    await catch_up(trade)

    # then
    assert trade.the_order(order_id).lines[0].allocations == {US_SHELF: 1}
    assert money_of(trade, order_id) == ("20.00", "0.00", [])
    assert (await new_words(trade, order_id))[-1] == (
        "refund_postponed",
        "Amazon's total fell to 10.00 USD for cancelled units. That is reported as refunded once "
        "the rest of the order left: this shop ships nothing that is not fully paid.",
    )
    assert trade.wires.mutations == ["ReturnUnits", "AddOrderNote", "AddOrderNote"]

    # when
    staff_fulfil(trade, order_id, 1, "1Z1")
    await catch_up(trade)

    # then
    assert money_of(trade, order_id)[:2] == ("10.00", "10.00")
    await _nothing_more_happens(trade, order_id)


async def test_an_item_that_amazon_drops_is_returned(trade: Trade) -> None:
    # given
    tea = goods("25.00", id="12", sku="TEA-1", quantity=1)
    order_id = await placed(trade, sale(items=[goods(), tea], grand_total="45.00"))

    # when
    changes(trade, order_id, **costs("20.00", goods()))
    await catch_up(trade)

    # then
    kept = {line.sku: sum(line.allocations.values()) for line in trade.the_order(order_id).lines}
    assert kept == {"MUG-1": 2, "TEA-1": 0}
    assert money_of(trade, order_id)[:2] == ("20.00", "25.00")
    await _nothing_more_happens(trade, order_id)


async def test_units_cancelled_one_after_the_other_are_each_reported_once(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale(items=[goods("30.00", quantity=3)], grand_total="30.00"))

    # when
    for left in (2, 1):
        item = goods(f"{left}0.00", quantity=left) | {"quantityOrdered": 3}
        changes(trade, order_id, **costs(f"{left}0.00", item))
        await catch_up(trade)

    # then
    charged, refunded, references = money_of(trade, order_id)
    assert (charged, refunded, len(set(references))) == ("10.00", "20.00", 2)
    assert sum(trade.the_order(order_id).lines[0].allocations.values()) == 1
    await _nothing_more_happens(trade, order_id)


async def test_money_that_amazon_lowers_later_than_units_is_reported_then(trade: Trade) -> None:
    # given: the units fall first
    order_id = await placed(trade, sale())
    changes(trade, order_id, orderItems=[goods(quantity=1) | {"quantityOrdered": 2}])
    await catch_up(trade)
    assert money_of(trade, order_id) == ("20.00", "0.00", [])
    assert (await new_words(trade, order_id))[-1] == (
        "refund_unclear",
        "Amazon cancelled units: 1 of 2 of MUG-1. Nothing was reported as refunded: Amazon's "
        "total did not fall. Compare the order with Seller Central.",
    )

    # when
    changes(trade, order_id, **one_mug_left())
    await catch_up(trade)

    # then
    assert money_of(trade, order_id)[:2] == ("10.00", "10.00")
    assert trade.the_order(order_id).lines[0].quantity_fulfilled == 1
    await _nothing_more_happens(trade, order_id)


async def test_amounts_that_cannot_be_read_report_nothing(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())

    # when: the item costs 10.00 and the order still 20.00
    item = goods("10.00", quantity=1) | {"quantityOrdered": 2}
    changes(trade, order_id, **costs("20.00", item))
    await catch_up(trade)

    # then
    assert trade.the_order(order_id).lines[0].quantity_fulfilled == 1
    assert money_of(trade, order_id) == ("20.00", "0.00", [])
    assert trade.notes(order_id)[-1] == (
        "Amazon cancelled units: 1 of 2 of MUG-1. Nothing was reported as refunded: Amazon's new "
        "amounts do not tell how much went back. Compare the order with Seller Central."
    )


async def test_another_address_replaces_both_and_the_old_one_is_remembered(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())

    # when
    moves_to(trade, order_id, PORTLAND)
    await catch_up(trade)

    # then
    assert street(trade, order_id) == ("9 New Street", "9 New Street")
    order = trade.the_order(order_id)
    assert (order.status, order.total_gross) == ("UNFULFILLED", Decimal(20))
    assert order.metadata["amazonAddressChanged"] == "2026-11-20T12:03:00Z"
    assert await new_words(trade, order_id) == [
        (
            "address_changed",
            "The delivery address was changed at Amazon (2026-11-20T12:03:00Z). It was replaced "
            "here.",
        )
    ]
    [(documents,)] = await trade.query("SELECT count(*) FROM former_buyers")
    assert documents == 1
    await _nothing_more_happens(trade, order_id)


async def test_an_address_that_changes_twice_before_it_is_seen(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    moves_to(trade, order_id, PORTLAND)
    await read(trade)

    # when
    moves_to(trade, order_id, SEATTLE)
    await catch_up(trade)

    # then: it is the one that the shop has
    assert street(trade, order_id) == ("1 Test Street", "1 Test Street")
    assert trade.wires.mutations == []


async def test_an_address_that_amazon_only_stops_telling_stays(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())

    # when
    place = {"city": "Seattle", "stateOrRegion": "WA", "countryCode": "US"}
    hidden = dict.fromkeys(SEATTLE) | place
    moves_to(trade, order_id, hidden)
    await catch_up(trade)
    moves_to(trade, order_id, SEATTLE | {"phone": None})
    await catch_up(trade)

    # then
    assert street(trade, order_id) == ("1 Test Street", "1 Test Street")
    assert trade.wires.mutations == []


async def test_what_left_in_seller_central_is_fulfilled_with_its_number(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())

    # when: one parcel, then the other
    partly = {"orderItems": [goods(gone=1)], "packages": [parcel("1Z1", i11=1)]}
    becomes(trade, order_id, "PARTIALLY_SHIPPED", **partly)
    await catch_up(trade)
    first = trade.the_order(order_id)
    both = {"packages": [parcel("1Z1", i11=1), parcel("1Z2", i11=1)]}
    becomes(trade, order_id, "SHIPPED", **both)
    await catch_up(trade)

    # then
    assert (first.status, first.fulfillments) == ("PARTIALLY_FULFILLED", (("1Z1", "FULFILLED"),))
    order = trade.the_order(order_id)
    assert order.status == "FULFILLED"
    assert order.fulfillments == (("1Z1", "FULFILLED"), ("1Z2", "FULFILLED"))
    assert "EMAIL" not in trade.announced(order_id)
    assert [kind for kind, _ in await new_words(trade, order_id)] == ["shipped_at_amazon"] * 2
    await _nothing_more_happens(trade, order_id)


async def test_a_parcel_that_staff_sent_is_not_fulfilled_again(trade: Trade) -> None:
    # given: staff fulfilled one unit, and Amazon tells it back beside another's parcel
    order_id = await placed(trade, sale())
    staff_fulfil(trade, order_id, 1, "1Z2")

    # when
    parcels = {"packages": [parcel("1Z1", i11=1), parcel("1z2 ", i11=1)]}
    becomes(trade, order_id, "SHIPPED", **parcels)
    await catch_up(trade)

    # then
    order = trade.the_order(order_id)
    assert order.fulfillments == (("1Z2", "FULFILLED"), ("1Z1", "FULFILLED"))
    await _nothing_more_happens(trade, order_id)


async def test_the_echo_of_what_staff_sent_changes_nothing(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    staff_fulfil(trade, order_id, 2, "1Z1")
    before = trade.the_order(order_id)

    # when
    becomes(trade, order_id, "SHIPPED", packages=[parcel("1Z1", i11=2)])
    await catch_up(trade)

    # then
    assert trade.the_order(order_id) == before
    assert trade.wires.mutations == []
    assert await new_words(trade, order_id) == []


async def test_cancelled_and_shipped_units_of_one_order(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale(items=[goods("30.00", quantity=3)], grand_total="30.00"))

    # when: one left, one was cancelled, one waits
    item = goods("20.00", quantity=2, gone=1) | {"quantityOrdered": 3}
    patch = costs("20.00", item) | {"packages": [parcel("1Z1", i11=1)]}
    becomes(trade, order_id, "PARTIALLY_SHIPPED", **patch)
    await catch_up(trade)

    # then
    order = trade.the_order(order_id)
    (line,) = order.lines
    assert (line.quantity_fulfilled, line.allocations) == (2, {US_SHELF: 1})
    assert order.fulfillments == (("1Z1", "FULFILLED"), ("", "RETURNED"))
    assert money_of(trade, order_id)[:2] == ("20.00", "10.00")
    assert trade.shop.variant("MUG-1").kept[0].on_hand == 999
    await _nothing_more_happens(trade, order_id)

    # when: the rest leaves
    shipped = costs("20.00", goods("20.00", quantity=2, gone=2) | {"quantityOrdered": 3})
    both = shipped | {"packages": [parcel("1Z1", i11=1), parcel("1Z2", i11=1)]}
    becomes(trade, order_id, "SHIPPED", **both)
    await catch_up(trade)

    # then
    assert trade.the_order(order_id).fulfillments == (
        ("1Z1", "FULFILLED"),
        ("", "RETURNED"),
        ("1Z2", "FULFILLED"),
    )
    await _nothing_more_happens(trade, order_id)


async def test_a_buyers_wish_to_cancel_marks_the_order(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())

    # when
    changes(trade, order_id, orderItems=[_asking()])
    await catch_up(trade)

    # then
    order = trade.the_order(order_id)
    assert (order.status, order.metadata["amazonBuyerCancelRequest"]) == ("UNFULFILLED", "true")
    assert trade.notes(order_id) == [
        "The buyer asks to cancel this order. Decide before you ship it: cancelling it grants "
        "the request, shipping it declines it."
    ]
    await _nothing_more_happens(trade, order_id)


async def test_a_wish_that_came_before_the_order_was_placed(trade: Trade) -> None:
    # when
    order_id = await placed(trade, sale(items=[_asking()]))

    # then
    assert trade.the_order(order_id).metadata["amazonBuyerCancelRequest"] == "true"
    [note] = trade.notes(order_id)
    assert note is not None
    assert note.startswith("The buyer asks to cancel this order.")
    await _nothing_more_happens(trade, order_id)


async def test_everything_at_once(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())

    # when
    moves_to(trade, order_id, PORTLAND)
    asking = _asking("10.00", quantity=1) | {"quantityOrdered": 2}
    changes(trade, order_id, **costs("10.00", asking))
    await catch_up(trade)

    # then
    assert trade.wires.mutations[:4] == ["ReturnUnits", "ReportRefund", "UpdateOrder"] + [
        "UpdateOrder"
    ]
    assert [kind for kind, _ in await new_words(trade, order_id)] == [
        "units_cancelled",
        "refund_reported",
        "address_changed",
        "cancel_requested",
    ]
    await _nothing_more_happens(trade, order_id)


async def test_a_total_that_changes_for_another_reason_is_said_once(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())

    # when: the buyer tips the courier
    tip = [{"type": "DELIVERY_TIP", "subtotal": money("1.00", "USD"), "status": "FINALIZED"}]
    proceeds = {"grandTotal": money("21.00", "USD"), "breakdowns": tip}
    changes(trade, order_id, proceeds=proceeds)
    await catch_up(trade)
    moves_to(trade, order_id, SEATTLE | {"phone": "+1 206 555 0100"})
    await catch_up(trade)

    # then
    assert (await new_words(trade, order_id))[0] == (
        "total_changed",
        "Amazon's total is now 21.00 USD, which this order cannot follow: its money stays as it "
        "is. Compare it with Seller Central.",
    )
    assert len([note for note in trade.notes(order_id) if note and "21.00" in note]) == 1
    assert money_of(trade, order_id) == ("20.00", "0.00", [])


async def test_what_leaves_an_unconfirmed_order_confirms_it(open_trade: OpenTrade) -> None:
    # given
    trade = await open_trade(shipping_unpaid(unconfirming()))
    order_id = await placed(trade, sale())
    assert trade.the_order(order_id).status == "UNCONFIRMED"

    # when
    becomes(trade, order_id, "SHIPPED", packages=[parcel("1Z1", i11=2)])
    await catch_up(trade)

    # then
    assert trade.wires.mutations == ["ConfirmOrder", "FulfillOrder", "AddOrderNote"]
    order = trade.the_order(order_id)
    assert (order.status, order.fulfillments) == ("FULFILLED", (("1Z1", "FULFILLED"),))
    assert order.total_gross == 20


async def test_a_shop_that_approves_fulfilments_by_hand(open_trade: OpenTrade) -> None:
    # given
    seed = default_seed()
    by_hand = replace(seed, shop=replace(seed.shop, fulfillment_auto_approve=False))
    trade = await open_trade(by_hand)
    order_id = await placed(trade, sale())

    # when
    becomes(trade, order_id, "SHIPPED", packages=[parcel("1Z1", i11=2)])
    await catch_up(trade)

    # then
    assert trade.the_order(order_id).fulfillments == (("1Z1", "FULFILLED"),)
    await _nothing_more_happens(trade, order_id)


async def test_an_order_that_changed_while_it_was_placed_follows(trade: Trade) -> None:
    # given: the order is cancelled after it was read and before it was placed
    order_id = trade.sell(sale())
    await read(trade)
    becomes(trade, order_id, "CANCELLED")

    async def read_meanwhile(sent: object) -> None:
        trade.wires.before = None
        await read(trade)

    trade.wires.before = read_meanwhile
    await trade.place()
    assert trade.the_order(order_id).status == "UNFULFILLED"

    # when
    await follow(trade)

    # then
    assert trade.the_order(order_id).status == "CANCELED"
    assert money_of(trade, order_id)[:2] == ("0.00", "20.00")


@pytest.mark.parametrize("status", ["UNSHIPPED", "CANCELLED"])
async def test_no_word_of_the_buyer_is_told(trade: Trade, status: str) -> None:
    # given
    order_id = await placed(trade, sale())

    # when
    moves_to(trade, order_id, PORTLAND)
    becomes(trade, order_id, status)
    await catch_up(trade)

    # then
    told = f"{await trade.told(order_id)} {trade.notes(order_id)}"
    [(facts, intent)] = await trade.query("SELECT facts::text, intent::text FROM orders")
    for word in ("Ada", "New Street", "97201", "480-386"):
        assert word not in told
        assert word not in f"{facts} {intent}"


def _asking(total: str = "20.00", **more: Any) -> Json:
    """The mugs, which the buyer wants to cancel."""
    wish = {"cancellationRequest": {"requester": "BUYER", "cancelReason": "NO_LONGER_NEEDED"}}
    return goods(total, **more) | {"cancellation": wish}
