"""Setting up: a shop installs the app, a seller account is connected to it."""

import json
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import SecretStr

from saleor_amazon_app.core.choices import Choices
from saleor_amazon_app.core.errors import NeedsMerchant
from saleor_amazon_app.core.ids import SaleorApiUrl, StoreId
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.ledger import choices, installations, stores
from saleor_amazon_app.ledger.installations import Registration
from saleor_amazon_app.ledger.stores import NewStore
from saleor_amazon_app.saleor import tokens
from saleor_amazon_app.saleor.client import SaleorClient
from saleor_amazon_app.saleor.documents import locate


async def register_shop(lines: Connections, api_url: SaleorApiUrl, token: SecretStr) -> UUID:
    """Keeps an installation after asking the shop itself whom the token belongs to.

    Args:
        lines: the open lines.
        api_url: checked before: it may be called.
        token: what the shop brought; kept encrypted.

    Raises:
        HostUnavailable, TokenRefused: the shop cannot say, or says that the token is nobody's.
        NeedsMerchant: the token is another app's.
    """
    client = SaleorClient(lines.http, api_url=api_url, token=token)
    owner = await tokens.whose_token(client)
    ours = json.loads(locate("manifest.json").read_text())["id"]
    if owner.identifier != ours:
        raise NeedsMerchant(
            "saleor-foreign-token",
            f"The token belongs to the app {owner.identifier!r}, not to {ours!r}. Install this "
            "app by the address of its manifest.",
        )
    registration = Registration(
        saleor_api_url=api_url,
        domain=urlsplit(api_url).netloc,
        app_id=owner.app_id,
        token=token,
        jwks=json.loads(await tokens.fetch_jwks(lines.http, api_url)),
        saleor_version=owner.version,
    )
    async with lines.database.transaction() as session:
        return await installations.install(session, lines.cipher, registration, now=lines.clock())


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
        store_id = await stores.connect_store(session, lines.cipher, shop.id, store, now=now)
        if settings.import_orders_since is None:
            settings = settings.model_copy(update={"import_orders_since": now})
        await choices.save_choices(session, store_id, settings, now=now)
    return store_id
