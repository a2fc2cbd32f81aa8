"""Orders as Amazon reports them: Orders API 2026-01-01, parsed once into frozen records.

What holds for all records is said in `item_records`.

Source: selling-partner-api-models, orders_2026-01-01.json, read 2026-11-20.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from saleor_amazon_app.amazon.item_records import (
    STORABLE,
    Breakdown,
    Moment,
    MoneyRecord,
    OrderItem,
    Quantity,
    Record,
    Text,
)
from saleor_amazon_app.core.ids import AmazonOrderId, MarketplaceId, OrderItemId

FULFILLED_BY_AMAZON = "AMAZON"
FULFILLED_BY_MERCHANT = "MERCHANT"


class TimeWindow(Record):
    """From when until when."""

    earliest_date_time: Moment | None = None
    latest_date_time: Moment | None = None


class SalesChannel(Record):
    """Where it was sold; NON_AMAZON is a multi-channel fulfilment, which is not a sale."""

    channel_name: Text
    marketplace_id: Annotated[MarketplaceId, STORABLE] | None = None
    marketplace_name: Text | None = None


class AssociatedOrder(Record):
    """Another order this one belongs to, such as the one it replaces."""

    order_id: Annotated[AmazonOrderId, STORABLE] | None = None
    association_type: Text | None = None


class Buyer(Record):
    """Who bought; personal data."""

    buyer_name: Text | None = None
    buyer_email: Text | None = None
    buyer_company_name: Text | None = None
    buyer_purchase_order_number: Text | None = None


class ExtendedFields(Record):
    """The parts of a Brazilian street address; personal data."""

    street_name: Text | None = None
    street_number: Text | None = None
    complement: Text | None = None
    neighborhood: Text | None = None


class DeliveryAddress(Record):
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


class DeliveryPreference(Record):
    """What the buyer asks of the carrier; personal data."""

    drop_off_location: Text | None = None
    address_instruction: Text | None = None


class Recipient(Record):
    """Who receives; personal data."""

    delivery_address: DeliveryAddress | None = None
    delivery_preference: DeliveryPreference | None = None


class OrderProceeds(Record):
    """What the order brings; its breakdowns repeat those of the items, but for DELIVERY_TIP."""

    grand_total: MoneyRecord | None = None
    breakdowns: tuple[Breakdown, ...] | None = None


class OrderFulfillment(Record):
    """How far the order is and who fulfils it; only sent when FULFILLMENT is asked for."""

    fulfillment_status: Text
    fulfilled_by: Text | None = None
    fulfillment_service_level: Text | None = None
    ship_by_window: TimeWindow | None = None
    deliver_by_window: TimeWindow | None = None


class TaxRegistration(Record):
    """A tax number of one of the parties; personal data when it is the buyer's."""

    entity_type: Text | None = None
    legal_name: Text | None = None
    tax_registration_type: Text | None = None
    tax_registration_number: Text | None = None


class OrderTax(Record):
    """Tax registrations of the order."""

    tax_registrations: tuple[TaxRegistration, ...] | None = None


class PackageStatus(Record):
    """How far a parcel is, at Amazon."""

    status: Text


class PackageItem(Record):
    """Units of one item in a parcel."""

    order_item_id: Annotated[OrderItemId, STORABLE]
    quantity: Quantity


class Package(Record):
    """A parcel that was confirmed to Amazon; only for orders the merchant fulfils."""

    package_reference_id: Text
    created_time: Moment | None = None
    package_status: PackageStatus | None = None
    carrier: Text | None = None
    ship_time: Moment | None = None
    shipping_service: Text | None = None
    tracking_number: Text | None = None
    package_items: tuple[PackageItem, ...] | None = None


class Order(Record):
    """One Amazon order."""

    order_id: Annotated[AmazonOrderId, STORABLE, Field(min_length=1, max_length=250)]
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
