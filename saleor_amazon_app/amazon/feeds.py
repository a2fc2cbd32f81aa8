"""Sends documents to Amazon as feeds and learns what became of them, one step at a time.

A document is made, filled and then handed in as a feed; the feed is watched until it is done, and
its report read. Every step stands alone, so that a caller can record each: handing a feed in a
second time would carry everything in it out a second time.

Source: Feeds API 2021-06-30, read 2026-11-20.
"""

import gzip
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from typing import Annotated, NewType
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ConfigDict, Field

from saleor_amazon_app.amazon.client import AmazonClient
from saleor_amazon_app.amazon.errors import AmazonUnavailable, Incident
from saleor_amazon_app.amazon.feed_reports import (
    ProcessingReport,
    UnreadableReportError,
    parse_report,
)
from saleor_amazon_app.amazon.item_records import Moment, Text
from saleor_amazon_app.amazon.throttle import Operation
from saleor_amazon_app.amazon.wire import LARGEST_ANSWER, TIMEOUT, USER_AGENT, Answer, exchange
from saleor_amazon_app.core.ids import MarketplaceId
from saleor_amazon_app.core.times import iso

FeedId = NewType("FeedId", str)

_FEEDS = "/feeds/2021-06-30/feeds"
_DOCUMENTS = "/feeds/2021-06-30/documents"
# The upload must name the very type the document was made with.
_CONTENT_TYPE = "text/xml; charset=UTF-8"
_LARGEST_PAGE = "100"
_GZIP_MAGIC = b"\x1f\x8b"


class FeedType(StrEnum):
    """The feeds that are sent, by Amazon's names."""

    POST_ORDER_ACKNOWLEDGEMENT_DATA = "POST_ORDER_ACKNOWLEDGEMENT_DATA"
    POST_PAYMENT_ADJUSTMENT_DATA = "POST_PAYMENT_ADJUSTMENT_DATA"


class FeedStatus(StrEnum):
    """How far a feed is; DONE is not success, and FATAL may have done some, none or all."""

    IN_QUEUE = "IN_QUEUE"
    IN_PROGRESS = "IN_PROGRESS"
    DONE = "DONE"
    CANCELLED = "CANCELLED"
    FATAL = "FATAL"


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """A document that waits to be filled.

    Attributes:
        url: where its content goes, for five minutes; it grants access, so it is never logged.
    """

    id: str
    url: str = field(repr=False)


