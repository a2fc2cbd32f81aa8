"""Login with Amazon as simulated: who gets a token, and what a dead one is told."""

import pytest

from saleor_amazon_app.simulators.amazon import (
    Credentials,
    Operation,
    ScriptedOrder,
    create_amazon,
)
from tests.simulated_amazon import (
    ORDERS,
    HandClock,
    amazon_order,
    line_to,
    log_in,
    order_id,
    refresh_form,
)

TOKEN = "/auth/o2/token"
FORM = refresh_form(Credentials())


async def test_a_refresh_token_gives_an_access_token_for_an_hour() -> None:
    amazon = create_amazon()

    async with line_to(amazon) as http:
        answer = await http.post(TOKEN, data=FORM)

    assert answer.status_code == 200
    token = answer.json()
    assert token.pop("access_token").startswith("Atza|")
    assert token == {"token_type": "bearer", "expires_in": 3600, "refresh_token": "Atzr|simulated"}
    assert amazon.calls == {Operation.GET_TOKEN: 1}


@pytest.mark.parametrize(
    ("_case", "changes", "status", "error"),
    [
        ("wrong client", {"client_id": "someone"}, 401, "invalid_client"),
        ("wrong secret", {"client_secret": "guessed"}, 401, "invalid_client"),
        ("wrong refresh token", {"refresh_token": "Atzr|other"}, 400, "invalid_grant"),
        ("no refresh token", {"refresh_token": ""}, 400, "invalid_request"),
        ("wrong code", {"grant_type": "authorization_code", "code": "x"}, 400, "invalid_grant"),
        ("unknown grant", {"grant_type": "password"}, 400, "unsupported_grant_type"),
        ("wrong scope", {"grant_type": "client_credentials", "scope": "all"}, 400, "invalid_scope"),
    ],
)
async def test_a_wrong_token_request_is_refused_in_oauths_words(
    _case: str, changes: dict[str, str], status: int, error: str
) -> None:
    amazon = create_amazon()

    async with line_to(amazon) as http:
        answer = await http.post(TOKEN, data={**FORM, **changes})

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json().keys() == {"error", "error_description"}


async def test_a_token_request_must_be_a_form() -> None:
    amazon = create_amazon()

    async with line_to(amazon) as http:
        answer = await http.post(TOKEN, json=FORM)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(("speed", "life"), [(1, 3600), (60, 60)])
async def test_an_access_token_expires(speed: int, life: int) -> None:
    clock = HandClock()
    amazon = create_amazon([ScriptedOrder(amazon_order())], clock=clock, speed=speed)

    async with line_to(amazon) as http:
        await log_in(http)
        clock.move(seconds=life - 1)
        good = await http.get(f"{ORDERS}/{order_id()}")
        clock.move(seconds=1)
        dead = await http.get(f"{ORDERS}/{order_id()}")
        await log_in(http)
        new = await http.get(f"{ORDERS}/{order_id()}")

    assert (good.status_code, dead.status_code, new.status_code) == (200, 403, 200)
    assert dead.json()["errors"] == [
        {
            "code": "Unauthorized",
            "message": "Access to requested resource is denied.",
            "details": "The access token you provided has expired.",
        }
    ]


async def test_a_withdrawn_consent_kills_both_kinds_of_token() -> None:
    amazon = create_amazon([ScriptedOrder(amazon_order())])

    async with line_to(amazon) as http:
        await log_in(http)
        amazon.seller.revoke_consent()
        call = await http.get(f"{ORDERS}/{order_id()}")
        refresh = await http.post(TOKEN, data=FORM)
        amazon.seller.restore_consent()
        again = await http.post(TOKEN, data=FORM)

    assert call.status_code == 403
    assert (refresh.status_code, refresh.json()["error"]) == (400, "invalid_grant")
    assert again.status_code == 200


async def test_a_consent_code_can_be_exchanged_once_and_soon() -> None:
    clock = HandClock()
    amazon = create_amazon(clock=clock)
    used, late = amazon.issue_code(), amazon.issue_code()
    grant = {**FORM, "grant_type": "authorization_code"}

    async with line_to(amazon) as http:
        first = await http.post(TOKEN, data={**grant, "code": used})
        second = await http.post(TOKEN, data={**grant, "code": used})
        clock.move(minutes=5)
        third = await http.post(TOKEN, data={**grant, "code": late})

    assert first.json()["refresh_token"] == "Atzr|simulated"
    assert [answer.json()["error"] for answer in (second, third)] == ["invalid_grant"] * 2


async def test_a_grantless_token_opens_no_sellers_orders() -> None:
    amazon = create_amazon([ScriptedOrder(amazon_order())])
    scope = "sellingpartnerapi::notifications"

    async with line_to(amazon) as http:
        form = {**FORM, "grant_type": "client_credentials", "scope": scope}
        token = (await http.post(TOKEN, data=form)).json()
        http.headers["x-amz-access-token"] = token["access_token"]
        answer = await http.get(f"{ORDERS}/{order_id()}")

    assert "refresh_token" not in token
    assert answer.status_code == 403


async def test_two_secrets_are_good_while_one_replaces_the_other() -> None:
    amazon = create_amazon()
    new = {**FORM, "client_secret": "the next one"}

    async with line_to(amazon) as http:
        amazon.login.client_secrets.add("the next one")
        both = [await http.post(TOKEN, data=form) for form in (FORM, new)]
        amazon.login.client_secrets.remove(FORM["client_secret"])
        old = await http.post(TOKEN, data=FORM)

    assert [answer.status_code for answer in both] == [200, 200]
    assert old.json()["error"] == "invalid_client"


async def test_a_seller_sees_only_its_own_orders_and_spends_only_its_own_calls() -> None:
    amazon = create_amazon([ScriptedOrder(amazon_order(1))])
    other = Credentials(refresh_token="Atzr|other")
    amazon.add_seller(
        "A2OTHER",
        refresh_token=other.refresh_token,
        orders=[ScriptedOrder(amazon_order(2, marketplace="A1PA6795UKMFR9"))],
    )

    async with line_to(amazon) as first, line_to(amazon) as second:
        await log_in(first)
        await log_in(second, other)
        for _ in range(15):
            await first.get("/sellers/v1/marketplaceParticipations")
        spent = await first.get("/sellers/v1/marketplaceParticipations")
        fresh = await second.get("/sellers/v1/marketplaceParticipations")
        own = await second.get(f"{ORDERS}/{order_id(2)}")
        foreign = await second.get(f"{ORDERS}/{order_id(1)}")

    assert (spent.status_code, fresh.status_code) == (429, 200)
    (germany,) = fresh.json()["payload"]
    assert germany["marketplace"]["domainName"] == "www.amazon.de"
    assert (own.status_code, foreign.status_code) == (200, 404)
