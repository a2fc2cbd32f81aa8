"""A simulated host: the part of Saleor's GraphQL API that importing orders needs, over HTTP.

It is no kinder than the real one: it refuses what that refuses, with the same codes, paths and
messages, and has its oddities where an app is hurt by them. It tells apps of orders, fulfilments,
products, shipping and themselves by signed webhooks, and asks them for refunds. Staff act over the
same API with a token of their own. Not there: carts, vouchers, taxes with rates, other events, and
the cost of a query.
`seed` → `planting` → `state`; `server` → `host_schema` → the rules (`bulk_create`, `drafts`,
`fulfilments`, `cancellations`, `transactions`, `refunds`, `stock`, `shipping`, `addresses`) →
`book`.
"""

from saleor_amazon_app.simulators.saleor.book import (
    BookedLine,
    BookedOrder,
    BookedParcel,
    BookedTransaction,
)
from saleor_amazon_app.simulators.saleor.install import Installation
from saleor_amazon_app.simulators.saleor.seed import (
    Seed,
    default_seed,
    seed_from_json,
    seed_to_json,
)
from saleor_amazon_app.simulators.saleor.simulator import (
    SimulatedShop,
    create_shop,
    serve,
    server_for,
)
from saleor_amazon_app.simulators.saleor.state import Counters, JournalEntry

__all__ = [
    "BookedLine",
    "BookedOrder",
    "BookedParcel",
    "BookedTransaction",
    "Counters",
    "Installation",
    "JournalEntry",
    "Seed",
    "SimulatedShop",
    "create_shop",
    "default_seed",
    "seed_from_json",
    "seed_to_json",
    "serve",
    "server_for",
]
