"""The door of the pages: what the dashboard shows in its frames, and who may frame it.

One page of HTML stands for every address under `/app`; what it shows is up to its scripts, which
ask the API with the dashboard's token. So the pages themselves are open to all and tell nothing.
"""

import re
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from saleor_amazon_app.core.ids import SaleorApiUrl
from saleor_amazon_app.entrypoints.settings import Settings
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.ledger.installations import InstallationStatus, installation_at

_BUILT = Path(__file__).with_name("built_pages")
_LONGEST_ADDRESS = 500
_KINDS = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
# A plain name: nothing that could lead out of the folder.
_ASSET = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*\.(js|css|svg|woff2)")
# The best first; only what is text was compressed when the pages were built.
_ENCODINGS = {"br": ".br", "gzip": ".gz"}
_CODING = re.compile(r"\s*([a-z0-9*]+)\s*(?:;\s*q=([0-9.]+)\s*)?", re.IGNORECASE)
# Macaw UI places its menus and dialogs by styles of their own; no script is ever inline.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors "
)
_UNKNOWN = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Amazon</title></head><body>
<h1>This shop does not have the app</h1>
<p>The page was asked for by the shop <b>{shop}</b>, which has not installed this app, or not under
that address. Install the app in that shop's dashboard. If it is installed there, the address the
dashboard uses for the shop is not the one the shop gives itself: make both the same.</p>
</body></html>"""
_UNBUILT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Amazon</title></head><body>
<h1>The pages have not been built</h1>
<p>Install the package again, in a checkout with <code>uv sync</code>: that builds them.</p>
</body></html>"""


def pages_door(lines: Connections, settings: Settings, *, built: Path = _BUILT) -> APIRouter:
    """The routes of the pages."""
    door = APIRouter(prefix="/app")

    @door.get("/assets/{name}")
    async def asset(request: Request, name: str) -> Response:
        path = built / "assets" / name
        if not _ASSET.fullmatch(name) or not path.is_file():
            return Response(status_code=404, headers=_plain())
        return _file(path, request, cached="public, max-age=31536000, immutable")

    @door.get("")
    @door.get("/{route:path}")
    async def page(request: Request, route: str = "") -> Response:
        # The dashboard may repeat what it adds to an address; the first is what the pages read.
        named = request.query_params.getlist("saleorApiUrl")
        framed_by = await _framed_by(lines, named[0], settings) if named else ()
        headers = _plain() | {
            "Content-Security-Policy": _POLICY + (" ".join(framed_by) or "'none'")
        }
        if named and not framed_by:
            shop = escape(named[0][:_LONGEST_ADDRESS])
            return HTMLResponse(_UNKNOWN.format(shop=shop), status_code=403, headers=headers)
        if not (built / "index.html").is_file():
            return HTMLResponse(_UNBUILT, status_code=503, headers=headers)
        return _file(built / "index.html", request, cached="no-cache", headers=headers)

    return door


async def _framed_by(lines: Connections, api_url: str, settings: Settings) -> tuple[str, ...]:
    """Whose pages may show ours: those of the shop, if it has the app, and the operator's."""
    if len(api_url) > _LONGEST_ADDRESS or not (api_url.isascii() and api_url.isprintable()):
        return ()
    async with lines.database.transaction() as session:
        shop = await installation_at(session, SaleorApiUrl(api_url))
    if shop is None or shop.status == InstallationStatus.REMOVED:
        return ()
    parts = urlsplit(shop.saleor_api_url)
    return (f"{parts.scheme}://{parts.netloc}", *settings.dashboard_origins)


def _plain() -> dict[str, str]:
    return {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


def _file(
    path: Path, request: Request, *, cached: str, headers: dict[str, str] | None = None
) -> FileResponse:
    """A built file, compressed if the browser takes it so."""
    answer = {**(headers or _plain()), "Cache-Control": cached, "Vary": "Accept-Encoding"}
    kind = _KINDS.get(path.suffix, "text/html; charset=utf-8")
    taken = _accepted(request.headers.get("accept-encoding", ""))
    for coding, ending in _ENCODINGS.items():
        if coding in taken and (small := path.with_name(path.name + ending)).is_file():
            return FileResponse(
                small, media_type=kind, headers={**answer, "Content-Encoding": coding}
            )
    return FileResponse(path, media_type=kind, headers=answer)


def _accepted(header: str) -> set[str]:
    """The codings a browser takes; one with a weight of 0 is refused."""
    found = (_CODING.fullmatch(each) for each in header.split(","))
    return {each[1].lower() for each in found if each and (each[2] or "1").strip("0.")}
