"""A database emptied between tests, and the shops and stores that stand in it."""

from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from saleor_amazon_app.core.ids import MarketplaceId, SaleorApiUrl, StoreId
from saleor_amazon_app.core.marketplaces import Region
from saleor_amazon_app.ledger.installations import Registration, install
from saleor_amazon_app.ledger.secrets import Cipher
from saleor_amazon_app.ledger.session import Database
from saleor_amazon_app.ledger.stores import Authorisation, NewStore, connect_store
from tests.database import cipher, database, database_url, empty_database, server_url
from tests.flows.doors import doors
from tests.flows.trading import open_trade, trade

__all__ = [
    "cipher",
    "database",
    "database_url",
    "doors",
    "empty_database",
    "open_trade",
    "server_url",
    "trade",
]

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


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
            sweep_at=NOW,
        )
