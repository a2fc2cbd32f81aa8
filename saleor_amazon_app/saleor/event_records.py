"""What a shop's webhooks tell: one record for every event, ids and moments only.

An event says where to look, never what to believe: events come late, twice and in any order, so
whoever works one off reads the host's present state.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from saleor_amazon_app.core.ids import AmazonOrderId

_Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/=_-]{1,200}$")]


class EventKind(StrEnum):
    """The events this app is told.

    The name is the host's name of the event, the value its GraphQL type, which also names the
    subscription's document.
    """

    APP_DELETED = "AppDeleted"
    APP_STATUS_CHANGED = "AppStatusChanged"
    ORDER_UPDATED = "OrderUpdated"
    ORDER_CANCELLED = "OrderCancelled"
    FULFILLMENT_CREATED = "FulfillmentCreated"
    FULFILLMENT_APPROVED = "FulfillmentApproved"
    FULFILLMENT_CANCELED = "FulfillmentCanceled"
    FULFILLMENT_TRACKING_NUMBER_UPDATED = "FulfillmentTrackingNumberUpdated"
    FULFILLMENT_METADATA_UPDATED = "FulfillmentMetadataUpdated"
    TRANSACTION_REFUND_REQUESTED = "TransactionRefundRequested"
    PRODUCT_UPDATED = "ProductUpdated"
    PRODUCT_VARIANT_CREATED = "ProductVariantCreated"
    PRODUCT_VARIANT_UPDATED = "ProductVariantUpdated"
    PRODUCT_VARIANT_STOCK_UPDATED = "ProductVariantStockUpdated"
    PRODUCT_VARIANT_BACK_IN_STOCK = "ProductVariantBackInStock"
    SHIPPING_PRICE_CREATED = "ShippingPriceCreated"
    SHIPPING_PRICE_UPDATED = "ShippingPriceUpdated"
    SHIPPING_ZONE_UPDATED = "ShippingZoneUpdated"

    @property
    def path(self) -> str:
        """The event as the last part of its webhook's address: `order-updated`."""
        return self.name.lower().replace("_", "-")

    @property
    def is_answered(self) -> bool:
        """Whether the host waits for an answer, which it calls a synchronous event."""
        return self is EventKind.TRANSACTION_REFUND_REQUESTED


BY_PATH = {kind.path: kind for kind in EventKind}


class _Node(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel)

    id: _Id | None = None


class _Order(_Node):
    # Foreign orders have references of any kind; those of ours are Amazon's order numbers.
    external_reference: Annotated[str, Field(pattern=r"^[!-~]{1,250}$")] | None = None


class _Action(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel)

    amount: Annotated[Decimal, Field(allow_inf_nan=False, max_digits=20)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class _GrantedLine(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel)

    quantity: int
    order_line: _Node


class _Granted(_Node):
    shipping_costs_included: bool
    lines: tuple[_GrantedLine, ...] | None = None


class _Transaction(_Node):
    order: _Order | None = None


class HostEvent(BaseModel):
    """One event as it came; what it does not concern is None.

    Attributes:
        kind: the type that the signed body itself names.
        recipient: the installed app it was meant for.
        issuing_principal: the app that caused it; without an id when a person did.
    """

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    kind: EventKind = Field(alias="__typename")
    issued_at: AwareDatetime | None = None
    recipient: _Node | None = None
    issuing_principal: _Node | None = None
    app: _Node | None = None
    order: _Order | None = None
    product: _Node | None = None
    product_variant: _Node | None = None
    shipping_method: _Node | None = None
    shipping_zone: _Node | None = None
    fulfillment: _Node | None = None
    transaction: _Transaction | None = None
    action: _Action | None = None
    granted_refund: _Granted | None = None

    @property
    def is_for(self) -> str | None:
        """The id of the installed app that the event was signed for."""
        return self.recipient.id if self.recipient else None

    @property
    def refunded_order(self) -> AmazonOrderId | None:
        """The order whose money is asked back; None in other events."""
        order = self.transaction.order if self.transaction else None
        reference = order.external_reference if order else None
        return AmazonOrderId(reference) if reference else None

    @property
    def refund(self) -> dict[str, Any] | None:
        """What is asked back, as the outbox keeps it; None in other events.

        `Any` because it is JSON.
        """
        if self.action is None or self.transaction is None:
            return None
        granted = self.granted_refund
        units: dict[str, int] = {}
        for line in (granted.lines if granted else None) or ():
            line_id = line.order_line.id or ""
            units[line_id] = units.get(line_id, 0) + line.quantity
        return {
            "transactionId": self.transaction.id,
            "amount": f"{self.action.amount:f}",
            "currency": self.action.currency,
            "units": units,
            "withShipping": bool(granted and granted.shipping_costs_included),
        }

    @property
    def issued_by_app(self) -> str | None:
        """The id of the app that caused the event."""
        return self.issuing_principal.id if self.issuing_principal else None


def parse(body: bytes) -> HostEvent | None:
    """Reads the body of a webhook whose signature fits; None when it is no event of ours.

    Errors that the host put beside the event are passed over.
    """
    try:
        return HostEvent.model_validate_json(body)
    except ValidationError:
        return None
