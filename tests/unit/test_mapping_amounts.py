"""An order's amounts: each way in which Amazon states them, read to the smallest unit."""

from decimal import Decimal

import pytest

from saleor_amazon_app.mapping.amounts import OrderAmounts, add_up
from tests.unit.amazon_orders import (
    CURRENCIES,
    DE,
    GB,
    JP,
    SEATTLE,
    US,
    Json,
    Kinds,
    an_item,
    an_order,
    parsed,
)

RATES = {"DE": Decimal("0.19"), "GB": Decimal("0.20"), "JP": Decimal("0.10")}


def read(order: Json, rates: dict[str, Decimal] | None = None) -> OrderAmounts:
    found = add_up(parsed(order), rates or {})
    assert isinstance(found, OrderAmounts), found
    return found


def one_item(total: str, kinds: Kinds, marketplace: str = US, currency: str | None = None) -> Json:
    """An order of one item that costs `total`."""
    currency = currency or CURRENCIES[marketplace]
    item = an_item(total, kinds, currency=currency)
    return an_order([item], grand_total=total, marketplace=marketplace, currency=currency)


def pair(net: str, gross: str) -> tuple[Decimal, Decimal]:
    return Decimal(net), Decimal(gross)


@pytest.mark.parametrize(
    ("_case", "marketplace", "total", "kinds", "line", "shipping"),
    [
        (
            "US, tax added",
            US,
            "49.99",
            {"ITEM": "39.99", "TAX": "10.00"},
            ("39.99", "49.99"),
            ("0", "0"),
        ),
        (
            "US, tax added and detailed",
            US,
            "58.22",
            {
                "ITEM": "39.99",
                "SHIPPING": "12.99",
                "TAX": ("5.24", {"ITEM": "4.00", "SHIPPING": "1.24"}),
            },
            ("39.99", "43.99"),
            ("12.99", "14.23"),
        ),
        (
            "US, tax added without details goes by the prices",
            US,
            "33.00",
            {"ITEM": "20.00", "SHIPPING": "10.00", "TAX": "3.00"},
            ("20.00", "22.00"),
            ("10.00", "11.00"),
        ),
        (
            "US, tax that the prices do not divide, largest remainder",
            US,
            "30.02",
            {"ITEM": "20.00", "SHIPPING": "10.00", "TAX": "0.02"},
            ("20.00", "20.01"),
            ("10.00", "10.01"),
        ),
        (
            "US, no tax means none was charged",
            US,
            "15.00",
            {"ITEM": "10.00", "SHIPPING": "5.00"},
            ("10.00", "10.00"),
            ("5.00", "5.00"),
        ),
        (
            "US, details of the tax that do not add up are not used",
            US,
            "33.00",
            {"ITEM": "20.00", "SHIPPING": "10.00", "TAX": ("3.00", {"ITEM": "2.00"})},
            ("20.00", "22.00"),
            ("10.00", "11.00"),
        ),
        (
            "DE, VAT calculation service: tax contained",
            DE,
            "119.00",
            {"ITEM": "119.00", "TAX": ("19.00", {"ITEM": "19.00"})},
            ("100.00", "119.00"),
            ("0", "0"),
        ),
        (
            "GB, tax contained in item and shipping, without details",
            GB,
            "24.00",
            {"ITEM": "18.00", "SHIPPING": "6.00", "TAX": "4.00"},
            ("15.00", "18.00"),
            ("5.00", "6.00"),
        ),
        (
            "GB, additive as in Amazon's own sample",
            GB,
            "103.97",
            {"ITEM": "89.97", "SHIPPING": "4.00", "TAX": "10.00"},
            ("89.97", "99.54"),
            ("4.00", "4.43"),
        ),
        (
            "JP, whole yen, tax contained",
            JP,
            "1099",
            {"ITEM": "999", "SHIPPING": "100", "TAX": "99"},
            ("909", "999"),
            ("91", "100"),
        ),
        (
            "discount, negative",
            US,
            "8.80",
            {"ITEM": "10.00", "DISCOUNT": "-2.00", "TAX": "0.80"},
            ("8.00", "8.80"),
            ("0", "0"),
        ),
        (
            "discount, positive",
            US,
            "8.80",
            {"ITEM": "10.00", "DISCOUNT": "2.00", "TAX": "0.80"},
            ("8.00", "8.80"),
            ("0", "0"),
        ),
        (
            "discount on shipping, detailed",
            US,
            "10.00",
            {"ITEM": "10.00", "SHIPPING": "5.00", "DISCOUNT": ("5.00", {"SHIPPING": "5.00"})},
            ("10.00", "10.00"),
            ("0", "0"),
        ),
        (
            "discount on both, details negative and the whole positive",
            US,
            "11.00",
            {
                "ITEM": "10.00",
                "SHIPPING": "5.00",
                "DISCOUNT": ("4.00", {"ITEM": "-1.00", "SHIPPING": "-3.00"}),
            },
            ("9.00", "9.00"),
            ("2.00", "2.00"),
        ),
        (
            "discount whose whole leaves out the part on shipping",
            US,
            "9.00",
            {
                "ITEM": "10.00",
                "SHIPPING": "5.00",
                "DISCOUNT": ("1.00", {"ITEM": "1.00", "SHIPPING": "5.00"}),
            },
            ("9.00", "9.00"),
            ("0", "0"),
        ),
        (
            "discount without details lowers the item first, then its shipping",
            US,
            "3.00",
            {"ITEM": "10.00", "SHIPPING": "5.00", "DISCOUNT": "12.00"},
            ("0", "0"),
            ("3.00", "3.00"),
        ),
        (
            "tax stated before discount, with the tax on it apart",
            US,
            "88.00",
            {
                "ITEM": "100.00",
                "DISCOUNT": "-20.00",
                "TAX": ("10.00", {"ITEM": "10.00", "DISCOUNT": "2.00"}),
            },
            ("80.00", "88.00"),
            ("0", "0"),
        ),
        (
            "tax stated after discount, its details before",
            US,
            "88.00",
            {
                "ITEM": "100.00",
                "DISCOUNT": "-20.00",
                "TAX": ("8.00", {"ITEM": "10.00", "DISCOUNT": "-2.00"}),
            },
            ("80.00", "88.00"),
            ("0", "0"),
        ),
        (
            "contained tax before discount, with the tax on it apart",
            DE,
            "95.20",
            {
                "ITEM": "119.00",
                "DISCOUNT": "23.80",
                "TAX": ("19.00", {"ITEM": "19.00", "DISCOUNT": "3.80"}),
            },
            ("80.00", "95.20"),
            ("0", "0"),
        ),
        (
            "gift wrap belongs to the line, the fee for cash on delivery to shipping",
            US,
            "21.50",
            {"ITEM": "10.00", "GIFT_WRAP": "3.00", "SHIPPING": "5.00", "COD_FEE": "3.50"},
            ("13.00", "13.00"),
            ("8.50", "8.50"),
        ),
        (
            "other charges belong to the line",
            US,
            "11.00",
            {"ITEM": "10.00", "OTHER": "1.00"},
            ("11.00", "11.00"),
            ("0", "0"),
        ),
        (
            "everything at once, tax detailed to each",
            US,
            "25.26",
            {
                "ITEM": "10.00",
                "GIFT_WRAP": "3.00",
                "SHIPPING": "5.00",
                "COD_FEE": "3.50",
                "OTHER": "1.00",
                "DISCOUNT": ("1.00", {"GIFT_WRAP": "1.00"}),
                "TAX": (
                    "3.76",
                    {
                        "ITEM": "2.00",
                        "GIFT_WRAP": "0.40",
                        "SHIPPING": "1.00",
                        "COD_FEE": "0.26",
                        "OTHER": "0.10",
                    },
                ),
            },
            ("13.00", "15.50"),
            ("8.50", "9.76"),
        ),
        (
            "an unknown kind that costs nothing",
            US,
            "10.00",
            {"ITEM": "10.00", "NEW_KIND": "0.00"},
            ("10.00", "10.00"),
            ("0", "0"),
        ),
        (
            "tax on shipping that is free",
            US,
            "10.40",
            {
                "ITEM": "10.00",
                "SHIPPING": "5.00",
                "DISCOUNT": ("5.00", {"SHIPPING": "5.00"}),
                "TAX": ("0.40", {"SHIPPING": "0.40"}),
            },
            ("10.00", "10.00"),
            ("0", "0.40"),
        ),
    ],
)
def test_the_reading_that_gives_the_total_is_taken(
    _case: str,
    marketplace: str,
    total: str,
    kinds: Kinds,
    line: tuple[str, str],
    shipping: tuple[str, str],
) -> None:
    amounts = read(one_item(total, kinds, marketplace))

    found = amounts.items[0]
    assert (found.line.net, found.line.gross) == pair(*line)
    assert (amounts.shipping.net, amounts.shipping.gross) == pair(*shipping)
    assert amounts.total.gross == Decimal(total)
    assert amounts.currency == CURRENCIES[marketplace]


