"""The way an order takes into the host, by what has left already."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from saleor_amazon_app.core.money import Money
from saleor_amazon_app.mapping.decisions import PlaceOrder, Store
from saleor_amazon_app.mapping.orders import decide
from saleor_amazon_app.mapping.placing import partly_fulfilled_instead, without_stock
from saleor_amazon_app.saleor.catalogue_records import HostCatalogue
from saleor_amazon_app.saleor.order_inputs import (
    FulfillmentInput,
    FulfillmentLineInput,
    OrderBulkCreateInput,
    OrderStatus,
    StockUpdatePolicy,
)
from tests.unit.amazon_orders import DE, SEATTLE, Json, an_item, an_order, parsed
from tests.unit.host_catalogues import (
    FBA,
    MAIN,
    NOW,
    SPARE,
    a_channel,
    a_host,
    a_variant,
    choices,
    with_channel,
)

BOUGHT = datetime(2026, 11, 19, 8, tzinfo=UTC)


def placed(
    order: Json | None = None,
    host: HostCatalogue | None = None,
    *,
    connected_at: datetime | None = None,
    **settings: Any,
) -> PlaceOrder:
    decision = decide(
        parsed(order or an_order()),
        choices(**settings),
        host or a_host(),
        store=Store(name="Shop", connected_at=connected_at),
        now=NOW,
    )
    assert isinstance(decision, PlaceOrder), decision
    return decision


def counted(shipped: int, unshipped: int, **more: Any) -> Json:
    given = {"quantityFulfilled": shipped, "quantityUnfulfilled": unshipped}
    return an_item(quantity=shipped + unshipped, fulfillment=given, **more)


def partly_shipped() -> Json:
    """One of three units left, in the parcel TRACK."""
    package = {
        "packageReferenceId": "1",
        "trackingNumber": "TRACK",
        "packageItems": [{"orderItemId": "11", "quantity": 1}],
    }
    return an_order([counted(1, 2)], status="PARTIALLY_SHIPPED", packages=[package])


def notes(order_input: OrderBulkCreateInput) -> list[str]:
    return [note.message for note in order_input.notes]


def test_an_order_nothing_of_which_left_is_drafted() -> None:
    decision = placed()

    assert decision.order_input.status is OrderStatus.DRAFT
    assert decision.stock_policy is StockUpdatePolicy.SKIP
    assert decision.parcels == ()
    assert decision.order_input.fulfillments == ()
    assert notes(decision.order_input) == []
    assert decision.total == Money(Decimal("10.00"), "USD")


def test_a_partly_shipped_order_is_drafted_and_fulfilled_afterwards() -> None:
    decision = placed(partly_shipped())

    assert decision.order_input.status is OrderStatus.DRAFT
    assert decision.order_input.fulfillments == ()
    assert [line.quantity for line in decision.order_input.lines] == [3]
    assert [(parcel.tracking_number, dict(parcel.units)) for parcel in decision.parcels] == [
        ("TRACK", {"11": 1})
    ]


def in_parcel(quantity: int, *, index: int = 0, number: str | None = "TRACK") -> FulfillmentInput:
    line = FulfillmentLineInput(
        variant_id=a_variant().id, quantity=quantity, warehouse=MAIN, order_line_index=index
    )
    return FulfillmentInput(tracking_code=number, lines=(line,))


def test_a_partly_shipped_order_whose_open_units_alone_are_in_stock_reserves_nothing() -> None:
    decision = placed(partly_shipped(), a_host(a_variant(free={MAIN: 2})))

    assert decision.order_input.status is OrderStatus.PARTIALLY_FULFILLED
    assert decision.stock_policy is StockUpdatePolicy.SKIP
    assert decision.order_input.fulfillments == (in_parcel(1),)
    assert decision.parcels == ()
    assert len(notes(decision.order_input)) == 1
    assert "reserves nothing" in notes(decision.order_input)[0]


def test_a_draft_refused_for_stock_becomes_the_same_partly_fulfilled_order() -> None:
    # given
    drafted = placed(partly_shipped())
    directly = placed(partly_shipped(), a_host(a_variant(free={MAIN: 2})))

    # when
    instead = partly_fulfilled_instead(drafted)

    # then
    assert instead == directly


def test_units_cancelled_of_a_partly_shipped_order_are_not_imported() -> None:
    order = partly_shipped()
    order["orderItems"][0]["quantityOrdered"] = 5

    decision = placed(order)

    assert [line.quantity for line in decision.order_input.lines] == [3]


SHIPPED = an_order(status="SHIPPED")


def test_what_left_the_merchant_s_shelf_is_taken_from_stock() -> None:
    decision = placed(SHIPPED, a_host(a_variant(free={MAIN: 0, SPARE: 5})))

    assert decision.order_input.status is OrderStatus.FULFILLED
    assert decision.stock_policy is StockUpdatePolicy.UPDATE
    assert [line.warehouse for line in decision.order_input.lines] == [SPARE]
    assert [
        line.warehouse for each in decision.order_input.fulfillments for line in each.lines
    ] == [SPARE]
    assert notes(decision.order_input) == []
    assert decision.parcels == ()


def test_stock_is_never_taken_where_no_warehouse_has_it_all() -> None:
    order = an_order([counted(3, 0)], status="SHIPPED")

    decision = placed(order, a_host(a_variant(free={MAIN: 2, SPARE: 2})))

    assert decision.stock_policy is StockUpdatePolicy.SKIP
    assert len(notes(decision.order_input)) == 1
    assert "the stock was not changed" in notes(decision.order_input)[0]


def test_an_order_the_host_has_no_stock_for_any_more_goes_without() -> None:
    decision = placed(SHIPPED)

    instead = without_stock(decision)

    assert instead.stock_policy is StockUpdatePolicy.SKIP
    assert instead.order_input.fulfillments == decision.order_input.fulfillments
    assert "the stock was not changed" in notes(instead.order_input)[0]


@pytest.mark.parametrize(
    ("connected_at", "policy"),
    [
        (None, StockUpdatePolicy.UPDATE),
        (BOUGHT, StockUpdatePolicy.UPDATE),
        (BOUGHT - timedelta(days=9), StockUpdatePolicy.UPDATE),
        (BOUGHT + timedelta(seconds=1), StockUpdatePolicy.SKIP),
    ],
)
def test_goods_sold_before_the_store_was_connected_are_off_the_shelf_already(
    connected_at: datetime | None, policy: StockUpdatePolicy
) -> None:
    decision = placed(SHIPPED, connected_at=connected_at)

    assert decision.stock_policy is policy
    assert notes(decision.order_input) == []


@pytest.mark.parametrize("free", [{MAIN: 0}, {MAIN: 100}])
def test_a_placeholder_is_not_counted(free: dict[str, int]) -> None:
    # The host takes shipped units from stock even of an untracked variant, and refuses where
    # there are none.
    decision = placed(SHIPPED, a_host(a_variant(free=free, tracks_stock=False)))

    assert decision.stock_policy is StockUpdatePolicy.SKIP
    assert notes(decision.order_input) == []


def test_a_placeholder_beside_goods_must_be_in_stock_for_stock_to_be_taken() -> None:
    items = [an_item(id="1"), an_item(id="2", sku="SKU-2")]
    order = an_order(items, grand_total="20.00", status="SHIPPED")
    host = a_host(a_variant(), a_variant("SKU-2", tracks_stock=False, free={MAIN: 0}))

    assert placed(order, host).stock_policy is StockUpdatePolicy.SKIP


@pytest.mark.parametrize(("fba_warehouse", "named"), [(FBA, FBA), (None, MAIN)])
def test_what_amazon_shipped_never_touches_stock(fba_warehouse: Any, named: str) -> None:
    order = an_order(
        status="SHIPPED",
        fulfilled_by="AMAZON",
        address={"city": "Seattle", "stateOrRegion": "WA", "countryCode": "US"},
    )

    decision = placed(order, replace(a_host(), fba_warehouse=fba_warehouse))

    assert decision.order_input.status is OrderStatus.FULFILLED
    assert decision.stock_policy is StockUpdatePolicy.SKIP
    assert [line.warehouse for line in decision.order_input.lines] == [named]
    assert notes(decision.order_input) == []
    assert decision.order_input.shipping_address.street_address1 == "Fulfilled by Amazon"


def test_every_parcel_is_a_fulfilment_with_its_lines() -> None:
    # given
    items = [counted(3, 0, id="1", sku="SKU-2"), counted(1, 0, id="2")]
    packages = [
        {
            "packageReferenceId": number,
            "trackingNumber": f"TRACK-{number}",
            "packageItems": [{"orderItemId": key, "quantity": units} for key, units in what],
        }
        for number, what in (("1", [("1", 2)]), ("2", [("1", 1), ("2", 1)]))
    ]
    order = an_order(items, grand_total="20.00", status="SHIPPED", packages=packages)

    # when
    fulfillments = placed(order).order_input.fulfillments

    # then
    found = [
        (each.tracking_code, [(line.variant_id, line.quantity) for line in each.lines])
        for each in fulfillments
    ]
    assert found == [
        ("TRACK-1", [("variant-of-SKU-2", 2)]),
        ("TRACK-2", [("variant-of-SKU-1", 1), ("variant-of-SKU-2", 1)]),
    ]


@pytest.mark.parametrize("status", ["UNSHIPPED", "SHIPPED"])
def test_lines_stand_by_variant_and_fulfilments_point_at_them(status: str) -> None:
    # given
    items = [
        an_item(id="1", sku="SKU-2"),
        an_item(id="2", sku="SKU-1"),
        an_item(id="3", sku="SKU-2"),
    ]

    # when
    order_input = placed(an_order(items, grand_total="30.00", status=status)).order_input

    # then
    ids = [line.variant_id for line in order_input.lines]
    assert ids == ["variant-of-SKU-1", "variant-of-SKU-2", "variant-of-SKU-2"]
    assert [line.metadata[0].value for line in order_input.lines] == ["2", "1", "3"]
    for each in order_input.fulfillments:
        assert [ids[line.order_line_index] for line in each.lines] == [
            line.variant_id for line in each.lines
        ]


@pytest.mark.parametrize(
    ("_case", "confirms", "setting", "order", "expected"),
    [
        ("the channel does", True, "CONFIRMED", an_order(), False),
        ("staff do", False, "UNCONFIRMED", an_order(), False),
        ("the app does", False, "CONFIRMED", an_order(), True),
        ("a part left", False, "UNCONFIRMED", partly_shipped(), True),
        ("a part left, the channel does", True, "UNCONFIRMED", partly_shipped(), False),
        ("all left", False, "CONFIRMED", SHIPPED, False),
    ],
)
def test_who_confirms_the_order(
    _case: str, confirms: bool, setting: str, order: Json, expected: bool
) -> None:
    host = with_channel(a_host(), a_channel(confirms_orders=confirms))

    decision = placed(order, host, newOrderStatus=setting)

    assert decision.is_confirmed_by_app is expected


def test_the_lines_and_shipping_of_the_input_come_to_the_grand_total() -> None:
    # given
    kinds = {"ITEM": "30.00", "SHIPPING": "5.00", "GIFT_WRAP": "3.00", "TAX": "3.80"}
    items = [an_item("41.80", kinds, id="1", quantity=3), an_item(id="2", sku="SKU-2")]
    order = an_order(items, grand_total="53.80", kinds={"DELIVERY_TIP": "2.00"})

    # when
    order_input = placed(order).order_input

    # then
    first, second = order_input.lines
    assert (first.total_price.net, first.total_price.gross) == (Decimal("33.00"), Decimal("36.30"))
    assert first.undiscounted_total_price == first.total_price
    assert first.quantity == 3
    assert second.total_price.gross == Decimal("10.00")
    shipping = order_input.delivery_method.shipping_price
    assert (shipping.net, shipping.gross) == (Decimal("7.00"), Decimal("7.50"))
    lines = sum(line.total_price.gross for line in order_input.lines)
    assert lines + shipping.gross == Decimal("53.80")


@pytest.mark.parametrize(
    ("_case", "kinds", "total", "rate"),
    [
        ("a tenth", {"ITEM": "10.00", "TAX": "1.00"}, "11.00", Decimal("0.1000")),
        ("none", {"ITEM": "10.00"}, "10.00", Decimal("0.0000")),
        ("a third", {"ITEM": "3.00", "TAX": "1.00"}, "4.00", Decimal("0.3333")),
        ("nothing to tax", {"ITEM": "0.00"}, "0.00", None),
        (
            "tax on a price discounted to a cent",
            {"ITEM": "10.00", "DISCOUNT": "9.99", "TAX": "0.80"},
            "0.81",
            Decimal("9.9999"),
        ),
        (
            "tax on a price discounted away",
            {"ITEM": "10.00", "DISCOUNT": "10.00", "TAX": "0.80"},
            "0.80",
            None,
        ),
    ],
)
def test_a_tax_rate_is_told_as_far_as_the_host_can_keep_it(
    _case: str, kinds: dict[str, str], total: str, rate: Decimal | None
) -> None:
    order = an_order([an_item(total, kinds)], grand_total=total)

    (line,) = placed(order).order_input.lines

    assert line.tax_rate == rate


def test_what_is_longer_than_the_host_s_columns_is_cut() -> None:
    product = {"sellerSku": "S" * 300, "title": "T" * 500}
    order = an_order([{**an_item(), "product": product}])
    host = a_host(a_variant("S" * 300))

    (line,) = placed(order, host).order_input.lines

    assert (line.product_sku, line.product_name) == ("S" * 255, "T" * 386)


def test_the_product_s_own_name_stands_in_for_a_missing_title() -> None:
    order = an_order([{**an_item(), "product": {"sellerSku": "SKU-1"}}])

    (line,) = placed(order).order_input.lines

    assert line.product_name == "Product SKU-1"


def test_the_line_names_a_warehouse_that_serves_the_country() -> None:
    channel = a_channel("eur")
    first = replace(channel.warehouses[0], countries=frozenset({"US"}))
    host = with_channel(
        a_host(a_variant(free={SPARE: 5})),
        replace(channel, warehouses=(first, channel.warehouses[1])),
    )
    order = an_order(
        [an_item(currency="EUR")], marketplace=DE, address={**SEATTLE, "countryCode": "DE"}
    )

    (line,) = placed(order, host).order_input.lines

    assert line.warehouse == SPARE


def test_what_is_sent_is_what_the_host_s_recipe_asks_for() -> None:
    sent = placed().order_input.to_variables()

    assert sent["externalReference"] == "111-0000001-0000001"
    assert sent["channel"] == "usd"
    assert sent["currency"] == "USD"
    assert sent["createdAt"] == "2026-11-19T08:00:00Z"
    assert sent["status"] == "DRAFT"
    assert sent["user"] == {}
    assert sent["billingAddress"] == sent["shippingAddress"]
    assert sent["billingAddress"]["skipValidation"] is True
    (line,) = sent["lines"]
    assert line["isShippingRequired"] is True
    assert line["isGiftCard"] is False
    assert line["totalPrice"] == {"gross": "10.00", "net": "10.00"}
    assert line["taxClassId"] == sent["deliveryMethod"]["shippingTaxClassId"]
    assert "variantSku" not in line
    assert "weight" not in sent
    assert "customerNote" not in sent
    assert "transactions" not in sent
