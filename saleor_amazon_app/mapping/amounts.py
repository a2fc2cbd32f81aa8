"""What an order costs: its items, its shipping and its tip, exact to Amazon's grand total.

How one item is read is in `item_amounts`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from saleor_amazon_app.amazon.order_records import Order
from saleor_amazon_app.core.marketplaces import MARKETPLACES
from saleor_amazon_app.core.money import ZERO, shown
from saleor_amazon_app.core.reasons import HoldCode, Reason
from saleor_amazon_app.mapping.addresses import country_of
from saleor_amazon_app.mapping.item_amounts import (
    KINDS,
    NOTHING,
    AmountsRefusedError,
    ItemAmounts,
    Taxed,
    exact,
    read_item,
)


@dataclass(frozen=True, slots=True)
class OrderAmounts:
    """The whole order's amounts; `total.gross` is Amazon's grand total to the smallest unit."""

    currency: str
    items: tuple[ItemAmounts, ...]
    tip: Decimal

    @property
    def shipping(self) -> Taxed:
        """The shipping price: delivery, cash-on-delivery fee and tip."""
        tip = Taxed(self.tip, self.tip)
        return sum((item.shipping for item in self.items), tip)

    @property
    def total(self) -> Taxed:
        """Lines and shipping together."""
        return sum((item.line for item in self.items), self.shipping)

    @property
    def tax_unknown(self) -> bool:
        """Whether the tax of any item is unknown."""
        return any(item.tax_unknown for item in self.items)


def add_up(order: Order, tax_rates: Mapping[str, Decimal]) -> OrderAmounts | Reason:
    """Reads the order's amounts, or says why they cannot be used.

    Args:
        order: one Amazon order; items without units take part only by their amounts.
        tax_rates: country code to rate, for items whose price contains a tax that Amazon does
            not report.
    """
    try:
        return _add_up(order, tax_rates)
    except AmountsRefusedError as refused:
        return refused.reason


def _add_up(order: Order, tax_rates: Mapping[str, Decimal]) -> OrderAmounts:
    marketplace_id = order.sales_channel.marketplace_id
    marketplace = MARKETPLACES.get(marketplace_id) if marketplace_id else None
    grand_total = order.proceeds.grand_total if order.proceeds else None
    if marketplace and _is_free_replacement(order):
        free = dict.fromkeys(KINDS, NOTHING)
        items = tuple(ItemAmounts(i.order_item_id, free, False) for i in order.order_items)
        currency = grand_total.currency_code if grand_total else marketplace.currency
        return OrderAmounts(currency, items, ZERO)
    if grand_total is None:
        raise AmountsRefusedError(
            HoldCode.INCOMPLETE_FROM_AMAZON,
            "Amazon has not sent the order's total yet; it is asked again at the next sync.",
        )
    currency = grand_total.currency_code
    total = exact(grand_total, currency, "the order's total")
    rate = tax_rates.get(_taxing_country(order) or (marketplace.country if marketplace else ""))
    tax_is_added = marketplace.tax_added if marketplace else False
    items = tuple(read_item(i, currency, rate, tax_is_added) for i in order.order_items)
    of_items = sum((item.line.gross + item.shipping.gross for item in items), ZERO)
    tip = _tip(order, currency, missing=total - of_items)
    if of_items + tip != total or tip < 0:
        with_tip = f" and the tip to {shown(tip, currency)}" if tip else ""
        raise AmountsRefusedError(
            HoldCode.AMOUNTS_DO_NOT_ADD_UP,
            f"The items come to {shown(of_items, currency)}{with_tip}, but Amazon's total is "
            f"{shown(total, currency)} {currency}. Compare the order with Seller Central.",
        )
    return OrderAmounts(currency, items, tip)


def _is_free_replacement(order: Order) -> bool:
    """A replacement costs nothing, and Amazon may then send no proceeds at all."""
    grand_total = order.proceeds.grand_total if order.proceeds else None
    if not order.replaced_orders or (grand_total and grand_total.amount):
        return False
    return not any(
        money.amount
        for proceeds in (item.proceeds for item in order.order_items)
        if proceeds
        for money in (proceeds.proceeds_total, *(b.subtotal for b in proceeds.breakdowns or ()))
        if money
    )


def _taxing_country(order: Order) -> str | None:
    """Distance sales are taxed where the goods arrive."""
    return country_of(order.recipient.delivery_address if order.recipient else None)


def _tip(order: Order, currency: str, *, missing: Decimal) -> Decimal:
    """The tip for the courier, the one amount that no item holds.

    A tip that is still PENDING may not be part of the total yet; it counts when the total says so.
    """
    settled = pending = ZERO
    for breakdown in (order.proceeds.breakdowns if order.proceeds else None) or ():
        if breakdown.type == "DELIVERY_TIP":
            tip = exact(breakdown.subtotal, currency, "the tip")
            if breakdown.status == "PENDING":
                pending += tip
            else:
                settled += tip
    return settled if missing == settled else settled + pending
