"""How many units of each item have left, in which parcels, and how many still have to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from saleor_amazon_app.amazon.item_records import OrderItem
from saleor_amazon_app.amazon.order_records import Order
from saleor_amazon_app.core.ids import OrderItemId
from saleor_amazon_app.core.reasons import HoldCode, Reason

# INVOICE_UNCONFIRMED is a shipped order whose invoice waits (Brazil); it is in Amazon's migration
# data but not in the model's enum.
SHIPPED_STATUSES = frozenset({"SHIPPED", "INVOICE_UNCONFIRMED"})

# The host's column; a longer number would fail the whole batch.
_TRACKING_NUMBER = 255


@dataclass(frozen=True, slots=True)
class ItemUnits:
    """The units of one item that were not cancelled."""

    item: OrderItem
    shipped: int
    open: int

    @property
    def total(self) -> int:
        """All units the host's order line has."""
        return self.shipped + self.open


@dataclass(frozen=True, slots=True)
class Parcel:
    """Units that left together; without a number where Amazon knows none."""

    tracking_number: str | None
    units: Mapping[OrderItemId, int]


def is_cancelled(order: Order) -> bool:
    """Whether Amazon cancelled the order, be it unit by unit."""
    status = order.fulfillment.fulfillment_status if order.fulfillment else ""
    return status == "CANCELLED" or (status == "UNSHIPPED" and _is_left_without_units(order))


def _is_left_without_units(order: Order) -> bool:
    """Whether Amazon says of every item that all its units were cancelled."""
    said = [item.fulfillment for item in order.order_items]
    return bool(said) and all(
        each and each.quantity_fulfilled == 0 and each.quantity_unfulfilled == 0 for each in said
    )


def units_of(order: Order) -> tuple[ItemUnits, ...] | Reason:
    """The items that have units, in Amazon's order, or why that cannot be told yet.

    An item all of whose units were cancelled is left out: the host knows no line of quantity 0.
    """
    status = order.fulfillment.fulfillment_status if order.fulfillment else ""
    if len({item.order_item_id for item in order.order_items}) < len(order.order_items):
        return Reason(
            HoldCode.INCOMPLETE_FROM_AMAZON,
            "Amazon sent two items under one number; the order is asked again at the next sync.",
        )
    units = []
    for item in order.order_items:
        counted = _count(item, status)
        if isinstance(counted, Reason):
            return counted
        if counted.total:
            units.append(counted)
    if not units:
        return Reason(
            HoldCode.INCOMPLETE_FROM_AMAZON,
            "Amazon has sent no item with units of this order yet; it is asked again at the next "
            "sync.",
        )
    return tuple(units)


def _count(item: OrderItem, status: str) -> ItemUnits | Reason:
    given = item.fulfillment
    shipped = given.quantity_fulfilled if given else None
    unshipped = given.quantity_unfulfilled if given else None
    ordered = item.quantity_ordered
    if shipped is None and unshipped is None:
        if status == "PARTIALLY_SHIPPED":
            return Reason(
                HoldCode.INCOMPLETE_FROM_AMAZON,
                f"Amazon says that a part of the order left, but not how many units of item "
                f"{item.order_item_id}; it is asked again at the next sync.",
                item.product.seller_sku,
            )
        unshipped, shipped = ordered, 0
    elif shipped is None:
        shipped = ordered - (unshipped or 0)
    elif unshipped is None:
        unshipped = ordered - shipped
    left, waiting = shipped, unshipped or 0
    if left < 0 or waiting < 0 or left + waiting > ordered:
        return Reason(
            HoldCode.INCOMPLETE_FROM_AMAZON,
            f"Amazon's numbers for item {item.order_item_id} contradict each other: {ordered} "
            f"ordered, {left} shipped, {waiting} to ship. They are read again at the next sync.",
            item.product.seller_sku,
        )
    if status in SHIPPED_STATUSES:
        # The item data of a shipped order can be older than its status.
        return ItemUnits(item, shipped=left + waiting, open=0)
    return ItemUnits(item, shipped=left, open=waiting)


def parcels_of(order: Order, units: Sequence[ItemUnits]) -> tuple[Parcel, ...]:
    """The parcels in which the shipped units left; together exactly those units.

    Amazon lists parcels only for the merchant's own shipments and not always all of them: units
    that no parcel names are in the one whose contents Amazon does not say, else in one more
    without a tracking number.
    """
    left = {each.item.order_item_id: each.shipped for each in units if each.shipped}
    parcels = []
    of_the_rest: list[str | None] = []
    for package in order.packages or ():
        if package.package_status and package.package_status.status == "CANCELLED":
            continue
        number = (package.tracking_number or "").strip()[:_TRACKING_NUMBER] or None
        if not package.package_items:
            of_the_rest.append(number)
        inside: dict[OrderItemId, int] = {}
        for entry in package.package_items or ():
            taken = min(entry.quantity, left.get(entry.order_item_id, 0))
            if taken:
                left[entry.order_item_id] -= taken
                inside[entry.order_item_id] = inside.get(entry.order_item_id, 0) + taken
        if inside:
            parcels.append(Parcel(number, inside))
    rest = {item_id: quantity for item_id, quantity in left.items() if quantity}
    if rest:
        parcels.append(Parcel(of_the_rest[0] if len(of_the_rest) == 1 else None, rest))
    return tuple(parcels)
