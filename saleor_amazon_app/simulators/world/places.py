"""Invented people at plausible addresses, in the scripts of the places they live in.

No name, street or telephone number belongs to anybody; towns and postal codes exist, because a
host judges them.
"""

from dataclasses import dataclass
from random import Random
from typing import Any


@dataclass(frozen=True, slots=True)
class Town:
    """Where an order goes; an empty field is one that the country does not use."""

    country: str
    city: str
    state: str
    postal_code: str
    street: str


TOWNS = (
    Town("US", "Seattle", "WA", "98101", "4100 Quillfeather Ave N"),
    Town("US", "Springfield", "Illinois", "62701-1999", "77B Old Lantern Rd"),
    Town("US", "Austin", "TX", "78701", "1 Nowhere Plaza, Apt #1204"),
    Town("CA", "Toronto", "ON", "M5V 2T6", "88 Maplequill Street West"),
    Town("CA", "Montréal", "Québec", "H2X1Y4", "12, rue de l'Érablière-Inventée"),
    Town("MX", "Ciudad de México", "CDMX", "06000", "Calle Jacaranda Ficticia 5, Int. 3"),
    Town("GB", "Leeds", "", "LS1 4DY", "Flat 2, 9 Thistlecombe Row"),
    Town("GB", "London", "Greater London", "ec1a1bb", "The Old Teapot Works"),
    Town("IE", "Galway", "Co. Galway", "H91 E2K3", "3 Faoileán Court"),
    Town("DE", "Köln", "", "50667", "Erfundene Straße 7a"),
    Town("DE", "München", "Bayern", "80331", "Kleinstgässchen 1, Hinterhaus"),
    Town("FR", "Saint-Étienne", "", "42000", "8 bis, allée des Œillets-Rêvés"),
    Town("IT", "Roma", "RM", "00118", "Via dell'Invenzione 21, Scala B"),
    Town("ES", "A Coruña", "A Coruña", "15001", "Rúa Imaxinaria 4, 2º izq."),
    Town("NL", "Utrecht", "", "3511 AX", "Verzonnenlaan 15-II"),
    Town("BE", "Liège", "", "4000", "Rue du Rêveur 6, bte 2"),
    Town("AT", "Wien", "", "1010", "Nirgendgasse 3/2/17"),
    Town("PL", "Łódź", "", "90-001", "ul. Zmyślona 12 m. 4"),
    Town("SE", "Malmö", "", "211 20", "Påhittade vägen 9"),
    Town("GR", "Θεσσαλονίκη", "", "546 21", "Φανταστική οδός 14"),
    Town("PT", "Évora", "", "7000-500", "Travessa da Ilusão 2, R/C"),
    Town("FI", "Jyväskylä", "", "40100", "Keksittykatu 5 A 11"),
    Town("JP", "千代田区", "東京都", "100-0001", "架空町1-2-3 見本マンション405号"),
    Town("JP", "札幌市", "北海道", "0600001", "北二十二条東三十丁目 架空番地"),
    Town("KR", "강남구", "서울특별시", "06000", "가상로 123길 45, 6층"),
    Town("TW", "信義區", "台北市", "110", "虛構路二段99號"),
    Town("IL", "תל אביב", "", "6100000", "רחוב הבדיון 12, דירה 3"),
    Town("AE", "دبي", "دبي", "", "شارع الخيال 8، فيلا 2"),
    Town("IN", "Pune", "Maharashtra", "411001", "Plot 14, Kalpanik Marg, near the water tower"),
    Town("BR", "São Paulo", "SP", "01000-000", "Rua das Acácias Imaginárias, 100"),
    Town("SG", "Singapore", "", "018956", "Blk 7 Imaginary Walk #12-34"),
    Town("HK", "九龍", "九龍", "", "虛構街10號A座"),
    Town("AU", "Hobart", "TAS", "7000", "Unit 5, 61 Wombat Mirage Close"),
    Town("NZ", "Auckland", "", "1010", "9 Kererū Fiction Lane"),
    Town("NO", "Tromsø", "", "9008", "Oppdiktet vei 3"),
)
ALASKA = Town("US", "Anchorage", "AK", "99501", "220 Glacier Fable Way")

_BY_COUNTRY = {
    country: tuple(town for town in TOWNS if town.country == country)
    for country in {town.country for town in TOWNS}
}

_FIRST = ("Avelin", "Brundo", "Cessaly", "Dörvik", "Elmarine", "Fjölla", "Gravyn", "Hespéra")
_LAST = ("Quillmore", "Vantorre", "Østerbråth", "Zweigelhof", "Marchetaine", "O'Tharrow", "Łębiąż")
_NAMES = {
    "JP": ("架空 花子", "見本 太郎", "ミホン サクラ"),
    "KR": ("가상고객", "견본 손님"),
    "TW": ("範例買家",),
    "HK": ("範例買家",),
    "GR": ("Δοκιμή Πελάτου",),
    "IL": ("קונה בדויה",),
    "AE": ("مشتر تجريبي",),
}
# Numbers that are kept for fiction, and what people type into such a field.
_PHONES = (
    "+1 206-555-0143",
    "206-555-0187 ext. 12",
    "+44 7700 900123",
    "+49 151 1234567",
    "0151 1234567",
    "N/A",
    "999",
    "",
    None,
    None,
)


def town_in(rng: Random, country: str) -> Town:
    """One of the towns of a country."""
    return rng.choice(_BY_COUNTRY[country])


def name_of(rng: Random, country: str) -> str:
    """An invented name such as people there have; seldom one that fits no form."""
    if rng.random() < 0.02:
        return rng.choice(("Ottolineargenta " * 20 + "Quill", "Cher-ish 🦊", "X"))
    if country in _NAMES:
        return rng.choice(_NAMES[country])
    return f"{rng.choice(_FIRST)} {rng.choice(_LAST)}"


def address_at(rng: Random, town: Town) -> dict[str, Any]:
    """A whole `deliveryAddress` of Orders 2026-01-01."""
    address: dict[str, Any] = {
        "name": name_of(rng, town.country),
        "addressLine1": town.street,
        "city": town.city,
        "stateOrRegion": town.state,
        "postalCode": town.postal_code,
        "countryCode": town.country,
        "phone": rng.choice(_PHONES),
        "addressType": rng.choice(("RESIDENTIAL", "COMMERCIAL")),
    }
    if town.country == "BR":
        street, _, number = address.pop("addressLine1").rpartition(", ")
        parts = {"streetName": street, "streetNumber": number, "neighborhood": "Jardim Fictício"}
        address["extendedFields"] = parts
    elif rng.random() < 0.2:
        address["addressLine2"] = "c/o Reception, ring twice"
    if rng.random() < 0.05:
        address["addressLine3"] = "behind the blue gate"
    if rng.random() < 0.1:
        address["companyName"] = "Imagined Goods & Söhne GmbH"
    return {key: value for key, value in address.items() if value}


def place_of(town: Town) -> dict[str, Any]:
    """What Amazon tells of the address of an order it fulfils itself: not who, not which house."""
    shown = {"city": town.city, "stateOrRegion": town.state, "countryCode": town.country}
    return {key: value for key, value in shown.items() if value}
