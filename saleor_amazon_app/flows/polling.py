"""Many stores are asked at once whether anything changed; of most of them nothing did.

    stores that are due → PollStores → a page each → nothing new: noted for all together
                                                   → something: kept as by `orders_in`

What is always the same is read and written for all of them together, for a thousand stores are
asked two hundred times a minute. Whatever is not as usual is left to `FetchOrders`.
"""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from saleor_amazon_app.amazon import orders as amazon_orders
from saleor_amazon_app.amazon.auth import AccessToken
from saleor_amazon_app.amazon.orders import OrderPage, OrderQuery
from saleor_amazon_app.amazon.throttle import LIMITS, Operation
from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.flows.connections import AtHand, Connections
from saleor_amazon_app.flows.orders_in import (
    ask_for_incomplete,
    have_placed,
    keep_page,
    next_query,
)
from saleor_amazon_app.jobs.kinds import FetchOrders, PollStores
from saleor_amazon_app.jobs.queue import enqueue
from saleor_amazon_app.ledger import access_tokens, buckets, cursors, stores
from saleor_amazon_app.ledger.session import Session
from saleor_amazon_app.ledger.stores import Store

_CALLS_AT_ONCE = 4
# Before a store that did not answer is asked again by itself.
_SOON = timedelta(seconds=5)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Call:
    """What one store is asked, and what there is to ask with."""

    store: Store
    query: OrderQuery
    at_hand: AtHand

    async def answer(self, lines: Connections, gate: asyncio.Semaphore) -> OrderPage | Exception:
        """The page, or why there is none: one store never disturbs another."""
        async with gate:
            client = lines.amazon(self.store, at_hand=self.at_hand)
            try:
                return await amazon_orders.search_orders(client, self.query)
            except Exception as error:  # noqa: BLE001 - it is asked again by itself, and fails there
                return error


async def poll(lines: Connections, job: PollStores) -> None:
    """Reads what changed of these stores since they were read last."""
    async with lines.database.transaction() as session:
        calls = await _prepared(lines, session, job.store_ids)
        await _leave(session, {*job.store_ids} - calls.keys())
    gate = asyncio.Semaphore(_CALLS_AT_ONCE)
    answers = await asyncio.gather(*(call.answer(lines, gate) for call in calls.values()))
    unchanged: dict[StoreId, datetime] = {}
    failed, unfinished = [], []
    for (store_id, call), answer in zip(calls.items(), answers, strict=True):
        if isinstance(answer, Exception):
            log.info("store_not_polled", store_id=str(store_id), error=type(answer).__name__)
            failed.append(store_id)
        elif answer.is_all_and_empty and answer.last_updated_before:
            unchanged[store_id] = answer.last_updated_before
        else:
            await keep_page(lines, store_id, call.query, answer)
            unfinished += [store_id] * (answer.next_token is not None)
    async with lines.database.transaction() as session:
        await _note_unchanged(lines, session, unchanged)
        await _leave(session, unfinished)
        await _leave(session, failed, at=lines.clock() + _SOON)


async def _prepared(
    lines: Connections, session: Session, store_ids: Collection[StoreId]
) -> dict[StoreId, _Call]:
    """What to ask those stores whose last reading came to its end, as far as they may be asked."""
    now = lines.clock()
    positions = await cursors.positions(session, store_ids)
    resting = {
        StoreId(store.id): store
        for store in await stores.active(session, store_ids)
        if (position := positions.get(StoreId(store.id))) and position.is_at_rest
    }
    limit = LIMITS[Operation.SEARCH_ORDERS]
    rates = await buckets.take_each(
        session,
        resting,
        Operation.SEARCH_ORDERS,
        rate_per_second=limit.rate,
        burst=limit.burst,
        now=now,
    )
    tokens = await access_tokens.good_tokens(session, lines.cipher, rates, now=now)
    calls = {}
    for store_id in sorted(rates):
        store, token = resting[store_id], tokens.get(store_id)
        at_hand = AtHand(
            AccessToken(token.token, token.expires_at) if token else None,
            rates[store_id] or limit.rate,
        )
        query = next_query(lines, store, positions[store_id])
        calls[store_id] = _Call(store, query, at_hand)
    return calls


async def _note_unchanged(
    lines: Connections, session: Session, looked_until: Mapping[StoreId, datetime]
) -> None:
    """Ends the readings of stores of which nothing is new, and has done what is due anyway."""
    if not looked_until:
        return
    now = lines.clock()
    await cursors.finish_passes(session, looked_until)
    await stores.record_synced(session, looked_until, now=now)
    await ask_for_incomplete(session, looked_until)
    await have_placed(session, looked_until, now=now)
    log.info("stores_unchanged", stores=len(looked_until))


async def _leave(
    session: Session, store_ids: Collection[StoreId], *, at: datetime | None = None
) -> None:
    """Leaves stores to a job of their own, which knows what to do about anything unusual."""
    for store_id in sorted(store_ids):
        lock = f"sync:{store_id}"
        await enqueue(session, FetchOrders(store_id), schedule_at=at, queueing_lock=lock)
