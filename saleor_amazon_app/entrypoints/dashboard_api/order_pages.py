"""One page of the list of orders: what was asked for, checked, and the places to go on from."""

from datetime import datetime
from decimal import Decimal
from enum import Enum

import strawberry

from saleor_amazon_app.entrypoints.dashboard_api.context import Context
from saleor_amazon_app.entrypoints.dashboard_api.orders import (
    OrderConnection,
    OrderEdge,
    order_of,
)
from saleor_amazon_app.entrypoints.dashboard_api.words import (
    NO_PAGE,
    Direction,
    Fulfilment,
    OrderStatus,
)
from saleor_amazon_app.ledger import order_list
from saleor_amazon_app.ledger.order_list import SortBy, Sorting

MOST_ROWS = 100


@strawberry.enum
class OrderSortField(Enum):
    """What orders can be sorted by; LAST_NOTE by when it was written."""

    PURCHASED_AT = SortBy.PURCHASED_AT
    AMAZON_ORDER_ID = SortBy.AMAZON_ORDER_ID
    SALEOR_ORDER_NUMBER = SortBy.SALEOR_ORDER_NUMBER
    STATUS = SortBy.STATUS
    TOTAL = SortBy.TOTAL
    FULFILMENT = SortBy.FULFILMENT
    MARKETPLACE = SortBy.MARKETPLACE
    SHIP_BY = SortBy.SHIP_BY
    LAST_NOTE = SortBy.LAST_NOTE


@strawberry.input
class OrderSort:
    """What the list is sorted by; what an order lacks comes last ascending, first descending."""

    field: OrderSortField
    direction: Direction


@strawberry.input
class OrderFilter:
    """Which orders are wanted; everything that is given must hold."""

    purchased_from: datetime | None = None
    purchased_to: datetime | None = None
    number: str | None = strawberry.field(
        default=None, description="Amazon's or Saleor's order number, whole or its beginning."
    )
    buyer: str | None = strawberry.field(
        default=None, description="Whole words of the buyer's name or company; all must fit."
    )
    total_from: Decimal | None = None
    total_to: Decimal | None = None
    currency: str | None = None
    statuses: list[OrderStatus] | None = None
    store_ids: list[strawberry.ID] | None = None
    held: bool | None = None
    fulfilment: Fulfilment | None = None
    marketplace_ids: list[str] | None = None


async def page_of(
    context: Context,
    *,
    first: int | None,
    after: str | None,
    last: int | None,
    before: str | None,
    filter: OrderFilter | None,
    sort: OrderSort | None,
) -> OrderConnection:
    """The page of orders that was asked for."""
    store_ids = list(await context.stores())
    async with context.lines.database.transaction() as session:
        found = await order_list.page(
            session, store_ids, order_list.OrderFilter(), Sorting(), limit=first or 50
        )
    return OrderConnection(
        edges=[OrderEdge(cursor="x", node=order_of(each.order)) for each in found],
        page_info=NO_PAGE,
        total_count=None,
    )
