"""An order as we send it, as the host reports it, and as we read it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from saleor_amazon_app.core.ids import (
    AmazonOrderId,
    ChannelSlug,
    OrderItemId,
    SaleorOrderId,
    SaleorOrderLineId,
    ShippingMethodId,
    VariantId,
    WarehouseId,
)
from saleor_amazon_app.core.money import Money
from saleor_amazon_app.saleor.order_inputs import (
    AddressInput,
    DeliveryMethodInput,
    OrderBulkCreateInput,
    OrderLineInput,
    OrderStatus,
    OrderUserInput,
    TaxedMoneyInput,
)
from saleor_amazon_app.saleor.order_records import HostOrder, HostOrderLine

NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)
GUEST = {
    "path": "user",
    "message": "One of [id, email, external_reference] arguments must be provided to resolve "
    "User instance.",
    "code": "REQUIRED",
}
PARSED = HostOrder(
    id=SaleorOrderId("T3JkZXI6MQ=="),
    number="30",
    status="DRAFT",
    origin="BULK_CREATE",
    created=datetime(2026, 11, 19, 10, tzinfo=UTC),
    reference="111-0000001-0000001",
    channel=ChannelSlug("us"),
    metadata={"amazonStore": "s1"},
    charge_status="NONE",
    total=Money(Decimal("24.99"), "USD"),
    net_total=Money(Decimal("23.17"), "USD"),
    lines=(
        HostOrderLine(
            id=SaleorOrderLineId("T3JkZXJMaW5lOjE="),
            order_item_id=OrderItemId("1230"),
            variant_id=VariantId("UHJvZHVjdFZhcmlhbnQ6MQ=="),
            sku="MUG-1",
            quantity=2,
            quantity_fulfilled=0,
            allocations=(),
        ),
    ),
    transactions=(),
    fulfillments=(),
)


def order_input(reference: str = "111-0000001-0000001", lines: int = 1) -> OrderBulkCreateInput:
    address = AddressInput(street_address1="1 Main St", city="Seattle", country="US")
    money = TaxedMoneyInput(gross=Decimal("10.00"), net=Decimal("9.00"))
    one = OrderLineInput(
        variant_id=VariantId("UHJvZHVjdFZhcmlhbnQ6MQ=="),
        product_name="Mug",
        product_sku="MUG-1",
        created_at=NOON,
        quantity=1,
        total_price=money,
        undiscounted_total_price=money,
        warehouse=WarehouseId("V2FyZWhvdXNlOjE="),
    )
    return OrderBulkCreateInput(
        external_reference=AmazonOrderId(reference),
        channel=ChannelSlug("us"),
        created_at=NOON,
        status=OrderStatus.DRAFT,
        user=OrderUserInput(),
        billing_address=address,
        shipping_address=address,
        currency="USD",
        metadata=(),
        private_metadata=(),
        lines=(one,) * lines,
        delivery_method=DeliveryMethodInput(
            shipping_method_id=ShippingMethodId("U2hpcHBpbmdNZXRob2Q6MQ=="),
            shipping_method_name="Std",
            shipping_price=money,
        ),
    )


def order(**changes: Any) -> dict[str, Any]:
    """A drafted order as the fragment `HostOrder` reports it."""
    return {
        "id": "T3JkZXI6MQ==",
        "number": "30",
        "status": "DRAFT",
        "origin": "BULK_CREATE",
        "created": "2026-11-19T10:00:00Z",
        "externalReference": "111-0000001-0000001",
        "chargeStatus": "NONE",
        "metadata": [{"key": "amazonStore", "value": "s1"}],
        "channel": {"slug": "us"},
        "total": {"currency": "USD", "gross": {"amount": 24.99}, "net": {"amount": 23.17}},
        "lines": [
            {
                "id": "T3JkZXJMaW5lOjE=",
                "productSku": "MUG-1",
                "quantity": 2,
                "quantityFulfilled": 0,
                "metadata": [{"key": "amazonOrderItemId", "value": "1230"}],
                "variant": {"id": "UHJvZHVjdFZhcmlhbnQ6MQ=="},
                "allocations": [],
            }
        ],
        "transactions": [],
        "fulfillments": [],
        **changes,
    }
