"""The simulated shop's dashboard embeds an app as the real one does."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import jwt
import pytest
from playwright.async_api import Frame, Page, expect

from tests.browser.little_app import LittleApp


async def frame_in(page: Page) -> Frame:
    """The app's frame, once it was greeted."""
    element = await page.wait_for_selector("iframe.app")
    assert element is not None
    frame = await element.content_frame()
    assert frame is not None
    await frame.wait_for_function("window.heard?.some((each) => each.type === 'redirect')")
    return frame


async def heard(frame: Frame, kind: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = await frame.evaluate("window.heard")
    return [each["payload"] for each in told if each["type"] == kind]


def app_address(app: LittleApp, path: str = "") -> str:
    return f"{app.dashboard}extensions/app/{quote(app.id, safe='')}{path}"


def told_in(frame: Frame) -> dict[str, list[str]]:
    return parse_qs(urlsplit(frame.url).query)


async def test_an_app_page_is_told_who_it_is_and_where(page: Page, little_app: LittleApp) -> None:
    # when
    await page.goto(app_address(little_app, "/deep/page?tab=two"))
    frame = await frame_in(page)

    # then
    assert urlsplit(frame.url).path == "/app/deep/page"
    told = told_in(frame)
    assert (told["tab"], told["saleorApiUrl"], told["id"], told["theme"]) == (
        ["two"],
        [f"{little_app.shop_url}/graphql/"],
        [little_app.id],
        ["light"],
    )
    element = await frame.frame_element()
    assert await element.get_attribute("sandbox") == (
        "allow-same-origin allow-forms allow-scripts allow-downloads allow-popups"
    )
    kinds = [each["type"] for each in await frame.evaluate("window.heard")]
    assert kinds == ["handshake", "localeChanged", "theme", "redirect"]
    assert await frame.evaluate("document.referrer") == f"{little_app.shop_url}/"
    (handshake,) = await heard(frame, "handshake")
    assert (handshake["version"], handshake["saleorVersion"]) == (1, "3.23.28")
    claims = jwt.decode(handshake["token"], options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 300
    assert (claims["app"], claims["type"], claims["iss"]) == (
        little_app.id,
        "thirdparty",
        f"{little_app.shop_url}/graphql/",
    )
    assert claims["permissions"] == ["MANAGE_ORDERS", "MANAGE_PRODUCTS"]
    assert "MANAGE_APPS" in claims["user_permissions"]


async def test_the_token_is_signed_with_the_shops_key(page: Page, little_app: LittleApp) -> None:
    await page.goto(app_address(little_app))
    (handshake,) = await heard(await frame_in(page), "handshake")

    async with httpx.AsyncClient() as http:
        keys = (await http.get(f"{little_app.shop_url}/.well-known/jwks.json")).json()
    key = jwt.PyJWKSet.from_dict(keys)[jwt.get_unverified_header(handshake["token"])["kid"]]

    assert jwt.decode(handshake["token"], key, algorithms=["RS256"])["email"].startswith("staff-")


async def test_theme_and_language_are_followed_live(page: Page, little_app: LittleApp) -> None:
    # given
    await page.goto(app_address(little_app))
    frame = await frame_in(page)

    # when
    await page.get_by_label("Theme").select_option("dark")
    await page.get_by_label("Language").select_option("it")
    await frame.wait_for_function("window.heard.length >= 6")

    # then
    assert await heard(frame, "theme") == [{"theme": "light"}, {"theme": "dark"}]
    assert await heard(frame, "localeChanged") == [{"locale": "en"}, {"locale": "it"}]
    assert await page.locator("html").get_attribute("data-theme") == "dark"


async def test_the_address_follows_the_app_and_survives_a_reload(
    page: Page, little_app: LittleApp
) -> None:
    # given
    await page.goto(app_address(little_app, "/list"))
    frame = await frame_in(page)

    # when
    assert await frame.evaluate("ask('updateRouting', { newRoute: '/list/7' })")

    # then
    assert page.url == app_address(little_app, "/list/7")
    await page.reload()
    assert urlsplit((await frame_in(page)).url).path == "/app/list/7"
    await page.go_back()
    await page.wait_for_function("document.querySelector('iframe.app').src.includes('/app/list?')")
    assert page.url == app_address(little_app, "/list")


async def test_an_app_leads_elsewhere(page: Page, little_app: LittleApp) -> None:
    await page.goto(app_address(little_app))
    frame = await frame_in(page)

    async with page.expect_popup() as opened:
        await frame.evaluate(
            "void ask('redirect', { to: '/extensions/installed', newContext: true })"
        )
    assert (await opened.value).url == f"{little_app.dashboard}extensions/installed"

    assert not await frame.evaluate(f"ask('redirect', {{ to: '{little_app.dashboard}' }})")
    await frame.evaluate("void ask('redirect', { to: '/orders' })")
    await expect(page.get_by_role("heading", name="Orders")).to_be_visible()


async def test_an_app_says_something(page: Page, little_app: LittleApp) -> None:
    await page.goto(app_address(little_app))
    frame = await frame_in(page)

    said = "{ status: 'success', title: 'Saved', text: '<b>All</b> of it' }"
    assert await frame.evaluate(f"ask('notification', {said})")

    toast = page.locator(".toast.success")
    await expect(toast).to_contain_text("<b>All</b> of it")


@pytest.mark.parametrize(
    ("_case", "message"),
    [("no action id", "{ type: 'notification', payload: { title: 'x' } }"), ("no object", "'x'")],
)
async def test_what_is_no_action_is_ignored(
    page: Page, little_app: LittleApp, _case: str, message: str
) -> None:
    await page.goto(app_address(little_app))
    frame = await frame_in(page)

    await frame.evaluate(f"parent.postMessage({message}, '*')")
    assert await frame.evaluate("ask('notifyReady')")

    assert await page.locator(".toast").count() == 0
    assert len(await heard(frame, "handshake")) == 2


async def test_a_token_is_renewed_before_it_expires(
    page: Page, little_app: LittleApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given
    monkeypatch.setattr(little_app.shop.state, "token_lifetime", timedelta(seconds=3))

    # when
    await page.goto(app_address(little_app))
    frame = await frame_in(page)
    await frame.wait_for_function("window.heard.some((each) => each.type === 'tokenRefresh')")

    # then
    (handshake, *_), (refresh, *_) = [
        await heard(frame, kind) for kind in ("handshake", "tokenRefresh")
    ]
    before, after = (
        jwt.decode(each["token"], options={"verify_signature": False})
        for each in (handshake, refresh)
    )
    assert before["exp"] - before["iat"] == 3
    assert before["iat"] < after["iat"] < before["exp"]


async def test_another_query_in_the_address_loads_the_frame_anew_with_the_next_token(
    page: Page, little_app: LittleApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given
    monkeypatch.setattr(little_app.shop.state, "token_lifetime", timedelta(seconds=3))
    await page.goto(app_address(little_app, "/list"))
    frame = await frame_in(page)

    # when
    assert await frame.evaluate("ask('updateRouting', { newRoute: '/list/7?x=1' })")

    # then
    await page.wait_for_function("document.querySelector('iframe.app').src.includes('/list?x=1&')")
    assert page.url == app_address(little_app, "/list/7?x=1")


async def test_whoever_loses_a_permission_has_another_token(
    page: Page, little_app: LittleApp
) -> None:
    # given
    await page.goto(app_address(little_app))
    frame = await frame_in(page)
    link = page.get_by_role("link", name="Orders", exact=True)
    await expect(link).to_be_visible()

    # when
    await page.get_by_label("Staff may do").select_option("nothing")
    await frame.wait_for_function("window.heard.some((each) => each.type === 'tokenRefresh')")

    # then
    (renewed,) = await heard(frame, "tokenRefresh")
    claims = jwt.decode(renewed["token"], options={"verify_signature": False})
    assert (claims["permissions"], claims["user_permissions"]) == ([], [])
    assert await link.count() == 0
    await page.goto(f"{little_app.dashboard}orders")
    await expect(page.get_by_role("alert")).to_contain_text("MANAGE_ORDERS")


async def test_the_home_page_has_a_widget_that_grows(page: Page, little_app: LittleApp) -> None:
    # given
    await page.goto(little_app.dashboard)
    frame = await frame_in(page)
    (handshake,) = await heard(frame, "handshake")
    claims = jwt.decode(handshake["token"], options={"verify_signature": False})

    # when
    assert await frame.evaluate("ask('widgetResize', { height: 432.1 })")

    # then
    assert claims["permissions"] == ["MANAGE_ORDERS"]
    assert claims["app_extension"]
    element = await frame.frame_element()
    assert await element.evaluate("(each) => each.style.height") == "433px"


async def test_a_menu_item_opens_a_popup_that_closes_itself(
    page: Page, little_app: LittleApp
) -> None:
    # given
    await page.goto(f"{little_app.dashboard}orders")
    await page.get_by_text("More actions").click()

    # when
    await page.get_by_role("button", name="Little popup").click()
    frame = await frame_in(page)

    # then
    assert urlsplit(frame.url).path == "/app/popup"
    await frame.evaluate("void ask('popupClose')")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_another_name_of_this_machine_leads_to_the_one_the_app_knows(
    page: Page, little_app: LittleApp
) -> None:
    await page.goto(little_app.dashboard.replace("127.0.0.1", "localhost") + "orders?x=1")

    assert page.url == f"{little_app.dashboard}orders?x=1"
