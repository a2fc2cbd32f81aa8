"""What staff see of an order, and what they ask the shop, in the shop's own language."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

OPEN_ORDERS = """query OpenOrders($first: Int!, $after: String) {
  orders(first: $first, after: $after, filter: { status: [UNFULFILLED, PARTIALLY_FULFILLED] }) {
    pageInfo { hasNextPage endCursor }
    edges { node { id status chargeStatus externalReference } }
  }
}"""
ORDER = """query OneOrder($id: ID!) {
  order(id: $id) {
    id status externalReference
    metafield(key: "amazonPrograms")
    channel { warehouses { id } }
    total { currency gross { amount } }
    shippingPrice { gross { amount } }
    lines { id quantityToFulfill metafield(key: "amazonOrderItemId") totalPrice { gross { amount } }
      allocations { quantity warehouse { id } } }
    fulfillments { id status trackingNumber metafield(key: "amazonCarrier") warehouse { id } }
    grantedRefunds { id reason }
    transactions { id events { type pspReference message } }
    events { type message }
  }
}"""
SHIP = """mutation Ship($order: ID!, $input: OrderFulfillInput!) {
  orderFulfill(order: $order, input: $input) {
    errors { field code message }
  }
}"""
RENUMBER = """mutation Renumber($id: ID!, $input: FulfillmentUpdateTrackingInput!) {
  orderFulfillmentUpdateTracking(id: $id, input: $input) {
    errors { field code message }
  }
}"""
NAME_CARRIER = """mutation NameCarrier($id: ID!, $input: [MetadataInput!]!) {
  updateMetadata(id: $id, input: $input) {
    errors { field code message }
  }
}"""
TAKE_BACK = """mutation TakeBack($id: ID!, $input: FulfillmentCancelInput) {
  orderFulfillmentCancel(id: $id, input: $input) {
    errors { field code message }
  }
}"""
CANCEL = """mutation Cancel($id: ID!) {
  orderCancel(id: $id) {
    errors { field code message }
  }
}"""
GRANT = """mutation Grant($id: ID!, $input: OrderGrantRefundCreateInput!) {
  orderGrantRefundCreate(id: $id, input: $input) {
    errors { field code message }
  }
}"""
REQUEST_GRANTED = """mutation RequestGranted($id: ID!) {
  transactionRequestRefundForGrantedRefund(grantedRefundId: $id) {
    errors { field code message }
  }
}"""
REQUEST = """mutation Request($id: ID!, $amount: PositiveDecimal, $reason: String) {
  transactionRequestAction(
    id: $id, actionType: REFUND, amount: $amount, refundReason: $reason
  ) {
    errors { field code message }
  }
}"""


@dataclass(frozen=True, slots=True)
class Line:
    """A line.

    Attributes:
        kept: which warehouse keeps how many of its units.
        item_id: Amazon's order item.
    """

    id: str
    open: int
    gross: Decimal
    kept: Mapping[str, int]
    item_id: str | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """A fulfilment; it has left unless it was taken back."""

    id: str
    number: str
    status: str
    carrier: str | None
    warehouse_id: str | None


@dataclass(frozen=True, slots=True)
class MoneyEvent:
    """Something that happened to the money; without a reference it counts for nothing yet."""

    kind: str
    reference: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffOrder:
    """An order as staff see it.

    Attributes:
        reference: Amazon's number.
        programs: Amazon's, such as PRIME.
        notes: what apps and people wrote into the timeline.
        granted: granted refunds' ids by the reason that was given.
        money: newest first.
    """

    id: str
    reference: str
    status: str
    programs: frozenset[str]
    currency: str
    total: Decimal
    shipping: Decimal
    warehouse_id: str
    lines: tuple[Line, ...]
    parcels: tuple[Parcel, ...]
    notes: tuple[str, ...]
    granted: Mapping[str, str]
    transaction_id: str | None
    money: tuple[MoneyEvent, ...]

    @property
    def open_units(self) -> dict[str, int]:
        """Units that have yet to leave, by line."""
        return {line.id: line.open for line in self.lines if line.open}

    def parcel(self, *numbers: str) -> Parcel | None:
        """The newest parcel with one of the numbers, taken back or not."""
        mine = [each for each in self.parcels if each.number in numbers]
        parcels = [each for each in mine if each.status in ("FULFILLED", "CANCELED")]
        return parcels[-1] if parcels else None


def read_order(told: Mapping[str, Any]) -> StaffOrder:
    """Reads the answer to `ORDER`."""
    transactions = told["transactions"]
    return StaffOrder(
        id=told["id"],
        reference=told["externalReference"],
        status=told["status"],
        programs=frozenset((told["metafield"] or "").split(", ")),
        currency=told["total"]["currency"],
        total=_amount(told["total"]),
        shipping=_amount(told["shippingPrice"]),
        warehouse_id=told["channel"]["warehouses"][0]["id"],
        lines=tuple(
            Line(
                id=each["id"],
                open=each["quantityToFulfill"],
                gross=_amount(each["totalPrice"]),
                kept={kept["warehouse"]["id"]: kept["quantity"] for kept in each["allocations"]},
                item_id=each["metafield"],
            )
            for each in told["lines"]
        ),
        parcels=tuple(
            Parcel(
                id=each["id"],
                number=each["trackingNumber"],
                status=each["status"],
                carrier=each["metafield"],
                warehouse_id=each["warehouse"]["id"] if each["warehouse"] else None,
            )
            for each in told["fulfillments"]
        ),
        notes=tuple(each["message"] for each in told["events"] if each["message"]),
        granted={each["reason"]: each["id"] for each in told["grantedRefunds"]},
        transaction_id=transactions[0]["id"] if transactions else None,
        money=tuple(
            MoneyEvent(each["type"], each["pspReference"], each["message"])
            for each in (transactions[0]["events"] if transactions else ())
        ),
    )


def _amount(price: Mapping[str, Any]) -> Decimal:
    return Decimal(price["gross"]["amount"])
