"""Calls the Selling Partner API for one seller: permit, token, request, answer.

It tries once: whoever calls decides by the error's family. The one exception is an access token
that Amazon no longer takes although it should still live; then a new one is fetched, once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Protocol, TypeVar

import httpx
from pydantic import ValidationError

from saleor_amazon_app.amazon.auth import AccessToken
from saleor_amazon_app.amazon.errors import AmazonUnavailable, Incident, refused
from saleor_amazon_app.amazon.throttle import Operation, Throttle
from saleor_amazon_app.amazon.wire import TIMEOUT, USER_AGENT, Answer, exchange

Read = TypeVar("Read")


class AccessTokens(Protocol):
    """The keeper of one seller's access token."""

    async def __call__(self, *, refused: AccessToken | None) -> AccessToken:
        """Hands out a token that should still live.

        Args:
            refused: a token that Amazon has just turned down; never handed out again. If another
                call has replaced it meanwhile, the replacement is the answer.
        """


@dataclass(frozen=True, slots=True)
class _Call:
    """One call, as it is sent again when its access token was refused."""

    operation: Operation
    method: str
    path: str
    expected: httpx.codes
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, object] | None = None


class AmazonClient:
    """One seller's line to the Selling Partner API of one region.

    The connection pool is shared; it knows nothing of sellers.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        spapi_url: str,
        access_token: AccessTokens,
        throttle: Throttle,
    ) -> None:
        self._http = http
        self._spapi_url = spapi_url
        self._access_token = access_token
        self._throttle = throttle
        # Told with every answer, and nearly always the same.
        self._announced: dict[Operation, float] = {}

    @property
    def spapi_url(self) -> str:
        """Base URL of the Selling Partner API that is called."""
        return self._spapi_url

    async def get(
        self,
        operation: Operation,
        path: str,
        *,
        read: Callable[[Mapping[str, Any]], Read],
        query: Mapping[str, str] | None = None,
    ) -> Read:
        """Makes one reading call.

        Args:
            operation: whose limit the call counts against.
            path: with every id percent-encoded.
            read: makes a record of the answer; its pydantic.ValidationError means that the
                answer is broken, never that it is empty.
            query: lists joined by commas, as Amazon wants them.

        Raises:
            AmazonError: as drawn in `errors.py`.
            saleor_amazon_app.core.errors.TryAgainLater: the bucket is empty; nothing was sent.
        """
        call = _Call(operation, "GET", path, httpx.codes.OK, query=query or {})
        return _record(await self._answered(call), read)

    async def create(
        self,
        operation: Operation,
        path: str,
        *,
        body: Mapping[str, object],
        expected: httpx.codes,
        read: Callable[[Mapping[str, Any]], Read],
    ) -> Read:
        """Makes one call that creates something and answers what it is.

        Args:
            operation: whose limit the call counts against.
            path: with every id percent-encoded.
            body: becomes the JSON body.
            expected: the one status that means it was created.
            read: as in `get`.

        Raises:
            AmazonUnavailable: also when it was created and only the answer was lost.
            AmazonError: as drawn in `errors.py`; nothing was created.
            saleor_amazon_app.core.errors.TryAgainLater: the bucket is empty; nothing was sent.
        """
        call = _Call(operation, "POST", path, expected, body=body)
        return _record(await self._answered(call), read)

    async def send(self, operation: Operation, path: str, *, body: Mapping[str, object]) -> None:
        """Makes one writing call that Amazon accepts without a word: 204.

        Raises:
            AmazonUnavailable: also when Amazon acted and only the answer was lost.
            AmazonError: as drawn in `errors.py`; Amazon did not act.
            saleor_amazon_app.core.errors.TryAgainLater: the bucket is empty; nothing was sent.
        """
        call = _Call(operation, "POST", path, httpx.codes.NO_CONTENT, body=body)
        await self._answered(call)

    async def _answered(self, call: _Call) -> Answer:
        """The answer to a call if it is the expected one; a refused token means no action."""
        token = await self._access_token(refused=None)
        answer = await self._ask(call, token)
        if _token_was_refused(answer):
            token = await self._access_token(refused=token)
            answer = await self._ask(call, token)
        if answer.status != call.expected:
            raise refused(_incident(answer))
        return answer

    async def _ask(self, call: _Call, token: AccessToken) -> Answer:
        await self._throttle.permit(call.operation)
        request = self._http.build_request(
            call.method,
            self._spapi_url + call.path,
            params=call.query,
            json=call.body,
            headers={
                "accept": "application/json",
                "user-agent": USER_AGENT,
                "x-amz-access-token": token.token.get_secret_value(),
            },
            timeout=TIMEOUT,
        )
        answer = await exchange(self._http, request, operation=call.operation)
        rate = _announced_rate(answer)
        if rate is not None and self._announced.get(call.operation) != rate:
            await self._throttle.learned(call.operation, rate)
            self._announced[call.operation] = rate
        if answer.status == httpx.codes.TOO_MANY_REQUESTS:
            await self._throttle.drained(call.operation)
        return answer


def _record(answer: Answer, read: Callable[[Mapping[str, Any]], Read]) -> Read:
    try:
        return read(answer.json())
    except ValidationError as error:
        incident = answer.incident(detail="the answer lacks what it must hold")
        raise AmazonUnavailable(incident) from error


def _announced_rate(answer: Answer) -> float | None:
    """The calls a second that Amazon grants this seller, often more than documented."""
    try:
        rate = float(answer.headers.get("x-amzn-ratelimit-limit", ""))
    except ValueError:
        return None
    return rate if isfinite(rate) and rate > 0 else None


def _token_was_refused(answer: Answer) -> bool:
    """Tells a bad token from a missing role: Amazon answers 403 to both, and only words differ."""
    if answer.status != httpx.codes.FORBIDDEN:
        return answer.status == httpx.codes.UNAUTHORIZED
    return "token" in (_incident(answer).detail or "").lower()


def _incident(answer: Answer) -> Incident:
    """Describes a refusal with Amazon's first error, if the body holds one at all."""
    try:
        content = answer.json()
    except AmazonUnavailable:
        return answer.incident()
    errors = content.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else content
    if not isinstance(first, Mapping):
        return answer.incident()
    words = [str(first[key]) for key in ("message", "details") if first.get(key)]
    code = first.get("code")
    return answer.incident(code=str(code) if code else None, detail=" ".join(words))
