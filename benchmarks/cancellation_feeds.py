"""How many feeds a thousand cancellations take; Amazon allows one in two minutes.

Staff cancel everything while the store is switched off, so that all of it is there at once when
it is switched on.
"""

import argparse
import asyncio
from functools import partial

from stage import report
from stage.way_back import opened_trade
from stage.workers import until

from saleor_amazon_app.flows.stores import activate, deactivate
from saleor_amazon_app.jobs.kinds import ComparePlaced
from saleor_amazon_app.jobs.queue import enqueue
from saleor_amazon_app.ledger import stores

_SPEED = 60


async def measure(count: int) -> tuple[int, int]:
    """How many feeds were handed in, and how many calls for it Amazon refused."""
    async with opened_trade(count, speed=_SPEED) as trade:
        async with trade.lines.database.transaction() as session:
            store = await stores.store(session, trade.store_id)
        await deactivate(trade.lines, store)
        await trade.with_all(trade.cancel)
        await activate(trade.lines, store)
        async with trade.lines.database.transaction() as session:
            await enqueue(session, ComparePlaced(trade.store_id))
        await until(partial(trade.in_state, "CONFIRMED"), lambda done: done == count)
        return await trade.calls("createFeed")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=1000)
    given = parser.parse_args()
    feeds, refused = asyncio.run(measure(given.orders))
    report("cancellation_feeds", cancelled=given.orders, feeds=feeds, refused=refused, limit=2)


if __name__ == "__main__":
    main()
