"""Documents of feeds: made first, then moved by an address that is good for minutes.

Such an address is its own permission; a request that brings another one besides is refused, as
the real store of documents does.
"""

import gzip
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from saleor_amazon_app.simulators.amazon.pace import Pace

PATH = "/_documents"


@dataclass(slots=True)
class Document:
    """A document; None for content that has not come yet."""

    id: str
    content_type: str
    content: bytes | None = None
    packed: bool = False
    addresses: dict[str, datetime] = field(default_factory=dict)


class Documents:
    """The documents of one seller."""

    def __init__(self, seller_id: str, pace: Pace) -> None:
        self._seller_id = seller_id
        self._pace = pace
        self._documents: dict[str, Document] = {}

    def make(
        self, content_type: str, *, content: bytes | None = None, packed: bool = False
    ) -> Document:
        """A new document; a packed one is kept as gzip."""
        document = Document(
            f"amzn1.tortuga.4.{secrets.token_hex(8)}", content_type, content, packed
        )
        if content is not None and packed:
            document.content = gzip.compress(content)
        self._documents[document.id] = document
        return document

    def get(self, document_id: str) -> Document | None:
        """The document with that id."""
        return self._documents.get(document_id)

    def address(self, document: Document, *, base_url: str, now: datetime) -> str:
        """A fresh address by which the document can be moved."""
        signature = secrets.token_urlsafe(16)
        document.addresses[signature] = now + self._pace.document_address_life
        query = urlencode({"signature": signature})
        return f"{base_url.rstrip('/')}{PATH}/{self._seller_id}/{document.id}?{query}"

    def move(self, request: Request, body: bytes, *, now: datetime) -> Response:
        """Takes a document's content in, or hands it out."""
        document = self._documents.get(request.path_params["document_id"])
        signature = request.query_params.get("signature", "")
        if document is None or document.addresses.get(signature, now) <= now:
            return _refused(403, "AccessDenied", "Request has expired")
        if {"authorization", "x-amz-access-token"} & set(request.headers):
            return _refused(400, "InvalidArgument", "Only one auth mechanism allowed")
        if request.method == "PUT":
            if request.headers.get("content-type") != document.content_type:
                return _refused(403, "SignatureDoesNotMatch", "The content type is not the signed")
            document.content = body
            return Response()
        if document.content is None:
            return _refused(404, "NoSuchKey", "The specified key does not exist.")
        return Response(document.content, media_type=document.content_type)


def _refused(status: int, code: str, words: str) -> Response:
    body = f"<Error><Code>{code}</Code><Message>{words}</Message></Error>"
    return Response(body, status, media_type="application/xml")
