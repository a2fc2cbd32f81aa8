"""A shop reads the manifest, brings its token, and is let in when everything is proved."""

from dataclasses import replace
from typing import Any

import httpx

from saleor_amazon_app.ledger.installations import InstallationStatus
from saleor_amazon_app.ledger.secrets import Cipher
from saleor_amazon_app.ledger.session import Database
from saleor_amazon_app.saleor.event_records import EventKind
from saleor_amazon_app.simulators.saleor import default_seed
from tests.flows.doors import APP_ID, OTHER_URL, SHOP_URL, Doors, opened

ABOUT_APPS = {"APP_DELETED", "APP_STATUS_CHANGED"}


async def register(
    doors: Doors, token: str, *, api_url: str | None = SHOP_URL, **asked: Any
) -> httpx.Response:
    headers = {} if api_url is None else {"Saleor-Api-Url": api_url}
    sent = asked or {"json": {"auth_token": token}}
    return await doors.http.post("/api/register", headers=headers, **sent)


VERSIONS = [
    ("3.21", False),
    ("3.22", False),
    ("3.23", True),
    ("3.24", True),
    ("4.0", True),
    (None, False),
    ("", False),
    ("newest", False),
    ("3", False),
    ("3.23.28-a", True),
    ("٣.٢٣", False),
    ("9" * 5000, False),
]


async def test_the_manifest_asks_a_shop_for_what_its_version_knows(doors: Doors) -> None:
    for told, knows_apps in VERSIONS:
        await check_manifest(doors, told, knows_apps=knows_apps)


async def check_manifest(doors: Doors, told: str | None, *, knows_apps: bool) -> None:
    # when
    headers = [] if told is None else [(b"Saleor-Schema-Version", told.encode())]
    manifest = (await doors.http.get("/api/manifest", headers=headers)).json()

    # then
    hooks = manifest["webhooks"]
    events = {each for one in hooks for each in one.get("asyncEvents") or one["syncEvents"]}
    every = {kind.name for kind in EventKind}
    assert events == (every if knows_apps else every - ABOUT_APPS)
    answered = [one["syncEvents"] for one in hooks if "syncEvents" in one]
    assert answered == [["TRANSACTION_REFUND_REQUESTED"]]
    assert "identifier" not in {key for one in hooks for key in one}


async def test_the_manifest_names_this_app_by_full_addresses(doors: Doors) -> None:
    # when
    manifest = (await doors.http.get("/api/manifest")).json()

    # then
    assert manifest["id"] == APP_ID
    assert manifest["appUrl"] == "http://app.test/app"
    assert manifest["tokenTargetUrl"] == "http://app.test/api/register"
    for one in manifest["webhooks"]:
        assert one["targetUrl"] == f"http://app.test/api/webhooks/{one['name']}"
        assert one["query"].startswith("subscription ")
    assert manifest["permissions"] == [
        "MANAGE_ORDERS",
        "MANAGE_ORDERS_IMPORT",
        "MANAGE_PRODUCTS",
        "HANDLE_PAYMENTS",
        "HANDLE_CHECKOUTS",
        "MANAGE_USERS",
        "MANAGE_SHIPPING",
    ]


async def test_the_operators_address_goes_before_the_requests(
    database: Database, cipher: Cipher
) -> None:
    async with opened(database, cipher, app_url="https://amazon.example/") as doors:
        manifest = (await doors.http.get("/api/manifest")).json()
    assert manifest["tokenTargetUrl"] == "https://amazon.example/api/register"
    assert manifest["webhooks"][0]["targetUrl"].startswith("https://amazon.example/api/webhooks/")


async def test_a_shop_that_installs_the_app_is_kept_with_its_webhooks(doors: Doors) -> None:
    # when
    kept = await doors.install()

    # then
    app = doors.shop.find_app(APP_ID)
    assert (kept.app_id, kept.status, kept.grace_until) == (app.id, "ACTIVE", None)
    assert (kept.app_url, kept.saleor_version) == ("http://app.test", "3.23.28")
    assert kept.auth_token(doors.lines.cipher).get_secret_value() == app.token
    assert app.token.encode() not in kept.token
    assert kept.jwks is not None
    assert {hook.name for hook in app.hooks} == {kind.path for kind in EventKind}


