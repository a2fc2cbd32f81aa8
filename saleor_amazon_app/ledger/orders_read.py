"""What lies beside the rows of orders, read for many of them at once."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, tuple_

from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.ledger.buyers import BuyerRow
from saleor_amazon_app.ledger.history import Direction, Event, HistoryRow
from saleor_amazon_app.ledger.order_list import OrderKey
from saleor_amazon_app.ledger.orders import Order
from saleor_amazon_app.ledger.outbox import OutboxRow
from saleor_amazon_app.ledger.secrets import Cipher
from saleor_amazon_app.ledger.session import Session


def _key(store_id: Any, amazon_order_id: str) -> OrderKey:
    return StoreId(store_id), AmazonOrderId(amazon_order_id)


async def facts(session: Session, keys: Sequence[OrderKey]) -> dict[OrderKey, dict[str, Any]]:
    """Each order without its buyer, as the flow that read it wants it back."""
    rows = await session.execute(
        select(Order.store_id, Order.amazon_order_id, Order.facts).where(
            tuple_(Order.store_id, Order.amazon_order_id).in_(keys)
        )
    )
    return {_key(store_id, number): known for store_id, number, known in rows}


async def buyers(
    session: Session, cipher: Cipher, keys: Sequence[OrderKey]
) -> dict[OrderKey, dict[str, Any]]:
    """The buyers' documents; an order without one, or erased, is missing."""
    rows = await session.execute(
        select(BuyerRow.store_id, BuyerRow.amazon_order_id, BuyerRow.document).where(
            tuple_(BuyerRow.store_id, BuyerRow.amazon_order_id).in_(keys)
        )
    )
    return {
        _key(store_id, number): cipher.decrypt_json(document) for store_id, number, document in rows
    }


async def edited_addresses(
    session: Session, cipher: Cipher, keys: Sequence[OrderKey]
) -> dict[OrderKey, dict[str, Any]]:
    """What staff entered in place of Amazon's addresses, of those orders for which they did."""
    rows = await session.execute(
        select(BuyerRow.store_id, BuyerRow.amazon_order_id, BuyerRow.edited).where(
            tuple_(BuyerRow.store_id, BuyerRow.amazon_order_id).in_(keys),
            BuyerRow.edited.is_not(None),
        )
    )
    return {
        _key(store_id, number): cipher.decrypt_json(edited)
        for store_id, number, edited in rows
        if edited
    }


async def histories(session: Session, keys: Sequence[OrderKey]) -> dict[OrderKey, list[Event]]:
    """What happened to each order, oldest first; one without a history is missing."""
    rows = await session.scalars(
        select(HistoryRow)
        .where(tuple_(HistoryRow.store_id, HistoryRow.amazon_order_id).in_(keys))
        .order_by(HistoryRow.id)
    )
    found: dict[OrderKey, list[Event]] = {}
    for row in rows:
        event = Event(
            amazon_order_id=AmazonOrderId(row.amazon_order_id),
            at=row.at,
            kind=row.kind,
            direction=Direction(row.direction),
            by=row.by,
            summary=row.summary,
            details=row.details,
        )
        found.setdefault(_key(row.store_id, row.amazon_order_id), []).append(event)
    return found


async def outboxes(session: Session, keys: Sequence[OrderKey]) -> dict[OrderKey, list[OutboxRow]]:
    """What Amazon is told of each order, oldest first; one without anything is missing."""
    rows = await session.scalars(
        select(OutboxRow)
        .where(tuple_(OutboxRow.store_id, OutboxRow.amazon_order_id).in_(keys))
        .order_by(OutboxRow.id)
    )
    found: dict[OrderKey, list[OutboxRow]] = {}
    for row in rows:
        found.setdefault(_key(row.store_id, row.amazon_order_id), []).append(row)
    return found
