"""Ways of delivery that stand between an order and its host order."""

from dataclasses import replace
from decimal import Decimal

import pytest

from saleor_amazon_app.core.reasons import HoldCode
from saleor_amazon_app.mapping.decisions import PlaceOrder
from saleor_amazon_app.saleor.catalogue_records import ShippingMethod
from tests.unit.amazon_orders import SEATTLE, an_order
from tests.unit.host_catalogues import (
    FLAT,
    MAIN,
    a_channel,
    a_host,
    a_variant,
    choices,
    with_channel,
)
from tests.unit.verdicts import LIMITED, codes, decided, held


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
