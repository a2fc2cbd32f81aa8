"""The operations as HTTP: every request passes the same gates in the order Amazon has them.

Failure on purpose → access token → quota → the operation itself.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from saleor_amazon_app.simulators.amazon.accounts import Seller
from saleor_amazon_app.simulators.amazon.answers import Refused, refusal
from saleor_amazon_app.simulators.amazon.buckets import Operation
from saleor_amazon_app.simulators.amazon.orders import get_order, search_orders
from saleor_amazon_app.simulators.amazon.sellers import get_marketplace_participations
from saleor_amazon_app.simulators.amazon.state import AmazonState

Action = Callable[[Request], Awaitable[Response]]
SellerAction = Callable[[Seller, Request, datetime], Response]

_ORDERS = "/orders/2026-01-01/orders"
# By the models, the other statuses come without the rate.
_ANNOUNCING = frozenset({200, 400, 404})


def api_routes(amazon: AmazonState) -> list[Route]:
    """The routes of Login with Amazon and of the Selling Partner API."""

    def door(path: str, operation: Operation, act: Action, method: str) -> Route:
        return Route(path, partial(_enter, amazon, operation, act), methods=[method])

    def operation_door(path: str, operation: Operation, act: SellerAction) -> Route:
        return door(path, operation, partial(_for_seller, amazon, operation, act), "GET")

    participations = "/sellers/v1/marketplaceParticipations"
    return [
        door("/auth/o2/token", Operation.GET_TOKEN, partial(_log_in, amazon), "POST"),
        operation_door(_ORDERS, Operation.SEARCH_ORDERS, search_orders),
        operation_door(_ORDERS + "/{order_id}", Operation.GET_ORDER, get_order),
        operation_door(
            participations,
            Operation.GET_MARKETPLACE_PARTICIPATIONS,
            get_marketplace_participations,
        ),
    ]


async def _enter(
    amazon: AmazonState, operation: Operation, act: Action, request: Request
) -> Response:
    amazon.calls[operation] += 1
    response = await amazon.faults.meet(operation, partial(act, request))
    if response.status_code >= 400:
        amazon.refusals[operation, response.status_code] += 1
    response.headers["x-amzn-RequestId"] = str(uuid4())
    return response


async def _log_in(amazon: AmazonState, request: Request) -> Response:
    content_type = request.headers.get("content-type", "")
    return amazon.login.answer(content_type, await request.body(), now=amazon.clock())


async def _for_seller(
    amazon: AmazonState, operation: Operation, act: SellerAction, request: Request
) -> Response:
    now = amazon.clock()
    try:
        seller = amazon.login.seller_of(request.headers.get("x-amz-access-token"), now=now)
    except Refused as refused:
        return refusal(refused)
    try:
        seller.spend(operation, now)
        response = act(seller, request, now)
    except Refused as refused:
        response = refusal(refused)
    if response.status_code in _ANNOUNCING:
        response.headers["x-amzn-RateLimit-Limit"] = seller.announced_rate(operation)
    return response
