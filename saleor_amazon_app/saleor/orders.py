"""Host orders: looked up, drafted, completed, fulfilled.

Each function that changes something sends one request, unless it says otherwise, so that a caller
can make sure before each that it still has the orders to itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from saleor_amazon_app.core.ids import (
    AmazonOrderId,
    SaleorOrderId,
    SaleorOrderLineId,
    WarehouseId,
)
from saleor_amazon_app.saleor.answers import Json
from saleor_amazon_app.saleor.client import MUTATIONS_PER_REQUEST, ONE_MINUTE, SaleorClient
from saleor_amazon_app.saleor.order_inputs import OrderBulkCreateInput, StockUpdatePolicy
from saleor_amazon_app.saleor.order_records import (
    Fulfillment,
    HostOrder,
    parse_fulfillment,
    parse_order,
)
from saleor_amazon_app.saleor.refusals import FieldError, Refused, carried_out, field_errors

# The host takes no more in one bulk import; a longer one crashes it.
ORDERS_PER_IMPORT = 50
_LOOK_UPS_PER_REQUEST = 50

# Completing takes the host quadratically longer with the lines of an order: 10 lines 0.8 s,
# 100 lines 9.5 s, 200 lines 27 s on a small machine.
_LINES_PER_REQUEST = 20
_TIME_PER_LINE = timedelta(seconds=0.3)


@dataclass(frozen=True, slots=True)
class RowRefused:
    """The host did not import one order of a batch as it was sent.

    Attributes:
        made: the order the host created all the same, without what it refused; a draft is to be
            deleted, anything else cannot be and needs a person.
    """

    errors: tuple[FieldError, ...]
    made: HostOrder | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft to complete; its lines tell how long the host will take."""

    order_id: SaleorOrderId
    line_count: int


@dataclass(frozen=True, slots=True)
class FulfilledUnits:
    """Units of one line that left one warehouse."""

    line_id: SaleorOrderLineId
    warehouse_id: WarehouseId
    quantity: int


async def look_up(
    client: SaleorClient, references: Sequence[AmazonOrderId]
) -> dict[AmazonOrderId, HostOrder | None]:
    """Finds what the host has under each external reference, in requests of 50.

    Raises:
        RequestRefused: the host crashed on one of them.
    """
    answers = await client.find_each(
        "OrderByReference",
        [{"reference": reference} for reference in references],
        per_request=_LOOK_UPS_PER_REQUEST,
    )
    return {
        reference: parse_order(answer) if answer else None
        for reference, answer in zip(references, answers, strict=True)
    }


async def draft(
    client: SaleorClient,
    inputs: Sequence[OrderBulkCreateInput],
    *,
    stock_policy: StockUpdatePolicy = StockUpdatePolicy.SKIP,
) -> list[HostOrder | RowRefused]:
    """Imports up to 50 orders as they stand: drafts, or orders that were shipped already.

    References must differ: the host crashes on a repeated one and creates nothing.

    Returns:
        What became of each input, in their order.

    Raises:
        RequestRefused: the host crashed on the batch, as a rule before anything was created; look
            the references up before any of them is sent again.
    """
    if len({one.external_reference for one in inputs}) != len(inputs):
        raise ValueError("an external reference occurs twice in one import")
    if len(inputs) > ORDERS_PER_IMPORT:
        raise ValueError(f"{len(inputs)} orders exceed the {ORDERS_PER_IMPORT} of one import")
    lines = sum(len(one.lines) for one in inputs)
    data = await client.execute(
        "DraftOrders",
        {
            "orders": [one.to_variables() for one in inputs],
            "stockUpdatePolicy": stock_policy.value,
        },
        timeout=ONE_MINUTE + _TIME_PER_LINE * lines,
    )
    answer = data["orderBulkCreate"]
    # A value the host cannot read at all fails every row and leaves no results.
    if len(answer["results"]) != len(inputs):
        return [RowRefused(field_errors(answer["errors"])) for _ in inputs]
    return [_row(result) for result in answer["results"]]


def completion_batches(drafts: Sequence[Draft]) -> Iterator[tuple[Draft, ...]]:
    """Groups drafts into requests: at most four, and at most 20 lines unless one has more."""
    batch: tuple[Draft, ...] = ()
    for one in drafts:
        lines = sum(other.line_count for other in batch) + one.line_count
        if batch and (len(batch) == MUTATIONS_PER_REQUEST or lines > _LINES_PER_REQUEST):
            yield batch
            batch = ()
        batch = (*batch, one)
    if batch:
        yield batch


