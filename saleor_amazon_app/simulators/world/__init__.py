"""A world to try the app on, with its own book of what must become of every order.

`make_world` invents a shop, sellers and orders; `judge` compares the book with what the shop
really has afterwards. Every expectation comes from the scenario an order was invented for, so
that the app is never measured by itself.
"""

from saleor_amazon_app.simulators.world.expectations import (
    Entry,
    Expectation,
    Hold,
    Place,
    Skip,
)
from saleor_amazon_app.simulators.world.judge import (
    Outcome,
    Verdict,
    judge,
    shop_orders_from_json,
)
from saleor_amazon_app.simulators.world.sellers import SellerAccount
from saleor_amazon_app.simulators.world.worlds import (
    World,
    make_world,
    open_amazon,
    world_from_json,
)

__all__ = [
    "Entry",
    "Expectation",
    "Hold",
    "Outcome",
    "Place",
    "SellerAccount",
    "Skip",
    "Verdict",
    "World",
    "judge",
    "make_world",
    "open_amazon",
    "shop_orders_from_json",
    "world_from_json",
]
