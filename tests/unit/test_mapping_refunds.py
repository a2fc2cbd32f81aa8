"""What staff ask back is split exactly, within what is left of what the buyer paid."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_amazon_app.amazon.order_records import Order, parse_order
from saleor_amazon_app.core.ids import OrderItemId
from saleor_amazon_app.core.money import ZERO, Money
from saleor_amazon_app.mapping.amounts import OrderAmounts, add_up
from saleor_amazon_app.mapping.booked_refunds import Book
from saleor_amazon_app.mapping.refunds import (
    NotShippedYet,
    RefundParts,
    RefundRequest,
    RefuseRefund,
    charged,
    decide,
)
from tests.unit.amazon_orders import DE, JP, US, Json, Kinds, an_item, an_order

ONE, TWO = OrderItemId("11"), OrderItemId("12")


def shipped(items: list[Json], total: str, marketplace: str = US, **more: Any) -> Order:
    """An order that left."""
    for item in items:
        ordered = item["quantityOrdered"]
        item.setdefault("fulfillment", {"quantityFulfilled": ordered, "quantityUnfulfilled": 0})
    status = more.pop("status", "SHIPPED")
    by = more.pop("by", "MERCHANT")
    told = an_order(
        items,
        grand_total=total,
        marketplace=marketplace,
        fulfillment={"fulfillmentStatus": status, "fulfilledBy": by},
        **more,
    )
    return parse_order(told)


def ask(
    amount: str,
    currency: str = "USD",
    *,
    shipping: bool = False,
    foreign: bool = False,
    **units: int,
) -> RefundRequest:
    """What staff ask, with units by item id after an `i`."""
    named = {OrderItemId(name.removeprefix("i")): number for name, number in units.items()}
    return RefundRequest(Money(Decimal(amount), currency), named, shipping, foreign)


def parts(
    order: Order, request: RefundRequest, refunded: Book | None = None
) -> dict[tuple[str, str], str]:
    decision = decide(order, request, refunded=refunded or {}, tax_rates={})
    assert isinstance(decision, RefundParts), decision
    return {key: f"{amount:f}" for key, amount in decision.parts.items()}


def words(order: Order, request: RefundRequest, refunded: Book | None = None) -> str:
    decision = decide(order, request, refunded=refunded or {}, tax_rates={})
    assert isinstance(decision, RefuseRefund | NotShippedYet), decision
    return decision.words


def taxed_item(id: str = "11", quantity: int = 2) -> Json:
    kinds: Kinds = {
        "ITEM": "20.00",
        "SHIPPING": "5.00",
        "TAX": ("2.50", {"ITEM": "2.00", "SHIPPING": "0.50"}),
    }
    return an_item("27.50", kinds, id=id, quantity=quantity)


def test_where_prices_are_shown_without_tax_it_goes_back_apart() -> None:
    order = shipped([taxed_item()], "27.50")
    assert parts(order, ask("27.50")) == {
        (ONE, "Principal"): "20.00",
        (ONE, "Tax"): "2.00",
        (ONE, "Shipping"): "5.00",
        (ONE, "ShippingTax"): "0.50",
    }


def test_elsewhere_the_price_goes_back_with_its_tax() -> None:
    tax = ("4.00", {"ITEM": "3.33", "SHIPPING": "0.67"})
    kinds: Kinds = {"ITEM": "20.00", "SHIPPING": "4.00", "TAX": tax}
    item = an_item("24.00", kinds, currency="EUR")
    order = shipped([item], "24.00", DE)
    assert parts(order, ask("24.00", "EUR")) == {
        (ONE, "Principal"): "20.00",
        (ONE, "Shipping"): "4.00",
    }


def test_one_unit_of_two_is_half_of_the_goods_and_no_delivery() -> None:
    order = shipped([taxed_item(), taxed_item("12")], "55.00")
    assert parts(order, ask("11.00", i11=1)) == {
        (ONE, "Principal"): "10.00",
        (ONE, "Tax"): "1.00",
    }


def test_delivery_alone_goes_back_for_all_items() -> None:
    order = shipped([taxed_item(), taxed_item("12")], "55.00")
    assert parts(order, ask("11.00", shipping=True)) == {
        (ONE, "Shipping"): "5.00",
        (ONE, "ShippingTax"): "0.50",
        (TWO, "Shipping"): "5.00",
        (TWO, "ShippingTax"): "0.50",
    }


def test_an_amount_for_one_item_takes_the_goods_first_and_delivery_only_then() -> None:
    order = shipped([taxed_item()], "27.50")
    assert parts(order, ask("11.00")) == {(ONE, "Principal"): "10.00", (ONE, "Tax"): "1.00"}
    assert parts(order, ask("22.55")) == {
        (ONE, "Principal"): "20.00",
        (ONE, "Tax"): "2.00",
        (ONE, "Shipping"): "0.50",
        (ONE, "ShippingTax"): "0.05",
    }


def test_everything_that_is_left_goes_back_without_naming_an_item() -> None:
    order = shipped([taxed_item(), taxed_item("12")], "55.00")
    before: Book = {(ONE, "Principal"): Decimal("20.00"), (ONE, "Tax"): Decimal("2.00")}
    assert sum(map(Decimal, parts(order, ask("33.00"), before).values())) == Decimal("33.00")


def test_yen_have_no_decimals() -> None:
    order = shipped([an_item("1099", currency="JPY", quantity=3)], "1099", JP)
    assert parts(order, ask("366", "JPY", i11=1)) == {(ONE, "Principal"): "366"}


@pytest.mark.parametrize(
    ("_case", "more", "request_", "said"),
    [
        ("fba", {"by": "AMAZON"}, ask("1.00"), "Amazon ships this order itself"),
        ("cancelled", {"status": "CANCELLED"}, ask("1.00"), "Amazon cancelled this order"),
        ("unshipped", {"status": "UNSHIPPED"}, ask("1.00"), "cancel the order instead"),
        ("nothing named", {}, ask("11.00"), "choose the items"),
        ("too much", {}, ask("22.01", i11=2), "is more than the 22.00"),
        ("no units", {}, ask("1.00", i11=2, i12=0), "without units"),
        ("foreign line", {}, ask("1.00", foreign=True, i11=1), "not from Amazon"),
        ("zero", {}, ask("0.00", i11=1), "cannot be given back"),
        ("negative", {}, ask("-1.00", i11=1), "cannot be given back"),
        ("too fine", {}, ask("1.005", i11=1), "cannot be given back"),
        ("currency", {}, ask("1.00", "EUR", i11=1), "but the order in USD"),
        ("no feed for it", {}, ask("1.00", "ZAR", i11=1), "no refunds in ZAR"),
        ("too many units", {}, ask("33.00", i11=3), "More units of item 11"),
    ],
)
def test_what_cannot_go_back_is_refused_in_words(
    _case: str, more: Json, request_: RefundRequest, said: str
) -> None:
    order = shipped([taxed_item(), taxed_item("12")], "55.00", **more)
    assert said in words(order, request_)


@pytest.mark.parametrize(
    ("_case", "request_"), [("all", ask("25.00")), ("the delivery", ask("25.00", shipping=True))]
)
def test_a_tip_is_of_no_item_and_staff_are_told_so(_case: str, request_: RefundRequest) -> None:
    tip = {"type": "DELIVERY_TIP", "subtotal": {"amount": "3.00", "currencyCode": "USD"}}
    told = an_order([an_item("22.00")], grand_total="25.00", marketplace=US, status="SHIPPED")
    told["proceeds"]["breakdowns"] = [tip]
    told["orderItems"][0]["fulfillment"] = {"quantityFulfilled": 1, "quantityUnfulfilled": 0}
    order = parse_order(told)
    assert "The courier's tip of 3.00 cannot be given back." in words(order, request_)
    assert parts(order, ask("22.00")) == {(ONE, "Principal"): "22.00"}


def test_what_went_back_before_is_not_there_any_more() -> None:
    order = shipped([taxed_item()], "27.50")
    before: Book = {(ONE, "Principal"): Decimal("19.00"), (ONE, "Tax"): Decimal("1.90")}
    assert "more than the 6.60" in words(order, ask("6.61"), before)
    assert parts(order, ask("1.10", i11=2), before) == {
        (ONE, "Principal"): "1.00",
        (ONE, "Tax"): "0.10",
    }


def test_units_that_have_not_shipped_are_not_refunded() -> None:
    half = taxed_item() | {"fulfillment": {"quantityFulfilled": 1, "quantityUnfulfilled": 1}}
    order = shipped([half], "27.50", status="PARTIALLY_SHIPPED")
    assert "More units" in words(order, ask("22.00", i11=2))
    assert parts(order, ask("11.00", i11=1)) == {(ONE, "Principal"): "10.00", (ONE, "Tax"): "1.00"}


@given(
    asked=st.lists(
        st.tuples(st.integers(1, 5500), st.integers(0, 2), st.integers(0, 2), st.booleans()),
        max_size=6,
    )
)
def test_whatever_is_asked_in_a_row_never_more_than_was_paid_goes_back(
    asked: list[tuple[int, int, int, bool]],
) -> None:
    # given
    order = shipped([taxed_item(), taxed_item("12")], "55.00")
    amounts = add_up(order, {})
    assert isinstance(amounts, OrderAmounts)
    paid: Mapping[tuple[OrderItemId, str], Decimal] = charged(order, amounts)
    book: dict[tuple[OrderItemId, str], Decimal] = {}

    for cents, one, two, shipping in asked:
        units = {item: number for item, number in ((ONE, one), (TWO, two)) if number}
        wanted = RefundRequest(Money(Decimal(cents) / 100, "USD"), units, shipping)
        # when
        decision = decide(order, wanted, refunded=book, tax_rates={})
        # then
        if isinstance(decision, RefundParts):
            assert sum(decision.parts.values(), ZERO) == wanted.amount.amount
            for key, part in decision.parts.items():
                assert part > 0
                book[key] = book.get(key, ZERO) + part
                assert book[key] <= paid[key]
