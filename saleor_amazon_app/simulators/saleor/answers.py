"""GraphQL answers and their errors in the host's form.

Refused before anything is done: HTTP 400 without `data`. Refused on the way: HTTP 200, the error
beside the data, its kind in `extensions.exception.code`; there is no 401. Of what crashes only
the kind is told. A refused variable is quoted whole, buyers' data included. The cost of a query
is not computed here. Source: Saleor 3.23.28 over HTTP, 2026-11-20.
"""

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from graphql import GraphQLError, GraphQLSyntaxError
from starlette.responses import Response

from saleor_amazon_app.simulators.saleor.ids import InvalidIdError
from saleor_amazon_app.simulators.saleor.schema.access import PermissionDenied
from saleor_amazon_app.simulators.saleor.state import Crash

JsonObject = dict[str, Any]

_COST = {"cost": {"requestedQueryCost": 0, "maximumAvailable": 50000}}
_INTERNAL = "Internal Server Error"
_VARIABLE = re.compile(r"Variable '\$(\w+)' has invalid value(.*)", re.DOTALL)


def json_answer(body: object, status: int = 200) -> Response:
    """An answer in JSON."""
    text = json.dumps(body, default=_plain, ensure_ascii=False)
    return Response(text, status, media_type="application/json")


def not_understood(message: str, status: int = 400) -> Response:
    """The answer to a request that is no GraphQL request at all."""
    return json_answer({"errors": [_told(message, "GraphQLError")]}, status)


def refused(errors: Sequence[GraphQLError], variables: Mapping[str, Any] | None) -> Response:
    """The answer to a request that is not carried out."""
    about_variables = [found for error in errors if (found := _VARIABLE.match(error.message))]
    if about_variables:
        told = _bad_variable(about_variables, variables or {})
        told["locations"] = [place.formatted for place in errors[0].locations or ()]
        return json_answer({"errors": [told]}, 400)
    body: JsonObject = {"errors": [_before(error) for error in errors]}
    if not isinstance(errors[0], GraphQLSyntaxError):
        body["extensions"] = _COST
    return json_answer(body, 400)


def carried_out(data: JsonObject | None, errors: Sequence[GraphQLError] | None) -> Response:
    """The answer to a request that was carried out, as far as it went."""
    body: JsonObject = {"errors": [_on_the_way(error) for error in errors]} if errors else {}
    return json_answer(body | {"data": data, "extensions": _COST})


def _before(error: GraphQLError) -> JsonObject:
    syntax = isinstance(error, GraphQLSyntaxError)
    code = "GraphQLSyntaxError" if syntax else "GraphQLError"
    told = _told(error.message.replace("'", '"'), code)
    if error.locations:
        told["locations"] = [place.formatted for place in error.locations]
    return told


def _bad_variable(found: Sequence[re.Match[str]], variables: Mapping[str, Any]) -> JsonObject:
    name = found[0][1]
    value = json.dumps(variables.get(name), default=_plain, ensure_ascii=False, sort_keys=True)
    why = "\n".join(each[2].strip(" :") for each in found)
    return _told(f'Variable "${name}" got invalid value {value}.\n{why}', "GraphQLError")


def _on_the_way(error: GraphQLError) -> JsonObject:
    cause = error.original_error
    if cause is None or isinstance(cause, InvalidIdError | GraphQLError):
        told = _told(error.message, "GraphQLError")
    elif isinstance(cause, Crash):
        told = _told(_INTERNAL, cause.code)
    elif isinstance(cause, PermissionDenied):
        told = _told(error.message, "PermissionDenied")
    else:
        told = _told(_INTERNAL, type(cause).__name__)
    told["locations"] = [place.formatted for place in error.locations or ()]
    told["path"] = error.path
    return told


def _told(message: str, code: str) -> JsonObject:
    return {"message": message, "extensions": {"exception": {"code": code}}}


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} is no JSON")
