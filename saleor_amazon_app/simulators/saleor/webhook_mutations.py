"""An app's own webhooks: made, changed and removed by itself.

Source: Saleor 3.23.28 over HTTP, 2026-11-20. Events that are not named are not read out of the
query here.
"""

import re

import strawberry
from graphql import GraphQLSyntaxError
from strawberry.schema import BaseSchema

from saleor_amazon_app.simulators.saleor.schema.access import Info, PermissionDenied
from saleor_amazon_app.simulators.saleor.schema.people import App
from saleor_amazon_app.simulators.saleor.schema.reasons import Refused, refusal
from saleor_amazon_app.simulators.saleor.schema.webhooks import (
    Webhook,
    WebhookCreate,
    WebhookCreateInput,
    WebhookDelete,
    WebhookError,
    WebhookEventAsync,
    WebhookEventSync,
    WebhookUpdate,
    WebhookUpdateInput,
)
from saleor_amazon_app.simulators.saleor.schema.words import WebhookErrorCode

_ADDRESS = re.compile(r"https?://(\[[0-9a-f:.]+\]|[^\s/:]+)(:\d{2,5})?(/\S*)?")


@strawberry.type
class WebhookMutations:
    """Where an app is told of events."""

    @strawberry.mutation
    def webhook_create(self, info: Info, input: WebhookCreateInput) -> WebhookCreate | None:
        """Makes a webhook of the app that asks."""
        app = _caller(info)
        try:
            check_webhook(info.schema, url=input.target_url or "", query=input.query)
        except Refused as refused:
            return WebhookCreate(errors=_errors(refused))
        made = Webhook(
            id=strawberry.ID(info.context.shop.ids.counted("Webhook")),
            name=input.name,
            target_url=input.target_url or "",
            is_active=bool(input.is_active),
            subscription_query=input.query,
            async_events=[WebhookEventAsync(event_type=each) for each in input.async_events or ()],
            sync_events=[WebhookEventSync(event_type=each) for each in input.sync_events or ()],
        )
        app.hooks.append(made)
        return WebhookCreate(webhook=made)

    @strawberry.mutation
    def webhook_update(
        self, info: Info, id: strawberry.ID, input: WebhookUpdateInput
    ) -> WebhookUpdate | None:
        """Changes what is given; the rest stays."""
        return _update(info, id, input)

    @strawberry.mutation
    def webhook_delete(self, info: Info, id: strawberry.ID) -> WebhookDelete | None:
        """Removes a webhook; what waits for it is not delivered any more."""
        return _delete(info, id)


@strawberry.type
class NewerWebhookMutations(WebhookMutations):
    """The same from 3.23 on, where a webhook can be named otherwise than by its id."""

    @strawberry.mutation
    def webhook_update(
        self, info: Info, input: WebhookUpdateInput, id: strawberry.ID | None = None
    ) -> WebhookUpdate | None:
        """Changes what is given; the rest stays."""
        return _update(info, id, input)

    @strawberry.mutation
    def webhook_delete(self, info: Info, id: strawberry.ID | None = None) -> WebhookDelete | None:
        """Removes a webhook; what waits for it is not delivered any more."""
        return _delete(info, id)


def _update(info: Info, id: str | None, input: WebhookUpdateInput) -> WebhookUpdate:
    try:
        hook = _find(_caller(info), id)
        url = hook.target_url if input.target_url is None else input.target_url
        check_webhook(info.schema, url=url, query=input.query)
    except Refused as refused:
        return WebhookUpdate(errors=_errors(refused))
    hook.target_url = url
    hook.name = hook.name if input.name is None else input.name
    hook.is_active = hook.is_active if input.is_active is None else input.is_active
    hook.subscription_query = input.query or hook.subscription_query
    if input.async_events is not None:
        hook.async_events = [WebhookEventAsync(event_type=each) for each in input.async_events]
    if input.sync_events is not None:
        hook.sync_events = [WebhookEventSync(event_type=each) for each in input.sync_events]
    return WebhookUpdate(webhook=hook)


def _delete(info: Info, id: str | None) -> WebhookDelete:
    app = _caller(info)
    try:
        hook = _find(app, id)
    except Refused as refused:
        return WebhookDelete(errors=_errors(refused))
    hook.is_active = False
    app.hooks.remove(hook)
    return WebhookDelete(webhook=hook)


def check_webhook(schema: BaseSchema, *, url: str, query: str | None) -> None:
    """Lets a webhook pass that the host would take.

    Raises:
        Refused: the query is not valid, or the address is none, in the host's words.
    """
    for error in (schema.execute_sync(query).errors or ()) if query else ():
        if isinstance(error, GraphQLSyntaxError):
            raise refusal("query", "SYNTAX", error.message)
        if not error.path:
            raise refusal("query", "GRAPHQL_ERROR", error.message.replace("'", '"'))
    if not _ADDRESS.fullmatch(url):
        raise refusal("targetUrl", "INVALID", "Enter a valid URL.")


def _caller(info: Info) -> App:
    if info.context.app is None:
        raise PermissionDenied(("MANAGE_APPS", "AUTHENTICATED_APP"))
    return info.context.app


def _find(app: App, id: str | None) -> Webhook:
    for hook in app.hooks:
        if hook.id == id:
            return hook
    raise refusal("id", "NOT_FOUND", f"Couldn't resolve to a node: {id}")


def _errors(refused: Refused) -> list[WebhookError]:
    return [
        WebhookError(field=each.field, message=each.message, code=WebhookErrorCode[each.code])
        for each in refused.reasons
    ]
