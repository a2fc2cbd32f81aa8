"""Reads what an app's manifest adds to the dashboard, and refuses what the host refuses.

The dashboard's own checks come on top: it lets staff install nothing that fails them.
Source: Saleor 3.23.28 and 3.22.67 `app/manifest_schema.py`, dashboard 3.23.27, 2026-11-20.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import strawberry

from saleor_amazon_app.simulators.saleor.schema.extensions import AppExtension
from saleor_amazon_app.simulators.saleor.schema.people import App
from saleor_amazon_app.simulators.saleor.state import Shop

# The places the simulated dashboard has, by the first version of the host that knows them.
_MOUNTS = {
    "NAVIGATION_ORDERS": (3, 21),
    "ORDER_OVERVIEW_MORE_ACTIONS": (3, 21),
    "ORDER_DETAILS_MORE_ACTIONS": (3, 21),
    "ORDER_DETAILS_WIDGETS": (3, 22),
    "HOMEPAGE_WIDGETS": (3, 23),
}
_TARGETS = {"POPUP": (3, 21), "APP_PAGE": (3, 21), "WIDGET": (3, 22), "NEW_TAB": (3, 22)}


class UnusableExtensionError(ValueError):
    """The manifest cannot be installed for one of its extensions; the message says which."""


def read_extensions(shop: Shop, app: App, asked: Iterable[Mapping[str, Any]]) -> list[AppExtension]:
    """The extensions of a manifest.

    Raises:
        UnusableExtensionError: the host or its dashboard does not take one of them.
    """
    return [_extension(shop, app, one) for one in asked]


def _extension(shop: Shop, app: App, asked: Mapping[str, Any]) -> AppExtension:
    missing = [name for name in ("label", "url", "mount") if not asked.get(name)]
    if missing:
        raise UnusableExtensionError(f"extensions: {', '.join(missing)} required")
    mount, target, url = asked["mount"].upper(), asked.get("target", "POPUP").upper(), asked["url"]
    _check_known(shop, _MOUNTS, "mount", mount)
    _check_known(shop, _TARGETS, "target", target)
    needed = frozenset(asked.get("permissions", ()))
    if not needed <= app.held:
        raise UnusableExtensionError("Extension permission must be listed in App's permissions.")
    if "MANAGE_APPS" in needed:
        raise UnusableExtensionError("MANAGE_APPS cannot be asked for.")
    if target == "WIDGET" and not mount.endswith("_WIDGETS"):
        raise UnusableExtensionError(f"WIDGET cannot be mounted on {mount}.")
    if target == "APP_PAGE" and not url.startswith("/"):
        raise UnusableExtensionError("The url of an APP_PAGE must start with a slash.")
    if target == "POPUP" and url.startswith("/"):
        url = (app.app_url or "") + url
    return AppExtension(
        id=strawberry.ID(shop.ids.counted("AppExtension")),
        label=asked["label"],
        url=url,
        mount_name=mount,
        target_name=target,
        settings=asked.get("options", {}),
        app=app,
        asked=needed,
    )


def _check_known(shop: Shop, known: Mapping[str, tuple[int, int]], what: str, name: str) -> None:
    version = tuple(int(part) for part in shop.settings.schema_version.split("."))
    if name not in known or known[name] > version:
        raise UnusableExtensionError(f"Incorrect value for field: {what} ({name}).")
