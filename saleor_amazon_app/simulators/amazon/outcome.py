"""The book for judges: what became of each order at Amazon, and what an app did wrong."""

from decimal import Decimal

from saleor_amazon_app.core.money import ZERO
from saleor_amazon_app.simulators.amazon.accounts import Seller
from saleor_amazon_app.simulators.amazon.answers import JsonObject
from saleor_amazon_app.simulators.amazon.pace import written
from saleor_amazon_app.simulators.amazon.parcels import Parcel
from saleor_amazon_app.simulators.amazon.transitions import status_of


def outcome_of(seller: Seller) -> JsonObject:
    """Every order that something was done to, by its number; amounts are strings.

    Parcels are those that are true, shown or not.
    """
    deeds = seller.deeds
    touched = {
        *deeds.parcels.orders(),
        *deeds.cancellations,
        *(refund.order_id for refund in deeds.refunds.paid),
    }
    return {
        "sellerId": seller.seller_id,
        "orders": {order_id: order_outcome(seller, order_id) for order_id in sorted(touched)},
        "faults": [
            {"fault": one.misdeed, "orderId": one.order_id, "detail": one.detail}
            for one in deeds.noted
        ],
        "feeds": [
            {"feedId": feed.id, "feedType": feed.type, "status": feed.status}
            for feed in seller.feeds
        ],
    }


def order_outcome(seller: Seller, order_id: str) -> JsonObject:
    """What became of one order."""
    deeds = seller.deeds
    order = seller.orders.get(order_id)
    cancellation = deeds.cancellations.get(order_id)
    return {
        "status": status_of(order) if order else None,
        "packages": [_package(parcel) for parcel in deeds.parcels.of(order_id).values()],
        "cancellation": cancellation
        and {
            "reason": cancellation.reason,
            "buyerAsked": cancellation.asked_for,
            "at": written(cancellation.at),
        },
        "refunds": {
            item_id: {component: f"{amount:f}" for component, amount in components.items()}
            for item_id, components in deeds.refunds.of(order_id).items()
        },
        "refundedByHand": f"{_by_hand(seller, order_id):f}",
    }


def _by_hand(seller: Seller, order_id: str) -> Decimal:
    """What of it no app has asked for."""
    by_hand = [r for r in seller.refunds.paid if r.order_id == order_id and r.said_by is None]
    return sum((sum(parts.values(), ZERO) for r in by_hand for parts in r.parts.values()), ZERO)


def _package(parcel: Parcel) -> JsonObject:
    return {
        "reference": parcel.reference,
        "carrierCode": parcel.carrier_code,
        "carrierName": parcel.carrier_name,
        "shippingMethod": parcel.shipping_method,
        "trackingNumber": parcel.tracking_number,
        "items": dict(parcel.units),
        "timesSaid": parcel.times_said,
    }
