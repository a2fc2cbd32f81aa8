"""Amazon's addresses as the host takes them, or the reason why it would not.

What the host demands and drops was tried against Saleor 3.23 for each of these countries.
"""

import pytest

from saleor_amazon_app.amazon.order_records import DeliveryAddress
from saleor_amazon_app.core.reasons import HoldCode, Reason
from saleor_amazon_app.mapping.addresses import (
    COUNTRIES,
    cleaned,
    country_of,
    to_host,
)
from saleor_amazon_app.saleor.order_inputs import AddressInput
from tests.unit.amazon_orders import SEATTLE, Json


def given_address(address: Json) -> DeliveryAddress:
    return DeliveryAddress.model_validate(address)


def taken(address: Json) -> AddressInput:
    found = to_host(given_address(address))
    assert isinstance(found, AddressInput), found
    return found


def refused(address: Json) -> Reason:
    found = to_host(given_address(address))
    assert isinstance(found, Reason), found
    assert found.code is HoldCode.ADDRESS_REFUSED
    return found


def at(country: str, **fields: str) -> Json:
    return {"name": "Ada Example", "addressLine1": "1 Test Street", "countryCode": country} | fields


# What the host demands besides street and country; "-" in a field satisfies it everywhere.
DEMANDED = {
    **dict.fromkeys(
        ("US", "IT", "ES", "IN", "BR", "MX", "CA", "AU"), {"city", "stateOrRegion", "postalCode"}
    ),
    **dict.fromkeys(("GB", "DE", "FR", "TR", "PL", "SE", "NL", "BE", "ZA"), {"city", "postalCode"}),
    "JP": {"stateOrRegion", "postalCode"},
    "AE": {"stateOrRegion"},
    "SG": {"postalCode"},
    **dict.fromkeys(("SA", "EG", "IE"), {"city"}),
}
WHOLE = {"city": "Somewhere", "stateOrRegion": "Some state", "postalCode": "12345"}


@pytest.mark.parametrize("country", DEMANDED)
def test_an_address_with_what_its_country_demands_is_taken_word_for_word(country: str) -> None:
    fields = {name: WHOLE[name] for name in DEMANDED[country]}

    found = taken(at(country, **fields))

    assert found.country == country
    assert found.street_address1 == "1 Test Street"
    assert found.city == fields.get("city", found.city)
    assert found.city
    assert found.country_area == fields.get("stateOrRegion", "")
    assert found.postal_code == fields.get("postalCode", "")
    assert found.skip_validation


@pytest.mark.parametrize(
    ("country", "missing"),
    [(country, field) for country, demanded in DEMANDED.items() for field in sorted(demanded)],
)
@pytest.mark.parametrize("instead", [None, "", "  \t "])
def test_an_address_without_what_its_country_demands_is_refused(
    country: str, missing: str, instead: str | None
) -> None:
    words = {"city": "no city", "stateOrRegion": "state or province", "postalCode": "postal code"}

    reason = refused({**at(country, **WHOLE), missing: instead})

    assert words[missing] in reason.message
    assert reason.message.endswith("save and retry.")


@pytest.mark.parametrize("country", DEMANDED)
def test_an_address_without_street_is_refused(country: str) -> None:
    reason = refused({**at(country, **WHOLE), "addressLine1": None})

    assert "no street" in reason.message


@pytest.mark.parametrize(
    ("country", "place", "written"),
    [
        ("GB", {"countryCode": "UK"}, "GB"),
        ("US", {"countryCode": "us"}, "US"),
        ("US", {"countryCode": " US "}, "US"),
        ("PR", {}, "PR"),
        ("XK", {}, "XK"),
    ],
)
def test_a_country_is_written_as_the_host_writes_it(
    country: str, place: dict[str, str], written: str
) -> None:
    assert taken(at(country, **{**WHOLE, **place})).country == written


@pytest.mark.parametrize(
    ("country", "words"),
    [("", "names no country"), ("ZZ", "knows no country 'ZZ'"), ("EU", "knows no country 'EU'")],
)
def test_a_country_the_host_does_not_know_is_refused(country: str, words: str) -> None:
    assert words in refused(at(country, **WHOLE)).message


