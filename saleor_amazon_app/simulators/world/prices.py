"""What items cost, chosen part by part and then written down as Amazon reports it.

Everything is counted in whole smallest units (cents, yen), and sums only ever go forward: price,
discount and tax are chosen first, totals follow from them. Nothing here reads a total apart.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

_WHOLE_UNITS = frozenset({"JPY"})


class TaxStyle(StrEnum):
    """How an item's tax is reported.

    ADDED: on top of the price. CONTAINED: in the price, and Amazon says how much. SILENT: in the
    price, and Amazon reports 0 or nothing at all.
    """

    ADDED = "ADDED"
    CONTAINED = "CONTAINED"
    SILENT = "SILENT"


class DiscountTax(StrEnum):
    """What TAX says of the tax that a discount saved.

    NOT_TOLD: nothing, only what is due is reported. TAKEN_OFF: it is detailed and already off the
    subtotal. STILL_IN: it is detailed, and the subtotal is that of before the discount.
    """

    NOT_TOLD = "NOT_TOLD"
    TAKEN_OFF = "TAKEN_OFF"
    STILL_IN = "STILL_IN"


@dataclass(frozen=True, slots=True)
class Charge:
    """One kind of proceeds of an item, for its whole quantity, in smallest units.

    Attributes:
        base: the price before discount, as Amazon shows it.
        tax: on or in what is left after the discount.
    """

    kind: str
    base: int
    discount: int = 0
    tax: int = 0


@dataclass(frozen=True, slots=True)
class ItemPrice:
    """All charges of an item and the manner of reporting them.

    Attributes:
        rate: percent of tax a setting knows for a SILENT price; None where none is set.
        detailed: whether TAX and DISCOUNT say which kind they belong to.
        negative: whether discounts are written with a minus sign.
        apart: whether DISCOUNT's subtotal is that of the item alone, and what was taken off
            delivery or wrapping stands in the details only.
        discount_tax: for ADDED only.
        tax_saved: the tax the discount saved, where `discount_tax` tells it.
    """

    currency: str
    charges: tuple[Charge, ...]
    style: TaxStyle
    rate: int | None = None
    detailed: bool = True
    negative: bool = False
    apart: bool = False
    discount_tax: DiscountTax = DiscountTax.NOT_TOLD
    tax_saved: int = 0

    @property
    def gross(self) -> int:
        """What the buyer pays for the item."""
        due = sum(charge.base - charge.discount for charge in self.charges)
        return due + self._tax if self.style is TaxStyle.ADDED else due

    @property
    def net(self) -> int:
        """The same without tax; where the tax is unknown, the same."""
        match self.style:
            case TaxStyle.ADDED | TaxStyle.CONTAINED:
                return self.gross - self._tax
            case TaxStyle.SILENT if self.rate is not None:
                return _divided(self.gross * 100, 100 + self.rate)
            case _:
                return self.gross

    def free(self) -> "ItemPrice":
        """The same item for nothing."""
        nothing = tuple(Charge(charge.kind, 0) for charge in self.charges)
        return replace(self, charges=nothing, tax_saved=0)

    def written(self) -> dict[str, Any]:
        """`proceeds` of an item of Orders 2026-01-01."""
        breakdowns = [
            {"type": charge.kind, "subtotal": money(charge.base, self.currency)}
            for charge in self.charges
        ]
        breakdowns += [part for part in (self._written_tax(), self._written_discount()) if part]
        return {"proceedsTotal": money(self.gross, self.currency), "breakdowns": breakdowns}

    @property
    def _tax(self) -> int:
        return sum(charge.tax for charge in self.charges)

    def _written_tax(self) -> dict[str, Any] | None:
        if self.style is TaxStyle.SILENT:
            # Amazon does both: it reports a zero, and it reports nothing.
            return None if self.detailed else {"type": "TAX", "subtotal": money(0, self.currency)}
        told = self.discount_tax is not DiscountTax.NOT_TOLD
        saved = self.tax_saved if told else 0
        subtotal = self._tax
        if self.discount_tax is DiscountTax.STILL_IN:
            subtotal += saved
        part: dict[str, Any] = {"type": "TAX", "subtotal": money(subtotal, self.currency)}
        if self.detailed or told:
            parts = {charge.kind: charge.tax for charge in self.charges if charge.tax}
            parts["ITEM"] = parts.get("ITEM", 0) + saved
            if saved:
                parts["DISCOUNT"] = saved
            part["detailedBreakdowns"] = self._details(parts)
        return part

    def _written_discount(self) -> dict[str, Any] | None:
        parts = {charge.kind: charge.discount for charge in self.charges if charge.discount}
        if not parts:
            return None
        sign = -1 if self.negative else 1
        whole = parts["ITEM"] if self._is_told_apart(parts) else sum(parts.values())
        part: dict[str, Any] = {"type": "DISCOUNT", "subtotal": money(sign * whole, self.currency)}
        if self.detailed:
            part["detailedBreakdowns"] = self._details(
                {kind: sign * discount for kind, discount in parts.items()}
            )
        return part

    def _is_told_apart(self, parts: dict[str, int]) -> bool:
        """Whether it is wished, and no other sum happens to give the same total."""
        elsewhere = sum(parts.values()) - parts.get("ITEM", 0)
        taxes = (0, self._tax, self.tax_saved, self._tax + self.tax_saved)
        return self.apart and self.detailed and "ITEM" in parts and elsewhere not in taxes

    def _details(self, parts: dict[str, int]) -> list[dict[str, Any]]:
        return [
            {"subtype": kind, "value": money(value, self.currency)} for kind, value in parts.items()
        ]


def money(units: int, currency: str) -> dict[str, str]:
    """An amount as Amazon writes it: a decimal string, for yen without decimals."""
    return {"amount": f"{decimal(units, currency):f}", "currencyCode": currency}


def decimal(units: int, currency: str) -> Decimal:
    """Smallest units as an amount with exactly the currency's digits."""
    return Decimal(units).scaleb(-digits(currency))


def digits(currency: str) -> int:
    """How many digits follow the point."""
    return 0 if currency in _WHOLE_UNITS else 2


def percent_of(units: int, percent: int) -> int:
    """A percentage of an amount, rounded half up to the smallest unit."""
    return _divided(units * percent, 100)


def contained_in(units: int, percent: int) -> int:
    """The tax that a price contains at a rate, rounded half up."""
    return _divided(units * percent, 100 + percent)


def totals(prices: Iterable[ItemPrice], *, tip: int = 0) -> tuple[int, int]:
    """Gross and net of a whole order; a tip for the courier carries no tax."""
    known = list(prices)
    return sum(price.gross for price in known) + tip, sum(price.net for price in known) + tip


def _divided(units: int, by: int) -> int:
    return (2 * units + by) // (2 * by)
