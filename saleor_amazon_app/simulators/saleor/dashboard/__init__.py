"""A small dashboard for the simulated shop: enough to see an app in it and to work on orders.

It embeds apps as the real one does: the same addresses, iframes, messages and tokens. Everything
else is far simpler; it is a page without a build step, in `static/`. What it does it does over the
shop's GraphQL API, as the member of staff who is chosen in its header.
Source: Saleor dashboard 3.23.27, read and tried 2026-11-20.
"""

from pathlib import Path
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from saleor_amazon_app.simulators.saleor.answers import json_answer
from saleor_amazon_app.simulators.saleor.state import Shop

_STATIC = Path(__file__).parent / "static"
# The real dashboard's image sends this one; an app learns from it who embeds it.
_HEADERS = {"Referrer-Policy": "origin-when-cross-origin", "Cache-Control": "no-cache"}


def dashboard_routes(shop: Shop, *, amazon_url: str | None) -> list[BaseRoute]:
    """The page at `/dashboard/`, whatever follows that, and what the page is made of.

    Args:
        shop: whose dashboard it is.
        amazon_url: a simulated Amazon whose side is shown beside each order.
    """

    async def page(request: Request) -> Response:
        known_as = urlsplit(shop.api_url).netloc
        if shop.apps and request.url.netloc != known_as:
            # By another name of this machine the app would not know the shop.
            return RedirectResponse(str(request.url.replace(netloc=known_as)))
        return FileResponse(_STATIC / "index.html", headers=_HEADERS)

    async def config(_request: Request) -> Response:
        return json_answer({"amazonUrl": amazon_url})

    return [
        Mount("/dashboard/static", StaticFiles(directory=_STATIC)),
        Route("/dashboard/config.json", config),
        Route("/dashboard/{path:path}", page),
        Route("/", lambda _request: RedirectResponse("/dashboard/")),
    ]
