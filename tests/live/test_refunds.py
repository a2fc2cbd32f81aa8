"""Money that staff of a real shop ask back goes back at Amazon, once, and the shop hears of it."""

import json
from decimal import Decimal
from typing import Any

import pytest

from saleor_amazon_app.saleor.event_records import EventKind
from tests.live.conftest import OpenJourney
from tests.live.host import Host, Json, notes_of
from tests.live.leaving import Journey
from tests.live.sales import item, number, sale
from tests.live.shop import LiveShop
from tests.live.staff import Staff
from tests.unit.amazon_orders import DE, JP

UPS = "1Z999AA10123456784"
ASKED = EventKind.TRANSACTION_REFUND_REQUESTED


async def _left(way: Journey, staff: Staff, order: Json) -> Json:
    """An order that was placed and has left in one parcel."""
    placed = await way.placed(order)
    await staff.fulfil(placed, *(line["quantity"] for line in placed["lines"]), number=UPS)
    await way.hear(order, EventKind.FULFILLMENT_CREATED)
    return await way.shipped(order)


async def _units(placed: Json, **by_total: int) -> list[int]:
    """Units of each line, by what the line costs after an `l`: `l30=2`."""
    wanted = {Decimal(name[1:]): units for name, units in by_total.items()}
    return [wanted.get(line["totalPrice"]["gross"]["amount"], 0) for line in placed["lines"]]


async def test_all_of_it(journey: OpenJourney, staff: Staff, host: Host, everyday: str) -> None:
    kinds: Any = {"ITEM": "20.00", "SHIPPING": "4.99"}
    items = [item(everyday, "24.99", kinds, quantity=2), item(everyday, "5.00")]
    order = sale(*items)
    way = await journey(order)
    placed = await _left(way, staff, order)

    await staff.pay_back(placed, None)
    await way.hear(order, ASKED)
    answered = await way.answered(placed, "29.99")
    await way.settle(order)

    assert (answered.charged, answered.refunded) == ("0", "0")
    assert way.paid_back(order) == {
        items[0]["orderItemId"]: {"Principal": "20", "Shipping": "4.99"},
        items[1]["orderItemId"]: {"Principal": "5"},
    }
    money = await way.money(placed)
    assert (money.status, money.charged, money.refunded, money.pending) == (
        "NONE",
        "0",
        "29.99",
        "0",
    )
    assert [outcome[:2] for outcome in money.outcomes] == [("REFUND_SUCCESS", "29.99")]
    assert len(set(money.references)) == 1
    assert notes_of(await host.order(number(order)))[-1].startswith("Amazon gave back 29.99 USD")
    assert way.feeds == 1
    await way.nothing_is_sent_again(order)
    assert await way.money(placed) == money


async def test_units_of_a_line_and_its_delivery_by_a_granted_refund(
    journey: OpenJourney, staff: Staff, everyday: str
) -> None:
    kinds: Any = {"ITEM": "30.00", "SHIPPING": "6.00"}
    one, other = item(everyday, "36.00", kinds, quantity=3), item(everyday, "5.00")
    order = sale(one, other)
    way = await journey(order)
    placed = await _left(way, staff, order)
    units = await _units(placed, l30=1)

    granted = await staff.grant(placed, "10.00", *units)
    await way.work_off()
    assert await way.rows(order, "REFUND") == []
    await staff.pay_granted(granted)
    await way.hear(order, ASKED)
    await way.settle(order)

    assert way.paid_back(order) == {one["orderItemId"]: {"Principal": "10"}}
    first = await way.money(placed)
    assert (first.status, first.charged, first.refunded) == ("FULL", "31", "10")
    assert first.granted == [("SUCCESS", "10")]
    await way.door.forget(number(order))

    await staff.pay_granted(await staff.grant(placed, "6.00", shipping=True))
    await way.hear(order, ASKED)
    await way.settle(order)

    assert way.paid_back(order) == {one["orderItemId"]: {"Principal": "10", "Shipping": "6"}}
    money = await way.money(placed)
    assert (money.charged, money.refunded) == ("25", "16")
    assert money.granted == [("SUCCESS", "10"), ("SUCCESS", "6")]
    assert len(set(money.references)) == 2
    await way.nothing_is_sent_again(order)


