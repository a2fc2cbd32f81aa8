"""Installing an app: fetch its manifest, make it, give it its token, or take it away again.

Source: Saleor 3.23.28, what really arrived at an app that was installed, 2026-11-20.
"""

import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import strawberry

from saleor_amazon_app.simulators.saleor.extensions import UnusableExtensionError, read_extensions
from saleor_amazon_app.simulators.saleor.host_schema import schema_of
from saleor_amazon_app.simulators.saleor.planting import plant_app
from saleor_amazon_app.simulators.saleor.schema.extensions import AppExtension
from saleor_amazon_app.simulators.saleor.schema.people import App
from saleor_amazon_app.simulators.saleor.schema.reasons import Refused
from saleor_amazon_app.simulators.saleor.schema.webhooks import (
    Webhook,
    WebhookEventAsync,
    WebhookEventSync,
)
from saleor_amazon_app.simulators.saleor.schema.words import (
    PermissionEnum,
    WebhookEventTypeAsyncEnum,
    WebhookEventTypeSyncEnum,
)
from saleor_amazon_app.simulators.saleor.state import Shop
from saleor_amazon_app.simulators.saleor.webhook_mutations import check_webhook

_PATIENCE = httpx.Timeout(18.0, connect=2.0)
_LONGEST_REASON = 255
_NO_CONNECTION = "Failed to connect to app. Try later or contact with app support."


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What came of it.

    Attributes:
        app_id: the new app's global id; None when it was not installed.
        error: why not, in the words of the app or of the host.
    """

    installed: bool
    app_id: str | None = None
    error: str | None = None


class _NotInstallableError(Exception):
    """The app cannot be installed; the message is what staff read."""


async def install_app(
    shop: Shop,
    manifest_url: str,
    *,
    api_url: str,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Installation:
    """Installs an app with every permission its manifest asks for.

    Args:
        shop: where.
        manifest_url: where the app describes itself.
        api_url: this shop's own API, as the app is to call it.
        transport: how the app is reached; None for the network.
    """
    headers = {"Saleor-Schema-Version": shop.settings.schema_version}
    async with httpx.AsyncClient(transport=transport, timeout=_PATIENCE, headers=headers) as http:
        try:
            manifest = await _manifest(http, manifest_url)
            return await _registered(shop, http, manifest, api_url)
        except (_NotInstallableError, httpx.HTTPError) as error:
            known = isinstance(error, _NotInstallableError)
            return Installation(installed=False, error=str(error) if known else _NO_CONNECTION)


async def _manifest(http: httpx.AsyncClient, url: str) -> dict[str, Any]:
    response = await http.get(url)
    try:
        manifest = response.json() if response.status_code == 200 else None
    except ValueError:
        manifest = None
    if not isinstance(manifest, dict):
        raise _NotInstallableError("Unable to fetch manifest data.")
    missing = [name for name in ("id", "name", "version", "tokenTargetUrl") if name not in manifest]
    if missing:
        raise _NotInstallableError(f"Field required: {', '.join(missing)}.")
    return manifest


async def _registered(
    shop: Shop, http: httpx.AsyncClient, manifest: dict[str, Any], api_url: str
) -> Installation:
    """Makes the app, tells it its token, and takes it away again when it does not want it."""
    permissions = frozenset(manifest.get("permissions", ()))
    unknown = permissions.difference(PermissionEnum.__members__)
    if unknown:
        raise _NotInstallableError(f"Given permissions don't exist: {', '.join(sorted(unknown))}.")
    if any(app.identifier == manifest["id"] for app in shop.apps.values()):
        raise _NotInstallableError("App with the same identifier is already installed.")
    hooks = [_webhook(shop, asked) for asked in manifest.get("webhooks", ())]
    token = secrets.token_urlsafe(22)
    app = plant_app(shop, identifier=manifest["id"], permissions=permissions, token=token)
    app.name, app.version = manifest["name"], manifest["version"]
    app.app_url, app.audience = manifest.get("appUrl"), manifest.get("audience")
    shop.api_url = api_url
    domain = urlsplit(api_url).netloc
    headers = {"Saleor-Domain": domain, "X-Saleor-Domain": domain, "Saleor-Api-Url": api_url}
    try:
        extensions = _extensions(shop, app, manifest)
        response = await http.post(
            manifest["tokenTargetUrl"], json={"auth_token": token}, headers=headers
        )
        if not response.is_success:
            raise _NotInstallableError(_reason(response))
    except BaseException:
        shop.apps.pop(token, None)
        raise
    app.hooks = hooks
    shop.extensions += extensions
    return Installation(installed=True, app_id=app.id)


def _extensions(shop: Shop, app: App, manifest: dict[str, Any]) -> list[AppExtension]:
    try:
        return read_extensions(shop, app, manifest.get("extensions", ()))
    except UnusableExtensionError as unusable:
        raise _NotInstallableError(str(unusable)) from unusable


def _webhook(shop: Shop, asked: dict[str, Any]) -> Webhook:
    """A webhook as the manifest describes it."""
    try:
        check_webhook(
            schema_of(shop.settings.version), url=asked["targetUrl"], query=asked["query"]
        )
        told = [WebhookEventTypeAsyncEnum[each] for each in asked.get("asyncEvents", ())]
        requests = [WebhookEventTypeSyncEnum[each] for each in asked.get("syncEvents", ())]
    except Refused as refused:
        raise _NotInstallableError("Subscription query is not valid") from refused
    except KeyError as missing:
        raise _NotInstallableError(f"Invalid webhook: {missing}.") from missing
    return Webhook(
        id=strawberry.ID(shop.ids.counted("Webhook")),
        name=asked["name"],
        target_url=asked["targetUrl"],
        is_active=asked.get("isActive", True),
        subscription_query=asked["query"],
        async_events=[WebhookEventAsync(event_type=each) for each in told],
        sync_events=[WebhookEventSync(event_type=each) for each in requests],
    )


def _reason(response: httpx.Response) -> str:
    try:
        message = response.json()["error"]["message"]
    except (ValueError, KeyError, TypeError):
        return "App internal error. Try later or contact with app support."
    return str(message)[:_LONGEST_REASON]
