"""The one place with buyer data: names, addresses, e-mails, encrypted, and erased in time.

Each order has at most one document, a JSON object whose shape is the caller's, and those that it
had before, so that an address can be compared with the one it replaces. Amazon allows keeping
them for 30 days after delivery; the former ones go with the present one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, and_, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.ledger.base import Base
from saleor_amazon_app.ledger.orders import Order
from saleor_amazon_app.ledger.secrets import Cipher
from saleor_amazon_app.ledger.session import Session


class BuyerRow(Base):
    """The buyer of one order, unreadable without the key.

    Attributes:
        edited: what staff entered in place of a part of the document; None where they did not.
    """

    __tablename__ = "buyers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["store_id", "amazon_order_id"],
            ["orders.store_id", "orders.amazon_order_id"],
            ondelete="CASCADE",
        ),
        Index("ix_buyers_erase_after", "erase_after"),
    )

    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    amazon_order_id: Mapped[str] = mapped_column(primary_key=True)
    document: Mapped[bytes]
    edited: Mapped[bytes | None]
    delivered_by: Mapped[datetime | None]
    erase_after: Mapped[datetime]


class FormerBuyerRow(Base):
    """What was known of a buyer until Amazon told something else.

    Attributes:
        until: Amazon's time of the version that told something else.
    """

    __tablename__ = "former_buyers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["store_id", "amazon_order_id"],
            ["buyers.store_id", "buyers.amazon_order_id"],
            ondelete="CASCADE",
        ),
    )

    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    amazon_order_id: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime] = mapped_column(primary_key=True)
    document: Mapped[bytes]


@dataclass(frozen=True, slots=True)
class BuyerData:
    """What one order tells about its buyer.

    Attributes:
        document: JSON-able; decimals as strings.
        delivered_by: when the order was delivered, or must be at the latest; None if unknown.
        erase_after: the last moment at which this may still be kept.
    """

    document: dict[str, Any]
    delivered_by: datetime | None
    erase_after: datetime


async def keep(
    session: Session,
    cipher: Cipher,
    store_id: StoreId,
    buyers: Mapping[AmazonOrderId, BuyerData],
    *,
    now: datetime,
) -> None:
    """Keeps the buyers of orders that are in the ledger already; what it replaces stays as former.

    What is past its time is not kept: reading an old order again must not bring its buyer back.
    """
    rows = [
        {
            "store_id": store_id,
            "amazon_order_id": order_id,
            "document": cipher.encrypt_json(buyers[order_id].document),
            "delivered_by": buyers[order_id].delivered_by,
            "erase_after": buyers[order_id].erase_after,
        }
        for order_id in sorted(buyers)
        if buyers[order_id].erase_after > now
    ]
    if not rows:
        return
    await _keep_former(session, cipher, store_id, buyers)
    statement = insert(BuyerRow)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[BuyerRow.store_id, BuyerRow.amazon_order_id],
            set_={
                "document": statement.excluded.document,
                "delivered_by": statement.excluded.delivered_by,
                "erase_after": statement.excluded.erase_after,
            },
        ),
        rows,
    )


async def _keep_former(
    session: Session,
    cipher: Cipher,
    store_id: StoreId,
    buyers: Mapping[AmazonOrderId, BuyerData],
) -> None:
    """Puts by what is about to be replaced by something else."""
    known = await session.execute(
        select(BuyerRow.amazon_order_id, BuyerRow.document, Order.last_updated_at)
        .join(
            Order,
            and_(
                Order.store_id == BuyerRow.store_id,
                Order.amazon_order_id == BuyerRow.amazon_order_id,
            ),
        )
        .where(BuyerRow.store_id == store_id, BuyerRow.amazon_order_id.in_(sorted(buyers)))
    )
    former = [
        {
            "store_id": store_id,
            "amazon_order_id": order_id,
            "until": last_updated_at,
            "document": document,
        }
        for order_id, document, last_updated_at in known
        if cipher.decrypt_json(document) != buyers[AmazonOrderId(order_id)].document
    ]
    if former:
        await session.execute(insert(FormerBuyerRow).on_conflict_do_nothing(), former)


async def read_former(
    session: Session,
    cipher: Cipher,
    store_id: StoreId,
    moments: Mapping[AmazonOrderId, datetime],
) -> dict[AmazonOrderId, list[dict[str, Any]]]:
    """What was known of buyers in the version of that time of Amazon's, and before it.

    The newest comes first. An order whose buyer is the same to this day, or erased, is missing.
    """
    rows = await session.execute(
        select(FormerBuyerRow.amazon_order_id, FormerBuyerRow.until, FormerBuyerRow.document)
        .where(
            FormerBuyerRow.store_id == store_id,
            FormerBuyerRow.amazon_order_id.in_(sorted(moments)),
        )
        .order_by(FormerBuyerRow.until.desc())
    )
    found: dict[AmazonOrderId, list[dict[str, Any]]] = {}
    for number, until, document in rows:
        order_id, known = AmazonOrderId(number), cipher.decrypt_json(document)
        if until > moments[order_id]:
            # The earliest that held on beyond the moment is the one of the moment.
            found[order_id] = [known]
        elif order_id in found:
            found[order_id].append(known)
    return found


async def read_many(
    session: Session, cipher: Cipher, store_id: StoreId, order_ids: Sequence[AmazonOrderId]
) -> dict[AmazonOrderId, dict[str, Any]]:
    """The documents of these orders; an order without one, or erased, is missing."""
    rows = await session.execute(
        select(BuyerRow.amazon_order_id, BuyerRow.document).where(
            BuyerRow.store_id == store_id, BuyerRow.amazon_order_id.in_(order_ids)
        )
    )
    return {AmazonOrderId(order_id): cipher.decrypt_json(document) for order_id, document in rows}


async def erase(session: Session, store_id: StoreId, order_ids: Sequence[AmazonOrderId]) -> int:
    """Erases the buyers of these orders and tells how many there were."""
    erased = await session.execute(
        delete(BuyerRow)
        .where(BuyerRow.store_id == store_id, BuyerRow.amazon_order_id.in_(order_ids))
        .returning(BuyerRow.amazon_order_id)
    )
    return len(erased.all())