async def test_asked_twice_in_a_moment_it_goes_back_twice_and_never_more_than_was_paid(
    journey: OpenJourney, staff: Staff, everyday: str
) -> None:
    one = item(everyday, "10.00")
    order = sale(one)
    way = await journey(order)
    placed = await _left(way, staff, order)

    await staff.pay_back(placed, "4.00")
    await staff.pay_back(placed, "4.00")
    await staff.pay_back(placed, "4.00")
    await way.heard_times(order, ASKED, 3)
    await way.settle(order, minutes=60)

    asked = [Decimal(json.loads(each.body)["action"]["amount"]) for each in way.asked(order)]
    states = [state for state, _ in await way.ended(order, "REFUND")]
    money = await way.money(placed)
    assert way.paid_back(order) == {one["orderItemId"]: {"Principal": money.refunded}}
    assert Decimal(money.refunded) + Decimal(money.charged) == 10
    assert states.count("CONFIRMED") == len(
        [outcome for outcome in money.outcomes if outcome[0] == "REFUND_SUCCESS"]
    )
    assert Decimal(money.refunded) == sum(
        amount for amount, state in zip(asked, states, strict=True) if state == "CONFIRMED"
    )
    assert money.pending == "0"
    assert len(set(money.references)) == len(states) == 3
    await way.nothing_is_sent_again(order)


async def test_before_it_left_it_is_refused_in_the_shop_and_amazon_hears_nothing(
    journey: OpenJourney, staff: Staff, host: Host, everyday: str
) -> None:
    order = sale(item(everyday))
    way = await journey(order)
    placed = await way.placed(order)

    await staff.pay_back(placed, "10.00")
    await way.hear(order, ASKED)
    await way.settle(order)

    ((state, words),) = await way.ended(order, "REFUND")
    assert state == "REFUSED"
    assert "cancel the order instead" in (words or "")
    money = await way.money(placed)
    assert (money.status, money.charged, money.refunded, money.pending) == ("FULL", "10", "0", "0")
    assert money.outcomes == [("REFUND_FAILURE", "10", words)]
    assert (words or "") in notes_of(await host.order(number(order)))[-1]
    assert way.feeds == 0
    await way.nothing_is_sent_again(order)


async def test_after_a_failure_it_can_be_asked_again(
    journey: OpenJourney, staff: Staff, everyday: str
) -> None:
    one = item(everyday)
    order = sale(one)
    way = await journey(order)
    placed = await _left(way, staff, order)
    way.store.amazon.seller.feeds.refuse_next_message("Try again tomorrow.")
    granted = await staff.grant(placed, "10.00", 1)

    await staff.pay_granted(granted)
    await way.hear(order, ASKED)
    await way.settle(order)
    failed = await way.money(placed)
    await way.door.forget(number(order))
    await staff.pay_granted(granted)
    await way.hear(order, ASKED)
    await way.settle(order)

    assert failed.outcomes == [("REFUND_FAILURE", "10", "Try again tomorrow.")]
    assert (failed.status, failed.charged, failed.refunded) == ("OVERCHARGED", "10", "0")
    assert failed.granted == [("FAILURE", "10")]
    money = await way.money(placed)
    assert (money.charged, money.refunded) == ("0", "10")
    assert money.granted == [("SUCCESS", "10")]
    assert len(set(money.references)) == 2
    assert way.paid_back(order) == {one["orderItemId"]: {"Principal": "10"}}
    await way.nothing_is_sent_again(order)


async def test_of_several_items_one_must_be_named(
    journey: OpenJourney, staff: Staff, everyday: str
) -> None:
    order = sale(item(everyday, "10.00"), item(everyday, "20.00"))
    way = await journey(order)
    placed = await _left(way, staff, order)

    await staff.pay_back(placed, "5.00")
    await way.hear(order, ASKED)
    await way.settle(order)

    ((state, words),) = await way.ended(order, "REFUND")
    assert state == "REFUSED"
    assert "choose the items" in (words or "")
    assert (await way.money(placed)).outcomes == [("REFUND_FAILURE", "5", words)]
    assert way.feeds == 0


