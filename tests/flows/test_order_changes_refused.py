"""What cannot follow a change at Amazon is left as it is, and said once."""

from decimal import Decimal

import pytest

from saleor_amazon_app.core.errors import NeedsMerchant, TryAgainLater
from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.ledger import stores
from saleor_amazon_app.ledger.stores import StoreStatus
from saleor_amazon_app.simulators.saleor.drafts import confirm_order, update_order
from saleor_amazon_app.simulators.saleor.schema.inputs import AddressInput, OrderUpdateInput
from saleor_amazon_app.simulators.saleor.schema.words import CountryCode
from tests.flows.changing import (
    PORTLAND,
    becomes,
    catch_up,
    changes,
    follow,
    host_order,
    look_again,
    money_of,
    moves_to,
    new_words,
    one_mug_left,
    parcel,
    placed,
    read,
    shipping_unpaid,
    staff_cancel,
    staff_fulfil,
    street,
)
from tests.flows.trading import OpenTrade, Sent, Trade, goods, sale, unconfirming
from tests.unit.amazon_orders import SEATTLE, money

ONLY_TOLD = ["AddOrderNote"]


@pytest.fixture
async def trade(open_trade: OpenTrade) -> Trade:
    """A shop that ships what is not fully paid."""
    return await open_trade(shipping_unpaid())


@pytest.fixture
async def manual(open_trade: OpenTrade) -> Trade:
    """The same with a channel in which staff confirm new orders."""
    return await open_trade(shipping_unpaid(unconfirming()))


async def _said_once(trade: Trade, order_id: AmazonOrderId, kind: str, message: str) -> None:
    """It is in the history and in a note, and another look says nothing more."""
    assert await new_words(trade, order_id) == [(kind, message)]
    assert trade.notes(order_id) == [message]
    trade.wires.sent.clear()
    await look_again(trade, order_id)
    changes(trade, order_id, buyer={"buyerCompanyName": "Example Ltd"})
    await catch_up(trade)
    assert trade.wires.mutations == []
    assert await new_words(trade, order_id) == [(kind, message)]


