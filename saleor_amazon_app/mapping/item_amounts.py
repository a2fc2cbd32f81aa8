"""What one item costs, read out of Amazon's proceeds and exact to the smallest unit.

Amazon does not say whether an item's amounts contain its tax, nor which sign a discount has. The
sums say it: the one reading under which all parts give `proceedsTotal` is taken. What adds up in
no reading, or in two that disagree, is refused with its numbers; nothing is rounded away.

Source: Orders API 2026-01-01 model and its samples, changelog "orders-api-migration-guide", and
amzn/selling-partner-api-models issues 3004, 1766 and 5297, read 2026-11-20.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from saleor_amazon_app.amazon.item_records import Breakdown, MoneyRecord, OrderItem
from saleor_amazon_app.core.ids import OrderItemId
from saleor_amazon_app.core.money import ZERO, is_exact, rounded, shown, split
from saleor_amazon_app.core.reasons import HoldCode, Reason

KINDS = ("ITEM", "SHIPPING", "GIFT_WRAP", "COD_FEE", "OTHER")
# Gift wrap belongs to its item; the fee for cash on delivery is a price of delivering.
LINE_KINDS = frozenset({"ITEM", "GIFT_WRAP", "OTHER"})


@dataclass(frozen=True, slots=True)
class Taxed:
    """An amount without and with its tax."""

    net: Decimal
    gross: Decimal

    def __add__(self, other: "Taxed") -> "Taxed":
        return Taxed(self.net + other.net, self.gross + other.gross)


NOTHING = Taxed(ZERO, ZERO)


@dataclass(frozen=True, slots=True)
class ItemAmounts:
    """One item's amounts for its whole quantity, discounts taken off.

    Attributes:
        parts: by kind of proceeds (ITEM, SHIPPING, GIFT_WRAP, COD_FEE, OTHER).
        tax_unknown: the price contains tax, but neither Amazon nor a setting says how much, so
            net equals gross.
    """

    order_item_id: OrderItemId
    parts: Mapping[str, Taxed]
    tax_unknown: bool

    @property
    def line(self) -> Taxed:
        """What the host's order line costs."""
        return sum((self.parts[k] for k in KINDS if k in LINE_KINDS), NOTHING)

    @property
    def shipping(self) -> Taxed:
        """What this item adds to the shipping price."""
        return sum((self.parts[k] for k in KINDS if k not in LINE_KINDS), NOTHING)


class AmountsRefusedError(Exception):
    """The amounts cannot be used; carries the reason out of the arithmetic below."""

    def __init__(self, code: HoldCode, message: str, about: str | None = None) -> None:
        super().__init__(message)
        self.reason = Reason(code, message, about)


def exact(money: MoneyRecord, currency: str, what: str) -> Decimal:
    """The amount with its currency's digits, if it is in the order's currency and whole in it.

    Raises:
        AmountsRefusedError: it is not.
    """
    if money.currency_code != currency:
        raise AmountsRefusedError(
            HoldCode.AMOUNTS_DO_NOT_ADD_UP,
            f"The order is in {currency}, but {what} is {money.amount} {money.currency_code}; "
            "an order in two currencies cannot be imported.",
        )
    if not is_exact(money.amount, currency):
        raise AmountsRefusedError(
            HoldCode.AMOUNTS_DO_NOT_ADD_UP,
            f"{what[0].upper()}{what[1:]} is {money.amount} {currency}, finer than the smallest "
            f"unit of {currency}; importing it would round money away.",
        )
    return rounded(money.amount, currency)


