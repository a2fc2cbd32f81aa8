"""The app's own door, opened towards the real shop, and the webhooks that lead to it."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import uvicorn
from sqlalchemy import text

from saleor_amazon_app.core.times import utc_now
from saleor_amazon_app.entrypoints.app import create_app
from saleor_amazon_app.entrypoints.settings import Settings
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.ledger.secrets import Cipher
from saleor_amazon_app.ledger.session import Database
from saleor_amazon_app.saleor import webhooks
from saleor_amazon_app.saleor.event_records import EventKind
from tests.live.host import Host, Json

# Seconds: a shop with one worker of its own delivers within two, a busy one takes longer.
_ARRIVES_WITHIN, _LOOKS_EVERY = 30.0, 0.1
_HEARD = (
    EventKind.ORDER_UPDATED,
    EventKind.ORDER_CANCELLED,
    EventKind.FULFILLMENT_CREATED,
    EventKind.FULFILLMENT_APPROVED,
    EventKind.FULFILLMENT_CANCELED,
    EventKind.FULFILLMENT_TRACKING_NUMBER_UPDATED,
    EventKind.FULFILLMENT_METADATA_UPDATED,
    EventKind.TRANSACTION_REFUND_REQUESTED,
)
_NAME = "Live test: "
_OWN = "{ app { id webhooks { id name } } shop { version } }"
_CREATE = """mutation ($input: WebhookCreateInput!) {
  webhookCreate(input: $input) { webhook { id } errors { field message code } } }"""
_DELETE = "mutation ($id: ID!) { webhookDelete(id: $id) { errors { field message code } } }"
_EVENTS = """
SELECT event, payload FROM inbox WHERE :reference IN
  (payload #>> '{order,externalReference}', payload #>> '{transaction,order,externalReference}')
ORDER BY id"""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A request of the shop as it came, and what the app answered.

    Attributes:
        event: by the address it was sent to, such as `order-updated`.
    """

    event: str
    headers: dict[str, str]
    body: bytes
    status: int
    answer: bytes

    @property
    def reference(self) -> str | None:
        """The external reference of the order it is about."""
        told: Json = json.loads(self.body)
        order = told.get("order") or (told.get("transaction") or {}).get("order") or {}
        reference: str | None = order.get("externalReference")
        return reference


@dataclass
class Recorder:
    """Stands before the app and writes down what comes in and goes out."""

    app: Any
    deliveries: list[Delivery] = field(default_factory=list)

    # `Any`, because that is what ASGI passes.
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        came, went, status = bytearray(), bytearray(), 0

        async def receiving() -> Any:
            message = await receive()
            came.extend(message.get("body", b""))
            return message

        async def sending(message: Any) -> None:
            nonlocal status
            status = message.get("status", status)
            went.extend(message.get("body", b""))
            await send(message)

        await self.app(scope, receiving, sending)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        event = scope["path"].rpartition("/")[2]
        self.deliveries.append(Delivery(event, headers, bytes(came), status, bytes(went)))


@dataclass(frozen=True)
class Listening:
    """The open door.

    Attributes:
        url: where the shop reaches it.
    """

    url: str
    app: Any
    database: Database
    recorder: Recorder

    def deliveries(self, reference: str, event: EventKind | None = None) -> list[Delivery]:
        """What the shop sent about an order."""
        return [
            one
            for one in self.recorder.deliveries
            if one.reference == reference and event in (None, _KINDS[one.event])
        ]

    async def arrived(self, reference: str, *events: EventKind) -> None:
        """Waits until the shop has told all these of an order and the app keeps them."""
        async with asyncio.timeout(_ARRIVES_WITHIN):
            while missing := set(events) - set(await self.kept(reference)):
                await asyncio.sleep(_LOOKS_EVERY)
        assert not missing

    async def kept(self, reference: str) -> list[str]:
        """The events of an order that the app keeps, in the order in which they came."""
        async with self.database.transaction() as session:
            found = await session.execute(text(_EVENTS), {"reference": reference})
            return [event for event, _ in found]

    async def again(self, reference: str) -> None:
        """Sends all that came about an order once more, as it came, to the same answers."""
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app)) as http:
            for one in self.deliveries(reference):
                address = f"{self.url}{webhooks.PATH}{one.event}"
                answer = await http.post(address, content=one.body, headers=one.headers)
                assert (answer.status_code, answer.content) == (one.status, one.answer)

    async def forget(self, reference: str) -> None:
        """Has the app forget what it was told of an order, as it does after two weeks."""
        async with self.database.transaction() as session:
            statement = _EVENTS.replace("SELECT event, payload", "DELETE").replace(
                "ORDER BY id", ""
            )
            await session.execute(text(statement), {"reference": reference})


_KINDS = {kind.path: kind for kind in EventKind}


@asynccontextmanager
async def serving(database: Database, cipher: Cipher, callback: str) -> AsyncIterator[Listening]:
    """Opens the door on a port of this machine.

    Args:
        database: the app's.
        cipher: the app's.
        callback: where the shop can reach this machine; empty for a free port of the loopback.
    """
    bound = _bound(callback)
    url = callback.rstrip("/") or f"http://127.0.0.1:{bound.getsockname()[1]}"
    async with httpx.AsyncClient() as http:
        lines = Connections(database, cipher, http, utc_now, shops=http, app_url=url)
        unset: dict[str, Any] = {"DATABASE_URL": None, "key": None}
        settings = Settings(_env_file=None, allow_local_shops=True, app_url=url, **unset)
        app = create_app(lines, settings)
        recorder = Recorder(app)
        config = uvicorn.Config(
            recorder, log_level="warning", access_log=False, lifespan="off", ws="none"
        )
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve(sockets=[bound]))
        try:
            yield Listening(url, app, database, recorder)
        finally:
            server.should_exit = True
            await running


@asynccontextmanager
async def heard_by(door: Listening, host: Host) -> AsyncIterator[None]:
    """Has the shop tell its events at the door; takes the webhooks away again in any case."""
    made: list[str] = []
    try:
        await _register(host, door.url, made)
        yield
    finally:
        for id_ in made:
            await host.change(_DELETE, id=id_)


async def _register(host: Host, url: str, made: list[str]) -> None:
    told = await host.ask(_OWN)
    for left_over in told["app"]["webhooks"]:
        # Of a run that was killed; the shop would ask there for refunds, too.
        if left_over["name"].startswith(_NAME):
            await host.change(_DELETE, id=left_over["id"])
    major, minor = told["shop"]["version"].split(".")[:2]
    for one in webhooks.wanted(url, (int(major), int(minor))):
        if one.event in {kind.name for kind in _HEARD}:
            webhook = {
                "name": _NAME + one.name,
                "targetUrl": one.target_url,
                "query": one.query,
                "isActive": True,
                **one.events,
            }
            payload = await host.change(_CREATE, input=webhook)
            made.append(payload["webhook"]["id"])


def _bound(callback: str) -> socket.socket:
    """The port is taken before anything else, so that no other program gets it meanwhile."""
    port = urlsplit(callback).port if callback else 0
    if port is None:
        raise ValueError("SALEOR_LIVE_CALLBACK must name a port, such as http://10.0.0.5:9000")
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(("" if callback else "127.0.0.1", port))
    return bound
