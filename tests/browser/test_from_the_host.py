"""What staff do on the host's own order page reaches Amazon."""

from playwright.async_api import Page, expect

from saleor_amazon_app.entrypoints.tryout import TryOut
from tests.browser.shop_pages import (
    ON_ITS_WAY_MS,
    app_frame,
    at_amazon,
    card,
    order_address,
    order_in_shop,
)


async def test_a_shipped_order_is_confirmed_at_amazon(page: Page, tried: TryOut) -> None:
    # given
    order = await order_in_shop(tried, status="UNFULFILLED")
    assert (await at_amazon(tried, order["external_reference"]))["packages"] == []
    await page.goto(order_address(tried, order))

    # when
    await page.get_by_role("button", name="Fulfill").click()
    dialog = page.get_by_role("dialog", name="Fulfill")
    await dialog.get_by_label("Tracking number").fill("1Z999AA10123456784")
    await dialog.get_by_role("button", name="Fulfill").click()

    # then
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Fulfilled")
    told = card(page, "At Amazon (simulated)")
    await expect(told).to_contain_text("tracking number 1Z999AA10123456784", timeout=ON_ITS_WAY_MS)
    (parcel,) = (await at_amazon(tried, order["external_reference"]))["packages"]
    assert (parcel["trackingNumber"], parcel["carrierCode"]) == ("1Z999AA10123456784", "UPS")
    assert sum(parcel["items"].values()) == sum(line["quantity"] for line in order["lines"])

    # then: the app's own pages show the receipt
    widget = await app_frame(page)
    await expect(widget.locator("body")).to_contain_text("1Z999AA10123456784")
    await widget.get_by_role("link", name=order["external_reference"]).click()
    await page.wait_for_selector("iframe.app_page")
    frame = await app_frame(page, within="iframe.app_page")
    await frame.get_by_role("link", name="Tracking").click()
    parcels = frame.get_by_role("group", name="Parcels")
    await expect(parcels.locator("tbody tr")).to_have_count(1)
    await expect(parcels).to_contain_text("1Z999AA10123456784")


async def test_a_cancelled_order_is_cancelled_at_amazon(page: Page, tried: TryOut) -> None:
    # given
    order = await order_in_shop(tried, status="UNFULFILLED")
    await page.goto(order_address(tried, order))

    # when
    await page.get_by_role("button", name="Cancel order").click()
    dialog = page.get_by_role("dialog", name="Cancel order")
    await dialog.get_by_role("button", name="Cancel order").click()

    # then
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Canceled")
    told = card(page, "At Amazon (simulated)")
    await expect(told).to_contain_text("Cancelled", timeout=ON_ITS_WAY_MS)
    assert (await at_amazon(tried, order["external_reference"]))["status"] == "CANCELLED"


async def test_the_shop_refuses_what_staff_may_not_do(page: Page, tried: TryOut) -> None:
    # given
    order = await order_in_shop(tried, status="UNFULFILLED")
    await page.goto(order_address(tried, order))
    await page.get_by_role("button", name="Fulfill").click()
    dialog = page.get_by_role("dialog", name="Fulfill")
    await page.evaluate(
        """fetch("/_simulator/staff", { method: "POST", body: JSON.stringify({
             token: localStorage.getItem("shop-staff"), permissions: [] }) })"""
    )

    # when
    await dialog.get_by_role("button", name="Fulfill").click()

    # then
    await expect(dialog.get_by_role("alert")).to_contain_text("MANAGE_ORDERS")
    assert (await at_amazon(tried, order["external_reference"]))["packages"] == []
