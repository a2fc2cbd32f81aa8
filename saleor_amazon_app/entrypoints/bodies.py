"""Reads the body of a request from anyone at all: only so much of it, whatever it announces."""

from fastapi import Request
from starlette.requests import ClientDisconnect


class BodyTooLarge(Exception):  # noqa: N818 - an answer, not a failure
    """The body has more bytes than this door reads."""


class BodyBrokenOff(Exception):  # noqa: N818 - nobody is left to answer
    """The sender went away before the body was whole."""


async def read_body(request: Request, *, most: int) -> bytes:
    """Reads a body and stops reading where it is too long.

    Raises:
        BodyTooLarge: it announces or has more than so many bytes.
        BodyBrokenOff: it ended before it was whole.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > most:
        raise BodyTooLarge
    parts: list[bytes] = []
    size = 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > most:
                raise BodyTooLarge
            parts.append(part)
    except ClientDisconnect as gone:
        raise BodyBrokenOff from gone
    return b"".join(parts)
