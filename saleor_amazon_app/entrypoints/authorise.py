"""Who asks: the shop by its address, the member of staff by the dashboard's token; no cookies.

    saleor-api-url → installation → its keys → the token → what this user may do

Nothing that a refused request brought is repeated in the answer.
"""

from dataclasses import dataclass
from enum import StrEnum

import structlog
from fastapi import Request

from saleor_amazon_app.core.ids import SaleorApiUrl
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.shops import fresh_keys
from saleor_amazon_app.ledger import installations
from saleor_amazon_app.ledger.installations import Installation, InstallationStatus
from saleor_amazon_app.saleor.signature import KeySet
from saleor_amazon_app.saleor.user_tokens import StaffUser, UserTokenRefused, read_user_token

_LONGEST_ADDRESS = 500
_BEARER = "bearer "

log = structlog.get_logger(__name__)


class Permission(StrEnum):
    """What the host lets a user do, as far as it matters to this app."""

    MANAGE_ORDERS = "MANAGE_ORDERS"
    MANAGE_APPS = "MANAGE_APPS"


@dataclass(frozen=True, slots=True)
class Viewer:
    """A member of staff and the shop they work in."""

    shop: Installation
    user: StaffUser

    def may(self, *any_of: Permission) -> bool:
        """Whether this user has one of these permissions in the host."""
        return not self.user.permissions.isdisjoint(any_of)


class Unauthorised(Exception):  # noqa: N818 - an answer, not a failure
    """The request does not prove who asks.

    Attributes:
        code: UNAUTHENTICATED, TOKEN_EXPIRED or UNKNOWN_SHOP.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


async def authorise(lines: Connections, request: Request) -> Viewer:
    """The member of staff who sent a request.

    Raises:
        Unauthorised: nobody proved to be one.
    """
    shop = await _shop(lines, request.headers.get("saleor-api-url", ""))
    user = await _user(lines, shop, _token(request))
    return Viewer(shop, user)


def _token(request: Request) -> str:
    own = request.headers.get("authorization-bearer")
    if own:
        return own.strip()
    header = request.headers.get("authorization", "")
    if not header.lower().startswith(_BEARER):
        raise Unauthorised("UNAUTHENTICATED", "Open this page from the Saleor dashboard.")
    return header[len(_BEARER) :].strip()


async def _shop(lines: Connections, api_url: str) -> Installation:
    shop = None
    if 0 < len(api_url) <= _LONGEST_ADDRESS and api_url.isascii() and api_url.isprintable():
        async with lines.database.transaction() as session:
            shop = await installations.installation_at(session, SaleorApiUrl(api_url))
    if shop is None or shop.status == InstallationStatus.REMOVED:
        raise Unauthorised(
            "UNKNOWN_SHOP",
            "This shop has not installed the app, or not under this API address. Compare the "
            "dashboard's API address with the shop's own, and install the app again.",
        )
    return shop


async def _user(lines: Connections, shop: Installation, token: str) -> StaffUser:
    """The user of a token; the shop's keys are asked for anew where it names an unknown one."""
    known = KeySet.model_validate(shop.jwks) if shop.jwks else None
    try:
        try:
            return _read(lines, shop, token, known)
        except UserTokenRefused as refused:
            keys = await fresh_keys(lines, shop) if refused.is_key_unknown else None
            if keys is None:
                raise
        return _read(lines, shop, token, keys)
    except UserTokenRefused as refused:
        log.warning("user_token_refused", shop=shop.saleor_api_url, why=str(refused))
        if refused.has_expired:
            raise Unauthorised("TOKEN_EXPIRED", "The session has expired. Reload the page.") from (
                refused
            )
        raise Unauthorised(
            "UNAUTHENTICATED", "The dashboard's token was not accepted. Reload the page."
        ) from refused


def _read(lines: Connections, shop: Installation, token: str, keys: KeySet | None) -> StaffUser:
    return read_user_token(
        token,
        keys,
        api_url=SaleorApiUrl(shop.saleor_api_url),
        app_id=shop.app_id,
        now=lines.clock(),
    )
