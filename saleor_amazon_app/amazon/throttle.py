"""How often Amazon lets an app call: the documented limits, and what is asked of their keeper.

A limit belongs to one seller, one app and one operation, whichever process calls; so the bucket
itself is kept where all processes see it, and the client only asks for permits.

Source: the usage plans in selling-partner-api-models, orders_2026-01-01.json, ordersV0.json,
feeds_2021-06-30.json, finances_2024-06-19.json and sellers.json, read 2026-11-20.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol


class Operation(StrEnum):
    """The operations of the Selling Partner API that are called, by Amazon's own names."""

    SEARCH_ORDERS = "searchOrders"
    GET_ORDER = "getOrder"
    GET_MARKETPLACE_PARTICIPATIONS = "getMarketplaceParticipations"
    CONFIRM_SHIPMENT = "confirmShipment"
    CREATE_FEED_DOCUMENT = "createFeedDocument"
    CREATE_FEED = "createFeed"
    GET_FEED = "getFeed"
    GET_FEEDS = "getFeeds"
    GET_FEED_DOCUMENT = "getFeedDocument"
    LIST_TRANSACTIONS = "listTransactions"


@dataclass(frozen=True, slots=True)
class Limit:
    """A token bucket: how fast it fills and how much it holds.

    Attributes:
        rate: calls a second.
        burst: calls at once when the bucket is full.
    """

    rate: float
    burst: int


LIMITS: Mapping[Operation, Limit] = MappingProxyType(
    {
        Operation.SEARCH_ORDERS: Limit(0.0056, 20),
        Operation.GET_ORDER: Limit(0.5, 30),
        Operation.GET_MARKETPLACE_PARTICIPATIONS: Limit(0.016, 15),
        Operation.CONFIRM_SHIPMENT: Limit(2, 10),
        Operation.CREATE_FEED_DOCUMENT: Limit(0.5, 15),
        Operation.CREATE_FEED: Limit(0.0083, 15),
        Operation.GET_FEED: Limit(2, 15),
        Operation.GET_FEEDS: Limit(0.0222, 10),
        Operation.GET_FEED_DOCUMENT: Limit(0.0222, 10),
        Operation.LIST_TRANSACTIONS: Limit(0.5, 10),
    }
)


class Throttle(Protocol):
    """The keeper of one seller's buckets."""

    async def permit(self, operation: Operation) -> None:
        """Takes one call out of the bucket, waiting if that is soon possible.

        Raises:
            saleor_amazon_app.core.errors.TryAgainLater: it is not; `after` says when it is.
        """

    async def learned(self, operation: Operation, rate: float) -> None:
        """Notes the rate that Amazon announced; called after every answer that names one."""

    async def drained(self, operation: Operation) -> None:
        """Notes that Amazon refused the call: whatever the bucket still holds is not there."""


class Unthrottled:
    """Lets every call pass: an account that is not connected yet has no buckets."""

    async def permit(self, operation: Operation) -> None:
        """Always."""

    async def learned(self, operation: Operation, rate: float) -> None:
        """There is nothing to remember it for."""

    async def drained(self, operation: Operation) -> None:
        """There is nothing to remember it for."""
