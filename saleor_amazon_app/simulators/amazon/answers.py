"""Answers on the wire: JSON as Amazon writes it, and its refusals."""

import json
from decimal import Decimal
from typing import Any

from starlette.responses import Response

# A JSON object as it stands on the wire. The simulator keeps orders in this form on purpose: it
# hands on whatever it was given, also the fields and values nobody has thought of yet.
JsonObject = dict[str, Any]


class Refused(Exception):
    """A call that is not carried out, with what its caller is told."""

    def __init__(self, status: int, code: str, message: str, details: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.details = details


def invalid_input(details: str) -> Refused:
    """The request breaks a rule of the operation; only `details` says which."""
    return Refused(400, "InvalidInput", "The input you have submitted is not valid.", details)


def access_denied(details: str = "") -> Refused:
    """The caller may not have this: token, consent or role is missing."""
    return Refused(403, "Unauthorized", "Access to requested resource is denied.", details)


def quota_exceeded() -> Refused:
    """The seller's bucket for this operation is empty."""
    return Refused(429, "QuotaExceeded", "You exceeded your quota for the requested resource.")


def json_answer(content: object, status: int = 200) -> Response:
    """A JSON document with its status."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=_number)
    return Response(body.encode(), status, media_type="application/json")


def refusal(refused: Refused) -> Response:
    """A refusal in the form all operations share."""
    error = {"code": refused.code, "message": refused.message, "details": refused.details}
    return json_answer({"errors": [error]}, refused.status)


def _number(value: object) -> int | float:
    # Money is strings on Amazon's wire; only measures such as 1.5 kilograms are numbers.
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} has no JSON form")
    return int(value) if value == value.to_integral_value() else float(value)
