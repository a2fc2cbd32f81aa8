"""Amazon's rate limits: one token bucket a store and operation, kept where every process sees it.

A bucket is one moment: when it will be full again. It holds `burst` tokens when that moment has
passed, and one token less for every `1/rate` that the moment lies ahead. So taking a token is one
statement, a restart forgets nothing, and two processes cannot take the same token.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, bindparam, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.ledger.base import Base, UtcDateTime
from saleor_amazon_app.ledger.session import Session


class Bucket(Base):
    """The bucket of one operation; its learned rate is what Amazon's answers announced last."""

    __tablename__ = "buckets"

    store_id: Mapped[UUID] = mapped_column(
        ForeignKey("stores.id", ondelete="CASCADE"), primary_key=True
    )
    operation: Mapped[str] = mapped_column(primary_key=True)
    full_at: Mapped[datetime]
    learned_rate: Mapped[float | None]


_MOMENT = bindparam("now", type_=UtcDateTime())
_REFILL = "make_interval(secs => 1 / coalesce(b.learned_rate, :rate))"
_AFTER_TAKING = f"greatest(b.full_at, :now) + {_REFILL}"
_TAKE = text(
    f"""
    INSERT INTO buckets AS b (store_id, operation, full_at)
    VALUES (:store_id, :operation, :now + make_interval(secs => 1 / :rate))
    ON CONFLICT (store_id, operation) DO UPDATE SET full_at = {_AFTER_TAKING}
    WHERE {_AFTER_TAKING} <= :now + :burst * {_REFILL}
    RETURNING 1
    """
).bindparams(_MOMENT)
_TAKE_EACH = text(
    f"""
    INSERT INTO buckets AS b (store_id, operation, full_at)
    SELECT each, :operation, :now + make_interval(secs => 1 / :rate)
    FROM unnest(CAST(:store_ids AS uuid[])) AS each
    ORDER BY each
    ON CONFLICT (store_id, operation) DO UPDATE SET full_at = {_AFTER_TAKING}
    WHERE {_AFTER_TAKING} <= :now + :burst * {_REFILL}
    RETURNING store_id, learned_rate
    """
).bindparams(_MOMENT)
_WAIT = text(
    f"""
    SELECT {_AFTER_TAKING} - :burst * {_REFILL} - :now
    FROM buckets b WHERE store_id = :store_id AND operation = :operation
    """
).bindparams(_MOMENT)
_DRAIN = text(
    f"""
    INSERT INTO buckets AS b (store_id, operation, full_at)
    VALUES (:store_id, :operation, :now + :burst * make_interval(secs => 1 / :rate))
    ON CONFLICT (store_id, operation) DO UPDATE
    SET full_at = greatest(b.full_at, :now + :burst * {_REFILL})
    """
).bindparams(_MOMENT)
_LEARN = text(
    """
    UPDATE buckets b
    SET learned_rate = :learned,
        full_at = :now + greatest(b.full_at - :now, interval '0')
                       * (coalesce(b.learned_rate, :rate) / :learned)
    WHERE store_id = :store_id AND operation = :operation
      AND coalesce(b.learned_rate, :rate) <> :learned AND :learned > 0
    """
).bindparams(_MOMENT)


async def stores_with_learned_rate(session: Session, operation: str) -> int:
    """How many stores were told by Amazon how often they may call that."""
    told: int | None = await session.scalar(
        select(func.count()).where(Bucket.operation == operation, Bucket.learned_rate.is_not(None))
    )
    return told or 0


async def take(
    session: Session,
    store_id: StoreId,
    operation: str,
    *,
    rate_per_second: float,
    burst: int,
    now: datetime,
) -> timedelta | None:
    """Takes a token; None when it was there, else how long until there is one (none is taken).

    To be called in a transaction of its own: others wait for the bucket until it ends.

    Args:
        session: the transaction.
        store_id: whose limit it is.
        operation: Amazon's name of the call, such as `searchOrders`.
        rate_per_second: the documented rate, used until Amazon has announced another.
        burst: how many tokens a full bucket holds.
        now: the moment of the call.
    """
    given = {
        "store_id": store_id,
        "operation": operation,
        "rate": rate_per_second,
        "burst": burst,
        "now": now,
    }
    if (await session.execute(_TAKE, given)).first() is not None:
        return None
    wait: timedelta = (await session.execute(_WAIT, given)).scalar_one()
    return wait


async def take_each(
    session: Session,
    store_ids: Collection[StoreId],
    operation: str,
    *,
    rate_per_second: float,
    burst: int,
    now: datetime,
) -> dict[StoreId, float | None]:
    """Takes a token of each store that has one, as `take` does.

    Returns:
        The stores it was taken of, with the rate that Amazon announced last.
    """
    given = {
        "store_ids": list(store_ids),
        "operation": operation,
        "rate": rate_per_second,
        "burst": burst,
        "now": now,
    }
    return {StoreId(store_id): rate for store_id, rate in await session.execute(_TAKE_EACH, given)}


async def drain(
    session: Session,
    store_id: StoreId,
    operation: str,
    *,
    rate_per_second: float,
    burst: int,
    now: datetime,
) -> None:
    """Empties the bucket: Amazon answered 429, so the tokens we believed in are not there."""
    given = {
        "store_id": store_id,
        "operation": operation,
        "rate": rate_per_second,
        "burst": burst,
        "now": now,
    }
    await session.execute(_DRAIN, given)


async def learn_rate(
    session: Session,
    store_id: StoreId,
    operation: str,
    *,
    rate_per_second: float,
    announced: float,
    now: datetime,
) -> None:
    """Keeps the rate that Amazon's `x-amzn-RateLimit-Limit` announced; the tokens stay as many."""
    given = {
        "store_id": store_id,
        "operation": operation,
        "rate": rate_per_second,
        "learned": announced,
        "now": now,
    }
    await session.execute(_LEARN, given)
