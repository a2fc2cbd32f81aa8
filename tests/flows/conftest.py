"""A real database for every test that has a memory: one server a session, emptied between tests."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from pydantic import SecretStr

from saleor_amazon_app.core.ids import MarketplaceId, SaleorApiUrl, StoreId
from saleor_amazon_app.core.marketplaces import Region
from saleor_amazon_app.ledger.embedded import embedded_server
from saleor_amazon_app.ledger.installations import Registration, install
from saleor_amazon_app.ledger.secrets import Cipher, new_key
from saleor_amazon_app.ledger.session import Database, connect
from saleor_amazon_app.ledger.stores import Authorisation, NewStore, connect_store
from saleor_amazon_app.migrations.run import upgrade

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


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


@pytest.fixture
async def store_id(database: Database, cipher: Cipher) -> StoreId:
    """A connected store of an installed shop."""
    return await connected_store(database, cipher, "shop.example")


@pytest.fixture
async def other_store_id(database: Database, cipher: Cipher) -> StoreId:
    """A store of another shop."""
    return await connected_store(database, cipher, "other.example")


async def connected_store(database: Database, cipher: Cipher, domain: str) -> StoreId:
    """Installs a shop and connects a European seller to it."""
    async with database.transaction() as session:
        installation_id = await install(
            session,
            cipher,
            Registration(
                saleor_api_url=SaleorApiUrl(f"https://{domain}/graphql/"),
                domain=domain,
                app_id="QXBwOjE=",
                token=SecretStr("app-token"),
            ),
            now=NOW,
        )
        return await connect_store(
            session,
            cipher,
            installation_id,
            NewStore(
                name="Amazon Europe",
                region=Region.EUROPE,
                marketplaces=(MarketplaceId("A1PA6795UKMFR9"),),
                authorisation=Authorisation(
                    lwa_client_id="amzn1.client",
                    lwa_client_secret=SecretStr("client-secret"),
                    refresh_token=SecretStr("refresh-token"),
                ),
                seller_id="SELLER1",
            ),
            now=NOW,
        )
