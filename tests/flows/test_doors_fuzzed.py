"""Whatever anyone sends to the public doors: an answer in words, no traceback, nothing written."""

import json
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saleor_amazon_app.saleor.event_records import BY_PATH
from saleor_amazon_app.simulators.saleor.keys import signed
from tests.flows.doors import OTHER_URL, SHOP_URL, Doors

# One database serves all examples: each of them must leave it as it was.
FUZZED = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# What can stand in a header on the wire, and a little that cannot.
HEADERS = st.binary(max_size=60) | st.text(max_size=40).map(str.encode)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=12,
)
BODIES = st.binary(max_size=400) | JSON.map(lambda value: json.dumps(value).encode())
ADDRESSES = (
    HEADERS
    | st.sampled_from([SHOP_URL, OTHER_URL, "http://app.test/graphql/"]).map(str.encode)
    | st.text(max_size=30).map(lambda host: f"http://{host}/graphql/".encode())
    | st.text(max_size=30).map(lambda host: f"https://{host}:1/graphql/".encode())
)


def answered(response: httpx.Response, *statuses: int) -> None:
    assert response.status_code in statuses, response.text
    assert "Traceback" not in response.text


@FUZZED
@given(version=HEADERS, host=HEADERS)
async def test_the_manifest_answers_anyone(doors: Doors, version: bytes, host: bytes) -> None:
    response = await doors.http.get(
        "/api/manifest", headers=[(b"Saleor-Schema-Version", version), (b"Saleor-Domain", host)]
    )
    answered(response, 200)
    assert response.json()["id"] == "saleor.amazon"


@FUZZED
@given(api_url=ADDRESSES, body=BODIES, token=st.text(max_size=30) | st.none())
async def test_a_registration_of_anything_is_refused(
    doors: Doors, api_url: bytes, body: bytes, token: str | None
) -> None:
    if token is not None:
        body = json.dumps({"auth_token": token}).encode()
    response = await doors.http.post(
        "/api/register", content=body, headers=[(b"Saleor-Api-Url", api_url)]
    )
    answered(response, 400, 401, 403, 503)
    error = response.json()["error"]
    assert error["code"]
    assert 0 < len(error["message"]) <= 255
    assert await doors.everything() == []


@FUZZED
@given(
    name=st.sampled_from(sorted(BY_PATH)) | st.from_regex(r"[!-.0-~]{1,30}", fullmatch=True),
    api_url=ADDRESSES,
    signature=HEADERS,
    body=BODIES,
)
async def test_an_unsigned_webhook_of_anything_is_refused(
    doors: Doors, name: str, api_url: bytes, signature: bytes, body: bytes
) -> None:
    response = await doors.http.post(
        f"/api/webhooks/{quote(name)}",
        content=body,
        headers=[(b"Saleor-Api-Url", api_url), (b"Saleor-Signature", signature)],
    )
    answered(response, 401, 404)
    assert await doors.everything() == []


@pytest.fixture
async def installed(doors: Doors) -> Doors:
    await doors.install()
    return doors


@FUZZED
@given(
    name=st.sampled_from(sorted(BY_PATH)),
    body=BODIES
    | st.fixed_dictionaries(
        {},
        optional={
            "__typename": st.sampled_from([kind.value for kind in BY_PATH.values()]) | JSON,
            "issuedAt": JSON,
            "recipient": JSON | st.fixed_dictionaries({"id": JSON}),
            "order": JSON | st.fixed_dictionaries({"id": JSON, "externalReference": JSON}),
            "app": JSON,
        },
    ).map(lambda value: json.dumps(value).encode()),
)
async def test_a_signed_webhook_of_anything_else_is_answered_and_dropped(
    installed: Doors, name: str, body: bytes
) -> None:
    before = await installed.everything()
    key = installed.shop.state.signing_key
    headers: dict[str, Any] = {"Saleor-Api-Url": SHOP_URL, "Saleor-Signature": signed(key, body)}
    response = await installed.http.post(f"/api/webhooks/{name}", content=body, headers=headers)
    answered(response, 202)
    assert await installed.everything() == before


@FUZZED
@given(state=st.text(max_size=60), code=st.text(max_size=30) | st.none(), seller=st.text())
async def test_a_return_that_nobody_began_is_refused(
    doors: Doors, state: str, code: str | None, seller: str
) -> None:
    before = await doors.everything()
    asked = {"state": state, "spapi_oauth_code": code or "", "selling_partner_id": seller}
    response = await doors.http.get("/amazon/consent", params=asked)
    answered(response, 400)
    assert 'data-outcome="UNKNOWN_STATE"' in response.text
    assert response.text.count("<script") == 1
    assert await doors.everything() == before
