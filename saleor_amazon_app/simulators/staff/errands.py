"""What staff mean to do with an order, made up from a seed. Pure.

A plan is a list of errands, done one after the other. Some of them Amazon does not allow; what
must become of each refund is written down with it, by the rules that merchants are told.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from random import Random

from saleor_amazon_app.core.money import smallest_unit
from saleor_amazon_app.simulators.staff.orders import StaffOrder

# Where Amazon learns of parcels from its own labels, and pays nothing back before.
_OWN_LABELS = frozenset({"PRIME", "FBM_SHIP_PLUS"})
_ODD_CARRIER = "Otter & Daughters"


class Must(StrEnum):
    """What must become of a refund that staff ask for.

    MAY: nobody can tell, because the shop could not hand the request over.
    """

    BE_PAID = "be paid"
    BE_REFUSED = "be refused"
    MAY = "may be paid"


@dataclass(frozen=True, slots=True)
class Asked:
    """A refund that staff asked for."""

    amazon_order_id: str
    amount: Decimal
    must: Must


@dataclass(frozen=True, slots=True)
class Ship:
    """Units leave from one warehouse.

    Attributes:
        units: by line.
        becomes: the number the parcel has in the end.
    """

    number: str
    becomes: str
    warehouse_id: str
    units: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Renumber:
    """A parcel gets another number; with a carrier its name is noted too."""

    number: str
    becomes: str
    carrier: str | None = None


@dataclass(frozen=True, slots=True)
class AwaitWord:
    """Staff wait until the app has said something of this, as a rule of a parcel.

    Attributes:
        is_vital: whether they leave it at that where nothing is said.
    """

    word: str
    is_vital: bool = False


@dataclass(frozen=True, slots=True)
class TakeBack:
    """A parcel is cancelled, although Amazon may have heard of it."""

    number: str


@dataclass(frozen=True, slots=True)
class Cancel:
    """The order is cancelled."""


@dataclass(frozen=True, slots=True)
class Refund:
    """Money is to go back.

    Attributes:
        reason: tells the refund from every other of the order.
        units: by line; None for an amount that names neither lines nor shipping.
    """

    reason: str
    amount: Decimal
    must: Must
    units: Mapping[str, int] | None
    shipping: bool = False


@dataclass(frozen=True, slots=True)
class RefundAtAmazon:
    """Money of an item goes back in Seller Central, of which the shop knows nothing."""

    item_id: str
    amount: Decimal


Errand = Ship | Renumber | AwaitWord | TakeBack | Cancel | Refund | RefundAtAmazon
Plan = tuple[Errand, ...]


def plan_for(order: StaffOrder, rng: Random) -> Plan:
    """What staff do with an order, in their order of doing it; often nothing special."""
    if not order.total:
        return _whole(order, rng)
    names, weights = zip(*_PLANS.items(), strict=True)
    (plan,) = rng.choices(names, weights)
    if (order.programs & _OWN_LABELS or order.parcels) and plan not in (_nothing, _cancel):
        return _whole(order, rng)
    return () if plan is _cancel and order.parcels else plan(order, rng)


def _nothing(_order: StaffOrder, _rng: Random) -> Plan:
    return ()


def _whole(order: StaffOrder, rng: Random) -> Plan:
    return _ship(order, rng, order.open_units)


def _new_number(order: StaffOrder, rng: Random) -> Plan:
    """The carrier gives a parcel another number when Amazon knows the first."""
    first, *others = _ship(order, rng, order.open_units)
    becomes = _number(rng)
    moved = Ship(first.number, becomes, first.warehouse_id, first.units)
    return (moved, *others, AwaitWord(first.number), Renumber(first.number, becomes))


def _late_number(order: StaffOrder, rng: Random) -> Plan:
    """The parcel leaves before its number is known."""
    first, *others = _ship(order, rng, order.open_units)
    unnumbered = Ship("", first.number, first.warehouse_id, first.units)
    return (unnumbered, *others, Renumber("", first.number))


def _two_parcels(order: StaffOrder, rng: Random) -> Plan:
    first, rest = _halves(order.open_units)
    return (*_ship(order, rng, first), *_ship(order, rng, rest))


def _part(order: StaffOrder, rng: Random) -> Plan:
    return _ship(order, rng, _halves(order.open_units)[0])


def _unknown_carrier(order: StaffOrder, rng: Random) -> Plan:
    """A carrier nobody at Amazon has heard of, with numbers of a form of its own."""
    first, *others = _ship(order, rng, order.open_units)
    becomes = f"otter/{rng.randrange(10**6)} ü"
    moved = Ship(first.number, becomes, first.warehouse_id, first.units)
    return (moved, *others, Renumber(first.number, becomes, carrier=_ODD_CARRIER))


def _cancel(_order: StaffOrder, _rng: Random) -> Plan:
    return (Cancel(),)


def _cancel_too_late(order: StaffOrder, rng: Random) -> Plan:
    parcels = _ship(order, rng, order.open_units)
    words = tuple(AwaitWord(each.number) for each in parcels)
    return (*parcels, *words, *(TakeBack(each.number) for each in parcels), Cancel())


def _refund_all(order: StaffOrder, rng: Random) -> Plan:
    """Everything, which is clear without a word about lines."""
    return (*_gone(order, rng), Refund("all of it", order.total, Must.BE_PAID, None))


def _refund_unclear(order: StaffOrder, rng: Random) -> Plan:
    """A part of an order of several lines, and nobody says of which."""
    part = (order.total / 2).quantize(smallest_unit(order.currency), ROUND_DOWN)
    if len(order.lines) == 1 or not part:
        return _refund_line(order, rng)
    return (*_gone(order, rng), Refund("goodwill", part, Must.BE_REFUSED, None))


def _refund_line(order: StaffOrder, rng: Random) -> Plan:
    """Some units of a line, at their exact price or a little less."""
    line = rng.choice([each for each in order.lines if each.gross] or order.lines)
    units = rng.randint(1, line.open) if line.open else 0
    share = line.gross * units / (line.open or 1)
    amount = share.quantize(smallest_unit(order.currency), ROUND_DOWN)
    if not amount:
        return _whole(order, rng)
    return (*_gone(order, rng), Refund("did not fit", amount, Must.BE_PAID, {line.id: units}))


def _refund_shipping(order: StaffOrder, rng: Random) -> Plan:
    if not order.shipping:
        return _refund_line(order, rng)
    asked = Refund("came late", order.shipping, Must.BE_PAID, {}, shipping=True)
    return (*_gone(order, rng), asked)


def _refund_too_early(order: StaffOrder, rng: Random) -> Plan:
    """Before anything has left: whoever means this has to cancel."""
    line = rng.choice(order.lines)
    if not line.gross:
        return _whole(order, rng)
    return (Refund("too early", line.gross, Must.BE_REFUSED, {line.id: line.open}),)


def _refund_too_much(order: StaffOrder, rng: Random) -> Plan:
    """More for a line than it cost, which the shop allows as long as the order cost more."""
    line, above = order.lines[0], order.lines[0].gross + smallest_unit(order.currency)
    if above > order.total:
        return _refund_line(order, rng)
    asked = Refund("out of kindness", above, Must.BE_REFUSED, {line.id: line.open})
    return (*_gone(order, rng), asked)


def _refund_at_amazon(order: StaffOrder, rng: Random) -> Plan:
    """A part of an item, by hand in Seller Central."""
    line = order.lines[0]
    amount = (line.gross / 4).quantize(smallest_unit(order.currency), ROUND_DOWN)
    if not (line.item_id and amount):
        return _whole(order, rng)
    return (*_gone(order, rng), RefundAtAmazon(line.item_id, amount))


def _refund_at_both(order: StaffOrder, rng: Random) -> Plan:
    """A part in Seller Central, then more of the same item here than is left by then."""
    plan, line = _refund_at_amazon(order, rng), order.lines[0]
    elsewhere = plan[-1]
    if not isinstance(elsewhere, RefundAtAmazon):
        return plan
    above = line.gross - elsewhere.amount + smallest_unit(order.currency)
    if above > order.total - elsewhere.amount:
        return plan
    asked = Refund("all the rest", above, Must.BE_REFUSED, {line.id: line.open})
    return (*plan, AwaitWord("for which nobody asked here", is_vital=True), asked)


_PLANS: dict[Callable[[StaffOrder, Random], Plan], int] = {
    _nothing: 9,
    _whole: 24,
    _new_number: 8,
    _late_number: 6,
    _two_parcels: 12,
    _part: 4,
    _unknown_carrier: 5,
    _cancel: 10,
    _cancel_too_late: 4,
    _refund_all: 4,
    _refund_unclear: 2,
    _refund_line: 5,
    _refund_shipping: 3,
    _refund_too_early: 2,
    _refund_too_much: 2,
    _refund_at_amazon: 3,
    _refund_at_both: 2,
}


def _gone(order: StaffOrder, rng: Random) -> Plan:
    """Everything leaves, and Amazon knows of it."""
    parcels = _ship(order, rng, order.open_units)
    return (*parcels, *(AwaitWord(each.number) for each in parcels))


def _ship(order: StaffOrder, rng: Random, units: Mapping[str, int]) -> tuple[Ship, ...]:
    """A parcel for every warehouse that keeps some of the units."""
    leaving: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for line in order.lines:
        wanted = units.get(line.id, 0)
        for warehouse_id, kept in line.kept.items():
            here = min(wanted, kept)
            if here:
                leaving[warehouse_id][line.id] = here
                wanted -= here
        if wanted:
            # Nobody counts them, so that any warehouse will do.
            here = leaving[order.warehouse_id].get(line.id, 0)
            leaving[order.warehouse_id][line.id] = here + wanted
    parcels = []
    for warehouse_id, inside in leaving.items():
        number = _number(rng)
        parcels.append(Ship(number, number, warehouse_id, inside))
    return tuple(parcels)


def _halves(units: Mapping[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """Every second unit, as far as there is more than one."""
    each = [line for line, quantity in units.items() for _ in range(quantity)]
    first: defaultdict[str, int] = defaultdict(int)
    for line in each[::2]:
        first[line] += 1
    rest = {line: n - first[line] for line, n in units.items() if n > first[line]}
    return dict(first), rest


def _number(rng: Random) -> str:
    """A tracking number, most of them of a form that tells the carrier."""
    digits = f"{rng.randrange(10**15, 10**16)}"
    return rng.choice((f"1Z{digits}", f"1Z{digits}", f"PARCEL-{digits}"))
