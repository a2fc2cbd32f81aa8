"""The state of a store as journeys find it: when it is due, and what stops it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import structlog

from saleor_amazon_app.amazon.errors import AccessDenied, ClientRefused, ConsentRevoked
from saleor_amazon_app.core.errors import NeedsMerchant
from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.problems import have_reported
from saleor_amazon_app.jobs.kinds import (
    ComparePlaced,
    FetchOrders,
    Job,
    PlaceOrders,
    PollStores,
    ReadRefunds,
    SweepOrders,
)
from saleor_amazon_app.jobs.queue import enqueue, waiting
from saleor_amazon_app.ledger import choices, held, host_copies, stores
from saleor_amazon_app.ledger.session import Session
from saleor_amazon_app.ledger.stores import Store, StoreStatus

_STORES_A_TICK = 200
_STORES_A_JOB = 20
# In beats of the way back.
_COMPARE_EVERY = 60
_READ_REFUNDS_EVERY = 30

log = structlog.get_logger(__name__)


async def start_due_syncs(lines: Connections) -> int:
    """Has every store read whose time has come; tells how many.

    The store's next time is moved on in the same transaction, so that several processes may
    tick at once.
    """
    now = lines.clock()
    async with lines.database.transaction() as session:
        due = [StoreId(each.id) for each in await stores.stores_due(session, now, _STORES_A_TICK)]
        settings = await choices.choices_of_all(session, due)
        again: dict[timedelta, list[StoreId]] = {}
        for store_id in due:
            minutes = timedelta(minutes=settings[store_id].sync_every_minutes)
            again.setdefault(lines.pace.sync_every or minutes, []).append(store_id)
        for every, store_ids in again.items():
            await stores.sync_again_at(session, store_ids, now + every)
        for start in range(0, len(due), _STORES_A_JOB):
            await enqueue(session, PollStores(tuple(due[start : start + _STORES_A_JOB])))
        await _have_looked_through(lines, session, due)
    return len(due)


async def _have_looked_through(
    lines: Connections, session: Session, store_ids: Sequence[StoreId]
) -> None:
    """Has stores looked through for what nothing tells, each once in so many beats."""
    now, beat = lines.clock(), lines.pace.beat
    later: dict[str, tuple[Job, datetime]] = {}
    for store_id in store_ids:
        later[f"compare:{store_id}"] = (ComparePlaced(store_id), now + _COMPARE_EVERY * beat)
        later[f"refunds:{store_id}"] = (ReadRefunds(store_id), now + _READ_REFUNDS_EVERY * beat)
    # One that waits already keeps its earlier time.
    for lock in sorted(later.keys() - await waiting(session, later.keys())):
        job, moment = later[lock]
        await enqueue(session, job, schedule_at=moment, queueing_lock=lock)


async def start_due_sweeps(lines: Connections) -> int:
    """Has the stores swept whose daily time has come; tells how many."""
    now = lines.clock()
    async with lines.database.transaction() as session:
        due = await stores.take_due_for_sweep(
            session, now, _STORES_A_TICK, again_at=now + lines.pace.sweep_every
        )
        for store_id in due:
            await enqueue(session, SweepOrders(store_id), queueing_lock=f"sweep:{store_id}")
    return len(due)


@asynccontextmanager
async def keep_consent(lines: Connections, store: Store) -> AsyncIterator[None]:
    """Stops a store whose consent is lost, in words; no other store notices."""
    try:
        yield
    except (ConsentRevoked, ClientRefused, AccessDenied) as lost:
        async with lines.database.transaction() as session:
            if await stores.note_consent_lost(session, store, str(lost)):
                await have_reported(session, store.installation_id)
        log.warning("store_needs_authorisation", key=lost.key)
        raise


async def find_store(lines: Connections, name_or_id: str) -> Store:
    """The store with that name or id.

    Raises:
        NeedsMerchant: there is none, or several shops have one of that name.
    """
    async with lines.database.transaction() as session:
        found = await stores.stores_named(session, name_or_id)
    if len(found) == 1:
        return found[0]
    if not found:
        raise NeedsMerchant(
            "store-unknown",
            f"There is no store {name_or_id!r}. `saleor-amazon stores` lists them.",
        )
    ids = ", ".join(str(store.id) for store in found)
    raise NeedsMerchant(
        "store-ambiguous",
        f"{len(found)} shops have a store {name_or_id!r}; name it by its id: {ids}.",
    )


async def sync_now(lines: Connections, store: Store) -> None:
    """Has a store read at once.

    Raises:
        NeedsMerchant: it is not active.
    """
    if store.status != StoreStatus.ACTIVE:
        reason = store.status_reason or "Activate it first."
        raise NeedsMerchant("store-not-active", f"The store {store.name!r} is not active. {reason}")
    store_id = StoreId(store.id)
    async with lines.database.transaction() as session:
        await enqueue(session, FetchOrders(store_id), queueing_lock=f"sync:{store_id}")


async def activate(lines: Connections, store: Store) -> None:
    """Switches a store on; its reading goes on where it stopped.

    Roles may have been given or taken meanwhile, so that everything is asked for again.
    """
    store_id = StoreId(store.id)
    async with lines.database.transaction() as session:
        await stores.set_store_status(session, store_id, StoreStatus.ACTIVE)
        await stores.read_anew(session, store_id, now=lines.clock())
        await have_reported(session, store.installation_id)


async def deactivate(lines: Connections, store: Store) -> None:
    """Stops all work for a store; everything is kept, and what is under way comes to its end."""
    async with lines.database.transaction() as session:
        await stores.set_store_status(
            session, StoreId(store.id), StoreStatus.INACTIVE, reason="Switched off by staff."
        )
        await have_reported(session, store.installation_id)


async def disconnect(lines: Connections, store: Store) -> None:
    """Deletes a store and everything known of it.

    What is in the host stays there, buyers until their time is over.
    """
    store_id = StoreId(store.id)
    async with lines.database.transaction() as session:
        await host_copies.erase_buyers_of(session, store_id, now=lines.clock())
        await stores.disconnect_store(session, store_id)
        await have_reported(session, store.installation_id)


async def retry_held(lines: Connections, order_id: AmazonOrderId | None = None) -> int:
    """Has held orders looked at again at once, also those the host refused; tells how many."""
    async with lines.database.transaction() as session:
        freed = await held.retry_held(session, now=lines.clock(), order_id=order_id)
        for store_id in sorted(set(freed)):
            await enqueue(session, PlaceOrders(store_id), queueing_lock=f"place:{store_id}")
    return len(freed)
