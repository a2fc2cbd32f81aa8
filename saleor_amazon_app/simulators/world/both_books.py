"""Compares the books of both sides after staff worked: does Amazon know what they did, and once?

The shop's book says what staff did, Amazon's what it was told. Nothing is taken from what the app
says of itself.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType

from saleor_amazon_app.core.money import ZERO
from saleor_amazon_app.simulators.saleor.book import BookedLine, BookedOrder, BookedParcel
from saleor_amazon_app.simulators.staff import Asked, Must
from saleor_amazon_app.simulators.world.amazon_book import AmazonBook, AmazonOutcome
from saleor_amazon_app.simulators.world.shop import COUNTED
from saleor_amazon_app.simulators.world.sold import Sold

_OFFENDERS_NAMED = 20
_ITEM_KEY = "amazonOrderItemId"
_BUYER_CANCELLED = "BuyerCanceled"
_LEFT, _TAKEN_BACK = "FULFILLED", "CANCELED"
_NOTHING_DONE = AmazonOutcome(status=None)
# What the simulated Amazon notes by itself, and which count it belongs to.
_NOTED = MappingProxyType(
    {
        "shipments_twice": "shipments_twice",
        "parcel_overwritten": "shipments_missing",
        "refunded_too_much": "refunded_too_much",
        "refunded_twice": "refunded_too_much",
        "cancelled_wrong": "cancelled_wrong",
    }
)

# A parcel by its number and the units of each order item in it.
_Content = tuple[str, frozenset[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class WayBack:
    """What came of everything staff did.

    Attributes:
        parcels: of staff, that Amazon has to know.
        cancelled: orders staff cancelled.
        refunds: that staff asked for.
        refunded_by_hand: orders of which staff paid something back in Seller Central.
        shipments_missing: parcels Amazon does not know, or not with their present number.
        shipments_twice: parcels Amazon was told of once too often, or must never hear of.
        refunded_too_much: orders of which Amazon paid back more than staff asked or the shop shows.
        refunded_too_little: orders of which it paid less, or a request nobody answered.
        refunds_untold: orders of which money was paid back in Seller Central, and the shop shows
            more or less than that.
        cancelled_wrong: orders that only one side cancelled, or for another reason, or whose
            charge stands although they are cancelled.
        offenders: the first of them, in words for people.
    """

    parcels: int
    cancelled: int
    refunds: int
    refunded_by_hand: int
    shipments_missing: int
    shipments_twice: int
    refunded_too_much: int
    refunded_too_little: int
    refunds_untold: int
    cancelled_wrong: int
    offenders: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing went wrong."""
        shipped = self.shipments_missing + self.shipments_twice
        refunded = self.refunded_too_much + self.refunded_too_little + self.refunds_untold
        return not (shipped + refunded + self.cancelled_wrong)


@dataclass(slots=True)
class _Tally:
    counts: Counter[str] = field(default_factory=Counter)
    offenders: list[str] = field(default_factory=list)

    def blame(self, fault: str, order_id: str, what: str) -> None:
        self.counts[fault] += 1
        if len(self.offenders) < _OFFENDERS_NAMED:
            self.offenders.append(f"{fault}: {order_id}: {what}")


def compare_books(
    sold: Iterable[Sold],
    *,
    shop_orders: Iterable[BookedOrder],
    amazon: AmazonBook,
    asked: Mapping[str, Asked],
) -> WayBack:
    """Judges the way back when everything has become quiet.

    Args:
        sold: every order of the world.
        shop_orders: every order in the shop.
        amazon: what Amazon knows and what it noted.
        asked: the refunds staff asked for, by Amazon's order number.
    """
    tally = _Tally()
    placed = {order.external_reference: order for order in shop_orders if not order.seeded}
    for facts in sold:
        order = placed.get(facts.amazon_order_id)
        outcome = amazon.orders.get(facts.amazon_order_id, _NOTHING_DONE)
        if order is not None:
            _compare_parcels(tally, facts, order, outcome)
            _compare_cancellation(tally, facts, order, outcome)
            _compare_money(tally, facts, order, outcome, asked.get(facts.amazon_order_id))
    for noted in amazon.faults:
        tally.blame(_NOTED.get(noted.fault, "cancelled_wrong"), noted.order_id, noted.detail)
    return _verdict(tally, refunds=len(asked))


def _verdict(tally: _Tally, *, refunds: int) -> WayBack:
    counts = tally.counts
    return WayBack(
        parcels=counts["parcels"],
        cancelled=counts["cancelled"],
        refunds=refunds,
        refunded_by_hand=counts["refunded_by_hand"],
        shipments_missing=counts["shipments_missing"],
        shipments_twice=counts["shipments_twice"],
        refunded_too_much=counts["refunded_too_much"],
        refunded_too_little=counts["refunded_too_little"],
        refunds_untold=counts["refunds_untold"],
        cancelled_wrong=counts["cancelled_wrong"],
        offenders=tuple(tally.offenders),
    )


