"""The tokens by which an app's pages know who of the staff opened them.

Source: Saleor 3.23.28, `core/jwt.py`, and what reached an installed app, 2026-11-20.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from saleor_amazon_app.simulators.saleor.keys import access_token

if TYPE_CHECKING:
    from saleor_amazon_app.simulators.saleor.schema.people import App, User
    from saleor_amazon_app.simulators.saleor.state import Shop


def token_for(
    shop: "Shop",
    app: "App",
    staff: "User",
    permissions: Iterable[str],
    *,
    extension_id: str | None = None,
) -> str:
    """A token for one member of staff, one app and a few minutes.

    Args:
        shop: who signs.
        app: whose pages it is for.
        staff: who opened them.
        permissions: those of the app, or of its extension; it gets what staff hold as well.
        extension_id: the extension it is for, if it is for one.
    """
    now = int(shop.clock().timestamp())
    claims: dict[str, object] = {
        "iat": now,
        "owner": "saleor",
        "iss": shop.api_url,
        "exp": now + int(shop.token_lifetime.total_seconds()),
        "token": staff.id,
        "email": staff.email,
        "type": "thirdparty",
        "user_id": staff.id,
        "is_staff": staff.is_staff,
        "app": app.id,
        "permissions": sorted(staff.held.intersection(permissions)),
        "user_permissions": sorted(staff.held),
    }
    if app.audience:
        claims["aud"] = app.audience
    if extension_id:
        claims["app_extension"] = extension_id
    return access_token(shop.signing_key, claims)
