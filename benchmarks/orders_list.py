"""The list of orders at a million orders in one shop: how long a page takes at the API.

The shop has two stores. Every request has three filters and a sort, and wants some page of the
list: a place is taken from the middle of it, so that late pages are asked for like early ones.
"""

import argparse
import asyncio
import json
import random
import statistics
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from stage import embedded_database
from stage.dashboard import Pages, filled, opened

from saleor_amazon_app.ledger.order_indexes import SortBy

_PAGE = """
query Orders($first: Int, $after: String, $last: Int, $before: String,
             $filter: OrderFilter, $sort: OrderSort) {
  orders(first: $first, after: $after, last: $last, before: $before, filter: $filter, sort: $sort) {
    edges {
      cursor
      node {
        id amazonOrderId saleorOrderId saleorOrderNumber status buyerName fulfilment purchasedAt
        shipBy lastNote importState cancelRequested sellerCentralUrl
        total { amount currency }
        marketplace { countryCode name timeZone }
        store { id name }
        reasons { code message }
      }
    }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request and how long it took."""

    seconds: float
    rows: int
    variables: dict[str, Any]


def filters(chance: random.Random, now: datetime) -> dict[str, Any]:
    """Three filters of different kinds, as wide or narrow as staff set them."""
    begin = now - timedelta(days=chance.randint(1, 700))
    low = chance.choice([5, 19.99, 50, 120])
    kinds: list[dict[str, Any]] = [
        {
            "purchasedFrom": begin.isoformat(),
            "purchasedTo": (begin + timedelta(days=chance.choice([1, 7, 30, 90]))).isoformat(),
        },
        {"statuses": chance.choice([["SHIPPED"], ["UNSHIPPED", "CANCELED"], ["CANCELED"]])},
        {
            "totalFrom": str(low),
            "totalTo": str(round(low + chance.choice([0.02, 5, 100]), 2)),
            "currency": chance.choice(["EUR", "GBP"]),
        },
        {"fulfilment": chance.choice(["FBM", "FBA"])},
        {"marketplaceIds": [chance.choice(["A1PA6795UKMFR9", "A1F83G8C2ARO7P", "A13V1IB3VIYZZH"])]},
        {"held": chance.choice([True, False, False])},
        {"buyer": chance.choice(["anna", "muller", "anna muller", "word77"])},
        {"number": chance.choice(["028-1", "028-123", "028-12345", "1234"])},
    ]
    wanted: dict[str, Any] = {}
    for kind in chance.sample(kinds, 3):
        wanted |= kind
    if "currency" in wanted and "marketplaceIds" in wanted:
        # Nobody looks for euros in London.
        in_london = wanted["marketplaceIds"] == ["A1F83G8C2ARO7P"]
        wanted["currency"] = "GBP" if in_london else "EUR"
    return wanted


async def ask(pages: Pages, variables: dict[str, Any]) -> tuple[Asked, dict[str, Any]]:
    """One page, timed as the caller waits for it."""
    began = time.perf_counter()
    answer = await pages.ask(_PAGE, variables)
    took = time.perf_counter() - began
    if "errors" in answer:
        sys.exit(json.dumps(answer["errors"]))
    page = answer["data"]["orders"]
    return Asked(took, len(page["edges"]), variables), page


async def run(count: int, requests: int, slowest: int) -> dict[str, Any]:
    """Fills a shop, asks, and reports."""
    chance = random.Random(7)
    with embedded_database() as url:
        async with opened(url) as pages:
            began = time.perf_counter()
            await filled(url, pages, count)
            filling = time.perf_counter() - began
            asked: list[Asked] = []
            while len(asked) < requests:
                wanted = filters(chance, datetime.now(UTC))
                sort = {
                    "field": chance.choice(list(SortBy)).value,
                    "direction": chance.choice(["ASC", "DESC"]),
                }
                variables: dict[str, Any] = {"first": 50, "filter": wanted, "sort": sort}
                _, page = await ask(pages, variables)
                if page["edges"]:
                    # From somewhere on the first page or, without the filters, from anywhere.
                    anywhere = await pages.anywhere(chance, sort)
                    variables = variables | {"after": anywhere}
                one, page = await ask(pages, variables)
                asked.append(one)
                if page["pageInfo"]["hasPreviousPage"] and page["edges"]:
                    back = {"last": 50, "before": page["pageInfo"]["startCursor"]}
                    one, _ = await ask(pages, {"filter": wanted, "sort": sort} | back)
                    asked.append(one)
    times = sorted(each.seconds for each in asked)
    if slowest:
        for each in sorted(asked, key=lambda each: -each.seconds)[:slowest]:
            print(f"{each.seconds * 1000:.0f} ms {each.rows} {each.variables}", file=sys.stderr)
    return {
        "benchmark": "orders_list",
        "orders": count,
        "requests": len(asked),
        "filling_s": round(filling, 1),
        "p50_ms": round(statistics.median(times) * 1000, 1),
        "p95_ms": round(times[int(len(times) * 0.95)] * 1000, 1),
        "max_ms": round(times[-1] * 1000, 1),
    }


def main() -> None:
    """Reads the options and prints one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--requests", type=int, default=400)
    parser.add_argument("--slowest", type=int, default=0, help="also print so many of the slowest")
    chosen = parser.parse_args()
    print(json.dumps(asyncio.run(run(chosen.orders, chosen.requests, chosen.slowest))))


if __name__ == "__main__":
    main()
