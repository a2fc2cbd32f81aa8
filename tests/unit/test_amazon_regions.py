"""A seller is called where the consent was given, or where the operator says."""

import pytest

from saleor_amazon_app.amazon.regions import Endpoints, endpoints
from saleor_amazon_app.core.marketplaces import Region


@pytest.mark.parametrize(
    ("region", "host"),
    [
        (Region.NORTH_AMERICA, "sellingpartnerapi-na.amazon.com"),
        (Region.EUROPE, "sellingpartnerapi-eu.amazon.com"),
        (Region.FAR_EAST, "sellingpartnerapi-fe.amazon.com"),
    ],
)
def test_a_region_has_its_own_api_and_shares_the_token_endpoint(region: Region, host: str) -> None:
    assert endpoints(region) == Endpoints(f"https://{host}", "https://api.amazon.com")


def test_an_operator_can_send_every_region_elsewhere() -> None:
    found = endpoints(
        Region.EUROPE, spapi_url="http://127.0.0.1:9000/", lwa_url="http://127.0.0.1:9000"
    )

    assert found == Endpoints("http://127.0.0.1:9000", "http://127.0.0.1:9000")
