"""How we speak to a shop: one GraphQL document over HTTP, its answer or one of `errors`.

Documents are parsed and put together by graphql-core; sending them is ours. gql's transport opens
a connection pool per client, keeps no bound on an answer's size and logs variables, which hold
buyers' addresses; a worker serves many shops from one pool and must log none of that.

Nothing is tried twice here: retries belong to the queue, and splitting a batch to the caller.
"""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import structlog
from pydantic import SecretStr

from saleor_amazon_app.core.ids import SaleorApiUrl
from saleor_amazon_app.saleor import documents
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

_TOO_OLD = re.compile(r"^(Cannot query field|Unknown (argument|type)) |: Unknown field\.$", re.M)
_PERMISSIONS = re.compile(r"following permissions: ([A-Z_]+(?:, [A-Z_]+)*)")
_IN_FIELD = re.compile(r'In field "(\w+)"')
# What the host reports when its own database is away, locked or restarting.
_PASSING = frozenset({"OperationalError", "InterfaceError"})

# JSON as the host sent it; every function of this room turns it into a record at once.
Json = dict[str, Any]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Answer:
    data: Json | None
    errors: tuple[Json, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_code(error) for error in self.errors))

    @property
    def reason(self) -> str:
        """Why the host refused, without a word of what we sent it."""
        if self.data is not None:
            return "it crashed"
        return "; ".join(_without_variables(_message(error)) for error in self.errors)


