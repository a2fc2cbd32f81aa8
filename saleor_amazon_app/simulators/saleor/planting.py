"""Makes a shop out of a seed."""

import secrets
from decimal import Decimal

import strawberry

from saleor_amazon_app.core.money import ZERO
from saleor_amazon_app.core.times import Clock
from saleor_amazon_app.simulators.saleor.addresses import placed_in
from saleor_amazon_app.simulators.saleor.ids import global_id, key_of
from saleor_amazon_app.simulators.saleor.schema.basics import Weight, country_named, taxed
from saleor_amazon_app.simulators.saleor.schema.catalogue import (
    Channel,
    OrderSettings,
    PreorderData,
    Product,
    ProductChannelListing,
    ProductVariant,
    ProductVariantChannelListing,
    ShippingMethod,
    ShippingMethodChannelListing,
    ShippingMethodPostalCodeRule,
    ShippingMethodType,
    ShippingZone,
    Stock,
    StockSettings,
    TaxClass,
    Warehouse,
    priced,
)
from saleor_amazon_app.simulators.saleor.schema.orders import Order
from saleor_amazon_app.simulators.saleor.schema.people import App, User
from saleor_amazon_app.simulators.saleor.schema.words import (
    AllocationStrategyEnum,
    LanguageCodeEnum,
    OrderChargeStatusEnum,
    OrderOriginEnum,
    OrderStatus,
    PermissionEnum,
    PostalCodeRuleInclusionTypeEnum,
    ShippingMethodTypeEnum,
)
from saleor_amazon_app.simulators.saleor.seed import (
    ChannelSeed,
    ForeignOrderSeed,
    MethodListingSeed,
    MethodSeed,
    ProductSeed,
    Seed,
    VariantSeed,
    WarehouseSeed,
    ZoneSeed,
)
from saleor_amazon_app.simulators.saleor.state import Shop

EVERY_PERMISSION = frozenset(PermissionEnum.__members__)


def plant(seed: Seed, clock: Clock) -> Shop:
    """The shop as the seed describes it.

    Raises:
        KeyError: the seed names a channel, warehouse or product it does not have.
    """
    shop = Shop(seed.shop, clock)
    warehouses = {each.slug: _warehouse(shop, each) for each in seed.warehouses}
    for channel in seed.channels:
        shop.channels[channel.slug] = _channel(shop, channel, warehouses)
    for name in seed.tax_classes:
        tax_class = TaxClass(id=_counted(shop, "TaxClass"), name=name)
        shop.tax_classes[tax_class.id] = tax_class
    for product in seed.products:
        plant_product(shop, product)
    for zone in seed.zones:
        _zone(shop, zone, warehouses)
    for customer in seed.customers:
        shop.users[customer.email] = User(
            id=_counted(shop, "User"),
            email=customer.email,
            first_name=customer.first_name,
            last_name=customer.last_name,
        )
    for order in seed.foreign_orders:
        shop.keep(_foreign_order(shop, order))
    for app in seed.apps:
        plant_app(
            shop, identifier=app.identifier, permissions=frozenset(app.permissions), token=app.token
        )
    return shop


def plant_app(shop: Shop, *, identifier: str, permissions: frozenset[str], token: str) -> App:
    """Adds an app whose requests carry that token."""
    app = App(
        id=_counted(shop, "App"),
        identifier=identifier,
        name=identifier,
        held=permissions,
        token=token,
    )
    shop.apps[token] = app
    return app


def plant_staff(shop: Shop) -> str:
    """Adds a member of staff who may do everything, and tells their token."""
    token = secrets.token_urlsafe(22)
    number = len(shop.staff) + 1
    shop.staff[token] = User(
        id=_counted(shop, "User"),
        email=f"staff-{number}@shop.test",
        is_staff=True,
        held=EVERY_PERMISSION,
    )
    return token


def _counted(shop: Shop, type_name: str) -> strawberry.ID:
    return strawberry.ID(shop.ids.counted(type_name))


def _warehouse(shop: Shop, seed: WarehouseSeed) -> Warehouse:
    warehouse = Warehouse(
        id=strawberry.ID(shop.ids.unique("Warehouse")),
        name=seed.name,
        slug=seed.slug,
        address=placed_in(shop, seed.country),
    )
    shop.warehouses[warehouse.id] = warehouse
    return warehouse


def _channel(shop: Shop, seed: ChannelSeed, warehouses: dict[str, Warehouse]) -> Channel:
    strategy = AllocationStrategyEnum.PRIORITIZE_SORTING_ORDER
    if seed.prioritize_high_stock:
        strategy = AllocationStrategyEnum.PRIORITIZE_HIGH_STOCK
    return Channel(
        id=_counted(shop, "Channel"),
        slug=seed.slug,
        name=seed.name,
        is_active=seed.is_active,
        currency_code=seed.currency,
        default_country=country_named(seed.default_country),
        stock_settings=StockSettings(allocation_strategy=strategy),
        order_settings=OrderSettings(
            automatically_confirm_all_new_orders=seed.automatically_confirm_all_new_orders
        ),
        warehouses=[warehouses[slug] for slug in seed.warehouses],
    )


def _zone(shop: Shop, seed: ZoneSeed, warehouses: dict[str, Warehouse]) -> None:
    zone = ShippingZone(
        id=_counted(shop, "ShippingZone"),
        name=seed.name,
        default=False,
        countries=[country_named(code) for code in seed.countries],
        warehouses=[warehouses[slug] for slug in seed.warehouses],
        channels=[shop.channels[slug] for slug in seed.channels],
        codes=frozenset(seed.countries),
    )
    zone.methods.extend(_method(shop, method, zone) for method in seed.methods)
    shop.zones.append(zone)
    for channel in zone.channels:
        channel.zones.append(zone)


