"""What tests of and with the simulated Amazon share: a clock moved by hand, orders, a line."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from saleor_amazon_app.simulators.amazon import Credentials, SimulatedAmazon
from saleor_amazon_app.simulators.amazon.simulator import server_for

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ORDERS = "/orders/2026-01-01/orders"
EVERYTHING = (
    "BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT,"
    "FULFILLMENT_ORDERS"
)


@dataclass
class HandClock:
    """A clock that stands until a test moves it."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def move(self, **duration: float) -> None:
        self.now += timedelta(**duration)


def amazon_order(
    number: int = 1,
    *,
    status: str = "UNSHIPPED",
    fulfilled_by: str = "MERCHANT",
    marketplace: str = "ATVPDKIKX0DER",
    updated: datetime = NOON - timedelta(hours=1),
) -> dict[str, Any]:
    """An order of two mugs with everything Amazon may know of it."""
    stamp = updated.isoformat().replace("+00:00", "Z")
    money = {"amount": "20.00", "currencyCode": "USD"}
    return {
        "orderId": f"111-0000000-{number:07}",
        "createdTime": stamp,
        "lastUpdatedTime": stamp,
        "salesChannel": {"channelName": "AMAZON", "marketplaceId": marketplace},
        "buyer": {"buyerName": "Ada Buyer", "buyerEmail": "ada@marketplace.amazon.com"},
        "recipient": {
            "deliveryAddress": {
                "name": "Ada Buyer",
                "addressLine1": "1 Main Street",
                "city": "Seattle",
                "stateOrRegion": "WA",
                "postalCode": "98101",
                "countryCode": "US",
                "phone": "+1 206 555 0100",
            }
        },
        "proceeds": {"grandTotal": money},
        "fulfillment": {
            "fulfillmentStatus": status,
            "fulfilledBy": fulfilled_by,
            "deliverByWindow": {"latestDateTime": "2026-11-30T00:00:00Z"},
        },
        "orderItems": [
            {
                "orderItemId": f"{number:014}",
                "quantityOrdered": 2,
                "product": {
                    "sellerSku": "MUG",
                    "price": {"unitPrice": {"amount": "10.00", "currencyCode": "USD"}},
                },
                "proceeds": {"proceedsTotal": money},
                "fulfillment": {"quantityFulfilled": 0, "quantityUnfulfilled": 2},
            }
        ],
        "packages": [],
    }


def order_id(number: int = 1) -> str:
    """The number of the order `amazon_order` makes."""
    return f"111-0000000-{number:07}"


def line_to(amazon: SimulatedAmazon) -> httpx.AsyncClient:
    """An HTTP client whose every request ends in the simulation."""
    transport = httpx.ASGITransport(amazon.app)
    return httpx.AsyncClient(transport=transport, base_url="http://amazon.test")


@asynccontextmanager
async def socket_to(amazon: SimulatedAmazon) -> AsyncIterator[httpx.AsyncClient]:
    """A client on a real socket of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = server_for(amazon, port=0)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        port = listening.getsockname()[1]
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=5) as http:
            yield http
        server.should_exit = True
        await serving


async def log_in(http: httpx.AsyncClient, credentials: Credentials | None = None) -> None:
    """Fetches an access token, which every later request of the client carries."""
    answer = await http.post("/auth/o2/token", data=refresh_form(credentials or Credentials()))
    assert answer.status_code == 200, answer.text
    http.headers["x-amz-access-token"] = answer.json()["access_token"]


def refresh_form(credentials: Credentials) -> dict[str, str]:
    """The form that turns a refresh token into an access token."""
    return {
        "grant_type": "refresh_token",
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret,
        "refresh_token": credentials.refresh_token,
    }
