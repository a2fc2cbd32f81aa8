"""Parcels that left before Amazon told us become fulfilments of the host order."""

from collections import Counter
from collections.abc import Mapping, Sequence

import structlog

from saleor_amazon_app.core.ids import OrderItemId, SaleorOrderLineId, WarehouseId
from saleor_amazon_app.flows.host_view import Guard
from saleor_amazon_app.mapping.units import Parcel
from saleor_amazon_app.saleor import orders
from saleor_amazon_app.saleor.client import SaleorClient
from saleor_amazon_app.saleor.order_records import Fulfillment, HostOrder, HostOrderLine
from saleor_amazon_app.saleor.orders import FulfilledUnits
from saleor_amazon_app.saleor.refusals import Refused

# The host fulfils drafts and cancelled orders as well, and then nothing of them is right any more.
_FULFILLABLE = frozenset({"UNFULFILLED", "PARTIALLY_FULFILLED", "PARTIALLY_RETURNED"})

log = structlog.get_logger(__name__)


async def fulfil_what_left(
    client: SaleorClient,
    host_order: HostOrder,
    parcels: Sequence[Parcel],
    *,
    otherwise: Mapping[OrderItemId, WarehouseId],
    guard: Guard,
) -> tuple[str, ...]:
    """Fulfils parcels that the host order does not have yet, from where it keeps the units.

    Args:
        client: the shop.
        host_order: completed and paid.
        parcels: what left and has no fulfilment.
        otherwise: where units leave from that the host keeps nowhere, as of untracked variants.
        guard: called before each request.

    Returns:
        What could not be fulfilled, in words; the order stands all the same.
    """
    if not parcels:
        return ()
    if host_order.status not in _FULFILLABLE:
        return (f"Nothing was fulfilled: the order is {host_order.status} in Saleor.",)
    shelf = _Shelf(host_order, otherwise)
    remarks = []
    for parcel in parcels:
        outcome = await _fulfil(client, host_order, shelf, parcel, guard)
        if isinstance(outcome, Refused):
            log.warning("parcel_not_fulfilled", number=host_order.number, codes=outcome.codes)
            remarks.append(_by_hand(parcel, outcome))
            continue
        for fulfillment in outcome:
            if fulfillment.status == "WAITING_FOR_APPROVAL":
                await guard()
                await orders.approve(client, fulfillment.id)
    return tuple(remarks)


async def _fulfil(
    client: SaleorClient, host_order: HostOrder, shelf: "_Shelf", parcel: Parcel, guard: Guard
) -> tuple[Fulfillment, ...] | Refused:
    """Fulfils a parcel in the first way in which the host has the units.

    What the host keeps for a line in several warehouses it lets go in an order of its own,
    whichever warehouse is named, and then finds too little in one that it has not let go yet.
    """
    outcome: tuple[Fulfillment, ...] | Refused = ()
    for units in shelf.ways(parcel):
        await guard()
        outcome = await orders.fulfil(
            client, host_order.id, units, tracking_number=parcel.tracking_number or ""
        )
        if not isinstance(outcome, Refused):
            shelf.remove(units)
            break
        if "INSUFFICIENT_STOCK" not in outcome.codes:
            break
    return outcome


def _by_hand(parcel: Parcel, refused: Refused) -> str:
    name = parcel.tracking_number or "without a number"
    codes = ", ".join(refused.codes)
    return f"Saleor did not fulfil the parcel {name} that left already ({codes}). Do it by hand."


class _Shelf:
    """The units a host order keeps back, taken parcel by parcel."""

    def __init__(self, host_order: HostOrder, otherwise: Mapping[OrderItemId, WarehouseId]) -> None:
        self._otherwise = otherwise
        self._lines: dict[OrderItemId, HostOrderLine] = {
            line.order_item_id: line for line in host_order.lines if line.order_item_id
        }
        self._kept: Counter[tuple[SaleorOrderLineId, WarehouseId]] = Counter(
            {
                (line.id, kept.warehouse_id): kept.quantity
                for line in self._lines.values()
                for kept in line.allocations
            }
        )

    def ways(self, parcel: Parcel) -> list[list[FulfilledUnits]]:
        """Where a parcel's units may leave from: one warehouse after the other is emptied first.

        No way at all where nothing is left to fulfil.
        """
        missing = {item: number for item, number in parcel.units.items() if item in self._lines}
        if not missing:
            return []
        ways: list[list[FulfilledUnits]] = []
        for first in dict.fromkeys(warehouse_id for _, warehouse_id in +self._kept) or (None,):
            way = self._way(missing, first)
            if way not in ways:
                ways.append(way)
        return ways

    def remove(self, units: Sequence[FulfilledUnits]) -> None:
        """Notes that the units have left."""
        for one in units:
            self._kept[one.line_id, one.warehouse_id] -= one.quantity

    def _way(
        self, missing: Mapping[OrderItemId, int], first: WarehouseId | None
    ) -> list[FulfilledUnits]:
        way: Counter[tuple[SaleorOrderLineId, WarehouseId]] = Counter()
        in_turn = sorted((+self._kept).items(), key=lambda kept: kept[0][1] != first)
        for item_id, quantity in missing.items():
            line_id, left = self._lines[item_id].id, quantity
            for place, kept in in_turn:
                some = min(left, kept) if place[0] == line_id else 0
                way[place] += some
                left -= some
            way[line_id, self._otherwise[item_id]] += left
        return [FulfilledUnits(*place, quantity) for place, quantity in (+way).items()]
