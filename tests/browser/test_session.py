"""The pages keep pace with the dashboard: its language, its address, its tokens, its staff."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Frame, Page, expect

from saleor_amazon_app.entrypoints.tryout import TryOut
from tests.browser.app_pages import Api, address_of, open_page
from tests.browser.shop_pages import app_frame

MESSAGES = Path(__file__).parents[2] / "web" / "src" / "messages"
SETTINGS = "{ stores { id name settings { orderNumber cancelReason } } }"


def words(locale: str, key: str) -> str:
    text: str = json.loads((MESSAGES / f"{locale}.json").read_text())[key]
    return text


async def choose(frame: Frame, label: str, option: str) -> None:
    """Chooses in one of the pages' own drop-downs."""
    await frame.get_by_role("combobox", name=label).click()
    await frame.get_by_role("option", name=option).click()


async def settings_of(api: Api, name: str) -> tuple[str, dict[str, Any]]:
    stores = (await api.ask(SETTINGS))["stores"]
    store = next(each for each in stores if each["name"] == name)
    return store["id"], store["settings"]


@pytest.fixture
async def lasting(tried: TryOut) -> AsyncIterator[None]:
    """Afterwards tokens last five minutes again."""
    yield
    await tried.http.post(f"{tried.shop.address}/_simulator/token-lifetime", json={"seconds": 300})


@pytest.mark.parametrize("locale", ["fr", "it", "nl"])
async def test_the_language_is_followed_live(
    page: Page, tried: TryOut, api: Api, locale: str
) -> None:
    # given
    frame = await open_page(page, tried, api, "/orders")
    title = frame.get_by_role("heading", level=1)
    await expect(title).to_have_text(words("en", "nav.orders"))

    # when
    await page.get_by_label("Language").select_option(locale)

    # then
    await expect(title).to_have_text(words(locale, "nav.orders"))
    assert await frame.locator("html").get_attribute("lang") == locale


async def test_a_language_the_pages_do_not_speak_is_english(
    page: Page, tried: TryOut, api: Api
) -> None:
    frame = await open_page(page, tried, api, "/orders")

    await page.get_by_label("Language").select_option("de")

    await expect(frame.get_by_role("heading", level=1)).to_have_text("All orders")


async def test_the_theme_is_followed_live(page: Page, tried: TryOut, api: Api) -> None:
    # given
    frame = await open_page(page, tried, api, "/orders")
    title = frame.get_by_role("heading", level=1)
    light = await title.evaluate("(each) => getComputedStyle(each).color")

    # when
    await page.get_by_label("Theme").select_option("dark")

    # then
    await expect(title).not_to_have_css("color", light)


async def test_a_shared_link_a_reload_and_back_lead_to_the_same_page(
    page: Page, tried: TryOut, api: Api
) -> None:
    # given
    frame = await open_page(page, tried, api, "/orders?held=yes&sort=TOTAL&direction=ASC")
    rows = frame.locator("tbody tr")
    held = await rows.count()
    assert held >= 3
    assert await frame.locator("th[aria-sort=ascending]").inner_text() == "Total ↑\n?"

    # when
    await rows.first.get_by_role("link", name="Amazon order").last.click()

    # then
    await page.wait_for_url(address_of(tried, api, "/orders/*"))
    opened = page.url
    await page.reload()
    frame = await app_frame(page)
    assert page.url == opened
    number = (await frame.get_by_role("heading", level=1).inner_text()).strip()
    assert number
    # The way back has a step for the dashboard and one for the frame.
    await page.go_back()
    await page.go_back()
    await expect(page.frame_locator("iframe.app").locator("tbody tr")).to_have_count(held)


async def test_a_renewed_token_leaves_the_page_where_it_is(
    page: Page, tried: TryOut, api: Api
) -> None:
    # given: a list is filtered, and an order of it opened
    frame = await open_page(page, tried, api, "/orders?held=yes")
    await frame.get_by_role("button", name="Total").first.click()
    await frame.locator("th[aria-sort]", has_text="Total").wait_for()
    await frame.locator("tbody tr").first.get_by_role("link", name="Amazon order").last.click()
    await page.wait_for_url("**/orders/*")
    number = frame.get_by_role("heading", level=1)
    opened = await number.inner_text()
    shown = await page.locator("iframe.app").get_attribute("src")
    await frame.evaluate(
        "() => { window.renewed = new Promise((tell) => addEventListener('message', ({ data }) =>"
        " data.type === 'tokenRefresh' && tell(true))); }"
    )

    # when
    await page.get_by_label("Staff may do").select_option("everything")
    assert await frame.evaluate("window.renewed")

    # then
    assert await page.locator("iframe.app").get_attribute("src") == shown
    await expect(number).to_have_text(opened)


