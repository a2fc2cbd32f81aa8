"""The simulated shop's own pages, as staff use them."""

from typing import Any
from urllib.parse import quote

from playwright.async_api import Frame, Locator, Page, expect

from saleor_amazon_app.entrypoints.tryout import TryOut

# From the shop to Amazon and back: events, feeds and what Amazon takes to show them.
ON_ITS_WAY_MS = 60_000


async def order_in_shop(tried: TryOut, **wanted: Any) -> dict[str, Any]:
    """An order of the shop that came from Amazon and looks as it should."""
    book = (await tried.http.get(f"{tried.shop.address}/_simulator/book")).json()
    for order in book:
        is_imported = order["transactions"] and order["charge_status"] == "FULL"
        if is_imported and all(order[name] == value for name, value in wanted.items()):
            return dict(order)
    raise AssertionError(f"no order of {len(book)} is {wanted}")


async def sell(tried: TryOut, order: dict[str, Any]) -> None:
    """Sells something in the first seller's store."""
    desk = f"{tried.amazon.address}/_simulator/orders"
    answer = await tried.http.post(desk, json={"orders": [order]})
    assert answer.json() == {"added": 1}


async def at_amazon(tried: TryOut, number: str) -> dict[str, Any]:
    """What the simulated Amazon was told of an order."""
    answer = await tried.http.get(f"{tried.amazon.address}/_simulator/orders/{number}")
    return dict(answer.json())


def order_address(tried: TryOut, order: dict[str, Any]) -> str:
    return f"{tried.dashboard}orders/{quote(order['id'], safe='')}"


def card(page: Page, title: str) -> Locator:
    return page.locator("section.card", has=page.get_by_role("heading", name=title))


async def app_frame(page: Page, *, within: str = "iframe.app") -> Frame:
    """The app's frame, once it shows something that is not on its way any more."""
    element = await page.wait_for_selector(within)
    assert element is not None
    frame = await element.content_frame()
    assert frame is not None
    await frame.wait_for_load_state("domcontentloaded")
    await frame.locator("#root > *").first.wait_for(state="attached")
    await expect(frame.get_by_role("status").filter(has_text="Loading")).to_have_count(0)
    return frame
