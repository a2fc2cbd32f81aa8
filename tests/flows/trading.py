"""A shop, a seller and the app between them, in one process, under a clock moved by hand.

Every request of the app ends in one of the two simulations. Tests note what was sent, and meet
requests with a hook: to spoil one, to stop the worker that sends it, or to act meanwhile.
"""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from saleor_amazon_app.core.choices import Choices, ImportInto
from saleor_amazon_app.core.ids import (
    AmazonOrderId,
    ChannelSlug,
    MarketplaceId,
    SaleorApiUrl,
    StoreId,
)
from saleor_amazon_app.core.marketplaces import Region
from saleor_amazon_app.flows import orders_in, placing, setup
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.jobs.kinds import FetchOrder, FetchOrders, PlaceOrders
from saleor_amazon_app.ledger import choices as ledger_choices
from saleor_amazon_app.ledger import history, orders, stores
from saleor_amazon_app.ledger.installations import Registration, install
from saleor_amazon_app.ledger.orders import Order as Row
from saleor_amazon_app.ledger.secrets import Cipher
from saleor_amazon_app.ledger.session import Database
from saleor_amazon_app.ledger.stores import Authorisation, NewStore, StoreStatus
from saleor_amazon_app.simulators.amazon import (
    Credentials,
    ScriptedOrder,
    SimulatedAmazon,
    Step,
    create_amazon,
)
from saleor_amazon_app.simulators.saleor import (
    BookedOrder,
    Seed,
    SimulatedShop,
    create_shop,
    default_seed,
)
from saleor_amazon_app.simulators.saleor.schema.catalogue import Stock
from tests.simulated_amazon import NOON, HandClock
from tests.unit.amazon_orders import DE, GB, JP, US, Json, an_item, an_order

API_URL = SaleorApiUrl("http://shop.test/graphql/")
APP_ID = "saleor.amazon"
CONNECTED = datetime(2026, 11, 19, tzinfo=UTC)
CHANNELS = {
    MarketplaceId(US): ChannelSlug("default-channel"),
    MarketplaceId(GB): ChannelSlug("uk"),
    MarketplaceId(DE): ChannelSlug("de"),
    MarketplaceId(JP): ChannelSlug("jp"),
}
US_SHELF = "default-channel-warehouse"
ALIAS = "ada0example@marketplace.amazon.example"
PERMISSIONS = (
    "MANAGE_ORDERS",
    "MANAGE_ORDERS_IMPORT",
    "MANAGE_PRODUCTS",
    "HANDLE_PAYMENTS",
    "HANDLE_CHECKOUTS",
    "MANAGE_USERS",
    "MANAGE_SHIPPING",
)
_OPERATION = re.compile(r"\s*(query|mutation)\s+(\w+)")


@dataclass(frozen=True)
class Sent:
    """A request of the app.

    Attributes:
        name: the GraphQL operation, or the path of a request to Amazon.
        number: among all requests on the same wires, from 1.
        variables: of a GraphQL operation; the query of a request to Amazon.
    """

    name: str
    number: int
    is_mutation: bool
    variables: Mapping[str, Any]


Hook = Callable[[Sent], Awaitable[None]]


class Wires(httpx.AsyncBaseTransport):
    """The network of one worker: each request goes to the simulation behind its host."""

    def __init__(self, **apps: Any) -> None:
        """Takes an ASGI application for each host `<name>.test`."""
        self._doors: dict[str, httpx.ASGITransport] = {}
        self.open(**apps)
        self.sent: list[Sent] = []
        self.before: Hook | None = None
        self.after: Hook | None = None

    def open(self, **apps: Any) -> None:
        """Puts applications behind more hosts."""
        self._doors |= {f"{name}.test": httpx.ASGITransport(app) for name, app in apps.items()}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        sent = _read(request, len(self.sent) + 1)
        self.sent.append(sent)
        if self.before:
            await self.before(sent)
        door = self._doors.get(request.url.host)
        if door is None:
            raise httpx.ConnectError("nobody is there")
        response = await door.handle_async_request(request)
        if self.after:
            await self.after(sent)
        return response

    @property
    def names(self) -> list[str]:
        return [sent.name for sent in self.sent]

    @property
    def mutations(self) -> list[str]:
        return [sent.name for sent in self.sent if sent.is_mutation]


def _read(request: httpx.Request, number: int) -> Sent:
    found = None
    if request.url.path == "/graphql/":
        asked = json.loads(request.content)
        found = _OPERATION.match(asked["query"])
    if found is None:
        return Sent(request.url.path, number, False, dict(request.url.params))
    return Sent(found[2], number, found[1] == "mutation", asked["variables"])


