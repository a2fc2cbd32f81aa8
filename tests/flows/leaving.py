"""What staff do to placed orders, and how Amazon comes to hear of it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.entrypoints.app import create_app
from saleor_amazon_app.entrypoints.settings import Settings
from saleor_amazon_app.entrypoints.worker import handlers
from saleor_amazon_app.flows import outbox, shops
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.jobs.kinds import HandleEvent, PlanOutbox, SyncShop, WorkOutbox, job_of
from saleor_amazon_app.ledger import outbox as ledger_outbox
from saleor_amazon_app.ledger import stores
from saleor_amazon_app.ledger.outbox import OutboxRow
from saleor_amazon_app.simulators.saleor.cancellations import cancel_fulfillment
from saleor_amazon_app.simulators.saleor.fulfilments import fulfill_order, update_tracking
from saleor_amazon_app.simulators.saleor.refunds import (
    grant_refund,
    request_granted_refund,
    request_refund,
)
from saleor_amazon_app.simulators.saleor.schema.inputs import (
    OrderFulfillInput,
    OrderFulfillLineInput,
    OrderFulfillStockInput,
)
from saleor_amazon_app.simulators.saleor.schema.refunds import (
    OrderGrantRefundCreateInput,
    OrderGrantRefundCreateLineInput,
)
from tests.flows.changing import host_order
from tests.flows.trading import Trade

CONFIRM = "shipmentConfirmation"


async def plan(trade: Trade, order_id: AmazonOrderId, lines: Connections | None = None) -> None:
    """Looks at what changed about a host order."""
    await outbox.plan(lines or trade.lines, PlanOutbox(trade.store_id, order_id))


async def work(trade: Trade, lines: Connections | None = None) -> None:
    """Works the outbox off once."""
    await outbox.work(lines or trade.lines, WorkOutbox(trade.store_id))


async def report(trade: Trade, order_id: AmazonOrderId) -> None:
    """What an event of the shop sets going."""
    await plan(trade, order_id)
    await work(trade)


async def rows(trade: Trade, order_id: AmazonOrderId) -> tuple[OutboxRow, ...]:
    """What the outbox has of an order."""
    async with trade.lines.database.transaction() as session:
        return await ledger_outbox.of_order(session, trade.store_id, order_id)


async def the_row(trade: Trade, order_id: AmazonOrderId) -> OutboxRow:
    """The one row that the outbox has of an order."""
    (row,) = await rows(trade, order_id)
    return row


async def states(trade: Trade, order_id: AmazonOrderId) -> list[str]:
    """How far everything about an order is."""
    return [row.state for row in await rows(trade, order_id)]


def confirmations(trade: Trade) -> int:
    """How often Amazon was told of a parcel."""
    return sum(name.endswith(CONFIRM) for name in trade.wires.names)


def fulfil(trade: Trade, order_id: str, number: str, **units: int) -> str:
    """Staff fulfil units, by the line's place after an `l`; tells the fulfilment's id."""
    order = host_order(trade, order_id)
    wanted = []
    for name, quantity in units.items():
        line = order.lines[int(name.removeprefix("l"))]
        shelf = line.kept[0].stock.warehouse.id
        stock = OrderFulfillStockInput(quantity=quantity, warehouse=shelf)
        wanted.append(OrderFulfillLineInput(order_line_id=line.id, stocks=[stock]))
    given = OrderFulfillInput(lines=wanted, tracking_number=number, notify_customer=True)
    _, made = fulfill_order(trade.shop.state, order.id, given, app=None)
    return str(made[-1].id)


def renumber(trade: Trade, fulfillment: str, number: str) -> None:
    """Staff change a tracking number."""
    update_tracking(trade.shop.state, fulfillment, number, notify=True, app=None)


def call_back(trade: Trade, order_id: str, fulfillment: str) -> None:
    """Staff cancel a fulfilment; its units go back to where they were."""
    shelf = host_order(trade, order_id).lines[0].kept[0].stock.warehouse.id
    cancel_fulfillment(trade.shop.state, fulfillment, shelf, app=None)


def at_amazon(trade: Trade, order_id: str) -> list[tuple[str, str, dict[str, int]]]:
    """The parcels Amazon has of an order: reference, number and units."""
    parcels = trade.amazon.seller.deeds.parcels.of(order_id)
    return [
        (parcel.reference, parcel.tracking_number, dict(parcel.units))
        for parcel in parcels.values()
    ]


def feeds_handed_in(trade: Trade) -> int:
    """How many feeds Amazon has."""
    return len(list(trade.amazon.seller.feeds))


async def listen(trade: Trade) -> None:
    """Opens the app's door to the shop's webhooks, and has the shop know it."""
    unset: dict[str, Any] = {"DATABASE_URL": None, "key": None}
    trade.lines = replace(trade.lines, app_url="http://app.test")
    settings = Settings(_env_file=None, allow_local_shops=True, **unset)
    trade.wires.open(app=create_app(trade.lines, settings))
    trade.shop.deliveries.transport = trade.wires
    async with trade.lines.database.transaction() as session:
        store = await stores.store(session, trade.store_id)
    await shops.sync(trade.lines, SyncShop(store.installation_id))


async def hear(trade: Trade) -> list[int | None]:
    """Lets the shop deliver and the app work off what follows at once; tells its answers."""
    answers = [attempt.status for attempt in await trade.shop.deliveries.deliver_due()]
    kinds: dict[str, Any] = {
        "handle_event": HandleEvent,
        "plan_outbox": PlanOutbox,
        "work_outbox": WorkOutbox,
    }
    found = handlers(trade.lines)
    while waiting := await trade.query(
        "DELETE FROM procrastinate_jobs WHERE id = (SELECT min(id) FROM procrastinate_jobs "
        "WHERE task_name IN ('handle_event', 'plan_outbox', 'work_outbox') "
        f"AND status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= '{trade.clock()}')) "
        "RETURNING task_name, args"
    ):
        ((name, arguments),) = waiting
        await found[kinds[name]](job_of(kinds[name], arguments))
    return answers


async def until_quiet(trade: Trade, minutes: int = 30) -> None:
    """Lets Amazon work on feeds, minute by minute."""
    for _ in range(minutes):
        trade.clock.move(minutes=1)
        await work(trade)


def ask_back(trade: Trade, order_id: str, amount: str) -> None:
    """Staff ask for a refund of an amount, and name nothing."""
    (payment,) = host_order(trade, order_id).transactions
    staff = trade.shop.state.acting
    assert staff is not None
    request_refund(trade.shop.state, payment.id, Decimal(amount), by=staff, reason="")


def ask_lines_back(
    trade: Trade, order_id: str, amount: str, *, shipping: bool = False, **units: int
) -> None:
    """Staff grant a refund of units, by the line's place after an `l`, and ask for it."""
    order = host_order(trade, order_id)
    (payment,) = order.transactions
    lines = [
        OrderGrantRefundCreateLineInput(
            id=order.lines[int(name.removeprefix("l"))].id, quantity=number
        )
        for name, number in units.items()
    ]
    given = OrderGrantRefundCreateInput(
        transaction_id=payment.id,
        amount=Decimal(amount),
        lines=lines,
        grant_refund_for_shipping=shipping,
    )
    staff = trade.shop.state.acting
    assert staff is not None
    granted = grant_refund(trade.shop.state, order.id, given, reason_reference=None, by=staff)
    request_granted_refund(trade.shop.state, granted.id)


def paid_back(trade: Trade, order_id: str) -> dict[str, dict[str, str]]:
    """What Amazon gave back, by item and component."""
    book = trade.amazon.seller.deeds.refunds.of(order_id)
    return {
        item: {component: f"{amount:.2f}" for component, amount in components.items()}
        for item, components in book.items()
    }
