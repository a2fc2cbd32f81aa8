"""Compares the book with what the shop really has and with what the app says of each order."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.simulators.world.expectations import Entry, Hold, Place, Skip

_OFFENDERS_NAMED = 20
_UNKNOWN = "never seen"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the app says has become of an Amazon order.

    Attributes:
        state: `placed`, `held` or `skipped`; anything else is something that was not finished.
        codes: why it is held or skipped.
    """

    state: str
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class HostOrder:
    """An order in the shop, as far as it is judged.

    Attributes:
        amazon_order_id: by its reference or by what it says of itself; None when it says nothing.
        charged: what each of its transactions took.
        units: units by the SKU on the line.
        shipped: how many of all units were fulfilled.
        allocated: for how many units the shop keeps stock.
        is_foreign: it was there before the app came.
    """

    amazon_order_id: AmazonOrderId | None
    number: str
    status: str
    currency: str
    gross: Decimal
    net: Decimal
    charged: tuple[Decimal, ...]
    units: Mapping[str, int]
    shipped: int
    allocated: int
    is_foreign: bool = False

    @property
    def is_draft(self) -> bool:
        """Whether it was never completed."""
        return self.status == "DRAFT"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many orders became what they must, and how many did not.

    Attributes:
        placed: orders that have a host order, rightly or not.
        held: by code; an order held for two reasons counts under both.
        lost: must be placed and are not.
        duplicated: have more than one host order.
        placed_wrongly: have a host order and must have none, a forgotten draft, or one that
            shows other units as shipped or kept than are; or are in no book at all.
        wrong_code: have another state or other codes than they must.
        totals_different: placed with another total, currency, payment or other units.
        offenders: the first of them, in words for people.
    """

    placed: int
    held: Mapping[str, int]
    skipped: Mapping[str, int]
    lost: int
    duplicated: int
    placed_wrongly: int
    wrong_code: int
    totals_equal: int
    totals_different: int
    offenders: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing went wrong."""
        faults = (self.lost, self.duplicated, self.placed_wrongly, self.wrong_code)
        return not any((*faults, self.totals_different))


@dataclass(slots=True)
class _Tally:
    counts: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    offenders: list[str] = field(default_factory=list)

    def blame(self, fault: str, about: str, what: str) -> None:
        self.counts[fault] += 1
        if len(self.offenders) < _OFFENDERS_NAMED:
            self.offenders.append(f"{fault}: {about}: {what}")


def judge(
    book: Iterable[Entry],
    *,
    shop_orders: Iterable[HostOrder],
    outcomes: Mapping[AmazonOrderId, Outcome],
) -> Verdict:
    """Judges a try-out when everything has become quiet.

    Args:
        book: what must become of every order.
        shop_orders: every order in the shop, drafts and foreign ones included.
        outcomes: what the app says; an order that is missing was never seen by it.
    """
    found: dict[AmazonOrderId | None, list[HostOrder]] = {}
    for order in shop_orders:
        if not order.is_foreign:
            found.setdefault(order.amazon_order_id, []).append(order)
    tally = _Tally()
    for entry in book:
        mine = found.pop(entry.amazon_order_id, [])
        _judge_entry(tally, entry, mine, outcomes.get(entry.amazon_order_id, Outcome(_UNKNOWN)))
    for strangers in found.values():
        for order in strangers:
            name = order.amazon_order_id or f"host order {order.number}"
            tally.blame("placed_wrongly", name, "is in no book")
    return Verdict(
        placed=tally.counts["placed"],
        held=dict(sorted(tally.held.items())),
        skipped=dict(sorted(tally.skipped.items())),
        lost=tally.counts["lost"],
        duplicated=tally.counts["duplicated"],
        placed_wrongly=tally.counts["placed_wrongly"],
        wrong_code=tally.counts["wrong_code"],
        totals_equal=tally.counts["totals_equal"],
        totals_different=tally.counts["totals_different"],
        offenders=tuple(tally.offenders),
    )


def _judge_entry(tally: _Tally, entry: Entry, mine: list[HostOrder], outcome: Outcome) -> None:
    about = f"{entry.amazon_order_id} ({entry.scenario})"
    real = [order for order in mine if not order.is_draft]
    for draft in mine:
        if draft.is_draft:
            tally.blame("placed_wrongly", about, f"draft {draft.number} was left behind")
    if real:
        tally.counts["placed"] += 1
    if len(real) > 1:
        numbers = ", ".join(order.number for order in real)
        tally.blame("duplicated", about, f"became the host orders {numbers}")
    if outcome.state == "held":
        tally.held.update(outcome.codes)
    elif outcome.state == "skipped":
        tally.skipped.update(outcome.codes)
    match entry.expectation:
        case Place() as expected:
            _judge_placed(tally, about, expected, real, outcome)
        case Hold(codes):
            _judge_refused(tally, about, Outcome("held", frozenset(codes)), real, outcome)
        case Skip(code):
            _judge_refused(tally, about, Outcome("skipped", frozenset({code})), real, outcome)


def _judge_placed(
    tally: _Tally, about: str, expected: Place, real: list[HostOrder], outcome: Outcome
) -> None:
    if not real:
        tally.blame("lost", about, f"must be placed, but is {_said(outcome)}")
        return
    if outcome.state != "placed":
        tally.blame("wrong_code", about, f"is placed, but the app says {_said(outcome)}")
    if differences := list(_differences(expected, real[0])):
        tally.blame("totals_different", about, "; ".join(differences))
    else:
        tally.counts["totals_equal"] += 1
    if movements := list(_movements(expected, real[0])):
        tally.blame("placed_wrongly", about, "; ".join(movements))


def _judge_refused(
    tally: _Tally, about: str, expected: Outcome, real: list[HostOrder], outcome: Outcome
) -> None:
    if real:
        must = f"must be {_said(expected)}"
        tally.blame("placed_wrongly", about, f"{must}, but is host order {real[0].number}")
    if outcome != expected:
        tally.blame("wrong_code", about, f"must be {_said(expected)}, but is {_said(outcome)}")


def _differences(expected: Place, order: HostOrder) -> Iterator[str]:
    """What of the money or the units is not as it must be."""
    if order.currency != expected.currency:
        yield f"in {order.currency} instead of {expected.currency}"
    if order.gross != expected.gross:
        yield f"total {order.gross} instead of {expected.gross}"
    if order.net != expected.net:
        yield f"net total {order.net} instead of {expected.net}"
    # What costs nothing counts as paid without a transaction.
    if len(order.charged) != 1 and (expected.gross or order.charged):
        yield f"{len(order.charged)} transactions instead of one"
    if sum(order.charged, Decimal(0)) != expected.gross:
        yield f"{sum(order.charged, Decimal(0))} charged instead of {expected.gross}"
    if dict(order.units) != dict(expected.units):
        yield f"units {dict(order.units)} instead of {dict(expected.units)}"


def _movements(expected: Place, order: HostOrder) -> Iterator[str]:
    """Which units did not move as they must."""
    if order.shipped != expected.shipped:
        yield f"{order.shipped} units shipped instead of {expected.shipped}"
    if order.allocated != expected.allocated:
        yield f"stock kept for {order.allocated} units instead of {expected.allocated}"


def _said(outcome: Outcome) -> str:
    codes = ", ".join(sorted(outcome.codes))
    return f"{outcome.state} ({codes})" if codes else outcome.state
