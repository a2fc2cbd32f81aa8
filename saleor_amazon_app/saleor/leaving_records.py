"""What leaves the host, as it reports it: the query `LeavingOrder`, read once into values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from saleor_amazon_app.core.ids import SaleorOrderId, SaleorOrderLineId
from saleor_amazon_app.core.times import as_utc
from saleor_amazon_app.saleor.answers import Json


@dataclass(frozen=True, slots=True)
class LeavingFulfillment:
    """A parcel in the host.

    Attributes:
        status: such as `FULFILLED`, `WAITING_FOR_APPROVAL`, `CANCELED`, `RETURNED`.
        metadata: the public one, where staff and other systems name the carrier.
        units: by order line; a line that is gone is left out.
    """

    id: str
    status: str
    created: datetime
    tracking_number: str
    metadata: Mapping[str, str]
    units: Mapping[SaleorOrderLineId, int]


@dataclass(frozen=True, slots=True)
class LeavingOrder:
    """A host order, as far as Amazon must hear of it.

    Attributes:
        status: such as `UNFULFILLED`, `FULFILLED`, `CANCELED`.
        shipping_method: the method's name when the order was placed; may be empty.
        skus: of its lines.
        notes: the texts in the timeline.
    """

    id: SaleorOrderId
    status: str
    shipping_method: str
    metadata: Mapping[str, str]
    skus: Mapping[SaleorOrderLineId, str]
    fulfillments: tuple[LeavingFulfillment, ...]
    notes: frozenset[str]


def parse_leaving(order: Json) -> LeavingOrder:
    """Reads an answer to `LeavingOrder`."""
    return LeavingOrder(
        id=SaleorOrderId(order["id"]),
        status=order["status"],
        shipping_method=order["shippingMethodName"] or "",
        metadata=_metadata(order),
        skus={SaleorOrderLineId(line["id"]): line["productSku"] or "" for line in order["lines"]},
        fulfillments=tuple(_fulfillment(one) for one in order["fulfillments"]),
        notes=frozenset(event["message"] for event in order["events"] if event["message"]),
    )


def _fulfillment(fulfillment: Json) -> LeavingFulfillment:
    units: dict[SaleorOrderLineId, int] = {}
    for line in fulfillment["lines"] or ():
        if line["orderLine"]:
            line_id = SaleorOrderLineId(line["orderLine"]["id"])
            units[line_id] = units.get(line_id, 0) + line["quantity"]
    return LeavingFulfillment(
        id=fulfillment["id"],
        status=fulfillment["status"],
        created=as_utc(datetime.fromisoformat(fulfillment["created"])),
        tracking_number=fulfillment["trackingNumber"].strip(),
        metadata=_metadata(fulfillment),
        units=units,
    )


def _metadata(node: Json) -> dict[str, str]:
    return {entry["key"]: entry["value"] for entry in node["metadata"]}
