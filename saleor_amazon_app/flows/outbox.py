"""The way back: what staff do to a placed order is planned, sent, and seen through.

    event, sweep → PlanOutbox: host order read → rows written
    WorkOutbox:    rows sent → Amazon's answers recorded → told in the host

Events are only hints. What is to be said follows from the host's present state, so that events
may come late, twice, in any order, or never: the sweep reads every open order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from pydantic import ValidationError

from saleor_amazon_app.amazon.order_records import parse_order
from saleor_amazon_app.core.choices import Choices
from saleor_amazon_app.core.errors import TryAgainLater
from saleor_amazon_app.core.ids import (
    AmazonOrderId,
    OrderItemId,
    SaleorOrderId,
    SaleorOrderLineId,
    StoreId,
)
from saleor_amazon_app.flows import (
    cancellations_out,
    feeds_out,
    receipts,
    refunds_out,
    shipments_out,
)
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.receipts import have_worked
from saleor_amazon_app.flows.shops import keep_token
from saleor_amazon_app.flows.stores import keep_consent
from saleor_amazon_app.jobs.kinds import ComparePlaced, PlanOutbox, WorkOutbox
from saleor_amazon_app.jobs.queue import enqueue
from saleor_amazon_app.ledger import choices, history, installations, orders, outbox, stores
from saleor_amazon_app.ledger.history import Event
from saleor_amazon_app.ledger.installations import Installation, InstallationStatus
from saleor_amazon_app.ledger.orders import ImportState
from saleor_amazon_app.ledger.orders import Order as Row
from saleor_amazon_app.ledger.outbox import OutboxKind, OutboxRow, OutboxState
from saleor_amazon_app.ledger.session import Session
from saleor_amazon_app.ledger.stores import Store, StoreStatus
from saleor_amazon_app.mapping.order_changes import CANCEL_REQUEST_KEY, asks_to_cancel
from saleor_amazon_app.mapping.shipments import Shipping
from saleor_amazon_app.saleor import fulfillments
from saleor_amazon_app.saleor.leaving_records import LeavingOrder

_STORES_A_TICK = 200
# In beats of the way back; everything else about the store waits meanwhile.
_SEND_FOR = 0.25
_LANES = (cancellations_out.LANE, refunds_out.LANE)
# In the history of an order: staff let its parcels go although the buyer asks to cancel.
SHIPMENT_APPROVED = "shipment_approved"
_CANCEL_REQUESTED = "cancel_requested"
# In beats of the way back.
_LOOK_AGAIN = 0.25

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Ends:
    """A store and its shop, between which things are told."""

    store: Store
    shop: Installation
    settings: Choices

    @property
    def host_works(self) -> bool:
        return self.shop.status == InstallationStatus.ACTIVE

    @property
    def amazon_works(self) -> bool:
        return self.store.status == StoreStatus.ACTIVE and self.host_works


async def _ends(session: Session, store_id: StoreId) -> _Ends:
    store = await stores.store(session, store_id)
    shop = await installations.installation(session, store.installation_id)
    return _Ends(store, shop, await choices.choices_of(session, store_id))


async def have_planned(
    session: Session, store_id: StoreId, order_id: AmazonOrderId, *, at: datetime | None = None
) -> None:
    """Has an order's fulfilments and cancellation looked at, because its host order changed."""
    lock = f"plan:{store_id}:{order_id}"
    await enqueue(session, PlanOutbox(store_id, order_id), schedule_at=at, queueing_lock=lock)


async def plan(lines: Connections, job: PlanOutbox) -> None:
    """Finds out what Amazon must hear of one order; later, while that is still being placed.

    Raises:
        HostUnavailable: the job runs again.
        NeedsMerchant: the shop refuses the app.
    """
    async with lines.database.transaction() as session:
        ends = await _ends(session, job.store_id)
        if ends.store.status == StoreStatus.INACTIVE or not ends.host_works:
            return
        if await _is_being_placed(session, job):
            at = lines.clock() + _LOOK_AGAIN * lines.pace.beat
            await have_planned(session, job.store_id, job.amazon_order_id, at=at)
            return
    async with keep_token(lines, ends.shop):
        await _plan_some(lines, ends, [job.amazon_order_id])


