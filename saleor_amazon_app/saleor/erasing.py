"""What the host has of buyers, and how it is taken out again while the orders stand.

`orderUpdate` alone erases an order's addresses, e-mail and private metadata, of a cancelled order
too; it never touches a draft. The host overwrites the address in place and renews its search
index. An order whose customer is deleted goes on without one, but keeps its e-mail unless that was
erased before.
Source: tried against Saleor 3.23, 2026-11-20; docs/host-behaviour.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from saleor_amazon_app.core.ids import AmazonOrderId, CustomerId, SaleorOrderId
from saleor_amazon_app.saleor.answers import Json
from saleor_amazon_app.saleor.client import SaleorClient
from saleor_amazon_app.saleor.customers import TAG
from saleor_amazon_app.saleor.errors import RequestRefused
from saleor_amazon_app.saleor.order_inputs import AddressInput
from saleor_amazon_app.saleor.order_records import ORDER_KEY
from saleor_amazon_app.saleor.refusals import FieldError, Refused, carried_out

# Says on the order itself why its address is gone, for staff and for other systems.
ERASED_KEY = "amazonBuyerErased"
_OURS = "amazon"
# The host insists on some fields of an address, whatever the country; this passes for each.
_NOTHING = "-"


@dataclass(frozen=True, slots=True)
class ErasableOrder:
    """A host order as far as it has buyer data.

    Attributes:
        private_keys: of private metadata that this app wrote; all of it is about the buyer.
    """

    id: SaleorOrderId
    is_draft: bool
    is_ours: bool
    billing_address: AddressInput | None
    shipping_address: AddressInput | None
    private_keys: tuple[str, ...]


async def look_up(
    client: SaleorClient, references: Sequence[AmazonOrderId]
) -> dict[AmazonOrderId, ErasableOrder | Refused | None]:
    """Finds up to 100 orders by their external references; None where there is none.

    One that the host crashes on disturbs no other.
    """
    answers = await client.execute_batch(
        "ErasableOrder", [{"reference": reference} for reference in references]
    )
    return {
        reference: _found(answer, reference)
        for reference, answer in zip(references, answers, strict=True)
    }


async def erase(
    client: SaleorClient, orders: Sequence[ErasableOrder], *, on: date
) -> list[Refused | None]:
    """Erases the buyers of up to four orders; what Amazon calls impersonal stays: the place."""
    changes = [{"id": order.id, "input": _without_buyer(order, on)} for order in orders]
    try:
        return await _each(client, "UpdateOrder", changes)
    except RequestRefused as refused:
        if len(orders) == 1:
            return [_as_refused(refused)]
        # One of them spoils the request: each goes alone.
        return [outcome for order in orders for outcome in await erase(client, [order], on=on)]


async def ours_among(client: SaleorClient, customers: Sequence[CustomerId]) -> list[CustomerId]:
    """Those customers who are still there and were made by this app."""
    answers = await client.find_each("CustomerById", [{"id": each} for each in customers])
    return [
        customer
        for customer, answer in zip(customers, answers, strict=True)
        if answer and any(pair["key"] == TAG for pair in answer["metadata"])
    ]


async def delete_customers(
    client: SaleorClient, customers: Sequence[CustomerId]
) -> list[Refused | None]:
    """Deletes up to four customers; their orders stand."""
    return await _each(client, "DeleteCustomer", [{"id": each} for each in customers])


async def _each(client: SaleorClient, name: str, variables: Sequence[Json]) -> list[Refused | None]:
    payloads = map(carried_out, await client.execute_batch(name, variables))
    return [payload if isinstance(payload, Refused) else None for payload in payloads]


def _as_refused(refused: RequestRefused) -> Refused:
    return Refused(tuple(FieldError(code) for code in refused.call.codes), crashed=True)


def _found(
    answer: Json | RequestRefused | None, reference: AmazonOrderId
) -> ErasableOrder | Refused | None:
    if answer is None:
        return None
    if isinstance(answer, RequestRefused):
        return _as_refused(answer)
    public = {pair["key"]: pair["value"] for pair in answer["metadata"]}
    keys = [pair["key"] for pair in answer["privateMetadata"]]
    return ErasableOrder(
        id=SaleorOrderId(answer["id"]),
        is_draft=answer["status"] == "DRAFT",
        is_ours=public.get(ORDER_KEY) == reference,
        billing_address=_place(answer["billingAddress"]),
        shipping_address=_place(answer["shippingAddress"]),
        private_keys=tuple(key for key in keys if key.startswith(_OURS)),
    )


def _place(address: Json | None) -> AddressInput | None:
    if address is None:
        return None
    return AddressInput(
        street_address1=_NOTHING,
        city=address["city"] or _NOTHING,
        postal_code=_NOTHING,
        country=address["country"]["code"],
        country_area=address["countryArea"],
    )


def _without_buyer(order: ErasableOrder, on: date) -> Json:
    wanted: Json = {
        "userEmail": "",
        # The host adds and replaces metadata, and removes none of it here.
        "privateMetadata": [{"key": key, "value": ""} for key in order.private_keys],
        "metadata": [{"key": ERASED_KEY, "value": on.isoformat()}],
    }
    for name, address in (
        ("billingAddress", order.billing_address),
        ("shippingAddress", order.shipping_address),
    ):
        if address is not None:
            wanted[name] = address.model_dump(mode="json", by_alias=True)
    return wanted
