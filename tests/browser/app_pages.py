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
APP = "query ($id: ID!) { app(id: $id) { accessToken } }"
APPS = "{ apps(first: 10) { edges { node { id } } } }"


class Api:
    """The app's API, as the dashboard's tokens of somebody who may do everything open it."""

    def __init__(self, tried: TryOut, staff_token: str) -> None:
        self.app_id = ""
        self._tried = tried
        self._staff = {"Authorization": f"Bearer {staff_token}"}
        self._shop_api = f"{tried.shop.address}/graphql/"

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        token = (await self.ask_shop(APP, id=self.app_id))["app"]["accessToken"]
        headers = {"Authorization": f"Bearer {token}", "saleor-api-url": self._shop_api}
        return await self._ask(f"{self._tried.app.address}/graphql", headers, query, variables)

    async def ask_shop(self, query: str, **variables: Any) -> dict[str, Any]:
        return await self._ask(self._shop_api, self._staff, query, variables)

    async def _ask(
        self, url: str, headers: dict[str, str], query: str, variables: dict[str, Any]
    ) -> dict[str, Any]:
        body = {"query": query, "variables": variables}
        answer = (await self._tried.http.post(url, json=body, headers=headers)).json()
        assert "errors" not in answer, answer
        data: dict[str, Any] = answer["data"]
        return data


async def open_api(tried: TryOut) -> Api:
    let_in = await tried.http.post(f"{tried.shop.address}/_simulator/staff", json={})
    api = Api(tried, let_in.json()["token"])
    (edge,) = (await api.ask_shop(APPS))["apps"]["edges"]
    api.app_id = edge["node"]["id"]
    return api


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
