"""Confirming parcels: what is sent is what Amazon describes, and every answer is told apart."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx
import pytest

from saleor_amazon_app.amazon.errors import (
    AccessDenied,
    AmazonError,
    AmazonUnavailable,
    BadRequest,
    NotFound,
    Throttled,
)
from saleor_amazon_app.amazon.shipments import ConfirmedItem, ShipmentConfirmation, confirm
from saleor_amazon_app.amazon.throttle import Operation
from saleor_amazon_app.core.errors import TryAgainLater
from saleor_amazon_app.core.ids import AmazonOrderId, MarketplaceId, OrderItemId
from tests.contracts.amazon_line import Line, Scripted, error_body, line
from tests.contracts.amazon_models import amazon_model, assert_allowed, described

ORDERS = "ordersV0.json"
US = MarketplaceId("ATVPDKIKX0DER")
ORDER = AmazonOrderId("902-1106328-1059050")
PARCEL = ShipmentConfirmation(
    package_reference_id="1",
    carrier_code="FedEx",
    carrier_name="FedEx",
    shipping_method="FedEx Ground",
    tracking_number="112345678",
    ship_date=datetime(2022, 2, 11, 1, tzinfo=UTC),
    items=(ConfirmedItem(OrderItemId("79039765272157"), 1),),
)
# Amazon's words for a parcel it does not know of an order that is fulfilled already.
NO_PACKAGE = (
    "Failed to create package due to not finding a matching package or order already fulfilled."
    "  ErrorMessage(errorCode=GeneralError, errorDescription=Unable to find package to update for"
    " order (), errorMetric=PackageToUpdateNotFound, packageIndex=null)"
)


async def confirmed(
    *script: Scripted, parcel: ShipmentConfirmation = PARCEL
) -> tuple[Line, AmazonError | None]:
    amazon = line(*script)
    try:
        await confirm(amazon.client, US, ORDER, parcel)
    except AmazonError as error:
        return amazon, error
    return amazon, None


async def test_a_parcel_goes_out_as_amazons_sandbox_wants_it() -> None:
    model = amazon_model(ORDERS)
    _, description = described(model, "confirmShipment")
    (case,) = description["responses"]["204"]["x-amzn-api-sandbox"]["static"]
    wanted = case["request"]["parameters"]["body"]["value"]

    amazon, error = await confirmed(httpx.Response(204))

    assert error is None
    assert_allowed(amazon.request, model, "confirmShipment")
    assert amazon.request.url.path == f"/orders/v0/orders/{ORDER}/shipmentConfirmation"
    sent = json.loads(amazon.request.content)
    # What no merchant of ours has: a supply source, and codes of the transparency program.
    wanted["packageDetail"].pop("shipFromSupplySourceId")
    wanted["packageDetail"]["orderItems"][0].pop("transparencyCodes")
    wanted["packageDetail"]["shipDate"] = "2022-02-11T01:00:00Z"
    assert sent == wanted
    assert amazon.request.headers["x-amz-access-token"] == "Atza|token-1"
    assert amazon.throttle.permitted == [Operation.CONFIRM_SHIPMENT]


async def test_what_is_not_known_is_left_out_and_times_are_whole_seconds_in_utc() -> None:
    tokyo = timezone(timedelta(hours=9))
    parcel = replace(
        PARCEL,
        carrier_name=None,
        shipping_method=None,
        ship_date=datetime(2026, 11, 20, 9, 0, 0, 123456, tzinfo=tokyo),
        cod_collection=True,
    )

    amazon, error = await confirmed(httpx.Response(204), parcel=parcel)

    assert error is None
    assert_allowed(amazon.request, amazon_model(ORDERS), "confirmShipment")
    assert json.loads(amazon.request.content) == {
        "marketplaceId": US,
        "codCollectionMethod": "DirectPayment",
        "packageDetail": {
            "packageReferenceId": "1",
            "carrierCode": "FedEx",
            "trackingNumber": "112345678",
            "shipDate": "2026-11-20T00:00:00Z",
            "orderItems": [{"orderItemId": "79039765272157", "quantity": 1}],
        },
    }


async def test_an_order_id_cannot_leave_its_place_in_the_path() -> None:
    amazon = line(httpx.Response(204))

    await confirm(amazon.client, US, AmazonOrderId("../a b"), PARCEL)

    assert amazon.request.url.raw_path == b"/orders/v0/orders/..%2Fa%20b/shipmentConfirmation"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(400, json=error_body("InvalidInput", NO_PACKAGE)), BadRequest),
        (httpx.Response(404, json=error_body("NotFound", "no such order")), NotFound),
        (httpx.Response(429, json=error_body("QuotaExceeded", "slow down")), Throttled),
        (httpx.Response(429, json={"message": "Too Many Requests"}), Throttled),
        (httpx.Response(403, json=error_body("Unauthorized", "role")), AccessDenied),
        (httpx.Response(500, json=error_body("InternalFailure", "x")), AmazonUnavailable),
        (httpx.Response(503, html="<html></html>"), AmazonUnavailable),
        (httpx.Response(200, html="<html></html>"), AmazonUnavailable),
        (httpx.ReadTimeout("slow"), AmazonUnavailable),
        (httpx.RemoteProtocolError("closed"), AmazonUnavailable),
    ],
)
async def test_every_other_answer_is_told_apart_and_nothing_is_sent_twice(
    answer: Any, error: type[AmazonError]
) -> None:
    amazon, raised = await confirmed(answer)

    assert type(raised) is error
    assert len(amazon.requests) == 1


async def test_amazons_words_are_kept() -> None:
    _, raised = await confirmed(httpx.Response(400, json=error_body("InvalidInput", NO_PACKAGE)))

    assert raised is not None
    assert raised.incident.operation == "confirmShipment"
    assert "PackageToUpdateNotFound" in (raised.incident.detail or "")


async def test_a_token_that_was_refused_is_replaced_and_the_same_parcel_sent_again() -> None:
    dead = error_body("Unauthorized", "Access denied.", "The access token you provided expired.")

    amazon, error = await confirmed(httpx.Response(403, json=dead), httpx.Response(204))

    assert error is None
    first, second = amazon.requests
    assert first.content == second.content
    assert second.headers["x-amz-access-token"] == "Atza|token-2"


async def test_an_empty_bucket_sends_nothing() -> None:
    amazon = line()
    amazon.throttle.refusal = TryAgainLater("later", after=timedelta(seconds=1))

    with pytest.raises(TryAgainLater):
        await confirm(amazon.client, US, ORDER, PARCEL)

    assert amazon.requests == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"package_reference_id": "0"},
        {"package_reference_id": "01"},
        {"package_reference_id": "-1"},
        {"package_reference_id": "A1"},
        {"package_reference_id": ""},
        {"carrier_code": ""},
        {"carrier_code": "Other", "carrier_name": None},
        {"tracking_number": ""},
        {"items": ()},
        {"items": PARCEL.items * 2},
        {"ship_date": datetime(2026, 11, 20)},  # noqa: DTZ001
    ],
)
def test_a_parcel_amazon_would_refuse_cannot_be_made(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        replace(PARCEL, **wrong)


@pytest.mark.parametrize("quantity", [0, -1])
def test_a_parcel_holds_units(quantity: int) -> None:
    with pytest.raises(ValueError, match="cannot be in a parcel"):
        ConfirmedItem(OrderItemId("1"), quantity)
