"""What the whole order costs: its items, its tip, and orders that cost nothing."""

from decimal import Decimal

import pytest

from saleor_amazon_app.mapping.amounts import OrderAmounts, add_up
from tests.unit.amazon_orders import Json, an_item, an_order, parsed


def read(order: Json) -> OrderAmounts:
    found = add_up(parsed(order), {})
    assert isinstance(found, OrderAmounts), found
    return found


@pytest.mark.parametrize(
    ("_case", "tips", "grand_total", "tip"),
    [
        ("settled", [("FINALIZED", "2.00")], "12.00", "2.00"),
        ("without a status", [(None, "2.00")], "12.00", "2.00"),
        ("pending and counted", [("PENDING", "2.00")], "12.00", "2.00"),
        ("pending and not counted yet", [("PENDING", "2.00")], "10.00", "0"),
        ("one of each, both counted", [("FINALIZED", "2.00"), ("PENDING", "1.00")], "13.00", "3"),
        ("one of each, one counted", [("FINALIZED", "2.00"), ("PENDING", "1.00")], "12.00", "2"),
        ("none", [], "10.00", "0"),
    ],
)
def test_a_tip_is_part_of_the_shipping_price(
    _case: str, tips: list[tuple[str | None, str]], grand_total: str, tip: str
) -> None:
    # given
    order = an_order(grand_total=grand_total)
    order["proceeds"]["breakdowns"] = [
        {
            "type": "DELIVERY_TIP",
            "subtotal": {"amount": amount, "currencyCode": "USD"},
            **({"status": status} if status else {}),
        }
        for status, amount in tips
    ]

    # when
    amounts = read(order)

    # then
    assert amounts.tip == Decimal(tip)
    assert (amounts.shipping.net, amounts.shipping.gross) == (Decimal(tip), Decimal(tip))
    assert amounts.total.gross == Decimal(grand_total)


def test_what_the_order_repeats_of_its_items_counts_once() -> None:
    order = an_order(kinds={"ITEM": "10.00", "TAX": "0.00"})

    assert read(order).total.gross == Decimal("10.00")


def test_several_items_come_to_the_grand_total() -> None:
    items = [
        an_item("11.00", {"ITEM": "10.00", "TAX": "1.00"}, id="1"),
        an_item("7.50", {"ITEM": "5.00", "SHIPPING": "2.50"}, id="2"),
    ]

    amounts = read(an_order(items, grand_total="18.50"))

    assert [item.line.gross for item in amounts.items] == [Decimal("11.00"), Decimal("5.00")]
    assert amounts.shipping.gross == Decimal("2.50")


REPLACES = [{"orderId": "111-2", "associationType": "REPLACEMENT_ORIGINAL_ID"}]


@pytest.mark.parametrize(
    ("_case", "items", "grand_total", "currency"),
    [
        ("no amounts at all", [an_item(None)], None, "USD"),
        ("a total of nothing", [an_item(None)], "0.00", "USD"),
        ("a total in another currency", [an_item(None)], "0.00", "EUR"),
        ("zeros broken down", [an_item("0.00"), an_item(None, id="12")], "0.00", "USD"),
        ("empty proceeds", [an_item(None, proceeds={})], None, "USD"),
        (
            "a price discounted away",
            [an_item("0.00", {"ITEM": "5.00", "DISCOUNT": "5.00"})],
            "0.00",
            "USD",
        ),
    ],
)
def test_a_replacement_costs_nothing(
    _case: str, items: list[Json], grand_total: str | None, currency: str
) -> None:
    order = an_order(items, grand_total=grand_total, currency=currency, associatedOrders=REPLACES)

    amounts = read(order)

    assert (amounts.total.net, amounts.total.gross) == (Decimal(0), Decimal(0))
    assert amounts.currency == currency
    assert not amounts.tax_unknown


def test_an_item_that_costs_nothing_needs_no_breakdown() -> None:
    free = an_item("0.00", {}, id="2")

    assert read(an_order([an_item(), free])).total.gross == Decimal("10.00")
