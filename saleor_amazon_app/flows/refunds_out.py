"""Money that staff ask back in the host goes back at Amazon, once.

    event: the request is kept under a reference of its own → answered with it
    feeds: split by item and component, then as in `feeds_out`
    told:  the outcome is reported to the host under the same reference

The host gives a request no number: the same request sent again has the same body, another one
another. So the reference follows from the body.
"""

import hashlib
from collections import Counter
from datetime import datetime
from decimal import Decimal
from typing import Any, assert_never

import structlog
from pydantic import ValidationError

from saleor_amazon_app.amazon import feed_documents
from saleor_amazon_app.amazon.feed_documents import RefundedItem, RefundedOrder
from saleor_amazon_app.amazon.feeds import FeedType
from saleor_amazon_app.amazon.order_records import Order, parse_order
from saleor_amazon_app.core.choices import Choices, RefundReason
from saleor_amazon_app.core.ids import AmazonOrderId, OrderItemId, SaleorOrderLineId, StoreId
from saleor_amazon_app.core.money import Money, shown
from saleor_amazon_app.flows import receipts, refunds_in
from saleor_amazon_app.flows.feeds_out import End, Lane, Later, Message
from saleor_amazon_app.ledger import orders, outbox
from saleor_amazon_app.ledger.orders import ImportState
from saleor_amazon_app.ledger.orders import Order as Row
from saleor_amazon_app.ledger.outbox import Draft, OutboxKind, OutboxRow, OutboxState
from saleor_amazon_app.ledger.session import Session
from saleor_amazon_app.mapping.booked_refunds import Book
from saleor_amazon_app.mapping.refunds import (
    NotShippedYet,
    RefundParts,
    RefundRequest,
    RefuseRefund,
    amount_of,
    decide,
)
from saleor_amazon_app.saleor import event_records
from saleor_amazon_app.saleor.event_records import HostEvent

# Staff can be quicker than the app can note that an order is placed.
_IN_THE_HOST = frozenset({ImportState.PLACING, ImportState.PLACED})
_MAY_BE_SHIPPED_SOON = frozenset(
    {OutboxState.PLANNED, OutboxState.SENDING, OutboxState.ACCEPTED, OutboxState.UNKNOWN}
)
_MAY_HAVE_GONE_BACK = outbox.UNDER_WAY | {OutboxState.CONFIRMED}

log = structlog.get_logger(__name__)


def reference_of(order_id: AmazonOrderId, digest: bytes) -> str:
    """The reference of the request with that body; unlike that of any other."""
    return f"{order_id}-refund-{digest.hex()[:24]}"


def answer(body: bytes) -> dict[str, str]:
    """What the host is answered to a request that was kept: how this app calls the refund."""
    event = event_records.parse(body)
    order_id = event.refunded_order if event else None
    if order_id is None:
        raise ValueError("this is no request for a refund")
    return {"pspReference": reference_of(order_id, hashlib.sha256(body).digest())}


async def keep(
    session: Session,
    store_ids: list[StoreId],
    event: HostEvent,
    digest: bytes,
    *,
    now: datetime,
    collected_at: datetime,
) -> None:
    """Keeps a request in the outbox of the store that the order is from.

    Args:
        session: the transaction that ends the event.
        store_ids: of the shop that asks.
        event: the request.
        digest: of its body.
        now: the moment of keeping.
        collected_at: when the next feed may go.
    """
    order_id, request = event.refunded_order, event.refund
    if order_id is None or request is None:
        return
    for store_id in store_ids:
        order = await orders.find(session, store_id, order_id)
        if order is not None and order.import_state in _IN_THE_HOST:
            reference = reference_of(order_id, digest)
            draft = _draft(order_id, reference, request, due_at=collected_at)
            await _add(session, store_id, draft, now=now)
            return
    log.error("refund_of_unknown_order", amazon_order_id=order_id)


def _draft(
    order_id: AmazonOrderId, reference: str, request: dict[str, Any], *, due_at: datetime
) -> Draft:
    return Draft(
        amazon_order_id=order_id,
        kind=OutboxKind.REFUND,
        key=reference,
        content=request,
        state=OutboxState.PLANNED,
        due_at=due_at,
    )


