"""What can be asked; a field or argument that is not simulated is not there at all."""

from collections.abc import Iterable

import strawberry
from graphql import GraphQLError

from saleor_amazon_app.simulators.saleor.ids import key_of
from saleor_amazon_app.simulators.saleor.schema.access import Info, require, require_anybody
from saleor_amazon_app.simulators.saleor.schema.basics import (
    CountryDisplay,
    country_named,
    page,
)
from saleor_amazon_app.simulators.saleor.schema.catalogue import (
    Channel,
    ProductVariant,
    Warehouse,
)
from saleor_amazon_app.simulators.saleor.schema.connections import (
    OrderCountableConnection,
    OrderCountableEdge,
    ProductVariantCountableConnection,
    ProductVariantCountableEdge,
    ShippingZoneCountableConnection,
    ShippingZoneCountableEdge,
    TaxClassCountableConnection,
    TaxClassCountableEdge,
    UserCountableConnection,
    UserCountableEdge,
    WarehouseCountableConnection,
    WarehouseCountableEdge,
)
from saleor_amazon_app.simulators.saleor.schema.inputs import (
    OrderFilterInput,
    ProductVariantFilterInput,
    ShippingZoneFilterInput,
)
from saleor_amazon_app.simulators.saleor.schema.orders import Order
from saleor_amazon_app.simulators.saleor.schema.people import App, User
from saleor_amazon_app.simulators.saleor.schema.words import CountryCode, OrderStatus


@strawberry.type(name="Shop")
class ShopSettings:
    """The shop as a whole."""

    @strawberry.field
    def name(self, info: Info) -> str:
        """What the shop is called."""
        return info.context.shop.settings.name

    @strawberry.field
    def version(self, info: Info) -> str:
        """The host's version; only for staff and apps."""
        require_anybody(info)
        return info.context.shop.settings.version

    @strawberry.field
    def schema_version(self, info: Info) -> str:
        """The version of the schema."""
        return info.context.shop.settings.schema_version

    @strawberry.field
    def countries(self) -> list[CountryDisplay]:
        """Every country there is, by name."""
        named = (country_named(code.name) for code in CountryCode)
        return sorted(named, key=lambda country: country.country)

    @strawberry.field
    def fulfillment_auto_approve(self, info: Info) -> bool:
        """Whether fulfilments need no approval."""
        require_anybody(info)
        return info.context.shop.settings.fulfillment_auto_approve

    @strawberry.field
    def fulfillment_allow_unpaid(self, info: Info) -> bool:
        """Whether unpaid orders may be fulfilled."""
        require_anybody(info)
        return info.context.shop.settings.fulfillment_allow_unpaid

    @strawberry.field
    def limit_quantity_per_checkout(self, info: Info) -> int | None:
        """How many of a product a cart may hold."""
        require(info, "MANAGE_SETTINGS")
        return info.context.shop.settings.limit_quantity_per_checkout

    @strawberry.field
    def reserve_stock_duration_anonymous_user(self, info: Info) -> int | None:
        """For how many minutes a cart holds stock."""
        require(info, "MANAGE_SETTINGS")
        return info.context.shop.settings.reserve_stock_minutes


