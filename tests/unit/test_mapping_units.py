"""How many units have left, in which parcels, and how many still have to."""

from typing import Any

import pytest

from saleor_amazon_app.core.reasons import HoldCode, Reason
from saleor_amazon_app.mapping.units import parcels_of, units_of
from tests.unit.amazon_orders import Json, an_item, an_order, parsed


def counted(shipped: int | None, unshipped: int | None, *, ordered: int = 3, **more: Any) -> Json:
    given = {"quantityFulfilled": shipped, "quantityUnfulfilled": unshipped}
    fulfillment = {name: value for name, value in given.items() if value is not None}
    return an_item(quantity=ordered, fulfillment=fulfillment, **more)


def a_package(number: str | None, items: dict[str, int] | None, **more: Any) -> Json:
    package: Json = {"packageReferenceId": "1", **more}
    if number is not None:
        package["trackingNumber"] = number
    if items is not None:
        package["packageItems"] = [
            {"orderItemId": item_id, "quantity": units} for item_id, units in items.items()
        ]
    return package


@pytest.mark.parametrize(
    ("status", "shipped", "unshipped", "expected"),
    [
        ("UNSHIPPED", 0, 3, (0, 3)),
        ("UNSHIPPED", None, None, (0, 3)),
        ("UNSHIPPED", 0, 2, (0, 2)),
        ("UNSHIPPED", None, 2, (1, 2)),
        ("UNSHIPPED", 1, None, (1, 2)),
        ("PARTIALLY_SHIPPED", 1, 2, (1, 2)),
        ("PARTIALLY_SHIPPED", 1, 1, (1, 1)),
        ("PARTIALLY_SHIPPED", None, 1, (2, 1)),
        ("SHIPPED", 3, 0, (3, 0)),
        ("SHIPPED", 0, 3, (3, 0)),
        ("SHIPPED", 2, 0, (2, 0)),
        ("SHIPPED", None, None, (3, 0)),
        ("INVOICE_UNCONFIRMED", None, None, (3, 0)),
    ],
)
def test_units_that_left_and_units_that_wait_are_told_apart(
    status: str, shipped: int | None, unshipped: int | None, expected: tuple[int, int]
) -> None:
    order = parsed(an_order([counted(shipped, unshipped)], status=status))

    units = units_of(order)

    assert not isinstance(units, Reason)
    assert [(each.shipped, each.open) for each in units] == [expected]
    assert units[0].total == sum(expected)


def test_an_item_whose_units_were_all_cancelled_is_left_out() -> None:
    items = [counted(0, 0, id="1"), counted(0, 1, id="2"), an_item(id="3", quantity=0)]

    units = units_of(parsed(an_order(items)))

    assert not isinstance(units, Reason)
    assert [each.item.order_item_id for each in units] == ["2"]


@pytest.mark.parametrize(
    ("_case", "status", "items", "words"),
    [
        ("none", "UNSHIPPED", [], "no item with units"),
        ("none left", "SHIPPED", [counted(0, 0)], "no item with units"),
        ("not how many", "PARTIALLY_SHIPPED", [counted(None, None)], "not how many units"),
        ("too many", "UNSHIPPED", [counted(2, 2)], "3 ordered, 2 shipped, 2 to ship"),
        ("more left than ordered", "UNSHIPPED", [counted(4, None)], "contradict each other"),
        ("more wait than ordered", "UNSHIPPED", [counted(None, 4)], "contradict each other"),
        ("one number twice", "UNSHIPPED", [an_item(), an_item()], "two items under one number"),
    ],
)
def test_what_amazon_has_not_told_is_waited_for(
    _case: str, status: str, items: list[Json], words: str
) -> None:
    found = units_of(parsed(an_order(items, status=status)))

    assert isinstance(found, Reason)
    assert found.code is HoldCode.INCOMPLETE_FROM_AMAZON
    assert words in found.message


TWO_ITEMS = [counted(3, 0, id="1"), counted(2, 0, id="2")]


@pytest.mark.parametrize(
    ("_case", "packages", "parcels"),
    [
        ("no parcel listed", None, [(None, {"1": 3, "2": 2})]),
        ("one with everything", [a_package("A", {"1": 3, "2": 2})], [("A", {"1": 3, "2": 2})]),
        (
            "two, one item in both",
            [a_package("A", {"1": 1}), a_package("B", {"1": 2, "2": 2})],
            [("A", {"1": 1}), ("B", {"1": 2, "2": 2})],
        ),
        (
            "units in no parcel",
            [a_package("A", {"1": 1})],
            [("A", {"1": 1}), (None, {"1": 2, "2": 2})],
        ),
        (
            "more in the parcel than left",
            [a_package("A", {"1": 9, "2": 2, "99": 4})],
            [("A", {"1": 3, "2": 2})],
        ),
        (
            "a cancelled parcel",
            [
                a_package("A", {"1": 3}, packageStatus={"status": "CANCELLED"}),
                a_package("B", {"1": 3, "2": 2}, packageStatus={"status": "DELIVERED"}),
            ],
            [("B", {"1": 3, "2": 2})],
        ),
        ("contents not told", [a_package("A", None)], [("A", {"1": 3, "2": 2})]),
        (
            "contents of two not told",
            [a_package("A", None), a_package("B", None)],
            [(None, {"1": 3, "2": 2})],
        ),
        (
            "contents of one of two not told",
            [a_package("A", None), a_package("B", {"1": 3})],
            [("B", {"1": 3}), ("A", {"2": 2})],
        ),
        ("no number", [a_package(None, {"1": 3, "2": 2})], [(None, {"1": 3, "2": 2})]),
        ("an empty number", [a_package(" ", {"1": 3, "2": 2})], [(None, {"1": 3, "2": 2})]),
        (
            "a number longer than the host keeps",
            [a_package("A" * 300, {"1": 3, "2": 2})],
            [("A" * 255, {"1": 3, "2": 2})],
        ),
    ],
)
def test_the_parcels_hold_exactly_the_units_that_left(
    _case: str,
    packages: list[Json] | None,
    parcels: list[tuple[str | None, dict[str, int]]],
) -> None:
    # given
    order = parsed(an_order(TWO_ITEMS, status="SHIPPED", packages=packages))
    units = units_of(order)
    assert not isinstance(units, Reason)

    # when
    found = parcels_of(order, units)

    # then
    assert [(parcel.tracking_number, dict(parcel.units)) for parcel in found] == parcels


def test_nothing_that_left_is_in_no_parcel() -> None:
    order = parsed(an_order([counted(0, 3)], packages=[a_package("A", {"11": 1})]))
    units = units_of(order)
    assert not isinstance(units, Reason)

    assert parcels_of(order, units) == ()
