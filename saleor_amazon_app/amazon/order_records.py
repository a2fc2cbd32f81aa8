"""Orders as Amazon reports them: Orders API 2026-01-01, parsed once into frozen records.

Amazon's enums are open, so every enumerated value is a plain string here; unknown keys are
ignored. Hardly any field is certain to be there: which ones come depends on `includedData`, on
the roles of the app and on the state of the order.

Source: selling-partner-api-models, orders_2026-01-01.json, read 2026-11-20.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from saleor_amazon_app.core.ids import AmazonOrderId, MarketplaceId, OrderItemId, SellerSku
from saleor_amazon_app.core.times import as_utc

Moment = Annotated[AwareDatetime, AfterValidator(as_utc)]
# No amount of an order is longer; a longer one is a mistake or an attack on the arithmetic.
Amount = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=24)]
Quantity = Annotated[int, Field(ge=0, le=1_000_000)]

FULFILLED_BY_AMAZON = "AMAZON"
FULFILLED_BY_MERCHANT = "MERCHANT"


class _Record(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True
    )


class MoneyRecord(_Record):
    """An amount; Amazon sends it as a decimal string ("5980" for yen)."""

    amount: Amount
    currency_code: Annotated[str, Field(min_length=3, max_length=3)]


class TimeWindow(_Record):
    """From when until when."""

    earliest_date_time: Moment | None = None
    latest_date_time: Moment | None = None


class SalesChannel(_Record):
    """Where it was sold; NON_AMAZON is a multi-channel fulfilment, which is not a sale."""

    channel_name: str
    marketplace_id: MarketplaceId | None = None
    marketplace_name: str | None = None


class AssociatedOrder(_Record):
    """Another order this one belongs to, such as the one it replaces."""

    order_id: AmazonOrderId | None = None
    association_type: str | None = None


class Buyer(_Record):
    """Who bought; personal data."""

    buyer_name: str | None = None
    buyer_email: str | None = None
    buyer_company_name: str | None = None
    buyer_purchase_order_number: str | None = None


class ExtendedFields(_Record):
    """The parts of a Brazilian street address; personal data."""

    street_name: str | None = None
    street_number: str | None = None
    complement: str | None = None
    neighborhood: str | None = None


class DeliveryAddress(_Record):
    """Where it goes; personal data except city, state and country."""

    name: str | None = None
    company_name: str | None = None
    address_line1: str | None = None
    address_line2: str | None = None
    address_line3: str | None = None
    city: str | None = None
    district_or_county: str | None = None
    state_or_region: str | None = None
    municipality: str | None = None
    postal_code: str | None = None
    country_code: str | None = None
    phone: str | None = None
    extended_fields: ExtendedFields | None = None
    address_type: str | None = None


class DeliveryPreference(_Record):
    """What the buyer asks of the carrier; personal data."""

    drop_off_location: str | None = None
    address_instruction: str | None = None


class Recipient(_Record):
    """Who receives; personal data."""

    delivery_address: DeliveryAddress | None = None
    delivery_preference: DeliveryPreference | None = None


class DetailedBreakdown(_Record):
    """A part of TAX or DISCOUNT that belongs to one kind of proceeds."""

    subtype: str | None = None
    value: MoneyRecord | None = None


class Breakdown(_Record):
    """One kind of proceeds.

    Attributes:
        status: only for what is charged after checkout (DELIVERY_TIP): PENDING or FINALIZED.
    """

    type: str
    status: str | None = None
    subtotal: MoneyRecord
    detailed_breakdowns: tuple[DetailedBreakdown, ...] | None = None


class OrderProceeds(_Record):
    """What the order brings; its breakdowns repeat those of the items, but for DELIVERY_TIP."""

    grand_total: MoneyRecord | None = None
    breakdowns: tuple[Breakdown, ...] | None = None


class ItemProceeds(_Record):
    """What one item brings."""

    proceeds_total: MoneyRecord | None = None
    breakdowns: tuple[Breakdown, ...] | None = None


class OrderFulfillment(_Record):
    """How far the order is and who fulfils it; only sent when FULFILLMENT is asked for."""

    fulfillment_status: str
    fulfilled_by: str | None = None
    fulfillment_service_level: str | None = None
    ship_by_window: TimeWindow | None = None
    deliver_by_window: TimeWindow | None = None


class TaxRegistration(_Record):
    """A tax number of one of the parties; personal data when it is the buyer's."""

    entity_type: str | None = None
    legal_name: str | None = None
    tax_registration_type: str | None = None
    tax_registration_number: str | None = None


class OrderTax(_Record):
    """Tax registrations of the order."""

    tax_registrations: tuple[TaxRegistration, ...] | None = None


class PackageStatus(_Record):
    """How far a parcel is, at Amazon."""

    status: str


class PackageItem(_Record):
    """Units of one item in a parcel."""

    order_item_id: OrderItemId
    quantity: Quantity


