"""Carriers in Amazon's spelling, and those that a tracking number gives away.

A carrier code that is not spelled as Amazon spells it leaves the order unconfirmed; the name of
any other carrier goes with the code `Other`.

Source: the carrier codes of Amazon's feed schemas (amzn-base.xsd) and the announcement
"CarrierCode value required in shipment confirmations"; the forms of numbers from the carriers'
own label guides, UPU S10 and ISO 7064, read 2026-11-20.
"""

import re

OTHER = "Other"
CODES: frozenset[str] = frozenset(
    {
        OTHER,
        "4PX",
        "APC Overnight",
        "AT POST",
        "AUSSIE_POST",
        "Amazon Shipping",
        "Aramex",
        "Aras Kargo",
        "Arco Spedizioni",
        "Asendia",
        "Australia Post",
        "BPOST",
        "BRT",
        "Best Express",
        "BlueDart",
        "CEVA",
        "CNE",
        "CTTExpress",
        "Canada Post",
        "China Post",
        "Chronopost",
        "Colis Prive",
        "Colissimo",
        "Correios",
        "Correos",
        "Correos Express",
        "CouriersPlease",
        "DACHSER",
        "DB Schenker",
        "DHL",
        "DHL Express",
        "DHL Freight",
        "DHL Global Mail",
        "DHL Home Delivery",
        "DHL eCommerce",
        "DHL-Paket",
        "DPD",
        "DPD Local",
        "DSV",
        "DTDC",
        "DX",
        "Delhivery",
        "Deutsche Post",
        "Ecom Express",
        "Emirates Post",
        "Envialia",
        "Estafeta",
        "Estes",
        "FERCAM",
        "Fastway",
        "FedEx",
        "FedEx SmartPost",
        "Fedex Freight",
        "France Express",
        "GEL Express",
        "GLS",
        "GO!",
        "Gati",
        "Geodis Calberson",
        "Heppner",
        "Hermes",
        "Hermes Einrichtungsservice",
        "Hermes Logistik Gruppe",
        "Hongkong Post",
        "InPost",
        "India Post",
        "JP_EXPRESS",
        "Japan Post",
        "Jersey Post",
        "Kuehne+Nagel",
        "La Poste",
        "Landmark Global",
        "Lasership",
        "MNG Kargo",
        "MRW",
        "Mondial Relay",
        "NACEX",
        "Newgistics",
        "Nexive",
        "Ninjavan",
        "NipponExpress",
        "OSM",
        "Old Dominion",
        "OnTrac",
        "PTT Kargo",
        "PUROLATOR",
        "Palletways",
        "Parcelforce",
        "Pilot Freight",
        "Polish Post",
        "Post NL",
        "PostNord",
        "Poste Italiane",
        "R+L",
        "Rhenus",
        "Roadrunner",
        "Royal Mail",
        "SDA",
        "SF Express",
        "SagawaExpress",
        "Saia",
        "Seino",
        "Self Delivery",
        "Sendcloud",
        "Sendle",
        "Seur",
        "Singapore Post",
        "Speedex",
        "Spring GDS",
        "StarTrack-ArticleID",
        "StarTrack-Consignment",
        "Streamlite",
        "Swiss post",
        "TIPSA",
        "TNT",
        "Target",
        "Toll Global Express",
        "Total Express",
        "Tourline",
        "Trans-o-Flex",
        "Tuffnells",
        "UK MAIL",
        "UPS",
        "UPS Freight",
        "UPS Mail Innovations",
        "USPS",
        "WINIT",
        "Whistl",
        "XPO Freight",
        "Xpressbees",
        "YTO Express",
        "YamatoTransport",
        "Yanwen",
        "Yodel",
        "Yun Express",
        "Yunda Express",
        "ZTO Express",
        "Zeleris",
    }
)

