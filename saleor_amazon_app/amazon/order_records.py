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


def _storable(text: str) -> str:
    """The text without what no database and no host takes: NUL and halves of surrogate pairs.

    One such character would fail the whole page or batch that the order is part of.
    """
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "").encode(errors="ignore").decode()


_STORABLE = AfterValidator(_storable)
Text = Annotated[str, _STORABLE]
Moment = Annotated[AwareDatetime, AfterValidator(as_utc)]
# No amount of an order is longer, and neither the host nor the ledger keeps a longer one.
Amount = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=16)]
Quantity = Annotated[int, Field(ge=0, le=1_000_000)]

FULFILLED_BY_AMAZON = "AMAZON"
FULFILLED_BY_MERCHANT = "MERCHANT"


class _Record(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        alias_generator=to_camel,
        populate_by_name=True,
        hide_input_in_errors=True,
    )


class MoneyRecord(_Record):
    """An amount; Amazon sends it as a decimal string ("5980" for yen)."""

    amount: Amount
    currency_code: Annotated[Text, Field(min_length=3, max_length=3)]


class TimeWindow(_Record):
    """From when until when."""

    earliest_date_time: Moment | None = None
    latest_date_time: Moment | None = None


class SalesChannel(_Record):
    """Where it was sold; NON_AMAZON is a multi-channel fulfilment, which is not a sale."""

    channel_name: Text
    marketplace_id: Annotated[MarketplaceId, _STORABLE] | None = None
    marketplace_name: Text | None = None


class AssociatedOrder(_Record):
    """Another order this one belongs to, such as the one it replaces."""

    order_id: Annotated[AmazonOrderId, _STORABLE] | None = None
    association_type: Text | None = None


class Buyer(_Record):
    """Who bought; personal data."""

    buyer_name: Text | None = None
    buyer_email: Text | None = None
    buyer_company_name: Text | None = None
    buyer_purchase_order_number: Text | None = None


class ExtendedFields(_Record):
    """The parts of a Brazilian street address; personal data."""

    street_name: Text | None = None
    street_number: Text | None = None
    complement: Text | None = None
    neighborhood: Text | None = None


class DeliveryAddress(_Record):
    """Where it goes; personal data except city, state and country."""

    name: Text | None = None
    company_name: Text | None = None
    address_line1: Text | None = None
    address_line2: Text | None = None
    address_line3: Text | None = None
    city: Text | None = None
    district_or_county: Text | None = None
    state_or_region: Text | None = None
    municipality: Text | None = None
    postal_code: Text | None = None
    country_code: Text | None = None
    phone: Text | None = None
    extended_fields: ExtendedFields | None = None
    address_type: Text | None = None


class DeliveryPreference(_Record):
    """What the buyer asks of the carrier; personal data."""

    drop_off_location: Text | None = None
    address_instruction: Text | None = None


class Recipient(_Record):
    """Who receives; personal data."""

    delivery_address: DeliveryAddress | None = None
    delivery_preference: DeliveryPreference | None = None


class DetailedBreakdown(_Record):
    """A part of TAX or DISCOUNT that belongs to one kind of proceeds."""

    subtype: Text | None = None
    value: MoneyRecord | None = None


class Breakdown(_Record):
    """One kind of proceeds.

    Attributes:
        status: only for what is charged after checkout (DELIVERY_TIP): PENDING or FINALIZED.
    """

    type: Text
    status: Text | None = None
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

    fulfillment_status: Text
    fulfilled_by: Text | None = None
    fulfillment_service_level: Text | None = None
    ship_by_window: TimeWindow | None = None
    deliver_by_window: TimeWindow | None = None


class TaxRegistration(_Record):
    """A tax number of one of the parties; personal data when it is the buyer's."""

    entity_type: Text | None = None
    legal_name: Text | None = None
    tax_registration_type: Text | None = None
    tax_registration_number: Text | None = None


class OrderTax(_Record):
    """Tax registrations of the order."""

    tax_registrations: tuple[TaxRegistration, ...] | None = None


