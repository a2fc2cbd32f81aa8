"""Proves who sits before one of our pages: the token that the dashboard gives them for this app.

The shop signs such tokens with the key of its webhooks. What a token says of itself decides
nothing: the shop, its keys and our app's id in it come from the ledger.

Source: Saleor `saleor/core/jwt.py`, branch 3.23; tried with dashboard 3.23.27, 2026-11-20.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal

import jwt
from jwt.exceptions import PyJWTError
from jwt.types import Options
from pydantic import BaseModel, Field, ValidationError

from saleor_amazon_app.core.errors import AppError
from saleor_amazon_app.core.ids import SaleorApiUrl
from saleor_amazon_app.saleor.signature import KeySet

_ALGORITHM = "RS256"
_LONGEST_TOKEN = 16 * 1024
# The clocks of a shop and of this machine differ a little.
_LEEWAY = timedelta(seconds=10)
# By the app's own clock, which a library would not ask.
_CHECKED_HERE: Options = {
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "verify_aud": False,
}


class UserTokenRefused(AppError):
    """The token does not prove that a member of the shop's staff uses this app now.

    Attributes:
        has_expired: it did until a while ago: the dashboard has a newer one.
        is_key_unknown: it names a key that is not among the shop's as we know them.
    """

    def __init__(
        self, message: str, *, has_expired: bool = False, is_key_unknown: bool = False
    ) -> None:
        super().__init__(message)
        self.has_expired = has_expired
        self.is_key_unknown = is_key_unknown


@dataclass(frozen=True, slots=True)
class StaffUser:
    """A member of a shop's staff.

    Attributes:
        id: the host's global id.
        permissions: all that the host lets this user do, whatever the app may do itself.
    """

    id: str
    email: str | None
    permissions: frozenset[str]


class _Header(BaseModel):
    alg: Literal["RS256"]
    kid: Annotated[str, Field(max_length=200)]


class _Claims(BaseModel):
    iss: str
    app: str
    type: Literal["thirdparty"]
    exp: int
    is_staff: Literal[True]
    user_id: Annotated[str, Field(min_length=1, max_length=200)]
    email: Annotated[str, Field(max_length=254)] | None = None
    user_permissions: Annotated[frozenset[str], Field(max_length=200)]


def read_user_token(
    token: str, keys: KeySet | None, *, api_url: SaleorApiUrl, app_id: str, now: datetime
) -> StaffUser:
    """Tells whose token it is.

    Args:
        token: as it came.
        keys: of the shop that the request is about; None while none are known.
        api_url: of that shop.
        app_id: our app's id in it.
        now: when it must still hold.

    Raises:
        UserTokenRefused: whatever is wrong with it.
    """
    claims = _verified(token, keys)
    if claims.iss != api_url:
        raise UserTokenRefused("The token was given by another shop")
    if claims.app != app_id:
        raise UserTokenRefused("The token was given for another app")
    if claims.exp + _LEEWAY.total_seconds() <= now.timestamp():
        raise UserTokenRefused("The token has expired", has_expired=True)
    return StaffUser(claims.user_id, claims.email, claims.user_permissions)


def _verified(token: str, keys: KeySet | None) -> _Claims:
    if len(token) > _LONGEST_TOKEN:
        raise UserTokenRefused("The token is no token of Saleor's")
    try:
        header = _Header.model_validate(jwt.get_unverified_header(token))
    except (PyJWTError, ValidationError, ValueError) as wrong:
        raise UserTokenRefused("The token is no token of Saleor's") from wrong
    key = next((one for one in keys.keys if one.kid == header.kid), None) if keys else None
    if key is None:
        raise UserTokenRefused(
            "The token names a key that the shop does not show", is_key_unknown=True
        )
    try:
        public = jwt.PyJWK(key.model_dump(), algorithm=_ALGORITHM)
        told = jwt.decode(token, public, algorithms=[_ALGORITHM], options=_CHECKED_HERE)
        return _Claims.model_validate(told)
    except (PyJWTError, ValidationError, ValueError) as wrong:
        raise UserTokenRefused("The token is not the shop's, or not for an app") from wrong
