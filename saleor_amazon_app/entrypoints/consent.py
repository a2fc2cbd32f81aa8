"""The door that sellers come back through from Seller Central: GET /amazon/consent.

Nobody is signed in here: the one-time state alone tells what was begun. The page says in words
what became of it, with the shop's name, and its script tells the page that began it.
"""

from html import escape
from importlib import resources

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import SecretStr

from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.consenting import (
    RETURN_PATH,
    Finished,
    Outcome,
    Returned,
    finish,
)

_GOOD = frozenset({Outcome.CONNECTED, Outcome.REAUTHORISED})
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    # The address holds the code and the state.
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
_HEADINGS = {
    Outcome.CONNECTED: "The store is connected",
    Outcome.REAUTHORISED: "The store is authorised again",
    Outcome.DENIED: "No consent was given",
    Outcome.UNKNOWN_STATE: "Nothing was begun here",
    Outcome.EXPIRED_STATE: "It took too long",
    Outcome.REUSED_STATE: "This consent was used already",
    Outcome.WRONG_REGION: "The account sells in another region",
    Outcome.OTHER_ACCOUNT: "This is another account",
    Outcome.CONNECTED_HERE: "The account is connected already",
    Outcome.CONNECTED_ELSEWHERE: "The account is connected to another shop",
    Outcome.EXCHANGE_FAILED: "Amazon did not hand out the authorisation",
    Outcome.NOT_POSSIBLE: "The store could not be connected",
}
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{heading}</title>
<link rel="stylesheet" href="consent.css">
<script src="consent.js" defer></script>
</head>
<body data-outcome="{outcome}" data-state="{state}">
<main>
<h1>{heading}</h1>
<p>{words}</p>
{shop}
<p>You can close this page and go back to the Saleor dashboard.</p>
</main>
</body>
</html>
"""
_SHOP = "<p>Saleor shop: <strong>{}</strong></p>"


def consent_door(lines: Connections) -> APIRouter:
    """The routes of the return from Seller Central."""
    door = APIRouter()

    @door.get(RETURN_PATH)
    async def returned(request: Request) -> HTMLResponse:
        asked = request.query_params
        state, code = asked.get("state", ""), asked.get("spapi_oauth_code")
        back = Returned(
            state=state,
            code=SecretStr(code) if code else None,
            seller_id=asked.get("selling_partner_id"),
        )
        finished = await finish(lines, back)
        status = 200 if finished.outcome in _GOOD else 400
        return HTMLResponse(_page(finished, state), status, headers=_HEADERS)

    @door.get(f"{RETURN_PATH}.js")
    async def script() -> Response:
        return _static("consent.js", "text/javascript")

    @door.get(f"{RETURN_PATH}.css")
    async def style() -> Response:
        return _static("consent.css", "text/css")

    return door


def _page(finished: Finished, state: str) -> str:
    return _PAGE.format(
        heading=escape(_HEADINGS[finished.outcome]),
        outcome=finished.outcome.value,
        state=escape(state[:100]),
        words=escape(finished.words),
        shop=_SHOP.format(escape(finished.shop)) if finished.shop else "",
    )


def _static(name: str, media_type: str) -> Response:
    text = resources.files(__package__).joinpath("static", name).read_text()
    return Response(text, media_type=media_type, headers={"X-Content-Type-Options": "nosniff"})
