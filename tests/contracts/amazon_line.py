"""A seller's line to an Amazon that answers from a script, and keepers that remember."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
from pydantic import SecretStr

from saleor_amazon_app.amazon.auth import AccessToken
from saleor_amazon_app.amazon.client import AmazonClient
from saleor_amazon_app.amazon.throttle import Operation
from saleor_amazon_app.core.errors import AppError

# A callable answers when asked, so that it can be slow or break.
Scripted = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


@dataclass
class RememberingThrottle:
    permitted: list[Operation] = field(default_factory=list)
    rates: list[tuple[Operation, float]] = field(default_factory=list)
    drains: list[Operation] = field(default_factory=list)
    refusal: AppError | None = None

    async def permit(self, operation: Operation) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.permitted.append(operation)

    async def learned(self, operation: Operation, rate: float) -> None:
        self.rates.append((operation, rate))

    async def drained(self, operation: Operation) -> None:
        self.drains.append(operation)


@dataclass
class RememberingTokens:
    handed_out: int = 0
    refused: list[str] = field(default_factory=list)
    refusal: AppError | None = None

    async def __call__(self, *, refused: AccessToken | None) -> AccessToken:
        if self.refusal is not None:
            raise self.refusal
        if refused is not None:
            self.refused.append(refused.token.get_secret_value())
        self.handed_out += 1
        token = SecretStr(f"Atza|token-{self.handed_out}")
        return AccessToken(token, datetime(2026, 11, 20, 13, tzinfo=UTC))


@dataclass
class Line:
    """What a test holds: the client, and everything that passed it."""

    client: AmazonClient
    http: httpx.AsyncClient
    requests: list[httpx.Request]
    throttle: RememberingThrottle
    tokens: RememberingTokens

    @property
    def request(self) -> httpx.Request:
        """The only request."""
        (only,) = self.requests
        return only


def line(*script: Scripted, spapi_url: str = "https://spapi.test") -> Line:
    """A line on which each request gets the next answer; a request too many fails the test."""
    requests: list[httpx.Request] = []
    throttle, tokens = RememberingThrottle(), RememberingTokens()
    http = httpx.AsyncClient(transport=scripted(*script, requests=requests))
    client = AmazonClient(http, spapi_url=spapi_url, access_token=tokens, throttle=throttle)
    return Line(client, http, requests, throttle, tokens)


def scripted(*script: Scripted, requests: list[httpx.Request]) -> httpx.MockTransport:
    """The transport below a line, for calls that have no client."""
    answers = iter(script)

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        given = next(answers, None)
        assert given is not None, f"request {len(requests)} was not expected"
        if isinstance(given, Exception):
            raise given
        return given if isinstance(given, httpx.Response) else given(request)

    return httpx.MockTransport(answer)


def error_body(code: str, message: str, details: str = "") -> dict[str, object]:
    """A refusal as the Selling Partner API words it."""
    return {"errors": [{"code": code, "message": message, "details": details}]}
