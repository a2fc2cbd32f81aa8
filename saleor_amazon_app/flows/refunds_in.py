"""Refunds that were made in Seller Central, or by Amazon, become refunds of the host's payment.

    read:   what Amazon booked since last time → kept, each entry once
    decide: ours, or made elsewhere → what was made elsewhere is due in `order_changes_in`

Amazon allows a call every two seconds and lists all money that moved, up to two days late. So a
store is read in one go, not order by order: the last hours often, the last days once a day.
"""

from datetime import datetime, timedelta
from decimal import Decimal

import structlog
from pydantic import ValidationError

from saleor_amazon_app.amazon import finances
from saleor_amazon_app.amazon.errors import AccessDenied
from saleor_amazon_app.amazon.finances import PostedPart, PostedRefund
from saleor_amazon_app.amazon.order_records import parse_order
from saleor_amazon_app.core.ids import AmazonOrderId, OrderItemId, StoreId
from saleor_amazon_app.core.money import Money
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.following import have_looked_at
from saleor_amazon_app.flows.receipts import record
from saleor_amazon_app.flows.stores import keep_consent
from saleor_amazon_app.jobs.kinds import ReadRefunds
from saleor_amazon_app.ledger import choices, cursors, orders, outbox, refunds, stores
from saleor_amazon_app.ledger.cursors import Reading
from saleor_amazon_app.ledger.outbox import OutboxKind, OutboxRow, OutboxState
from saleor_amazon_app.ledger.refunds import BookedRefund, Entry, MadeBy
from saleor_amazon_app.ledger.session import Session
from saleor_amazon_app.ledger.stores import Store, StoreStatus
from saleor_amazon_app.mapping.booked_refunds import (
    Booked,
    MadeElsewhere,
    NobodyKnows,
    Ours,
    Sent,
    TooEarly,
    Verdict,
    tell_apart,
)

# In beats of the way back: two hours, a day, three days.
_OVERLAP = 120
_LATE_EVERY = 24 * 60
_LATE_OVERLAP = 3 * 24 * 60
# Amazon answers with nothing to a longer span than 180 days.
_LONGEST_SPAN = timedelta(days=179)

_MADE_BY: dict[type[Verdict], MadeBy] = {
    Ours: MadeBy.OURS,
    MadeElsewhere: MadeBy.OTHERS,
    NobodyKnows: MadeBy.UNCLEAR,
    TooEarly: MadeBy.OPEN,
}

log = structlog.get_logger(__name__)


async def read(lines: Connections, job: ReadRefunds) -> None:
    """Reads what was booked, and has the orders follow whose money was given back elsewhere.

    Raises:
        AmazonError, TryAgainLater: what was kept stays; the job runs again.
    """
    async with lines.database.transaction() as session:
        store = await stores.store(session, job.store_id)
    if store.status != StoreStatus.ACTIVE:
        return
    async with keep_consent(lines, store):
        await _read_books(lines, store)
    async with lines.database.transaction() as session:
        undecided = await refunds.undecided(session, job.store_id)
    for order_id in undecided:
        await _decide(lines, job.store_id, order_id)


async def _read_books(lines: Connections, store: Store) -> None:
    store_id, now = StoreId(store.id), lines.clock()
    async with lines.database.transaction() as session:
        since, reading = await _since(session, lines, store, now)
    client = lines.amazon(store)
    try:
        posted = await finances.refunds(client, since)
        seller_id = store.seller_id or await finances.seller_id(client, since)
    except AccessDenied:
        # A role of its own, without which everything else works; `check` names it.
        log.warning("finances_denied", store_id=str(store_id))
        return
    async with lines.database.transaction() as session:
        new = await refunds.keep(session, store_id, [_entry(one) for one in posted])
        for each in (Reading.REFUNDS, reading):
            await cursors.finish_pass(session, store_id, each, high_water=now)
        if seller_id and not store.seller_id:
            await stores.learn_seller_id(session, store, seller_id)
    log.info("books_read", new_refunds=new, late=reading is Reading.LATE_REFUNDS)


