"""What the mutations take; every field is one of the host's and of its type."""

from datetime import datetime

import strawberry

from saleor_amazon_app.simulators.saleor.schema.words import (
    CountryCode,
    DiscountValueTypeEnum,
    LanguageCodeEnum,
    OrderStatus,
    OrderStatusFilter,
    PositiveDecimal,
    TransactionActionEnum,
    WeightScalar,
)


@strawberry.input
class MetadataInput:
    """One pair of metadata."""

    key: str
    value: str


@strawberry.input
class AddressInput:
    """An address; `skip_validation` asks the host to be lenient."""

    first_name: str | None = None
    last_name: str | None = None
    company_name: str | None = None
    street_address_1: str | None = strawberry.field(name="streetAddress1", default=None)
    street_address_2: str | None = strawberry.field(name="streetAddress2", default=None)
    city: str | None = None
    city_area: str | None = None
    postal_code: str | None = None
    country: CountryCode | None = None
    country_area: str | None = None
    phone: str | None = None
    metadata: list[MetadataInput] | None = None
    skip_validation: bool | None = False


@strawberry.input
class MoneyInput:
    """An amount in a currency."""

    currency: str
    amount: PositiveDecimal


@strawberry.input
class TaxedMoneyInput:
    """An amount with and without tax."""

    gross: PositiveDecimal
    net: PositiveDecimal


@strawberry.input
class OrderBulkCreateUserInput:
    """Whose order it is."""

    id: strawberry.ID | None = None
    email: str | None = None
    external_reference: str | None = None


@strawberry.input
class OrderBulkCreateDeliveryMethodInput:
    """How it ships and what that costs."""

    warehouse_id: strawberry.ID | None = None
    warehouse_name: str | None = None
    shipping_method_id: strawberry.ID | None = None
    shipping_method_name: str | None = None
    shipping_price: TaxedMoneyInput | None = None
    shipping_tax_rate: PositiveDecimal | None = None
    shipping_tax_class_id: strawberry.ID | None = None
    shipping_tax_class_name: str | None = None


@strawberry.input
class OrderBulkCreateNoteInput:
    """A note of the timeline."""

    message: str
    date: datetime | None = None
    app_id: strawberry.ID | None = None


@strawberry.input
class OrderBulkCreateFulfillmentLineInput:
    """Units of a line in a parcel."""

    variant_id: strawberry.ID | None = None
    variant_sku: str | None = None
    variant_external_reference: str | None = None
    quantity: int
    warehouse: strawberry.ID
    order_line_index: int


@strawberry.input
class OrderBulkCreateFulfillmentInput:
    """A parcel that already left."""

    tracking_code: str | None = None
    lines: list[OrderBulkCreateFulfillmentLineInput] | None = None


@strawberry.input
class OrderBulkCreateOrderLineInput:
    """A line with its prices."""

    variant_id: strawberry.ID | None = None
    variant_sku: str | None = None
    variant_external_reference: str | None = None
    variant_name: str | None = None
    product_name: str | None = None
    product_sku: str | None = None
    created_at: datetime
    is_shipping_required: bool
    is_gift_card: bool
    quantity: int
    total_price: TaxedMoneyInput
    undiscounted_total_price: TaxedMoneyInput
    unit_discount_reason: str | None = None
    unit_discount_type: DiscountValueTypeEnum | None = None
    unit_discount_value: PositiveDecimal | None = None
    warehouse: strawberry.ID
    metadata: list[MetadataInput] | None = None
    private_metadata: list[MetadataInput] | None = None
    tax_rate: PositiveDecimal | None = None
    tax_class_id: strawberry.ID | None = None
    tax_class_name: str | None = None


@strawberry.input
class MoneyMovedInput:
    """What an app tells about money that moved; shared by creating and updating."""

    name: str | None = None
    message: str | None = None
    psp_reference: str | None = None
    available_actions: list[TransactionActionEnum] | None = None
    amount_authorized: MoneyInput | None = None
    amount_charged: MoneyInput | None = None
    amount_refunded: MoneyInput | None = None
    amount_canceled: MoneyInput | None = None
    metadata: list[MetadataInput] | None = None
    private_metadata: list[MetadataInput] | None = None
    external_url: str | None = None


@strawberry.input
class TransactionCreateInput(MoneyMovedInput):
    """A transaction to make."""


