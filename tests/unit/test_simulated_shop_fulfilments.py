"""Fulfilling, returning and cancelling in the simulated shop, as in the real one."""

from dataclasses import replace
from typing import Any

import pytest

from saleor_amazon_app.simulators.saleor import Seed, default_seed
from saleor_amazon_app.simulators.saleor.seed import ShopSeed
from tests.unit.shop_counter import US_WAREHOUSE, Counter, codes, open_counter, shop_with

FULFILL = "orderFulfill(order: $id, input: $input)"


def settings(**changes: Any) -> Seed:
    return replace(default_seed(), shop=ShopSeed(**changes))


async def paid(counter: Counter, *, quantity: int = 3, **changes: Any) -> dict[str, Any]:
    order = await counter.completed(lines=[counter.line(quantity=quantity)], **changes)
    await counter.pay(order["id"], "16.49")
    return order


def parcel(
    counter: Counter, order: dict[str, Any], quantity: int, **changes: Any
) -> dict[str, Any]:
    stocks = [{"warehouse": counter.warehouse(), "quantity": quantity}]
    line = {"orderLineId": order["lines"][0]["id"], "stocks": stocks}
    return {"lines": [line], "notifyCustomer": False, "trackingNumber": "T1"} | changes


async def test_units_leave_parcel_by_parcel() -> None:
    # given
    counter = open_counter()
    order = await paid(counter)

    # when
    first = await counter.act(FULFILL, id=order["id"], input=parcel(counter, order, 1))
    second = await counter.act(FULFILL, id=order["id"], input=parcel(counter, order, 2))

    # then
    assert first["order"]["status"] == "PARTIALLY_FULFILLED"
    assert first["order"]["lines"][0]["allocations"][0]["quantity"] == 2
    assert second["order"]["status"] == "FULFILLED"
    assert [each["fulfillmentOrder"] for each in second["order"]["fulfillments"]] == [1, 2]
    assert counter.stock() == (997, 0)
    assert [entry.event for entry in counter.shop.journal].count("ORDER_FULFILLED") == 1


async def test_more_than_is_open_is_refused() -> None:
    counter = open_counter()
    order = await paid(counter, quantity=1)

    answer = await counter.act(FULFILL, id=order["id"], input=parcel(counter, order, 2))

    assert codes(answer["errors"]) == [("orderLineId", "FULFILL_ORDER_LINE")]
    assert answer["errors"][0]["message"] == "Only 1 item remaining to fulfill."
    assert counter.stock() == (1000, 1)


async def test_an_unpaid_order_is_not_fulfilled_where_the_shop_says_so() -> None:
    strict, lenient = open_counter(), open_counter(settings(fulfillment_allow_unpaid=True))
    refused = await strict.completed()
    allowed = await lenient.completed()

    no = await strict.act(FULFILL, id=refused["id"], input=parcel(strict, refused, 1))
    yes = await lenient.act(FULFILL, id=allowed["id"], input=parcel(lenient, allowed, 1))

    assert codes(no["errors"]) == [("order", "CANNOT_FULFILL_UNPAID_ORDER")]
    assert strict.stock() == (1000, 1)
    assert yes["order"]["status"] == "FULFILLED"


async def test_units_others_have_a_claim_on_do_not_leave() -> None:
    # given: an imported part shipment that reserved nothing, and an order for all that is left
    counter = open_counter(shop_with(stocks={US_WAREHOUSE: 2}))
    line = counter.line(quantity=3)
    left = {
        "variantId": line["variantId"],
        "quantity": 1,
        "warehouse": line["warehouse"],
        "orderLineIndex": 0,
    }
    (result,) = await counter.bring(
        counter.order(status="PARTIALLY_FULFILLED", lines=[line], fulfillments=[{"lines": [left]}])
    )
    await counter.pay(result["order"]["id"], "16.49")
    await counter.completed(reference="111-2", lines=[counter.line(quantity=2)])

    # when
    answer = await counter.act(
        FULFILL, id=result["order"]["id"], input=parcel(counter, result["order"], 2)
    )

    # then
    assert codes(answer["errors"]) == [("stocks", "INSUFFICIENT_STOCK")]
    assert answer["errors"][0]["warehouse"] == counter.warehouse()
    assert counter.stock() == (2, 2)


