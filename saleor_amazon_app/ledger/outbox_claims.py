"""One sender a store and kind: who claimed rows of the outbox may send them and record the answer.

A claim is a token on the rows with a time it runs out at, as on orders. A row that was replanned
after it was claimed has another revision: what is heard of the older one is not recorded.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.ledger.outbox import OutboxKind, OutboxRow, OutboxState
from saleor_amazon_app.ledger.session import Session
from saleor_amazon_app.ledger.stores import Store

LEASE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that one worker may act on until its lease ends."""

    token: UUID
    rows: tuple[OutboxRow, ...]


async def claim(
    session: Session,
    store_id: StoreId,
    kind: OutboxKind,
    states: Collection[OutboxState],
    *,
    now: datetime,
    limit: int,
    has_feed: bool | None = None,
    due_only: bool = True,
) -> Batch | None:
    """Claims rows, those to be shipped by soonest first; None while another worker has some.

    Args:
        session: the transaction.
        store_id: whose rows.
        kind: of one kind.
        states: in one of these states.
        now: the moment of the claim.
        limit: at most so many.
        has_feed: only those that Amazon took in a feed, or only those it did not.
        due_only: leaves out those that are not due yet.
    """
    await _one_at_a_time(session, store_id)
    mine = and_(OutboxRow.store_id == store_id, OutboxRow.kind == kind)
    if await session.scalar(select(exists().where(mine, OutboxRow.claimed_until > now))):
        return None
    wanted = [mine, OutboxRow.state.in_(states)]
    if has_feed is not None:
        wanted.append(OutboxRow.feed_id.is_not(None) if has_feed else OutboxRow.feed_id.is_(None))
    if due_only:
        wanted.append(OutboxRow.due_at <= now)
    return await _take(session, wanted, now=now, limit=limit)


async def _take(
    session: Session, wanted: Sequence[ColumnElement[bool]], *, now: datetime, limit: int
) -> Batch:
    token = uuid4()
    due = (
        select(OutboxRow.id)
        .where(*wanted)
        .order_by(OutboxRow.deadline.asc().nulls_last(), OutboxRow.id)
        .limit(limit)
        .cte("due")
    )
    rows = await session.scalars(
        update(OutboxRow)
        .where(OutboxRow.id == due.c.id)
        .values(claim_token=token, claimed_until=now + LEASE)
        .returning(OutboxRow)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    far = datetime.max.replace(tzinfo=now.tzinfo)
    return Batch(token, tuple(sorted(rows, key=lambda row: (row.deadline or far, row.id))))


async def _one_at_a_time(session: Session, store_id: StoreId) -> None:
    """Has claims of a store wait for each other; rows that refer to the store do not."""
    await session.execute(
        select(Store.id).where(Store.id == store_id).with_for_update(key_share=True)
    )


async def begin(
    session: Session,
    batch: Batch,
    rows: Sequence[OutboxRow],
    *,
    now: datetime,
    contents: Mapping[int, dict[str, Any]] | None = None,
) -> list[OutboxRow]:
    """Writes down that rows are being sent, and prolongs the claim; tells which are still ours.

    A row whose content changed since it was claimed is not: it is sent as it is now, later.

    Args:
        session: the transaction.
        batch: the claim.
        rows: some of its rows.
        now: the moment before sending.
        contents: by row, what is sent where that was only decided after the claim.
    """
    begun = []
    for row in rows:
        written = await session.execute(
            update(OutboxRow)
            .where(*_still(batch, row))
            .values(
                state=OutboxState.SENDING,
                sending_at=now,
                attempts=OutboxRow.attempts + 1,
                claimed_until=now + LEASE,
                content=(contents or {}).get(row.id, row.content),
            )
            .returning(OutboxRow.id)
            .execution_options(synchronize_session=False)
        )
        if written.first() is not None:
            begun.append(row)
    return begun


async def record(session: Session, batch: Batch, row: OutboxRow, **values: Any) -> bool:
    """Writes what became of a row and ends the claim on it; False when that is outdated."""
    written = await session.execute(
        update(OutboxRow)
        .where(*_still(batch, row))
        .values(claim_token=None, claimed_until=None, **values)
        .returning(OutboxRow.id)
        .execution_options(synchronize_session=False)
    )
    return written.first() is not None


async def release(session: Session, batch: Batch) -> None:
    """Ends the claim on what is not recorded, which then is as it was written last."""
    await session.execute(
        update(OutboxRow)
        .where(OutboxRow.claim_token == batch.token)
        .values(claim_token=None, claimed_until=None)
        .execution_options(synchronize_session=False)
    )


def _still(batch: Batch, row: OutboxRow) -> tuple[Any, ...]:
    return (
        OutboxRow.id == row.id,
        OutboxRow.claim_token == batch.token,
        OutboxRow.revision == row.revision,
    )


async def take_untold(
    session: Session, store_id: StoreId, *, now: datetime, limit: int
) -> tuple[OutboxRow, ...]:
    """Takes rows of which something is still to be said in the host; nobody else says it now."""
    waiting = (
        select(OutboxRow.id)
        .where(OutboxRow.store_id == store_id, OutboxRow.note.is_not(None))
        .where(or_(OutboxRow.telling_until.is_(None), OutboxRow.telling_until <= now))
        .order_by(OutboxRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("waiting")
    )
    rows = await session.scalars(
        update(OutboxRow)
        .where(OutboxRow.id == waiting.c.id)
        .values(telling_until=now + LEASE)
        .returning(OutboxRow)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return tuple(sorted(rows, key=lambda row: row.id))


async def told(session: Session, row: OutboxRow) -> None:
    """Notes that it was said, unless there is something newer to say."""
    await session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == row.id, OutboxRow.note == row.note)
        .values(note=None, telling_until=None)
        .execution_options(synchronize_session=False)
    )