async def test_more_than_was_charged_is_what_was_charged(
    journey: OpenJourney, staff: Staff, everyday: str
) -> None:
    one = item(everyday, "10.00")
    order = sale(one)
    way = await journey(order)
    placed = await _left(way, staff, order)

    await staff.pay_back(placed, "999.00")
    await way.hear(order, ASKED)
    await way.settle(order)

    assert way.paid_back(order) == {one["orderItemId"]: {"Principal": "10"}}
    money = await way.money(placed)
    assert (money.charged, money.refunded) == ("0", "10")
    await way.nothing_is_sent_again(order)


async def test_a_cent_and_then_the_rest(journey: OpenJourney, staff: Staff, everyday: str) -> None:
    one = item(everyday, "10.00", quantity=3)
    order = sale(one)
    way = await journey(order)
    placed = await _left(way, staff, order)

    await staff.pay_back(placed, "0.01")
    await way.hear(order, ASKED)
    await way.settle(order)
    assert way.paid_back(order) == {one["orderItemId"]: {"Principal": "0.01"}}
    await way.door.forget(number(order))
    await staff.pay_back(placed, None)
    await way.hear(order, ASKED)
    await way.settle(order)

    assert way.paid_back(order) == {one["orderItemId"]: {"Principal": "10"}}
    money = await way.money(placed)
    assert [outcome[:2] for outcome in money.outcomes] == [
        ("REFUND_SUCCESS", "0.01"),
        ("REFUND_SUCCESS", "9.99"),
    ]
    assert (money.charged, money.refunded) == ("0", "10")
    await way.nothing_is_sent_again(order)


@pytest.mark.parametrize(
    ("marketplace", "currency", "total", "kinds", "asked", "parts"),
    [
        (
            JP,
            "JPY",
            "1430",
            {"ITEM": "1100", "COD_FEE": "330"},
            None,
            {"COD": "330", "Principal": "1100"},
        ),
        (JP, "JPY", "1100", None, "333", {"Principal": "333"}),
        (
            DE,
            "EUR",
            "17.85",
            {
                "ITEM": "11.90",
                "SHIPPING": "5.95",
                "TAX": ("2.85", {"ITEM": "1.90", "SHIPPING": "0.95"}),
            },
            None,
            {"Principal": "11.9", "Shipping": "5.95"},
        ),
    ],
    ids=["all of a COD order in yen", "some yen", "tax contained"],
)
async def test_other_currencies(
    journey: OpenJourney,
    staff: Staff,
    everyday: str,
    marketplace: str,
    currency: str,
    total: str,
    kinds: Any,
    asked: str | None,
    parts: dict[str, str],
) -> None:
    one = item(everyday, total, kinds, currency=currency)
    order = sale(one, marketplace=marketplace)
    way = await journey(order)
    placed = await _left(way, staff, order)

    await staff.pay_back(placed, asked)
    await way.hear(order, ASKED)
    await way.settle(order)

    assert [state for state, _ in await way.ended(order, "REFUND")] == ["CONFIRMED"]
    assert way.paid_back(order) == {one["orderItemId"]: parts}
    money = await way.money(placed)
    assert money.refunded == (asked or total)
    await way.nothing_is_sent_again(order)


async def test_a_gift_wrapped_and_discounted_line_goes_back_in_parts(
    journey: OpenJourney, staff: Staff, everyday: str
) -> None:
    kinds: Any = {
        "ITEM": "25.00",
        "GIFT_WRAP": "4.00",
        "DISCOUNT": ("5.00", {"ITEM": "5.00"}),
        "TAX": ("2.40", {"ITEM": "2.00", "GIFT_WRAP": "0.40"}),
    }
    one = item(everyday, "26.40", kinds, quantity=2)
    order = sale(one, item(everyday, "7.00"))
    way = await journey(order)
    placed = await _left(way, staff, order)
    units = await _units(placed, **{"l26.40": 1})

    for _ in range(2):
        await way.door.forget(number(order))
        await staff.pay_granted(await staff.grant(placed, "13.20", *units))
        await way.hear(order, ASKED)
        await way.settle(order)

    assert way.paid_back(order) == {
        one["orderItemId"]: {
            "GiftWrap": "4",
            "GiftWrapTax": "0.4",
            "Principal": "20",
            "Tax": "2",
        }
    }
    money = await way.money(placed)
    assert (money.charged, money.refunded) == ("7", "26.4")
    await way.nothing_is_sent_again(order)


