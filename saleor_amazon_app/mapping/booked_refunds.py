"""Tells in Amazon's books the refunds this app sent from those made elsewhere. Pure.

The books name goods and amounts, but no request. So an entry is ours if it gives back exactly what
was sent for its goods; while one of ours is missing in the books, nobody can be sure of another,
for Amazon lists what it booked up to two days late.

Source: Finances API 2024-06-19, listTransactions, read 2026-11-20.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from saleor_amazon_app.amazon.finances import PostedPart
from saleor_amazon_app.amazon.order_records import Order
from saleor_amazon_app.core.ids import OrderItemId
from saleor_amazon_app.core.money import ZERO, Money, shown
from saleor_amazon_app.core.times import iso
from saleor_amazon_app.mapping.changed_money import in_words, refund_elsewhere, unrefunded
from saleor_amazon_app.mapping.order_steps import (
    CancelOrder,
    Follow,
    Remark,
    ReportRefund,
    ReturnUnits,
    Told,
)
from saleor_amazon_app.mapping.units import is_cancelled
from saleor_amazon_app.saleor.standing_records import StandingOrder

# By item and Amazon's name of the component.
Book = Mapping[tuple[OrderItemId, str], Decimal]
_Goods = dict[str | None, Decimal]

# Amazon keeps its own time of when something was booked.
_CLOCKS_DIFFER = timedelta(minutes=1)
_KIND = "refunded_at_amazon"
_TAXES = {"Shipping": "ShippingTax", "GiftWrap": "GiftWrapTax", "COD": "CODTax"}


@dataclass(frozen=True, slots=True)
class Booked:
    """An entry of the books.

    Attributes:
        sent_as: which of ours it is, where that was found out before.
        is_unclear: it may be one of ours, for another amount.
    """

    transaction_id: str
    posted_at: datetime
    amount: Money
    parts: tuple[PostedPart, ...] = ()
    sent_as: int | None = None
    is_unclear: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A refund of ours that Amazon may have made.

    Attributes:
        has_ended: whether Amazon said what became of it, or never will.
    """

    id: int
    sent_at: datetime
    currency: str
    parts: Book
    has_ended: bool


@dataclass(frozen=True, slots=True)
class Ours:
    """An entry that is the refund with that id."""

    sent_id: int


@dataclass(frozen=True, slots=True)
class MadeElsewhere:
    """An entry of a refund that nobody asked for here."""


@dataclass(frozen=True, slots=True)
class NobodyKnows:
    """An entry beside a refund of ours that should have been booked by now, and is not."""


@dataclass(frozen=True, slots=True)
class TooEarly:
    """An entry that can only be told once a refund of ours is booked too."""


Verdict = Ours | MadeElsewhere | NobodyKnows | TooEarly


def tell_apart(
    order: Order,
    booked: Sequence[Booked],
    sent: Sequence[Sent],
    *,
    now: datetime,
    booked_within: timedelta,
) -> dict[str, Verdict]:
    """Tells who made each refund of which that is not known, by transaction.

    Args:
        order: as Amazon reported it last.
        booked: all entries of the order.
        sent: all refunds of ours that Amazon may have made.
        now: the moment of the decision.
        booked_within: after that one of ours is in the books, or never will be.
    """
    skus = {item.order_item_id: item.product.seller_sku for item in order.order_items}
    missing = {one.id: _goods_sent(one, skus) for one in sent}
    for one in booked:
        if one.sent_as is not None:
            _take(missing.get(one.sent_as, {}), one)
    verdicts: dict[str, Verdict] = {}
    unknown = []
    for one in sorted(booked, key=lambda each: (each.posted_at, each.transaction_id)):
        if one.sent_as is not None:
            continue
        mine = next(
            (each for each in _before(sent, one) if _fits(missing[each.id], one, each)), None
        )
        if mine is None:
            unknown.append(one)
            continue
        _take(missing[mine.id], one)
        verdicts[one.transaction_id] = Ours(mine.id) if mine.has_ended else TooEarly()
    for one in unknown:
        unbooked = [each for each in _before(sent, one) if missing[each.id]]
        verdicts[one.transaction_id] = _without_match(unbooked, now - booked_within)
    return verdicts


def _without_match(unbooked: Collection[Sent], latest: datetime) -> Verdict:
    if not unbooked:
        return MadeElsewhere()
    return TooEarly() if any(each.sent_at > latest for each in unbooked) else NobodyKnows()