@pytest.mark.parametrize(
    ("_case", "lines", "street"),
    [
        ("one line", ["1 Test Street"], ("1 Test Street", "")),
        ("two lines", ["1 Test Street", "Unit 2"], ("1 Test Street", "Unit 2")),
        ("the first line empty", ["", "Unit 2"], ("Unit 2", "")),
        ("three lines", ["A", "B", "C"], ("A", "B, C")),
        ("a long line", ["a" * 200 + " " + "b" * 200], ("a" * 200, "b" * 200)),
        ("a long second line", ["A", "b" * 200 + " " + "c" * 100], None),
        ("a long word", ["a" * 300], ("a" * 256, "a" * 44)),
        ("the longest", ["a" * 256, "b" * 256], ("a" * 256, "b" * 256)),
    ],
)
def test_a_street_is_told_on_two_lines(
    _case: str, lines: list[str], street: tuple[str, str] | None
) -> None:
    given = {f"addressLine{number}": line for number, line in enumerate(lines, 1)}

    found = taken({**SEATTLE, "addressLine2": None, **given})

    if street:
        assert (found.street_address1, found.street_address2) == street
    written = f"{found.street_address1} {found.street_address2}".replace(" ", "").replace(",", "")
    assert written == "".join(lines).replace(" ", "")
    assert 0 < len(found.street_address1) <= 256
    assert len(found.street_address2) <= 256


@pytest.mark.parametrize(
    ("field", "length", "words"),
    [
        ("addressLine1", 600, "longer than the 512 characters"),
        ("city", 257, "city has 257 characters; Saleor keeps 256"),
        ("districtOrCounty", 129, "district has 129 characters; Saleor keeps 128"),
        ("stateOrRegion", 129, "state has 129 characters; Saleor keeps 128"),
        ("postalCode", 21, "postal code has 21 characters; Saleor keeps 20"),
    ],
)
def test_a_field_longer_than_the_host_keeps_is_refused(field: str, length: int, words: str) -> None:
    assert words in refused({**SEATTLE, field: "x" * length}).message


def test_a_long_name_and_company_are_cut() -> None:
    found = taken({**SEATTLE, "name": f"{'a' * 300} {'b' * 300}", "companyName": "c" * 300})

    assert (found.first_name, found.last_name) == ("a" * 256, "b" * 256)
    assert found.company_name == "c" * 256


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada Example", ("Ada", "Example")),
        ("Ada", ("", "Ada")),
        ("Ada  van der\tExample", ("Ada van der", "Example")),
        ("山田太郎", ("", "山田太郎")),
        ("", ("", "")),
        (None, ("", "")),
    ],
)
def test_the_last_word_of_a_name_is_the_family_s(name: str | None, parts: tuple[str, str]) -> None:
    found = taken({**SEATTLE, "name": name})

    assert (found.first_name, found.last_name) == parts


@pytest.mark.parametrize(
    ("phone", "country", "is_taken"),
    [
        ("+1 480-386-0930 ext. 73824", "US", True),
        ("480-386-0930", "US", True),
        ("+49 30 123456", "US", True),
        ("0151 12345678", "DE", True),
        ("999", "US", False),
        ("555-0100", "US", False),
        ("0000000000", "US", False),
        ("123-456-7890", "US", False),
        ("0151 1234567", "DE", False),
        ("07700900123", "GB", False),
        ("+971 4 123 4567", "AE", False),
        ("-", "US", False),
        ("N/A", "US", False),
        ("+1 480-386-0930 ext. 73824 / call", "US", False),
        ("1" * 400, "US", False),
        ("", "US", False),
        (None, "US", False),
    ],
)
def test_a_phone_that_would_fail_the_order_is_left_out(
    phone: str | None, country: str, is_taken: bool
) -> None:
    found = taken({**at(country, **WHOLE), "phone": phone})

    assert found.phone == (phone if is_taken else "")