async def test_an_order_of_which_something_left_is_not_cancelled(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    staff_fulfil(trade, order_id, 1, "1Z1")

    # when
    becomes(trade, order_id, "CANCELLED")
    await catch_up(trade)

    # then
    assert trade.wires.mutations == ONLY_TOLD
    assert trade.the_order(order_id).status == "PARTIALLY_FULFILLED"
    assert money_of(trade, order_id) == ("20.00", "0.00", [])
    await _said_once(
        trade,
        order_id,
        "order_cancelled",
        "Amazon cancelled this order. Parcels of it left here already, so nothing was changed: "
        "call them back, or settle it with the buyer in Seller Central.",
    )


async def test_units_that_left_before_amazon_cancelled_them(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    staff_fulfil(trade, order_id, 2, "1Z1")

    # when: Amazon does not know of the parcel yet
    gone = [goods("20.00", quantity=1) | {"quantityOrdered": 2}]
    changes(trade, order_id, orderItems=gone)
    await catch_up(trade)

    # then
    assert trade.wires.mutations == ONLY_TOLD
    assert trade.the_order(order_id).fulfillments == (("1Z1", "FULFILLED"),)
    await _said_once(
        trade,
        order_id,
        "units_cancelled_too_late",
        "Amazon cancelled units that left here already: 1 of 2 of MUG-1. Call them back, or "
        "settle it with the buyer in Seller Central.",
    )


async def test_an_order_that_staff_cancelled_is_not_revived(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    staff_cancel(trade, order_id)

    # when: units are cancelled, the address changes, a part leaves
    moves_to(trade, order_id, PORTLAND)
    patch = {"orderItems": [goods("10.00", quantity=1, gone=1) | {"quantityOrdered": 2}]}
    becomes(trade, order_id, "SHIPPED", **patch, packages=[parcel("1Z1", i11=1)])
    await catch_up(trade)

    # then
    assert trade.wires.mutations == ONLY_TOLD
    order = trade.the_order(order_id)
    assert (order.status, order.fulfillments) == ("CANCELED", ())
    assert street(trade, order_id)[0] == "1 Test Street"
    await _said_once(
        trade,
        order_id,
        "host_order_cancelled",
        "This order was cancelled in Saleor but not at Amazon: nothing was changed here. Cancel "
        "it in Seller Central too, or ship it from there.",
    )


async def test_an_order_that_staff_and_amazon_cancelled_is_paid_back(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    staff_cancel(trade, order_id)

    # when
    becomes(trade, order_id, "CANCELLED")
    await catch_up(trade)

    # then
    assert trade.wires.mutations == ["ReportRefund", "AddOrderNote"]
    assert money_of(trade, order_id)[:2] == ("0.00", "20.00")


async def test_an_order_that_is_gone_from_the_host(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    state = trade.shop.state
    del state.orders[host_order(trade, order_id).id]

    # when
    becomes(trade, order_id, "CANCELLED")
    await catch_up(trade)
    await catch_up(trade)

    # then
    assert trade.wires.mutations == []
    assert await new_words(trade, order_id) == [
        (
            "host_order_gone",
            "Amazon changed this order, but it is gone from Saleor: nothing was sent.",
        )
    ]


async def test_an_unconfirmed_order_waits_for_staff(manual: Trade) -> None:
    # given
    trade = manual
    order_id = await placed(trade, sale())

    # when
    moves_to(trade, order_id, PORTLAND)
    changes(trade, order_id, **one_mug_left())
    await catch_up(trade)
    await catch_up(trade)

    # then: nothing but words, and those once
    assert trade.wires.mutations == ["AddOrderNote", "AddOrderNote"]
    order = trade.the_order(order_id)
    assert (order.status, order.total_gross) == ("UNCONFIRMED", Decimal(20))
    assert street(trade, order_id)[0] == "1 Test Street"
    assert await new_words(trade, order_id) == [
        (
            "units_cancelled",
            "Amazon cancelled units: 1 of 2 of MUG-1. They are returned here as soon as the order "
            "is confirmed: do not ship them.",
        ),
        (
            "address_changed",
            "The delivery address was changed at Amazon (2026-11-20T12:03:00Z). It is replaced "
            "here as soon as the order is confirmed: an edit before would recalculate its money.",
        ),
    ]

    # when
    confirm_order(trade.shop.state, order.id, app=None)
    await catch_up(trade)

    # then
    order = trade.the_order(order_id)
    assert (order.status, order.total_gross) == ("PARTIALLY_RETURNED", Decimal(20))
    assert street(trade, order_id) == ("9 New Street", "9 New Street")
    assert money_of(trade, order_id)[:2] == ("10.00", "10.00")
    row = await trade.row(order_id)
    assert (row.due_at, row.intent, row.followed_for) == (None, None, row.last_updated_at)


async def test_an_unconfirmed_order_whose_money_the_host_changed(open_trade: OpenTrade) -> None:
    # given
    trade = await open_trade(unconfirming())
    order_id = await placed(trade, sale(items=[goods("10.00", quantity=3)], grand_total="10.00"))
    staff = AddressInput(
        street_address_1="2 Test Street",
        city="Seattle",
        country_area="WA",
        postal_code="98109",
        country=CountryCode.US,
    )
    update_order(
        trade.shop.state, host_order(trade, order_id), OrderUpdateInput(shipping_address=staff)
    )

    # when
    await look_again(trade, order_id)

    # then
    assert trade.wires.mutations == ONLY_TOLD
    row = await trade.row(order_id)
    assert (row.saleor_total_gross, row.totals_equal) == (Decimal("9.99"), False)
    await _said_once(
        trade,
        order_id,
        "totals_differ",
        "This order comes to 9.99 USD, but Amazon charged 10.00 USD. Saleor recalculates an order "
        "that is edited before it is confirmed; correct it by hand.",
    )


async def test_an_address_that_the_host_would_refuse(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())

    # when
    moves_to(trade, order_id, PORTLAND | {"postalCode": None})
    await catch_up(trade)

    # then
    assert trade.wires.mutations == ONLY_TOLD
    assert street(trade, order_id)[0] == "1 Test Street"
    await _said_once(
        trade,
        order_id,
        "address_changed",
        "The delivery address was changed at Amazon (2026-11-20T12:03:00Z). Saleor would not take "
        "the new one: enter it by hand.",
    )


async def test_an_address_that_changes_when_parcels_left(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    staff_fulfil(trade, order_id, 1, "1Z1")

    # when
    moves_to(trade, order_id, PORTLAND)
    await catch_up(trade)

    # then
    assert street(trade, order_id)[0] == "9 New Street"
    assert (await new_words(trade, order_id))[0][1].endswith(
        "It was replaced here. Parcels left already: see where they go."
    )


async def test_an_address_that_changes_when_all_left_stays(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    becomes(trade, order_id, "SHIPPED", packages=[parcel("1Z1", i11=2)])
    await catch_up(trade)
    trade.wires.sent.clear()

    # when
    moves_to(trade, order_id, SEATTLE | {"addressLine1": "elsewhere"})
    await catch_up(trade)

    # then
    assert trade.wires.mutations == []
    assert street(trade, order_id)[0] == "1 Test Street"


async def test_numbers_that_contradict_each_other_change_nothing(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())

    # when
    changes(trade, order_id, orderItems=[goods(quantity=3) | {"quantityOrdered": 2}])
    await catch_up(trade)

    # then
    assert trade.wires.mutations == ONLY_TOLD
    await _said_once(
        trade,
        order_id,
        "units_unclear",
        "Amazon's numbers of units are incomplete or contradict each other: nothing was returned "
        "or fulfilled here. Compare the order with Seller Central.",
    )


async def test_what_the_host_refuses_is_left_to_staff(trade: Trade) -> None:
    # given: the goods are gone when what left in Seller Central is to be fulfilled
    order_id = await placed(trade, sale())

    async def fulfil_before(sent: Sent) -> None:
        if sent.name == "ReturnUnits":
            staff_fulfil(trade, order_id, 2, "1Z1")

    trade.wires.before = fulfil_before

    # when
    changes(trade, order_id, **one_mug_left())
    await catch_up(trade)

    # then: no unit is returned, and no money reported
    assert trade.wires.mutations == ["ReturnUnits", "AddOrderNote"]
    assert money_of(trade, order_id) == ("20.00", "0.00", [])
    assert await new_words(trade, order_id) == [
        (
            "units_cancelled",
            "Amazon cancelled units: 1 of 2 of MUG-1. Saleor refused to follow "
            "(INVALID_QUANTITY). Return them by hand; they must not be shipped.",
        )
    ]


async def test_goods_that_are_gone_are_fulfilled_by_hand(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())

    async def empty_the_shelf(sent: Sent) -> None:
        if sent.name == "FulfillOrder":
            trade.shop.set_stock("MUG-1", "default-channel-warehouse", 0)

    trade.wires.before = empty_the_shelf

    # when
    becomes(trade, order_id, "SHIPPED", packages=[parcel("1Z1", i11=2)])
    await catch_up(trade)

    # then
    [(kind, message)] = await new_words(trade, order_id)
    assert kind == "shipped_at_amazon"
    assert message == (
        "By Amazon's count 2 of 2 units have left. Saleor did not fulfil the parcel 1Z1 that left "
        "already (INSUFFICIENT_STOCK). Do it by hand."
    )


async def test_one_order_does_not_delay_another(trade: Trade) -> None:
    # given: the host falls over one of two
    orders = [await placed(trade, sale(n, bought=trade.clock())) for n in (1, 2)]
    for order_id in orders:
        changes(trade, order_id, **one_mug_left())
    await read(trade)

    async def fail_the_first(sent: Sent) -> None:
        if sent.name == "ReturnUnits":
            trade.wires.before = None
            trade.shop.faults.fail_next()

    trade.wires.before = fail_the_first

    # when
    with pytest.raises(TryAgainLater):
        await follow(trade)
    await follow(trade)

    # then
    fulfilled = [trade.the_order(each).lines[0].quantity_fulfilled for each in orders]
    assert sorted(fulfilled) == [0, 1]
    trade.clock.move(minutes=3)
    await follow(trade)
    assert [trade.the_order(each).lines[0].quantity_fulfilled for each in orders] == [1, 1]


async def test_a_shop_that_refuses_the_token_is_sent_nothing(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    becomes(trade, order_id, "CANCELLED")
    await read(trade)
    trade.shop.faults.revoke_token(trade.token)

    # when
    with pytest.raises(NeedsMerchant):
        await follow(trade)
    await follow(trade)

    # then
    assert trade.wires.mutations == []
    assert trade.the_order(order_id).status == "UNFULFILLED"
    row = await trade.row(order_id)
    assert (row.claim_token, row.due_at is not None) == (None, True)


async def test_a_store_that_is_switched_off_follows_nothing(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    becomes(trade, order_id, "CANCELLED")
    await read(trade)
    async with trade.lines.database.transaction() as session:
        await stores.set_store_status(session, trade.store_id, StoreStatus.INACTIVE)

    # when
    await follow(trade)

    # then
    assert trade.wires.mutations == []
    assert trade.the_order(order_id).status == "UNFULFILLED"


async def test_no_job_is_made_where_nothing_changed(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    jobs = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'follow_orders'"

    # when
    await read(trade)
    before = await trade.query(jobs)
    changes(trade, order_id, proceeds={"grandTotal": money("20.00", "USD")})
    await read(trade)

    # then
    assert (before, await trade.query(jobs)) == ([(0,)], [(1,)])
