"""A simulated Amazon: Login with Amazon and the Selling Partner API over HTTP.

It keeps the rules an app is hurt by (the two-minute lag, scarce calls, page tokens that die, data
that is missing) and can be told to fail on purpose. Orders in, HTTP out:
`timelines` → `book` → `order_search` + `datasets` → `orders` → `doors`. What an app writes goes the
other way: `doors` → `shipments`, `feeds` → `feed_queue` → `deeds` → `book`; `outcome` tells of it.
"""

from saleor_amazon_app.simulators.amazon.accounts import Denial
from saleor_amazon_app.simulators.amazon.buckets import Operation
from saleor_amazon_app.simulators.amazon.datasets import Dataset
from saleor_amazon_app.simulators.amazon.feed_queue import Doom
from saleor_amazon_app.simulators.amazon.lwa import Credentials
from saleor_amazon_app.simulators.amazon.simulator import SimulatedAmazon, create_amazon, serve
from saleor_amazon_app.simulators.amazon.timelines import (
    ScriptedOrder,
    Step,
    UnusableOrderError,
    load,
)

__all__ = [
    "Credentials",
    "Dataset",
    "Denial",
    "Doom",
    "Operation",
    "ScriptedOrder",
    "SimulatedAmazon",
    "Step",
    "UnusableOrderError",
    "create_amazon",
    "load",
    "serve",
]
