"""Events on their way to apps: built, signed, sent, and sent again where an app did not cope.

An event waits for each webhook that hears it until `deliver_due` is called; a shop on a port has
several at once on their way all the time. The body is built when it is first sent, as the host
does from 3.23 on, so it tells the state of that moment; sent again it is the same body. A request
that an app must answer is built at once; when the app did not cope it comes again without its
body, and when there is no answer at all it does not come again.

Source: Saleor 3.23.28, `saleor/webhook/transport`, and what really arrived, 2026-11-20.
"""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import httpx

from saleor_amazon_app.simulators.saleor.answers import JsonObject
from saleor_amazon_app.simulators.saleor.host_schema import schema_of
from saleor_amazon_app.simulators.saleor.keys import signed
from saleor_amazon_app.simulators.saleor.refund_answers import take_answer
from saleor_amazon_app.simulators.saleor.refunds import owner_of
from saleor_amazon_app.simulators.saleor.schema.access import Context
from saleor_amazon_app.simulators.saleor.schema.events import EVENT_TYPES
from saleor_amazon_app.simulators.saleor.schema.orders import TransactionItem
from saleor_amazon_app.simulators.saleor.schema.people import App
from saleor_amazon_app.simulators.saleor.schema.webhooks import Webhook
from saleor_amazon_app.simulators.saleor.state import Occurrence, Shop

