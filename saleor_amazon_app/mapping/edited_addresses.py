"""What staff enter in the address form of a held order becomes an address as Amazon tells it. Pure.

The form has seven fields and Amazon's address more. What the form does not show stays as Amazon
told it, but for further lines of a street that was entered anew.
"""

from dataclasses import asdict, dataclass
from typing import Any

from saleor_amazon_app.amazon.order_records import DeliveryAddress


@dataclass(frozen=True, slots=True)
class AddressForm:
    """The seven fields, as entered."""

    name: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country_code: str = ""

    def fields(self) -> dict[str, str]:
        """The entries by the names of our API."""
        words: dict[str, str] = asdict(self)
        words["postalCode"], words["countryCode"] = (
            words.pop("postal_code"),
            words.pop("country_code"),
        )
        return words


def shown(address: DeliveryAddress) -> AddressForm:
    """The form as it is before anything was entered."""
    rest = ", ".join(filter(None, (address.address_line2, address.address_line3)))
    return AddressForm(
        name=address.name or "",
        line1=address.address_line1 or "",
        line2=rest,
        city=address.city or "",
        state=address.state_or_region or "",
        postal_code=address.postal_code or "",
        country_code=address.country_code or "",
    )


def applied(form: AddressForm, told: DeliveryAddress) -> DeliveryAddress:
    """The address with what was entered."""
    before = shown(told)
    changes: dict[str, Any] = {
        "name": form.name.strip() or None,
        "city": form.city.strip() or None,
        "state_or_region": form.state.strip() or None,
        "postal_code": form.postal_code.strip() or None,
        "country_code": form.country_code.strip().upper() or None,
    }
    if (form.line1, form.line2) != (before.line1, before.line2):
        changes |= {
            "address_line1": form.line1.strip() or None,
            "address_line2": form.line2.strip() or None,
            "address_line3": None,
            "extended_fields": None,
        }
    return told.model_copy(update=changes)