class PackageStatus(_Record):
    """How far a parcel is, at Amazon."""

    status: Text


class PackageItem(_Record):
    """Units of one item in a parcel."""

    order_item_id: Annotated[OrderItemId, _STORABLE]
    quantity: Quantity


class Package(_Record):
    """A parcel that was confirmed to Amazon; only for orders the merchant fulfils."""

    package_reference_id: Text
    created_time: Moment | None = None
    package_status: PackageStatus | None = None
    carrier: Text | None = None
    ship_time: Moment | None = None
    shipping_service: Text | None = None
    tracking_number: Text | None = None
    package_items: tuple[PackageItem, ...] | None = None


class Measurement(_Record):
    """Goods sold by weight or length rather than by count."""

    unit: Text
    value: Decimal


class Price(_Record):
    """The price of one unit as displayed in the shop."""

    unit_price: MoneyRecord | None = None


class Condition(_Record):
    """New, used and so on."""

    condition_type: Text | None = None
    condition_subtype: Text | None = None
    condition_note: Text | None = None


class Customization(_Record):
    """What the buyer had made to order; personal data."""

    customized_url: Text | None = None


class Product(_Record):
    """What was bought; no field is certain, not even the seller's SKU."""

    asin: Text | None = None
    title: Text | None = None
    seller_sku: Annotated[SellerSku, _STORABLE] | None = None
    condition: Condition | None = None
    price: Price | None = None
    customization: Customization | None = None


class CancellationRequest(_Record):
    """A wish to cancel; the order stays as it is until the seller acts."""

    requester: Text | None = None
    cancel_reason: Text | None = None


class CancellationExecution(_Record):
    """A cancellation that happened."""

    cancelled_by: Text | None = None
    cancel_reason: Text | None = None


class ItemCancellation(_Record):
    """Wishes to cancel an item and cancellations of it."""

    cancellation_request: CancellationRequest | None = None
    cancellation_execution: CancellationExecution | None = None


class SubstitutionPreference(_Record):
    """What the buyer takes instead (groceries)."""

    substitution_type: Text


class Picking(_Record):
    """Rules for picking."""

    substitution_preference: SubstitutionPreference | None = None


class GiftOption(_Record):
    """Gift wrap and message; the message is personal data."""

    gift_message: Text | None = None
    gift_wrap_level: Text | None = None


class Packing(_Record):
    """Rules for packing."""

    gift_option: GiftOption | None = None


class InternationalShipping(_Record):
    """What customs needs."""

    ioss_number: Text | None = None


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

    reporting_scheme: Text | None = None


class TaxCollection(_Record):
    """Who collects and remits the tax: MARKETPLACE_FACILITATOR means Amazon does."""

    model: Text | None = None
    responsible_party: Text | None = None


class ItemTax(_Record):
    """How the tax of an item is reported and collected."""

    tax_calculation_breakdowns: tuple[TaxCalculation, ...] | None = None
    tax_collections: tuple[TaxCollection, ...] | None = None


class OrderItem(_Record):
    """One item of an order.

    Attributes:
        proceeds: totals of the whole quantity, not of one unit.
    """

    order_item_id: Annotated[OrderItemId, _STORABLE]
    quantity_ordered: Quantity
    measurement: Measurement | None = None
    programs: tuple[Text, ...] | None = None
    product: Product
    proceeds: ItemProceeds | None = None
    cancellation: ItemCancellation | None = None
    fulfillment: ItemFulfillment | None = None
    tax: ItemTax | None = None


class Order(_Record):
    """One Amazon order."""

    order_id: Annotated[AmazonOrderId, _STORABLE, Field(min_length=1, max_length=250)]
    created_time: Moment
    last_updated_time: Moment
    programs: tuple[Text, ...] | None = None
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
    def replaced_orders(self) -> tuple[AmazonOrderId, ...]:
        """The orders that this one replaces or was exchanged for."""
        return tuple(
            other.order_id
            for other in self.associated_orders or ()
            if other.order_id
            and (other.association_type or "").startswith(("REPLACEMENT", "EXCHANGE"))
        )

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
