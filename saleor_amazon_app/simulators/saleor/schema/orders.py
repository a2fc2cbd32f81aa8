"""Orders and what hangs on them: lines, allocations, fulfilments, transactions, the timeline.

Names and nullability follow the host's schema; what only the simulator needs is private.
"""

from dataclasses import field
from datetime import datetime
from decimal import Decimal
from typing import Annotated

import strawberry

from saleor_amazon_app.core.money import ZERO
from saleor_amazon_app.simulators.saleor.schema.access import Info, require
from saleor_amazon_app.simulators.saleor.schema.basics import (
    Money,
    ObjectWithMetadata,
    TaxedMoney,
    Weight,
    taxed,
)
from saleor_amazon_app.simulators.saleor.schema.catalogue import (
    Channel,
    ProductVariant,
    ShippingMethod,
    ShippingMethodType,
    Stock,
    TaxClass,
    Warehouse,
)
from saleor_amazon_app.simulators.saleor.schema.people import Address, App, User, UserOrApp
from saleor_amazon_app.simulators.saleor.schema.words import (
    FulfillmentStatus,
    LanguageCodeEnum,
    OrderChargeStatusEnum,
    OrderEventsEnum,
    OrderGrantedRefundStatusEnum,
    OrderOriginEnum,
    OrderStatus,
    TransactionActionEnum,
    TransactionEventTypeEnum,
)

DeliveryMethod = Annotated[Warehouse | ShippingMethod, strawberry.union(name="DeliveryMethod")]


@strawberry.type
class Allocation:
    """Units of a line that a warehouse keeps for it."""

    id: strawberry.ID
    quantity: int
    stock: strawberry.Private[Stock]

    @strawberry.field
    def warehouse(self) -> Warehouse:
        """Which warehouse keeps them."""
        return self.stock.warehouse


@strawberry.type
class OrderLine(ObjectWithMetadata):
    """What was bought, at the price that was given."""

    id: strawberry.ID
    product_name: str
    variant_name: str
    product_sku: str | None
    product_variant_id: str | None
    is_shipping_required: bool
    quantity: int
    quantity_fulfilled: int = 0
    tax_rate: float
    unit_price: TaxedMoney
    undiscounted_unit_price: TaxedMoney
    total_price: TaxedMoney
    undiscounted_total_price: TaxedMoney
    unit_discount: Money
    unit_discount_reason: str | None
    base_price: strawberry.Private[Decimal]
    variant: ProductVariant | None
    tax_class: TaxClass | None
    tax_class_name: str | None
    kept: strawberry.Private[list[Allocation]] = field(default_factory=list)

    @strawberry.field
    def allocations(self, info: Info) -> list[Allocation] | None:
        """Which warehouses keep units for the line; one that let them go stays with 0."""
        require(info, "MANAGE_PRODUCTS", "MANAGE_ORDERS")
        return self.kept

    @strawberry.field
    def quantity_to_fulfill(self) -> int:
        """Units that have neither left nor been returned."""
        return self.open

    @property
    def open(self) -> int:
        """Units that have neither left nor been returned; the host counts both as fulfilled."""
        return self.quantity - self.quantity_fulfilled


@strawberry.type
class FulfillmentLine:
    """Units of a line in a parcel."""

    id: strawberry.ID
    quantity: int
    order_line: OrderLine | None
    stock: strawberry.Private[Stock | None] = None


@strawberry.type
class Fulfillment(ObjectWithMetadata):
    """A parcel, or a return.

    Attributes:
        by_staff: False when an app made it, or it came with the order.
    """

    id: strawberry.ID
    fulfillment_order: int
    status: FulfillmentStatus
    tracking_number: str
    created: datetime
    lines: list[FulfillmentLine] | None
    order: strawberry.Private["Order"]
    by_staff: strawberry.Private[bool] = False

    @strawberry.field
    def warehouse(self) -> Warehouse | None:
        """Where it left from; unknown for imported parcels."""
        stock = self.lines[0].stock if self.lines else None
        return stock.warehouse if stock else None


@strawberry.type
class OrderGrantedRefundLine:
    """Units of a line that are refunded."""

    id: strawberry.ID
    quantity: int
    order_line: OrderLine


@strawberry.type
class OrderGrantedRefund:
    """What staff mean to give back; money moves only when it is requested."""

    id: strawberry.ID
    created_at: datetime
    updated_at: datetime
    amount: Money
    reason: str | None
    user: User | None
    app: App | None
    shipping_costs_included: bool
    lines: list[OrderGrantedRefundLine] | None
    status: OrderGrantedRefundStatusEnum
    transaction: "TransactionItem | None"


@strawberry.type
class TransactionEvent:
    """Something that happened to the money.

    Attributes:
        counts: False for a request that no app took, and for what the host only noted because an
            app did not cope or its report was refused.
        granted_refund: what it is about, where staff granted it first.
    """

    id: strawberry.ID
    created_at: datetime
    psp_reference: str
    message: str
    external_url: str
    amount: Money
    type: TransactionEventTypeEnum | None
    created_by: UserOrApp | None
    counts: strawberry.Private[bool] = True
    granted_refund: strawberry.Private[OrderGrantedRefund | None] = None