# Where letters and parcels by S10 come from, by the country at the end of the number.
_POSTS = {
    "AU": "Australia Post",
    "BE": "BPOST",
    "BR": "Correios",
    "CA": "Canada Post",
    "CH": "Swiss post",
    "CN": "China Post",
    "DK": "PostNord",
    "ES": "Correos",
    "FR": "La Poste",
    "GB": "Royal Mail",
    "HK": "Hongkong Post",
    "IN": "India Post",
    "IT": "Poste Italiane",
    "JP": "Japan Post",
    "NL": "Post NL",
    "PL": "Polish Post",
    "SE": "PostNord",
    "SG": "Singapore Post",
    "US": "USPS",
}
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_UPS = re.compile(r"1Z[0-9A-Z]{16}")
_S10 = re.compile(r"([A-Z]{2})([0-9]{8})([0-9])([A-Z]{2})")
_USPS = re.compile(r"(?:420[0-9]{5}(?:[0-9]{4})?)?(9[2-5][0-9]{20})")
_FEDEX = re.compile(r"96[0-9]{5}([0-9]{15})")
_DHL_PAKET = re.compile(r"00340434[0-9]{12}")
_DPD = re.compile(r"[0-9]{14}[A-Z]")
_AMAZON = re.compile(r"TBA[0-9]{12}")
_LASERSHIP = re.compile(r"1LS[0-9A-Z]{10,16}")
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BY_LOWER_CASE = {code.lower(): code for code in CODES}


def spelled(carrier: str) -> str | None:
    """Amazon's spelling of a carrier somebody wrote down; None when Amazon does not list it."""
    return _BY_LOWER_CASE.get(carrier.strip().lower())


def recognise(tracking_number: str) -> str | None:
    """Names the carrier whose numbers look so and whose check digit is right.

    Many carriers number their parcels with a dozen plain digits; those are nobody's for sure,
    and a wrong carrier is worse than none.
    """
    number = re.sub(r"[\s-]", "", tracking_number).upper()
    if _UPS.fullmatch(number):
        return "UPS" if _ups_checks(number) else None
    if found := _S10.fullmatch(number):
        return _post_of(found)
    if found := _USPS.fullmatch(number):
        return "USPS" if _gs1_checks(found[1]) else None
    if found := _FEDEX.fullmatch(number):
        return "FedEx" if _gs1_checks(found[1]) else None
    if _DHL_PAKET.fullmatch(number):
        return "DHL-Paket" if _gs1_checks(number) else None
    if _DPD.fullmatch(number):
        return "DPD" if _iso_7064_checks(number) else None
    if _AMAZON.fullmatch(number):
        return "Amazon Shipping"
    return "Lasership" if _LASERSHIP.fullmatch(number) else None


def _post_of(number: re.Match[str]) -> str | None:
    service, digits, check, country = number.groups()
    if country == "GB" and service[0] in "CE":
        # These services are Parcelforce's or Royal Mail's, and the number does not say whose.
        return None
    total = sum(w * int(digit) for w, digit in zip(_S10_WEIGHTS, digits, strict=True))
    right = {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11)
    return _POSTS.get(country) if int(check) == right else None


def _ups_checks(number: str) -> bool:
    values = [int(one) if one.isdigit() else (ord(one) - 63) % 10 for one in number[2:-1]]
    total = sum(values[::2]) + 2 * sum(values[1::2])
    return number[-1] == str(-total % 10)


def _gs1_checks(number: str) -> bool:
    """The check digit of all numbers in GS1 form: weights 3 and 1, from the right."""
    *rest, check = (int(one) for one in number)
    total = 3 * sum(rest[::-1][::2]) + sum(rest[::-1][1::2])
    return check == -total % 10


def _iso_7064_checks(number: str) -> bool:
    """The check character by ISO 7064, mod 37,36."""
    carry = 36
    for one in number[:-1]:
        carry = (carry + _DIGITS.index(one)) % 36 or 36
        carry = carry * 2 % 37
    return (carry + _DIGITS.index(number[-1])) % 36 == 1