@pytest.mark.parametrize(
    ("_case", "marketplace", "country", "total", "net"),
    [
        ("a rate that divides", DE, "DE", "119.00", "100.00"),
        ("a rate that does not divide", DE, "DE", "10.00", "8.40"),
        ("whole yen", JP, "JP", "1000", "909"),
    ],
)
def test_a_configured_rate_takes_the_tax_out_of_a_price_without_reported_tax(
    _case: str, marketplace: str, country: str, total: str, net: str
) -> None:
    order = one_item(total, {"ITEM": total, "TAX": "0.00"}, marketplace)
    order["recipient"] = {"deliveryAddress": {**SEATTLE, "countryCode": country}}

    amounts = read(order, RATES)

    assert (amounts.total.net, amounts.total.gross) == pair(net, total)
    assert not amounts.tax_unknown


def test_the_rate_is_that_of_the_country_where_the_goods_arrive() -> None:
    # given
    order = one_item("120.00", {"ITEM": "120.00"}, DE)
    order["recipient"] = {"deliveryAddress": {**SEATTLE, "countryCode": "UK"}}
    nowhere = one_item("119.00", {"ITEM": "119.00"}, DE)
    del nowhere["recipient"]

    # then
    assert read(order, RATES).total.net == Decimal("100.00")
    assert read(nowhere, RATES).total.net == Decimal("100.00")


