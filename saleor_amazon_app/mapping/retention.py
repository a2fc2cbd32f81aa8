"""How long an order's buyer is kept. Pure: values in, values out.

Amazon allows 30 days after delivery. A day of them is left for a shop that cannot be reached.
Source: developer-docs.amazon.com/sp-api, Data Protection Policy, read 2026-11-20.
"""

from datetime import datetime, timedelta

from saleor_amazon_app.amazon.order_records import Order

KEPT = timedelta(days=29)
# Of an order that promises no delivery.
_LATEST_DELIVERY = timedelta(days=14)


def is_delivered(order: Order) -> bool:
    """Whether Amazon says of every parcel that it arrived; it tells none of its own orders."""
    packages = order.packages or ()
    is_whole = order.fulfillment and order.fulfillment.fulfillment_status == "SHIPPED"
    return bool(is_whole and packages) and all(
        each.package_status and each.package_status.status == "DELIVERED" for each in packages
    )


def delivered_by(order: Order) -> datetime:
    """When an order had arrived at the latest, as far as Amazon tells.

    A version that calls all parcels delivered is younger than the delivery. Before that the
    promise counts.
    """
    promised = order.latest_delivery_time or order.created_time + _LATEST_DELIVERY
    return min(promised, order.last_updated_time) if is_delivered(order) else promised
