"""Staff look at what Amazon was told, and have something sent once more, safely.

Nothing is sent that may have been done already: Amazon is read first.
"""

from datetime import timedelta

from saleor_amazon_app.amazon import finances
from saleor_amazon_app.amazon.errors import AccessDenied
from saleor_amazon_app.core.errors import NeedsMerchant
from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.core.money import Money
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.orders_in import fetch_one
from saleor_amazon_app.flows.receipts import have_worked, record
from saleor_amazon_app.flows.stores import keep_consent
from saleor_amazon_app.jobs.kinds import FetchOrder
from saleor_amazon_app.ledger import orders, outbox, stores
from saleor_amazon_app.ledger.outbox import OutboxKind, OutboxRow, OutboxState
from saleor_amazon_app.ledger.stores import Store
from saleor_amazon_app.mapping.refunds import amount_of

MAY_BE_RETRIED = frozenset({OutboxState.REFUSED, OutboxState.UNKNOWN})
# Amazon's books may lack what happened in the last two days.
_BOOKED_WITHIN = timedelta(hours=48)


async def retry(lines: Connections, row_id: int) -> OutboxState:
    """Has one thing sent again, unless Amazon shows that it was done; tells its new state.

    Raises:
        NeedsMerchant: there is nothing to send again, or nobody can know yet.
        AmazonError: Amazon could not be read; nothing was changed.
    """
    async with lines.database.transaction() as session:
        row = await outbox.find(session, row_id)
        if row is None or row.state not in MAY_BE_RETRIED:
            state = row.state.lower() if row else "not there"
            raise NeedsMerchant(
                "outbox-no-retry",
                f"{row_id} is {state}; only what is refused or unknown can be sent again.",
            )
        store = await stores.store(session, StoreId(row.store_id))
    async with keep_consent(lines, store):
        is_done = await _is_done(lines, store, row)
    if is_done:
        await record(lines, None, row, OutboxState.CONFIRMED, note=f"Amazon shows it ({row.id}).")
        return OutboxState.CONFIRMED
    # A parcel is compared with what Amazon shows right before it is sent.
    reads_first = row.kind == OutboxKind.SHIPMENT and row.state == OutboxState.UNKNOWN
    state = OutboxState.UNKNOWN if reads_first else OutboxState.PLANNED
    content = {key: value for key, value in row.content.items() if key != "isReported"}
    now = lines.clock()
    async with lines.database.transaction() as session:
        await outbox.replan(session, row, content=content, now=now, state=state, feed_id=None)
        await have_worked(session, StoreId(row.store_id))
    return state


async def _is_done(lines: Connections, store: Store, row: OutboxRow) -> bool:
    """Reads at Amazon whether something was done after all.

    Raises:
        NeedsMerchant: Amazon's books cannot say it yet.
    """
    store_id, order_id = StoreId(store.id), outbox.order_id(row)
    if row.kind == OutboxKind.CANCELLATION:
        await fetch_one(lines, FetchOrder(store_id, order_id))
        async with lines.database.transaction() as session:
            order = await orders.find(session, store_id, order_id)
        return order is not None and order.status == "CANCELLED"
    if row.kind != OutboxKind.REFUND or row.state != OutboxState.UNKNOWN:
        return False
    asked: Money = amount_of(row.content)
    sent_at = row.sending_at or row.planned_at
    try:
        booked = await finances.refunds(lines.amazon(store), order_id)
    except AccessDenied as denied:
        # A role of its own, without which everything else works.
        raise NeedsMerchant(
            "outbox-finances-denied",
            f"{row.id} may have been paid back, and Amazon does not let the app read finances. "
            "Give it the role Finance and Accounting, or make the refund in Seller Central.",
        ) from denied
    if any(one.amount == asked and one.posted_at >= sent_at for one in booked):
        return True
    if lines.clock() - sent_at < _BOOKED_WITHIN:
        raise NeedsMerchant(
            "outbox-too-early",
            f"{row.id} may have been paid back, and Amazon's books can lack two days. Look at the "
            "order in Seller Central, and send it again after that.",
        )
    return False
