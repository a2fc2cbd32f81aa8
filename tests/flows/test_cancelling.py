"""Staff cancel an order from our pages with a reason of their choice."""

import pytest

from saleor_amazon_app.core.choices import CancelReason
from saleor_amazon_app.core.errors import NeedsMerchant
from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.flows.cancelling import cancel
from tests.flows.changing import becomes, catch_up, host_order, placed, staff_cancel
from tests.flows.leaving import feeds_handed_in, fulfil, hear, plan, states, until_quiet, work
from tests.flows.staff import ADA, done_by_staff, everything, shop_of, store_of
from tests.flows.trading import Trade, goods, sale

PRICE = CancelReason.PRICING_ERROR
BUYER = CancelReason.BUYER_CANCELED


async def cancelled(trade: Trade, order_id: AmazonOrderId, reason: CancelReason = PRICE) -> None:
    shop, store = await shop_of(trade), await store_of(trade)
    await cancel(trade.lines, shop, store, order_id, reason, by=ADA)


async def refusal(
    trade: Trade, order_id: AmazonOrderId, reason: CancelReason = PRICE
) -> NeedsMerchant:
    """A refusal, after which nothing was written or sent."""
    before, sent = await everything(trade), len(trade.wires.mutations)
    with pytest.raises(NeedsMerchant) as refused:
        await cancelled(trade, order_id, reason)
    assert await everything(trade) == before
    assert len(trade.wires.mutations) == sent
    return refused.value


async def seen_through(trade: Trade) -> None:
    await until_quiet(trade)
    await catch_up(trade)
    await work(trade)


async def test_an_order_is_cancelled_here_and_at_amazon_with_the_chosen_reason(
    trade: Trade,
) -> None:
    # given
    order_id = await placed(trade, sale())
    # when
    await cancelled(trade, order_id)
    await cancelled(trade, order_id)
    await plan(trade, order_id)
    await cancelled(trade, order_id)
    await seen_through(trade)
    await cancelled(trade, order_id)
    # then
    assert host_order(trade, order_id).status.name == "CANCELED"
    assert trade.amazon.seller.deeds.cancellations[order_id].reason == "PricingError"
    assert await states(trade, order_id) == ["CONFIRMED"]
    assert feeds_handed_in(trade) == 1
    assert await done_by_staff(trade, order_id) == [
        ("cancellation_asked", f"{ADA} cancelled the order (PricingError).")
    ]
    assert trade.wires.mutations.count("CancelOrder") == 1


async def test_a_held_order_is_cancelled_at_amazon_alone(trade: Trade) -> None:
    # given
    order_id = trade.sell(sale(items=[goods(sku="NEW-1")]))
    await catch_up(trade)
    # when
    await cancelled(trade, order_id, CancelReason.NO_INVENTORY)
    await cancelled(trade, order_id, CancelReason.NO_INVENTORY)
    await seen_through(trade)
    # then
    assert trade.amazon.seller.deeds.cancellations[order_id].reason == "NoInventory"
    assert await states(trade, order_id) == ["CONFIRMED"]
    assert feeds_handed_in(trade) == 1
    assert (await trade.standing(order_id))[0] == "SKIPPED"
    assert trade.booked(order_id) == []
    assert await done_by_staff(trade, order_id) == [
        ("cancellation_asked", f"{ADA} had the order cancelled at Amazon (NoInventory).")
    ]


async def test_while_the_buyer_asks_only_the_buyer_can_be_named(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    trade.amazon.seller.deeds.ask_to_cancel(order_id)
    await catch_up(trade)
    # when
    refused = await refusal(trade, order_id)
    await cancelled(trade, order_id, BUYER)
    await plan(trade, order_id)
    await seen_through(trade)
    # then
    assert (refused.key, refused.field) == ("cancel-reason", "reason")
    assert str(refused) == (
        "The buyer asks to cancel this order: choose that the buyer cancelled it."
    )
    assert trade.amazon.seller.deeds.cancellations[order_id].reason == "BuyerCanceled"


async def test_the_buyer_is_not_named_without_a_wish(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    # when
    refused = await refusal(trade, order_id, BUYER)
    # then
    assert refused.field == "reason"


async def test_what_left_is_not_cancelled(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    fulfil(trade, order_id, "", l0=1)
    # when
    refused = await refusal(trade, order_id)
    # then
    assert refused.key == "saleor-cannot-cancel"
    assert refused.what_to_do == (
        "Cancel its fulfilments in Saleor first, then cancel the order again."
    )


@pytest.mark.parametrize(
    ("status", "by", "words"),
    [
        ("PENDING", "MERCHANT", "Amazon cancels only what is unshipped, and this order is PENDING"),
        ("SHIPPED", "MERCHANT", "Amazon cancels only what is unshipped, and this order is SHIPPED"),
        ("UNSHIPPED", "AMAZON", "Amazon ships it itself"),
    ],
)
async def test_amazon_cancels_only_what_the_merchant_has_not_shipped(
    trade: Trade, status: str, by: str, words: str
) -> None:
    # given
    order_id = trade.sell(sale(fulfillment={"fulfillmentStatus": status, "fulfilledBy": by}))
    await catch_up(trade)
    # when
    refused = await refusal(trade, order_id)
    # then
    assert refused.message == f"The order {order_id} cannot be cancelled from here: {words}."
    assert refused.what_to_do == "Settle it in Seller Central."


async def test_an_order_cancelled_at_amazon_already_is_left_alone(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    becomes(trade, order_id, "CANCELLED")
    await catch_up(trade)
    before = await everything(trade)
    # when
    await cancelled(trade, order_id)
    # then
    assert await everything(trade) == before


async def test_an_order_staff_cancelled_in_saleor_is_still_told_to_amazon_once(
    trade: Trade,
) -> None:
    # given
    order_id = await placed(trade, sale())
    staff_cancel(trade, order_id)
    # when
    await cancelled(trade, order_id)
    await hear(trade)
    # then
    assert await states(trade, order_id) == ["PLANNED"]
    assert trade.wires.mutations == []
