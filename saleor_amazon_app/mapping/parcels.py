"""Parcels on their way to Amazon: carriers, units, and which of them Amazon knows already. Pure.

Source: Orders API v0 confirmShipment and selling-partner-api-models issues 5037 and 5094, read
2026-11-20.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from saleor_amazon_app.amazon.carriers import OTHER, recognise, spelled
from saleor_amazon_app.amazon.order_records import Order, Package
from saleor_amazon_app.amazon.shipments import ConfirmedItem, ShipmentConfirmation
from saleor_amazon_app.core.ids import OrderItemId
from saleor_amazon_app.core.reasons import Reason
from saleor_amazon_app.core.times import iso
from saleor_amazon_app.mapping.units import units_of

# Where staff and other systems name the carrier on a fulfilment.
CARRIER_KEY = "amazonCarrier"
_UNNAMED_CARRIER = "Other carrier"


@dataclass(frozen=True, slots=True)
class Carrier:
    """A carrier as Amazon wants it named.

    Attributes:
        name: only of one that Amazon does not list.
    """

    code: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class OutgoingParcel:
    """What Amazon is to hear of a parcel, but for its reference."""

    tracking_number: str
    carrier: Carrier
    shipped_at: datetime
    units: Mapping[OrderItemId, int]


@dataclass(frozen=True, slots=True)
class Reported:
    """A fulfilment that is in the outbox.

    Attributes:
        reference: the parcel's, at Amazon.
        is_waiting: something about it is missing yet.
        was_sent: whether Amazon may have heard of it.
        is_refused: Amazon does not have it.
        is_withdrawn: staff were told that its fulfilment is cancelled.
    """

    parcel: OutgoingParcel
    reference: str
    is_waiting: bool
    was_sent: bool
    is_refused: bool
    is_withdrawn: bool


def carrier_of(
    named: str, tracking_number: str, shipping_method: str, carriers: Mapping[str, str]
) -> Carrier:
    """The carrier: as the fulfilment names it, as the store maps its method, as its number looks.

    A carrier that Amazon does not list goes by its name; a wrong code would leave the order
    unconfirmed.
    """
    for name in (carriers.get(named), named, carriers.get(shipping_method)):
        if name:
            code = spelled(name)
            return Carrier(OTHER, name) if code in (None, OTHER) else Carrier(code)
    if code := recognise(tracking_number):
        return Carrier(code)
    return Carrier(OTHER, shipping_method or _UNNAMED_CARRIER)


def shows(packages: Sequence[Package], reference: str, parcel: OutgoingParcel) -> bool:
    """Tells whether Amazon shows a parcel as it was reported."""
    return any(
        package.package_reference_id == reference
        and _number(package.tracking_number) == _number(parcel.tracking_number)
        and _units(package) in (Counter(), Counter(parcel.units))
        for package in packages
    )


def taken_references(packages: Sequence[Package]) -> frozenset[int]:
    """The references Amazon has parcels under: the same again would edit that parcel."""
    references = (package.package_reference_id for package in packages)
    return frozenset(int(each) for each in references if each.isascii() and each.isdigit())


def to_json(parcel: OutgoingParcel) -> dict[str, Any]:
    """The parcel as the outbox keeps it; `Any` because it is JSON."""
    return {
        "trackingNumber": parcel.tracking_number,
        "carrierCode": parcel.carrier.code,
        "carrierName": parcel.carrier.name,
        "shippedAt": iso(parcel.shipped_at),
        "units": dict(parcel.units),
    }


def from_json(content: Mapping[str, Any]) -> OutgoingParcel:
    """The parcel that `to_json` took apart."""
    return OutgoingParcel(
        content["trackingNumber"],
        Carrier(content["carrierCode"], content["carrierName"]),
        datetime.fromisoformat(content["shippedAt"]),
        {OrderItemId(item): number for item, number in content["units"].items()},
    )


def confirmation(parcel: OutgoingParcel, reference: str) -> ShipmentConfirmation:
    """What is sent to Amazon."""
    return ShipmentConfirmation(
        package_reference_id=reference,
        carrier_code=parcel.carrier.code,
        carrier_name=parcel.carrier.name,
        shipping_method=None,
        tracking_number=parcel.tracking_number,
        ship_date=parcel.shipped_at,
        items=tuple(ConfirmedItem(item, number) for item, number in sorted(parcel.units.items())),
    )


class Room:
    """What Amazon knows of an order's parcels, and what it still expects.

    Parcels are put in one after the other, each taking its place from the next.
    """

    def __init__(self, order: Order, reported: Collection[Reported]) -> None:
        ours = {each.reference for each in reported}
        foreign = [one for one in order.packages or () if one.package_reference_id not in ours]
        self._told = _sum(Counter(one.parcel.units) for one in reported if not one.is_refused)
        units = units_of(order)
        counted = () if isinstance(units, Reason) else units
        self._total = Counter({each.item.order_item_id: each.total for each in counted})
        shipped = Counter({each.item.order_item_id: each.shipped for each in counted})
        self._foreign = (shipped - self._told) | _sum(map(_units, foreign))
        self._numbers = Counter(_number(one.tracking_number) for one in foreign)
        numbered = (one for one in foreign if _number(one.tracking_number))
        self._nameless = self._foreign - _sum(map(_units, numbered))

    def knows(self, parcel: OutgoingParcel) -> bool:
        """Tells whether Amazon has the parcel from somewhere else.

        A parcel is known by its number; one without a number by its units, as far as Amazon
        counts units as shipped that no numbered parcel holds.
        """
        number, units = _number(parcel.tracking_number), Counter(parcel.units)
        if number and self._numbers[number]:
            self._numbers[number] -= 1
            return True
        if not number and units and units <= self._nameless:
            self._nameless -= units
            return True
        return False

    def takes(self, parcel: OutgoingParcel) -> bool:
        """Tells whether Amazon still expects so many units, or does not say how many."""
        room = self._total - self._foreign - self._told
        if self._total and any(number > room[item] for item, number in parcel.units.items()):
            return False
        self._told += Counter(parcel.units)
        return True


def _sum(counted: Iterable[Counter[OrderItemId]]) -> Counter[OrderItemId]:
    return sum(counted, Counter[OrderItemId]())


def _units(package: Package) -> Counter[OrderItemId]:
    counted = Counter[OrderItemId]()
    for entry in package.package_items or ():
        counted[entry.order_item_id] += entry.quantity
    return counted


def _number(tracking_number: str | None) -> str:
    return (tracking_number or "").strip().upper()
