"""A host order as the host reports it: the fragment `HostOrder`, read once into values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from saleor_amazon_app.core.ids import (
    ChannelSlug,
    OrderItemId,
    SaleorOrderId,
    SaleorOrderLineId,
    TransactionId,
    VariantId,
    WarehouseId,
)
from saleor_amazon_app.core.money import Money
from saleor_amazon_app.core.times import as_utc
from saleor_amazon_app.saleor.answers import Json

# The metadata key by which an order names the Amazon order it was made for.
ORDER_KEY = "amazonOrderId"
# The metadata key by which a line names the Amazon order item it was made for.
ORDER_ITEM_KEY = "amazonOrderItemId"


@dataclass(frozen=True, slots=True)
class Allocation:
    """Units of a line that the host keeps back in a warehouse of its own choice."""

    warehouse_id: WarehouseId
    quantity: int


@dataclass(frozen=True, slots=True)
class HostOrderLine:
    """A line of a host order.

    Attributes:
        order_item_id: the Amazon order item it stands for; None on a line that staff added.
        variant_id: None once the variant was deleted.
        quantity_fulfilled: units in fulfilments, waiting ones included.
    """

    id: SaleorOrderLineId
    order_item_id: OrderItemId | None
    variant_id: VariantId | None
    sku: str
    quantity: int
    quantity_fulfilled: int
    allocations: tuple[Allocation, ...]


@dataclass(frozen=True, slots=True)
class HostTransaction:
    """A payment the host knows of."""

    id: TransactionId
    psp_reference: str
    charged: Decimal


@dataclass(frozen=True, slots=True)
class FulfillmentLine:
    """Units of one order line in a fulfilment."""

    line_id: SaleorOrderLineId
    quantity: int


@dataclass(frozen=True, slots=True)
class Fulfillment:
    """A parcel in the host.

    Attributes:
        status: such as `FULFILLED`, `WAITING_FOR_APPROVAL`, `CANCELED`, `RETURNED`.
    """

    id: str
    status: str
    tracking_number: str
    lines: tuple[FulfillmentLine, ...]


@dataclass(frozen=True, slots=True)
class HostOrder:
    """An order in the host.

    Attributes:
        number: the host's own number.
        status: such as `DRAFT`, `UNCONFIRMED`, `UNFULFILLED`, `CANCELED`.
        origin: `BULK_CREATE` where an import made it.
        reference: its external reference; an Amazon order number on an order of ours.
        metadata: the public metadata; it tells our orders from a foreign one.
        charge_status: `NONE`, `PARTIAL`, `FULL` or `OVERCHARGED`.
        total: what the buyer pays, tax included.
        net_total: the same without tax.
    """

    id: SaleorOrderId
    number: str
    status: str
    origin: str
    created: datetime
    reference: str | None
    channel: ChannelSlug
    metadata: Mapping[str, str]
    charge_status: str
    total: Money
    net_total: Money
    lines: tuple[HostOrderLine, ...]
    transactions: tuple[HostTransaction, ...]
    fulfillments: tuple[Fulfillment, ...]


def parse_order(order: Json) -> HostOrder:
    """Reads the fragment `HostOrder`."""
    currency = order["total"]["currency"]
    return HostOrder(
        id=SaleorOrderId(order["id"]),
        number=order["number"],
        status=order["status"],
        origin=order["origin"],
        created=as_utc(datetime.fromisoformat(order["created"])),
        reference=order["externalReference"],
        channel=ChannelSlug(order["channel"]["slug"]),
        metadata=_metadata(order),
        charge_status=order["chargeStatus"],
        total=Money(as_decimal(order["total"]["gross"]["amount"]), currency),
        net_total=Money(as_decimal(order["total"]["net"]["amount"]), currency),
        lines=tuple(_line(line) for line in order["lines"]),
        transactions=tuple(_transaction(one) for one in order["transactions"]),
        fulfillments=tuple(parse_fulfillment(one) for one in order["fulfillments"]),
    )


def parse_fulfillment(fulfillment: Json) -> Fulfillment:
    """Reads the fragment `HostFulfillment`."""
    return Fulfillment(
        id=fulfillment["id"],
        status=fulfillment["status"],
        tracking_number=fulfillment["trackingNumber"],
        lines=tuple(
            FulfillmentLine(SaleorOrderLineId(line["orderLine"]["id"]), line["quantity"])
            for line in fulfillment["lines"] or ()
            if line["orderLine"]
        ),
    )


def as_decimal(amount: Decimal | int) -> Decimal:
    """The amount of a `Money` of the host; JSON writes whole amounts as integers at times."""
    return Decimal(amount)


def _line(line: Json) -> HostOrderLine:
    item = _metadata(line).get(ORDER_ITEM_KEY)
    return HostOrderLine(
        id=SaleorOrderLineId(line["id"]),
        order_item_id=OrderItemId(item) if item else None,
        variant_id=VariantId(line["variant"]["id"]) if line["variant"] else None,
        sku=line["productSku"] or "",
        quantity=line["quantity"],
        quantity_fulfilled=line["quantityFulfilled"],
        allocations=tuple(
            Allocation(WarehouseId(one["warehouse"]["id"]), one["quantity"])
            for one in line["allocations"] or ()
        ),
    )


def _transaction(transaction: Json) -> HostTransaction:
    return HostTransaction(
        id=TransactionId(transaction["id"]),
        psp_reference=transaction["pspReference"],
        charged=as_decimal(transaction["chargedAmount"]["amount"]),
    )


def _metadata(node: Json) -> dict[str, str]:
    return {entry["key"]: entry["value"] for entry in node["metadata"]}
