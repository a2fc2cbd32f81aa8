"""The host's global ids: base64 of `Type:key`, the key a counter or a UUID.

Source: Saleor 3.23 over HTTP, 2026-11-20.
"""

import binascii
from base64 import b64decode, b64encode
from collections import Counter
from uuid import UUID, uuid4


class InvalidIdError(ValueError):
    """The text is no global id of the wanted type; the message is the host's."""


def global_id(type_name: str, key: object) -> str:
    """The id as the host prints it."""
    return b64encode(f"{type_name}:{key}".encode()).decode()


def key_of(text: str, *, expected: str) -> str:
    """The key inside a global id.

    Raises:
        InvalidIdError: not a global id, or the id of another type.
    """
    kind, key = _taken_apart(text, expected)
    if kind != expected:
        raise InvalidIdError(f"Invalid ID: {text}. Expected: {expected}, received: {kind}.")
    return key


def type_of(text: str) -> str:
    """The type a global id names.

    Raises:
        InvalidIdError: not a global id.
    """
    return _taken_apart(text, None)[0]


def _taken_apart(text: str, expected: str | None) -> tuple[str, str]:
    try:
        kind, _, key = b64decode(text, validate=True).decode().partition(":")
        if not key.isdigit():
            UUID(key)
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        wanted = f" Expected: {expected}." if expected else ""
        raise InvalidIdError(f"Invalid ID: {text}.{wanted}") from error
    return kind, key


class Sequence:
    """Hands out keys: counted per type as the host's older tables do, UUIDs for the newer ones."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def counted(self, type_name: str) -> str:
        """The next counted global id of a type."""
        self._counts[type_name] += 1
        return global_id(type_name, self._counts[type_name])

    def unique(self, type_name: str) -> str:
        """A global id whose key is a new UUID."""
        return global_id(type_name, uuid4())

    def number(self, name: str) -> int:
        """The next number of a plain counter, such as the order number."""
        self._counts[name] += 1
        return self._counts[name]
