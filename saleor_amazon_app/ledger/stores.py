"""Connected Amazon seller accounts: one row a seller in one region, owned by one shop."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from pydantic import SecretStr
from sqlalchemy import (
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    cast,
    delete,
    exists,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, aliased, mapped_column

from saleor_amazon_app.core.errors import NeedsMerchant
from saleor_amazon_app.core.ids import MarketplaceId, StoreId
from saleor_amazon_app.core.marketplaces import Region
from saleor_amazon_app.ledger.base import Base
from saleor_amazon_app.ledger.installations import Installation, InstallationStatus
from saleor_amazon_app.ledger.secrets import Cipher
from saleor_amazon_app.ledger.session import Session


class StoreStatus(StrEnum):
    """ACTIVE is synced; INACTIVE was switched off by staff; REAUTHORISE lost Amazon's consent."""

    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"
    REAUTHORISE = "REAUTHORISE"


class Store(Base):
    """One store; client secret and refresh token are encrypted.

    Attributes:
        seller_id: Amazon's merchant id; unknown until Amazon or the merchant tells it.
        status_reason: in the merchant's words, why the store is not ACTIVE.
        granted_datasets: the `includedData` set that worked last; None before the first call.
        next_sync_at: when the store is due; moved on by whoever takes it.
        next_sweep_at: when it is due for the daily look for what no list showed; like
            `next_sync_at` moved on by whoever takes it.
    """

    __tablename__ = "stores"
    __table_args__ = (
        UniqueConstraint("installation_id", "name"),
        UniqueConstraint("installation_id", "region", "seller_id"),
        Index("ix_stores_due", "next_sync_at", postgresql_where=text("status = 'ACTIVE'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    installation_id: Mapped[UUID] = mapped_column(ForeignKey("installations.id"))
    name: Mapped[str]
    region: Mapped[str]
    seller_id: Mapped[str | None]
    marketplaces: Mapped[list[str]]
    lwa_client_id: Mapped[str]
    lwa_client_secret: Mapped[bytes]
    refresh_token: Mapped[bytes]
    status: Mapped[str]
    status_reason: Mapped[str | None]
    granted_datasets: Mapped[list[str] | None]
    connected_at: Mapped[datetime]
    last_synced_at: Mapped[datetime | None]
    next_sync_at: Mapped[datetime]
    next_sweep_at: Mapped[datetime]

    def authorisation(self, cipher: Cipher) -> "Authorisation":
        """What Login with Amazon wants to see, readable."""
        return Authorisation(
            lwa_client_id=self.lwa_client_id,
            lwa_client_secret=cipher.decrypt_text(self.lwa_client_secret),
            refresh_token=cipher.decrypt_text(self.refresh_token),
        )


@dataclass(frozen=True, slots=True)
class Authorisation:
    """A seller's consent: the refresh token and the client it was given to."""

    lwa_client_id: str
    lwa_client_secret: SecretStr
    refresh_token: SecretStr


@dataclass(frozen=True, slots=True)
class NewStore:
    """A seller account about to be connected; its name is unique in the shop."""

    name: str
    region: Region
    marketplaces: tuple[MarketplaceId, ...]
    authorisation: Authorisation
    seller_id: str | None = None


async def connect_store(
    session: Session,
    cipher: Cipher,
    installation_id: UUID,
    store: NewStore,
    *,
    now: datetime,
    sweep_at: datetime,
) -> StoreId:
    """Keeps a new store; it is due at once, and swept from the given time on.

    Raises:
        NeedsMerchant: the shop has a store of that name, or that seller in that region, already.
    """
    store_id = await session.scalar(
        insert(Store)
        .values(
            id=uuid4(),
            installation_id=installation_id,
            name=store.name,
            region=store.region,
            seller_id=store.seller_id,
            marketplaces=list(store.marketplaces),
            lwa_client_id=store.authorisation.lwa_client_id,
            lwa_client_secret=cipher.encrypt_text(store.authorisation.lwa_client_secret),
            refresh_token=cipher.encrypt_text(store.authorisation.refresh_token),
            status=StoreStatus.ACTIVE,
            connected_at=now,
            next_sync_at=now,
            next_sweep_at=sweep_at,
        )
        .on_conflict_do_nothing()
        .returning(Store.id)
    )
    if store_id is None:
        raise NeedsMerchant(
            "amazon-store-known",
            f"The shop already has a store {store.name!r}, or this seller in {store.region}.",
        )
    return StoreId(store_id)


async def reauthorise_store(
    session: Session,
    cipher: Cipher,
    store_id: StoreId,
    authorisation: Authorisation,
    *,
    seller_id: str | None = None,
) -> None:
    """Replaces the consent of a store, which is active again; keeps the seller's id if it is told.

    The new consent may go with other roles, so that every dataset is asked for again.
    """
    await session.execute(
        update(Store)
        .where(Store.id == store_id)
        .values(
            lwa_client_id=authorisation.lwa_client_id,
            lwa_client_secret=cipher.encrypt_text(authorisation.lwa_client_secret),
            refresh_token=cipher.encrypt_text(authorisation.refresh_token),
            seller_id=seller_id or Store.seller_id,
            status=StoreStatus.ACTIVE,
            status_reason=None,
            granted_datasets=None,
        )
    )


async def store(session: Session, store_id: StoreId) -> Store:
    """The store with that id.

    Raises:
        NeedsMerchant: it was disconnected meanwhile.
    """
    found = await session.get(Store, store_id)
    if found is None:
        raise NeedsMerchant("store-disconnected", "The store was disconnected.")
    return found


async def stores_of(session: Session, installation_id: UUID) -> list[Store]:
    """All stores of a shop, by name."""
    rows = await session.scalars(
        select(Store).where(Store.installation_id == installation_id).order_by(Store.name)
    )
    return list(rows)


async def stores_named(session: Session, name_or_id: str) -> list[Store]:
    """The stores of all shops with that name or id; a name is unique only within its shop."""
    rows = await session.scalars(
        select(Store)
        .where(or_(Store.name == name_or_id, cast(Store.id, Text) == name_or_id))
        .order_by(Store.connected_at)
    )
    return list(rows)


async def store_in(session: Session, installation_id: UUID, store_id: UUID) -> Store | None:
    """The store of a shop; None for everybody else's."""
    return await session.scalar(
        select(Store).where(Store.id == store_id, Store.installation_id == installation_id)
    )


async def lock(session: Session, store_id: StoreId) -> Store | None:
    """The store as it is now; nobody else can lock it until the transaction ends."""
    return await session.get(Store, store_id, with_for_update=True, populate_existing=True)


async def is_elsewhere(
    session: Session, installation_id: UUID, *, region: Region, seller_id: str, lwa_client_id: str
) -> bool:
    """Whether another shop is connected to that seller through the same app."""
    return bool(
        await session.scalar(
            select(
                exists().where(
                    Store.installation_id != installation_id,
                    Store.region == region,
                    Store.seller_id == seller_id,
                    Store.lwa_client_id == lwa_client_id,
                )
            )
        )
    )


async def disconnect_store(session: Session, store_id: StoreId) -> None:
    """Deletes a store with all that is known of its orders, buyers and tokens."""
    await session.execute(delete(Store).where(Store.id == store_id))


async def stores_due(session: Session, now: datetime, limit: int) -> list[Store]:
    """Takes active stores whose time to sync has come, longest waiting first.

    The rows stay locked until the transaction ends and are passed over by other takers, so that
    the same transaction can enqueue their jobs and call `sync_again_at`.
    """
    rows = await session.scalars(
        select(Store)
        .join(Installation, Installation.id == Store.installation_id)
        .where(
            Store.status == StoreStatus.ACTIVE,
            Store.next_sync_at <= now,
            Installation.status == InstallationStatus.ACTIVE,
        )
        .order_by(Store.next_sync_at, Store.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Store)
    )
    return list(rows)


async def take_due_for_sweep(
    session: Session, now: datetime, limit: int, *, again_at: datetime
) -> list[StoreId]:
    """Takes active stores whose sweep is due and moves their next one on."""
    rows = await session.scalars(
        select(Store)
        .join(Installation, Installation.id == Store.installation_id)
        .where(
            Store.status == StoreStatus.ACTIVE,
            Store.next_sweep_at <= now,
            Installation.status == InstallationStatus.ACTIVE,
        )
        .order_by(Store.next_sweep_at, Store.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Store)
    )
    taken = list(rows)
    for row in taken:
        row.next_sweep_at = again_at
    return [StoreId(row.id) for row in taken]


async def sync_again_at(session: Session, store_ids: Collection[StoreId], moment: datetime) -> None:
    """Sets when stores are due next."""
    await session.execute(
        update(Store)
        .where(Store.id.in_(store_ids))
        .values(next_sync_at=moment)
        .execution_options(synchronize_session=False)
    )


async def active(session: Session, store_ids: Collection[StoreId]) -> list[Store]:
    """Those of the stores that are still there and switched on, by id."""
    rows = await session.scalars(
        select(Store)
        .where(Store.id.in_(store_ids), Store.status == StoreStatus.ACTIVE)
        .order_by(Store.id)
    )
    return list(rows)


async def read_anew(session: Session, store_id: StoreId, *, now: datetime) -> None:
    """Has a store read and swept now, with every dataset asked for again."""
    await session.execute(
        update(Store)
        .where(Store.id == store_id)
        .values(granted_datasets=None, next_sync_at=now, next_sweep_at=now)
    )


async def all_due(session: Session, installation_id: UUID, *, now: datetime) -> None:
    """Makes every store of a shop due, because the shop works again."""
    await session.execute(
        update(Store).where(Store.installation_id == installation_id).values(next_sync_at=now)
    )


async def record_synced(session: Session, store_ids: Collection[StoreId], *, now: datetime) -> None:
    """Notes that all of Amazon's changes up to now were read."""
    await session.execute(
        update(Store)
        .where(Store.id.in_(store_ids))
        .values(last_synced_at=now)
        .execution_options(synchronize_session=False)
    )


async def set_store_status(
    session: Session, store_id: StoreId, status: StoreStatus, *, reason: str | None = None
) -> None:
    """Switches a store on or off, or notes that its consent is lost, with words that say why."""
    await session.execute(
        update(Store).where(Store.id == store_id).values(status=status, status_reason=reason)
    )


async def note_consent_lost(session: Session, used: Store, reason: str) -> bool:
    """Notes that Amazon refused the consent of this row; False when that is no longer news.

    Staff may have switched the store off, or authorised it again, since the row was read.
    """
    noted = await session.execute(
        update(Store)
        .where(
            Store.id == used.id,
            Store.refresh_token == used.refresh_token,
            Store.lwa_client_secret == used.lwa_client_secret,
            Store.status == StoreStatus.ACTIVE,
        )
        .values(status=StoreStatus.REAUTHORISE, status_reason=reason)
        .returning(Store.id)
    )
    return noted.scalar_one_or_none() is not None


async def learn_seller_id(session: Session, known: Store, seller_id: str) -> None:
    """Keeps Amazon's id of a seller that was not known, unless another store has it."""
    other = aliased(Store)
    is_taken = exists().where(
        other.installation_id == known.installation_id,
        other.region == known.region,
        other.seller_id == seller_id,
    )
    await session.execute(
        update(Store)
        .where(Store.id == known.id, Store.seller_id.is_(None), ~is_taken)
        .values(seller_id=seller_id)
        .execution_options(synchronize_session=False)
    )


async def keep_granted_datasets(
    session: Session, store_id: StoreId, datasets: tuple[str, ...]
) -> None:
    """Remembers which `includedData` Amazon grants this seller, so that no call is wasted."""
    kept = list(datasets)
    await session.execute(
        update(Store)
        .where(Store.id == store_id, Store.granted_datasets.is_distinct_from(kept))
        .values(granted_datasets=kept)
    )
