"""The mutations on orders: each asks for its permission, applies a rule and tells the outcome."""

from collections.abc import Callable
from typing import TypeVar

import strawberry

from saleor_amazon_app.simulators.saleor.bulk_create import import_orders
from saleor_amazon_app.simulators.saleor.bulk_rows import BatchRefused
from saleor_amazon_app.simulators.saleor.cancellations import cancel_order
from saleor_amazon_app.simulators.saleor.drafts import (
    complete_draft,
    confirm_order,
    delete_draft,
    update_draft,
    update_order,
)
from saleor_amazon_app.simulators.saleor.schema.access import Info, require
from saleor_amazon_app.simulators.saleor.schema.inputs import (
    DraftOrderInput,
    OrderBulkCreateInput,
    OrderNoteInput,
    OrderUpdateInput,
)
from saleor_amazon_app.simulators.saleor.schema.orders import Order
from saleor_amazon_app.simulators.saleor.schema.payloads import (
    DraftOrderComplete,
    DraftOrderDelete,
    DraftOrderUpdate,
    OrderAnswer,
    OrderBulkCreate,
    OrderBulkCreateError,
    OrderBulkCreateResult,
    OrderCancel,
    OrderConfirm,
    OrderNoteAdd,
    OrderNoteAddError,
    OrderUpdate,
    order_error,
)
from saleor_amazon_app.simulators.saleor.schema.reasons import Refused, refusal
from saleor_amazon_app.simulators.saleor.schema.words import (
    ErrorPolicyEnum,
    OrderBulkCreateErrorCode,
    OrderEventsEnum,
    OrderNoteAddErrorCode,
    StockUpdatePolicyEnum,
)
from saleor_amazon_app.simulators.saleor.state import Shop

_NO_TIME_ZONE = "Input 'date' must be timezone-aware. Expected format: 'YYYY-MM-DD HH:MM:SS TZ'."

Answer = TypeVar("Answer", bound=OrderAnswer)


@strawberry.type
class OrderMutations:
    """Importing, drafts, and orders as a whole."""

    @strawberry.mutation
    def order_bulk_create(
        self,
        info: Info,
        orders: list[OrderBulkCreateInput],
        error_policy: ErrorPolicyEnum | None = None,
        stock_update_policy: StockUpdatePolicyEnum | None = None,
    ) -> OrderBulkCreate | None:
        """Takes orders over as they are."""
        require(info, "MANAGE_ORDERS_IMPORT")
        try:
            rows = import_orders(
                info.context.shop, orders, policy=error_policy, stock_policy=stock_update_policy
            )
        except BatchRefused:
            invalid = OrderBulkCreateErrorCode.INVALID
            error = OrderBulkCreateError(path=None, message=_NO_TIME_ZONE, code=invalid)
            return OrderBulkCreate(count=0, results=[], errors=[error])
        return OrderBulkCreate(
            count=sum(row.order is not None for row in rows),
            results=[OrderBulkCreateResult(order=row.order, errors=row.errors) for row in rows],
            errors=[],
        )

    @strawberry.mutation
    def draft_order_complete(self, info: Info, id: strawberry.ID) -> DraftOrderComplete | None:
        """Makes an order of a draft."""
        shop, app = _orders(info), info.context.app
        return _told(DraftOrderComplete, lambda: complete_draft(shop, id, app=app))

    @strawberry.mutation
    def draft_order_delete(
        self,
        info: Info,
        id: strawberry.ID | None = None,
        external_reference: str | None = None,
    ) -> DraftOrderDelete | None:
        """Deletes a draft."""
        shop = _orders(info)
        named = (id, external_reference)
        return _told(DraftOrderDelete, lambda: delete_draft(shop, _named(shop, *named)))

    @strawberry.mutation
    def draft_order_update(
        self,
        info: Info,
        input: DraftOrderInput,
        id: strawberry.ID | None = None,
        external_reference: str | None = None,
    ) -> DraftOrderUpdate | None:
        """Changes a draft."""
        shop = _orders(info)
        named = (id, external_reference)
        return _told(DraftOrderUpdate, lambda: update_draft(shop, _named(shop, *named), input))

    @strawberry.mutation
    def order_update(
        self,
        info: Info,
        input: OrderUpdateInput,
        id: strawberry.ID | None = None,
        external_reference: str | None = None,
    ) -> OrderUpdate | None:
        """Changes an order that is no draft."""
        shop = _orders(info)
        named = (id, external_reference)
        return _told(OrderUpdate, lambda: update_order(shop, _named(shop, *named), input))

    @strawberry.mutation
    def order_confirm(self, info: Info, id: strawberry.ID) -> OrderConfirm | None:
        """Confirms an order."""
        shop, app = _orders(info), info.context.app
        return _told(OrderConfirm, lambda: confirm_order(shop, id, app=app))

    @strawberry.mutation
    def order_cancel(self, info: Info, id: strawberry.ID) -> OrderCancel | None:
        """Cancels an order."""
        shop, app = _orders(info), info.context.app
        return _told(OrderCancel, lambda: cancel_order(shop, id, app=app))

    @strawberry.mutation
    def order_note_add(
        self, info: Info, order: strawberry.ID, input: OrderNoteInput
    ) -> OrderNoteAdd | None:
        """Adds a note to the timeline."""
        shop = _orders(info)
        try:
            noted = shop.order(order)
            if not input.message.strip():
                raise refusal("message", "REQUIRED", "Message can't be empty.")
        except Refused as refused:
            return OrderNoteAdd(errors=[_note_error(refused)])
        note = OrderEventsEnum.NOTE_ADDED
        event = shop.remember(noted, note, app=info.context.app, message=input.message)
        shop.tell("ORDER_UPDATED", [noted])
        return OrderNoteAdd(order=noted, event=event)


def _orders(info: Info) -> Shop:
    require(info, "MANAGE_ORDERS")
    return info.context.shop


def _told(answer: type[Answer], act: Callable[[], Order]) -> Answer:
    try:
        return answer(order=act())
    except Refused as refused:
        return answer(errors=[order_error(reason) for reason in refused.reasons])


def _named(shop: Shop, id: str | None, external_reference: str | None) -> Order:
    if id is not None:
        return shop.order(id)
    if found := shop.by_reference(external_reference or ""):
        return found
    raise refusal(
        "externalReference", "NOT_FOUND", f"Couldn't resolve to a node: {external_reference}"
    )


def _note_error(refused: Refused) -> OrderNoteAddError:
    """The error; the host's own enum lacks NOT_FOUND, so it tells none then."""
    reason = refused.reasons[0]
    codes = OrderNoteAddErrorCode.__members__
    return OrderNoteAddError(
        field=reason.field, message=reason.message, code=codes.get(reason.code)
    )
