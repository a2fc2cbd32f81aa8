"""Amazon's short-lived access tokens: shared by all processes, fetched by one of them at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy import ForeignKey, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from saleor_amazon_app.core.errors import TryAgainLater
from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.core.times import Clock
from saleor_amazon_app.ledger.base import Base
from saleor_amazon_app.ledger.secrets import Cipher
from saleor_amazon_app.ledger.session import Database, Session

# Longer than any answer of Login with Amazon is waited for; then the fetcher is taken for dead.
FETCH_LEASE = timedelta(seconds=30)
# Whoever waits longer gives its place in the queue back, for other stores wait there too.
_WAIT_AT_MOST = timedelta(seconds=5)
_LOOK_AGAIN = timedelta(milliseconds=100)


class AccessTokenRow(Base):
    """The current token of a store, encrypted, and until when somebody is fetching the next."""

    __tablename__ = "access_tokens"

    store_id: Mapped[UUID] = mapped_column(
        ForeignKey("stores.id", ondelete="CASCADE"), primary_key=True
    )
    token: Mapped[bytes | None]
    expires_at: Mapped[datetime | None]
    fetching_until: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token and the moment it must no longer be used from."""

    token: SecretStr
    expires_at: datetime


async def access_token(
    session: Session, cipher: Cipher, store_id: StoreId, *, now: datetime
) -> AccessToken | None:
    """The store's token, if there is one that is still good."""
    return (await good_tokens(session, cipher, [store_id], now=now)).get(store_id)


async def good_tokens(
    session: Session, cipher: Cipher, store_ids: Collection[StoreId], *, now: datetime
) -> dict[StoreId, AccessToken]:
    """The tokens of stores that have one that is still good."""
    rows = await session.scalars(
        select(AccessTokenRow).where(
            AccessTokenRow.store_id.in_(store_ids), AccessTokenRow.expires_at > now
        )
    )
    return {
        StoreId(row.store_id): AccessToken(cipher.decrypt_text(row.token), row.expires_at)
        for row in rows
        if row.token is not None and row.expires_at is not None
    }


async def claim_fetch(session: Session, store_id: StoreId, *, now: datetime) -> bool:
    """Claims to be the one who fetches; False while another does or a good token is there."""
    until = now + FETCH_LEASE
    claimed = await session.execute(
        insert(AccessTokenRow)
        .values(store_id=store_id, fetching_until=until)
        .on_conflict_do_update(
            index_elements=[AccessTokenRow.store_id],
            set_={"fetching_until": until},
            where=or_(AccessTokenRow.expires_at.is_(None), AccessTokenRow.expires_at <= now)
            & or_(AccessTokenRow.fetching_until.is_(None), AccessTokenRow.fetching_until <= now),
        )
        .returning(AccessTokenRow.store_id)
    )
    return claimed.first() is not None


async def keep_fetched(
    session: Session, cipher: Cipher, store_id: StoreId, fetched: AccessToken
) -> None:
    """Keeps the token that the claimant fetched and ends the claim."""
    await session.execute(
        update(AccessTokenRow)
        .where(AccessTokenRow.store_id == store_id)
        .values(
            token=cipher.encrypt_text(fetched.token),
            expires_at=fetched.expires_at,
            fetching_until=None,
        )
    )


async def give_up_fetch(session: Session, store_id: StoreId) -> None:
    """Ends the claim of a fetch that failed, so that the next one need not wait for the lease."""
    await session.execute(
        update(AccessTokenRow)
        .where(AccessTokenRow.store_id == store_id)
        .values(fetching_until=None)
    )


async def forget(session: Session, store_id: StoreId, refused: AccessToken) -> None:
    """Drops a token that Amazon refused before its time; a newer one, already there, stays."""
    await session.execute(
        update(AccessTokenRow)
        .where(AccessTokenRow.store_id == store_id, AccessTokenRow.expires_at == refused.expires_at)
        .values(token=None, expires_at=None)
    )


async def drop(session: Session, store_id: StoreId) -> None:
    """Drops the store's token whatever it is, because it goes with a consent that was replaced."""
    await session.execute(delete(AccessTokenRow).where(AccessTokenRow.store_id == store_id))


async def current_token(
    database: Database,
    cipher: Cipher,
    store_id: StoreId,
    *,
    clock: Clock,
    fetch: Callable[[], Awaitable[AccessToken]],
) -> AccessToken:
    """The store's token, fetched when none is good; all who ask meanwhile wait for that one fetch.

    No transaction is open while Amazon is asked: the claim on the row does what a lock would.

    Raises:
        TryAgainLater: somebody else has been fetching for some seconds.
    """
    for _ in range(_WAIT_AT_MOST // _LOOK_AGAIN):
        async with database.transaction() as session:
            token = await access_token(session, cipher, store_id, now=clock())
            if token is not None:
                return token
            mine = await claim_fetch(session, store_id, now=clock())
        if mine:
            return await _fetch_as_claimed(database, cipher, store_id, fetch)
        await asyncio.sleep(_LOOK_AGAIN.total_seconds())
    raise TryAgainLater(
        "Another process is still fetching the access token of this store", after=_WAIT_AT_MOST
    )


async def _fetch_as_claimed(
    database: Database,
    cipher: Cipher,
    store_id: StoreId,
    fetch: Callable[[], Awaitable[AccessToken]],
) -> AccessToken:
    try:
        fetched = await fetch()
    except BaseException:
        async with database.transaction() as session:
            await give_up_fetch(session, store_id)
        raise
    async with database.transaction() as session:
        await keep_fetched(session, cipher, store_id, fetched)
    return fetched
