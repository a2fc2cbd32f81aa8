"""The mutations on fulfilments."""

from collections.abc import Callable
from typing import TypeVar

import strawberry

from saleor_amazon_app.simulators.saleor.cancellations import cancel_fulfillment, return_products
from saleor_amazon_app.simulators.saleor.fulfilments import (
    approve_fulfillment,
    fulfill_order,
    update_tracking,
)
from saleor_amazon_app.simulators.saleor.schema.access import Info, require
from saleor_amazon_app.simulators.saleor.schema.inputs import (
    FulfillmentCancelInput,
    FulfillmentUpdateTrackingInput,
    OrderFulfillInput,
    OrderReturnProductsInput,
)
from saleor_amazon_app.simulators.saleor.schema.orders import Fulfillment
from saleor_amazon_app.simulators.saleor.schema.payloads import (
    FulfillmentAnswer,
    FulfillmentApprove,
    FulfillmentCancel,
    FulfillmentReturnProducts,
    FulfillmentUpdateTracking,
    OrderError,
    OrderFulfill,
    order_error,
)
from saleor_amazon_app.simulators.saleor.schema.reasons import Refused
from saleor_amazon_app.simulators.saleor.state import Shop

Answer = TypeVar("Answer", bound=FulfillmentAnswer)


@strawberry.type
class FulfilmentMutations:
    """Parcels: made, approved, renumbered, taken back."""

    @strawberry.mutation
    def order_fulfill(
        self, info: Info, input: OrderFulfillInput, order: strawberry.ID | None = None
    ) -> OrderFulfill | None:
        """Fulfils units of an order."""
        shop = _orders(info)
        try:
            whole, parcels = fulfill_order(shop, order, input, app=info.context.app)
        except Refused as refused:
            return OrderFulfill(errors=_errors(refused))
        return OrderFulfill(order=whole, fulfillments=parcels)

    @strawberry.mutation
    def order_fulfillment_approve(
        self,
        info: Info,
        id: strawberry.ID,
        notify_customer: bool,
    ) -> FulfillmentApprove | None:
        """Lets a waiting fulfilment go."""
        shop, app = _orders(info), info.context.app
        return _told(
            FulfillmentApprove,
            lambda: approve_fulfillment(shop, id, notify=notify_customer, app=app),
        )

    @strawberry.mutation
    def order_fulfillment_update_tracking(
        self, info: Info, id: strawberry.ID, input: FulfillmentUpdateTrackingInput
    ) -> FulfillmentUpdateTracking | None:
        """Changes the tracking number."""
        shop, app = _orders(info), info.context.app
        notify = bool(input.notify_customer)
        return _told(
            FulfillmentUpdateTracking,
            lambda: update_tracking(shop, id, input.tracking_number, notify=notify, app=app),
        )

    @strawberry.mutation
    def order_fulfillment_cancel(
        self, info: Info, id: strawberry.ID, input: FulfillmentCancelInput | None = None
    ) -> FulfillmentCancel | None:
        """Takes a fulfilment back."""
        shop, app = _orders(info), info.context.app
        warehouse = input.warehouse_id if input else None
        return _told(FulfillmentCancel, lambda: cancel_fulfillment(shop, id, warehouse, app=app))

    @strawberry.mutation
    def order_fulfillment_return_products(
        self, info: Info, order: strawberry.ID, input: OrderReturnProductsInput
    ) -> FulfillmentReturnProducts | None:
        """Takes units out of an order that never left."""
        shop = _orders(info)
        try:
            whole, parcel = return_products(
                shop,
                order,
                input.order_lines or [],
                refund=bool(input.refund),
                app=info.context.app,
            )
        except Refused as refused:
            return FulfillmentReturnProducts(errors=_errors(refused))
        return FulfillmentReturnProducts(order=whole, return_fulfillment=parcel)


def _orders(info: Info) -> Shop:
    require(info, "MANAGE_ORDERS")
    return info.context.shop


def _errors(refused: Refused) -> list[OrderError]:
    return [order_error(reason) for reason in refused.reasons]


def _told(answer: type[Answer], act: Callable[[], Fulfillment]) -> Answer:
    try:
        parcel = act()
    except Refused as refused:
        return answer(errors=_errors(refused))
    return answer(fulfillment=parcel, order=parcel.order)
