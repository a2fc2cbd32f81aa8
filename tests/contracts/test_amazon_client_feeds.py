"""Feeds step by step: requests as Amazon describes them, and no answer mistaken for another."""

import gzip
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from saleor_amazon_app.amazon.errors import AmazonUnavailable, BadRequest, NotFound
from saleor_amazon_app.amazon.feed_reports import Result
from saleor_amazon_app.amazon.feeds import (
    FeedDocument,
    FeedId,
    FeedStatus,
    FeedType,
    create_document,
    create_feed,
    feed,
    recent_feeds,
    report,
    upload,
)
from saleor_amazon_app.amazon.throttle import Operation
from saleor_amazon_app.amazon.wire import LARGEST_ANSWER
from saleor_amazon_app.core.ids import MarketplaceId
from tests.contracts.amazon_line import Line, error_body, line
from tests.contracts.amazon_models import amazon_model, assert_allowed, described, samples

FEEDS = "feeds_2021-06-30.json"
US, GB = MarketplaceId("ATVPDKIKX0DER"), MarketplaceId("A1F83G8C2ARO7P")
CANCELLATIONS = FeedType.POST_ORDER_ACKNOWLEDGEMENT_DATA
SINCE = datetime(2026, 11, 20, 12, tzinfo=UTC)
DOCUMENT = {"feedDocumentId": "amzn1.tortuga.4.na.1", "url": "https://docs.test/1?signature=s"}
FEED = {
    "feedId": "50001",
    "feedType": "POST_ORDER_ACKNOWLEDGEMENT_DATA",
    "createdTime": "2026-11-20T12:00:00Z",
    "processingStatus": "IN_QUEUE",
}
REPORT = b"""<?xml version="1.0" encoding="UTF-8"?>
<AmazonEnvelope>
  <Header><DocumentVersion>1.02</DocumentVersion></Header>
  <MessageType>ProcessingReport</MessageType>
  <Message><MessageID>1</MessageID><ProcessingReport>
    <DocumentTransactionID>50001</DocumentTransactionID><StatusCode>Complete</StatusCode>
    <ProcessingSummary><MessagesProcessed>2</MessagesProcessed>
      <MessagesSuccessful>1</MessagesSuccessful><MessagesWithError>1</MessagesWithError>
      <MessagesWithWarning>0</MessagesWithWarning></ProcessingSummary>
    <Result><MessageID>17</MessageID><ResultCode>Error</ResultCode>
      <ResultMessageCode>18028</ResultMessageCode>
      <ResultDescription>The order was shipped.</ResultDescription></Result>
  </ProcessingReport></Message>
</AmazonEnvelope>"""
Step = Callable[[Line], Awaitable[object]]


async def made(amazon: Line) -> FeedDocument:
    return await create_document(amazon.client)


async def handed_in(amazon: Line) -> FeedId:
    return await create_feed(amazon.client, CANCELLATIONS, [US, GB], "amzn1.tortuga.4.na.1")


async def looked_at(amazon: Line) -> object:
    return await feed(amazon.client, FeedId("50001"))


async def listed(amazon: Line) -> object:
    return await recent_feeds(amazon.client, CANCELLATIONS, SINCE)


async def read(amazon: Line) -> Any:
    return await report(amazon.client, amazon.http, "amzn1.tortuga.4.na.2")


async def test_a_document_is_made_and_filled_without_a_word_of_ours() -> None:
    model = amazon_model(FEEDS)
    amazon = line(httpx.Response(201, json=DOCUMENT), httpx.Response(200))

    document = await made(amazon)
    await upload(amazon.http, document, b"<xml/>")

    making, filling = amazon.requests
    assert document == FeedDocument(DOCUMENT["feedDocumentId"], DOCUMENT["url"])
    assert_allowed(making, model, "createFeedDocument")
    assert json.loads(making.content) == {"contentType": "text/xml; charset=UTF-8"}
    assert (filling.method, str(filling.url)) == ("PUT", DOCUMENT["url"])
    assert filling.headers["content-type"] == "text/xml; charset=UTF-8"
    assert filling.content == b"<xml/>"
    assert not [name for name in filling.headers if name.startswith("x-amz")]
    assert "authorization" not in filling.headers
    assert filling.extensions["timeout"]["read"] == 30.0
    assert amazon.throttle.permitted == [Operation.CREATE_FEED_DOCUMENT]