def test_tax_neither_reported_nor_configured_is_marked_as_unknown() -> None:
    amounts = read(one_item("119.00", {"ITEM": "119.00"}, DE))

    assert amounts.tax_unknown
    assert (amounts.total.net, amounts.total.gross) == pair("119.00", "119.00")


def test_a_rate_of_nothing_is_a_known_tax() -> None:
    order = one_item("119.00", {"ITEM": "119.00"}, DE)
    order["recipient"]["deliveryAddress"] = {**SEATTLE, "countryCode": "DE"}

    amounts = read(order, {"DE": Decimal(0)})

    assert not amounts.tax_unknown
    assert amounts.total.net == amounts.total.gross


def test_a_rate_is_not_used_where_amazon_reports_tax() -> None:
    order = one_item("107.00", {"ITEM": "107.00", "TAX": "7.00"}, DE)

    amounts = read(order, RATES)

    assert amounts.total.net == Decimal("100.00")


def test_any_currency_keeps_its_own_digits() -> None:
    kinds = {"ITEM": "10.005", "SHIPPING": "1.111", "TAX": "0.556"}

    amounts = read(one_item("11.672", kinds, currency="KWD"))

    assert [(part.net, part.gross) for part in (amounts.items[0].line, amounts.shipping)] == [
        pair("10.005", "10.505"),
        pair("1.111", "1.167"),
    ]


def test_three_units_for_ten_stay_ten() -> None:
    item = an_item("10.00", quantity=3)

    assert read(an_order([item])).items[0].line.gross == Decimal("10.00")


def test_an_amount_is_told_with_the_digits_of_its_currency() -> None:
    amounts = read(one_item("1E+1", {"ITEM": "10.0"}))

    assert str(amounts.items[0].line.gross) == "10.00"


def test_an_unknown_kind_of_proceeds_without_effect_is_ignored() -> None:
    amounts = read(one_item("10.00", {"ITEM": "10.00", "RECYCLING": "2.00"}))

    assert amounts.total.gross == Decimal("10.00")
