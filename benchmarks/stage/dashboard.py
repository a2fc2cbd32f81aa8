"""A shop with any number of orders, and a member of its staff who asks the app's own API."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import psycopg
from pydantic import SecretStr

from saleor_amazon_app.core.ids import AmazonOrderId, MarketplaceId, SaleorApiUrl, StoreId
from saleor_amazon_app.core.marketplaces import Region
from saleor_amazon_app.core.times import utc_now
from saleor_amazon_app.entrypoints.app import create_app
from saleor_amazon_app.entrypoints.dashboard_api.places import written_place
from saleor_amazon_app.entrypoints.settings import Settings
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.ledger import installations, order_filter, order_list, stores
from saleor_amazon_app.ledger.installations import Registration
from saleor_amazon_app.ledger.order_indexes import SortBy
from saleor_amazon_app.ledger.secrets import Cipher, new_key
from saleor_amazon_app.ledger.session import connect
from saleor_amazon_app.ledger.stores import Authorisation, NewStore
from saleor_amazon_app.simulators.saleor.keys import access_token, key_set
from saleor_amazon_app.simulators.saleor.keys import new_key as new_signing_key

_SHOP = SaleorApiUrl("https://shop.example/graphql/")
_MARKETPLACES = ("A1PA6795UKMFR9", "A13V1IB3VIYZZH", "A1F83G8C2ARO7P")

# Two years, the oldest first, as they came; two stores, three marketplaces. What is random is so
# by the row's number, so that every run fills in the same.
_ORDERS = """
INSERT INTO orders (store_id, amazon_order_id, marketplace_id, status, fulfilled_by, purchased_at,
    last_updated_at, seen_at, ship_by, currency, grand_total, number_of_items, programs, facts,
    import_state, reasons, attempts, saleor_order_id, saleor_order_number, saleor_total_gross,
    totals_equal, last_note, last_note_at)
SELECT (ARRAY[%(first)s, %(second)s]::uuid[])[1 + (i %% 10 >= 7)::int],
    format('028-%%s-%%s', lpad((i::bigint * 7919 %% 9999991)::text, 7, '0'), lpad(i::text, 7, '0')),
    (%(marketplaces)s::text[])[1 + r %% 3],
    CASE WHEN r %% 100 < 4 THEN 'CANCELLED' WHEN age < interval '3 days' THEN 'UNSHIPPED'
        WHEN r %% 1000 < 45 THEN 'PARTIALLY_SHIPPED' ELSE 'SHIPPED' END,
    CASE WHEN r %% 5 < 3 THEN 'MERCHANT' ELSE 'AMAZON' END,
    now() - age, now() - age * 0.99, now() - age * 0.99, now() - age + interval '2 days',
    CASE WHEN r %% 3 = 2 THEN 'GBP' ELSE 'EUR' END,
    (r %% 200) + (ARRAY[0.99, 0.49, 0.95, 0])[1 + r %% 4], 1, '{}',
    jsonb_build_object('orderId', i::text, 'fulfillment',
        jsonb_build_object('fulfillmentServiceLevel', 'STANDARD'),
        'orderItems', jsonb_build_array(jsonb_build_object('orderItemId', i::text, 'product',
            jsonb_build_object('title', md5(i::text) || repeat(' words of a title', 40))))),
    CASE WHEN r %% 300 = 0 THEN 'HELD' WHEN r %% 100 < 4 THEN 'SKIPPED' ELSE 'PLACED' END,
    '[]', 0, md5(i::text), i::text, 10, true, 'Amazon shows it.',
    now() - age + interval '1 day' * (r %% 7)
