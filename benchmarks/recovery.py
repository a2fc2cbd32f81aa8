"""How long the orders of a worker that was killed wait until another takes them up.

A worker that has orders in hand is ended as by a power cut, and another is started at once. The
clock runs until the last of those orders is in the other's hands or placed.
"""

import argparse
import asyncio
import time
from collections.abc import Collection
from contextlib import ExitStack
from datetime import timedelta
from functools import partial

from pydantic import SecretStr
from sqlalchemy import select
from stage import (
    MARKETPLACE,
    connected,
    embedded_database,
    opened,
    plain_orders,
    report,
    simulated_shop,
)
from stage.workers import Worker, start_worker, until

from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.core.times import utc_now
from saleor_amazon_app.flows import orders_in
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.jobs.kinds import FetchOrders
from saleor_amazon_app.ledger import stores
from saleor_amazon_app.ledger.orders import ImportState, Order
from saleor_amazon_app.ledger.secrets import new_key
from saleor_amazon_app.simulators.amazon import create_amazon


async def in_hand(lines: Connections, store_id: StoreId) -> dict[str, str]:
    """The orders that are claimed now, with what tells the claims apart."""
    async with lines.database.transaction() as session:
        rows = await session.execute(
            select(Order.amazon_order_id, Order.claim_token).where(
                Order.store_id == store_id, Order.claimed_until > utc_now()
            )
        )
        return {order_id: str(token) for order_id, token in rows}


async def abandoned(lines: Connections, store_id: StoreId, left: dict[str, str]) -> Collection[str]:
    """Which of those orders nobody has taken up since."""
    async with lines.database.transaction() as session:
        rows = await session.execute(
            select(Order.amazon_order_id, Order.claim_token, Order.import_state).where(
                Order.store_id == store_id, Order.amazon_order_id.in_(left)
            )
        )
        return [
            order_id
            for order_id, token, state in rows
            if state != ImportState.PLACED and (token is None or str(token) == left[order_id])
        ]


async def until_abandoned(lines: Connections, store_id: StoreId, worker: Worker) -> dict[str, str]:
    """Kills the worker as soon as it has begun, and tells what it had in hand."""
    await until(partial(in_hand, lines, store_id), bool)
    # Somewhere in the middle of its requests.
    await asyncio.sleep(1)
    worker.kill()
    return await in_hand(lines, store_id)


async def measure(database_url: str, count: int) -> tuple[int, float]:
    """How many orders were abandoned, and the seconds until the last was taken up."""
    key: SecretStr = new_key()
    amazon = create_amazon(plain_orders(count, run=1), marketplaces=[MARKETPLACE])
    async with simulated_shop("real") as host, opened(database_url, amazon, key=key) as lines:
        store_id = await connected(lines, host, name="Recovery")
        await orders_in.fetch(lines, FetchOrders(store_id))
        async with lines.database.transaction() as session:
            await stores.sync_again_at(session, [store_id], utc_now() + timedelta(days=1))
        with ExitStack() as stack:
            first = start_worker(stack, database_url, key)
            left = await until_abandoned(lines, store_id, first)
            began = time.monotonic()
            start_worker(stack, database_url, key)
            await until(partial(abandoned, lines, store_id, left), lambda waiting: not waiting)
            return len(left), time.monotonic() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=100)
    given = parser.parse_args()
    with embedded_database() as url:
        orders, seconds = asyncio.run(measure(url, given.orders))
    report("recovery", orders_abandoned=orders, seconds=round(seconds, 1), limit=60)


if __name__ == "__main__":
    main()
