"""The host's `OrderBulkCreateInput` as values: what is sent when an order is imported.

Field names are the host's own in camelCase; money is sent as decimal strings.
Source: Saleor schema 3.21–3.23, `OrderBulkCreateInput`, identical in all three.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainSerializer
from pydantic.alias_generators import to_camel

from saleor_amazon_app.core.ids import (
    AmazonOrderId,
    ChannelSlug,
    ShippingMethodId,
    TaxClassId,
    VariantId,
    WarehouseId,
)
from saleor_amazon_app.core.times import iso

Amount = Annotated[Decimal, PlainSerializer(lambda amount: f"{amount:f}", return_type=str)]
Moment = Annotated[datetime, PlainSerializer(iso, return_type=str)]


class OrderStatus(StrEnum):
    """The states an import creates an order in."""

    DRAFT = "DRAFT"
    FULFILLED = "FULFILLED"
    PARTIALLY_FULFILLED = "PARTIALLY_FULFILLED"


class StockUpdatePolicy(StrEnum):
    """Whether the import takes shipped units from stock; FORCE would drive it negative."""

    SKIP = "SKIP"
    UPDATE = "UPDATE"


class _Input(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class MetadataInput(_Input):
    """One key and its value."""

    key: str
    value: str


class TaxedMoneyInput(_Input):
    """An amount with and without tax, in the order's currency."""

    gross: Amount
    net: Amount


class AddressInput(_Input):
    """An address as the host keeps it; `skip_validation` leaves Amazon's words as they are."""

    first_name: str = ""
    last_name: str = ""
    company_name: str = ""
    street_address1: str = ""
    street_address2: str = ""
    city: str = ""
    city_area: str = ""
    postal_code: str = ""
    country: str
    country_area: str = ""
    phone: str = ""
    skip_validation: bool = True


class OrderUserInput(_Input):
    """Whose order it is; empty for a guest without an address to mail to."""

    id: str | None = None
    email: str | None = None


class DeliveryMethodInput(_Input):
    """How it is delivered and what that costs."""

    shipping_method_id: ShippingMethodId
    shipping_method_name: str
    shipping_price: TaxedMoneyInput
    shipping_tax_rate: Amount | None = None
    shipping_tax_class_id: TaxClassId | None = None


class OrderLineInput(_Input):
    """One line; its total price is authoritative, the host divides it for the unit price."""

    variant_id: VariantId
    product_name: str
    product_sku: str
    created_at: Moment
    is_shipping_required: bool = True
    is_gift_card: bool = False
    quantity: int
    total_price: TaxedMoneyInput
    undiscounted_total_price: TaxedMoneyInput
    warehouse: WarehouseId
    metadata: tuple[MetadataInput, ...] = ()
    tax_rate: Amount | None = None
    tax_class_id: TaxClassId | None = None


class FulfillmentLineInput(_Input):
    """Units of one line in a parcel; the line is named by its place in the order."""

    variant_id: VariantId
    quantity: int
    warehouse: WarehouseId
    order_line_index: int


class FulfillmentInput(_Input):
    """One parcel that already left."""

    tracking_code: str | None = None
    lines: tuple[FulfillmentLineInput, ...]


class NoteInput(_Input):
    """A note in the order's timeline; never with buyer data, for a note cannot be erased."""

    message: str


class OrderBulkCreateInput(_Input):
    """One order for `orderBulkCreate`."""

    external_reference: AmazonOrderId
    channel: ChannelSlug
    created_at: Moment
    status: OrderStatus
    user: OrderUserInput
    billing_address: AddressInput
    shipping_address: AddressInput
    currency: str
    metadata: tuple[MetadataInput, ...]
    private_metadata: tuple[MetadataInput, ...]
    notes: tuple[NoteInput, ...] = ()
    language_code: str = "EN"
    lines: tuple[OrderLineInput, ...]
    delivery_method: DeliveryMethodInput
    fulfillments: tuple[FulfillmentInput, ...] = ()

    def to_variables(self) -> dict[str, Any]:
        """The JSON of the input as the host reads it; `Any` because it is JSON."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)
