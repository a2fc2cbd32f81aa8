"""An order is read as it came, but for what no database and no host can store."""

from copy import deepcopy
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from saleor_amazon_app.amazon.order_records import parse_order
from tests.unit.amazon_orders import Json, an_item, an_order


def test_unknown_keys_and_unknown_words_are_no_fault() -> None:
    order = an_order([an_item(somethingNew={"a": 1})], status="RETURNING", brandNew=[1, 2])

    parsed = parse_order(order)

    assert parsed.fulfillment is not None
    assert parsed.fulfillment.fulfillment_status == "RETURNING"


def test_only_what_amazon_always_sends_is_needed() -> None:
    least = {
        "orderId": "1",
        "createdTime": "2026-11-19T08:00:00Z",
        "lastUpdatedTime": "2026-11-19T08:00:00Z",
        "salesChannel": {"channelName": "AMAZON"},
        "orderItems": [{"orderItemId": "1", "quantityOrdered": 1, "product": {}}],
    }

    assert parse_order(least).order_items[0].product.seller_sku is None
    for key in least:
        with pytest.raises(ValidationError, match=key):
            parse_order({name: value for name, value in least.items() if name != key})


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a\x00b", "ab"),
        ("a\ud83db", "ab"),
        ("\udc00", ""),
        ("a\nb\t\x07", "a\nb\t\x07"),
        ("👩\u200d🚒 北京 é", "👩\u200d🚒 北京 é"),
        ("", ""),
    ],
)
def test_what_cannot_be_stored_is_dropped_wherever_it_stands(sent: str, kept: str) -> None:
    # given
    order = an_order(
        [
            {
                **an_item(id=f"1{sent}"),
                "product": {"sellerSku": sent, "title": sent},
                "programs": [sent],
                "fulfillment": {"packing": {"giftOption": {"giftMessage": sent}}},
            }
        ],
        orderId=f"1{sent}",
        buyer={"buyerName": sent},
        programs=[sent],
        packages=[{"packageReferenceId": sent, "trackingNumber": sent}],
    )

    # when
    parsed = parse_order(order)

    # then
    item = parsed.order_items[0]
    assert (parsed.order_id, item.order_item_id) == (f"1{kept}", f"1{kept}")
    assert (item.product.seller_sku, item.product.title) == (kept, kept)
    assert parsed.programs == item.programs == (kept,)
    assert parsed.buyer is not None
    assert parsed.buyer.buyer_name == kept
    assert parsed.packages is not None
    assert parsed.packages[0].tracking_number == kept
    assert parsed.model_dump_json()


@pytest.mark.parametrize(
    ("amount", "read"),
    [
        ("10.00", Decimal("10.00")),
        (" 10.00 ", Decimal("10.00")),
        ("5980", Decimal(5980)),
        ("-3.50", Decimal("-3.50")),
        ("1E+2", Decimal(100)),
        (Decimal("10.10"), Decimal("10.10")),
        (7, Decimal(7)),
        ("9999999999999999", Decimal("9999999999999999")),
    ],
)
def test_an_amount_is_read_as_the_decimal_it_is(amount: Any, read: Decimal) -> None:
    order = an_order()
    order["proceeds"]["grandTotal"]["amount"] = amount

    proceeds = parse_order(order).proceeds

    assert proceeds is not None
    assert proceeds.grand_total is not None
    assert proceeds.grand_total.amount == read


@pytest.mark.parametrize(
    "amount", ["NaN", "Infinity", "-inf", "ten", "10,00", "", None, [], "1E+400", "1" * 17, "1E-30"]
)
def test_what_is_no_amount_is_refused(amount: Any) -> None:
    order = an_order()
    order["proceeds"]["grandTotal"]["amount"] = amount

    with pytest.raises(ValidationError):
        parse_order(order)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"createdTime": "2026-11-19T08:00:00"}, "createdTime"),
        ({"createdTime": "0001-01-01T00:00:00+14:00"}, "createdTime"),
        ({"lastUpdatedTime": "9999-12-31T23:59:59-12:00"}, "lastUpdatedTime"),
        ({"orderId": ""}, "orderId"),
        ({"orderId": "\x00"}, "orderId"),
        ({"orderId": "1" * 251}, "orderId"),
        ({"orderItems": [an_item(quantity=-1)]}, "quantityOrdered"),
        ({"orderItems": [an_item(quantity=1_000_001)]}, "quantityOrdered"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(changed: Json, field: str) -> None:
    order = deepcopy(an_order()) | changed

    with pytest.raises(ValidationError, match=field):
        parse_order(order)


def test_moments_are_told_in_utc() -> None:
    window = {"latestDateTime": "2026-11-22T07:59:59+09:00"}
    order = an_order()
    order["fulfillment"] |= {"shipByWindow": window, "deliverByWindow": window}

    parsed = parse_order(order)

    ends = datetime(2026, 11, 21, 22, 59, 59, tzinfo=UTC)
    assert parsed.latest_ship_time == parsed.latest_delivery_time == ends
    assert parse_order(an_order()).latest_ship_time is None


def test_the_orders_it_replaces_are_told_by_the_kind_of_association() -> None:
    associated = [
        {"orderId": "1", "associationType": "REPLACEMENT_ORIGINAL_ID"},
        {"orderId": "2", "associationType": "EXCHANGE_ORIGINAL_ID"},
        {"orderId": "3", "associationType": "SOMETHING_ELSE"},
        {"associationType": "REPLACEMENT_ORIGINAL_ID"},
        {"orderId": "5"},
    ]

    assert parse_order(an_order(associatedOrders=associated)).replaced_orders == ("1", "2")
