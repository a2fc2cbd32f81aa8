"""Orders with what becomes of them: the form in which a seller's orders are handed to us.

A document is one Order, a getOrder or searchOrders response, or a list of orders, each as Orders
2026-01-01 writes them. A searchOrders response may carry `timelines` beside its `orders`:

    {"orders": [...], "timelines": {"<orderId>": [
        {"after_seconds": 1800, "changes": {"fulfillment": {"fulfillmentStatus": "UNSHIPPED"}}}]}}

An order is given as it is in its first state, but with everything that is true of it: what Amazon
does not show yet (the buyer of a PENDING order) is withheld by the simulator. It appears at its
`lastUpdatedTime`, or at once when that is past. `after_seconds` counts from the state before and
is a duration like any other: `--speed` divides it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from saleor_amazon_app.core.times import as_utc
from saleor_amazon_app.simulators.amazon.answers import JsonObject
from saleor_amazon_app.simulators.amazon.transitions import changed

_REQUIRED = ("orderId", "createdTime", "lastUpdatedTime", "salesChannel", "orderItems")
_REQUIRED_OF_ITEM = ("orderItemId", "quantityOrdered", "product")


class UnusableOrderError(ValueError):
    """What was handed in is not an order Amazon could have; the message is one line."""


@dataclass(frozen=True, slots=True)
class Step:
    """One change in the life of an order.

    Attributes:
        after: how long the state before lasts, at speed 1.
        changes: a JSON merge patch.
    """

    after: timedelta
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ScriptedOrder:
    """An order as Orders 2026-01-01 writes it, and its later states.

    Raises:
        UnusableOrderError: a field that every order has is missing or wrong, or a step asks for
            what Amazon's orders do not do.
    """

    order: JsonObject
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        try:
            _check(self.order)
            order = self.order
            for step in self.steps:
                order = changed(order, step.changes)
        except (ValueError, TypeError, AttributeError) as error:
            name = self.order.get("orderId") if isinstance(self.order, dict) else None
            raise UnusableOrderError(f"order {name or '(without orderId)'}: {error}") from error

    @property
    def order_id(self) -> str:
        """Amazon's number of the order."""
        return str(self.order["orderId"])

    @property
    def created(self) -> datetime:
        """When the buyer placed the order."""
        return moment(self.order["createdTime"])

    @property
    def last_updated(self) -> datetime:
        """When the order took its first state."""
        return moment(self.order["lastUpdatedTime"])


def moment(text: object) -> datetime:
    """The moment an ISO 8601 text with a time zone names, in UTC.

    Raises:
        ValueError: it is no such text.
    """
    if not isinstance(text, str):
        raise ValueError(f"{text!r} is not a time")
    return as_utc(datetime.fromisoformat(text))


def from_json(document: object) -> tuple[ScriptedOrder, ...]:
    """The orders of a document, in its order.

    Raises:
        UnusableOrderError: the document has none of the known forms, or an order is unusable.
    """
    timelines: object = {}
    match document:
        case {"orders": list(orders), **rest}:
            timelines = rest.get("timelines", {})
        case {"order": dict(order)}:
            orders = [order]
        case {"orderId": _}:
            orders = [document]
        case list(orders):
            pass
        case _:
            raise UnusableOrderError("neither an order nor a list of orders")
    if not isinstance(timelines, dict):
        raise UnusableOrderError("timelines must be an object with an entry per orderId")
    scripted = tuple(_scripted(index, order, timelines) for index, order in enumerate(orders))
    strangers = timelines.keys() - {order.order_id for order in scripted}
    if strangers:
        raise UnusableOrderError(f"timeline of {min(strangers)}: no such order in the document")
    return scripted


def to_json(orders: Iterable[ScriptedOrder]) -> JsonObject:
    """The document `from_json` reads back into the same orders."""
    kept = list(orders)
    timelines = {
        order.order_id: [
            {"after_seconds": step.after.total_seconds(), "changes": step.changes}
            for step in order.steps
        ]
        for order in kept
        if order.steps
    }
    return {"orders": [order.order for order in kept], "timelines": timelines}


def load(path: Path) -> tuple[ScriptedOrder, ...]:
    """The orders of a file.

    Raises:
        UnusableOrderError: the file cannot be read, is not JSON or holds no usable orders; one
            line that says what and where.
    """
    try:
        return from_json(json.loads(path.read_bytes(), parse_float=Decimal))
    except OSError as error:
        raise UnusableOrderError(f"{path}: {error.strerror}") from error
    except UnusableOrderError as error:
        raise UnusableOrderError(f"{path}: {error}") from error
    except ValueError as error:
        raise UnusableOrderError(f"{path}: not JSON: {error}") from error


def _scripted(index: int, order: object, timelines: JsonObject) -> ScriptedOrder:
    if not isinstance(order, dict):
        raise UnusableOrderError(f"orders[{index}] is not an object")
    order_id = str(order.get("orderId"))
    steps = timelines.get(order_id, [])
    if not isinstance(steps, list):
        raise UnusableOrderError(f"timeline of {order_id}: not a list")
    return ScriptedOrder(order, tuple(_step(order_id, step) for step in steps))


def _step(order_id: str, step: object) -> Step:
    match step:
        case {
            "after_seconds": int() | float() | Decimal() as seconds,
            "changes": dict(changes),
        } if seconds >= 0:
            return Step(timedelta(milliseconds=int(seconds * 1000)), changes)
        case _:
            raise UnusableOrderError(
                f"timeline of {order_id}: a step needs after_seconds, at least 0, and changes"
            )


def _check(order: JsonObject) -> None:
    if not isinstance(order, dict):
        raise ValueError("not an object")
    for field in _REQUIRED:
        if order.get(field) is None:
            raise ValueError(f"{field} is missing")
    moment(order["createdTime"])
    moment(order["lastUpdatedTime"])
    if not isinstance(order["salesChannel"], dict):
        raise ValueError("salesChannel is not an object")
    if not isinstance(order["orderItems"], list):
        raise ValueError("orderItems is not a list")
    for item in order["orderItems"]:
        for field in _REQUIRED_OF_ITEM:
            if item.get(field) is None:
                raise ValueError(f"orderItems: {field} is missing")
