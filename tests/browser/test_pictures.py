"""Every page in both themes: nothing that keeps people out, and a picture to look at."""

import pytest
from playwright.async_api import Page

from saleor_amazon_app.entrypoints.tryout import TryOut
from tests.browser.app_pages import Api, open_api, open_page, take_picture, violations
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
async def api(tried: TryOut) -> Api:
    return await open_api(tried)


@pytest.fixture(scope="session")
async def ids(api: Api) -> dict[str, str]:
    """Ids to put into addresses."""
    stores = (await api.ask(STORES))["stores"]
    orders = [edge["node"] for edge in (await api.ask(ORDERS))["orders"]["edges"]]
    by_state = {order["importState"]: order["id"] for order in reversed(orders)}
    store = max(stores, key=lambda each: int(each["heldOrders"] or 0))
    return {"store": store["id"], "placed": by_state["PLACED"], "held": by_state["HELD"]}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
async def test_a_page_is_open_to_everybody(
    page: Page, tried: TryOut, api: Api, ids: dict[str, str], name: str, theme: str
) -> None:
    await page.add_init_script(f"localStorage.setItem('shop-theme', '{theme}')")

    frame = await open_page(page, tried, api, PAGES[name].format(**ids))
    await take_picture(page, f"{name}-{theme}", frame)

    assert await violations(frame) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_the_dashboard_is_open_to_everybody(page: Page, tried: TryOut, theme: str) -> None:
    # given
    await page.add_init_script(f"localStorage.setItem('shop-theme', '{theme}')")
    order = await order_in_shop(tried)
    addresses = {
        "host-home": tried.dashboard,
        "host-orders": f"{tried.dashboard}orders",
        "host-order": order_address(tried, order),
    }
    found = []
    for name, address in addresses.items():
        # when
        await page.goto(address)
        await page.wait_for_selector("main h1")
        if name != "host-orders":
            frame = await app_frame(page)
            found += await violations(frame)
        await take_picture(page, f"{name}-{theme}")
        found += await violations(page.main_frame)

    # then
    assert found == []
