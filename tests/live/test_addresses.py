"""Addresses of many countries, as the host keeps them."""

import pytest

from tests.live.connected import Connector
from tests.live.host import Host, Json
from tests.live.sales import item, number, sale

# Street, city, state, postal code, phone: as Amazon writes them, its oddities included.
PLACES = {
    "US": ("410 Terry Ave N", "Seattle", "WA", "98109-5210", "+1 480-386-0930 ext. 73824"),
    "US, state by name": ("410 Terry Ave N", "Seattle", "Washington", "98109", "999"),
    "US, unknown state": ("410 Terry Ave N", "Seattle", "Washington State", "98109", ""),
    "PR": ("100 Calle San Francisco", "San Juan", "", "00901", ""),
    "GB": ("10 Downing Street", "London", "Greater London", "sw1a 2aa", "020 7925 0918"),
    "DE": ("Königsallee 5/7", "München", "Bayern", "80331", "0151 12345678"),
    "FR": ("5 Rue de l'Église", "Paris", "", "75001", "+33 1 42 68 53 00"),
    "IT": ("Via Roma 1", "Roma", "RM", "00184", "+39 06 6982"),
    "ES": ("Calle de Alcalá 1", "Madrid", "Madrid", "28014", ""),
    "JP": ("千代田1-1", "千代田区", "東京都", "100-0001", "03-3213-1111"),
    "JP, in Latin letters": ("1-1 Chiyoda", "Chiyoda-ku", "Tokyo", "100-0001", ""),
    "IN": ("1 MG Road", "Mumbai", "MAHARASHTRA", "400001", "+91 22 2262 0251"),
    "BR": ("Av. Paulista 1578", "São Paulo", "SP", "01310-200", "+55 11 3251 5644"),
    "MX": ("Av. Juárez 1", "Ciudad de México", "Ciudad de México", "06050", ""),
    "CA": ("290 Bremner Blvd", "Toronto", "Ontario", "M5V 3L9", "+1 416-868-6937"),
    "AU": ("1 Macquarie St", "Sydney", "New South Wales", "2000", "+61 2 9250 7111"),
    "AE": ("Al Jimi Street 5", "Al Ain", "Abu Dhabi", "", "+971 50 123 4567"),
    "SA": ("King Fahd Road 1", "Riyadh", "", "12211", ""),
    "EG": ("1 Tahrir Square", "Cairo", "Cairo", "11511", ""),
    "SG": ("1 Raffles Place", "Singapore", "", "048616", "+65 6535 1233"),
    "TR": ("İstiklal Caddesi 1", "Beyoğlu", "İstanbul", "34430", ""),
    "PL": ("Marszałkowska 1", "Warszawa", "", "00-624", ""),
    "SE": ("Sveavägen 1", "Stockholm", "", "111 57", ""),
    "NL": ("Dam 1", "Amsterdam", "", "1012 JS", ""),
    "BE": ("Rue Neuve 1", "Bruxelles", "", "1000", ""),
    "IE": ("1 O'Connell Street", "Dublin", "Dublin", "D01 F5P2", ""),
    "ZA": ("1 Adderley Street", "Cape Town", "Western Cape", "8001", ""),
}


def address(case: str) -> Json:
    street, city, state, postal_code, phone = PLACES[case]
    return {
        "name": "Zoë van der Beispiel 🙂",
        "addressLine1": street,
        "city": city,
        "stateOrRegion": state,
        "postalCode": postal_code,
        "countryCode": case[:2],
        "phone": phone,
    }


@pytest.fixture(scope="module")
async def orders(connected: Connector, everyday: str) -> dict[str, Json]:
    """An order to each of the places, all of them imported."""
    sold = {case: sale(item(everyday), address=address(case)) for case in PLACES}
    store = await connected(list(sold.values()))
    await store.sync()
    assert {case: await store.state(order) for case, order in sold.items()} == dict.fromkeys(
        PLACES, "PLACED"
    )
    return sold


@pytest.mark.parametrize("case", PLACES)
async def test_a_parcel_would_arrive(host: Host, orders: dict[str, Json], case: str) -> None:
    placed = await host.order(number(orders[case]))

    kept = placed["shippingAddress"]
    assert placed["billingAddress"] == kept
    assert kept["country"]["code"] == case[:2]
    assert (kept["firstName"], kept["lastName"]) == ("Zoë van der Beispiel", "🙂")
    street, city, _, postal_code, phone = PLACES[case]
    # The host writes cities and codes in capitals, and drops fields a country does not have.
    whole = " ".join(value for value in kept.values() if isinstance(value, str)).casefold()
    assert street.casefold() in whole
    assert city.casefold() in whole or city == "Singapore"
    assert postal_code.casefold() in whole
    assert bool(kept["phone"]) is (phone not in ("", "999"))


async def test_three_lines_and_a_district_find_room(
    host: Host, connected: Connector, everyday: str
) -> None:
    order = sale(
        item(everyday),
        address={
            "name": "Mehmet Örnek",
            "companyName": "Örnek A.Ş.",
            "addressLine1": "Moda Caddesi 1",
            "addressLine2": "Kat 2",
            "addressLine3": "Daire 5",
            "districtOrCounty": "Caferağa",
            "city": "Kadıköy",
            "stateOrRegion": "İstanbul",
            "postalCode": "34710",
            "countryCode": "TR",
        },
    )
    store = await connected([order])

    await store.sync()

    kept = (await host.order(number(order)))["shippingAddress"]
    assert kept["companyName"] == "Örnek A.Ş."
    assert kept["streetAddress1"] == "Moda Caddesi 1"
    assert kept["streetAddress2"] == "Kat 2, Daire 5, Caferağa"
