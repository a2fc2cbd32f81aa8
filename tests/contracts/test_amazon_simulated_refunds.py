"""Refunds handed to the simulated Amazon: what is paid, what is not, and how it is booked."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from saleor_amazon_app.amazon.errors import BadRequest
from saleor_amazon_app.amazon.feed_documents import RefundedItem, RefundedOrder, refunds
from saleor_amazon_app.amazon.feed_reports import ReportRow, Result
from saleor_amazon_app.amazon.feeds import FeedType
from saleor_amazon_app.amazon.finances import refunds as booked
from saleor_amazon_app.amazon.shipments import ConfirmedItem, ShipmentConfirmation, confirm
from saleor_amazon_app.core.ids import AmazonOrderId, MarketplaceId, OrderItemId
from saleor_amazon_app.core.money import Money
from tests.contracts.simulated_line import Line, simulated_line
from tests.simulated_amazon import NOON, amazon_order, order_id

SELLER = "A1SIMULATED"
REFUNDS = FeedType.POST_PAYMENT_ADJUSTMENT_DATA
ORDER = AmazonOrderId(order_id())
ITEM = OrderItemId(f"{1:014}")
JAPAN = "A1VC38T7YXB528"


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currencyCode": "USD"}


def priced(**changes: Any) -> dict[str, Any]:
    """A shipped order: 20 for the mugs, 5 for delivery, 2 and 0.50 of tax on top of it."""
    order = amazon_order(**{"status": "SHIPPED", **changes})
    order["proceeds"] = {"grandTotal": usd("27.50")}
    order["orderItems"][0]["fulfillment"] = {"quantityFulfilled": 2, "quantityUnfulfilled": 0}
    order["orderItems"][0]["proceeds"] = {
        "proceedsTotal": usd("27.50"),
        "breakdowns": [
            {"type": "ITEM", "subtotal": usd("20.00")},
            {"type": "SHIPPING", "subtotal": usd("5.00")},
            {
                "type": "TAX",
                "subtotal": usd("2.50"),
                "detailedBreakdowns": [
                    {"subtype": "ITEM", "value": usd("2.00")},
                    {"subtype": "SHIPPING", "value": usd("0.50")},
                ],
            },
        ],
    }
    return order


def refund(parts: Mapping[str, str], *, message: int = 1, item: str = ITEM) -> RefundedOrder:
    components = tuple((kind, Money(Decimal(text), "USD")) for kind, text in parts.items())
    return RefundedOrder(
        message, ORDER, (RefundedItem(OrderItemId(item), "CustomerReturn", components),)
    )


async def pay(line: Line, *orders: RefundedOrder) -> list[ReportRow | None]:
    """Hands one feed in and reads what became of each refund."""
    return await send(line, refunds(SELLER, orders), [order.message_id for order in orders])


async def send(line: Line, content: bytes, messages: list[int]) -> list[ReportRow | None]:
    told = await line.done(await line.hand_in(content, REFUNDS))
    return [told.of(message) for message in messages]


async def test_a_refund_is_booked_by_item_and_component() -> None:
    parts = {"Principal": "10.00", "Tax": "1.00", "Shipping": "5.00", "ShippingTax": "0.50"}
    async with simulated_line(priced()) as line:
        (row,) = await pay(line, refund(parts))
        outcome = await line.outcome()

    assert row == ReportRow(Result.SUCCESS)
    assert outcome["orders"][ORDER]["refunds"] == {ITEM: parts}
    assert outcome["faults"] == []


@pytest.mark.parametrize(
    "parts",
    [
        {"Principal": "27.51"},
        {"Principal": "22.01"},
        {"Principal": "20.00", "Tax": "2.01"},
        {"Shipping": "5.51"},
        {"GiftWrap": "0.01"},
        {"Principal": "22.00", "Shipping": "5.50", "COD": "0.01"},
    ],
)
async def test_more_than_was_paid_is_refused_and_noted(parts: dict[str, str]) -> None:
    async with simulated_line(priced()) as line:
        (row,) = await pay(line, refund(parts))
        outcome = await line.outcome()

    assert row is not None
    assert row.result is Result.ERROR
    assert "back" in (row.description or "")
    assert outcome["orders"] == {}
    assert [one["fault"] for one in outcome["faults"]] == ["refunded_too_much"]


async def test_the_same_refund_again_is_paid_again_until_nothing_is_left() -> None:
    async with simulated_line(priced()) as line:
        rows = [(await pay(line, refund({"Principal": "10.00"})))[0] for _ in range(3)]
        outcome = await line.outcome()

    assert [row.result if row else None for row in rows] == ["Success", "Success", "Error"]
    assert outcome["orders"][ORDER]["refunds"] == {ITEM: {"Principal": "20.00"}}
    assert [one["fault"] for one in outcome["faults"]] == ["refunded_twice", "refunded_too_much"]


async def test_a_quantity_multiplies_as_it_did_to_a_seller() -> None:
    content = refunds(SELLER, [refund({"Principal": "10.00"})])
    content = content.replace(b"</AdjustedItem>", b"<Quantity>2</Quantity></AdjustedItem>")
    async with simulated_line(priced()) as line:
        await send(line, content, [1])
        outcome = await line.outcome()

    assert outcome["orders"][ORDER]["refunds"] == {ITEM: {"Principal": "20.00"}}


@pytest.mark.parametrize(
    ("order", "one", "words"),
    [
        (amazon_order(status="UNSHIPPED"), refund({"Principal": "1"}), "cancel it instead"),
        (amazon_order(status="CANCELLED"), refund({"Principal": "1"}), "cancel it instead"),
        (priced(fulfilled_by="AMAZON"), refund({"Principal": "1"}), "fulfilled by Amazon"),
        (priced(number=2), refund({"Principal": "1"}), "There is no order"),
        (priced(), refund({"Principal": "1"}, item=f"{9:014}"), "has no item"),
        (priced(), refund({"Goodwill": "1"}), "Goodwill was not paid"),
        (priced(marketplace=JAPAN), refund({"Tax": "1"}), "prices contain the tax"),
        (
            priced() | {"proceeds": {"grandTotal": {**usd("27.50"), "currencyCode": "EUR"}}},
            refund({"Principal": "1"}),
            "is in EUR, not in USD",
        ),
    ],
)
async def test_a_refund_that_is_not_the_orders_is_refused(
    order: dict[str, Any], one: RefundedOrder, words: str
) -> None:
    async with simulated_line(order) as line:
        (row,) = await pay(line, one)
        outcome = await line.outcome()

    assert row is not None
    assert row.result is Result.ERROR
    assert words in (row.description or "")
    assert outcome["orders"] == {}
    assert outcome["faults"] == []


async def test_one_bad_refund_spoils_no_other_and_is_not_paid_in_part() -> None:
    two_items = RefundedOrder(
        2,
        ORDER,
        (
            *refund({"Principal": "1.00"}).items,
            *refund({"Principal": "1.00"}, item=f"{9:014}").items,
        ),
    )
    async with simulated_line(priced()) as line:
        first, second = await pay(line, refund({"Principal": "2.00"}), two_items)
        outcome = await line.outcome()

    assert first == ReportRow(Result.SUCCESS)
    assert second is not None
    assert second.result is Result.ERROR
    assert outcome["orders"][ORDER]["refunds"] == {ITEM: {"Principal": "2.00"}}


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (b">10.00<", b">10.001<", "more than two decimals"),
        (b">10.00<", b">ten<", "not a number"),
        (b">10.00<", b">NaN<", "more than two decimals"),
        (b">10.00<", b">-10.00<", "is no amount"),
        (b">CustomerReturn<", b">Because<", "no reason"),
        (b">Refund<", b">Gift<", "Only refunds"),
    ],
)
async def test_what_the_app_never_writes_is_refused(
    before: bytes, after: bytes, words: str
) -> None:
    content = refunds(SELLER, [refund({"Principal": "10.00"})]).replace(before, after)
    async with simulated_line(priced()) as line:
        (row,) = await send(line, content, [1])
        outcome = await line.outcome()

    assert row is not None
    assert words in (row.description or "")
    assert outcome["orders"] == {}


async def test_what_left_a_moment_ago_can_be_refunded_though_it_is_not_shown_yet() -> None:
    order = priced(status="UNSHIPPED")
    order["orderItems"][0]["fulfillment"] = {"quantityFulfilled": 0, "quantityUnfulfilled": 2}
    parcel = ShipmentConfirmation("1", "UPS", None, None, "1Z", NOON, (ConfirmedItem(ITEM, 1),))
    async with simulated_line(order) as line:
        feed_id = await line.hand_in(refunds(SELLER, [refund({"Principal": "10.00"})]), REFUNDS)
        line.clock.move(seconds=100)
        await confirm(line.client, MarketplaceId("ATVPDKIKX0DER"), ORDER, parcel)
        line.clock.move(seconds=20)
        told = await line.done(feed_id)

    assert told.of(1) == ReportRow(Result.SUCCESS)


async def test_refunds_are_booked_late_with_the_fees_and_read_as_what_the_buyer_got() -> None:
    async with simulated_line(priced()) as line:
        await pay(line, refund({"Principal": "10.00", "Tax": "1.00"}))
        await line.act(
            "refund_in_seller_central", order_id=ORDER, order_item_id=ITEM, amount="4.50"
        )
        line.clock.move(minutes=14)
        early = await booked(line.client, ORDER)
        line.clock.move(minutes=1)
        by_order = await booked(line.client, ORDER)
        by_time = await booked(line.client, NOON)
        later = await booked(line.client, NOON + timedelta(minutes=3))
        others = await booked(line.client, AmazonOrderId(order_id(2)))

    assert early == later == others == ()
    assert by_order == by_time
    assert [(one.order_id, one.amount, one.posted_at) for one in by_order] == [
        (ORDER, Money(Decimal("11.00"), "USD"), NOON + timedelta(minutes=2)),
        (ORDER, Money(Decimal("4.50"), "USD"), NOON + timedelta(minutes=2)),
    ]
    assert [one.debited.amount for one in by_order] == [Decimal("9.35"), Decimal("3.82")]
    assert len({one.transaction_id for one in by_order}) == 2
    assert "listTransactions" in line.judged


async def test_more_refunds_than_fit_a_page_are_all_read() -> None:
    async with simulated_line(priced()) as line:
        for _ in range(45):
            await line.act(
                "refund_in_seller_central", order_id=ORDER, order_item_id=ITEM, amount="0.10"
            )
        line.clock.move(hours=1)
        found = await booked(line.client, ORDER)

    assert len({one.transaction_id for one in found}) == 45
    assert line.judged.count("listTransactions") == 3


async def test_seller_central_cannot_pay_more_than_the_buyer_did_either() -> None:
    async with simulated_line(priced()) as line:
        answer = await line.http.post(
            "http://amazon.test/_simulator/refund_in_seller_central",
            json={"order_id": ORDER, "order_item_id": ITEM, "amount": "27.51"},
        )
        outcome = await line.outcome()

    assert answer.status_code == 400
    assert outcome["orders"] == {}
    assert outcome["faults"] == []
    assert "back" in answer.json()["error"]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"postedAfter": "yesterday"},
        {"postedAfter": "2026-11-20T11:59:00Z"},
        {"postedAfter": "2026-11-20T10:00:00Z", "postedBefore": "2026-11-20T09:00:00Z"},
        {"relatedIdentifierName": "SHIPMENT_ID", "relatedIdentifierValue": "1"},
        {"relatedIdentifierName": "ORDER_ID"},
        {"postedAfter": "2026-11-20T10:00:00Z", "nextToken": "from-20"},
    ],
)
async def test_transactions_are_asked_for_by_amazons_rules(query: dict[str, str]) -> None:
    async with simulated_line(priced()) as line:
        answer: httpx.Response = await line.http.get(
            "http://amazon.test/finances/2024-06-19/transactions",
            params=query,
            headers=await line.permission(),
        )

    assert answer.status_code == 400
    assert line.judged == ["listTransactions"]


async def test_refunds_of_the_last_two_minutes_cannot_be_asked_for() -> None:
    async with simulated_line(priced()) as line:
        with pytest.raises(BadRequest):
            await booked(line.client, NOON - timedelta(minutes=1))
