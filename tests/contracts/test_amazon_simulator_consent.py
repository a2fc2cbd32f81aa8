"""Seller Central's consent as simulated: who is asked, and what comes back."""

from urllib.parse import parse_qs, urlsplit

import pytest

from saleor_amazon_app.simulators.amazon import Credentials, SimulatedAmazon, create_amazon
from tests.simulated_amazon import HandClock, line_to

PATH = "/apps/authorize/consent"
BACK = "https://app.example/amazon/consent"
ASKED = {
    "application_id": Credentials().application_id,
    "state": 'a"b',
    "redirect_uri": BACK,
}
SELLER = {"seller": "A1SIMULATED", "answer": "allow"}


async def test_the_page_offers_the_sellers_of_the_simulation() -> None:
    amazon = create_amazon()
    amazon.add_seller("A2OTHER", refresh_token="Atzr|other", marketplaces=["A1PA6795UKMFR9"])
    async with line_to(amazon) as http:
        page = await http.get(PATH, params=ASKED)

    assert page.status_code == 200
    assert 'value="A1SIMULATED" checked' in page.text
    assert 'value="A2OTHER"' in page.text
    assert 'value="a&quot;b"' in page.text
    assert "set-cookie" not in page.headers


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"application_id": "amzn1.sp.solution.nobody"}, "MD1000"),
        ({"state": ""}, "MD5100"),
        ({"redirect_uri": ""}, "MD5101"),
        ({"redirect_uri": "javascript:alert(1)"}, "MD5101"),
        ({"redirect_uri": "https://app.example/?x=1"}, "MD5101"),
    ],
)
async def test_what_is_asked_wrongly_is_answered_by_amazons_codes(
    changes: dict[str, str], code: str
) -> None:
    async with line_to(create_amazon()) as http:
        page = await http.get(PATH, params=ASKED | changes)
        sent = await http.post(PATH, data=ASKED | SELLER | changes)

    assert (page.status_code, sent.status_code) == (400, 400)
    assert f"{code}:" in page.text


async def answered(amazon: SimulatedAmazon, **changes: str) -> dict[str, list[str]]:
    async with line_to(amazon) as http:
        sent = await http.post(PATH, data=ASKED | SELLER | changes)
    assert sent.status_code == 303
    address = urlsplit(sent.headers["location"])
    assert f"{address.scheme}://{address.netloc}{address.path}" == BACK
    return parse_qs(address.query)


async def test_a_seller_who_agrees_comes_back_with_a_code() -> None:
    told = await answered(create_amazon())

    assert told.pop("spapi_oauth_code")
    assert told == {"state": ['a"b'], "selling_partner_id": ["A1SIMULATED"]}


@pytest.mark.parametrize("changes", [{"answer": "deny"}, {"seller": "A9NOBODY"}])
async def test_a_seller_who_declines_comes_back_without_one(changes: dict[str, str]) -> None:
    assert await answered(create_amazon(), **changes) == {
        "state": ['a"b'],
        "error": ["access_denied"],
    }


@pytest.mark.parametrize(
    ("changes", "minutes", "status"),
    [
        ({}, 4, 200),
        ({}, 5, 400),
        ({"redirect_uri": "https://evil.example/amazon/consent"}, 0, 400),
        ({"client_secret": "wrong"}, 0, 401),
    ],
)
async def test_a_code_is_good_for_five_minutes_one_app_and_one_address(
    changes: dict[str, str], minutes: int, status: int
) -> None:
    clock, known = HandClock(), Credentials()
    amazon = create_amazon(clock=clock)
    (code,) = (await answered(amazon))["spapi_oauth_code"]
    clock.move(minutes=minutes)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "client_id": known.client_id,
        "client_secret": known.client_secret,
    }

    async with line_to(amazon) as http:
        first = await http.post("/auth/o2/token", data=form | changes)
        again = await http.post("/auth/o2/token", data=form)

    assert first.status_code == status
    # What a stranger tries with a wrong secret does not use the code up; everything else does.
    assert again.status_code == (200 if status == 401 else 400)
