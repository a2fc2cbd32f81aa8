"""What tests of staff's deeds in our pages share: who acts, and where."""

from typing import Any

from saleor_amazon_app.ledger import history, installations, stores
from saleor_amazon_app.ledger.history import Event
from saleor_amazon_app.ledger.installations import Installation
from saleor_amazon_app.ledger.journal import Deed, deeds_in
from saleor_amazon_app.ledger.stores import Store
from tests.flows.trading import Trade

ADA = "ada@shop.example"


async def store_of(trade: Trade) -> Store:
    async with trade.lines.database.transaction() as session:
        return await stores.store(session, trade.store_id)


async def shop_of(trade: Trade) -> Installation:
    store = await store_of(trade)
    async with trade.lines.database.transaction() as session:
        return await installations.installation(session, store.installation_id)


async def done_by_staff(trade: Trade, order_id: Any) -> list[tuple[str, str]]:
    """Kinds and words of what staff did to an order."""
    async with trade.lines.database.transaction() as session:
        told: list[Event] = await history.history_of(session, trade.store_id, order_id)
    return [(event.kind, event.summary) for event in told if event.by == ADA]


async def deeds(trade: Trade) -> list[Deed]:
    """What was done to stores, newest first."""
    shop = await shop_of(trade)
    async with trade.lines.database.transaction() as session:
        return await deeds_in(session, shop.id)


async def jobs(trade: Trade) -> list[str]:
    """The jobs that wait, by name."""
    rows = await trade.query("SELECT task_name FROM procrastinate_jobs WHERE status = 'todo'")
    return sorted(name for (name,) in rows)


async def everything(trade: Trade) -> list[tuple[Any, ...]]:
    """All that is written of orders, stores and what is to be done, to compare with later."""
    written: list[tuple[Any, ...]] = []
    for table in ("orders", "buyers", "outbox", "history", "stores", "choices", "journal"):
        written += await trade.query(f"SELECT to_jsonb(t)::text FROM {table} t ORDER BY 1")
    return [*written, *((name,) for name in await jobs(trade))]