def before_staff(order: BookedOrder) -> BookedOrder:
    """The order as it was before staff did anything to it, for those who judge the import."""
    gone: Counter[int] = Counter()
    for parcel in order.parcels:
        if parcel.by_staff and parcel.status == _LEFT:
            gone.update(parcel.units)
    lines = tuple(
        _line_before(line, gone[place], is_kept=not order.cancelled_by_staff)
        for place, line in enumerate(order.lines)
    )
    transactions = tuple(
        replace(
            each,
            charged=each.charged + each.refunded + each.refund_pending,
            refunded=ZERO,
            refund_pending=ZERO,
        )
        for each in order.transactions
    )
    return replace(order, lines=lines, transactions=transactions)


def _line_before(line: BookedLine, gone: int, *, is_kept: bool) -> BookedLine:
    fulfilled = line.quantity_fulfilled - gone
    freed = gone if is_kept else line.quantity - fulfilled
    if line.sku not in COUNTED or not freed:
        return replace(line, quantity_fulfilled=fulfilled)
    kept = {**line.allocations, "freed by staff": freed}
    return replace(line, quantity_fulfilled=fulfilled, allocations=kept)


def _compare_parcels(
    tally: _Tally, facts: Sold, order: BookedOrder, outcome: AmazonOutcome
) -> None:
    """Every parcel of staff that left with a number is one parcel at Amazon, and no other is."""
    told = Counter(
        (each.tracking_number, frozenset(each.items.items()))
        for each in outcome.packages
        if each.times_said
    )
    if facts.hears_of_parcels:
        for content in _contents(order, _LEFT):
            tally.counts["parcels"] += 1
            if told[content]:
                told[content] -= 1
            else:
                tally.blame("shipments_missing", facts.amazon_order_id, _in_words(content))
        # What staff took back Amazon may have heard of before.
        told -= Counter(_contents(order, _TAKEN_BACK))
    for content in told.elements():
        tally.blame("shipments_twice", facts.amazon_order_id, _in_words(content))


def _contents(order: BookedOrder, status: str) -> Iterator[_Content]:
    for parcel in order.parcels:
        if parcel.by_staff and parcel.status == status and parcel.tracking_number:
            yield parcel.tracking_number, frozenset(_items(order, parcel).items())


def _items(order: BookedOrder, parcel: BookedParcel) -> Counter[str]:
    items: Counter[str] = Counter()
    for place, quantity in parcel.units.items():
        items[order.lines[place].metadata.get(_ITEM_KEY, "")] += quantity
    return items


def _in_words(content: _Content) -> str:
    number, units = content
    inside = ", ".join(f"{quantity} of {item}" for item, quantity in sorted(units))
    return f"parcel {number} with {inside}"


def _compare_cancellation(
    tally: _Tally, facts: Sold, order: BookedOrder, outcome: AmazonOutcome
) -> None:
    """What staff cancelled is cancelled at Amazon unless it had left, and nothing else is."""

    def blame(what: str) -> None:
        tally.blame("cancelled_wrong", facts.amazon_order_id, what)

    done = outcome.cancellation
    if not order.cancelled_by_staff:
        if done:
            blame("is cancelled at Amazon, but not by staff")
        return
    tally.counts["cancelled"] += 1
    if outcome.packages:
        if done:
            blame("is cancelled at Amazon, though a parcel had left")
        return
    if done is None:
        blame("is cancelled here, but not at Amazon")
        return
    if (done.reason == _BUYER_CANCELLED) != facts.buyer_asks_to_cancel:
        blame(f"is cancelled for {done.reason}")
    if any(each.charged for each in order.transactions):
        blame("is cancelled at Amazon, but still charged here")


def _compare_money(
    tally: _Tally,
    facts: Sold,
    order: BookedOrder,
    outcome: AmazonOutcome,
    asked: Asked | None,
) -> None:
    """Both sides show the same money given back, and it is what staff asked for on both."""
    if outcome.cancellation:
        return
    paid = sum((sum(each.values(), ZERO) for each in outcome.refunds.values()), ZERO)
    shown = sum((each.refunded for each in order.transactions), ZERO)
    pending = sum((each.refund_pending for each in order.transactions), ZERO)
    by_hand = outcome.refunded_by_hand
    tally.counts["refunded_by_hand"] += bool(by_hand)
    least, most = (by_hand + each for each in _wanted(asked, has_tip=facts.has_tip))
    if by_hand and paid != shown and not pending:
        what = f"{by_hand} paid back by hand, {paid} in all; the shop shows {shown}"
        tally.blame("refunds_untold", facts.amazon_order_id, what)
    elif paid > shown or paid > most:
        what = f"{paid} paid back where {most} was asked for and the shop shows {shown}"
        tally.blame("refunded_too_much", facts.amazon_order_id, what)
    elif paid < shown or paid < least or pending:
        what = f"{paid} paid back where {least} was due; the shop shows {shown}, {pending} pending"
        tally.blame("refunded_too_little", facts.amazon_order_id, what)


def _wanted(asked: Asked | None, *, has_tip: bool) -> tuple[Decimal, Decimal]:
    """The least and the most that must have been paid back."""
    if asked is None or asked.must is Must.BE_REFUSED:
        return ZERO, ZERO
    must = asked.must is Must.BE_PAID and not has_tip
    return asked.amount if must else ZERO, asked.amount
