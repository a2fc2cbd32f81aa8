"""What became of what Amazon was told: in the history at once, in the host as soon as it listens.

A row that comes to something has a note, written in the transaction that makes it true and said
afterwards, so that a host that is away delays no shipment and a crash loses no word.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import structlog

from saleor_amazon_app.core.ids import SaleorOrderId, StoreId, TransactionId
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.problems import have_reported
from saleor_amazon_app.flows.shops import keep_token
from saleor_amazon_app.jobs.kinds import FetchOrder, WorkOutbox
from saleor_amazon_app.jobs.queue import enqueue
from saleor_amazon_app.ledger import history, orders, outbox, outbox_claims, stores
from saleor_amazon_app.ledger.history import Direction, Event
from saleor_amazon_app.ledger.installations import Installation
from saleor_amazon_app.ledger.outbox import OutboxKind, OutboxRow, OutboxState
from saleor_amazon_app.ledger.outbox_claims import Batch
from saleor_amazon_app.ledger.session import Session
from saleor_amazon_app.saleor import fulfillments, transactions
from saleor_amazon_app.saleor import orders as host_orders
from saleor_amazon_app.saleor.client import SaleorClient
from saleor_amazon_app.saleor.leaving_records import LeavingOrder
from saleor_amazon_app.saleor.refusals import Refused
from saleor_amazon_app.saleor.standing_records import Refund

log = structlog.get_logger(__name__)


async def have_worked(session: Session, store_id: StoreId, *, at: datetime | None = None) -> None:
    """Has the store's outbox worked off, at once or at a moment."""
    lock = f"outbox:{store_id}" if at is None else f"outbox-later:{store_id}"
    await enqueue(session, WorkOutbox(store_id), schedule_at=at, queueing_lock=lock)


async def have_asked(session: Session, row: OutboxRow) -> None:
    """Has Amazon asked how the order of a row stands."""
    store_id, order_id = StoreId(row.store_id), outbox.order_id(row)
    lock = f"fetch:{store_id}:{order_id}"
    await enqueue(session, FetchOrder(store_id, order_id), queueing_lock=lock)


async def have_reported_trouble(session: Session, row: OutboxRow) -> None:
    """Has the shop's problems compared with what is unknown or refused now."""
    store = await stores.store(session, StoreId(row.store_id))
    await have_reported(session, store.installation_id)


async def tell_history(
    session: Session, row: OutboxRow, state: OutboxState, summary: str, *, now: datetime
) -> None:
    """Adds to the history of a row's order what became of the row."""
    event = Event(
        amazon_order_id=outbox.order_id(row),
        at=now,
        kind=f"{row.kind}_{state}".lower(),
        direction=Direction.OUT,
        by="app",
        summary=summary,
        details={"outboxId": row.id, "packageReference": row.package_reference},
    )
    await history.record(session, StoreId(row.store_id), [event])


async def record(
    lines: Connections,
    batch: Batch | None,
    row: OutboxRow,
    state: OutboxState,
    *,
    words: str | None = None,
    note: str | None = None,
    due_at: datetime | None = None,
    **values: Any,
) -> bool:
    """Writes what became of a row; False when the row changed meanwhile and it is outdated.

    Args:
        lines: the open lines.
        batch: the claim under which it was sent; None when it was only looked at.
        row: as it was claimed or read.
        state: its new one.
        words: why, in Amazon's words or ours; also for the history, unless there is a note.
        note: what staff are told in the host.
        due_at: when to look at it next.
        values: other columns.
    """
    now = lines.clock()
    values |= {"state": state, "words": words, "due_at": due_at} | _moments(state, now)
    if note:
        values["note"] = note
    async with lines.database.transaction() as session:
        await orders.hold(session, StoreId(row.store_id), outbox.order_id(row))
        if batch is None:
            is_kept = await outbox.settle(session, row, **values)
        else:
            is_kept = await outbox_claims.record(session, batch, row, **values)
        if is_kept and state != row.state:
            await tell_history(session, row, state, note or words or SAID[state], now=now)
            if OutboxState.UNKNOWN in (state, row.state) or state in outbox.ENDED:
                await have_reported_trouble(session, row)
    log.info("outbox_recorded", outbox_id=row.id, kind=row.kind, state=state, kept=is_kept)
    return is_kept


def _moments(state: OutboxState, now: datetime) -> dict[str, datetime]:
    if state is OutboxState.ACCEPTED:
        return {"accepted_at": now}
    return {"ended_at": now} if state in outbox.ENDED else {}


SAID: Mapping[OutboxState, str] = {
    OutboxState.WAITING: "It waits.",
    OutboxState.PLANNED: "It is to be sent to Amazon.",
    OutboxState.SENDING: "It is being sent to Amazon.",
    OutboxState.ACCEPTED: "Amazon took it.",
    OutboxState.CONFIRMED: "Amazon shows it.",
    OutboxState.REFUSED: "Amazon refused it.",
    OutboxState.UNKNOWN: "Amazon's answer was lost.",
}


async def tell(lines: Connections, shop: Installation, store_id: StoreId) -> bool:
    """Says in the host what is still to be said; False when nothing was left.

    Raises:
        HostUnavailable: it is said when the job runs again.
        NeedsMerchant: the shop refuses the app.
    """
    now = lines.clock()
    async with lines.database.transaction() as session:
        rows = await outbox_claims.take_untold(
            session, store_id, now=now, limit=fulfillments.ORDERS_PER_REQUEST
        )
        placed = {
            row.amazon_order_id: await orders.find(session, store_id, outbox.order_id(row))
            for row in rows
        }
    if not rows:
        return False
    host_ids = {
        number: SaleorOrderId(order.saleor_order_id)
        for number, order in placed.items()
        if order and order.saleor_order_id
    }
    async with keep_token(lines, shop):
        client = lines.host(shop)
        leaving = await fulfillments.read(client, list(dict.fromkeys(host_ids.values())))
        for row in rows:
            found = leaving.get(host_ids.get(row.amazon_order_id, SaleorOrderId("")))
            await _tell(client, row, found if isinstance(found, LeavingOrder) else None)
            async with lines.database.transaction() as session:
                await outbox_claims.told(session, row)
    return True


async def _tell(client: SaleorClient, row: OutboxRow, order: LeavingOrder | None) -> None:
    """Reports the outcome of a refund and writes the note, each once for good."""
    if row.kind == OutboxKind.REFUND and row.state in outbox.ENDED:
        _log_refusal(row, await _report_refund(client, row))
    if order is None or row.note is None or row.note in order.notes:
        return
    _log_refusal(row, await host_orders.add_note(client, order.id, row.note))


async def _report_refund(client: SaleorClient, row: OutboxRow) -> Refused | None:
    refund = Refund(
        TransactionId(row.content["transactionId"]), Decimal(row.content["amount"]), row.key
    )
    if row.state == OutboxState.REFUSED:
        why = row.words or SAID[OutboxState.REFUSED]
        return await transactions.report_refund_failure(client, refund, why)
    return await transactions.report_refund(client, refund)


def _log_refusal(row: OutboxRow, refused: Refused | None) -> None:
    if refused:
        log.error("host_refused_receipt", outbox_id=row.id, codes=refused.codes)
