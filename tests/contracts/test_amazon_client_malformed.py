"""Malformed orders: each is handed on as unreadable, beside the good ones of its page."""

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from saleor_amazon_app.amazon.orders import OrderQuery, Unreadable, get_order, search_orders
from saleor_amazon_app.core.ids import AmazonOrderId, MarketplaceId
from tests.contracts.amazon_line import line

QUERY = OrderQuery(
    marketplaces=(MarketplaceId("A1PA6795UKMFR9"),), after=datetime(2026, 11, 20, tzinfo=UTC)
)
ORDER: dict[str, Any] = {
    "orderId": "302-1234567-1234567",
    "createdTime": "2026-11-20T10:00:00Z",
    "lastUpdatedTime": "2026-11-20T10:05:00Z",
    "salesChannel": {"channelName": "AMAZON", "marketplaceId": "A1PA6795UKMFR9"},
    "recipient": {"deliveryAddress": {"name": "Erika Mustermann", "city": "Köln"}},
    "orderItems": [{"orderItemId": "1", "quantityOrdered": 1, "product": {"sellerSku": "A"}}],
}


def _without_id(order: dict[str, Any]) -> None:
    del order["orderId"]


def _without_items(order: dict[str, Any]) -> None:
    del order["orderItems"]


def _with_a_strange_name(order: dict[str, Any]) -> None:
    order["recipient"]["deliveryAddress"]["name"] = ["Erika Mustermann"]


@pytest.mark.parametrize(
    ("damage", "order_id", "reason"),
    [
        (_without_id, None, "orderId: missing"),
        (_without_items, "302-1234567-1234567", "orderItems: missing"),
        (
            _with_a_strange_name,
            "302-1234567-1234567",
            "recipient.deliveryAddress.name: string_type",
        ),
    ],
)
async def test_one_malformed_order_does_not_take_its_page_with_it(
    damage: Callable[[dict[str, Any]], None], order_id: str | None, reason: str
) -> None:
    bad = deepcopy(ORDER)
    damage(bad)
    good = {**ORDER, "orderId": "302-7654321-7654321"}
    amazon = line(httpx.Response(200, json={"orders": [ORDER, bad, good]}))

    page = await search_orders(amazon.client, QUERY)

    assert [order.order_id for order in page.orders] == [ORDER["orderId"], good["orderId"]]
    assert [(one.order_id, one.reason) for one in page.unreadable] == [(order_id, reason)]
    assert page.unreadable[0].raw_keys == tuple(sorted(bad))
    assert "Mustermann" not in repr(page.unreadable)


async def test_what_is_no_order_at_all_is_kept_as_such() -> None:
    amazon = line(httpx.Response(200, json={"orders": ["302", None]}))

    page = await search_orders(amazon.client, QUERY)

    assert page.orders == ()
    assert page.unreadable == (
        Unreadable(None, "a str instead of an order", ()),
        Unreadable(None, "a NoneType instead of an order", ()),
    )


async def test_a_malformed_single_order_is_unreadable_too() -> None:
    amazon = line(httpx.Response(200, json={"order": {"orderId": "302"}}))

    order = await get_order(amazon.client, AmazonOrderId("302"))

    assert isinstance(order, Unreadable)
    assert order.order_id == "302"
