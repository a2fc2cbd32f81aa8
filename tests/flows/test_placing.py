"""Amazon orders become host orders, paid and with stock kept, to the cent."""

from dataclasses import replace
from decimal import Decimal

import pytest

from saleor_amazon_app.core.choices import NewOrderStatus
from saleor_amazon_app.simulators.amazon import Operation
from saleor_amazon_app.simulators.saleor import default_seed
from saleor_amazon_app.simulators.saleor.drafts import update_draft
from saleor_amazon_app.simulators.saleor.schema.inputs import AddressInput, DraftOrderInput
from saleor_amazon_app.simulators.saleor.schema.words import CountryCode
from saleor_amazon_app.simulators.saleor.seed import (
    ProductListingSeed,
    ProductSeed,
    VariantSeed,
)
from tests.flows.trading import (
    US_SHELF,
    OpenTrade,
    Sent,
    Trade,
    goods,
    number_of,
    sale,
    unconfirming,
)
from tests.simulated_amazon import NOON
from tests.unit.amazon_orders import DE, GB, JP


def _mails(trade: Trade) -> list[str]:
    return [entry.detail for entry in trade.shop.journal if entry.event == "EMAIL"]


_CORRECTED = AddressInput(
    street_address_1="2 Test Street",
    city="Seattle",
    country=CountryCode.US,
    country_area="WA",
    postal_code="98109",
)


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
    trade = await open_trade(unconfirming(), new_order_status=chosen)
    order_id = trade.sell(sale())

    # when
    await trade.sync()

    # then
    order = trade.the_order(order_id)
    assert (order.status, order.charge_status) == (status, "FULL")
    assert trade.wires.mutations == ["DraftOrders", *mutations]
    assert _mails(trade) == []


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
        # Staff correct the address: the host prices the lines of a draft anew, by the unit.
        if sent.name == "CompleteDraft":
            order = trade.shop.state.by_reference(order_id)
            assert order is not None
            update_draft(trade.shop.state, order, DraftOrderInput(shipping_address=_CORRECTED))

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
