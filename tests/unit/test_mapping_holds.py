"""Channel, currency, amounts and address that stand between an order and its host order."""

from dataclasses import replace
from typing import Any

import pytest

from saleor_amazon_app.core.ids import ChannelSlug
from saleor_amazon_app.core.reasons import HoldCode
from saleor_amazon_app.mapping.decisions import PlaceOrder
from tests.unit.amazon_orders import DE, SEATTLE, US, Json, an_item, an_order
from tests.unit.host_catalogues import (
    MAIN,
    SOLD,
    a_channel,
    a_host,
    a_variant,
    choices,
    with_channel,
)
from tests.unit.verdicts import LIMITED, codes, decided, held


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
