"""Feeds API 2021-06-30: documents, feeds made of them, and what became of those.

Source: selling-partner-api-models, feeds_2021-06-30.json, read 2026-11-20.
"""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel
from starlette.requests import Request
from starlette.responses import Response

from saleor_amazon_app.core.marketplaces import MARKETPLACES
from saleor_amazon_app.simulators.amazon.accounts import Seller
from saleor_amazon_app.simulators.amazon.answers import (
    JsonObject,
    Refused,
    invalid_input,
    json_answer,
)
from saleor_amazon_app.simulators.amazon.feed_messages import FEED_TYPES
from saleor_amazon_app.simulators.amazon.feed_queue import STATUSES, Feed
from saleor_amazon_app.simulators.amazon.order_search import single
from saleor_amazon_app.simulators.amazon.pace import written
from saleor_amazon_app.simulators.amazon.timelines import moment

_PARAMETERS = frozenset(
    {
        "feedTypes",
        "marketplaceIds",
        "pageSize",
        "processingStatuses",
        "createdSince",
        "createdUntil",
        "nextToken",
    }
)
_LARGEST_PAGE = 100


class _NewDocument(BaseModel):
    model_config = ConfigDict(strict=True, alias_generator=to_camel)

    content_type: str = Field(min_length=1)


class _NewFeed(BaseModel):
    model_config = ConfigDict(strict=True, alias_generator=to_camel)

    feed_type: str
    marketplace_ids: list[str] = Field(min_length=1, max_length=25)
    input_feed_document_id: str


def create_feed_document(
    seller: Seller, request: Request, body: JsonObject, now: datetime
) -> Response:
    """Makes an empty document and says where its content goes."""
    try:
        asked = _NewDocument.model_validate(body)
    except ValidationError as error:
        raise invalid_input("contentType is required.") from error
    document = seller.documents.make(asked.content_type)
    url = seller.documents.address(document, base_url=str(request.base_url), now=now)
    return json_answer({"feedDocumentId": document.id, "url": url}, 201)


def create_feed(seller: Seller, _request: Request, body: JsonObject, now: datetime) -> Response:
    """Takes a filled document as a feed.

    Raises:
        Refused: something about it is wrong; 400.
    """
    try:
        asked = _NewFeed.model_validate(body)
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, one["loc"])) for one in error.errors())
        raise invalid_input(f"Missing or wrong: {fields}.") from error
    if asked.feed_type not in FEED_TYPES:
        raise invalid_input(f"feedType {asked.feed_type} is not one of this simulation's.")
    if strangers := set(asked.marketplace_ids) - MARKETPLACES.keys():
        raise invalid_input(f"marketplaceIds: {min(strangers)} is no marketplace.")
    document = seller.documents.get(asked.input_feed_document_id)
    if document is None or document.content is None:
        raise invalid_input("inputFeedDocumentId names no document with content.")
    feed = seller.feeds.create(asked.feed_type, asked.marketplace_ids, document.content, now)
    return json_answer({"feedId": feed.id}, 202)


def get_feed(seller: Seller, request: Request, _now: datetime) -> Response:
    """One feed as it is now.

    Raises:
        Refused: there is no such feed; 404.
    """
    feed = seller.feeds.get(request.path_params["feed_id"])
    if feed is None:
        raise Refused(404, "NotFound", "The feed does not exist.")
    return json_answer(_shown(feed))


def get_feeds(seller: Seller, request: Request, _now: datetime) -> Response:
    """One page of the feeds of some types, the newest first.

    Raises:
        Refused: a parameter breaks a rule; 400.
    """
    given = single(request.query_params.multi_items(), allowed=_PARAMETERS)
    if "nextToken" in given:
        query = seller.feed_pages.get(given["nextToken"])
        if len(given) > 1 or query is None:
            raise invalid_input("nextToken is not valid, or not the only parameter.")
        given = query
    found = _matching(seller, given)
    start, size = int(given.get("start", 0)), _size(given)
    answer: JsonObject = {"feeds": [_shown(feed) for feed in found[start : start + size]]}
    if len(found) > start + size:
        token = f"page-{len(seller.feed_pages)}"
        seller.feed_pages[token] = {**given, "start": str(start + size)}
        answer["nextToken"] = token
    return json_answer(answer)


def get_feed_document(seller: Seller, request: Request, now: datetime) -> Response:
    """Where a document can be fetched, and whether it is packed.

    Raises:
        Refused: there is no such document; 404.
    """
    document = seller.documents.get(request.path_params["document_id"])
    if document is None:
        raise Refused(404, "NotFound", "The document does not exist.")
    url = seller.documents.address(document, base_url=str(request.base_url), now=now)
    answer = {"feedDocumentId": document.id, "url": url}
    if document.packed:
        answer["compressionAlgorithm"] = "GZIP"
    return json_answer(answer)


def _matching(seller: Seller, given: dict[str, str]) -> list[Feed]:
    types = _texts(given, "feedTypes")
    if not types:
        raise invalid_input("Either feedTypes or nextToken is required.")
    statuses, marketplaces = _texts(given, "processingStatuses"), _texts(given, "marketplaceIds")
    if statuses - STATUSES:
        raise invalid_input("processingStatuses: not a value of this parameter.")
    try:
        since = moment(given["createdSince"]) if "createdSince" in given else None
        until = moment(given["createdUntil"]) if "createdUntil" in given else None
    except ValueError as error:
        raise invalid_input("createdSince or createdUntil is not an ISO 8601 time.") from error
    return [
        feed
        for feed in seller.feeds
        if feed.type in types
        and (not statuses or feed.status in statuses)
        and (not marketplaces or marketplaces & set(feed.marketplaces))
        and (since is None or feed.created >= since)
        and (until is None or feed.created <= until)
    ]


def _texts(given: dict[str, str], name: str) -> set[str]:
    return set(given[name].split(",")) if given.get(name) else set()


def _size(given: dict[str, str]) -> int:
    text = given.get("pageSize", "10")
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _LARGEST_PAGE):
        raise invalid_input(f"pageSize must be between 1 and {_LARGEST_PAGE}.")
    return int(text)


def _shown(feed: Feed) -> JsonObject:
    shown: JsonObject = {
        "feedId": feed.id,
        "feedType": feed.type,
        "marketplaceIds": feed.marketplaces,
        "createdTime": written(feed.created),
        "processingStatus": feed.status,
    }
    if feed.started:
        shown["processingStartTime"] = written(feed.started)
    if feed.ended:
        shown["processingEndTime"] = written(feed.ended)
    if feed.result:
        shown["resultFeedDocumentId"] = feed.result.id
    return shown
