"""The settings page of each store, kept as the one JSON value that core knows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from saleor_amazon_app.core.choices import Choices
from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.ledger.base import Base
from saleor_amazon_app.ledger.session import Session


class ChoicesRow(Base):
    """What a merchant chose, as `stores --json` prints it."""

    __tablename__ = "choices"

    store_id: Mapped[UUID] = mapped_column(
        ForeignKey("stores.id", ondelete="CASCADE"), primary_key=True
    )
    document: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]


async def choices_of(session: Session, store_id: StoreId) -> Choices:
    """The store's settings; the defaults of the settings page before anything was saved."""
    document = await session.scalar(
        select(ChoicesRow.document).where(ChoicesRow.store_id == store_id)
    )
    return Choices() if document is None else Choices.model_validate(document)


async def save_choices(
    session: Session, store_id: StoreId, choices: Choices, *, now: datetime
) -> None:
    """Replaces the store's settings."""
    values = {"document": choices.model_dump(mode="json", by_alias=True), "updated_at": now}
    await session.execute(
        insert(ChoicesRow)
        .values(store_id=store_id, **values)
        .on_conflict_do_update(index_elements=[ChoicesRow.store_id], set_=values)
    )


async def choices_of_all(session: Session, store_ids: Sequence[StoreId]) -> dict[StoreId, Choices]:
    """The settings of several stores; each of them has some."""
    rows = await session.execute(
        select(ChoicesRow.store_id, ChoicesRow.document).where(ChoicesRow.store_id.in_(store_ids))
    )
    saved = {StoreId(store_id): Choices.model_validate(document) for store_id, document in rows}
    return {store_id: saved.get(store_id, Choices()) for store_id in store_ids}
