"""Orders API 2026-01-01: lists of orders, and one order by its number.

Source: selling-partner-api-models, orders_2026-01-01.json, read 2026-11-20.
"""

import re
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from saleor_amazon_app.simulators.amazon.accounts import Seller
from saleor_amazon_app.simulators.amazon.answers import (
    JsonObject,
    Refused,
    invalid_input,
    json_answer,
)
from saleor_amazon_app.simulators.amazon.book import SortedBy
from saleor_amazon_app.simulators.amazon.datasets import shown
from saleor_amazon_app.simulators.amazon.order_search import included_data, parse_search, single
from saleor_amazon_app.simulators.amazon.pace import written
from saleor_amazon_app.simulators.amazon.page_tokens import NextPage

_ORDER_NUMBER = re.compile(r"\w{3}-\w{7}-\w{7}", re.ASCII)


def search_orders(seller: Seller, request: Request, now: datetime) -> Response:
    """One page of the orders created or changed in a span of time.

    Raises:
        Refused: a rule is broken, the page token is dead or a role is missing.
    """
    query = request.query_params.multi_items()
    search = parse_search(query, now=now, lag=seller.pace.lag)
    seller.permit(search.included)
    window, beyond = search.window, None
    if search.page_token is not None:
        page = seller.page_tokens.redeem(search.page_token, search, now=now)
        window, beyond = page.window, page.beyond
    found, last = seller.orders.page(window, beyond=beyond, size=search.size, wanted=search.wants)
    denied = seller.denied
    bound = "createdBefore" if window.by is SortedBy.CREATED else "lastUpdatedBefore"
    answer: JsonObject = {
        "orders": [
            shown(entry.order, included=search.included, denied=denied, now=now) for entry in found
        ],
        bound: written(window.before),
    }
    if last:
        token = seller.page_tokens.issue(search, NextPage(window, last), now=now)
        answer["pagination"] = {"nextToken": token}
    return json_answer(answer)


def get_order(seller: Seller, request: Request, now: datetime) -> Response:
    """One order as it is at this moment: the lag is the lists' alone.

    Raises:
        Refused: a rule is broken, a role is missing or there is no such order.
    """
    given = single(request.query_params.multi_items(), allowed=frozenset({"includedData"}))
    included = included_data(given)
    seller.permit(included)
    order_id = request.path_params["order_id"]
    order = seller.orders.get(order_id)
    if order is None:
        raise unknown_order(order_id)
    return json_answer({"order": shown(order, included=included, denied=seller.denied, now=now)})


def unknown_order(order_id: str) -> Refused:
    """The seller has no such order: 404, or 400 when it is no order number at all."""
    if not _ORDER_NUMBER.fullmatch(order_id):
        return invalid_input("orderId is not an order number.")
    return Refused(404, "NotFound", "The order does not exist.")
