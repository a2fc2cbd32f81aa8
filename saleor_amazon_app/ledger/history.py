"""What happened to each order, in both directions: written once, never changed, no buyer data."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ForeignKey,
    Identity,
    Index,
    Text,
    bindparam,
    column,
    func,
    insert,
    select,
    table,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.ledger.base import Base, UtcDateTime
from saleor_amazon_app.ledger.session import Session


class Direction(StrEnum):
    """IN: Amazon or the host told us. OUT: we told one of them, or decided something."""

    IN = "IN"
    OUT = "OUT"


class HistoryRow(Base):
    """One event of one order."""

    __tablename__ = "history"
    __table_args__ = (Index("ix_history_order", "store_id", "amazon_order_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    store_id: Mapped[UUID] = mapped_column(ForeignKey("stores.id", ondelete="CASCADE"))
    amazon_order_id: Mapped[str]
    at: Mapped[datetime]
    kind: Mapped[str]
    direction: Mapped[str]
    by: Mapped[str]
    summary: Mapped[str]
    details: Mapped[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an order.

    Attributes:
        kind: constant, snake_case, past tense: `status_changed`, `order_placed`.
        by: who did it: `Amazon`, `Saleor`, `app`, or a member of staff.
        summary: one sentence for people.
        details: facts for machines; never a name, an address or another trace of the buyer.
    """

    amazon_order_id: AmazonOrderId
    at: datetime
    kind: str
    direction: Direction
    by: str
    summary: str
    details: dict[str, Any] = field(default_factory=dict)


# The table of orders, which knows this module and so cannot be known by it.
_ORDERS = table(
    "orders",
    column("store_id"),
    column("amazon_order_id"),
    column("last_note"),
    column("last_note_at"),
)
_LONGEST_NOTE = 500
# What becomes of a buyer is no news of the order; it is recorded while buyers are locked, and
# whoever keeps orders locks the order first.
_NO_NOTES = "buyer_"


async def record(session: Session, store_id: StoreId, events: Sequence[Event]) -> None:
    """Appends events, in the transaction that makes them true; the last is its order's note.

    It locks the orders: a transaction that locks rows about them locks the orders first.
    """
    rows = [
        {
            "store_id": store_id,
            "amazon_order_id": event.amazon_order_id,
            "at": event.at,
            "kind": event.kind,
            "direction": event.direction,
            "by": event.by,
            "summary": event.summary,
            "details": event.details,
        }
        for event in events
    ]
    if rows:
        await session.execute(insert(HistoryRow), rows)
    await _note(session, store_id, events)


async def _note(session: Session, store_id: StoreId, events: Sequence[Event]) -> None:
    last = {e.amazon_order_id: e for e in events if not e.kind.startswith(_NO_NOTES)}
    if not last:
        return
    told = (
        func.unnest(
            bindparam("orders", sorted(last), ARRAY(Text())),
            bindparam(
                "notes", [last[n].summary[:_LONGEST_NOTE] for n in sorted(last)], ARRAY(Text())
            ),
            bindparam("moments", [last[n].at for n in sorted(last)], ARRAY(UtcDateTime())),
        )
        .table_valued("number", "note", "at", name="told")
        .render_derived()
    )
    await session.execute(
        update(_ORDERS)
        .where(_ORDERS.c.store_id == store_id, _ORDERS.c.amazon_order_id == told.c.number)
        .values(last_note=told.c.note, last_note_at=told.c.at)
    )


async def history_of(
    session: Session, store_id: StoreId, amazon_order_id: AmazonOrderId
) -> list[Event]:
    """All events of an order, in the order they were recorded."""
    rows = await session.scalars(
        select(HistoryRow)
        .where(HistoryRow.store_id == store_id, HistoryRow.amazon_order_id == amazon_order_id)
        .order_by(HistoryRow.id)
    )
    return [
        Event(
            amazon_order_id=AmazonOrderId(row.amazon_order_id),
            at=row.at,
            kind=row.kind,
            direction=Direction(row.direction),
            by=row.by,
            summary=row.summary,
            details=row.details,
        )
        for row in rows
    ]
