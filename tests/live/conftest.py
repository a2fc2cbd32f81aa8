"""A real shop given by its address and an app's token; without both there are no tests here.

The app needs every permission but MANAGE_APPS: these tests make their own channels, products and
customers. They change no setting of the shop.
"""

import os
from collections.abc import AsyncIterator

import httpx
import pytest

from saleor_amazon_app.ledger.secrets import Cipher
from saleor_amazon_app.ledger.session import connect
from tests.database import cipher, database_url, server_url
from tests.live.connected import Connector
from tests.live.host import Host
from tests.live.shop import LiveShop

__all__ = ["cipher", "database_url", "server_url"]

_API_URL = os.environ.get("SALEOR_LIVE_API_URL", "")
_TOKEN = os.environ.get("SALEOR_LIVE_APP_TOKEN", "")

if not (_API_URL and _TOKEN):
    collect_ignore_glob = ["test_*"]


@pytest.fixture(scope="session")
async def host() -> AsyncIterator[Host]:
    """The shop as its own people see it."""
    async with httpx.AsyncClient() as http:
        yield Host(http, _API_URL, _TOKEN)


@pytest.fixture(scope="session")
async def shop(host: Host) -> AsyncIterator[LiveShop]:
    """The shop with what this run makes in it."""
    live = LiveShop(host)
    try:
        await live.open()
        yield live
    finally:
        await live.close()


@pytest.fixture(scope="session")
async def connected(shop: LiveShop, database_url: str, cipher: Cipher) -> AsyncIterator[Connector]:
    """Connects stores to the shop: `store = await connected(orders)`."""
    database = connect(database_url)
    connector = Connector(shop, database, cipher)
    await connector.install()
    yield connector
    await connector.close()
    await database.close()


@pytest.fixture(scope="session")
async def everyday(shop: LiveShop) -> str:
    """The SKU of a product of which there is always enough."""
    return await shop.product()
