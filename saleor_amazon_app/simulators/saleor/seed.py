"""What a simulated shop has when it opens: settings, channels, warehouses, zones, products.

A seed is one JSON document (snake_case keys, money as strings), so that a demo or a benchmark can
bring a shop of its own; `default_seed` is a small shop that sells in four currencies.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from pydantic import TypeAdapter

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopSeed:
    """Settings of the shop as a whole; the defaults are those of a careful merchant.

    Attributes:
        domain: what the shop calls itself where it is asked who it is.
        version: the host's version, told in `shop.version` and to apps that are installed.
        fulfillment_auto_approve: False makes fulfilments wait for approval.
        fulfillment_allow_unpaid: False refuses to fulfil what was not paid.
        refund_reason_demanded: True lets staff refund nothing without a reason of the shop's;
            hosts know that from 3.22 on.
    """

    name: str = "Simulated shop"
    domain: str = "127.0.0.1"
    version: str = "3.23.28"
    limit_quantity_per_checkout: int | None = 50
    reserve_stock_minutes: int | None = None
    fulfillment_auto_approve: bool = True
    fulfillment_allow_unpaid: bool = False
    refund_reason_demanded: bool = False

    @property
    def schema_version(self) -> str:
        """Major and minor version, as apps are told it."""
        return ".".join(self.version.split(".")[:2])


@dataclass(frozen=True, slots=True, kw_only=True)
class WarehouseSeed:
    """A warehouse, named by its slug everywhere else."""

    slug: str
    name: str
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSeed:
    """A channel.

    Attributes:
        warehouses: slugs, in the order stock is taken from them.
    """

    slug: str
    name: str
    currency: str
    default_country: str
    is_active: bool = True
    automatically_confirm_all_new_orders: bool = True
    prioritize_high_stock: bool = False
    warehouses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodListingSeed:
    """A method's price and limits in a channel; limits compare with the subtotal, tax included."""

    channel: str
    price: Decimal
    minimum_order_price: Decimal | None = None
    maximum_order_price: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostalCodeRuleSeed:
    """A range of postal codes, both ends included; without an end, from the start on."""

    start: str
    end: str | None = None
    include: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodSeed:
    """A shipping method; weights in kilograms.

    Attributes:
        excluded_products: slugs of products it does not carry.
    """

    name: str
    listings: tuple[MethodListingSeed, ...]
    by_weight: bool = False
    minimum_order_weight: Decimal = Decimal(0)
    maximum_order_weight: Decimal | None = None
    postal_code_rules: tuple[PostalCodeRuleSeed, ...] = ()
    excluded_products: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneSeed:
    """Countries and what ships there; channels and warehouses by slug."""

    name: str
    countries: tuple[str, ...]
    channels: tuple[str, ...]
    warehouses: tuple[str, ...]
    methods: tuple[MethodSeed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantSeed:
    """A variant.

    Attributes:
        prices: per channel slug; a channel that is missing or None does not sell it.
        stocks: per warehouse slug; a warehouse that is missing has no row at all.
    """

    sku: str
    name: str = ""
    track_inventory: bool = True
    is_preorder: bool = False
    prices: dict[str, Decimal | None]
    stocks: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductListingSeed:
    """Whether a product is shown and sold in a channel; no date of sale means not sold."""

    channel: str
    is_published: bool = True
    published_at: datetime | None = LONG_AGO
    available_for_purchase_at: datetime | None = LONG_AGO
    visible_in_listings: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductSeed:
    """A product."""

    slug: str
    name: str
    listings: tuple[ProductListingSeed, ...]
    variants: tuple[VariantSeed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerSeed:
    """A customer the shop already has."""

    email: str
    first_name: str = ""
    last_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignOrderSeed:
    """An order somebody else made; what matters is that its reference is taken."""

    external_reference: str
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppSeed:
    """An app that is installed from the start.

    Attributes:
        token: what its requests carry, so that another process can know it beforehand.
    """

    identifier: str
    permissions: tuple[str, ...]
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """A whole shop."""

    shop: ShopSeed = ShopSeed()
    channels: tuple[ChannelSeed, ...]
    warehouses: tuple[WarehouseSeed, ...]
    zones: tuple[ZoneSeed, ...]
    tax_classes: tuple[str, ...] = ("Standard",)
    products: tuple[ProductSeed, ...] = ()
    customers: tuple[CustomerSeed, ...] = ()
    foreign_orders: tuple[ForeignOrderSeed, ...] = ()
    apps: tuple[AppSeed, ...] = ()


_document: TypeAdapter[Seed] = TypeAdapter(Seed)


def seed_from_json(text: str | bytes) -> Seed:
    """Reads a seed.

    Raises:
        pydantic.ValidationError: it is no seed; the message says what and where.
    """
    return _document.validate_json(text)


def seed_to_json(seed: Seed) -> str:
    """Writes a seed so that it reads back equal."""
    return _document.dump_json(seed, indent=2).decode()


_CHANNELS = (
    ("default-channel", "United States", "USD", "US"),
    ("uk", "United Kingdom", "GBP", "GB"),
    ("de", "Germany", "EUR", "DE"),
    ("jp", "Japan", "JPY", "JP"),
)
_EURO_COUNTRIES = ("AT", "BE", "DE", "ES", "FR", "IE", "IT", "NL", "PL", "SE")
_COUNTRIES = {"default-channel": ("US", "CA", "MX"), "uk": ("GB",), "jp": ("JP",)}
_GOODS = (("Mug", "MUG-1", 10), ("Tea", "TEA-1", 25), ("Lamp", "LAMP-1", 40))


def default_seed() -> Seed:
    """A small shop: a channel, a warehouse and a zone for each of four currencies."""
    return Seed(
        channels=tuple(
            ChannelSeed(
                slug=slug,
                name=name,
                currency=currency,
                default_country=country,
                warehouses=(f"{slug}-warehouse",),
            )
            for slug, name, currency, country in _CHANNELS
        ),
        warehouses=tuple(
            WarehouseSeed(slug=f"{slug}-warehouse", name=f"{name} warehouse", country=country)
            for slug, name, _, country in _CHANNELS
        ),
        zones=tuple(_default_zone(slug, name) for slug, name, _, _ in _CHANNELS),
        products=tuple(_default_product(*goods) for goods in _GOODS),
    )


def _default_zone(slug: str, name: str) -> ZoneSeed:
    return ZoneSeed(
        name=name,
        countries=_COUNTRIES.get(slug, _EURO_COUNTRIES),
        channels=(slug,),
        warehouses=(f"{slug}-warehouse",),
        methods=(
            MethodSeed(
                name=f"{name} standard",
                listings=(MethodListingSeed(channel=slug, price=Decimal(5)),),
            ),
        ),
    )


def _default_product(name: str, sku: str, price: int) -> ProductSeed:
    yen = {"jp": Decimal(price * 150)}
    return ProductSeed(
        slug=name.lower(),
        name=name,
        listings=tuple(ProductListingSeed(channel=slug) for slug, *_ in _CHANNELS),
        variants=(
            VariantSeed(
                sku=sku,
                name=name,
                prices={slug: yen.get(slug, Decimal(price)) for slug, *_ in _CHANNELS},
                stocks={f"{slug}-warehouse": 1000 for slug, *_ in _CHANNELS},
            ),
        ),
    )
