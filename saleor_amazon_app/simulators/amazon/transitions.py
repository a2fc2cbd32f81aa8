"""What may become of an order, and what Amazon changes by itself when it does.

A change is a JSON merge patch (RFC 7396): objects are merged, everything else is replaced, null
removes.
"""

from collections.abc import Mapping
from typing import Any

from saleor_amazon_app.simulators.amazon.answers import JsonObject

PENDING_AVAILABILITY = "PENDING_AVAILABILITY"
PENDING = "PENDING"
UNSHIPPED = "UNSHIPPED"
PARTIALLY_SHIPPED = "PARTIALLY_SHIPPED"
SHIPPED = "SHIPPED"
CANCELLED = "CANCELLED"
UNFULFILLABLE = "UNFULFILLABLE"

BY_AMAZON = "AMAZON"

_BY_MERCHANT_NEXT = {
    PENDING_AVAILABILITY: {PENDING, CANCELLED},
    PENDING: {UNSHIPPED, CANCELLED},
    UNSHIPPED: {PARTIALLY_SHIPPED, SHIPPED, CANCELLED},
    PARTIALLY_SHIPPED: {SHIPPED},
    SHIPPED: set[str](),
    CANCELLED: set[str](),
}
_BY_AMAZON_NEXT = {
    PENDING_AVAILABILITY: {PENDING, CANCELLED},
    PENDING: {UNSHIPPED, CANCELLED, UNFULFILLABLE},
    UNSHIPPED: {SHIPPED, CANCELLED, UNFULFILLABLE},
    SHIPPED: set[str](),
    CANCELLED: set[str](),
    UNFULFILLABLE: set[str](),
}
STATUSES = frozenset(_BY_MERCHANT_NEXT) | frozenset(_BY_AMAZON_NEXT)
# The statuses that say by themselves how much of every item has left.
_SETTLED = frozenset({UNSHIPPED, SHIPPED, CANCELLED})


class ImpossibleTransition(ValueError):
    """The order was to take a status that Amazon's orders do not take from where it is."""


def status_of(order: Mapping[str, Any]) -> str | None:
    """The order's status; None when the order says nothing about its fulfilment."""
    return _fulfillment_of(order).get("fulfillmentStatus")


def fulfilled_by(order: Mapping[str, Any]) -> str | None:
    """Who fulfils the order, AMAZON or MERCHANT; None when the order does not say."""
    return _fulfillment_of(order).get("fulfilledBy")


def changed(order: JsonObject, changes: Mapping[str, Any]) -> JsonObject:
    """The order after a change; the one given stays as it is.

    A new status moves the quantities of all items along, unless the change brings its own items
    (it must for PARTIALLY_SHIPPED: nobody else knows what left). Statuses that Amazon has not
    invented yet are let through, for an app has to survive them.

    Raises:
        ImpossibleTransition: Amazon's orders do not go this way.
    """
    before = status_of(order)
    result = merged(order, changes)
    after = status_of(result)
    if after == before:
        return result
    allowed = _BY_AMAZON_NEXT if fulfilled_by(result) == BY_AMAZON else _BY_MERCHANT_NEXT
    if before in allowed and after in STATUSES and after not in allowed[before]:
        raise ImpossibleTransition(f"an order that is {before} cannot become {after}")
    if "orderItems" not in changes and after in _SETTLED:
        result["orderItems"] = [_settled(item, after) for item in result["orderItems"]]
    return result


def merged(target: Mapping[str, Any], patch: Mapping[str, Any]) -> JsonObject:
    """The target with a merge patch applied; unchanged parts are shared, not copied."""
    result = dict(target)
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict):
            old = result.get(key)
            result[key] = merged(old if isinstance(old, dict) else {}, value)
        else:
            result[key] = value
    return result


def _settled(item: JsonObject, status: str) -> JsonObject:
    ordered = item["quantityOrdered"]
    quantities = {
        "quantityFulfilled": ordered if status == SHIPPED else 0,
        "quantityUnfulfilled": ordered if status == UNSHIPPED else 0,
    }
    return merged(item, {"fulfillment": quantities})


def _fulfillment_of(order: Mapping[str, Any]) -> Mapping[str, Any]:
    fulfillment: Mapping[str, Any] = order.get("fulfillment", {})
    return fulfillment
