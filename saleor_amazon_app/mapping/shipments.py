"""Decides which fulfilments of a host order Amazon hears of, and how. Pure.

A fulfilment is a parcel. One that Amazon knows already, because it left in Seller Central and was
only written into the host afterwards, is not told again.

Source: Orders API v0 confirmShipment and selling-partner-api-models issues 5037 and 5094, read
2026-11-20; Amazon's programs in the model of Orders 2026-01-01.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from saleor_amazon_app.amazon.order_records import FULFILLED_BY_AMAZON, Order
from saleor_amazon_app.core.ids import OrderItemId, SaleorOrderLineId
from saleor_amazon_app.core.times import iso
from saleor_amazon_app.mapping.parcels import (
    CARRIER_KEY,
    OutgoingParcel,
    Reported,
    Room,
    carrier_of,
)
from saleor_amazon_app.mapping.units import is_cancelled
from saleor_amazon_app.saleor.leaving_records import LeavingFulfillment, LeavingOrder

_SHIP_PLUS, _PRIME = "FBM_SHIP_PLUS", "PRIME"
# The host's column is no longer, and no carrier's number comes near it.
_LONGEST_NUMBER = 255
_REMIND_BEFORE = timedelta(hours=6)
_DECIDE_BEFORE = timedelta(hours=2)
_LEFT = "FULFILLED"
_WITHDRAWN = "CANCELED"
_TOO_MANY = (
    "Amazon expects no such parcel any more: units of it were shipped or cancelled there already. "
    "It was not told of it; compare the order with Seller Central."
)


@dataclass(frozen=True, slots=True)
class ConfirmParcel:
    """Tell Amazon of a parcel, or of what changed about it; `note` is for staff."""

    fulfillment_id: str
    parcel: OutgoingParcel
    note: str | None = None


@dataclass(frozen=True, slots=True)
class HoldParcel:
    """Wait: the words say for what, and staff are told once `note_at` has come."""

    fulfillment_id: str
    parcel: OutgoingParcel
    words: str
    note_at: datetime | None


@dataclass(frozen=True, slots=True)
class RefuseParcel:
    """Amazon is not told, and staff are told why; nothing more is said of one withdrawn."""

    fulfillment_id: str
    parcel: OutgoingParcel
    words: str
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class WithdrawParcel:
    """The fulfilment of a parcel was cancelled; Amazon cannot take a shipment back.

    Attributes:
        is_too_late: whether Amazon may have heard of the parcel.
    """

    fulfillment_id: str
    words: str
    is_too_late: bool


ParcelDecision = ConfirmParcel | HoldParcel | RefuseParcel | WithdrawParcel


@dataclass(frozen=True, slots=True)
class Shipping:
    """All that a decision about an order's parcels is made from.

    Attributes:
        order: as Amazon reported it last.
        leaving: as the host shows it now.
        items: the order item that each line of the host order was made for.
        carriers: the store's mapping of names to Amazon's codes.
        reported: what is in the outbox, by fulfilment.
        asks_to_cancel: whether the buyer does.
        asked_since: since when the host shows that the buyer asks to cancel; None if it does not.
        is_approved: whether staff let the parcels go all the same.
        now: the moment of the decision.
    """

    order: Order
    leaving: LeavingOrder
    items: Mapping[SaleorOrderLineId, OrderItemId]
    carriers: Mapping[str, str]
    reported: Mapping[str, Reported]
    asks_to_cancel: bool
    asked_since: datetime | None
    now: datetime
    is_approved: bool = False


def decide(case: Shipping) -> tuple[ParcelDecision, ...]:
    """Decides about every fulfilment of which there is something to do."""
    room = Room(case.order, case.reported.values())
    decisions: list[ParcelDecision | None] = []
    for one in case.leaving.fulfillments:
        known = case.reported.get(one.id)
        if known is not None:
            decisions.append(_again(case, one, known))
        elif one.status == _LEFT:
            decisions.append(_first(case, one, room))
        elif one.status == _WITHDRAWN and _is_fba(case.order):
            decisions.append(_restocked(case, one))
    return tuple(decision for decision in decisions if decision)


def _first(case: Shipping, one: LeavingFulfillment, room: Room) -> ParcelDecision | None:
    """Decides about a fulfilment that Amazon may have to hear of."""
    parcel = _parcel(case, one)
    if room.knows(parcel):
        return None
    if words := _never(case, one, parcel):
        return RefuseParcel(one.id, parcel, words)
    if not room.takes(parcel):
        return RefuseParcel(one.id, parcel, _TOO_MANY)
    return _when(case, one, parcel)


def _again(case: Shipping, one: LeavingFulfillment, known: Reported) -> ParcelDecision | None:
    """Decides about a fulfilment that is in the outbox."""
    if one.status == _WITHDRAWN:
        return None if known.is_withdrawn else _withdrawn(one, known)
    parcel = _parcel(case, one)
    before = known.parcel
    is_same = (parcel.tracking_number, parcel.carrier) == (before.tracking_number, before.carrier)
    if one.status != _LEFT or (is_same and not known.is_waiting):
        return None
    if words := _never(case, one, parcel):
        return RefuseParcel(one.id, parcel if known.is_waiting else before, words)
    if known.is_waiting:
        return _when(case, one, parcel)
    if not parcel.tracking_number:
        return None
    # Units that came back later stand in other fulfilments; the parcel is what left.
    return ConfirmParcel(one.id, parcel if known.is_refused else _renumbered(parcel, before))


def _renumbered(parcel: OutgoingParcel, before: OutgoingParcel) -> OutgoingParcel:
    return OutgoingParcel(
        parcel.tracking_number, parcel.carrier, before.shipped_at, dict(before.units)
    )


def _when(case: Shipping, one: LeavingFulfillment, parcel: OutgoingParcel) -> ParcelDecision:
    """Tells Amazon now, unless the number or the word of staff is still missing."""
    deadline = case.order.latest_ship_time
    if not parcel.tracking_number:
        until = f" by {iso(deadline)}" if deadline else ""
        return HoldParcel(
            one.id,
            parcel,
            f"Amazon has not heard of a parcel that has no tracking number: enter one{until}.",
            deadline - _REMIND_BEFORE if deadline else None,
        )
    if not case.asks_to_cancel:
        return ConfirmParcel(one.id, parcel)
    note = _all_the_same(case, one, parcel.tracking_number)
    if note or deadline is None:
        return ConfirmParcel(one.id, parcel, note)
    return HoldParcel(
        one.id,
        parcel,
        f"The buyer asked to cancel when the parcel {parcel.tracking_number} was packed already. "
        "Cancel its fulfilment to grant the wish, or let the parcel go on the order's page of the "
        f"Amazon app; otherwise Amazon is told of it two hours before {iso(deadline)}.",
        case.now,
    )


def _all_the_same(case: Shipping, one: LeavingFulfillment, number: str) -> str | None:
    """Why Amazon is told of a parcel although the buyer asks to cancel; None while it waits."""
    deadline = case.order.latest_ship_time
    if case.asked_since is not None and one.created >= case.asked_since:
        return (
            "The buyer's wish to cancel was declined by shipping: Amazon was told of the parcel "
            f"{number}."
        )
    if case.is_approved:
        return (
            "The buyer asks to cancel, but staff let the parcel go: Amazon was told of the parcel "
            f"{number}."
        )
    if deadline is None or case.now >= deadline - _DECIDE_BEFORE:
        return (
            "The buyer asks to cancel, but the ship-by time has come: Amazon was told of the "
            f"parcel {number} all the same."
        )
    return None


def hold_ends(case: Shipping, hold: HoldParcel) -> datetime | None:
    """When a parcel that waits is to be looked at again; None: when the host says something."""
    deadline = case.order.latest_ship_time
    if not hold.parcel.tracking_number:
        return hold.note_at if hold.note_at and hold.note_at > case.now else None
    return deadline - _DECIDE_BEFORE if deadline else None


def _never(case: Shipping, one: LeavingFulfillment, parcel: OutgoingParcel) -> str | None:
    """Why Amazon is never told of the parcel; None when there is no reason."""
    order = case.order
    programs = order.programs or ()
    if _is_fba(order):
        return "Amazon ships this order itself: it was not told of the fulfilment made here."
    if is_cancelled(order):
        return "Amazon cancelled this order: it was not told of the parcel. Call the parcel back."
    if _SHIP_PLUS in programs:
        return (
            "This order is in FBM Ship+, where Amazon learns of parcels from its own labels: it "
            "was not told of this one."
        )
    if _PRIME in programs:
        return (
            "Prime orders ship with labels from Amazon Buy Shipping only, by which Amazon learns "
            "of the parcel: it was not told of this one. Buy its label in Seller Central."
        )
    if set(one.units) - case.items.keys():
        return (
            "The fulfilment holds a line that is not from Amazon: Amazon was not told of it. "
            "Fulfil that line by itself."
        )
    if not parcel.units or any(units < 1 for units in parcel.units.values()):
        return "The fulfilment holds no units: Amazon was not told of it."
    if len(parcel.tracking_number) > _LONGEST_NUMBER:
        return (
            f"The tracking number has {len(parcel.tracking_number)} characters: Amazon was not "
            "told of the parcel. Correct the number."
        )
    return None


def _withdrawn(one: LeavingFulfillment, known: Reported) -> WithdrawParcel:
    if known.is_refused or not known.was_sent:
        words = "The fulfilment was cancelled before Amazon was told of it."
        return WithdrawParcel(one.id, words, is_too_late=False)
    return WithdrawParcel(
        one.id,
        f"The fulfilment of the parcel {known.parcel.tracking_number} was cancelled here, but "
        "Amazon cannot take a shipment back: it still counts as shipped there. Ship it, or settle "
        "it with the buyer in Seller Central.",
        is_too_late=True,
    )


def _restocked(case: Shipping, one: LeavingFulfillment) -> RefuseParcel:
    parcel = _parcel(case, one)
    goods = "; ".join(
        f"{number} of {case.leaving.skus.get(line) or line}" for line, number in one.units.items()
    )
    return RefuseParcel(
        one.id,
        parcel,
        "Amazon ships this order itself, and cancelling its fulfilment here told Amazon nothing. "
        f"It put units into stock that are not there: {goods or 'see the fulfilment'}. Fulfil "
        "them again to take them out.",
        is_withdrawn=True,
    )


def _is_fba(order: Order) -> bool:
    return bool(order.fulfillment and order.fulfillment.fulfilled_by == FULFILLED_BY_AMAZON)


def _parcel(case: Shipping, one: LeavingFulfillment) -> OutgoingParcel:
    units = Counter[OrderItemId]()
    for line_id, quantity in one.units.items():
        if line_id in case.items:
            units[case.items[line_id]] += quantity
    carrier = carrier_of(
        one.metadata.get(CARRIER_KEY, "").strip(),
        one.tracking_number,
        case.leaving.shipping_method,
        case.carriers,
    )
    # Amazon refuses a parcel that left before the order was placed.
    shipped_at = max(one.created, case.order.created_time)
    return OutgoingParcel(one.tracking_number, carrier, shipped_at, dict(units))
