"""SKUs of Amazon's that no variant of the shop has, by the orders that wait for them."""

from datetime import datetime

import strawberry

from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.entrypoints.dashboard_api.context import Info
from saleor_amazon_app.entrypoints.dashboard_api.fields import field
from saleor_amazon_app.entrypoints.dashboard_api.stores import Store, store_of
from saleor_amazon_app.entrypoints.dashboard_api.words import PageInfo


@strawberry.type
class UnmatchedSku:
    """A seller SKU without a variant."""

    store_id: strawberry.Private[StoreId]
    sku: str
    title: str | None
    asin: str | None
    orders: int
    last_seen_at: datetime

    @field()
    async def store(self, info: Info) -> Store:
        """Whose orders are held for it."""
        return store_of((await info.context.stores())[self.store_id])


@strawberry.type
class UnmatchedSkuConnection:
    """A page of unmatched SKUs, those of most orders first."""

    nodes: list[UnmatchedSku]
    page_info: PageInfo
