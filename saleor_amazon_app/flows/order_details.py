"""Everything that is known of orders, for people who look at them: facts, buyers, events, outbox.

Each function answers for many orders at once, so that a page of a list costs as many questions
as a single order.
"""

from collections.abc import Sequence

from saleor_amazon_app.amazon.buyer_data import join
from saleor_amazon_app.amazon.order_records import DeliveryAddress, Order
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.edited_addresses import edited_in
from saleor_amazon_app.ledger import orders_read
from saleor_amazon_app.ledger.history import Event
from saleor_amazon_app.ledger.order_list import OrderKey
from saleor_amazon_app.ledger.outbox import OutboxRow


async def whole_orders(lines: Connections, keys: Sequence[OrderKey]) -> dict[OrderKey, Order]:
    """Orders as Amazon reported them, with their buyers; one that was unreadable is missing."""
    async with lines.database.transaction() as session:
        facts = await orders_read.facts(session, keys)
        buyers = await orders_read.buyers(session, lines.cipher, keys)
    return {key: join(known, buyers.get(key)) for key, known in facts.items() if "orderId" in known}


async def buyer_names(lines: Connections, keys: Sequence[OrderKey]) -> dict[OrderKey, str]:
    """The buyer's name, or the recipient's where Amazon tells no other; erased ones are missing."""
    async with lines.database.transaction() as session:
        buyers = await orders_read.buyers(session, lines.cipher, keys)
    names = {
        key: document.get("buyer", {}).get("buyerName")
        or document.get("recipient", {}).get("deliveryAddress", {}).get("name")
        for key, document in buyers.items()
    }
    return {key: name for key, name in names.items() if name}


async def edited_addresses(
    lines: Connections, keys: Sequence[OrderKey]
) -> dict[OrderKey, DeliveryAddress]:
    """Where staff had orders go instead of where Amazon said; others are missing."""
    async with lines.database.transaction() as session:
        found = await orders_read.edited_addresses(session, lines.cipher, keys)
    return {key: edited_in(document).address for key, document in found.items()}


async def histories(lines: Connections, keys: Sequence[OrderKey]) -> dict[OrderKey, list[Event]]:
    """What happened to each order, oldest first."""
    async with lines.database.transaction() as session:
        return await orders_read.histories(session, keys)


async def outboxes(lines: Connections, keys: Sequence[OrderKey]) -> dict[OrderKey, list[OutboxRow]]:
    """What Amazon was told or is to be told of each order, oldest first."""
    async with lines.database.transaction() as session:
        return await orders_read.outboxes(session, keys)