_PATIENCE = httpx.Timeout(18.0, connect=2.0)
_FIRST_WAIT = timedelta(seconds=10)
_RETRIES = 5
_LOOK_EVERY_SECONDS = 0.05
_AT_ONCE = 8
# From this version on the host tells an app about itself, whatever it may do and even while it is
# switched off.
_TELLS_APPS = (3, 23)
_ABOUT_APPS = frozenset({"APP_DELETED", "APP_STATUS_CHANGED"})
_NEEDED = {
    "ORDER": "MANAGE_ORDERS",
    "FULFILLMENT": "MANAGE_ORDERS",
    "PRODUCT": "MANAGE_PRODUCTS",
    "SHIPPING": "MANAGE_SHIPPING",
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request to an app.

    Attributes:
        number: 1 for the first; a duplicate counts from 1 again.
        status: what the app answered; None for no answer.
    """

    at: datetime
    event: str
    target_url: str
    number: int
    status: int | None


@dataclass(frozen=True, slots=True)
class Parcel:
    """An event for one webhook, until it is delivered or given up.

    Attributes:
        body: None until it was built.
    """

    occurrence: Occurrence
    app: App
    hook: Webhook
    due_at: datetime
    sent: int = 0
    body: bytes | None = None


@dataclass
class Deliveries:
    """Every event that is on its way, and every attempt that was made.

    Attributes:
        speed: divides the time between attempts.
        waiting: in the order they happened.
    """

    shop: Shop
    transport: httpx.AsyncBaseTransport | None = None
    speed: float = 1
    waiting: list[Parcel] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    _duplicates: int = 0

    def __post_init__(self) -> None:
        self.shop.listeners.append(self._post)

    def duplicate_next(self, times: int = 1) -> None:
        """Sends each of the next events twice, as the host does now and then."""
        self._duplicates += times

    async def deliver_due(self) -> list[Attempt]:
        """Sends everything whose time has come, one after the other; tells how it went."""
        async with httpx.AsyncClient(transport=self.transport, timeout=_PATIENCE) as http:
            return [await self._send(http, parcel) for parcel in self._take_due()]

    async def run(self) -> None:
        """Delivers until cancelled."""
        gate = asyncio.Semaphore(_AT_ONCE)

        async def send(parcel: Parcel) -> None:
            async with gate:
                await self._send(http, parcel)

        async with (
            httpx.AsyncClient(transport=self.transport, timeout=_PATIENCE) as http,
            asyncio.TaskGroup() as under_way,
        ):
            while True:
                for parcel in self._take_due():
                    under_way.create_task(send(parcel))
                await asyncio.sleep(_LOOK_EVERY_SECONDS)

    def _take_due(self) -> list[Parcel]:
        now = self.shop.clock()
        due = [parcel for parcel in self.waiting if parcel.due_at <= now]
        self.waiting = [parcel for parcel in self.waiting if parcel.due_at > now]
        return [parcel for parcel in due if parcel.hook.is_active]

    def _post(self, occurrence: Occurrence) -> None:
        if occurrence.event not in EVENT_TYPES:
            return
        heard = [
            Parcel(occurrence, app, hook, occurrence.at)
            for app in self._audience(occurrence)
            for hook in app.hooks
            if hook.hears(occurrence.event)
        ]
        if occurrence.request:
            heard = [replace(each, body=self._body(each)) for each in heard[:1]]
        for parcel in heard:
            copies = 1 + (self._duplicates > 0)
            self._duplicates -= copies - 1
            self.waiting += [parcel] * copies

    def _audience(self, occurrence: Occurrence) -> list[App]:
        if occurrence.event in _ABOUT_APPS:
            major, minor = self.shop.settings.schema_version.split(".")
            tells = (int(major), int(minor)) >= _TELLS_APPS
            app = occurrence.about["app"]
            return [app] if tells and isinstance(app, App) else []
        if occurrence.request:
            owner = owner_of(self.shop, _transaction(occurrence))
            return [owner] if owner else []
        needed = _NEEDED[occurrence.event.partition("_")[0]]
        return [app for app in self.shop.apps.values() if app.is_active and needed in app.held]

    async def _send(self, http: httpx.AsyncClient, parcel: Parcel) -> Attempt:
        body = self._body(parcel) if parcel.body is None else parcel.body
        answer: httpx.Response | None = None
        with suppress(httpx.HTTPError):
            answer = await http.post(
                parcel.hook.target_url, content=body, headers=self._headers(parcel, body)
            )
        status = answer.status_code if answer else None
        number = parcel.sent + 1
        asks = parcel.occurrence.request is not None
        again = status >= 500 if status is not None else not asks
        if again and number <= _RETRIES:
            due_at = self.shop.clock() + _FIRST_WAIT * 2**parcel.sent / self.speed
            kept = b"" if asks else body
            self.waiting.append(replace(parcel, due_at=due_at, sent=number, body=kept))
        else:
            self._settle(parcel.occurrence, None if again or answer is None else answer.content)
        event, url = parcel.occurrence.event, parcel.hook.target_url
        made = Attempt(self.shop.clock(), event, url, number, status)
        self.attempts.append(made)
        return made

    def _settle(self, occurrence: Occurrence, answer: bytes | None) -> None:
        if occurrence.request:
            with self.shop.acted_by(None):
                take_answer(self.shop, _transaction(occurrence), occurrence.request, answer)

    def _body(self, parcel: Parcel) -> bytes:
        return json.dumps(self._payload(parcel)).encode()

    def _payload(self, parcel: Parcel) -> JsonObject:
        """What the webhook's query makes of the event; errors stand beside the data."""
        occurrence = parcel.occurrence
        event = EVENT_TYPES[occurrence.event](
            issued_at=occurrence.at,
            version=self.shop.settings.version,
            issuing_principal=occurrence.by,
            recipient=parcel.app,
            **occurrence.about,
        )
        result = schema_of(self.shop.settings.version).execute_sync(
            parcel.hook.subscription_query or "",
            root_value=event,
            context_value=Context(shop=self.shop, app=parcel.app),
        )
        payload: JsonObject = dict((result.data or {}).get("event") or {})
        if result.errors:
            payload["errors"] = [error.formatted for error in result.errors]
        return payload

    def _headers(self, parcel: Parcel, body: bytes) -> dict[str, str]:
        named = {
            "Event": parcel.occurrence.event.lower(),
            "Domain": urlsplit(self.shop.api_url).netloc,
            "Signature": signed(self.shop.signing_key, body),
        }
        return {
            "Content-Type": "application/json",
            "Saleor-Api-Url": self.shop.api_url,
            **{f"Saleor-{name}": value for name, value in named.items()},
            **{f"X-Saleor-{name}": value for name, value in named.items()},
        }


def _transaction(occurrence: Occurrence) -> TransactionItem:
    transaction = occurrence.about["transaction"]
    assert isinstance(transaction, TransactionItem)
    return transaction
