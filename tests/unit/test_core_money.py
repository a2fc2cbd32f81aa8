"""Money is exact to the smallest unit of its currency, and no split loses any."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_amazon_app.core.money import (
    CurrencyMismatchError,
    Money,
    is_exact,
    rounded,
    shown,
    smallest_unit,
    split,
)

CURRENCIES = ("USD", "EUR", "GBP", "JPY", "KWD")


@pytest.mark.parametrize(
    ("currency", "unit"),
    [("USD", "0.01"), ("EUR", "0.01"), ("JPY", "1"), ("KWD", "0.001"), ("CLP", "1")],
)
def test_a_currency_has_as_many_digits_as_babel_says(currency: str, unit: str) -> None:
    assert smallest_unit(currency) == Decimal(unit)


def test_two_amounts_of_one_currency_are_added() -> None:
    assert Money(Decimal("0.10"), "USD") + Money(Decimal("0.20"), "USD") == Money(
        Decimal("0.30"), "USD"
    )


def test_two_currencies_are_never_added() -> None:
    with pytest.raises(CurrencyMismatchError, match="USD and EUR cannot be added"):
        Money(Decimal(1), "USD") + Money(Decimal(1), "EUR")


@pytest.mark.parametrize(
    ("amount", "currency", "exact", "at_the_edge", "words"),
    [
        ("10", "USD", True, "10.00", "10.00"),
        ("10.000", "USD", True, "10.00", "10.00"),
        ("10.005", "USD", False, "10.01", "10.005"),
        ("1E+2", "USD", True, "100.00", "100.00"),
        ("5980", "JPY", True, "5980", "5980"),
        ("5980.0", "JPY", True, "5980", "5980"),
        ("5980.5", "JPY", False, "5981", "5980.5"),
        ("1.234", "KWD", True, "1.234", "1.234"),
        ("1.2345", "KWD", False, "1.235", "1.2345"),
        ("0", "USD", True, "0.00", "0.00"),
    ],
)
def test_an_amount_is_rounded_at_the_edge_only(
    amount: str, currency: str, exact: bool, at_the_edge: str, words: str
) -> None:
    assert is_exact(Decimal(amount), currency) is exact
    assert str(rounded(Decimal(amount), currency)) == at_the_edge
    assert shown(Decimal(amount), currency) == words


@pytest.mark.parametrize(
    ("amount", "weights", "currency", "parts"),
    [
        ("10.00", ["1", "1", "1"], "USD", ["3.34", "3.33", "3.33"]),
        ("0.02", ["1", "1", "1"], "USD", ["0.01", "0.01", "0.00"]),
        ("100", ["1", "2"], "JPY", ["33", "67"]),
        ("1.000", ["1", "1", "1"], "KWD", ["0.334", "0.333", "0.333"]),
        ("5.00", ["0", "3", "0"], "USD", ["0.00", "5.00", "0.00"]),
        ("5.00", ["0", "0"], "USD", ["5.00", "0"]),
        ("0.00", ["1", "2"], "USD", ["0.00", "0.00"]),
    ],
)
def test_a_split_gives_what_is_left_to_those_who_lost_most(
    amount: str, weights: list[str], currency: str, parts: list[str]
) -> None:
    given_weights = [Decimal(weight) for weight in weights]

    found = split(Decimal(amount), given_weights, currency)

    assert [str(part) for part in found] == parts


@given(
    units=st.integers(0, 10**16),
    weights=st.lists(st.integers(0, 10**16), min_size=1, max_size=6),
    currency=st.sampled_from(CURRENCIES),
)
def test_a_split_conserves_the_amount(units: int, weights: list[int], currency: str) -> None:
    # given
    unit = smallest_unit(currency)
    amount = units * unit
    whole = sum(weights)

    # when
    parts = split(amount, [weight * unit for weight in weights], currency)

    # then
    assert sum(parts) == amount
    assert all(part >= 0 and is_exact(part, currency) for part in parts)
    for part, weight in zip(parts, weights, strict=True):
        if whole:
            assert abs(int(part / unit) * whole - units * weight) < whole
