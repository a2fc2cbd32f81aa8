"""The shop of the try-out: channels, warehouses, zones, methods, and goods with every flaw.

Stock is either ample for any number of orders, or too small for any single order of the goods,
so that what becomes of an order never depends on which came first.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from saleor_amazon_app.simulators.saleor.seed import (
    ChannelSeed,
    CustomerSeed,
    ForeignOrderSeed,
    MethodListingSeed,
    MethodSeed,
    PostalCodeRuleSeed,
    ProductListingSeed,
    ProductSeed,
    Seed,
    VariantSeed,
    WarehouseSeed,
    ZoneSeed,
)

_EUROPE = ("DE", "FR", "IT", "ES", "NL", "BE", "AT", "IE", "PL", "SE", "GR", "PT", "FI")
_EXPORT = ("KR", "IL", "AE", "IN", "BR", "SG", "HK", "AU")


@dataclass(frozen=True, slots=True)
class Market:
    """A channel with the two warehouses it sells from, and the zones it ships to."""

    channel: str
    name: str
    currency: str
    warehouses: tuple[tuple[str, str], tuple[str, str]]
    zones: tuple[tuple[str, ...], ...]
    confirms_orders: bool = True

    @property
    def countries(self) -> tuple[str, ...]:
        """Every country it ships to."""
        return tuple(country for zone in self.zones for country in zone)


MARKETS = (
    Market(
        "us",
        "United States",
        "USD",
        (("us-east", "US"), ("us-west", "US")),
        (("US", "CA", "MX"), _EXPORT),
    ),
    Market(
        "canada",
        "Canada",
        "CAD",
        (("ca-lakes", "CA"), ("ca-coast", "CA")),
        (("CA", "US"),),
        confirms_orders=False,
    ),
    Market(
        "uk", "United Kingdom", "GBP", (("uk-north", "GB"), ("uk-south", "GB")), (("GB", "IE"),)
    ),
    Market("europe", "Europe", "EUR", (("eu-rhine", "DE"), ("eu-south", "IT")), (_EUROPE,)),
    Market("japan", "日本", "JPY", (("jp-tokyo", "JP"), ("jp-osaka", "JP")), (("JP", "KR", "TW"),)),
)
BY_CHANNEL = {market.channel: market for market in MARKETS}
# No channel sells from it.
_DEPOT = ("returns-depot", "US")
_WAREHOUSES = (*(each for market in MARKETS for each in market.warehouses), _DEPOT)

# Two different numbers: the host counts equal stocks of one variant only once.
_AMPLE = (9_000_000, 10_000_000)
# The first warehouse soon has nothing left, so that orders are allocated across both.
_SPLIT = (37, 10_000_000)

SMALL_PARCEL = "Small parcel"
SMALL_PARCEL_LIMIT = {"USD": 20, "CAD": 20, "GBP": 20, "EUR": 20, "JPY": 3000}
SAME_DAY = "Same day"
STANDARD = "Standard"
EXPRESS = "Express"
# Alaska's; the same-day courier does not go there.
_EXCLUDED_CODES = PostalCodeRuleSeed(start="99500", end="99999", include=False)

PLACEHOLDER_SKU = "AMAZON-PLACEHOLDER"
# The alias of a buyer who bought before: the shop has its undeliverable form as a customer.
KNOWN_CUSTOMER = "known-buyer@marketplace.amazon.example"


def _sold_skus() -> tuple[str, ...]:
    odd = ("MUG/01 BLUE+", "ÉTUI-007", "a&b=c?d#e", "日本茶-100g", "mug-lower", "MUG-LOWER", "0042")
    return (*odd, *(f"WORLD-{number:03d}" for number in range(1, 231)))


SOLD = _sold_skus()
HIDDEN = "HIDDEN-1"
UNPUBLISHED = ("SLEEPING-1", "SLEEPING-2")
NOT_FOR_SALE = ("CLOSED-1",)
NOT_YET_SOLD = ("TOMORROW-1", "TOMORROW-2")
UNLISTED = ("STRANGER-1",)
PRICELESS = ("PRICELESS-1",)
UNAVAILABLE = (*UNPUBLISHED, *NOT_FOR_SALE, *NOT_YET_SOLD, *UNLISTED, *PRICELESS)
EMPTY = ("EMPTY-1", "EMPTY-2")
ELSEWHERE = "ELSEWHERE-1"
UNSTOCKED = "UNSTOCKED-1"
PREORDER = "PREORDER-1"
# Three units in all; nobody ever orders fewer than five.
SCARCE = "SCARCE-1"
# Four units in each of two warehouses, which the host counts as four.
TWINS = "TWINS-1"
# Sold goods of which the host counts the stock.
COUNTED = frozenset({*SOLD, HIDDEN})
OUT_OF_STOCK = (*EMPTY, ELSEWHERE, UNSTOCKED, PREORDER)
# The second differs from goods that are sold by its letters' case alone.
MISSING = ("NOBODY-HAS-THIS", "World-001")


def make_shop(*, now: datetime, taken: Iterable[str]) -> Seed:
    """The whole shop.

    Args:
        now: some goods are published or sold only from a day after it.
        taken: Amazon order numbers that orders of somebody else already have as reference.
    """
    return Seed(
        channels=tuple(_channel(market) for market in MARKETS),
        warehouses=tuple(_warehouse(slug, country) for slug, country in _WAREHOUSES),
        zones=tuple(
            _zone(market, countries, number)
            for market in MARKETS
            for number, countries in enumerate(market.zones, start=1)
        ),
        products=(*_goods_sold(), *_goods_with_flaws(now + timedelta(days=30))),
        customers=(CustomerSeed(email=f"{KNOWN_CUSTOMER}.invalid", first_name="Known"),),
        foreign_orders=tuple(
            ForeignOrderSeed(external_reference=reference, channel="us") for reference in taken
        ),
    )


def variant_for(seller_sku: str | None) -> str:
    """The SKU of the variant that is sold for an item, where a placeholder may stand in."""
    if seller_sku is None or seller_sku in MISSING:
        return PLACEHOLDER_SKU
    return seller_sku


def _warehouse(slug: str, country: str) -> WarehouseSeed:
    return WarehouseSeed(slug=slug, name=slug.replace("-", " ").title(), country=country)


def _channel(market: Market) -> ChannelSeed:
    return ChannelSeed(
        slug=market.channel,
        name=market.name,
        currency=market.currency,
        default_country=market.countries[0],
        automatically_confirm_all_new_orders=market.confirms_orders,
        warehouses=tuple(slug for slug, _ in market.warehouses),
    )


def _zone(market: Market, countries: tuple[str, ...], number: int) -> ZoneSeed:
    methods = [
        _method(market, SMALL_PARCEL, limit=SMALL_PARCEL_LIMIT[market.currency]),
        _method(market, STANDARD),
        _method(market, EXPRESS),
    ]
    if "US" in countries:
        methods.append(replace(_method(market, SAME_DAY), postal_code_rules=(_EXCLUDED_CODES,)))
    return ZoneSeed(
        name=f"{market.name} {number}",
        countries=countries,
        channels=(market.channel,),
        warehouses=tuple(slug for slug, _ in market.warehouses),
        methods=tuple(methods),
    )


def _method(market: Market, name: str, *, limit: int | None = None) -> MethodSeed:
    most = None if limit is None else Decimal(limit)
    listing = MethodListingSeed(channel=market.channel, price=Decimal(5), maximum_order_price=most)
    return MethodSeed(name=name, listings=(listing,))


def _goods_sold() -> list[ProductSeed]:
    sold = [
        _product(sku, stocks=_SPLIT if number % 10 == 0 else _AMPLE)
        for number, sku in enumerate(SOLD)
    ]
    hidden = _product(HIDDEN)
    unseen = tuple(replace(each, visible_in_listings=False) for each in hidden.listings)
    placeholder = _product(PLACEHOLDER_SKU, stocks=(0, 0), tracked=False)
    return [*sold, replace(hidden, listings=unseen), placeholder]


def _goods_with_flaws(later: datetime) -> list[ProductSeed]:
    flawed = [_listed(sku, is_published=False) for sku in UNPUBLISHED]
    flawed += [_listed(sku, available_for_purchase_at=None) for sku in NOT_FOR_SALE]
    flawed += [
        _listed(NOT_YET_SOLD[0], published_at=later),
        _listed(NOT_YET_SOLD[1], available_for_purchase_at=later),
    ]
    flawed += [replace(_product(sku, prices={}), listings=()) for sku in UNLISTED]
    nothing = dict.fromkeys(BY_CHANNEL, None)
    flawed += [_product(sku, prices=nothing) for sku in PRICELESS]
    flawed += [_product(sku, stocks=(0, 0)) for sku in EMPTY]
    flawed += [
        _product(SCARCE, stocks=(1, 2)),
        _product(TWINS, stocks=(4, 4)),
        _product(UNSTOCKED, stocks=None),
        _product(PREORDER, preorder=True),
    ]
    return [*flawed, _stocked_elsewhere()]


def _listed(sku: str, **flaw: Any) -> ProductSeed:
    product = _product(sku)
    return replace(product, listings=tuple(replace(each, **flaw) for each in product.listings))


def _stocked_elsewhere() -> ProductSeed:
    product = _product(ELSEWHERE, stocks=None)
    plenty = tuple(replace(each, stocks={_DEPOT[0]: _AMPLE[1]}) for each in product.variants)
    return replace(product, variants=plenty)


def _product(
    sku: str,
    *,
    stocks: tuple[int, int] | None = _AMPLE,
    prices: dict[str, Decimal | None] | None = None,
    tracked: bool = True,
    preorder: bool = False,
) -> ProductSeed:
    everywhere: dict[str, Decimal | None] = {
        market.channel: Decimal(900 if market.currency == "JPY" else 9) for market in MARKETS
    }
    rows = {
        slug: quantity
        for market in MARKETS
        for (slug, _), quantity in zip(market.warehouses, stocks or (), strict=False)
    }
    return ProductSeed(
        slug=f"product-{'-'.join(str(ord(letter)) for letter in sku)}",
        name=f"Invented thing {sku}",
        listings=tuple(ProductListingSeed(channel=market.channel) for market in MARKETS),
        variants=(
            VariantSeed(
                sku=sku,
                track_inventory=tracked,
                is_preorder=preorder,
                prices=everywhere if prices is None else prices,
                stocks=rows,
            ),
        ),
    )
