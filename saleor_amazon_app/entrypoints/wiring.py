"""Puts a process together: its database, its key, its lines to both systems; closes them again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from pydantic import SecretStr

from saleor_amazon_app.core.times import utc_now
from saleor_amazon_app.entrypoints.settings import Settings, address
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.ledger.embedded import embedded_server
from saleor_amazon_app.ledger.secrets import Cipher, key_of
from saleor_amazon_app.ledger.session import connect
from saleor_amazon_app.migrations.run import upgrade
from saleor_amazon_app.saleor.transport import ShopTransport

# Kept from one tick of the clock to the next, for a handshake costs more than a poll.
_KEEPALIVE_SECONDS = 30
_CONNECTIONS = httpx.Limits(
    max_connections=100, max_keepalive_connections=20, keepalive_expiry=_KEEPALIVE_SECONDS
)


@dataclass(frozen=True, slots=True)
class Running:
    """What a process runs on.

    Attributes:
        database_url: of the operator's database or of the embedded one.
    """

    lines: Connections
    database_url: str


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Running]:
    """Opens everything a process needs, the schema of the database brought up to date."""
    if settings.database_url is not None:
        async with _connected(settings, settings.database_url.get_secret_value()) as opened:
            yield opened
    else:
        with embedded_server(settings.data_dir) as url:
            async with _connected(settings, url) as opened:
                yield opened


@asynccontextmanager
async def _connected(settings: Settings, database_url: str) -> AsyncIterator[Running]:
    upgrade(database_url)
    key: SecretStr = settings.key or key_of(settings.data_dir)
    database = connect(database_url)
    async with httpx.AsyncClient(limits=_CONNECTIONS) as http, _to_shops(settings) as shops:
        lines = Connections(
            database=database,
            cipher=Cipher.of(key),
            http=http,
            shops=shops,
            clock=utc_now,
            pace=settings.pace,
            app_url=address(settings.app_url),
            spapi_url=address(settings.spapi_url),
            lwa_url=address(settings.lwa_url),
            seller_central_url=address(settings.seller_central_url),
            consent_app=settings.consent_app,
        )
        try:
            yield Running(lines, database_url)
        finally:
            await database.close()


def _to_shops(settings: Settings) -> httpx.AsyncClient:
    """A line that reaches shops on the public internet, others only where that is switched on."""
    if settings.allow_local_shops:
        return httpx.AsyncClient(limits=_CONNECTIONS)
    return httpx.AsyncClient(transport=ShopTransport(_CONNECTIONS))
