"""The operations as HTTP: every request passes the same gates in the order Amazon has them.

Failure on purpose → access token → quota → the operation itself. Documents are moved past token
and quota: their address is their permission.
"""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from saleor_amazon_app.simulators.amazon.accounts import Seller
from saleor_amazon_app.simulators.amazon.answers import (
    JsonObject,
    Refused,
    invalid_input,
    refusal,
)
from saleor_amazon_app.simulators.amazon.buckets import Operation
from saleor_amazon_app.simulators.amazon.feed_documents import PATH as DOCUMENT_ADDRESSES
from saleor_amazon_app.simulators.amazon.feeds import (
    create_feed,
    create_feed_document,
    get_feed,
    get_feed_document,
    get_feeds,
)
from saleor_amazon_app.simulators.amazon.finances import list_transactions
from saleor_amazon_app.simulators.amazon.orders import get_order, search_orders
from saleor_amazon_app.simulators.amazon.sellers import get_marketplace_participations
from saleor_amazon_app.simulators.amazon.shipments import confirm_shipment
from saleor_amazon_app.simulators.amazon.state import AmazonState

Action = Callable[[Request], Awaitable[Response]]
SellerAction = Callable[[Seller, Request, datetime], Response]
WritingAction = Callable[[Seller, Request, JsonObject, datetime], Response]

_ORDERS = "/orders/2026-01-01/orders"
_FEEDS = "/feeds/2021-06-30"
# By the models, the other statuses come without the rate.
_ANNOUNCING = frozenset({200, 201, 202, 204, 400, 404})

_READING: list[tuple[str, Operation, SellerAction]] = [
    (_ORDERS, Operation.SEARCH_ORDERS, search_orders),
    (_ORDERS + "/{order_id}", Operation.GET_ORDER, get_order),
    (
        "/sellers/v1/marketplaceParticipations",
        Operation.GET_MARKETPLACE_PARTICIPATIONS,
        get_marketplace_participations,
    ),
    (_FEEDS + "/feeds", Operation.GET_FEEDS, get_feeds),
    (_FEEDS + "/feeds/{feed_id}", Operation.GET_FEED, get_feed),
    (_FEEDS + "/documents/{document_id}", Operation.GET_FEED_DOCUMENT, get_feed_document),
    ("/finances/2024-06-19/transactions", Operation.LIST_TRANSACTIONS, list_transactions),
]
_WRITING: list[tuple[str, Operation, WritingAction]] = [
    (
        "/orders/v0/orders/{order_id}/shipmentConfirmation",
        Operation.CONFIRM_SHIPMENT,
        confirm_shipment,
    ),
    (_FEEDS + "/documents", Operation.CREATE_FEED_DOCUMENT, create_feed_document),
    (_FEEDS + "/feeds", Operation.CREATE_FEED, create_feed),
]


def api_routes(amazon: AmazonState) -> list[Route]:
    """The routes of Login with Amazon, of the Selling Partner API and of documents."""

    def door(path: str, operation: Operation, act: Action, method: str) -> Route:
        return Route(path, partial(_enter, amazon, operation, act), methods=[method])

    address = DOCUMENT_ADDRESSES + "/{seller_id}/{document_id}"
    move = partial(_move_document, amazon)
    return [
        door("/auth/o2/token", Operation.GET_TOKEN, partial(_log_in, amazon), "POST"),
        *(
            door(path, operation, partial(_for_seller, amazon, operation, act), "GET")
            for path, operation, act in _READING
        ),
        *(
            door(path, operation, partial(_written_for_seller, amazon, operation, act), "POST")
            for path, operation, act in _WRITING
        ),
        door(address, Operation.UPLOAD_FEED_DOCUMENT, move, "PUT"),
        door(address, Operation.DOWNLOAD_FEED_DOCUMENT, move, "GET"),
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


async def _move_document(amazon: AmazonState, request: Request) -> Response:
    seller = amazon.sellers.get(request.path_params["seller_id"], amazon.seller)
    return seller.documents.move(request, await request.body(), now=amazon.clock())


async def _written_for_seller(
    amazon: AmazonState, operation: Operation, act: WritingAction, request: Request
) -> Response:
    body = await request.body()

    def write(seller: Seller, request: Request, now: datetime) -> Response:
        return act(seller, request, _json(body), now)

    return await _for_seller(amazon, operation, write, request)


def _json(body: bytes) -> JsonObject:
    try:
        content = json.loads(body)
    except ValueError as error:
        raise invalid_input("The body is not JSON.") from error
    if not isinstance(content, dict):
        raise invalid_input("The body is not a JSON object.")
    return content


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
        seller.catch_up(now)
        response = act(seller, request, now)
    except Refused as refused:
        response = refusal(refused)
    if response.status_code in _ANNOUNCING:
        response.headers["x-amzn-RateLimit-Limit"] = seller.announced_rate(operation)
    return response
