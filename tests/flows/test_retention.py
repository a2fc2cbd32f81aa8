"""Buyer data ends 29 days after delivery: in the ledger at once, in the shop as soon as it can."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest

from saleor_amazon_app.core.choices import BuyerEmail, Customer
from saleor_amazon_app.entrypoints.worker import handlers
from saleor_amazon_app.flows.retention import (
    erase_due_buyers,
    start_due_erasures,
)
from saleor_amazon_app.flows.stores import disconnect
from saleor_amazon_app.jobs.queue import run_worker
from saleor_amazon_app.ledger import claims, stores
from saleor_amazon_app.simulators.saleor.schema.orders import Order
from saleor_amazon_app.simulators.saleor.schema.words import OrderStatus
from tests.flows.trading import (
    ALIAS,
    OpenTrade,
    Sent,
    Trade,
    goods,
    number_of,
    sale,
    unconfirming,
)
from tests.simulated_amazon import NOON

ORDER = number_of(1)
Tick = Callable[[Trade], Awaitable[None]]


@pytest.fixture
def tick(database_url: str) -> Tick:
    """What the clock starts each minute, worked off."""

    async def pass_by(trade: Trade) -> None:
        await erase_due_buyers(trade.lines)
        await start_due_erasures(trade.lines)
        await run_worker(database_url, handlers(trade.lines), until_idle=True)

    return pass_by


def personal(number: int = 1, **more: object) -> dict[str, object]:
    """A sale that tells much of its buyer, promised for tomorrow."""
    item = goods()
    item["fulfillment"]["packing"] = {"giftOption": {"giftMessage": "Happy birthday"}}
    window = {"deliverByWindow": {"latestDateTime": "2026-11-21T12:00:00Z"}}
    told = {"fulfillment": {"fulfillmentStatus": "UNSHIPPED", "fulfilledBy": "MERCHANT", **window}}
    return sale(number, [item], **told | more)


def in_shop(trade: Trade, order_id: str = ORDER) -> Order:
    order = trade.shop.state.by_reference(order_id)
    assert order is not None
    return order


def address_in(order: Order) -> tuple[str, ...]:
    """Billing and shipping are alike; what is written in them."""
    (one,) = {
        (
            each.first_name,
            each.last_name,
            each.company_name,
            each.street_address_1,
            each.street_address_2,
            each.city,
            each.country_area,
            each.postal_code,
            each.country.code,
            each.phone or "",
        )
        for each in (order.billing_address, order.shipping_address)
        if each
    }
    return one


ERASED = ("", "", "", "-", "", "SEATTLE", "WA", "-", "US", "")


async def buyers_left(trade: Trade) -> int:
    ((number,),) = await trade.query("SELECT count(*) FROM buyers")
    return int(number)


async def copies_left(trade: Trade) -> list[str]:
    rows = await trade.query("SELECT amazon_order_id FROM host_copies ORDER BY 1")
    return [order_id for (order_id,) in rows]


async def test_nothing_is_erased_a_minute_before_its_time(trade: Trade, tick: Tick) -> None:
    # given
    trade.sell(personal())
    await trade.sync()
    trade.wires.sent.clear()

    # when
    trade.clock.move(days=29 + 1, minutes=-1)
    await tick(trade)

    # then
    assert await buyers_left(trade) == 1
    assert trade.wires.sent == []
    assert address_in(in_shop(trade))[3] != "-"


async def test_a_buyer_is_erased_here_and_in_the_shop_and_the_order_stands(
    open_trade: OpenTrade, tick: Tick
) -> None:
    # given
    trade = await open_trade(buyer_email=BuyerEmail.UNDELIVERABLE)
    trade.sell(personal())
    await trade.sync()
    before = in_shop(trade)
    assert before.email == f"{ALIAS}.invalid"
    assert before.hidden["amazonGiftMessage.11"] == "Happy birthday"
    money = (before.total, before.status, before.charge_status)

    # when
    trade.clock.move(days=30)
    await tick(trade)

    # then
    after = in_shop(trade)
    assert address_in(after) == ERASED
    assert after.email == ""
    assert set(after.hidden.values()) == {""}
    assert after.public["amazonBuyerErased"] == "2026-12-20"
    assert after.public["amazonOrderId"] == ORDER
    assert (after.total, after.status, after.charge_status) == money
    assert await buyers_left(trade) == 0
    assert await copies_left(trade) == []
    assert [kind for kind, _ in await trade.told(ORDER)][-2:] == [
        "buyer_erased",
        "buyer_erased_in_shop",
    ]


async def test_erasing_twice_sends_nothing_twice(trade: Trade, tick: Tick) -> None:
    # given
    trade.sell(personal())
    await trade.sync()
    trade.clock.move(days=30)
    await tick(trade)
    trade.wires.sent.clear()

    # when
    await tick(trade)

    # then
    assert trade.wires.sent == []
    assert [kind for kind, _ in await trade.told(ORDER)].count("buyer_erased_in_shop") == 1


async def test_orders_that_are_not_in_the_shop_are_erased_here_alone(
    trade: Trade, tick: Tick
) -> None:
    # given: one held, one that ends before it was placed
    trade.sell(personal(1, fulfillment={"fulfillmentStatus": "CANCELLED"}))
    trade.sell(sale(2, [goods(sku="NOBODY-KNOWS")]))
    await trade.sync()
    assert await buyers_left(trade) == 2

    # when
    trade.clock.move(days=44)
    await tick(trade)

    # then
    assert await buyers_left(trade) == 0
    assert await copies_left(trade) == []
    assert "UpdateOrder" not in trade.wires.mutations


async def test_a_cancelled_order_is_erased_too(trade: Trade, tick: Tick) -> None:
    # given
    trade.sell(personal())
    await trade.sync()
    in_shop(trade).status = OrderStatus.CANCELED

    # when
    trade.clock.move(days=30)
    await tick(trade)

    # then
    assert address_in(in_shop(trade)) == ERASED
    assert in_shop(trade).status is OrderStatus.CANCELED


async def test_an_order_that_staff_never_confirmed_is_erased_all_the_same(
    open_trade: OpenTrade, tick: Tick
) -> None:
    trade = await open_trade(unconfirming())
    trade.sell(personal())
    await trade.sync()
    assert in_shop(trade).status is OrderStatus.UNCONFIRMED

    trade.clock.move(days=30)
    await tick(trade)

    assert address_in(in_shop(trade)) == ERASED


async def test_a_shop_that_is_away_is_asked_in_an_hour_and_the_ledger_does_not_wait(
    trade: Trade, tick: Tick
) -> None:
    # given
    trade.sell(personal())
    await trade.sync()
    trade.clock.move(days=30)

    async def away(sent: Sent) -> None:
        raise httpx.ConnectError("away")

    # when
    trade.wires.before = away
    await tick(trade)
    trade.wires.before = None
    trade.wires.sent.clear()
    trade.clock.move(minutes=59)
    await tick(trade)

    # then
    assert trade.wires.sent == []
    assert await buyers_left(trade) == 0
    assert await copies_left(trade) == [ORDER]
    assert address_in(in_shop(trade))[3] != "-"

    # when
    trade.clock.move(minutes=1)
    await tick(trade)

    # then
    assert address_in(in_shop(trade)) == ERASED
    assert await copies_left(trade) == []


async def test_a_reply_that_is_lost_is_asked_for_again(trade: Trade, tick: Tick) -> None:
    # given
    trade.sell(personal())
    await trade.sync()
    trade.clock.move(days=30)

    async def lost(sent: Sent) -> None:
        if sent.name == "UpdateOrder":
            trade.wires.after = None
            raise httpx.ReadError("lost")

    # when
    trade.wires.after = lost
    await tick(trade)

    # then
    assert await copies_left(trade) == [ORDER]
    trade.clock.move(hours=1)
    await tick(trade)
    assert await copies_left(trade) == []
    assert address_in(in_shop(trade)) == ERASED


async def test_a_customer_of_ours_goes_with_the_last_of_its_orders(
    open_trade: OpenTrade, tick: Tick
) -> None:
    # given: two orders of one buyer, the second of which ends later
    trade = await open_trade(customer=Customer.CREATE_OR_REUSE)
    later = {"deliverByWindow": {"latestDateTime": "2026-11-25T12:00:00Z"}}
    trade.sell(personal(1))
    trade.sell(
        personal(
            2, fulfillment={"fulfillmentStatus": "UNSHIPPED", "fulfilledBy": "MERCHANT", **later}
        )
    )
    await trade.sync()
    (user,) = trade.shop.state.users.values()
    assert [in_shop(trade, number_of(n)).user for n in (1, 2)] == [user, user]

    # when
    trade.clock.move(days=30)
    await tick(trade)

    # then
    assert list(trade.shop.state.users.values()) == [user]
    assert await copies_left(trade) == []
    assert trade.wires.mutations.count("DeleteCustomer") == 0

    # when
    trade.clock.move(days=4)
    await tick(trade)

    # then
    assert trade.shop.state.users == {}
    assert [in_shop(trade, number_of(n)).user for n in (1, 2)] == [None, None]
    assert [in_shop(trade, number_of(n)).email for n in (1, 2)] == ["", ""]


async def test_a_customer_who_is_not_tagged_is_left_alone(
    open_trade: OpenTrade, tick: Tick
) -> None:
    # given
    trade = await open_trade(customer=Customer.CREATE_OR_REUSE)
    trade.sell(personal())
    await trade.sync()
    (user,) = trade.shop.state.users.values()
    user.public.clear()

    # when
    trade.clock.move(days=30)
    await tick(trade)

    # then
    assert list(trade.shop.state.users.values()) == [user]
    assert await copies_left(trade) == []


async def test_a_foreign_order_under_the_number_is_left_alone(trade: Trade, tick: Tick) -> None:
    # given
    trade.sell(personal())
    await trade.sync()
    in_shop(trade).public.clear()

    # when
    trade.clock.move(days=30)
    await tick(trade)

    # then
    assert address_in(in_shop(trade))[3] != "-"
    assert await copies_left(trade) == []


async def test_an_order_that_another_worker_has_is_erased_later(trade: Trade, tick: Tick) -> None:
    # given
    trade.sell(personal())
    await trade.sync()
    trade.clock.move(days=30)
    async with trade.lines.database.transaction() as session:
        await claims.claim_these(session, trade.store_id, [ORDER], now=trade.clock())

    # when
    await tick(trade)

    # then
    assert address_in(in_shop(trade))[3] != "-"
    trade.clock.move(minutes=5)
    await tick(trade)
    assert address_in(in_shop(trade)) == ERASED
    assert (await trade.row(ORDER)).claim_token is None


async def test_what_the_shop_refuses_is_tried_again_the_next_day(trade: Trade, tick: Tick) -> None:
    # given: a draft with a payment can be neither edited nor deleted
    trade.sell(personal())
    await trade.sync()
    trade.clock.move(days=30)
    in_shop(trade).status = OrderStatus.DRAFT

    # when
    await tick(trade)

    # then
    assert await copies_left(trade) == [ORDER]
    in_shop(trade).status = OrderStatus.UNFULFILLED
    trade.clock.move(days=1)
    await tick(trade)
    assert address_in(in_shop(trade)) == ERASED


async def test_a_store_that_is_disconnected_leaves_no_buyer_here_and_ends_in_the_shop_in_time(
    trade: Trade, tick: Tick
) -> None:
    # given
    trade.sell(personal())
    await trade.sync()
    async with trade.lines.database.transaction() as session:
        store = await stores.store(session, trade.store_id)

    # when
    await disconnect(trade.lines, store)
    await tick(trade)

    # then: staff still ship the order
    assert await buyers_left(trade) == 0
    assert await copies_left(trade) == [ORDER]
    assert address_in(in_shop(trade))[3] != "-"

    # when
    trade.clock.move(days=30)
    await tick(trade)

    # then
    assert await copies_left(trade) == []
    assert address_in(in_shop(trade)) == ERASED


async def test_a_second_word_of_delivery_puts_nothing_off(trade: Trade) -> None:
    # given: delivered, then changed again some days later
    parcel = {"packageReferenceId": "1", "packageStatus": {"status": "DELIVERED"}}
    window = {"deliverByWindow": {"latestDateTime": "2026-11-30T12:00:00Z"}}
    told = {"fulfillment": {"fulfillmentStatus": "SHIPPED", "fulfilledBy": "MERCHANT", **window}}

    async def heard(days: int) -> timedelta:
        trade.clock.now = NOON + timedelta(days=days)
        trade.amazon.seller.orders.change(ORDER, {"packages": [parcel], **told})
        await trade.fetch_one(ORDER)
        ((erase_after,),) = await trade.query("SELECT erase_after FROM buyers")
        return timedelta(seconds=(erase_after - NOON).total_seconds())

    trade.sell(personal())
    await trade.fetch()

    # then
    assert await heard(1) == timedelta(days=30)
    assert await heard(4) == timedelta(days=30)
