"""What may become of a simulated order."""

from copy import deepcopy
from typing import Any

import pytest

from saleor_amazon_app.simulators.amazon.transitions import ImpossibleTransition, changed, merged
from tests.simulated_amazon import amazon_order


def status(new: str) -> dict[str, Any]:
    return {"fulfillment": {"fulfillmentStatus": new}}


@pytest.mark.parametrize(
    ("fulfilled_by", "path"),
    [
        (
            "MERCHANT",
            ["PENDING_AVAILABILITY", "PENDING", "UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED"],
        ),
        ("MERCHANT", ["PENDING", "CANCELLED"]),
        ("MERCHANT", ["UNSHIPPED", "CANCELLED"]),
        ("AMAZON", ["PENDING", "UNSHIPPED", "SHIPPED"]),
        ("AMAZON", ["PENDING", "UNFULFILLABLE"]),
        ("MERCHANT", ["UNSHIPPED", "NOT_INVENTED_YET", "SHIPPED"]),
    ],
)
def test_orders_go_amazons_ways(fulfilled_by: str, path: list[str]) -> None:
    order = amazon_order(status=path[0], fulfilled_by=fulfilled_by)

    for new in path[1:]:
        order = changed(order, status(new))

        assert order["fulfillment"]["fulfillmentStatus"] == new


@pytest.mark.parametrize(
    ("fulfilled_by", "before", "after"),
    [
        ("MERCHANT", "PENDING", "SHIPPED"),
        ("MERCHANT", "UNSHIPPED", "PENDING"),
        ("MERCHANT", "SHIPPED", "CANCELLED"),
        ("MERCHANT", "CANCELLED", "UNSHIPPED"),
        ("MERCHANT", "UNSHIPPED", "UNFULFILLABLE"),
        ("AMAZON", "UNSHIPPED", "PARTIALLY_SHIPPED"),
    ],
)
def test_orders_do_not_go_other_ways(fulfilled_by: str, before: str, after: str) -> None:
    order = amazon_order(status=before, fulfilled_by=fulfilled_by)
    kept = deepcopy(order)

    with pytest.raises(ImpossibleTransition, match=f"{before} cannot become {after}"):
        changed(order, status(after))

    assert order == kept


@pytest.mark.parametrize(
    ("before", "after", "fulfilled", "unfulfilled"),
    [
        ("PENDING", "UNSHIPPED", 0, 2),
        ("UNSHIPPED", "SHIPPED", 2, 0),
        ("UNSHIPPED", "CANCELLED", 0, 0),
    ],
)
def test_the_quantities_follow_the_status(
    before: str, after: str, fulfilled: int, unfulfilled: int
) -> None:
    order = amazon_order(status=before)
    kept = deepcopy(order)

    (item,) = changed(order, status(after))["orderItems"]

    assert item["fulfillment"] == {
        "quantityFulfilled": fulfilled,
        "quantityUnfulfilled": unfulfilled,
    }
    assert item["product"] == order["orderItems"][0]["product"]
    assert order == kept


def test_a_change_that_brings_its_items_keeps_them() -> None:
    order = amazon_order()
    item = merged(
        order["orderItems"][0], {"fulfillment": {"quantityFulfilled": 1, "quantityUnfulfilled": 1}}
    )

    after = changed(order, {**status("PARTIALLY_SHIPPED"), "orderItems": [item]})

    assert after["orderItems"] == [item]


@pytest.mark.parametrize(
    ("target", "patch", "expected"),
    [
        ({"a": 1}, {"b": 2}, {"a": 1, "b": 2}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 3}}, {"a": {"b": 3, "c": 2}}),
        ({"a": 1, "b": 2}, {"a": None, "c": None}, {"b": 2}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": 1}, {"a": {"b": None, "c": 1}}, {"a": {"c": 1}}),
    ],
)
def test_changes_are_merge_patches(
    target: dict[str, Any], patch: dict[str, Any], expected: dict[str, Any]
) -> None:
    kept = deepcopy(target)

    assert merged(target, patch) == expected
    assert target == kept
