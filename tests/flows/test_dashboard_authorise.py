"""Who may ask the app's own API: proved by the dashboard's token, refused for everything else."""

import base64
import hmac
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from saleor_amazon_app.ledger import installations
from saleor_amazon_app.ledger.installations import InstallationStatus
from saleor_amazon_app.simulators.saleor.keys import key_set, new_key
from tests.flows.dashboard import Asker, asker, connected
from tests.flows.doors import SHOP_URL, Doors

WHO = "{ viewer { email shopDomain permissions canSeeOrders canManage } }"


@pytest.fixture
async def asking(doors: Doors) -> Asker:
    return await asker(doors)


async def refused(asking: Asker, token: str, **headers: str) -> tuple[int, str]:
    """The status and the code of a refusal that tells nothing else."""
    response = await asking.doors.http.post(
        "/graphql", json={"query": WHO}, headers=asking.headers(token) | headers
    )
    answer = response.json()
    (error,) = answer["errors"]
    assert answer["data"] is None
    assert "set-cookie" not in response.headers
    assert token not in response.text or not token
    return response.status_code, error["extensions"]["code"]


async def test_the_viewer_is_who_the_token_says(asking: Asker) -> None:
    told = await asking.ask(WHO)

    assert told == {
        "viewer": {
            "email": "ann@shop.test",
            "shopDomain": asking.shop.domain,
            "permissions": ["MANAGE_APPS", "MANAGE_ORDERS"],
            "canSeeOrders": True,
            "canManage": True,
        }
    }


@pytest.mark.parametrize(
    "_case",
    [
        {"iss": "https://other.test/graphql/"},
        {"iss": ""},
        {"app": "QXBwOjk5"},
        {"app": None},
        {"type": "access"},
        {"type": "app"},
        {"is_staff": False},
        {"is_staff": "yes"},
        {"user_id": ""},
        {"user_permissions": None},
        {"exp": None},
        {"exp": "soon"},
    ],
    ids=str,
)
async def test_a_token_that_says_something_else_is_refused(
    asking: Asker, _case: dict[str, Any]
) -> None:
    token = asking.but(claims=_case).token()

    assert await refused(asking, token) == (401, "UNAUTHENTICATED")


async def test_a_token_ends(asking: Asker) -> None:
    # given
    token = asking.token()
    assert (await asking.ask(WHO))["viewer"]["canManage"]

    # when
    asking.doors.clock.move(minutes=5, seconds=11)

    # then: the pages know that a newer one helps
    assert await refused(asking, token) == (401, "TOKEN_EXPIRED")


def _unsigned(token: str, algorithm: str) -> str:
    header = json.dumps({"alg": algorithm, "typ": "JWT"}).encode()
    head = base64.urlsafe_b64encode(header).rstrip(b"=").decode()
    return f"{head}.{token.split('.')[1]}."


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "RS256", "HS256"])
async def test_an_unsigned_token_is_refused(asking: Asker, algorithm: str) -> None:
    token = _unsigned(asking.token(), algorithm)

    assert await refused(asking, token) == (401, "UNAUTHENTICATED")


async def test_the_public_key_is_no_secret_to_sign_with(asking: Asker) -> None:
    # given: what anyone can fetch, as the secret of another algorithm
    public = asking.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    claims = jwt.decode(asking.token(), options={"verify_signature": False})
    kid = key_set(asking.key)["keys"][0]["kid"]
    header = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "kid": kid}).encode())
    body = base64.urlsafe_b64encode(json.dumps(claims).encode())
    signing = b".".join(each.rstrip(b"=") for each in (header, body))
    signature = base64.urlsafe_b64encode(hmac.digest(public, signing, "sha256")).rstrip(b"=")

    assert await refused(asking, f"{signing.decode()}.{signature.decode()}") == (
        401,
        "UNAUTHENTICATED",
    )


