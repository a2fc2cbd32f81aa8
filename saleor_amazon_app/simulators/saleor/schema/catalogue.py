"""What the shop sells, from where, and how it ships: channels, warehouses, zones, variants.

Names and nullability follow the host's schema; what only the simulator needs is private.
"""

from dataclasses import field
from datetime import datetime
from decimal import Decimal

import strawberry

from saleor_amazon_app.simulators.saleor.schema.access import Info, require, require_anybody
from saleor_amazon_app.simulators.saleor.schema.basics import (
    CountryDisplay,
    Money,
    ObjectWithMetadata,
    PageInfo,
    Weight,
    page,
)
from saleor_amazon_app.simulators.saleor.schema.people import Address
from saleor_amazon_app.simulators.saleor.schema.words import (
    AllocationStrategyEnum,
    CountryCode,
    PostalCodeRuleInclusionTypeEnum,
    ShippingMethodTypeEnum,
)


@strawberry.type
class Warehouse(ObjectWithMetadata):
    """Where stock lies."""

    id: strawberry.ID
    name: str
    slug: str
    address: Address
    email: str = ""
    external_reference: str | None = None

    def keeper(self) -> str:
        """Warehouses are looked after with the permission for products."""
        return "MANAGE_PRODUCTS"


@strawberry.type
class TaxClass(ObjectWithMetadata):
    """A tax class; the simulated shop has no rates."""

    id: strawberry.ID
    name: str


@strawberry.type
class OrderSettings:
    """What a channel does with new orders."""

    automatically_confirm_all_new_orders: bool


@strawberry.type
class StockSettings:
    """How a channel picks the warehouse."""

    allocation_strategy: AllocationStrategyEnum


@strawberry.type
class Channel(ObjectWithMetadata):
    """A sales channel, its warehouses in the order stock is taken from them."""

    id: strawberry.ID
    slug: str
    name: str
    is_active: bool
    currency_code: str
    default_country: CountryDisplay
    stock_settings: StockSettings
    order_settings: OrderSettings
    warehouses: list[Warehouse]
    zones: strawberry.Private[list["ShippingZone"]] = field(default_factory=list)

    @strawberry.field
    def available_shipping_methods_per_country(
        self, countries: list[CountryCode] | None = None
    ) -> list["ShippingMethodsPerCountry"] | None:
        """What is priced in this channel, country by country; limits are not looked at."""
        codes = [each.name for each in countries or ()] or sorted(
            {code for zone in self.zones for code in zone.codes}
        )
        return [
            ShippingMethodsPerCountry(
                country_code=CountryCode[code], shipping_methods=self.methods_to(code)
            )
            for code in codes
        ]

    def methods_to(self, country: str) -> list["ShippingMethod"]:
        """The methods of the zones that contain the country."""
        return [
            method.offered[self.slug]
            for zone in self.zones
            if country in zone.codes
            for method in zone.methods
            if self.slug in method.offered
        ]


@strawberry.type
class ShippingMethod(ObjectWithMetadata):
    """A shipping method as an order of one channel sees it."""

    id: strawberry.ID
    name: str
    type: ShippingMethodTypeEnum | None
    price: Money
    minimum_order_price: Money | None
    maximum_order_price: Money | None
    minimum_order_weight: Weight | None
    maximum_order_weight: Weight | None
    active: bool = True
    message: str | None = None


@strawberry.type
class ShippingMethodsPerCountry:
    """What ships to a country."""

    country_code: CountryCode
    shipping_methods: list[ShippingMethod] | None


@strawberry.type
class ShippingMethodPostalCodeRule:
    """A range of postal codes that a method serves, or does not."""

    id: strawberry.ID
    start: str | None
    end: str | None
    inclusion_type: PostalCodeRuleInclusionTypeEnum | None


@strawberry.type
class ShippingMethodChannelListing:
    """Price and limits of a method in a channel."""

    id: strawberry.ID
    channel: Channel
    price: Money | None
    minimum_order_price: Money | None
    maximum_order_price: Money | None


@strawberry.type
class ShippingMethodType(ObjectWithMetadata):
    """A shipping method as the shop's settings know it.

    Attributes:
        offered: per channel slug, the method as orders see it.
    """

    id: strawberry.ID
    name: str
    type: ShippingMethodTypeEnum | None
    channel_listings: list[ShippingMethodChannelListing] | None
    postal_code_rules: list[ShippingMethodPostalCodeRule] | None
    minimum_order_weight: Weight | None
    maximum_order_weight: Weight | None
    zone: strawberry.Private["ShippingZone"]
    excluded: strawberry.Private[list["Product"]] = field(default_factory=list)
    offered: strawberry.Private[dict[str, ShippingMethod]] = field(default_factory=dict)

    @strawberry.field
    def excluded_products(
        self, first: int | None = None, after: str | None = None
    ) -> "ProductCountableConnection | None":
        """Products that this method does not carry."""
        nodes, info = page(self.excluded, name="excludedProducts", first=first, after=after)
        return ProductCountableConnection(
            page_info=info, edges=[ProductCountableEdge(node=node) for node in nodes]
        )

    def keeper(self) -> str:
        """Shipping is looked after with its own permission."""
        return "MANAGE_SHIPPING"


