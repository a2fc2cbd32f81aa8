"""Which drafts the host was asked to complete, and when, for whoever comes after a dead worker.

It stands in the intent of the order and goes with it when the order is decided.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, update

from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.core.times import iso
from saleor_amazon_app.ledger.claims import Claim
from saleor_amazon_app.ledger.orders import Order
from saleor_amazon_app.ledger.session import Session

_SENT_AT = "completingAt"


async def record_sending(
    session: Session, claim: Claim, order_ids: Collection[AmazonOrderId], *, now: datetime
) -> frozenset[AmazonOrderId]:
    """Writes down that drafts are about to be completed; tells which orders are still ours."""
    sent = func.jsonb_build_object(_SENT_AT, iso(now))
    written = await session.scalars(
        update(Order)
        .where(
            Order.store_id == claim.store_id,
            Order.amazon_order_id.in_(order_ids),
            Order.claim_token == claim.token,
        )
        .values(intent=func.coalesce(Order.intent, func.jsonb_build_object()).op("||")(sent))
        .returning(Order.amazon_order_id)
        .execution_options(synchronize_session=False)
    )
    return frozenset(AmazonOrderId(order_id) for order_id in written)


def sent_at(order: Order) -> datetime | None:
    """When the host was last asked to complete the order's draft; None when it never was."""
    moment = (order.intent or {}).get(_SENT_AT)
    return datetime.fromisoformat(moment) if moment else None
