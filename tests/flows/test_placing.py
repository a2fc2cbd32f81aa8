"""Amazon orders become host orders: every way in which an order can be good."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from saleor_amazon_app.core.choices import BuyerEmail, Customer, NewOrderStatus
from saleor_amazon_app.simulators.amazon import Operation
from saleor_amazon_app.simulators.saleor import Seed, default_seed
from saleor_amazon_app.simulators.saleor.seed import (
    CustomerSeed,
    ProductListingSeed,
    ProductSeed,
    VariantSeed,
)
from saleor_amazon_app.simulators.saleor.state import Shop
from tests.flows.trading import ALIAS, US_SHELF, OpenTrade, Sent, Trade, goods, number_of, sale
from tests.simulated_amazon import NOON
from tests.unit.amazon_orders import DE, GB, JP

UNDELIVERABLE = ALIAS + ".invalid"


def _unconfirming() -> Seed:
    seed = default_seed()
    first, *others = seed.channels
    manual = replace(first, automatically_confirm_all_new_orders=False)
    return replace(seed, channels=(manual, *others))


def _mail_of(shop: Shop) -> list[str]:
    return [entry.detail for entry in shop.journal if entry.event == "EMAIL"]


async def test_a_paid_order_is_placed_paid_and_its_stock_kept(trade: Trade) -> None:
    # given
    order_id = trade.sell(sale())

    # when
    await trade.sync()

    # then
    order = trade.the_order(order_id)
    assert (order.status, order.charge_status, order.channel) == (
        "UNFULFILLED",
        "FULL",
        "default-channel",
    )
    assert (order.total_gross, order.total_net, order.shipping_gross) == (
        Decimal("20.00"),
        Decimal("20.00"),
        Decimal("0.00"),
    )
    assert order.created == NOON.replace(hour=8)
    (line,) = order.lines
    assert (line.sku, line.quantity, line.allocations) == ("MUG-1", 2, {US_SHELF: 2})
    (payment,) = order.transactions
    assert (payment.name, payment.psp_reference, payment.charged, payment.app) == (
        "Amazon",
        order_id,
        Decimal("20.00"),
        "saleor.amazon",
    )
    assert trade.free() == 998
    assert order.user_email is None
    assert trade.announced(order_id) == [
        "ORDER_BULK_CREATED",
        "ORDER_CREATED",
        "ORDER_CONFIRMED",
        "ORDER_PAID",
        "ORDER_FULLY_PAID",
        "ORDER_UPDATED",
    ]


async def test_what_became_of_an_order_is_written_down(trade: Trade) -> None:
    # given
    order_id = trade.sell(sale())

    # when
    await trade.sync()

    # then
    row, order = await trade.row(order_id), trade.the_order(order_id)
    assert (row.import_state, row.reasons, row.due_at) == ("PLACED", [], None)
    assert (row.saleor_order_id, row.saleor_order_number) == (order.id, order.number)
    assert (row.saleor_total_gross, row.totals_equal) == (Decimal("20.00"), True)
    assert list(row.saleor_lines or {}) == ["11"]
    assert (row.claim_token, row.claimed_until, row.attempts) == (None, None, 0)
    assert await trade.told(order_id) == [
        ("order_seen", "UNSHIPPED"),
        ("order_placed", "Placed as Saleor order 1"),
    ]


async def test_an_order_that_was_placed_is_left_alone(trade: Trade) -> None:
    # given
    trade.sell(sale())
    await trade.sync()
    before = trade.shop.book()
    trade.wires.sent.clear()

    # when
    await trade.later(minutes=5)
    await trade.later(minutes=5)

    # then
    assert trade.shop.book() == before
    assert trade.wires.names == ["/orders/2026-01-01/orders"] * 2


async def test_every_charge_finds_its_place(trade: Trade) -> None:
    # given
    charges = {
        "ITEM": "20.00",
        "SHIPPING": "4.99",
        "GIFT_WRAP": "3.00",
        "COD_FEE": "1.50",
        "DISCOUNT": ("2.00", {"ITEM": "2.00"}),
        "TAX": ("2.10", {"ITEM": "1.80", "GIFT_WRAP": "0.30"}),
    }
    tip = {"DELIVERY_TIP": "1.00"}
    order_id = trade.sell(
        sale(items=[goods("29.59", kinds=charges)], grand_total="30.59", kinds=tip)
    )

    # when
    await trade.sync()

    # then
    order = trade.the_order(order_id)
    (line,) = order.lines
    assert (line.gross, line.net) == (Decimal("23.10"), Decimal("21.00"))
    assert (order.shipping_gross, order.shipping_net) == (Decimal("7.49"), Decimal("7.49"))
    assert order.total_gross == Decimal("30.59")
    assert [payment.charged for payment in order.transactions] == [Decimal("30.59")]
    assert (await trade.row(order_id)).totals_equal is True


async def test_yen_have_no_fractions(trade: Trade) -> None:
    # given
    item = goods("5980", sku="TEA-1", quantity=3, currency="JPY")
    tokyo = {
        "name": "見本 太郎",
        "addressLine1": "丸の内1-1-1",
        "stateOrRegion": "東京都",
        "postalCode": "100-0005",
        "countryCode": "JP",
    }
    order_id = trade.sell(sale(items=[item], grand_total="5980", marketplace=JP, address=tokyo))

    # when
    await trade.sync()

    # then
    order = trade.the_order(order_id)
    assert (order.channel, order.currency) == ("jp", "JPY")
    assert order.total_gross == order.transactions[0].charged == Decimal(5980)
    assert (await trade.row(order_id)).saleor_total_gross == Decimal(5980)


async def test_all_marketplaces_of_a_store_are_read_in_one_call(trade: Trade) -> None:
    # given
    london = {
        "addressLine1": "1 High Street",
        "city": "London",
        "postalCode": "SW1A 1AA",
        "countryCode": "GB",
    }
    berlin = {
        "addressLine1": "Hauptstr. 1",
        "city": "Berlin",
        "postalCode": "10115",
        "countryCode": "DE",
    }
    trade.sell(sale(1))
    trade.sell(sale(2, [goods(currency="GBP")], marketplace=GB, address=london))
    trade.sell(sale(3, [goods(currency="EUR")], marketplace=DE, address=berlin))

    # when
    await trade.sync()

    # then
    assert trade.amazon.calls[Operation.SEARCH_ORDERS] == 1
    orders = [trade.the_order(number_of(number)) for number in (1, 2, 3)]
    assert [(order.channel, order.currency) for order in orders] == [
        ("default-channel", "USD"),
        ("uk", "GBP"),
        ("de", "EUR"),
    ]


async def test_what_left_of_a_partly_shipped_order_is_fulfilled(trade: Trade) -> None:
    # given
    parcel = {
        "packageReferenceId": "1",
        "packageStatus": {"status": "SHIPPED"},
        "trackingNumber": "1Z999",
        "packageItems": [{"orderItemId": "11", "quantity": 1}],
    }
    items = [goods(id="11", gone=1), goods("25.00", id="12", sku="TEA-1", quantity=1)]
    order_id = trade.sell(
        sale(items=items, grand_total="45.00", status="PARTIALLY_SHIPPED", packages=[parcel])
    )

    # when
    await trade.sync()

    # then
    order = trade.the_order(order_id)
    assert (order.status, order.charge_status) == ("PARTIALLY_FULFILLED", "FULL")
    assert order.fulfillments == (("1Z999", "FULFILLED"),)
    assert {line.sku: line.quantity_fulfilled for line in order.lines} == {"MUG-1": 1, "TEA-1": 0}
    assert {line.sku: line.allocations for line in order.lines} == {
        "MUG-1": {US_SHELF: 1},
        "TEA-1": {US_SHELF: 1},
    }
    assert trade.wires.mutations == [
        "DraftOrders",
        "CompleteDraft",
        "CreateTransaction",
        "FulfillOrder",
    ]


async def test_where_only_the_open_units_are_left_nothing_is_reserved(trade: Trade) -> None:
    # given
    trade.leave(1)
    order_id = trade.sell(sale(items=[goods(gone=1)], status="PARTIALLY_SHIPPED"))

    # when
    await trade.sync()

    # then
    order = trade.the_order(order_id)
    assert (order.status, order.charge_status) == ("PARTIALLY_FULFILLED", "FULL")
    assert order.lines[0].quantity_fulfilled == 1
    assert order.lines[0].allocations == {}
    assert trade.free() == 1
    (note,) = trade.notes(order_id)
    assert note is not None
    assert note.endswith("Saleor reserves nothing for it. Ship it soon or raise the stock.")


async def test_stock_sold_in_the_same_second_leaves_nothing_reserved_either(trade: Trade) -> None:
    # given
    order_id = trade.sell(sale(items=[goods(gone=1)], status="PARTIALLY_SHIPPED"))

    async def sell_elsewhere(sent: Sent) -> None:
        if sent.name == "CompleteDraft":
            trade.leave(1)

    trade.wires.before = sell_elsewhere

    # when
    await trade.sync()

    # then
    order = trade.the_order(order_id)
    assert (order.status, order.charge_status) == ("PARTIALLY_FULFILLED", "FULL")
    assert order.lines[0].allocations == {}
    assert len(trade.notes(order_id)) == 1
    assert (await trade.row(order_id)).import_state == "PLACED"


async def test_where_fulfilments_wait_for_approval_the_app_approves_its_own(
    open_trade: OpenTrade,
) -> None:
    # given
    seed = default_seed()
    careful = replace(seed, shop=replace(seed.shop, fulfillment_auto_approve=False))
    trade = await open_trade(careful)
    order_id = trade.sell(sale(items=[goods(gone=1)], status="PARTIALLY_SHIPPED"))

    # when
    await trade.sync()

    # then
    order = trade.the_order(order_id)
    assert (order.status, order.fulfillments) == ("PARTIALLY_FULFILLED", (("", "FULFILLED"),))


async def test_goods_that_left_the_shelf_leave_the_stock(trade: Trade) -> None:
    # given
    order_id = trade.sell(sale(items=[goods(gone=2)], status="SHIPPED"))

    # when
    await trade.sync()

    # then
    order = trade.the_order(order_id)
    assert (order.status, order.charge_status) == ("FULFILLED", "FULL")
    assert order.fulfillments == (("", "FULFILLED"),)
    assert trade.free() == 998
    assert trade.notes(order_id) == []
    assert trade.wires.mutations == ["DraftOrders", "CreateTransaction"]


@pytest.mark.parametrize("is_sold_at_last", [False, True])
async def test_goods_that_are_not_in_stock_any_more_are_noted(
    trade: Trade, is_sold_at_last: bool
) -> None:
    # given
    order_id = trade.sell(sale(items=[goods(gone=2)], status="SHIPPED"))

    async def sell_elsewhere(sent: Sent) -> None:
        if sent.name == "DraftOrders":
            trade.leave(1)

    if is_sold_at_last:
        trade.wires.before = sell_elsewhere
    else:
        trade.leave(1)

    # when
    await trade.sync()

    # then
    assert trade.the_order(order_id).status == "FULFILLED"
    assert trade.free() == 1
    (note,) = trade.notes(order_id)
    assert note is not None
    assert note.endswith("the stock was not changed.")


async def test_goods_that_left_before_the_store_was_connected_are_not_counted(
    open_trade: OpenTrade,
) -> None:
    # given
    long_ago = NOON - timedelta(days=9)
    trade = await open_trade(import_orders_since=long_ago)
    order_id = trade.sell(sale(items=[goods(gone=2)], status="SHIPPED", bought=long_ago))

    # when
    await trade.sync()

    # then
    assert trade.the_order(order_id).status == "FULFILLED"
    assert trade.free() == 1000
    assert trade.notes(order_id) == []


async def test_an_order_that_amazon_ships_never_touches_stock(trade: Trade) -> None:
    # given
    trade.leave(0)
    town = {"city": "Seattle", "stateOrRegion": "WA", "countryCode": "US"}
    order_id = trade.sell(
        sale(items=[goods(gone=2)], status="SHIPPED", fulfilled_by="AMAZON", address=town)
    )

    # when
    await trade.sync()

    # then
    order = trade.the_order(order_id)
    assert (order.status, order.charge_status) == ("FULFILLED", "FULL")
    assert trade.free() == 0
    kept = trade.shop.state.by_reference(order_id)
    assert kept is not None
    assert kept.shipping_address is not None
    assert kept.shipping_address.street_address_1 == "Fulfilled by Amazon"
    assert "ORDER_CREATED" not in trade.announced(order_id)


async def test_a_free_replacement_is_placed_at_nothing(trade: Trade) -> None:
    # given
    replaced = {"orderId": "111-9999999-9999999", "associationType": "REPLACEMENT_ORIGINAL_ID"}
    free = goods("0.00", kinds={"ITEM": "0.00"})
    order_id = trade.sell(sale(items=[free], grand_total="0.00", associatedOrders=[replaced]))

    # when
    await trade.sync()

    # then
    order = trade.the_order(order_id)
    assert (order.status, order.charge_status) == ("UNFULFILLED", "FULL")
    assert order.total_gross == Decimal("0.00")
    assert order.metadata["amazonReplaces"] == "111-9999999-9999999"
    assert trade.free() == 998


@pytest.mark.parametrize(
    ("chosen", "status", "mutations"),
    [
        (NewOrderStatus.UNCONFIRMED, "UNCONFIRMED", ["CompleteDraft", "CreateTransaction"]),
        (
            NewOrderStatus.CONFIRMED,
            "UNFULFILLED",
            ["CompleteDraft", "ConfirmOrder", "CreateTransaction"],
        ),
    ],
)
async def test_where_the_channel_does_not_confirm_the_merchant_chooses(
    open_trade: OpenTrade, chosen: NewOrderStatus, status: str, mutations: list[str]
) -> None:
    # given
    trade = await open_trade(_unconfirming(), new_order_status=chosen)
    order_id = trade.sell(sale())

    # when
    await trade.sync()

    # then
    order = trade.the_order(order_id)
    assert (order.status, order.charge_status) == (status, "FULL")
    assert trade.wires.mutations == ["DraftOrders", *mutations]
    assert _mail_of(trade.shop.state) == []


async def test_a_partly_shipped_order_is_confirmed_whatever_was_chosen(
    open_trade: OpenTrade,
) -> None:
    # given
    trade = await open_trade(_unconfirming())
    order_id = trade.sell(sale(items=[goods(gone=1)], status="PARTIALLY_SHIPPED"))

    # when
    await trade.sync()

    # then
    assert trade.the_order(order_id).status == "PARTIALLY_FULFILLED"
    assert "ORDER_CONFIRMED" in trade.announced(order_id)


async def test_a_customer_is_made_once_and_found_again(open_trade: OpenTrade) -> None:
    # given
    trade = await open_trade(customer=Customer.CREATE_OR_REUSE)
    trade.sell(sale(1))
    trade.sell(sale(2))
    await trade.sync()
    trade.sell(sale(3, bought=NOON))

    # when
    await trade.later(minutes=5)

    # then
    (user,) = trade.shop.state.users.values()
    assert user.email == UNDELIVERABLE
    orders = [trade.shop.state.by_reference(number_of(number)) for number in (1, 2, 3)]
    assert [order.user.id for order in orders if order and order.user] == [user.id] * 3
    assert trade.wires.mutations.count("CreateCustomer") == 1


@pytest.mark.parametrize(
    ("chosen", "email"),
    [
        (BuyerEmail.NONE, None),
        (BuyerEmail.UNDELIVERABLE, UNDELIVERABLE),
        (BuyerEmail.AMAZON_ALIAS, ALIAS),
    ],
)
async def test_a_guest_has_the_address_the_merchant_chose(
    open_trade: OpenTrade, chosen: BuyerEmail, email: str | None
) -> None:
    # given
    trade = await open_trade(buyer_email=chosen)
    order_id = trade.sell(sale())

    # when
    await trade.sync()

    # then
    order = trade.shop.state.by_reference(order_id)
    assert order is not None
    assert (order.user, order.email or None) == (None, email)
    assert order.hidden["amazonBuyerAlias"] == ALIAS


async def test_a_guest_whose_address_a_customer_has_goes_without(open_trade: OpenTrade) -> None:
    # given
    seed = replace(default_seed(), customers=(CustomerSeed(email=ALIAS),))
    trade = await open_trade(seed, buyer_email=BuyerEmail.AMAZON_ALIAS)
    order_id = trade.sell(sale())

    # when
    await trade.sync()

    # then
    order = trade.shop.state.by_reference(order_id)
    assert order is not None
    assert (order.user, order.email) == (None, "")
    assert _mail_of(trade.shop.state) == []


async def test_the_placeholder_stands_in_for_unknown_goods(open_trade: OpenTrade) -> None:
    # given
    stand_in = ProductSeed(
        slug="stand-in",
        name="Amazon item",
        listings=(ProductListingSeed(channel="default-channel"),),
        variants=(
            VariantSeed(
                sku="STAND-IN",
                track_inventory=False,
                prices={"default-channel": Decimal(1)},
                stocks={US_SHELF: 0},
            ),
        ),
    )
    seed = default_seed()
    trade = await open_trade(
        replace(seed, products=(*seed.products, stand_in)),
        unknown_sku="PLACEHOLDER",
        placeholder_sku="STAND-IN",
    )
    order_id = trade.sell(sale(items=[goods(sku="NOBODY-HAS-THIS")]))

    # when
    await trade.sync()

    # then
    order = trade.the_order(order_id)
    assert [line.sku for line in order.lines] == ["STAND-IN"]
    assert order.total_gross == Decimal("20.00")
    sold = trade.shop.state.by_reference(order_id)
    assert sold is not None
    assert sold.lines[0].product_sku == "NOBODY-HAS-THIS"


async def test_a_total_that_the_host_changed_is_never_passed_over(trade: Trade) -> None:
    # given
    order_id = trade.sell(sale(items=[goods("10.00", quantity=3)], grand_total="10.00"))

    async def edit_the_draft(sent: Sent) -> None:
        # Staff correct the address while it is a draft: the host prices its lines anew.
        if sent.name == "CompleteDraft":
            order = trade.shop.state.by_reference(order_id)
            assert order is not None
            line = order.lines[0]
            line.total_price.gross.value = line.total_price.net.value = Decimal("9.99")
            order.add_up()

    trade.wires.before = edit_the_draft

    # when
    await trade.sync()

    # then
    row = await trade.row(order_id)
    assert (row.import_state, row.totals_equal) == ("PLACED", False)
    assert row.saleor_total_gross == Decimal("9.99")
    assert (await trade.told(order_id))[-1] == (
        "order_placed",
        "Placed as Saleor order 1, whose total 9.99 is not Amazon's",
    )


async def test_an_item_of_which_all_units_were_cancelled_has_no_line(trade: Trade) -> None:
    # given
    gone = goods("0.00", kinds={"ITEM": "0.00"}, id="12", sku="TEA-1")
    gone["fulfillment"] = {"quantityFulfilled": 0, "quantityUnfulfilled": 0}
    order_id = trade.sell(sale(items=[goods(), gone]))

    # when
    await trade.sync()

    # then
    assert [line.sku for line in trade.the_order(order_id).lines] == ["MUG-1"]
    assert trade.the_order(order_id).total_gross == Decimal("20.00")
