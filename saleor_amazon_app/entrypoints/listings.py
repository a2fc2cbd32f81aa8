"""What the app knows, as JSON: the stores with their settings, the orders with their outcome."""

from typing import Any

from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.core.money import shown
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.ledger import choices, installations
from saleor_amazon_app.ledger import orders as ledger_orders
from saleor_amazon_app.ledger import outbox as ledger_outbox
from saleor_amazon_app.ledger import stores as ledger_stores
from saleor_amazon_app.ledger.orders import After, ImportState, Order
from saleor_amazon_app.ledger.outbox import OutboxRow, OutboxState


async def read_stores(lines: Connections) -> list[dict[str, Any]]:
    """All stores of all shops as JSON; `Any` because it is JSON."""
    rows = []
    async with lines.database.transaction() as session:
        for shop in await installations.all_installations(session):
            for store in await ledger_stores.stores_of(session, shop.id):
                store_id = StoreId(store.id)
                outcomes = await ledger_orders.counts_by_outcome(session, store_id)
                settings = await choices.choices_of(session, store_id)
                synced = store.last_synced_at
                rows.append(
                    {
                        "id": str(store.id),
                        "name": store.name,
                        "shop": shop.saleor_api_url,
                        "region": store.region,
                        "marketplaces": store.marketplaces,
                        "status": store.status,
                        "statusReason": store.status_reason,
                        "connectedAt": store.connected_at.isoformat(),
                        "lastSyncedAt": synced.isoformat() if synced else None,
                        "orders": {
                            "waiting": outcomes.waiting,
                            "placed": outcomes.placed,
                            "held": outcomes.held,
                            "skipped": outcomes.skipped,
                            "byStatus": await ledger_orders.counts_by_status(session, store_id),
                        },
                        "settings": settings.model_dump(mode="json", by_alias=True),
                    }
                )
    return rows


async def read_orders(
    lines: Connections,
    *,
    store: str | None = None,
    state: ImportState | None = None,
    limit: int | None = None,
) -> list[dict[str, Any]]:
    """Orders of all stores as JSON, a page of the ledger at a time; `Any` because it is JSON."""
    rows: list[dict[str, Any]] = []
    async with lines.database.transaction() as session:
        for shop in await installations.all_installations(session):
            for one in await ledger_stores.stores_of(session, shop.id):
                if store not in (None, one.name):
                    continue
                after, left = None, limit
                while left is None or left > 0:
                    page = await ledger_orders.listing(
                        session,
                        StoreId(one.id),
                        import_state=state,
                        after=after,
                        limit=min(left or 1000, 1000),
                    )
                    if not page:
                        break
                    rows += [_order(one.name, order) for order in page]
                    after = After(page[-1].purchased_at, AmazonOrderId(page[-1].amazon_order_id))
                    left = None if left is None else left - len(page)
    return rows


def _order(store: str, order: Order) -> dict[str, Any]:
    total = order.grand_total
    return {
        "amazonOrderId": order.amazon_order_id,
        "store": store,
        "marketplaceId": order.marketplace_id,
        "status": order.status,
        "fulfilledBy": order.fulfilled_by,
        "purchasedAt": order.purchased_at.isoformat(),
        "shipBy": order.ship_by.isoformat() if order.ship_by else None,
        "total": shown(total, order.currency) if total is not None and order.currency else None,
        "currency": order.currency,
        "importState": order.import_state,
        "reasons": [
            {"code": reason.code, "message": reason.message}
            for reason in order.held_or_skipped_for()
        ],
        "saleorOrderId": order.saleor_order_id,
        "saleorOrderNumber": order.saleor_order_number,
        "totalsEqual": order.totals_equal,
    }


async def read_outbox(
    lines: Connections, *, state: OutboxState | None = None, limit: int = 100
) -> list[dict[str, Any]]:
    """What Amazon was told as JSON, newest first; `Any` because it is JSON."""
    states = () if state is None else (state,)
    async with lines.database.transaction() as session:
        rows = await ledger_outbox.listing(session, states=states, limit=limit)
    return [_told(row, store) for row, store in rows]


def _told(row: OutboxRow, store: str) -> dict[str, Any]:
    moments = {
        "plannedAt": row.planned_at,
        "sendingAt": row.sending_at,
        "acceptedAt": row.accepted_at,
        "endedAt": row.ended_at,
        "dueAt": row.due_at,
        "deadline": row.deadline,
    }
    return {
        "id": row.id,
        "store": store,
        "amazonOrderId": row.amazon_order_id,
        "kind": row.kind,
        "key": row.key,
        "state": row.state,
        "words": row.words,
        "packageReference": row.package_reference,
        "feedId": row.feed_id,
        "attempts": row.attempts,
        "content": row.content,
    } | {name: moment.isoformat() if moment else None for name, moment in moments.items()}
