"""Every fulfilment is told, held, refused or withdrawn, and nothing is said of it a second time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from saleor_amazon_app.amazon.order_records import parse_order
from saleor_amazon_app.core.ids import OrderItemId, SaleorOrderId, SaleorOrderLineId
from saleor_amazon_app.mapping.parcels import Carrier, OutgoingParcel, Reported
from saleor_amazon_app.mapping.shipments import (
    ConfirmParcel,
    HoldParcel,
    ParcelDecision,
    RefuseParcel,
    Shipping,
    WithdrawParcel,
    decide,
    hold_ends,
)
from saleor_amazon_app.saleor.leaving_records import LeavingFulfillment, LeavingOrder
from tests.unit.amazon_orders import an_item, an_order

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SHIP_BY = NOON + timedelta(hours=12)
UPS = "1Z999AA10123456784"
ITEM, LINE, STRANGE = OrderItemId("11"), SaleorOrderLineId("L1"), SaleorOrderLineId("L9")


def left(number: str = UPS, status: str = "FULFILLED", **more: Any) -> LeavingFulfillment:
    """A fulfilment of two units that was made at noon."""
    units = more.pop("units", {LINE: 2})
    metadata = more.pop("metadata", {})
    return LeavingFulfillment("F1", status, more.pop("created", NOON), number, metadata, units)


def parcel(number: str = UPS, carrier: str = "UPS", **more: Any) -> OutgoingParcel:
    return OutgoingParcel(number, Carrier(carrier), NOON, more.pop("units", {ITEM: 2}))


def reported(number: str = UPS, **more: Any) -> Reported:
    """The same fulfilment as the outbox has it: sent, unless told otherwise."""
    told: dict[str, Any] = {
        "parcel": parcel(number, **more.pop("parcel", {})),
        "reference": "1",
        "is_waiting": False,
        "was_sent": True,
        "is_refused": False,
        "is_withdrawn": False,
    }
    return Reported(**told | more)


def case(*fulfillments: LeavingFulfillment, **more: Any) -> Shipping:
    """An order of three units that must leave within twelve hours."""
    programs = more.pop("programs", [])
    by = more.pop("by", "MERCHANT")
    status = more.pop("status", "UNSHIPPED")
    known = more.pop("known", None)
    gone = more.pop("gone", 0)
    counts = {"quantityFulfilled": gone, "quantityUnfulfilled": 3 - gone}
    item = an_item(id="11", quantity=3, fulfillment=counts)
    told = {
        "fulfillmentStatus": status,
        "fulfilledBy": by,
        "shipByWindow": {"latestDateTime": SHIP_BY.isoformat()},
    }
    packages = more.pop("packages", [])
    order = an_order([item], fulfillment=told, programs=programs, packages=packages)
    base = Shipping(
        order=parse_order(order),
        leaving=LeavingOrder(
            SaleorOrderId("O1"), "UNFULFILLED", "", {}, {LINE: "MUG-1"}, fulfillments, frozenset()
        ),
        items={LINE: ITEM},
        carriers={},
        reported={"F1": known} if known else {},
        asks_to_cancel=False,
        asked_since=None,
        now=NOON,
    )
    return replace(base, **more)


def the_decision(told: Shipping) -> ParcelDecision:
    (decision,) = decide(told)
    return decision


def test_a_parcel_with_a_number_is_told() -> None:
    assert decide(case(left())) == (ConfirmParcel("F1", parcel()),)


@pytest.mark.parametrize("status", ["WAITING_FOR_APPROVAL", "REFUNDED", "RETURNED", "CANCELED"])
def test_what_did_not_leave_is_not_told(status: str) -> None:
    assert decide(case(left(status=status))) == ()


def test_a_parcel_never_left_before_its_order_was_placed() -> None:
    told = case(left(created=NOON - timedelta(days=900)))
    decision = the_decision(told)
    assert isinstance(decision, ConfirmParcel)
    assert decision.parcel.shipped_at == told.order.created_time


def test_the_carrier_comes_from_the_fulfilment_first() -> None:
    named = left(metadata={"amazonCarrier": " Otter & Daughters "})
    decision = the_decision(case(named))
    assert isinstance(decision, ConfirmParcel)
    assert decision.parcel.carrier == Carrier("Other", "Otter & Daughters")


@pytest.mark.parametrize(
    ("_case", "told", "words"),
    [
        ("by Amazon", case(left(), by="AMAZON"), "Amazon ships this order itself"),
        ("cancelled", case(left(), status="CANCELLED"), "Amazon cancelled this order"),
        ("FBM Ship+", case(left(), programs=["FBM_SHIP_PLUS"]), "in FBM Ship+"),
        ("Prime", case(left(), programs=["PRIME"]), "Amazon Buy Shipping only"),
        ("another line", case(left(units={STRANGE: 1})), "a line that is not from Amazon"),
        (
            "another line too",
            case(left(units={LINE: 1, STRANGE: 1})),
            "a line that is not from Amazon",
        ),
        ("no lines", case(left(units={})), "holds no units"),
        ("no units", case(left(units={LINE: 0})), "holds no units"),
        ("less than none", case(left(units={LINE: -1})), "holds no units"),
        ("a long number", case(left("9" * 300)), "The tracking number has 300 characters"),
        ("too many units", case(left(units={LINE: 4})), "expects no such parcel any more"),
        ("units gone elsewhere", case(left(), gone=2), "expects no such parcel any more"),
    ],
)
def test_what_amazon_is_never_told_is_refused_in_words(
    _case: str, told: Shipping, words: str
) -> None:
    decision = the_decision(told)
    assert isinstance(decision, RefuseParcel)
    assert words in decision.words
    assert not decision.is_withdrawn


def test_a_parcel_that_amazon_knows_from_elsewhere_is_not_told() -> None:
    package = {
        "packageReferenceId": "1",
        "trackingNumber": UPS.lower(),
        "packageItems": [{"orderItemId": "11", "quantity": 2}],
    }
    assert decide(case(left(), packages=[package], gone=2)) == ()


def test_without_a_number_a_parcel_waits_and_staff_are_reminded_in_time() -> None:
    told = case(left(""))
    decision = the_decision(told)
    assert isinstance(decision, HoldParcel)
    assert decision.words == (
        "Amazon has not heard of a parcel that has no tracking number: enter one by "
        "2026-11-21T00:00:00Z."
    )
    assert decision.note_at == SHIP_BY - timedelta(hours=6)
    assert hold_ends(told, decision) == decision.note_at
    late = replace(told, now=SHIP_BY)
    assert hold_ends(late, decision) is None


@pytest.mark.parametrize(
    ("_case", "wish", "kind", "words"),
    [
        ("shown before", {"asked_since": NOON - timedelta(hours=1)}, ConfirmParcel, "declined"),
        ("shown after", {"asked_since": NOON + timedelta(hours=1)}, HoldParcel, "packed already"),
        ("never shown", {"asked_since": None}, HoldParcel, "packed already"),
        ("let go by staff", {"is_approved": True}, ConfirmParcel, "staff let the parcel go"),
        ("the last moment", {"now": SHIP_BY - timedelta(hours=2)}, ConfirmParcel, "all the same"),
    ],
)
def test_while_the_buyer_asks_to_cancel(
    _case: str, wish: dict[str, Any], kind: type[ParcelDecision], words: str
) -> None:
    told = case(left(), asks_to_cancel=True, **wish)
    decision = the_decision(told)
    assert isinstance(decision, kind)
    if isinstance(decision, HoldParcel):
        assert words in decision.words
        assert hold_ends(told, decision) == SHIP_BY - timedelta(hours=2)
    else:
        assert isinstance(decision, ConfirmParcel)
        assert words in (decision.note or "")


@pytest.mark.parametrize(
    ("_case", "now_left", "known"),
    [
        ("as it was told", left(), reported()),
        ("its number was taken off", left(""), reported()),
        ("returned since", left(status="RETURNED"), reported()),
        ("cancelled, and staff know", left(status="CANCELED"), reported(is_withdrawn=True)),
        ("refused as it is", left(), reported(is_refused=True)),
    ],
)
def test_nothing_is_said_twice(_case: str, now_left: LeavingFulfillment, known: Reported) -> None:
    assert decide(case(now_left, known=known)) == ()


def test_another_number_edits_the_parcel_as_it_left() -> None:
    changed = left("OTHER-1", units={LINE: 1}, metadata={"amazonCarrier": "UPS"})
    expected = parcel("OTHER-1")
    assert decide(case(changed, known=reported())) == (ConfirmParcel("F1", expected),)


def test_a_refused_parcel_is_told_as_it_is_once_it_was_corrected() -> None:
    corrected = left("OTHER-1", units={LINE: 1}, metadata={"amazonCarrier": "UPS"})
    decision = the_decision(case(corrected, known=reported("9" * 300, is_refused=True)))
    assert decision == ConfirmParcel("F1", parcel("OTHER-1", units={ITEM: 1}))


def test_a_number_that_came_is_told() -> None:
    waiting = reported("", is_waiting=True, was_sent=False)
    assert decide(case(left(), known=waiting)) == (ConfirmParcel("F1", parcel()),)


def test_a_number_made_worse_is_refused_and_the_parcel_stays_as_amazon_has_it() -> None:
    decision = the_decision(case(left("9" * 300), known=reported()))
    assert isinstance(decision, RefuseParcel)
    assert decision.parcel == parcel()


@pytest.mark.parametrize(
    ("_case", "known", "is_too_late", "words"),
    [
        ("told", reported(), True, "Amazon cannot take a shipment back"),
        ("not told yet", reported(was_sent=False), False, "before Amazon was told of it"),
        ("refused", reported(is_refused=True), False, "before Amazon was told of it"),
    ],
)
def test_a_cancelled_fulfilment_is_withdrawn(
    _case: str, known: Reported, is_too_late: bool, words: str
) -> None:
    decision = the_decision(case(left(status="CANCELED"), known=known))
    assert isinstance(decision, WithdrawParcel)
    assert decision.is_too_late is is_too_late
    assert words in decision.words


def test_a_cancelled_fulfilment_of_an_order_amazon_ships_names_what_it_put_into_stock() -> None:
    told = case(left("", status="CANCELED"), by="AMAZON", status="SHIPPED", gone=3)
    decision = the_decision(told)
    assert isinstance(decision, RefuseParcel)
    assert decision.is_withdrawn
    assert "2 of MUG-1" in decision.words
    assert "Fulfil them again to take them out" in decision.words
