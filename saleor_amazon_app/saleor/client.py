"""How we speak to a shop: one GraphQL document over HTTP, its answer or one of `errors`.

Documents are parsed and put together by graphql-core; sending them is ours. gql's transport opens
a connection pool per client, keeps no bound on an answer's size and logs variables, which hold
buyers' addresses; a worker serves many shops from one pool and must log none of that.

Nothing is tried twice here: retries belong to the queue, and splitting a batch to the caller.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import structlog
from pydantic import SecretStr

from saleor_amazon_app.core.ids import SaleorApiUrl
from saleor_amazon_app.saleor import documents
from saleor_amazon_app.saleor.answers import Answer, Json, parse
from saleor_amazon_app.saleor.documents import Document
from saleor_amazon_app.saleor.errors import (
    FieldUnknown,
    HostCall,
    HostUnavailable,
    PermissionMissing,
    RequestRefused,
    TokenRefused,
)

# The host's own limits. Source: Saleor 3.21-3.23 settings, GRAPHQL_MUTATION_COUNT_LIMIT and
# GRAPHQL_ALIAS_COUNT_LIMIT, tried against a running 3.23.28.
MUTATIONS_PER_REQUEST = 4
ALIASES_PER_REQUEST = 100

ONE_MINUTE = timedelta(seconds=60)
_CONNECT_SECONDS = 10.0
_MOST_BYTES = 32 * 1024 * 1024
# Answers of a gateway in front of the host, whatever their body says.
_NOT_NOW = frozenset({429, 502, 503, 504})

log = structlog.get_logger(__name__)


class SaleorClient:
    """One shop, spoken to with one token over a pool of connections that all shops share.

    Attributes:
        api_url: the shop's GraphQL address.
        requests: how many requests were sent, for reports.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        api_url: SaleorApiUrl,
        token: SecretStr,
        host_version: tuple[int, int] | None = None,
    ) -> None:
        """Takes `host_version`, (major, minor), to hold back what an older host cannot answer."""
        self.api_url = api_url
        self.requests = 0
        self._http = http
        self._token = token
        self._host_version = host_version
        self._unknown: set[str] = set()

    async def execute(
        self,
        name: str,
        variables: Mapping[str, Any] | None = None,
        *,
        timeout: timedelta = ONE_MINUTE,
    ) -> Json:
        """Sends one operation and returns its `data`.

        Raises:
            HostUnavailable, TokenRefused, PermissionMissing, FieldUnknown: as named.
            RequestRefused: the answer holds an error anywhere.
        """
        answer = await self._ask(documents.document(name), variables or {}, timeout)
        if answer.errors or answer.data is None:
            raise self._refused(name, answer)
        return answer.data

    async def execute_batch(
        self,
        name: str,
        variables: Sequence[Mapping[str, Any]],
        *,
        timeout: timedelta = ONE_MINUTE,
    ) -> list[Json | RequestRefused | None]:
        """Sends one operation once for each set of variables, all in one request.

        Returns:
            What the operation's one root field answered, in the order of the variables, or a
            `RequestRefused` in the place of one the host crashed on.

        Raises:
            ValueError: more than the host takes in a request.
            HostUnavailable, TokenRefused, PermissionMissing, FieldUnknown: as named.
            RequestRefused: the host refused the request as a whole.
        """
        count = len(variables)
        most = (
            MUTATIONS_PER_REQUEST if documents.document(name).is_mutation else ALIASES_PER_REQUEST
        )
        if count > most:
            raise ValueError(f"{count} times {name} exceeds the {most} of one request")
        if count == 0:
            return []
        numbered = {
            f"{key}_{number}": value
            for number, one in enumerate(variables)
            for key, value in one.items()
        }
        answer = await self._ask(documents.batched(name, count), numbered, timeout)
        return self._by_alias(name, answer, count)

    async def find_each(
        self,
        name: str,
        variables: Sequence[Mapping[str, Any]],
        *,
        per_request: int = ALIASES_PER_REQUEST,
    ) -> list[Json | None]:
        """Asks for one thing after another, in as many requests as it takes.

        Returns:
            What was found, in the order of the variables; None where there is nothing.

        Raises:
            RequestRefused: the host crashed on one of them.
            HostUnavailable, TokenRefused, PermissionMissing, FieldUnknown: as named.
        """
        found: list[Json | None] = []
        for start in range(0, len(variables), per_request):
            for one in await self.execute_batch(name, variables[start : start + per_request]):
                if isinstance(one, RequestRefused):
                    raise one
                found.append(one)
        return found

    def _by_alias(
        self, name: str, answer: Answer, count: int
    ) -> list[Json | RequestRefused | None]:
        failed = {number: answer.errors_of(f"o{number}") for number in range(count)}
        attributed = sum(len(errors) for errors in failed.values())
        if answer.data is None or attributed < len(answer.errors):
            raise self._refused(name, answer)
        return [
            self._refused(name, Answer({}, errors)) if errors else answer.data[f"o{number}"]
            for number, errors in failed.items()
        ]

    def _refused(self, name: str, answer: Answer) -> RequestRefused:
        return RequestRefused(HostCall(name, self.api_url, answer.codes), answer.reason)

    async def _ask(
        self, document: Document, variables: Mapping[str, Any], timeout: timedelta
    ) -> Answer:
        """Sends a document and sorts out what concerns the shop, not the thing asked for."""
        call = HostCall(document.name, self.api_url)
        if document.name in self._unknown or self._is_older_than(document.since):
            raise FieldUnknown(call)
        answer = await self._post(document, variables, timeout)
        call = replace(call, codes=answer.codes)
        if answer.is_denied:
            raise await self._denial(call, answer)
        if answer.is_too_old:
            self._unknown.add(document.name)
            raise FieldUnknown(call)
        if answer.is_passing:
            raise HostUnavailable(call, "its database does not serve it now")
        return answer

    async def _post(
        self, document: Document, variables: Mapping[str, Any], timeout: timedelta
    ) -> Answer:
        call = HostCall(document.name, self.api_url)
        seconds = timeout.total_seconds()
        self.requests += 1
        try:
            async with (
                asyncio.timeout(seconds),
                self._http.stream(
                    "POST",
                    self.api_url,
                    content=json.dumps({"query": document.text, "variables": variables}),
                    headers={
                        "Authorization": f"Bearer {self._token.get_secret_value()}",
                        "Content-Type": "application/json",
                    },
                    timeout=httpx.Timeout(seconds, connect=_CONNECT_SECONDS),
                    follow_redirects=False,
                ) as response,
            ):
                body = await capped_body(response, most=_MOST_BYTES)
        except TimeoutError as late:
            raise HostUnavailable(call, f"nothing came within {seconds:g} s") from late
        except httpx.HTTPError as broken:
            raise HostUnavailable(call, type(broken).__name__) from broken
        log.debug("host_asked", operation=document.name, status=response.status_code)
        return _read(call, response, body)

    async def _denial(self, call: HostCall, denied: Answer) -> TokenRefused | PermissionMissing:
        """Tells a dead token from a missing permission by asking whose token it is."""
        if call.operation != "WhoseToken":
            owner = await self._post(documents.document("WhoseToken"), {}, ONE_MINUTE)
            if owner.data and owner.data.get("app"):
                return PermissionMissing(call, denied.needed_permissions)
        return TokenRefused(call)

    def _is_older_than(self, since: tuple[int, int] | None) -> bool:
        return bool(since and self._host_version and self._host_version < since)


async def capped_body(response: httpx.Response, *, most: int) -> bytes | None:
    """Reads a streamed body; None when it has more bytes than that."""
    parts: list[bytes] = []
    size = 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > most:
            return None
        parts.append(part)
    return b"".join(parts)


def _read(call: HostCall, response: httpx.Response, body: bytes | None) -> Answer:
    """Reads an answer; whatever is no GraphQL comes from something in front of the host."""
    status = response.status_code
    if status == httpx.codes.UNAUTHORIZED:
        raise TokenRefused(call)
    if status == httpx.codes.REQUEST_ENTITY_TOO_LARGE or body is None:
        raise RequestRefused(call, "the request or its answer is too large")
    answer = None if status in _NOT_NOW else parse(body)
    if answer is None:
        seconds = response.headers.get("retry-after", "")
        after = timedelta(seconds=int(seconds)) if seconds.isdecimal() else None
        raise HostUnavailable(call, f"status {status} without GraphQL", after=after)
    return answer