@strawberry.type
class Query:
    """Questions."""

    @strawberry.field
    def shop(self) -> ShopSettings:
        """The shop as a whole."""
        return ShopSettings()

    @strawberry.field
    def app(self, info: Info, id: strawberry.ID | None = None) -> App | None:
        """The app that asks, or the one that staff name."""
        require_anybody(info)
        if id is None:
            return info.context.app
        wanted = _checked(id, "App")
        if info.context.app is not None and info.context.app.id != wanted:
            require(info, "MANAGE_APPS")
        apps = info.context.shop.apps.values()
        return next((app for app in apps if app.id == wanted), None)

    @strawberry.field
    def me(self, info: Info) -> User | None:
        """Who asks in person."""
        return info.context.staff

    @strawberry.field
    def channels(self, info: Info) -> list[Channel] | None:
        """All channels."""
        require_anybody(info)
        return list(info.context.shop.channels.values())

    @strawberry.field
    def channel(
        self, info: Info, id: strawberry.ID | None = None, slug: str | None = None
    ) -> Channel | None:
        """One channel."""
        require_anybody(info)
        _one_of(id=id, slug=slug)
        channels = info.context.shop.channels
        if slug:
            return channels.get(slug)
        _checked(id, "Channel")
        return next((channel for channel in channels.values() if channel.id == id), None)

    @strawberry.field
    def shipping_zones(
        self,
        info: Info,
        filter: ShippingZoneFilterInput | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> ShippingZoneCountableConnection | None:
        """Zones, all or those of some channels."""
        require(info, "MANAGE_SHIPPING")
        wanted = set((filter and filter.channels) or ())
        zones = [
            zone
            for zone in info.context.shop.zones
            if not wanted or wanted.intersection(channel.id for channel in zone.channels)
        ]
        nodes, place = page(zones, name="shippingZones", first=first, after=after)
        return ShippingZoneCountableConnection(
            page_info=place, edges=[ShippingZoneCountableEdge(node=node) for node in nodes]
        )

    @strawberry.field
    def warehouses(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> WarehouseCountableConnection | None:
        """All warehouses."""
        require(info, "MANAGE_PRODUCTS", "MANAGE_ORDERS", "MANAGE_SHIPPING")
        every = list(info.context.shop.warehouses.values())
        nodes, place = page(every, name="warehouses", first=first, after=after)
        return WarehouseCountableConnection(
            page_info=place, edges=[WarehouseCountableEdge(node=node) for node in nodes]
        )

    @strawberry.field
    def warehouse(self, info: Info, id: strawberry.ID | None = None) -> Warehouse | None:
        """One warehouse."""
        require(info, "MANAGE_PRODUCTS", "MANAGE_ORDERS", "MANAGE_SHIPPING")
        _one_of(id=id)
        return info.context.shop.warehouses.get(_checked(id, "Warehouse"))

    @strawberry.field
    def tax_classes(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> TaxClassCountableConnection | None:
        """All tax classes."""
        require_anybody(info)
        every = list(info.context.shop.tax_classes.values())
        nodes, place = page(every, name="taxClasses", first=first, after=after)
        return TaxClassCountableConnection(
            page_info=place, edges=[TaxClassCountableEdge(node=node) for node in nodes]
        )

    @strawberry.field
    def product_variants(
        self,
        info: Info,
        filter: ProductVariantFilterInput | None = None,
        ids: list[strawberry.ID] | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> ProductVariantCountableConnection | None:
        """Variants by SKU, published or not; a SKU is matched letter by letter."""
        require_anybody(info)
        found = sorted(
            _variants(info.context.shop.variants.values(), filter, ids),
            key=lambda variant: variant.sku or "",
        )
        nodes, place = page(found, name="productVariants", first=first, after=after)
        return ProductVariantCountableConnection(
            page_info=place,
            edges=[ProductVariantCountableEdge(node=node) for node in nodes],
            total_count=len(found),
        )

    @strawberry.field
    def product_variant(
        self,
        info: Info,
        id: strawberry.ID | None = None,
        sku: str | None = None,
        external_reference: str | None = None,
    ) -> ProductVariant | None:
        """One variant."""
        require_anybody(info)
        _one_of(id=id, sku=sku, external_reference=external_reference)
        variants = info.context.shop.variants
        if id:
            return variants.get(_checked(id, "ProductVariant"))
        found = (each for each in variants.values() if sku is None or each.sku == sku)
        return next(
            (
                each
                for each in found
                if external_reference is None or each.external_reference == external_reference
            ),
            None,
        )

    @strawberry.field
    def order(
        self,
        info: Info,
        id: strawberry.ID | None = None,
        external_reference: str | None = None,
    ) -> Order | None:
        """One order or draft."""
        _one_of(id=id, external_reference=external_reference)
        shop = info.context.shop
        if id:
            return shop.orders.get(_checked(id, "Order"))
        require(info, "MANAGE_ORDERS")
        return shop.by_reference(external_reference or "")

    @strawberry.field
    def orders(
        self,
        info: Info,
        filter: OrderFilterInput | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> OrderCountableConnection | None:
        """Orders, newest first, never drafts."""
        require(info, "MANAGE_ORDERS")
        found = sorted(
            (each for each in info.context.shop.orders.values() if _wanted(each, filter)),
            key=lambda order: int(order.number),
            reverse=True,
        )
        nodes, place = page(found, name="orders", first=first, after=after)
        return OrderCountableConnection(
            page_info=place,
            edges=[OrderCountableEdge(node=node) for node in nodes],
            total_count=len(found),
        )

    @strawberry.field
    def user(
        self,
        info: Info,
        id: strawberry.ID | None = None,
        email: str | None = None,
        external_reference: str | None = None,
    ) -> User | None:
        """One customer."""
        require(info, "MANAGE_STAFF", "MANAGE_USERS", "MANAGE_ORDERS")
        _one_of(id=id, email=email, external_reference=external_reference)
        users = info.context.shop.users
        if email:
            return users.get(email)
        named = (each for each in users.values() if each.external_reference == external_reference)
        if id:
            _checked(id, "User")
            named = (each for each in users.values() if each.id == id)
        return next(named, None)

    @strawberry.field
    def customers(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> UserCountableConnection | None:
        """All customers."""
        require(info, "MANAGE_ORDERS", "MANAGE_USERS")
        every = list(info.context.shop.users.values())
        nodes, place = page(every, name="customers", first=first, after=after)
        return UserCountableConnection(
            page_info=place, edges=[UserCountableEdge(node=node) for node in nodes]
        )


def _one_of(**named: str | None) -> None:
    """Lets through exactly one name of a thing, in the host's words."""
    given = [name for name, value in named.items() if value]
    if not given:
        names = ", ".join(f"'{name}'" for name in named)
        raise GraphQLError(f"At least one of arguments is required: {names}.")
    if len(given) > 1:
        raise GraphQLError(f"Argument '{given[0]}' cannot be combined with '{given[1]}'")


def _checked(id: str | None, type_name: str) -> str:
    """An id that is one; the id of another type finds nothing, as in the host."""
    text = id or ""
    try:
        key_of(text, expected=type_name)
    except ValueError as error:
        if "received" not in str(error):
            raise
    return text


def _variants(
    variants: Iterable[ProductVariant],
    filter: ProductVariantFilterInput | None,
    ids: list[strawberry.ID] | None,
) -> list[ProductVariant]:
    skus = None if filter is None or filter.sku is None else set(filter.sku)
    wanted = None if ids is None else set(ids)
    return [
        variant
        for variant in variants
        if (skus is None or variant.sku in skus) and (wanted is None or variant.id in wanted)
    ]


def _wanted(order: Order, filter: OrderFilterInput | None) -> bool:
    if order.status is OrderStatus.DRAFT:
        return False
    if filter is None:
        return True
    statuses = [status.name for status in filter.status or ()]
    return (
        (not statuses or order.status.name in statuses)
        and (not filter.channels or order.channel.id in filter.channels)
        and (filter.ids is None or order.id in filter.ids)
        and (filter.numbers is None or order.number in filter.numbers)
    )
