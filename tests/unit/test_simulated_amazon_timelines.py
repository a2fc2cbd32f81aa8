"""Orders handed to the simulated Amazon: every form of document, and one line for a bad one."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from saleor_amazon_app.simulators.amazon import ScriptedOrder, Step, UnusableOrderError, load
from saleor_amazon_app.simulators.amazon.timelines import from_json, to_json
from tests.simulated_amazon import NOON, amazon_order, order_id

UNSHIPPED = {"fulfillment": {"fulfillmentStatus": "UNSHIPPED"}}


def status(new: str) -> dict[str, Any]:
    return {"fulfillment": {"fulfillmentStatus": new}}


def without(field: str) -> dict[str, Any]:
    return {key: value for key, value in amazon_order().items() if key != field}


@pytest.mark.parametrize(
    ("_case", "document"),
    [
        ("one order", amazon_order()),
        ("getOrder response", {"order": amazon_order()}),
        ("searchOrders response", {"orders": [amazon_order()], "pagination": {"nextToken": "x"}}),
        ("list", [amazon_order()]),
    ],
)
def test_orders_are_read_from_every_form(_case: str, document: object) -> None:
    (scripted,) = from_json(document)

    assert scripted == ScriptedOrder(amazon_order())
    assert scripted.order_id == order_id()
    assert scripted.created == scripted.last_updated == NOON - timedelta(hours=1)


def test_orders_with_timelines_survive_the_way_there_and_back() -> None:
    steps = (
        Step(timedelta(seconds=1.5), status("UNSHIPPED")),
        Step(timedelta(hours=2), status("SHIPPED")),
    )
    orders = (
        ScriptedOrder(amazon_order(1, status="PENDING"), steps),
        ScriptedOrder(amazon_order(2)),
    )

    document = json.loads(json.dumps(to_json(orders)), parse_float=Decimal)

    assert document["timelines"].keys() == {order_id(1)}
    assert document["timelines"][order_id(1)][0] == {
        "after_seconds": Decimal("1.5"),
        "changes": UNSHIPPED,
    }
    assert from_json(document) == orders


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ("text", "neither an order nor a list of orders"),
        ({}, "neither an order nor a list of orders"),
        ([1], "orders[0] is not an object"),
        ([without("orderId")], "order (without orderId): orderId is missing"),
        ([without("createdTime")], f"order {order_id()}: createdTime is missing"),
        ([without("lastUpdatedTime")], f"order {order_id()}: lastUpdatedTime is missing"),
        ([without("salesChannel")], f"order {order_id()}: salesChannel is missing"),
        ([without("orderItems")], f"order {order_id()}: orderItems is missing"),
        (
            [amazon_order() | {"createdTime": "2026-11-20T12:00:00"}],
            f"order {order_id()}: 2026-11-20T12:00:00 names no time zone",
        ),
        ([amazon_order() | {"createdTime": 5}], f"order {order_id()}: 5 is not a time"),
        ([amazon_order() | {"orderItems": {}}], f"order {order_id()}: orderItems is not a list"),
        (
            [amazon_order() | {"orderItems": [{"orderItemId": "1", "product": {}}]}],
            f"order {order_id()}: orderItems: quantityOrdered is missing",
        ),
        (
            {"orders": [amazon_order()], "timelines": []},
            "timelines must be an object with an entry per orderId",
        ),
        (
            {"orders": [amazon_order()], "timelines": {"999": []}},
            "timeline of 999: no such order in the document",
        ),
        (
            {"orders": [amazon_order()], "timelines": {order_id(): [{"after_seconds": -1}]}},
            f"timeline of {order_id()}: a step needs after_seconds, at least 0, and changes",
        ),
        (
            {
                "orders": [amazon_order(status="SHIPPED")],
                "timelines": {order_id(): [{"after_seconds": 1, "changes": UNSHIPPED}]},
            },
            f"order {order_id()}: an order that is SHIPPED cannot become UNSHIPPED",
        ),
    ],
)
def test_an_unusable_document_is_refused_in_one_line(document: object, complaint: str) -> None:
    with pytest.raises(UnusableOrderError) as refusal:
        from_json(document)

    assert str(refusal.value) == complaint


def test_a_file_is_named_in_the_complaint(tmp_path: Path) -> None:
    good, broken, absent = tmp_path / "good.json", tmp_path / "broken.json", tmp_path / "none.json"
    good.write_text(json.dumps([amazon_order()]))
    broken.write_text('{"orders": [')

    assert load(good) == (ScriptedOrder(amazon_order()),)
    with pytest.raises(UnusableOrderError, match=r"broken\.json: not JSON: "):
        load(broken)
    with pytest.raises(UnusableOrderError, match=r"none\.json: No such file or directory$"):
        load(absent)


def test_fractions_of_measures_are_read_exactly(tmp_path: Path) -> None:
    order = amazon_order()
    order["orderItems"][0]["measurement"] = {"unit": "KILOGRAMS", "value": 1.5}
    path = tmp_path / "orders.json"
    path.write_text(json.dumps(order))

    (scripted,) = load(path)

    assert scripted.order["orderItems"][0]["measurement"]["value"] == Decimal("1.5")
