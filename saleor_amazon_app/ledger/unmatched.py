"""Seller SKUs that no variant of the shop has, by the orders that are held for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Text, Uuid, bindparam, text

from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.core.reasons import HoldCode
from saleor_amazon_app.ledger.session import Session


@dataclass(frozen=True, slots=True)
class Unmatched:
    """One SKU of one store.

    Attributes:
        orders: how many are held for it.
        last_seen_at: when Amazon last told of one of these.
    """

    store_id: UUID
    sku: str
    title: str | None
    asin: str | None
    orders: int
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class After:
    """The last row of a page, which the next page begins after."""

    orders: int
    sku: str
    store_id: UUID


_PAGE = text("""
    SELECT held.store_id, reason ->> 'about', max(item -> 'product' ->> 'title'),
        max(item -> 'product' ->> 'asin'), count(DISTINCT held.amazon_order_id), max(held.seen_at)
    FROM orders held
    CROSS JOIN LATERAL jsonb_array_elements(held.reasons) AS reason
    LEFT JOIN LATERAL jsonb_array_elements(held.facts -> 'orderItems') AS item
        ON item -> 'product' ->> 'sellerSku' = reason ->> 'about'
    WHERE held.import_state = 'HELD' AND held.store_id = ANY(:stores)
        AND reason ->> 'code' = :code AND reason ->> 'about' IS NOT NULL
    GROUP BY held.store_id, reason ->> 'about'
    HAVING :orders IS NULL OR (-count(DISTINCT held.amazon_order_id), reason ->> 'about',
        held.store_id) > (-:orders, :sku, :store)
    ORDER BY -count(DISTINCT held.amazon_order_id), reason ->> 'about', held.store_id
    LIMIT :limit
""").bindparams(
    bindparam("stores", type_=ARRAY(Uuid())),
    bindparam("orders", type_=BigInteger()),
    bindparam("sku", type_=Text()),
    bindparam("store", type_=Uuid()),
)


async def page(
    session: Session, store_ids: Sequence[StoreId], *, limit: int, after: After | None = None
) -> list[Unmatched]:
    """A page of SKUs, those that most orders are held for first."""
    rows = await session.execute(
        _PAGE,
        {
            "stores": list(store_ids),
            "code": HoldCode.UNKNOWN_SKU.value,
            "orders": after.orders if after else None,
            "sku": after.sku if after else None,
            "store": after.store_id if after else None,
            "limit": limit,
        },
    )
    return [
        Unmatched(store_id, sku, title, asin, orders, last_seen_at.astimezone(UTC))
        for store_id, sku, title, asin, orders, last_seen_at in rows
    ]
