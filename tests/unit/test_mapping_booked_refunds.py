"""Entries of Amazon's books are told apart, and count against what may still be given back."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from saleor_amazon_app.amazon.finances import PostedPart
from saleor_amazon_app.amazon.order_records import Order, parse_order
from saleor_amazon_app.core.ids import OrderItemId
from saleor_amazon_app.core.money import Money
from saleor_amazon_app.mapping.booked_refunds import (
    Booked,
    MadeElsewhere,
    NobodyKnows,
    Ours,
    Sent,
    TooEarly,
    Verdict,
    tell_apart,
    what_is_left,
)
from tests.unit.amazon_orders import an_item, an_order

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ONE, TWO = OrderItemId("11"), OrderItemId("12")
MUG, TEA = "MUG-1", "TEA-1"
ORDER = parse_order(
    an_order([an_item("20.00", sku=MUG), an_item("30.00", id="12", sku=TEA)], grand_total="50.00")
)


def entry(
    id: str, *parts: tuple[str | None, str], minutes: int = 0, sent_as: int | None = None
) -> Booked:
    """What was booked some minutes after noon; parts by SKU."""
    amount = sum((Decimal(each) for _, each in parts), Decimal(0))
    told = tuple(PostedPart(sku, "OurPricePrincipal", Decimal(each)) for sku, each in parts)
    return Booked(id, NOON + timedelta(minutes=minutes), Money(amount, "USD"), told, sent_as)


def sent(
    id: int, one: str = "0", two: str = "0", *, minutes: int = -5, has_ended: bool = True
) -> Sent:
    """What was sent some minutes after noon; amounts by item."""
    parts = {(ONE, "Principal"): Decimal(one), (TWO, "Principal"): Decimal(two)}
    kept = {key: amount for key, amount in parts.items() if amount}
    return Sent(id, NOON + timedelta(minutes=minutes), "USD", kept, has_ended)


ELSEWHERE, EARLY, UNKNOWN = MadeElsewhere(), TooEarly(), NobodyKnows()


@pytest.mark.parametrize(
    ("_case", "booked", "ours", "verdicts"),
    [
        ("nothing of ours", [entry("a", (MUG, "5"))], [], {"a": ELSEWHERE}),
        ("ours", [entry("a", (MUG, "5"))], [sent(1, "5")], {"a": Ours(1)}),
        ("known already", [entry("a", (MUG, "5"), sent_as=1)], [sent(1, "5")], {}),
        (
            "the same again",
            [entry("a", (MUG, "5"), sent_as=1), entry("b", (MUG, "5"))],
            [sent(1, "5")],
            {"b": ELSEWHERE},
        ),
        (
            "the older one is ours",
            [entry("b", (MUG, "5"), minutes=9), entry("a", (MUG, "5"))],
            [sent(1, "5")],
            {"a": Ours(1), "b": ELSEWHERE},
        ),
        (
            "booked before ours was sent",
            [entry("a", (MUG, "5"))],
            [sent(1, "5", minutes=2)],
            {"a": ELSEWHERE},
        ),
        ("clocks differ", [entry("a", (MUG, "5"))], [sent(1, "5", minutes=1)], {"a": Ours(1)}),
        ("other goods", [entry("a", (TEA, "5"))], [sent(1, "5")], {"a": EARLY}),
        ("another amount", [entry("a", (MUG, "6"))], [sent(1, "5")], {"a": EARLY}),
        (
            "another amount, and ours is booked",
            [entry("a", (MUG, "6")), entry("b", (MUG, "5"), minutes=3)],
            [sent(1, "5")],
            {"a": ELSEWHERE, "b": Ours(1)},
        ),
        (
            "another amount, and ours is never booked",
            [entry("a", (MUG, "6"))],
            [sent(1, "5", minutes=-3 * 24 * 60)],
            {"a": UNKNOWN},
        ),
        (
            "both items at once",
            [entry("a", (MUG, "5"), (TEA, "7"))],
            [sent(1, "5", "7")],
            {"a": Ours(1)},
        ),
        (
            "item by item",
            [entry("a", (MUG, "5")), entry("b", (TEA, "7"))],
            [sent(1, "5", "7")],
            {"a": Ours(1), "b": Ours(1)},
        ),
        ("goods unnamed", [entry("a", (None, "12"))], [sent(1, "5", "7")], {"a": Ours(1)}),
        ("goods unnamed, a part", [entry("a", (None, "5"))], [sent(1, "5", "7")], {"a": EARLY}),
        (
            "ours has not ended: it may yet be refused",
            [entry("a", (MUG, "5"))],
            [sent(1, "5", has_ended=False)],
            {"a": EARLY},
        ),
        (
            "two of ours, one booked",
            [entry("a", (MUG, "5"))],
            [sent(2, "5", minutes=-1), sent(1, "5", minutes=-9)],
            {"a": Ours(1)},
        ),
    ],
)
def test_who_made_a_refund(
    _case: str, booked: list[Booked], ours: list[Sent], verdicts: dict[str, Verdict]
) -> None:
    told = tell_apart(ORDER, booked, ours, now=NOON, booked_within=timedelta(days=3))
    assert told == verdicts


def test_another_currency_is_never_ours() -> None:
    euros = Booked("a", NOON, Money(Decimal(5), "EUR"))
    told = tell_apart(ORDER, [euros], [sent(1, "5")], now=NOON, booked_within=timedelta(days=3))
    assert told == {"a": EARLY}


def left(order: Order, *parts: PostedPart) -> dict[tuple[str, str], str]:
    """What is left of 20 and 2 of tax for one item, 5 and 1 for its delivery, 30 for the other."""
    paid = {
        (ONE, "Principal"): Decimal(20),
        (ONE, "Tax"): Decimal(2),
        (ONE, "Shipping"): Decimal(5),
        (ONE, "ShippingTax"): Decimal(1),
        (TWO, "Principal"): Decimal(30),
    }
    amount = sum((part.amount for part in parts), Decimal(0))
    rest = what_is_left(order, paid, [Booked("a", NOON, Money(amount, "USD"), parts)])
    return {key: f"{rest[key]}" for key in paid if rest[key] != paid[key]}


def part(sku: str | None, kind: str, amount: str) -> PostedPart:
    return PostedPart(sku, kind, Decimal(amount))


@pytest.mark.parametrize(
    ("_case", "parts", "taken"),
    [
        ("goods", [part(MUG, "OurPricePrincipal", "3")], {(ONE, "Principal"): "17"}),
        ("tax", [part(MUG, "OurPriceTax", "1")], {(ONE, "Tax"): "1"}),
        ("delivery", [part(MUG, "ShippingPrincipal", "4")], {(ONE, "Shipping"): "1"}),
        ("tax of delivery", [part(MUG, "ShippingTax", "1")], {(ONE, "ShippingTax"): "0"}),
        ("words of tomorrow", [part(TEA, "Apology", "3")], {(TWO, "Principal"): "27"}),
        (
            "more than there is of it",
            [part(MUG, "OurPriceTax", "3")],
            {(ONE, "Tax"): "0", (ONE, "Principal"): "19"},
        ),
        (
            "more than the item cost",
            [part(MUG, "OurPricePrincipal", "29")],
            {
                (ONE, "Principal"): "0",
                (ONE, "Tax"): "0",
                (ONE, "Shipping"): "0",
                (ONE, "ShippingTax"): "0",
                (TWO, "Principal"): "29",
            },
        ),
        (
            "a part below zero",
            [part(TEA, "OurPricePrincipal", "10"), part(TEA, "PromotionPrincipal", "-4")],
            {(TWO, "Principal"): "24"},
        ),
    ],
)
def test_what_is_left_after_a_refund_made_elsewhere(
    _case: str, parts: list[PostedPart], taken: dict[tuple[str, str], str]
) -> None:
    assert left(ORDER, *parts) == taken
