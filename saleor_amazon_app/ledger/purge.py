"""Shops that lost the app and did not come back in time: everything of them is deleted.

A little at a time, each in a transaction of its own, the shop itself last. The shop's row is
locked meanwhile: one that installs the app again waits for a moment and keeps what is left.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, tuple_

from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.ledger.history import HistoryRow
from saleor_amazon_app.ledger.host_copies import erase_buyers_of
from saleor_amazon_app.ledger.inbox import InboxRow
from saleor_amazon_app.ledger.installations import Installation
from saleor_amazon_app.ledger.orders import Order
from saleor_amazon_app.ledger.session import Session
from saleor_amazon_app.ledger.stores import Store


async def take_lost(session: Session, *, now: datetime) -> UUID | None:
    """A shop whose time of grace is over, locked until the transaction ends; None if none is."""
    return await session.scalar(
        select(Installation.id)
        .where(Installation.grace_until <= now)
        .order_by(Installation.grace_until)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


async def forget_some(
    session: Session, installation_id: UUID, *, now: datetime, limit: int
) -> bool:
    """Deletes so many rows of a shop at most; True when nothing of it is left."""
    store_id = await session.scalar(
        select(Store.id).where(Store.installation_id == installation_id).limit(1)
    )
    if store_id is not None:
        # Should the shop come back now, its copies of buyers still have their time.
        await erase_buyers_of(session, StoreId(store_id), now=now)
        await _forget_some_of(session, StoreId(store_id), limit)
        return False
    events = select(InboxRow.id).where(InboxRow.installation_id == installation_id).limit(limit)
    gone = await session.execute(
        delete(InboxRow).where(InboxRow.id.in_(events)).returning(InboxRow.id)
    )
    if len(gone.all()) == limit:
        return False
    await session.execute(delete(Installation).where(Installation.id == installation_id))
    return True


async def _forget_some_of(session: Session, store_id: StoreId, limit: int) -> None:
    """Orders first, with their buyers and all that hangs on them; the store itself last."""
    orders = (
        select(Order.store_id, Order.amazon_order_id).where(Order.store_id == store_id).limit(limit)
    )
    gone = await session.execute(
        delete(Order)
        .where(tuple_(Order.store_id, Order.amazon_order_id).in_(orders))
        .returning(Order.amazon_order_id)
        .execution_options(synchronize_session=False)
    )
    if len(gone.all()) == limit:
        return
    events = select(HistoryRow.id).where(HistoryRow.store_id == store_id).limit(limit)
    told = await session.execute(
        delete(HistoryRow).where(HistoryRow.id.in_(events)).returning(HistoryRow.id)
    )
    if len(told.all()) < limit:
        await session.execute(delete(Store).where(Store.id == store_id))