async def _is_being_placed(session: Session, job: PlanOutbox) -> bool:
    order = await orders.find(session, job.store_id, job.amazon_order_id)
    return order is not None and order.import_state == ImportState.PLACING


async def compare(lines: Connections, job: ComparePlaced) -> None:
    """Looks through all open orders of a store for what no event told.

    Raises:
        HostUnavailable: the job runs again.
        NeedsMerchant: the shop refuses the app.
    """
    async with lines.database.transaction() as session:
        ends = await _ends(session, job.store_id)
        open_ = await outbox.open_orders(session, job.store_id)
    if ends.store.status == StoreStatus.INACTIVE or not ends.host_works:
        return
    async with keep_token(lines, ends.shop):
        for start in range(0, len(open_), fulfillments.ORDERS_PER_REQUEST):
            some = open_[start : start + fulfillments.ORDERS_PER_REQUEST]
            await _plan_some(lines, ends, some)


async def _plan_some(lines: Connections, ends: _Ends, order_ids: Iterable[AmazonOrderId]) -> None:
    """Plans for up to as many orders as the host shows at once.

    What the outbox held is read before the host is. Where it holds something else by the time
    the plan is written, another worker saw the host later, and it is read again.
    """
    store_id, client = StoreId(ends.store.id), lines.host(ends.shop)
    left = list(order_ids)
    while left:
        async with lines.database.transaction() as session:
            placed = [
                row
                for each in left
                if (row := await orders.find(session, store_id, each))
                and row.import_state == ImportState.PLACED
            ]
            before = {row.amazon_order_id: await _seen(session, row) for row in placed}
        read = await fulfillments.read(client, [_host_id(row) for row in placed])
        left = []
        for row in placed:
            leaving = read[_host_id(row)]
            if not isinstance(leaving, LeavingOrder):
                log.warning("host_order_unreadable", amazon_order_id=row.amazon_order_id)
            elif not await _write(lines, ends, row, leaving, before[row.amazon_order_id]):
                left.append(AmazonOrderId(row.amazon_order_id))


async def _seen(session: Session, row: Row) -> frozenset[tuple[int, int]]:
    return _versions(await outbox.of_order(session, StoreId(row.store_id), _order_id(row)))


def _versions(rows: tuple[OutboxRow, ...]) -> frozenset[tuple[int, int]]:
    return frozenset((row.id, row.revision) for row in rows)


async def _write(
    lines: Connections,
    ends: _Ends,
    placed: Row,
    leaving: LeavingOrder,
    before: frozenset[tuple[int, int]],
) -> bool:
    """Writes the plan for one order; False when another worker was faster."""
    store_id, order_id = StoreId(placed.store_id), _order_id(placed)
    now = lines.clock()
    async with lines.database.transaction() as session:
        row = await orders.lock(session, store_id, order_id)
        rows = await outbox.of_order(session, store_id, order_id)
        if row is None:
            return True
        if _versions(rows) != before:
            return False
        case = await _case(session, ends, row, rows, leaving, now)
        if case is None:
            return True
        says = await shipments_out.plan(session, store_id, rows, case)
        cancels = await cancellations_out.plan(
            session,
            store_id,
            rows,
            case.order,
            leaving,
            now=now,
            collected_at=now + lines.pace.beat,
        )
        if says or cancels:
            await have_worked(session, store_id)
    return True


