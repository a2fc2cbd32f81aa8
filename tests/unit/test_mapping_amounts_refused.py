"""Amounts that cannot be used: each held with its numbers, or waited for."""

from decimal import Decimal

import pytest

from saleor_amazon_app.core.reasons import HoldCode, Reason
from saleor_amazon_app.mapping.amounts import add_up
from tests.unit.amazon_orders import CURRENCIES, JP, US, Json, Kinds, an_item, an_order, parsed

REPLACES = [{"orderId": "111-2", "associationType": "REPLACEMENT_ORIGINAL_ID"}]


def refused(order: Json, rates: dict[str, Decimal] | None = None) -> Reason:
    found = add_up(parsed(order), rates or {})
    assert isinstance(found, Reason), found
    return found


def one_item(total: str, kinds: Kinds, marketplace: str = US, currency: str | None = None) -> Json:
    """An order of one item that costs `total`."""
    currency = currency or CURRENCIES[marketplace]
    item = an_item(total, kinds, currency=currency)
    return an_order([item], grand_total=total, marketplace=marketplace, currency=currency)


@pytest.mark.parametrize(
    ("_case", "total", "kinds", "words"),
    [
        (
            "a cent off",
            "10.01",
            {"ITEM": "10.00"},
            "The amounts of item 11 (ITEM 10.00; total 10.01 USD) do not add up",
        ),
        (
            "tax off by a cent",
            "11.01",
            {"ITEM": "10.00", "TAX": "1.00"},
            "(ITEM 10.00, TAX 1.00; total 11.01 USD) do not add up",
        ),
        (
            "tax both added and contained",
            "10.00",
            {"ITEM": "10.00", "TAX": ("1.00", {"ITEM": "0.50", "DISCOUNT": "1.00"})},
            "fit both with the tax added and with the tax contained",
        ),
        (
            "more discount than price",
            "-2.00",
            {"ITEM": "10.00", "DISCOUNT": "12.00"},
            "leave a part of it below zero",
        ),
        (
            "a negative part",
            "8.00",
            {"ITEM": "10.00", "OTHER": "-2.00"},
            "leave a part of it below zero",
        ),
        (
            "a negative tax",
            "9.00",
            {"ITEM": "10.00", "TAX": "-1.00"},
            "leave a part of it below zero",
        ),
        (
            "finer than the currency",
            "10.005",
            {"ITEM": "10.005"},
            "is 10.005 USD, finer than the smallest unit of USD",
        ),
    ],
)
def test_what_does_not_add_up_is_held_with_its_numbers(
    _case: str, total: str, kinds: Kinds, words: str
) -> None:
    reason = refused(one_item(total, kinds))

    assert reason.code is HoldCode.AMOUNTS_DO_NOT_ADD_UP
    assert words in reason.message


def test_yen_have_no_decimals() -> None:
    reason = refused(one_item("100.5", {"ITEM": "100.5"}, JP))

    assert reason.code is HoldCode.AMOUNTS_DO_NOT_ADD_UP
    assert "finer than the smallest unit of JPY" in reason.message


def test_an_order_in_two_currencies_is_held() -> None:
    order = an_order([an_item(currency="EUR")])

    reason = refused(order)

    assert reason.code is HoldCode.AMOUNTS_DO_NOT_ADD_UP
    assert "The order is in USD" in reason.message
    assert "10.00 EUR" in reason.message


@pytest.mark.parametrize(
    ("_case", "order", "words"),
    [
        ("items", an_order(grand_total="10.01"), "come to 10.00, but Amazon's total is 10.01 USD"),
        (
            "tip",
            an_order(grand_total="10.01", kinds={"DELIVERY_TIP": "1.00"}),
            "come to 10.00 and the tip to 1.00, but Amazon's total is 10.01 USD",
        ),
        (
            "a tip below zero",
            an_order(grand_total="9.00", kinds={"DELIVERY_TIP": "-1.00"}),
            "come to 10.00 and the tip to -1.00, but Amazon's total is 9.00 USD",
        ),
    ],
)
def test_a_grand_total_that_is_not_met_is_held_with_the_numbers(
    _case: str, order: Json, words: str
) -> None:
    reason = refused(order)

    assert reason.code is HoldCode.AMOUNTS_DO_NOT_ADD_UP
    assert words in reason.message


@pytest.mark.parametrize(
    ("_case", "order"),
    [
        ("no total", an_order(grand_total=None)),
        ("no proceeds of an item", an_order([an_item(None)])),
        ("no breakdown of a price", an_order([an_item("10.00", {})])),
        ("no total of an item", an_order([an_item(proceeds={"breakdowns": []})])),
        (
            "a replacement that costs something",
            an_order([an_item(None)], associatedOrders=REPLACES),
        ),
        (
            "an order of nothing that replaces none",
            an_order([an_item(None)], grand_total="0.00"),
        ),
    ],
)
def test_amounts_that_have_not_come_are_waited_for(_case: str, order: Json) -> None:
    assert refused(order).code is HoldCode.INCOMPLETE_FROM_AMAZON


def test_an_unknown_kind_of_proceeds_that_costs_something_is_not_guessed() -> None:
    reason = refused(one_item("12.00", {"ITEM": "10.00", "RECYCLING": "2.00"}))

    assert reason.code is HoldCode.UNSUPPORTED
    assert "RECYCLING" in reason.message
