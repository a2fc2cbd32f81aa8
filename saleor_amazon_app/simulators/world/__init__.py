"""A world to try the app on, with its own book of what must become of every order.

`make_world` invents a shop, sellers and orders; `judge` compares the book with what the shop
really has afterwards. Every expectation comes from the scenario an order was invented for, so
that the app is never measured by itself. Where staff worked, `compare_books` asks whether Amazon
knows what they did.
"""

from saleor_amazon_app.simulators.world.amazon_book import AmazonBook, amazon_book_from_json
from saleor_amazon_app.simulators.world.both_books import WayBack, before_staff, compare_books
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
from saleor_amazon_app.simulators.world.sold import Sold, sold_in
from saleor_amazon_app.simulators.world.worlds import (
    World,
    make_world,
    open_amazon,
    world_from_json,
)

__all__ = [
    "AmazonBook",
    "Entry",
    "Expectation",
    "Hold",
    "Outcome",
    "Place",
    "SellerAccount",
    "Skip",
    "Sold",
    "Verdict",
    "WayBack",
    "World",
    "amazon_book_from_json",
    "before_staff",
    "compare_books",
    "judge",
    "make_world",
    "open_amazon",
    "shop_orders_from_json",
    "sold_in",
    "world_from_json",
]
