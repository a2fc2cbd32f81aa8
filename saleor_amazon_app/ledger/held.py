"""Orders that should be in the host and are not yet: found again when their cause may be gone."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import false, func, or_, select, update

from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.core.reasons import HoldCode, SkipCode
from saleor_amazon_app.ledger.orders import ImportState, Order
from saleor_amazon_app.ledger.session import Session
from saleor_amazon_app.ledger.stores import Store, StoreStatus


async def held_for(
    session: Session, store_ids: Collection[StoreId], code: HoldCode, *, limit: int = 100
) -> list[tuple[StoreId, AmazonOrderId]]:
    """Orders held for that reason, first those of which nothing was heard for longest."""
    found = await session.execute(
        select(Order.store_id, Order.amazon_order_id)
        .where(
            Order.store_id.in_(store_ids),
            Order.import_state == ImportState.HELD,
            # True of each that is held; it lets the index of what is due find them.
            Order.due_at.is_not(None),
            Order.reasons.contains([{"code": code.value}]),
        )
        .order_by(Order.seen_at, Order.amazon_order_id)
        .limit(limit)
    )
    return [(StoreId(store_id), AmazonOrderId(order_id)) for store_id, order_id in found]


async def count(session: Session, store_id: StoreId) -> int:
    """How many orders of a store are held."""
    number: int | None = await session.scalar(
        select(func.count()).where(
            Order.store_id == store_id,
            Order.import_state == ImportState.HELD,
            Order.due_at.is_not(None),
        )
    )
    return number or 0


async def retry_held(
    session: Session,
    *,
    now: datetime,
    order_id: AmazonOrderId | None = None,
    store_id: StoreId | None = None,
) -> list[StoreId]:
    """Makes the held orders of stores that work due, and forgets what the host refused them under.

    Returns:
        The store of each order that was held.
    """
    working = select(Store.id).where(Store.status != StoreStatus.INACTIVE)
    held = update(Order).where(Order.import_state == ImportState.HELD, Order.store_id.in_(working))
    if order_id is not None:
        held = held.where(Order.amazon_order_id == order_id)
    if store_id is not None:
        held = held.where(Order.store_id == store_id)
    freed = await session.scalars(
        held.values(due_at=now, intent=None)
        .returning(Order.store_id)
        .execution_options(synchronize_session=False)
    )
    return [StoreId(store_id) for store_id in freed]


async def look_again(
    session: Session, store_id: StoreId, codes: Sequence[HoldCode | SkipCode], *, now: datetime
) -> int:
    """Makes orders due that are held or skipped for one of these codes; tells how many.

    Called when what the codes name has changed: a product, a stock, a setting.
    """
    named = [Order.reasons.contains([{"code": code}]) for code in codes]
    freed = await session.execute(
        update(Order)
        .where(
            Order.store_id == store_id,
            Order.import_state.in_([ImportState.HELD, ImportState.SKIPPED]),
            or_(false(), *named),
        )
        .values(due_at=now)
        .returning(Order.amazon_order_id)
        .execution_options(synchronize_session=False)
    )
    return len(freed.all())
