"""The stage of the benchmarks: a shop, a seller with plain orders, and the app connected to both.

Kept in a folder so that `./run bench` takes none of it for a benchmark.
"""

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr

from saleor_amazon_app.core.choices import Choices, ImportInto
from saleor_amazon_app.core.ids import ChannelSlug, MarketplaceId, SaleorApiUrl, StoreId
from saleor_amazon_app.core.marketplaces import Region
from saleor_amazon_app.core.times import utc_now
from saleor_amazon_app.entrypoints import logs
from saleor_amazon_app.entrypoints.tryout import start, temporary_home, wait_for
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.setup import connect_store
from saleor_amazon_app.ledger import installations
from saleor_amazon_app.ledger.embedded import embedded_server
from saleor_amazon_app.ledger.installations import Registration
from saleor_amazon_app.ledger.secrets import Cipher, new_key
from saleor_amazon_app.ledger.session import Database, connect
from saleor_amazon_app.ledger.stores import Authorisation, NewStore
from saleor_amazon_app.migrations.run import upgrade
from saleor_amazon_app.simulators.amazon import Credentials, ScriptedOrder, SimulatedAmazon
from saleor_amazon_app.simulators.saleor import Seed, default_seed, seed_to_json
from saleor_amazon_app.simulators.saleor.pace import Latency
from saleor_amazon_app.simulators.saleor.seed import AppSeed, ProductSeed

CHANNEL = ChannelSlug("default-channel")
MARKETPLACE = MarketplaceId("ATVPDKIKX0DER")
SKUS = ("MUG-1", "TEA-1", "LAMP-1")
# Every fourth order has several items, the others one.
_SEVERAL_EVERY = 4
_PERMISSIONS = (
    "MANAGE_ORDERS",
    "MANAGE_ORDERS_IMPORT",
    "MANAGE_PRODUCTS",
    "HANDLE_PAYMENTS",
    "MANAGE_SHIPPING",
)
_AMAZON_URL = "http://amazon.test"


@dataclass(frozen=True, slots=True)
class Host:
    """A shop with the token of an app in it."""

    api_url: SaleorApiUrl
    token: SecretStr
    skus: tuple[str, ...]


@contextmanager
def embedded_database() -> Iterator[str]:
    """A PostgreSQL with the app's tables, for this run alone."""
    logs.set_up()
    with ExitStack() as stack:
        url = stack.enter_context(embedded_server(temporary_home(stack)))
        upgrade(url)
        yield url


@asynccontextmanager
async def simulated_shop(latency: Latency) -> AsyncIterator[Host]:
    """A fresh simulated shop in a process of its own."""
    with ExitStack() as stack:
        home = temporary_home(stack)
        seed = home / "seed.json"
        seed.write_text(seed_to_json(shop_seed()))
        command = ("simulate", "saleor", "--seed", str(seed), "--latency", latency)
        process = start(stack, home, "saleor", *command)
        async with httpx.AsyncClient(timeout=30) as http:
            await wait_for(http, process, "/_simulator/requests")
        yield Host(SaleorApiUrl(f"{process.address}/graphql/"), SecretStr("benchmark"), SKUS)


def shop_seed() -> Seed:
    """The simulator's small shop with the app installed and more goods than are ever sold."""
    seed = default_seed()
    app = AppSeed(identifier="saleor.amazon", permissions=_PERMISSIONS, token="benchmark")
    return replace(seed, apps=(app,), products=tuple(map(_plenty_of, seed.products)))


def _plenty_of(product: ProductSeed) -> ProductSeed:
    variants = tuple(
        replace(each, stocks=dict.fromkeys(each.stocks, 10_000_000)) for each in product.variants
    )
    return replace(product, variants=variants)


