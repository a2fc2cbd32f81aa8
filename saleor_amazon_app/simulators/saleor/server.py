"""The shop's door: GraphQL over HTTP, with the host's limits and the host's way of refusing.

A token that nobody holds is treated like none; every field refuses by itself.
Source: Saleor 3.23.28 over HTTP, 2026-11-20.
"""

import json
from decimal import Decimal
from typing import Any

from graphql import GraphQLSyntaxError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from saleor_amazon_app.simulators.saleor.answers import (
    carried_out,
    json_answer,
    not_understood,
    refused,
)
from saleor_amazon_app.simulators.saleor.documents import Weight, weigh
from saleor_amazon_app.simulators.saleor.faults import Faults
from saleor_amazon_app.simulators.saleor.host_schema import schema_of
from saleor_amazon_app.simulators.saleor.keys import key_set
from saleor_amazon_app.simulators.saleor.pace import Pace
from saleor_amazon_app.simulators.saleor.schema.access import Context
from saleor_amazon_app.simulators.saleor.schema.people import App, User
from saleor_amazon_app.simulators.saleor.state import Shop

_LARGEST_BODY = 2_621_440


class GraphQLDoor:
    """Answers `/graphql/` and `/.well-known/jwks.json`."""

    def __init__(self, shop: Shop, *, faults: Faults, pace: Pace) -> None:
        self._shop = shop
        self._schema = schema_of(shop.settings.version)
        self._faults = faults
        self._pace = pace

    def routes(self) -> list[Route]:
        """What the shop answers."""
        return [
            Route("/graphql/", self._graphql, methods=["POST"]),
            Route("/.well-known/jwks.json", self._key_set),
        ]

    async def _key_set(self, _request: Request) -> Response:
        return json_answer(key_set(self._shop.signing_key))

    async def _graphql(self, request: Request) -> Response:
        body = await request.body()
        if len(body) > _LARGEST_BODY:
            return not_understood("Request body exceeds maximum size.", 413)
        try:
            asked = json.loads(body, parse_float=Decimal)
        except ValueError:
            return not_understood("Unable to parse query.")
        if isinstance(asked, list):
            return not_understood("Number of batch queries exceeded.")
        query = asked.get("query") if isinstance(asked, dict) else None
        if not query or not isinstance(query, str):
            return not_understood("Must provide a query string.")
        weight = weigh(query)
        self._count(weight)
        self._shop.api_url = str(request.url)

        async def act() -> Response:
            return await self._carried_out(query, asked, weight, self._caller(request))

        return await self._faults.meet(
            act,
            is_mutation=isinstance(weight, Weight) and weight.mutations > 0,
            served=request.app.state.served,
        )

    async def _carried_out(
        self,
        query: str,
        asked: dict[str, Any],
        weight: Weight | GraphQLSyntaxError,
        caller: App | User | None,
    ) -> Response:
        variables = asked.get("variables")
        variables = variables if isinstance(variables, dict) else None
        if isinstance(weight, GraphQLSyntaxError):
            return refused([weight], variables)
        if excess := weight.excess():
            return refused([excess], variables)
        counters = self._shop.counters
        drafted, completed = counters.drafted, counters.completed
        app = caller if isinstance(caller, App) else None
        staff = caller if isinstance(caller, User) else None
        with self._shop.acted_by(caller):
            result = self._schema.execute_sync(
                query,
                variable_values=variables,
                context_value=Context(shop=self._shop, app=app, staff=staff),
                operation_name=asked.get("operationName"),
            )
        if result.data is None and result.errors and not any(each.path for each in result.errors):
            return refused(result.errors, variables)
        await self._pace.work(
            drafted=counters.drafted - drafted, completed=counters.completed - completed
        )
        return carried_out(result.data, result.errors)

    def _caller(self, request: Request) -> App | User | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() not in ("bearer", "jwt"):
            return None
        app = self._shop.apps.get(token)
        return app if app is not None and app.is_active else self._shop.staff.get(token)

    def _count(self, weight: Weight | GraphQLSyntaxError) -> None:
        counters = self._shop.counters
        counters.requests += 1
        if isinstance(weight, Weight):
            counters.mutations += weight.mutations
            counters.queries += weight.mutations == 0
            by_name = counters.by_operation
            by_name[weight.name] = by_name.get(weight.name, 0) + 1
