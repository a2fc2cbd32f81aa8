"""What shops told us, each event once: kept the moment it came, worked off by a job.

Shops send duplicates and keep no order, and their events carry no number of their own: an event
is the same when shop, event and every byte of the body are.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint, delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from saleor_amazon_app.ledger.base import Base
from saleor_amazon_app.ledger.session import Session


class InboxRow(Base):
    """One event of one shop.

    Attributes:
        event: the host's name of its type, such as `OrderUpdated`.
        digest: SHA-256 of the body as it came.
        payload: what was read of the body: ids and moments, nothing of a buyer.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("installation_id", "event", "digest"),
        Index("ix_inbox_received_at", "received_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    installation_id: Mapped[UUID] = mapped_column(
        ForeignKey("installations.id", ondelete="CASCADE")
    )
    event: Mapped[str]
    digest: Mapped[bytes]
    payload: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]


async def accept(
    session: Session,
    installation_id: UUID,
    *,
    event: str,
    digest: bytes,
    payload: dict[str, Any],
    now: datetime,
) -> int | None:
    """Keeps an event and tells its id; None when it came before."""
    kept = await session.execute(
        insert(InboxRow)
        .values(
            installation_id=installation_id,
            event=event,
            digest=digest,
            payload=payload,
            received_at=now,
        )
        .on_conflict_do_nothing()
        .returning(InboxRow.id)
    )
    return kept.scalar_one_or_none()


async def take(session: Session, inbox_id: int) -> InboxRow | None:
    """The event, locked until the transaction ends; None when it was handled or forgotten."""
    row = await session.get(InboxRow, inbox_id, with_for_update=True)
    return row if row is not None and row.handled_at is None else None


async def mark_handled(session: Session, inbox_id: int, *, now: datetime) -> None:
    """Notes, in the transaction of what was done, that nothing is left to do."""
    await session.execute(update(InboxRow).where(InboxRow.id == inbox_id).values(handled_at=now))


async def forget_before(session: Session, moment: datetime) -> int:
    """Deletes handled events received before a moment; tells how many."""
    gone = await session.execute(
        delete(InboxRow)
        .where(InboxRow.received_at < moment, InboxRow.handled_at.is_not(None))
        .returning(InboxRow.id)
    )
    return len(gone.all())
