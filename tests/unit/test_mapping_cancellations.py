"""Which cancelled host orders are cancelled at Amazon, and for which reason."""

import pytest

from saleor_amazon_app.amazon.order_records import Order, parse_order
from saleor_amazon_app.core.choices import CancelReason
from saleor_amazon_app.mapping.cancellations import (
    CancelAtAmazon,
    RefuseCancellation,
    decide,
    reason,
)
from tests.unit.amazon_orders import Json, an_item, an_order

WISH = {"cancellation": {"cancellationRequest": {"requester": "BUYER"}}}
NO_STOCK, BUYER = CancelReason.NO_INVENTORY, CancelReason.BUYER_CANCELED


def order(status: str = "UNSHIPPED", by: str = "MERCHANT", item: Json | None = None) -> Order:
    return parse_order(
        an_order(
            [an_item() | (item or {})],
            grand_total="10.00",
            fulfillment={"fulfillmentStatus": status, "fulfilledBy": by},
        )
    )


@pytest.mark.parametrize(
    ("_case", "metadata", "decision"),
    [
        ("the store's reason", {}, CancelAtAmazon(None)),
        (
            "the order's own",
            {"amazonCancelReason": "PricingError"},
            CancelAtAmazon(CancelReason.PRICING_ERROR),
        ),
        ("a word Amazon does not offer", {"amazonCancelReason": "Mood"}, CancelAtAmazon(None)),
    ],
)
def test_an_unshipped_order_is_cancelled(
    _case: str, metadata: dict[str, str], decision: CancelAtAmazon
) -> None:
    assert decide(order(), "CANCELED", metadata) == decision


@pytest.mark.parametrize(
    ("_case", "told", "host_status"),
    [
        ("it stands in the host", order(), "UNFULFILLED"),
        ("Amazon cancelled it too", order("CANCELLED"), "CANCELED"),
    ],
)
def test_nothing_follows(_case: str, told: Order, host_status: str) -> None:
    assert decide(told, host_status, {}) is None


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (order("PENDING"), "this order is PENDING"),
        (order("PARTIALLY_SHIPPED"), "this order is PARTIALLY_SHIPPED"),
        (order("SHIPPED"), "this order is SHIPPED"),
        (order("SHIPPED", "AMAZON"), "Amazon ships it itself"),
    ],
)
def test_what_amazon_would_not_cancel_is_refused_with_a_link(told: Order, why: str) -> None:
    decision = decide(told, "CANCELED", {})
    assert isinstance(decision, RefuseCancellation)
    assert why in decision.words
    assert f"https://sellercentral.amazon.com/orders-v3/order/{told.order_id}" in decision.words


@pytest.mark.parametrize(
    ("_case", "item", "chosen", "default", "given"),
    [
        ("chosen", {}, CancelReason.PRICING_ERROR, NO_STOCK, CancelReason.PRICING_ERROR),
        ("default", {}, None, NO_STOCK, NO_STOCK),
        ("the buyer asks", WISH, CancelReason.PRICING_ERROR, NO_STOCK, BUYER),
        ("the buyer did not", {}, BUYER, NO_STOCK, CancelReason.GENERAL_ADJUSTMENT),
        ("nor by default", {}, None, BUYER, CancelReason.GENERAL_ADJUSTMENT),
    ],
)
def test_the_buyer_is_named_only_while_the_buyer_asks(
    _case: str, item: Json, chosen: CancelReason | None, default: CancelReason, given: CancelReason
) -> None:
    assert reason(order(item=item), chosen, default) == given
