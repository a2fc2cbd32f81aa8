"""What Amazon is to be told: parcels, cancellations, refunds, one row each, and how far each is.

    WAITING → PLANNED → SENDING → ACCEPTED → CONFIRMED
                                     │          REFUSED
                                  UNKNOWN

A row is written before anything is sent and again after it. Rows have a claim of their own, apart
from their order's: what is sent takes minutes at Amazon's pace and in feeds of many orders, and
meanwhile those orders must go on following Amazon. One worker a store and kind holds a claim, so
that a feed whose answer was lost can be told from every other.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ForeignKeyConstraint,
    Identity,
    Index,
    UniqueConstraint,
    and_,
    exists,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.ledger.base import Base
from saleor_amazon_app.ledger.orders import OPEN_STATUSES, ImportState, Order
from saleor_amazon_app.ledger.session import Session
from saleor_amazon_app.ledger.stores import Store


class OutboxKind(StrEnum):
    """What Amazon is told."""

    SHIPMENT = "SHIPMENT"
    CANCELLATION = "CANCELLATION"
    REFUND = "REFUND"


class OutboxState(StrEnum):
    """How far it is.

    WAITING: something is missing yet, such as a tracking number. PLANNED: to be sent. SENDING: a
    call is under way, or was when its worker died. ACCEPTED: Amazon took it. CONFIRMED: Amazon
    shows it. REFUSED: it will not be, in Amazon's words or ours. UNKNOWN: it may have been done.
    """

    WAITING = "WAITING"
    PLANNED = "PLANNED"
    SENDING = "SENDING"
    ACCEPTED = "ACCEPTED"
    CONFIRMED = "CONFIRMED"
    REFUSED = "REFUSED"
    UNKNOWN = "UNKNOWN"


# Of these it is not known that they did not reach Amazon.
UNDER_WAY = frozenset({OutboxState.SENDING, OutboxState.ACCEPTED, OutboxState.UNKNOWN})
ENDED = frozenset({OutboxState.CONFIRMED, OutboxState.REFUSED})


class OutboxRow(Base):
    """One thing that Amazon is to be told.

    Attributes:
        id: also the number of the message in a feed.
        key: unique with store and kind: the fulfilment's id, the order's number, the reference of
            the refund.
        content: ids, numbers and amounts; nothing of the buyer.
        revision: counts changes of the content, so that an answer to an older one is known as such.
        package_reference: the parcel's number within its order, for Amazon; of shipments only.
        feed_id: Amazon's, once it took the feed.
        words: why it is refused, unknown or waiting, in Amazon's words or ours.
        note: what is still to be said in the host; None once it was.
        telling_until: until when a worker is busy saying it.
        due_at: when it is to be looked at next; None when nothing is left to do.
        deadline: Amazon's ship-by time.
        ended_at: when it was confirmed or refused.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("store_id", "kind", "key"),
        ForeignKeyConstraint(
            ["store_id", "amazon_order_id"],
            ["orders.store_id", "orders.amazon_order_id"],
            ondelete="CASCADE",
        ),
        Index("ix_outbox_order", "store_id", "amazon_order_id"),
        Index("ix_outbox_newest", "store_id", "planned_at", "id"),
        Index("ix_outbox_due", "store_id", "due_at", postgresql_where=text("due_at IS NOT NULL")),
        Index("ix_outbox_untold", "store_id", postgresql_where=text("note IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    store_id: Mapped[UUID]
    amazon_order_id: Mapped[str]
    kind: Mapped[str]
    key: Mapped[str]
    content: Mapped[dict[str, Any]]
    revision: Mapped[int]
    package_reference: Mapped[str | None]
    feed_id: Mapped[str | None]
    state: Mapped[str]
    words: Mapped[str | None]
    note: Mapped[str | None]
    telling_until: Mapped[datetime | None]
    attempts: Mapped[int]
    due_at: Mapped[datetime | None]
    deadline: Mapped[datetime | None]
    claim_token: Mapped[UUID | None]
    claimed_until: Mapped[datetime | None]
    planned_at: Mapped[datetime]
    sending_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


def order_id(row: OutboxRow) -> AmazonOrderId:
    """The order a row is about."""
    return AmazonOrderId(row.amazon_order_id)


@dataclass(frozen=True, slots=True)
class Draft:
    """A row about to be written; the columns explain the fields."""

    amazon_order_id: AmazonOrderId
    kind: OutboxKind
    key: str
    content: dict[str, Any]
    state: OutboxState
    due_at: datetime | None
    deadline: datetime | None = None
    package_reference: str | None = None
    words: str | None = None
    note: str | None = None


async def add(session: Session, store_id: StoreId, draft: Draft, *, now: datetime) -> int | None:
    """Writes a row and tells its id; None when there was one with that kind and key already."""
    ended = now if draft.state in ENDED else None
    values = {
        "store_id": store_id,
        "amazon_order_id": draft.amazon_order_id,
        "kind": draft.kind,
        "key": draft.key,
        "content": draft.content,
        "revision": 1,
        "package_reference": draft.package_reference,
        "state": draft.state,
        "words": draft.words,
        "note": draft.note,
        "attempts": 0,
        "due_at": draft.due_at,
        "deadline": draft.deadline,
        "planned_at": now,
        "ended_at": ended,
    }
    made = await session.execute(
        insert(OutboxRow).values(values).on_conflict_do_nothing().returning(OutboxRow.id)
    )
    return made.scalar_one_or_none()


async def of_order(
    session: Session, store_id: StoreId, amazon_order_id: AmazonOrderId
) -> tuple[OutboxRow, ...]:
    """Everything about one order, oldest first."""
    rows = await session.scalars(
        select(OutboxRow)
        .where(OutboxRow.store_id == store_id, OutboxRow.amazon_order_id == amazon_order_id)
        .order_by(OutboxRow.id)
        .execution_options(populate_existing=True)
    )
    return tuple(rows)


async def find(session: Session, row_id: int) -> OutboxRow | None:
    """The row with that id."""
    return await session.get(OutboxRow, row_id)


async def replan(
    session: Session, row: OutboxRow, *, content: dict[str, Any], now: datetime, **values: Any
) -> None:
    """Gives a row another content, or sends it once more; an answer on its way is outdated."""
    changed = {"state": OutboxState.PLANNED, "due_at": now, "words": None, "ended_at": None}
    await session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == row.id)
        .values(content=content, revision=OutboxRow.revision + 1, **(changed | values))
        .execution_options(synchronize_session=False)
    )