@dataclass(frozen=True, slots=True)
class _Proceeds:
    """An item's proceeds, added up by kind before anything is concluded from them."""

    bases: Mapping[str, Decimal]
    tax: Decimal
    discount: Decimal
    taxes: Mapping[str, Decimal]
    discounts: Mapping[str, Decimal]
    unknown: tuple[str, ...]
    total: Decimal

    @property
    def before_discount(self) -> Decimal:
        return sum(self.bases.values(), ZERO)

    @property
    def tax_on_discount(self) -> Decimal:
        return self.taxes.get("DISCOUNT", ZERO)

    @property
    def detailed_tax(self) -> Decimal:
        return sum((value for kind, value in self.taxes.items() if kind != "DISCOUNT"), ZERO)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read the proceeds under which they give the total.

    Attributes:
        tax: what is added to (exclusive) or contained in (inclusive) the price less `discount`.
    """

    discount: Decimal
    tax: Decimal
    is_inclusive: bool


def read_item(
    item: OrderItem, currency: str, rate: Decimal | None, tax_is_added: bool
) -> ItemAmounts:
    """Reads the amounts of one item.

    Args:
        item: one item of an Amazon order.
        currency: of the order.
        rate: the tax rate to take out of a price for which Amazon reports no tax.
        tax_is_added: True in marketplaces where no reported tax means that there is none.

    Raises:
        AmountsRefusedError: the amounts are not all there or fit no reading.
    """
    if _is_free(item):
        return ItemAmounts(item.order_item_id, dict.fromkeys(KINDS, NOTHING), tax_unknown=False)
    proceeds = _proceeds(item, currency)
    reading = _reading(proceeds, item, currency)
    tax_unknown = False
    if reading.tax == 0 and not tax_is_added and proceeds.total:
        # Amazon reports no tax although the price contains some, unless the seller uses its VAT
        # calculation: https://github.com/amzn/selling-partner-api-models/issues/3004
        net = proceeds.total if rate is None else rounded(proceeds.total / (1 + rate), currency)
        tax_unknown = rate is None
        reading = _Reading(reading.discount, proceeds.total - net, is_inclusive=True)
    parts = _parts(proceeds, reading, currency)
    if any(part.net < 0 or part.gross < part.net for part in parts.values()):
        raise AmountsRefusedError(
            HoldCode.AMOUNTS_DO_NOT_ADD_UP,
            f"{_numbers(proceeds, item, currency)} leave a part of it below zero. Compare the "
            "order with Seller Central.",
            item.product.seller_sku,
        )
    return ItemAmounts(item.order_item_id, parts, tax_unknown)


def _is_free(item: OrderItem) -> bool:
    """An item that Amazon says costs nothing, without breaking nothing down."""
    proceeds = item.proceeds
    total = proceeds.proceeds_total if proceeds else None
    return total is not None and total.amount == 0 and not (proceeds and proceeds.breakdowns)


def _proceeds(item: OrderItem, currency: str) -> _Proceeds:
    """Adds up the breakdowns of one item.

    A type this app does not know takes no part; the total tells whether it matters.
    """
    what = f"item {item.order_item_id}"
    if not (item.proceeds and item.proceeds.proceeds_total and item.proceeds.breakdowns):
        raise AmountsRefusedError(
            HoldCode.INCOMPLETE_FROM_AMAZON,
            f"Amazon has not sent all amounts of {what} yet; they are asked for again at the "
            "next sync.",
            item.product.seller_sku,
        )
    bases = dict.fromkeys(KINDS, ZERO)
    sums = {"TAX": ZERO, "DISCOUNT": ZERO}
    details: dict[str, dict[str, Decimal]] = {"TAX": {}, "DISCOUNT": {}}
    unknown = []
    for breakdown in item.proceeds.breakdowns:
        subtotal = exact(breakdown.subtotal, currency, f"{breakdown.type} of {what}")
        if breakdown.type in bases:
            bases[breakdown.type] += subtotal
        elif breakdown.type in sums:
            sums[breakdown.type] += subtotal
            _add_details(details[breakdown.type], breakdown, currency, what)
        elif subtotal:
            unknown.append(breakdown.type)
    return _Proceeds(
        bases=bases,
        tax=sums["TAX"],
        discount=abs(sums["DISCOUNT"]),
        taxes=details["TAX"],
        discounts=details["DISCOUNT"],
        unknown=tuple(unknown),
        total=exact(item.proceeds.proceeds_total, currency, f"the total of {what}"),
    )


def _add_details(into: dict[str, Decimal], breakdown: Breakdown, currency: str, what: str) -> None:
    """Adds the parts of TAX or DISCOUNT by what they belong to.

    The sign of a discount is undocumented, so the amount of it counts.
    """
    for part in breakdown.detailed_breakdowns or ():
        if part.subtype is None or part.value is None:
            continue
        value = exact(part.value, currency, f"{breakdown.type} of {what}")
        is_discount = breakdown.type == "DISCOUNT" or part.subtype == "DISCOUNT"
        into[part.subtype] = into.get(part.subtype, ZERO) + (abs(value) if is_discount else value)


def _reading(proceeds: _Proceeds, item: OrderItem, currency: str) -> _Reading:
    """The reading under which the item adds up to its total.

    The discount is first taken as a whole; its parts count only where the whole fits nothing,
    because it is undocumented whether the whole includes the discount on shipping.
    """
    discounts = [proceeds.discount]
    in_parts = sum(proceeds.discounts.values(), ZERO)
    if in_parts not in (ZERO, proceeds.discount):
        discounts.append(in_parts)
    for discount in discounts:
        readings = _readings(proceeds, discount)
        if len(readings) == 1:
            return readings[0]
        if readings:
            raise AmountsRefusedError(
                HoldCode.AMOUNTS_DO_NOT_ADD_UP,
                f"{_numbers(proceeds, item, currency)} fit both with the tax added and with the "
                "tax contained. Compare the order with Seller Central.",
                item.product.seller_sku,
            )
    if proceeds.unknown:
        raise AmountsRefusedError(
            HoldCode.UNSUPPORTED,
            f"Amazon charges {', '.join(proceeds.unknown)} on item {item.order_item_id}, which "
            "this version of the app does not know. Enter the order by hand or update the app.",
            item.product.seller_sku,
        )
    raise AmountsRefusedError(
        HoldCode.AMOUNTS_DO_NOT_ADD_UP,
        f"{_numbers(proceeds, item, currency)} do not add up, neither with the tax added nor "
        "with the tax contained. Compare the order with Seller Central.",
        item.product.seller_sku,
    )


def _readings(proceeds: _Proceeds, discount: Decimal) -> list[_Reading]:
    """All readings that fit and differ in their tax."""
    price = proceeds.before_discount - discount
    full, less = proceeds.tax, proceeds.tax - proceeds.tax_on_discount
    added = [
        _Reading(discount, tax, False) for tax in (full, less) if price + tax == proceeds.total
    ]
    fitting = added[:1]
    if price == proceeds.total and full:
        # The parts of TAX tell whether its sum already leaves out the tax on the discount.
        tax = less if proceeds.detailed_tax == full else full
        contained = _Reading(discount, tax, is_inclusive=True)
        if 0 <= tax <= price and all(reading.tax != tax for reading in fitting):
            fitting.append(contained)
    return fitting


def _numbers(proceeds: _Proceeds, item: OrderItem, currency: str) -> str:
    parts = [f"{kind} {shown(base, currency)}" for kind, base in proceeds.bases.items() if base]
    if proceeds.discount:
        parts.append(f"DISCOUNT {shown(proceeds.discount, currency)}")
    if proceeds.tax:
        parts.append(f"TAX {shown(proceeds.tax, currency)}")
    total = shown(proceeds.total, currency)
    return (
        f"The amounts of item {item.order_item_id} ({', '.join(parts) or 'none'}; total {total} "
        f"{currency})"
    )


def _parts(proceeds: _Proceeds, reading: _Reading, currency: str) -> dict[str, Taxed]:
    """Net and gross of each kind; together they are exactly the item's total."""
    discounts = _by_kind_of_discount(proceeds, reading.discount)
    prices = {kind: proceeds.bases[kind] - discounts[kind] for kind in KINDS}
    taxes = _by_kind_of_tax(proceeds, reading, prices, currency)
    if reading.is_inclusive:
        return {kind: Taxed(prices[kind] - taxes[kind], prices[kind]) for kind in KINDS}
    return {kind: Taxed(prices[kind], prices[kind] + taxes[kind]) for kind in KINDS}


