"""A host order that stands, with its money and its timeline: the fragment `StandingOrder`."""

from dataclasses import dataclass
from decimal import Decimal

from saleor_amazon_app.core.ids import TransactionId, WarehouseId
from saleor_amazon_app.saleor.answers import Json
from saleor_amazon_app.saleor.order_records import HostOrder, as_decimal, parse_order


@dataclass(frozen=True, slots=True)
class MoneyEvent:
    """Something that happened to the money of a payment.

    Attributes:
        kind: such as `CHARGE_SUCCESS` and `REFUND_SUCCESS`.
        psp_reference: tells one refund from another; empty on the charge.
    """

    kind: str
    psp_reference: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment with all that happened to it.

    Attributes:
        charged: what is still charged, refunds taken off.
    """

    id: TransactionId
    psp_reference: str
    charged: Decimal
    events: tuple[MoneyEvent, ...]


@dataclass(frozen=True, slots=True)
class StandingOrder:
    """A host order with its money and its timeline.

    Attributes:
        notes: the texts in the timeline; none of them can be taken back.
        warehouses: of the order's channel, in the channel's own order.
    """

    order: HostOrder
    payments: tuple[Payment, ...]
    notes: frozenset[str]
    warehouses: tuple[WarehouseId, ...]


@dataclass(frozen=True, slots=True)
class Refund:
    """What Amazon gave back of a charge.

    Attributes:
        psp_reference: this refund's own: a failure under a reference that had succeeded would
            undo the earlier refund.
    """

    transaction_id: TransactionId
    amount: Decimal
    psp_reference: str


def parse_standing(order: Json) -> StandingOrder:
    """Reads the fragment `StandingOrder`."""
    return StandingOrder(
        order=parse_order(order),
        payments=tuple(_payment(one) for one in order["transactions"]),
        notes=frozenset(event["message"] for event in order["events"] if event["message"]),
        warehouses=tuple(WarehouseId(one["id"]) for one in order["channel"]["warehouses"]),
    )


def _payment(transaction: Json) -> Payment:
    return Payment(
        id=TransactionId(transaction["id"]),
        psp_reference=transaction["pspReference"],
        charged=as_decimal(transaction["chargedAmount"]["amount"]),
        events=tuple(
            MoneyEvent(
                kind=event["type"] or "",
                psp_reference=event["pspReference"],
                amount=as_decimal(event["amount"]["amount"]),
            )
            for event in transaction["events"]
        ),
    )
