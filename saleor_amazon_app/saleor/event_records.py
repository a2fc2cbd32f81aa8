"""What a shop's webhooks tell: one record for every event, ids and moments only.

An event says where to look, never what to believe: events come late, twice and in any order, so
whoever works one off reads the host's present state.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

_Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/=_-]{1,200}$")]


class EventKind(StrEnum):
    """The events this app is told.

    The name is the host's name of the event, the value its GraphQL type, which also names the
    subscription's document.
    """

    APP_DELETED = "AppDeleted"
    APP_STATUS_CHANGED = "AppStatusChanged"
    ORDER_UPDATED = "OrderUpdated"
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


BY_PATH = {kind.path: kind for kind in EventKind}


class _Node(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel)

    id: _Id | None = None


class _Order(_Node):
    # Foreign orders have references of any kind; those of ours are Amazon's order numbers.
    external_reference: Annotated[str, Field(pattern=r"^[!-~]{1,250}$")] | None = None


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

    @property
    def is_for(self) -> str | None:
        """The id of the installed app that the event was signed for."""
        return self.recipient.id if self.recipient else None

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
