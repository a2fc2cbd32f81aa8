"""What was done to a seller's orders from outside: parcels, cancellations and refunds.

Feeds and Seller Central both end here, so that both meet the same rules.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from saleor_amazon_app.core.times import Clock
from saleor_amazon_app.simulators.amazon.answers import JsonObject
from saleor_amazon_app.simulators.amazon.book import OrderBook, UnknownOrderError
from saleor_amazon_app.simulators.amazon.misdeeds import Misdeed, Noted
from saleor_amazon_app.simulators.amazon.pace import Pace
from saleor_amazon_app.simulators.amazon.parcels import Parcels, order_items, quantities
from saleor_amazon_app.simulators.amazon.refunds import Parts, Refunds, RefusedRefundError
from saleor_amazon_app.simulators.amazon.timelines import moment
from saleor_amazon_app.simulators.amazon.transitions import (
    BY_AMAZON,
    CANCELLED,
    UNSHIPPED,
    ImpossibleTransition,
    fulfilled_by,
    merged,
    status_of,
)

BUYER_CANCELLED = "BuyerCanceled"


class RefusedDeedError(ValueError):
    """Amazon does not do this to the order; the message says why."""


@dataclass(frozen=True, slots=True)
class Cancellation:
    """An order the merchant cancelled.

    Attributes:
        asked_for: whether the buyer had asked for it when it was carried out.
    """

    reason: str
    asked_for: bool
    at: datetime


class Deeds:
    """The parcels, cancellations and refunds of one seller, and what should not have been."""

    def __init__(self, orders: OrderBook, pace: Pace, clock: Clock) -> None:
        self.noted: list[Noted] = []
        self.orders = orders
        self.parcels = Parcels(orders, pace, self.noted)
        self.refunds = Refunds(self.noted)
        self.cancellations: dict[str, Cancellation] = {}
        self._pace = pace
        self._clock = clock
        self._asked: dict[str, datetime] = {}

    def order(self, order_id: str) -> JsonObject:
        """An order as it is shown.

        Raises:
            RefusedDeedError: there is none, or Amazon fulfils it and lets nobody touch it.
        """
        order = self.orders.get(order_id)
        if order is None:
            raise RefusedDeedError(f"There is no order {order_id}.")
        if fulfilled_by(order) == BY_AMAZON:
            raise RefusedDeedError("The order is fulfilled by Amazon.")
        return order

    def cancel(
        self, order_id: str, items: Mapping[str, str], *, handed_in: datetime, at: datetime
    ) -> None:
        """Cancels a whole order of which nothing has left.

        Args:
            order_id: whose items are named.
            items: the reason by item.
            handed_in: when the merchant decided it.
            at: when it is carried out.

        Raises:
            RefusedDeedError: the order cannot be cancelled, or not like this.
        """
        order = self.order(order_id)
        if status_of(order) != UNSHIPPED:
            raise RefusedDeedError(f"An order that is {status_of(order)} cannot be cancelled.")
        if self.parcels.of(order_id):
            self._note(Misdeed.CANCELLED_WRONG, order_id, "a parcel of it had been confirmed")
            raise RefusedDeedError("A shipment of the order has been confirmed.")
        if items.keys() != {item["orderItemId"] for item in order_items(order)}:
            raise RefusedDeedError("All items of the order must be named, and no other.")
        if len(set(items.values())) > 1:
            raise RefusedDeedError("All items must have the same reason.")
        reason = next(iter(items.values()))
        asked = self._asked_at(order)
        if not _is_true(reason, asked, noticed=handed_in - self._pace.time_to_notice):
            detail = f"{reason}, where the buyer {'asked' if asked else 'did not ask'} for it"
            self._note(Misdeed.CANCELLED_WRONG, order_id, detail)
        try:
            self.orders.change(order_id, _cancelled(order, reason), at=at)
        except ImpossibleTransition as error:
            # Its timeline took the order on in this very moment.
            raise RefusedDeedError(str(error)) from error
        self.cancellations[order_id] = Cancellation(reason, asked is not None, at)

    def refund(
        self, order_id: str, parts: Parts, *, currency: str, at: datetime, said_by: int | None
    ) -> None:
        """Pays the buyer back for items that have left.

        Raises:
            RefusedDeedError: nothing of an item has left, or the refund is not the order's.
        """
        order = self.order(order_id)
        left = _units_gone(order, self.parcels)
        if missing := [item_id for item_id in parts if item_id in left and not left[item_id]]:
            raise RefusedDeedError(f"Item {missing[0]} has not been shipped: cancel it instead.")
        charged = order.get("proceeds", {}).get("grandTotal", {}).get("currencyCode", currency)
        if currency != charged:
            raise RefusedDeedError(f"The order is in {charged}, not in {currency}.")
        try:
            self.refunds.pay(order, parts, currency=currency, now=at, said_by=said_by)
        except RefusedRefundError as error:
            raise RefusedDeedError(str(error)) from error

    def refund_in_seller_central(
        self, order_id: str, order_item_id: str, amount: Decimal, component: str = "Principal"
    ) -> None:
        """Pays the buyer back by hand, as the merchant can outside the app.

        Raises:
            RefusedDeedError: as for any refund.
        """
        order = self.order(order_id)
        self.refund(
            order_id,
            {order_item_id: {component: amount}},
            currency=order["proceeds"]["grandTotal"]["currencyCode"],
            at=self._clock(),
            said_by=None,
        )

    def ask_to_cancel(self, order_id: str, reason: str = "NO_LONGER_NEEDED") -> None:
        """Lets the buyer ask for a cancellation; the order stays as it is.

        Raises:
            UnknownOrderError: there is no such order yet.
        """
        order = self.orders.get(order_id)
        if order is None:
            raise UnknownOrderError(order_id)
        asked = {"cancellationRequest": {"requester": "BUYER", "cancelReason": reason}}
        items = [merged(item, {"cancellation": asked}) for item in order_items(order)]
        self.orders.change(order_id, {"orderItems": items})
        self._asked[order_id] = self._clock()

    def _asked_at(self, order: JsonObject) -> datetime | None:
        """When the buyer asked to cancel, or the latest it can have been; None for never."""
        if not any("cancellationRequest" in i.get("cancellation", {}) for i in order_items(order)):
            return None
        return self._asked.get(order["orderId"]) or moment(order["lastUpdatedTime"])

    def _note(self, misdeed: Misdeed, order_id: str, detail: str) -> None:
        self.noted.append(Noted(misdeed, order_id, detail))


def _is_true(reason: str, asked: datetime | None, *, noticed: datetime) -> bool:
    """Whether a reason to cancel is the true one, as far as the merchant could know by then."""
    if reason == BUYER_CANCELLED:
        return asked is not None
    return asked is None or asked > noticed


def _units_gone(order: JsonObject, parcels: Parcels) -> Counter[str]:
    """How many units of each item have left, in truth."""
    still = parcels.open_units(order)
    gone: Counter[str] = Counter()
    for item in order_items(order):
        left, shown_still = quantities(order, item)
        gone[item["orderItemId"]] = left + shown_still - still[item["orderItemId"]]
    return gone


def _cancelled(order: JsonObject, reason: str) -> JsonObject:
    executed = {"cancellationExecution": {"cancelledBy": "MERCHANT", "cancelReason": reason}}
    nothing = {"quantityFulfilled": 0, "quantityUnfulfilled": 0}
    return {
        "fulfillment": {"fulfillmentStatus": CANCELLED},
        "orderItems": [
            merged(item, {"cancellation": executed, "fulfillment": nothing})
            for item in order_items(order)
        ],
    }
