"""What a shop may still have of buyers whom our own memory has erased, until it is erased there.

The rows belong to the shop, not to a store: a store that was disconnected leaves orders with
addresses in the shop, and their time comes all the same. They hold no buyer data.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, ForeignKey, Index, and_, delete, exists, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from saleor_amazon_app.core.ids import AmazonOrderId, CustomerId, StoreId
from saleor_amazon_app.ledger.base import Base
from saleor_amazon_app.ledger.buyers import BuyerRow
from saleor_amazon_app.ledger.installations import Installation, InstallationStatus
from saleor_amazon_app.ledger.orders import Order
from saleor_amazon_app.ledger.session import Session
from saleor_amazon_app.ledger.stores import Store


class HostCopyRow(Base):
    """One order number under which a shop may have buyer data.

    Attributes:
        customer_id: the customer whom the shop has the order from; None for a guest.
        erase_at: when it is to be erased there, or tried again.
    """

    __tablename__ = "host_copies"
    __table_args__ = (
        Index("ix_host_copies_due", "installation_id", "erase_at"),
        Index(
            "ix_host_copies_customer",
            "installation_id",
            "customer_id",
            postgresql_where=text("customer_id IS NOT NULL"),
        ),
    )

    installation_id: Mapped[UUID] = mapped_column(
        ForeignKey("installations.id", ondelete="CASCADE"), primary_key=True
    )
    amazon_order_id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str | None]
    erase_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class HostCopy:
    """What is to be erased in a shop.

    Attributes:
        store_id: where the order is known; None once its store is gone.
    """

    order_id: AmazonOrderId
    customer_id: CustomerId | None
    store_id: StoreId | None


@dataclass(frozen=True, slots=True)
class Erased:
    """A buyer whom the ledger has erased."""

    store_id: StoreId
    order_id: AmazonOrderId


async def erase_due_buyers(session: Session, *, now: datetime, limit: int) -> list[Erased]:
    """Erases buyers here whose time is over, so many at most, and has them erased in their shops.

    Their former and edited addresses go with them.
    """
    due = (
        select(BuyerRow.store_id, BuyerRow.amazon_order_id)
        .where(BuyerRow.erase_after <= now)
        .order_by(BuyerRow.erase_after)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return await _erase(session, due.cte("due"), now=now)


async def erase_buyers_of(session: Session, store_id: StoreId, *, now: datetime) -> None:
    """Erases all buyers of a store here; each has its own time in the shop."""
    all_ = select(BuyerRow.store_id, BuyerRow.amazon_order_id).where(BuyerRow.store_id == store_id)
    await _erase(session, all_.cte("due"), now=now)


async def _erase(session: Session, due: CTE, *, now: datetime) -> list[Erased]:
    gone = await session.execute(
        delete(BuyerRow)
        .where(
            BuyerRow.store_id == due.c.store_id,
            BuyerRow.amazon_order_id == due.c.amazon_order_id,
            BuyerRow.store_id == Store.id,
        )
        .returning(
            Store.installation_id,
            BuyerRow.store_id,
            BuyerRow.amazon_order_id,
            BuyerRow.customer_id,
            BuyerRow.erase_after,
        )
        .execution_options(synchronize_session=False)
    )
    rows = gone.all()
    if rows:
        await session.execute(
            _upsert(),
            [
                {
                    "installation_id": row.installation_id,
                    "amazon_order_id": row.amazon_order_id,
                    "customer_id": row.customer_id,
                    "erase_at": max(now, row.erase_after),
                }
                for row in sorted(rows, key=lambda row: row.amazon_order_id)
            ],
        )
    return [Erased(StoreId(row.store_id), AmazonOrderId(row.amazon_order_id)) for row in rows]


def _upsert() -> Any:
    statement = insert(HostCopyRow)
    return statement.on_conflict_do_update(
        index_elements=[HostCopyRow.installation_id, HostCopyRow.amazon_order_id],
        set_={
            "customer_id": func.coalesce(statement.excluded.customer_id, HostCopyRow.customer_id),
            "erase_at": statement.excluded.erase_at,
        },
    )


async def shops_with_due(session: Session, *, now: datetime) -> list[UUID]:
    """Shops that have the app and something that is to be erased there."""
    due = exists().where(
        HostCopyRow.installation_id == Installation.id, HostCopyRow.erase_at <= now
    )
    found = await session.scalars(
        select(Installation.id).where(Installation.status == InstallationStatus.ACTIVE, due)
    )
    return list(found)


async def due_in(
    session: Session, installation_id: UUID, *, now: datetime, limit: int
) -> list[HostCopy]:
    """What is to be erased in a shop, longest due first."""
    of_shop = select(Store.id).where(Store.installation_id == installation_id)
    rows = await session.execute(
        select(HostCopyRow.amazon_order_id, HostCopyRow.customer_id, Order.store_id)
        .outerjoin(
            Order,
            and_(
                Order.amazon_order_id == HostCopyRow.amazon_order_id,
                Order.store_id.in_(of_shop),
            ),
        )
        .where(HostCopyRow.installation_id == installation_id, HostCopyRow.erase_at <= now)
        .order_by(HostCopyRow.erase_at, HostCopyRow.amazon_order_id)
        .limit(limit)
    )
    return [
        HostCopy(
            AmazonOrderId(order_id),
            CustomerId(customer_id) if customer_id else None,
            StoreId(store_id) if store_id else None,
        )
        for order_id, customer_id, store_id in rows
    ]


async def still_buying(
    session: Session,
    installation_id: UUID,
    customers: Collection[CustomerId],
    *,
    but: Collection[AmazonOrderId],
) -> set[CustomerId]:
    """Which of these customers have other orders whose buyers are not erased everywhere yet."""
    here = select(BuyerRow.customer_id).where(
        BuyerRow.customer_id.in_(customers),
        BuyerRow.store_id.in_(select(Store.id).where(Store.installation_id == installation_id)),
    )
    there = select(HostCopyRow.customer_id).where(
        HostCopyRow.installation_id == installation_id,
        HostCopyRow.customer_id.in_(customers),
        HostCopyRow.amazon_order_id.not_in(but),
    )
    return {CustomerId(one) for one in await session.scalars(here.union(there)) if one}


async def forget(
    session: Session, installation_id: UUID, order_ids: Collection[AmazonOrderId]
) -> None:
    """Nothing of these buyers is left in the shop."""
    await session.execute(
        delete(HostCopyRow).where(
            HostCopyRow.installation_id == installation_id,
            HostCopyRow.amazon_order_id.in_(order_ids),
        )
    )


async def put_off(
    session: Session,
    installation_id: UUID,
    until: datetime,
    *,
    order_ids: Collection[AmazonOrderId] | None = None,
) -> None:
    """Tries these again at that moment; without numbers all that would be due before."""
    some = HostCopyRow.installation_id == installation_id
    if order_ids is not None:
        some = and_(some, HostCopyRow.amazon_order_id.in_(order_ids))
    await session.execute(
        update(HostCopyRow).where(some, HostCopyRow.erase_at < until).values(erase_at=until)
    )
