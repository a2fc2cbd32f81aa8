"""Which units of a host order were cancelled or left at Amazon, line by line.

The host counts returned units as fulfilled too, so what left is read from its fulfilments.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from saleor_amazon_app.core.ids import OrderItemId, SaleorOrderLineId
from saleor_amazon_app.mapping.units import ItemUnits, Parcel
from saleor_amazon_app.saleor.order_records import Fulfillment, HostOrder, HostOrderLine

# Units in these are on their way, or staff still has to let them go.
_LEFT = frozenset({"FULFILLED", "WAITING_FOR_APPROVAL"})
_BACK = "CANCELED"
_RETURNED = frozenset({"RETURNED", "REFUNDED_AND_RETURNED"})


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """What a line of the host order still has to follow.

    Attributes:
        name: what staff know it by.
        ordered: units of the line.
        cancelled: units that were cancelled at Amazon since the order was placed.
        to_return: of those, how many the host still keeps for shipping.
        too_late: of those, how many left here all the same.
        to_fulfil: units that left in Seller Central and not here.
        left_open: units that still wait to be shipped when all that is done.
    """

    line_id: SaleorOrderLineId
    item_id: OrderItemId
    name: str
    ordered: int
    cancelled: int
    to_return: int
    too_late: int
    to_fulfil: int
    left_open: int


def has_left(host_order: HostOrder) -> bool:
    """Whether anything of the order is fulfilled, so that the host would not cancel it."""
    return any(each.status in _LEFT for each in host_order.fulfillments)


def changed_lines(host_order: HostOrder, units: Sequence[ItemUnits]) -> tuple[ChangedLine, ...]:
    """Compares the lines with Amazon's units; an item that is gone has none."""
    by_item = {each.item.order_item_id: each for each in units}
    left, returned = _units_in(host_order, _LEFT), _units_in(host_order, _RETURNED)
    return tuple(
        _compare(line, line.order_item_id, by_item, left=left[line.id], returned=returned[line.id])
        for line in host_order.lines
        if line.order_item_id
    )


def _compare(
    line: HostOrderLine,
    item_id: OrderItemId,
    units: Mapping[OrderItemId, ItemUnits],
    *,
    left: int,
    returned: int,
) -> ChangedLine:
    now = units.get(item_id)
    shipped, waiting = (now.shipped, now.open) if now else (0, 0)
    cancelled = max(0, line.quantity - shipped - waiting)
    open_here = line.quantity - line.quantity_fulfilled
    # Units that Amazon still expects from here are none of those that left in Seller Central.
    to_fulfil = min(max(0, open_here - waiting), max(0, shipped - left))
    to_return = min(open_here - to_fulfil, max(0, cancelled - returned))
    return ChangedLine(
        line_id=line.id,
        item_id=item_id,
        name=line.sku or item_id,
        ordered=line.quantity,
        cancelled=cancelled,
        to_return=to_return,
        too_late=max(0, cancelled - returned - to_return),
        to_fulfil=to_fulfil,
        left_open=open_here - to_return - to_fulfil,
    )


def not_yet_fulfilled(parcels: Sequence[Parcel], host_order: HostOrder) -> tuple[Parcel, ...]:
    """What of the parcels the host order has no fulfilment for.

    A fulfilment is the parcel with its tracking number; fulfilled units that no number tells
    apart count for the first parcels. What staff took back they were told of, and is theirs.
    """
    taken_back = {
        _number(each.tracking_number) for each in host_order.fulfillments if each.status == _BACK
    } - {None}
    fulfilled = [_Fulfilled.of(each, host_order) for each in host_order.fulfillments]
    rest = [dict(parcel.units) for parcel in parcels]
    for same_number in (True, False):
        for parcel, units in zip(parcels, rest, strict=True):
            for one in fulfilled:
                if not same_number or one.number == _number(parcel.tracking_number):
                    one.take(units)
    return tuple(
        Parcel(parcel.tracking_number, {item: n for item, n in units.items() if n})
        for parcel, units in zip(parcels, rest, strict=True)
        if any(units.values()) and _number(parcel.tracking_number) not in taken_back
    )


def at_most(parcels: Sequence[Parcel], allowed: Mapping[OrderItemId, int]) -> tuple[Parcel, ...]:
    """The parcels with no more units than allowed, the first ones first."""
    left = dict(allowed)
    kept = []
    for parcel in parcels:
        units = {}
        for item_id, quantity in parcel.units.items():
            if some := min(quantity, left.get(item_id, 0)):
                units[item_id] = some
                left[item_id] -= some
        if units:
            kept.append(Parcel(parcel.tracking_number, units))
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class _Fulfilled:
    """Units of a fulfilment that stand for no parcel yet."""

    number: str | None
    units: dict[OrderItemId, int]

    @classmethod
    def of(cls, fulfillment: Fulfillment, host_order: HostOrder) -> "_Fulfilled":
        items = {line.id: line.order_item_id for line in host_order.lines}
        units: Counter[OrderItemId] = Counter()
        for line in fulfillment.lines if fulfillment.status in _LEFT else ():
            if item_id := items.get(line.line_id):
                units[item_id] += line.quantity
        return cls(_number(fulfillment.tracking_number), units)

    def take(self, units: dict[OrderItemId, int]) -> None:
        """Takes away as many of the units as are here."""
        for item_id, quantity in units.items():
            some = min(quantity, self.units.get(item_id, 0))
            units[item_id] -= some
            self.units[item_id] = self.units.get(item_id, 0) - some


def _number(tracking_number: str | None) -> str | None:
    return (tracking_number or "").strip().upper() or None


def _units_in(host_order: HostOrder, statuses: frozenset[str]) -> Counter[SaleorOrderLineId]:
    counted: Counter[SaleorOrderLineId] = Counter()
    for fulfillment in host_order.fulfillments:
        for line in fulfillment.lines if fulfillment.status in statuses else ():
            counted[line.line_id] += line.quantity
    return counted
