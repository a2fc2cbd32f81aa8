"""What an installation must prove before its token is kept."""

import re
from typing import Any

import httpx
import pytest

from saleor_amazon_app.saleor.errors import HostUnavailable, ShopAddressRefused, TokenRefused
from saleor_amazon_app.saleor.tokens import TokenOwner, check_api_url, fetch_jwks, whose_token
from tests.unit.saleor_line import API_URL, data, denied, line

CLOUD = re.compile(r"https://[^/]+\.saleor\.cloud/graphql/")
KEYS = {
    "keys": [{"kty": "RSA", "kid": "1", "use": "sig", "n": "u1SU1LfVLPHCozMxH2Mo", "e": "AQAB"}]
}


@pytest.mark.parametrize(
    ("api_url", "reason"),
    [
        ("http://8.8.8.8/graphql/", "begin with https"),
        ("ftp://8.8.8.8/graphql/", "begin with https"),
        ("8.8.8.8/graphql/", "begin with https"),
        ("https:///graphql/", "name a host"),
        ("https://user@8.8.8.8/graphql/", "no user"),
        ("https://:secret@8.8.8.8/graphql/", "no user"),
        ("https://8.8.8.8/graphql", "end with /graphql/"),
        ("https://8.8.8.8/", "end with /graphql/"),
        ("https://8.8.8.8/?/graphql/", "end with /graphql/"),
        ("https://8.8.8.8/graphql/#/graphql/", "end with /graphql/"),
        ("https://8.8.8.8/graphql/?", "plain form"),
        ("https://8.8.8.8/graph\nql/", "plain form"),
        ("https://8.8.8.8:99999/graphql/", "no address"),
        ("https://[8.8.8.8/graphql/", "no address"),
        ("https://127.0.0.1/graphql/", "public internet"),
        ("https://localhost/graphql/", "public internet"),
        ("https://0.0.0.0/graphql/", "public internet"),
        ("https://10.1.2.3/graphql/", "public internet"),
        ("https://192.168.1.1/graphql/", "public internet"),
        ("https://169.254.169.254/graphql/", "public internet"),
        ("https://224.0.0.1/graphql/", "public internet"),
        ("https://2130706433/graphql/", "public internet"),
        ("https://[::1]/graphql/", "public internet"),
        ("https://[::ffff:127.0.0.1]/graphql/", "public internet"),
        ("https://[fd00::1]/graphql/", "public internet"),
    ],
)
async def test_an_address_that_must_not_be_called_is_refused(api_url: str, reason: str) -> None:
    with pytest.raises(ShopAddressRefused, match=re.escape(reason)) as caught:
        await check_api_url(api_url)
    assert caught.value.api_url == api_url


@pytest.mark.parametrize(
    "api_url", ["https://8.8.8.8/graphql/", "https://8.8.8.8:8443/shop/graphql/"]
)
async def test_a_shop_on_the_public_internet_may_be_called(api_url: str) -> None:
    assert await check_api_url(api_url) == api_url


@pytest.mark.parametrize("api_url", ["http://127.0.0.1:8000/graphql/", "http://[::1]/graphql/"])
async def test_a_shop_on_this_machine_may_be_called_where_it_was_switched_on(api_url: str) -> None:
    assert await check_api_url(api_url, allow_local=True) == api_url


@pytest.mark.parametrize(
    ("api_url", "is_admitted"),
    [
        ("https://mine.saleor.cloud/graphql/", True),
        ("https://mine.saleor.cloud.evil.test/graphql/", False),
        ("https://evil.test/x.saleor.cloud/graphql/", False),
    ],
)
async def test_an_operators_list_must_match_the_whole_address(
    api_url: str, is_admitted: bool
) -> None:
    # `allow_local` spares the look-up of the name.
    if is_admitted:
        assert await check_api_url(api_url, allow_local=True, allowed=CLOUD) == api_url
    else:
        with pytest.raises(ShopAddressRefused, match="does not admit it"):
            await check_api_url(api_url, allow_local=True, allowed=CLOUD)


async def test_a_token_tells_whose_it_is() -> None:
    # given
    app = {
        "id": "QXBwOjE=",
        "identifier": "saleor.amazon",
        "permissions": [{"code": "MANAGE_ORDERS"}, {"code": "MANAGE_PRODUCTS"}],
    }
    wire = line(data(app=app, shop={"version": "3.23.28", "schemaVersion": "3.23"}))

    # when
    owner = await whose_token(wire.client)

    # then
    assert owner == TokenOwner(
        app_id="QXBwOjE=",
        identifier="saleor.amazon",
        version="3.23.28",
        schema_version=(3, 23),
        permissions=frozenset({"MANAGE_ORDERS", "MANAGE_PRODUCTS"}),
    )


@pytest.mark.parametrize(
    "answer",
    [
        data(app=None, shop={"version": "3.23.28", "schemaVersion": "3.23"}),
        denied("app", permission="AUTHENTICATED_STAFF_USER, AUTHENTICATED_APP"),
    ],
    ids=["a person's", "nobody's"],
)
async def test_a_token_of_no_app_is_refused(answer: httpx.Response) -> None:
    # given
    wire = line(answer)

    # when
    with pytest.raises(TokenRefused):
        await whose_token(wire.client)

    # then
    assert len(wire.requests) == 1


async def test_a_shops_keys_are_fetched_from_its_origin() -> None:
    # given
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, json=KEYS)

    # when
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        keys = await fetch_jwks(http, API_URL)

    # then
    assert [key.model_dump() for key in keys.keys] == [
        {"kty": "RSA", "kid": "1", "n": "u1SU1LfVLPHCozMxH2Mo", "e": "AQAB"}
    ]
    assert asked == ["https://shop.test/.well-known/jwks.json"]


@pytest.mark.parametrize(
    ("_case", "answer"),
    [
        ("unreachable", httpx.ConnectError("no")),
        ("a page", httpx.Response(404, text="<html>")),
        ("a list", httpx.Response(200, json=[])),
        ("no keys", httpx.Response(200, json={"keys": []})),
        ("not text", httpx.Response(200, content=b"\xff\xfe")),
        ("elsewhere", httpx.Response(302, headers={"location": "https://evil.test/"})),
        ("endless", httpx.Response(200, json={**KEYS, "padding": "x" * 65536})),
    ],
)
async def test_keys_that_are_none_are_refused(_case: str, answer: Any) -> None:
    # given
    asked: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        if isinstance(answer, Exception):
            raise answer
        response: httpx.Response = answer
        return response

    # when
    async with httpx.AsyncClient(transport=httpx.MockTransport(respond)) as http:
        with pytest.raises(HostUnavailable):
            await fetch_jwks(http, API_URL)

    # then
    assert asked == ["https://shop.test/.well-known/jwks.json"]
