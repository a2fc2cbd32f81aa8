"""Login with Amazon: refresh tokens and one-time codes in, access tokens out.

Source: the authorisation pages of developer-docs.amazon.com/sp-api, and RFC 6749 for the words of
the errors, both read 2026-11-20.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl

from starlette.responses import Response

from saleor_amazon_app.simulators.amazon.accounts import Seller
from saleor_amazon_app.simulators.amazon.answers import access_denied, json_answer
from saleor_amazon_app.simulators.amazon.pace import Pace

_FORM = "application/x-www-form-urlencoded"
_GRANTLESS_SCOPES = frozenset(
    {
        "sellingpartnerapi::notifications",
        "sellingpartnerapi::migration",
        "sellingpartnerapi::client_credential:rotation",
    }
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the app has to present: itself, and the consent of the first seller.

    Attributes:
        application_id: what Seller Central knows the app by when it asks sellers for consent.
    """

    application_id: str = "amzn1.sp.solution.simulated"
    client_id: str = "amzn1.application-oa2-client.simulated"
    client_secret: str = "amzn1.oa2-cs.v1.simulated"
    refresh_token: str = "Atzr|simulated"


@dataclass(frozen=True, slots=True)
class _Code:
    """A one-time code; it is good only with the address that the seller was sent back to."""

    seller: Seller
    expires: datetime
    redirect_uri: str | None


@dataclass(frozen=True, slots=True)
class _AccessToken:
    seller: Seller | None
    expires: datetime


class _LoginRefusedError(Exception):
    """A token request that is refused, in OAuth's own words."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.status = status


class Login:
    """The desk that knows the app, its sellers and every token that is out.

    Attributes:
        client_secrets: all secrets that are good now; two while one replaces the other.
        application_id: of the app in Seller Central.
    """

    def __init__(self, credentials: Credentials, pace: Pace) -> None:
        self.client_secrets = {credentials.client_secret}
        self.application_id = credentials.application_id
        self._client_id = credentials.client_id
        self._pace = pace
        self._sellers: dict[str, Seller] = {}
        self._codes: dict[str, _Code] = {}
        self._access: dict[str, _AccessToken] = {}

    def enrol(self, seller: Seller) -> None:
        """Lets the seller's refresh token be used."""
        self._sellers[seller.refresh_token] = seller

    def issue_code(self, seller: Seller, *, now: datetime, redirect_uri: str | None = None) -> str:
        """The one-time code that a seller's consent sends to the app's address."""
        code = secrets.token_urlsafe(12)
        expires = now + self._pace.consent_code_life
        self._codes[code] = _Code(seller, expires, redirect_uri)
        return code

    def answer(self, content_type: str, body: bytes, *, now: datetime) -> Response:
        """Answers a token request."""
        try:
            if content_type.partition(";")[0].strip().lower() != _FORM:
                raise _LoginRefusedError("invalid_request", f"The content type must be {_FORM}")
            form = _form(body)
            self._recognise(form)
            return self._grant(form, now)
        except _LoginRefusedError as refused:
            content = {"error": refused.error, "error_description": refused.description}
            return json_answer(content, refused.status)

    def seller_of(self, access_token: str | None, *, now: datetime) -> Seller:
        """Whose account an access token opens.

        Raises:
            Refused: it opens none; 403, as Amazon answers to dead tokens too.
        """
        if not access_token:
            raise access_denied("Access token is missing in the request header.")
        known = self._access.get(access_token)
        if known is None or known.seller is None or not known.seller.consented:
            # Grantless tokens belong to the app alone and open no account either.
            raise access_denied("The access token you provided is revoked, malformed or invalid.")
        if known.expires <= now:
            raise access_denied("The access token you provided has expired.")
        return known.seller

    def _recognise(self, form: Mapping[str, str]) -> None:
        known = form.get("client_id") == self._client_id
        if not known or form.get("client_secret") not in self.client_secrets:
            raise _LoginRefusedError("invalid_client", "Client authentication failed", 401)

    def _grant(self, form: Mapping[str, str], now: datetime) -> Response:
        match form.get("grant_type"):
            case "refresh_token":
                seller = self._sellers.get(_needed(form, "refresh_token"))
            case "authorization_code":
                address = form.get("redirect_uri")
                seller = self._consenting(_needed(form, "code"), address, now)
            case "client_credentials":
                return self._grantless(_needed(form, "scope"), now)
            case None:
                raise _LoginRefusedError("invalid_request", "grant_type is missing")
            case _:
                raise _LoginRefusedError("unsupported_grant_type", "The grant type is not known")
        if seller is None or not seller.consented:
            raise _LoginRefusedError("invalid_grant", "The grant is invalid, expired or revoked")
        return json_answer(
            {**self._access_token(seller, now), "refresh_token": seller.refresh_token}
        )

    def _consenting(self, code: str, address: str | None, now: datetime) -> Seller | None:
        known = self._codes.pop(code, None)
        if known is None or known.expires <= now:
            return None
        is_fit = known.redirect_uri is None or known.redirect_uri == address
        return known.seller if is_fit else None

    def _grantless(self, scope: str, now: datetime) -> Response:
        if not set(scope.split()) <= _GRANTLESS_SCOPES:
            raise _LoginRefusedError("invalid_scope", "The scope is not known")
        return json_answer({**self._access_token(None, now), "scope": scope})

    def _access_token(self, seller: Seller | None, now: datetime) -> dict[str, object]:
        self._drop_old(now)
        token = f"Atza|{secrets.token_urlsafe(24)}"
        life = self._pace.access_token_life
        self._access[token] = _AccessToken(seller, now + life)
        seconds = int(life.total_seconds())
        return {"access_token": token, "token_type": "bearer", "expires_in": seconds}

    def _drop_old(self, now: datetime) -> None:
        # A token stays known for one more life, to be told that it has expired.
        while self._access:
            oldest = next(iter(self._access))
            if self._access[oldest].expires + self._pace.access_token_life > now:
                return
            del self._access[oldest]


def _form(body: bytes) -> dict[str, str]:
    pairs = parse_qsl(body.decode("latin-1"), keep_blank_values=True)
    form = dict(pairs)
    if len(form) < len(pairs):
        raise _LoginRefusedError("invalid_request", "A parameter is given more than once")
    return form


def _needed(form: Mapping[str, str], name: str) -> str:
    if not form.get(name):
        raise _LoginRefusedError("invalid_request", f"{name} is missing")
    return form[name]
