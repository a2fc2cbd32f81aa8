"""How long a parcel takes from staff's click in the shop until Amazon has taken it.

Staff fulfil one order after the other, a little slower than Amazon's limit of two parcels a
second. The clock runs from the moment before the shop is asked until the app wrote down that
Amazon accepted: the shop's own work and its webhooks are in it.
"""

import argparse
import asyncio
import time
from datetime import datetime

from stage import report
from stage.way_back import Trade, opened_trade

from saleor_amazon_app.core.times import utc_now

_STARTED_EVERY = 0.7
_LIMIT = 2.0


async def ship_in_turn(trade: Trade) -> dict[str, datetime]:
    """Fulfils every order; tells when each was begun, by Amazon's number."""
    clicked: dict[str, datetime] = {}
    for order in trade.orders:
        began = time.monotonic()
        clicked[order["externalReference"]] = utc_now()
        await trade.fulfil(order)
        await asyncio.sleep(max(0.0, _STARTED_EVERY - (time.monotonic() - began)))
    return clicked


async def measure(count: int) -> tuple[list[float], int]:
    """The seconds each parcel took, shortest first, and how many calls Amazon refused."""
    async with opened_trade(count, speed=1) as trade:
        clicked = await ship_in_turn(trade)
        deadline = time.monotonic() + 60
        while await trade.in_state("ACCEPTED", "CONFIRMED") < count:
            if time.monotonic() > deadline:
                raise SystemExit("Not every parcel reached Amazon.")
            await asyncio.sleep(0.2)
        taken = [
            (row.accepted_at - clicked[row.amazon_order_id]).total_seconds()
            for row in await trade.outbox()
            if row.accepted_at
        ]
        _, refused = await trade.calls("confirmShipment")
        return sorted(taken), refused


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=100)
    given = parser.parse_args()
    seconds, refused = asyncio.run(measure(given.orders))
    report(
        "shipment_latency",
        parcels=len(seconds),
        median=round(seconds[len(seconds) // 2], 2),
        p95=round(seconds[int(len(seconds) * 0.95)], 2),
        worst=round(seconds[-1], 2),
        refused=refused,
        limit=_LIMIT,
    )


if __name__ == "__main__":
    main()
