"""A host order that stands, and what is done to it when something changes at Amazon.

The host cancels an order only while nothing of it is fulfilled, but it returns units of a
cancelled or unconfirmed order without a word, which revives the one and confirms the other: look
at the status first.
Source: tried against Saleor 3.23, 2026-11-20; docs/host-behaviour.md.
"""

from collections.abc import Mapping, Sequence

from saleor_amazon_app.core.ids import SaleorOrderId, SaleorOrderLineId
from saleor_amazon_app.saleor.answers import Json
from saleor_amazon_app.saleor.client import SaleorClient
from saleor_amazon_app.saleor.errors import RequestRefused
from saleor_amazon_app.saleor.order_inputs import AddressInput
from saleor_amazon_app.saleor.refusals import Refused, carried_out
from saleor_amazon_app.saleor.standing_records import StandingOrder, parse_standing

ORDERS_PER_REQUEST = 50


async def read(
    client: SaleorClient, order_ids: Sequence[SaleorOrderId]
) -> dict[SaleorOrderId, StandingOrder | RequestRefused | None]:
    """How up to 50 orders stand; None where an order is gone.

    One that the host crashes on is a `RequestRefused` and disturbs no other.
    """
    answers = await client.execute_batch("OrderById", [{"id": each} for each in order_ids])
    return {
        order_id: parse_standing(answer) if isinstance(answer, dict) else answer
        for order_id, answer in zip(order_ids, answers, strict=True)
    }


async def ships_unpaid(client: SaleorClient) -> bool:
    """Whether the shop fulfils orders that are not fully paid, be it for a refund of a part."""
    data = await client.execute("ShippingTerms")
    return bool(data["shop"]["fulfillmentAllowUnpaid"])


async def cancel(client: SaleorClient, order_id: SaleorOrderId) -> Refused | None:
    """Cancels an order and frees its stock; its charge stays until a refund is reported."""
    return await _change(client, "CancelOrder", {"id": order_id})


async def return_units(
    client: SaleorClient, order_id: SaleorOrderId, units: Mapping[SaleorOrderLineId, int]
) -> Refused | None:
    """Takes units that never left out of an order, freeing their stock; no money moves.

    The host does it as often as it is asked: compare with what was returned before.
    """
    lines = [{"orderLineId": line, "quantity": quantity} for line, quantity in units.items()]
    wanted = {"orderLines": lines, "refund": False}
    return await _change(client, "ReturnUnits", {"order": order_id, "input": wanted})


async def update(
    client: SaleorClient,
    order_id: SaleorOrderId,
    *,
    metadata: Mapping[str, str],
    address: AddressInput | None = None,
) -> Refused | None:
    """Adds public metadata, and replaces both addresses where one is given.

    A new address on a draft or an unconfirmed order makes the host recalculate its money.
    """
    wanted: Json = {"metadata": [{"key": k, "value": v} for k, v in metadata.items()]}
    if address is not None:
        new = address.model_dump(mode="json", by_alias=True)
        wanted |= {"shippingAddress": new, "billingAddress": new}
    return await _change(client, "UpdateOrder", {"id": order_id, "input": wanted})


async def _change(client: SaleorClient, name: str, variables: Json) -> Refused | None:
    (outcome,) = await client.execute_batch(name, [variables])
    payload = carried_out(outcome)
    return payload if isinstance(payload, Refused) else None
