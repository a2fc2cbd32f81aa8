"""Reads the refunds Amazon has booked, whoever made them: this app, Seller Central or Amazon.

Orders never tell of refunds. Transactions do, hours or days later, and their total is not what
the buyer got: Amazon gives fees back to the seller in the same transaction.

Source: Finances API 2024-06-19, listTransactions, and selling-partner-api-models issues 4274 (how
a refund is broken down) and 4268 (chargebacks are called refunds too), read 2026-11-20.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field

from saleor_amazon_app.amazon.errors import AmazonUnavailable, Incident
from saleor_amazon_app.amazon.item_records import Amount, Moment, Record, Text
from saleor_amazon_app.amazon.throttle import Operation
from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.core.money import ZERO, Money
from saleor_amazon_app.core.times import iso

# Decisions read these records, and decisions must not reach the network through them.
if TYPE_CHECKING:
    from saleor_amazon_app.amazon.client import AmazonClient

_PATH = "/finances/2024-06-19/transactions"
_REFUND = "Refund"
# What is not the buyer's: fees, and tax that Amazon keeps or hands on by itself.
_NOT_THE_BUYERS = ("fee", "commission", "withheld", "facilitator")


@dataclass(frozen=True, slots=True)
class PostedPart:
    """A part of a refund.

    Attributes:
        sku: the seller's SKU of the item; None where the books name no item.
        kind: Amazon's name of the part, such as `OurPricePrincipal` or `ShippingTax`.
        amount: positive for what the buyer got back.
    """

    sku: str | None
    kind: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PostedRefund:
    """A refund in Amazon's books.

    Attributes:
        transaction_id: the same whenever the refund is listed; a deferred refund is listed
            again, under another id, when it is released.
        amount: what the buyer got back, positive.
        debited: what it cost the seller, fees given back taken off.
        parts: what the amount is made of; empty where the books only tell a total.
    """

    order_id: AmazonOrderId
    transaction_id: str
    posted_at: datetime
    amount: Money
    debited: Money
    parts: tuple[PostedPart, ...] = ()


class _Currency(Record):
    currency_amount: Amount
    currency_code: Text = Field(min_length=3, max_length=3)


class _Identifier(Record):
    related_identifier_name: Text | None = None
    related_identifier_value: Text | None = None


class _Breakdown(Record):
    breakdown_type: Text | None = None
    breakdown_amount: _Currency | None = None
    breakdowns: "tuple[_Breakdown, ...] | None" = None


def _listed(breakdowns: Any) -> Any:
    """The list itself: an example of Amazon's model has it inside an object of the same name."""
    return breakdowns.get("breakdowns") if isinstance(breakdowns, Mapping) else breakdowns


class _Context(Record):
    sku: Text | None = None


class _Item(Record):
    breakdowns: tuple[_Breakdown, ...] | None = None
    contexts: tuple[_Context, ...] | None = None

    @property
    def sku(self) -> str | None:
        return next((one.sku for one in self.contexts or () if one.sku), None)


class _Seller(Record):
    selling_partner_id: Text | None = None


class _Transaction(Record):
    selling_partner_metadata: _Seller | None = None
    transaction_type: Text | None = None
    transaction_id: Text | None = None
    posted_date: Moment | None = None
    total_amount: _Currency | None = None
    related_identifiers: tuple[_Identifier, ...] | None = None
    breakdowns: Annotated[tuple[_Breakdown, ...] | None, BeforeValidator(_listed)] = None
    items: tuple[_Item, ...] | None = None

    def related(self, name: str) -> str | None:
        for one in self.related_identifiers or ():
            if one.related_identifier_name == name:
                return one.related_identifier_value
        return None


class _Payload(Record):
    transactions: tuple[_Transaction, ...] | None = None
    next_token: Text | None = None


class _Answer(Record):
    payload: _Payload


async def refunds(
    client: "AmazonClient", which: AmazonOrderId | datetime
) -> tuple[PostedRefund, ...]:
    """Lists booked refunds, each once, in Amazon's order.

    Chargebacks are listed as well: Amazon calls them refunds. What names no order is left out.

    Args:
        client: the seller's line.
        which: those of one order, or all that were posted at a moment or later; the moment is
            at least two minutes and at most 180 days ago.

    Raises:
        AmazonError: as drawn in `errors.py`.
    """
    found: dict[str, PostedRefund] = {}
    query = _query(which)
    seen: set[str] = set()
    while True:
        answer = await client.get(
            Operation.LIST_TRANSACTIONS, _PATH, query=query, read=_Answer.model_validate
        )
        for transaction in answer.payload.transactions or ():
            if transaction.transaction_type == _REFUND:
                refund = _posted(transaction)
                if refund is not None:
                    found.setdefault(refund.transaction_id, refund)
        token = answer.payload.next_token
        if not token:
            return tuple(found.values())
        if token in seen:
            incident = Incident(Operation.LIST_TRANSACTIONS, detail="the pages lead in a circle")
            raise AmazonUnavailable(incident)
        seen.add(token)
        query = {**query, "nextToken": token}


async def seller_id(client: "AmazonClient", since: datetime) -> str | None:
    """Amazon's id of the seller, which no other answer names; None where no money moved lately.

    Raises:
        AmazonError: as drawn in `errors.py`.
    """
    answer = await client.get(
        Operation.LIST_TRANSACTIONS, _PATH, query=_query(since), read=_Answer.model_validate
    )
    told = (one.selling_partner_metadata for one in answer.payload.transactions or ())
    return next((one.selling_partner_id for one in told if one and one.selling_partner_id), None)


def _query(which: AmazonOrderId | datetime) -> dict[str, str]:
    if isinstance(which, datetime):
        return {"postedAfter": iso(which)}
    return {"relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": which}


def _posted(transaction: _Transaction) -> PostedRefund | None:
    """The refund, if the transaction says of which order it is and that money went to a buyer."""
    order_id = transaction.related("ORDER_ID")
    transaction_id = transaction.related("DEFERRED_TRANSACTION_ID") or transaction.transaction_id
    posted_at, total = transaction.posted_date, transaction.total_amount
    if not order_id or not transaction_id or posted_at is None or total is None:
        return None
    currency = total.currency_code
    parts = _parts(transaction)
    debited = -total.currency_amount
    amount = debited if parts is None else sum((part.amount for part in parts), ZERO)
    if amount <= 0:
        return None
    return PostedRefund(
        AmazonOrderId(order_id),
        transaction_id,
        posted_at,
        Money(amount, currency),
        Money(debited, currency),
        tuple(part for part in parts or () if part.amount),
    )


def _parts(transaction: _Transaction) -> list[PostedPart] | None:
    """What the total is made of: the finest account Amazon gives; None where there is none."""
    items = transaction.items or ()
    if items and all(item.breakdowns for item in items):
        return [part for item in items for part in _to_buyer(item.sku, item.breakdowns)]
    return list(_to_buyer(None, transaction.breakdowns)) if transaction.breakdowns else None


def _to_buyer(sku: str | None, breakdowns: Sequence[_Breakdown] | None) -> Iterator[PostedPart]:
    """The buyer's share of an account: of a part that is made of others it is theirs."""
    for one in breakdowns or ():
        kind = one.breakdown_type or ""
        if any(word in kind.lower() for word in _NOT_THE_BUYERS):
            continue
        if one.breakdowns:
            yield from _to_buyer(sku, one.breakdowns)
        elif one.breakdown_amount:
            yield PostedPart(sku, kind, -one.breakdown_amount.currency_amount)