async def test_a_feed_is_handed_in_once_for_all_marketplaces() -> None:
    model = amazon_model(FEEDS)
    amazon = line(httpx.Response(202, json=samples(model, "createFeed", "202")[0]))

    created = await handed_in(amazon)

    assert created == "3485934"
    assert_allowed(amazon.request, model, "createFeed")
    assert json.loads(amazon.request.content) == {
        "feedType": "POST_ORDER_ACKNOWLEDGEMENT_DATA",
        "marketplaceIds": [US, GB],
        "inputFeedDocumentId": "amzn1.tortuga.4.na.1",
    }


async def test_a_feed_of_amazons_sandbox_can_be_read() -> None:
    model = amazon_model(FEEDS)
    amazon = line(httpx.Response(200, json=samples(model, "getFeed")[0]))

    found = await feed(amazon.client, FeedId("feed/1"))

    assert amazon.request.url.raw_path == b"/feeds/2021-06-30/feeds/feed%2F1"
    assert_allowed(amazon.request, model, "getFeed")
    assert found.model_dump() == {
        "id": "FeedId1",
        "type": "POST_PRODUCT_DATA",
        "created_at": datetime(2024, 3, 11, 13, 16, 24, 630000, tzinfo=UTC),
        "status": FeedStatus.CANCELLED,
        "result_document_id": None,
    }


async def test_a_status_nobody_has_heard_of_is_kept() -> None:
    amazon = line(httpx.Response(200, json={**FEED, "processingStatus": "PAUSED"}))

    found = await feed(amazon.client, FeedId("50001"))

    assert found.status == "PAUSED"


async def test_recent_feeds_are_read_to_the_last_page() -> None:
    model = amazon_model(FEEDS)
    second = {**FEED, "feedId": "50002"}
    amazon = line(
        httpx.Response(200, json={"feeds": [FEED], "nextToken": "n/2+="}),
        httpx.Response(200, json={"feeds": [], "nextToken": "n/3"}),
        httpx.Response(200, json={"feeds": [second]}),
    )

    found = await recent_feeds(amazon.client, CANCELLATIONS, SINCE)

    assert [one.id for one in found] == ["50001", "50002"]
    for request in amazon.requests:
        assert_allowed(request, model, "getFeeds")
    assert [dict(request.url.params) for request in amazon.requests] == [
        {
            "feedTypes": "POST_ORDER_ACKNOWLEDGEMENT_DATA",
            "createdSince": "2026-11-20T12:00:00Z",
            "pageSize": "100",
        },
        {"nextToken": "n/2+="},
        {"nextToken": "n/3"},
    ]


async def test_pages_that_lead_in_a_circle_are_no_complete_list() -> None:
    page = {"feeds": [FEED], "nextToken": "again"}
    amazon = line(httpx.Response(200, json=page), httpx.Response(200, json=page))

    with pytest.raises(AmazonUnavailable, match="properly"):
        await listed(amazon)

    assert len(amazon.requests) == 2


@pytest.mark.parametrize(
    ("_case", "compression", "body", "headers"),
    [
        ("plain", None, REPORT, {}),
        ("packed", "GZIP", gzip.compress(REPORT), {}),
        (
            "packed in two parts",
            "GZIP",
            gzip.compress(REPORT[:99]) + gzip.compress(REPORT[99:]),
            {},
        ),
        ("unpacked on the way", "GZIP", gzip.compress(REPORT), {"content-encoding": "gzip"}),
    ],
)
async def test_a_report_is_read_row_by_row(
    _case: str, compression: str | None, body: bytes, headers: dict[str, str]
) -> None:
    model = amazon_model(FEEDS)
    document = DOCUMENT | ({"compressionAlgorithm": compression} if compression else {})
    amazon = line(
        httpx.Response(200, json=document), httpx.Response(200, content=body, headers=headers)
    )

    found = await read(amazon)

    asking, fetching = amazon.requests
    assert_allowed(asking, model, "getFeedDocument")
    assert asking.url.path.endswith("/documents/amzn1.tortuga.4.na.2")
    assert (fetching.method, str(fetching.url)) == ("GET", DOCUMENT["url"])
    assert "x-amz-access-token" not in fetching.headers
    assert (found.processed, found.successful, found.with_errors) == (2, 1, 1)
    assert found.of(17).result is Result.ERROR
    assert found.of(17).description == "The order was shipped."
    assert found.of(18).result is Result.SUCCESS


