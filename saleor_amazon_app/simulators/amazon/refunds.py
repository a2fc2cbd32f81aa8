"""Money given back, per item and per what it was paid for; never more than the buyer paid.

Amazon has no way to tell that a refund was meant once: one that is handed in again is paid again,
as long as there is money to give back.

Source: the element list of OrderAdjustment.xsd; selling-partner-api-docs issue 767 (tax is part
of the principal where prices contain it), read 2026-11-20.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from saleor_amazon_app.core.marketplaces import MARKETPLACES
from saleor_amazon_app.core.money import ZERO, is_exact
from saleor_amazon_app.simulators.amazon.answers import JsonObject
from saleor_amazon_app.simulators.amazon.misdeeds import Misdeed, Noted
from saleor_amazon_app.simulators.amazon.parcels import order_items

# What was paid for, as refunds call it, and as orders do.
_KINDS = {
    "Principal": "ITEM",
    "Shipping": "SHIPPING",
    "GiftWrap": "GIFT_WRAP",
    "COD": "COD_FEE",
    "Other": "OTHER",
}
_TAXES = {
    "Tax": "Principal",
    "ShippingTax": "Shipping",
    "GiftWrapTax": "GiftWrap",
    "CODTax": "COD",
}
COMPONENTS = frozenset(_KINDS) | frozenset(_TAXES)

# By item, then by component.
Parts = Mapping[str, Mapping[str, Decimal]]


class RefusedRefundError(ValueError):
    """Amazon does not pay this back; the message says why."""


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund that was paid.

    Attributes:
        said_by: the number of the message that asked for it; None for Seller Central.
    """

    transaction_id: str
    order_id: str
    marketplace_id: str
    currency: str
    parts: Parts
    posted: datetime
    said_by: int | None


class Refunds:
    """What buyers of one seller got back."""

    def __init__(self, noted: list[Noted]) -> None:
        self._noted = noted
        self.paid: list[Refund] = []

    def of(self, order_id: str) -> dict[str, dict[str, Decimal]]:
        """What was paid back of an order, by item and component."""
        sums: dict[str, dict[str, Decimal]] = {}
        for refund in self.paid:
            if refund.order_id != order_id:
                continue
            for item_id, components in refund.parts.items():
                of_item = sums.setdefault(item_id, {})
                for component, amount in components.items():
                    of_item[component] = of_item.get(component, ZERO) + amount
        return sums

    def pay(
        self,
        order: JsonObject,
        parts: Parts,
        *,
        currency: str,
        now: datetime,
        said_by: int | None = None,
    ) -> Refund:
        """Pays a refund, all of it or nothing.

        Raises:
            RefusedRefundError: a part is not the order's, or it is more than the buyer paid.
        """
        order_id = order["orderId"]
        _check_parts(order, parts, currency)
        before = self.of(order_id)
        for item in order_items(order):
            item_id = item["orderItemId"]
            asked = parts.get(item_id, {})
            for words in _overpaid(item, before.get(item_id, {}), asked):
                if said_by:
                    self._noted.append(Noted(Misdeed.REFUNDED_TOO_MUCH, order_id, words))
                raise RefusedRefundError(words)
        if said_by and any((r.order_id, r.said_by) == (order_id, said_by) for r in self.paid):
            self._noted.append(Noted(Misdeed.REFUNDED_TWICE, order_id, f"message {said_by}"))
        refund = Refund(
            transaction_id=uuid4().hex,
            order_id=order_id,
            marketplace_id=order["salesChannel"]["marketplaceId"],
            currency=currency,
            parts=parts,
            posted=now,
            said_by=said_by,
        )
        self.paid.append(refund)
        return refund


def _check_parts(order: JsonObject, parts: Parts, currency: str) -> None:
    marketplace = MARKETPLACES.get(order["salesChannel"].get("marketplaceId"))
    known = {item["orderItemId"] for item in order_items(order)}
    for item_id, components in parts.items():
        if item_id not in known:
            raise RefusedRefundError(f"The order has no item {item_id}.")
        for component, amount in components.items():
            if component not in COMPONENTS:
                raise RefusedRefundError(f"{component} was not paid for item {item_id}.")
            if component in _TAXES and marketplace and not marketplace.tax_added:
                raise RefusedRefundError(f"{component}: prices contain the tax here.")
            if amount <= 0 or not is_exact(amount, currency):
                raise RefusedRefundError(f"{amount} {currency} is no amount.")


def _overpaid(
    item: JsonObject, before: Mapping[str, Decimal], asked: Mapping[str, Decimal]
) -> Iterator[str]:
    """Where the buyer would have more back than was paid: the item as a whole, or a kind of it."""
    item_id = item["orderItemId"]
    total = _amount(item.get("proceeds", {}).get("proceedsTotal"))
    sums = {name: before.get(name, ZERO) + asked.get(name, ZERO) for name in {*before, *asked}}
    if sum(sums.values(), ZERO) > total:
        yield f"{sum(sums.values(), ZERO)} back for item {item_id}, which cost {total}."
    for name, kind in _KINDS.items():
        back = sums.get(name, ZERO) + sum(
            (sums.get(tax, ZERO) for tax, of in _TAXES.items() if of == name), ZERO
        )
        most = _paid(item, kind, total)
        if name in asked and back > most:
            yield f"{back} of {name} back for item {item_id}, where {most} was paid."


def _paid(item: JsonObject, kind: str, total: Decimal) -> Decimal:
    """The most that was paid of a kind, its tax included: a discount may have made it less."""
    breakdowns = {one["type"]: one for one in item.get("proceeds", {}).get("breakdowns", ())}
    if not breakdowns:
        return total
    base = _amount(breakdowns.get(kind, {}).get("subtotal"))
    tax = breakdowns.get("TAX", {})
    details = tax.get("detailedBreakdowns")
    if details is None:
        return base + _amount(tax.get("subtotal"))
    return base + sum((_amount(d.get("value")) for d in details if d.get("subtype") == kind), ZERO)


def _amount(money: Mapping[str, Any] | None) -> Decimal:
    return abs(Decimal(money["amount"])) if money else ZERO
