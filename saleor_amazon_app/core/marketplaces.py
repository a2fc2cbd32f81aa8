"""Amazon's marketplaces: which currency, country, region and Seller Central each one has.

Source: developer-docs.amazon.com/sp-api, marketplace ids and endpoints, read 2026-11-20.
"""

from dataclasses import dataclass
from enum import StrEnum

from saleor_amazon_app.core.ids import AmazonOrderId, MarketplaceId


class Region(StrEnum):
    """Amazon's selling regions; one refresh token is good for one seller in one of them."""

    NORTH_AMERICA = "NA"
    EUROPE = "EU"
    FAR_EAST = "FE"


@dataclass(frozen=True, slots=True)
class Marketplace:
    """One of Amazon's shops.

    Attributes:
        tax_added: True where prices are shown without tax, so that no reported tax means that
            none was charged. Elsewhere prices contain tax, and 0 may only mean that Amazon did
            not calculate it.
    """

    id: MarketplaceId
    country: str
    currency: str
    region: Region
    seller_central: str
    tax_added: bool = False

    @property
    def name(self) -> str:
        """What Amazon calls it: the address of its shop."""
        return f"Amazon.{_ENDINGS.get(self.country, self.country.lower())}"

    @property
    def time_zone(self) -> str:
        """The zone in which its buyers and Seller Central count days."""
        return _TIME_ZONES[self.country]


_ENDINGS = {
    "AU": "com.au",
    "BE": "com.be",
    "BR": "com.br",
    "GB": "co.uk",
    "JP": "co.jp",
    "MX": "com.mx",
    "TR": "com.tr",
    "US": "com",
    "ZA": "co.za",
}
_TIME_ZONES = {
    "US": "America/Los_Angeles",
    "CA": "America/Toronto",
    "MX": "America/Mexico_City",
    "BR": "America/Sao_Paulo",
    "GB": "Europe/London",
    "DE": "Europe/Berlin",
    "FR": "Europe/Paris",
    "IT": "Europe/Rome",
    "ES": "Europe/Madrid",
    "NL": "Europe/Amsterdam",
    "SE": "Europe/Stockholm",
    "PL": "Europe/Warsaw",
    "BE": "Europe/Brussels",
    "IE": "Europe/Dublin",
    "TR": "Europe/Istanbul",
    "AE": "Asia/Dubai",
    "SA": "Asia/Riyadh",
    "EG": "Africa/Cairo",
    "ZA": "Africa/Johannesburg",
    "IN": "Asia/Kolkata",
    "JP": "Asia/Tokyo",
    "AU": "Australia/Sydney",
    "SG": "Asia/Singapore",
}


def _table() -> dict[MarketplaceId, Marketplace]:
    europe = "sellercentral-europe.amazon.com"
    na, eu, fe = Region.NORTH_AMERICA, Region.EUROPE, Region.FAR_EAST
    rows = [
        ("ATVPDKIKX0DER", "US", "USD", na, "sellercentral.amazon.com", True),
        ("A2EUQ1WTGCTBG2", "CA", "CAD", na, "sellercentral.amazon.ca", True),
        ("A1AM78C64UM0Y8", "MX", "MXN", na, "sellercentral.amazon.com.mx", False),
        ("A2Q3Y263D00KWC", "BR", "BRL", na, "sellercentral.amazon.com.br", False),
        ("A1F83G8C2ARO7P", "GB", "GBP", eu, europe, False),
        ("A1PA6795UKMFR9", "DE", "EUR", eu, europe, False),
        ("A13V1IB3VIYZZH", "FR", "EUR", eu, europe, False),
        ("APJ6JRA9NG5V4", "IT", "EUR", eu, europe, False),
        ("A1RKKUPIHCS9HS", "ES", "EUR", eu, europe, False),
        ("A1805IZSGTT6HS", "NL", "EUR", eu, "sellercentral.amazon.nl", False),
        ("A2NODRKZP88ZB9", "SE", "SEK", eu, "sellercentral.amazon.se", False),
        ("A1C3SOZRARQ6R3", "PL", "PLN", eu, "sellercentral.amazon.pl", False),
        ("AMEN7PMS3EDWL", "BE", "EUR", eu, "sellercentral.amazon.com.be", False),
        ("A28R8C7NBKEWEA", "IE", "EUR", eu, "sellercentral.amazon.ie", False),
        ("A33AVAJ2PDY3EV", "TR", "TRY", eu, "sellercentral.amazon.com.tr", False),
        ("A2VIGQ35RCS4UG", "AE", "AED", eu, "sellercentral.amazon.ae", False),
        ("A17E79C6D8DWNP", "SA", "SAR", eu, "sellercentral.amazon.sa", False),
        ("ARBP9OOSHTCHU", "EG", "EGP", eu, "sellercentral.amazon.eg", False),
        ("AE08WJ6YKNBMC", "ZA", "ZAR", eu, "sellercentral.amazon.co.za", False),
        ("A21TJRUUN4KGV", "IN", "INR", eu, "sellercentral.amazon.in", False),
        ("A1VC38T7YXB528", "JP", "JPY", fe, "sellercentral.amazon.co.jp", False),
        ("A39IBJ37TRP1C6", "AU", "AUD", fe, "sellercentral.amazon.com.au", False),
        ("A19VAU5U5O7RUS", "SG", "SGD", fe, "sellercentral.amazon.sg", False),
    ]
    return {
        MarketplaceId(key): Marketplace(MarketplaceId(key), country, currency, region, host, added)
        for key, country, currency, region, host, added in rows
    }


MARKETPLACES = _table()


def order_page(marketplace_id: MarketplaceId, order_id: AmazonOrderId) -> str:
    """Where Seller Central shows an order; of an unknown marketplace, the American site."""
    marketplace = MARKETPLACES.get(marketplace_id)
    host = marketplace.seller_central if marketplace else "sellercentral.amazon.com"
    return f"https://{host}/orders-v3/order/{order_id}"
