"""Addresses that staff entered for held orders are used in place of Amazon's own.

Amazon's own stays beside it. When Amazon later tells another one, that one counts: the buyer
changed it, and what staff entered was meant for the one before.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from saleor_amazon_app.amazon.buyer_data import address_of, with_address
from saleor_amazon_app.amazon.order_records import DeliveryAddress
from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.ledger import buyers, edited_addresses, history
from saleor_amazon_app.ledger.history import Direction, Event
from saleor_amazon_app.ledger.session import Session


@dataclass(frozen=True, slots=True)
class Edited:
    """What staff entered for an order.

    Attributes:
        address: the whole address as it is used.
        instead_of: Amazon's own at that time; None where Amazon had told none.
    """

    address: DeliveryAddress
    instead_of: DeliveryAddress | None


async def read(
    session: Session, lines: Connections, store_id: StoreId, order_ids: Collection[AmazonOrderId]
) -> dict[AmazonOrderId, Edited]:
    """The addresses that staff entered, of those of the orders for which they did."""
    found = await edited_addresses.read_many(session, lines.cipher, store_id, order_ids)
    return {order_id: edited_in(document) for order_id, document in found.items()}


def edited_in(document: Mapping[str, Any]) -> Edited:
    """What staff entered, as the ledger keeps it."""
    instead_of = document["insteadOf"]
    return Edited(
        DeliveryAddress.model_validate(document["address"]),
        DeliveryAddress.model_validate(instead_of) if instead_of else None,
    )


async def drop_outdated(
    session: Session,
    lines: Connections,
    store_id: StoreId,
    told: Mapping[AmazonOrderId, Mapping[str, Any]],
) -> None:
    """Forgets what staff entered for orders of which Amazon now tells another address.

    What Amazon only stops telling is no other address.
    """
    for order_id, edited in (await read(session, lines, store_id, sorted(told))).items():
        address = address_of(told[order_id])
        if address is None or address == edited.instead_of:
            continue
        await edited_addresses.drop(session, store_id, order_id)
        event = Event(
            amazon_order_id=order_id,
            at=lines.clock(),
            kind="edited_address_dropped",
            direction=Direction.IN,
            by="Amazon",
            summary="Amazon tells another delivery address: it is used instead of the one that "
            "was entered here.",
        )
        await history.record(session, store_id, [event])


async def buyers_as_edited(
    session: Session, lines: Connections, store_id: StoreId, order_ids: Collection[AmazonOrderId]
) -> dict[AmazonOrderId, dict[str, Any]]:
    """The buyers of orders, with the addresses that staff entered where they did."""
    private = await buyers.read_many(session, lines.cipher, store_id, sorted(order_ids))
    edits = await read(session, lines, store_id, order_ids)
    return private | {
        order_id: with_address(private.get(order_id, {}), edited.address)
        for order_id, edited in edits.items()
    }
