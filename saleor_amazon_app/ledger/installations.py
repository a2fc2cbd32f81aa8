"""The shops this app is installed in: the tenants, each known by its `saleor_api_url`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from pydantic import SecretStr
from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from saleor_amazon_app.core.errors import NeedsMerchant
from saleor_amazon_app.core.ids import SaleorApiUrl
from saleor_amazon_app.ledger.base import Base
from saleor_amazon_app.ledger.secrets import Cipher
from saleor_amazon_app.ledger.session import Session

# How long the data of a shop that lost the app is kept for its return.
GRACE = timedelta(days=30)
_KEYS_AT_MOST_EVERY = timedelta(minutes=1)


class InstallationStatus(StrEnum):
    """Whether the shop still has the app.

    DEACTIVATED: staff switched the app off and may switch it on again. REFUSED: the shop no longer
    accepts our token although nobody told us why.
    """

    ACTIVE = "ACTIVE"
    DEACTIVATED = "DEACTIVATED"
    REMOVED = "REMOVED"
    REFUSED = "REFUSED"


_GONE = frozenset({InstallationStatus.REMOVED, InstallationStatus.REFUSED})


class Installation(Base):
    """One shop; its token is encrypted.

    Attributes:
        app_url: where this shop reached the app when it installed it.
        jwks_fetched_at: when the shop's keys were asked for last.
        grace_until: until when the data of a shop that lost the app is kept; None while it has it.
    """

    __tablename__ = "installations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    saleor_api_url: Mapped[str] = mapped_column(unique=True)
    domain: Mapped[str]
    app_id: Mapped[str]
    token: Mapped[bytes]
    app_url: Mapped[str | None]
    jwks: Mapped[dict[str, Any] | None]
    jwks_fetched_at: Mapped[datetime | None]
    saleor_version: Mapped[str | None]
    status: Mapped[str]
    grace_until: Mapped[datetime | None]
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
    app_url: str | None = None


async def install(
    session: Session, cipher: Cipher, registration: Registration, *, now: datetime
) -> UUID:
    """Keeps an installation; installing again replaces token and app id and keeps all the rest."""
    told = {
        "domain": registration.domain,
        "app_id": registration.app_id,
        "app_url": registration.app_url,
        "token": cipher.encrypt_text(registration.token),
        "jwks": registration.jwks,
        "jwks_fetched_at": now,
        "saleor_version": registration.saleor_version,
        "status": InstallationStatus.ACTIVE,
        "grace_until": None,
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
    """The installation with that id.

    Raises:
        NeedsMerchant: it was forgotten after its time of grace.
    """
    found = await session.get(Installation, installation_id)
    if found is None:
        raise NeedsMerchant("shop-forgotten", "The shop lost the app long ago.")
    return found


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
    """Notes that the app was removed, switched off or on; a loss starts the time of grace."""
    ends = func.coalesce(Installation.grace_until, now + GRACE) if status in _GONE else None
    await session.execute(
        update(Installation)
        .where(Installation.id == installation_id)
        .values(status=status, grace_until=ends, updated_at=now)
    )


async def note_refusal(session: Session, used: Installation, *, now: datetime) -> bool:
    """Notes that the shop refused the token of this row; False when that is no longer news.

    The shop may have installed the app again since the row was read, or have told us already that
    the app is switched off.
    """
    noted = await session.execute(
        update(Installation)
        .where(
            Installation.id == used.id,
            Installation.token == used.token,
            Installation.status == InstallationStatus.ACTIVE,
        )
        .values(status=InstallationStatus.REFUSED, grace_until=now + GRACE, updated_at=now)
        .returning(Installation.id)
    )
    return noted.scalar_one_or_none() is not None


async def note_acceptance(
    session: Session, used: Installation, saleor_version: str, *, now: datetime
) -> bool:
    """Notes that the shop accepted the token of this row; tells whether the shop came back."""
    back = await session.execute(
        update(Installation)
        .where(
            Installation.id == used.id,
            Installation.token == used.token,
            Installation.status.in_([InstallationStatus.DEACTIVATED, InstallationStatus.REFUSED]),
        )
        .values(status=InstallationStatus.ACTIVE, grace_until=None, updated_at=now)
        .returning(Installation.id)
    )
    if used.saleor_version != saleor_version:
        await keep_version(session, used.id, saleor_version, now=now)
    return back.scalar_one_or_none() is not None


async def take_turn_at_keys(session: Session, installation_id: UUID, *, now: datetime) -> bool:
    """Tells whether the shop may be asked for its keys now, and counts it as asked.

    Anyone can send us a signature that no key fits; the shop is not to be asked for each of them.
    """
    taken = await session.execute(
        update(Installation)
        .where(
            Installation.id == installation_id,
            or_(
                Installation.jwks_fetched_at.is_(None),
                Installation.jwks_fetched_at <= now - _KEYS_AT_MOST_EVERY,
            ),
        )
        .values(jwks_fetched_at=now)
        .returning(Installation.id)
    )
    return taken.scalar_one_or_none() is not None


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
