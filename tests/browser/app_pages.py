"""The app's own pages, reached as the dashboard reaches them, and asked about themselves."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import axe_playwright_python
from playwright.async_api import Frame, Page

from saleor_amazon_app.entrypoints.tryout import TryOut
from tests.browser.shop_pages import app_frame

PICTURES = Path(__file__).with_name("pictures")
_AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
_HIGHEST = 4000
APPS = "{ apps(first: 10) { edges { node { id accessToken } } } }"


class Api:
    """The app's API, as the dashboard's token of somebody who may do everything opens it."""

    def __init__(self, tried: TryOut, app_id: str, headers: dict[str, str]) -> None:
        self.app_id = app_id
        self._tried = tried
        self._headers = headers

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        answer = await self._tried.http.post(
            f"{self._tried.app.address}/graphql",
            json={"query": query, "variables": variables},
            headers=self._headers,
        )
        body = answer.json()
        assert "errors" not in body, body
        data: dict[str, Any] = body["data"]
        return data


async def open_api(tried: TryOut) -> Api:
    http, shop = tried.http, tried.shop.address
    token = (await http.post(f"{shop}/_simulator/staff", json={})).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    told = await http.post(f"{shop}/graphql/", json={"query": APPS}, headers=headers)
    (edge,) = told.json()["data"]["apps"]["edges"]
    access = {
        "Authorization": f"Bearer {edge['node']['accessToken']}",
        "saleor-api-url": f"{shop}/graphql/",
    }
    return Api(tried, edge["node"]["id"], access)


def address_of(tried: TryOut, api: Api, path: str) -> str:
    return f"{tried.dashboard}extensions/app/{quote(api.app_id, safe='')}{path}"


async def open_page(page: Page, tried: TryOut, api: Api, path: str) -> Frame:
    """Opens a page of the app in the dashboard, as from a shared link."""
    await page.goto(address_of(tried, api, path))
    return await app_frame(page)


async def violations(frame: Frame) -> list[str]:
    """What axe-core finds serious or worse."""
    await frame.evaluate(_AXE)
    found = await frame.evaluate("axe.run(document, { iframes: false })")
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: {node['html'][:200]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


async def take_picture(page: Page, name: str, frame: Frame | None = None) -> None:
    """Keeps what the page looks like, all of it."""
    seen = frame or page.main_frame
    height = await seen.evaluate("document.documentElement.scrollHeight")
    await page.set_viewport_size({"width": 1440, "height": min(height + 150, _HIGHEST)})
    PICTURES.mkdir(exist_ok=True)
    await page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
