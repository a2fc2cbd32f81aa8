"""Money to the smallest unit: an exact amount with its currency, never a float.

An amount stays as Amazon sent it until it is asked to be exact in its currency; the number of
digits a currency has is Babel's answer, because the host quantises every price by that same table
(Source: saleor/core/prices.py, branch 3.23, read 2026-11-20).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache

from babel.numbers import get_currency_precision

ZERO = Decimal(0)
# Digits enough to multiply two amounts of any length this app reads without rounding.
_EXACT = 100


class CurrencyMismatchError(ValueError):
    """Two currencies were added; nothing in this product converts money."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in major units and its ISO 4217 code."""

    amount: Decimal
    currency: str

    def __add__(self, other: "Money") -> "Money":
        """Adds two amounts of one currency.

        Raises:
            CurrencyMismatchError: the currencies differ.
        """
        if self.currency != other.currency:
            raise CurrencyMismatchError(f"{self.currency} and {other.currency} cannot be added")
        return Money(self.amount + other.amount, self.currency)


@lru_cache(maxsize=256)
def smallest_unit(currency: str) -> Decimal:
    """The smallest amount a currency has: 0.01 for USD, 1 for JPY, 0.001 for KWD."""
    return Decimal(1).scaleb(-get_currency_precision(currency))


def is_exact(amount: Decimal, currency: str) -> bool:
    """Tells whether the amount is a whole number of smallest units, so that nothing rounds it."""
    return amount % smallest_unit(currency) == 0


def rounded(amount: Decimal, currency: str) -> Decimal:
    """The amount at the edge: rounded half up to the currency's smallest unit."""
    return amount.quantize(smallest_unit(currency), ROUND_HALF_UP)


def shown(amount: Decimal, currency: str) -> str:
    """The amount for people and for JSON, with as many digits as its currency has.

    An amount finer than the currency's smallest unit is shown whole, never rounded away.
    """
    if is_exact(amount, currency):
        return f"{amount.quantize(smallest_unit(currency)):f}"
    return f"{amount.normalize():f}"


def split(amount: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Splits an amount in proportion to weights; the parts add up to the amount exactly.

    Largest remainder: each part is rounded down to the smallest unit, what is left goes unit by
    unit to the parts that lost most. All weights 0 gives everything to the first part.

    Args:
        amount: what to split, exact in its currency and not negative.
        weights: one non-negative weight a part; at least one.
        currency: ISO 4217.
    """
    total = sum(weights, ZERO)
    if total == 0:
        return [amount, *[ZERO] * (len(weights) - 1)]
    unit = smallest_unit(currency)
    with localcontext(prec=_EXACT):
        shares = [divmod(amount / unit * weight, total) for weight in weights]
        left = int(amount / unit - sum(whole for whole, _ in shares))
        by_loss = sorted(range(len(shares)), key=lambda i: (-shares[i][1], i))
        more = set(by_loss[:left])
        return [(whole + (i in more)) * unit for i, (whole, _) in enumerate(shares)]