async def test_what_is_tracked_nowhere_cannot_ship_without_a_row() -> None:
    bare = open_counter(shop_with(stocks={}, track_inventory=False))
    empty_row = open_counter(shop_with(stocks={US_WAREHOUSE: 0}, track_inventory=False))
    answers = []
    for counter in (bare, empty_row):
        order = await paid(counter)
        answers.append(await counter.act(FULFILL, id=order["id"], input=parcel(counter, order, 3)))

    assert codes(answers[0]["errors"]) == [("stocks", "INSUFFICIENT_STOCK")]
    assert answers[1]["order"]["status"] == "FULFILLED"
    assert empty_row.stock() == (0, 0)


async def test_a_preorder_cannot_ship() -> None:
    counter = open_counter(shop_with(is_preorder=True))
    order = await paid(counter)

    answer = await counter.act(FULFILL, id=order["id"], input=parcel(counter, order, 1))

    assert answer["errors"][0]["message"] == "Can not fulfill preorder variant."


async def test_the_customer_is_mailed_unless_told_not_to() -> None:
    counter = open_counter()
    order = await paid(counter, user={"email": "ann@example.com"})
    counter.shop.journal.clear()

    await counter.act(FULFILL, id=order["id"], input=parcel(counter, order, 1))
    quiet = [entry.detail for entry in counter.shop.journal if entry.event == "EMAIL"]
    loud_parcel = parcel(counter, order, 1)
    del loud_parcel["notifyCustomer"]
    await counter.act(FULFILL, id=order["id"], input=loud_parcel)
    loud = [entry.detail for entry in counter.shop.journal if entry.event == "EMAIL"]

    assert (quiet, loud) == ([], ["fulfillment_confirmation"])


async def test_fulfilments_wait_where_the_shop_approves_them() -> None:
    # given
    counter = open_counter(settings(fulfillment_auto_approve=False))
    order = await paid(counter)

    # when
    waiting = await counter.act(FULFILL, id=order["id"], input=parcel(counter, order, 3))
    cancelled = await counter.act("orderCancel(id: $id)", id=order["id"])
    (fulfilment,) = waiting["order"]["fulfillments"]
    stock_meanwhile = counter.stock()
    call = "orderFulfillmentApprove(id: $id, notifyCustomer: false)"
    approved = await counter.act(call, id=fulfilment["id"])
    again = await counter.act(call, id=fulfilment["id"])

    # then
    assert waiting["order"]["status"] == "UNFULFILLED"
    assert fulfilment["status"] == "WAITING_FOR_APPROVAL"
    assert stock_meanwhile == (1000, 3)
    assert codes(cancelled["errors"]) == [("order", "CANNOT_CANCEL_ORDER")]
    assert approved["order"]["status"] == "FULFILLED"
    assert counter.stock() == (997, 0)
    assert codes(again["errors"]) == [(None, "INVALID")]


async def test_a_tracking_number_can_be_changed() -> None:
    counter = open_counter()
    order = await paid(counter)
    sent = await counter.act(FULFILL, id=order["id"], input=parcel(counter, order, 1))

    answer = await counter.act(
        "orderFulfillmentUpdateTracking(id: $id, input: $input)",
        id=sent["order"]["fulfillments"][0]["id"],
        input={"trackingNumber": "T2"},
    )

    assert answer["order"]["fulfillments"][0]["trackingNumber"] == "T2"
    told = [entry.event for entry in counter.shop.journal]
    assert told.count("FULFILLMENT_TRACKING_NUMBER_UPDATED") == 2


