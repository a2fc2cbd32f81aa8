"""Parcels confirmed to the simulated Amazon: what it takes, what it refuses, what it shows."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from saleor_amazon_app.amazon.errors import AmazonError, AmazonUnavailable, BadRequest, NotFound
from saleor_amazon_app.amazon.order_records import Order
from saleor_amazon_app.amazon.shipments import ConfirmedItem, ShipmentConfirmation, confirm
from saleor_amazon_app.core.ids import AmazonOrderId, MarketplaceId, OrderItemId
from saleor_amazon_app.simulators.amazon import Operation
from tests.contracts.simulated_line import Line, simulated_line
from tests.simulated_amazon import NOON, amazon_order, order_id

US, JP = MarketplaceId("ATVPDKIKX0DER"), MarketplaceId("A1VC38T7YXB528")
ITEM = OrderItemId(f"{1:014}")
ONE = ShipmentConfirmation(
    package_reference_id="1",
    carrier_code="UPS",
    carrier_name=None,
    shipping_method="Ground",
    tracking_number="1Z999AA10123456784",
    ship_date=NOON - timedelta(minutes=5),
    items=(ConfirmedItem(ITEM, 1),),
)
TWO = replace(ONE, package_reference_id="2", tracking_number="1Z999AA10123456785")
BOTH = replace(ONE, items=(ConfirmedItem(ITEM, 2),))


async def ship(line: Line, *parcels: ShipmentConfirmation, marketplace: MarketplaceId = US) -> None:
    for parcel in parcels:
        await confirm(line.client, marketplace, AmazonOrderId(order_id()), parcel)


def standing(order: Order) -> tuple[str, int | None, int | None]:
    """Status, units that left and units that have yet to."""
    (item,) = order.order_items
    assert order.fulfillment is not None
    assert item.fulfillment is not None
    units = item.fulfillment
    status = order.fulfillment.fulfillment_status
    return status, units.quantity_fulfilled, units.quantity_unfulfilled


def parcels_of(order: Order) -> list[tuple[str, str | None, str | None, list[int]]]:
    return [
        (
            one.package_reference_id,
            one.carrier,
            one.tracking_number,
            [item.quantity for item in one.package_items or ()],
        )
        for one in order.packages or ()
    ]


async def test_a_parcel_shows_some_time_after_it_was_taken() -> None:
    async with simulated_line(amazon_order()) as line:
        await ship(line, BOTH)
        taken = await line.order(order_id())
        line.clock.move(minutes=1, seconds=59)
        waiting = await line.order(order_id())
        line.clock.move(seconds=30)
        shown = await line.order(order_id())

    assert standing(taken) == standing(waiting) == ("UNSHIPPED", 0, 2)
    assert waiting.packages == ()
    assert waiting.last_updated_time == NOON - timedelta(hours=1)
    assert standing(shown) == ("SHIPPED", 2, 0)
    assert parcels_of(shown) == [("1", "UPS", "1Z999AA10123456784", [2])]
    assert shown.last_updated_time == NOON + timedelta(minutes=2)
    assert line.judged == ["confirmShipment", "getOrder", "getOrder", "getOrder"]


async def test_every_parcel_is_shown_and_the_status_follows() -> None:
    async with simulated_line(amazon_order()) as line:
        await ship(line, ONE)
        line.clock.move(minutes=2)
        partly = await line.order(order_id())
        await ship(line, TWO)
        line.clock.move(minutes=2)
        wholly = await line.order(order_id())
        outcome = await line.outcome()

    assert standing(partly) == ("PARTIALLY_SHIPPED", 1, 1)
    assert standing(wholly) == ("SHIPPED", 2, 0)
    assert parcels_of(wholly) == [
        ("1", "UPS", "1Z999AA10123456784", [1]),
        ("2", "UPS", "1Z999AA10123456785", [1]),
    ]
    assert outcome["faults"] == []
    assert outcome["orders"][order_id()] == {
        "status": "SHIPPED",
        "packages": [
            {
                "reference": reference,
                "carrierCode": "UPS",
                "carrierName": None,
                "shippingMethod": "Ground",
                "trackingNumber": number,
                "items": {ITEM: 1},
                "timesSaid": 1,
            }
            for reference, number in (("1", "1Z999AA10123456784"), ("2", "1Z999AA10123456785"))
        ],
        "cancellation": None,
        "refunds": {},
        "refundedByHand": "0",
    }


async def test_the_same_reference_edits_its_parcel_even_after_the_order_was_shipped() -> None:
    async with simulated_line(amazon_order()) as line:
        await ship(line, BOTH, BOTH)
        line.clock.move(minutes=2)
        await ship(line, replace(BOTH, carrier_code="Other", carrier_name="Mike's Bikes"))
        line.clock.move(minutes=2)
        shown = await line.order(order_id())
        outcome = await line.outcome()

    assert standing(shown) == ("SHIPPED", 2, 0)
    assert parcels_of(shown) == [("1", "Mike's Bikes", "1Z999AA10123456784", [2])]
    assert outcome["orders"][order_id()]["packages"][0]["timesSaid"] == 3
    assert outcome["faults"] == []


async def test_an_edit_moves_units_back_and_forth() -> None:
    async with simulated_line(amazon_order()) as line:
        await ship(line, ONE)
        line.clock.move(minutes=2)
        await ship(line, BOTH)
        line.clock.move(minutes=2)
        shown = await line.order(order_id())
        outcome = await line.outcome()

    assert standing(shown) == ("SHIPPED", 2, 0)
    assert parcels_of(shown) == [("1", "UPS", "1Z999AA10123456784", [2])]
    # No merchant's parcel changes its content; it must have been another one.
    assert [one["fault"] for one in outcome["faults"]] == ["parcel_overwritten"]


def shipped_by_hand(units: int) -> dict[str, Any]:
    """An order of which one parcel left in Seller Central."""
    order = amazon_order(status="PARTIALLY_SHIPPED")
    order["orderItems"][0]["fulfillment"] = {
        "quantityFulfilled": units,
        "quantityUnfulfilled": 2 - units,
    }
    parcel = {"packageReferenceId": "1", "carrier": "DHL", "trackingNumber": "by hand"}
    items = [{"orderItemId": ITEM, "quantity": units}]
    return order | {"packages": [{**parcel, "packageItems": items}]}


async def test_a_parcel_of_seller_central_is_edited_by_its_reference() -> None:
    async with simulated_line(shipped_by_hand(1)) as line:
        await ship(line, ONE)
        line.clock.move(minutes=2)
        shown = await line.order(order_id())
        outcome = await line.outcome()

    assert standing(shown) == ("PARTIALLY_SHIPPED", 1, 1)
    assert parcels_of(shown) == [("1", "UPS", "1Z999AA10123456784", [1])]
    assert outcome["faults"] == []


async def test_another_parcel_under_the_reference_of_seller_centrals_is_a_misdeed() -> None:
    async with simulated_line(shipped_by_hand(1)) as line:
        await ship(line, BOTH)
        with pytest.raises(BadRequest, match="PackageToUpdateNotFound"):
            await ship(line, TWO)
        outcome = await line.outcome()

    (fault,) = outcome["faults"]
    assert (fault["fault"], fault["detail"]) == ("parcel_overwritten", "1 was by hand")


async def test_the_same_parcel_under_another_reference_is_a_misdeed() -> None:
    async with simulated_line(amazon_order()) as line:
        await ship(line, ONE, replace(ONE, package_reference_id="2"))
        outcome = await line.outcome()

    (fault,) = outcome["faults"]
    assert (fault["fault"], fault["orderId"]) == ("shipments_twice", order_id())


async def test_units_that_left_cannot_leave_again() -> None:
    async with simulated_line(amazon_order()) as line:
        await ship(line, ONE)
        with pytest.raises(BadRequest, match="2 units of 00000000000001, but only 1 are open"):
            await ship(line, replace(BOTH, package_reference_id="2"))
        await ship(line, TWO)
        with pytest.raises(BadRequest, match="PackageToUpdateNotFound"):
            await ship(line, replace(ONE, package_reference_id="3"))
        outcome = await line.outcome()

    assert [one["reference"] for one in outcome["orders"][order_id()]["packages"]] == ["1", "2"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"carrier_code": "fedex"}, "'fedex' is not a carrier"),
        ({"items": (ConfirmedItem(OrderItemId("9"), 1),)}, "no item 9"),
        ({"items": (ConfirmedItem(ITEM, 3),)}, "3 units"),
        ({"cod_collection": True}, "only for Japan"),
    ],
)
async def test_a_parcel_that_cannot_be_this_orders_is_refused(
    changed: dict[str, Any], words: str
) -> None:
    async with simulated_line(amazon_order()) as line:
        with pytest.raises(BadRequest, match=words):
            await ship(line, replace(ONE, **changed))
        outcome = await line.outcome()

    assert outcome["orders"] == {}


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (amazon_order(fulfilled_by="AMAZON"), "fulfilled by Amazon"),
        (amazon_order() | {"programs": ["FBM_SHIP_PLUS"]}, "FBM Ship"),
        (amazon_order(status="PENDING"), "PENDING cannot be shipped"),
        (amazon_order(status="CANCELLED"), "CANCELLED cannot be shipped"),
        (amazon_order(marketplace="A2EUQ1WTGCTBG2"), "not of the marketplace"),
    ],
)
async def test_an_order_the_merchant_cannot_ship_takes_no_parcel(
    order: dict[str, Any], words: str
) -> None:
    async with simulated_line(order) as line:
        with pytest.raises(BadRequest, match=words):
            await ship(line, ONE)
        outcome = await line.outcome()

    assert outcome["orders"] == {}


async def test_an_unknown_order_is_not_found() -> None:
    async with simulated_line() as line:
        with pytest.raises(NotFound):
            await ship(line, ONE)


@pytest.mark.parametrize("number", ["x", "9" * 300, "📦", "1Z999AA10123456785"])
async def test_an_odd_tracking_number_is_taken(number: str) -> None:
    async with simulated_line(amazon_order()) as line:
        await ship(line, replace(ONE, tracking_number=number))
        outcome = await line.outcome()

    assert outcome["orders"][order_id()]["packages"][0]["trackingNumber"] == number


@pytest.mark.parametrize(
    ("path", "wrong", "words"),
    [
        ("packageReferenceId", 1, "invalid type [packageDetail.packageReferenceId]"),
        ("packageReferenceId", "A1", "only positive numeric values"),
        ("packageReferenceId", None, "invalid type [packageDetail.packageReferenceId]"),
        ("orderItems", [], "invalid type [packageDetail.orderItems]"),
        ("orderItems", [{"orderItemId": ITEM, "quantity": 0}], "positive quantity"),
        ("orderItems", [{"orderItemId": ITEM, "quantity": 1}] * 2, "each item once"),
        ("orderItems", [{"orderItemId": ITEM, "quantity": "1"}], "orderItems.0.quantity"),
        ("shipDate", "02/21/2022", "Invalid Input"),
        ("shipDate", "2026-11-20T12:00:00", "Invalid Input"),
        ("trackingNumber", "", "invalid type [packageDetail.trackingNumber]"),
        ("carrierCode", "Other", "carrierName is required"),
    ],
)
async def test_what_the_client_never_sends_is_refused_in_amazons_words(
    path: str, wrong: object, words: str
) -> None:
    package = {
        "packageReferenceId": "1",
        "carrierCode": "UPS",
        "trackingNumber": "1Z999AA10123456784",
        "shipDate": "2026-11-20T12:00:00Z",
        "orderItems": [{"orderItemId": ITEM, "quantity": 1}],
    }
    async with simulated_line(amazon_order()) as line:
        answer = await line.http.post(
            f"http://amazon.test/orders/v0/orders/{order_id()}/shipmentConfirmation",
            json={"marketplaceId": US, "packageDetail": {**package, path: wrong}},
            headers=await line.permission(),
        )
        outcome = await line.outcome()

    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert words in f"{error['message']} {error['details']}"
    assert outcome["orders"] == {}


async def test_a_lost_reply_was_acted_upon_and_saying_it_again_is_safe() -> None:
    async with simulated_line(amazon_order()) as line:
        line.amazon.faults.lose_response(operation=Operation.CONFIRM_SHIPMENT)
        with pytest.raises(AmazonUnavailable):
            await ship(line, BOTH)
        await ship(line, BOTH)
        outcome = await line.outcome()

    assert [one["timesSaid"] for one in outcome["orders"][order_id()]["packages"]] == [2]
    assert outcome["faults"] == []


async def test_a_failure_before_the_act_leaves_nothing() -> None:
    async with simulated_line(amazon_order()) as line:
        faults = line.amazon.faults
        faults.throttle_next(operation=Operation.CONFIRM_SHIPMENT)
        faults.fail_next(503, html=True, operation=Operation.CONFIRM_SHIPMENT)
        faults.time_out_next(operation=Operation.CONFIRM_SHIPMENT)
        line.amazon.calls.clear()
        for _ in range(3):
            with pytest.raises(AmazonError):
                await ship(line, BOTH)
        outcome = await line.outcome()

    assert outcome["orders"] == {}
    assert line.amazon.calls[Operation.CONFIRM_SHIPMENT] == 3


async def test_what_was_shipped_by_hand_meanwhile_stays_as_it_is() -> None:
    async with simulated_line(amazon_order()) as line:
        await ship(line, ONE)
        shipped = {"fulfillment": {"fulfillmentStatus": "SHIPPED"}}
        line.amazon.seller.orders.change(order_id(), shipped)
        line.clock.move(minutes=2)
        shown = await line.order(order_id())

    assert standing(shown) == ("SHIPPED", 2, 0)
    assert parcels_of(shown) == [("1", "UPS", "1Z999AA10123456784", [1])]
