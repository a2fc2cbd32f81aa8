"""Orders API v0, confirmShipment: the one operation of the old API without a successor.

Source: selling-partner-api-models, ordersV0.json, and issues 5094 (the words for a reference that
is a number) and 5037 (those for an order already fulfilled), read 2026-11-20. The other refusals
have our words, for Amazon's are not published.
"""

import re
from collections import Counter
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel
from starlette.requests import Request
from starlette.responses import Response

from saleor_amazon_app.simulators.amazon.accounts import Seller
from saleor_amazon_app.simulators.amazon.answers import JsonObject, Refused, invalid_input
from saleor_amazon_app.simulators.amazon.carriers import CARRIER_CODES, OTHER
from saleor_amazon_app.simulators.amazon.orders import unknown_order
from saleor_amazon_app.simulators.amazon.parcels import Parcel, order_items
from saleor_amazon_app.simulators.amazon.timelines import moment
from saleor_amazon_app.simulators.amazon.transitions import (
    BY_AMAZON,
    PARTIALLY_SHIPPED,
    SHIPPED,
    UNSHIPPED,
    fulfilled_by,
    status_of,
)

_JAPAN = "A1VC38T7YXB528"
_POSITIVE_NUMBER = re.compile(r"[1-9][0-9]*")
_NO_PACKAGE = (
    "Failed to create package due to not finding a matching package or order already fulfilled. "
    "ErrorMessage(errorCode=GeneralError, errorDescription=Unable to find package to update for "
    "order (), errorMetric=PackageToUpdateNotFound, packageIndex=null)"
)


class _Wire(BaseModel):
    model_config = ConfigDict(strict=True, alias_generator=to_camel)


class _Item(_Wire):
    order_item_id: str
    quantity: int
    transparency_codes: list[str] = Field(default_factory=list)


class _Package(_Wire):
    package_reference_id: str
    carrier_code: str
    carrier_name: str | None = None
    shipping_method: str | None = None
    tracking_number: Annotated[str, Field(min_length=1)]
    ship_date: str
    order_items: Annotated[list[_Item], Field(min_length=1)]


class _Confirmation(_Wire):
    marketplace_id: str
    package_detail: _Package
    cod_collection_method: Literal["DirectPayment"] | None = None


def confirm_shipment(seller: Seller, request: Request, body: JsonObject, now: datetime) -> Response:
    """Takes a parcel in, or an edit of one that has the same reference.

    Raises:
        Refused: the parcel cannot be this order's; 400 or 404.
    """
    order_id = request.path_params["order_id"]
    order = seller.orders.get(order_id)
    if order is None:
        raise unknown_order(order_id)
    said = _read(body)
    _check_order(order, said)
    _check_carrier(said.package_detail)
    seller.parcels.adopt(order)
    parcel = _parcel(said.package_detail, known=seller.parcels.of(order_id), now=now)
    _check_units(seller, order, parcel)
    seller.parcels.confirm(order_id, parcel)
    return Response(status_code=204)


def _read(body: JsonObject) -> _Confirmation:
    try:
        return _Confirmation.model_validate(body)
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, one["loc"])) for one in error.errors())
        message = (
            "The input you have submitted is not valid."
            f" Please check the fields with invalid type [{fields}]."
        )
        raise Refused(400, "InvalidInput", message) from error


def _check_order(order: JsonObject, said: _Confirmation) -> None:
    marketplace = order["salesChannel"].get("marketplaceId")
    if said.marketplace_id != marketplace:
        raise invalid_input(f"The order is not of the marketplace {said.marketplace_id}.")
    if said.cod_collection_method and marketplace != _JAPAN:
        raise invalid_input("codCollectionMethod is only for Japan.")
    if fulfilled_by(order) == BY_AMAZON:
        raise invalid_input("The order is fulfilled by Amazon.")
    if "FBM_SHIP_PLUS" in order.get("programs", ()):
        raise invalid_input("Shipments of FBM Ship+ orders are confirmed by Amazon.")
    if status_of(order) not in {UNSHIPPED, PARTIALLY_SHIPPED, SHIPPED}:
        raise invalid_input(f"An order that is {status_of(order)} cannot be shipped.")


def _check_carrier(package: _Package) -> None:
    if package.carrier_code not in CARRIER_CODES:
        raise invalid_input(f"carrierCode: {package.carrier_code!r} is not a carrier.")
    if package.carrier_code == OTHER and not package.carrier_name:
        raise invalid_input("carrierName is required when carrierCode is Other.")


def _parcel(package: _Package, *, known: dict[str, Parcel], now: datetime) -> Parcel:
    reference = package.package_reference_id
    if not _POSITIVE_NUMBER.fullmatch(reference):
        raise invalid_input("packageReferenceId: only positive numeric values are supported.")
    try:
        ship_time = moment(package.ship_date)
    except ValueError as error:
        raise Refused(400, "Invalid Input", "Invalid Input") from error
    units = Counter({item.order_item_id: item.quantity for item in package.order_items})
    if len(units) < len(package.order_items) or min(units.values()) < 1:
        raise invalid_input("orderItems: each item once, with a positive quantity.")
    before = known.get(reference)
    return Parcel(
        reference=reference,
        carrier_code=package.carrier_code,
        carrier_name=package.carrier_name,
        shipping_method=package.shipping_method,
        tracking_number=package.tracking_number,
        ship_time=ship_time,
        confirmed=now,
        units=units,
        times_said=before.times_said + 1 if before else 1,
    )


def _check_units(seller: Seller, order: JsonObject, parcel: Parcel) -> None:
    """Asks for as many open units as the parcel holds; an edit may have its own again."""
    before = seller.parcels.of(order["orderId"]).get(parcel.reference)
    left = seller.parcels.open_units(order)
    if before is None and not any(left[item_id] > 0 for item_id in left):
        raise Refused(400, "InvalidInput", _NO_PACKAGE)
    if before is not None:
        left.update(before.units)
    known = {item["orderItemId"] for item in order_items(order)}
    for item_id, units in parcel.units.items():
        if item_id not in known:
            raise invalid_input(f"orderItems: the order has no item {item_id}.")
        if units > left[item_id]:
            raise invalid_input(
                f"orderItems: {units} units of {item_id}, but only {left[item_id]} are open."
            )