async def test_a_cancelled_parcel_goes_back_and_stays_kept_for_its_order() -> None:
    # given
    counter = open_counter()
    order = await paid(counter)
    sent = await counter.act(FULFILL, id=order["id"], input=parcel(counter, order, 1))
    call = "orderFulfillmentCancel(id: $id, input: $input)"
    fulfilment = sent["order"]["fulfillments"][0]["id"]

    # when
    nowhere = await counter.act(call, id=fulfilment, input={})
    back = await counter.act(call, id=fulfilment, input={"warehouseId": counter.warehouse()})

    # then
    assert codes(nowhere["errors"]) == [("warehouseId", "REQUIRED")]
    assert back["order"]["status"] == "UNFULFILLED"
    assert back["order"]["lines"][0]["allocations"][0]["quantity"] == 3
    assert counter.stock() == (1000, 3)


async def test_returned_units_that_never_left_are_free_and_the_rest_still_ships() -> None:
    # given
    counter = open_counter()
    order = await paid(counter)
    call = "orderFulfillmentReturnProducts(order: $id, input: $input)"
    line = order["lines"][0]["id"]
    one = {"orderLines": [{"orderLineId": line, "quantity": 1}], "refund": False}
    three = {"orderLines": [{"orderLineId": line, "quantity": 3}], "refund": False}

    # when
    returned = await counter.act(call, id=order["id"], input=one)
    stock_after = counter.stock()
    too_many = await counter.act(call, id=order["id"], input=three)
    refund = await counter.act(call, id=order["id"], input=one | {"refund": True})
    rest = await counter.act(FULFILL, id=order["id"], input=parcel(counter, order, 2))

    # then
    assert returned["order"]["status"] == "PARTIALLY_RETURNED"
    assert returned["order"]["lines"][0]["quantityToFulfill"] == 2
    assert stock_after == (1000, 2)
    assert codes(too_many["errors"]) == [("orderLineId", "INVALID_QUANTITY")]
    assert codes(refund["errors"]) == [("order", "CANNOT_REFUND")]
    assert rest["errors"] == []
    assert counter.stock() == (998, 0)


async def test_a_cancelled_order_frees_its_stock_and_keeps_its_money() -> None:
    counter = open_counter()
    order = await paid(counter)

    cancelled = await counter.act("orderCancel(id: $id)", id=order["id"])
    again = await counter.act("orderCancel(id: $id)", id=order["id"])

    assert cancelled["order"]["status"] == "CANCELED"
    assert cancelled["order"]["chargeStatus"] == "FULL"
    assert counter.stock() == (1000, 0)
    assert codes(again["errors"]) == [("order", "CANNOT_CANCEL_ORDER")]


async def test_an_order_of_which_something_left_is_not_cancelled() -> None:
    counter = open_counter()
    order = await paid(counter)
    await counter.act(FULFILL, id=order["id"], input=parcel(counter, order, 1))

    answer = await counter.act("orderCancel(id: $id)", id=order["id"])

    assert codes(answer["errors"]) == [("order", "CANNOT_CANCEL_ORDER")]
    assert counter.stock() == (999, 2)


@pytest.mark.parametrize(
    ("_case", "changes", "error"),
    [
        ("nothing", {"lines": []}, ("lines", "GRAPHQL_ERROR")),
        ("no units", {"quantity": 0}, ("lines", "ZERO_QUANTITY")),
        ("one warehouse twice", {"twice": True}, ("warehouse", "DUPLICATED_INPUT_ITEM")),
    ],
)
async def test_a_parcel_must_make_sense(
    _case: str, changes: dict[str, Any], error: tuple[str, str]
) -> None:
    counter = open_counter()
    order = await paid(counter)
    given = parcel(counter, order, changes.get("quantity", 1))
    given["lines"] = changes.get("lines", given["lines"])
    if changes.get("twice"):
        given["lines"][0]["stocks"] *= 2

    answer = await counter.act(FULFILL, id=order["id"], input=given)

    assert codes(answer["errors"]) == [error]
    assert counter.stock() == (1000, 3)