@pytest.mark.parametrize(
    ("_case", "address", "street", "city", "city_area"),
    [
        (
            "the Emirates have no city in the host",
            at("AE", city="Al Ain", districtOrCounty="Al Jimi", stateOrRegion="Abu Dhabi"),
            ("1 Test Street", "Al Jimi, Al Ain"),
            "Al Ain",
            "Al Jimi",
        ),
        (
            "a city that the street names already",
            at("AE", addressLine2="Al Ain Mall", city="Al Ain", stateOrRegion="Abu Dhabi"),
            ("1 Test Street", "Al Ain Mall"),
            "Al Ain",
            "",
        ),
        (
            "the host keeps the city in Japan",
            at("JP", city="Shibuya-ku", stateOrRegion="Tokyo", postalCode="150-0043"),
            ("1 Test Street", ""),
            "Shibuya-ku",
            "",
        ),
        (
            "Turkey has no district in the host",
            at(
                "TR",
                addressLine2="Kat 3",
                city="Istanbul",
                districtOrCounty="Beyoglu",
                postalCode="34430",
            ),
            ("1 Test Street", "Kat 3, Beyoglu"),
            "Istanbul",
            "Beyoglu",
        ),
        (
            "Singapore is its own city",
            at("SG", city="Singapore", postalCode="018956"),
            ("1 Test Street", ""),
            "Singapore",
            "",
        ),
        (
            "a county is not needed",
            at(
                "GB",
                addressLine2="Flat 2A",
                city="London",
                districtOrCounty="Greater London",
                postalCode="SW1A 1AA",
            ),
            ("1 Test Street", "Flat 2A"),
            "London",
            "Greater London",
        ),
        (
            "a city instead, where none is needed",
            at("JP", stateOrRegion="東京都", postalCode="150-0043"),
            ("1 Test Street", ""),
            "東京都",
            "",
        ),
        (
            "the country instead, where nothing else is known",
            at("SG", postalCode="018956"),
            ("1 Test Street", ""),
            "Singapore",
            "",
        ),
        (
            "a street so long that the city does not fit",
            at("AE", addressLine2="x" * 256, city="Al Ain", stateOrRegion="Abu Dhabi")
            | {"addressLine1": "y" * 256},
            ("y" * 256, "x" * 256),
            "Al Ain",
            "",
        ),
    ],
)
def test_a_place_that_the_host_would_drop_stands_in_the_street_too(
    _case: str, address: Json, street: tuple[str, str], city: str, city_area: str
) -> None:
    found = taken(address)

    assert (found.street_address1, found.street_address2) == street
    assert (found.city, found.city_area) == (city, city_area)


BRAZIL = at("BR", city="São Paulo", stateOrRegion="SP", postalCode="01310-100")
PAULISTA = {
    "streetName": "Avenida Paulista",
    "streetNumber": "1000",
    "complement": "Sala 301",
    "neighborhood": "Bela Vista",
}


def test_a_brazilian_neighbourhood_is_the_district() -> None:
    found = taken({**BRAZIL, "extendedFields": PAULISTA})

    assert (found.street_address1, found.street_address2) == ("1 Test Street", "")
    assert found.city_area == "Bela Vista"


def test_a_brazilian_street_in_parts_is_put_together_where_amazon_sends_no_lines() -> None:
    found = taken({**BRAZIL, "addressLine1": None, "extendedFields": PAULISTA})

    assert (found.street_address1, found.street_address2) == ("Avenida Paulista, 1000", "Sala 301")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\x00b", "a b"),
        ("a\nb\r\n\tc", "a b c"),
        (" a \u2028 b ", "a b"),
        ("a\x07", "a"),
        ("👩\u200d🚒 \u05d0", "👩\u200d🚒 \u05d0"),
        ("\ud800a", "a"),
        ("", ""),
        (None, ""),
    ],
)
def test_control_characters_never_reach_a_label(text: str | None, kept: str) -> None:
    assert cleaned(text) == kept


def test_the_host_s_countries_are_told_by_two_letters() -> None:
    assert all(len(country) == 2 for country in COUNTRIES)
    assert country_of(None) is None
