"""What a client makes of everything a host, or something in front of it, may answer."""

import asyncio
import gzip
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from saleor_amazon_app.core.errors import AppError
from saleor_amazon_app.saleor.errors import (
    FieldUnknown,
    HostUnavailable,
    PermissionMissing,
    RequestRefused,
    TokenRefused,
)
from tests.unit.saleor_line import API_URL, TOKEN, data, denied, error, line, refusal

OWNER = {"app": {"id": "QXBwOjE=", "identifier": "saleor.amazon", "permissions": []}}
DELETE = [{"id": "T3JkZXI6MQ=="}, {"id": "T3JkZXI6Mg=="}]
TOO_LARGE = 33 * 1024 * 1024


async def test_a_request_carries_the_document_its_variables_and_the_token() -> None:
    # given
    wire = line(data(productVariants={"edges": []}))

    # when
    answered = await wire.client.execute("VariantsBySku", {"skus": ["MUG-1"], "first": 1})

    # then
    assert answered == {"productVariants": {"edges": []}}
    (request,) = wire.requests
    assert (request.method, str(request.url)) == ("POST", API_URL)
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.headers["content-type"] == "application/json"
    (body,) = wire.sent
    assert body["variables"] == {"skus": ["MUG-1"], "first": 1}
    assert body["query"].startswith("query VariantsBySku(")
    assert "fragment SellableVariant on ProductVariant" in body["query"]
    assert wire.client.requests == 1


async def test_amounts_stay_exact() -> None:
    # given
    wire = line(httpx.Response(200, content=b'{"data": {"taxClasses": {"amount": 0.1}}}'))

    # when
    answered = await wire.client.execute("FirstTaxClass")

    # then
    amount = answered["taxClasses"]["amount"]
    assert (type(amount), amount) == (Decimal, Decimal("0.1"))


@pytest.mark.parametrize(
    ("_case", "answer", "reason", "after"),
    [
        ("refused", httpx.ConnectError("no"), "ConnectError", None),
        ("broken off", httpx.RemoteProtocolError("cut"), "RemoteProtocolError", None),
        ("too slow", httpx.ReadTimeout("late"), "ReadTimeout", None),
        ("a gateway's page", httpx.Response(502, text="<html>"), "status 502", None),
        ("gone", httpx.Response(404, text="<html>"), "status 404", None),
        ("moved", httpx.Response(301, headers={"location": "http://x.test"}), "status 301", None),
        ("no object", httpx.Response(200, json=[]), "status 200", None),
        (
            "a number beyond all bounds",
            httpx.Response(200, text='{"data": {"x": 1e99999999999999999999}}'),
            "status 200",
            None,
        ),
        ("no GraphQL", httpx.Response(200, json={"message": "hi"}), "status 200", None),
        (
            "throttled",
            httpx.Response(429, json={"errors": []}, headers={"retry-after": "7"}),
            "status 429",
            timedelta(seconds=7),
        ),
        (
            "restarting",
            httpx.Response(503, text="", headers={"retry-after": "soon"}),
            "status 503",
            None,
        ),
    ],
)
async def test_an_answer_that_is_none_is_tried_again_later(
    _case: str, answer: httpx.Response | Exception, reason: str, after: timedelta | None
) -> None:
    # given
    wire = line(answer)

    # when
    with pytest.raises(HostUnavailable) as caught:
        await wire.client.execute("FirstTaxClass")

    # then
    assert reason in str(caught.value)
    assert caught.value.after == after
    assert caught.value.call.operation == "FirstTaxClass"
    assert len(wire.requests) == 1


async def test_a_host_that_never_ends_its_answer_is_given_up() -> None:
    # given
    async def never(_: httpx.Request) -> httpx.Response:
        await asyncio.sleep(60)
        raise AssertionError("waited for it")

    wire = line(never)

    # when
    with pytest.raises(HostUnavailable, match=r"nothing came within 0\.05 s"):
        await wire.client.execute("FirstTaxClass", timeout=timedelta(milliseconds=50))


