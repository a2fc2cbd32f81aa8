"""What was last reported to each shop's dashboard, so that only a change is reported again."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from saleor_amazon_app.ledger.base import Base
from saleor_amazon_app.ledger.installations import Installation
from saleor_amazon_app.ledger.orders import ImportState, Order
from saleor_amazon_app.ledger.session import Session
from saleor_amazon_app.ledger.stores import Store, StoreStatus


class ProblemRow(Base):
    """A problem that stands in a shop's dashboard.

    Attributes:
        app_id: of the installation it was reported by; the shop forgets it with that one.
    """

    __tablename__ = "problems"

    installation_id: Mapped[UUID] = mapped_column(
        ForeignKey("installations.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(primary_key=True)
    app_id: Mapped[str]
    message: Mapped[str]
    reported_at: Mapped[datetime]


async def reported(session: Session, shop: Installation) -> dict[str, str]:
    """The messages that stand in the dashboard, by key; none after the app was installed anew."""
    rows = await session.execute(
        select(ProblemRow.key, ProblemRow.message).where(
            ProblemRow.installation_id == shop.id, ProblemRow.app_id == shop.app_id
        )
    )
    return dict(rows.all())


async def record_reported(
    session: Session, shop: Installation, problems: Mapping[str, str], *, now: datetime
) -> None:
    """Notes what was reported; a key that stood there already has a new message."""
    for key, message in sorted(problems.items()):
        values = {"app_id": shop.app_id, "message": message, "reported_at": now}
        await session.execute(
            insert(ProblemRow)
            .values(installation_id=shop.id, key=key, **values)
            .on_conflict_do_update(
                index_elements=[ProblemRow.installation_id, ProblemRow.key], set_=values
            )
        )


async def record_dismissed(session: Session, installation_id: UUID, keys: list[str]) -> None:
    """Notes that problems no longer stand there."""
    await session.execute(
        delete(ProblemRow).where(
            ProblemRow.installation_id == installation_id, ProblemRow.key.in_(keys)
        )
    )


async def stores_with_held_orders(session: Session, installation_id: UUID) -> list[str]:
    """Names of the shop's active stores of which at least one order is held."""
    is_held = (
        select(Order.amazon_order_id)
        .where(Order.store_id == Store.id, Order.import_state == ImportState.HELD)
        .exists()
    )
    names = await session.scalars(
        select(Store.name)
        .where(
            Store.installation_id == installation_id,
            Store.status != StoreStatus.INACTIVE,
            is_held,
        )
        .order_by(Store.name)
    )
    return list(names)
