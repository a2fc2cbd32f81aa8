"""Every page in both themes: nothing that keeps people out, and a picture to look at."""

import pytest
from playwright.async_api import Page

from saleor_amazon_app.entrypoints.tryout import TryOut
from tests.browser.app_pages import Api, open_page, take_picture, violations
from tests.browser.shop_pages import app_frame, order_address, order_in_shop

STORES = "{ stores { id status heldOrders } }"
ORDERS = "{ orders(first: 100) { edges { node { id importState status } } } }"
# {store}, {placed} and {held} stand for ids.
PAGES = {
    "stores": "/stores",
    "new-store": "/stores/new",
    "store": "/stores/{store}",
    "settings": "/stores/{store}/settings",
    "connection": "/stores/{store}/connection",
    "orders": "/orders",
    "no-orders": "/orders?buyer=nobody-is-called-this",
    "order": "/orders/{placed}",
    "order-items": "/orders/{placed}/items",
    "order-tracking": "/orders/{placed}/tracking",
    "order-history": "/orders/{placed}/history",
    "held-order": "/orders/{held}",
    "no-order": "/orders/00000000-0000-0000-0000-000000000000",
    "unmatched": "/unmatched",
    "logs": "/logs",
    "nowhere": "/nowhere",
}


@pytest.fixture(scope="session")
async def ids(api: Api) -> dict[str, str]:
    """Ids to put into addresses."""
    stores = (await api.ask(STORES))["stores"]
    orders = [edge["node"] for edge in (await api.ask(ORDERS))["orders"]["edges"]]
    by_state = {order["importState"]: order["id"] for order in reversed(orders)}
    store = max(stores, key=lambda each: int(each["heldOrders"] or 0))
    return {"store": store["id"], "placed": by_state["PLACED"], "held": by_state["HELD"]}


@pytest.mark.parametrize("name", PAGES)
async def test_a_page_is_open_to_everybody(
    page: Page, tried: TryOut, api: Api, ids: dict[str, str], name: str
) -> None:
    frame = await open_page(page, tried, api, PAGES[name].format(**ids))

    found = []
    for theme in ("light", "dark"):
        await page.get_by_label("Theme").select_option(theme)
        await take_picture(page, f"{name}-{theme}", frame)
        found += await violations(frame)

    assert found == []


@pytest.mark.parametrize("name", ["home", "orders", "order"])
async def test_the_dashboard_is_open_to_everybody(page: Page, tried: TryOut, name: str) -> None:
    # given
    order = await order_in_shop(tried)
    addresses = {
        "home": tried.dashboard,
        "orders": f"{tried.dashboard}orders",
        "order": order_address(tried, order),
    }
    await page.goto(addresses[name])
    await page.wait_for_selector("main h1")
    frames = [page.main_frame] if name == "orders" else [page.main_frame, await app_frame(page)]

    # when
    found = []
    for theme in ("light", "dark"):
        await page.get_by_label("Theme").select_option(theme)
        await take_picture(page, f"host-{name}-{theme}")
        for frame in frames:
            found += await violations(frame)

    # then
    assert found == []