async def amend(session: Session, row: OutboxRow, **values: Any) -> None:
    """Writes something beside what is sent, so that an answer on its way still counts."""
    await session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == row.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


async def stores_with_work(session: Session, *, now: datetime, limit: int) -> list[StoreId]:
    """Stores of which something is due or is still to be said in the host."""
    is_due = or_(OutboxRow.due_at <= now, OutboxRow.note.is_not(None))
    rows = await session.scalars(select(OutboxRow.store_id).where(is_due).distinct().limit(limit))
    return [StoreId(each) for each in rows]


async def open_orders(session: Session, store_id: StoreId) -> list[AmazonOrderId]:
    """Placed orders that Amazon has not ended, by number."""
    found = await session.scalars(
        select(Order.amazon_order_id)
        .where(
            Order.store_id == store_id,
            Order.import_state == ImportState.PLACED,
            Order.status.in_(OPEN_STATUSES),
        )
        .order_by(Order.amazon_order_id)
    )
    return [AmazonOrderId(each) for each in found]


async def look_at(
    session: Session, store_id: StoreId, order_ids: Collection[AmazonOrderId], *, now: datetime
) -> bool:
    """Makes due what Amazon took of orders that it just told of; tells whether there is any."""
    due = await session.execute(
        update(OutboxRow)
        .where(OutboxRow.store_id == store_id, OutboxRow.amazon_order_id.in_(order_ids))
        .where(OutboxRow.state == OutboxState.ACCEPTED)
        .values(due_at=now)
        .returning(OutboxRow.id)
        .execution_options(synchronize_session=False)
    )
    return bool(due.all())


