"""Compares the book with what the shop really has and with what the app says of each order."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import TypeAdapter

from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.core.money import ZERO
from saleor_amazon_app.simulators.saleor.book import BookedOrder
from saleor_amazon_app.simulators.world.expectations import Entry, Hold, Place, Skip

_OFFENDERS_NAMED = 20
_UNKNOWN = "never seen"
_DRAFT = "DRAFT"
_SHOP_BOOK: TypeAdapter[tuple[BookedOrder, ...]] = TypeAdapter(tuple[BookedOrder, ...])


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
class Verdict:
    """How many orders became what they must, and how many did not.

    Attributes:
        placed: orders that have a host order, rightly or not.
        held: by code; an order held for two reasons counts under both.
        lost: must be placed and are not.
        duplicated: have more than one host order.
        placed_wrongly: have a host order and must have none, a forgotten draft, or one that
            shows other units as shipped or kept than are, or whose buyer the host could mail;
            also host orders that are in no book, and foreign ones that were paid.
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
    def faults(self) -> int:
        """How much went wrong."""
        at_all = self.lost + self.duplicated + self.placed_wrongly
        return at_all + self.wrong_code + self.totals_different

    @property
    def is_clean(self) -> bool:
        """Whether nothing went wrong."""
        return not self.faults


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


def shop_orders_from_json(text: str | bytes) -> tuple[BookedOrder, ...]:
    """The orders of a simulated shop, as its `/_simulator/book` tells them.

    Raises:
        pydantic.ValidationError: the answer is something else.
    """
    return _SHOP_BOOK.validate_json(text)


def judge(
    book: Iterable[Entry],
    *,
    shop_orders: Iterable[BookedOrder],
    outcomes: Mapping[AmazonOrderId, Outcome],
) -> Verdict:
    """Judges a try-out when everything has become quiet.

    Args:
        book: what must become of every order.
        shop_orders: every order in the shop, drafts and foreign ones included.
        outcomes: what the app says; an order that is missing was never seen by it.
    """
    tally = _Tally()
    found: dict[str | None, list[BookedOrder]] = {}
    for order in shop_orders:
        if not order.seeded:
            found.setdefault(_amazon_order_id(order), []).append(order)
        elif order.transactions:
            tally.blame("placed_wrongly", f"host order {order.number}", "was paid, but is foreign")
    for entry in book:
        mine = found.pop(entry.amazon_order_id, [])
        _judge_entry(tally, entry, mine, outcomes.get(entry.amazon_order_id, Outcome(_UNKNOWN)))
    for strangers in found.values():
        for order in strangers:
            tally.blame("placed_wrongly", f"host order {order.number}", "is in no book")
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


def _judge_entry(tally: _Tally, entry: Entry, mine: list[BookedOrder], outcome: Outcome) -> None:
    about = f"{entry.amazon_order_id} ({entry.scenario})"
    real = [order for order in mine if order.status != _DRAFT]
    for draft in mine:
        if draft.status == _DRAFT:
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
    tally: _Tally, about: str, expected: Place, real: list[BookedOrder], outcome: Outcome
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
    if misdeeds := list(_misdeeds(expected, real[0])):
        tally.blame("placed_wrongly", about, "; ".join(misdeeds))


def _judge_refused(
    tally: _Tally, about: str, expected: Outcome, real: list[BookedOrder], outcome: Outcome
) -> None:
    if real:
        must = f"must be {_said(expected)}"
        tally.blame("placed_wrongly", about, f"{must}, but is host order {real[0].number}")
    if outcome != expected:
        tally.blame("wrong_code", about, f"must be {_said(expected)}, but is {_said(outcome)}")


def _differences(expected: Place, order: BookedOrder) -> Iterator[str]:
    """What of the money or the units is not as it must be."""
    charged = sum((each.charged for each in order.transactions), ZERO)
    units: Counter[str] = Counter()
    for line in order.lines:
        units[line.sku or ""] += line.quantity
    if order.currency != expected.currency:
        yield f"in {order.currency} instead of {expected.currency}"
    if order.total_gross != expected.gross:
        yield f"total {order.total_gross} instead of {expected.gross}"
    if order.total_net != expected.net:
        yield f"net total {order.total_net} instead of {expected.net}"
    # What costs nothing counts as paid without a transaction.
    if len(order.transactions) != 1 and (expected.gross or order.transactions):
        yield f"{len(order.transactions)} transactions instead of one"
    if charged != expected.gross:
        yield f"{charged} charged instead of {expected.gross}"
    if units != expected.units:
        yield f"units {dict(units)} instead of {dict(expected.units)}"


def _misdeeds(expected: Place, order: BookedOrder) -> Iterator[str]:
    """Which units did not move as they must, and whether the buyer could get mail."""
    shipped = sum(line.quantity_fulfilled for line in order.lines)
    allocated = sum(sum(line.allocations.values()) for line in order.lines)
    if shipped != expected.shipped:
        yield f"{shipped} units shipped instead of {expected.shipped}"
    if allocated != expected.allocated:
        yield f"stock kept for {allocated} units instead of {expected.allocated}"
    # No merchant of the world chose Amazon's alias, and only it may reach a buyer.
    if order.user_email and not order.user_email.endswith(".invalid"):
        yield "has an e-mail address that mail could reach"


def _amazon_order_id(order: BookedOrder) -> str | None:
    """Whose host order it is: by its reference, else by what it says of itself."""
    payments = (each.psp_reference for each in order.transactions)
    told = (order.external_reference, order.metadata.get("amazonOrderId"), *payments)
    return next((each for each in told if each), None)


def _said(outcome: Outcome) -> str:
    codes = ", ".join(sorted(outcome.codes))
    return f"{outcome.state} ({codes})" if codes else outcome.state
