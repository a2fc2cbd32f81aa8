"""Which orders of the list are wanted, and how the database is asked for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, or_, select

from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.ledger.buyer_words import BuyerWordRow
from saleor_amazon_app.ledger.order_indexes import CURRENCY, FULFILLED_BY, MARKETPLACE, TOTAL
from saleor_amazon_app.ledger.orders import ImportState, Order

_KNOWN_STATUSES = (
    "PENDING_AVAILABILITY",
    "PENDING",
    "UNSHIPPED",
    "PARTIALLY_SHIPPED",
    "SHIPPED",
    "CANCELLED",
    "UNFULFILLABLE",
)


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which orders are wanted; None and empty want all.

    Attributes:
        number: the beginning of Amazon's or the host's number.
        words: each word that must be in the buyer's name or company, by its keyed hashes.
        statuses: in Amazon's words; an empty one stands for every status not known to us.
    """

    purchased_from: datetime | None = None
    purchased_to: datetime | None = None
    number: str | None = None
    words: tuple[tuple[bytes, ...], ...] = ()
    total_from: Decimal | None = None
    total_to: Decimal | None = None
    currency: str | None = None
    statuses: tuple[str, ...] = ()
    is_held: bool | None = None
    fulfilled_by: str | None = None
    marketplace_ids: tuple[str, ...] = ()


def conditions(store_id: StoreId, wanted: OrderFilter) -> list[ColumnElement[bool]]:
    """What is true of the wanted orders of a store, in the words of the indexes."""
    found = [Order.store_id == store_id]
    if wanted.purchased_from is not None:
        found.append(Order.purchased_at >= wanted.purchased_from)
    if wanted.purchased_to is not None:
        found.append(Order.purchased_at <= wanted.purchased_to)
    if wanted.number is not None:
        numbers = (Order.amazon_order_id, Order.saleor_order_number)
        found.append(or_(*(each.startswith(wanted.number, autoescape=True) for each in numbers)))
    found += [_is_called(store_id, hashes) for hashes in wanted.words]
    if wanted.statuses:
        found.append(_has_status(wanted.statuses))
    if wanted.is_held is not None:
        is_held = Order.import_state == ImportState.HELD
        found.append(is_held if wanted.is_held else ~is_held)
    if wanted.fulfilled_by is not None:
        found.append(FULFILLED_BY.expression == wanted.fulfilled_by)
    if wanted.marketplace_ids:
        found.append(MARKETPLACE.expression.in_(wanted.marketplace_ids))
    return found + _within_total(wanted)


def _is_called(store_id: StoreId, hashes: Sequence[bytes]) -> ColumnElement[bool]:
    called = select(BuyerWordRow.amazon_order_id).where(
        BuyerWordRow.store_id == store_id, BuyerWordRow.word.in_(hashes)
    )
    return Order.amazon_order_id.in_(called)


def _has_status(statuses: Sequence[str]) -> ColumnElement[bool]:
    known = Order.status.in_([each for each in statuses if each])
    return or_(known, Order.status.not_in(_KNOWN_STATUSES)) if "" in statuses else known


def _within_total(wanted: OrderFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.currency is not None:
        found.append(CURRENCY.expression == wanted.currency)
    if wanted.total_from is not None:
        found.append(TOTAL.expression >= wanted.total_from)
    if wanted.total_to is not None:
        found.append(TOTAL.expression <= wanted.total_to)
    if wanted.total_from is not None or wanted.total_to is not None:
        found.append(Order.grand_total.is_not(None))
    return found
