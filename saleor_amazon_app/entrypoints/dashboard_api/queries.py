"""Everything that can be asked of the API, each field with the permission it needs."""

import strawberry

from saleor_amazon_app.amazon.carriers import CODES
from saleor_amazon_app.core.ids import AmazonOrderId, SaleorOrderId, StoreId
from saleor_amazon_app.entrypoints.dashboard_api import catalogue, logs, unmatched
from saleor_amazon_app.entrypoints.dashboard_api.catalogue import (
    Channel,
    ShippingMethod,
    Warehouse,
)
from saleor_amazon_app.entrypoints.dashboard_api.context import Info, is_number
from saleor_amazon_app.entrypoints.dashboard_api.fields import MANAGE_APPS, MANAGE_ORDERS, field
from saleor_amazon_app.entrypoints.dashboard_api.logs import LogConnection, LogFilter
from saleor_amazon_app.entrypoints.dashboard_api.marketplaces import (
    AmazonMarketplace,
    every_marketplace,
)
from saleor_amazon_app.entrypoints.dashboard_api.order_pages import (
    OrderConnection,
    OrderFilter,
    OrderSort,
    Window,
    asked,
    page_of,
)
from saleor_amazon_app.entrypoints.dashboard_api.orders import (
    Order,
    order_of,
)
from saleor_amazon_app.entrypoints.dashboard_api.stores import Store, store_of
from saleor_amazon_app.entrypoints.dashboard_api.unmatched import UnmatchedSkuConnection
from saleor_amazon_app.entrypoints.dashboard_api.viewer import Viewer, viewer_of
from saleor_amazon_app.flows.consenting import Outcome, outcome_of
from saleor_amazon_app.ledger import order_list

strawberry.enum(Outcome, name="ConsentOutcome", description="What became of a seller's consent.")


@strawberry.type
class Query:
    """What can be read, of the viewer's own shop alone."""

    @field()
    def viewer(self, info: Info) -> Viewer:
        """Who asks, and what they may do."""
        return viewer_of(info)

    @field(MANAGE_ORDERS, MANAGE_APPS)
    async def stores(self, info: Info) -> list[Store]:
        """All stores of the shop, by name."""
        return [store_of(row) for row in (await info.context.stores()).values()]

    @field(MANAGE_ORDERS, MANAGE_APPS)
    async def store(self, info: Info, id: strawberry.ID) -> Store | None:
        """One store."""
        row = await info.context.store(id)
        return store_of(row) if row else None

    @field(MANAGE_ORDERS)
    async def orders(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        filter: OrderFilter | None = None,
        sort: OrderSort | None = None,
    ) -> OrderConnection:
        """The list of orders, bought last first unless sorted otherwise; 50 at a time, or 100."""
        window = Window(first, after, last, before)
        return await page_of(info.context, await asked(info.context, filter, sort), window)

    @field(MANAGE_ORDERS)
    async def order(self, info: Info, id: strawberry.ID) -> Order | None:
        """One order by our id."""
        key = await info.context.order_key(id)
        found = await info.context.listed_orders.load(key) if key else None
        return order_of(found) if found else None

    @field(MANAGE_ORDERS)
    async def order_by_saleor_id(self, info: Info, saleor_order_id: strawberry.ID) -> Order | None:
        """The Amazon order of a Saleor order; null when that is not from Amazon."""
        if not is_number(saleor_order_id):
            return None
        store_ids = list(await info.context.stores())
        async with info.context.lines.database.transaction() as session:
            found = await order_list.find_by_saleor_id(
                session, store_ids, SaleorOrderId(saleor_order_id)
            )
        return order_of(found) if found else None

    @field(MANAGE_ORDERS)
    async def order_by_amazon_id(self, info: Info, amazon_order_id: str) -> list[Order]:
        """The order with an Amazon number; of each store that has one."""
        if not is_number(amazon_order_id):
            return []
        number = AmazonOrderId(amazon_order_id)
        keys = [(StoreId(store_id), number) for store_id in await info.context.stores()]
        found = await info.context.listed_orders.load_many(keys)
        return [order_of(each) for each in found if each]

    @field(MANAGE_ORDERS)
    async def unmatched_skus(
        self,
        info: Info,
        store_id: strawberry.ID | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> UnmatchedSkuConnection:
        """SKUs without a variant, by the orders that are held for them."""
        return await unmatched.page_of(info.context, store_id=store_id, first=first, after=after)

    @field(MANAGE_ORDERS)
    async def logs(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        filter: LogFilter | None = None,
    ) -> LogConnection:
        """What failed in speaking with Amazon, and what Amazon was told; newest first."""
        return await logs.page_of(info.context, first=first, after=after, filter=filter)

    @field(MANAGE_APPS)
    async def channels(self, info: Info) -> list[Channel]:
        """The channels of the shop."""
        return await catalogue.channels(info.context)

    @field(MANAGE_APPS)
    async def warehouses(self, info: Info) -> list[Warehouse]:
        """The warehouses of the shop."""
        return await catalogue.warehouses(info.context)

    @field(MANAGE_APPS)
    async def shipping_methods(self, info: Info, channel_slug: str) -> list[ShippingMethod]:
        """The shipping methods of a channel."""
        return await catalogue.shipping_methods(info.context, channel_slug)

    @field(MANAGE_ORDERS, MANAGE_APPS)
    async def amazon_carriers(self, info: Info, marketplace_id: str) -> list[str]:
        """The carriers that Amazon knows by a code; the same in every marketplace."""
        return sorted(CODES, key=str.casefold)

    @field(MANAGE_APPS)
    async def consent_outcome(self, info: Info, state: str) -> Outcome | None:
        """What became of a consent that was begun here; null until the seller comes back."""
        return await outcome_of(info.context.lines, info.context.shop, state)

    @field()
    def amazon_marketplaces(self) -> list[AmazonMarketplace]:
        """Every marketplace of Amazon, from which a store's are chosen."""
        return every_marketplace()
