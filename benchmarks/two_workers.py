"""How much faster two workers place orders than one, at hosts that allow it.

Each of two shops works in a process of its own and takes as long as a real one. A worker that does
one job at a time places the backlog of one shop after the other; two do so side by side.
"""

import argparse
import asyncio
import time
from contextlib import AsyncExitStack, ExitStack
from functools import partial

from pydantic import SecretStr
from stage import (
    MARKETPLACE,
    Host,
    connected,
    embedded_database,
    opened,
    plain_orders,
    report,
    simulated_shop,
)
from stage.workers import start_worker, until

from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.flows import orders_in
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.jobs.kinds import FetchOrders
from saleor_amazon_app.ledger import orders as ledger_orders
from saleor_amazon_app.ledger.secrets import new_key
from saleor_amazon_app.simulators.amazon import create_amazon

_SHOPS = 2


async def placed(lines: Connections, store_ids: list[StoreId]) -> int:
    """How many orders of these stores are placed."""
    async with lines.database.transaction() as session:
        counted = [await ledger_orders.counts_by_outcome(session, each) for each in store_ids]
    return sum(outcomes.placed for outcomes in counted)


async def place_all(
    database_url: str, key: SecretStr, hosts: list[Host], *, run: int, workers: int, count: int
) -> float:
    """Orders a second that so many workers place, from the first placed order to the last."""
    amazon = create_amazon(plain_orders(count, run=run), marketplaces=[MARKETPLACE])
    async with opened(database_url, amazon, key=key) as lines:
        stores = [
            await connected(lines, host, name=f"Run {run} shop {number}")
            for number, host in enumerate(hosts)
        ]
        for store_id in stores:
            await orders_in.fetch(lines, FetchOrders(store_id))
        with ExitStack() as stack:
            for _ in range(workers):
                start_worker(stack, database_url, key, jobs_at_once=1)
            before = await until(partial(placed, lines, stores), bool)
            began = time.monotonic()
            wanted = count * len(stores)
            now = await until(partial(placed, lines, stores), lambda number: number == wanted)
            return (now - before) / (time.monotonic() - began)


async def measure(database_url: str, count: int) -> tuple[float, float]:
    """Orders a second of one worker, and of two."""
    key: SecretStr = new_key()
    async with AsyncExitStack() as stack:
        hosts = [await stack.enter_async_context(simulated_shop("real")) for _ in range(_SHOPS)]
        one = await place_all(database_url, key, hosts, run=1, workers=1, count=count)
        two = await place_all(database_url, key, hosts, run=2, workers=2, count=count)
    return one, two


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=150, help="for each of the two shops")
    given = parser.parse_args()
    with embedded_database() as url:
        one, two = asyncio.run(measure(url, given.orders))
    report(
        "two_workers",
        orders=given.orders * _SHOPS,
        one_per_second=round(one, 2),
        two_per_second=round(two, 2),
        ratio=round(two / one, 2),
        wanted=1.7,
    )


if __name__ == "__main__":
    main()
