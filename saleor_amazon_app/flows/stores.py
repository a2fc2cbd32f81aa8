"""The state of a store as journeys find it: when it is due, and what stops it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog

from saleor_amazon_app.amazon.errors import AccessDenied, ClientRefused, ConsentRevoked
from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.jobs.kinds import FetchOrders
from saleor_amazon_app.jobs.queue import enqueue
from saleor_amazon_app.ledger import choices, stores
from saleor_amazon_app.ledger.stores import StoreStatus

_STORES_A_TICK = 200

log = structlog.get_logger(__name__)


async def start_due_syncs(lines: Connections) -> int:
    """Has every store read whose time has come; tells how many.

    The store's next time is moved on in the same transaction, so that several processes may
    tick at once.
    """
    now = lines.clock()
    async with lines.database.transaction() as session:
        due = await stores.stores_due(session, now, _STORES_A_TICK)
        for store in due:
            store_id = StoreId(store.id)
            settings = await choices.choices_of(session, store_id)
            every = lines.pace.sync_every or timedelta(minutes=settings.sync_every_minutes)
            await enqueue(session, FetchOrders(store_id), queueing_lock=f"sync:{store_id}")
            await stores.sync_again_at(session, store_id, now + every)
    return len(due)


@asynccontextmanager
async def keep_consent(lines: Connections, store_id: StoreId) -> AsyncIterator[None]:
    """Stops a store whose consent is lost, in words; no other store notices."""
    try:
        yield
    except (ConsentRevoked, ClientRefused, AccessDenied) as lost:
        async with lines.database.transaction() as session:
            await stores.set_store_status(
                session, store_id, StoreStatus.REAUTHORISE, reason=str(lost)
            )
        log.warning("store_needs_authorisation", key=lost.key)
        raise
