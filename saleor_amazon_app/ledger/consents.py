"""Consents that staff asked for and that Amazon has not sent back yet, each good for one return.

Whoever brings back the `state` finishes what was begun under it, so that only its digest is kept,
and only for minutes. A row that was used stays for a day, to tell a state that comes twice from
one that never was.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, delete, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from saleor_amazon_app.ledger.base import Base
from saleor_amazon_app.ledger.session import Session

# As long as a seller may take to sign in at Amazon, with a second factor, and to agree.
LIFE = timedelta(minutes=15)
_KEPT = timedelta(days=1)


class ConsentRow(Base):
    """One consent under way.

    Attributes:
        digest: SHA-256 of the state.
        by: who asked for it.
        draft: the store that is to be connected, without any secret.
        outcome: what became of it, as a code; None before it came back.
    """

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_expires_at", "expires_at"),)

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    installation_id: Mapped[UUID] = mapped_column(
        ForeignKey("installations.id", ondelete="CASCADE")
    )
    by: Mapped[str]
    draft: Mapped[dict[str, Any]]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    outcome: Mapped[str | None]


@dataclass(frozen=True, slots=True)
class PendingConsent:
    """What was begun under a state."""

    installation_id: UUID
    by: str
    draft: dict[str, Any]


async def begin(session: Session, pending: PendingConsent, *, now: datetime) -> str:
    """Keeps what is begun and makes its one-time state; drops what is long over."""
    state = secrets.token_urlsafe(32)
    await session.execute(delete(ConsentRow).where(ConsentRow.expires_at < now - _KEPT))
    await session.execute(
        insert(ConsentRow).values(
            digest=_digest(state),
            installation_id=pending.installation_id,
            by=pending.by,
            draft=pending.draft,
            expires_at=now + LIFE,
        )
    )
    return state


async def take(session: Session, state: str, *, now: datetime) -> PendingConsent | None:
    """What was begun under a state, for the first who brings it back in time; None else."""
    row = await session.scalar(
        update(ConsentRow)
        .where(
            ConsentRow.digest == _digest(state),
            ConsentRow.used_at.is_(None),
            ConsentRow.expires_at > now,
        )
        .values(used_at=now)
        .returning(ConsentRow)
        .execution_options(synchronize_session=False)
    )
    return PendingConsent(row.installation_id, row.by, row.draft) if row else None


async def find(session: Session, state: str) -> ConsentRow | None:
    """What is known of a state; None of one that never was, or is long over."""
    return await session.scalar(select(ConsentRow).where(ConsentRow.digest == _digest(state)))


async def record_outcome(session: Session, state: str, outcome: str) -> None:
    """Writes down what became of it, for the page that waits for it."""
    await session.execute(
        update(ConsentRow).where(ConsentRow.digest == _digest(state)).values(outcome=outcome)
    )


def _digest(state: str) -> bytes:
    return hashlib.sha256(state.encode()).digest()