async def due_in_state(
    session: Session,
    store_id: StoreId,
    kind: OutboxKind,
    states: Collection[OutboxState],
    *,
    now: datetime,
    limit: int = 500,
) -> list[tuple[OutboxRow, Order]]:
    """Due rows with their orders, longest waiting first."""
    rows = await session.execute(
        select(OutboxRow, Order)
        .join(
            Order,
            and_(
                Order.store_id == OutboxRow.store_id,
                Order.amazon_order_id == OutboxRow.amazon_order_id,
            ),
        )
        .where(OutboxRow.store_id == store_id, OutboxRow.kind == kind)
        .where(OutboxRow.state.in_(states), OutboxRow.due_at <= now)
        .order_by(OutboxRow.due_at, OutboxRow.id)
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    return [(row, order) for row, order in rows]


async def settle(session: Session, row: OutboxRow, **values: Any) -> bool:
    """Writes what was seen of a row that nobody sends; False when it changed meanwhile."""
    written = await session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == row.id, OutboxRow.revision == row.revision)
        .where(OutboxRow.state == row.state)
        .values(**values)
        .returning(OutboxRow.id)
        .execution_options(synchronize_session=False)
    )
    return written.first() is not None


async def known_feeds(session: Session, store_id: StoreId, kind: OutboxKind) -> frozenset[str]:
    """Amazon's ids of all feeds that rows of the store went with."""
    ids = await session.scalars(
        select(OutboxRow.feed_id)
        .where(OutboxRow.store_id == store_id, OutboxRow.kind == kind)
        .where(OutboxRow.feed_id.is_not(None))
        .distinct()
    )
    return frozenset(each for each in ids if each)


async def oldest_planned(session: Session, store_id: StoreId, kind: OutboxKind) -> datetime | None:
    """Since when the first of the rows that can be sent waits; None while there is none."""
    oldest: datetime | None = await session.scalar(
        select(func.min(OutboxRow.due_at)).where(
            OutboxRow.store_id == store_id,
            OutboxRow.kind == kind,
            OutboxRow.state == OutboxState.PLANNED,
        )
    )
    return oldest


async def is_handing_in(session: Session, store_id: StoreId, kind: OutboxKind) -> bool:
    """Tells whether a feed was handed in of which it is not known whether Amazon took it."""
    return bool(
        await session.scalar(
            select(
                exists().where(
                    OutboxRow.store_id == store_id,
                    OutboxRow.kind == kind,
                    OutboxRow.state.in_([OutboxState.SENDING, OutboxState.UNKNOWN]),
                    OutboxRow.feed_id.is_(None),
                )
            )
        )
    )


async def cancellations(
    session: Session, store_id: StoreId, order_ids: Collection[AmazonOrderId]
) -> dict[AmazonOrderId, str]:
    """How far those of some orders are that Amazon is to cancel."""
    found = await session.execute(
        select(OutboxRow.amazon_order_id, OutboxRow.state)
        .where(OutboxRow.store_id == store_id, OutboxRow.amazon_order_id.in_(order_ids))
        .where(OutboxRow.kind == OutboxKind.CANCELLATION)
    )
    return {AmazonOrderId(order_id): state for order_id, state in found}


async def in_trouble(session: Session, store_id: StoreId) -> list[AmazonOrderId]:
    """Orders of which staff must look into something, by number.

    Something may have been done or not, or an order that is cancelled in the host is not at
    Amazon, where it is still waited for.
    """
    is_refused = and_(
        OutboxRow.kind == OutboxKind.CANCELLATION,
        OutboxRow.state == OutboxState.REFUSED,
        Order.status.in_(OPEN_STATUSES),
    )
    found = await session.scalars(
        select(OutboxRow.amazon_order_id)
        .join(
            Order,
            and_(
                Order.store_id == OutboxRow.store_id,
                Order.amazon_order_id == OutboxRow.amazon_order_id,
            ),
        )
        .where(OutboxRow.store_id == store_id)
        .where(or_(OutboxRow.state == OutboxState.UNKNOWN, is_refused))
        .distinct()
        .order_by(OutboxRow.amazon_order_id)
    )
    return [AmazonOrderId(each) for each in found]


async def listing(
    session: Session, *, states: Collection[OutboxState] = (), limit: int = 100
) -> list[tuple[OutboxRow, str]]:
    """Rows with the name of their store, newest first."""
    query = select(OutboxRow, Store.name).join(Store, Store.id == OutboxRow.store_id)
    if states:
        query = query.where(OutboxRow.state.in_(states))
    rows = await session.execute(query.order_by(OutboxRow.id.desc()).limit(limit))
    return [(row, name) for row, name in rows]
