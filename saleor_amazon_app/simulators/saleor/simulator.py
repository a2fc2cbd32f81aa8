"""The simulated shop as one thing: made with `create_shop`, reached through `.app`.

Tests drive it in-process through `httpx.ASGITransport(shop.app)`; `serve` puts it on a port of
this machine.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress

import httpx
import uvicorn
from starlette.applications import Starlette

from saleor_amazon_app.core.times import Clock, utc_now
from saleor_amazon_app.simulators.saleor.apps_desk import AppsDesk
from saleor_amazon_app.simulators.saleor.book import BookedOrder, booked
from saleor_amazon_app.simulators.saleor.dashboard import dashboard_routes
from saleor_amazon_app.simulators.saleor.deliveries import Deliveries
from saleor_amazon_app.simulators.saleor.desk import Desk
from saleor_amazon_app.simulators.saleor.faults import Faults
from saleor_amazon_app.simulators.saleor.install import Installation, install_app
from saleor_amazon_app.simulators.saleor.pace import Latency, Pace
from saleor_amazon_app.simulators.saleor.planting import (
    plant,
    plant_app,
    plant_product,
    plant_staff,
)
from saleor_amazon_app.simulators.saleor.schema.catalogue import ProductVariant
from saleor_amazon_app.simulators.saleor.schema.people import App
from saleor_amazon_app.simulators.saleor.schema.problems import AppProblem
from saleor_amazon_app.simulators.saleor.seed import ProductSeed, Seed, default_seed
from saleor_amazon_app.simulators.saleor.server import GraphQLDoor
from saleor_amazon_app.simulators.saleor.state import Counters, JournalEntry, Shop


class SimulatedShop:
    """A shop with its HTTP application.

    Attributes:
        app: the ASGI application: the host's API and the desk under `/_simulator`.
        faults: what goes wrong next.
        state: the records themselves, for tests that act as the shop's staff would.
        deliveries: the events on their way to apps.
    """

    def __init__(
        self,
        state: Shop,
        *,
        latency: Latency = "none",
        transport: httpx.AsyncBaseTransport | None = None,
        speed: float = 1,
        amazon_url: str | None = None,
    ) -> None:
        self.state = state
        self.faults = Faults(state)
        self.deliveries = Deliveries(state, transport, speed)
        self._transport = transport
        door = GraphQLDoor(state, faults=self.faults, pace=Pace(latency))
        desk = Desk(state, faults=self.faults, install=self.install, hire=self.add_staff)
        apps = AppsDesk(
            self.deliveries, self.find_app, self.switch_app, self.delete_app, self.problems
        )
        dashboard = dashboard_routes(state, amazon_url=amazon_url)
        routes = [*door.routes(), *desk.routes(), *apps.routes(), *dashboard]
        self.app = Starlette(routes=routes, lifespan=self._open)
        self.app.state.served = False

    @property
    def journal(self) -> list[JournalEntry]:
        """Every event and mail, oldest first."""
        return self.state.journal

    @property
    def counters(self) -> Counters:
        """How much was asked."""
        return self.state.counters

    def book(self) -> tuple[BookedOrder, ...]:
        """Every order and draft, by number."""
        return booked(self.state)

    def booked_order(self, reference: str) -> BookedOrder:
        """The order with that external reference.

        Raises:
            LookupError: the shop has none.
        """
        for order in self.book():
            if order.external_reference == reference:
                return order
        raise LookupError(f"no order {reference}")

    def problems(self) -> list[AppProblem]:
        """The problems that stand in the dashboard, of all apps, oldest first."""
        every = (problem for each in self.state.problems.values() for problem in each)
        return [problem for problem in every if problem.dismissed is None]

    def add_app(self, permissions: Iterable[str], *, identifier: str = "test.app") -> str:
        """Installs an app without any ceremony and hands out its token."""
        token = secrets.token_urlsafe(22)
        held = frozenset(permissions)
        plant_app(self.state, identifier=identifier, permissions=held, token=token)
        return token

    def add_staff(self) -> str:
        """Lets somebody of the staff in, who may do everything, and hands out their token."""
        return plant_staff(self.state)

    async def install(self, manifest_url: str, api_url: str) -> Installation:
        """Installs an app as staff would, by its manifest."""
        return await install_app(
            self.state, manifest_url, api_url=api_url, transport=self._transport
        )

    def find_app(self, identifier: str) -> App:
        """The installed app with that identifier.

        Raises:
            LookupError: the shop has none.
        """
        for app in self.state.apps.values():
            if app.identifier == identifier:
                return app
        raise LookupError(f"no app {identifier}")

    def switch_app(self, app: App, *, on: bool) -> None:
        """Switches an app on or off, as staff would."""
        app.is_active = on
        self.state.happened("APP_STATUS_CHANGED", {"app": app})

    def delete_app(self, app: App) -> None:
        """Removes an app, as staff would."""
        del self.state.apps[app.token]
        self.state.extensions = [one for one in self.state.extensions if one.app is not app]
        self.state.happened("APP_DELETED", {"app": app})

    @asynccontextmanager
    async def _open(self, _app: Starlette) -> AsyncIterator[None]:
        """Delivers events for as long as the shop stands on a port."""
        delivering = asyncio.create_task(self.deliveries.run())
        try:
            yield
        finally:
            delivering.cancel()

    def variant(self, sku: str) -> ProductVariant:
        """The variant with that SKU.

        Raises:
            LookupError: the shop has none.
        """
        for variant in self.state.variants.values():
            if variant.sku == sku:
                return variant
        raise LookupError(f"no variant {sku}")

    def add_product(self, product: ProductSeed) -> None:
        """Adds a product, as staff would to free orders held for it."""
        known = set(self.state.variants)
        plant_product(self.state, product)
        for id, variant in self.state.variants.items():
            if id not in known:
                self.state.happened("PRODUCT_VARIANT_CREATED", {"product_variant": variant})

    def set_stock(self, sku: str, warehouse: str, quantity: int) -> None:
        """Changes what lies in a warehouse.

        Raises:
            LookupError: the shop has no such variant, or no stock of it there.
        """
        for stock in self.variant(sku).kept:
            if stock.warehouse.slug == warehouse:
                stock.on_hand = quantity
                changed = self.variant(sku)
                self.state.happened("PRODUCT_VARIANT_STOCK_UPDATED", {"product_variant": changed})
                return
        raise LookupError(f"no stock of {sku} in {warehouse}")

    def publish(self, sku: str, channel: str, *, is_published: bool = True) -> None:
        """Shows the product of a variant in a channel, or takes it out of sight."""
        for listing in self.variant(sku).product.listings:
            if listing.channel.slug == channel:
                listing.is_published = is_published
        self.state.happened("PRODUCT_UPDATED", {"product": self.variant(sku).product})


def create_shop(
    seed: Seed | None = None,
    *,
    clock: Clock = utc_now,
    latency: Latency = "none",
    transport: httpx.AsyncBaseTransport | None = None,
    speed: float = 1,
    amazon_url: str | None = None,
) -> SimulatedShop:
    """A simulated shop.

    Args:
        seed: what it has when it opens; left out, a small shop in four currencies.
        clock: what time it is; a test passes its own to move time on.
        latency: `real` makes drafting and completing take as long as a real host takes.
        transport: how apps that are installed are reached; None for the network.
        speed: divides the time after which a webhook is sent again.
        amazon_url: a simulated Amazon, whose side the dashboard then shows beside each order.
    """
    return SimulatedShop(
        plant(seed or default_seed(), clock),
        latency=latency,
        transport=transport,
        speed=speed,
        amazon_url=amazon_url,
    )


def server_for(shop: SimulatedShop, *, port: int) -> uvicorn.Server:
    """A server that shows the shop on 127.0.0.1; port 0 takes a free one."""
    shop.app.state.served = True
    return uvicorn.Server(
        uvicorn.Config(
            shop.app,
            host="127.0.0.1",
            port=port,
            log_level="warning",
            access_log=False,
            lifespan="on",
            ws="none",
        )
    )


def serve(shop: SimulatedShop, *, port: int) -> None:
    """Serves the shop on 127.0.0.1 until it is interrupted."""
    with suppress(KeyboardInterrupt):
        server_for(shop, port=port).run()
