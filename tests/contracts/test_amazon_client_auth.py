"""Tokens from Login with Amazon: what is asked for, and whose problem a refusal is."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from pydantic import SecretStr

from saleor_amazon_app.amazon.auth import (
    AccessToken,
    LwaClient,
    exchange_code,
    fetch_access_token,
)
from saleor_amazon_app.amazon.errors import (
    AmazonError,
    AmazonUnavailable,
    BadRequest,
    ClientRefused,
    ConsentRevoked,
    Throttled,
)
from tests.contracts.amazon_line import Scripted, scripted

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
CLIENT = LwaClient("amzn1.application-oa2-client.test", SecretStr("amzn1.oa2-cs.v1.secret"))
GOOD = {"access_token": "Atza|new", "token_type": "bearer", "expires_in": 3600}


async def fetch(answer: Scripted, *, requests: list[httpx.Request] | None = None) -> AccessToken:
    seen = [] if requests is None else requests
    async with httpx.AsyncClient(transport=scripted(answer, requests=seen)) as http:
        return await fetch_access_token(
            http,
            lwa_url="https://lwa.test",
            client=CLIENT,
            refresh_token=SecretStr("Atzr|refresh+/="),
            clock=lambda: NOON,
        )


async def test_a_refresh_token_becomes_an_access_token_for_almost_an_hour() -> None:
    requests: list[httpx.Request] = []

    token = await fetch(httpx.Response(200, json=GOOD), requests=requests)

    assert token.token.get_secret_value() == "Atza|new"
    assert token.expires_at == NOON + timedelta(minutes=59)
    (request,) = requests
    assert (request.method, str(request.url)) == ("POST", "https://lwa.test/auth/o2/token")
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert request.headers["user-agent"].startswith("saleor-amazon-app/")
    assert request.extensions["timeout"]["read"] == 30.0
    assert dict(parse_qsl(request.content.decode())) == {
        "grant_type": "refresh_token",
        "refresh_token": "Atzr|refresh+/=",
        "client_id": "amzn1.application-oa2-client.test",
        "client_secret": "amzn1.oa2-cs.v1.secret",
    }


async def test_a_token_of_one_minute_is_still_of_use() -> None:
    token = await fetch(httpx.Response(200, json={**GOOD, "expires_in": 60}))

    assert token.expires_at == NOON + timedelta(seconds=54)


async def test_a_code_becomes_both_tokens() -> None:
    requests: list[httpx.Request] = []
    answer = httpx.Response(200, json={**GOOD, "refresh_token": "Atzr|kept"})

    async with httpx.AsyncClient(transport=scripted(answer, requests=requests)) as http:
        consent = await exchange_code(
            http,
            lwa_url="https://lwa.test",
            client=CLIENT,
            code=SecretStr("one-time"),
            redirect_uri="https://app.test/authorised",
            clock=lambda: NOON,
        )

    assert consent.refresh_token.get_secret_value() == "Atzr|kept"
    assert consent.access_token == AccessToken(SecretStr("Atza|new"), NOON + timedelta(minutes=59))
    assert dict(parse_qsl(requests[0].content.decode())) == {
        "grant_type": "authorization_code",
        "code": "one-time",
        "redirect_uri": "https://app.test/authorised",
        "client_id": "amzn1.application-oa2-client.test",
        "client_secret": "amzn1.oa2-cs.v1.secret",
    }


async def test_a_code_without_a_refresh_token_is_worth_nothing() -> None:
    transport = scripted(httpx.Response(200, json=GOOD), requests=[])

    async with httpx.AsyncClient(transport=transport) as http:
        with pytest.raises(AmazonUnavailable):
            await exchange_code(
                http,
                lwa_url="https://lwa.test",
                client=CLIENT,
                code=SecretStr("one-time"),
                redirect_uri="https://app.test/authorised",
                clock=lambda: NOON,
            )


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, {"error": "invalid_grant", "error_description": "expired"}, ConsentRevoked),
        (401, {"error": "invalid_client"}, ClientRefused),
        (400, {"error": "invalid_client"}, ClientRefused),
        (400, {"error": "unauthorized_client"}, ClientRefused),
        (400, {"error": "invalid_request"}, BadRequest),
        (400, {"error": "unsupported_grant_type"}, BadRequest),
        (400, {}, BadRequest),
        (429, {"error": "invalid_grant"}, Throttled),
        (500, {"error": "invalid_grant"}, AmazonUnavailable),
        (503, {"error": "invalid_client"}, AmazonUnavailable),
    ],
)
async def test_a_refusal_names_who_must_act(
    status: int, body: dict[str, Any], expected: type[AmazonError]
) -> None:
    with pytest.raises(AmazonError) as raised:
        await fetch(httpx.Response(status, json=body, headers={"x-amzn-RequestId": "r-2"}))

    assert type(raised.value) is expected
    assert raised.value.incident.operation == "loginWithAmazon"
    assert raised.value.incident.status == status
    assert raised.value.incident.request_id == "r-2"


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, html="<html>"),
        httpx.Response(400, html="<html>"),
        httpx.Response(403, html="<html>"),
        httpx.Response(302, headers={"location": "https://elsewhere.test/"}),
        httpx.Response(200, json={}),
        httpx.Response(200, json={**GOOD, "access_token": ""}),
        httpx.Response(200, json={**GOOD, "access_token": None}),
        httpx.Response(200, json={**GOOD, "expires_in": 0}),
        httpx.Response(200, json={**GOOD, "expires_in": 10**12}),
        httpx.ReadTimeout("slow"),
    ],
)
async def test_an_answer_without_a_token_ends_no_consent(answer: Scripted) -> None:
    with pytest.raises(AmazonUnavailable):
        await fetch(answer)


async def test_no_secret_is_in_what_is_raised_or_shown() -> None:
    with pytest.raises(AmazonUnavailable) as raised:
        await fetch(httpx.Response(200, json={"access_token": ["Atza|secret"], "expires_in": 1}))

    error = raised.value
    shown = f"{error} {error.incident!r} {error.__cause__} {CLIENT!r}"
    assert "Atza" not in shown
    assert "Atzr" not in shown
    assert "oa2-cs" not in shown