async def _add(session: Session, store_id: StoreId, draft: Draft, *, now: datetime) -> None:
    row_id = await outbox.add(session, store_id, draft, now=now)
    row = await outbox.find(session, row_id) if row_id else None
    if row:
        said = f"Staff ask for a refund of {_amount(row)}."
        await receipts.tell_history(session, row, draft.state, said, now=now)
        await receipts.have_worked(session, store_id, at=draft.due_at)


async def _prepare(
    session: Session, settings: Choices, row: OutboxRow, placed: Row, now: datetime
) -> Message | End | Later:
    """Splits the amount by what Amazon and the outbox know of the order now."""
    if placed.import_state == ImportState.PLACING:
        return Later()
    try:
        order = parse_order(placed.facts)
    except ValidationError:
        return _refused(row, "The order cannot be read.")
    rows = await outbox.of_order(session, StoreId(row.store_id), outbox.order_id(row))
    others = [one for one in rows if one.kind == OutboxKind.REFUND and one.id != row.id]
    decision = decide(
        order,
        _request(row, placed),
        refunded=_refunded(others),
        elsewhere=await refunds_in.made_elsewhere(session, row),
        tax_rates=settings.tax_rates,
    )
    match decision:
        case RefuseRefund(words):
            return _refused(row, words)
        case NotShippedYet(words):
            shipping = [one.state for one in rows if one.kind == OutboxKind.SHIPMENT]
            if _MAY_BE_SHIPPED_SOON & set(shipping):
                return Later()
            return _refused(row, words)
        case RefundParts(parts):
            items = {item for item, _ in parts}
            if any(one.state in outbox.UNDER_WAY and items & _items(one) for one in others):
                return Later()
            return _message(order, row, parts, settings.refund_reason)
        case _:
            assert_never(decision)


def _request(row: OutboxRow, placed: Row) -> RefundRequest:
    items = {
        SaleorOrderLineId(line): OrderItemId(item)
        for item, line in (placed.saleor_lines or {}).items()
    }
    units = Counter[OrderItemId]()
    for line, number in row.content["units"].items():
        if line in items:
            units[items[line]] += number
    return RefundRequest(
        amount=amount_of(row.content),
        units=units,
        with_shipping=row.content["withShipping"],
        names_foreign_lines=bool(row.content["units"].keys() - items.keys()),
    )


def _refunded(rows: list[OutboxRow]) -> Book:
    """What went back by other requests, or may have."""
    book = dict[tuple[OrderItemId, str], Decimal]()
    for row in rows:
        if row.state in _MAY_HAVE_GONE_BACK:
            for part in row.content.get("parts", ()):
                key = OrderItemId(part["item"]), part["component"]
                book[key] = book.get(key, Decimal(0)) + Decimal(part["amount"])
    return book


def _items(row: OutboxRow) -> set[str]:
    return {part["item"] for part in row.content.get("parts", ())}


def _message(order: Order, row: OutboxRow, parts: Book, reason: RefundReason) -> Message:
    currency = row.content["currency"]
    by_item: dict[OrderItemId, list[tuple[str, Money]]] = {}
    for (item, component), amount in sorted(parts.items()):
        by_item.setdefault(item, []).append((component, Money(amount, currency)))
    told = RefundedOrder(
        row.id,
        order.order_id,
        tuple(RefundedItem(item, reason, tuple(each)) for item, each in by_item.items()),
    )
    kept = [
        {"item": item, "component": component, "amount": f"{amount:f}"}
        for (item, component), amount in sorted(parts.items())
    ]
    return Message(told, row.content | {"parts": kept, "reason": reason})


def _refused(row: OutboxRow, words: str) -> End:
    return End(OutboxState.REFUSED, words, f"{_refused_note(row)} {words}")


def _refused_note(row: OutboxRow) -> str:
    return f"The refund {row.id} of {_amount(row)} was not made:"


def _amount(row: OutboxRow) -> str:
    asked = amount_of(row.content)
    return f"{shown(asked.amount, asked.currency)} {asked.currency}"


def _succeeded(row: OutboxRow, now: datetime) -> dict[str, Any]:
    """The report is Amazon's receipt; its books show the refund only two days later."""
    return {
        "state": OutboxState.CONFIRMED,
        "note": f"Amazon gave back {_amount(row)} (refund {row.id}).",
    }


LANE = Lane(
    kind=OutboxKind.REFUND,
    feed_type=FeedType.POST_PAYMENT_ADJUSTMENT_DATA,
    prepare=_prepare,
    document=feed_documents.refunds,
    succeeded=_succeeded,
    refused_note=_refused_note,
)
