"""A seller account is connected by consent at Amazon, in a tab of its own."""

from playwright.async_api import Frame, Page, expect

from saleor_amazon_app.entrypoints.tryout import TryOut
from tests.browser.app_pages import Api, open_page
from tests.browser.test_session import choose

STORES = "{ stores { id name status } }"
IDLE = "Closed for the Season"


async def begin(frame: Frame, name: str) -> None:
    """Fills in the form for a store in the United States."""
    await frame.get_by_label("Name", exact=True).fill(name)
    await choose(frame, "Region", "North America")
    await frame.get_by_role("checkbox", name="Amazon.com (USD)").check()


async def consent(page: Page, frame: Frame, *, seller: str, answer: str) -> Page:
    """Goes to Seller Central and answers there; the tab with what came of it."""
    async with page.expect_popup() as opened:
        await frame.get_by_role("button", name="Go to Seller Central").click()
    tab = await opened.value
    await tab.get_by_label(seller).check()
    await tab.get_by_role("button", name=answer).click()
    await tab.wait_for_url("**/amazon/consent*")
    return tab


async def test_without_consent_nothing_is_connected(page: Page, tried: TryOut, api: Api) -> None:
    # given
    before = await api.ask(STORES)
    frame = await open_page(page, tried, api, "/stores/new")
    await begin(frame, "Second thoughts")

    # when
    tab = await consent(page, frame, seller="A1SIMULATED ", answer="Deny")

    # then
    await expect(tab.get_by_role("heading")).to_have_text("No consent was given")
    await expect(frame.get_by_role("alert")).to_contain_text("No consent was given at Amazon")
    assert await api.ask(STORES) == before


async def test_an_account_is_connected_once(page: Page, tried: TryOut, api: Api) -> None:
    # given
    before = await api.ask(STORES)
    frame = await open_page(page, tried, api, "/stores/new")
    await begin(frame, "The same again")

    # when
    await consent(page, frame, seller="A1SIMULATED ", answer="Allow")

    # then
    await expect(frame.get_by_role("alert")).to_contain_text("connected already")
    assert await api.ask(STORES) == before


async def test_a_store_is_deleted_and_connected_again(page: Page, tried: TryOut, api: Api) -> None:
    # given
    frame = await open_page(page, tried, api, "/stores")
    store = frame.get_by_role("listitem").filter(has=frame.get_by_role("heading", name=IDLE))
    await store.get_by_role("button", name="Delete").click()
    dialog = frame.get_by_role("dialog")
    await dialog.get_by_role("textbox").fill(IDLE)
    await dialog.get_by_role("button", name="Delete").click()
    await expect(store).to_have_count(0)

    # when
    frame = await open_page(page, tried, api, "/stores/new")
    await begin(frame, "Open again")
    tab = await consent(page, frame, seller="A4SIMULATEDOFF", answer="Allow")

    # then
    await expect(tab.get_by_role("heading")).to_have_text("The store is connected")
    await expect(page.locator(".toast.success")).to_contain_text("Open again is connected")
    await expect(frame.get_by_role("heading", name="Open again")).to_be_visible()
    stores = {each["name"]: each["status"] for each in (await api.ask(STORES))["stores"]}
    assert stores["Open again"] == "ACTIVE"
    assert IDLE not in stores
