"""What staff do to placed orders, and how Amazon comes to hear of it."""

from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.flows import outbox
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.jobs.kinds import PlanOutbox, WorkOutbox
from saleor_amazon_app.ledger import outbox as ledger_outbox
from saleor_amazon_app.ledger.outbox import OutboxRow
from saleor_amazon_app.simulators.saleor.fulfilments import fulfill_order
from saleor_amazon_app.simulators.saleor.schema.inputs import (
    OrderFulfillInput,
    OrderFulfillLineInput,
    OrderFulfillStockInput,
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