@dataclass
class Trade:
    """A seller whose orders the app brings into a shop.

    Attributes:
        wires: of `lines`, the first worker.
    """

    amazon: SimulatedAmazon
    shop: SimulatedShop
    clock: HandClock
    wires: Wires
    lines: Connections
    token: str
    store_id: StoreId

    def sell(self, order: Json, *steps: Step) -> AmazonOrderId:
        """Gives the seller an order."""
        self.amazon.seller.orders.add([ScriptedOrder(order, steps)])
        return AmazonOrderId(order["orderId"])

    async def fetch(self, lines: Connections | None = None) -> None:
        await orders_in.fetch(lines or self.lines, FetchOrders(self.store_id))

    async def fetch_one(self, order_id: AmazonOrderId) -> None:
        await orders_in.fetch_one(self.lines, FetchOrder(self.store_id, order_id))

    async def place(self, lines: Connections | None = None) -> None:
        await placing.place(lines or self.lines, PlaceOrders(self.store_id))

    async def sync(self) -> None:
        """One round: what changed at Amazon is read, what is due is placed."""
        await self.fetch()
        await self.place()

    async def later(self, **duration: float) -> None:
        """One round after some time."""
        self.clock.move(**duration)
        await self.sync()

    def worker(self) -> tuple[Connections, Wires]:
        """Another worker on the same database, with wires of its own."""
        wires = Wires(amazon=self.amazon.app, shop=self.shop.app)
        http = httpx.AsyncClient(transport=wires)
        return replace(self.lines, http=http, shops=http), wires

    async def choose(self, **changes: Any) -> None:
        """Changes the store's settings, as the merchant would."""
        async with self.lines.database.transaction() as session:
            before = await ledger_choices.choices_of(session, self.store_id)
            chosen = Choices.model_validate(before.model_dump() | changes)
            await ledger_choices.save_choices(session, self.store_id, chosen, now=self.clock())

    async def switch(self, status: StoreStatus) -> None:
        """Switches the store on or off."""
        async with self.lines.database.transaction() as session:
            await stores.set_store_status(session, self.store_id, status)

    async def row(self, order_id: str) -> Row:
        async with self.lines.database.transaction() as session:
            found = await orders.find(session, self.store_id, AmazonOrderId(order_id))
        assert found is not None
        return found

    async def standing(self, order_id: str) -> tuple[str, list[tuple[str, str]]]:
        """What became of an order, with codes and words of its reasons."""
        row = await self.row(order_id)
        reasons = [(reason.code.value, reason.message) for reason in row.held_or_skipped_for()]
        return row.import_state, reasons

    async def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Looks straight into the database."""
        async with self.lines.database.transaction() as session:
            return [tuple(row) for row in await session.execute(text(sql))]

    async def told(self, order_id: str) -> list[tuple[str, str]]:
        """Kinds and summaries of the order's history."""
        async with self.lines.database.transaction() as session:
            events = await history.history_of(session, self.store_id, AmazonOrderId(order_id))
        return [(event.kind, event.summary) for event in events]

    def booked(self, order_id: str) -> list[BookedOrder]:
        """All orders and drafts that the shop has for an Amazon order."""
        return [
            order
            for order in self.shop.book()
            if order_id in (order.external_reference, order.metadata.get("amazonOrderId"))
        ]

    def the_order(self, order_id: str) -> BookedOrder:
        """The one order that the shop has for an Amazon order."""
        (order,) = self.booked(order_id)
        return order

    def notes(self, order_id: str) -> list[str | None]:
        """The messages in the timeline of the shop's order."""
        order = self.shop.state.by_reference(order_id)
        assert order is not None
        return [event.message for event in order.timeline if event.message]

    def announced(self, order_id: str) -> list[str]:
        """What the shop told others of the order, mails among it, oldest first."""
        return [entry.event for entry in self.shop.journal if entry.subject == order_id]

    def drafted(self, order_id: str) -> int:
        """How often other systems of the shop were told of an import of the order."""
        return self.announced(order_id).count("ORDER_BULK_CREATED")

    def free(self, sku: str = "MUG-1") -> int:
        """Units in the American warehouse that can still be sold."""
        return self._shelf(sku).free

    def leave(self, units: int, sku: str = "MUG-1") -> None:
        """Leaves so many units to be sold, besides those that orders keep."""
        stock = self._shelf(sku)
        stock.on_hand += units - stock.free

    def _shelf(self, sku: str) -> Stock:
        (stock,) = (one for one in self.shop.variant(sku).kept if one.warehouse.slug == US_SHELF)
        return stock


