"""Parcels the merchant confirmed: accepted at once, shown with the order some time later."""

from collections import Counter, deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

from saleor_amazon_app.simulators.amazon.answers import JsonObject
from saleor_amazon_app.simulators.amazon.book import OrderBook, UnknownOrderError
from saleor_amazon_app.simulators.amazon.carriers import OTHER
from saleor_amazon_app.simulators.amazon.misdeeds import Misdeed, Noted
from saleor_amazon_app.simulators.amazon.pace import Pace, written
from saleor_amazon_app.simulators.amazon.timelines import moment
from saleor_amazon_app.simulators.amazon.transitions import (
    PARTIALLY_SHIPPED,
    SHIPPED,
    UNSHIPPED,
    ImpossibleTransition,
    merged,
    status_of,
)

_SHIPPABLE = frozenset({UNSHIPPED, PARTIALLY_SHIPPED, SHIPPED})


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel as the merchant described it last.

    Attributes:
        reference: the merchant's, unique within the order.
        units: by order item.
        times_said: how often an app confirmed it; more than once means that it was edited, and
            0 that it came from Seller Central.
    """

    reference: str
    carrier_code: str
    carrier_name: str | None
    shipping_method: str | None
    tracking_number: str
    ship_time: datetime
    confirmed: datetime
    units: Mapping[str, int]
    times_said: int = 1


class Parcels:
    """The parcels of a seller's orders: what is true, and what is already shown."""

    def __init__(self, orders: OrderBook, pace: Pace, noted: list[Noted]) -> None:
        self._orders = orders
        self._pace = pace
        self._noted = noted
        self._true: dict[str, dict[str, Parcel]] = {}
        self._shown: dict[str, dict[str, Parcel]] = {}
        self._waiting: deque[tuple[datetime, str, Parcel]] = deque()

    def of(self, order_id: str) -> dict[str, Parcel]:
        """The parcels of an order by their references, those not yet shown included."""
        return dict(self._true.get(order_id, {}))

    def orders(self) -> list[str]:
        """The orders that have parcels."""
        return list(self._true)

    def open_units(self, order: Mapping[str, Any]) -> Counter[str]:
        """How many units of each item have yet to leave, in truth."""
        order_id = order["orderId"]
        left = Counter(
            {item["orderItemId"]: quantities(order, item)[1] for item in order_items(order)}
        )
        # What the order shows as open leaves out the parcels shown, but not those to come.
        for parcel in self._shown.get(order_id, {}).values():
            left.update(parcel.units)
        for parcel in self._true.get(order_id, {}).values():
            left.subtract(parcel.units)
        return left

    def adopt(self, order: Mapping[str, Any]) -> None:
        """Learns of the parcels that an order shows without an app having confirmed them."""
        order_id = order["orderId"]
        for package in order.get("packages", ()):
            reference = package["packageReferenceId"]
            if reference not in self._true.get(order_id, {}):
                parcel = _adopted(package, order)
                self._true.setdefault(order_id, {})[reference] = parcel
                self._shown.setdefault(order_id, {})[reference] = parcel

    def confirm(self, order_id: str, parcel: Parcel) -> None:
        """Takes a parcel in; one with a known reference replaces what was said before."""
        known = self._true.setdefault(order_id, {})
        before = known.get(parcel.reference)
        if before and before.units != parcel.units:
            detail = f"{parcel.reference} was {before.tracking_number}"
            self._noted.append(Noted(Misdeed.PARCEL_OVERWRITTEN, order_id, detail))
        for other in known.values():
            same = (other.tracking_number, other.units) == (parcel.tracking_number, parcel.units)
            if same and other.reference != parcel.reference:
                detail = f"{parcel.tracking_number} as {other.reference} and {parcel.reference}"
                self._noted.append(Noted(Misdeed.SHIPMENTS_TWICE, order_id, detail))
        known[parcel.reference] = parcel
        due = parcel.confirmed + self._pace.parcel_lag
        self._waiting.append((due, order_id, parcel))

    def due(self, now: datetime) -> list[datetime]:
        """When, by now, there is a parcel to show."""
        return [due for due, _, _ in takewhile(lambda one: one[0] <= now, self._waiting)]

    def catch_up(self, now: datetime) -> None:
        """Shows every parcel whose time has come, each at its own time."""
        while self._waiting and self._waiting[0][0] <= now:
            due, order_id, parcel = self._waiting.popleft()
            with suppress(ImpossibleTransition, UnknownOrderError):
                self._show(order_id, parcel, at=due)

    def _show(self, order_id: str, parcel: Parcel, *, at: datetime) -> None:
        order = self._orders.get(order_id)
        if order is None or status_of(order) not in _SHIPPABLE:
            # Somebody changed the order by hand meanwhile; what Amazon shows is theirs to say.
            return
        shown = self._shown.setdefault(order_id, {})
        before = shown.get(parcel.reference)
        moved = Counter(parcel.units)
        moved.subtract(before.units if before else {})
        self._orders.change(order_id, _change(order, parcel, moved), at=at)
        shown[parcel.reference] = parcel


