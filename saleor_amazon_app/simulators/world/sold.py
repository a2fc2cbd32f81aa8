"""What of an Amazon order decides how its way back must go, read from the order as invented."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.simulators.world.worlds import World

_OWN_LABELS = frozenset({"PRIME", "FBM_SHIP_PLUS"})


@dataclass(frozen=True, slots=True)
class Sold:
    """An order by the facts that matter after it was placed.

    Attributes:
        hears_of_parcels: False where Amazon ships itself or learns of parcels from its own labels.
        buyer_asks_to_cancel: whether the buyer does, from the beginning.
        partly_left: whether some of it left elsewhere before.
        has_tip: Amazon takes back no tip, so that nobody can say what becomes of a whole refund.
    """

    amazon_order_id: AmazonOrderId
    hears_of_parcels: bool
    buyer_asks_to_cancel: bool
    partly_left: bool
    has_tip: bool


def sold_in(world: World) -> Iterator[Sold]:
    """Every order of a world."""
    for number in range(world.orders):
        yield sold(world.case(number).order.order)


def sold(order: Mapping[str, Any]) -> Sold:
    """The facts of one order, as Orders 2026-01-01 writes it."""
    fulfillment = order["fulfillment"]
    by_amazon = fulfillment.get("fulfilledBy") == "AMAZON"
    kinds = {each["type"] for each in order.get("proceeds", {}).get("breakdowns", ())}
    return Sold(
        amazon_order_id=AmazonOrderId(order["orderId"]),
        hears_of_parcels=not by_amazon and _OWN_LABELS.isdisjoint(order.get("programs", ())),
        buyer_asks_to_cancel=any(
            "cancellationRequest" in item.get("cancellation", {}) for item in order["orderItems"]
        ),
        partly_left=fulfillment.get("fulfillmentStatus") == "PARTIALLY_SHIPPED",
        has_tip="DELIVERY_TIP" in kinds,
    )
