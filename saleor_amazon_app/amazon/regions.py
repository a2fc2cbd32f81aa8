"""Where Amazon listens: one Selling Partner API a region, one token endpoint for all of them.

Source: developer-docs.amazon.com/sp-api, SP-API endpoints and website authorization workflow,
read 2026-11-20.
"""

from dataclasses import dataclass

from saleor_amazon_app.core.marketplaces import Region

_SPAPI_URLS = {
    Region.NORTH_AMERICA: "https://sellingpartnerapi-na.amazon.com",
    Region.EUROPE: "https://sellingpartnerapi-eu.amazon.com",
    Region.FAR_EAST: "https://sellingpartnerapi-fe.amazon.com",
}
_LWA_URL = "https://api.amazon.com"


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Base URLs without a trailing slash.

    Attributes:
        spapi_url: of the Selling Partner API.
        lwa_url: of Login with Amazon, which hands out tokens.
    """

    spapi_url: str
    lwa_url: str


def endpoints(
    region: Region, *, spapi_url: str | None = None, lwa_url: str | None = None
) -> Endpoints:
    """Finds where a region's sellers are served.

    Args:
        region: the region the seller's consent was given in; its token is refused elsewhere.
        spapi_url: used instead of Amazon's own, for every region: a sandbox or a simulator.
        lwa_url: likewise.
    """
    return Endpoints(
        spapi_url=(spapi_url or _SPAPI_URLS[region]).rstrip("/"),
        lwa_url=(lwa_url or _LWA_URL).rstrip("/"),
    )