@asynccontextmanager
async def opened(
    database: Database, cipher: Cipher, *, seed: Seed | None = None, **chosen: Any
) -> AsyncIterator[Trade]:
    """Opens a shop and a seller, both empty-handed, and connects the app to them."""
    clock = HandClock(CONNECTED)
    shop = create_shop(seed, clock=clock)
    amazon = create_amazon(clock=clock, marketplaces=tuple(CHANNELS))
    wires = Wires(amazon=amazon.app, shop=shop.app)
    async with httpx.AsyncClient(transport=wires) as http:
        lines = Connections(
            database,
            cipher,
            http,
            clock,
            shops=http,
            spapi_url="http://amazon.test",
            lwa_url="http://amazon.test",
        )
        token = shop.add_app(PERMISSIONS, identifier=APP_ID)
        await register(lines, token)
        account = replace(seller_account(), seller_id=amazon.seller.seller_id)
        store_id = await setup.connect_store(lines, API_URL, account, settings(**chosen))
        clock.now = NOON
        yield Trade(amazon, shop, clock, wires, lines, token, store_id)


async def register(lines: Connections, token: str) -> None:
    """Keeps the app's token, as an installation does after it has asked whose it is."""
    registration = Registration(API_URL, "shop.test", "QXBwOjE=", SecretStr(token))
    async with lines.database.transaction() as session:
        await install(session, lines.cipher, registration, now=lines.clock())


OpenTrade = Callable[..., Awaitable[Trade]]


@pytest.fixture
async def open_trade(database: Database, cipher: Cipher) -> AsyncIterator[OpenTrade]:
    """Opens a trade with a shop or with settings of the test's own."""
    async with AsyncExitStack() as stack:

        async def make(seed: Seed | None = None, **chosen: Any) -> Trade:
            return await stack.enter_async_context(opened(database, cipher, seed=seed, **chosen))

        yield make


@pytest.fixture
async def trade(open_trade: OpenTrade) -> Trade:
    """The default shop, a seller in four marketplaces, and the app between them."""
    return await open_trade()


def seller_account(name: str = "Lanterns", refresh_token: str | None = None) -> NewStore:
    """The simulated seller, as the merchant connects it."""
    known = Credentials()
    return NewStore(
        name=name,
        region=Region.NORTH_AMERICA,
        marketplaces=tuple(CHANNELS),
        authorisation=Authorisation(
            lwa_client_id=known.client_id,
            lwa_client_secret=SecretStr(known.client_secret),
            refresh_token=SecretStr(refresh_token or known.refresh_token),
        ),
    )


def settings(**chosen: Any) -> Choices:
    """Every marketplace has its channel; everything else as a new store has it."""
    into = {id: ImportInto(channel=channel) for id, channel in CHANNELS.items()}
    return Choices.model_validate({"import_into": into} | chosen)


def unconfirming() -> Seed:
    """The default shop, whose American channel leaves new orders unconfirmed."""
    seed = default_seed()
    first, *others = seed.channels
    manual = replace(first, automatically_confirm_all_new_orders=False)
    return replace(seed, channels=(manual, *others))


def goods(
    total: str = "20.00", *, sku: str | None = "MUG-1", id: str = "11", gone: int = 0, **more: Any
) -> Json:
    """An item of two units unless told otherwise, some of which left."""
    quantity = more.pop("quantity", 2)
    counts = {"quantityFulfilled": gone, "quantityUnfulfilled": quantity - gone}
    return an_item(total, id=id, sku=sku, quantity=quantity, **{"fulfillment": counts, **more})


def sale(number: int = 1, items: list[Json] | None = None, **more: Any) -> Json:
    """A paid order of two mugs for 20.00 that waits to be shipped, unless told otherwise."""
    bought = more.pop("bought", NOON.replace(hour=8))
    stamp = bought.isoformat().replace("+00:00", "Z")
    told: Json = {
        "orderId": number_of(number),
        "createdTime": stamp,
        "lastUpdatedTime": stamp,
        "buyer": {"buyerName": "Ada Example", "buyerEmail": ALIAS},
    }
    grand_total = more.pop("grand_total", "20.00")
    return an_order([goods()] if items is None else items, grand_total=grand_total, **told | more)


def number_of(number: int) -> AmazonOrderId:
    """The Amazon number of the order that `sale` makes."""
    return AmazonOrderId(f"111-0000000-{number:07}")
