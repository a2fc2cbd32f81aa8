"""The app behind its doors, and two shops that can install it, all in one process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from saleor_amazon_app.core.choices import Choices
from saleor_amazon_app.core.ids import MarketplaceId, SaleorApiUrl, StoreId
from saleor_amazon_app.core.marketplaces import Region
from saleor_amazon_app.entrypoints.app import create_app
from saleor_amazon_app.entrypoints.settings import Settings
from saleor_amazon_app.entrypoints.worker import handlers
from saleor_amazon_app.flows import setup
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.jobs.kinds import HandleEvent, SyncShop, job_of
from saleor_amazon_app.ledger import installations
from saleor_amazon_app.ledger.installations import Installation
from saleor_amazon_app.ledger.secrets import Cipher
from saleor_amazon_app.ledger.session import Database
from saleor_amazon_app.ledger.stores import Authorisation, NewStore
from saleor_amazon_app.simulators.saleor import Seed, SimulatedShop, create_shop
from saleor_amazon_app.simulators.saleor.keys import signed
from tests.flows.trading import APP_ID, Wires
from tests.simulated_amazon import NOON, HandClock

SHOP_URL = "http://shop.test/graphql/"
OTHER_URL = "http://other.test/graphql/"
MANIFEST_URL = "http://app.test/api/manifest"


@dataclass
class Doors:
    """The app with its web doors, and the shops around it.

    Attributes:
        http: whoever calls the app from outside.
        wires: everything that anyone sends.
    """

    shop: SimulatedShop
    other: SimulatedShop
    clock: HandClock
    lines: Connections
    http: httpx.AsyncClient
    wires: Wires

    async def install(self, shop: SimulatedShop | None = None) -> Installation:
        """Has staff of a shop install the app by the address of its manifest."""
        shop = shop or self.shop
        api_url = SHOP_URL if shop is self.shop else OTHER_URL
        done = await shop.install(MANIFEST_URL, api_url)
        assert done.installed, done.error
        return await self.installation(api_url)

    async def installation(self, api_url: str = SHOP_URL) -> Installation:
        async with self.lines.database.transaction() as session:
            found = await installations.installation_at(session, SaleorApiUrl(api_url))
        assert found is not None
        return found

    async def connect(self, shop: Installation) -> StoreId:
        """Connects a seller to an installed shop."""
        store = NewStore(
            name="Amazon US",
            region=Region.NORTH_AMERICA,
            marketplaces=(MarketplaceId("ATVPDKIKX0DER"),),
            authorisation=Authorisation("client", SecretStr("secret"), SecretStr("refresh")),
        )
        return await setup.connect_store(
            self.lines, SaleorApiUrl(shop.saleor_api_url), store, Choices()
        )

    async def deliver(self, *, times: int = 1) -> list[int | None]:
        """Lets the shop deliver what waits; tells the statuses the app answered."""
        return [
            attempt.status
            for _ in range(times)
            for attempt in await self.shop.deliveries.deliver_due()
        ]

    async def send(
        self,
        body: bytes,
        *,
        to: str = "order-updated",
        api_url: str = SHOP_URL,
        by: SimulatedShop | None = None,
        signature: str | None = None,
    ) -> int:
        """Sends a webhook by hand; tells the status the app answered."""
        if signature is None:
            signature = signed((by or self.shop).state.signing_key, body)
        headers = {"Saleor-Api-Url": api_url, "Saleor-Signature": signature}
        response = await self.http.post(f"/api/webhooks/{to}", content=body, headers=headers)
        return response.status_code

    async def work(self) -> None:
        """Works off the waiting events and syncs of shops that are due, in their order."""
        found = handlers(self.lines)
        names: dict[str, Any] = {"handle_event": HandleEvent, "sync_shop": SyncShop}
        while waiting := await self.query(
            "DELETE FROM procrastinate_jobs WHERE id = (SELECT min(id) FROM procrastinate_jobs "
            "WHERE task_name IN ('handle_event', 'sync_shop') AND status = 'todo' "
            "AND (scheduled_at IS NULL OR scheduled_at <= :now)) RETURNING task_name, args",
            now=self.clock(),
        ):
            ((name, arguments),) = waiting
            kind = names[name]
            await found[kind](job_of(kind, arguments))

    async def query(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        """Looks straight into the database."""
        async with self.lines.database.transaction() as session:
            return [tuple(row) for row in await session.execute(text(sql), values)]

    async def inbox(self) -> list[str]:
        """The events that were kept."""
        return [event for (event,) in await self.query("SELECT event FROM inbox ORDER BY id")]

    async def jobs(self) -> list[str]:
        """The jobs that wait, whenever they are due."""
        rows = await self.query(
            "SELECT task_name FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id"
        )
        return [name for (name,) in rows]

    async def everything(self) -> list[str]:
        """All that the app has ever written, to compare with later."""
        written: list[str] = []
        for table in ("installations", "inbox", "stores", "orders", "procrastinate_jobs"):
            rows = await self.query(f"SELECT to_jsonb(t)::text FROM {table} t ORDER BY 1")
            written += [f"{table} {row}" for (row,) in rows]
        return written


@asynccontextmanager
async def opened(
    database: Database,
    cipher: Cipher,
    *,
    seed: Seed | None = None,
    **settings: Any,
) -> AsyncIterator[Doors]:
    """Opens the app for shops on this machine."""
    clock = HandClock(NOON)
    wires = Wires()
    shop, other = (create_shop(seed, clock=clock, transport=wires) for _ in range(2))
    async with httpx.AsyncClient(transport=wires, base_url="http://app.test") as http:
        lines = Connections(database, cipher, http, clock, shops=http)
        chosen = {"allow_local_shops": True} | settings
        unset: dict[str, Any] = {"DATABASE_URL": None, "key": None}
        app = create_app(lines, Settings(_env_file=None, **(unset | chosen)))
        wires.open(shop=shop.app, other=other.app, app=app)
        yield Doors(shop, other, clock, lines, http, wires)


@pytest.fixture
async def doors(database: Database, cipher: Cipher) -> AsyncIterator[Doors]:
    """The app and two shops, none of which has installed it."""
    async with opened(database, cipher) as made:
        yield made


__all__ = ["APP_ID", "MANIFEST_URL", "OTHER_URL", "SHOP_URL", "Doors", "doors", "opened"]
