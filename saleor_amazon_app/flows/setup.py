"""Setting up: a shop installs the app, a seller account is connected to it."""

import json
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import SecretStr

from saleor_amazon_app.core.choices import Choices
from saleor_amazon_app.core.errors import NeedsMerchant
from saleor_amazon_app.core.ids import SaleorApiUrl, StoreId
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.shops import have_synced
from saleor_amazon_app.ledger import choices, installations, stores
from saleor_amazon_app.ledger.installations import Registration
from saleor_amazon_app.ledger.stores import NewStore
from saleor_amazon_app.saleor import tokens, webhooks
from saleor_amazon_app.saleor.client import SaleorClient
from saleor_amazon_app.saleor.documents import locate
from saleor_amazon_app.saleor.tokens import TokenOwner

# The shop makes the manifest's webhooks after its token was taken; before that they would be
# missed and made twice.
_INSTALLED_WITHIN = timedelta(minutes=1)


async def register_shop(
    lines: Connections, api_url: SaleorApiUrl, token: SecretStr, *, app_url: str
) -> UUID:
    """Keeps an installation after asking the shop itself whom the token belongs to.

    A shop that installs the app again finds everything as it left it, under a new token.

    Args:
        lines: the open lines.
        api_url: checked before: it may be called.
        token: what the shop brought; kept encrypted.
        app_url: where the shop reached this app, without a closing slash.

    Raises:
        HostUnavailable, TokenRefused: the shop cannot say, or says that the token is nobody's.
        NeedsMerchant: the token is another app's, or the shop is too old.
        RequestRefused: there is no Saleor at the address.
    """
    client = SaleorClient(lines.shops, api_url=api_url, token=token)
    owner = await tokens.whose_token(client)
    _check(owner)
    registration = Registration(
        saleor_api_url=api_url,
        domain=urlsplit(api_url).netloc,
        app_id=owner.app_id,
        token=token,
        jwks=(await tokens.fetch_jwks(lines.shops, api_url)).model_dump(mode="json"),
        saleor_version=owner.version,
        app_url=app_url,
    )
    now = lines.clock()
    async with lines.database.transaction() as session:
        shop_id = await installations.install(session, lines.cipher, registration, now=now)
        await stores.all_due(session, shop_id, now=now)
        await have_synced(session, shop_id, at=now + _INSTALLED_WITHIN)
    return shop_id


def _check(owner: TokenOwner) -> None:
    """Lets in a token of this app in a shop it understands.

    Raises:
        NeedsMerchant: it is another app's, or the shop is too old.
    """
    ours = json.loads(locate("manifest.json").read_text())["id"]
    if owner.identifier != ours:
        raise NeedsMerchant(
            "saleor-foreign-token",
            f"The token belongs to the app {owner.identifier!r}, not to {ours!r}. Install this "
            "app by the address of its manifest.",
        )
    if owner.schema_version < webhooks.OLDEST_HOST:
        raise NeedsMerchant(
            "saleor-too-old",
            f"The shop runs Saleor {owner.version}; this app needs 3.21 or newer.",
        )


async def connect_store(
    lines: Connections, api_url: SaleorApiUrl, store: NewStore, settings: Choices
) -> StoreId:
    """Connects a seller account to a shop; it is read at once.

    Raises:
        NeedsMerchant: the shop has not installed the app.
    """
    now = lines.clock()
    async with lines.database.transaction() as session:
        shop = await installations.installation_at(session, api_url)
        if shop is None:
            raise NeedsMerchant(
                "saleor-not-installed",
                f"The shop {api_url} has not installed this app. Install it by its manifest first.",
            )
        store_id = await stores.connect_store(
            session, lines.cipher, shop.id, store, now=now, sweep_at=now + lines.pace.sweep_every
        )
        if settings.import_orders_since is None:
            settings = settings.model_copy(update={"import_orders_since": now})
        await choices.save_choices(session, store_id, settings, now=now)
    return store_id
