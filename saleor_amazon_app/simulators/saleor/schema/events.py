"""What webhooks can be told about: an event's type and the things it happened to."""

from datetime import datetime
from typing import Annotated

import strawberry
from graphql import GraphQLError

from saleor_amazon_app.simulators.saleor.schema.catalogue import (
    Product,
    ProductVariant,
    ShippingMethodType,
    ShippingZone,
)
from saleor_amazon_app.simulators.saleor.schema.orders import (
    Fulfillment,
    Order,
    OrderGrantedRefund,
    TransactionItem,
)
from saleor_amazon_app.simulators.saleor.schema.people import App, User
from saleor_amazon_app.simulators.saleor.schema.words import (
    PositiveDecimal,
    TransactionActionEnum,
)

IssuingPrincipal = Annotated[App | User, strawberry.union(name="IssuingPrincipal")]


@strawberry.interface
class Event:
    """Something that happened."""

    issued_at: datetime | None
    version: str | None
    issuing_principal: IssuingPrincipal | None
    recipient: App | None


@strawberry.type
class OrderCreated(Event):
    """A draft was completed."""

    order: Order | None


@strawberry.type
class OrderUpdated(Event):
    """An order was changed."""

    order: Order | None


@strawberry.type
class OrderCancelled(Event):
    """An order was cancelled."""

    order: Order | None


@strawberry.type
class FulfillmentCreated(Event):
    """Something left; both this and the tracking number's event come for a parcel that has one."""

    fulfillment: Fulfillment | None
    order: Order | None
    notify_customer: bool


@strawberry.type
class FulfillmentApproved(Event):
    """Staff let a fulfilment go, or it was the last of its order."""

    fulfillment: Fulfillment | None
    order: Order | None
    notify_customer: bool


@strawberry.type
class FulfillmentTrackingNumberUpdated(Event):
    """A fulfilment got a tracking number, at once or later."""

    fulfillment: Fulfillment | None
    order: Order | None


@strawberry.type
class FulfillmentCanceled(Event):
    """A fulfilment was taken back."""

    fulfillment: Fulfillment | None
    order: Order | None


@strawberry.type
class FulfillmentMetadataUpdated(Event):
    """Something was written on a fulfilment."""

    fulfillment: Fulfillment | None
    order: Order | None


@strawberry.type
class TransactionAction:
    """What an app is asked to do."""

    action_type: TransactionActionEnum
    amount: PositiveDecimal
    currency: str


@strawberry.type
class TransactionRefundRequested(Event):
    """Staff want money to go back; the app answers how it calls that."""

    transaction: TransactionItem | None
    action: TransactionAction
    granted: strawberry.Private[OrderGrantedRefund | None]

    @strawberry.field
    def granted_refund(self) -> OrderGrantedRefund | None:
        """The refund staff granted first; where there is none, the host stumbles over it."""
        if self.granted is None:
            raise GraphQLError("Cannot return null for non-nullable field OrderGrantedRefund.id.")
        return self.granted


@strawberry.type
class ProductUpdated(Event):
    """A product was changed, or its listing in a channel."""

    product: Product | None


@strawberry.type
class ProductVariantCreated(Event):
    """A variant was made."""

    product_variant: ProductVariant | None


@strawberry.type
class ProductVariantUpdated(Event):
    """A variant was changed, or its price in a channel."""

    product_variant: ProductVariant | None


@strawberry.type
class ProductVariantStockUpdated(Event):
    """Somebody changed a stock; orders that take from it do not send this."""

    product_variant: ProductVariant | None


@strawberry.type
class ProductVariantBackInStock(Event):
    """There is something to sell again."""

    product_variant: ProductVariant | None


@strawberry.type
class ShippingPriceCreated(Event):
    """A shipping method was made."""

    shipping_method: ShippingMethodType | None


@strawberry.type
class ShippingPriceUpdated(Event):
    """A shipping method was changed."""

    shipping_method: ShippingMethodType | None


@strawberry.type
class ShippingZoneUpdated(Event):
    """A shipping zone was changed."""

    shipping_zone: ShippingZone | None


@strawberry.type
class AppDeleted(Event):
    """An app was removed from the shop."""

    app: App | None


@strawberry.type
class AppStatusChanged(Event):
    """An app was switched off or on."""

    app: App | None


@strawberry.type
class Subscription:
    """What a webhook's query begins with; its root value is the event."""

    @strawberry.field
    def event(self, root: strawberry.Parent[Event]) -> Event | None:
        """The event itself."""
        return root


EVENT_TYPES: dict[str, type[Event]] = {
    "ORDER_CREATED": OrderCreated,
    "ORDER_UPDATED": OrderUpdated,
    "ORDER_CANCELLED": OrderCancelled,
    "FULFILLMENT_CREATED": FulfillmentCreated,
    "FULFILLMENT_APPROVED": FulfillmentApproved,
    "FULFILLMENT_TRACKING_NUMBER_UPDATED": FulfillmentTrackingNumberUpdated,
    "FULFILLMENT_CANCELED": FulfillmentCanceled,
    "FULFILLMENT_METADATA_UPDATED": FulfillmentMetadataUpdated,
    "TRANSACTION_REFUND_REQUESTED": TransactionRefundRequested,
    "PRODUCT_UPDATED": ProductUpdated,
    "PRODUCT_VARIANT_CREATED": ProductVariantCreated,
    "PRODUCT_VARIANT_UPDATED": ProductVariantUpdated,
    "PRODUCT_VARIANT_STOCK_UPDATED": ProductVariantStockUpdated,
    "PRODUCT_VARIANT_BACK_IN_STOCK": ProductVariantBackInStock,
    "SHIPPING_PRICE_CREATED": ShippingPriceCreated,
    "SHIPPING_PRICE_UPDATED": ShippingPriceUpdated,
    "SHIPPING_ZONE_UPDATED": ShippingZoneUpdated,
    "APP_DELETED": AppDeleted,
    "APP_STATUS_CHANGED": AppStatusChanged,
}