async def test_goods_that_came_back_and_their_money(
    journey: OpenJourney, staff: Staff, shop: LiveShop
) -> None:
    sku = await shop.product(stock=10)
    one = item(sku, "20.00", quantity=2)
    order = sale(one)
    way = await journey(order)
    placed = await way.placed(order)
    fulfilment = await staff.fulfil(placed, 2, number=UPS)
    await way.hear(order, EventKind.FULFILLMENT_CREATED)
    await way.shipped(order)

    await staff.take_back(placed, fulfilment, refund=False)
    await way.work_off()
    await staff.pay_granted(await staff.grant(placed, "20.00", 2))
    await way.hear(order, ASKED)
    await way.settle(order)

    assert way.paid_back(order) == {one["orderItemId"]: {"Principal": "20"}}
    assert way.times_said(order) == [1]
    assert (await way.host.order(number(order)))["status"] == "RETURNED"
    await way.nothing_is_sent_again(order)


async def test_of_a_part_that_left_no_more_goes_back_than_left(
    journey: OpenJourney, staff: Staff, everyday: str
) -> None:
    one = item(everyday, "30.00", quantity=3)
    order = sale(one, item(everyday, "7.00"))
    way = await journey(order)
    placed = await way.placed(order)
    some = await _units(placed, l30=1)
    await staff.fulfil(placed, *some, number=UPS)
    await way.hear(order, EventKind.FULFILLMENT_CREATED)
    assert (await way.shipped(order))["status"] == "PARTIALLY_FULFILLED"

    await staff.pay_granted(await staff.grant(placed, "20.00", *await _units(placed, l30=2)))
    await way.hear(order, ASKED)
    await way.settle(order)
    await way.door.forget(number(order))
    await staff.pay_granted(await staff.grant(placed, "10.00", *some))
    await way.hear(order, ASKED)
    await way.settle(order)

    (first, words), (second, _) = await way.ended(order, "REFUND")
    assert (first, second) == ("REFUSED", "CONFIRMED")
    assert "More units" in (words or "")
    assert way.paid_back(order) == {one["orderItemId"]: {"Principal": "10"}}
    money = await way.money(placed)
    assert (money.charged, money.refunded) == ("27", "10")
    assert money.granted == [("FAILURE", "20"), ("SUCCESS", "10")]
    # What is left can still leave.
    await staff.fulfil(placed, *await _units(placed, l30=2, l7=1), number="1Z5R89390357567127")
    await way.hear(order, EventKind.FULFILLMENT_APPROVED)
    await way.shipped(order)
    assert [sum(parcel[3].values()) for parcel in way.parcels(order)] == [1, 3]
    await way.nothing_is_sent_again(order)


async def test_an_order_that_amazon_ships_is_refused(
    journey: OpenJourney, staff: Staff, everyday: str
) -> None:
    order = sale(item(everyday, shipped=1), status="SHIPPED")
    order["fulfillment"]["fulfilledBy"] = "AMAZON"
    way = await journey(order)
    placed = await way.placed(order)

    await staff.pay_back(placed, None)
    await way.hear(order, ASKED)
    await way.settle(order)

    ((state, words),) = await way.ended(order, "REFUND")
    assert state == "REFUSED"
    assert "Amazon ships this order itself" in (words or "")
    assert (await way.money(placed)).outcomes == [("REFUND_FAILURE", "10", words)]
    assert way.feeds == 0


async def test_the_shop_is_answered_with_a_reference_it_never_saw(
    journey: OpenJourney, staff: Staff, everyday: str
) -> None:
    order = sale(item(everyday))
    way = await journey(order)
    placed = await way.placed(order)

    await staff.pay_back(placed, "10.00")
    await way.hear(order, ASKED)

    (delivery,) = way.asked(order)
    reference = json.loads(delivery.answer)["pspReference"]
    assert (delivery.status, json.loads(delivery.answer)) == (200, {"pspReference": reference})
    assert reference.startswith(f"{number(order)}-refund-")
    assert [row.key for row in await way.rows(order)] == [reference]
    assert set((await way.answered(placed, "10")).references) == {reference}
