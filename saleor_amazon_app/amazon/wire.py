"""One request to Amazon and its answer, kept within bounds of time and size.

Nothing is logged here: requests carry tokens, answers carry buyers.
"""

import asyncio
import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from importlib.metadata import version
from typing import Any, NoReturn

import httpx

from saleor_amazon_app.amazon.errors import AmazonUnavailable, Incident

TIMEOUT = httpx.Timeout(30.0, connect=10.0)
# The time-outs above start anew with every chunk; a trickle of chunks must end as well.
DEADLINE = timedelta(seconds=90)
# A full page of large orders is about 2 MB.
LARGEST_ANSWER = 32 * 1024 * 1024
# Amazon asks for name, version and language.
USER_AGENT = (
    f"saleor-amazon-app/{version('saleor-amazon-app')}"
    f" (Language=Python/{platform.python_version()})"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever the status."""

    operation: str
    status: int
    headers: httpx.Headers
    body: bytes

    def incident(self, *, code: str | None = None, detail: str | None = None) -> Incident:
        """Describes this answer as a failure."""
        return Incident(
            self.operation,
            status=self.status,
            request_id=self.headers.get("x-amzn-requestid"),
            code=code,
            detail=detail[:300] if detail else None,
        )

    def json(self) -> Mapping[str, Any]:
        """Reads the body; amounts become Decimal, and `Any` because it is JSON.

        Raises:
            AmazonUnavailable: it is not one JSON object.
        """
        try:
            content = json.loads(self.body, parse_float=Decimal, parse_constant=_refuse_constant)
        except (ValueError, RecursionError, ArithmeticError) as error:
            raise AmazonUnavailable(self.incident(detail="the answer is not JSON")) from error
        if not isinstance(content, dict):
            raise AmazonUnavailable(self.incident(detail="the answer is not a JSON object"))
        return content


async def exchange(
    http: httpx.AsyncClient,
    request: httpx.Request,
    *,
    operation: str,
    deadline: timedelta = DEADLINE,
) -> Answer:
    """Sends a request once and reads the whole answer.

    Redirects are not followed: the token in the headers is for one host only.

    Raises:
        AmazonUnavailable: no connection, no answer in time, or one that is broken or too large.
            The request may have reached Amazon all the same.
    """
    try:
        async with asyncio.timeout(deadline.total_seconds()):
            response = await http.send(request, stream=True, follow_redirects=False)
            try:
                body = await _body(response)
            finally:
                await response.aclose()
    except (TimeoutError, httpx.RequestError) as error:
        incident = Incident(operation, detail=type(error).__name__)
        raise AmazonUnavailable(incident) from error
    answer = Answer(operation, response.status_code, response.headers, body)
    if len(body) > LARGEST_ANSWER:
        raise AmazonUnavailable(answer.incident(detail="the answer is too large"))
    return answer


async def _body(response: httpx.Response) -> bytes:
    """Reads, unpacked, no more than it takes to know that an answer is too large."""
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > LARGEST_ANSWER:
            break
    return bytes(body)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