def _before(sent: Sequence[Sent], one: Booked) -> Iterator[Sent]:
    """Those that can be the entry by their time, oldest first."""
    for each in sorted(sent, key=lambda each: (each.sent_at, each.id)):
        if each.sent_at - _CLOCKS_DIFFER <= one.posted_at:
            yield each


def _goods_sent(one: Sent, skus: Mapping[OrderItemId, str | None]) -> _Goods:
    goods: _Goods = {}
    for (item, _), amount in one.parts.items():
        goods[skus.get(item)] = goods.get(skus.get(item), ZERO) + amount
    return goods


def _goods_of(one: Booked) -> _Goods:
    goods: _Goods = {}
    for part in one.parts:
        goods[part.sku] = goods.get(part.sku, ZERO) + part.amount
    return goods


def _fits(missing: _Goods, one: Booked, mine: Sent) -> bool:
    """Whether the entry is all that was sent for its goods, or for everything."""
    if one.amount.currency != mine.currency or not missing:
        return False
    goods = _goods_of(one)
    if goods and None not in goods:
        return all(missing.get(sku) == amount for sku, amount in goods.items())
    return one.amount.amount == sum(missing.values(), ZERO)


def _take(missing: _Goods, one: Booked) -> None:
    goods = _goods_of(one)
    if not goods or None in goods:
        missing.clear()
    for sku in goods:
        missing.pop(sku, None)


def what_is_left(order: Order, left: Book, booked: Sequence[Booked]) -> Book:
    """What may still be given back, after what was given back elsewhere.

    What the books do not say exactly is taken from the goods they name, else from any; what is
    above the price counts for nothing.
    """
    skus = {item.order_item_id: item.product.seller_sku for item in order.order_items}
    rest = dict(left)
    for one in booked:
        # Parts below zero make the others count for less.
        budget = one.amount.amount
        for part in one.parts or (PostedPart(None, "", budget),):
            amount = max(min(part.amount, budget), ZERO)
            budget -= amount
            _take_nearest(rest, part, amount, skus)
    return rest


def _take_nearest(
    rest: dict[tuple[OrderItemId, str], Decimal],
    part: PostedPart,
    amount: Decimal,
    skus: Mapping[OrderItemId, str | None],
) -> None:
    """Takes an amount from what a part names, and what is not there from what is next to it."""
    names = _components(part.kind.lower())

    def distance(key: tuple[OrderItemId, str]) -> tuple[bool, int, str]:
        item, component = key
        rank = names.index(component) if component in names else len(names)
        return part.sku is not None and skus.get(item) != part.sku, rank, item

    for key in sorted(rest, key=distance):
        taken = max(min(amount, rest[key]), ZERO)
        rest[key] -= taken
        amount -= taken


def _components(kind: str) -> tuple[str, str]:
    words = {"ship": "Shipping", "gift": "GiftWrap", "cod": "COD"}
    base = next((name for word, name in words.items() if word in kind), "Principal")
    tax = _TAXES.get(base, "Tax")
    return (tax, base) if "tax" in kind else (base, tax)


def report(
    order: Order, standing: StandingOrder, booked: Sequence[Booked], follow: Follow
) -> Follow:
    """Adds to what is done to a host order the refunds that were made elsewhere, each once.

    Never more is reported than was charged and is not refunded yet.
    """
    room = unrefunded(order, standing) - _reported_by(follow)
    for one in booked:
        fact = (
            f"Amazon gave back {shown(one.amount.amount, one.amount.currency)} "
            f"{one.amount.currency} ({iso(one.posted_at)})"
        )
        if one.is_unclear:
            follow += _remark(
                f"{fact}, which may be a refund that was asked for here, for another amount: "
                "nothing was reported. Compare the order with Seller Central."
            )
            continue
        fact += ", for which nobody asked here."
        refund = refund_elsewhere(order, standing, one.transaction_id, one.amount, room)
        if refund is None:
            continue
        if refund.amount > 0:
            room -= refund.amount
            done = f"{in_words(refund.amount, standing)} was reported as refunded."
            told = Told(_KIND, fact, done, "Record the refund by hand.")
            follow += Follow((ReportRefund(told, refund),))
        elif not is_cancelled(order):
            follow += _remark(f"{fact} Nothing is charged here any more that it could be of.")
    return follow


def _reported_by(follow: Follow) -> Decimal:
    reports = [step if isinstance(step, ReportRefund) else None for step in follow.steps]
    reports += [step.then for step in follow.steps if isinstance(step, CancelOrder | ReturnUnits)]
    return sum((one.refund.amount for one in reports if one), ZERO)


def _remark(message: str) -> Follow:
    return Follow(remarks=(Remark(_KIND, message),))
