"""A little app in a simulated shop: its page shows what the dashboard tells it, and no more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from saleor_amazon_app.simulators.saleor import SimulatedShop, create_shop, server_for

PERMISSIONS = ["MANAGE_ORDERS", "MANAGE_PRODUCTS"]
EXTENSIONS = [
    {"label": "Little list", "mount": "NAVIGATION_ORDERS", "target": "APP_PAGE", "url": "/list"},
    {
        "label": "Little popup",
        "mount": "ORDER_OVERVIEW_MORE_ACTIONS",
        "target": "POPUP",
        "url": "/popup",
    },
    {
        "label": "Little home",
        "mount": "HOMEPAGE_WIDGETS",
        "target": "WIDGET",
        "url": "/home",
        "permissions": ["MANAGE_ORDERS"],
        "options": {"homeWidgetTarget": {"method": "GET"}},
    },
    {
        "label": "Little widget",
        "mount": "ORDER_DETAILS_WIDGETS",
        "target": "WIDGET",
        "url": "/widget",
        "permissions": ["MANAGE_ORDERS"],
    },
]
PAGE = """<!doctype html><html lang="en"><title>Little app</title><h1>Little app</h1>
<pre id="heard"></pre>
<script>
  window.heard = [];
  window.ask = (type, payload = {}) => new Promise((resolve) => {
    const actionId = crypto.randomUUID();
    const hear = ({ data }) => {
      if (data.type !== "response" || data.payload.actionId !== actionId) return;
      removeEventListener("message", hear);
      resolve(data.payload.ok);
    };
    addEventListener("message", hear);
    parent.postMessage({ type, payload: { ...payload, actionId } }, "*");
  });
  addEventListener("message", ({ origin, data }) => {
    heard.push({ origin, ...data });
    document.getElementById("heard").textContent = heard.map((each) => each.type).join(" ");
  });
</script></html>"""


@dataclass(frozen=True)
class LittleApp:
    """The app and its shop.

    Attributes:
        shop_url: the shop's origin.
        url: the app's.
        id: the app's global id in the shop.
    """

    shop: SimulatedShop
    shop_url: str
    url: str
    id: str

    @property
    def dashboard(self) -> str:
        return f"{self.shop_url}/dashboard/"


@asynccontextmanager
async def standing(server: uvicorn.Server) -> AsyncIterator[str]:
    """A server for as long as the context is open; its origin."""
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await serving


@asynccontextmanager
async def little_app_in_a_shop() -> AsyncIterator[LittleApp]:
    shop = create_shop()
    app = Starlette(
        routes=[
            Route("/manifest", _manifest),
            Route("/register", _register, methods=["POST"]),
            Route("/app{path:path}", _page),
        ]
    )
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", ws="none")
    async with (
        standing(server_for(shop, port=0)) as shop_url,
        standing(uvicorn.Server(config)) as app_url,
    ):
        done = await shop.install(f"{app_url}/manifest", f"{shop_url}/graphql/")
        assert done.app_id, done.error
        yield LittleApp(shop, shop_url, app_url, done.app_id)


async def _manifest(request: Request) -> Response:
    origin = str(request.base_url).rstrip("/")
    manifest: dict[str, Any] = {
        "id": "test.little",
        "name": "Little app",
        "version": "1.0",
        "permissions": PERMISSIONS,
        "appUrl": f"{origin}/app",
        "tokenTargetUrl": f"{origin}/register",
        "extensions": EXTENSIONS,
    }
    return JSONResponse(manifest)


async def _register(_request: Request) -> Response:
    return JSONResponse({"success": True})


async def _page(_request: Request) -> Response:
    return HTMLResponse(PAGE)
