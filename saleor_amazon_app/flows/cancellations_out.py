"""A host order that staff cancelled is cancelled at Amazon.

plan:    the host order is cancelled and Amazon's is not → a row, or a refusal in words
feeds:   see `feeds_out`
confirm: Amazon shows the order as cancelled; what it charged is then reported back where
all that changes at Amazon is followed
"""

from datetime import datetime
from typing import Any

from pydantic import ValidationError

from saleor_amazon_app.amazon import feed_documents
from saleor_amazon_app.amazon.feed_documents import CancelledOrder
from saleor_amazon_app.amazon.feeds import FeedType
from saleor_amazon_app.amazon.order_records import Order, parse_order
from saleor_amazon_app.core.choices import CancelReason, Choices
from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.flows import receipts
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.feeds_out import End, Lane, Later, Message
from saleor_amazon_app.flows.receipts import have_asked, record
from saleor_amazon_app.ledger import outbox
from saleor_amazon_app.ledger.orders import Order as Row
from saleor_amazon_app.ledger.outbox import Draft, OutboxKind, OutboxRow, OutboxState
from saleor_amazon_app.ledger.session import Session
from saleor_amazon_app.mapping.cancellations import (
    CancelAtAmazon,
    RefuseCancellation,
    decide,
    reason,
    why_not,
)
from saleor_amazon_app.mapping.units import is_cancelled
from saleor_amazon_app.saleor.leaving_records import LeavingOrder

_CONFIRMED = "Amazon cancelled this order, as was asked from here."
_NEVER_SHOWN = "Amazon took the cancellation, but does not show the order as cancelled."
# In beats of the way back.
_FIRST_LOOK = 0.5
_LONGEST_PAUSE = 60
_ASK_AFTER = 5
_MAY_TAKE = 240


async def plan(
    session: Session,
    store_id: StoreId,
    rows: tuple[OutboxRow, ...],
    order: Order,
    leaving: LeavingOrder,
    *,
    now: datetime,
    collected_at: datetime,
) -> bool:
    """Writes down that Amazon is to cancel an order; tells whether there was anything.

    Args:
        session: the transaction.
        store_id: whose order it is.
        rows: what the outbox has of it.
        order: as Amazon reported it last.
        leaving: as the host shows it now.
        now: the moment of the decision.
        collected_at: when the next feed may go.
    """
    if any(row.kind == OutboxKind.CANCELLATION for row in rows):
        return False
    draft: Draft
    match decide(order, leaving.status, leaving.metadata):
        case None:
            return False
        case CancelAtAmazon(chosen):
            draft = _draft(order, OutboxState.PLANNED, {"chosen": chosen}, due_at=collected_at)
            said = "Amazon is to cancel the order."
        case RefuseCancellation(words):
            draft = _draft(order, OutboxState.REFUSED, {"chosen": None}, words=words)
            said = words
    row_id = await outbox.add(session, store_id, draft, now=now)
    row = await outbox.find(session, row_id) if row_id else None
    if row:
        await receipts.tell_history(session, row, draft.state, said, now=now)
        if draft.state is OutboxState.REFUSED:
            await receipts.have_reported_trouble(session, row)
    return row is not None


async def plan_chosen(
    session: Session, store_id: StoreId, order: Order, chosen: CancelReason, *, now: datetime
) -> None:
    """Writes down that Amazon is to cancel an order of which the host has none."""
    content = {"chosen": chosen}
    await outbox.add(
        session, store_id, _draft(order, OutboxState.PLANNED, content, due_at=now), now=now
    )


def _draft(
    order: Order,
    state: OutboxState,
    content: dict[str, Any],
    *,
    due_at: datetime | None = None,
    words: str | None = None,
) -> Draft:
    return Draft(
        amazon_order_id=order.order_id,
        kind=OutboxKind.CANCELLATION,
        key=order.order_id,
        content=content,
        state=state,
        due_at=due_at,
        deadline=order.latest_ship_time,
        words=words,
        note=words,
    )


async def _prepare(
    session: Session, settings: Choices, row: OutboxRow, placed: Row, now: datetime
) -> Message | End | Later:
    """Decides once more before sending: Amazon may have shipped or cancelled it meanwhile."""
    try:
        order = parse_order(placed.facts)
    except ValidationError:
        return End(OutboxState.REFUSED, "The order cannot be read.", None)
    if is_cancelled(order):
        return End(OutboxState.CONFIRMED, None, _CONFIRMED)
    if words := why_not(order):
        return End(OutboxState.REFUSED, words, words)
    chosen = row.content.get("chosen")
    why = reason(order, CancelReason(chosen) if chosen else None, settings.cancel_reason)
    items = tuple(item.order_item_id for item in order.order_items)
    return Message(
        CancelledOrder(row.id, order.order_id, items, why), row.content | {"reason": why}
    )


def _succeeded(row: OutboxRow, now: datetime) -> dict[str, Any]:
    """A report that says yes is not the cancellation itself: the order must show it."""
    return {
        "state": OutboxState.ACCEPTED,
        "content": row.content | {"isReported": True},
        "due_at": now,
    }


def _refused_note(row: OutboxRow) -> str:
    return "Amazon refused to cancel this order:"


LANE = Lane(
    kind=OutboxKind.CANCELLATION,
    feed_type=FeedType.POST_ORDER_ACKNOWLEDGEMENT_DATA,
    prepare=_prepare,
    document=feed_documents.cancellations,
    succeeded=_succeeded,
    refused_note=_refused_note,
)


async def confirm(lines: Connections, store_id: StoreId) -> None:
    """Looks for the orders that Amazon was to cancel, and asks for those long unseen."""
    now, beat = lines.clock(), lines.pace.beat
    async with lines.database.transaction() as session:
        due = await outbox.due_in_state(
            session,
            store_id,
            OutboxKind.CANCELLATION,
            (OutboxState.ACCEPTED, OutboxState.UNKNOWN),
            now=now,
        )
    for row, order in due:
        if order.status == "CANCELLED":
            await record(lines, None, row, OutboxState.CONFIRMED, note=_CONFIRMED)
            continue
        if not row.content.get("isReported"):
            continue
        age = now - (row.accepted_at or now)
        if age >= _MAY_TAKE * beat and row.state == OutboxState.ACCEPTED:
            await record(
                lines,
                None,
                row,
                OutboxState.UNKNOWN,
                words=_NEVER_SHOWN,
                note=_NEVER_SHOWN,
                due_at=now + _LONGEST_PAUSE * beat,
            )
            continue
        wait = min(max(age / 2, _FIRST_LOOK * beat), _LONGEST_PAUSE * beat)
        async with lines.database.transaction() as session:
            await outbox.settle(session, row, due_at=now + wait)
            if age >= _ASK_AFTER * beat:
                await have_asked(session, row)
