"""The way back on stage: seller, shop and app as processes of their own, and staff at work.

Everything goes over HTTP, and the app runs as `serve` runs it. Orders are imported before staff
do anything.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr
from sqlalchemy import func, select

from saleor_amazon_app.core.choices import Choices, ImportInto
from saleor_amazon_app.core.ids import SaleorApiUrl, StoreId
from saleor_amazon_app.core.marketplaces import Region
from saleor_amazon_app.core.times import utc_now
from saleor_amazon_app.entrypoints import logs
from saleor_amazon_app.entrypoints.settings import Settings
from saleor_amazon_app.entrypoints.tryout import Process, start, temporary_home, wait_for
from saleor_amazon_app.entrypoints.wiring import running
from saleor_amazon_app.flows.connections import Connections, Pace
from saleor_amazon_app.flows.setup import connect_store
from saleor_amazon_app.ledger.orders import ImportState, Order
from saleor_amazon_app.ledger.outbox import OutboxRow
from saleor_amazon_app.ledger.stores import Authorisation, NewStore
from saleor_amazon_app.simulators.amazon import Credentials
from saleor_amazon_app.simulators.amazon.simulator import SELLER_ID
from saleor_amazon_app.simulators.amazon.timelines import to_json
from saleor_amazon_app.simulators.saleor import seed_to_json
from stage import CHANNEL, MARKETPLACE, plain_orders, shop_seed
from stage.workers import until

_STAFF_AT_ONCE = 8
_PAGE = 100
_ORDERS = """query Orders($after: String) {
  orders(first: 100, after: $after) {
    pageInfo { hasNextPage endCursor }
    edges { node { id externalReference
      lines { id quantity allocations { warehouse { id } } } } }
  }
}"""
_FULFIL = """mutation Fulfil($order: ID!, $input: OrderFulfillInput!) {
  orderFulfill(order: $order, input: $input) { errors { field code message } }
}"""
_CANCEL = """mutation Cancel($id: ID!) {
  orderCancel(id: $id) { errors { field code message } }
}"""


@dataclass(frozen=True, slots=True)
class Trade:
    """A seller, a shop, and the app between them.

    Attributes:
        lines: for looking into the app's ledger from here.
        orders: what the shop has of each order, as its API tells it; `Any` because it is JSON.
    """

    amazon: Process
    app: Process
    lines: Connections
    store_id: StoreId
    orders: Sequence[Mapping[str, Any]]
    _ask: Callable[..., Awaitable[Mapping[str, Any]]]
    _http: httpx.AsyncClient

    async def fulfil(self, order: Mapping[str, Any]) -> None:
        """Staff fulfil all of an order, under a number that tells the carrier."""
        lines = [
            {
                "orderLineId": line["id"],
                "stocks": [
                    {
                        "warehouse": line["allocations"][0]["warehouse"]["id"],
                        "quantity": line["quantity"],
                    }
                ],
            }
            for line in order["lines"]
        ]
        number = f"1Z{order['externalReference'].replace('-', '')}"
        given = {"lines": lines, "trackingNumber": number, "notifyCustomer": True}
        await self._act(_FULFIL, order=order["id"], input=given)

    async def cancel(self, order: Mapping[str, Any]) -> None:
        """Staff cancel an order."""
        await self._act(_CANCEL, id=order["id"])

    async def with_all(self, act: Callable[[Mapping[str, Any]], Awaitable[None]]) -> None:
        """Staff do something with every order, a few of them at once."""
        desk = asyncio.Semaphore(_STAFF_AT_ONCE)

        async def at_desk(order: Mapping[str, Any]) -> None:
            async with desk:
                await act(order)

        await asyncio.gather(*map(at_desk, self.orders))

    async def _act(self, mutation: str, **variables: Any) -> None:
        (answer,) = (await self._ask(mutation, **variables)).values()
        if answer["errors"]:
            raise SystemExit(f"The shop refuses: {answer['errors']}")

    async def outbox(self) -> list[OutboxRow]:
        """Everything that Amazon is told."""
        async with self.lines.database.transaction() as session:
            rows = await session.scalars(select(OutboxRow).order_by(OutboxRow.id))
            return list(rows)

    async def in_state(self, *states: str) -> int:
        """How many rows of the outbox are in one of these states."""
        self.app.check()
        async with self.lines.database.transaction() as session:
            found = select(func.count()).select_from(OutboxRow).where(OutboxRow.state.in_(states))
            return await session.scalar(found) or 0

    async def calls(self, operation: str) -> tuple[int, int]:
        """How often the seller was asked for something, and how often that was refused."""
        told = (await self._http.get(f"{self.amazon.address}/_simulator/calls")).json()
        asked = told.get(operation, {"calls": 0, "refused": {}})
        return asked["calls"], sum(asked["refused"].values())


@asynccontextmanager
async def opened_trade(count: int, *, speed: int) -> AsyncIterator[Trade]:
    """Starts everything and imports so many plain orders."""
    logs.set_up()
    with ExitStack() as stack:
        home = temporary_home(stack)
        scripted = home / "orders.json"
        scripted.write_text(json.dumps(to_json(plain_orders(count, run=1)), default=str))
        seed = home / "seed.json"
        seed.write_text(seed_to_json(replace(shop_seed(), apps=())))
        sells = ("--orders", str(scripted), "--speed", str(speed))
        amazon = start(stack, home, "amazon", "simulate", "amazon", *sells)
        shop = start(stack, home, "saleor", "simulate", "saleor", "--seed", str(seed))
        app = _start_app(stack, home, amazon, speed)
        async with httpx.AsyncClient(timeout=60) as http:
            await wait_for(http, amazon, "/_simulator/state")
            await wait_for(http, shop, "/_simulator/requests")
            await wait_for(http, app, "/health")
            manifest = {"manifest_url": f"{app.address}/api/manifest"}
            installed = await http.post(f"{shop.address}/_simulator/install", json=manifest)
            installed.raise_for_status()
            async with running(_settings(home)) as opened:
                store_id = await _connect(opened.lines, shop)
                await until(lambda: _placed(opened.lines, app), lambda placed: placed == count)
                ask = await _staff(http, shop)
                orders = await _orders(ask)
                yield Trade(amazon, app, opened.lines, store_id, orders, ask, http)


def _start_app(stack: ExitStack, home: Path, amazon: Process, speed: int) -> Process:
    usual = Pace()
    seconds = {
        "SYNC_EVERY": timedelta(minutes=5) / speed,
        "OVERLAP": usual.overlap / speed,
        "SWEEP_EVERY": usual.sweep_every,
        "HOST_MAY_GO_ON": usual.host_may_go_on / speed,
        "BEAT": usual.beat / speed,
    }
    return start(
        stack,
        home,
        "app",
        "serve",
        "--data-dir",
        str(home / "data"),
        SALEOR_AMAZON_SPAPI_URL=amazon.address,
        SALEOR_AMAZON_LWA_URL=amazon.address,
        SALEOR_AMAZON_ALLOW_LOCAL_SHOPS="true",
        **{f"SALEOR_AMAZON_{k}_SECONDS": str(v.total_seconds()) for k, v in seconds.items()},
    )


def _settings(home: Path) -> Settings:
    unset: dict[str, Any] = {"DATABASE_URL": None, "key": None}
    return Settings(_env_file=None, data_dir=home / "data", allow_local_shops=True, **unset)


async def _connect(lines: Connections, shop: Process) -> StoreId:
    """Connects the seller, as of two hours ago."""
    then, account = utc_now() - timedelta(hours=2), Credentials()
    return await connect_store(
        replace(lines, clock=lambda: then),
        SaleorApiUrl(f"{shop.address}/graphql/"),
        NewStore(
            name="Way back",
            region=Region.NORTH_AMERICA,
            marketplaces=(MARKETPLACE,),
            authorisation=Authorisation(
                lwa_client_id=account.client_id,
                lwa_client_secret=SecretStr(account.client_secret),
                refresh_token=SecretStr(account.refresh_token),
            ),
            seller_id=SELLER_ID,
        ),
        Choices(import_into={MARKETPLACE: ImportInto(channel=CHANNEL)}),
    )


async def _placed(lines: Connections, app: Process) -> int:
    app.check()
    async with lines.database.transaction() as session:
        placed = select(func.count()).where(Order.import_state == ImportState.PLACED)
        return await session.scalar(placed) or 0


async def _staff(
    http: httpx.AsyncClient, shop: Process
) -> Callable[..., Awaitable[Mapping[str, Any]]]:
    """Somebody who may do everything in the shop, over its API."""
    let_in = await http.post(f"{shop.address}/_simulator/staff")
    headers = {"Authorization": f"Bearer {let_in.raise_for_status().json()['token']}"}

    async def ask(query: str, **variables: Any) -> Mapping[str, Any]:
        body = {"query": query, "variables": variables}
        answer = await http.post(f"{shop.address}/graphql/", json=body, headers=headers)
        data: Mapping[str, Any] = answer.raise_for_status().json()["data"]
        return data

    return ask


async def _orders(
    ask: Callable[..., Awaitable[Mapping[str, Any]]],
) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    page: Mapping[str, Any] = {"hasNextPage": True, "endCursor": None}
    while page["hasNextPage"]:
        told = (await ask(_ORDERS, after=page["endCursor"]))["orders"]
        found += [edge["node"] for edge in told["edges"] if edge["node"]["externalReference"]]
        page = told["pageInfo"]
    return found