@strawberry.type
class TransactionItem(ObjectWithMetadata):
    """Money that moved outside the host.

    Attributes:
        sums: what the events add up to, by the name of the amount.
    """

    id: strawberry.ID
    created_at: datetime
    modified_at: datetime
    actions: list[TransactionActionEnum]
    name: str
    message: str
    psp_reference: str
    external_url: str
    created_by: UserOrApp | None
    order: "Order | None"
    sums: strawberry.Private[dict[str, Decimal]] = field(default_factory=dict)
    log: strawberry.Private[list[TransactionEvent]] = field(default_factory=list)
    currency: strawberry.Private[str]

    @strawberry.field
    def authorized_amount(self) -> Money:
        """Promised and not yet taken."""
        return self._sum("authorized")

    @strawberry.field
    def charged_amount(self) -> Money:
        """Taken and still ours."""
        return self._sum("charged")

    @strawberry.field
    def refunded_amount(self) -> Money:
        """Given back."""
        return self._sum("refunded")

    @strawberry.field
    def refund_pending_amount(self) -> Money:
        """Asked to be given back, not answered yet."""
        return self._sum("refund_pending")

    @strawberry.field
    def canceled_amount(self) -> Money:
        """Promised and let go."""
        return self._sum("canceled")

    @strawberry.field
    def events(self) -> list[TransactionEvent]:
        """What happened, newest first."""
        return sorted(reversed(self.log), key=lambda event: event.created_at, reverse=True)

    def keeper(self) -> str:
        """Payments are looked after with their own permission."""
        return "HANDLE_PAYMENTS"

    def _sum(self, name: str) -> Money:
        return Money(value=self.sums.get(name, ZERO), currency=self.currency)


@strawberry.type
class OrderEvent:
    """A line of the order's timeline."""

    id: strawberry.ID
    date: datetime | None
    type: OrderEventsEnum | None
    message: str | None = None
    app: App | None = None


@strawberry.type
class Order(ObjectWithMetadata):
    """An order.

    Attributes:
        email: as stored; empty where the order has none, which the wire shows as null.
        method: the chosen method; its zone and limits decide whether the draft can be completed.
        gross: total with tax; net: total without; both contain shipping.
        seeded: True for orders that were there before any app came.
    """

    id: strawberry.ID
    number: str
    status: OrderStatus
    created: datetime
    updated_at: datetime
    channel: Channel
    origin: OrderOriginEnum
    external_reference: str | None
    lines: list[OrderLine]
    user: User | None
    billing_address: Address | None
    shipping_address: Address | None
    shipping_method_name: str | None
    shipping_price: TaxedMoney
    shipping_tax_rate: float
    shipping_tax_class: TaxClass | None
    subtotal: TaxedMoney
    total: TaxedMoney
    undiscounted_total: TaxedMoney
    charge_status: OrderChargeStatusEnum
    customer_note: str
    language_code_enum: LanguageCodeEnum
    weight: Weight
    fulfillments: list[Fulfillment] = field(default_factory=list)
    transactions: list[TransactionItem] = field(default_factory=list)
    granted: strawberry.Private[list[OrderGrantedRefund]] = field(default_factory=list)
    timeline: strawberry.Private[list[OrderEvent]] = field(default_factory=list)
    email: strawberry.Private[str]
    method: strawberry.Private[ShippingMethodType | None]
    seeded: strawberry.Private[bool] = False

    @strawberry.field
    def user_email(self) -> str | None:
        """Whom the host mails."""
        return self.user.email if self.user else self.email or None

    @strawberry.field
    def is_paid(self) -> bool:
        """Whether all of the total was taken."""
        return self.paid

    @strawberry.field
    def is_shipping_required(self) -> bool:
        """Whether any line has to be shipped."""
        return self.ships

    @strawberry.field
    def total_charged(self) -> Money:
        """What was taken, over all transactions."""
        return Money(value=self.charged, currency=self.currency)

    @strawberry.field
    def total_balance(self) -> Money:
        """What was taken less what is owed."""
        return Money(value=self.charged - self.total.gross.value, currency=self.currency)

    @strawberry.field
    def delivery_method(self) -> DeliveryMethod | None:
        """How it ships."""
        return self._offered()

    @strawberry.field
    def shipping_method(self) -> ShippingMethod | None:
        """How it ships, by its older name."""
        return self._offered()

    @strawberry.field
    def shipping_methods(self) -> list[ShippingMethod]:
        """Every method that ships to the order's address in its channel."""
        address = self.shipping_address
        return self.channel.methods_to(address.country.code) if address else []

    @strawberry.field
    def granted_refunds(self, info: Info) -> list[OrderGrantedRefund]:
        """What staff meant to give back, oldest first."""
        require(info, "MANAGE_ORDERS")
        return self.granted

    @strawberry.field
    def events(self, info: Info) -> list[OrderEvent]:
        """The timeline, oldest first."""
        require(info, "MANAGE_ORDERS")
        return self.timeline

    @property
    def currency(self) -> str:
        """The order's currency, as it was sent."""
        return self.total.currency

    @property
    def charged(self) -> Decimal:
        """What was taken, over all transactions."""
        return sum((each.sums.get("charged", ZERO) for each in self.transactions), ZERO)

    @property
    def paid(self) -> bool:
        """Whether all of the total was taken."""
        return self.charged >= self.total.gross.value

    @property
    def ships(self) -> bool:
        """Whether any line has to be shipped."""
        return any(line.is_shipping_required for line in self.lines)

    def add_up(self) -> None:
        """Makes subtotal and totals follow from the lines and the shipping price."""
        gross = sum((line.total_price.gross.value for line in self.lines), ZERO)
        net = sum((line.total_price.net.value for line in self.lines), ZERO)
        full = [line.undiscounted_total_price for line in self.lines]
        shipping = self.shipping_price
        self.subtotal = taxed(gross, net, self.currency)
        self.total = taxed(gross + shipping.gross.value, net + shipping.net.value, self.currency)
        self.undiscounted_total = taxed(
            sum((each.gross.value for each in full), ZERO) + shipping.gross.value,
            sum((each.net.value for each in full), ZERO) + shipping.net.value,
            self.currency,
        )

    def _offered(self) -> ShippingMethod | None:
        return self.method.offered.get(self.channel.slug) if self.method else None