def _method(shop: Shop, seed: MethodSeed, zone: ShippingZone) -> ShippingMethodType:
    type_id = _counted(shop, "ShippingMethodType")
    method = ShippingMethodType(
        id=type_id,
        name=seed.name,
        type=ShippingMethodTypeEnum.WEIGHT if seed.by_weight else ShippingMethodTypeEnum.PRICE,
        channel_listings=[_method_listing(shop, listing) for listing in seed.listings],
        postal_code_rules=[
            ShippingMethodPostalCodeRule(
                id=_counted(shop, "ShippingMethodPostalCodeRule"),
                start=rule.start,
                end=rule.end,
                inclusion_type=PostalCodeRuleInclusionTypeEnum.INCLUDE
                if rule.include
                else PostalCodeRuleInclusionTypeEnum.EXCLUDE,
            )
            for rule in seed.postal_code_rules
        ],
        minimum_order_weight=Weight(kilograms=seed.minimum_order_weight),
        maximum_order_weight=_weight(seed.maximum_order_weight),
        zone=zone,
        excluded=[shop.products[slug] for slug in seed.excluded_products],
    )
    order_id = strawberry.ID(
        global_id("ShippingMethod", key_of(type_id, expected="ShippingMethodType"))
    )
    for listing in method.channel_listings or ():
        method.offered[listing.channel.slug] = _offered(method, listing, order_id)
    shop.methods[order_id] = method
    return method


def _method_listing(shop: Shop, seed: MethodListingSeed) -> ShippingMethodChannelListing:
    channel = shop.channels[seed.channel]
    return ShippingMethodChannelListing(
        id=_counted(shop, "ShippingMethodChannelListing"),
        channel=channel,
        price=priced(seed.price, channel.currency_code),
        minimum_order_price=priced(seed.minimum_order_price or ZERO, channel.currency_code),
        maximum_order_price=priced(seed.maximum_order_price, channel.currency_code),
    )


def _offered(
    method: ShippingMethodType, listing: ShippingMethodChannelListing, order_id: strawberry.ID
) -> ShippingMethod:
    currency = listing.channel.currency_code
    return ShippingMethod(
        id=order_id,
        name=method.name,
        type=method.type,
        price=listing.price or taxed(ZERO, ZERO, currency).gross,
        minimum_order_price=listing.minimum_order_price,
        maximum_order_price=listing.maximum_order_price,
        minimum_order_weight=method.minimum_order_weight,
        maximum_order_weight=method.maximum_order_weight,
    )


def _weight(kilograms: Decimal | None) -> Weight | None:
    return None if kilograms is None else Weight(kilograms=kilograms)


def plant_product(shop: Shop, seed: ProductSeed) -> Product:
    """Adds a product with its variants.

    Raises:
        KeyError: the seed names a channel or warehouse the shop does not have.
    """
    product = Product(
        id=_counted(shop, "Product"),
        name=seed.name,
        slug=seed.slug,
        listings=[
            ProductChannelListing(
                id=_counted(shop, "ProductChannelListing"),
                channel=shop.channels[listing.channel],
                is_published=listing.is_published,
                published_at=listing.published_at,
                visible_in_listings=listing.visible_in_listings,
                available_for_purchase_at=listing.available_for_purchase_at,
            )
            for listing in seed.listings
        ],
    )
    for variant in seed.variants:
        _variant(shop, variant, product)
    shop.products[product.slug] = product
    return product


def _variant(shop: Shop, seed: VariantSeed, product: Product) -> None:
    warehouses = {each.slug: each for each in shop.warehouses.values()}
    variant = ProductVariant(
        id=_counted(shop, "ProductVariant"),
        name=seed.name,
        sku=seed.sku,
        product=product,
        track_inventory=seed.track_inventory,
        preorder=PreorderData(global_threshold=None, end_date=None) if seed.is_preorder else None,
        listings=[
            ProductVariantChannelListing(
                id=_counted(shop, "ProductVariantChannelListing"),
                channel=shop.channels[slug],
                price=priced(price, shop.channels[slug].currency_code),
            )
            for slug, price in seed.prices.items()
        ],
    )
    variant.kept.extend(
        Stock(
            id=_counted(shop, "Stock"),
            warehouse=warehouses[slug],
            product_variant=variant,
            on_hand=quantity,
        )
        for slug, quantity in seed.stocks.items()
    )
    shop.variants[variant.id] = variant


def _foreign_order(shop: Shop, seed: ForeignOrderSeed) -> Order:
    channel = shop.channels[seed.channel]
    nothing = taxed(ZERO, ZERO, channel.currency_code)
    now = shop.clock()
    return Order(
        id=strawberry.ID(shop.ids.unique("Order")),
        number=str(shop.ids.number("order")),
        status=OrderStatus.UNFULFILLED,
        created=now,
        updated_at=now,
        channel=channel,
        origin=OrderOriginEnum.CHECKOUT,
        external_reference=seed.external_reference,
        lines=[],
        user=None,
        billing_address=None,
        shipping_address=None,
        shipping_method_name=None,
        shipping_price=nothing,
        shipping_tax_rate=0.0,
        shipping_tax_class=None,
        subtotal=nothing,
        total=nothing,
        undiscounted_total=nothing,
        charge_status=OrderChargeStatusEnum.FULL,
        customer_note="",
        language_code_enum=LanguageCodeEnum.EN,
        weight=Weight(kilograms=ZERO),
        email="",
        method=None,
        seeded=True,
    )
