"""The director's desk over HTTP: what a test does in-process, and what it wants to know.

    POST /_simulator/install          {"manifest_url": …}, as staff install an app
    POST /_simulator/staff            {"permissions": […]}, all without; {"token": …} of somebody
                                      new, or of whoever holds the "token" beside it
    POST /_simulator/token-lifetime   {"seconds": …} that tokens for an app's pages are good for
    POST /_simulator/faults           {"fault": "fail_next", …its arguments}, see `faults`
    GET  /_simulator/book             every order, see `book`
    GET  /_simulator/requests         how much was asked
    GET  /_simulator/journal          every event and mail

No part of this is the host's.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import timedelta

from pydantic import BaseModel, Field, ValidationError, validate_call
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from saleor_amazon_app.core.times import iso
from saleor_amazon_app.simulators.saleor.answers import JsonObject, json_answer
from saleor_amazon_app.simulators.saleor.book import booked_json
from saleor_amazon_app.simulators.saleor.faults import Faults
from saleor_amazon_app.simulators.saleor.install import Installation
from saleor_amazon_app.simulators.saleor.planting import EVERY_PERMISSION
from saleor_amazon_app.simulators.saleor.state import Shop

Install = Callable[[str, str], Awaitable[Installation]]


class _Staff(BaseModel):
    token: str = ""
    permissions: frozenset[str] | None = None


class _Lifetime(BaseModel):
    seconds: float = Field(ge=1)


class Desk:
    """Answers everything under `/_simulator`."""

    def __init__(
        self, shop: Shop, *, faults: Faults, install: Install, hire: Callable[[], str]
    ) -> None:
        self._shop = shop
        self._hire = hire
        self._install = install
        self._faults: dict[str, Callable[..., None]] = {
            "lose_response": faults.lose_response,
            "fail_next": faults.fail_next,
            "slow_next": faults.slow_next,
            "give_up_next": faults.give_up_next,
            "deadlock_next_completion": faults.deadlock_next_completion,
            "down": faults.down,
            "refuse_request_containing": faults.refuse_request_containing,
            "forget_all": faults.forget_all,
            "revoke_token": faults.revoke_token,
        }

    def routes(self) -> list[Route]:
        """What the desk answers."""
        return [
            Route("/_simulator/book", self._tell_book),
            Route("/_simulator/requests", self._tell_requests),
            Route("/_simulator/journal", self._tell_journal),
            Route("/_simulator/faults", self._set_fault, methods=["POST"]),
            Route("/_simulator/install", self._install_app, methods=["POST"]),
            Route("/_simulator/staff", self._let_in, methods=["POST"]),
            Route("/_simulator/token-lifetime", self._limit_tokens, methods=["POST"]),
        ]

    async def _tell_book(self, _request: Request) -> Response:
        return Response(booked_json(self._shop), media_type="application/json")

    async def _tell_requests(self, _request: Request) -> Response:
        return json_answer(asdict(self._shop.counters))

    async def _tell_journal(self, _request: Request) -> Response:
        journal = self._shop.journal
        return json_answer([asdict(entry) | {"at": iso(entry.at)} for entry in journal])

    async def _set_fault(self, request: Request) -> Response:
        try:
            arguments = _arguments(await request.body())
            fault = self._faults[str(arguments.pop("fault", None))]
            validate_call(fault)(**arguments)
        except (KeyError, ValueError) as error:
            return json_answer({"error": f"not a fault: {error}"}, 400)
        return json_answer({})

    async def _let_in(self, request: Request) -> Response:
        try:
            asked = _Staff.model_validate_json(await request.body() or b"{}")
        except ValidationError as error:
            return json_answer({"error": str(error)}, 400)
        token = asked.token if asked.token in self._shop.staff else self._hire()
        if asked.permissions is not None:
            self._shop.staff[token].held = asked.permissions & EVERY_PERMISSION
        return json_answer({"token": token})

    async def _limit_tokens(self, request: Request) -> Response:
        try:
            asked = _Lifetime.model_validate_json(await request.body())
        except ValidationError as error:
            return json_answer({"error": str(error)}, 400)
        self._shop.token_lifetime = timedelta(seconds=asked.seconds)
        return json_answer({})

    async def _install_app(self, request: Request) -> Response:
        try:
            manifest_url = str(_arguments(await request.body())["manifest_url"])
        except (KeyError, ValueError):
            return json_answer({"error": "manifest_url is missing"}, 400)
        done = await self._install(manifest_url, f"{request.base_url}graphql/")
        return json_answer(asdict(done), 200 if done.installed else 400)


def _arguments(body: bytes) -> JsonObject:
    arguments = json.loads(body)
    if not isinstance(arguments, dict):
        raise ValueError("a JSON object is wanted")
    return arguments
