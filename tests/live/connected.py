"""A store connected to the real shop and to a simulated seller, on lines that can break."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any, NoReturn
from urllib.parse import urlsplit

import httpx
import pytest
from pydantic import SecretStr

from saleor_amazon_app.core.choices import Choices, ImportInto
from saleor_amazon_app.core.ids import AmazonOrderId, MarketplaceId, SaleorApiUrl, StoreId
from saleor_amazon_app.core.marketplaces import Region
from saleor_amazon_app.core.times import utc_now
from saleor_amazon_app.flows import orders_in, placing, setup
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.jobs.kinds import FetchOrders, PlaceOrders
from saleor_amazon_app.ledger import history
from saleor_amazon_app.ledger.installations import Registration, install
from saleor_amazon_app.ledger.orders import Order as Row
from saleor_amazon_app.ledger.secrets import Cipher
from saleor_amazon_app.ledger.session import Database
from saleor_amazon_app.ledger.stores import Authorisation, NewStore
from saleor_amazon_app.saleor.errors import HostUnavailable
from saleor_amazon_app.saleor.tokens import fetch_jwks
from saleor_amazon_app.simulators.amazon import (
    Credentials,
    ScriptedOrder,
    SimulatedAmazon,
    create_amazon,
)
from tests.live.host import Json
from tests.live.shop import LiveShop
from tests.unit.amazon_orders import DE, GB, JP, US

_AMAZON = "amazon.test"
_CURRENCIES = {US: "USD", GB: "GBP", DE: "EUR", JP: "JPY"}
# Seconds: long enough for a request to arrive, too short for an answer; then for the work.
_HANG_UP_AFTER, _SHOP_NEEDS = 0.03, 3.0
CONNECTED_AGO = timedelta(hours=2)


@dataclass
class MovableClock:
    """The real time, until a test moves it on."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.ahead

    def move(self, **duration: float) -> None:
        """Lets time pass."""
        self.ahead += timedelta(**duration)


@dataclass
class Wire(httpx.AsyncBaseTransport):
    """Leads to the seller in this process and to the shop over the network.

    Attributes:
        mutations: the operations sent to the shop that change something, in their order.
        loses: the operation whose next answer is lost after the shop carried it out.
        hangs_up_on: the operation of which the shop is left alone with its next request.
    """

    amazon: httpx.ASGITransport
    shop: httpx.AsyncHTTPTransport = field(default_factory=httpx.AsyncHTTPTransport)
    mutations: list[str] = field(default_factory=list)
    loses: str | None = None
    hangs_up_on: str | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == _AMAZON:
            return await self.amazon.handle_async_request(request)
        operation = _mutation(await request.aread())
        if operation is None:
            return await self.shop.handle_async_request(request)
        self.mutations.append(operation)
        if operation == self.hangs_up_on:
            self.hangs_up_on = None
            await self._hang_up(request)
        response = await self.shop.handle_async_request(request)
        if operation == self.loses:
            self.loses = None
            await response.aread()
            await response.aclose()
            raise httpx.ReadError("the line broke", request=request)
        return response

    async def _hang_up(self, request: httpx.Request) -> NoReturn:
        """Leaves while the shop works; the shop goes on, which the test waits for."""
        try:
            async with asyncio.timeout(_HANG_UP_AFTER):
                await self.shop.handle_async_request(request)
        except TimeoutError as late:
            await asyncio.sleep(_SHOP_NEEDS)
            raise httpx.ReadTimeout("nothing came", request=request) from late
        pytest.fail("the shop was faster than the test can hang up")

    async def aclose(self) -> None:
        await self.shop.aclose()


def _mutation(body: bytes) -> str | None:
    kind, _, rest = str(json.loads(body)["query"]).partition(" ")
    return rest.partition("(")[0] if kind == "mutation" else None


