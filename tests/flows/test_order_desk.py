"""What staff do to one order from our pages; each deed twice, and each refusal without a trace."""

import pytest

from saleor_amazon_app.core.errors import NeedsMerchant
from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.flows import order_desk
from saleor_amazon_app.ledger.stores import StoreStatus
from saleor_amazon_app.simulators.amazon import Operation
from tests.flows.changing import catch_up, placed, staff_cancel
from tests.flows.leaving import (
    at_amazon,
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
from tests.flows.staff import ADA, done_by_staff, everything, shop_of, store_of
from tests.flows.test_shipments_out_asked import open_until
from tests.flows.trading import Trade, goods, number_of, sale

NUMBER = "1Z999AA10123456784"


async def retry(trade: Trade, order_id: AmazonOrderId) -> None:
    await order_desk.retry(trade.lines, await store_of(trade), order_id, by=ADA)


async def approve(trade: Trade, order_id: AmazonOrderId) -> None:
    await order_desk.approve_shipment(trade.lines, await store_of(trade), order_id, by=ADA)


async def held_order(trade: Trade) -> AmazonOrderId:
    order_id = trade.sell(sale(items=[goods(sku="NEW-1")]))
    await catch_up(trade)
    assert (await trade.row(order_id)).import_state == "HELD"
    return order_id


async def test_a_held_order_is_looked_at_again_at_once_and_a_second_time_does_no_harm(
    trade: Trade,
) -> None:
    # given
    order_id = await held_order(trade)
    # when
    await retry(trade, order_id)
    await retry(trade, order_id)
    # then
    assert (await trade.row(order_id)).due_at == trade.clock()
    words = ("retry_asked", f"{ADA} had the order looked at again.")
    assert await done_by_staff(trade, order_id) == [words, words]
    rows = await trade.query(
        f"SELECT count(*) FROM procrastinate_jobs WHERE queueing_lock = 'place:{trade.store_id}' "
        "AND status = 'todo'"
    )
    assert rows == [(1,)]


async def test_an_order_that_is_placed_meanwhile_is_left_as_it_is(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    before = await everything(trade)
    # when
    await retry(trade, order_id)
    # then
    assert await everything(trade) == before


@pytest.mark.parametrize("case", ["skipped", "unknown", "switched off"])
async def test_what_cannot_be_retried_is_refused_in_words(trade: Trade, case: str) -> None:
    # given
    waiting = {"fulfillmentStatus": "PENDING", "fulfilledBy": "MERCHANT"}
    order_id = trade.sell(sale(fulfillment=waiting))
    await catch_up(trade)
    if case == "unknown":
        order_id = number_of(99)
    if case == "switched off":
        await trade.switch(StoreStatus.INACTIVE)
    before = await everything(trade)
    # when
    with pytest.raises(NeedsMerchant) as refused:
        await retry(trade, order_id)
    # then
    assert (
        refused.value.key
        == {
            "skipped": "order-not-held",
            "unknown": "order-unknown",
            "switched off": "store-not-active",
        }[case]
    )
    assert await everything(trade) == before


async def waiting_for_staff(trade: Trade) -> AmazonOrderId:
    """A parcel that was packed before the buyer asked to cancel."""
    order_id = await open_until(trade, trade.clock().replace(hour=23))
    fulfillment = fulfil(trade, order_id, "", l0=2)
    await plan(trade, order_id)
    trade.clock.move(minutes=1)
    trade.amazon.seller.deeds.ask_to_cancel(order_id)
    await catch_up(trade)
    renumber(trade, fulfillment, NUMBER)
    await report(trade, order_id)
    assert await states(trade, order_id) == ["WAITING"]
    return order_id


async def test_staff_let_a_parcel_go_although_the_buyer_asks_to_cancel(trade: Trade) -> None:
    # given
    order_id = await waiting_for_staff(trade)
    # when
    await approve(trade, order_id)
    await approve(trade, order_id)
    await report(trade, order_id)
    await approve(trade, order_id)
    await report(trade, order_id)
    # then
    assert await states(trade, order_id) == ["ACCEPTED"]
    assert confirmations(trade) == 1
    assert [number for _, number, _ in at_amazon(trade, order_id)] == [NUMBER]
    assert trade.notes(order_id)[-1] == (
        "The buyer asks to cancel, but staff let the parcel go: Amazon was told of the parcel "
        f"{NUMBER}."
    )
    assert await done_by_staff(trade, order_id) == [
        ("shipment_approved", f"{ADA} let the parcels go although the buyer asks to cancel.")
    ]


@pytest.mark.parametrize("is_asked", [True, False])
async def test_there_is_nothing_to_approve_where_no_parcel_waits_for_it(
    trade: Trade, is_asked: bool
) -> None:
    # given
    order_id = await placed(trade, sale())
    if is_asked:
        trade.amazon.seller.deeds.ask_to_cancel(order_id)
        await catch_up(trade)
    before = await everything(trade)
    # when
    with pytest.raises(NeedsMerchant, match="No parcel") as refused:
        await approve(trade, order_id)
    # then
    assert refused.value.what_to_do == "Fulfil the order in Saleor to ship it."
    assert await everything(trade) == before


async def refused_cancellation(trade: Trade) -> AmazonOrderId:
    """A cancellation that Amazon's feed refused."""
    order_id = await placed(trade, sale())
    trade.amazon.faults.fail_next(operation=Operation.CREATE_FEED)
    staff_cancel(trade, order_id)
    await report(trade, order_id)
    trade.clock.move(minutes=1)
    await work(trade)
    assert await states(trade, order_id) == ["UNKNOWN"]
    return order_id


async def test_what_may_not_have_arrived_is_sent_again_once(trade: Trade) -> None:
    # given
    order_id = await refused_cancellation(trade)
    shop, row = await shop_of(trade), await the_row(trade, order_id)
    # when
    await order_desk.send_again(trade.lines, shop, row.id, by=ADA)
    await order_desk.send_again(trade.lines, shop, row.id, by=ADA)
    # then
    assert await states(trade, order_id) == ["PLANNED"]
    assert await done_by_staff(trade, order_id) == [
        ("sending_asked", f"{ADA} had the cancellation told to Amazon again.")
    ]
    # when
    await until_quiet(trade)
    await catch_up(trade)
    await work(trade)
    # then
    assert await states(trade, order_id) == ["CONFIRMED"]


async def test_what_waits_for_something_else_is_not_sent(trade: Trade) -> None:
    # given
    order_id = await waiting_for_staff(trade)
    shop, row = await shop_of(trade), await the_row(trade, order_id)
    before = await everything(trade)
    # when
    with pytest.raises(NeedsMerchant, match="The buyer asked to cancel"):
        await order_desk.send_again(trade.lines, shop, row.id, by=ADA)
    # then
    assert await everything(trade) == before


async def test_another_shops_message_is_unknown(trade: Trade) -> None:
    # given
    order_id = await refused_cancellation(trade)
    row, shop = await the_row(trade, order_id), await shop_of(trade)
    shop.id = type(shop.id)(int=1)
    before = await everything(trade)
    # when
    with pytest.raises(NeedsMerchant) as refused:
        await order_desk.send_again(trade.lines, shop, row.id, by=ADA)
    # then
    assert (refused.value.key, refused.value.field) == ("outbox-unknown", "id")
    assert await everything(trade) == before