async def test_another_shops_staff_are_strangers(asking: Asker) -> None:
    other = await asker(asking.doors, asking.doors.other)

    # their token, their token in our shop's name, and our token at their shop
    assert await refused(asking, other.token()) == (401, "UNAUTHENTICATED")
    forged = asking.but(key=other.key).token()
    assert await refused(asking, forged) == (401, "UNAUTHENTICATED")
    theirs = {"saleor-api-url": other.shop.saleor_api_url}
    assert await refused(asking, asking.token(), **theirs) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é", "." * 20_000, "a" * 20_000])
async def test_what_is_no_token_is_refused(asking: Asker, token: str) -> None:
    headers = asking.headers("x")
    headers["Authorization"] = f"Bearer {token}".encode("latin-1").decode("latin-1")
    response = await asking.doors.http.post(
        "/graphql",
        json={"query": WHO},
        headers=[(k.encode(), v.encode("latin-1")) for k, v in headers.items()],
    )

    assert response.status_code == 401


async def test_a_cookie_proves_nothing(asking: Asker) -> None:
    token = asking.token()
    response = await asking.doors.http.post(
        "/graphql",
        json={"query": WHO},
        headers={"saleor-api-url": SHOP_URL, "Cookie": f"token={token}; auth_token={token}"},
    )

    assert response.status_code == 401


@pytest.mark.parametrize("address", ["", "http://unknown.test/graphql/", "x" * 1000, "\x7f"])
async def test_an_unknown_shop_is_named_as_such(asking: Asker, address: str) -> None:
    got = await refused(asking, asking.token(), **{"saleor-api-url": address})

    assert got == (401, "UNKNOWN_SHOP")


async def test_a_shop_that_removed_the_app_is_unknown(asking: Asker) -> None:
    async with asking.doors.lines.database.transaction() as session:
        await installations.set_status(
            session, asking.shop.id, InstallationStatus.REMOVED, now=asking.doors.clock()
        )

    assert await refused(asking, asking.token()) == (401, "UNKNOWN_SHOP")


async def test_keys_that_the_shop_changed_are_asked_for_once_a_minute(asking: Asker) -> None:
    # given
    asking.doors.clock.move(minutes=2)
    strange = new_key()

    def asked() -> int:
        return sum(1 for each in asking.doors.wires.sent if "jwks" in each.name)

    # when: strangers try, twice in a minute
    before = asked()
    assert await refused(asking, asking.but(key=strange).token()) == (401, "UNAUTHENTICATED")
    assert await refused(asking, asking.but(key=strange).token()) == (401, "UNAUTHENTICATED")
    assert asked() == before + 1

    # then: a new key of the shop is accepted once it may be asked for
    asking.doors.shop.state.signing_key = strange
    renewed = asking.but(key=strange)
    assert await refused(asking, renewed.token()) == (401, "UNAUTHENTICATED")
    asking.doors.clock.move(minutes=2)
    assert (await renewed.ask(WHO))["viewer"]["canManage"]


# What each field of Query needs; a new one must be written down here.
NEEDS: dict[str, tuple[str, set[str]]] = {
    "viewer": ("{ viewer { email } }", set()),
    "stores": ("{ stores { id } }", {"MANAGE_ORDERS", "MANAGE_APPS"}),
    "store": ('{ store(id: "x") { id } }', {"MANAGE_ORDERS", "MANAGE_APPS"}),
    "orders": ("{ orders { nodes { id } } }", {"MANAGE_ORDERS"}),
    "order": ('{ order(id: "x") { id } }', {"MANAGE_ORDERS"}),
    "orderBySaleorId": ('{ orderBySaleorId(saleorOrderId: "x") { id } }', {"MANAGE_ORDERS"}),
    "orderByAmazonId": ('{ orderByAmazonId(amazonOrderId: "x") { id } }', {"MANAGE_ORDERS"}),
    "unmatchedSkus": ("{ unmatchedSkus { nodes { sku } } }", {"MANAGE_ORDERS"}),
    "logs": ("{ logs { nodes { id } } }", {"MANAGE_ORDERS"}),
    "channels": ("{ channels { slug } }", {"MANAGE_APPS"}),
    "warehouses": ("{ warehouses { slug } }", {"MANAGE_APPS"}),
    "shippingMethods": ('{ shippingMethods(channelSlug: "x") { id } }', {"MANAGE_APPS"}),
    "amazonCarriers": ('{ amazonCarriers(marketplaceId: "x") }', {"MANAGE_ORDERS", "MANAGE_APPS"}),
    "amazonMarketplaces": ("{ amazonMarketplaces { id } }", set()),
    "consentOutcome": ('{ consentOutcome(state: "x") }', {"MANAGE_APPS"}),
}


