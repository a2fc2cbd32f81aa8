"""The director's desk over HTTP: what a test does in-process, and what it wants to know.

    POST /_simulator/install          {"manifest_url": …}, as staff install an app
    POST /_simulator/faults           {"fault": "fail_next", …its arguments}, see `faults`
    GET  /_simulator/book             every order, see `book`
    GET  /_simulator/requests         how much was asked
    GET  /_simulator/journal          every event and mail

No part of this is the host's.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict

from pydantic import ValidationError, validate_call
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from saleor_amazon_app.core.times import iso
from saleor_amazon_app.simulators.saleor.answers import JsonObject, json_answer
from saleor_amazon_app.simulators.saleor.book import booked_json
from saleor_amazon_app.simulators.saleor.faults import Faults
from saleor_amazon_app.simulators.saleor.install import Installation
from saleor_amazon_app.simulators.saleor.state import Shop

Install = Callable[[str, str], Awaitable[Installation]]


def desk_routes(shop: Shop, *, faults: Faults, install: Install) -> list[Route]:
    """The routes of the desk.

    Args:
        shop: what is told about.
        faults: what goes wrong next.
        install: takes a manifest's address and this shop's own API address.
    """
    by_name: dict[str, Callable[..., None]] = {
        each.__name__: each
        for each in (
            faults.lose_response,
            faults.fail_next,
            faults.slow_next,
            faults.down,
            faults.refuse_request_containing,
            faults.revoke_token,
        )
    }

    async def tell_book(_request: Request) -> Response:
        return Response(booked_json(shop), media_type="application/json")

    async def tell_requests(_request: Request) -> Response:
        return json_answer(asdict(shop.counters))

    async def tell_journal(_request: Request) -> Response:
        return json_answer([asdict(entry) | {"at": iso(entry.at)} for entry in shop.journal])

    async def set_fault(request: Request) -> Response:
        try:
            arguments = _arguments(await request.body())
            fault = by_name[str(arguments.pop("fault", None))]
            validate_call(fault)(**arguments)
        except (KeyError, ValueError, ValidationError) as error:
            return json_answer({"error": f"not a fault: {error}"}, 400)
        return json_answer({})

    async def install_app(request: Request) -> Response:
        try:
            manifest_url = str(_arguments(await request.body())["manifest_url"])
        except (KeyError, ValueError):
            return json_answer({"error": "manifest_url is missing"}, 400)
        done = await install(manifest_url, f"{request.base_url}graphql/")
        return json_answer(asdict(done), 200 if done.installed else 400)

    return [
        Route("/_simulator/book", tell_book),
        Route("/_simulator/requests", tell_requests),
        Route("/_simulator/journal", tell_journal),
        Route("/_simulator/faults", set_fault, methods=["POST"]),
        Route("/_simulator/install", install_app, methods=["POST"]),
    ]


def _arguments(body: bytes) -> JsonObject:
    arguments = json.loads(body)
    if not isinstance(arguments, dict):
        raise ValueError("a JSON object is wanted")
    return arguments
