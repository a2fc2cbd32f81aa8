"""Scarce calls: Amazon's operations, and a token bucket per seller and operation.

Source: usage plans in selling-partner-api-models, orders_2026-01-01.json, ordersV0.json,
feeds_2021-06-30.json, finances_2024-06-19.json and sellers.json, read 2026-11-20. Login with
Amazon and the store of documents have no published limit.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from saleor_amazon_app.simulators.amazon.pace import Pace


class Operation(StrEnum):
    """What can be asked of Amazon, by its own operation ids.

    Our own words are `getToken` for Login with Amazon, and `uploadFeedDocument` and
    `downloadFeedDocument` for the addresses that documents are moved by.
    """

    GET_TOKEN = "getToken"
    SEARCH_ORDERS = "searchOrders"
    GET_ORDER = "getOrder"
    GET_MARKETPLACE_PARTICIPATIONS = "getMarketplaceParticipations"
    CONFIRM_SHIPMENT = "confirmShipment"
    CREATE_FEED_DOCUMENT = "createFeedDocument"
    UPLOAD_FEED_DOCUMENT = "uploadFeedDocument"
    CREATE_FEED = "createFeed"
    GET_FEED = "getFeed"
    GET_FEEDS = "getFeeds"
    GET_FEED_DOCUMENT = "getFeedDocument"
    DOWNLOAD_FEED_DOCUMENT = "downloadFeedDocument"
    LIST_TRANSACTIONS = "listTransactions"


@dataclass(frozen=True, slots=True)
class Limit:
    """How often an operation may be called: requests a second, and how many at once."""

    rate: Decimal
    burst: int


LIMITS = {
    Operation.SEARCH_ORDERS: Limit(Decimal("0.0056"), 20),
    Operation.GET_ORDER: Limit(Decimal("0.5"), 30),
    Operation.GET_MARKETPLACE_PARTICIPATIONS: Limit(Decimal("0.016"), 15),
    Operation.CONFIRM_SHIPMENT: Limit(Decimal(2), 10),
    Operation.CREATE_FEED_DOCUMENT: Limit(Decimal("0.5"), 15),
    Operation.CREATE_FEED: Limit(Decimal("0.0083"), 15),
    Operation.GET_FEED: Limit(Decimal(2), 15),
    Operation.GET_FEEDS: Limit(Decimal("0.0222"), 10),
    Operation.GET_FEED_DOCUMENT: Limit(Decimal("0.0222"), 10),
    Operation.LIST_TRANSACTIONS: Limit(Decimal("0.5"), 10),
}


class Bucket:
    """The calls one seller has left for one operation; full at first, refilled steadily."""

    def __init__(self, limit: Limit, pace: Pace) -> None:
        self.rate = pace.raised(limit.rate)
        self._refill = timedelta(microseconds=int(1_000_000 / self.rate))
        self._capacity = self._refill * limit.burst
        # The one number a bucket needs: the moment at which it will be full again.
        self._full_at = datetime.min.replace(tzinfo=UTC)

    def take(self, now: datetime) -> bool:
        """Takes one call, or tells that none is left; a refused call costs nothing."""
        full_at = max(self._full_at, now) + self._refill
        if full_at - now > self._capacity:
            return False
        self._full_at = full_at
        return True