async def complete(client: SaleorClient, batch: Sequence[Draft]) -> list[HostOrder | Refused]:
    """Completes the drafts of one of `completion_batches`: each becomes an order or stays.

    A draft that is refused stays a draft. Completing also allocates its stock and tells the
    merchant's other systems. The host works on after we gave up waiting, and a draft completed
    twice at once is allocated twice for ever: look at its status before it is sent again.
    """
    outcomes = await client.execute_batch(
        "CompleteDraft",
        [{"id": one.order_id} for one in batch],
        timeout=ONE_MINUTE + _TIME_PER_LINE * sum(one.line_count for one in batch),
    )
    return [_order(carried_out(outcome)) for outcome in outcomes]


async def delete_draft(client: SaleorClient, order_id: SaleorOrderId) -> Refused | None:
    """Deletes a draft and frees its reference; refused once it has a transaction."""
    payload = await _mutate(client, "DeleteDraft", {"id": order_id})
    return payload if isinstance(payload, Refused) else None


async def confirm(client: SaleorClient, order_id: SaleorOrderId) -> HostOrder | Refused:
    """Confirms an order in a channel that leaves new orders unconfirmed.

    The host mails the customer about it if the order has an e-mail address.
    """
    return _order(await _mutate(client, "ConfirmOrder", {"id": order_id}))


async def fulfil(
    client: SaleorClient,
    order_id: SaleorOrderId,
    units: Sequence[FulfilledUnits],
    *,
    tracking_number: str = "",
    notify: bool = False,
) -> tuple[Fulfillment, ...] | Refused:
    """Fulfils units of an order, one fulfilment a warehouse.

    Complete and pay the order before: many shops fulfil no unpaid order, and every shop fulfils
    even a draft or a cancelled one. In a shop that approves no fulfilments by itself they come
    back `WAITING_FOR_APPROVAL`, see `approve`.

    Args:
        client: of the shop.
        order_id: the order; its status must have been looked at.
        units: each line and warehouse at most once.
        tracking_number: of the parcel; may be empty.
        notify: whether the host mails the customer, if the order has an e-mail address.
    """
    lines: dict[SaleorOrderLineId, list[Json]] = {}
    for one in units:
        stock = {"warehouse": one.warehouse_id, "quantity": one.quantity}
        lines.setdefault(one.line_id, []).append(stock)
    what: Json = {
        "lines": [{"orderLineId": line, "stocks": stocks} for line, stocks in lines.items()],
        "trackingNumber": tracking_number,
        "notifyCustomer": notify,
    }
    payload = await _mutate(client, "FulfillOrder", {"order": order_id, "input": what})
    if isinstance(payload, Refused):
        return payload
    return tuple(parse_fulfillment(one) for one in payload["fulfillments"])


async def approve(client: SaleorClient, fulfillment_id: str) -> Fulfillment | Refused:
    """Approves a fulfilment that waits, without a mail; a waiting one blocks cancelling."""
    variables = {"id": fulfillment_id, "notifyCustomer": False}
    payload = await _mutate(client, "ApproveFulfillment", variables)
    if isinstance(payload, Refused):
        return payload
    return parse_fulfillment(payload["fulfillment"])


async def add_note(client: SaleorClient, order_id: SaleorOrderId, message: str) -> Refused | None:
    """Writes into the order's timeline; never with buyer data, for no note can be erased."""
    payload = await _mutate(client, "AddOrderNote", {"order": order_id, "message": message})
    return payload if isinstance(payload, Refused) else None


async def _mutate(client: SaleorClient, name: str, variables: Json) -> Json | Refused:
    (outcome,) = await client.execute_batch(name, [variables])
    return carried_out(outcome)


def _order(payload: Json | Refused) -> HostOrder | Refused:
    return payload if isinstance(payload, Refused) else parse_order(payload["order"])


def _row(result: Json) -> HostOrder | RowRefused:
    errors = field_errors(result["errors"] or ())
    order = parse_order(result["order"]) if result["order"] else None
    refused = tuple(error for error in errors if not _is_harmless(error))
    if order and not refused:
        return order
    return RowRefused(refused or errors, order)


def _is_harmless(error: FieldError) -> bool:
    """Tells whether the host created the order exactly as sent in spite of an error.

    A guest order names no user, and a shop may have no tax class: the import only takes them
    under IGNORE_FAILED and complains beside the order. Everything else means something is amiss.
    """
    if error.code == "REQUIRED":
        return error.field == "user"
    return error.code == "NOT_FOUND" and "TaxClass instance" in error.message
