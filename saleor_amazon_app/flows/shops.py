"""A shop and the app in it: whether the shop still has it, and which events it sends.

    start, installation, status event, refused token → SyncShop → token asked, webhooks compared

A shop whose token is refused stops working alone. It is asked again every hour, because a shop
before 3.23 does not tell that staff have switched the app on again.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from saleor_amazon_app.core.ids import SaleorApiUrl
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.jobs.kinds import SyncShop
from saleor_amazon_app.jobs.queue import enqueue
from saleor_amazon_app.ledger import installations, stores
from saleor_amazon_app.ledger.installations import Installation, InstallationStatus
from saleor_amazon_app.ledger.session import Session
from saleor_amazon_app.saleor import tokens, webhooks
from saleor_amazon_app.saleor.client import SaleorClient
from saleor_amazon_app.saleor.errors import HostUnavailable, TokenRefused
from saleor_amazon_app.saleor.signature import KeySet

_ASK_AGAIN = timedelta(hours=1)

log = structlog.get_logger(__name__)


@asynccontextmanager
async def keep_token(lines: Connections, shop: Installation) -> AsyncIterator[None]:
    """Stops the work for a shop that refuses the app's token; no other shop notices."""
    try:
        yield
    except TokenRefused as refused:
        now = lines.clock()
        async with lines.database.transaction() as session:
            if await installations.note_refusal(session, shop, now=now):
                await have_synced(session, shop.id, at=now + _ASK_AGAIN)
        log.warning("shop_refused_token", shop=shop.saleor_api_url, key=refused.key)
        raise


async def fresh_keys(lines: Connections, shop: Installation) -> KeySet | None:
    """The keys that the shop shows now; None when it was asked a moment ago or does not answer."""
    now = lines.clock()
    async with lines.database.transaction() as session:
        if not await installations.take_turn_at_keys(session, shop.id, now=now):
            return None
    try:
        keys = await tokens.fetch_jwks(lines.shops, SaleorApiUrl(shop.saleor_api_url))
    except HostUnavailable:
        return None
    async with lines.database.transaction() as session:
        await installations.keep_jwks(session, shop.id, keys.model_dump(mode="json"), now=now)
    return keys


async def have_synced(
    session: Session, installation_id: UUID, *, at: datetime | None = None
) -> None:
    """Has a shop asked whether it still has the app, and its webhooks compared."""
    await enqueue(
        session,
        SyncShop(installation_id),
        schedule_at=at,
        queueing_lock=f"shop:{installation_id}",
    )


async def have_all_synced(lines: Connections) -> None:
    """Has every shop compared with what this version of the app wants; done at each start."""
    async with lines.database.transaction() as session:
        for shop in await installations.all_installations(session):
            if shop.status != InstallationStatus.REMOVED:
                await have_synced(session, shop.id)


async def sync(lines: Connections, job: SyncShop) -> None:
    """Asks a shop whether it takes our token; if so, makes its webhooks what they must be.

    Raises:
        HostUnavailable: the job runs again.
    """
    async with lines.database.transaction() as session:
        shop = await installations.installation(session, job.installation_id)
    if shop.status == InstallationStatus.REMOVED:
        return
    client = lines.host(shop)
    try:
        owner = await tokens.whose_token(client)
    except TokenRefused:
        await _ask_again(lines, shop)
        return
    now = lines.clock()
    async with lines.database.transaction() as session:
        if await installations.note_acceptance(session, shop, owner.version, now=now):
            await stores.all_due(session, shop.id, now=now)
            log.info("shop_came_back", shop=shop.saleor_api_url)
    if app_url := lines.app_url or shop.app_url:
        await _compare_webhooks(client, webhooks.wanted(app_url, owner.schema_version))


async def _ask_again(lines: Connections, shop: Installation) -> None:
    """Notes the refusal and asks once more in an hour, while the shop's data is kept."""
    now = lines.clock()
    async with lines.database.transaction() as session:
        await installations.note_refusal(session, shop, now=now)
        if shop.grace_until is None or now < shop.grace_until:
            await have_synced(session, shop.id, at=now + _ASK_AGAIN)


async def _compare_webhooks(client: SaleorClient, wanted: tuple[webhooks.Webhook, ...]) -> None:
    changes = webhooks.compare(wanted, await webhooks.read(client))
    errors = [error for one in changes.missing for error in await webhooks.create(client, one)]
    for id, one in changes.different.items():
        errors += await webhooks.update(client, id, one)
    errors += await webhooks.delete(client, changes.superfluous)
    for error in errors:
        log.error("webhook_refused", shop=client.api_url, code=error.code, field=error.field)
    if changes:
        log.info(
            "webhooks_synced",
            shop=client.api_url,
            created=len(changes.missing),
            updated=len(changes.different),
            deleted=len(changes.superfluous),
        )
