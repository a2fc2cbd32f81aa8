"""What staff do to orders: look again, correct, cancel, let go, send again, preview."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import strawberry

from saleor_amazon_app.core.choices import CancelReason
from saleor_amazon_app.core.errors import AppError
from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.entrypoints.dashboard_api.context import Context, Info
from saleor_amazon_app.entrypoints.dashboard_api.fields import MANAGE_ORDERS, mutation
from saleor_amazon_app.entrypoints.dashboard_api.orders import Order, order_of
from saleor_amazon_app.entrypoints.dashboard_api.previews import Preview, preview_of
from saleor_amazon_app.entrypoints.dashboard_api.problems import (
    ORDER_UNKNOWN,
    Problem,
    problem_of,
)
from saleor_amazon_app.flows import cancelling, editing, order_desk, previewing
from saleor_amazon_app.ledger.order_list import OrderKey
from saleor_amazon_app.ledger.stores import Store as StoreRow
from saleor_amazon_app.mapping.edited_addresses import AddressForm

OrderResult = Annotated[Order | Problem, strawberry.union("OrderResult")]
PreviewResult = Annotated[Preview | Problem, strawberry.union("PreviewResult")]

_LARGEST_ID = 2**63 - 1


@strawberry.input
class AddressInput:
    """A delivery address as staff correct it; what is left out is empty."""

    name: str | None = None
    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country_code: str | None = None


@strawberry.type
class OrderMutations:
    """What can be done to the shop's Amazon orders."""

    @mutation(MANAGE_ORDERS)
    async def retry_order(self, info: Info, id: strawberry.ID) -> OrderResult:
        """Has a held order looked at again at once."""
        context = info.context
        return await _done(
            context,
            id,
            lambda store, order_id: order_desk.retry(
                context.lines, store, order_id, by=context.actor
            ),
        )

    @mutation(MANAGE_ORDERS)
    async def edit_address(
        self, info: Info, order_id: strawberry.ID, address: AddressInput
    ) -> OrderResult:
        """Corrects the address of a held order and has the order looked at again."""
        context = info.context
        form = AddressForm(**{name: text or "" for name, text in vars(address).items()})
        return await _done(
            context,
            order_id,
            lambda store, number: editing.edit(
                context.lines, store, number, form, by=context.actor
            ),
        )

    @mutation(MANAGE_ORDERS)
    async def cancel_order(
        self, info: Info, order_id: strawberry.ID, reason: CancelReason
    ) -> OrderResult:
        """Cancels an unshipped order here and at Amazon; the buyer is named while they ask."""
        context = info.context
        return await _done(
            context,
            order_id,
            lambda store, number: cancelling.cancel(
                context.lines, context.shop, store, number, reason, by=context.actor
            ),
        )

    @mutation(MANAGE_ORDERS)
    async def approve_shipment(self, info: Info, order_id: strawberry.ID) -> OrderResult:
        """Lets parcels go that wait because the buyer asks to cancel."""
        context = info.context
        return await _done(
            context,
            order_id,
            lambda store, number: order_desk.approve_shipment(
                context.lines, store, number, by=context.actor
            ),
        )

    @mutation(MANAGE_ORDERS)
    async def retry_outbox(self, info: Info, id: strawberry.ID) -> OrderResult:
        """Has something told to Amazon once more, unless Amazon shows that it was done."""
        context = info.context
        row_id = int(id) if id.isascii() and id.isdecimal() and len(id) < 20 else _LARGEST_ID
        try:
            row = await order_desk.send_again(
                context.lines, context.shop, min(row_id, _LARGEST_ID), by=context.actor
            )
        except AppError as error:
            return problem_of(error)
        return await _shown(context, (StoreId(row.store_id), AmazonOrderId(row.amazon_order_id)))

    @mutation(MANAGE_ORDERS)
    async def preview_order(self, info: Info, order_id: strawberry.ID) -> PreviewResult:
        """Shows what would become of an order now; nothing is written."""
        context = info.context
        found = await _found(context, order_id)
        if found is None:
            return ORDER_UNKNOWN
        store, number = found
        try:
            decided = await previewing.preview(context.lines, context.shop, store, number)
        except AppError as error:
            return problem_of(error)
        return preview_of(decided)


async def _found(context: Context, id: str) -> tuple[StoreRow, AmazonOrderId] | None:
    key = await context.order_key(id)
    if key is None:
        return None
    store_id, order_id = key
    return (await context.stores())[store_id], order_id


async def _done(
    context: Context, id: str, act: Callable[[StoreRow, AmazonOrderId], Awaitable[None]]
) -> Order | Problem:
    """The order after something was done to it, or why it was not."""
    found = await _found(context, id)
    if found is None:
        return ORDER_UNKNOWN
    store, order_id = found
    try:
        await act(store, order_id)
    except AppError as error:
        return problem_of(error)
    return await _shown(context, (StoreId(store.id), order_id))


async def _shown(context: Context, key: OrderKey) -> Order | Problem:
    context.forget_orders()
    row = await context.listed_orders.load(key)
    return order_of(row) if row else ORDER_UNKNOWN
