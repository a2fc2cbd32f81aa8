"""Who is asking: the app or the member of staff behind a request's token, and what it may see.

Refusals are worded as the host words them (tried on 3.23.28, 2026-11-20): HTTP 200 with
`errors[].extensions.exception.code` `PermissionDenied`, field by field.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import strawberry

if TYPE_CHECKING:
    from saleor_amazon_app.simulators.saleor.schema.people import App, User
    from saleor_amazon_app.simulators.saleor.state import Shop


class PermissionDenied(Exception):  # noqa: N818 - the host prints this very name
    """Whoever holds the token may not do this, or nobody holds it."""

    def __init__(self, permissions: Iterable[str]) -> None:
        super().__init__(
            "To access this path, you need one of the following permissions: "
            + ", ".join(permissions)
        )


@dataclass(frozen=True, slots=True)
class Context:
    """What one request knows.

    Attributes:
        app: None without a token, and with one that nobody holds: the host answers both alike.
        staff: who asks in person.
    """

    shop: "Shop"
    app: "App | None"
    staff: "User | None" = None


Info = strawberry.Info[Context, None]


def require(info: Info, *permissions: str) -> None:
    """Lets the request go on when whoever stands behind it holds one of the permissions.

    Raises:
        PermissionDenied: they hold none of them.
    """
    asking = info.context.app or info.context.staff
    if asking is None or asking.held.isdisjoint(permissions):
        raise PermissionDenied(permissions)


def require_anybody(info: Info) -> None:
    """Lets the request go on when any app or member of staff stands behind it.

    Raises:
        PermissionDenied: nobody does.
    """
    if info.context.app is None and info.context.staff is None:
        raise PermissionDenied(("AUTHENTICATED_STAFF_USER", "AUTHENTICATED_APP"))
