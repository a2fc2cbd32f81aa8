"""SKUs of Amazon's that no variant of the shop has, by the orders that wait for them."""

from collections.abc import Collection
from datetime import datetime

import strawberry

from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.entrypoints.dashboard_api.context import Context, Info
from saleor_amazon_app.entrypoints.dashboard_api.fields import field
from saleor_amazon_app.entrypoints.dashboard_api.order_pages import rows_of
from saleor_amazon_app.entrypoints.dashboard_api.places import (
    number_in,
    parts_of,
    text_in,
    uuid_in,
    written,
)
from saleor_amazon_app.entrypoints.dashboard_api.refusals import bad_input
from saleor_amazon_app.entrypoints.dashboard_api.stores import Store, store_of
from saleor_amazon_app.entrypoints.dashboard_api.words import PageInfo
from saleor_amazon_app.ledger import unmatched


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
    def store(self, info: Info) -> Store:
        """Whose orders are held for it."""
        return store_of(info.context.store_row(self.store_id))


@strawberry.type
class UnmatchedSkuConnection:
    """A page of unmatched SKUs, those of most orders first."""

    nodes: list[UnmatchedSku]
    page_info: PageInfo


async def page_of(
    context: Context, *, store_id: str | None, first: int | None, after: str | None
) -> UnmatchedSkuConnection:
    """A page of unmatched SKUs.

    Raises:
        Refused: there is no such page.
    """
    size, store_ids = rows_of(first), list(await context.stores())
    if store_id is not None:
        chosen = await context.store(store_id)
        store_ids = [StoreId(chosen.id)] if chosen else []
    beside = _after(after, await context.stores()) if after else None
    async with context.lines.database.transaction() as session:
        found = await unmatched.page(session, store_ids, limit=size + 1, after=beside)
    nodes = [
        UnmatchedSku(
            store_id=StoreId(row.store_id),
            sku=row.sku,
            title=row.title,
            asin=row.asin,
            orders=row.orders,
            last_seen_at=row.last_seen_at,
        )
        for row in found[:size]
    ]
    places = [written(row.orders, row.sku, row.store_id) for row in found[:size]]
    return UnmatchedSkuConnection(
        nodes=nodes,
        page_info=PageInfo(
            has_next_page=len(found) > size,
            has_previous_page=after is not None,
            start_cursor=places[0] if places else None,
            end_cursor=places[-1] if places else None,
        ),
    )


def _after(cursor: str, store_ids: Collection[StoreId]) -> unmatched.After:
    orders, sku, store = parts_of(cursor, count=3)
    store_id = uuid_in(store)
    if store_id is None or StoreId(store_id) not in store_ids:
        raise bad_input("This place in the list is not known. Begin at the first page.")
    return unmatched.After(number_in(orders), text_in(sku), store_id)