async def test_an_old_shop_installs_the_app_too(database: Database, cipher: Cipher) -> None:
    seed = default_seed()
    seed = replace(seed, shop=replace(seed.shop, version="3.21.69"))
    async with opened(database, cipher, seed=seed) as doors:
        kept = await doors.install()
        assert kept.saleor_version == "3.21.69"
        assert len(doors.shop.find_app(APP_ID).hooks) == len(EventKind) - len(ABOUT_APPS)


async def test_a_shop_older_than_that_is_told_so(database: Database, cipher: Cipher) -> None:
    seed = default_seed()
    seed = replace(seed, shop=replace(seed.shop, version="3.20.1"))
    async with opened(database, cipher, seed=seed) as doors:
        done = await doors.shop.install("http://app.test/api/manifest", SHOP_URL)
        assert done.error == "The shop runs Saleor 3.20.1; this app needs 3.21 or newer."
        assert await doors.everything() == []


async def test_a_shop_that_installs_the_app_again_finds_everything(doors: Doors) -> None:
    # given
    before = await doors.install()
    store_id = await doors.connect(before)
    doors.shop.delete_app(doors.shop.find_app(APP_ID))
    doors.clock.move(seconds=1)
    await doors.deliver()
    await doors.work()
    assert (await doors.installation()).status == InstallationStatus.REMOVED

    # when
    doors.clock.move(days=3)
    after = await doors.install()

    # then
    assert (after.id, after.status, after.grace_until) == (before.id, "ACTIVE", None)
    assert after.app_id != before.app_id
    assert after.token != before.token
    stores = await doors.query("SELECT id, next_sync_at FROM stores")
    assert stores == [(store_id, doors.clock())]


NO_SHOPS = [
    (None, 403, "SALEOR_URL_PROHIBITED"),
    ("", 403, "SALEOR_URL_PROHIBITED"),
    ("shop.test", 403, "SALEOR_URL_PROHIBITED"),
    ("http://user:secret@shop.test/graphql/", 403, "SALEOR_URL_PROHIBITED"),
    ("http://shop.test/graphql/#", 403, "SALEOR_URL_PROHIBITED"),
    ("http://shop.test/" + "a" * 600 + "/graphql/", 403, "SALEOR_URL_PROHIBITED"),
    ("http://shop..test/graphql/", 503, "SALEOR_UNREACHABLE"),
    ("http://[::1/graphql/", 403, "SALEOR_URL_PROHIBITED"),
    ("http://shop.test:99999/graphql/", 403, "SALEOR_URL_PROHIBITED"),
    ("http://nobody.test/graphql/", 503, "SALEOR_UNREACHABLE"),
]


async def test_an_address_that_is_no_shops_is_refused_in_words(doors: Doors) -> None:
    for api_url, status, code in NO_SHOPS:
        # when
        response = await register(doors, "token", api_url=api_url)

        # then
        assert (response.status_code, response.json()["error"]["code"]) == (status, code), api_url
        assert response.json()["error"]["message"]
    assert await doors.everything() == []


LOCAL = [
    "http://8.8.8.8/graphql/",
    "https://127.0.0.1/graphql/",
    "https://localhost/graphql/",
    "https://[::1]/graphql/",
    "https://[::ffff:127.0.0.1]/graphql/",
    "https://169.254.169.254/graphql/",
    "https://10.0.0.1/graphql/",
]


async def test_without_the_switch_no_local_shop_is_let_in(
    database: Database, cipher: Cipher
) -> None:
    async with opened(database, cipher, allow_local_shops=False) as doors:
        refused = [(await register(doors, "token", api_url=url)).status_code for url in LOCAL]

        assert refused == [403] * len(LOCAL)
        assert set(doors.wires.names) == {"/api/register"}
        assert await doors.everything() == []


async def test_a_shop_the_operator_does_not_admit_is_asked_nothing(
    database: Database, cipher: Cipher
) -> None:
    async with opened(database, cipher, allowed_shops=r"http://shop\.test/graphql/") as doors:
        await doors.install()
        token = doors.other.add_app([], identifier=APP_ID)
        before = len(doors.wires.sent)

        response = await register(doors, token, api_url=OTHER_URL)

        assert response.status_code == 403
        assert "does not admit" in response.json()["error"]["message"]
        assert doors.wires.names[before:] == ["/api/register"]


