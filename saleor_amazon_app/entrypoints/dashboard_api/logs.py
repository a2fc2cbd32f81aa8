"""The logs page: what failed in speaking with Amazon, and what Amazon was told."""

from datetime import datetime
from enum import Enum

import strawberry

from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.entrypoints.dashboard_api.context import Info
from saleor_amazon_app.entrypoints.dashboard_api.fields import field
from saleor_amazon_app.entrypoints.dashboard_api.orders import Order, order_of
from saleor_amazon_app.entrypoints.dashboard_api.stores import Store, store_of
from saleor_amazon_app.entrypoints.dashboard_api.words import PageInfo, Region


@strawberry.enum
class LogKind(Enum):
    """What an entry of the logs is about."""

    COMMUNICATION_ERROR = "COMMUNICATION_ERROR"
    SENT_TO_AMAZON = "SENT_TO_AMAZON"


@strawberry.input
class LogFilter:
    """Which entries are wanted."""

    kind: LogKind | None = None
    store_id: strawberry.ID | None = None
    from_: datetime | None = strawberry.field(name="from", default=None)
    to: datetime | None = None


@strawberry.type
class LogEntry:
    """One entry of the logs."""

    store_id: strawberry.Private[StoreId]
    id: strawberry.ID
    kind: LogKind
    at: datetime
    operation: str
    code: str | None
    message: str
    attempts: int
    amazon_order_id: str | None
    can_retry: bool

    @field()
    async def store(self, info: Info) -> Store | None:
        """Whose it is."""
        return store_of((await info.context.stores())[self.store_id])

    @field()
    async def region(self, info: Info) -> Region | None:
        """Which of Amazon's regions was spoken to."""
        return Region((await info.context.stores())[self.store_id].region)

    @field()
    async def order(self, info: Info) -> Order | None:
        """Which order it is about."""
        if self.amazon_order_id is None:
            return None
        key = (self.store_id, AmazonOrderId(self.amazon_order_id))
        found = await info.context.listed_orders.load(key)
        return order_of(found) if found else None


@strawberry.type
class LogConnection:
    """A page of the logs, newest first."""

    nodes: list[LogEntry]
    page_info: PageInfo