async def test_the_way_back_is_found_also_where_the_frame_is_loaded_anew(
    page: Page, tried: TryOut, api: Api
) -> None:
    # given: the list, an order and its history
    frame = await open_page(page, tried, api, "/orders")
    await frame.locator("tbody tr").first.get_by_role("link", name="Amazon order").last.click()
    await frame.get_by_role("link", name="History").click()
    await page.wait_for_url("**/history")

    # when
    for _ in range(3):
        await page.evaluate("history.back()")
        await page.wait_for_timeout(1000)

    # then
    frame = await app_frame(page)
    await expect(frame.get_by_role("heading", level=1)).to_be_visible()


async def test_settings_are_saved_and_stay(page: Page, tried: TryOut, api: Api) -> None:
    # given: two service levels lead to shipping methods that the shop does not have there
    store, before = await settings_of(api, "Northern Lanterns")
    assert before["cancelReason"] == "NO_INVENTORY"
    frame = await open_page(page, tried, api, f"/stores/{store}/settings")

    # when
    await choose(frame, "Reason for a cancellation", "Pricing error")
    await frame.get_by_role("button", name="Save").click()

    # then
    await expect(frame.get_by_role("alert")).to_contain_text("'Zeppelin' chosen for PRIORITY")
    assert (await settings_of(api, "Northern Lanterns"))[1] == before

    # when
    for level in ("Priority", "Same day"):
        await choose(frame, level, "The first that serves the country")
    await frame.get_by_role("button", name="Save").click()

    # then
    await expect(page.locator(".toast.success")).to_contain_text("The settings are saved")
    assert (await settings_of(api, "Northern Lanterns"))[1]["cancelReason"] == "PRICING_ERROR"
    await page.reload()
    frame = await app_frame(page)
    chosen = frame.get_by_role("combobox", name="Reason for a cancellation")
    await expect(chosen).to_contain_text("Pricing error")


async def test_a_lost_permission_keeps_everything_as_it_was(
    page: Page, tried: TryOut, api: Api
) -> None:
    # given
    store, before = await settings_of(api, "Northern Lanterns")
    frame = await open_page(page, tried, api, f"/stores/{store}/settings")
    await choose(frame, "Order number", "Amazon’s number")

    # when
    await page.get_by_label("Staff may do").select_option("orders")
    await page.wait_for_timeout(500)
    await frame.get_by_role("button", name="Save").click()

    # then
    await expect(frame.get_by_role("alert")).to_be_visible()
    assert (await settings_of(api, "Northern Lanterns"))[1] == before
    await page.reload()
    frame = await app_frame(page)
    await expect(frame.get_by_role("alert")).to_contain_text("You may not see this page")
    await expect(frame.get_by_role("link", name="All orders")).to_be_visible()


async def test_a_token_that_ends_in_the_middle_of_work_is_replaced(
    page: Page, tried: TryOut, api: Api, lasting: None
) -> None:
    # given: tokens that the dashboard does not renew, and that the app has seen expire
    await page.add_init_script("localStorage.setItem('shop-tokens', 'stale')")
    lifetime = f"{tried.shop.address}/_simulator/token-lifetime"
    await tried.http.post(lifetime, json={"seconds": 1})
    frame = await open_page(page, tried, api, "/orders")
    await expect(frame.locator("tbody tr").first).to_be_visible()
    await page.wait_for_timeout(12_000)

    # when
    await frame.get_by_role("columnheader", name="Total").get_by_role("button").first.click()
    await page.wait_for_timeout(500)
    await page.get_by_label("App tokens").select_option("long")

    # then
    await expect(frame.locator("th[aria-sort=descending]")).to_contain_text("Total")
    await expect(frame.locator("tbody tr").first).to_be_visible()
    assert await frame.get_by_role("alert").count() == 0