async def _case(
    session: Session,
    ends: _Ends,
    row: Row,
    rows: tuple[OutboxRow, ...],
    leaving: LeavingOrder,
    now: datetime,
) -> Shipping | None:
    """All that a decision about the order's parcels needs; None of an order nobody can read."""
    try:
        order = parse_order(row.facts)
    except ValidationError:
        log.error("order_unreadable", amazon_order_id=row.amazon_order_id)
        return None
    asks = asks_to_cancel(order)
    told = await history.history_of(session, StoreId(row.store_id), _order_id(row)) if asks else []
    return Shipping(
        order=order,
        leaving=leaving,
        items={
            SaleorOrderLineId(line): OrderItemId(item)
            for item, line in (row.saleor_lines or {}).items()
        },
        carriers=ends.settings.carriers,
        reported=shipments_out.reported_of(rows),
        asks_to_cancel=asks,
        asked_since=_asked_since(told, row, leaving) if asks else None,
        is_approved=any(event.kind == SHIPMENT_APPROVED for event in told),
        now=now,
    )


def _asked_since(told: Sequence[Event], row: Row, leaving: LeavingOrder) -> datetime | None:
    """Since when the host shows that the buyer asks to cancel; some ask before it is placed."""
    if CANCEL_REQUEST_KEY not in leaving.metadata:
        return None
    since = (event.at for event in told if event.kind == _CANCEL_REQUESTED)
    # Nothing else marks an order but its placing, and before that nobody could ship it.
    return min(since, default=row.purchased_at)


async def work(lines: Connections, job: WorkOutbox) -> None:
    """Sends what is due, records what became of what was sent, and tells it in the host.

    Raises:
        AmazonError, TryAgainLater: what is left is sent when the job runs again.
        NeedsMerchant: Amazon or the shop refuses the app.
    """
    async with lines.database.transaction() as session:
        ends = await _ends(session, job.store_id)
    try:
        if ends.amazon_works:
            async with keep_consent(lines, ends.store):
                await _send(lines, ends)
    finally:
        if ends.host_works:
            await receipts.tell(lines, ends.shop, job.store_id)


async def _send(lines: Connections, ends: _Ends) -> None:
    store_id = StoreId(ends.store.id)
    await _end_waiting(lines, store_id)
    await shipments_out.confirm(lines, store_id)
    await cancellations_out.confirm(lines, store_id)
    late: list[TryAgainLater] = []
    # What one of Amazon's limits holds up must not hold up the rest.
    for lane in _LANES:
        try:
            await feeds_out.step(lines, ends.store, ends.settings, lane)
        except TryAgainLater as later:
            late.append(later)
    if await _send_parcels(lines, ends.store):
        async with lines.database.transaction() as session:
            await have_worked(session, store_id)
    if late:
        raise late[0]


async def _send_parcels(lines: Connections, store: Store) -> bool:
    """Sends parcels share by share for a while; True when there may be more."""
    until = lines.clock() + _SEND_FOR * lines.pace.beat
    while await shipments_out.send(lines, store):
        if lines.clock() >= until:
            return True
    return False


async def _end_waiting(lines: Connections, store_id: StoreId) -> None:
    """Has those looked at again whose waiting is over."""
    now = lines.clock()
    async with lines.database.transaction() as session:
        due = await outbox.due_in_state(
            session, store_id, OutboxKind.SHIPMENT, (OutboxState.WAITING,), now=now
        )
        for row, order in due:
            await outbox.settle(session, row, due_at=None)
            await have_planned(session, store_id, _order_id(order))


async def start_due_outboxes(lines: Connections) -> int:
    """Has the outbox worked off of every store that has something due; tells how many."""
    async with lines.database.transaction() as session:
        due = await outbox.stores_with_work(session, now=lines.clock(), limit=_STORES_A_TICK)
        for store_id in due:
            await have_worked(session, store_id)
    return len(due)


def _host_id(row: Row) -> SaleorOrderId:
    return SaleorOrderId(row.saleor_order_id or "")


def _order_id(row: Row) -> AmazonOrderId:
    return AmazonOrderId(row.amazon_order_id)
