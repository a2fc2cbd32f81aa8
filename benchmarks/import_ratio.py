"""The app's import against a bare script that sends the same mutations to the same host.

A first run of the app is recorded. Then, in turns, the app places orders of the same kind, and a
plain loop replays the recorded mutations under other numbers, batch for batch and with as many
requests in flight. What the app takes longer is what deciding, remembering and looking before it
leaps cost.

The host is the simulated shop, as slow as a real one, or the Saleor that SALEOR_LIVE_API_URL and
SALEOR_LIVE_APP_TOKEN name; a channel `default-channel` in US dollars and a variant of which there
is plenty are needed there.
"""

import argparse
import asyncio
import json
import os
import re
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import SecretStr
from stage import (
    CHANNEL,
    MARKETPLACE,
    Host,
    connected,
    embedded_database,
    opened,
    plain_orders,
    report,
    simulated_shop,
)

from saleor_amazon_app.core.ids import SaleorApiUrl
from saleor_amazon_app.flows import orders_in, placing
from saleor_amazon_app.flows.host_import import REQUESTS_IN_FLIGHT
from saleor_amazon_app.jobs.kinds import FetchOrders, PlaceOrders
from saleor_amazon_app.ledger import orders as ledger_orders
from saleor_amazon_app.simulators.amazon import create_amazon

_OPERATION = re.compile(r"mutation (\w+)")
_VARIANTS = """
query Plenty($channel: String!) {
  productVariants(first: 100, channel: $channel) {
    edges { node { sku stocks { quantity quantityAllocated } } }
  }
}
"""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A mutation that the app sent, and what the host answered."""

    operation: str
    body: str
    data: dict[str, Any]

    @property
    def order_ids(self) -> list[str]:
        """The host's orders it is about: those it made, or those it names."""
        if self.operation == "DraftOrders":
            return [row["order"]["id"] for row in self.data["orderBulkCreate"]["results"]]
        variables = json.loads(self.body)["variables"]
        return [value for key, value in variables.items() if key.startswith(("id_", "order_"))]