def order_items(order: Mapping[str, Any]) -> list[JsonObject]:
    """The items of an order."""
    items: list[JsonObject] = order["orderItems"]
    return items


def quantities(order: Mapping[str, Any], item: Mapping[str, Any]) -> tuple[int, int]:
    """How many units of an item have left and how many have yet to, as the order shows it."""
    told, ordered = item.get("fulfillment", {}), item["quantityOrdered"]
    left = told.get("quantityFulfilled", ordered if status_of(order) == SHIPPED else 0)
    still = told.get("quantityUnfulfilled", ordered if status_of(order) == UNSHIPPED else 0)
    return left, still


def _change(order: JsonObject, parcel: Parcel, moved: Counter[str]) -> JsonObject:
    items = []
    open_after = 0
    for item in order_items(order):
        left, still = quantities(order, item)
        # By hand more may have been shipped meanwhile than was open.
        units = max(min(moved[item["orderItemId"]], still), -left)
        told = {"quantityFulfilled": left + units, "quantityUnfulfilled": still - units}
        items.append(merged(item, {"fulfillment": told}))
        open_after += still - units
    packages = [
        package
        for package in order.get("packages", [])
        if package["packageReferenceId"] != parcel.reference
    ]
    # An order that was shipped never goes back to partly shipped, whatever an edit took out.
    partly = open_after > 0 and status_of(order) != SHIPPED
    return {
        "orderItems": items,
        "packages": [*packages, _package(parcel)],
        "fulfillment": {"fulfillmentStatus": PARTIALLY_SHIPPED if partly else SHIPPED},
    }


def _adopted(package: JsonObject, order: Mapping[str, Any]) -> Parcel:
    items = package.get("packageItems", ())
    return Parcel(
        reference=package["packageReferenceId"],
        carrier_code=package.get("carrier", OTHER),
        carrier_name=None,
        shipping_method=package.get("shippingService"),
        tracking_number=package.get("trackingNumber", ""),
        ship_time=moment(package.get("shipTime", order["lastUpdatedTime"])),
        confirmed=moment(package.get("createdTime", order["lastUpdatedTime"])),
        units=Counter({item["orderItemId"]: item["quantity"] for item in items}),
        times_said=0,
    )


def _package(parcel: Parcel) -> JsonObject:
    package = {
        "packageReferenceId": parcel.reference,
        "createdTime": written(parcel.confirmed),
        "packageStatus": {"status": "SHIPPED"},
        "carrier": parcel.carrier_name if parcel.carrier_code == OTHER else parcel.carrier_code,
        "shipTime": written(parcel.ship_time),
        "trackingNumber": parcel.tracking_number,
        "packageItems": [
            {"orderItemId": item_id, "quantity": units} for item_id, units in parcel.units.items()
        ],
    }
    if parcel.shipping_method:
        package["shippingService"] = parcel.shipping_method
    return package
