"""How often Amazon is asked when a store with a thousand orders is read for the first time.

Amazon allows twenty pages at once and then one in three minutes, so a wasted call costs minutes.
The seller and the shop are simulated in this process; orders are read and placed until no job is
left.
"""

import argparse
import asyncio

import httpx
from pydantic import SecretStr
from stage import (
    MARKETPLACE,
    SKUS,
    Host,
    connected,
    embedded_database,
    opened,
    plain_orders,
    report,
    shop_seed,
)

from saleor_amazon_app.core.ids import SaleorApiUrl
from saleor_amazon_app.entrypoints.worker import handlers
from saleor_amazon_app.flows.stores import start_due_syncs
from saleor_amazon_app.jobs.queue import run_worker
from saleor_amazon_app.ledger import orders as ledger_orders
from saleor_amazon_app.simulators.amazon import Operation, create_amazon
from saleor_amazon_app.simulators.saleor import create_shop


async def one_pass(database_url: str, count: int) -> dict[str, int]:
    """Reads and places all orders once; the calls by operation."""
    amazon = create_amazon(plain_orders(count, run=0), marketplaces=[MARKETPLACE])
    shop = httpx.ASGITransport(create_shop(shop_seed()).app)
    host = Host(SaleorApiUrl("http://shop.test/graphql/"), SecretStr("benchmark"), SKUS)
    async with opened(database_url, amazon, shop=shop) as lines:
        store_id = await connected(lines, host, name="Thousand")
        await start_due_syncs(lines)
        await run_worker(database_url, handlers(lines), until_idle=True)
        async with lines.database.transaction() as session:
            outcomes = await ledger_orders.counts_by_outcome(session, store_id)
    if outcomes.totals_equal != count:
        raise SystemExit(f"The app did not place all {count} orders: {outcomes}")
    return {operation.value: calls for operation, calls in sorted(amazon.calls.items())}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=1000)
    given = parser.parse_args()
    with embedded_database() as url:
        calls = asyncio.run(one_pass(url, given.orders))
    tokens = calls.pop(Operation.GET_TOKEN)
    report(
        "amazon_calls",
        orders=given.orders,
        calls=sum(calls.values()),
        by_operation=calls,
        tokens_fetched=tokens,
    )


if __name__ == "__main__":
    main()
