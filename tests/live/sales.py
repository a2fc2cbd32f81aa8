"""Orders of a seller at Amazon, bought a moment ago under numbers that no order ever had."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from secrets import randbelow
from typing import Any

from saleor_amazon_app.core.times import iso, utc_now
from tests.unit.amazon_orders import CURRENCIES, SEATTLE, US, Json, Kinds, an_item, an_order

_RUN = randbelow(10**7)
_NUMBERS = count(1)
_ITEM_NUMBERS = count(10**13 + randbelow(10**12))
BOUGHT_AGO = timedelta(minutes=30)


def number(order: Json) -> str:
    """The number of an order, the host's external reference."""
    return str(order["orderId"])


def item(
    sku: str | None,
    total: str = "10.00",
    kinds: Kinds | None = None,
    *,
    quantity: int = 1,
    shipped: int = 0,
    currency: str = "USD",
    **more: Any,
) -> Json:
    """An item of so many units, some of which have left."""
    units = {"quantityFulfilled": shipped, "quantityUnfulfilled": quantity - shipped}
    fulfillment = {**units, **more.pop("fulfillment", {})}
    return an_item(
        total,
        kinds,
        id=str(next(_ITEM_NUMBERS)),
        sku=sku,
        quantity=quantity,
        currency=currency,
        fulfillment=fulfillment,
        **more,
    )


def sale(
    *items: Json,
    total: str | None = None,
    bought: datetime | None = None,
    address: Json | None = SEATTLE,
    marketplace: str = US,
    **more: Any,
) -> Json:
    """An order of these items, and as much as they cost unless a total is given."""
    moment = iso(bought or utc_now() - BOUGHT_AGO)
    if total is None:
        total = str(sum(Decimal(one["proceeds"]["proceedsTotal"]["amount"]) for one in items))
    return an_order(
        items,
        grand_total=total,
        address=address,
        marketplace=marketplace,
        orderId=f"{randbelow(900) + 100}-{_RUN:07}-{next(_NUMBERS):07}",
        createdTime=moment,
        lastUpdatedTime=moment,
        **more,
    )


def shipped_sale(*items: Json, parcels: Sequence[Json] = (), **more: Any) -> Json:
    """An order that left before it was seen."""
    return sale(*items, status="SHIPPED", packages=list(parcels), **more)


def parcel(tracking_number: str, units: dict[str, int]) -> Json:
    """A parcel with units by order item number."""
    return {
        "packageReferenceId": tracking_number,
        "trackingNumber": tracking_number,
        "packageItems": [
            {"orderItemId": item_id, "quantity": quantity} for item_id, quantity in units.items()
        ],
    }


def currency_of(marketplace: str) -> str:
    """What is paid there."""
    return CURRENCIES[marketplace]
