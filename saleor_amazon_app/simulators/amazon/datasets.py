"""What of an order is shown: by what was asked for, what is permitted and how far it has come.

Source: selling-partner-api-models, orders_2026-01-01.json (`includedData` and the notes on single
fields), and the page on orders and personal data at developer-docs.amazon.com/sp-api, both read
2026-11-20.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from enum import StrEnum

from saleor_amazon_app.simulators.amazon.answers import JsonObject
from saleor_amazon_app.simulators.amazon.timelines import moment
from saleor_amazon_app.simulators.amazon.transitions import (
    BY_AMAZON,
    PARTIALLY_SHIPPED,
    PENDING,
    PENDING_AVAILABILITY,
    SHIPPED,
    UNSHIPPED,
    fulfilled_by,
    status_of,
)


class Dataset(StrEnum):
    """The parts of an order that come only when `includedData` names them."""

    BUYER = "BUYER"
    RECIPIENT = "RECIPIENT"
    PROCEEDS = "PROCEEDS"
    EXPENSE = "EXPENSE"
    PROMOTION = "PROMOTION"
    CANCELLATION = "CANCELLATION"
    FULFILLMENT = "FULFILLMENT"
    PACKAGES = "PACKAGES"
    TAX = "TAX"
    PAYMENT = "PAYMENT"
    FULFILLMENT_ORDERS = "FULFILLMENT_ORDERS"


# Whatever is in neither table comes always.
OF_ORDER = {
    "buyer": Dataset.BUYER,
    "recipient": Dataset.RECIPIENT,
    "proceeds": Dataset.PROCEEDS,
    "fulfillment": Dataset.FULFILLMENT,
    "packages": Dataset.PACKAGES,
    "tax": Dataset.TAX,
    "payment": Dataset.PAYMENT,
    "fulfillmentOrders": Dataset.FULFILLMENT_ORDERS,
}
OF_ITEM = {
    "proceeds": Dataset.PROCEEDS,
    "expense": Dataset.EXPENSE,
    "promotion": Dataset.PROMOTION,
    "cancellation": Dataset.CANCELLATION,
    "fulfillment": Dataset.FULFILLMENT,
    "tax": Dataset.TAX,
}

_JAPAN = "A1VC38T7YXB528"
_UNVERIFIED = frozenset({PENDING_AVAILABILITY, PENDING})
_PEOPLE = frozenset({"buyer", "recipient", "payment", "tax", "packages"})
_WITH_EMAIL = frozenset({UNSHIPPED, PARTIALLY_SHIPPED, SHIPPED})
# An app without the role still learns the town: these fields are what Amazon calls personal.
_PERSONAL_OF_BUYER = frozenset({"buyerName", "buyerEmail"})
_PERSONAL_OF_ADDRESS = frozenset(
    {
        "name",
        "addressLine1",
        "addressLine2",
        "addressLine3",
        "postalCode",
        "phone",
        "extendedFields",
    }
)


def shown(
    order: JsonObject,
    *,
    included: Collection[Dataset],
    denied: Collection[Dataset],
    now: datetime,
) -> JsonObject:
    """The order as an app gets to see it; the one given stays as it is.

    Args:
        order: all that is true of the order.
        included: the datasets asked for.
        denied: the datasets the app has no role for.
        now: phone numbers are withheld some time after the order was shipped.
    """
    order = _permitted(_known_yet(order, now), denied)
    items = [_picked(item, OF_ITEM, included) for item in order["orderItems"]]
    return {**_picked(order, OF_ORDER, included), "orderItems": items}


def _picked(
    part: JsonObject, table: Mapping[str, Dataset], included: Collection[Dataset]
) -> JsonObject:
    wanted = {None, *included}
    return {key: value for key, value in part.items() if table.get(key) in wanted}


def _known_yet(order: JsonObject, now: datetime) -> JsonObject:
    """Withholds what nobody is told in the order's present state."""
    if status_of(order) in _UNVERIFIED:
        # Prices of unverified orders are known to come in Japan only.
        priced = order["salesChannel"].get("marketplaceId") == _JAPAN
        return _without(order, _PEOPLE) if priced else _unpriced(_without(order, _PEOPLE))
    by_amazon = fulfilled_by(order) == BY_AMAZON
    if by_amazon:
        order = _without(order, {"packages"})
    if by_amazon or status_of(order) not in _WITH_EMAIL:
        order = _with_part(order, "buyer", lambda buyer: _without(buyer, {"buyerEmail"}))
    if by_amazon or _is_delivered(order, now):
        order = _with_address(order, lambda address: _without(address, {"phone"}))
    return order


def _permitted(order: JsonObject, denied: Collection[Dataset]) -> JsonObject:
    """Withholds what the app has no role for."""
    if Dataset.BUYER in denied:
        order = _with_part(order, "buyer", lambda buyer: _without(buyer, _PERSONAL_OF_BUYER))
    if Dataset.RECIPIENT in denied:
        order = _with_address(order, lambda address: _without(address, _PERSONAL_OF_ADDRESS))
    refused = set(denied) - {Dataset.BUYER, Dataset.RECIPIENT}
    if not refused:
        return order
    granted = set(Dataset) - refused
    items = [_picked(item, OF_ITEM, granted) for item in order["orderItems"]]
    return {**_picked(order, OF_ORDER, granted), "orderItems": items}


def _unpriced(order: JsonObject) -> JsonObject:
    items = [
        {
            **_without(item, {"proceeds", "expense", "promotion", "tax"}),
            "product": _without(item["product"], {"price"}),
        }
        for item in order["orderItems"]
    ]
    return {**_without(order, {"proceeds"}), "orderItems": items}


def _is_delivered(order: JsonObject, now: datetime) -> bool:
    latest = order.get("fulfillment", {}).get("deliverByWindow", {}).get("latestDateTime")
    return status_of(order) == SHIPPED and latest is not None and moment(latest) < now


def _with_address(order: JsonObject, change: Callable[[JsonObject], JsonObject]) -> JsonObject:
    return _with_part(
        order, "recipient", lambda recipient: _with_part(recipient, "deliveryAddress", change)
    )


def _with_part(
    whole: JsonObject, key: str, change: Callable[[JsonObject], JsonObject]
) -> JsonObject:
    return {**whole, key: change(whole[key])} if key in whole else whole


def _without(part: JsonObject, keys: Collection[str]) -> JsonObject:
    return {key: value for key, value in part.items() if key not in keys}