class Package(_Record):
    """A parcel that was confirmed to Amazon; only for orders the merchant fulfils."""

    package_reference_id: str
    created_time: Moment | None = None
    package_status: PackageStatus | None = None
    carrier: str | None = None
    ship_time: Moment | None = None
    shipping_service: str | None = None
    tracking_number: str | None = None
    package_items: tuple[PackageItem, ...] | None = None


class Measurement(_Record):
    """Goods sold by weight or length rather than by count."""

    unit: str
    value: Decimal


class Price(_Record):
    """The price of one unit as displayed in the shop."""

    unit_price: MoneyRecord | None = None


class Condition(_Record):
    """New, used and so on."""

    condition_type: str | None = None
    condition_subtype: str | None = None
    condition_note: str | None = None


class Customization(_Record):
    """What the buyer had made to order; personal data."""

    customized_url: str | None = None


class Product(_Record):
    """What was bought; no field is certain, not even the seller's SKU."""

    asin: str | None = None
    title: str | None = None
    seller_sku: SellerSku | None = None
    condition: Condition | None = None
    price: Price | None = None
    customization: Customization | None = None


class CancellationRequest(_Record):
    """A wish to cancel; the order stays as it is until the seller acts."""

    requester: str | None = None
    cancel_reason: str | None = None


class CancellationExecution(_Record):
    """A cancellation that happened."""

    cancelled_by: str | None = None
    cancel_reason: str | None = None


class ItemCancellation(_Record):
    """Wishes to cancel an item and cancellations of it."""

    cancellation_request: CancellationRequest | None = None
    cancellation_execution: CancellationExecution | None = None


class SubstitutionPreference(_Record):
    """What the buyer takes instead (groceries)."""

    substitution_type: str


class Picking(_Record):
    """Rules for picking."""

    substitution_preference: SubstitutionPreference | None = None


class GiftOption(_Record):
    """Gift wrap and message; the message is personal data."""

    gift_message: str | None = None
    gift_wrap_level: str | None = None


class Packing(_Record):
    """Rules for packing."""

    gift_option: GiftOption | None = None


class InternationalShipping(_Record):
    """What customs needs."""

    ioss_number: str | None = None


class ItemShipping(_Record):
    """Rules for shipping."""

    international_shipping: InternationalShipping | None = None


class ItemFulfillment(_Record):
    """How many units left and how many still have to; their sum falls when units are cancelled."""

    quantity_fulfilled: Quantity | None = None
    quantity_unfulfilled: Quantity | None = None
    picking: Picking | None = None
    packing: Packing | None = None
    shipping: ItemShipping | None = None


class TaxCalculation(_Record):
    """The scheme under which tax is reported: IOSS or UOSS."""

    reporting_scheme: str | None = None


class TaxCollection(_Record):
    """Who collects and remits the tax: MARKETPLACE_FACILITATOR means Amazon does."""

    model: str | None = None
    responsible_party: str | None = None


class ItemTax(_Record):
    """How the tax of an item is reported and collected."""

    tax_calculation_breakdowns: tuple[TaxCalculation, ...] | None = None
    tax_collections: tuple[TaxCollection, ...] | None = None


class OrderItem(_Record):
    """One item of an order.

    Attributes:
        proceeds: totals of the whole quantity, not of one unit.
    """

    order_item_id: OrderItemId
    quantity_ordered: Quantity
    measurement: Measurement | None = None
    programs: tuple[str, ...] | None = None
    product: Product
    proceeds: ItemProceeds | None = None
    cancellation: ItemCancellation | None = None
    fulfillment: ItemFulfillment | None = None
    tax: ItemTax | None = None


class Order(_Record):
    """One Amazon order."""

    order_id: Annotated[AmazonOrderId, Field(min_length=1, max_length=250)]
    created_time: Moment
    last_updated_time: Moment
    programs: tuple[str, ...] | None = None
    associated_orders: tuple[AssociatedOrder, ...] | None = None
    sales_channel: SalesChannel
    buyer: Buyer | None = None
    recipient: Recipient | None = None
    proceeds: OrderProceeds | None = None
    tax: OrderTax | None = None
    fulfillment: OrderFulfillment | None = None
    order_items: tuple[OrderItem, ...]
    packages: tuple[Package, ...] | None = None

    @property
    def latest_ship_time(self) -> datetime | None:
        """Until when the merchant must ship."""
        window = self.fulfillment.ship_by_window if self.fulfillment else None
        return window.latest_date_time if window else None

    @property
    def latest_delivery_time(self) -> datetime | None:
        """Until when it is promised to arrive."""
        window = self.fulfillment.deliver_by_window if self.fulfillment else None
        return window.latest_date_time if window else None


def parse_order(raw: Mapping[str, Any]) -> Order:
    """Reads one order out of an answer of Amazon; `Any` because it is JSON.

    Raises:
        pydantic.ValidationError: a field that Amazon always sends is missing, or a value is of
            another kind than the API's model says.
    """
    return Order.model_validate(raw)
