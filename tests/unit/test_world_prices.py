"""The generator's own arithmetic, by hand: what is chosen, what is written, what must come out."""

from decimal import Decimal

import pytest

from saleor_amazon_app.simulators.world.prices import (
    Charge,
    DiscountTax,
    ItemPrice,
    TaxStyle,
    contained_in,
    decimal,
    money,
    percent_of,
    totals,
)


def dollars(amount: str) -> dict[str, str]:
    return {"amount": amount, "currencyCode": "USD"}


def test_tax_that_is_added() -> None:
    price = ItemPrice("USD", (Charge("ITEM", 1000, 100, 90),), TaxStyle.ADDED)

    assert (price.gross, price.net) == (990, 900)
    assert price.written() == {
        "proceedsTotal": dollars("9.90"),
        "breakdowns": [
            {"type": "ITEM", "subtotal": dollars("10.00")},
            {
                "type": "TAX",
                "subtotal": dollars("0.90"),
                "detailedBreakdowns": [{"subtype": "ITEM", "value": dollars("0.90")}],
            },
            {
                "type": "DISCOUNT",
                "subtotal": dollars("1.00"),
                "detailedBreakdowns": [{"subtype": "ITEM", "value": dollars("1.00")}],
            },
        ],
    }


def test_tax_that_is_contained() -> None:
    price = ItemPrice("EUR", (Charge("ITEM", 1190, 0, 190),), TaxStyle.CONTAINED, detailed=False)

    assert (price.gross, price.net) == (1190, 1000)
    assert price.written()["breakdowns"][1] == {"type": "TAX", "subtotal": money(190, "EUR")}


@pytest.mark.parametrize(
    ("_case", "rate", "net"), [("a rate is set", 19, 1000), ("none is set", None, 1190)]
)
def test_tax_that_amazon_is_silent_about(_case: str, rate: int | None, net: int) -> None:
    price = ItemPrice("EUR", (Charge("ITEM", 1190),), TaxStyle.SILENT, rate=rate)

    assert (price.gross, price.net) == (1190, net)
    assert [part["type"] for part in price.written()["breakdowns"]] == ["ITEM"]


@pytest.mark.parametrize(
    ("told", "subtotal"), [(DiscountTax.TAKEN_OFF, "0.90"), (DiscountTax.STILL_IN, "1.00")]
)
def test_tax_that_a_discount_saved(told: DiscountTax, subtotal: str) -> None:
    price = ItemPrice(
        "USD", (Charge("ITEM", 1000, 100, 90),), TaxStyle.ADDED, discount_tax=told, tax_saved=10
    )

    assert (price.gross, price.net) == (990, 900)
    assert price.written()["breakdowns"][1] == {
        "type": "TAX",
        "subtotal": dollars(subtotal),
        "detailedBreakdowns": [
            {"subtype": "ITEM", "value": dollars("1.00")},
            {"subtype": "DISCOUNT", "value": dollars("0.10")},
        ],
    }


def test_discounts_may_be_negative_and_told_apart() -> None:
    charges = (Charge("ITEM", 1000, 100), Charge("SHIPPING", 500, 50))
    price = ItemPrice("USD", charges, TaxStyle.SILENT, negative=True, apart=True)

    assert price.gross == 1350
    assert price.written()["breakdowns"][2] == {
        "type": "DISCOUNT",
        "subtotal": dollars("-1.00"),
        "detailedBreakdowns": [
            {"subtype": "ITEM", "value": dollars("-1.00")},
            {"subtype": "SHIPPING", "value": dollars("-0.50")},
        ],
    }


def test_discounts_are_not_told_apart_where_that_would_fit_another_sum() -> None:
    charges = (Charge("ITEM", 1000, 100, 50), Charge("SHIPPING", 500, 50))
    price = ItemPrice("USD", charges, TaxStyle.ADDED, apart=True)

    assert price.written()["breakdowns"][-1]["subtotal"] == dollars("1.50")


def test_a_free_item_has_no_amount_left() -> None:
    price = ItemPrice("USD", (Charge("ITEM", 1000, 100, 90),), TaxStyle.ADDED).free()

    assert (price.gross, price.net) == (0, 0)
    assert {part["subtotal"]["amount"] for part in price.written()["breakdowns"]} == {"0.00"}


def test_totals_add_a_tip_without_tax() -> None:
    price = ItemPrice("USD", (Charge("ITEM", 1000, 0, 80),), TaxStyle.ADDED)

    assert totals([price, price], tip=300) == (2460, 2300)


def test_percentages_round_half_up() -> None:
    assert percent_of(50, 1) == 1
    assert percent_of(49, 1) == 0
    assert contained_in(1190, 19) == 190
    assert contained_in(101, 100) == 51


@pytest.mark.parametrize(
    ("currency", "written"), [("USD", "5980.00"), ("JPY", "598000"), ("EUR", "5980.00")]
)
def test_amounts_have_their_currencys_digits(currency: str, written: str) -> None:
    assert money(598_000, currency) == {"amount": written, "currencyCode": currency}
    assert decimal(598_000, currency) == Decimal(written)