@strawberry.input
class TransactionUpdateInput(MoneyMovedInput):
    """What to change of a transaction."""


@strawberry.input
class OrderBulkCreateInput:
    """An order to import."""

    external_reference: str | None = None
    channel: str
    created_at: datetime
    status: OrderStatus | None = None
    user: OrderBulkCreateUserInput
    billing_address: AddressInput
    shipping_address: AddressInput | None = None
    currency: str
    metadata: list[MetadataInput] | None = None
    private_metadata: list[MetadataInput] | None = None
    customer_note: str | None = None
    notes: list[OrderBulkCreateNoteInput] | None = None
    language_code: LanguageCodeEnum
    display_gross_prices: bool | None = None
    weight: WeightScalar | None = None
    lines: list[OrderBulkCreateOrderLineInput]
    delivery_method: OrderBulkCreateDeliveryMethodInput | None = None
    fulfillments: list[OrderBulkCreateFulfillmentInput] | None = None
    transactions: list[TransactionCreateInput] | None = None


@strawberry.input
class DraftOrderInput:
    """What to change of a draft; prices are recalculated when prices depend on it."""

    billing_address: AddressInput | None = None
    shipping_address: AddressInput | None = None
    user_email: str | None = strawberry.UNSET
    external_reference: str | None = strawberry.UNSET
    customer_note: str | None = None
    metadata: list[MetadataInput] | None = None
    private_metadata: list[MetadataInput] | None = None


@strawberry.input
class OrderUpdateInput:
    """What to change of an order that is no draft."""

    billing_address: AddressInput | None = None
    shipping_address: AddressInput | None = None
    user_email: str | None = strawberry.UNSET
    external_reference: str | None = strawberry.UNSET
    metadata: list[MetadataInput] | None = None
    private_metadata: list[MetadataInput] | None = None


@strawberry.input
class OrderNoteInput:
    """A note."""

    message: str


@strawberry.input
class OrderFulfillStockInput:
    """Units from a warehouse."""

    quantity: int
    warehouse: strawberry.ID


@strawberry.input
class OrderFulfillLineInput:
    """Units of a line, warehouse by warehouse."""

    order_line_id: strawberry.ID | None = None
    stocks: list[OrderFulfillStockInput]


@strawberry.input
class OrderFulfillInput:
    """What leaves; every warehouse makes a parcel of its own."""

    lines: list[OrderFulfillLineInput]
    notify_customer: bool | None = None
    allow_stock_to_be_exceeded: bool | None = False
    tracking_number: str | None = None


@strawberry.input
class FulfillmentUpdateTrackingInput:
    """A new tracking number."""

    tracking_number: str | None = None
    notify_customer: bool | None = False


@strawberry.input
class FulfillmentCancelInput:
    """Where the units of a cancelled parcel go."""

    warehouse_id: strawberry.ID | None = None


@strawberry.input
class OrderReturnLineInput:
    """Units of a line that will not ship."""

    order_line_id: strawberry.ID
    quantity: int
    replace: bool | None = False


@strawberry.input
class OrderReturnFulfillmentLineInput:
    """Units of a parcel that came back."""

    fulfillment_line_id: strawberry.ID
    quantity: int
    replace: bool | None = False


@strawberry.input
class OrderReturnProductsInput:
    """What is returned."""

    order_lines: list[OrderReturnLineInput] | None = None
    fulfillment_lines: list[OrderReturnFulfillmentLineInput] | None = None
    include_shipping_costs: bool | None = False
    refund: bool | None = False


@strawberry.input
class UserCreateInput:
    """A customer to create."""

    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    is_active: bool | None = None
    note: str | None = None
    metadata: list[MetadataInput] | None = None
    private_metadata: list[MetadataInput] | None = None
    language_code: LanguageCodeEnum | None = None
    external_reference: str | None = None


@strawberry.input
class ProductVariantFilterInput:
    """Which variants."""

    sku: list[str] | None = None


@strawberry.input
class ShippingZoneFilterInput:
    """Which zones."""

    channels: list[strawberry.ID] | None = None


@strawberry.input
class OrderFilterInput:
    """Which orders."""

    status: list[OrderStatusFilter] | None = None
    channels: list[strawberry.ID] | None = None
    ids: list[strawberry.ID] | None = None
    numbers: list[str] | None = None
