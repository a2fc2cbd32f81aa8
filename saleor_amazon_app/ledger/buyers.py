"""The one place with buyer data: names, addresses, e-mails, encrypted, and erased in time.

Each order has at most one document, a JSON object whose shape is the caller's, and those that it
had before, so that an address can be compared with the one it replaces. Amazon allows keeping
them for 30 days after delivery; the former ones go with the present one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, and_, select, text, update
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
        customer_id: the customer of the shop that the order was given to; None for a guest.
    """

    __tablename__ = "buyers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["store_id", "amazon_order_id"],
            ["orders.store_id", "orders.amazon_order_id"],
            ondelete="CASCADE",
        ),
        Index("ix_buyers_erase_after", "erase_after"),
        Index(
            "ix_buyers_customer",
            "store_id",
            "customer_id",
            postgresql_where=text("customer_id IS NOT NULL"),
        ),
    )

    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    amazon_order_id: Mapped[str] = mapped_column(primary_key=True)
    document: Mapped[bytes]
    edited: Mapped[bytes | None]
    customer_id: Mapped[str | None]
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
        erase_after: until when this is kept. Another version puts it off only while the parcels
            are not all delivered.
        is_delivered: whether they are.
    """

    document: dict[str, Any]
    delivered_by: datetime | None
    erase_after: datetime
    is_delivered: bool = False


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
    known = await _known(session, store_id, buyers)
    rows = [
        {
            "store_id": store_id,
            "amazon_order_id": order_id,
            "document": cipher.encrypt_json(buyers[order_id].document),
            "delivered_by": buyers[order_id].delivered_by,
            "erase_after": end,
        }
        for order_id in sorted(buyers)
        if (end := _end_of(buyers[order_id], known.get(order_id))) > now
    ]
    if not rows:
        return
    await _keep_former(session, cipher, store_id, buyers, known)
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


@dataclass(frozen=True, slots=True)
class _Known:
    document: bytes
    last_updated_at: datetime
    erase_after: datetime


def _end_of(told: BuyerData, known: _Known | None) -> datetime:
    """Until when a buyer is kept; once all is delivered nothing puts it off."""
    if told.is_delivered and known is not None:
        return min(told.erase_after, known.erase_after)
    return told.erase_after


async def _known(
    session: Session, store_id: StoreId, buyers: Collection[AmazonOrderId]
) -> dict[AmazonOrderId, _Known]:
    rows = await session.execute(
        select(
            BuyerRow.amazon_order_id,
            BuyerRow.document,
            Order.last_updated_at,
            BuyerRow.erase_after,
        )
        .join(
            Order,
            and_(
                Order.store_id == BuyerRow.store_id,
                Order.amazon_order_id == BuyerRow.amazon_order_id,
            ),
        )
        .where(BuyerRow.store_id == store_id, BuyerRow.amazon_order_id.in_(sorted(buyers)))
    )
    return {
        AmazonOrderId(order_id): _Known(document, last_updated_at, erase_after)
        for order_id, document, last_updated_at, erase_after in rows
    }


async def _keep_former(
    session: Session,
    cipher: Cipher,
    store_id: StoreId,
    buyers: Mapping[AmazonOrderId, BuyerData],
    known: Mapping[AmazonOrderId, _Known],
) -> None:
    """Puts by what is about to be replaced by something else."""
    former = [
        {
            "store_id": store_id,
            "amazon_order_id": order_id,
            "until": one.last_updated_at,
            "document": one.document,
        }
        for order_id, one in known.items()
        if cipher.decrypt_json(one.document) != buyers[order_id].document
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


async def note_customers(
    session: Session, store_id: StoreId, customers: Mapping[AmazonOrderId, str]
) -> None:
    """Remembers to which customers of the shop orders are given, so that they are erased too."""
    for order_id in sorted(customers):
        await session.execute(
            update(BuyerRow)
            .where(BuyerRow.store_id == store_id, BuyerRow.amazon_order_id == order_id)
            .values(customer_id=customers[order_id])
            .execution_options(synchronize_session=False)
        )
