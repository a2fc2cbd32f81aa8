"""The simulated Amazon as one thing: made with `create_amazon`, reached through `.app`.

Tests drive it in-process through `httpx.ASGITransport(amazon.app)`; `serve` puts it on a port of
this machine.
"""

from collections.abc import Sequence
from contextlib import suppress

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from saleor_amazon_app.core.times import Clock, utc_now
from saleor_amazon_app.simulators.amazon.answers import Refused, refusal
from saleor_amazon_app.simulators.amazon.consent import consent_routes
from saleor_amazon_app.simulators.amazon.control import control_routes
from saleor_amazon_app.simulators.amazon.doors import api_routes
from saleor_amazon_app.simulators.amazon.lwa import Credentials, Login
from saleor_amazon_app.simulators.amazon.pace import Pace
from saleor_amazon_app.simulators.amazon.state import AmazonState
from saleor_amazon_app.simulators.amazon.timelines import ScriptedOrder

SELLER_ID = "A1SIMULATED"


class SimulatedAmazon(AmazonState):
    """A simulated Amazon with its HTTP application.

    Attributes:
        app: the ASGI application: Login with Amazon, the Selling Partner API, Seller Central's
            consent and `/_simulator`.
    """

    def __init__(self, *, pace: Pace, clock: Clock, login: Login) -> None:
        super().__init__(pace=pace, clock=clock, login=login)
        routes = [*api_routes(self), *consent_routes(self), *control_routes(self)]
        self.app = Starlette(routes=routes, exception_handlers={404: _not_found})
        self.app.state.served = False


def create_amazon(
    orders: Sequence[ScriptedOrder] = (),
    *,
    speed: int = 1,
    clock: Clock = utc_now,
    credentials: Credentials | None = None,
    marketplaces: Sequence[str] = (),
    seller_id: str = SELLER_ID,
) -> SimulatedAmazon:
    """A simulated Amazon with one seller.

    Args:
        orders: the seller's orders; a sequence may make each one on demand.
        speed: divides every duration and raises every rate; timestamps stay real.
        clock: what time it is; a test passes its own to move time on.
        credentials: what the app has to present.
        marketplaces: where the seller sells; left out, wherever its orders come from.
        seller_id: the merchant token that feeds must name.

    Raises:
        ValueError: the speed is out of range.
    """
    credentials = credentials or Credentials()
    pace = Pace(speed)
    amazon = SimulatedAmazon(pace=pace, clock=clock, login=Login(credentials, pace))
    amazon.add_seller(
        seller_id,
        refresh_token=credentials.refresh_token,
        orders=orders,
        marketplaces=marketplaces,
    )
    return amazon


def server_for(amazon: SimulatedAmazon, *, port: int) -> uvicorn.Server:
    """A server that shows the simulation on 127.0.0.1; port 0 takes a free one."""
    amazon.app.state.served = True
    return uvicorn.Server(
        uvicorn.Config(
            amazon.app,
            host="127.0.0.1",
            port=port,
            log_level="warning",
            access_log=False,
            lifespan="off",
            ws="none",
        )
    )


def serve(amazon: SimulatedAmazon, *, port: int) -> None:
    """Serves the simulation on 127.0.0.1 until it is interrupted."""
    with suppress(KeyboardInterrupt):
        server_for(amazon, port=port).run()


async def _not_found(request: Request, _error: Exception) -> Response:
    return refusal(Refused(404, "NotFound", f"There is nothing at {request.url.path}."))
