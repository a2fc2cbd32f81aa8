"""Parcels that left before Amazon told us become fulfilments of the host order."""

from collections.abc import Mapping, Sequence

import structlog

from saleor_amazon_app.core.ids import OrderItemId, WarehouseId
from saleor_amazon_app.mapping.units import Parcel
from saleor_amazon_app.saleor import orders
from saleor_amazon_app.saleor.client import SaleorClient
from saleor_amazon_app.saleor.order_records import HostOrder, HostOrderLine
from saleor_amazon_app.saleor.orders import FulfilledUnits
from saleor_amazon_app.saleor.refusals import Refused

# The host fulfils drafts and cancelled orders as well, and then nothing of them is right any more.
_FULFILLABLE = frozenset({"UNFULFILLED", "PARTIALLY_FULFILLED"})

log = structlog.get_logger(__name__)


async def fulfil_what_left(
    client: SaleorClient,
    host_order: HostOrder,
    parcels: Sequence[Parcel],
    *,
    otherwise: Mapping[OrderItemId, WarehouseId],
) -> tuple[str, ...]:
    """Fulfils the parcels that the host order does not have yet, from where it keeps the units.

    Args:
        client: the shop.
        host_order: completed and paid.
        parcels: what left.
        otherwise: where units leave from that the host keeps nowhere, as of untracked variants.

    Returns:
        What could not be fulfilled, in words; the order stands all the same.
    """
    if host_order.status not in _FULFILLABLE:
        return (f"Nothing was fulfilled: the order is {host_order.status} in Saleor.",)
    shelf = _Shelf(host_order, otherwise)
    remarks = []
    for parcel in parcels:
        units = shelf.take(parcel)
        if not units:
            continue
        outcome = await orders.fulfil(
            client, host_order.id, units, tracking_number=parcel.tracking_number or ""
        )
        if isinstance(outcome, Refused):
            log.warning("parcel_not_fulfilled", number=host_order.number, codes=outcome.codes)
            remarks.append(_by_hand(parcel, outcome))
            continue
        for fulfillment in outcome:
            if fulfillment.status == "WAITING_FOR_APPROVAL":
                await orders.approve(client, fulfillment.id)
    return tuple(remarks)


def _by_hand(parcel: Parcel, refused: Refused) -> str:
    name = parcel.tracking_number or "without a number"
    codes = ", ".join(refused.codes)
    return f"Saleor did not fulfil the parcel {name} that left already ({codes}). Do it by hand."


class _Shelf:
    """The units a host order keeps back, taken parcel by parcel.

    Units that are fulfilled already count for the first parcels, so that a second run fulfils
    only what is missing.
    """

    def __init__(self, host_order: HostOrder, otherwise: Mapping[OrderItemId, WarehouseId]) -> None:
        self._otherwise = otherwise
        self._lines: dict[OrderItemId, HostOrderLine] = {
            line.order_item_id: line for line in host_order.lines if line.order_item_id
        }
        self._done = {item_id: line.quantity_fulfilled for item_id, line in self._lines.items()}
        self._kept: dict[tuple[OrderItemId, WarehouseId], int] = {
            (item_id, kept.warehouse_id): kept.quantity
            for item_id, line in self._lines.items()
            for kept in line.allocations
        }

    def take(self, parcel: Parcel) -> list[FulfilledUnits]:
        """The units of a parcel that are still to be fulfilled, by the warehouse they lie in."""
        taken: dict[tuple[OrderItemId, WarehouseId], int] = {}
        for item_id, quantity in parcel.units.items():
            if item_id not in self._lines:
                continue
            already = min(self._done[item_id], quantity)
            self._done[item_id] -= already
            missing = quantity - already
            for place, kept in self._kept.items():
                some = min(missing, kept) if place[0] == item_id else 0
                self._kept[place] = kept - some
                taken[place] = some
                missing -= some
            elsewhere = (item_id, self._otherwise[item_id])
            taken[elsewhere] = taken.get(elsewhere, 0) + missing
        return [
            FulfilledUnits(self._lines[item_id].id, warehouse_id, quantity)
            for (item_id, warehouse_id), quantity in taken.items()
            if quantity
        ]
