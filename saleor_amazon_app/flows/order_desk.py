"""What staff do to one order from our pages: look at it again, let its parcel go, send again.

Each of these can be done twice: the second time changes nothing. Who did it stands in the order's
history.
"""

from datetime import datetime

from pydantic import ValidationError

from saleor_amazon_app.amazon.order_records import Order, parse_order
from saleor_amazon_app.core.errors import NeedsMerchant
from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.flows import outbox_desk
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.outbox import SHIPMENT_APPROVED, have_planned
from saleor_amazon_app.jobs.kinds import PlaceOrders
from saleor_amazon_app.jobs.queue import enqueue
from saleor_amazon_app.ledger import held, history, orders, outbox, stores
from saleor_amazon_app.ledger.history import Direction, Event
from saleor_amazon_app.ledger.installations import Installation
from saleor_amazon_app.ledger.orders import ImportState
from saleor_amazon_app.ledger.orders import Order as Row
from saleor_amazon_app.ledger.outbox import OutboxKind, OutboxRow, OutboxState
from saleor_amazon_app.ledger.session import Session
from saleor_amazon_app.ledger.stores import Store, StoreStatus
from saleor_amazon_app.mapping.order_changes import asks_to_cancel

_TO_BE_SENT_AGAIN = frozenset({OutboxState.REFUSED, OutboxState.UNKNOWN})


async def retry(lines: Connections, store: Store, order_id: AmazonOrderId, *, by: str) -> None:
    """Has a held order looked at again at once; one that is placed already is left as it is.

    Raises:
        NeedsMerchant: it is not held, or its store is switched off; nothing was written.
    """
    refuse_idle(store)
    store_id, now = StoreId(store.id), lines.clock()
    async with lines.database.transaction() as session:
        row = await locked_order(session, store_id, order_id)
        if row.import_state in (ImportState.PLACED, ImportState.PLACING, ImportState.NEW):
            return
        if row.import_state != ImportState.HELD:
            why = " ".join(reason.message for reason in row.held_or_skipped_for())
            raise NeedsMerchant("order-not-held", f"The order {order_id} is not held. {why}")
        event = noted(row, "retry_asked", f"{by} had the order looked at again.", by, now)
        await history.record(session, store_id, [event])
        await have_retried(session, store_id, order_id, now=now)


async def have_retried(
    session: Session, store_id: StoreId, order_id: AmazonOrderId, *, now: datetime
) -> None:
    """Makes a held order due, whatever the host refused it under, and has it placed."""
    await held.retry_held(session, now=now, order_id=order_id, store_id=store_id)
    await enqueue(session, PlaceOrders(store_id), queueing_lock=f"place:{store_id}")


async def approve_shipment(
    lines: Connections, store: Store, order_id: AmazonOrderId, *, by: str
) -> None:
    """Lets parcels go that wait because the buyer asks to cancel.

    Raises:
        NeedsMerchant: none waits for that; nothing was written.
    """
    refuse_idle(store)
    store_id, now = StoreId(store.id), lines.clock()
    async with lines.database.transaction() as session:
        row = await locked_order(session, store_id, order_id)
        told = await history.history_of(session, store_id, order_id)
        rows = await outbox.of_order(session, store_id, order_id)
        is_waiting = any(
            one.kind == OutboxKind.SHIPMENT and one.state == OutboxState.WAITING for one in rows
        )
        if all(event.kind != SHIPMENT_APPROVED for event in told):
            if not is_waiting or not asks_to_cancel(readable(row)):
                raise NeedsMerchant(
                    "nothing-to-approve",
                    f"No parcel of {order_id} waits because the buyer asks to cancel.",
                    what_to_do="Fulfil the order in Saleor to ship it.",
                )
            words = f"{by} let the parcels go although the buyer asks to cancel."
            event = noted(row, SHIPMENT_APPROVED, words, by, now)
            await history.record(session, store_id, [event])
        if is_waiting:
            await have_planned(session, store_id, order_id)


async def send_again(lines: Connections, shop: Installation, row_id: int, *, by: str) -> OutboxRow:
    """Has something told to Amazon once more; what is under way or done is left as it is.

    Raises:
        NeedsMerchant: it is not the shop's, it waits for something else, or nobody can know yet
            whether it was done; nothing was written.
        AmazonError: Amazon could not be asked whether it was done; nothing was written.
    """
    async with lines.database.transaction() as session:
        row = await outbox.find(session, row_id)
        store = await stores.store_in(session, shop.id, row.store_id) if row else None
    if row is None or store is None:
        raise NeedsMerchant("outbox-unknown", "There is no such message to Amazon.", field="id")
    refuse_idle(store)
    if row.state == OutboxState.WAITING:
        raise NeedsMerchant("outbox-waits", row.words or "It waits for something else.")
    if row.state not in _TO_BE_SENT_AGAIN:
        return row
    await outbox_desk.retry(lines, row_id)
    async with lines.database.transaction() as session:
        event = Event(
            amazon_order_id=outbox.order_id(row),
            at=lines.clock(),
            kind="sending_asked",
            direction=Direction.OUT,
            by=by,
            summary=f"{by} had the {row.kind.lower()} told to Amazon again.",
            details={"outboxId": row.id},
        )
        await history.record(session, StoreId(row.store_id), [event])
    return row


async def locked_order(session: Session, store_id: StoreId, order_id: AmazonOrderId) -> Row:
    """The order as it is, and as it stays until the transaction ends.

    Raises:
        NeedsMerchant: the store has no such order.
    """
    row = await orders.lock(session, store_id, order_id)
    if row is None:
        raise NeedsMerchant("order-unknown", "There is no such order.")
    return row


def readable(row: Row) -> Order:
    """The order without its buyer.

    Raises:
        NeedsMerchant: Amazon reports it in a form that cannot be read.
    """
    try:
        return parse_order(row.facts)
    except ValidationError as error:
        raise NeedsMerchant(
            "order-unreadable",
            f"The order {row.amazon_order_id} cannot be read by this version of the app.",
            what_to_do="Settle it in Seller Central, and update the app.",
        ) from error


def refuse_idle(store: Store) -> None:
    """Refuses work for a store that is switched off.

    Raises:
        NeedsMerchant: it is.
    """
    if store.status == StoreStatus.INACTIVE:
        raise NeedsMerchant(
            "store-not-active",
            f"The store {store.name!r} is switched off.",
            what_to_do="Activate it first.",
        )


def refuse_busy(row: Row, now: datetime) -> None:
    """Refuses to change what a worker is busy placing.

    Raises:
        NeedsMerchant: one is.
    """
    is_claimed = row.claimed_until is not None and row.claimed_until > now
    if is_claimed or row.import_state == ImportState.PLACING:
        raise NeedsMerchant(
            "order-busy",
            f"The order {row.amazon_order_id} is being placed just now.",
            what_to_do="Try again in a moment.",
        )


def noted(row: Row, kind: str, summary: str, by: str, now: datetime) -> Event:
    """Something that staff did to an order."""
    return Event(
        amazon_order_id=AmazonOrderId(row.amazon_order_id),
        at=now,
        kind=kind,
        direction=Direction.OUT,
        by=by,
        summary=summary,
    )
