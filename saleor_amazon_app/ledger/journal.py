"""What staff did to stores and their settings, and who did it: written once, never changed.

What they do to an order stands in its `history`. These lines belong to the shop, so that it can
still be read who deleted a store.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.ledger.base import Base
from saleor_amazon_app.ledger.session import Session


class JournalRow(Base):
    """One deed."""

    __tablename__ = "journal"
    __table_args__ = (Index("ix_journal_newest", "installation_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    installation_id: Mapped[UUID] = mapped_column(
        ForeignKey("installations.id", ondelete="CASCADE")
    )
    store_id: Mapped[UUID]
    store_name: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
    kind: Mapped[str]
    summary: Mapped[str]


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that staff did to a store.

    Attributes:
        kind: constant, snake_case, past tense: `store_connected`, `settings_saved`.
        by: the e-mail address of a member of staff, or their id.
        summary: one sentence for people; never a secret.
    """

    store_id: StoreId
    store_name: str
    at: datetime
    by: str
    kind: str
    summary: str


async def record(session: Session, installation_id: UUID, deed: Deed) -> None:
    """Appends a deed, in the transaction that does it."""
    await session.execute(
        insert(JournalRow).values(
            installation_id=installation_id,
            store_id=deed.store_id,
            store_name=deed.store_name,
            at=deed.at,
            by=deed.by,
            kind=deed.kind,
            summary=deed.summary,
        )
    )


async def deeds_in(session: Session, installation_id: UUID, *, limit: int = 100) -> list[Deed]:
    """What was done in a shop, newest first."""
    rows = await session.scalars(
        select(JournalRow)
        .where(JournalRow.installation_id == installation_id)
        .order_by(JournalRow.id.desc())
        .limit(limit)
    )
    return [
        Deed(StoreId(row.store_id), row.store_name, row.at, row.by, row.kind, row.summary)
        for row in rows
    ]