@strawberry.type
class ShippingZone(ObjectWithMetadata):
    """Countries, and what ships there from which warehouses."""

    id: strawberry.ID
    name: str
    default: bool
    countries: list[CountryDisplay]
    warehouses: list[Warehouse]
    channels: list[Channel]
    methods: strawberry.Private[list[ShippingMethodType]] = field(default_factory=list)
    codes: strawberry.Private[frozenset[str]]

    @strawberry.field
    def shipping_methods(self) -> list[ShippingMethodType] | None:
        """The zone's methods."""
        return self.methods

    def keeper(self) -> str:
        """Shipping is looked after with its own permission."""
        return "MANAGE_SHIPPING"


@strawberry.type
class PreorderData:
    """Present on variants that are sold before they exist."""

    global_threshold: int | None
    end_date: datetime | None


@strawberry.type
class ProductChannelListing:
    """Whether a product can be seen and bought in a channel."""

    id: strawberry.ID
    channel: Channel
    is_published: bool
    published_at: datetime | None
    visible_in_listings: bool
    available_for_purchase_at: datetime | None

    @strawberry.field
    def is_available_for_purchase(self, info: Info) -> bool | None:
        """Whether it can be bought now."""
        return self.sold_at(info.context.shop.clock())

    def sold_at(self, moment: datetime) -> bool:
        """Whether it can be bought at that moment."""
        return self.available_for_purchase_at is not None and (
            self.available_for_purchase_at <= moment
        )

    def shown_at(self, moment: datetime) -> bool:
        """Whether it is published at that moment; no date means it always was."""
        return self.is_published and (self.published_at is None or self.published_at <= moment)


@strawberry.type
class Product(ObjectWithMetadata):
    """A product."""

    id: strawberry.ID
    name: str
    slug: str
    listings: strawberry.Private[list[ProductChannelListing]]

    @strawberry.field
    def channel_listings(self, info: Info) -> list[ProductChannelListing] | None:
        """Where the product is listed."""
        require_anybody(info)
        return self.listings

    def keeper(self) -> str:
        """Products are looked after with their own permission."""
        return "MANAGE_PRODUCTS"


@strawberry.type
class ProductCountableEdge:
    """One product of a page."""

    node: Product


@strawberry.type
class ProductCountableConnection:
    """A page of products."""

    page_info: PageInfo
    edges: list[ProductCountableEdge]


@strawberry.type
class ProductVariantChannelListing:
    """The price of a variant in a channel; without one it cannot be bought there."""

    id: strawberry.ID
    channel: Channel
    price: Money | None


@strawberry.type
class Stock:
    """How many of a variant lie in a warehouse, and how many of them are spoken for."""

    id: strawberry.ID
    warehouse: Warehouse
    product_variant: "ProductVariant"
    on_hand: strawberry.Private[int]
    allocated: strawberry.Private[int] = 0

    @strawberry.field
    def quantity(self, info: Info) -> int:
        """What lies there."""
        require(info, "MANAGE_PRODUCTS", "MANAGE_ORDERS")
        return self.on_hand

    @strawberry.field
    def quantity_allocated(self, info: Info) -> int:
        """What orders have a claim on."""
        require(info, "MANAGE_PRODUCTS", "MANAGE_ORDERS")
        return self.allocated

    @strawberry.field
    def quantity_reserved(self, info: Info) -> int:
        """What carts hold; the simulated shop has no carts."""
        require(info, "MANAGE_PRODUCTS", "MANAGE_ORDERS")
        return 0

    @property
    def free(self) -> int:
        """What nobody has a claim on."""
        return self.on_hand - self.allocated


@strawberry.type
class ProductVariant(ObjectWithMetadata):
    """What an order line names."""

    id: strawberry.ID
    name: str
    sku: str | None
    product: Product
    track_inventory: bool
    preorder: PreorderData | None
    weight: Weight | None = None
    external_reference: str | None = None
    listings: strawberry.Private[list[ProductVariantChannelListing]]
    kept: strawberry.Private[list[Stock]] = field(default_factory=list)

    @strawberry.field
    def channel_listings(self, info: Info) -> list[ProductVariantChannelListing] | None:
        """Where the variant has a price."""
        require_anybody(info)
        return self.listings

    @strawberry.field
    def stocks(self, info: Info) -> list[Stock] | None:
        """What lies where, all warehouses of the shop."""
        require(info, "MANAGE_PRODUCTS", "MANAGE_ORDERS")
        return self.kept

    def preordered_at(self, moment: datetime) -> bool:
        """Whether it is still sold before it exists."""
        return self.preorder is not None and (
            self.preorder.end_date is None or self.preorder.end_date > moment
        )

    def keeper(self) -> str:
        """Products are looked after with their own permission."""
        return "MANAGE_PRODUCTS"


def priced(amount: Decimal | None, currency: str) -> Money | None:
    """An optional amount as money."""
    return None if amount is None else Money(value=amount, currency=currency)
