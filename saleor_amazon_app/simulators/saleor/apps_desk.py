"""The director's desk for apps and their webhooks, over HTTP.

    POST /_simulator/apps             {"identifier": …, "do": "deactivate" | "activate" | "delete"}
    POST /_simulator/duplicates       {"times": n}, sends the next events twice
    GET  /_simulator/problems         the problems that stand, of all apps
    GET  /_simulator/deliveries       every attempt to deliver an event, and how many are waiting

No part of this is the host's.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Literal, Protocol

from pydantic import BaseModel, Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from saleor_amazon_app.core.times import iso
from saleor_amazon_app.simulators.saleor.answers import json_answer
from saleor_amazon_app.simulators.saleor.deliveries import Deliveries
from saleor_amazon_app.simulators.saleor.schema.people import App
from saleor_amazon_app.simulators.saleor.schema.problems import AppProblem


class Switch(Protocol):
    """Switches an app on or off."""

    def __call__(self, app: App, *, on: bool) -> None:
        """Does it."""


class _Order(BaseModel):
    identifier: str
    do: Literal["deactivate", "activate", "delete"]


class _Duplicates(BaseModel):
    times: int = Field(ge=1)


@dataclass(frozen=True, slots=True)
class AppsDesk:
    """Answers for apps under `/_simulator`."""

    deliveries: Deliveries
    find: Callable[[str], App]
    switch: Switch
    delete: Callable[[App], None]
    problems: Callable[[], list[AppProblem]]

    def routes(self) -> list[Route]:
        """What the desk answers."""
        return [
            Route("/_simulator/apps", self._carry_out, methods=["POST"]),
            Route("/_simulator/duplicates", self._duplicate, methods=["POST"]),
            Route("/_simulator/problems", self._tell_problems),
            Route("/_simulator/deliveries", self._tell),
        ]

    async def _carry_out(self, request: Request) -> Response:
        try:
            order = _Order.model_validate_json(await request.body())
            app = self.find(order.identifier)
        except (ValidationError, LookupError) as error:
            return json_answer({"error": str(error)}, 400)
        if order.do == "delete":
            self.delete(app)
        else:
            self.switch(app, on=order.do == "activate")
        return json_answer({})

    async def _duplicate(self, request: Request) -> Response:
        try:
            asked = _Duplicates.model_validate_json(await request.body())
        except ValidationError as error:
            return json_answer({"error": str(error)}, 400)
        self.deliveries.duplicate_next(asked.times)
        return json_answer({})

    async def _tell_problems(self, _request: Request) -> Response:
        return json_answer(
            [
                {"key": one.key, "message": one.message, "count": one.count}
                | {"isCritical": one.is_critical, "updatedAt": iso(one.updated_at)}
                for one in self.problems()
            ]
        )

    async def _tell(self, _request: Request) -> Response:
        made = [asdict(each) | {"at": iso(each.at)} for each in self.deliveries.attempts]
        return json_answer({"attempts": made, "waiting": len(self.deliveries.waiting)})
