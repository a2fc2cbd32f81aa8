"""What a merchant chose for a store: the settings page as one value.

The JSON form (camelCase keys) is what `stores --json` prints and `preview --settings` reads.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from saleor_amazon_app.core.ids import ChannelSlug, MarketplaceId


class ImportAmazonOrders(StrEnum):
    """Whether Amazon orders become host orders at all."""

    ENABLED = "ENABLED"
    DISABLED = "DISABLED"


class FbaOrders(StrEnum):
    """What becomes of orders that Amazon itself fulfils."""

    IMPORT_WHEN_SHIPPED = "IMPORT_WHEN_SHIPPED"
    DO_NOT_IMPORT = "DO_NOT_IMPORT"


class Customer(StrEnum):
    """Whose order it is in the host."""

    GUEST = "GUEST"
    CREATE_OR_REUSE = "CREATE_OR_REUSE"


class BuyerEmail(StrEnum):
    """Which e-mail address the host order carries, and so whom the host can mail to."""

    NONE = "NONE"
    UNDELIVERABLE = "UNDELIVERABLE"
    AMAZON_ALIAS = "AMAZON_ALIAS"


class OrderNumber(StrEnum):
    """Which number our screens, notes and exports lead with; the host numbers orders itself."""

    HOST = "HOST"
    AMAZON = "AMAZON"


class NewOrderStatus(StrEnum):
    """What to do where the channel does not confirm new orders by itself."""

    UNCONFIRMED = "UNCONFIRMED"
    CONFIRMED = "CONFIRMED"


class PendingOrders(StrEnum):
    """Whether stock is held for orders whose payment Amazon still verifies."""

    DO_NOT_RESERVE = "DO_NOT_RESERVE"
    RESERVE = "RESERVE"


class UnknownSku(StrEnum):
    """What becomes of an item whose SKU no variant of the shop has."""

    HOLD = "HOLD"
    PLACEHOLDER = "PLACEHOLDER"


class CancelReason(StrEnum):
    """Why an order is cancelled, in the words Seller Central offers; the values are Amazon's."""

    NO_INVENTORY = "NoInventory"
    BUYER_CANCELED = "BuyerCanceled"
    GENERAL_ADJUSTMENT = "GeneralAdjustment"
    SHIPPING_ADDRESS_UNDELIVERABLE = "ShippingAddressUndeliverable"
    CUSTOMER_EXCHANGE = "CustomerExchange"
    PRICING_ERROR = "PricingError"


class RefundReason(StrEnum):
    """Why money goes back, in Amazon's words."""

    CUSTOMER_RETURN = "CustomerReturn"
    NO_INVENTORY = "NoInventory"
    GENERAL_ADJUSTMENT = "GeneralAdjustment"
    COULD_NOT_SHIP = "CouldNotShip"
    DIFFERENT_ITEM = "DifferentItem"
    CUSTOMER_CANCEL = "CustomerCancel"
    PRICE_ERROR = "PriceError"
    EXCHANGE = "Exchange"
    UNDELIVERABLE = "Undeliverable"
    REFUSED_DELIVERY = "RefusedDelivery"
    OTHER = "Other"


class _Frozen(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True
    )


class ImportInto(_Frozen):
    """Where orders of one marketplace go.

    Attributes:
        channel: slug of the Saleor channel; None while the merchant has not chosen one.
    """

    channel: ChannelSlug | None = None


class Period(_Frozen):
    """A time in which importing was switched off.

    Attributes:
        end: None while it lasts.
    """

    begin: AwareDatetime
    end: AwareDatetime | None = None

    def holds(self, moment: datetime) -> bool:
        """Whether the moment lies in it."""
        return self.begin <= moment and (self.end is None or moment < self.end)


class Choices(_Frozen):
    """The settings of a store; every default is the first value of the settings page.

    Attributes:
        import_into: per marketplace; a marketplace that is missing has no channel yet.
        import_orders_since: orders bought before are listed but not imported (the moment the
            store was connected, or the start of a backfill); None imports all.
        import_was_off: when importing was switched off; what was bought then stays unimported.
        fba_warehouse: slug of the warehouse shown on FBA orders; its stock is never touched.
        placeholder_sku: the variant that stands in for unknown SKUs when chosen.
        longest_reservation_hours: how long a pending order may hold stock.
        shipping_methods: Amazon service level (`STANDARD`, …) to Saleor shipping method name or
            id; a level that is missing takes the first method that serves the country.
        carriers: Saleor carrier or shipping method name to Amazon carrier code.
        cancel_reason: why an order that staff cancel is cancelled at Amazon, unless the order
            says so itself; the buyer is only named while the buyer asks for it.
        refund_reason: why money goes back.
        tax_rates: country code to rate (`"DE": "0.19"`), used where Amazon reports no tax
            although the price contains it; a country that is missing is imported net = gross
            and marked as tax unknown.
    """

    import_amazon_orders: ImportAmazonOrders = ImportAmazonOrders.ENABLED
    import_into: dict[MarketplaceId, ImportInto] = Field(default_factory=dict)
    import_orders_since: AwareDatetime | None = None
    import_was_off: tuple[Period, ...] = ()
    fba_warehouse: str | None = None
    fba_orders: FbaOrders = FbaOrders.IMPORT_WHEN_SHIPPED
    customer: Customer = Customer.GUEST
    buyer_email: BuyerEmail = BuyerEmail.NONE
    order_number: OrderNumber = OrderNumber.HOST
    new_order_status: NewOrderStatus = NewOrderStatus.UNCONFIRMED
    pending_orders: PendingOrders = PendingOrders.DO_NOT_RESERVE
    longest_reservation_hours: Annotated[int, Field(ge=1, le=336)] = 72
    unknown_sku: UnknownSku = UnknownSku.HOLD
    placeholder_sku: str | None = None
    sync_every_minutes: Annotated[int, Field(ge=5, le=1440)] = 5
    shipping_methods: dict[str, str] = Field(default_factory=dict)
    carriers: dict[str, str] = Field(default_factory=dict)
    cancel_reason: CancelReason = CancelReason.NO_INVENTORY
    refund_reason: RefundReason = RefundReason.CUSTOMER_RETURN
    tax_rates: dict[str, Annotated[Decimal, Field(ge=0, lt=1)]] = Field(default_factory=dict)

    def wants(self, bought: datetime) -> bool:
        """Tells whether an order bought at that moment is new enough to be imported."""
        return self.import_orders_since is None or bought >= self.import_orders_since

    def was_off(self, bought: datetime) -> bool:
        """Tells whether importing was switched off when an order was bought."""
        return any(period.holds(bought) for period in self.import_was_off)

    @property
    def longest_reservation(self) -> timedelta:
        """How long a pending order may hold stock."""
        return timedelta(hours=self.longest_reservation_hours)
