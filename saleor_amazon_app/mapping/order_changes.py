"""Decides how a placed host order follows what changed at Amazon. Pure: values in, values out.

What the host already shows is read from the host, so that deciding twice does nothing twice. Only
the address is compared with Amazon's own former one: the host spells it in its own way, and staff
may have corrected it.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from saleor_amazon_app.amazon.order_records import DeliveryAddress, Order
from saleor_amazon_app.core.money import ZERO
from saleor_amazon_app.core.reasons import Reason
from saleor_amazon_app.core.times import iso
from saleor_amazon_app.mapping import addresses, booked_refunds
from saleor_amazon_app.mapping.booked_refunds import Booked
from saleor_amazon_app.mapping.changed_money import (
    charged_at_first,
    fallen_by,
    in_words,
    refund_of_all,
    refund_of_units,
)
from saleor_amazon_app.mapping.changed_units import (
    ChangedLine,
    at_most,
    changed_lines,
    has_left,
    not_yet_fulfilled,
)
from saleor_amazon_app.mapping.order_steps import (
    CancelOrder,
    Follow,
    FulfilParcels,
    MarkOrder,
    Remark,
    ReportRefund,
    ReturnUnits,
    Told,
)
from saleor_amazon_app.mapping.units import is_cancelled, parcels_of, units_of
from saleor_amazon_app.saleor.order_inputs import AddressInput
from saleor_amazon_app.saleor.standing_records import Refund, StandingOrder

# An edit of such an order makes the host recalculate its money, and it ends the state itself.
_UNSETTLED = frozenset({"DRAFT", "UNCONFIRMED"})
_ENDED = frozenset({"CANCELED", "EXPIRED"})
_BEFORE_SHIPPING = frozenset({"UNSHIPPED", "PARTIALLY_SHIPPED"})

CANCEL_REQUEST_KEY = "amazonBuyerCancelRequest"
_ADDRESS_KEY = "amazonAddressChanged"
_GONE = Remark(
    "host_order_gone", "Amazon changed this order, but it is gone from Saleor: nothing was sent."
)
_ENDED_HERE = Remark(
    "host_order_cancelled",
    "This order was cancelled in Saleor but not at Amazon: nothing was changed here. Cancel it in "
    "Seller Central too, or ship it from there.",
)
_UNCLEAR = Remark(
    "units_unclear",
    "Amazon's numbers of units are incomplete or contradict each other: nothing was returned or "
    "fulfilled here. Compare the order with Seller Central.",
)
_CANCEL_REQUESTED = Told(
    "cancel_requested",
    "The buyer asks to cancel this order.",
    "Decide before you ship it: cancelling it grants the request, shipping it declines it.",
    "Decide before you ship it.",
)


def asks_to_cancel(order: Order) -> bool:
    """Whether the buyer asks to cancel an order of which nothing left; it is only a request."""
    status = order.fulfillment.fulfillment_status if order.fulfillment else ""
    wishes = [i.cancellation.cancellation_request for i in order.order_items if i.cancellation]
    return status == "UNSHIPPED" and any(one and one.requester == "BUYER" for one in wishes)


def wish_noted(order: Order) -> tuple[str, ...]:
    """What an order says from the start whose buyer already asks to cancel it."""
    return (_CANCEL_REQUESTED.remark.message,) if asks_to_cancel(order) else ()


def decide(
    order: Order,
    standing: StandingOrder | None,
    *,
    addresses_before: Sequence[DeliveryAddress] = (),
    is_newer: bool = True,
    ships_unpaid: bool,
    tax_rates: Mapping[str, Decimal],
    refunded_elsewhere: Sequence[Booked] = (),
    is_being_cancelled: bool = False,
) -> Follow:
    """Decides how a placed order follows.

    Args:
        order: as Amazon reports it now.
        standing: the host order; None when it is gone.
        addresses_before: what Amazon told of the delivery address in the version that the host
            order shows, then before it; empty when it is the same to this day.
        is_newer: whether Amazon's version is newer than the one that the host order shows, or
            something of it was left to do.
        ships_unpaid: whether the shop fulfils what is not fully paid.
        tax_rates: country code to rate, as for placing.
        refunded_elsewhere: what Amazon booked of it that nobody asked for here.
        is_being_cancelled: whether Amazon is told that staff cancelled it.
    """
    if standing is None:
        return Follow(remarks=(_GONE,)) if is_newer else Follow()
    if is_newer and _is_ended_here(order, standing):
        follow = Follow() if is_being_cancelled else Follow(remarks=(_ENDED_HERE,))
    elif is_newer:
        follow = _changed(order, standing, addresses_before, ships_unpaid, tax_rates)
    else:
        follow = Follow(remarks=_edited(order, standing))
    return booked_refunds.report(order, standing, refunded_elsewhere, follow)


def _changed(
    order: Order,
    standing: StandingOrder,
    addresses_before: Sequence[DeliveryAddress],
    ships_unpaid: bool,
    tax_rates: Mapping[str, Decimal],
) -> Follow:
    if is_cancelled(order):
        return _cancelled(order, standing)
    return (
        _units(order, standing, tax_rates, ships_unpaid)
        + _address(order, standing, addresses_before)
        + _request(order, standing)
        + Follow(remarks=_edited(order, standing))
    )


def _is_ended_here(order: Order, standing: StandingOrder) -> bool:
    return standing.order.status in _ENDED and not is_cancelled(order)


def _remark(kind: str, message: str) -> Follow:
    return Follow(remarks=(Remark(kind, message),))


def _edited(order: Order, standing: StandingOrder) -> tuple[Remark, ...]:
    """An order whose money the host recalculated, because it was edited before it was settled."""
    charged, total = charged_at_first(order, standing), standing.order.total
    if standing.order.status not in _UNSETTLED or charged in (None, total.amount):
        return ()
    here, there = in_words(total.amount, standing), in_words(charged or ZERO, standing)
    return (
        Remark(
            "totals_differ",
            f"This order comes to {here}, but Amazon charged {there}. Saleor recalculates an "
            "order that is edited before it is confirmed; correct it by hand.",
        ),
    )


def _cancelled(order: Order, standing: StandingOrder) -> Follow:
    """Cancelled at Amazon: here too, unless something left already."""
    kind, fact = "order_cancelled", "Amazon cancelled this order."
    refund = _report(
        refund_of_all(order, standing), standing, "Amazon gave back what it had charged."
    )
    if standing.order.status in _ENDED:
        return Follow((refund,)) if refund else Follow()
    if has_left(standing.order):
        return _remark(
            kind,
            f"{fact} Parcels of it left here already, so nothing was changed: call them back, "
            "or settle it with the buyer in Seller Central.",
        )
    told = Told(
        kind, fact, "It was cancelled here too.", "Cancel it by hand; it must not be shipped."
    )
    return Follow((CancelOrder(told, refund),))


def _report(refund: Refund | None, standing: StandingOrder, fact: str) -> ReportRefund | None:
    if refund is None:
        return None
    done = f"{in_words(refund.amount, standing)} was reported as refunded."
    return ReportRefund(Told("refund_reported", fact, done, "Record the refund by hand."), refund)


def _units(
    order: Order, standing: StandingOrder, tax_rates: Mapping[str, Decimal], ships_unpaid: bool
) -> Follow:
    """Units that were cancelled or left at Amazon, and the money of those cancelled."""
    units = units_of(order)
    if isinstance(units, Reason):
        return Follow(remarks=(_UNCLEAR,))
    lines = changed_lines(standing.order, units)
    allowed = {line.item_id: line.to_fulfil for line in lines}
    missing = at_most(not_yet_fulfilled(parcels_of(order, units), standing.order), allowed)
    is_unsettled = standing.order.status in _UNSETTLED
    follow = Follow(remarks=_too_late(lines))
    if missing:
        told = Told(
            "shipped_at_amazon",
            f"By Amazon's count {sum(each.shipped for each in units)} of "
            f"{sum(each.total for each in units)} units have left.",
            "What was missing here was fulfilled too.",
            "Fulfil the rest by hand.",
        )
        follow += Follow((FulfilParcels(told, missing, confirms=is_unsettled),))
    elif is_unsettled and any(line.to_return for line in lines):
        waiting = _remark(
            "units_cancelled",
            f"{_cancelled_units(lines)} They are returned here as soon as the order is confirmed: "
            "do not ship them.",
        )
        return follow + waiting + Follow(awaits_confirmation=True)
    return follow + _returned(order, standing, lines, tax_rates, ships_unpaid)


def _returned(
    order: Order,
    standing: StandingOrder,
    lines: Sequence[ChangedLine],
    tax_rates: Mapping[str, Decimal],
    ships_unpaid: bool,
) -> Follow:
    """Returns what was cancelled, and reports what Amazon's total fell by since."""
    fallen = fallen_by(order, standing, tax_rates)
    refund = _refund(order, standing, lines, fallen)
    if refund and not ships_unpaid and any(line.left_open for line in lines):
        return _return(lines, None) + _refund_later(refund)
    if refund:
        return _return(lines, refund)
    if any(line.to_return for line in lines):
        return _return(lines, None) + _nothing_reported(lines, fallen)
    is_other = isinstance(fallen, Decimal) and fallen != 0
    return _other_total(order, standing) if is_other else Follow()