@pytest.mark.parametrize(
    ("_case", "compression", "answer"),
    [
        ("gone", None, httpx.Response(403, text="<Error><Code>AccessDenied</Code></Error>")),
        ("down", None, httpx.Response(503)),
        ("elsewhere", None, httpx.Response(302, headers={"location": "http://inside.test/"})),
        ("cut off", None, httpx.Response(200, content=REPORT[:200])),
        ("empty", None, httpx.Response(200)),
        ("a page", None, httpx.Response(200, html="<html><body>Hello</body></html>")),
        ("half a package", "GZIP", httpx.Response(200, content=gzip.compress(REPORT)[:99])),
        ("a broken package", "GZIP", httpx.Response(200, content=b"\x1f\x8bnothing of the kind")),
        ("another package", "ZSTD", httpx.Response(200, content=REPORT)),
        (
            "a bomb",
            "GZIP",
            httpx.Response(200, content=gzip.compress(bytes(LARGEST_ANSWER + 1))),
        ),
        ("lost", None, httpx.ReadError("reset")),
    ],
)
async def test_a_report_that_cannot_be_read_whole_is_fetched_again(
    _case: str, compression: str | None, answer: Any
) -> None:
    document = DOCUMENT | ({"compressionAlgorithm": compression} if compression else {})
    amazon = line(httpx.Response(200, json=document), answer)

    with pytest.raises(AmazonUnavailable):
        await read(amazon)

    assert len(amazon.requests) == 2


@pytest.mark.parametrize(
    "url",
    [
        "http://docs.test/1",
        "http://spapi.test/1",
        "ftp://docs.test/1",
        "//docs.test/1",
        "/1",
        "https:///1",
        "https://[::1/",
        "nonsense",
    ],
)
async def test_no_document_is_moved_in_the_clear(url: str) -> None:
    for step, status in ((made, 201), (read, 200)):
        amazon = line(httpx.Response(status, json={**DOCUMENT, "url": url}))

        with pytest.raises(AmazonUnavailable) as raised:
            await step(amazon)

        assert raised.value.incident.detail == "the document's address is not safe"
        assert len(amazon.requests) == 1


async def test_a_replaced_amazon_may_keep_documents_where_it_listens() -> None:
    local = "http://127.0.0.1:9000"
    amazon = line(
        httpx.Response(201, json={**DOCUMENT, "url": f"{local}/documents/1"}),
        httpx.Response(201, json={**DOCUMENT, "url": "http://127.0.0.1:9001/documents/1"}),
        spapi_url=local,
    )

    document = await made(amazon)

    assert document.url == f"{local}/documents/1"
    with pytest.raises(AmazonUnavailable):
        await made(amazon)


@pytest.mark.parametrize(
    "answer", [httpx.Response(403), httpx.Response(500), httpx.Response(204), httpx.ReadError("x")]
)
async def test_an_upload_that_is_not_confirmed_has_not_happened(answer: Any) -> None:
    amazon = line(answer)

    with pytest.raises(AmazonUnavailable) as raised:
        await upload(amazon.http, FeedDocument("1", "https://docs.test/1"), b"<xml/>")

    assert raised.value.incident.operation == "uploadFeedDocument"
    assert len(amazon.requests) == 1


@pytest.mark.parametrize("step", [made, handed_in, looked_at, listed, read])
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(400, json=error_body("InvalidInput", "bad")), BadRequest),
        (httpx.Response(404, json=error_body("NotFound", "none")), NotFound),
        (httpx.Response(500, json=error_body("InternalFailure", "x")), AmazonUnavailable),
        (httpx.Response(503, html="<html></html>"), AmazonUnavailable),
        (httpx.Response(202), AmazonUnavailable),
        (httpx.Response(201, json={}), AmazonUnavailable),
        (httpx.Response(200, json={}), AmazonUnavailable),
        (httpx.ReadTimeout("slow"), AmazonUnavailable),
    ],
)
async def test_no_step_takes_a_refusal_or_a_broken_answer_for_success(
    step: Step, answer: Any, error: type[Exception]
) -> None:
    amazon = line(answer)

    with pytest.raises(error):
        await step(amazon)

    assert len(amazon.requests) == 1


def test_the_statuses_are_amazons() -> None:
    definition = amazon_model(FEEDS)["definitions"]["Feed"]["properties"]["processingStatus"]

    assert set(definition["enum"]) == set(FeedStatus)


def test_a_page_is_as_large_as_amazon_allows() -> None:
    _, description = described(amazon_model(FEEDS), "getFeeds")
    (size,) = (one for one in description["parameters"] if one["name"] == "pageSize")

    assert size["maximum"] == 100
