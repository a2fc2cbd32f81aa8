"""Webhooks as an app's own records, and what the mutations on them take and answer."""

from dataclasses import field

import strawberry

from saleor_amazon_app.simulators.saleor.schema.words import (
    WebhookErrorCode,
    WebhookEventTypeAsyncEnum,
    WebhookEventTypeSyncEnum,
)


@strawberry.type
class WebhookEventAsync:
    """An event a webhook is called for."""

    event_type: WebhookEventTypeAsyncEnum

    @strawberry.field
    def name(self) -> str:
        """The event for people."""
        return self.event_type.name.replace("_", " ").capitalize()


@strawberry.type
class WebhookEventSync:
    """An event whose answer the host waits for."""

    event_type: WebhookEventTypeSyncEnum

    @strawberry.field
    def name(self) -> str:
        """The event for people."""
        return self.event_type.name.replace("_", " ").capitalize()


@strawberry.type
class Webhook:
    """Where events are sent."""

    id: strawberry.ID
    name: str | None
    target_url: str
    is_active: bool
    subscription_query: str | None
    async_events: list[WebhookEventAsync]
    sync_events: list[WebhookEventSync] = field(default_factory=list)

    def hears(self, event: str) -> bool:
        """Whether it is called for an event of that name."""
        told = [each.event_type.name for each in self.async_events]
        asked = [each.event_type.name for each in self.sync_events]
        return self.is_active and event in (*told, *asked)


@strawberry.input
class WebhookCreateInput:
    """A webhook to make."""

    name: str | None = None
    target_url: str | None = None
    async_events: list[WebhookEventTypeAsyncEnum] | None = None
    sync_events: list[WebhookEventTypeSyncEnum] | None = None
    is_active: bool | None = None
    query: str | None = None


@strawberry.input
class WebhookUpdateInput:
    """What is to change about a webhook."""

    name: str | None = None
    target_url: str | None = None
    async_events: list[WebhookEventTypeAsyncEnum] | None = None
    sync_events: list[WebhookEventTypeSyncEnum] | None = None
    is_active: bool | None = None
    query: str | None = None


@strawberry.type
class WebhookError:
    """Why a webhook was refused."""

    field: str | None
    message: str | None
    code: WebhookErrorCode


@strawberry.type
class WebhookAnswer:
    """What every mutation on a webhook answers."""

    webhook: Webhook | None = None
    errors: list[WebhookError] = field(default_factory=list)


@strawberry.type
class WebhookCreate(WebhookAnswer):
    """Answer of `webhookCreate`."""


@strawberry.type
class WebhookUpdate(WebhookAnswer):
    """Answer of `webhookUpdate`."""


@strawberry.type
class WebhookDelete(WebhookAnswer):
    """Answer of `webhookDelete`."""
