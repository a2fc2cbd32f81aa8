"""What happened to each order, in both directions: written once, never changed, no buyer data."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.ledger.base import Base
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


async def record(session: Session, store_id: StoreId, events: Sequence[Event]) -> None:
    """Appends events, in the transaction that makes them true."""
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
