"""Login with Amazon: turns a seller's consent into tokens.

A refresh token is good for one seller in one region until the consent ends; an access token
lives an hour and goes with every call.

Source: developer-docs.amazon.com/sp-api, website authorization workflow and connecting to the
Selling Partner API, read 2026-11-20.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, TypeVar

import httpx
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from saleor_amazon_app.amazon.errors import (
    AmazonError,
    AmazonUnavailable,
    BadRequest,
    ClientRefused,
    ConsentRevoked,
    refused,
)
from saleor_amazon_app.amazon.wire import TIMEOUT, USER_AGENT, Answer, exchange
from saleor_amazon_app.core.times import Clock

_OPERATION = "loginWithAmazon"
# Whoever waits for another's fetch takes it for dead soon after.
_DEADLINE = timedelta(seconds=20)
_LONGEST_MARGIN = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class LwaClient:
    """The app as Amazon knows it: the operator's public app or the merchant's private one."""

    id: str
    secret: SecretStr


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What every call carries.

    Attributes:
        expires_at: when to stop using it, a little before Amazon does.
    """

    token: SecretStr
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Consent:
    """What a seller's consent is worth: the refresh token is kept, encrypted."""

    refresh_token: SecretStr
    access_token: AccessToken


class _TokenAnswer(BaseModel):
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    access_token: Annotated[SecretStr, Field(min_length=1)]
    expires_in: Annotated[int, Field(gt=0, le=86_400)]


class _ConsentAnswer(_TokenAnswer):
    refresh_token: Annotated[SecretStr, Field(min_length=1)]


Tokens = TypeVar("Tokens", bound=_TokenAnswer)


async def fetch_access_token(
    http: httpx.AsyncClient,
    *,
    lwa_url: str,
    client: LwaClient,
    refresh_token: SecretStr,
    clock: Clock,
) -> AccessToken:
    """Fetches an access token for a seller; the caller keeps it and sees to one fetch at a time.

    Raises:
        ConsentRevoked: the seller must authorise the app again.
        ClientRefused: the app's id or secret is wrong or expired.
        Throttled, AmazonUnavailable, BadRequest: as their names say.
    """
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token.get_secret_value()}
    asked_at = clock()
    answer = await _ask(http, lwa_url=lwa_url, client=client, form=form)
    return _access_token(_read(answer, _TokenAnswer), asked_at=asked_at)


async def exchange_code(
    http: httpx.AsyncClient,
    *,
    lwa_url: str,
    client: LwaClient,
    code: SecretStr,
    redirect_uri: str,
    clock: Clock,
) -> Consent:
    """Trades the one-time code that a seller's consent brought for the seller's tokens.

    Args:
        http: the shared client.
        lwa_url: base URL of Login with Amazon.
        client: the app the seller gave the consent to.
        code: `spapi_oauth_code` of the redirect; it lives for minutes and works once.
        redirect_uri: the very address the seller was sent back to.
        clock: now.

    Raises:
        ConsentRevoked: the code is too old or was used before.
        ClientRefused: the app's id or secret is wrong or expired.
        Throttled, AmazonUnavailable, BadRequest: as their names say.
    """
    form = {
        "grant_type": "authorization_code",
        "code": code.get_secret_value(),
        "redirect_uri": redirect_uri,
    }
    asked_at = clock()
    answer = await _ask(http, lwa_url=lwa_url, client=client, form=form)
    tokens = _read(answer, _ConsentAnswer)
    return Consent(tokens.refresh_token, _access_token(tokens, asked_at=asked_at))


async def _ask(
    http: httpx.AsyncClient, *, lwa_url: str, client: LwaClient, form: Mapping[str, str]
) -> Answer:
    credentials = {"client_id": client.id, "client_secret": client.secret.get_secret_value()}
    request = http.build_request(
        "POST",
        f"{lwa_url}/auth/o2/token",
        data={**form, **credentials},
        headers={"accept": "application/json", "user-agent": USER_AGENT},
        timeout=TIMEOUT,
    )
    answer = await exchange(http, request, operation=_OPERATION, deadline=_DEADLINE)
    if answer.status != httpx.codes.OK:
        raise _refusal(answer)
    return answer


def _refusal(answer: Answer) -> AmazonError:
    if answer.status == httpx.codes.TOO_MANY_REQUESTS or answer.status >= 500:
        return refused(answer.incident())
    content = answer.json()
    code = str(content.get("error", "without an error code"))
    incident = answer.incident(code=code, detail=str(content.get("error_description", "")))
    match code:
        case "invalid_grant":
            return ConsentRevoked(incident)
        case "invalid_client" | "unauthorized_client":
            return ClientRefused(incident)
        case _:
            return BadRequest(incident)


def _read(answer: Answer, model: type[Tokens]) -> Tokens:
    try:
        return model.model_validate(answer.json())
    except ValidationError as error:
        incident = answer.incident(detail="the answer holds no usable token")
        raise AmazonUnavailable(incident) from error


def _access_token(tokens: _TokenAnswer, *, asked_at: datetime) -> AccessToken:
    """The margin covers calls under way; a short-lived token must not be all margin."""
    life = timedelta(seconds=tokens.expires_in)
    return AccessToken(tokens.access_token, asked_at + life - min(_LONGEST_MARGIN, life / 10))
