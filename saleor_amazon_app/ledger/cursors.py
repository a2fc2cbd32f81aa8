"""How far each store has been read: up to which moment, and on which page a pass stopped.

Everything that is read of a store has a place of its own. The high-water mark of the changes is
Amazon's own `lastUpdatedBefore`, never our clock. A pass that was interrupted goes on with the
exact query it began with, because a page token is only good for it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.ledger.base import Base
from saleor_amazon_app.ledger.session import Session


class Reading(StrEnum):
    """What is read.

    CHANGES: Amazon's list of changes. WEEK: the week's orders by when they were placed. REFUNDS:
    what was booked lately. LATE_REFUNDS: what was booked before, and listed late.
    """

    CHANGES = "CHANGES"
    WEEK = "WEEK"
    REFUNDS = "REFUNDS"
    LATE_REFUNDS = "LATE_REFUNDS"


class Cursor(Base):
    """The place of one store in one of Amazon's lists."""

    __tablename__ = "cursors"

    store_id: Mapped[UUID] = mapped_column(
        ForeignKey("stores.id", ondelete="CASCADE"), primary_key=True
    )
    reading: Mapped[str] = mapped_column(primary_key=True)
    high_water: Mapped[datetime | None]
    query: Mapped[dict[str, str] | None]
    next_token: Mapped[str | None]
    token_issued_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class PageInProgress:
    """The next page of a pass that is not finished; Amazon forgets the token after a day."""

    query: dict[str, str]
    next_token: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class Position:
    """Where to go on: with a page if there is one, else from the high-water mark."""

    high_water: datetime | None = None
    page: PageInProgress | None = None

    @property
    def is_at_rest(self) -> bool:
        """Whether the last pass came to its end, from which the next goes on."""
        return self.high_water is not None and self.page is None


async def position(
    session: Session, store_id: StoreId, reading: Reading = Reading.CHANGES
) -> Position:
    """Where the store's reading stands; the empty position before the first pass."""
    row = await session.scalar(
        select(Cursor).where(Cursor.store_id == store_id, Cursor.reading == reading)
    )
    return _position(row) if row else Position()


def _position(row: Cursor) -> Position:
    if row.query is None or row.next_token is None or row.token_issued_at is None:
        return Position(row.high_water)
    return Position(row.high_water, PageInProgress(row.query, row.next_token, row.token_issued_at))


async def positions(session: Session, store_ids: Collection[StoreId]) -> dict[StoreId, Position]:
    """Where the stores' readings of changes stand; one that was never read is missing."""
    rows = await session.scalars(
        select(Cursor).where(Cursor.store_id.in_(store_ids), Cursor.reading == Reading.CHANGES)
    )
    return {StoreId(row.store_id): _position(row) for row in rows}


async def keep_page(
    session: Session,
    store_id: StoreId,
    page: PageInProgress,
    reading: Reading = Reading.CHANGES,
) -> None:
    """Keeps the next page, in the transaction that keeps the orders of the page before."""
    values = {
        "query": page.query,
        "next_token": page.next_token,
        "token_issued_at": page.issued_at,
    }
    await session.execute(
        insert(Cursor)
        .values(store_id=store_id, reading=reading, **values)
        .on_conflict_do_update(index_elements=[Cursor.store_id, Cursor.reading], set_=values)
    )


async def finish_pass(
    session: Session,
    store_id: StoreId,
    reading: Reading = Reading.CHANGES,
    *,
    high_water: datetime,
) -> None:
    """Ends a pass after its last page; the high-water mark never goes back."""
    await finish_passes(session, {store_id: high_water}, reading)


async def finish_passes(
    session: Session,
    high_waters: Mapping[StoreId, datetime],
    reading: Reading = Reading.CHANGES,
) -> None:
    """Ends a pass of each of these stores, as `finish_pass` does."""
    done = {"query": None, "next_token": None, "token_issued_at": None}
    statement = insert(Cursor)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[Cursor.store_id, Cursor.reading],
            set_={
                "high_water": func.greatest(Cursor.high_water, statement.excluded.high_water),
                **done,
            },
        ),
        [
            {"store_id": store_id, "reading": reading, "high_water": high_waters[store_id], **done}
            for store_id in sorted(high_waters)
        ],
    )


async def abandon_pass(
    session: Session, store_id: StoreId, reading: Reading = Reading.CHANGES
) -> None:
    """Forgets the page in progress, because its token is of no more use; the mark stays."""
    await session.execute(
        update(Cursor)
        .where(Cursor.store_id == store_id, Cursor.reading == reading)
        .values(query=None, next_token=None, token_issued_at=None)
    )