async def test_each_query_is_open_to_whom_it_concerns(asking: Asker) -> None:
    # given
    names = await asking.ask("{ __schema { queryType { fields { name } } } }")
    assert {each["name"] for each in names["__schema"]["queryType"]["fields"]} == NEEDS.keys()

    # when
    for query, any_of in NEEDS.values():
        for held in ((), ("MANAGE_ORDERS",), ("MANAGE_APPS",), ("MANAGE_PRODUCTS",)):
            answer = await asking.but(permissions=held).answer(query)
            # then
            if any_of and any_of.isdisjoint(held):
                assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN", query
                assert not answer["data"] or not any(answer["data"].values())
            else:
                assert "errors" not in answer, (query, answer)


async def test_settings_need_manage_apps_and_figures_manage_orders(asking: Asker) -> None:
    await connected(asking)
    settings = "{ stores { settings { fbaOrders } } }"
    revenue = "{ stores { revenue { currency } } }"

    assert await asking.but(permissions=("MANAGE_ORDERS",)).refusal(settings) == "FORBIDDEN"
    assert await asking.but(permissions=("MANAGE_APPS",)).refusal(revenue) == "FORBIDDEN"
    assert await asking.ask(settings) == {
        "stores": [{"settings": {"fbaOrders": "IMPORT_WHEN_SHIPPED"}}]
    }


DEEP = "{ logs { nodes { order { store { marketplaces { id } } } } } }"
COSTLY = (
    "{ orders(first: 100) { nodes { items { id } parcels { reference } history { what } "
    "outbox { id } extraFields { key } buyer { name } } } "
    "logs(first: 100) { nodes { order { items { id } parcels { reference } history { what } "
    "outbox { id } extraFields { key } } } } }"
)


@pytest.mark.parametrize(
    "query",
    [
        "{",
        "{ nothing }",
        "mutation { nothing }",
        "subscription { orders }",
        "{ " + " ".join(f"a{number}: viewer {{ email }}" for number in range(31)) + " }",
        "{ viewer { " + "email " * 3000 + "} }",
        COSTLY,
        "fragment F on Query { ...F } { ...F }",
    ],
    ids=lambda query: query[:40],
)
async def test_a_query_beyond_the_limits_is_refused_before_anything_is_read(
    asking: Asker, query: str
) -> None:
    assert await asking.refusal(query) == "BAD_INPUT"


async def test_pages_of_the_usual_size_are_within_the_limits(asking: Asker) -> None:
    page = COSTLY.split("logs(")[0].replace("first: 100", "first: 50") + "}"

    assert (await asking.ask(page))["orders"] == {"nodes": []}
    assert (await asking.ask(DEEP))["logs"] == {"nodes": []}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b"{}", 400),
        (b"\xff", 400),
        (b'{"query": 5}', 400),
        (b'{"query": ""}', 400),
        (b'{"query": "{ viewer { email } }", "variables": []}', 400),
        (b'{"query": "' + b" " * 70_000 + b'"}', 413),
        (b"[" * 60_000, 400),
    ],
    ids=lambda value: str(value)[:30],
)
async def test_what_is_no_request_is_answered_in_words(
    asking: Asker, body: bytes, status: int
) -> None:
    response = await asking.doors.http.post("/graphql", content=body, headers=asking.headers())

    assert response.status_code == status
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_INPUT"


async def test_it_is_asked_by_post_alone(asking: Asker) -> None:
    response = await asking.doors.http.get(
        "/graphql", params={"query": WHO}, headers=asking.headers()
    )

    assert response.status_code == 405
