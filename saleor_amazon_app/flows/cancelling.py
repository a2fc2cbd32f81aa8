"""Staff cancel an order from our pages, with a reason of their choice.

    order placed → host order cancelled, the reason on it → Amazon is told as of any other
    order held  → Amazon is told

The host order carries the reason to Amazon, so that there is one way for everything that is
cancelled.
"""

from datetime import datetime

from saleor_amazon_app.amazon.order_records import Order
from saleor_amazon_app.core.choices import CancelReason
from saleor_amazon_app.core.errors import NeedsMerchant
from saleor_amazon_app.core.ids import AmazonOrderId, SaleorOrderId, StoreId
from saleor_amazon_app.flows import cancellations_out
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.order_desk import (
    locked_order,
    noted,
    readable,
    refuse_busy,
    refuse_idle,
)
from saleor_amazon_app.flows.outbox import have_planned
from saleor_amazon_app.flows.receipts import have_worked
from saleor_amazon_app.flows.shops import keep_token
from saleor_amazon_app.ledger import history, outbox
from saleor_amazon_app.ledger.installations import Installation
from saleor_amazon_app.ledger.orders import ImportState
from saleor_amazon_app.ledger.orders import Order as Row
from saleor_amazon_app.ledger.outbox import OutboxKind, OutboxState
from saleor_amazon_app.ledger.session import Session
from saleor_amazon_app.ledger.stores import Store
from saleor_amazon_app.mapping.cancellations import REASON_KEY, obstacle, wrong_reason
from saleor_amazon_app.mapping.changed_units import has_left
from saleor_amazon_app.mapping.units import is_cancelled
from saleor_amazon_app.saleor import order_changes
from saleor_amazon_app.saleor.client import SaleorClient
from saleor_amazon_app.saleor.standing_records import StandingOrder

_ENDED = frozenset({"CANCELED", "EXPIRED"})


async def cancel(
    lines: Connections,
    shop: Installation,
    store: Store,
    order_id: AmazonOrderId,
    reason: CancelReason,
    *,
    by: str,
) -> None:
    """Cancels an order at Amazon, and in the host where it was placed.

    What is cancelled already, or on its way to be, is left as it is.

    Raises:
        NeedsMerchant: Amazon or the host would not cancel it, or the reason cannot be given;
            nothing was sent.
        HostUnavailable: the host gave no answer; the same again does no harm.
    """
    refuse_idle(store)
    store_id = StoreId(store.id)
    async with lines.database.transaction() as session:
        row = await locked_order(session, store_id, order_id)
        order = readable(row)
        if is_cancelled(order) or await _is_told(session, store_id, order_id):
            return
        _refuse(order, reason)
        if row.import_state != ImportState.PLACED:
            refuse_busy(row, lines.clock())
            await _have_amazon_cancel(session, row, order, reason, by=by, now=lines.clock())
            return
    async with keep_token(lines, shop):
        await _cancel_in_host(lines, shop, row, reason, by=by)
    async with lines.database.transaction() as session:
        await have_planned(session, store_id, order_id)


async def _is_told(session: Session, store_id: StoreId, order_id: AmazonOrderId) -> bool:
    """Whether Amazon was told, or is to be told.

    Raises:
        NeedsMerchant: it was told in vain.
    """
    for row in await outbox.of_order(session, store_id, order_id):
        if row.kind != OutboxKind.CANCELLATION:
            continue
        if row.state == OutboxState.REFUSED:
            raise NeedsMerchant(
                "cancellation-refused",
                f"The cancellation of {order_id} was refused before: {row.words}",
                what_to_do="Have it sent again among the changes sent to Amazon, or settle it in "
                "Seller Central.",
            )
        return True
    return False


def _refuse(order: Order, reason: CancelReason) -> None:
    if why := obstacle(order):
        raise NeedsMerchant(
            "amazon-cannot-cancel",
            f"The order {order.order_id} cannot be cancelled from here: {why}.",
            what_to_do="Settle it in Seller Central.",
        )
    if words := wrong_reason(order, reason):
        raise NeedsMerchant("cancel-reason", words, field="reason")


async def _have_amazon_cancel(
    session: Session, row: Row, order: Order, reason: CancelReason, *, by: str, now: datetime
) -> None:
    store_id = StoreId(row.store_id)
    await cancellations_out.plan_chosen(session, store_id, order, reason, now=now)
    words = f"{by} had the order cancelled at Amazon ({reason.value})."
    await history.record(session, store_id, [noted(row, "cancellation_asked", words, by, now)])
    await have_worked(session, store_id)


async def _cancel_in_host(
    lines: Connections, shop: Installation, row: Row, reason: CancelReason, *, by: str
) -> None:
    client, host_id = lines.host(shop), SaleorOrderId(row.saleor_order_id or "")
    standing = await _standing(client, row)
    if standing.order.status in _ENDED:
        return
    if has_left(standing.order):
        raise _has_fulfilments(row)
    await _note(lines, row, "cancellation_asked", f"{by} cancelled the order ({reason}).", by)
    reasoned = await order_changes.update(client, host_id, metadata={REASON_KEY: reason})
    refused = reasoned or await order_changes.cancel(client, host_id)
    if refused is None or (await _standing(client, row)).order.status in _ENDED:
        return
    words = f"Saleor did not cancel the order ({', '.join(refused.codes)})."
    await _note(lines, row, "cancellation_refused", words, "Saleor")
    raise _has_fulfilments(row)


async def _standing(client: SaleorClient, row: Row) -> StandingOrder:
    host_id = SaleorOrderId(row.saleor_order_id or "")
    found = (await order_changes.read(client, [host_id]))[host_id]
    if isinstance(found, StandingOrder):
        return found
    raise NeedsMerchant(
        "host-order-unreadable",
        f"Saleor does not show the order {row.saleor_order_number} of {row.amazon_order_id}.",
        what_to_do="Cancel it in Seller Central.",
    )


def _has_fulfilments(row: Row) -> NeedsMerchant:
    return NeedsMerchant(
        "saleor-cannot-cancel",
        f"Saleor does not cancel the order {row.saleor_order_number}: a fulfilment of it exists.",
        what_to_do="Cancel its fulfilments in Saleor first, then cancel the order again.",
    )


async def _note(lines: Connections, row: Row, kind: str, words: str, by: str) -> None:
    event = noted(row, kind, words, by, lines.clock())
    async with lines.database.transaction() as session:
        await history.record(session, StoreId(row.store_id), [event])
