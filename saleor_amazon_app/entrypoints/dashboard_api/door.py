"""The door of our own API: POST /graphql, one operation a request, JSON in and out."""

from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from graphql import GraphQLError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from saleor_amazon_app.entrypoints.authorise import Unauthorised, authorise
from saleor_amazon_app.entrypoints.bodies import BodyBrokenOff, BodyTooLarge, read_body
from saleor_amazon_app.entrypoints.dashboard_api.context import Context
from saleor_amazon_app.entrypoints.dashboard_api.refusals import Refused
from saleor_amazon_app.entrypoints.dashboard_api.schema import schema
from saleor_amazon_app.entrypoints.settings import Settings
from saleor_amazon_app.flows.connections import Connections

_MOST_BYTES = 64 * 1024
_LONGEST_MESSAGE = 300

log = structlog.get_logger(__name__)


class _Asked(BaseModel):
    """A request as GraphQL clients send it."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, populate_by_name=True)

    query: Annotated[str, Field(min_length=1)]
    variables: dict[str, Any] | None = None
    operation_name: Annotated[str | None, Field(alias="operationName")] = None


def dashboard_door(lines: Connections, settings: Settings) -> APIRouter:
    """The route of the API."""
    door = APIRouter()

    @door.post("/graphql")
    async def graphql(request: Request) -> JSONResponse:
        try:
            viewer = await authorise(lines, request)
            asked = _Asked.model_validate_json(await read_body(request, most=_MOST_BYTES))
        except Unauthorised as refused:
            return refusal(401, refused.code, str(refused))
        except BodyTooLarge:
            return refusal(413, "BAD_INPUT", f"A request has at most {_MOST_BYTES} bytes.")
        except (BodyBrokenOff, ValidationError):
            return refusal(400, "BAD_INPUT", "The request is no GraphQL request in JSON.")
        result = await schema.execute(
            asked.query,
            variable_values=asked.variables,
            context_value=Context(lines, settings, viewer),
            operation_name=asked.operation_name,
        )
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            answer["errors"] = [_told(error) for error in result.errors]
        return JSONResponse(answer)

    return door


def refusal(status: int, code: str, message: str) -> JSONResponse:
    """The answer to a request that is not looked into, in the form of a GraphQL answer."""
    errors = [{"message": message, "extensions": {"code": code}}]
    return JSONResponse({"data": None, "errors": errors}, status)


def _told(error: GraphQLError) -> dict[str, Any]:
    """An error as the answer tells it; of a defect only that there is one."""
    told = dict(error.formatted)
    if isinstance(error.original_error, Refused):
        told["extensions"] = error.original_error.extensions
    elif error.original_error is not None and error.path is not None:
        log.error("api_request_failed", path=error.path, exc_info=error.original_error)
        told["message"] = "Something went wrong here. Try again; if it stays, tell the operator."
        told["extensions"] = {"code": "INTERNAL"}
    else:
        # It may quote what was sent, however long that was.
        told["message"] = error.message[:_LONGEST_MESSAGE]
        told["extensions"] = {"code": "BAD_INPUT"} | (error.extensions or {})
    return told
