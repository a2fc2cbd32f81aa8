"""A line to a host that answers from a script and remembers what it was asked."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import SecretStr

from saleor_amazon_app.core.ids import SaleorApiUrl
from saleor_amazon_app.saleor.client import SaleorClient

API_URL = SaleorApiUrl("https://shop.test/graphql/")
TOKEN = "VvVYFchpP3VTfEJ9CetZeelJOaZHwI"

# A callable answers when asked, so that it can be slow or break.
Scripted = httpx.Response | Exception | Callable[[httpx.Request], Any]


@dataclass
class Line:
    """What a test holds: the client, and everything that passed it."""

    client: SaleorClient
    requests: list[httpx.Request]

    @property
    def sent(self) -> list[dict[str, Any]]:
        """The bodies of the requests."""
        return [json.loads(request.content) for request in self.requests]


def line(*script: Scripted, host_version: tuple[int, int] | None = None) -> Line:
    """A line on which each request gets the next answer; a request too many fails the test."""
    requests: list[httpx.Request] = []
    waiting = list(script)

    async def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        following = waiting.pop(0)
        if isinstance(following, Exception):
            raise following
        if isinstance(following, httpx.Response):
            return following
        answered: httpx.Response = await following(request)
        return answered

    http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    client = SaleorClient(http, api_url=API_URL, token=SecretStr(TOKEN), host_version=host_version)
    return Line(client, requests)


def data(**fields: Any) -> httpx.Response:
    """An answer without errors."""
    return httpx.Response(200, json={"data": fields})


def refusal(status: int, message: str, code: str = "GraphQLError") -> httpx.Response:
    """A request refused before it was carried out."""
    return httpx.Response(status, json={"errors": [error(message, code)]})


def error(message: str, code: str, *path: str | int) -> dict[str, Any]:
    """One of the errors beside the data, in the host's form."""
    body: dict[str, Any] = {"message": message, "extensions": {"exception": {"code": code}}}
    return {**body, "path": list(path)} if path else body


def denied(*path: str, permission: str = "MANAGE_ORDERS") -> httpx.Response:
    """What a dead token and a missing permission are answered alike."""
    message = f"To access this path, you need one of the following permissions: {permission}"
    body = {"errors": [error(message, "PermissionDenied", *path)], "data": {path[0]: None}}
    return httpx.Response(200, json=body)
