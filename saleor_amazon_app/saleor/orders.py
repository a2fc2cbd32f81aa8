"""Host orders: looked up, drafted, completed, fulfilled.

Each function that changes something sends one request, unless it says otherwise, so that a caller
can make sure before each that it still has the orders to itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from saleor_amazon_app.core.ids import (
    AmazonOrderId,
    SaleorOrderId,
    SaleorOrderLineId,
    WarehouseId,
)
from saleor_amazon_app.saleor.client import MUTATIONS_PER_REQUEST, ONE_MINUTE, Json, SaleorClient
from saleor_amazon_app.saleor.errors import RequestRefused
from saleor_amazon_app.saleor.order_inputs import OrderBulkCreateInput, StockUpdatePolicy
from saleor_amazon_app.saleor.order_records import (
    Fulfillment,
    HostOrder,
    parse_fulfillment,
    parse_order,
)
from saleor_amazon_app.saleor.refusals import FieldError, Refused, field_errors, refusal

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
        made: the order the host created all the same, without what it refused; nobody may
            complete it, and a draft is to be deleted.
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
    found: dict[AmazonOrderId, HostOrder | None] = {}
    for start in range(0, len(references), _LOOK_UPS_PER_REQUEST):
        some = references[start : start + _LOOK_UPS_PER_REQUEST]
        wanted = [{"reference": reference} for reference in some]
        answers = await client.execute_batch("OrderByReference", wanted)
        for reference, answer in zip(some, answers, strict=True):
            if isinstance(answer, RequestRefused):
                raise answer
            found[reference] = parse_order(answer) if answer else None
    return found


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
        RequestRefused: the host crashed on the batch and created none of it.
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
    if len(answer["results"]) != len(inputs):
        # A value the host cannot read at all fails every row and leaves no results.
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
    merchant's other systems.
    """
    outcomes = await client.execute_batch(
        "CompleteDraft",
        [{"id": one.order_id} for one in batch],
        timeout=ONE_MINUTE + _TIME_PER_LINE * sum(one.line_count for one in batch),
    )
    return [refusal(outcome) or parse_order(outcome["order"]) for outcome in outcomes]


async def delete_draft(client: SaleorClient, order_id: SaleorOrderId) -> Refused | None:
    """Deletes a draft and frees its reference; refused once it has a transaction."""
    return refusal(await _one(client, "DeleteDraft", {"id": order_id}))


async def confirm(client: SaleorClient, order_id: SaleorOrderId) -> HostOrder | Refused:
    """Confirms an order in a channel that leaves new orders unconfirmed.

    The host mails the customer about it if the order has an e-mail address.
    """
    outcome = await _one(client, "ConfirmOrder", {"id": order_id})
    return refusal(outcome) or parse_order(outcome["order"])


async def fulfil(
    client: SaleorClient,
    order_id: SaleorOrderId,
    units: Sequence[FulfilledUnits],
    *,
    tracking_number: str = "",
    notify: bool = False,
) -> tuple[Fulfillment, ...] | Refused:
    """Fulfils units of an order, one fulfilment a warehouse.

    An order must be paid before the host lets it be fulfilled. In a shop that approves no
    fulfilments by itself they come back `WAITING_FOR_APPROVAL`, see `approve`.
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
    outcome = await _one(client, "FulfillOrder", {"order": order_id, "input": what})
    return refusal(outcome) or tuple(parse_fulfillment(f) for f in outcome["fulfillments"])


async def approve(
    client: SaleorClient, fulfillment_id: str, *, notify: bool = False
) -> Fulfillment | Refused:
    """Approves a fulfilment that waits; a waiting one takes no stock and blocks cancelling."""
    variables = {"id": fulfillment_id, "notifyCustomer": notify}
    outcome = await _one(client, "ApproveFulfillment", variables)
    return refusal(outcome) or parse_fulfillment(outcome["fulfillment"])


async def add_note(client: SaleorClient, order_id: SaleorOrderId, message: str) -> Refused | None:
    """Writes into the order's timeline; never with buyer data, for no note can be erased."""
    return refusal(await _one(client, "AddOrderNote", {"order": order_id, "message": message}))


# `Any` because it is either the JSON of the mutation or a `RequestRefused`, which `refusal` tells.
async def _one(client: SaleorClient, name: str, variables: Json) -> Any:
    (outcome,) = await client.execute_batch(name, [variables])
    return outcome


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
