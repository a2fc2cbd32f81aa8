"""The door of a shop's events: 200 kept, 202 not for us, 401 not signed, 413 too large.

The host tries again only after a 5xx, and counts any other refusal as a fault of the app that it
shows to staff; so whatever is rightly signed is answered with a success.
"""

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import JSONResponse

from saleor_amazon_app.core.ids import SaleorApiUrl
from saleor_amazon_app.entrypoints.bodies import BodyBrokenOff, BodyTooLarge, read_body
from saleor_amazon_app.flows import refunds_out
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.events_in import Delivery, Verdict, receive
from saleor_amazon_app.saleor.event_records import BY_PATH

_MOST_BYTES = 1024 * 1024
_LONGEST_ADDRESS = 500
_STATUS = {Verdict.ACCEPTED: 200, Verdict.FOREIGN: 202, Verdict.FORGED: 401}


def webhooks_door(lines: Connections) -> APIRouter:
    """The route of webhooks."""
    door = APIRouter(prefix="/api/webhooks")

    @door.post("/{name}")
    async def webhook(
        name: str,
        request: Request,
        saleor_api_url: Annotated[str, Header()] = "",
        saleor_signature: Annotated[str, Header()] = "",
    ) -> Response:
        kind = BY_PATH.get(name)
        if kind is None:
            return Response(status_code=404)
        if not _may_be_known(saleor_api_url) or not saleor_signature:
            return Response(status_code=401)
        try:
            body = await read_body(request, most=_MOST_BYTES)
        except BodyTooLarge:
            return Response(status_code=413)
        except BodyBrokenOff:
            return Response(status_code=400)
        api_url = SaleorApiUrl(saleor_api_url)
        verdict = await receive(lines, Delivery(kind, api_url, saleor_signature, body))
        if kind.is_answered and verdict is Verdict.ACCEPTED:
            return JSONResponse(refunds_out.answer(body))
        return Response(status_code=_STATUS[verdict])

    return door


def _may_be_known(api_url: str) -> bool:
    """Whether it is worth asking the database for; it cannot even hold every character."""
    return 0 < len(api_url) <= _LONGEST_ADDRESS and api_url.isascii() and api_url.isprintable()
