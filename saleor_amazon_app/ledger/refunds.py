"""Refunds in Amazon's books, whoever made them, and which of them this app asked for.

Amazon's books name no request, so that each entry is compared with what the outbox sent. It stays
OPEN until that can be told for sure.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, BigInteger, ForeignKey, Index, and_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.ledger.base import Base
from saleor_amazon_app.ledger.orders import ImportState, Order
from saleor_amazon_app.ledger.session import Session


class MadeBy(StrEnum):
    """Who made a refund.

    OPEN: not known yet. OURS: one that was sent from here. OTHERS: made in Seller Central, or by
    Amazon. UNCLEAR: perhaps one that was sent from here, for another amount.
    """

    OPEN = "OPEN"
    OURS = "OURS"
    OTHERS = "OTHERS"
    UNCLEAR = "UNCLEAR"


class BookedRefund(Base):
    """An entry of Amazon's books, of an order that is here or will be.

    Attributes:
        transaction_id: Amazon's; the same whenever the entry is listed.
        amount: what the buyer got.
        parts: SKU, Amazon's name of the part, and amount; empty where only the total is known.
        outbox_id: which of ours it is.
    """

    __tablename__ = "booked_refunds"
    __table_args__ = (
        Index("ix_booked_refunds_order", "store_id", "amazon_order_id"),
        Index(
            "ix_booked_refunds_open",
            "store_id",
            postgresql_where=text("made_by IN ('OPEN', 'UNCLEAR')"),
        ),
    )

    store_id: Mapped[UUID] = mapped_column(
        ForeignKey("stores.id", ondelete="CASCADE"), primary_key=True
    )
    transaction_id: Mapped[str] = mapped_column(primary_key=True)
    amazon_order_id: Mapped[str]
    posted_at: Mapped[datetime]
    amount: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(CHAR(3))
    parts: Mapped[list[dict[str, Any]]]
    made_by: Mapped[str]
    outbox_id: Mapped[int | None] = mapped_column(BigInteger)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry about to be kept; the columns explain the fields."""

    transaction_id: str
    amazon_order_id: AmazonOrderId
    posted_at: datetime
    amount: Decimal
    currency: str
    parts: list[dict[str, Any]]


async def keep(session: Session, store_id: StoreId, entries: Sequence[Entry]) -> int:
    """Keeps entries, each once; tells how many were new."""
    new = 0
    for entry in entries:
        made = await session.execute(
            insert(BookedRefund)
            .values(
                store_id=store_id,
                transaction_id=entry.transaction_id,
                amazon_order_id=entry.amazon_order_id,
                posted_at=entry.posted_at,
                amount=entry.amount,
                currency=entry.currency,
                parts=entry.parts,
                made_by=MadeBy.OPEN,
            )
            .on_conflict_do_nothing()
            .returning(BookedRefund.transaction_id)
        )
        new += made.first() is not None
    return new


async def of_orders(
    session: Session, store_id: StoreId, order_ids: Collection[AmazonOrderId]
) -> dict[AmazonOrderId, tuple[BookedRefund, ...]]:
    """What was booked of some orders, oldest first; orders without an entry are left out."""
    rows = await session.scalars(
        select(BookedRefund)
        .where(BookedRefund.store_id == store_id)
        .where(BookedRefund.amazon_order_id.in_(order_ids))
        .order_by(BookedRefund.posted_at, BookedRefund.transaction_id)
        .execution_options(populate_existing=True)
    )
    found: dict[AmazonOrderId, tuple[BookedRefund, ...]] = {}
    for row in rows:
        order_id = AmazonOrderId(row.amazon_order_id)
        found[order_id] = (*found.get(order_id, ()), row)
    return found


async def undecided(session: Session, store_id: StoreId) -> list[AmazonOrderId]:
    """Placed orders of which it is not known who made a refund, by number."""
    found = await session.scalars(
        select(BookedRefund.amazon_order_id)
        .join(
            Order,
            and_(
                Order.store_id == BookedRefund.store_id,
                Order.amazon_order_id == BookedRefund.amazon_order_id,
            ),
        )
        .where(BookedRefund.store_id == store_id)
        .where(BookedRefund.made_by.in_((MadeBy.OPEN, MadeBy.UNCLEAR)))
        .where(Order.import_state == ImportState.PLACED)
        .distinct()
        .order_by(BookedRefund.amazon_order_id)
    )
    return [AmazonOrderId(each) for each in found]


async def decide(
    session: Session, row: BookedRefund, made_by: MadeBy, outbox_id: int | None = None
) -> None:
    """Writes down who made a refund."""
    await session.execute(
        update(BookedRefund)
        .where(BookedRefund.store_id == row.store_id)
        .where(BookedRefund.transaction_id == row.transaction_id)
        .values(made_by=made_by, outbox_id=outbox_id)
        .execution_options(synchronize_session=False)
    )