async def test_a_database_that_is_away_is_tried_again_later() -> None:
    # given
    crash = error("Internal Server Error", "OperationalError", "o0")
    wire = line(httpx.Response(200, json={"errors": [crash], "data": {"o0": None}}))

    # when
    with pytest.raises(HostUnavailable) as caught:
        await wire.client.execute_batch("DeleteDraft", DELETE[:1])

    # then
    assert caught.value.call.codes == ("OperationalError",)


@pytest.mark.parametrize(
    ("_case", "answer"),
    [
        ("limit", refusal(400, "Number of mutations exceed the limit of 4")),
        ("syntax", refusal(400, "Syntax Error GraphQL (1:15)", "GraphQLSyntaxError")),
        ("crash with a status", refusal(500, "Internal Server Error", "IntegrityError")),
        ("body too large", httpx.Response(413, text="<html>")),
        ("answer too large", httpx.Response(200, content=b" " * TOO_LARGE)),
        (
            "answer too large when unpacked",
            httpx.Response(
                200,
                content=gzip.compress(b" " * TOO_LARGE),
                headers={"content-encoding": "gzip"},
            ),
        ),
        (
            "crash in the one field",
            httpx.Response(
                200,
                json={
                    "errors": [error("Internal Server Error", "IntegrityError", "taxClasses")],
                    "data": {"taxClasses": None},
                },
            ),
        ),
    ],
)
async def test_a_request_refused_as_a_whole_is_not_repeated(
    _case: str, answer: httpx.Response
) -> None:
    # given
    wire = line(answer)

    # when
    with pytest.raises(RequestRefused):
        await wire.client.execute("FirstTaxClass")

    # then
    assert len(wire.requests) == 1


async def test_a_refusal_never_quotes_what_was_sent() -> None:
    # given
    message = (
        'Variable "$orders" got invalid value [{"firstName": "Jane", "city": "Seattle"}].\n'
        'In element #0: In field "currency": Expected "String!", found null.'
    )
    wire = line(refusal(400, message))

    # when
    with pytest.raises(RequestRefused) as caught:
        await wire.client.execute("DraftOrders", {"orders": []})

    # then
    assert str(caught.value) == (
        "https://shop.test/graphql/ refused DraftOrders: "
        'Variable "$orders" is invalid in currency (GraphQLError)'
    )


async def test_no_error_names_the_token() -> None:
    # given
    wire = line(httpx.ConnectError(TOKEN), refusal(400, "no"), denied("app"))

    # when
    said = [await _error_of(wire.client.execute("WhoseToken")) for _ in range(3)]

    # then
    assert [type(one) for one in said] == [HostUnavailable, RequestRefused, TokenRefused]
    assert all(TOKEN not in str(one) for one in said)


async def test_a_dead_token_is_told_from_a_missing_permission_by_asking_whose_it_is() -> None:
    # given
    wire = line(denied("shippingZones", permission="MANAGE_SHIPPING"), denied("app"))

    # when
    with pytest.raises(TokenRefused) as caught:
        await wire.client.execute("ShippingZones")

    # then
    assert caught.value.key == "saleor-token-refused"
    assert caught.value.call.operation == "ShippingZones"
    assert len(wire.requests) == 2


async def test_a_missing_permission_is_named() -> None:
    # given
    wire = line(
        denied("shippingZones", permission="MANAGE_SHIPPING, MANAGE_ORDERS"),
        data(**OWNER, shop=None),
    )

    # when
    with pytest.raises(PermissionMissing) as caught:
        await wire.client.execute("ShippingZones")

    # then
    assert caught.value.permissions == ("MANAGE_SHIPPING", "MANAGE_ORDERS")
    assert "needs MANAGE_SHIPPING or MANAGE_ORDERS for ShippingZones" in str(caught.value)


async def test_a_shop_closed_to_strangers_refuses_the_token_at_the_door() -> None:
    # given
    body = {"errors": [{"message": "closed", "extensions": {"code": "STOREFRONT"}}]}
    wire = line(httpx.Response(401, json=body))

    # when
    with pytest.raises(TokenRefused):
        await wire.client.execute("FirstTaxClass")