class SaleorClient:
    """One shop, spoken to with one token over a pool of connections shared by all shops.

    Attributes:
        api_url: the shop's GraphQL address.
        http: the shared pool; it must not follow redirects with our token, and is told so.
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
        self.http = http
        self.api_url = api_url
        self.requests = 0
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
        document = documents.document(name)
        answer = await self._ask(document, variables or {}, timeout)
        if answer.errors or answer.data is None:
            raise RequestRefused(self._call(name, answer), answer.reason)
        return answer.data

    async def execute_batch(
        self,
        name: str,
        variables: Sequence[Mapping[str, Any]],
        *,
        timeout: timedelta = ONE_MINUTE,
    ) -> list[Any]:
        """Sends one operation once for each set of variables, all in one request.

        Returns:
            What the operation's one root field answered, in the order of the variables, or a
            `RequestRefused` in the place of one the host crashed on.

        Raises:
            ValueError: more than the host takes in a request.
            HostUnavailable, TokenRefused, PermissionMissing, FieldUnknown: as named.
            RequestRefused: the host refused the request as a whole.
        """
        if not variables:
            return []
        document = documents.batched(name, len(variables))
        most = MUTATIONS_PER_REQUEST if document.is_mutation else ALIASES_PER_REQUEST
        if len(variables) > most:
            raise ValueError(f"{len(variables)} times {name} exceeds the {most} of one request")
        numbered = {
            f"{key}_{number}": value
            for number, one in enumerate(variables)
            for key, value in one.items()
        }
        return self._by_alias(name, await self._ask(document, numbered, timeout), len(variables))

    def _by_alias(self, name: str, answer: _Answer, count: int) -> list[Any]:
        failed: dict[str, list[Json]] = {}
        for error in answer.errors:
            failed.setdefault(_root(error), []).append(error)
        aliases = [f"o{number}" for number in range(count)]
        if answer.data is None or not failed.keys() <= set(aliases):
            raise RequestRefused(self._call(name, answer), answer.reason)
        outcomes: list[Any] = []
        for alias in aliases:
            if errors := failed.get(alias):
                call = self._call(name, _Answer(None, tuple(errors)))
                outcomes.append(RequestRefused(call, "the host crashed on one of a batch"))
            else:
                outcomes.append(answer.data[alias])
        return outcomes

    async def _ask(
        self, document: Document, variables: Mapping[str, Any], timeout: timedelta
    ) -> _Answer:
        """Sends a document and sorts out every way in which the request as a whole can fail."""
        call = HostCall(document.name, self.api_url)
        if document.name in self._unknown or self._is_older_than(document.since):
            raise FieldUnknown(call)
        answer = await self._post(document, variables, timeout)
        call = replace(call, codes=answer.codes)
        if "PermissionDenied" in answer.codes:
            raise await self._denial(call, answer)
        if answer.data is None and any(_TOO_OLD.search(_message(e)) for e in answer.errors):
            self._unknown.add(document.name)
            raise FieldUnknown(call)
        nothing_done = answer.data is None or not any(answer.data.values())
        if answer.errors and nothing_done and set(answer.codes) <= _PASSING:
            raise HostUnavailable(call, ", ".join(answer.codes))
        return answer

    async def _post(
        self, document: Document, variables: Mapping[str, Any], timeout: timedelta
    ) -> _Answer:
        call = HostCall(document.name, self.api_url)
        seconds = timeout.total_seconds()
        self.requests += 1
        try:
            async with (
                asyncio.timeout(seconds),
                self.http.stream(
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
        if body is None:
            raise RequestRefused(call, f"the answer exceeds {_MOST_BYTES} bytes")
        return _read(call, response, body)

    async def _denial(self, call: HostCall, answer: _Answer) -> TokenRefused | PermissionMissing:
        """Tells a dead token from a missing permission: the host answers both alike."""
        if call.operation != "WhoseToken":
            owner = await self._post(documents.document("WhoseToken"), {}, ONE_MINUTE)
            if owner.data and owner.data.get("app"):
                named = [_PERMISSIONS.search(_message(error)) for error in answer.errors]
                needed = [p for match in named if match for p in match.group(1).split(", ")]
                return PermissionMissing(call, tuple(dict.fromkeys(needed)))
        return TokenRefused(call)

    def _is_older_than(self, since: tuple[int, int] | None) -> bool:
        return bool(since and self._host_version and self._host_version < since)

    def _call(self, name: str, answer: _Answer) -> HostCall:
        return HostCall(name, self.api_url, answer.codes)


async def capped_body(response: httpx.Response, *, most: int) -> bytes | None:
    """Reads an answer of an address that others named, or None if it is larger than that."""
    parts: list[bytes] = []
    size = 0
    async for part in response.aiter_bytes():
        parts.append(part)
        size += len(part)
        if size > most:
            return None
    return b"".join(parts)


def _read(call: HostCall, response: httpx.Response, body: bytes) -> _Answer:
    """Reads a GraphQL answer; whatever is none comes from something between us and the host."""
    if response.status_code == httpx.codes.UNAUTHORIZED:
        raise TokenRefused(call)
    if response.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE:
        raise RequestRefused(call, "the request is too large")
    try:
        answer = json.loads(body, parse_float=Decimal)
    except ValueError as garbled:
        raise _foreign(call, response) from garbled
    if not isinstance(answer, dict) or not answer.keys() & {"data", "errors"}:
        raise _foreign(call, response)
    errors = tuple(e for e in answer.get("errors") or () if isinstance(e, dict))
    return _Answer(answer.get("data"), errors)


def _foreign(call: HostCall, response: httpx.Response) -> HostUnavailable:
    seconds = response.headers.get("retry-after", "")
    after = timedelta(seconds=int(seconds)) if seconds.isdecimal() else None
    return HostUnavailable(call, f"status {response.status_code} without GraphQL", after=after)


def _message(error: Json) -> str:
    return str(error.get("message", ""))


def _without_variables(message: str) -> str:
    """What is wrong with a request, by the names of fields: the host quotes the values too."""
    variable, quoted, rest = message.partition(" got invalid value ")
    if not quoted:
        return message
    return f"{variable} is invalid in {', '.join(_IN_FIELD.findall(rest)) or 'itself'}"


def _code(error: Json) -> str:
    extensions = error.get("extensions") or {}
    code = (extensions.get("exception") or extensions).get("code")
    return str(code or "UNKNOWN")


def _root(error: Json) -> str:
    return str((error.get("path") or [""])[0])
