"""Failures on purpose reach the caller in-process as they do through a socket."""

import json

import httpx
import pytest

from saleor_amazon_app.simulators.amazon import (
    Operation,
    ScriptedOrder,
    SimulatedAmazon,
    create_amazon,
)
from tests.simulated_amazon import ORDERS, amazon_order, line_to, log_in, order_id, socket_to

ORDER = f"{ORDERS}/{order_id()}"
# Confirmed without a word: the answer has no body that could break off.
CONFIRMATION = f"/orders/v0/orders/{order_id()}/shipmentConfirmation"
PARCEL = {
    "marketplaceId": "ATVPDKIKX0DER",
    "packageDetail": {
        "packageReferenceId": "1",
        "carrierCode": "UPS",
        "trackingNumber": "1Z",
        "shipDate": "2026-11-20T12:00:00Z",
        "orderItems": [{"orderItemId": f"{1:014}", "quantity": 1}],
    },
}
LIST = f"{ORDERS}?createdAfter=2026-01-01T00:00:00Z"


def one_order() -> SimulatedAmazon:
    return create_amazon([ScriptedOrder(amazon_order())])


async def test_throttling_comes_with_amazons_words_the_gateways_or_none() -> None:
    amazon = one_order()

    async with line_to(amazon) as http:
        await log_in(http)
        amazon.faults.throttle_next(2)
        amazon.faults.throttle_next(by_gateway=True)
        amazon.faults.throttle_next(empty=True)
        answers = [await http.get(ORDER) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [429, 429, 429, 429, 200]
    assert answers[1].json()["errors"][0]["code"] == "QuotaExceeded"
    assert answers[2].json() == {"message": "Too Many Requests"}
    assert answers[3].content == b""
    assert amazon.refusals == {(Operation.GET_ORDER, 429): 4}


async def test_a_failure_comes_as_json_or_as_a_page_of_html() -> None:
    amazon = one_order()

    async with line_to(amazon) as http:
        await log_in(http)
        amazon.faults.fail_next(500)
        amazon.faults.fail_next(html=True)
        failed, page = await http.get(ORDER), await http.get(ORDER)

    assert (failed.status_code, failed.json()["errors"][0]["code"]) == (500, "InternalFailure")
    assert (page.status_code, page.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert page.text.startswith("<html>")


async def test_a_failure_waits_for_its_operation_and_spares_the_login() -> None:
    amazon = one_order()
    amazon.faults.fail_next(503, operation=Operation.SEARCH_ORDERS)
    amazon.faults.fail_next(500)

    async with line_to(amazon) as http:
        await log_in(http)
        single, listed, again = [await http.get(path) for path in (ORDER, LIST, ORDER)]
        amazon.faults.fail_next(503, operation=Operation.GET_TOKEN)
        login = await http.post("/auth/o2/token")
        amazon.faults.fail_next(503, times=9)
        amazon.faults.forget_all()
        after = await http.get(ORDER)

    assert (single.status_code, listed.status_code, again.status_code) == (500, 503, 200)
    assert (login.status_code, after.status_code) == (503, 200)


async def test_half_a_page_arrives_as_if_it_were_whole() -> None:
    amazon = one_order()
    amazon.faults.break_off_next_page()

    async with line_to(amazon) as http:
        await log_in(http)
        single, broken, whole = [await http.get(path) for path in (ORDER, LIST, LIST)]

    assert (single.status_code, broken.status_code, whole.status_code) == (200, 200, 200)
    with pytest.raises(json.JSONDecodeError):
        broken.json()
    assert whole.json()["orders"]


async def test_a_lost_answer_was_acted_upon() -> None:
    amazon = one_order()
    code = amazon.issue_code()
    form = {
        "grant_type": "authorization_code",
        "client_id": "amzn1.application-oa2-client.simulated",
        "client_secret": "amzn1.oa2-cs.v1.simulated",
        "code": code,
    }
    amazon.faults.lose_response(operation=Operation.GET_TOKEN)

    async with line_to(amazon) as http:
        with pytest.raises(httpx.ReadError):
            await http.post("/auth/o2/token", data=form)
        again = await http.post("/auth/o2/token", data=form)

    assert again.json()["error"] == "invalid_grant"
    assert amazon.calls == {Operation.GET_TOKEN: 2}


async def test_silence_ends_at_the_callers_time_limit() -> None:
    amazon = one_order()
    amazon.faults.time_out_next()

    async with line_to(amazon) as http:
        await log_in(http)
        with pytest.raises(httpx.ReadTimeout):
            await http.get(ORDER)
        assert (await http.get(ORDER)).status_code == 200


async def test_the_same_through_a_socket(capfd: pytest.CaptureFixture[str]) -> None:
    amazon = one_order()

    async with socket_to(amazon) as http:
        await log_in(http)
        amazon.faults.lose_response()
        with pytest.raises(httpx.RemoteProtocolError):
            await http.get(ORDER)
        amazon.faults.lose_response()
        with pytest.raises(httpx.RemoteProtocolError):
            await http.post(CONFIRMATION, json=PARCEL)
        amazon.faults.time_out_next()
        with pytest.raises(httpx.ReadTimeout):
            await http.get(ORDER, timeout=0.2)
        amazon.faults.break_off_next_page()
        broken = await http.get(LIST)
        with pytest.raises(json.JSONDecodeError):
            broken.json()
        assert (await http.get(LIST)).json()["orders"]

    assert "Traceback" not in capfd.readouterr().err