class Feed(BaseModel):
    """A feed as Amazon reports it.

    Attributes:
        status: one of `FeedStatus`, or a word Amazon invented since.
        result_document_id: the report, once there is one.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    id: Annotated[FeedId, Field(validation_alias="feedId")]
    type: Annotated[Text, Field(validation_alias="feedType")]
    created_at: Annotated[Moment, Field(validation_alias="createdTime")]
    status: Annotated[Text, Field(validation_alias="processingStatus")]
    result_document_id: Annotated[Text | None, Field(validation_alias="resultFeedDocumentId")] = (
        None
    )


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class _Document(_Answer):
    id: Annotated[str, Field(validation_alias="feedDocumentId", min_length=1)]
    url: Annotated[str, Field(min_length=1)]
    compression: Annotated[str | None, Field(validation_alias="compressionAlgorithm")] = None


class _Created(_Answer):
    id: Annotated[FeedId, Field(validation_alias="feedId", min_length=1)]


class _Feeds(_Answer):
    feeds: tuple[Feed, ...]
    next_token: Annotated[str | None, Field(validation_alias="nextToken")] = None


async def create_document(client: AmazonClient) -> FeedDocument:
    """Makes an empty document; one that is never handed in does nothing.

    Raises:
        AmazonError: as drawn in `errors.py`.
    """
    made = await client.create(
        Operation.CREATE_FEED_DOCUMENT,
        _DOCUMENTS,
        body={"contentType": _CONTENT_TYPE},
        expected=httpx.codes.CREATED,
        read=_Document.model_validate,
    )
    return FeedDocument(made.id, _safe(made.url, client, Operation.CREATE_FEED_DOCUMENT))


async def upload(http: httpx.AsyncClient, document: FeedDocument, content: bytes) -> None:
    """Fills a document; doing it again replaces the content.

    Raises:
        AmazonUnavailable: it may not have arrived; its address may also be too old by now, and
            then only a new document helps.
    """
    request = http.build_request(
        "PUT",
        document.url,
        content=content,
        headers={"content-type": _CONTENT_TYPE, "user-agent": USER_AGENT},
        timeout=TIMEOUT,
    )
    await _transfer(http, request, operation="uploadFeedDocument")


async def create_feed(
    client: AmazonClient,
    feed_type: FeedType,
    marketplace_ids: Sequence[MarketplaceId],
    document_id: str,
) -> FeedId:
    """Hands a filled document in; from here on Amazon acts on it.

    Raises:
        AmazonUnavailable: the feed may exist all the same: look for it with `recent_feeds`
            before anything else.
        AmazonError: as drawn in `errors.py`; there is no feed.
    """
    created = await client.create(
        Operation.CREATE_FEED,
        _FEEDS,
        body={
            "feedType": feed_type,
            "marketplaceIds": list(marketplace_ids),
            "inputFeedDocumentId": document_id,
        },
        expected=httpx.codes.ACCEPTED,
        read=_Created.model_validate,
    )
    return created.id


async def feed(client: AmazonClient, feed_id: FeedId) -> Feed:
    """Asks how far a feed is.

    Raises:
        NotFound: Amazon knows no such feed of this seller.
        AmazonError: as drawn in `errors.py`.
    """
    return await client.get(
        Operation.GET_FEED, f"{_FEEDS}/{quote(feed_id, safe='')}", read=Feed.model_validate
    )


async def recent_feeds(
    client: AmazonClient, feed_type: FeedType, since: datetime
) -> tuple[Feed, ...]:
    """Lists the feeds of a type, to find one whose creation was answered by nobody.

    Amazon does not say which document a feed was made of; type, time and report must tell.

    Args:
        client: the seller's line.
        feed_type: feeds of other types are left out.
        since: when the first of them was created, at most 90 days ago.

    Raises:
        AmazonError: as drawn in `errors.py`.
    """
    query = {
        "feedTypes": feed_type.value,
        "createdSince": iso(since),
        "pageSize": _LARGEST_PAGE,
    }
    found: list[Feed] = []
    seen: set[str] = set()
    while True:
        page = await client.get(
            Operation.GET_FEEDS, _FEEDS, query=query, read=_Feeds.model_validate
        )
        found += page.feeds
        token = page.next_token
        if not token:
            return tuple(found)
        if token in seen:
            incident = Incident(Operation.GET_FEEDS, detail="the pages lead in a circle")
            raise AmazonUnavailable(incident)
        seen.add(token)
        # Amazon refuses a token in company.
        query = {"nextToken": token}


async def report(
    client: AmazonClient, http: httpx.AsyncClient, document_id: str
) -> ProcessingReport:
    """Fetches and reads the report of a feed that is done; Amazon keeps it for 28 days.

    Raises:
        AmazonUnavailable: it could not be fetched whole, or is no report.
        AmazonError: as drawn in `errors.py`.
    """
    operation = Operation.GET_FEED_DOCUMENT
    document = await client.get(
        operation, f"{_DOCUMENTS}/{quote(document_id, safe='')}", read=_Document.model_validate
    )
    request = http.build_request(
        "GET",
        _safe(document.url, client, operation),
        headers={"user-agent": USER_AGENT},
        timeout=TIMEOUT,
    )
    answer = await _transfer(http, request, operation="downloadFeedDocument")
    try:
        return parse_report(_unpacked(answer.body, document.compression))
    except UnreadableReportError as error:
        incident = answer.incident(detail=f"the processing report cannot be read: {error}")
        raise AmazonUnavailable(incident) from error


async def _transfer(http: httpx.AsyncClient, request: httpx.Request, *, operation: str) -> Answer:
    """Moves a document: its address is the permission, and no token of ours goes along."""
    answer = await exchange(http, request, operation=operation)
    if answer.status != httpx.codes.OK:
        raise AmazonUnavailable(answer.incident(detail="the document could not be moved"))
    return answer


def _safe(url: str, client: AmazonClient, operation: Operation) -> str:
    """The address of a document if it is encrypted, or where all calls of this client go."""
    try:
        address, home = httpx.URL(url), httpx.URL(client.spapi_url)
    except httpx.InvalidURL:
        address = home = httpx.URL()
    if address.host and (address.scheme == "https" or _origin(address) == _origin(home)):
        return url
    raise AmazonUnavailable(Incident(operation, detail="the document's address is not safe"))


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _unpacked(body: bytes, compression: str | None) -> bytes:
    """The report itself; whoever serves it may have unpacked it on the way."""
    if compression not in {None, "GZIP"}:
        raise UnreadableReportError(f"it is packed as {compression}")
    if compression is None or not body.startswith(_GZIP_MAGIC):
        return body
    try:
        with gzip.open(BytesIO(body)) as packed:
            content = packed.read(LARGEST_ANSWER + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableReportError("it cannot be unpacked") from error
    if len(content) > LARGEST_ANSWER:
        raise UnreadableReportError("it is too large")
    return content