async def _since(
    session: Session, lines: Connections, store: Store, now: datetime
) -> tuple[datetime, Reading]:
    """From when on the books are read, and which reading that ends."""
    store_id, beat = StoreId(store.id), lines.pace.beat
    settings = await choices.choices_of(session, store_id)
    lately = (await cursors.position(session, store_id, Reading.REFUNDS)).high_water
    late = (await cursors.position(session, store_id, Reading.LATE_REFUNDS)).high_water
    if lately is None or late is None:
        begin, reading = settings.import_orders_since or store.connected_at, Reading.LATE_REFUNDS
    elif now - late >= _LATE_EVERY * beat:
        begin, reading = late - _LATE_OVERLAP * beat, Reading.LATE_REFUNDS
    else:
        begin, reading = lately - _OVERLAP * beat, Reading.REFUNDS
    return max(begin, now - _LONGEST_SPAN), reading


def _entry(posted: PostedRefund) -> Entry:
    return Entry(
        transaction_id=posted.transaction_id,
        amazon_order_id=posted.order_id,
        posted_at=posted.posted_at,
        amount=posted.amount.amount,
        currency=posted.amount.currency,
        parts=[
            {"sku": part.sku, "kind": part.kind, "amount": f"{part.amount:f}"}
            for part in posted.parts
        ],
    )


async def _decide(lines: Connections, store_id: StoreId, order_id: AmazonOrderId) -> None:
    """Finds out who made an order's refunds, as far as that can be known yet."""
    now = lines.clock()
    settled = []
    async with lines.database.transaction() as session:
        placed = await orders.lock(session, store_id, order_id)
        found = await refunds.of_orders(session, store_id, [order_id])
        sent = await outbox.of_order(session, store_id, order_id)
        if placed is None:
            return
        try:
            order = parse_order(placed.facts)
        except ValidationError:
            log.error("order_unreadable", amazon_order_id=order_id)
            return
        booked = found.get(order_id, ())
        verdicts = tell_apart(
            order,
            [_booked(one) for one in booked],
            [_sent(row) for row in sent if _may_have_gone_back(row)],
            now=now,
            booked_within=_LATE_OVERLAP * lines.pace.beat,
        )
        is_news = False
        for one in booked:
            verdict = verdicts.get(one.transaction_id)
            if verdict is None or _MADE_BY[type(verdict)] == one.made_by:
                continue
            sent_id = verdict.sent_id if isinstance(verdict, Ours) else None
            await refunds.decide(session, one, _MADE_BY[type(verdict)], sent_id)
            is_news |= sent_id is None
            settled += [row for row in sent if row.id == sent_id]
        if is_news:
            await have_looked_at(session, store_id, order_id, now=now)
    for row in settled:
        if row.state == OutboxState.UNKNOWN:
            note = f"Amazon's books show that the refund {row.id} was made."
            await record(lines, None, row, OutboxState.CONFIRMED, note=note)


def _may_have_gone_back(row: OutboxRow) -> bool:
    is_possible = row.state in outbox.UNDER_WAY | {OutboxState.CONFIRMED}
    return row.kind == OutboxKind.REFUND and is_possible and row.sending_at is not None


def _sent(row: OutboxRow) -> Sent:
    return Sent(
        id=row.id,
        sent_at=row.sending_at or row.planned_at,
        currency=row.content["currency"],
        parts={
            (OrderItemId(part["item"]), part["component"]): Decimal(part["amount"])
            for part in row.content.get("parts", ())
        },
        has_ended=row.state in (OutboxState.CONFIRMED, OutboxState.UNKNOWN),
    )


def _booked(row: BookedRefund) -> Booked:
    return Booked(
        transaction_id=row.transaction_id,
        posted_at=row.posted_at,
        amount=Money(row.amount, row.currency),
        parts=tuple(
            PostedPart(part["sku"], part["kind"], Decimal(part["amount"])) for part in row.parts
        ),
        sent_as=row.outbox_id,
        is_unclear=row.made_by == MadeBy.UNCLEAR,
    )


async def made_elsewhere(session: Session, row: OutboxRow) -> list[Booked]:
    """What Amazon gave back of the order of a row that was not asked for here, or may not be."""
    order_id = outbox.order_id(row)
    found = await refunds.of_orders(session, StoreId(row.store_id), [order_id])
    return [_booked(one) for one in found.get(order_id, ()) if one.made_by != MadeBy.OURS]


async def to_be_reported(
    session: Session, store_id: StoreId, order_ids: list[AmazonOrderId]
) -> dict[AmazonOrderId, list[Booked]]:
    """What the host is to know of Amazon's books, by order."""
    found = await refunds.of_orders(session, store_id, order_ids)
    told = (MadeBy.OTHERS, MadeBy.UNCLEAR)
    return {
        order_id: [_booked(one) for one in rows if one.made_by in told]
        for order_id, rows in found.items()
    }