@asynccontextmanager
async def opened(
    database_url: str,
    amazon: SimulatedAmazon,
    *,
    shop: httpx.AsyncBaseTransport | None = None,
    key: SecretStr | None = None,
) -> AsyncIterator[Connections]:
    """The app's lines to a seller in this process and to a shop.

    Args:
        database_url: of `embedded_database`.
        amazon: the seller.
        shop: how the shop is reached; None for the network.
        key: what tokens are encrypted with; None for one that nobody else knows.
    """
    database: Database = connect(database_url)
    mounts = {_AMAZON_URL: httpx.ASGITransport(amazon.app)}
    async with httpx.AsyncClient(transport=shop, mounts=mounts) as http:
        yield Connections(
            database,
            Cipher.of(key or new_key()),
            http,
            utc_now,
            shops=http,
            spapi_url=_AMAZON_URL,
            lwa_url=_AMAZON_URL,
        )
    await database.close()


async def connected(lines: Connections, host: Host, *, name: str) -> StoreId:
    """Installs the app in the shop and connects the seller to it, as of two hours ago."""
    then = utc_now() - timedelta(hours=2)
    registration = Registration(host.api_url, urlsplit(host.api_url).netloc, "QXBwOjE=", host.token)
    async with lines.database.transaction() as session:
        await installations.install(session, lines.cipher, registration, now=then)
    account = Credentials()
    store = NewStore(
        name=name,
        region=Region.NORTH_AMERICA,
        marketplaces=(MARKETPLACE,),
        authorisation=Authorisation(
            lwa_client_id=account.client_id,
            lwa_client_secret=SecretStr(account.client_secret),
            refresh_token=SecretStr(account.refresh_token),
        ),
    )
    settings = Choices(import_into={MARKETPLACE: ImportInto(channel=CHANNEL)})
    past = replace(lines, clock=lambda: then)
    return await connect_store(past, host.api_url, store, settings)


def plain_orders(count: int, *, run: int, skus: Sequence[str] = SKUS) -> list[ScriptedOrder]:
    """Paid orders of the last hour that wait to be shipped, numbered `111-<run>-<number>`."""
    bought = utc_now() - timedelta(hours=1)
    return [
        ScriptedOrder(plain_order(number, run=run, skus=skus, bought=bought))
        for number in range(count)
    ]


def plain_order(number: int, *, run: int, skus: Sequence[str], bought: datetime) -> dict[str, Any]:
    """One of `plain_orders` as Orders 2026-01-01 writes it; `Any` because it is JSON."""
    several = number % _SEVERAL_EVERY == 0
    items = [_item(number, sku) for sku in (skus if several else skus[:1])]
    stamp = (bought + timedelta(seconds=number % 600)).isoformat().replace("+00:00", "Z")
    return {
        "orderId": f"111-{run:07}-{number:07}",
        "createdTime": stamp,
        "lastUpdatedTime": stamp,
        "salesChannel": {
            "channelName": "AMAZON",
            "marketplaceId": MARKETPLACE,
            "marketplaceName": "Amazon.com",
        },
        "buyer": {"buyerName": "Ada Example", "buyerEmail": f"b{number}@marketplace.test"},
        "recipient": {
            "deliveryAddress": {
                "name": "Ada Example",
                "addressLine1": f"{number + 1} Test Street",
                "city": "Seattle",
                "stateOrRegion": "WA",
                "postalCode": "98109",
                "countryCode": "US",
            }
        },
        "fulfillment": {
            "fulfillmentStatus": "UNSHIPPED",
            "fulfilledBy": "MERCHANT",
            "fulfillmentServiceLevel": "STANDARD",
        },
        "proceeds": {"grandTotal": _usd(20 * len(items))},
        "orderItems": items,
    }


def _item(number: int, sku: str) -> dict[str, Any]:
    return {
        "orderItemId": f"{number}{SKUS.index(sku) if sku in SKUS else 0}",
        "quantityOrdered": 2,
        "product": {"asin": "B000000001", "title": f"Thing {sku}", "sellerSku": sku},
        "proceeds": {
            "proceedsTotal": _usd(20),
            "breakdowns": [{"type": "ITEM", "subtotal": _usd(20)}],
        },
        "fulfillment": {"quantityFulfilled": 0, "quantityUnfulfilled": 2},
    }


def _usd(amount: int) -> dict[str, str]:
    return {"amount": f"{amount}.00", "currencyCode": "USD"}


def report(benchmark: str, **figures: object) -> None:
    """Prints the one line of a benchmark."""
    print(json.dumps({"benchmark": benchmark, **figures}))
