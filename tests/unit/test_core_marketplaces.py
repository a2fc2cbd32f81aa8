"""Every marketplace Amazon lists is known with its own currency."""

from babel import Locale

from saleor_amazon_app.core.marketplaces import MARKETPLACES, Region


def test_each_marketplace_has_a_country_and_a_currency_that_exist() -> None:
    english = Locale("en")

    assert len(MARKETPLACES) == 23
    for key, marketplace in MARKETPLACES.items():
        assert marketplace.id == key
        assert marketplace.country in english.territories
        assert marketplace.currency in english.currencies
        assert marketplace.seller_central.startswith("sellercentral")
    assert len({each.country for each in MARKETPLACES.values()}) == 23


def test_only_the_united_states_and_canada_add_tax_to_the_price_shown() -> None:
    added = {each.country for each in MARKETPLACES.values() if each.tax_added}

    assert added == {"US", "CA"}
    assert {each.region for each in MARKETPLACES.values()} == set(Region)
