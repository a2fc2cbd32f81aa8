"""Addresses of orders that nobody ships from here any more: the gaps are filled visibly."""

import pytest

from saleor_amazon_app.amazon.order_records import DeliveryAddress
from saleor_amazon_app.core.reasons import HoldCode, Reason
from saleor_amazon_app.mapping.addresses import FULFILLED_BY_AMAZON, to_host_with_placeholders
from saleor_amazon_app.saleor.order_inputs import AddressInput
from tests.unit.amazon_orders import SEATTLE, Json


def given_address(address: Json) -> DeliveryAddress:
    return DeliveryAddress.model_validate(address)


@pytest.mark.parametrize(
    ("country", "area", "postal_code"),
    [
        ("US", "WA", "-"),
        ("GB", "", "-"),
        ("DE", "", "-"),
        ("JP", "-", "-"),
        ("AE", "-", ""),
        ("SG", "", "-"),
        ("SA", "", ""),
        ("EG", "", ""),
        ("IE", "", ""),
        ("ZA", "", "-"),
    ],
)
def test_an_order_that_amazon_ships_needs_only_a_country(
    country: str, area: str, postal_code: str
) -> None:
    address = {"countryCode": country, "city": "Somewhere"} | (
        {"stateOrRegion": area} if area == "WA" else {}
    )

    found = to_host_with_placeholders(
        given_address(address), country="US", street=FULFILLED_BY_AMAZON
    )

    assert isinstance(found, AddressInput)
    assert found == AddressInput(
        street_address1="Fulfilled by Amazon",
        city="Somewhere",
        country=country,
        country_area=area,
        postal_code=postal_code,
    )


@pytest.mark.parametrize("address", [None, {}, {"countryCode": ""}])
def test_an_order_without_an_address_goes_to_the_marketplace_s_country(
    address: Json | None,
) -> None:
    given = given_address(address) if address is not None else None

    found = to_host_with_placeholders(given, country="US", street="Not given by Amazon")

    assert isinstance(found, AddressInput)
    assert (found.street_address1, found.city, found.country) == ("Not given by Amazon", "-", "US")
    assert (found.country_area, found.postal_code) == ("-", "-")


def test_what_is_too_long_is_cut_where_nobody_ships_any_more() -> None:
    address = {**SEATTLE, "addressLine1": "x" * 900, "city": "c" * 300, "stateOrRegion": "s" * 300}

    found = to_host_with_placeholders(
        given_address({**address, "postalCode": "9" * 30}), country="US", street="-"
    )

    assert isinstance(found, AddressInput)
    assert (found.street_address1, found.street_address2) == ("x" * 256, "x" * 256)
    assert (found.city, found.country_area) == ("c" * 256, "s" * 128)
    assert found.postal_code == "-"


@pytest.mark.parametrize("country", ["ZZ", ""])
def test_a_country_nobody_knows_is_refused_even_where_nobody_ships(country: str) -> None:
    found = to_host_with_placeholders(
        given_address({"countryCode": country}), country="", street="-"
    )

    assert isinstance(found, Reason)
    assert found.code is HoldCode.ADDRESS_REFUSED
