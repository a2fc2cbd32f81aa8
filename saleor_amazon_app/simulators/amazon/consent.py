"""The page of Seller Central on which a seller lets the app in, or does not.

Whoever opens it chooses which seller to be, for nobody signs in here. How Amazon sends back a
seller who declines is documented nowhere: it is taken to be as OAuth 2 says.
Source: website authorization workflow and its errors, developer-docs.amazon.com/sp-api, read
2026-11-20.
"""

from collections.abc import Mapping
from functools import partial
from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from saleor_amazon_app.simulators.amazon.accounts import Seller
from saleor_amazon_app.simulators.amazon.state import AmazonState

PATH = "/apps/authorize/consent"
_LONGEST = 4000
_HEADERS = {
    # Forms may go wherever the app is: their answer sends the seller back there.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
}
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Seller Central (simulated)</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; margin: 10vh auto; max-width: 36rem; }}
fieldset {{ border: 1px solid #888; margin: 1rem 0; }}
label {{ display: block; }}
button {{ font: inherit; margin-right: 1rem; padding: .4rem 1.2rem; }}
</style>
</head>
<body>
<h1>Seller Central (simulated)</h1>
{content}
</body>
</html>
"""
_FORM = """<p>The app <strong>Amazon for Saleor</strong> asks for access to your orders.</p>
<form method="post">
{hidden}
<fieldset><legend>Which seller are you?</legend>
{sellers}
</fieldset>
<button name="answer" value="allow">Allow</button>
<button name="answer" value="deny">Deny</button>
</form>"""
_HIDDEN = '<input type="hidden" name="{}" value="{}">'
_SELLER = (
    '<label><input type="radio" name="seller" value="{id}"{checked}> {id} ({marketplaces})</label>'
)
_CARRIED = ("application_id", "state", "redirect_uri")


def consent_routes(amazon: AmazonState) -> list[Route]:
    """The routes of the page."""
    return [
        Route(PATH, partial(_ask, amazon), methods=["GET"]),
        Route(PATH, partial(_answer, amazon), methods=["POST"]),
    ]


async def _ask(amazon: AmazonState, request: Request) -> Response:
    asked = dict(request.query_params)
    if refused := _refusal(amazon, asked):
        return refused
    hidden = [_HIDDEN.format(name, escape(asked[name])) for name in _CARRIED]
    sellers = [_choice(seller, amazon.seller) for seller in amazon.sellers.values()]
    return _page(_FORM.format(hidden="\n".join(hidden), sellers="\n".join(sellers)))


async def _answer(amazon: AmazonState, request: Request) -> Response:
    body = await request.body()
    form = dict(parse_qsl(body[:_LONGEST].decode("latin-1"), keep_blank_values=True))
    if refused := _refusal(amazon, form):
        return refused
    back = {"state": form["state"]}
    seller = amazon.sellers.get(form.get("seller", ""))
    if form.get("answer") == "allow" and seller is not None:
        seller.restore_consent()
        address = form["redirect_uri"]
        code = amazon.login.issue_code(seller, now=amazon.clock(), redirect_uri=address)
        back |= {"spapi_oauth_code": code, "selling_partner_id": seller.seller_id}
    else:
        back["error"] = "access_denied"
    # 303, so that the browser asks for the address instead of posting the form there too.
    return RedirectResponse(f"{form['redirect_uri']}?{urlencode(back)}", 303, headers=_HEADERS)


def _refusal(amazon: AmazonState, asked: Mapping[str, str]) -> Response | None:
    """The error page of Seller Central, by its codes; None where there is nothing wrong."""
    if asked.get("application_id") != amazon.login.application_id:
        return _error("MD1000", "There is no app with this application id.")
    if not asked.get("state"):
        return _error("MD5100", "The state is missing.")
    parts = urlsplit(asked.get("redirect_uri", ""))
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query:
        return _error("MD5101", "The redirect_uri is not one of the app's.")
    return None


def _error(code: str, words: str) -> Response:
    return _page(f"<p>{escape(code)}: {escape(words)}</p>", 400)


def _choice(seller: Seller, first: Seller) -> str:
    return _SELLER.format(
        id=escape(seller.seller_id),
        checked=" checked" if seller is first else "",
        marketplaces=escape(", ".join(seller.marketplaces)),
    )


def _page(content: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(_PAGE.format(content=content), status, headers=_HEADERS)