class Recorder(httpx.AsyncHTTPTransport):
    """The network, with every mutation written down."""

    def __init__(self) -> None:
        super().__init__()
        self.exchanges: list[Exchange] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sends a request and notes it with its whole answer."""
        sent = (await request.aread()).decode()
        response = await super().handle_async_request(request)
        received = await response.aread()
        if operation := _OPERATION.match(json.loads(sent)["query"]):
            data = json.loads(received)["data"]
            self.exchanges.append(Exchange(operation[1], sent, data))
        return httpx.Response(response.status_code, content=received)


@dataclass(frozen=True, slots=True)
class Claim:
    """What the app sent for one claim: a draft, then chains of requests that may overlap."""

    draft: Exchange
    chains: list[list[Exchange]]


def claims_of(exchanges: Sequence[Exchange]) -> list[Claim]:
    """The recorded mutations as the app sent them: which waited for which."""
    claims: list[Claim] = []
    chain_of: dict[str, list[Exchange]] = {}
    for exchange in exchanges:
        if exchange.operation == "DraftOrders":
            claims.append(Claim(exchange, []))
            continue
        first = exchange.order_ids[0]
        if first not in chain_of:
            chain_of[first] = []
            claims[-1].chains.append(chain_of[first])
        chain_of[first].append(exchange)
    return claims


async def app_run(
    database_url: str, host: Host, *, run: int, count: int, network: httpx.AsyncHTTPTransport
) -> float:
    """Seconds in which the app places orders that it has fetched before."""
    amazon = create_amazon(plain_orders(count, run=run, skus=host.skus), marketplaces=[MARKETPLACE])
    async with opened(database_url, amazon, shop=network) as lines:
        store_id = await connected(lines, host, name=f"Run {run}")
        await orders_in.fetch(lines, FetchOrders(store_id))
        started = time.perf_counter()
        await placing.place(lines, PlaceOrders(store_id))
        seconds = time.perf_counter() - started
        async with lines.database.transaction() as session:
            outcomes = await ledger_orders.counts_by_outcome(session, store_id)
    if outcomes.totals_equal != count:
        raise SystemExit(f"The app did not place all {count} orders: {outcomes}")
    return seconds


async def bare_run(host: Host, claims: Sequence[Claim], *, recorded: int, run: int) -> float:
    """Seconds in which a plain loop sends what the app sent in the recorded run."""
    headers = {
        "Authorization": f"Bearer {host.token.get_secret_value()}",
        "Content-Type": "application/json",
    }
    ids: dict[str, str] = {}
    gate = asyncio.Semaphore(REQUESTS_IN_FLIGHT)

    async def send(exchange: Exchange) -> Exchange:
        body = exchange.body.replace(f"111-{recorded:07}-", f"111-{run:07}-")
        for old in exchange.order_ids:
            body = body.replace(f'"{old}"', f'"{ids.get(old)}"')
        response = await http.post(host.api_url, content=body)
        answer = response.json()
        if "errors" in answer:
            raise SystemExit(f"{exchange.operation} was refused: {answer['errors']}")
        return Exchange(exchange.operation, body, answer["data"])

    async def send_chain(chain: Sequence[Exchange]) -> None:
        async with gate:
            for exchange in chain:
                await send(exchange)

    async with httpx.AsyncClient(headers=headers, timeout=120) as http:
        started = time.perf_counter()
        for claim in claims:
            made = await send(claim.draft)
            ids.update(zip(claim.draft.order_ids, made.order_ids, strict=True))
            await asyncio.gather(*map(send_chain, claim.chains))
        return time.perf_counter() - started


@asynccontextmanager
async def the_host() -> AsyncIterator[Host]:
    """The real shop that the environment names, or a simulated one as slow."""
    api_url, token = (os.environ.get(f"SALEOR_LIVE_{name}") for name in ("API_URL", "APP_TOKEN"))
    if not api_url or not token:
        async with simulated_shop("real") as host:
            yield host
        return
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as http:
        asked = {"query": _VARIANTS, "variables": {"channel": CHANNEL}}
        answer = (await http.post(api_url, json=asked)).json()
    nodes = [edge["node"] for edge in answer["data"]["productVariants"]["edges"]]
    most = max(nodes, key=_free)
    yield Host(SaleorApiUrl(api_url), SecretStr(token), (most["sku"],))


def _free(variant: dict[str, Any]) -> int:
    # The host counts equal stocks of a variant only once.
    return max((s["quantity"] - s["quantityAllocated"] for s in variant["stocks"]), default=0)


async def measure(database_url: str, *, count: int, rounds: int) -> tuple[float, float]:
    """The median seconds of the app and of the bare script, measured in turns."""
    run = recorded = int(time.time()) % 10_000_000
    recorder = Recorder()
    app, bare = [], []
    async with the_host() as host:
        await app_run(database_url, host, run=recorded, count=count, network=recorder)
        claims = claims_of(recorder.exchanges)
        for _ in range(rounds):
            run += 1
            network = httpx.AsyncHTTPTransport()
            app.append(await app_run(database_url, host, run=run, count=count, network=network))
            run += 1
            bare.append(await bare_run(host, claims, recorded=recorded, run=run))
    return statistics.median(app), statistics.median(bare)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with embedded_database() as url:
        app, bare = asyncio.run(measure(url, count=given.orders, rounds=given.rounds))
    is_live = bool(os.environ.get("SALEOR_LIVE_API_URL"))
    report(
        "import",
        orders=given.orders,
        rounds=given.rounds,
        app_seconds=round(app, 2),
        bare_seconds=round(bare, 2),
        ratio=round(app / bare, 3),
        host="real" if is_live else "simulated --latency real",
    )


if __name__ == "__main__":
    main()
