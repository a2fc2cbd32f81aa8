"""The way to the database: one engine per process, short transactions, plain rows out of them.

A flow opens a transaction, asks ledger functions what it needs, leaves, and only then speaks to
Amazon or the host. Rows stay readable after the transaction; nothing is loaded by looking at them.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import Executable, SelectBase, make_url, text
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement

# Flows name the type without knowing what it is made of.
Session = AsyncSession

_CONNECT_TIMEOUT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Database:
    """The open database of a process; `close` it at the end."""

    engine: AsyncEngine
    sessions: async_sessionmaker[AsyncSession]

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Session]:
        """One transaction: committed on leaving, rolled back when an error leaves it.

        Nothing foreign is called inside: rows stay locked until it ends.
        """
        async with self.sessions.begin() as session:
            yield session

    async def close(self) -> None:
        """Closes all connections."""
        await self.engine.dispose()


async def database_time(session: Session) -> datetime:
    """What time the database believes it is."""
    moment: datetime = (await session.execute(text("SELECT clock_timestamp()"))).scalar_one()
    return moment.astimezone(UTC)


class _Explained(Executable, ClauseElement):
    """A query as the database would run it, without running it."""

    inherit_cache = False

    def __init__(self, query: SelectBase) -> None:
        self.query = query


@compiles(_Explained)
def _explain(element: _Explained, compiler: SQLCompiler, **options: Any) -> str:
    return f"EXPLAIN (FORMAT JSON) {compiler.process(element.query, **options)}"


async def estimated_rows(session: Session, query: SelectBase) -> int:
    """How many rows the database expects of a query, which it does not run."""
    plan = (await session.execute(_Explained(query))).scalar_one()
    expected: int = plan[0]["Plan"]["Plan Rows"]
    return expected


def connect(database_url: str, *, connections: int = 10) -> Database:
    """Opens the database; the first connection is made when it is first needed.

    Args:
        database_url: as PostgreSQL's own tools read it, `postgresql://user@host/name`.
        connections: how many at once; a worker needs about one a running job.
    """
    engine = create_async_engine(
        make_url(database_url).set(drivername="postgresql+psycopg"),
        pool_size=connections,
        max_overflow=0,
        pool_pre_ping=True,
        # An error must not quote what was written: it may be logged.
        hide_parameters=True,
        connect_args={"connect_timeout": _CONNECT_TIMEOUT_SECONDS},
        json_deserializer=partial(json.loads, parse_float=Decimal),
    )
    return Database(engine, async_sessionmaker(engine, expire_on_commit=False))
