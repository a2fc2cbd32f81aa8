"""Staff in the simulated shop, and what an app hears of what they do."""

from dataclasses import replace
from typing import Any

import httpx

from saleor_amazon_app.simulators.saleor import default_seed
from tests.unit.shop_staff import Staffed, open_staffed

FULFILL = """mutation ($id: ID!, $input: OrderFulfillInput!) {
  orderFulfill(order: $id, input: $input) {
    fulfillments { id status } errors { field code } } }"""
TRACK = """mutation ($id: ID!) {
  orderFulfillmentUpdateTracking(id: $id, input: { trackingNumber: "T9" }) {
    errors { field code } } }"""
TAKE_BACK = """mutation ($id: ID!, $warehouse: ID!) {
  orderFulfillmentCancel(id: $id, input: { warehouseId: $warehouse }) { errors { field code } } }"""
APPROVE = """mutation ($id: ID!) {
  orderFulfillmentApprove(id: $id, notifyCustomer: false) { errors { field code } } }"""
CANCEL = "mutation ($id: ID!) { orderCancel(id: $id) { errors { field code } } }"
CARRIER = """mutation ($id: ID!) {
  updateMetadata(id: $id, input: [{ key: "amazonCarrier", value: "UPS" }]) { errors { code } } }"""


async def paid(staffed: Staffed, quantity: int = 2) -> dict[str, Any]:
    line = staffed.line(quantity=quantity)
    order, _ = await staffed.charged(lines=[line])
    await staffed.listen()
    return order


async def fulfilled(
    staffed: Staffed, order: dict[str, Any], quantity: int, **changes: Any
) -> dict[str, Any]:
    stocks = [{"warehouse": staffed.warehouse(), "quantity": quantity}]
    given = {
        "lines": [{"orderLineId": order["lines"][0]["id"], "stocks": stocks}],
        "trackingNumber": "T1",
    }
    answer = await staffed.by_staff(FULFILL, id=order["id"], input=given | changes)
    assert answer["errors"] == []
    (fulfillment,) = answer["fulfillments"]
    return dict(fulfillment)


async def test_one_parcel_is_told_of_twice() -> None:
    # given
    staffed = open_staffed()
    order = await paid(staffed)

    # when
    parcel = await fulfilled(staffed, order, 1)
    await staffed.deliver()

    # then
    assert staffed.kinds() == [
        "FulfillmentTrackingNumberUpdated",
        "FulfillmentCreated",
        "OrderUpdated",
    ]
    number, made, _ = staffed.bodies
    told = {"id": parcel["id"], "trackingNumber": "T1"}
    assert (number["fulfillment"], made["fulfillment"]) == (told, told)
    assert made["notifyCustomer"] is True
    assert made["issuingPrincipal"] == {"email": "staff-1@shop.test"}


async def test_the_last_parcel_is_told_of_as_approved() -> None:
    staffed = open_staffed()
    order = await paid(staffed)

    await fulfilled(staffed, order, 2, trackingNumber="", notifyCustomer=False)
    await staffed.deliver()

    assert staffed.kinds() == ["FulfillmentCreated", "FulfillmentApproved", "OrderUpdated"]
    assert staffed.bodies[0]["notifyCustomer"] is False


async def test_a_parcel_that_waits_is_told_of_when_it_is_let_go() -> None:
    # given
    seed = default_seed()
    waits = replace(seed, shop=replace(seed.shop, fulfillment_auto_approve=False))
    staffed = open_staffed(waits)
    order = await paid(staffed)

    # when
    parcel = await fulfilled(staffed, order, 1)
    await staffed.deliver()
    waiting = staffed.kinds()
    staffed.heard.clear()
    await staffed.by_staff(APPROVE, id=parcel["id"])
    await staffed.deliver()

    # then
    assert parcel["status"] == "WAITING_FOR_APPROVAL"
    assert waiting == ["FulfillmentTrackingNumberUpdated", "OrderUpdated"]
    assert staffed.kinds() == ["FulfillmentCreated", "FulfillmentApproved", "OrderUpdated"]


async def test_another_number_a_carrier_and_taking_back_are_told_of() -> None:
    # given
    staffed = open_staffed()
    order = await paid(staffed)
    parcel = await fulfilled(staffed, order, 1)
    await staffed.deliver()
    staffed.heard.clear()

    # when
    await staffed.by_staff(TRACK, id=parcel["id"])
    await staffed.by_staff(CARRIER, id=parcel["id"])
    await staffed.by_staff(TAKE_BACK, id=parcel["id"], warehouse=staffed.warehouse())
    await staffed.deliver()

    # then
    assert staffed.kinds() == [
        "FulfillmentTrackingNumberUpdated",
        "OrderUpdated",
        "FulfillmentMetadataUpdated",
        "FulfillmentCanceled",
        "OrderUpdated",
    ]
    assert staffed.bodies[0]["fulfillment"]["trackingNumber"] == "T9"


async def test_a_cancelled_order_is_told_of_and_stays_theirs_in_the_book() -> None:
    staffed = open_staffed()
    order = await paid(staffed)

    await staffed.by_staff(CANCEL, id=order["id"])
    await staffed.deliver()

    assert staffed.kinds() == ["OrderCancelled", "OrderUpdated"]
    assert staffed.bodies[0]["issuingPrincipal"] == {"email": "staff-1@shop.test"}
    assert staffed.shop.booked_order("111-1").cancelled_by_staff is True


async def test_the_book_tells_parcels_of_staff_from_those_of_apps() -> None:
    staffed = open_staffed()
    order = await paid(staffed)
    stocks = [{"warehouse": staffed.warehouse(), "quantity": 1}]
    line = {"orderLineId": order["lines"][0]["id"], "stocks": stocks}

    await fulfilled(staffed, order, 1)
    await staffed.data(FULFILL, id=order["id"], input={"lines": [line], "trackingNumber": "T2"})

    parcels = staffed.shop.booked_order("111-1").parcels
    assert [(each.tracking_number, each.units, each.by_staff) for each in parcels] == [
        ("T1", {0: 1}, True),
        ("T2", {0: 1}, False),
    ]


async def test_a_mail_is_noted_only_where_there_is_somebody_to_mail_to() -> None:
    # given
    staffed = open_staffed()
    quiet = await paid(staffed)
    loud, _ = await staffed.charged(
        **{"externalReference": "111-2", "user": {"email": "ann@example.com"}}
    )
    staffed.shop.journal.clear()

    # when
    for order in (quiet, loud):
        await fulfilled(staffed, order, 1)

    # then
    asked = [entry.subject for entry in staffed.shop.journal if entry.detail == "notify"]
    mailed = [entry.subject for entry in staffed.shop.journal if entry.event == "EMAIL"]
    assert asked.count("111-1") == 1
    assert mailed == ["111-2"]


async def test_staff_are_let_in_over_http_and_are_no_app() -> None:
    # given
    staffed = open_staffed()
    response = await staffed.http.post("/_simulator/staff")
    token = response.json()["token"]

    # when
    answers: list[httpx.Response] = []
    for query in ("{ shop { version } app { id } }", "{ orders(first: 1) { totalCount } }"):
        headers = {"Authorization": f"JWT {token}"}
        answers.append(await staffed.http.post("/graphql/", json={"query": query}, headers=headers))

    # then
    assert answers[0].json()["data"] == {"shop": {"version": "3.23.28"}, "app": None}
    assert answers[1].json()["data"] == {"orders": {"totalCount": 0}}
