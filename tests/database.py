"""A real database for every test that has a memory: one embedded server a session.

A folder whose tests need it names these fixtures in its conftest.
"""

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from saleor_amazon_app.ledger.embedded import embedded_server
from saleor_amazon_app.ledger.secrets import Cipher, new_key
from saleor_amazon_app.ledger.session import Database, connect
from saleor_amazon_app.migrations.run import upgrade


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """An embedded server of this session alone, in the system's temporary directory."""
    with (
        tempfile.TemporaryDirectory(prefix="saleor-amazon-", ignore_cleanup_errors=True) as path,
        embedded_server(Path(path)) as url,
    ):
        yield url


@pytest.fixture(scope="session")
def database_url(server_url: str) -> str:
    """A database with the schema that the migrations make."""
    upgrade(server_url)
    return server_url


@pytest.fixture
def empty_database(database_url: str) -> str:
    """The same database without a single row of ours or the queue's."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        # A test that left something open shall be found, and not waited for.
        connection.execute("SET lock_timeout = '20s'")
        found = connection.execute(
            "SELECT tablename FROM pg_tables "
            "WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        ).fetchall()
        tables = SQL(", ").join(Identifier(name) for (name,) in found)
        connection.execute(SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(tables))
    return database_url


@pytest.fixture
async def database(empty_database: str) -> AsyncIterator[Database]:
    """The empty database, opened as the app opens it."""
    opened = connect(empty_database)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def cipher() -> Cipher:
    """Encrypts with a key of this session."""
    return Cipher.of(new_key())
