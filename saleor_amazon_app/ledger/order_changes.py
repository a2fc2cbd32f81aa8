"""Placed orders about which something changed, at Amazon or in the host."""

from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select, update

from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.ledger.orders import OPEN_STATUSES, ImportState, Order
from saleor_amazon_app.ledger.session import Session


def placed_and_due(store_id: StoreId, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What is true of the placed orders of a store that are to be looked at."""
    return (
        Order.store_id == store_id,
        Order.due_at <= now,
        Order.import_state == ImportState.PLACED,
    )


async def open_but_not_seen(
    session: Session, store_id: StoreId, *, since: datetime, limit: int
) -> list[AmazonOrderId]:
    """Orders that Amazon has not ended and has not told of since then, longest unseen first."""
    found = await session.scalars(
        select(Order.amazon_order_id)
        .where(Order.store_id == store_id, Order.seen_at < since, Order.status.in_(OPEN_STATUSES))
        .order_by(Order.seen_at, Order.amazon_order_id)
        .limit(limit)
    )
    return [AmazonOrderId(order_id) for order_id in found]


async def make_due(
    session: Session, store_id: StoreId, order_id: AmazonOrderId, *, now: datetime
) -> bool:
    """Makes a placed order due, because of news of it; tells whether there is one.

    Whoever has claimed it may have read it before the news: such an order is due anew.
    """
    is_claimed = Order.claimed_until > now
    made = await session.execute(
        update(Order)
        .where(
            Order.store_id == store_id,
            Order.amazon_order_id == order_id,
            Order.import_state == ImportState.PLACED,
        )
        .values(due_at=case((is_claimed, now), else_=func.least(Order.due_at, now)))
        .returning(Order.amazon_order_id)
        .execution_options(synchronize_session=False)
    )
    return made.first() is not None
