"""What stores sold, for their cards and dashboards: sums per currency, never converted.

Orders that were cancelled, cannot be fulfilled or came unreadable never count.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, Date, and_, cast, func, select

from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.core.money import ZERO
from saleor_amazon_app.ledger.orders import ImportState, Order
from saleor_amazon_app.ledger.session import Session

_NEVER_COUNTED = ("CANCELLED", "UNFULFILLABLE", "")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Revenue:
    """What a store sold in one currency."""

    currency: str
    last_7_days: Decimal
    previous_7_days: Decimal
    last_30_days: Decimal
    previous_30_days: Decimal
    lifetime: Decimal


@dataclass(frozen=True, slots=True)
class Day:
    """What a store sold on one day, in UTC, in one currency."""

    day: date
    currency: str
    amount: Decimal
    orders: int


def _counted(store_ids: Sequence[StoreId]) -> ColumnElement[bool]:
    return and_(
        Order.store_id.in_(store_ids),
        Order.currency.is_not(None),
        Order.grand_total.is_not(None),
        Order.status.not_in(_NEVER_COUNTED),
    )


async def revenue(
    session: Session, store_ids: Sequence[StoreId], *, now: datetime
) -> dict[StoreId, list[Revenue]]:
    """What each store sold, in the days up to now and in all, by currency."""

    def between(oldest: int, newest: int) -> ColumnElement[Decimal | None]:
        within = and_(
            Order.purchased_at > now - oldest * _DAY, Order.purchased_at <= now - newest * _DAY
        )
        return func.sum(Order.grand_total).filter(within)

    rows = await session.execute(
        select(
            Order.store_id,
            Order.currency,
            between(7, 0),
            between(14, 7),
            between(30, 0),
            between(60, 30),
            func.sum(Order.grand_total),
        )
        .where(_counted(store_ids))
        .group_by(Order.store_id, Order.currency)
        .order_by(Order.currency)
    )
    found: dict[StoreId, list[Revenue]] = {}
    for store_id, currency, *sums in rows:
        of_store = found.setdefault(StoreId(store_id), [])
        of_store.append(Revenue(str(currency), *(each or ZERO for each in sums)))
    return found


async def by_day(
    session: Session, store_ids: Sequence[StoreId], *, days: int, now: datetime
) -> dict[StoreId, list[Day]]:
    """What each store sold on each of the last days, today included, oldest first."""
    first = datetime.combine(
        now.astimezone(UTC).date() - (days - 1) * _DAY, datetime.min.time(), UTC
    )
    day = cast(func.timezone("UTC", Order.purchased_at), Date)
    rows = await session.execute(
        select(Order.store_id, day, Order.currency, func.sum(Order.grand_total), func.count())
        .where(_counted(store_ids), Order.purchased_at >= first)
        .group_by(Order.store_id, day, Order.currency)
        .order_by(day, Order.currency)
    )
    found: dict[StoreId, list[Day]] = {}
    for store_id, on, currency, amount, number in rows:
        of_store = found.setdefault(StoreId(store_id), [])
        of_store.append(Day(on, str(currency), amount or ZERO, number))
    return found


async def held(session: Session, store_ids: Sequence[StoreId]) -> dict[StoreId, int]:
    """How many orders of each store are held; a store without any is missing."""
    rows = await session.execute(
        select(Order.store_id, func.count())
        .where(Order.store_id.in_(store_ids), Order.import_state == ImportState.HELD)
        .group_by(Order.store_id)
    )
    return {StoreId(store_id): number for store_id, number in rows}


async def any_placed(session: Session, store_ids: Sequence[StoreId]) -> bool:
    """Whether any order of these stores was ever placed."""
    found = await session.scalar(
        select(Order.amazon_order_id)
        .where(Order.store_id.in_(store_ids), Order.import_state == ImportState.PLACED)
        .limit(1)
    )
    return found is not None
