"""What failed in speaking with Amazon, for the logs page; bounded, and never a buyer's data.

The same failure again within an hour counts on the line that stands there, so that an outage is
one line and not a thousand.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.ledger.base import Base
from saleor_amazon_app.ledger.session import Session

_SAME_WITHIN = timedelta(hours=1)
_KEPT_FOR = timedelta(days=30)
_MOST_OF_A_STORE = 1000
_LONGEST_MESSAGE = 500


class CommunicationErrorRow(Base):
    """One failure, or several in a row.

    Attributes:
        operation: Amazon's name of the call, or our job's where no call was made.
        code: Amazon's, or the status it answered with.
        at: when it happened last.
        attempts: how often in a row.
    """

    __tablename__ = "communication_errors"
    __table_args__ = (Index("ix_communication_errors_newest", "store_id", "at", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    store_id: Mapped[UUID] = mapped_column(ForeignKey("stores.id", ondelete="CASCADE"))
    amazon_order_id: Mapped[str | None]
    operation: Mapped[str]
    code: Mapped[str | None]
    message: Mapped[str]
    first_at: Mapped[datetime]
    at: Mapped[datetime]
    attempts: Mapped[int]


@dataclass(frozen=True, slots=True)
class Failure:
    """A call to Amazon that failed; the columns explain the fields."""

    operation: str
    code: str | None
    message: str
    amazon_order_id: AmazonOrderId | None = None


async def record(session: Session, store_id: StoreId, failure: Failure, *, now: datetime) -> None:
    """Writes a failure down, and forgets what is too old or too much."""
    same = (
        select(CommunicationErrorRow.id)
        .where(
            CommunicationErrorRow.store_id == store_id,
            CommunicationErrorRow.operation == failure.operation,
            CommunicationErrorRow.code.is_not_distinct_from(failure.code),
            CommunicationErrorRow.amazon_order_id.is_not_distinct_from(failure.amazon_order_id),
            CommunicationErrorRow.at > now - _SAME_WITHIN,
        )
        .order_by(CommunicationErrorRow.at.desc())
        .limit(1)
    )
    counted = await session.execute(
        update(CommunicationErrorRow)
        .where(CommunicationErrorRow.id == same.scalar_subquery())
        .values(
            at=now,
            attempts=CommunicationErrorRow.attempts + 1,
            message=failure.message[:_LONGEST_MESSAGE],
        )
        .returning(CommunicationErrorRow.id)
        .execution_options(synchronize_session=False)
    )
    if counted.first() is not None:
        return
    await session.execute(
        insert(CommunicationErrorRow).values(
            store_id=store_id,
            amazon_order_id=failure.amazon_order_id,
            operation=failure.operation,
            code=failure.code,
            message=failure.message[:_LONGEST_MESSAGE],
            first_at=now,
            at=now,
            attempts=1,
        )
    )
    await _forget(session, store_id, now=now)


async def _forget(session: Session, store_id: StoreId, *, now: datetime) -> None:
    too_many = (
        select(CommunicationErrorRow.id)
        .where(CommunicationErrorRow.store_id == store_id)
        .order_by(CommunicationErrorRow.at.desc(), CommunicationErrorRow.id.desc())
        .offset(_MOST_OF_A_STORE)
    )
    mine = CommunicationErrorRow.store_id == store_id
    for outdated in (
        CommunicationErrorRow.at <= now - _KEPT_FOR,
        CommunicationErrorRow.id.in_(too_many),
    ):
        await session.execute(
            delete(CommunicationErrorRow)
            .where(mine, outdated)
            .execution_options(synchronize_session=False)
        )
