"""The pages: who may frame them, and how their files are served."""

from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr, ValidationError

from saleor_amazon_app.entrypoints.pages import pages_door
from saleor_amazon_app.entrypoints.settings import Settings
from saleor_amazon_app.ledger.installations import InstallationStatus, set_status
from tests.flows.doors import OTHER_URL, SHOP_URL, Doors

INDEX = "<!doctype html><script type=module src=/app/assets/index-1a.js></script>"


def settings(**given: object) -> Settings:
    return Settings.model_validate({"key": SecretStr("unused"), **given})


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(INDEX)
    (tmp_path / "secret.txt").write_text("not for anybody")
    (tmp_path / "assets" / "index-1a.js").write_text("plain")
    (tmp_path / "assets" / "index-1a.js.gz").write_bytes(b"gzipped")
    (tmp_path / "assets" / "index-1a.js.br").write_bytes(b"brotlied")
    (tmp_path / "assets" / "Inter.woff2").write_bytes(b"font")
    return tmp_path


def browser(doors: Doors, built: Path, **given: object) -> httpx.AsyncClient:
    app = FastAPI()
    app.include_router(pages_door(doors.lines, settings(**given), built=built))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://app.test")


def framers(answer: httpx.Response) -> str:
    policy = answer.headers["content-security-policy"]
    (found,) = [part for part in policy.split("; ") if part.startswith("frame-ancestors")]
    return str(found.removeprefix("frame-ancestors "))


@pytest.mark.parametrize("path", ["/app", "/app/", "/app/orders", "/app/orders/1/items"])
async def test_a_shop_with_the_app_may_frame_every_page(
    doors: Doors, built: Path, path: str
) -> None:
    # given
    await doors.install()

    # when
    async with browser(doors, built) as http:
        answer = await http.get(path, params={"saleorApiUrl": SHOP_URL, "theme": "dark"})

    # then
    assert (answer.status_code, answer.text) == (200, INDEX)
    assert framers(answer) == "http://shop.test"
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-cache"
    assert "set-cookie" not in answer.headers


async def test_the_operator_names_further_dashboards(doors: Doors, built: Path) -> None:
    # given
    await doors.install()
    named = "https://dash.example, http://localhost:9000/"

    # when
    async with browser(doors, built, dashboard_origins=named) as http:
        known = await http.get("/app", params={"saleorApiUrl": SHOP_URL})
        unknown = await http.get("/app", params={"saleorApiUrl": OTHER_URL})

    # then
    assert framers(known) == "http://shop.test https://dash.example http://localhost:9000"
    assert framers(unknown) == "'none'"


@pytest.mark.parametrize(
    "origin", ["dash.example", "https://dash.example/path", "https://x'; script-src *", "*"]
)
def test_an_origin_is_nothing_else(origin: str) -> None:
    with pytest.raises(ValidationError, match="no origin"):
        settings(dashboard_origins=origin)


@pytest.mark.parametrize(
    "api_url",
    [OTHER_URL, "http://shop.test/graphql", "", "x" * 5000, "http://shop.test/graphql/\n", "é"],
)
async def test_an_unknown_shop_may_not_and_is_told_why(
    doors: Doors, built: Path, api_url: str
) -> None:
    # given
    await doors.install()

    # when
    async with browser(doors, built) as http:
        answer = await http.get("/app/orders", params={"saleorApiUrl": api_url})

    # then
    assert answer.status_code == 403
    assert framers(answer) == "'none'"
    assert "has not installed this app" in answer.text


async def test_the_first_address_counts_and_is_never_written_as_html(
    doors: Doors, built: Path
) -> None:
    # given
    await doors.install()
    evil = "<script>alert(1)</script>"

    # when
    async with browser(doors, built) as http:
        answer = await http.get("/app", params=[("saleorApiUrl", evil), ("saleorApiUrl", SHOP_URL)])

    # then
    assert answer.status_code == 403
    assert "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text


async def test_a_page_opened_by_itself_is_served_to_say_where_to_open_it(
    doors: Doors, built: Path
) -> None:
    async with browser(doors, built) as http:
        answer = await http.get("/app/stores")

    assert answer.status_code == 200
    assert framers(answer) == "'none'"


async def test_a_shop_that_removed_the_app_is_unknown(doors: Doors, built: Path) -> None:
    # given
    shop = await doors.install()
    async with doors.lines.database.transaction() as session:
        await set_status(session, shop.id, InstallationStatus.REMOVED, now=doors.clock())

    # when
    async with browser(doors, built) as http:
        answer = await http.get("/app", params={"saleorApiUrl": SHOP_URL})

    # then
    assert (answer.status_code, framers(answer)) == (403, "'none'")


@pytest.mark.parametrize(
    ("accepted", "coding", "body"),
    [
        ("gzip, deflate, br, zstd", "br", b"brotlied"),
        ("gzip", "gzip", b"gzipped"),
        ("br;q=0, gzip;q=0.5", "gzip", b"gzipped"),
        ("identity", None, b"plain"),
        ("", None, b"plain"),
    ],
)
async def test_an_asset_is_kept_for_ever_and_sent_as_the_browser_takes_it(
    doors: Doors, built: Path, accepted: str, coding: str | None, body: bytes
) -> None:
    # when
    async with (
        browser(doors, built) as http,
        http.stream("GET", "/app/assets/index-1a.js", headers={"accept-encoding": accepted}) as got,
    ):
        raw = b"".join([part async for part in got.aiter_raw()])

    # then
    assert (got.status_code, raw, got.headers.get("content-encoding")) == (200, body, coding)
    assert got.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert got.headers["content-type"] == "text/javascript; charset=utf-8"
    assert got.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "name", ["index-2b.js", "..%2Fsecret.txt", "%2e%2e%2findex.html", "index-1a.js.gz", ".."]
)
async def test_nothing_else_is_an_asset(doors: Doors, built: Path, name: str) -> None:
    async with browser(doors, built) as http:
        answer = await http.get(f"/app/assets/{name}")

    assert "not for anybody" not in answer.text
    assert answer.status_code == 404 or answer.text == INDEX


async def test_pages_that_were_not_built_say_so(doors: Doors, tmp_path: Path) -> None:
    async with browser(doors, tmp_path) as http:
        answer = await http.get("/app")

    assert answer.status_code == 503
    assert "have not been built" in answer.text


EXTENSIONS = [
    ("3.21", ["NAVIGATION_ORDERS", "ORDER_OVERVIEW_MORE_ACTIONS", "ORDER_DETAILS_MORE_ACTIONS"]),
    ("3.22", ["ORDER_DETAILS_WIDGETS"]),
    ("3.23", ["HOMEPAGE_WIDGETS"]),
]


async def test_the_manifest_names_the_places_a_host_knows(doors: Doors) -> None:
    expected: list[str] = []
    for version, added in EXTENSIONS:
        expected = [*expected, *added]
        headers = {"Saleor-Schema-Version": version}

        manifest = (await doors.http.get("/api/manifest", headers=headers)).json()

        assert [one["mount"] for one in manifest["extensions"]] == expected
        assert {key for one in manifest["extensions"] for key in one} <= {
            *("label", "mount", "target", "url", "permissions", "options")
        }
        assert set().union(*(one["permissions"] for one in manifest["extensions"])) <= set(
            manifest["permissions"]
        )
