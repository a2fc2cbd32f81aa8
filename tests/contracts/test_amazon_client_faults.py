"""Odd answers: none of them may pass for data, and none may be asked for twice by itself."""

import asyncio
import gzip
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from saleor_amazon_app.amazon.datasets import EVERYTHING, Dataset
from saleor_amazon_app.amazon.errors import (
    AccessDenied,
    AmazonError,
    AmazonUnavailable,
    BadRequest,
    ConsentRevoked,
    Incident,
    NotFound,
    PageTokenExpired,
    Throttled,
)
from saleor_amazon_app.amazon.orders import (
    OrderPage,
    OrderQuery,
    get_order,
    search_orders,
)
from saleor_amazon_app.amazon.sellers import marketplace_participations
from saleor_amazon_app.amazon.throttle import Operation
from saleor_amazon_app.amazon.wire import LARGEST_ANSWER, exchange
from saleor_amazon_app.core.errors import TryAgainLater
from saleor_amazon_app.core.ids import AmazonOrderId, MarketplaceId
from tests.contracts.amazon_line import Line, error_body, line, scripted

QUERY = OrderQuery(
    marketplaces=(MarketplaceId("A1PA6795UKMFR9"),), after=datetime(2026, 11, 20, tzinfo=UTC)
)
ORDER: dict[str, Any] = {
    "orderId": "302-1234567-1234567",
    "createdTime": "2026-11-20T10:00:00Z",
    "lastUpdatedTime": "2026-11-20T10:05:00Z",
    "salesChannel": {"channelName": "AMAZON", "marketplaceId": "A1PA6795UKMFR9"},
    "recipient": {"deliveryAddress": {"name": "Erika Mustermann", "city": "Köln"}},
    "orderItems": [{"orderItemId": "1", "quantityOrdered": 1, "product": {"sellerSku": "A"}}],
}
HTML = "<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>"
DENIED = error_body("Unauthorized", "Access to requested resource is denied.")
EXPIRED = error_body(
    "Unauthorized",
    "Access to requested resource is denied.",
    "The access token you provided has expired.",
)


async def search(amazon: Line) -> OrderPage:
    return await search_orders(amazon.client, QUERY)


@pytest.mark.parametrize(
    ("_case", "answer"),
    [
        ("a gateway's page", httpx.Response(503, html=HTML)),
        ("an error as described", httpx.Response(500, json=error_body("InternalFailure", "x"))),
        ("nothing at all", httpx.Response(502)),
        ("a slow backend", httpx.Response(504, text="")),
        ("a slow sender", httpx.Response(408)),
        ("a redirect", httpx.Response(302, headers={"location": "https://elsewhere.test/"})),
        ("an accepted without data", httpx.Response(202)),
        ("an error that holds orders", httpx.Response(500, json={"orders": [ORDER]})),
    ],
)
async def test_a_status_that_is_no_answer_can_be_tried_again(
    _case: str, answer: httpx.Response
) -> None:
    amazon = line(answer)

    with pytest.raises(AmazonUnavailable) as raised:
        await search(amazon)

    assert raised.value.incident.status == answer.status_code
    assert isinstance(raised.value, TryAgainLater)
    assert len(amazon.requests) == 1
    assert amazon.throttle.drains == []


@pytest.mark.parametrize(
    ("_case", "body"),
    [
        ("a page for people", HTML.encode()),
        ("cut off", json.dumps({"orders": [ORDER]}).encode()[:-9]),
        ("empty", b""),
        ("not text", b'{"orders": "\xff\xfe'),
        ("a list", b"[]"),
        ("a number that JSON lacks", b'{"orders": [], "x": NaN}'),
        ("nested without end", b'{"orders":' + b"[" * 100_000),
        ("a number beyond all bounds", b'{"orders": [], "x": 1e9999999999999999999999}'),
        ("a gateway's refusal", b'{"message": "Too Many Requests"}'),
        ("errors instead of orders", json.dumps(DENIED).encode()),
        ("no orders", b'{"lastUpdatedBefore": "2026-11-20T11:58:00Z"}'),
        ("orders that are none", b'{"orders": null}'),
        ("orders by id", b'{"orders": {"302": {}}}'),
        ("a time without a zone", b'{"orders": [], "lastUpdatedBefore": "2026-11-20T11:58:00"}'),
    ],
)
async def test_a_broken_answer_is_never_an_empty_page(_case: str, body: bytes) -> None:
    amazon = line(httpx.Response(200, content=body, headers={"x-amzn-RequestId": "r-1"}))

    with pytest.raises(AmazonUnavailable) as raised:
        await search(amazon)

    assert raised.value.incident.operation == "searchOrders"
    assert raised.value.incident.status == 200
    assert raised.value.incident.request_id == "r-1"
    assert raised.value.__cause__ is not None or body == b"[]"
    assert len(amazon.requests) == 1


