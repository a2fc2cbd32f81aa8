"""The words of the API that are not Saleor's or Amazon's own, and how the ledger's become them."""

from decimal import Decimal
from enum import Enum
from typing import Final

import strawberry

from saleor_amazon_app.core import money
from saleor_amazon_app.core.choices import (
    BuyerEmail,
    CancelReason,
    Customer,
    FbaOrders,
    ImportAmazonOrders,
    NewOrderStatus,
    OrderNumber,
    PendingOrders,
    RefundReason,
    UnknownSku,
)
from saleor_amazon_app.ledger.orders import ImportState
from saleor_amazon_app.ledger.stores import StoreStatus

for _choice in (
    BuyerEmail,
    CancelReason,
    Customer,
    FbaOrders,
    ImportAmazonOrders,
    NewOrderStatus,
    OrderNumber,
    PendingOrders,
    RefundReason,
    UnknownSku,
    ImportState,
    StoreStatus,
):
    strawberry.enum(_choice)


@strawberry.enum
class Region(Enum):
    """Amazon's selling regions: North America, Europe, Far East."""

    NA = "NA"
    EU = "EU"
    FE = "FE"


@strawberry.enum(description="An order's status, in the words sellers know.")
class OrderStatus(Enum):
    """An order's status; the values are Amazon's words of the Orders API 2026-01-01.

    ERROR stands for an order that Amazon sent unreadable, and for words not known to us.
    """

    PENDING = "PENDING"
    PENDING_AVAILABILITY = "PENDING_AVAILABILITY"
    UNSHIPPED = "UNSHIPPED"
    PARTIALLY_SHIPPED = "PARTIALLY_SHIPPED"
    SHIPPED = "SHIPPED"
    CANCELED = "CANCELLED"
    UNFULFILLABLE = "UNFULFILLABLE"
    ERROR = ""


@strawberry.enum(description="Fulfilled by the merchant, or by Amazon.")
class Fulfilment(Enum):
    """Who fulfils; the values are Amazon's words."""

    FBM = "MERCHANT"
    FBA = "AMAZON"


@strawberry.enum
class Direction(Enum):
    """Which end of a sorted list comes first."""

    ASC = "ASC"
    DESC = "DESC"


_STATUSES: Final = {each.value: each for each in OrderStatus}
_FULFILMENTS: Final = {each.value: each for each in Fulfilment}


def status_of(amazon_status: str) -> OrderStatus:
    """Amazon's status in the API's words."""
    return _STATUSES.get(amazon_status, OrderStatus.ERROR)


def fulfilment_of(fulfilled_by: str | None) -> Fulfilment | None:
    """Who fulfils; None where Amazon has not told."""
    return _FULFILMENTS.get(fulfilled_by or "")


@strawberry.type
class Money:
    """An amount with as many digits as its currency has."""

    amount: Decimal
    currency: str


def money_of(amount: Decimal | None, currency: str | None) -> Money | None:
    """An amount as the API shows it; None where Amazon has told none."""
    if amount is None or currency is None:
        return None
    return Money(amount=Decimal(money.shown(amount, currency)), currency=currency)


@strawberry.type
class PageInfo:
    """Where a page lies in its list."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None
