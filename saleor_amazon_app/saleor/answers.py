"""A GraphQL answer and what its errors mean, read before anyone looks at its data."""

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

# JSON as the host sent it, amounts as Decimal; each function of this room that returns anything
# to another room has made a record of it.
Json = dict[str, Any]

_TOO_OLD = re.compile(r"^(Cannot query field|Unknown (argument|type)) |: Unknown field\.$", re.M)
_PERMISSIONS = re.compile(r"following permissions: ([A-Z_]+(?:, [A-Z_]+)*)")
_IN_FIELD = re.compile(r'In field "(\w+)"')
# What the host reports when its own database is away, restarting or in a deadlock.
PASSING = frozenset({"OperationalError", "InterfaceError"})


@dataclass(frozen=True, slots=True)
class Answer:
    """A GraphQL answer: data, errors, or some of both.

    Attributes:
        data: by root field or alias; None when the request was refused before it was carried out.
    """

    data: Json | None
    errors: tuple[Json, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The host's exception codes, each once."""
        return tuple(dict.fromkeys(_code(error) for error in self.errors))

    @property
    def reason(self) -> str:
        """Why the host refused, without a word of what we sent it."""
        if self.data is not None:
            return "it crashed"
        return "; ".join(_without_variables(_message(error)) for error in self.errors)

    @property
    def is_too_old(self) -> bool:
        """Whether the host does not know something the document asks for."""
        return self.data is None and any(_TOO_OLD.search(_message(e)) for e in self.errors)

    @property
    def is_passing(self) -> bool:
        """Whether the host did nothing because of a trouble of its own that ends by itself."""
        nothing_done = self.data is None or not any(self.data.values())
        return bool(self.errors) and nothing_done and set(self.codes) <= PASSING

    @property
    def is_denied(self) -> bool:
        """Whether the token is dead or lacks a permission; the host answers both alike."""
        return "PermissionDenied" in self.codes

    @property
    def needed_permissions(self) -> tuple[str, ...]:
        """The permissions of which one was missing, as far as the host names them."""
        named = [_PERMISSIONS.search(_message(error)) for error in self.errors]
        needed = [name for match in named if match for name in match.group(1).split(", ")]
        return tuple(dict.fromkeys(needed))

    def errors_of(self, alias: str) -> tuple[Json, ...]:
        """The errors that arose under one alias of a batch."""
        return tuple(error for error in self.errors if _root(error) == alias)


def parse(body: bytes) -> Answer | None:
    """Reads the body of an answer; None when it is no GraphQL."""
    try:
        answer = json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError, ArithmeticError):
        return None
    if not isinstance(answer, dict) or not answer.keys() & {"data", "errors"}:
        return None
    data, errors = answer.get("data"), answer.get("errors") or []
    if not isinstance(data, dict | None) or not isinstance(errors, list):
        return None
    if not all(isinstance(error, dict) for error in errors):
        return None
    return Answer(data, tuple(errors))


def _message(error: Json) -> str:
    return str(error.get("message", ""))


def _without_variables(message: str) -> str:
    """What is wrong with a request, by the names of fields: the host quotes the values too."""
    variable, quoted, rest = message.partition(" got invalid value ")
    if not quoted:
        return message
    return f"{variable} is invalid in {', '.join(_IN_FIELD.findall(rest)) or 'itself'}"


def _code(error: Json) -> str:
    extensions = error.get("extensions") or {}
    code = (extensions.get("exception") or extensions).get("code")
    return str(code or "UNKNOWN")


def _root(error: Json) -> str:
    return str((error.get("path") or [""])[0])
