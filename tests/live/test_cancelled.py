"""Orders that staff cancel in a real shop are cancelled at Amazon, if that can still be."""

import pytest

from saleor_amazon_app.saleor.event_records import EventKind
from tests.live.conftest import OpenJourney
from tests.live.host import Host, notes_of
from tests.live.sales import item, number, sale
from tests.live.shop import LiveShop
from tests.live.staff import Staff

UPS = "1Z999AA10123456784"
CANCELLED = EventKind.ORDER_CANCELLED


async def test_a_cancelled_order_is_cancelled_at_amazon_and_its_charge_reported_back(
    journey: OpenJourney, staff: Staff, shop: LiveShop, host: Host
) -> None:
    sku = await shop.product(stock=10)
    order = sale(item(sku, "30.00", quantity=3), item(sku, "4.00"))
    way = await journey(order)
    placed = await way.placed(order)

    await staff.cancel(placed)
    await way.hear(order, CANCELLED)
    assert await way.settle(order) == ["CONFIRMED"]
    await way.catch_up()
    await way.settle(order)

    assert way.cancelled_for(order) == "NoInventory"
    assert way.feeds == 1
    money = await way.money(placed)
    assert (money.status, money.charged, money.refunded) == ("NONE", "0", "34")
    assert len(money.references) == len(set(money.references)) == 1
    shown = await host.order(number(order))
    assert shown["status"] == "CANCELED"
    assert (await host.stock(sku)).free == 10
    assert "Amazon cancelled this order, as was asked from here." in notes_of(shown)
    await way.nothing_is_sent_again(order)


@pytest.mark.parametrize("first", ["cancelled", "asked back"])
async def test_a_cancelled_order_whose_money_staff_ask_back_gives_it_back_once(
    journey: OpenJourney, staff: Staff, everyday: str, first: str
) -> None:
    order = sale(item(everyday))
    way = await journey(order)
    placed = await way.placed(order)

    if first == "cancelled":
        await staff.cancel(placed)
        await staff.pay_back(placed, None)
    else:
        await staff.pay_back(placed, None)
        await staff.cancel(placed)
    await way.hear(order, CANCELLED, EventKind.TRANSACTION_REFUND_REQUESTED)
    await way.settle(order)
    await way.catch_up()
    await way.settle(order)

    assert way.cancelled_for(order) == "NoInventory"
    assert way.paid_back(order) == {}
    money = await way.money(placed)
    assert (money.status, money.charged, money.refunded, money.pending) == ("NONE", "0", "10", "0")
    assert [outcome[0] for outcome in money.outcomes].count("REFUND_SUCCESS") == 1
    await way.nothing_is_sent_again(order)
    assert await way.money(placed) == money


async def test_the_reason_that_staff_chose_is_told(
    journey: OpenJourney, staff: Staff, everyday: str
) -> None:
    order = sale(item(everyday))
    way = await journey(order)
    placed = await way.placed(order)

    await staff.write_down(placed["id"], amazonCancelReason="PricingError")
    await staff.cancel(placed)
    await way.hear(order, CANCELLED)
    await way.settle(order)

    assert way.cancelled_for(order) == "PricingError"


async def test_the_buyers_wish_is_the_reason(
    journey: OpenJourney, staff: Staff, everyday: str
) -> None:
    order = sale(item(everyday))
    way = await journey(order)
    placed = await way.placed(order)
    way.store.amazon.seller.deeds.ask_to_cancel(number(order))
    await way.catch_up()

    await staff.cancel(placed)
    await way.hear(order, CANCELLED)
    await way.settle(order)

    assert way.cancelled_for(order) == "BuyerCanceled"
    assert way.misdeeds == []


async def test_an_order_that_left_meanwhile_is_not_cancelled(
    journey: OpenJourney, staff: Staff, host: Host, everyday: str
) -> None:
    one = item(everyday)
    order = sale(one)
    way = await journey(order)
    placed = await way.placed(order)
    fulfilment = await staff.fulfil(placed, 1, number=UPS)
    await way.hear(order, EventKind.FULFILLMENT_CREATED)
    await way.shipped(order)

    await staff.call_back(fulfilment)
    await staff.cancel(placed)
    await way.hear(order, CANCELLED)
    await way.settle(order)

    ((state, words),) = await way.ended(order, "CANCELLATION")
    assert state == "REFUSED"
    assert "Amazon cancels only what is unshipped" in (words or "")
    assert words in notes_of(await host.order(number(order)))
    assert way.feeds == 0
    assert (await way.money(placed)).status == "FULL"
    await way.nothing_is_sent_again(order)


async def test_amazons_refusal_is_told_in_its_words(
    journey: OpenJourney, staff: Staff, host: Host, everyday: str
) -> None:
    order = sale(item(everyday))
    way = await journey(order)
    placed = await way.placed(order)
    way.store.amazon.seller.feeds.refuse_next_message("The order is being shipped.")

    await staff.cancel(placed)
    await way.hear(order, CANCELLED)

    assert await way.settle(order) == ["REFUSED"]
    assert notes_of(await host.order(number(order)))[-1] == (
        "Amazon refused to cancel this order: The order is being shipped."
    )
    assert way.cancelled_for(order) is None
    assert (await way.money(placed)).status == "FULL"


async def test_a_cancelled_rest_is_not_cancelled_at_amazon(
    journey: OpenJourney, staff: Staff, host: Host, everyday: str
) -> None:
    order = sale(item(everyday, "20.00", quantity=2))
    way = await journey(order)
    placed = await way.placed(order)
    fulfilment = await staff.fulfil(placed, 1, number=UPS)
    await way.hear(order, EventKind.FULFILLMENT_CREATED)
    await way.shipped(order)

    await staff.call_back(fulfilment)
    await staff.cancel(placed)
    await way.hear(order, CANCELLED)
    await way.settle(order)

    ((state, words),) = await way.ended(order, "CANCELLATION")
    assert state == "REFUSED"
    assert "PARTIALLY_SHIPPED" in (words or "")
    assert way.feeds == 0
    assert (await host.order(number(order)))["status"] == "CANCELED"


async def test_many_orders_cancelled_together_are_one_feed(
    journey: OpenJourney, staff: Staff, everyday: str
) -> None:
    orders = [sale(item(everyday)) for _ in range(4)]
    way = await journey(*orders)
    await way.store.sync()
    for order in orders:
        await staff.cancel(await way.host.order(number(order)))

    for order in orders:
        await way.hear(order, CANCELLED)
    for order in orders:
        assert await way.settle(order) == ["CONFIRMED"]

    assert way.feeds == 1
    assert way.misdeeds == []