@pytest.mark.parametrize(
    "broken",
    [
        httpx.ConnectError("no route"),
        httpx.ConnectTimeout("slow"),
        httpx.ReadTimeout("slow"),
        httpx.ReadError("reset"),
        httpx.RemoteProtocolError("closed in the middle"),
        httpx.PoolTimeout("busy"),
    ],
)
async def test_a_broken_connection_can_be_tried_again(broken: httpx.RequestError) -> None:
    amazon = line(broken)

    with pytest.raises(AmazonUnavailable) as raised:
        await search(amazon)

    assert raised.value.__cause__ is broken
    assert raised.value.incident == Incident("searchOrders", detail=type(broken).__name__)
    assert len(amazon.requests) == 1


async def test_an_answer_that_never_ends_is_given_up() -> None:
    async def never(_request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError("it ended")

    async with httpx.AsyncClient(transport=httpx.MockTransport(never)) as http:
        request = http.build_request("GET", "https://spapi.test/")
        with pytest.raises(AmazonUnavailable) as raised:
            await exchange(http, request, operation="getOrder", deadline=timedelta(milliseconds=20))

    assert isinstance(raised.value.__cause__, TimeoutError)
    assert raised.value.incident == Incident("getOrder", detail="TimeoutError")


async def test_an_answer_that_grows_when_unpacked_is_given_up() -> None:
    packed = gzip.compress(bytes(LARGEST_ANSWER + 1), compresslevel=1)
    amazon = line(httpx.Response(200, content=packed, headers={"content-encoding": "gzip"}))

    with pytest.raises(AmazonUnavailable) as raised:
        await search(amazon)

    assert raised.value.incident.detail == "the answer is too large"


@pytest.mark.parametrize(
    ("_case", "answer", "code"),
    [
        ("as described", {"json": error_body("QuotaExceeded", "slow down")}, "QuotaExceeded"),
        ("from the gateway", {"json": {"message": "Too Many Requests"}}, None),
        ("without a body", {}, None),
    ],
)
async def test_a_used_up_quota_drains_the_bucket(
    _case: str, answer: dict[str, Any], code: str | None
) -> None:
    amazon = line(httpx.Response(429, **answer))

    with pytest.raises(Throttled) as raised:
        await search(amazon)

    assert raised.value.incident.code == code
    assert amazon.throttle.drains == [Operation.SEARCH_ORDERS]
    assert amazon.throttle.rates == []
    assert len(amazon.requests) == 1


async def test_an_empty_bucket_sends_nothing() -> None:
    amazon = line()
    amazon.throttle.refusal = TryAgainLater("bucket empty", after=timedelta(minutes=3))

    with pytest.raises(TryAgainLater) as raised:
        await search(amazon)

    assert raised.value is amazon.throttle.refusal
    assert amazon.requests == []


async def test_a_lost_consent_neither_sends_nor_takes_a_permit() -> None:
    amazon = line()
    amazon.tokens.refusal = ConsentRevoked(Incident("loginWithAmazon", status=400))

    with pytest.raises(ConsentRevoked):
        await search(amazon)

    assert amazon.requests == []
    assert amazon.throttle.permitted == []


@pytest.mark.parametrize(
    ("header", "learned"),
    [
        ("0.0167", [0.0167]),
        ("5.0", [5.0]),
        ("", []),
        ("fast", []),
        ("0", []),
        ("-1", []),
        ("NaN", []),
        ("Infinity", []),
    ],
)
@pytest.mark.parametrize("status", [200, 400, 404])
async def test_the_announced_rate_is_learned_when_it_is_one(
    header: str, learned: list[float], status: int
) -> None:
    answer = httpx.Response(status, json={"orders": []}, headers={"x-amzn-RateLimit-Limit": header})
    amazon = line(answer)

    if status == 200:
        await search(amazon)
    else:
        with pytest.raises(AmazonError):
            await search(amazon)

    assert amazon.throttle.rates == [(Operation.SEARCH_ORDERS, rate) for rate in learned]


@pytest.mark.parametrize(
    "refusal",
    [
        httpx.Response(403, json=EXPIRED),
        httpx.Response(401),
        httpx.Response(
            403, json={"message": "The security token included in the request is expired"}
        ),
    ],
)
async def test_an_expired_token_is_replaced_once_and_counts_as_a_call(
    refusal: httpx.Response,
) -> None:
    amazon = line(refusal, httpx.Response(200, json={"orders": [ORDER]}))

    page = await search(amazon)

    assert len(page.orders) == 1
    assert amazon.tokens.refused == ["Atza|token-1"]
    sent = [request.headers["x-amz-access-token"] for request in amazon.requests]
    assert sent == ["Atza|token-1", "Atza|token-2"]
    assert amazon.throttle.permitted == [Operation.SEARCH_ORDERS] * 2


async def test_a_token_refused_twice_is_a_denial() -> None:
    amazon = line(httpx.Response(403, json=EXPIRED), httpx.Response(403, json=EXPIRED))

    with pytest.raises(AccessDenied):
        await search(amazon)

    assert len(amazon.requests) == 2
    assert amazon.tokens.handed_out == 2


@pytest.mark.parametrize("answer", [{"json": DENIED}, {"html": "<h1>403 Forbidden</h1>"}])
async def test_a_missing_role_is_not_a_bad_token(answer: dict[str, Any]) -> None:
    amazon = line(httpx.Response(403, **answer))

    with pytest.raises(AccessDenied) as raised:
        await search(amazon)

    assert raised.value.key == "amazon-access-denied"
    assert raised.value.datasets == EVERYTHING
    assert amazon.tokens.refused == []
    assert len(amazon.requests) == 1


async def test_a_denied_order_names_its_datasets_too() -> None:
    amazon = line(httpx.Response(403, json=DENIED))

    with pytest.raises(AccessDenied) as raised:
        await get_order(amazon.client, AmazonOrderId("1"), datasets=frozenset({Dataset.TAX}))

    assert raised.value.datasets == {Dataset.TAX, Dataset.FULFILLMENT}


async def test_denied_marketplaces_name_no_dataset() -> None:
    amazon = line(httpx.Response(403, json=DENIED))

    with pytest.raises(AccessDenied) as raised:
        await marketplace_participations(amazon.client)

    assert raised.value.datasets == frozenset()


async def test_an_unknown_order_is_not_found() -> None:
    body = error_body("NotFound", "Order not found.")
    amazon = line(httpx.Response(404, json=body, headers={"x-amzn-RequestId": "r-9"}))

    with pytest.raises(NotFound) as raised:
        await get_order(amazon.client, AmazonOrderId("302-0000000-0000000"))

    assert raised.value.incident == Incident(
        "getOrder", status=404, request_id="r-9", code="NotFound", detail="Order not found."
    )


@pytest.mark.parametrize(
    ("_case", "message"),
    [
        ("in words", "The paginationToken you have submitted is not valid."),
        ("barely", "The input you have submitted is not valid."),
    ],
)
async def test_a_refused_page_token_is_told_from_a_refused_search(_case: str, message: str) -> None:
    answer = httpx.Response(400, json=error_body("InvalidInput", message))
    amazon = line(answer, answer)
    paged = QUERY.model_copy(update={"page_token": "old"})

    with pytest.raises(PageTokenExpired) as expired:
        await search_orders(amazon.client, paged)
    with pytest.raises(BadRequest) as bad:
        await search_orders(amazon.client, QUERY)

    assert expired.value.incident.detail == message
    assert type(bad.value) is BadRequest


@pytest.mark.parametrize("status", [413, 415])
async def test_other_refusals_do_not_blame_the_page_token(status: int) -> None:
    amazon = line(httpx.Response(status))

    with pytest.raises(BadRequest) as raised:
        await search_orders(amazon.client, QUERY.model_copy(update={"page_token": "good"}))

    assert type(raised.value) is BadRequest


async def test_marketplaces_that_did_not_come_are_not_none() -> None:
    amazon = line(httpx.Response(200, json=error_body("InternalFailure", "x")))

    with pytest.raises(AmazonUnavailable):
        await marketplace_participations(amazon.client)


async def test_neither_token_nor_buyer_is_in_what_is_raised_or_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG", logger="saleor_amazon_app")
    body = {"orders": {"name": "Erika Mustermann"}, "lastUpdatedBefore": "Mustermann"}
    amazon = line(httpx.Response(200, json=body))

    with pytest.raises(AmazonUnavailable) as raised:
        await search(amazon)

    error = raised.value
    shown = f"{error} {error.incident!r} {error.__cause__}"
    assert "Atza" not in shown
    assert "Mustermann" not in shown
    assert [record.name for record in caplog.records if "saleor" in record.name] == []


async def test_long_words_of_amazon_are_cut() -> None:
    amazon = line(httpx.Response(400, json=error_body("InvalidInput", "x" * 5000)))

    with pytest.raises(BadRequest) as raised:
        await search(amazon)

    assert raised.value.incident.detail == "x" * 300


@pytest.mark.parametrize(
    "errors", [[], ["text"], [None], "text", [{"code": None, "message": 7, "details": []}]]
)
async def test_an_odd_error_body_hides_nothing(errors: object) -> None:
    amazon = line(httpx.Response(400, json={"errors": errors}))

    with pytest.raises(BadRequest) as raised:
        await search(amazon)

    assert raised.value.incident.status == 400


async def test_the_transport_of_these_tests_refuses_what_was_not_expected() -> None:
    requests: list[httpx.Request] = []
    async with httpx.AsyncClient(transport=scripted(requests=requests)) as http:
        with pytest.raises(AssertionError, match="was not expected"):
            await http.get("https://spapi.test/")
