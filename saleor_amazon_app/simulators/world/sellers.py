"""The sellers of the try-out: who sells where, and what each one chose.

Marketplaces that are sold well have a channel in their own currency. Two are set up wrong on
purpose: Mexico has no channel, and Sweden's krona orders go to a channel in euro.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from saleor_amazon_app.core.choices import (
    BuyerEmail,
    Choices,
    Customer,
    FbaOrders,
    ImportAmazonOrders,
    ImportInto,
    NewOrderStatus,
    UnknownSku,
)
from saleor_amazon_app.core.ids import ChannelSlug, MarketplaceId
from saleor_amazon_app.core.marketplaces import MARKETPLACES, Marketplace, Region
from saleor_amazon_app.simulators.world import shop

_BY_COUNTRY = {marketplace.country: marketplace for marketplace in MARKETPLACES.values()}

NORTH, EUROPE, JAPAN, IDLE = "north", "europe", "japan", "idle"
# The merchant token of a seller that is not connected.
NEWCOMER = "A5SIMULATEDNEW"
CONNECTED_BEFORE = timedelta(hours=1)
# Percent; in Italy and Spain nobody set a rate, so that their silent tax stays unknown.
TAX_RATES = {"GB": 20, "DE": 19, "FR": 20}
# By country of the marketplace.
_CHANNELS = {
    "US": "us",
    "CA": "canada",
    "GB": "uk",
    "DE": "europe",
    "FR": "europe",
    "IT": "europe",
    "ES": "europe",
    "SE": "europe",
    "JP": "japan",
}
# Nobody has the last of these shipping methods.
_LEVELS = {
    "EXPEDITED": shop.EXPRESS,
    "SCHEDULED": shop.SMALL_PARCEL,
    "SAME_DAY": shop.SAME_DAY,
    "PRIORITY": "Zeppelin",
}


@dataclass(frozen=True, slots=True)
class SellerAccount:
    """A seller in one region, as the app is to be connected to it.

    Attributes:
        key: the short name by which orders are given to it.
        sells_in: countries of the marketplaces that are set up right.
        misses: countries of the marketplaces that are set up wrong.
    """

    key: str
    seller_id: str
    name: str
    region: Region
    refresh_token: str
    choices: Choices
    sells_in: tuple[str, ...]
    misses: tuple[str, ...] = ()

    @property
    def marketplaces(self) -> tuple[MarketplaceId, ...]:
        """Every marketplace the seller takes part in."""
        return tuple(marketplace_of(country).id for country in (*self.sells_in, *self.misses))

    def market_of(self, country: str) -> shop.Market:
        """Where orders of a marketplace go in the shop; for a wrong one, where they could go."""
        return shop.BY_CHANNEL[_CHANNELS.get(country, "us")]


def marketplace_of(country: str) -> Marketplace:
    """Amazon's marketplace of a country."""
    return _BY_COUNTRY[country]


def make_sellers(*, now: datetime, first_seller_id: str) -> tuple[SellerAccount, ...]:
    """All sellers, connected an hour before now.

    Args:
        now: when the try-out begins.
        first_seller_id: of the account that a simulated Amazon has from the start.
    """
    since = now - CONNECTED_BEFORE
    return (_northern(since, first_seller_id), _european(since), _japanese(since), _idle(since))


def _northern(since: datetime, seller_id: str) -> SellerAccount:
    return SellerAccount(
        key=NORTH,
        seller_id=seller_id,
        name="Northern Lanterns",
        region=Region.NORTH_AMERICA,
        refresh_token="Atzr|simulated-north",
        choices=_choices(since, ("US", "CA")),
        sells_in=("US", "CA"),
        misses=("MX",),
    )


def _european(since: datetime) -> SellerAccount:
    return SellerAccount(
        key=EUROPE,
        seller_id="A2SIMULATEDEU",
        name="Thistle & Œillet",
        region=Region.EUROPE,
        refresh_token="Atzr|simulated-europe",
        choices=_choices(
            since,
            ("GB", "DE", "FR", "IT", "ES", "SE"),
            fba_orders=FbaOrders.DO_NOT_IMPORT,
            customer=Customer.CREATE_OR_REUSE,
            tax_rates={country: Decimal(rate) / 100 for country, rate in TAX_RATES.items()},
        ),
        sells_in=("GB", "DE", "FR", "IT", "ES"),
        misses=("SE",),
    )


def _japanese(since: datetime) -> SellerAccount:
    return SellerAccount(
        key=JAPAN,
        seller_id="A3SIMULATEDJP",
        name="見本堂",
        region=Region.FAR_EAST,
        refresh_token="Atzr|simulated-japan",
        choices=_choices(
            since,
            ("JP",),
            buyer_email=BuyerEmail.UNDELIVERABLE,
            unknown_sku=UnknownSku.PLACEHOLDER,
            placeholder_sku=shop.PLACEHOLDER_SKU,
        ),
        sells_in=("JP",),
    )


def _idle(since: datetime) -> SellerAccount:
    return SellerAccount(
        key=IDLE,
        seller_id="A4SIMULATEDOFF",
        name="Closed for the Season",
        region=Region.NORTH_AMERICA,
        refresh_token="Atzr|simulated-idle",
        choices=_choices(since, ("US",), import_amazon_orders=ImportAmazonOrders.DISABLED),
        sells_in=("US",),
    )


def _choices(since: datetime, countries: tuple[str, ...], **chosen: object) -> Choices:
    into = {
        marketplace_of(country).id: ImportInto(channel=ChannelSlug(_CHANNELS[country]))
        for country in countries
    }
    settings = {
        "import_into": into,
        "import_orders_since": since,
        "new_order_status": NewOrderStatus.CONFIRMED,
        "fba_warehouse": "us-east",
        "shipping_methods": _LEVELS,
        "carriers": {shop.STANDARD: "UPS"},
    }
    return Choices.model_validate(settings | chosen)
