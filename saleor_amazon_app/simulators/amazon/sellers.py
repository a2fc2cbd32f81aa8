"""Sellers API v1: in which marketplaces a seller sells.

Source: selling-partner-api-models, sellers.json, read 2026-11-20.
"""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from saleor_amazon_app.core.ids import MarketplaceId
from saleor_amazon_app.core.marketplaces import MARKETPLACES
from saleor_amazon_app.simulators.amazon.accounts import Seller
from saleor_amazon_app.simulators.amazon.answers import JsonObject, json_answer

# Per country: what follows "amazon." in the address, and the language of the site.
_SITES = {
    "US": ("com", "en_US"),
    "CA": ("ca", "en_CA"),
    "MX": ("com.mx", "es_MX"),
    "BR": ("com.br", "pt_BR"),
    "GB": ("co.uk", "en_GB"),
    "DE": ("de", "de_DE"),
    "FR": ("fr", "fr_FR"),
    "IT": ("it", "it_IT"),
    "ES": ("es", "es_ES"),
    "NL": ("nl", "nl_NL"),
    "SE": ("se", "sv_SE"),
    "PL": ("pl", "pl_PL"),
    "BE": ("com.be", "fr_BE"),
    "IE": ("ie", "en_IE"),
    "TR": ("com.tr", "tr_TR"),
    "AE": ("ae", "en_AE"),
    "SA": ("sa", "ar_AE"),
    "EG": ("eg", "ar_AE"),
    "ZA": ("co.za", "en_ZA"),
    "IN": ("in", "en_IN"),
    "JP": ("co.jp", "ja_JP"),
    "AU": ("com.au", "en_AU"),
    "SG": ("sg", "en_SG"),
}


def get_marketplace_participations(seller: Seller, _request: Request, _now: datetime) -> Response:
    """Lists the seller's marketplaces; those that are not Amazon's own shops are left out."""
    ids = [MarketplaceId(marketplace) for marketplace in seller.marketplaces]
    return json_answer({"payload": [_participation(key) for key in ids if key in MARKETPLACES]})


def _participation(marketplace_id: MarketplaceId) -> JsonObject:
    marketplace = MARKETPLACES[marketplace_id]
    suffix, language = _SITES[marketplace.country]
    return {
        "marketplace": {
            "id": marketplace_id,
            "name": f"Amazon.{suffix}",
            "countryCode": marketplace.country,
            "defaultCurrencyCode": marketplace.currency,
            "defaultLanguageCode": language,
            "domainName": f"www.amazon.{suffix}",
        },
        "participation": {"isParticipating": True, "hasSuspendedListings": False},
        "storeName": "Simulated store",
    }
