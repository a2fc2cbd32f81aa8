"""Whether a store has orders that somebody is to look at, so that no job is made for nothing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.ledger.orders import ImportState, Order
from saleor_amazon_app.ledger.session import Session
from saleor_amazon_app.ledger.stores import Store


@dataclass(frozen=True, slots=True)
class Due:
    """What one store has.

    Attributes:
        to_place: orders that are not decided, or are to be decided anew.
        to_follow: placed orders about which something changed.
    """

    store_id: StoreId
    to_place: bool
    to_follow: bool


async def due_in(session: Session, store_ids: Collection[StoreId], *, now: datetime) -> list[Due]:
    """What these stores have; one that has nothing is left out."""
    mine = exists().where(Order.store_id == Store.id, Order.due_at <= now)
    placed = Order.import_state == ImportState.PLACED
    rows = await session.execute(
        select(
            Store.id,
            mine.where(~placed).correlate(Store).label("to_place"),
            mine.where(placed).correlate(Store).label("to_follow"),
        )
        .where(Store.id.in_(store_ids))
        .order_by(Store.id)
    )
    found = [Due(StoreId(store_id), to_place, to_follow) for store_id, to_place, to_follow in rows]
    return [due for due in found if due.to_place or due.to_follow]
