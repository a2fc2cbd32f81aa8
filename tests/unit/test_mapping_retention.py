"""Until when a buyer is kept: 29 days after delivery, as far as Amazon tells of it."""

from datetime import UTC, datetime, timedelta

import pytest

from saleor_amazon_app.amazon.order_records import parse_order
from saleor_amazon_app.mapping.retention import KEPT, delivered_by, is_delivered
from tests.unit.amazon_orders import Json, an_item, an_order

BOUGHT = datetime(2026, 11, 1, 8, tzinfo=UTC)
PROMISED = datetime(2026, 11, 12, 8, tzinfo=UTC)
HEARD = datetime(2026, 11, 9, 8, tzinfo=UTC)


def shipped(*parcels: str | None, status: str = "SHIPPED", promise: bool = True) -> Json:
    """An order of which the last was heard on the 9th, promised for the 12th."""
    window = {"deliverByWindow": {"latestDateTime": "2026-11-12T08:00:00Z"}} if promise else {}
    packages = [
        {"packageReferenceId": str(number)}
        | ({"packageStatus": {"status": status}} if status else {})
        for number, status in enumerate(parcels)
    ]
    return an_order(
        [an_item("20.00")],
        grand_total="20.00",
        createdTime="2026-11-01T08:00:00Z",
        lastUpdatedTime="2026-11-09T08:00:00Z",
        packages=packages,
        fulfillment={"fulfillmentStatus": status, "fulfilledBy": "MERCHANT", **window},
    )


def test_amazon_s_thirty_days_are_kept_with_a_day_to_spare() -> None:
    assert timedelta(days=29) == KEPT


@pytest.mark.parametrize(
    ("_case", "order", "moment"),
    [
        ("the promise counts while nothing else is known", shipped("IN_TRANSIT"), PROMISED),
        ("the promise counts while a parcel is on its way", shipped("DELIVERED", None), PROMISED),
        (
            "a parcel that arrived is not all of it",
            shipped("DELIVERED", status="PARTIALLY_SHIPPED"),
            PROMISED,
        ),
        ("Amazon's own parcels are not told", shipped(), PROMISED),
        ("all arrived before the promise", shipped("DELIVERED", "DELIVERED"), HEARD),
        ("no promise", shipped(promise=False), BOUGHT + timedelta(days=14)),
    ],
)
def test_delivery_is_what_amazon_says_or_had_promised(
    _case: str, order: Json, moment: datetime
) -> None:
    read = parse_order(order)

    assert delivered_by(read) == moment
    assert is_delivered(read) is (moment == HEARD)
