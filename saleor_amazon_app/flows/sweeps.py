"""Once a day: what Amazon's lists of changes did not show is looked for in two other ways.

Lists have omitted orders and changes for hours, so the week's orders are read by when they were
placed, and open orders of which nothing was heard for a day are asked for one by one.

Source: amzn/selling-partner-api-models issues 3945 and 5048, read 2026-11-20.
"""

from datetime import timedelta

import structlog

from saleor_amazon_app.amazon.orders import OrderQuery, Since
from saleor_amazon_app.core.ids import MarketplaceId, StoreId
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.orders_in import (
    have_placed,
    keep,
    page_after,
    resume,
    search,
)
from saleor_amazon_app.flows.stores import keep_consent
from saleor_amazon_app.jobs.kinds import FetchOrder, SweepOrders
from saleor_amazon_app.jobs.queue import enqueue
from saleor_amazon_app.ledger import cursors, order_changes, stores
from saleor_amazon_app.ledger.cursors import Reading
from saleor_amazon_app.ledger.orders import ImportState, Seen
from saleor_amazon_app.ledger.stores import Store, StoreStatus

_LOOK_BACK = timedelta(days=7)
_UNHEARD = timedelta(days=1)
# getOrder is allowed 1,800 times an hour; the rest of a very long list has its turn tomorrow.
_ASKED_AT_ONCE = 1000

log = structlog.get_logger(__name__)


async def sweep(lines: Connections, job: SweepOrders) -> None:
    """Reads the last week's orders anew and asks for open orders that no list shows.

    Raises:
        AmazonError, TryAgainLater: the sweep goes on where it stopped when the job runs again.
    """
    async with lines.database.transaction() as session:
        store = await stores.store(session, job.store_id)
    if store.status != StoreStatus.ACTIVE:
        return
    async with keep_consent(lines, store):
        changed = await _read_week(lines, store)
    async with lines.database.transaction() as session:
        unheard = await order_changes.open_but_not_seen(
            session, job.store_id, since=lines.clock() - _UNHEARD, limit=_ASKED_AT_ONCE
        )
        for order_id in sorted(unheard):
            await enqueue(
                session,
                FetchOrder(job.store_id, order_id),
                queueing_lock=f"fetch:{job.store_id}:{order_id}",
            )
    log.info("store_swept", changed=changed, asked_for=len(unheard))


async def _read_week(lines: Connections, store: Store) -> int:
    """Keeps the orders of the last week and tells how many of them were new to us, or held.

    A page is kept with the place after it: a busy seller's week takes longer than one run of the
    job, because Amazon allows a page every three minutes.
    """
    store_id, client = StoreId(store.id), lines.amazon(store)
    async with lines.database.transaction() as session:
        position = await cursors.position(session, store_id, Reading.WEEK)
    query = resume(position, now=lines.clock()) or _week(lines, store)
    changed = 0
    while True:
        query, page = await search(lines, store_id, client, query)
        async with lines.database.transaction() as session:
            # Held orders are taken as they are now: what they lacked need not make them newer.
            seen = await keep(
                lines,
                session,
                store_id,
                page.orders,
                page.unreadable,
                also_same=(ImportState.HELD,),
            )
            # The store after its orders, as whoever ends a pass writes them: nobody waits in a
            # circle.
            await stores.keep_granted_datasets(session, store_id, tuple(sorted(query.datasets)))
            if page.next_token is None:
                await cursors.abandon_pass(session, store_id, Reading.WEEK)
            else:
                after = page_after(query, page.next_token, now=lines.clock())
                await cursors.keep_page(session, store_id, after, Reading.WEEK)
            await have_placed(session, [store_id], now=lines.clock())
        changed += sum(1 for state in seen.values() if state is not Seen.UNCHANGED)
        if page.next_token is None:
            return changed
        query = query.model_copy(update={"page_token": page.next_token})


def _week(lines: Connections, store: Store) -> OrderQuery:
    """Asks for everything: a role that was missing before may have been given since."""
    return OrderQuery(
        marketplaces=tuple(MarketplaceId(each) for each in store.marketplaces),
        after=lines.clock() - _LOOK_BACK,
        since=Since.CREATED,
    )