FROM (
    SELECT i, ('x' || substr(md5(i::text), 1, 7))::bit(28)::int AS r,
        interval '730 days' * (1 - i / %(count)s::float8) AS age
    FROM generate_series(1, %(count)s) AS i
) AS row
"""
# Buyers are kept for a month after delivery.
_BUYERS = """
INSERT INTO buyers (store_id, amazon_order_id, document, erase_after)
SELECT store_id, amazon_order_id, %(document)s, now() + interval '1 day'
FROM orders WHERE purchased_at > now() - interval '45 days'
"""
_WORDS = """
INSERT INTO buyer_words (store_id, amazon_order_id, word)
SELECT store_id, amazon_order_id, word
FROM buyers CROSS JOIN LATERAL (
    SELECT DISTINCT (%(words)s::bytea[])[1 + floor(random() * random() * %(number)s)::int] AS word
    FROM generate_series(1, 3) WHERE amazon_order_id <> ''
) AS chosen
"""


@dataclass(frozen=True, slots=True)
class Pages:
    """The app's API as its pages ask it."""

    http: httpx.AsyncClient
    lines: Connections
    store_ids: tuple[StoreId, ...]
    app: Any

    async def ask(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        """The whole answer."""
        body = {"query": query, "variables": variables}
        response = await self.http.post("/graphql", json=body)
        answer: dict[str, Any] = response.json()
        return answer

    async def export(self) -> AsyncIterator[bytes]:
        """The whole list as CSV, piece by piece as the app writes it.

        Asked without a client: httpx would first collect what an app in its own process writes.
        """
        pieces: asyncio.Queue[bytes] = asyncio.Queue(maxsize=1)
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/api/orders.csv",
            "query_string": b"",
            "headers": [(k.encode(), v.encode()) for k, v in self.http.headers.items()],
        }

        async def receive() -> dict[str, Any]:
            await asyncio.Event().wait()
            return {}

        async def send(message: Mapping[str, Any]) -> None:
            if message["type"] == "http.response.body":
                await pieces.put(message.get("body", b""))
                if not message.get("more_body"):
                    await pieces.put(b"")

        running = asyncio.create_task(self.app(scope, receive, send))
        while piece := await pieces.get():
            yield piece
        running.cancel()

    async def anywhere(self, chance: random.Random, sort: dict[str, str]) -> str:
        """The cursor of some order of the whole list."""
        number = AmazonOrderId(f"028-{chance.randrange(9999991):07}")
        wanted = order_filter.OrderFilter(number=number[:7])
        by = SortBy(sort["field"])
        async with self.lines.database.transaction() as session:
            found = await order_list.page(
                session, self.store_ids, wanted, order_list.Sorting(by), limit=1
            )
        return written_place(by, order_list.place_of(found[0], by))


@asynccontextmanager
async def opened(database_url: str) -> AsyncIterator[Pages]:
    """The app in this process, a shop that has it and two stores."""
    key, database, cipher = new_signing_key(), connect(database_url), Cipher.of(new_key())
    async with database.transaction() as session:
        shop_id = await installations.install(
            session,
            cipher,
            Registration(
                saleor_api_url=_SHOP,
                domain="shop.example",
                app_id="QXBwOjE=",
                token=SecretStr("token"),
                jwks=key_set(key),
            ),
            now=utc_now(),
        )
        store_ids = [
            await stores.connect_store(
                session,
                cipher,
                shop_id,
                NewStore(
                    name=name,
                    region=Region.EUROPE,
                    marketplaces=tuple(MarketplaceId(each) for each in _MARKETPLACES),
                    authorisation=Authorisation("client", SecretStr("s"), SecretStr("r")),
                    seller_id=name,
                ),
                now=utc_now(),
                sweep_at=utc_now(),
            )
            for name in ("One", "Two")
        ]
    async with httpx.AsyncClient() as outside:
        lines = Connections(database, cipher, outside, utc_now, shops=outside)
        unset: dict[str, Any] = {"DATABASE_URL": None, "key": None}
        app = create_app(lines, Settings(_env_file=None, **unset))
        transport = httpx.ASGITransport(app)
        headers = {"saleor-api-url": _SHOP, "Authorization": f"Bearer {_token(key)}"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://app", headers=headers, timeout=600
        ) as http:
            yield Pages(http, lines, tuple(store_ids), app)
    await database.close()


def _token(key: Any) -> str:
    claims = {
        "iss": _SHOP,
        "app": "QXBwOjE=",
        "type": "thirdparty",
        "exp": int(time.time()) + 86_400,
        "is_staff": True,
        "user_id": "VXNlcjox",
        "email": "ann@shop.example",
        "user_permissions": ["MANAGE_ORDERS", "MANAGE_APPS"],
    }
    return access_token(key, claims)


async def filled(database_url: str, pages: Pages, count: int) -> None:
    """So many orders, the buyers of the last weeks and their words; then vacuumed."""
    cipher = pages.lines.cipher
    document = cipher.encrypt_json({"buyer": {"buyerName": "Anna Müller"}})
    hashes = [cipher.hashed(word) for word in _words()]
    first, second = map(str, pages.store_ids)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            _ORDERS,
            {
                "first": first,
                "second": second,
                "marketplaces": list(_MARKETPLACES),
                "count": count,
            },
        )
        connection.execute(_BUYERS, {"document": document})
        connection.execute(_WORDS, {"words": hashes, "number": len(hashes)})
        connection.execute("VACUUM ANALYZE orders, buyers, buyer_words")


def _words() -> Iterator[str]:
    """Common names first."""
    yield from ("anna", "muller")
    yield from (f"word{number}" for number in range(1000))


__all__ = ["Pages", "filled", "opened"]
