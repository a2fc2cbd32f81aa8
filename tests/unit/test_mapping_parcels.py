"""Which carrier a parcel is named by, and which parcels Amazon knows or still expects."""

from datetime import UTC, datetime
from typing import Any

import pytest

from saleor_amazon_app.amazon.order_records import Order, parse_order
from saleor_amazon_app.core.ids import OrderItemId
from saleor_amazon_app.mapping.parcels import (
    Carrier,
    OutgoingParcel,
    Reported,
    Room,
    carrier_of,
    confirmation,
    from_json,
    shows,
    taken_references,
    to_json,
)
from tests.unit.amazon_orders import an_item, an_order

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
UPS = "1Z999AA10123456784"


def outgoing(number: str = "T1", **units: int) -> OutgoingParcel:
    """A parcel with units by item id after an `i`."""
    named = {OrderItemId(name.removeprefix("i")): count for name, count in units.items()}
    return OutgoingParcel(number, Carrier("UPS"), NOON, named)


def sold(*packages: dict[str, Any], gone: int = 0) -> Order:
    """Three units of one item, some of which left."""
    counts = {"quantityFulfilled": gone, "quantityUnfulfilled": 3 - gone}
    item = an_item(id="11", quantity=3, fulfillment=counts)
    status = "PARTIALLY_SHIPPED" if 0 < gone < 3 else "SHIPPED" if gone else "UNSHIPPED"
    return parse_order(an_order([item], status=status, packages=list(packages)))


def package(reference: str, number: str | None, units: int) -> dict[str, Any]:
    told = {"trackingNumber": number} if number else {}
    items = [{"orderItemId": "11", "quantity": units}]
    return {"packageReferenceId": reference, "packageItems": items, **told}


@pytest.mark.parametrize(
    ("named", "number", "method", "carriers", "carrier"),
    [
        ("dhl", "T1", "", {}, Carrier("DHL")),
        ("Bike Bob", UPS, "", {}, Carrier("Other", "Bike Bob")),
        ("Bike Bob", "T1", "", {"Bike Bob": "GLS"}, Carrier("GLS")),
        ("", "T1", "Standard", {"Standard": "Royal Mail"}, Carrier("Royal Mail")),
        ("", UPS, "Standard", {"Standard": "Wrongly spelled"}, Carrier("Other", "Wrongly spelled")),
        ("", UPS, "Standard", {}, Carrier("UPS")),
        ("", "T1", "Standard", {}, Carrier("Other", "Standard")),
        ("", "T1", "", {}, Carrier("Other", "Other carrier")),
    ],
)
def test_a_carrier_is_named_by_the_surest_source(
    named: str, number: str, method: str, carriers: dict[str, str], carrier: Carrier
) -> None:
    assert carrier_of(named, number, method, carriers) == carrier


def test_a_parcel_is_kept_and_found_again_as_it_was() -> None:
    parcel = outgoing(i11=2)
    assert from_json(to_json(parcel)) == parcel
    assert confirmation(parcel, "4").package_reference_id == "4"


@pytest.mark.parametrize(
    ("_case", "packages", "is_shown"),
    [
        ("as it was told", [package("1", " t1 ", 2)], True),
        ("without its contents", [{"packageReferenceId": "1", "trackingNumber": "T1"}], True),
        ("another number yet", [package("1", "T0", 2)], False),
        ("other units", [package("1", "T1", 1)], False),
        ("another parcel", [package("2", "T1", 2)], False),
        ("none", [], False),
    ],
)
def test_amazon_shows_a_parcel_when_it_is_as_it_was_told(
    _case: str, packages: list[dict[str, Any]], is_shown: bool
) -> None:
    assert shows(sold(*packages).packages or (), "1", outgoing(i11=2)) is is_shown


def test_references_of_parcels_from_elsewhere_are_not_taken() -> None:
    order = sold(package("7", "A", 1), package("MFN-1", "B", 1), gone=2)
    assert taken_references(order.packages or ()) == {7}


def test_a_parcel_is_known_by_its_number_and_only_once() -> None:
    room = Room(sold(package("1", "T1", 1), gone=1), ())
    assert room.knows(outgoing("t1", i11=1))
    assert not room.knows(outgoing("T1", i11=1))


def test_units_without_a_number_are_known_as_far_as_amazon_counts_them() -> None:
    room = Room(sold(gone=2), ())
    assert room.knows(outgoing("", i11=1))
    assert not room.knows(outgoing("", i11=2))
    assert not room.knows(outgoing("T9", i11=1))


def test_own_parcels_are_not_taken_for_foreign_ones() -> None:
    ours = Reported(outgoing("T1", i11=2), "1", False, True, False, False)
    room = Room(sold(package("1", "T1", 2), gone=2), [ours])
    assert not room.knows(outgoing("", i11=1))
    assert room.takes(outgoing("T2", i11=1))
    assert not room.takes(outgoing("T3", i11=1))


def test_units_that_left_elsewhere_leave_no_room() -> None:
    room = Room(sold(package("1", "T1", 2), gone=2), ())
    assert not room.takes(outgoing("T2", i11=2))
    assert room.takes(outgoing("T2", i11=1))
