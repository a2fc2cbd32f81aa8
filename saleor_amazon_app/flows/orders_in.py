"""Amazon's orders come in: read from where the last reading ended, kept, and handed on.

    position → search page by page → keep orders, place and token → PlaceOrders, FollowOrders

Per page there is one transaction, so that a crash loses nothing and repeats at most a page. The
cursor moves only after the last page, to the moment Amazon itself says it looked until.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import structlog

from saleor_amazon_app.amazon import orders as amazon_orders
from saleor_amazon_app.amazon.buyer_data import names_in, part
from saleor_amazon_app.amazon.client import AmazonClient
from saleor_amazon_app.amazon.datasets import EVERYTHING, Dataset, fewer
from saleor_amazon_app.amazon.errors import AccessDenied, NotFound, PageTokenExpired
from saleor_amazon_app.amazon.order_records import Order
from saleor_amazon_app.amazon.orders import OrderPage, OrderQuery, Since, Unreadable
from saleor_amazon_app.core.ids import AmazonOrderId, MarketplaceId, StoreId
from saleor_amazon_app.core.reasons import HoldCode
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.edited_addresses import drop_outdated
from saleor_amazon_app.flows.receipts import have_worked
from saleor_amazon_app.flows.stores import keep_consent
from saleor_amazon_app.jobs.kinds import FetchOrder, FetchOrders, FollowOrders, PlaceOrders
from saleor_amazon_app.jobs.queue import enqueue
from saleor_amazon_app.ledger import (
    buyer_words,
    buyers,
    choices,
    cursors,
    due,
    held,
    orders,
    outbox,
    stores,
)
from saleor_amazon_app.ledger.buyers import BuyerData
from saleor_amazon_app.ledger.cursors import PageInProgress, Position, Reading
from saleor_amazon_app.ledger.orders import ImportState, Seen, SeenOrder
from saleor_amazon_app.ledger.session import Session
from saleor_amazon_app.ledger.stores import Store, StoreStatus
from saleor_amazon_app.mapping import retention

# Amazon forgets a page token after 24 hours; an hour is left for the clocks to differ.
_TOKEN_LIFE = timedelta(hours=23)
_READINGS = {Since.LAST_UPDATED: Reading.CHANGES, Since.CREATED: Reading.WEEK}
# An order that came unreadable is older than every version that can be read.
_NEVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")

log = structlog.get_logger(__name__)


async def fetch(lines: Connections, job: FetchOrders) -> None:
    """Reads everything that changed since the last reading.

    Raises:
        AmazonError, TryAgainLater: the reading goes on where it stopped when the job runs again.
    """
    async with lines.database.transaction() as session:
        store = await stores.store(session, job.store_id)
        position = await cursors.position(session, job.store_id)
        settings = await choices.choices_of(session, job.store_id)
    if store.status != StoreStatus.ACTIVE:
        return
    begin = settings.import_orders_since or store.connected_at
    query = next_query(lines, store, position, begin=begin)
    client = lines.amazon(store)
    async with keep_consent(lines, store):
        while True:
            query, page = await search(lines, job.store_id, client, query)
            await keep_page(lines, job.store_id, query, page)
            if page.next_token is None:
                return
            query = query.model_copy(update={"page_token": page.next_token})


def next_query(
    lines: Connections, store: Store, position: Position, *, begin: datetime | None = None
) -> OrderQuery:
    """The page at which the last reading stopped, else everything since its end.

    The overlap finds orders that Amazon's lists showed late. The first reading goes back to
    `begin`, else to the moment of connecting.
    """
    if resumed := resume(position, now=lines.clock()):
        return resumed
    after = begin or store.connected_at
    if position.high_water:
        after = position.high_water - lines.pace.overlap
    return OrderQuery(
        marketplaces=tuple(MarketplaceId(each) for each in store.marketplaces),
        after=after,
        datasets=granted(store),
    )


def resume(position: Position, *, now: datetime) -> OrderQuery | None:
    """The page at which a reading stopped; None when it did not, or too long ago for Amazon."""
    page = position.page
    if page is None or now - page.issued_at >= _TOKEN_LIFE:
        return None
    query = OrderQuery.model_validate_json(page.query["search"])
    return query.model_copy(update={"page_token": page.next_token})


def page_after(query: OrderQuery, next_token: str, *, now: datetime) -> PageInProgress:
    """The place after a page, as `resume` wants it back."""
    search = query.model_copy(update={"page_token": None}).model_dump_json()
    return PageInProgress(query={"search": search}, next_token=next_token, issued_at=now)


def granted(store: Store) -> frozenset[Dataset]:
    """The parts of orders that Amazon grants this seller; all until one was refused."""
    if store.granted_datasets is None:
        return EVERYTHING
    return frozenset(Dataset(each) for each in store.granted_datasets)


async def search(
    lines: Connections, store_id: StoreId, client: AmazonClient, query: OrderQuery
) -> tuple[OrderQuery, OrderPage]:
    """Asks for a page; starts the pass again where its token or a dataset is refused."""
    while True:
        try:
            return query, await amazon_orders.search_orders(client, query)
        except PageTokenExpired:
            async with lines.database.transaction() as session:
                await cursors.abandon_pass(session, store_id, _READINGS[query.since])
            query = query.model_copy(update={"page_token": None})
            log.warning("page_token_expired")
        except AccessDenied as denied:
            less = await _give_up_one(lines, store_id, denied)
            query = query.model_copy(update={"page_token": None, "datasets": less})


async def _give_up_one(
    lines: Connections, store_id: StoreId, denied: AccessDenied
) -> frozenset[Dataset]:
    """Remembers that Amazon grants one dataset less.

    Raises:
        AccessDenied: asking for less cannot help.
    """
    less = fewer(denied.datasets)
    if less is None:
        raise denied
    async with lines.database.transaction() as session:
        for reading in Reading:
            await cursors.abandon_pass(session, store_id, reading)
        await stores.keep_granted_datasets(session, store_id, tuple(sorted(less)))
    log.warning("dataset_denied", datasets=sorted(less))
    return less


async def keep_page(
    lines: Connections, store_id: StoreId, query: OrderQuery, page: OrderPage
) -> None:
    """Keeps a page and the place after it, and has its orders placed: all or nothing."""
    now = lines.clock()
    async with lines.database.transaction() as session:
        seen = await keep(lines, session, store_id, page.orders, page.unreadable)
        if page.next_token is not None:
            after = page_after(query, page.next_token, now=now)
            await cursors.keep_page(session, store_id, after)
        elif page.last_updated_before is not None:
            await cursors.finish_pass(session, store_id, high_water=page.last_updated_before)
            await stores.record_synced(session, [store_id], now=now)
            await ask_for_incomplete(session, [store_id])
        else:
            # Without Amazon's word on how far it looked the next reading repeats this one.
            await cursors.abandon_pass(session, store_id)
        # Asked at the end: what was just kept is due by now.
        await have_placed(session, [store_id], now=lines.clock())
    changed = sum(1 for each in seen.values() if each is not Seen.UNCHANGED)
    log.info("page_kept", orders=len(seen), changed=changed)


async def keep(
    lines: Connections,
    session: Session,
    store_id: StoreId,
    readable: Sequence[Order],
    unreadable: Sequence[Unreadable] = (),
    *,
    also_same: Collection[ImportState] = (),
) -> dict[AmazonOrderId, Seen]:
    """Keeps orders and, apart and encrypted, their buyers."""
    now = lines.clock()
    newest = {
        order.order_id: order for order in sorted(readable, key=lambda o: o.last_updated_time)
    }
    parted = {order_id: part(order) for order_id, order in newest.items()}
    rows = [_seen(order, parted[order.order_id][0]) for order in newest.values()]
    rows += [_unreadable(each, now) for each in unreadable if each.order_id]
    seen = await orders.upsert(session, store_id, rows, now=now, also_same=also_same)
    changed = {
        order_id: _buyer_data(newest[order_id], parted[order_id][1])
        for order_id, state in seen.items()
        if order_id in newest and state is not Seen.UNCHANGED
    }
    with_buyer = {order_id: data for order_id, data in changed.items() if data.document}
    await buyers.keep(session, lines.cipher, store_id, with_buyer, now=now)
    told = {order_id: data.document for order_id, data in with_buyer.items()}
    names = {order_id: names_in(document) for order_id, document in told.items()}
    await buyer_words.keep(session, lines.cipher, store_id, names)
    await drop_outdated(session, lines, store_id, told)
    if changed and await outbox.look_at(session, store_id, list(changed), now=now):
        await have_worked(session, store_id)
    for each in unreadable:
        log.error("order_unreadable", amazon_order_id=each.order_id, reason=each.reason)
    return seen


def _seen(order: Order, facts: dict[str, object]) -> SeenOrder:
    fulfillment = order.fulfillment
    grand_total = order.proceeds.grand_total if order.proceeds else None
    return SeenOrder(
        amazon_order_id=order.order_id,
        marketplace_id=order.sales_channel.marketplace_id,
        status=fulfillment.fulfillment_status if fulfillment else "",
        fulfilled_by=fulfillment.fulfilled_by if fulfillment else None,
        purchased_at=order.created_time,
        last_updated_at=order.last_updated_time,
        ship_by=order.latest_ship_time,
        deliver_by=order.latest_delivery_time,
        currency=grand_total.currency_code if grand_total else None,
        grand_total=grand_total.amount if grand_total else None,
        number_of_items=len(order.order_items),
        programs=list(order.programs or ()),
        facts=facts,
    )


def _unreadable(order: Unreadable, now: datetime) -> SeenOrder:
    """A row for an order nobody can read yet: it is seen, held, and replaced once it can be."""
    return SeenOrder(
        amazon_order_id=order.order_id or AmazonOrderId(""),
        marketplace_id=None,
        status="",
        fulfilled_by=None,
        purchased_at=now,
        last_updated_at=_NEVER,
        ship_by=None,
        deliver_by=None,
        currency=None,
        grand_total=None,
        number_of_items=0,
        programs=[],
        facts={"unreadable": order.reason},
    )


def _buyer_data(order: Order, document: dict[str, object]) -> BuyerData:
    delivered_by = retention.delivered_by(order)
    return BuyerData(
        document=document,
        delivered_by=delivered_by,
        erase_after=delivered_by + retention.KEPT,
        is_delivered=retention.is_delivered(order),
    )


async def ask_for_incomplete(session: Session, store_ids: Collection[StoreId]) -> None:
    """Asks again for held orders of which Amazon had not sent everything.

    What was missing may come without a newer `lastUpdatedTime`, which no search would show.
    """
    incomplete = await held.held_for(session, store_ids, HoldCode.INCOMPLETE_FROM_AMAZON)
    # In an order that all keep, so that nobody waits in a circle for the locks of jobs.
    for store_id, order_id in sorted(incomplete):
        await enqueue(
            session, FetchOrder(store_id, order_id), queueing_lock=f"fetch:{store_id}:{order_id}"
        )


async def have_placed(session: Session, store_ids: Collection[StoreId], *, now: datetime) -> None:
    """Has what is due of stores decided and placed, and what was placed follow its changes."""
    for store in await due.due_in(session, store_ids, now=now):
        store_id = store.store_id
        if store.to_place:
            await enqueue(session, PlaceOrders(store_id), queueing_lock=f"place:{store_id}")
        if store.to_follow:
            await enqueue(session, FollowOrders(store_id), queueing_lock=f"follow:{store_id}")


async def fetch_one(lines: Connections, job: FetchOrder) -> None:
    """Reads one order as it is now and has it decided again.

    Raises:
        AmazonError, TryAgainLater: as drawn in `amazon/errors.py`.
    """
    async with lines.database.transaction() as session:
        store = await stores.store(session, job.store_id)
    if store.status != StoreStatus.ACTIVE:
        return
    async with keep_consent(lines, store):
        try:
            order = await _get(lines, store, job.amazon_order_id)
        except NotFound:
            log.warning("order_not_found", amazon_order_id=job.amazon_order_id)
            return
    async with lines.database.transaction() as session:
        if isinstance(order, Unreadable):
            await keep(lines, session, job.store_id, (), [order])
        else:
            await keep(lines, session, job.store_id, [order], also_same=[*ImportState])
        await have_placed(session, [job.store_id], now=lines.clock())


async def _get(lines: Connections, store: Store, order_id: AmazonOrderId) -> Order | Unreadable:
    """Asks for one order, and for less of it where a dataset is refused."""
    client, datasets = lines.amazon(store), granted(store)
    while True:
        try:
            return await amazon_orders.get_order(client, order_id, datasets=datasets)
        except AccessDenied as denied:
            datasets = await _give_up_one(lines, StoreId(store.id), denied)
