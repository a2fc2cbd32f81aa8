"""Money goes to the host as plain decimal strings, and what is not known is left out."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from saleor_amazon_app.core.ids import VariantId, WarehouseId
from saleor_amazon_app.saleor.order_inputs import (
    FulfillmentInput,
    OrderLineInput,
    OrderUserInput,
    TaxedMoneyInput,
)


@pytest.mark.parametrize(
    ("amount", "sent"),
    [("1E+2", "100"), ("10.00", "10.00"), ("0.0000001", "0.0000001"), ("1000", "1000")],
)
def test_an_amount_is_sent_without_an_exponent(amount: str, sent: str) -> None:
    money = TaxedMoneyInput(gross=Decimal(amount), net=Decimal(0))

    assert money.model_dump(mode="json", by_alias=True) == {"gross": sent, "net": "0"}


def test_a_line_speaks_the_host_s_names() -> None:
    price = TaxedMoneyInput(gross=Decimal("1.00"), net=Decimal("1.00"))
    line = OrderLineInput(
        variant_id=VariantId("v"),
        product_name="Thing",
        product_sku="SKU-1",
        created_at=datetime(2026, 11, 19, 17, tzinfo=timezone(timedelta(hours=9))),
        quantity=1,
        total_price=price,
        undiscounted_total_price=price,
        warehouse=WarehouseId("w"),
    )

    assert line.model_dump(mode="json", by_alias=True, exclude_none=True) == {
        "variantId": "v",
        "productName": "Thing",
        "productSku": "SKU-1",
        "createdAt": "2026-11-19T08:00:00Z",
        "isShippingRequired": True,
        "isGiftCard": False,
        "quantity": 1,
        "totalPrice": {"gross": "1.00", "net": "1.00"},
        "undiscountedTotalPrice": {"gross": "1.00", "net": "1.00"},
        "warehouse": "w",
        "metadata": [],
    }
    assert line.created_at.astimezone(UTC) == datetime(2026, 11, 19, 8, tzinfo=UTC)


def test_a_guest_and_a_parcel_without_number_are_empty() -> None:
    assert OrderUserInput().model_dump(exclude_none=True) == {}
    assert FulfillmentInput(lines=()).model_dump(mode="json", exclude_none=True) == {"lines": []}
