"""The logs of a shop's stores: what failed in speaking with Amazon, and what Amazon was told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, literal, select, tuple_, union_all

from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.ledger.communication_errors import CommunicationErrorRow
from saleor_amazon_app.ledger.outbox import OutboxRow
from saleor_amazon_app.ledger.session import Session


class LogKind(StrEnum):
    """What an entry is about."""

    COMMUNICATION_ERROR = "COMMUNICATION_ERROR"
    SENT_TO_AMAZON = "SENT_TO_AMAZON"


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry.

    Attributes:
        at: of a failure, when it happened last; of what Amazon was told, when it was planned.
        operation: Amazon's name of the call, or the kind of what was told.
        code: Amazon's, or the state of what was told.
        message: what was said; None where nothing was.
    """

    kind: LogKind
    id: int
    store_id: UUID
    at: datetime
    operation: str
    code: str | None
    message: str | None
    attempts: int
    amazon_order_id: str | None


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which entries are wanted; None wants all."""

    kind: LogKind | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Before:
    """The last entry of a page, which the next page begins before."""

    at: datetime
    kind: LogKind
    id: int


async def page(
    session: Session,
    store_ids: Sequence[StoreId],
    wanted: LogFilter,
    *,
    limit: int,
    before: Before | None = None,
) -> list[LogEntry]:
    """A page of the logs, newest first."""
    parts = [
        part(store_id, wanted, before).limit(limit)
        for store_id in store_ids
        for kind, part in _PARTS.items()
        if wanted.kind in (None, kind)
    ]
    if not parts:
        return []
    newest = union_all(*parts).subquery()
    rows = await session.execute(
        select(newest)
        .order_by(newest.c.at.desc(), newest.c.kind.desc(), newest.c.id.desc())
        .limit(limit)
    )
    return [LogEntry(LogKind(kind), *rest) for kind, *rest in rows]


def _failures(
    store_id: StoreId, wanted: LogFilter, before: Before | None
) -> Select[*tuple[Any, ...]]:
    row = CommunicationErrorRow
    query = select(
        literal(LogKind.COMMUNICATION_ERROR.value).label("kind"),
        row.id,
        row.store_id,
        row.at,
        row.operation,
        row.code,
        row.message,
        row.attempts,
        row.amazon_order_id,
    ).where(row.store_id == store_id)
    return _within(query, row.at, row.id, wanted, before)


def _told(store_id: StoreId, wanted: LogFilter, before: Before | None) -> Select[*tuple[Any, ...]]:
    row = OutboxRow
    query = select(
        literal(LogKind.SENT_TO_AMAZON.value).label("kind"),
        row.id,
        row.store_id,
        row.planned_at.label("at"),
        row.kind.label("operation"),
        row.state.label("code"),
        row.words.label("message"),
        row.attempts,
        row.amazon_order_id,
    ).where(row.store_id == store_id)
    return _within(query, row.planned_at, row.id, wanted, before)


_PARTS = {LogKind.COMMUNICATION_ERROR: _failures, LogKind.SENT_TO_AMAZON: _told}


def _within(
    query: Select[*tuple[Any, ...]], at: Any, id: Any, wanted: LogFilter, before: Before | None
) -> Select[*tuple[Any, ...]]:
    """Narrows one kind of entries; of two kinds at one moment the later name comes first."""
    if wanted.since is not None:
        query = query.where(at >= wanted.since)
    if wanted.until is not None:
        query = query.where(at <= wanted.until)
    if before is not None:
        kind = query.selected_columns.kind
        here = tuple_(at, kind, id)
        query = query.where(at <= before.at, here < (before.at, before.kind.value, before.id))
    return query.order_by(at.desc(), id.desc())
