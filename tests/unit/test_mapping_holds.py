"""Everything that stands between an order and its host order, each named in words to act on."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from saleor_amazon_app.core.choices import Choices
from saleor_amazon_app.core.ids import ChannelSlug, ShippingMethodId
from saleor_amazon_app.core.reasons import HoldCode, Reason
from saleor_amazon_app.mapping.decisions import Decision, HoldOrder, PlaceOrder, Store
from saleor_amazon_app.mapping.orders import decide
from saleor_amazon_app.saleor.catalogue_records import HostCatalogue, ShippingMethod, Warehouse
from tests.unit.amazon_orders import DE, SEATTLE, US, Json, an_item, an_order, parsed
from tests.unit.host_catalogues import (
    FLAT,
    MAIN,
    NOW,
    SOLD,
    SPARE,
    WAREHOUSES,
    a_channel,
    a_host,
    a_variant,
    choices,
    with_channel,
)

TOMORROW = NOW + timedelta(days=1)


def decided(
    order: Json | None = None, host: HostCatalogue | None = None, settings: Choices | None = None
) -> Decision:
    return decide(
        parsed(order or an_order()),
        settings or choices(),
        host or a_host(),
        store=Store(name="Shop"),
        now=NOW,
    )


def held(*given: Any, **named: Any) -> tuple[Reason, ...]:
    decision = decided(*given, **named)
    assert isinstance(decision, HoldOrder), decision
    assert all(reason.message.endswith((".", "retry.")) for reason in decision.reasons)
    return decision.reasons


def codes(reasons: tuple[Reason, ...]) -> list[HoldCode]:
    return [reason.code for reason in reasons]  # type: ignore[misc]


def listed(**changed: Any) -> HostCatalogue:
    """A host whose SKU-1 stands otherwise in the channel."""
    listing = replace(SOLD, **changed)
    return a_host(a_variant(listings={ChannelSlug("usd"): listing}))


def two_items(**more: Any) -> Json:
    items = [an_item(id="1"), an_item(id="2", sku="SKU-2")]
    return an_order(items, grand_total="20.00", **more)


def test_an_unknown_sku_names_the_sku_and_what_to_do() -> None:
    (reason,) = held(an_order([an_item(sku="NOBODY-KNOWS")]))

    assert (reason.code, reason.about) == (HoldCode.UNKNOWN_SKU, "NOBODY-KNOWS")
    assert "No variant in Saleor has the SKU 'NOBODY-KNOWS'" in reason.message
    assert "Give a variant this SKU or match the item" in reason.message


@pytest.mark.parametrize("sku", ["sku-1", " SKU-1", "SKU-1 "])
def test_a_sku_is_matched_exactly(sku: str) -> None:
    assert codes(held(an_order([an_item(sku=sku)]))) == [HoldCode.UNKNOWN_SKU]


def test_an_item_without_sku_is_named_by_its_title() -> None:
    (reason,) = held(an_order([an_item(sku=None)]))

    assert reason.code is HoldCode.UNKNOWN_SKU
    assert reason.about is None
    assert "Amazon names no seller SKU for 'Thing None'" in reason.message


def test_a_placeholder_stands_in_for_an_unknown_sku() -> None:
    # given
    host = a_host(a_variant("STAND-IN", tracks_stock=False, free={MAIN: 0}))
    settings = choices(unknownSku="PLACEHOLDER", placeholderSku="STAND-IN")

    # when
    decision = decided(an_order([an_item(sku="NOBODY-KNOWS")]), host, settings)

    # then
    assert isinstance(decision, PlaceOrder)
    (line,) = decision.order_input.lines
    assert line.variant_id == "variant-of-STAND-IN"
    assert (line.product_sku, line.product_name) == ("NOBODY-KNOWS", "Thing NOBODY-KNOWS")


def test_a_placeholder_that_does_not_exist_holds_the_order() -> None:
    settings = choices(unknownSku="PLACEHOLDER", placeholderSku="STAND-IN")

    (reason,) = held(an_order([an_item(sku="NOBODY-KNOWS")]), settings=settings)

    assert reason.code is HoldCode.UNKNOWN_SKU
    assert "placeholder product 'STAND-IN' does not exist either" in reason.message


@pytest.mark.parametrize(
    ("_case", "host", "words"),
    [
        ("not listed", a_host(a_variant(listings={})), "is not listed"),
        ("no price", listed(has_price=False), "has no price"),
        ("not published", listed(is_published=False), "is not published"),
        ("published later", listed(published_from=TOMORROW), "published from 2026-11-21 12:00"),
        ("not available", listed(available_from=None), "is not available for purchase"),
        ("available later", listed(available_from=TOMORROW), "available from 2026-11-21 12:00"),
    ],
)
def test_a_product_the_channel_does_not_sell_is_named(
    _case: str, host: HostCatalogue, words: str
) -> None:
    (reason,) = held(host=host)

    assert (reason.code, reason.about) == (HoldCode.NOT_AVAILABLE, "SKU-1")
    assert words in reason.message
    assert "'usd'" in reason.message


@pytest.mark.parametrize(
    "host", [listed(published_from=NOW), listed(available_from=NOW), listed(published_from=None)]
)
def test_a_product_is_sold_from_its_moment_on(host: HostCatalogue) -> None:
    assert isinstance(decided(host=host), PlaceOrder)


@pytest.mark.parametrize(
    ("_case", "variant", "words"),
    [
        ("too little", a_variant(free={MAIN: 1, SPARE: 1}), "3 needed, 2 free"),
        ("oversold", a_variant(free={MAIN: -4}), "3 needed, 0 free"),
        ("no stock row", a_variant(free={"elsewhere": 9}), "has no stock in a warehouse"),
        (
            "no stock row of an untracked variant",
            a_variant(free={"elsewhere": 9}, tracks_stock=False),
            "has no stock in a warehouse",
        ),
        ("preorder", a_variant(is_preorder=True), "is on preorder"),
    ],
)
def test_a_variant_that_cannot_be_shipped_is_named(_case: str, variant: Any, words: str) -> None:
    (reason,) = held(an_order([an_item(quantity=3)]), a_host(variant))

    assert (reason.code, reason.about) == (HoldCode.OUT_OF_STOCK, "SKU-1")
    assert words in reason.message


@pytest.mark.parametrize(
    "variant",
    [
        a_variant(free={MAIN: 1, SPARE: 2}),
        a_variant(free={MAIN: 0}, tracks_stock=False),
    ],
)
def test_stock_of_all_warehouses_that_serve_the_country_counts(variant: Any) -> None:
    assert isinstance(decided(an_order([an_item(quantity=3)]), a_host(variant)), PlaceOrder)


def test_one_sku_on_two_items_needs_stock_for_both() -> None:
    order = an_order([an_item(id="1"), an_item(id="2")], grand_total="20.00")

    (reason,) = held(order, a_host(a_variant(free={MAIN: 1})))

    assert reason.code is HoldCode.OUT_OF_STOCK
    assert "2 needed, 1 free" in reason.message


def test_stock_that_does_not_serve_the_country_does_not_count() -> None:
    far = Warehouse(MAIN, "main", "Main", frozenset({"JP"}))
    host = with_channel(a_host(), a_channel(warehouses=(far, WAREHOUSES[1])))

    (reason,) = held(host=host)

    assert reason.code is HoldCode.OUT_OF_STOCK
    assert "ships to US" in reason.message


@pytest.mark.parametrize(
    ("_case", "into", "channel", "words"),
    [
        ("no marketplace", {}, None, "No Saleor channel is set for Amazon.com"),
        ("no channel", {US: {"channel": None}}, None, "No Saleor channel is set for Amazon.com"),
        ("gone", {US: {"channel": "gone"}}, None, "'gone' set for Amazon.com does not exist"),
        (
            "no warehouse",
            {US: {"channel": "usd"}},
            a_channel(warehouses=()),
            "'usd' has no warehouse",
        ),
        ("inactive", {US: {"channel": "usd"}}, a_channel(is_active=False), "'usd' is not active"),
    ],
)
def test_a_channel_that_takes_no_orders_is_named(
    _case: str, into: Json, channel: Any, words: str
) -> None:
    host = with_channel(a_host(), channel) if channel else a_host()

    (reason,) = held(host=host, settings=choices(import_into=into))

    assert (reason.code, reason.about) == (HoldCode.CHANNEL_NOT_SET, US)
    assert words in reason.message


def test_what_was_shipped_already_is_imported_into_an_inactive_channel() -> None:
    host = with_channel(a_host(), a_channel(is_active=False))

    assert isinstance(decided(an_order(status="SHIPPED"), host), PlaceOrder)


@pytest.mark.parametrize("currency", ["EUR", "usd"])
def test_an_order_in_another_currency_than_its_channel_is_held(currency: str) -> None:
    item = an_item(currency=currency)

    (reason,) = held(an_order([item], currency=currency))

    assert (reason.code, reason.about) == (HoldCode.CURRENCY_MISMATCH, "usd")
    assert f"The order is in {currency}, but the channel 'usd' is in USD" in reason.message


def test_the_currency_is_compared_even_where_the_amounts_are_refused() -> None:
    order = an_order([an_item(currency="EUR")], currency="EUR", grand_total="9.99")

    assert codes(held(order)) == [HoldCode.AMOUNTS_DO_NOT_ADD_UP, HoldCode.CURRENCY_MISMATCH]


LIMITED = replace(
    FLAT,
    id=ShippingMethodId("limited"),
    name="Limited",
    minimum_order=Decimal("20.00"),
    maximum_order=Decimal("30.00"),
)


@pytest.mark.parametrize(
    ("_case", "methods", "chosen", "words"),
    [
        ("none", (), None, "No shipping method of the channel 'usd' serves US"),
        ("not offered", (FLAT,), "Express", "'Express' of the order settings is not offered"),
        (
            "not for the country",
            (replace(FLAT, countries=frozenset({"JP"})),),
            "Flat",
            "'Flat' of the channel 'usd' does not serve US",
        ),
        ("too cheap", (LIMITED,), None, "'Limited' starts at an order price of 20.00"),
        (
            "too dear",
            (replace(LIMITED, minimum_order=None, maximum_order=Decimal("9.99")),),
            None,
            "'Limited' ends at an order price of 9.99",
        ),
        ("by weight", (replace(FLAT, needs_weight=True),), None, "needs a least weight"),
        (
            "excluding the product",
            (replace(FLAT, excluded_products=frozenset({"product-of-SKU-1"})),),
            None,
            "excludes a product of the order",
        ),
    ],
)
def test_a_shipping_method_that_cannot_be_used_is_named(
    _case: str, methods: tuple[ShippingMethod, ...], chosen: str | None, words: str
) -> None:
    # given
    host = with_channel(a_host(), a_channel(shipping_methods=methods))
    settings = choices(shipping_methods={"STANDARD": chosen} if chosen else {})

    # when
    (reason,) = held(host=host, settings=settings)

    # then
    assert reason.code is HoldCode.SHIPPING_METHOD_MISSING
    assert words in reason.message


@pytest.mark.parametrize(
    ("_case", "methods", "chosen", "taken"),
    [
        ("the first that is possible", (LIMITED, FLAT), None, "Flat"),
        ("the one chosen by name", (FLAT, replace(FLAT, name="Express")), "Express", "Express"),
        ("the one chosen by id", (LIMITED, FLAT), FLAT.id, "Flat"),
        (
            "one without postal code rules first",
            (replace(FLAT, name="Ruled", postal_code_rules=frozenset({"rule"})), FLAT),
            None,
            "Flat",
        ),
        (
            "one with postal code rules where there is no other",
            (replace(FLAT, name="Ruled", postal_code_rules=frozenset({"rule"})),),
            None,
            "Ruled",
        ),
        (
            "a limit that is just met",
            (replace(LIMITED, minimum_order=Decimal("10.00"), maximum_order=Decimal("10.00")),),
            None,
            "Limited",
        ),
    ],
)
def test_a_shipping_method_is_chosen(
    _case: str, methods: tuple[ShippingMethod, ...], chosen: str | None, taken: str
) -> None:
    host = with_channel(a_host(), a_channel(shipping_methods=methods))
    settings = choices(shipping_methods={"STANDARD": chosen} if chosen else {})

    decision = decided(host=host, settings=settings)

    assert isinstance(decision, PlaceOrder)
    assert decision.order_input.delivery_method.shipping_method_name == taken


def test_a_country_outside_every_zone_is_named_rather_than_its_stock() -> None:
    norway = {**SEATTLE, "countryCode": "NO", "postalCode": "0150", "city": "Oslo"}

    (reason,) = held(an_order(address=norway))

    assert (reason.code, reason.about) == (HoldCode.SHIPPING_METHOD_MISSING, "NO")


def test_a_limit_of_the_method_does_not_hide_that_stock_is_short() -> None:
    host = with_channel(a_host(a_variant(free={MAIN: 0})), a_channel(shipping_methods=(LIMITED,)))

    assert codes(held(host=host)) == [HoldCode.SHIPPING_METHOD_MISSING, HoldCode.OUT_OF_STOCK]


def test_an_address_that_the_host_refuses_is_held() -> None:
    (reason,) = held(an_order(address={**SEATTLE, "postalCode": ""}))

    assert reason.code is HoldCode.ADDRESS_REFUSED


def test_amounts_that_do_not_add_up_are_held() -> None:
    assert codes(held(an_order(grand_total="10.01"))) == [HoldCode.AMOUNTS_DO_NOT_ADD_UP]


def test_an_item_without_units_must_cost_nothing() -> None:
    gone = an_item(id="2", fulfillment={"quantityFulfilled": 0, "quantityUnfulfilled": 0})
    order = an_order([an_item(), gone], grand_total="20.00")

    (reason,) = held(order)

    assert reason.code is HoldCode.AMOUNTS_DO_NOT_ADD_UP
    assert "All units of item 2 were cancelled, but Amazon still charges 10.00 USD" in (
        reason.message
    )


def test_a_shipping_tax_beyond_the_host_s_column_is_held() -> None:
    item = an_item(
        "10.21",
        {
            "ITEM": "10.00",
            "SHIPPING": "5.00",
            "DISCOUNT": ("4.99", {"SHIPPING": "4.99"}),
            "TAX": ("0.20", {"SHIPPING": "0.20"}),
        },
    )

    (reason,) = held(an_order([item], grand_total="10.21"))

    assert reason.code is HoldCode.UNSUPPORTED
    assert "Shipping costs 0.01 USD without and 0.21 with tax" in reason.message


def test_every_reason_is_named_at_once() -> None:
    # given
    items = [an_item(id="1"), an_item(id="2", sku="NOBODY-KNOWS")]
    order = an_order(items, grand_total="20.01", address={**SEATTLE, "postalCode": ""})
    variant = a_variant(free={MAIN: 0}, listings={ChannelSlug("eur"): SOLD})
    host = with_channel(a_host(variant), a_channel("eur", shipping_methods=(LIMITED,)))
    host = replace(host, variants={"SKU-1": replace(variant, listings={})})
    settings = choices(import_into={US: {"channel": "eur"}, DE: {"channel": "eur"}})

    # when
    reasons = held(order, host, settings)

    # then
    assert codes(reasons) == [
        HoldCode.UNKNOWN_SKU,
        HoldCode.AMOUNTS_DO_NOT_ADD_UP,
        HoldCode.ADDRESS_REFUSED,
        HoldCode.CURRENCY_MISMATCH,
        HoldCode.NOT_AVAILABLE,
        HoldCode.OUT_OF_STOCK,
    ]


def test_each_of_several_items_is_named() -> None:
    host = a_host(a_variant(free={MAIN: 0}), a_variant("SKU-2", free={MAIN: 0}))

    reasons = held(two_items(), host)

    assert [(reason.code, reason.about) for reason in reasons] == [
        (HoldCode.OUT_OF_STOCK, "SKU-1"),
        (HoldCode.OUT_OF_STOCK, "SKU-2"),
    ]


@pytest.mark.parametrize("fulfilled_by", ["AMAZON", "MERCHANT"])
def test_what_was_shipped_needs_no_stock_no_listing_and_no_fitting_method(
    fulfilled_by: str,
) -> None:
    # given
    variant = a_variant(free={MAIN: 0}, listings={}, is_preorder=True)
    host = with_channel(a_host(variant), a_channel(shipping_methods=(LIMITED,)))
    order = an_order(
        status="SHIPPED",
        fulfilled_by=fulfilled_by,
        address={"city": "Oslo", "countryCode": "NO"},
    )

    # then
    assert isinstance(decided(order, host), PlaceOrder)


def test_what_was_shipped_still_needs_some_method_of_the_channel() -> None:
    host = with_channel(a_host(), a_channel(shipping_methods=()))

    assert codes(held(an_order(status="SHIPPED"), host)) == [HoldCode.SHIPPING_METHOD_MISSING]