def _refund(
    order: Order, standing: StandingOrder, lines: Sequence[ChangedLine], fallen: Decimal | str
) -> ReportRefund | None:
    """What Amazon's total fell by for units that were cancelled, now or before."""
    if isinstance(fallen, str) or fallen <= 0 or not any(line.cancelled for line in lines):
        return None
    total = in_words(_total_of(order), standing)
    return _report(
        refund_of_units(order, standing, fallen),
        standing,
        f"Amazon's total fell to {total} for cancelled units.",
    )


def _refund_later(refund: ReportRefund) -> Follow:
    """A refund that would keep the rest from being shipped."""
    remark = Remark(
        "refund_postponed",
        f"{refund.told.fact} That is reported as refunded once the rest of the order left: this "
        "shop ships nothing that is not fully paid.",
    )
    return Follow(remarks=(remark,), awaits_shipping=True)


def _return(lines: Sequence[ChangedLine], then: ReportRefund | None) -> Follow:
    units = {line.line_id: line.to_return for line in lines if line.to_return}
    if not units:
        return Follow((then,)) if then else Follow()
    told = Told(
        "units_cancelled",
        _cancelled_units(lines),
        "They were returned here unfulfilled.",
        "Return them by hand; they must not be shipped.",
    )
    return Follow((ReturnUnits(told, units, then),))