NO_TOKENS: list[tuple[str, dict[str, Any], int]] = [
    ("nothing", {"content": b""}, 400),
    ("no JSON", {"content": b"auth_token=x"}, 400),
    ("a list", {"json": []}, 400),
    ("no token", {"json": {}}, 400),
    ("an empty token", {"json": {"auth_token": ""}}, 400),
    ("a number", {"json": {"auth_token": 1}}, 400),
    ("a token that is no header", {"json": {"auth_token": "x\r\nHost: evil"}}, 400),
    ("a token beyond ASCII", {"json": {"auth_token": "tökên"}}, 400),
    ("a long token", {"json": {"auth_token": "x" * 513}}, 400),
    ("a deep nest", {"content": b"[" * 10_000}, 400),
    ("10 MB", {"content": b"x" * 10_000_000}, 413),
]


async def test_a_request_that_brings_no_token_is_refused_in_words(doors: Doors) -> None:
    for case, asked, status in NO_TOKENS:
        # when
        response = await register(doors, "", **asked)

        # then
        assert response.status_code == status, case
        assert response.json()["success"] is False
    assert set(doors.wires.names) == {"/api/register"}
    assert await doors.everything() == []


async def test_a_token_of_nobody_is_refused(doors: Doors) -> None:
    response = await register(doors, "nobodys")
    assert (response.status_code, response.json()["error"]["code"]) == (401, "TOKEN_REFUSED")
    assert await doors.everything() == []


async def test_a_token_of_another_app_is_refused(doors: Doors) -> None:
    # given
    token = doors.shop.add_app([], identifier="evil.app")

    # when
    response = await register(doors, token)

    # then
    assert response.status_code == 401
    assert "'evil.app', not to 'saleor.amazon'" in response.json()["error"]["message"]
    assert await doors.everything() == []


async def test_a_token_of_another_shop_is_refused(doors: Doors) -> None:
    # given
    token = doors.other.add_app([], identifier=APP_ID)

    # when
    response = await register(doors, token, api_url=SHOP_URL)

    # then
    assert response.status_code == 401
    assert await doors.everything() == []


STRANGE = [
    httpx.Response(200, json={"data": None}),
    httpx.Response(200, json={"data": {"app": None, "shop": None}}),
    httpx.Response(200, json={"data": {"app": 1, "shop": 2}}),
    httpx.Response(200, json={"data": [], "errors": 5}),
    httpx.Response(200, json={"data": {}, "errors": [5]}),
    httpx.Response(
        200,
        json={
            "data": {
                "app": {"id": "\u0000", "identifier": APP_ID, "permissions": []},
                "shop": {"version": "3.23.28", "schemaVersion": "3.23"},
            }
        },
    ),
    httpx.Response(
        200,
        json={
            "data": {
                "app": {"id": "QXBwOjE=", "identifier": APP_ID, "permissions": []},
                "shop": {"version": "3.23.28", "schemaVersion": "three"},
            }
        },
    ),
    httpx.Response(200, text="[" * 200_000),
    httpx.Response(200, text="<html>"),
    httpx.Response(302, headers={"Location": "http://other.test/graphql/"}),
    httpx.Response(500),
]


async def test_whatever_stands_at_the_address_can_do_no_harm(doors: Doors) -> None:
    # given
    waiting: list[httpx.Response] = []

    async def evil(scope: Any, receive: Any, send: Any) -> None:
        answer = waiting[0]
        headers = [(name.encode(), value.encode()) for name, value in answer.headers.items()]
        start = {"type": "http.response.start", "status": answer.status_code, "headers": headers}
        await send(start)
        await send({"type": "http.response.body", "body": answer.content})

    doors.wires.open(evil=evil)

    for answer in STRANGE:
        # when
        waiting[:] = [answer]
        response = await register(doors, "token", api_url="http://evil.test/graphql/")

        # then
        assert response.status_code in {401, 503}, answer.text[:100]
        assert response.json()["error"]["message"]
    assert doors.wires.names.count("WhoseToken") == len(STRANGE)
    assert await doors.everything() == []