@dataclass(frozen=True, slots=True)
class LiveStore:
    """One store, from its orders at Amazon to what the ledger says of them."""

    id: StoreId
    lines: Connections
    amazon: SimulatedAmazon
    wire: Wire
    clock: MovableClock

    async def sync(self) -> None:
        """Reads the orders and places what is due."""
        await orders_in.fetch(self.lines, FetchOrders(self.id))
        await self.place()

    async def place(self) -> None:
        """Places what is due."""
        await placing.place(self.lines, PlaceOrders(self.id))

    async def sync_until_broken(self, operation: str, *, hang_up: bool = False) -> None:
        """Syncs until the shop has carried out an operation whose answer never arrives."""
        if hang_up:
            self.wire.hangs_up_on = operation
        else:
            self.wire.loses = operation
        with pytest.raises(HostUnavailable):
            await self.sync()
        assert operation in self.wire.mutations

    async def row(self, order: Json) -> Row:
        """What the ledger says of an order."""
        async with self.lines.database.transaction() as session:
            row = await session.get(Row, (self.id, order["orderId"]))
        assert row is not None
        return row

    async def state(self, order: Json) -> str:
        """`PLACED`, or the codes for which the order is held or skipped."""
        row = await self.row(order)
        if row.import_state == "PLACED":
            assert row.totals_equal is True
            return "PLACED"
        return " ".join(sorted(reason["code"] for reason in row.reasons)) or row.import_state

    async def told(self, order: Json) -> list[str]:
        """What the order's history tells, oldest first."""
        async with self.lines.database.transaction() as session:
            events = await history.history_of(session, self.id, AmazonOrderId(order["orderId"]))
        return [event.summary for event in events]


@dataclass
class Connector:
    """Connects stores to the one shop; each has a seller and lines of its own."""

    shop: LiveShop
    database: Database
    cipher: Cipher
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _open: list[httpx.AsyncClient] = field(default_factory=list)

    async def install(self) -> None:
        """Has the app know the shop, as an installation would."""
        host = self.shop.host
        told = await host.ask("{ shop { version } app { id } }")
        api_url = SaleorApiUrl(host.api_url)
        keys = await fetch_jwks(host.http, api_url)
        registration = Registration(
            saleor_api_url=api_url,
            jwks=keys.model_dump(mode="json"),
            domain=urlsplit(host.api_url).netloc,
            app_id=told["app"]["id"],
            token=SecretStr(host.token),
            saleor_version=told["shop"]["version"],
        )
        async with self.database.transaction() as session:
            await install(session, self.cipher, registration, now=utc_now())

    async def __call__(
        self,
        orders: Sequence[Json],
        *,
        connected_ago: timedelta = CONNECTED_AGO,
        channel: str | None = None,
        **settings: Any,
    ) -> LiveStore:
        """Connects a seller who has these orders.

        Args:
            orders: as Amazon reports them.
            connected_ago: since when the store has been connected.
            channel: where all orders go; left out, to the channel in their own currency.
            settings: what was chosen beside the defaults.
        """
        clock = MovableClock()
        place = next(self._numbers)
        scripted = [ScriptedOrder(order) for order in orders]
        amazon = create_amazon(scripted, clock=clock, seller_id=f"A{self.shop.run}{place}".upper())
        wire = Wire(httpx.ASGITransport(amazon.app))
        http = httpx.AsyncClient(transport=wire)
        self._open.append(http)
        lines = Connections(
            database=self.database,
            cipher=self.cipher,
            http=http,
            clock=clock,
            shops=http,
            spapi_url=f"http://{_AMAZON}",
            lwa_url=f"http://{_AMAZON}",
        )
        credentials = Credentials()
        store_id = await setup.connect_store(
            replace(lines, clock=lambda: utc_now() - connected_ago),
            SaleorApiUrl(self.shop.host.api_url),
            NewStore(
                name=f"Amazon {self.shop.run} {place}",
                region=Region.NORTH_AMERICA,
                marketplaces=tuple(
                    MarketplaceId(each) for each in amazon.seller.orders.marketplaces
                ),
                authorisation=Authorisation(
                    lwa_client_id=credentials.client_id,
                    lwa_client_secret=SecretStr(credentials.client_secret),
                    refresh_token=SecretStr(credentials.refresh_token),
                ),
                seller_id=amazon.seller.seller_id,
            ),
            Choices(**{"import_into": self._targets(channel), **settings}),
        )
        return LiveStore(store_id, lines, amazon, wire, clock)

    async def close(self) -> None:
        """Closes the lines of all stores."""
        for http in self._open:
            await http.aclose()

    def _targets(self, channel: str | None) -> dict[MarketplaceId, ImportInto]:
        return {
            MarketplaceId(marketplace): ImportInto(channel=self.shop.channel(channel or currency))
            for marketplace, currency in _CURRENCIES.items()
        }
