"""The shops this app is installed in: the tenants, each known by its `saleor_api_url`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from pydantic import SecretStr
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from saleor_amazon_app.core.ids import SaleorApiUrl
from saleor_amazon_app.ledger.base import Base
from saleor_amazon_app.ledger.secrets import Cipher
from saleor_amazon_app.ledger.session import Session


class InstallationStatus(StrEnum):
    """Whether the shop still has the app.

    REFUSED: the shop no longer accepts our token although nobody told us that the app was removed.
    """

    ACTIVE = "ACTIVE"
    REMOVED = "REMOVED"
    REFUSED = "REFUSED"


class Installation(Base):
    """One shop; its token is encrypted."""

    __tablename__ = "installations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    saleor_api_url: Mapped[str] = mapped_column(unique=True)
    domain: Mapped[str]
    app_id: Mapped[str]
    token: Mapped[bytes]
    jwks: Mapped[dict[str, Any] | None]
    saleor_version: Mapped[str | None]
    status: Mapped[str]
    installed_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def auth_token(self, cipher: Cipher) -> SecretStr:
        """The app's token in the shop, readable."""
        return cipher.decrypt_text(self.token)


@dataclass(frozen=True, slots=True)
class Registration:
    """What a shop tells when it installs the app."""

    saleor_api_url: SaleorApiUrl
    domain: str
    app_id: str
    token: SecretStr
    jwks: dict[str, Any] | None = None
    saleor_version: str | None = None


async def install(
    session: Session, cipher: Cipher, registration: Registration, *, now: datetime
) -> UUID:
    """Keeps an installation; installing again replaces token and app id and keeps all the rest."""
    told = {
        "domain": registration.domain,
        "app_id": registration.app_id,
        "token": cipher.encrypt_text(registration.token),
        "jwks": registration.jwks,
        "saleor_version": registration.saleor_version,
        "status": InstallationStatus.ACTIVE,
        "updated_at": now,
    }
    found = await session.execute(
        insert(Installation)
        .values(id=uuid4(), saleor_api_url=registration.saleor_api_url, installed_at=now, **told)
        .on_conflict_do_update(index_elements=[Installation.saleor_api_url], set_=told)
        .returning(Installation.id)
    )
    return found.scalar_one()


async def installation_at(session: Session, saleor_api_url: SaleorApiUrl) -> Installation | None:
    """The installation of a shop, whatever its status."""
    return await session.scalar(
        select(Installation).where(Installation.saleor_api_url == saleor_api_url)
    )


async def installation(session: Session, installation_id: UUID) -> Installation:
    """The installation with that id."""
    return await session.get_one(Installation, installation_id)


async def all_installations(session: Session) -> list[Installation]:
    """All shops that ever installed the app and were not forgotten, oldest first."""
    rows = await session.scalars(
        select(Installation).order_by(Installation.installed_at, Installation.id)
    )
    return list(rows)


async def active_installations(session: Session) -> list[Installation]:
    """All shops that have the app, oldest first."""
    rows = await session.scalars(
        select(Installation)
        .where(Installation.status == InstallationStatus.ACTIVE)
        .order_by(Installation.installed_at, Installation.id)
    )
    return list(rows)


async def set_status(
    session: Session, installation_id: UUID, status: InstallationStatus, *, now: datetime
) -> None:
    """Notes that the app was removed, or that the shop refuses its token."""
    await session.execute(
        update(Installation)
        .where(Installation.id == installation_id)
        .values(status=status, updated_at=now)
    )


async def keep_jwks(
    session: Session, installation_id: UUID, jwks: dict[str, Any], *, now: datetime
) -> None:
    """Keeps the keys that the shop signs its webhooks with, after it changed them."""
    await session.execute(
        update(Installation)
        .where(Installation.id == installation_id)
        .values(jwks=jwks, updated_at=now)
    )


async def keep_version(
    session: Session, installation_id: UUID, saleor_version: str, *, now: datetime
) -> None:
    """Keeps the shop's Saleor version, which decides what may be asked of it."""
    await session.execute(
        update(Installation)
        .where(Installation.id == installation_id)
        .values(saleor_version=saleor_version, updated_at=now)
    )