@pytest.mark.parametrize(
    "message",
    [
        'Cannot query field "x" on type "Shop". Did you mean "y"?',
        'Unknown argument "where" on field "orders" of type "Query".',
        'Unknown type "OrderWhereInput".',
        'Variable "$input" got invalid value {"x": 1}.\nIn field "x": Unknown field.',
    ],
)
async def test_what_a_host_does_not_know_is_never_sent_to_it_again(message: str) -> None:
    # given
    wire = line(refusal(400, message))

    # when
    first = await _error_of(wire.client.execute("StockAvailability"))
    second = await _error_of(wire.client.execute("StockAvailability"))

    # then
    assert (type(first), type(second)) == (FieldUnknown, FieldUnknown)
    assert len(wire.requests) == 1


async def test_a_document_is_never_sent_to_a_host_older_than_it() -> None:
    # given
    wire = line(host_version=(3, 22))

    # when
    with pytest.raises(FieldUnknown):
        await wire.client.execute("StockAvailability")

    # then
    assert wire.requests == []


async def test_a_batch_is_one_request_with_numbered_variables() -> None:
    # given
    wire = line(data(o0={"errors": []}, o1=None))

    # when
    outcomes = await wire.client.execute_batch("DeleteDraft", DELETE)

    # then
    assert outcomes == [{"errors": []}, None]
    (body,) = wire.sent
    assert body["variables"] == {"id_0": "T3JkZXI6MQ==", "id_1": "T3JkZXI6Mg=="}
    assert body["query"].startswith("mutation DeleteDraft($id_0: ID!, $id_1: ID!) {")


async def test_a_crash_on_one_of_a_batch_leaves_the_others() -> None:
    # given
    crash = error("Internal Server Error", "IntegrityError", "o1", "order")
    wire = line(
        httpx.Response(200, json={"errors": [crash], "data": {"o0": {"errors": []}, "o1": None}})
    )

    # when
    done, crashed = await wire.client.execute_batch("DeleteDraft", DELETE)

    # then
    assert done == {"errors": []}
    assert isinstance(crashed, RequestRefused)
    assert crashed.call.codes == ("IntegrityError",)
    assert str(crashed) == (
        "https://shop.test/graphql/ refused DeleteDraft: it crashed (IntegrityError)"
    )


async def test_an_error_that_belongs_to_none_of_a_batch_fails_all() -> None:
    # given
    stray = error("Internal Server Error", "RuntimeError")
    wire = line(httpx.Response(200, json={"errors": [stray], "data": {"o0": {"errors": []}}}))

    # when
    with pytest.raises(RequestRefused):
        await wire.client.execute_batch("DeleteDraft", DELETE[:1])


@pytest.mark.parametrize(
    ("name", "one", "most"),
    [("DeleteDraft", {"id": "x"}, 4), ("CustomerByEmail", {"email": "a@b.test"}, 100)],
)
async def test_more_than_the_host_takes_is_not_sent(
    name: str, one: dict[str, str], most: int
) -> None:
    # given
    wire = line()

    # when
    with pytest.raises(ValueError, match=f"exceeds the {most} of one request"):
        await wire.client.execute_batch(name, [one] * (most + 1))

    # then
    assert wire.requests == []


async def test_nothing_to_do_is_no_request() -> None:
    # given
    wire = line()

    # when
    assert await wire.client.execute_batch("DeleteDraft", []) == []

    # then
    assert wire.requests == []


async def test_finding_takes_as_many_requests_as_needed() -> None:
    # given
    wire = line(data(o0={"id": "a"}, o1=None), data(o0={"id": "c"}))

    # when
    found = await wire.client.find_each(
        "CustomerByEmail", [{"email": name} for name in "abc"], per_request=2
    )

    # then
    assert found == [{"id": "a"}, None, {"id": "c"}]
    assert [body["variables"] for body in wire.sent] == [
        {"email_0": "a", "email_1": "b"},
        {"email_0": "c"},
    ]


async def test_finding_stops_at_a_crash() -> None:
    # given
    crash = error("Internal Server Error", "ValueError", "o0")
    wire = line(httpx.Response(200, json={"errors": [crash], "data": {"o0": None}}))

    # when
    with pytest.raises(RequestRefused):
        await wire.client.find_each(
            "CustomerByEmail", [{"email": "a"}, {"email": "b"}], per_request=1
        )

    # then
    assert len(wire.requests) == 1


async def _error_of(calling: Any) -> AppError:
    with pytest.raises(AppError) as caught:
        await calling
    return caught.value
