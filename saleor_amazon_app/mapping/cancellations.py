"""Decides whether a host order that was cancelled is cancelled at Amazon, and why. Pure.

Source: order feed type values and Seller Central's reasons, developer-docs.amazon.com/sp-api,
read 2026-11-20.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from saleor_amazon_app.amazon.order_records import FULFILLED_BY_AMAZON, Order
from saleor_amazon_app.core.choices import CancelReason
from saleor_amazon_app.core.marketplaces import order_page
from saleor_amazon_app.mapping.order_changes import asks_to_cancel
from saleor_amazon_app.mapping.units import is_cancelled

# The metadata key by which staff and other systems name a reason on the host order.
REASON_KEY = "amazonCancelReason"
_CANCELLED_IN_HOST = "CANCELED"
_CAN_BE_CANCELLED = "UNSHIPPED"


@dataclass(frozen=True, slots=True)
class CancelAtAmazon:
    """Amazon is to cancel the order; the reason was chosen on the order, or is the store's."""

    chosen: CancelReason | None


@dataclass(frozen=True, slots=True)
class RefuseCancellation:
    """Amazon is not asked, and staff are told why."""

    words: str


def decide(
    order: Order, host_status: str, metadata: Mapping[str, str]
) -> CancelAtAmazon | RefuseCancellation | None:
    """Decides what follows from the host order; None where nothing does.

    Args:
        order: as Amazon reported it last.
        host_status: of the host order.
        metadata: the public metadata of the host order.
    """
    if host_status != _CANCELLED_IN_HOST or is_cancelled(order):
        return None
    if words := why_not(order):
        return RefuseCancellation(words)
    chosen = metadata.get(REASON_KEY)
    return CancelAtAmazon(CancelReason(chosen) if chosen in list(CancelReason) else None)


def why_not(order: Order) -> str | None:
    """Why Amazon would not cancel an order that was cancelled here; None when it would."""
    why = obstacle(order)
    if why is None:
        return None
    marketplace = order.sales_channel.marketplace_id
    page = f" See {order_page(marketplace, order.order_id)}" if marketplace else ""
    return (
        f"This order was cancelled here but not at Amazon: {why}. Settle it in Seller Central."
        f"{page}"
    )


def obstacle(order: Order) -> str | None:
    """What keeps Amazon from cancelling the order; None when nothing does."""
    fulfillment = order.fulfillment
    status = fulfillment.fulfillment_status if fulfillment else "unknown"
    if fulfillment and fulfillment.fulfilled_by == FULFILLED_BY_AMAZON:
        return "Amazon ships it itself"
    if status != _CAN_BE_CANCELLED:
        return f"Amazon cancels only what is unshipped, and this order is {status}"
    return None


def wrong_reason(order: Order, chosen: CancelReason) -> str | None:
    """Why that reason cannot be given; None when it can."""
    asks, names_buyer = asks_to_cancel(order), chosen is CancelReason.BUYER_CANCELED
    if asks and not names_buyer:
        return "The buyer asks to cancel this order: choose that the buyer cancelled it."
    if names_buyer and not asks:
        return "The buyer does not ask to cancel this order: choose another reason."
    return None


def reason(order: Order, chosen: CancelReason | None, default: CancelReason) -> CancelReason:
    """The reason Amazon is given: the buyer's wish while it is open, and only then."""
    if asks_to_cancel(order):
        return CancelReason.BUYER_CANCELED
    wanted = chosen or default
    if wanted is CancelReason.BUYER_CANCELED:
        return CancelReason.GENERAL_ADJUSTMENT
    return wanted