def _nothing_reported(lines: Sequence[ChangedLine], fallen: Decimal | str) -> Follow:
    if isinstance(fallen, Decimal):
        why = "they are not charged any more" if fallen > 0 else "Amazon's total did not fall"
    else:
        why = fallen
    return _remark(
        "refund_unclear",
        f"{_cancelled_units(lines)} Nothing was reported as refunded: {why}. Compare the order "
        "with Seller Central.",
    )


def _other_total(order: Order, standing: StandingOrder) -> Follow:
    """A total that changed for another reason, such as a tip; it is said, never evened out."""
    return _remark(
        "total_changed",
        f"Amazon's total is now {in_words(_total_of(order), standing)}, which this order cannot "
        "follow: its money stays as it is. Compare it with Seller Central.",
    )


def _total_of(order: Order) -> Decimal:
    total = order.proceeds.grand_total if order.proceeds else None
    return total.amount if total else ZERO


def _too_late(lines: Sequence[ChangedLine]) -> tuple[Remark, ...]:
    late = [f"{line.too_late} of {line.ordered} of {line.name}" for line in lines if line.too_late]
    if not late:
        return ()
    return (
        Remark(
            "units_cancelled_too_late",
            f"Amazon cancelled units that left here already: {'; '.join(late)}. Call them back, "
            "or settle it with the buyer in Seller Central.",
        ),
    )


def _cancelled_units(lines: Sequence[ChangedLine]) -> str:
    named = [f"{line.cancelled} of {line.ordered} of {line.name}" for line in lines]
    changed = [text for text, line in zip(named, lines, strict=True) if line.to_return]
    return f"Amazon cancelled units: {'; '.join(changed)}."


def _address(order: Order, standing: StandingOrder, known: Sequence[DeliveryAddress]) -> Follow:
    """Another address before shipping; what Amazon only stops telling is no other address."""
    before = next(filter(_is_told, known), None)
    given = order.recipient.delivery_address if order.recipient else None
    status = order.fulfillment.fulfillment_status if order.fulfillment else ""
    if before is None or given is None or given == before:
        return Follow()
    if status not in _BEFORE_SHIPPING or not _is_told(given):
        return Follow()
    kind, fact = (
        "address_changed",
        f"The delivery address was changed at Amazon ({iso(order.last_updated_time)}).",
    )
    old, new = addresses.to_host(before), addresses.to_host(given)
    if isinstance(new, Reason):
        return _remark(kind, f"{fact} Saleor would not take the new one: enter it by hand.")
    if isinstance(old, AddressInput) and _same(old, new):
        return Follow()
    warning = " Parcels left already: see where they go." if has_left(standing.order) else ""
    if standing.order.status in _UNSETTLED:
        waiting = _remark(
            kind,
            f"{fact} It is replaced here as soon as the order is confirmed: an edit before would "
            "recalculate its money.",
        )
        return waiting + Follow(awaits_confirmation=True)
    told = Told(
        kind,
        fact,
        f"It was replaced here.{warning}",
        f"Enter the new one by hand.{warning}",
    )
    return Follow((MarkOrder(told, {_ADDRESS_KEY: iso(order.last_updated_time)}, new),))


def _is_told(address: DeliveryAddress) -> bool:
    return any((address.address_line1, address.address_line2, address.extended_fields))


def _same(old: AddressInput, new: AddressInput) -> bool:
    """Tells whether it is the same place; a phone number that is told no more changes nothing."""
    return new == (old if new.phone else old.model_copy(update={"phone": ""}))


def _request(order: Order, standing: StandingOrder) -> Follow:
    if not asks_to_cancel(order) or CANCEL_REQUEST_KEY in standing.order.metadata:
        return Follow()
    return Follow((MarkOrder(_CANCEL_REQUESTED, {CANCEL_REQUEST_KEY: "true"}),))
