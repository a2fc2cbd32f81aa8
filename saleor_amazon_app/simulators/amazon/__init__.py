"""A simulated Amazon: Login with Amazon and the Selling Partner API over HTTP.

It keeps the rules an app is hurt by (the two-minute lag, scarce calls, page tokens that die, data
that is missing) and can be told to fail on purpose. Orders in, HTTP out:
`timelines` → `book` → `order_search` + `datasets` → `orders` → `doors`.
"""

from saleor_amazon_app.simulators.amazon.accounts import Denial
from saleor_amazon_app.simulators.amazon.buckets import Operation
from saleor_amazon_app.simulators.amazon.datasets import Dataset
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
    "Operation",
    "ScriptedOrder",
    "SimulatedAmazon",
    "Step",
    "UnusableOrderError",
    "create_amazon",
    "load",
    "serve",
]
