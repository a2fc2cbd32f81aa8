"""The most memory the app ever has while it works off 10,000 orders, and 100,000.

The app runs as `serve` does it, web and worker in one process with its own database; this process
plays the seller and the shop. Every order is read, kept and decided. One in ten is placed, and a
few are held for goods that the shop does not have; the others were cancelled, or a hundred thousand
would take hours.
"""

import argparse
import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, overload

import httpx
from pydantic import SecretStr
from stage import MARKETPLACE, SKUS, Host, connected, plain_order, report, shop_seed

from saleor_amazon_app.core.ids import SaleorApiUrl, StoreId
from saleor_amazon_app.core.times import utc_now
from saleor_amazon_app.entrypoints import logs
from saleor_amazon_app.entrypoints.settings import Settings
from saleor_amazon_app.entrypoints.tryout import start, temporary_home, wait_for
from saleor_amazon_app.entrypoints.wiring import running
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.ledger import orders as ledger_orders
from saleor_amazon_app.ledger.orders import Outcomes
from saleor_amazon_app.simulators import saleor
from saleor_amazon_app.simulators.amazon import ScriptedOrder, create_amazon
from saleor_amazon_app.simulators.amazon import simulator as amazon

# Amazon's own limits would have a thousand pages take two days.
_SPEED = 600
_LOOK_EVERY = timedelta(seconds=2)
# Of ten orders one was not cancelled; of a hundred one is for goods that nobody knows.
_WANTED_EVERY = 10
_UNKNOWN_EVERY = 100


class MixedOrders(Sequence[ScriptedOrder]):
    """A seller's orders, each made when it is asked for, so that the seller needs little memory."""

    def __init__(self, numbers: range, bought: datetime) -> None:
        self._numbers = numbers
        self._bought = bought

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> ScriptedOrder: ...

    @overload
    def __getitem__(self, index: slice) -> "MixedOrders": ...

    def __getitem__(self, index: int | slice) -> "ScriptedOrder | MixedOrders":
        if isinstance(index, slice):
            return MixedOrders(self._numbers[index], self._bought)
        number = self._numbers[index]
        skus = ("NOBODY-HAS-THIS",) if number % _UNKNOWN_EVERY == 0 else SKUS
        order = plain_order(number, run=0, skus=skus, bought=self._bought)
        if number % _WANTED_EVERY:
            order["fulfillment"]["fulfillmentStatus"] = "CANCELLED"
        return ScriptedOrder(order)


@dataclass(frozen=True, slots=True)
class BothSides:
    """The seller and the shop that the app stands between."""

    amazon_url: str
    host: Host
    serving: Sequence["asyncio.Task[None]"]

    def check(self) -> None:
        """Makes sure that both still answer: a signal may have stopped them."""
        if any(task.done() for task in self.serving):
            raise SystemExit("The seller or the shop was stopped.")


@asynccontextmanager
async def both_sides(count: int) -> AsyncIterator[BothSides]:
    """Opens a seller and a shop on free ports."""
    orders = MixedOrders(range(count), utc_now() - timedelta(hours=1))
    seller = create_amazon(orders, speed=_SPEED, marketplaces=[MARKETPLACE])
    ports = (_free_port(), _free_port())
    servers = (
        amazon.server_for(seller, port=ports[0]),
        saleor.server_for(saleor.create_shop(shop_seed()), port=ports[1]),
    )
    serving = [asyncio.create_task(server.serve()) for server in servers]
    try:
        api_url = SaleorApiUrl(f"http://127.0.0.1:{ports[1]}/graphql/")
        host = Host(api_url, SecretStr("benchmark"), SKUS)
        yield BothSides(f"http://127.0.0.1:{ports[0]}", host, serving)
    finally:
        for server in servers:
            server.should_exit = True
        await asyncio.gather(*serving)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def peak(count: int) -> tuple[float, Outcomes]:
    """The peak memory in megabytes, and what became of the orders."""
    with ExitStack() as stack:
        data_dir = temporary_home(stack) / "data"
        async with both_sides(count) as sides, httpx.AsyncClient() as http:
            app = start(
                stack,
                data_dir.parent,
                "app",
                *("serve", "--data-dir", str(data_dir)),
                SALEOR_AMAZON_SPAPI_URL=sides.amazon_url,
                SALEOR_AMAZON_LWA_URL=sides.amazon_url,
                SALEOR_AMAZON_ALLOW_LOCAL_SHOPS="true",
            )
            await wait_for(http, app, "/health")
            async with running(_settings(data_dir)) as opened:
                store_id = await connected(opened.lines, sides.host, name="Many")
                while (outcomes := await _decided(opened.lines, store_id, count)) is None:
                    sides.check()
                    app.check()
                    await asyncio.sleep(_LOOK_EVERY.total_seconds())
            megabytes = app.peak_memory_mb()
    if megabytes is None:
        raise SystemExit("This system does not tell how much memory a process had.")
    return megabytes, outcomes


def _settings(data_dir: Path) -> Settings:
    """Those of the app's own database, whatever the environment says."""
    unset: dict[str, Any] = {"DATABASE_URL": None, "key": None}
    return Settings(_env_file=None, data_dir=data_dir, **unset)


async def _decided(lines: Connections, store_id: StoreId, count: int) -> Outcomes | None:
    """What became of the orders; None while not all of them are decided."""
    async with lines.database.transaction() as session:
        known = await ledger_orders.counts_by_status(session, store_id)
        outcomes = await ledger_orders.counts_by_outcome(session, store_id)
    return outcomes if sum(known.values()) == count and not outcomes.waiting else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fewer", type=int, default=10_000)
    parser.add_argument("--orders", type=int, default=100_000)
    given = parser.parse_args()
    logs.set_up()
    few, _ = asyncio.run(peak(given.fewer))
    many, outcomes = asyncio.run(peak(given.orders))
    report(
        "memory",
        orders=given.orders,
        placed=outcomes.placed,
        held=sum(outcomes.held.values()),
        skipped=sum(outcomes.skipped.values()),
        peak_mb=many,
        fewer_orders=given.fewer,
        fewer_peak_mb=few,
        growth_percent=round((many / few - 1) * 100, 1),
    )


if __name__ == "__main__":
    main()
