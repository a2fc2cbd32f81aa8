"""A real shop given by its address and an app's token; without both there are no tests here.

    SALEOR_LIVE_API_URL         ends in /graphql/
    SALEOR_LIVE_APP_TOKEN       of an app with every permission but MANAGE_APPS
    SALEOR_LIVE_CALLBACK        where the shop reaches this machine, with a port; left out, a free
                                port of 127.0.0.1
    SALEOR_LIVE_STAFF_EMAIL     someone who may do everything; left out, the app's token acts as
    SALEOR_LIVE_STAFF_PASSWORD  staff, and what only people can do is not tested

These tests make their own channels, products and customers, and webhooks of that app, which must
have none for orders and refunds beside them. They change no setting of the shop but one, *approve
fulfilments*, for the time of one test.
"""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest

from saleor_amazon_app.ledger.secrets import Cipher
from saleor_amazon_app.ledger.session import connect
from tests.database import cipher, database_url, server_url
from tests.live.connected import Connector
from tests.live.host import Host, Json
from tests.live.leaving import Journey
from tests.live.listening import Listening, heard_by, serving
from tests.live.shop import LiveShop
from tests.live.staff import Staff

__all__ = ["cipher", "database_url", "server_url"]

_API_URL = os.environ.get("SALEOR_LIVE_API_URL", "")
_TOKEN = os.environ.get("SALEOR_LIVE_APP_TOKEN", "")
CALLBACK = os.environ.get("SALEOR_LIVE_CALLBACK", "")
STAFF = os.environ.get("SALEOR_LIVE_STAFF_EMAIL"), os.environ.get("SALEOR_LIVE_STAFF_PASSWORD")

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


@pytest.fixture(scope="session")
async def door(connected: Connector) -> AsyncIterator[Listening]:
    """The app's door, to which the shop sends its events from the first test that needs it on."""
    host, database, cipher = connected.shop.host, connected.database, connected.cipher
    async with serving(database, cipher, CALLBACK) as opened, heard_by(opened, host):
        yield opened


@pytest.fixture(scope="session")
async def staff(host: Host, shop: LiveShop) -> Staff:
    """Whoever works on orders in the shop."""
    return Staff(host, shop, *STAFF)


OpenJourney = Callable[..., Awaitable[Journey]]


@pytest.fixture
async def journey(connected: Connector, door: Listening, host: Host) -> OpenJourney:
    """Connects a store whose shop is listened to: `way = await journey(order)`."""

    async def make(*orders: Json, **settings: Any) -> Journey:
        return Journey(await connected(orders, **settings), door, host)

    return make
