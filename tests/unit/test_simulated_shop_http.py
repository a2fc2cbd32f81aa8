"""The simulated shop's door: limits, tokens and errors, in the host's words and statuses."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from saleor_amazon_app.simulators.saleor import default_seed
from saleor_amazon_app.simulators.saleor.seed import CustomerSeed
from tests.unit.shop_counter import open_counter

DENIED = "To access this path, you need one of the following permissions: "
ORDER_X = '{ order(externalReference: "x") { id } }'


def kinds(body: dict[str, Any]) -> list[tuple[str, str]]:
    """Kind and message of each error."""
    return [(each["extensions"]["exception"]["code"], each["message"]) for each in body["errors"]]


@pytest.mark.parametrize(
    ("_case", "body", "message"),
    [
        ("nothing", {}, "Must provide a query string."),
        ("two at once", [{"query": "{shop{name}}"}] * 2, "Number of batch queries exceeded."),
        (
            "an unknown field",
            {"query": "{ app { nope } }"},
            'Cannot query field "nope" on type "App". Did you mean "name"?',
        ),
        (
            "five mutations",
            {
                "query": "mutation {"
                + " ".join(f'a{n}: orderCancel(id: "x") {{ errors {{ code }} }}' for n in range(5))
                + "}"
            },
            "Number of mutations exceed the limit of 4",
        ),
        (
            "101 aliases",
            {
                "query": "{"
                + " ".join(f'a{n}: order(externalReference: "x") {{ id }}' for n in range(101))
                + "}"
            },
            "Number of aliases exceed the limit of 100",
        ),
    ],
)
async def test_what_cannot_be_asked_is_a_bad_request_without_data(
    _case: str, body: Any, message: str
) -> None:
    counter = open_counter()

    response = await counter.post(body)

    assert response.status_code == 400
    assert "data" not in response.json()
    assert kinds(response.json()) == [("GraphQLError", message)]


async def test_a_body_that_is_no_json_is_a_bad_request() -> None:
    counter = open_counter()

    response = await counter.http.post("/graphql/", content=b"{")

    assert response.status_code == 400
    assert kinds(response.json()) == [("GraphQLError", "Unable to parse query.")]


async def test_a_body_above_the_limit_is_too_large() -> None:
    counter = open_counter()

    response = await counter.http.post("/graphql/", content=b"x" * 2_621_441)

    assert response.status_code == 413


async def test_a_query_that_does_not_parse_is_a_syntax_error() -> None:
    counter = open_counter()

    response = await counter.post({"query": "{"})

    assert response.status_code == 400
    assert kinds(response.json())[0][0] == "GraphQLSyntaxError"
    assert "extensions" not in response.json()


async def test_a_bad_variable_is_quoted_with_everything_in_it() -> None:
    # given: the host repeats the whole input, names and addresses included
    counter = open_counter()
    order = counter.order(lines=[counter.line(totalPrice={"gross": "-1", "net": "10,00"})])

    # when
    response = await counter.post(
        {
            "query": "mutation ($orders: [OrderBulkCreateInput!]!) {"
            " orderBulkCreate(orders: $orders) { count } }",
            "variables": {"orders": [order]},
        }
    )

    # then
    assert response.status_code == 400
    (message,) = [message for _, message in kinds(response.json())]
    assert message.startswith('Variable "$orders" got invalid value [{"billingAddress": ')
    assert '"firstName": "Ann"' in message
    assert "totalPrice.gross" in message
    assert "totalPrice.net" in message
    assert counter.state.orders == {}


@pytest.mark.parametrize("token", ["", "nonsense"])
async def test_a_token_nobody_holds_is_refused_field_by_field(token: str) -> None:
    counter = open_counter()
    counter.token = token

    response = await counter.post({"query": ORDER_X})

    assert response.status_code == 200
    body = response.json()
    assert body["data"] == {"order": None}
    assert kinds(body) == [("PermissionDenied", f"{DENIED}MANAGE_ORDERS")]
    assert body["errors"][0]["path"] == ["order"]


async def test_a_revoked_token_knows_no_app() -> None:
    counter = open_counter()
    counter.shop.faults.revoke_token(counter.token)

    body = await counter.ask("{ app { id } }")

    assert body["data"] == {"app": None}
    assert kinds(body) == [
        ("PermissionDenied", f"{DENIED}AUTHENTICATED_STAFF_USER, AUTHENTICATED_APP")
    ]


async def test_a_missing_permission_stops_its_field_and_no_other() -> None:
    # given
    counter = open_counter(permissions=("MANAGE_ORDERS",))

    # when
    body = await counter.ask(
        """mutation {
          a: customerCreate(input: {email: "ann@example.com"}) { errors { code } }
          b: orderCancel(id: "zzz") { errors { code } } }"""
    )

    # then
    assert body["data"] == {"a": None, "b": {"errors": [{"code": "GRAPHQL_ERROR"}]}}
    assert [each["path"] for each in body["errors"]] == [["a"]]
    assert counter.state.users == {}


async def test_an_app_learns_who_it_is_and_what_it_may() -> None:
    counter = open_counter(permissions=("MANAGE_ORDERS", "HANDLE_PAYMENTS"))

    app = await counter.data("{ app { identifier isActive permissions { code } } }")

    assert app == {
        "identifier": "test.app",
        "isActive": True,
        "permissions": [{"code": "HANDLE_PAYMENTS"}, {"code": "MANAGE_ORDERS"}],
    }


@pytest.mark.parametrize(
    ("_case", "query", "message"),
    [
        (
            "no size",
            "{ orders { edges { node { id } } } }",
            "You must provide a `first` or `last` value to properly paginate the `orders` "
            "connection.",
        ),
        (
            "too large",
            "{ orders(first: 101) { edges { node { id } } } }",
            "Requesting 101 records on the `orders` connection exceeds the `first` limit of 100 "
            "records.",
        ),
        (
            "no name",
            "{ order { id } }",
            "At least one of arguments is required: 'id', 'external_reference'.",
        ),
        (
            "two names",
            '{ order(id: "a", externalReference: "b") { id } }',
            "Argument 'id' cannot be combined with 'external_reference'",
        ),
        ("no id", '{ order(id: "x") { id } }', "Invalid ID: x. Expected: Order."),
    ],
)
async def test_questions_the_host_does_not_take(_case: str, query: str, message: str) -> None:
    counter = open_counter()

    body = await counter.ask(query)

    assert kinds(body) == [("GraphQLError", message)]


async def test_pages_follow_each_other_and_leave_drafts_out() -> None:
    # given
    counter = open_counter()
    for number in range(3):
        await counter.completed(reference=f"111-{number}")
    await counter.drafted(reference="111-9")
    query = """query ($after: String) { orders(first: 2, after: $after) {
      totalCount pageInfo { hasNextPage endCursor } edges { node { externalReference } } } }"""

    # when
    first = await counter.data(query, after=None)
    second = await counter.data(query, after=first["pageInfo"]["endCursor"])

    # then
    assert first["totalCount"] == 3
    assert first["pageInfo"]["hasNextPage"] is True
    assert second["pageInfo"]["hasNextPage"] is False
    references = [each["node"]["externalReference"] for each in first["edges"] + second["edges"]]
    assert references == ["111-2", "111-1", "111-0"]


async def test_variants_are_found_by_the_exact_sku() -> None:
    counter = open_counter()

    found = await counter.data(
        """{ productVariants(first: 100, filter: { sku: ["TEA-1", "mug-1", "MUG-1", "NOPE"] }) {
          edges { node { sku trackInventory preorder { endDate }
            channelListings { channel { slug } price { amount currency } }
            product { name channelListings { isPublished isAvailableForPurchase } }
            stocks { quantity quantityAllocated quantityReserved } } } } }"""
    )

    mug, tea = (edge["node"] for edge in found["edges"])
    assert (mug["sku"], tea["sku"]) == ("MUG-1", "TEA-1")
    assert mug["channelListings"][0] == {
        "channel": {"slug": "default-channel"},
        "price": {"amount": 10.0, "currency": "USD"},
    }
    assert mug["stocks"][0] == {
        "quantity": 1000,
        "quantityAllocated": 0,
        "quantityReserved": 0,
    }


async def test_a_channel_tells_where_it_sells_from_and_what_ships() -> None:
    counter = open_counter()

    channel = await counter.data(
        """{ channel(slug: "jp") { currencyCode warehouses { slug }
          orderSettings { automaticallyConfirmAllNewOrders }
          stockSettings { allocationStrategy }
          availableShippingMethodsPerCountry(countries: [JP, US]) {
            countryCode shippingMethods { id name price { amount } } } } }"""
    )

    japan, elsewhere = channel.pop("availableShippingMethodsPerCountry")
    assert channel == {
        "currencyCode": "JPY",
        "warehouses": [{"slug": "jp-warehouse"}],
        "orderSettings": {"automaticallyConfirmAllNewOrders": True},
        "stockSettings": {"allocationStrategy": "PRIORITIZE_SORTING_ORDER"},
    }
    assert japan["shippingMethods"][0]["id"] in counter.state.methods
    assert elsewhere["shippingMethods"] == []


async def test_metadata_is_added_and_private_metadata_asks_for_permission() -> None:
    # given
    counter = open_counter()
    order = await counter.completed(privateMetadata=[{"key": "alias", "value": "a@b.example"}])
    query = """query ($id: ID!) { order(id: $id) {
      metafield(key: "k") privateMetafield(key: "alias") } }"""

    # when
    await counter.data(
        """mutation ($id: ID!) { updateMetadata(id: $id, input: [{key: "k", value: "v"}]) {
          item { metadata { key value } } errors { code } } }""",
        id=order["id"],
    )
    own = await counter.data(query, id=order["id"])
    counter.token = counter.shop.add_app([], identifier="other.app")
    other = await counter.ask(query, id=order["id"])

    # then
    assert own == {"metafield": "v", "privateMetafield": "a@b.example"}
    assert other["data"]["order"] == {"metafield": "v", "privateMetafield": None}
    assert kinds(other) == [("PermissionDenied", f"{DENIED}MANAGE_ORDERS")]


async def test_a_customer_is_made_once_whatever_the_case() -> None:
    counter = open_counter()
    query = """mutation ($email: String!) { customerCreate(input: { email: $email }) {
      user { email } errors { field code message } } }"""

    made = await counter.data(query, email="Ann@Example.com")
    again = await counter.data(query, email="ann@example.COM")

    assert made["user"] == {"email": "ann@example.com"}
    assert again["errors"][0]["message"] == "User with this Email already exists."


async def test_an_order_keeps_its_customer_until_that_is_deleted() -> None:
    # given
    seed = replace(default_seed(), customers=(CustomerSeed(email="ann@example.com"),))
    counter = open_counter(seed)
    order = await counter.completed(user={"email": "ann@example.com"})
    seen = "query ($id: ID!) { order(id: $id) { userEmail user { id } } }"
    change = """mutation ($id: ID!) {
      orderUpdate(id: $id, input: { userEmail: "" }) { errors { code } } }"""
    delete = "mutation ($id: ID!) { customerDelete(id: $id) { errors { field code } } }"
    known = await counter.data(seen, id=order["id"])

    # when
    await counter.data(change, id=order["id"])
    erased = await counter.data(seen, id=order["id"])
    gone = [await counter.data(delete, id=known["user"]["id"]) for _ in range(2)]

    # then
    assert erased == known
    assert gone == [{"errors": []}, {"errors": [{"field": "id", "code": "NOT_FOUND"}]}]
    assert await counter.data(seen, id=order["id"]) == {"userEmail": None, "user": None}


async def test_the_book_tells_every_order_to_the_cent() -> None:
    # given
    counter = open_counter()
    order = await counter.completed()
    await counter.pay(order["id"], "16.49")

    # when
    (told,) = (await counter.http.get("/_simulator/book")).json()
    (booked,) = counter.shop.book()

    # then
    assert (booked.total_gross, booked.shipping_net) == (Decimal("16.49"), Decimal("5.00"))
    assert booked.lines[0].allocations == {"default-channel-warehouse": 1}
    assert told["total_gross"] == "16.49"
    assert told["external_reference"] == "111-1"
    assert told["transactions"] == [
        {
            "name": "Amazon",
            "psp_reference": "111-1",
            "charged": "16.49",
            "refunded": "0",
            "refund_pending": "0",
            "app": "test.app",
        }
    ]


async def test_what_was_asked_is_counted() -> None:
    counter = open_counter()
    await counter.ask("query Who { app { id } }")
    await counter.completed()

    told = (await counter.http.get("/_simulator/requests")).json()

    assert told["requests"] == 3
    assert told["mutations"] == 2
    assert told["by_operation"]["Who"] == 1
    assert (told["drafted"], told["completed"]) == (1, 1)


async def test_the_key_set_is_one_rsa_key_and_stays_the_same() -> None:
    counter = open_counter()

    first = (await counter.http.get("/.well-known/jwks.json")).json()
    second = (await counter.http.get("/.well-known/jwks.json")).json()

    (key,) = first["keys"]
    assert (key["kty"], key["alg"], key["use"]) == ("RSA", "RS256", "sig")
    assert first == second
