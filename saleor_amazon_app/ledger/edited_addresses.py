"""Delivery addresses that staff entered for orders that were held, encrypted beside Amazon's own.

They go with the buyer's row, and so are erased with it.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.ledger.buyers import BuyerRow
from saleor_amazon_app.ledger.secrets import Cipher
from saleor_amazon_app.ledger.session import Session


async def keep(
    session: Session,
    cipher: Cipher,
    store_id: StoreId,
    order_id: AmazonOrderId,
    document: dict[str, Any],
    *,
    erase_after: datetime,
) -> None:
    """Keeps what staff entered; an order of which Amazon told no buyer gets a row for it."""
    edited = cipher.encrypt_json(document)
    await session.execute(
        insert(BuyerRow)
        .values(
            store_id=store_id,
            amazon_order_id=order_id,
            document=cipher.encrypt_json({}),
            edited=edited,
            erase_after=erase_after,
        )
        .on_conflict_do_update(
            index_elements=[BuyerRow.store_id, BuyerRow.amazon_order_id], set_={"edited": edited}
        )
    )


async def read_many(
    session: Session, cipher: Cipher, store_id: StoreId, order_ids: Collection[AmazonOrderId]
) -> dict[AmazonOrderId, dict[str, Any]]:
    """What staff entered, of those of the orders for which they did."""
    rows = await session.execute(
        select(BuyerRow.amazon_order_id, BuyerRow.edited).where(
            BuyerRow.store_id == store_id,
            BuyerRow.amazon_order_id.in_(sorted(order_ids)),
            BuyerRow.edited.is_not(None),
        )
    )
    return {AmazonOrderId(number): cipher.decrypt_json(edited) for number, edited in rows if edited}


async def drop(session: Session, store_id: StoreId, order_id: AmazonOrderId) -> None:
    """Forgets what staff entered; Amazon's own word counts again."""
    await session.execute(
        update(BuyerRow)
        .where(BuyerRow.store_id == store_id, BuyerRow.amazon_order_id == order_id)
        .values(edited=None)
    )
