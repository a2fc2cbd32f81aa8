"""The webhooks this app has in a shop: which there should be, which there are, and making it so.

A shop takes them from the manifest once, when it installs the app; what a later version of the
app listens to it must see to itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from saleor_amazon_app.saleor.answers import Json
from saleor_amazon_app.saleor.client import SaleorClient
from saleor_amazon_app.saleor.documents import document
from saleor_amazon_app.saleor.event_records import EventKind
from saleor_amazon_app.saleor.refusals import FieldError, field_errors

PATH = "/api/webhooks/"
# What every host we support has; one that tells no version, or an odd one, counts as this.
OLDEST_HOST = (3, 21)


@dataclass(frozen=True, slots=True)
class Webhook:
    """One webhook.

    Attributes:
        event: the host's name of the one event it is called for.
        target_url: where the shop sends it; its last part is also the webhook's name.
        query: the subscription that says what is sent.
        is_answered: whether the shop waits for an answer, which it calls a synchronous event.
    """

    name: str
    event: str
    target_url: str
    query: str
    is_answered: bool = False

    @property
    def events(self) -> dict[str, list[str]]:
        """The event as the shop wants it listed, in a manifest as in a mutation."""
        return {"syncEvents" if self.is_answered else "asyncEvents": [self.event]}


@dataclass(frozen=True, slots=True)
class KeptWebhook:
    """A webhook as the shop has it.

    Attributes:
        webhook: None when it is called for several events, as none of this app's is.
        is_ours: whether it leads to this app's own address for webhooks; others are left alone.
    """

    id: str
    webhook: Webhook | None
    is_active: bool
    is_ours: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """What makes a shop's webhooks those that are wanted; all empty when they are.

    Attributes:
        different: by the id of the webhook that is to become this one.
        superfluous: ids.
    """

    missing: tuple[Webhook, ...]
    different: Mapping[str, Webhook]
    superfluous: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.missing or self.different or self.superfluous)


def wanted(app_url: str, host: tuple[int, int]) -> tuple[Webhook, ...]:
    """The webhooks that a host of that version should have.

    Args:
        app_url: where the shop reaches this app, without a closing slash.
        host: (major, minor); an older one lets no app hear some events.
    """
    subscriptions = [(kind, document(kind.value)) for kind in EventKind]
    return tuple(
        Webhook(
            name=kind.path,
            event=kind.name,
            target_url=f"{app_url}{PATH}{kind.path}",
            query=subscription.text,
            is_answered=kind.is_answered,
        )
        for kind, subscription in subscriptions
        if subscription.since is None or host >= subscription.since
    )


def compare(wanted: Sequence[Webhook], kept: Iterable[KeptWebhook]) -> Changes:
    """Finds what is missing, different or superfluous; webhooks that are not ours stay."""
    missing = {one.name: one for one in wanted}
    different: dict[str, Webhook] = {}
    superfluous: list[str] = []
    for one in kept:
        if not one.is_ours:
            continue
        should_be = missing.pop(one.webhook.name, None) if one.webhook else None
        if should_be is None:
            superfluous.append(one.id)
        elif one.webhook != should_be or not one.is_active:
            different[one.id] = should_be
    return Changes(tuple(missing.values()), different, tuple(superfluous))


async def read(client: SaleorClient) -> tuple[KeptWebhook, ...]:
    """Reads the webhooks of the client's own app.

    Raises:
        HostUnavailable, TokenRefused, RequestRefused: as named.
    """
    app = (await client.execute("OwnWebhooks"))["app"]
    return tuple(
        KeptWebhook(
            id=one["id"],
            webhook=_webhook(one),
            is_active=one["isActive"],
            is_ours=PATH in one["targetUrl"],
        )
        for one in app["webhooks"] or ()
    )


async def create(client: SaleorClient, webhook: Webhook) -> tuple[FieldError, ...]:
    """Adds a webhook; tells why the shop refused it, if it did."""
    answer = await client.execute("CreateWebhook", {"input": _input(webhook)})
    return field_errors(answer["webhookCreate"]["errors"])


async def update(client: SaleorClient, id: str, webhook: Webhook) -> tuple[FieldError, ...]:
    """Makes a webhook what it should be; tells why the shop refused it, if it did."""
    answer = await client.execute("UpdateWebhook", {"id": id, "input": _input(webhook)})
    return field_errors(answer["webhookUpdate"]["errors"])


async def delete(client: SaleorClient, ids: Iterable[str]) -> tuple[FieldError, ...]:
    """Removes webhooks; one that is gone already is told as an error."""
    errors: list[FieldError] = []
    for id in ids:
        answer = await client.execute("DeleteWebhook", {"id": id})
        errors += field_errors(answer["webhookDelete"]["errors"])
    return tuple(errors)


def _webhook(told: Json) -> Webhook | None:
    waiting = [event["eventType"] for event in told["syncEvents"]]
    events = [event["eventType"] for event in told["asyncEvents"]] + waiting
    if len(events) != 1:
        return None
    return Webhook(
        name=told["name"] or "",
        event=events[0],
        target_url=told["targetUrl"],
        query=told["subscriptionQuery"] or "",
        is_answered=bool(waiting),
    )


def _input(webhook: Webhook) -> Json:
    return {
        "name": webhook.name,
        "targetUrl": webhook.target_url,
        **webhook.events,
        "query": webhook.query,
        "isActive": True,
    }
