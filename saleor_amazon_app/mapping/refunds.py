"""Splits the money staff want to give back into what Amazon books it under. Pure.

Amazon refunds by item and component, irreversibly and without asking whether it did so before: so
a refund is never more than is left of what the buyer paid for each component of each item, and
its parts are exactly what was asked.

Source: POST_PAYMENT_ADJUSTMENT_DATA; tax apart from the price only where prices are shown without
it (amzn/selling-partner-api-docs issue 767), read 2026-11-20.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from saleor_amazon_app.amazon.feed_documents import REFUND_CURRENCIES
from saleor_amazon_app.amazon.order_records import FULFILLED_BY_AMAZON, Order
from saleor_amazon_app.core.ids import OrderItemId
from saleor_amazon_app.core.marketplaces import MARKETPLACES
from saleor_amazon_app.core.money import ZERO, Money, is_exact, rounded, shown, split
from saleor_amazon_app.core.reasons import Reason
from saleor_amazon_app.mapping.amounts import OrderAmounts, add_up
from saleor_amazon_app.mapping.booked_refunds import Book, Booked, what_is_left
from saleor_amazon_app.mapping.units import is_cancelled, units_of

# By kind of proceeds: Amazon's name of the component, and of its tax.
_COMPONENTS = {
    "ITEM": ("Principal", "Tax"),
    "GIFT_WRAP": ("GiftWrap", "GiftWrapTax"),
    "OTHER": ("Other", "Tax"),
    "SHIPPING": ("Shipping", "ShippingTax"),
    "COD_FEE": ("COD", "CODTax"),
}
_OF_DELIVERY = frozenset({"Shipping", "ShippingTax", "COD", "CODTax"})
_NOT_SHIPPED = frozenset({"PENDING", "PENDING_AVAILABILITY", "UNSHIPPED"})


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """What staff ask to be given back.

    Attributes:
        units: of which items; empty where none is named.
        with_shipping: whether what was paid for delivery is part of it.
        names_foreign_lines: whether it names a line that is not from Amazon.
    """

    amount: Money
    units: Mapping[OrderItemId, int]
    with_shipping: bool
    names_foreign_lines: bool = False


@dataclass(frozen=True, slots=True)
class RefundParts:
    """What goes back, by item and component; together exactly what was asked."""

    parts: Book


@dataclass(frozen=True, slots=True)
class RefuseRefund:
    """No money goes back, and why."""

    words: str


@dataclass(frozen=True, slots=True)
class NotShippedYet:
    """Amazon charges when an order ships; before that there is nothing to give back."""

    words: str = (
        "Nothing of it has shipped, so Amazon has charged nothing yet: cancel the order instead."
    )


@dataclass(frozen=True, slots=True)
class _Share:
    """A component of an item that a refund may take from.

    Attributes:
        left: what was paid for it and not given back.
        meant: how much of that is meant by the request.
    """

    key: tuple[OrderItemId, str]
    left: Decimal
    meant: Decimal


def amount_of(request: Mapping[str, Any]) -> Money:
    """The amount of a request as the outbox keeps it; `Any` because it is JSON."""
    return Money(Decimal(request["amount"]), request["currency"])


def decide(
    order: Order,
    request: RefundRequest,
    *,
    refunded: Book,
    elsewhere: Sequence[Booked] = (),
    tax_rates: Mapping[str, Decimal],
) -> RefundParts | RefuseRefund | NotShippedYet:
    """Decides what Amazon is to give back.

    Args:
        order: as Amazon reported it last.
        request: what staff ask.
        refunded: what went back before, or may have.
        elsewhere: what Amazon booked besides.
        tax_rates: country code to rate, as for placing.
    """
    if words := _never(order, request):
        return RefuseRefund(words)
    if (order.fulfillment.fulfillment_status if order.fulfillment else "") in _NOT_SHIPPED:
        return NotShippedYet()
    amounts = add_up(order, tax_rates)
    if isinstance(amounts, Reason):
        return RefuseRefund(f"Amazon's amounts do not tell what was paid: {amounts.message}")
    if amounts.currency != request.amount.currency:
        return RefuseRefund(
            f"The refund is in {request.amount.currency}, but the order in {amounts.currency}."
        )
    left = {key: paid - refunded.get(key, ZERO) for key, paid in charged(order, amounts).items()}
    shares = _shares(order, request, what_is_left(order, left, elsewhere))
    if isinstance(shares, RefuseRefund):
        return shares
    return _split(request.amount, shares, amounts.tip)


def _never(order: Order, request: RefundRequest) -> str | None:
    """Why Amazon is not asked at all; None when there is no reason."""
    amount, currency = request.amount.amount, request.amount.currency
    if order.fulfillment and order.fulfillment.fulfilled_by == FULFILLED_BY_AMAZON:
        return "Amazon ships this order itself and refunds it itself; ask for it in Seller Central."
    if is_cancelled(order):
        return "Amazon cancelled this order and gave everything back already."
    if request.names_foreign_lines:
        return "The refund names a line that is not from Amazon: refund that one by itself."
    if currency not in REFUND_CURRENCIES:
        return f"Amazon takes no refunds in {currency} from apps: make it in Seller Central."
    if any(number < 1 for number in request.units.values()):
        return "The refund names an item without units."
    if amount <= 0 or not is_exact(amount, currency):
        return f"{amount} {currency} cannot be given back."
    return None


def charged(order: Order, amounts: OrderAmounts) -> dict[tuple[OrderItemId, str], Decimal]:
    """What the buyer paid, by item and component.

    Where prices are shown without tax, it is a component of its own; elsewhere Amazon refuses it
    beside a price that contains it.
    """
    marketplace_id = order.sales_channel.marketplace_id
    marketplace = MARKETPLACES.get(marketplace_id) if marketplace_id else None
    tax_is_apart = marketplace.tax_added if marketplace else False
    paid: dict[tuple[OrderItemId, str], Decimal] = {}
    for item in amounts.items:
        for kind, part in item.parts.items():
            component, tax = _COMPONENTS[kind]
            price = part.net if tax_is_apart else part.gross
            for name, amount in ((component, price), (tax, part.gross - price)):
                if amount:
                    key = item.order_item_id, name
                    paid[key] = paid.get(key, ZERO) + amount
    return paid


def _shares(order: Order, request: RefundRequest, left: Book) -> tuple[_Share, ...] | RefuseRefund:
    """What the request may take from."""
    if not request.units and not request.with_shipping:
        return _of_everything(order, request, left)
    units = units_of(order)
    if isinstance(units, Reason):
        return RefuseRefund(f"Amazon's numbers of units are unclear: {units.message}")
    total = {each.item.order_item_id: each.total for each in units}
    shipped = {each.item.order_item_id: each.shipped for each in units}
    late = [item for item, number in request.units.items() if number > shipped.get(item, 0)]
    if late:
        return RefuseRefund(
            f"More units of item {late[0]} are to be refunded than have shipped: cancel units "
            "that have not in Seller Central."
        )
    currency = request.amount.currency
    shares = []
    for (item, component), rest in left.items():
        if component in _OF_DELIVERY:
            meant = rest if request.with_shipping else None
        elif item in request.units:
            part = rest * request.units[item] / total[item]
            meant = min(rounded(part, currency), rest)
        else:
            meant = None
        if meant is not None:
            shares.append(_Share((item, component), rest, meant))
    return tuple(shares)


def _of_everything(
    order: Order, request: RefundRequest, left: Book
) -> tuple[_Share, ...] | RefuseRefund:
    """A request that names nothing: clear for one item, or where all that is left goes back."""
    whole = sum(left.values(), ZERO)
    if len(order.order_items) > 1 and request.amount.amount < whole:
        return RefuseRefund(
            "The order has several items, and Amazon refunds by item: choose the items to refund."
        )
    goods = sum((rest for (_, name), rest in left.items() if name not in _OF_DELIVERY), ZERO)
    spills_over = request.amount.amount > goods
    return tuple(
        _Share(key, rest, rest if key[1] not in _OF_DELIVERY else ZERO)
        for key, rest in left.items()
        if spills_over or key[1] not in _OF_DELIVERY
    )


def _split(amount: Money, shares: Sequence[_Share], tip: Decimal) -> RefundParts | RefuseRefund:
    """Takes the amount from what is meant, then from what else is left of the same.

    Amazon refunds by item, and a tip belongs to none; the host has it in the shipping price.
    """
    left = sum((share.left for share in shares), ZERO)
    if amount.amount > left:
        of_tip = f" The courier's tip of {shown(tip, amount.currency)} cannot be given back."
        return RefuseRefund(
            f"{shown(amount.amount, amount.currency)} {amount.currency} is more than the "
            f"{shown(left, amount.currency)} that is left of what the buyer paid for it."
            f"{of_tip if tip else ''}"
        )
    meant = sum((share.meant for share in shares), ZERO)
    first = min(amount.amount, meant)
    parts = split(first, [share.meant for share in shares], amount.currency)
    more = split(
        amount.amount - first, [share.left - share.meant for share in shares], amount.currency
    )
    taken = {share.key: one + other for share, one, other in zip(shares, parts, more, strict=True)}
    return RefundParts({key: part for key, part in taken.items() if part})
