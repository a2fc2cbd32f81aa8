"""Tells Amazon that a parcel has left: the last station of a fulfilment.

One call a parcel. Its reference makes the call safe to repeat: Amazon takes the same reference
for an edit of the same parcel, which is also how a tracking number is corrected.

Source: Orders API v0, confirmShipment, and selling-partner-api-models issues 5094 (a reference
must be a string) and 5037 (an order that is fulfilled already), read 2026-11-20.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from saleor_amazon_app.amazon.throttle import Operation
from saleor_amazon_app.core.ids import AmazonOrderId, MarketplaceId, OrderItemId
from saleor_amazon_app.core.times import iso

# Decisions build these records, and decisions must not reach the network through them.
if TYPE_CHECKING:
    from saleor_amazon_app.amazon.client import AmazonClient

_POSITIVE_NUMBER = re.compile(r"[1-9][0-9]*")


@dataclass(frozen=True, slots=True)
class ConfirmedItem:
    """Units of one item in a parcel."""

    order_item_id: OrderItemId
    quantity: int

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise ValueError(f"{self.quantity} units cannot be in a parcel")


@dataclass(frozen=True, slots=True)
class ShipmentConfirmation:
    """One parcel, as Amazon wants to hear of it.

    Attributes:
        package_reference_id: a positive number in digits, unique within the order; said again,
            it edits the parcel.
        carrier_code: one of `carriers.CODES`, spelled exactly so.
        carrier_name: for people; Amazon insists on it when the code is `Other`.
        shipping_method: the carrier's service, in the merchant's words.
        ship_date: when the parcel left.
        items: what is in it, each item once.
        cod_collection: paid on delivery, directly to the merchant; only in Japan.

    Raises:
        ValueError: Amazon would refuse it, whatever the order.
    """

    package_reference_id: str
    carrier_code: str
    carrier_name: str | None
    shipping_method: str | None
    tracking_number: str
    ship_date: datetime
    items: tuple[ConfirmedItem, ...]
    cod_collection: bool = False

    def __post_init__(self) -> None:
        if not _POSITIVE_NUMBER.fullmatch(self.package_reference_id):
            raise ValueError(f"{self.package_reference_id!r} is no reference of a parcel")
        if not self.carrier_code or not self.tracking_number:
            raise ValueError("a parcel needs a carrier and a tracking number")
        if self.carrier_code == "Other" and not self.carrier_name:
            raise ValueError("another carrier than Amazon's needs its name")
        if not self.items or len({item.order_item_id for item in self.items}) < len(self.items):
            raise ValueError("a parcel holds at least one item, and each item once")
        if self.ship_date.tzinfo is None:
            raise ValueError("the ship date names no time zone")


async def confirm(
    client: "AmazonClient",
    marketplace_id: MarketplaceId,
    order_id: AmazonOrderId,
    shipment: ShipmentConfirmation,
) -> None:
    """Confirms or edits one parcel; Amazon shows it in the order's packages some time later.

    Raises:
        BadRequest: Amazon does not take it; its words are in the incident. An order that was
            fulfilled already is refused like this too: compare its packages.
        NotFound: Amazon does not know the order.
        AmazonUnavailable: Amazon may have acted; the same call again is safe.
        AmazonError: as drawn in `errors.py`.
    """
    await client.send(
        Operation.CONFIRM_SHIPMENT,
        f"/orders/v0/orders/{quote(order_id, safe='')}/shipmentConfirmation",
        body=_body(marketplace_id, shipment),
    )


def _body(marketplace_id: MarketplaceId, shipment: ShipmentConfirmation) -> dict[str, object]:
    package: dict[str, object] = {
        "packageReferenceId": shipment.package_reference_id,
        "carrierCode": shipment.carrier_code,
        "trackingNumber": shipment.tracking_number,
        "shipDate": iso(shipment.ship_date.replace(microsecond=0)),
        "orderItems": [
            {"orderItemId": item.order_item_id, "quantity": item.quantity}
            for item in shipment.items
        ],
    }
    if shipment.carrier_name:
        package["carrierName"] = shipment.carrier_name
    if shipment.shipping_method:
        package["shippingMethod"] = shipment.shipping_method
    body: dict[str, object] = {"marketplaceId": marketplace_id, "packageDetail": package}
    if shipment.cod_collection:
        body["codCollectionMethod"] = "DirectPayment"
    return body
