"""The documents that go to Amazon as feeds, judged by a schema of their element lists."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from saleor_amazon_app.amazon.feed_documents import (
    CANCEL_REASONS,
    REFUND_COMPONENTS,
    REFUND_CURRENCIES,
    REFUND_REASONS,
    CancelledOrder,
    RefundedItem,
    RefundedOrder,
    cancellations,
    refunds,
)
from saleor_amazon_app.core.ids import AmazonOrderId, OrderItemId
from saleor_amazon_app.core.marketplaces import MARKETPLACES
from saleor_amazon_app.core.money import Money, smallest_unit

SCHEMA = etree.XMLSchema(file=str(Path(__file__).parents[1] / "samples" / "amazon_feeds.xsd"))
SELLER = "A1SELLER"
ORDER = AmazonOrderId("111-0000000-0000001")
ITEM, OTHER_ITEM = OrderItemId("00000000000001"), OrderItemId("00000000000002")

order_ids = st.integers(0, 9_999_999).map(lambda n: AmazonOrderId(f"111-0000000-{n:07}"))
item_ids = st.integers(0, 10**14 - 1).map(lambda n: OrderItemId(f"{n:014}"))


@st.composite
def money(draw: st.DrawFn) -> Money:
    currency = draw(st.sampled_from(sorted(REFUND_CURRENCIES)))
    units = draw(st.integers(1, 10**12))
    return Money(units * smallest_unit(currency), currency)


refunded_items = st.builds(
    RefundedItem,
    order_item_id=item_ids,
    reason=st.sampled_from(sorted(REFUND_REASONS)),
    components=st.dictionaries(st.sampled_from(sorted(REFUND_COMPONENTS)), money(), min_size=1).map(
        lambda parts: tuple(parts.items())
    ),
)
refunded_orders = st.builds(
    RefundedOrder,
    message_id=st.integers(1, 2**63 - 1),
    order_id=order_ids,
    items=st.lists(
        refunded_items, min_size=1, max_size=3, unique_by=lambda one: one.order_item_id
    ).map(tuple),
)
cancelled_orders = st.builds(
    CancelledOrder,
    message_id=st.integers(1, 2**63 - 1),
    order_id=order_ids,
    item_ids=st.lists(item_ids, min_size=1, max_size=3, unique=True).map(tuple),
    reason=st.sampled_from(sorted(CANCEL_REASONS)),
)


def valid(document: bytes) -> etree._Element:
    root = etree.fromstring(document)
    SCHEMA.assertValid(root)
    return root


def refunded(amount: str, currency: str = "USD", kind: str = "Principal") -> RefundedItem:
    return RefundedItem(ITEM, "CustomerReturn", ((kind, Money(Decimal(amount), currency)),))


def test_a_cancellation_names_every_item_and_its_reason() -> None:
    order = CancelledOrder(17, ORDER, (ITEM, OTHER_ITEM), "NoInventory")

    document = cancellations(SELLER, [order])

    valid(document)
    assert document.decode() == (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<AmazonEnvelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:noNamespaceSchemaLocation="amzn-envelope.xsd">'
        "<Header><DocumentVersion>1.01</DocumentVersion>"
        "<MerchantIdentifier>A1SELLER</MerchantIdentifier></Header>"
        "<MessageType>OrderAcknowledgement</MessageType>"
        "<Message><MessageID>17</MessageID><OrderAcknowledgement>"
        "<AmazonOrderID>111-0000000-0000001</AmazonOrderID><StatusCode>Failure</StatusCode>"
        "<Item><AmazonOrderItemCode>00000000000001</AmazonOrderItemCode>"
        "<CancelReason>NoInventory</CancelReason></Item>"
        "<Item><AmazonOrderItemCode>00000000000002</AmazonOrderItemCode>"
        "<CancelReason>NoInventory</CancelReason></Item>"
        "</OrderAcknowledgement></Message></AmazonEnvelope>"
    )


def test_a_refund_names_components_and_never_a_quantity() -> None:
    item = RefundedItem(
        ITEM,
        "CustomerReturn",
        (("Principal", Money(Decimal("10"), "USD")), ("Tax", Money(Decimal("0.8"), "USD"))),
    )

    document = refunds(SELLER, [RefundedOrder(18, ORDER, (item,))])

    valid(document)
    assert document.decode().partition("<Message>")[2] == (
        "<MessageID>18</MessageID><OrderAdjustment>"
        "<AmazonOrderID>111-0000000-0000001</AmazonOrderID><ActionType>Refund</ActionType>"
        "<AdjustedItem><AmazonOrderItemCode>00000000000001</AmazonOrderItemCode>"
        "<MerchantAdjustmentItemID>18-1</MerchantAdjustmentItemID>"
        "<AdjustmentReason>CustomerReturn</AdjustmentReason><ItemPriceAdjustments>"
        '<Component><Type>Principal</Type><Amount currency="USD">10.00</Amount></Component>'
        '<Component><Type>Tax</Type><Amount currency="USD">0.80</Amount></Component>'
        "</ItemPriceAdjustments></AdjustedItem></OrderAdjustment></Message></AmazonEnvelope>"
    )
    assert b"Quantity" not in document


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [("1099", "JPY", "1099"), ("1099.00", "JPY", "1099"), ("7.5", "EUR", "7.50")],
)
def test_amounts_have_the_digits_of_their_currency(
    amount: str, currency: str, written: str
) -> None:
    root = valid(refunds(SELLER, [RefundedOrder(1, ORDER, (refunded(amount, currency),))]))

    assert root.findtext(".//Amount") == written


@given(orders=st.lists(cancelled_orders, min_size=1, max_size=4, unique_by=lambda o: o.message_id))
def test_every_cancellation_that_can_be_made_is_valid(orders: list[CancelledOrder]) -> None:
    root = valid(cancellations(SELLER, orders))

    assert [int(one.text or "") for one in root.iter("MessageID")] == [o.message_id for o in orders]


@given(orders=st.lists(refunded_orders, min_size=1, max_size=4, unique_by=lambda o: o.message_id))
def test_every_refund_that_can_be_made_is_valid_and_exact(orders: list[RefundedOrder]) -> None:
    root = valid(refunds(SELLER, orders))

    sent = [(Decimal(one.text or ""), one.get("currency")) for one in root.iter("Amount")]
    assert sent == [
        (amount.amount, amount.currency)
        for order in orders
        for item in order.items
        for _, amount in item.components
    ]
    ids = [one.text for one in root.iter("MerchantAdjustmentItemID")]
    assert len(set(ids)) == len(ids)


def test_names_are_written_as_text() -> None:
    root = valid(cancellations("A<&>\"'", [CancelledOrder(1, ORDER, (ITEM,), "PricingError")]))

    assert root.findtext("Header/MerchantIdentifier") == "A<&>\"'"


def test_only_south_africas_currency_cannot_be_refunded() -> None:
    currencies = {marketplace.currency for marketplace in MARKETPLACES.values()}

    assert currencies - REFUND_CURRENCIES == {"ZAR"}


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("0", "USD"),
        ("-1", "USD"),
        ("0.001", "USD"),
        ("0.5", "JPY"),
        ("1", "ZAR"),
        ("1", "KWD"),
        ("1", "usd"),
    ],
)
def test_an_amount_amazon_would_refuse_cannot_be_written(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match="cannot"):
        refunded(amount, currency)


@pytest.mark.parametrize(
    "make",
    [
        lambda: CancelledOrder(0, ORDER, (ITEM,), "NoInventory"),
        lambda: CancelledOrder(1, ORDER, (), "NoInventory"),
        lambda: CancelledOrder(1, ORDER, (ITEM,), "WeatherDelay"),
        lambda: RefundedOrder(0, ORDER, (refunded("1"),)),
        lambda: RefundedOrder(1, ORDER, ()),
        lambda: RefundedOrder(1, ORDER, (refunded("1"), refunded("2"))),
        lambda: refunded("1", kind="Bribe"),
        lambda: RefundedItem(ITEM, "CustomerReturn", ()),
        lambda: RefundedItem(ITEM, "Because", (("Principal", Money(Decimal(1), "USD")),)),
        lambda: RefundedItem(ITEM, "Other", (("Tax", Money(Decimal(1), "USD")),) * 2),
        lambda: cancellations(SELLER, []),
        lambda: refunds(SELLER, [RefundedOrder(1, ORDER, (refunded("1"),))] * 2),
    ],
)
def test_what_amazon_would_refuse_cannot_be_made(make: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        make()
