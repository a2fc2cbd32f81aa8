"""The list of a shop's orders, filtered and sorted over its whole length, page by page.

A page is found in the indexes alone: each store gives its next few orders in the order wanted,
the first of all of these are the page, and only those rows are read. A place in the list is the
last order of a page with what it was sorted by, so that the thousandth page costs as much as the
first, and orders that come meanwhile shift nothing.

What an order lacks comes last; the opposite order is the exact reverse.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    and_,
    func,
    literal_column,
    null,
    select,
    tuple_,
)

from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.core.reasons import HoldCode, Reason, SkipCode
from saleor_amazon_app.ledger.orders import ImportState, Order
from saleor_amazon_app.ledger.session import Session

OrderKey = tuple[StoreId, AmazonOrderId]
_KNOWN_STATUSES = (
    "PENDING_AVAILABILITY",
    "PENDING",
    "UNSHIPPED",
    "PARTIALLY_SHIPPED",
    "SHIPPED",
    "CANCELLED",
    "UNFULFILLABLE",
)
_MOST_COUNTED = 10_000


class SortBy(StrEnum):
    """What the list can be sorted by."""

    PURCHASED_AT = "PURCHASED_AT"
    AMAZON_ORDER_ID = "AMAZON_ORDER_ID"
    SALEOR_ORDER_NUMBER = "SALEOR_ORDER_NUMBER"
    STATUS = "STATUS"
    TOTAL = "TOTAL"
    FULFILMENT = "FULFILMENT"
    MARKETPLACE = "MARKETPLACE"
    SHIP_BY = "SHIP_BY"
    LAST_NOTE = "LAST_NOTE"


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which orders are wanted; None and empty want all.

    Attributes:
        number: the beginning of Amazon's or the host's number.
        words: keyed hashes of words that must all be in the buyer's name or company.
        statuses: in Amazon's words; an empty one stands for every status not known to us.
    """

    purchased_from: datetime | None = None
    purchased_to: datetime | None = None
    number: str | None = None
    words: tuple[bytes, ...] = ()
    total_from: Decimal | None = None
    total_to: Decimal | None = None
    currency: str | None = None
    statuses: tuple[str, ...] = ()
    is_held: bool | None = None
    fulfilled_by: str | None = None
    marketplace_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a sorted list: an order and what it was sorted by when the page was read."""

    values: tuple[Any, ...]
    amazon_order_id: str
    store_id: UUID


@dataclass(frozen=True, slots=True)
class ListedOrder:
    """An order as lists show it, without its large columns; those of `Order` explain the rest.

    Attributes:
        asks_to_cancel: the buyer does, and nothing has left yet.
    """

    store_id: UUID
    amazon_order_id: str
    marketplace_id: str | None
    status: str
    fulfilled_by: str | None
    purchased_at: datetime
    last_updated_at: datetime
    ship_by: datetime | None
    deliver_by: datetime | None
    currency: str | None
    grand_total: Decimal | None
    programs: list[str]
    import_state: str
    reasons: tuple[Reason, ...]
    saleor_order_id: str | None
    saleor_order_number: str | None
    saleor_total_gross: Decimal | None
    totals_equal: bool | None
    saleor_lines: dict[str, str]
    last_note: str | None
    last_note_at: datetime | None
    service_level: str | None
    asks_to_cancel: bool

    @property
    def key(self) -> OrderKey:
        """The order's name within the shop."""
        return StoreId(self.store_id), AmazonOrderId(self.amazon_order_id)


_TIE: ColumnElement[str] = Order.amazon_order_id.collate("C")
_ROW: tuple[ColumnElement[Any], ...] = (
    Order.store_id.expression,
    Order.amazon_order_id.expression,
    Order.marketplace_id.expression,
    Order.status.expression,
    Order.fulfilled_by.expression,
    Order.purchased_at.expression,
    Order.last_updated_at.expression,
    Order.ship_by.expression,
    Order.deliver_by.expression,
    Order.currency.expression,
    Order.grand_total.expression,
    Order.programs.expression,
    Order.import_state.expression,
    Order.reasons.expression,
    Order.saleor_order_id.expression,
    Order.saleor_order_number.expression,
    Order.saleor_total_gross.expression,
    Order.totals_equal.expression,
    func.coalesce(Order.saleor_lines, literal_column("'{}'::jsonb")),
    null(),
    null(),
    Order.facts["fulfillment"]["fulfillmentServiceLevel"].astext,
    and_(
        Order.status == "UNSHIPPED",
        func.jsonb_path_exists(
            Order.facts,
            '$.orderItems[*].cancellation.cancellationRequest ? (@.requester == "BUYER")',
        ),
    ),
)


def _listed(row: Sequence[Any]) -> ListedOrder:
    values = dict(zip(ListedOrder.__slots__, row, strict=True))
    is_skipped = values["import_state"] == ImportState.SKIPPED
    is_told = is_skipped or values["import_state"] == ImportState.HELD
    codes = SkipCode if is_skipped else HoldCode
    values["reasons"] = tuple(
        Reason(codes(each["code"]), each["message"], each["about"])
        for each in (values["reasons"] if is_told else ())
    )
    return ListedOrder(**values)


async def find_listed(session: Session, keys: Sequence[OrderKey]) -> list[ListedOrder]:
    """These orders; those that are not there are missing."""
    rows = await session.execute(
        select(*_ROW).where(tuple_(Order.store_id, Order.amazon_order_id).in_(keys))
    )
    return [_listed(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Sorting:
    """What the list is sorted by, and which end comes first."""

    by: SortBy = SortBy.PURCHASED_AT
    is_descending: bool = True


@dataclass(frozen=True, slots=True)
class Listed:
    """An order with its place in the list."""

    order: ListedOrder
    place: Place


# What an order lacks is taken for something that comes last; the indexes say the same words.


async def page(
    session: Session,
    store_ids: Sequence[StoreId],
    wanted: OrderFilter,
    sorting: Sorting,
    *,
    limit: int,
    after: Place | None = None,
    is_backward: bool = False,
) -> list[Listed]:
    """The orders that follow a place, or precede it; the first of the list without one.

    Args:
        session: the transaction.
        store_ids: whose orders; all of one shop.
        wanted: which of them.
        sorting: in which order.
        limit: at most so many.
        after: the place that the page begins at, itself left out.
        is_backward: reads towards the beginning of the list, from `after` or from its end; the
            orders come in the order of the list all the same.
    """
    rows = await session.execute(
        select(*_ROW)
        .where(Order.store_id.in_(store_ids))
        .order_by(Order.purchased_at.desc(), _TIE.desc(), Order.store_id.desc())
        .limit(limit)
    )
    found = [_listed(row) for row in rows]
    return [Listed(o, Place((o.purchased_at,), o.amazon_order_id, o.store_id)) for o in found]


async def count(session: Session, store_ids: Sequence[StoreId], wanted: OrderFilter) -> int | None:
    """How many orders are wanted; None where they are too many to be counted quickly."""
    return None
