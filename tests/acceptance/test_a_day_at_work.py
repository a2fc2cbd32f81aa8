"""The app as it is run: processes, sockets and its own database, from installing to looking."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from saleor_amazon_app.core.times import utc_now
from saleor_amazon_app.entrypoints.tryout import Process, start, temporary_home, wait_for
from saleor_amazon_app.simulators.amazon import Credentials
from tests.flows.trading import goods, number_of, sale

_PATIENCE_SECONDS = 30.0


@dataclass
class Site:
    """A simulated seller, a simulated shop and the app, each a process of its own."""

    stack: ExitStack
    home: Path
    http: httpx.AsyncClient
    amazon: Process
    shop: Process

    @property
    def environment(self) -> dict[str, str]:
        return {
            "SALEOR_AMAZON_DATA_DIR": str(self.home / "data"),
            "SALEOR_AMAZON_SPAPI_URL": self.amazon.address,
            "SALEOR_AMAZON_LWA_URL": self.amazon.address,
            "SALEOR_AMAZON_ALLOW_LOCAL_SHOPS": "true",
            "SALEOR_AMAZON_SYNC_EVERY_SECONDS": "1",
            "SALEOR_AMAZON_OVERLAP_SECONDS": "10",
            "SALEOR_AMAZON_HOST_MAY_GO_ON_SECONDS": "2",
        }

    async def serve(self) -> Process:
        """Starts the app and waits until it is well."""
        app = start(self.stack, self.home, "app", "serve", **self.environment)
        await wait_for(self.http, app, "/health")
        return app

    async def command(self, *words: str) -> Any:
        """What a command prints as JSON."""
        credentials = Credentials()
        secrets = {
            "AMAZON_CLIENT_SECRET": credentials.client_secret,
            "AMAZON_REFRESH_TOKEN": credentials.refresh_token,
        }
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "saleor_amazon_app", *words, "--json"],
            env=os.environ | self.environment | secrets,
            cwd=self.home,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        return json.loads(done.stdout)

    async def sell(self, *orders: dict[str, Any]) -> None:
        """Gives the seller orders, bought this moment."""
        answer = await self.http.post(
            self.amazon.address + "/_simulator/orders", json={"orders": list(orders)}
        )
        assert answer.json() == {"added": len(orders)}

    async def until(self, what: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The shop's orders by their references, once they are as they should be."""
        deadline = asyncio.get_running_loop().time() + _PATIENCE_SECONDS
        while True:
            book = (await self.http.get(self.shop.address + "/_simulator/book")).json()
            orders = {order["external_reference"]: order for order in book}
            if what(orders):
                return orders
            assert asyncio.get_running_loop().time() < deadline, orders
            await asyncio.sleep(0.2)


@asynccontextmanager
async def _site() -> AsyncIterator[Site]:
    with ExitStack() as stack:
        home = temporary_home(stack)
        amazon = start(stack, home, "amazon", "simulate", "amazon", "--speed", "60")
        shop = start(stack, home, "shop", "simulate", "saleor")
        async with httpx.AsyncClient(timeout=30) as http:
            await wait_for(http, amazon, "/_simulator/state")
            await wait_for(http, shop, "/_simulator/requests")
            yield Site(stack, home, http, amazon, shop)


def _paid(*numbers: int) -> Callable[[dict[str, Any]], bool]:
    wanted = {number_of(number) for number in numbers}
    return lambda orders: (
        orders.keys() == wanted
        and all(order["charge_status"] == "FULL" for order in orders.values())
    )


async def test_orders_flow_through_an_end_of_the_app() -> None:
    async with _site() as site:
        # given an app that is installed and connected
        app = await site.serve()
        installed = await site.http.post(
            site.shop.address + "/_simulator/install",
            json={"manifest_url": app.address + "/api/manifest"},
        )
        assert installed.json()["installed"] is True
        await site.command(
            *("connect", "--shop", site.shop.address + "/graphql/", "--name", "Lanterns"),
            *("--region", "NA", "--client-id", Credentials().client_id),
            *("--marketplace", "ATVPDKIKX0DER=default-channel"),
        )

        # when
        now = utc_now()
        await site.sell(
            sale(1, bought=now),
            sale(2, [goods(gone=2)], bought=now, status="SHIPPED", fulfilled_by="AMAZON"),
            sale(3, [goods(sku="NOBODY-HAS-THIS")], bought=now),
            sale(4, bought=now, status="PENDING"),
        )
        await site.until(_paid(1, 2))
        app.popen.kill()
        app.popen.wait()
        await site.sell(sale(5, bought=utc_now()))
        await site.serve()
        shop_orders = await site.until(_paid(1, 2, 5))

        # then
        assert [shop_orders[number_of(n)]["status"] for n in (1, 2, 5)] == [
            "UNFULFILLED",
            "FULFILLED",
            "UNFULFILLED",
        ]
        assert {len(order["transactions"]) for order in shop_orders.values()} == {1}
        orders = {order["amazonOrderId"]: order for order in await site.command("orders")}
        states = [orders[number_of(number)]["importState"] for number in (1, 2, 3, 4, 5)]
        assert states == ["PLACED", "PLACED", "HELD", "SKIPPED", "PLACED"]
        first, held = orders[number_of(1)], orders[number_of(3)]
        assert (first["saleorOrderNumber"], first["total"], first["totalsEqual"]) == (
            shop_orders[number_of(1)]["number"],
            "20.00",
            True,
        )
        assert [reason["code"] for reason in held["reasons"]] == ["UNKNOWN_SKU"]
        (store,) = await site.command("stores")
        assert (store["name"], store["status"], store["shop"]) == (
            "Lanterns",
            "ACTIVE",
            site.shop.address + "/graphql/",
        )
        counted = store["orders"]
        assert (counted["waiting"], counted["placed"], counted["held"], counted["skipped"]) == (
            0,
            3,
            {"UNKNOWN_SKU": 1},
            {"NOT_YET_VERIFIED": 1},
        )
        assert counted["byStatus"] == {"PENDING": 1, "SHIPPED": 1, "UNSHIPPED": 3}
        assert store["settings"]["importInto"] == {"ATVPDKIKX0DER": {"channel": "default-channel"}}
