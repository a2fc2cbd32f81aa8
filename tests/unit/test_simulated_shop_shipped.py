"""Importing orders that already left: what the simulated shop takes from stock and refuses."""

from typing import Any

import pytest

from tests.unit.shop_counter import NO_USER, Counter, open_counter


def shipped(counter: Counter, quantity: int, **changes: Any) -> dict[str, Any]:
    lines = [counter.line(quantity=quantity)]
    parcel = {
        "variantId": lines[0]["variantId"],
        "quantity": quantity,
        "warehouse": lines[0]["warehouse"],
        "orderLineIndex": 0,
    }
    sample = {
        "status": "FULFILLED",
        "lines": lines,
        "fulfillments": [{"trackingCode": "TRK1", "lines": [parcel]}],
    }
    return counter.order(**(sample | changes))


@pytest.mark.parametrize(("policy", "left"), [("SKIP", 1000), ("UPDATE", 996), ("FORCE", 996)])
async def test_a_shipped_order_takes_its_units_only_when_told_to(policy: str, left: int) -> None:
    counter = open_counter()

    (result,) = await counter.bring(shipped(counter, 4), stock=policy)

    order = result["order"]
    assert result["errors"] == [NO_USER]
    assert order["status"] == "FULFILLED"
    assert order["lines"][0]["quantityToFulfill"] == 0
    assert [(each["status"], each["trackingNumber"]) for each in order["fulfillments"]] == [
        ("FULFILLED", "TRK1")
    ]
    assert order["events"] == []
    assert counter.stock() == (left, 0)


async def test_units_that_are_spoken_for_are_not_taken() -> None:
    # given: 5 in stock, 4 of them for another order
    counter = open_counter()
    counter.shop.set_stock("MUG-1", "default-channel-warehouse", 5)
    await counter.completed(lines=[counter.line(quantity=4)])

    # when
    too_many, fits = await counter.bring(
        shipped(counter, 2, externalReference="111-2"),
        shipped(counter, 1, externalReference="111-3"),
        stock="UPDATE",
    )

    # then
    assert too_many["order"] is None
    assert too_many["errors"][1]["code"] == "INSUFFICIENT_STOCK"
    assert fits["order"]["status"] == "FULFILLED"
    assert counter.stock() == (4, 4)


async def test_force_drives_stock_below_nothing() -> None:
    counter = open_counter()

    await counter.bring(shipped(counter, 1500), stock="FORCE")

    assert counter.stock() == (-500, 0)


@pytest.mark.parametrize(
    ("_case", "index", "code"),
    [("behind", -1, "NEGATIVE_INDEX"), ("beyond", 4, "NO_RELATED_ORDER_LINE")],
)
async def test_a_parcel_names_lines_by_their_place(_case: str, index: int, code: str) -> None:
    counter = open_counter()
    order = shipped(counter, 1)
    order["fulfillments"][0]["lines"][0]["orderLineIndex"] = index

    (result,) = await counter.bring(order)

    assert result["order"] is None
    assert (result["errors"][1]["path"], result["errors"][1]["code"]) == (
        "fulfillments.0.lines.0.order_line_index",
        code,
    )


async def test_a_status_that_does_not_fit_is_told_and_kept() -> None:
    counter = open_counter()

    (result,) = await counter.bring(counter.order(status="FULFILLED"))

    assert result["order"]["status"] == "FULFILLED"
    assert (result["errors"][1]["path"], result["errors"][1]["code"]) == ("status", "INVALID")
