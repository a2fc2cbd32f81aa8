"""The shop's own account of its orders, for those who check what became of them."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from pydantic import TypeAdapter

from saleor_amazon_app.core.money import ZERO, rounded
from saleor_amazon_app.simulators.saleor.schema.orders import (
    Fulfillment,
    Order,
    OrderLine,
    TransactionItem,
)
from saleor_amazon_app.simulators.saleor.schema.people import App
from saleor_amazon_app.simulators.saleor.schema.words import OrderEventsEnum
from saleor_amazon_app.simulators.saleor.state import Shop


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedLine:
    """A line.

    Attributes:
        allocations: units kept per warehouse slug; a warehouse that keeps none is left out.
    """

    sku: str | None
    product_name: str
    quantity: int
    quantity_fulfilled: int
    gross: Decimal
    net: Decimal
    metadata: dict[str, str]
    allocations: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedTransaction:
    """A transaction.

    Attributes:
        refund_pending: asked of the app, answered by it, and not settled yet.
        app: the identifier of the app that owns it.
    """

    name: str
    psp_reference: str
    charged: Decimal
    refunded: Decimal
    refund_pending: Decimal = ZERO
    app: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedParcel:
    """A fulfilment.

    Attributes:
        units: by the place of the line in the order, from 0.
        by_staff: False when an app made it, or it came with the order.
    """

    status: str
    tracking_number: str
    units: dict[int, int]
    by_staff: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedOrder:
    """An order as the shop knows it; amounts rounded as the shop shows them.

    Attributes:
        seeded: True for orders that were there before any app came.
        fulfillments: tracking numbers with the fulfilment's status, oldest first.
        parcels: the same fulfilments with what is in them and who made them.
        cancelled_by_staff: False also for orders that were not cancelled.
    """

    id: str
    external_reference: str | None
    number: str
    status: str
    origin: str
    channel: str
    created: datetime
    currency: str
    total_gross: Decimal
    total_net: Decimal
    shipping_gross: Decimal
    shipping_net: Decimal
    shipping_method: str | None
    charge_status: str
    user_email: str | None
    seeded: bool
    metadata: dict[str, str]
    lines: tuple[BookedLine, ...]
    transactions: tuple[BookedTransaction, ...]
    fulfillments: tuple[tuple[str, str], ...]
    parcels: tuple[BookedParcel, ...] = ()
    cancelled_by_staff: bool = False


_ORDERS: TypeAdapter[tuple[BookedOrder, ...]] = TypeAdapter(tuple[BookedOrder, ...])


def booked(shop: Shop) -> tuple[BookedOrder, ...]:
    """Every order and draft of the shop, by number."""
    return tuple(_booked(order) for order in sorted(shop.orders.values(), key=_number))


def booked_json(shop: Shop) -> bytes:
    """The same as one JSON list; money as strings."""
    return _ORDERS.dump_json(booked(shop))


def _number(order: Order) -> int:
    return int(order.number)


def _booked(order: Order) -> BookedOrder:
    currency = order.currency
    return BookedOrder(
        id=order.id,
        external_reference=order.external_reference,
        number=order.number,
        status=order.status.name,
        origin=order.origin.name,
        channel=order.channel.slug,
        created=order.created,
        currency=currency,
        total_gross=rounded(order.total.gross.value, currency),
        total_net=rounded(order.total.net.value, currency),
        shipping_gross=rounded(order.shipping_price.gross.value, currency),
        shipping_net=rounded(order.shipping_price.net.value, currency),
        shipping_method=order.method.name if order.method else None,
        charge_status=order.charge_status.name,
        user_email=order.email or None,
        seeded=order.seeded,
        metadata=dict(order.public),
        lines=tuple(_line(line, currency) for line in order.lines),
        transactions=tuple(_transaction(each) for each in order.transactions),
        fulfillments=tuple(
            (parcel.tracking_number, parcel.status.name) for parcel in order.fulfillments
        ),
        parcels=tuple(_parcel(order, parcel) for parcel in order.fulfillments),
        cancelled_by_staff=any(
            entry.type is OrderEventsEnum.CANCELED and entry.app is None for entry in order.timeline
        ),
    )


def _parcel(order: Order, parcel: Fulfillment) -> BookedParcel:
    units: Counter[int] = Counter()
    for line in parcel.lines or ():
        if line.order_line:
            units[order.lines.index(line.order_line)] += line.quantity
    return BookedParcel(
        status=parcel.status.name,
        tracking_number=parcel.tracking_number,
        units=dict(units),
        by_staff=parcel.by_staff,
    )


def _line(line: OrderLine, currency: str) -> BookedLine:
    return BookedLine(
        sku=line.variant.sku if line.variant else None,
        product_name=line.product_name,
        quantity=line.quantity,
        quantity_fulfilled=line.quantity_fulfilled,
        gross=rounded(line.total_price.gross.value, currency),
        net=rounded(line.total_price.net.value, currency),
        metadata=dict(line.public),
        allocations={
            each.stock.warehouse.slug: each.quantity for each in line.kept if each.quantity
        },
    )


def _transaction(transaction: TransactionItem) -> BookedTransaction:
    owner = transaction.created_by
    return BookedTransaction(
        name=transaction.name,
        psp_reference=transaction.psp_reference,
        charged=transaction.sums.get("charged", ZERO),
        refunded=transaction.sums.get("refunded", ZERO),
        refund_pending=transaction.sums.get("refund_pending", ZERO),
        app=owner.identifier if isinstance(owner, App) else None,
    )