def _by_kind_of_discount(proceeds: _Proceeds, discount: Decimal) -> dict[str, Decimal]:
    """Which kind the discount lowers: as Amazon details it, else the item first.

    Without details it is a promotion on the item; only what exceeds the item's price can have
    been given on its delivery or wrapping.
    """
    detailed = {kind: proceeds.discounts.get(kind, ZERO) for kind in KINDS}
    fits = all(detailed[kind] <= max(proceeds.bases[kind], ZERO) for kind in KINDS)
    if sum(detailed.values(), ZERO) == discount and fits:
        return detailed
    left = discount
    taken = {}
    for kind in KINDS:
        taken[kind] = min(left, max(proceeds.bases[kind], ZERO))
        left -= taken[kind]
    # More discount than price shows as an item below zero, which is refused.
    taken["ITEM"] += left
    return taken


def _by_kind_of_tax(
    proceeds: _Proceeds, reading: _Reading, prices: Mapping[str, Decimal], currency: str
) -> dict[str, Decimal]:
    """Which kind the tax belongs to: as Amazon details it, else in proportion to the prices."""
    detailed = {kind: proceeds.taxes.get(kind, ZERO) for kind in KINDS}
    if sum(detailed.values(), ZERO) - proceeds.tax_on_discount == reading.tax:
        off = _split_by(
            proceeds.tax_on_discount, _by_kind_of_discount(proceeds, reading.discount), currency
        )
        detailed = {kind: detailed[kind] - off[kind] for kind in KINDS}
    most = prices if reading.is_inclusive else None
    fits = all(0 <= tax and (most is None or tax <= most[kind]) for kind, tax in detailed.items())
    if sum(detailed.values(), ZERO) == reading.tax and fits:
        return detailed
    return _split_by(reading.tax, prices, currency)


def _split_by(amount: Decimal, weights: Mapping[str, Decimal], currency: str) -> dict[str, Decimal]:
    if amount < 0:
        return {**dict.fromkeys(KINDS, ZERO), "ITEM": amount}
    shares = split(amount, [max(weights[kind], ZERO) for kind in KINDS], currency)
    return dict(zip(KINDS, shares, strict=True))
