"""Whatever is done to a simulated order, units and money stay within what there is."""

from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from saleor_amazon_app.simulators.amazon import ScriptedOrder, create_amazon
from saleor_amazon_app.simulators.amazon.deeds import RefusedDeedError
from saleor_amazon_app.simulators.amazon.misdeeds import Misdeed
from saleor_amazon_app.simulators.amazon.parcels import Parcel
from tests.simulated_amazon import NOON, HandClock, amazon_order, order_id

ITEM = f"{1:014}"
ORDERED = 6

# What an app says, one after the other: reference, units, and how long it then waits.
sayings = st.lists(
    st.tuples(st.sampled_from("123"), st.integers(1, ORDERED), st.integers(0, 150)), max_size=8
)
components = st.dictionaries(
    st.sampled_from(["Principal", "Tax", "Shipping", "ShippingTax", "GiftWrap"]),
    st.integers(1, 1500).map(lambda cents: Decimal(cents) / 100),
    min_size=1,
)


def money(amount: str) -> dict[str, str]:
    return {"amount": amount, "currencyCode": "USD"}


@given(sayings)
def test_what_is_shown_is_what_is_true_and_no_unit_leaves_twice(
    said: list[tuple[str, int, int]],
) -> None:
    clock = HandClock()
    order = amazon_order()
    order["orderItems"][0] |= {
        "quantityOrdered": ORDERED,
        "fulfillment": {"quantityFulfilled": 0, "quantityUnfulfilled": ORDERED},
    }
    seller = create_amazon([ScriptedOrder(order)], clock=clock).seller
    for reference, units, seconds in said:
        left = seller.parcels.open_units(seller.orders.get(order_id()) or {})
        before = seller.parcels.of(order_id()).get(reference)
        if units <= left[ITEM] + (before.units[ITEM] if before else 0):
            number = f"{reference}-{units}"
            parcel = Parcel(
                reference, "UPS", None, None, number, clock(), clock(), units={ITEM: units}
            )
            seller.parcels.confirm(order_id(), parcel)
        clock.move(seconds=seconds)
        seller.catch_up(clock())
    clock.move(minutes=2)
    seller.catch_up(clock())

    true = {key: dict(one.units) for key, one in seller.parcels.of(order_id()).items()}
    shown = seller.orders.get(order_id())
    assert shown is not None
    packages = {
        one["packageReferenceId"]: {
            item["orderItemId"]: item["quantity"] for item in one["packageItems"]
        }
        for one in shown["packages"]
    }
    assert packages == true
    gone = sum(units[ITEM] for units in true.values())
    assert gone <= ORDERED
    assert shown["orderItems"][0]["fulfillment"] == {
        "quantityFulfilled": gone,
        "quantityUnfulfilled": ORDERED - gone,
    }
    assert {one.misdeed for one in seller.deeds.noted} <= {Misdeed.PARCEL_OVERWRITTEN}


@given(st.lists(components, max_size=6))
def test_no_buyer_gets_more_back_than_was_paid(asked: list[Mapping[str, Decimal]]) -> None:
    order = amazon_order(status="SHIPPED")
    order["orderItems"][0]["fulfillment"] = {"quantityFulfilled": 2, "quantityUnfulfilled": 0}
    order["orderItems"][0]["proceeds"] = {
        "proceedsTotal": money("27.50"),
        "breakdowns": [
            {"type": "ITEM", "subtotal": money("20.00")},
            {"type": "SHIPPING", "subtotal": money("5.00")},
            {"type": "TAX", "subtotal": money("2.50")},
        ],
    }
    seller = create_amazon([ScriptedOrder(order)], clock=HandClock()).seller
    paid = Decimal(0)
    for number, parts in enumerate(asked, start=1):
        with suppress(RefusedDeedError):
            seller.deeds.refund(order_id(), {ITEM: parts}, currency="USD", at=NOON, said_by=number)
            paid += sum(parts.values(), Decimal(0))

    booked = seller.refunds.of(order_id()).get(ITEM, {})
    assert sum(booked.values(), Decimal(0)) == paid <= Decimal("27.50")
    assert booked.get("Shipping", Decimal(0)) <= Decimal("7.50")
    refused = len(asked) - len(seller.refunds.paid)
    assert len(seller.deeds.noted) <= refused
