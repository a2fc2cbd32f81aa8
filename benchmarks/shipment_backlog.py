"""How much of Amazon's limit a backlog of parcels uses, and whether a call is wasted on it.

The store is switched off while staff fulfil everything, then it is switched on: the app compares
what the shop has with what it told, and sends. Amazon allows two parcels a second, here ten times
as many. The clock runs from the first parcel that Amazon accepted to the last.
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

_SPEED = 10
_ALLOWED = 2.0 * _SPEED
# Taken at once when nothing was sent for a while.
_BURST = 10


async def measure(count: int) -> tuple[float, int]:
    """The seconds from the first parcel to the last, and how many calls Amazon refused."""
    async with opened_trade(count, speed=_SPEED) as trade:
        async with trade.lines.database.transaction() as session:
            store = await stores.store(session, trade.store_id)
        await deactivate(trade.lines, store)
        await trade.with_all(trade.fulfil)
        await activate(trade.lines, store)
        async with trade.lines.database.transaction() as session:
            await enqueue(session, ComparePlaced(trade.store_id))
        done = partial(trade.in_state, "ACCEPTED", "CONFIRMED")
        await until(done, lambda accepted: accepted == count)
        taken = sorted(row.accepted_at for row in await trade.outbox() if row.accepted_at)
        _, refused = await trade.calls("confirmShipment")
        return (taken[-1] - taken[0]).total_seconds(), refused


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=2000)
    given = parser.parse_args()
    seconds, refused = asyncio.run(measure(given.orders))
    rate = (given.orders - _BURST) / seconds
    report(
        "shipment_backlog",
        parcels=given.orders,
        seconds=round(seconds, 1),
        a_second=round(rate, 2),
        allowed=_ALLOWED,
        share=round(rate / _ALLOWED, 3),
        refused=refused,
    )


if __name__ == "__main__":
    main()
