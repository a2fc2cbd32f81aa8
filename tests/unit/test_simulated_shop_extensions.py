"""What an app adds to the simulated shop's dashboard, and what its pages are told of staff."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from saleor_amazon_app.simulators.saleor import SimulatedShop, create_shop, default_seed
from saleor_amazon_app.simulators.saleor.seed import ShopSeed

SHOP = "http://shop.test"
WIDGET = {
    "label": "Widget",
    "mount": "ORDER_DETAILS_WIDGETS",
    "target": "WIDGET",
    "url": "/widget",
    "permissions": ["MANAGE_ORDERS"],
}
EXTENSIONS = """{ appExtensions(first: 10) { edges { node {
  label url mountName targetName settings accessToken permissions { code } app { name } } } } }"""


def shop_of(extensions: list[dict[str, Any]], version: str = "3.23.28") -> SimulatedShop:
    """A shop that can install an app with those extensions."""
    manifest = {
        "id": "test.app",
        "name": "App",
        "version": "1",
        "permissions": ["MANAGE_ORDERS", "HANDLE_PAYMENTS"],
        "appUrl": "http://app.test/app",
        "tokenTargetUrl": "http://app.test/register",
        "extensions": extensions,
    }

    async def register(_request: Request) -> JSONResponse:
        return JSONResponse({"success": True})

    app = Starlette(
        routes=[
            Route("/manifest", lambda _request: JSONResponse(manifest)),
            Route("/register", register, methods=["POST"]),
        ]
    )
    seed = replace(default_seed(), shop=ShopSeed(version=version))
    return create_shop(seed, transport=httpx.ASGITransport(app))


async def install(shop: SimulatedShop) -> str | None:
    done = await shop.install("http://app.test/manifest", f"{SHOP}/graphql/")
    return done.error


async def let_in(shop: SimulatedShop, **asked: Any) -> str:
    async with line(shop) as http:
        answer = await http.post("/_simulator/staff", json=asked)
        token: str = answer.json()["token"]
        return token


async def ask(shop: SimulatedShop, token: str, query: str = EXTENSIONS) -> Any:
    async with line(shop) as http:
        headers = {"Authorization": f"Bearer {token}"}
        answer = await http.post("/graphql/", json={"query": query}, headers=headers)
        return answer.json()


def line(shop: SimulatedShop) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(shop.app), base_url=SHOP)


async def test_staff_get_a_token_for_an_extension() -> None:
    # given
    shop = shop_of([WIDGET])
    assert await install(shop) is None
    shop.state.token_lifetime = timedelta(seconds=7)

    # when
    told = await ask(shop, await let_in(shop))

    # then
    (edge,) = told["data"]["appExtensions"]["edges"]
    token = edge["node"].pop("accessToken")
    assert edge["node"] == {
        "label": "Widget",
        "url": "/widget",
        "mountName": "ORDER_DETAILS_WIDGETS",
        "targetName": "WIDGET",
        "settings": {},
        "permissions": [{"code": "MANAGE_ORDERS"}],
        "app": {"name": "App"},
    }
    key = shop.state.signing_key.public_key()
    claims = jwt.decode(token, key, algorithms=["RS256"])
    assert claims["exp"] - claims["iat"] == 7
    assert (claims["iss"], claims["app"], claims["type"], claims["is_staff"]) == (
        f"{SHOP}/graphql/",
        shop.find_app("test.app").id,
        "thirdparty",
        True,
    )
    assert claims["permissions"] == ["MANAGE_ORDERS"]
    assert {"MANAGE_APPS", "MANAGE_ORDERS"} < set(claims["user_permissions"])


async def test_whoever_may_not_use_an_extension_gets_no_token() -> None:
    # given
    shop = shop_of([WIDGET])
    await install(shop)
    token = await let_in(shop)

    # when
    same = await let_in(shop, token=token, permissions=["HANDLE_PAYMENTS"])
    told = await ask(shop, token)

    # then
    assert same == token
    assert told["data"]["appExtensions"]["edges"][0]["node"]["accessToken"] is None
    denied = await ask(shop, token, "{ orders(first: 1) { totalCount } }")
    assert denied["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"


async def test_an_apps_own_token_has_only_what_both_may_do() -> None:
    shop = shop_of([])
    await install(shop)
    token = await let_in(shop, permissions=["MANAGE_ORDERS", "MANAGE_PRODUCTS"])
    app_id = shop.find_app("test.app").id

    told = await ask(shop, token, f'{{ app(id: "{app_id}") {{ accessToken }} }}')

    (given,) = told["data"].values()
    claims = jwt.decode(given["accessToken"], options={"verify_signature": False})
    assert claims["permissions"] == ["MANAGE_ORDERS"]
    assert claims["user_permissions"] == ["MANAGE_ORDERS", "MANAGE_PRODUCTS"]


async def test_what_an_app_added_goes_with_it() -> None:
    shop = shop_of([WIDGET])
    await install(shop)
    token = await let_in(shop)
    app = shop.find_app("test.app")

    shop.switch_app(app, on=False)
    switched_off = await ask(shop, token)
    shop.delete_app(app)

    assert switched_off["data"]["appExtensions"]["edges"] == []
    assert shop.state.extensions == []


@pytest.mark.parametrize(
    ("_case", "version", "extension", "error"),
    [
        (
            "a place of a later version",
            "3.22.67",
            WIDGET | {"mount": "HOMEPAGE_WIDGETS"},
            "Incorrect value for field: mount (HOMEPAGE_WIDGETS).",
        ),
        (
            "no widgets yet",
            "3.21.69",
            WIDGET | {"mount": "ORDER_DETAILS_MORE_ACTIONS"},
            "Incorrect value for field: target (WIDGET).",
        ),
        ("no label", "3.23.28", WIDGET | {"label": ""}, "extensions: label required"),
        (
            "more than the app may do",
            "3.23.28",
            WIDGET | {"permissions": ["MANAGE_PRODUCTS"]},
            "Extension permission must be listed in App's permissions.",
        ),
        (
            "a widget in a menu",
            "3.23.28",
            WIDGET | {"mount": "ORDER_DETAILS_MORE_ACTIONS"},
            "WIDGET cannot be mounted on ORDER_DETAILS_MORE_ACTIONS.",
        ),
        (
            "a page of somebody else",
            "3.23.28",
            WIDGET | {"mount": "NAVIGATION_ORDERS", "target": "APP_PAGE", "url": "https://x.test/"},
            "The url of an APP_PAGE must start with a slash.",
        ),
    ],
)
async def test_an_extension_the_host_does_not_take_keeps_the_app_out(
    _case: str, version: str, extension: dict[str, Any], error: str
) -> None:
    shop = shop_of([extension], version)

    assert await install(shop) == error
    assert shop.state.apps == {}
    assert shop.state.extensions == []


async def test_the_dashboard_is_one_page_at_many_addresses() -> None:
    async with line(create_shop()) as http:
        pages = [await http.get(f"/dashboard/{path}") for path in ("", "orders/T3JkZXI6MQ%3D%3D")]
        script = await http.get("/dashboard/static/main.js")

    assert pages[0].text == pages[1].text
    assert "<title>Simulated shop</title>" in pages[0].text
    assert pages[0].headers["Referrer-Policy"] == "origin-when-cross-origin"
    assert script.status_code == 200
