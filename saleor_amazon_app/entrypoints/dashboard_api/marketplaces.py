"""Amazon's marketplaces, from which a merchant chooses where a store sells."""

import strawberry

from saleor_amazon_app.core.marketplaces import MARKETPLACES
from saleor_amazon_app.entrypoints.dashboard_api.words import Region


@strawberry.type
class AmazonMarketplace:
    """One of Amazon's shops, whether or not a store sells there."""

    id: str
    country_code: str
    name: str
    currency: str
    region: Region


def every_marketplace() -> list[AmazonMarketplace]:
    """All that are known, region by region."""
    return [
        AmazonMarketplace(
            id=one.id,
            country_code=one.country,
            name=one.name,
            currency=one.currency,
            region=Region(one.region),
        )
        for one in MARKETPLACES.values()
    ]
