"""What staff do with an Amazon order on the app's own pages."""

import asyncio
from datetime import timedelta
from typing import Any

from playwright.async_api import Frame, Page, expect

from saleor_amazon_app.core.times import utc_now
from saleor_amazon_app.entrypoints.tryout import TryOut
from saleor_amazon_app.simulators.world.shop import SOLD
from tests.browser.app_pages import Api, open_page
from tests.browser.shop_pages import ON_ITS_WAY_MS, at_amazon, sell
from tests.flows.trading import goods, number_of, sale
from tests.unit.amazon_orders import SEATTLE

ORDER = """query ($number: String!) { orderByAmazonId(amazonOrderId: $number) {
  id importState saleorOrderNumber } }"""


async def known(api: Api, number: str, *states: str) -> dict[str, Any]:
    """An order once the app knows it, in one of these states."""
    async with asyncio.timeout(ON_ITS_WAY_MS / 1000):
        while True:
            found = (await api.ask(ORDER, number=number))["orderByAmazonId"]
            if found and found[0]["importState"] in states:
                return dict(found[0])
            await asyncio.sleep(0.5)


def an_order(number: int, **more: Any) -> dict[str, Any]:
    """An order of goods that the shop sells."""
    bought = utc_now() - timedelta(seconds=1)
    return sale(number, [goods(sku=SOLD[0])], bought=bought, **more)


async def save(page: Page, frame: Frame) -> None:
    """Saves an address, and again where the app was looking at the order just then."""
    saved = page.locator(".toast.success", has_text="The address is saved")
    later = frame.get_by_text("Try again in a moment")
    await frame.get_by_role("button", name="Save and retry").click()
    async with asyncio.timeout(ON_ITS_WAY_MS / 1000):
        while not (await saved.count() or await later.count()):
            await asyncio.sleep(0.1)
    if await later.count():
        await frame.get_by_role("button", name="Save and retry").click()
        await expect(saved).to_be_visible()


async def test_an_address_is_corrected_and_the_order_placed(
    page: Page, tried: TryOut, api: Api
) -> None:
    # given: an address without a city, and a buyer who tries to be clever
    name = '<img src=x onerror="document.title=1"> Ada'
    address = {**SEATTLE, "city": "", "name": name}
    await sell(tried, an_order(9101, address=address))
    order = await known(api, number_of(9101), "HELD")
    frame = await open_page(page, tried, api, f"/orders/{order['id']}")
    await expect(frame.get_by_text("This order is held")).to_be_visible()
    await expect(frame.get_by_label("Name", exact=True)).to_have_value(name)

    # when
    await frame.get_by_label("Name", exact=True).fill("Ada Example")
    await frame.get_by_label("City").fill("Seattle")
    await save(page, frame)

    # then
    opens = frame.get_by_role("button", name="Open Saleor order")
    await expect(opens).to_be_visible(timeout=ON_ITS_WAY_MS)
    assert await frame.locator("img[src=x]").count() == 0
    await opens.click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Unfulfilled")
    await expect(page.locator("main")).to_contain_text("98109 Seattle WA", ignore_case=True)


async def test_an_order_is_cancelled_with_a_reason(page: Page, tried: TryOut, api: Api) -> None:
    # given
    number = number_of(9102)
    await sell(tried, an_order(9102))
    order = await known(api, number, "PLACED")
    frame = await open_page(page, tried, api, f"/orders/{order['id']}")

    # when
    await frame.get_by_role("button", name="Cancel order").click()
    dialog = frame.get_by_role("dialog")
    await dialog.get_by_label("Pricing error").check()
    await dialog.get_by_role("button", name="Cancel the order").click()

    # then
    await expect(page.locator(".toast.success")).to_contain_text("The order is being cancelled")
    async with asyncio.timeout(ON_ITS_WAY_MS / 1000):
        while (told := await at_amazon(tried, number))["cancellation"] is None:
            await asyncio.sleep(0.5)
    assert told["status"] == "CANCELLED"
    assert told["cancellation"]["reason"] == "PricingError"
    status = frame.locator("header")
    await expect(status).to_contain_text("Canceled", timeout=ON_ITS_WAY_MS)
    await frame.get_by_role("button", name="Open Saleor order").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Canceled")


async def test_thinking_again_cancels_nothing(page: Page, tried: TryOut, api: Api) -> None:
    # given
    number = number_of(9103)
    await sell(tried, an_order(9103))
    order = await known(api, number, "PLACED")
    frame = await open_page(page, tried, api, f"/orders/{order['id']}")

    # when
    await frame.get_by_role("button", name="Cancel order").click()
    await page.keyboard.press("Escape")

    # then
    await expect(frame.get_by_role("dialog")).to_have_count(0)
    told = await at_amazon(tried, number)
    assert (told["status"], told["cancellation"]) == ("UNSHIPPED", None)
