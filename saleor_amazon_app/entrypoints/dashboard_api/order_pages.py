"""One page of the list of orders: what was asked for, checked, and the places to go on from."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import TypeVar

import strawberry

from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.core.times import as_utc
from saleor_amazon_app.entrypoints.dashboard_api.context import Context, Info
from saleor_amazon_app.entrypoints.dashboard_api.fields import field
from saleor_amazon_app.entrypoints.dashboard_api.orders import Order, order_of
from saleor_amazon_app.entrypoints.dashboard_api.places import place_in, written_place
from saleor_amazon_app.entrypoints.dashboard_api.refusals import bad_input
from saleor_amazon_app.entrypoints.dashboard_api.words import (
    Direction,
    Fulfilment,
    OrderStatus,
    PageInfo,
)
from saleor_amazon_app.ledger import order_filter, order_list
from saleor_amazon_app.ledger.buyer_words import words_in
from saleor_amazon_app.ledger.order_indexes import SortBy
from saleor_amazon_app.ledger.order_list import Sorting

MOST_ROWS = 100
_ROWS = 50
_LONGEST_TEXT = 250
_MOST_VALUES = 100
_MOST_DIGITS = 15
_CODE = 3


@strawberry.enum
class OrderSortField(Enum):
    """What orders can be sorted by; LAST_NOTE by when it was written."""

    PURCHASED_AT = SortBy.PURCHASED_AT
    AMAZON_ORDER_ID = SortBy.AMAZON_ORDER_ID
    SALEOR_ORDER_NUMBER = SortBy.SALEOR_ORDER_NUMBER
    STATUS = SortBy.STATUS
    TOTAL = SortBy.TOTAL
    FULFILMENT = SortBy.FULFILMENT
    MARKETPLACE = SortBy.MARKETPLACE
    SHIP_BY = SortBy.SHIP_BY
    LAST_NOTE = SortBy.LAST_NOTE


@strawberry.input
class OrderSort:
    """What the list is sorted by; what an order lacks comes last ascending, first descending."""

    field: OrderSortField
    direction: Direction


@strawberry.input
class OrderFilter:
    """Which orders are wanted; everything that is given must hold."""

    purchased_from: datetime | None = None
    purchased_to: datetime | None = None
    number: str | None = strawberry.field(
        default=None, description="Amazon's or Saleor's order number, whole or its beginning."
    )
    buyer: str | None = strawberry.field(
        default=None, description="Whole words of the buyer's name or company; all must fit."
    )
    total_from: Decimal | None = None
    total_to: Decimal | None = None
    currency: str | None = None
    statuses: list[OrderStatus] | None = None
    store_ids: list[strawberry.ID] | None = None
    held: bool | None = None
    fulfilment: Fulfilment | None = None
    marketplace_ids: list[str] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A list of orders as it was asked for, checked.

    Attributes:
        store_ids: of the viewer's shop, and among them those that are wanted.
    """

    store_ids: list[StoreId]
    wanted: order_filter.OrderFilter
    sorting: Sorting


async def asked(context: Context, filter: OrderFilter | None, sort: OrderSort | None) -> Asked:
    """Reads a filter and a sort.

    Raises:
        Refused: a value in it cannot be meant.
    """
    ours = await context.stores()
    given = filter or OrderFilter()
    store_ids = list(ours)
    if given.store_ids is not None:
        some = {row.id for row in [await context.store(id) for id in _few(given.store_ids)] if row}
        store_ids = [store_id for store_id in ours if store_id in some]
    sorting = Sorting()
    if sort is not None:
        sorting = Sorting(sort.field.value, sort.direction is Direction.DESC)
    return Asked(store_ids, _wanted(context, given), sorting)


def _wanted(context: Context, given: OrderFilter) -> order_filter.OrderFilter:
    return order_filter.OrderFilter(
        purchased_from=moment_given(given.purchased_from),
        purchased_to=moment_given(given.purchased_to),
        number=_text(given.number, "number"),
        words=_words(context, _text(given.buyer, "buyer")),
        total_from=_amount(given.total_from),
        total_to=_amount(given.total_to),
        currency=_currency(given.currency),
        statuses=tuple(each.value for each in _few(given.statuses or [])),
        is_held=given.held,
        fulfilled_by=given.fulfilment.value if given.fulfilment else None,
        marketplace_ids=tuple(
            text for id in _few(given.marketplace_ids or []) if (text := _text(id, "marketplace"))
        ),
    )


_T = TypeVar("_T")


def _few(values: list[_T]) -> list[_T]:
    if len(values) > _MOST_VALUES:
        raise bad_input(f"A filter names at most {_MOST_VALUES} values of one kind.")
    return values


def _text(text: str | None, what: str) -> str | None:
    told = (text or "").strip()
    if len(told) > _LONGEST_TEXT:
        raise bad_input(f"The {what} has more than {_LONGEST_TEXT} characters.")
    if told and not told.isprintable():
        raise bad_input(f"The {what} has characters that nobody can type.")
    return told or None


def _words(context: Context, name: str | None) -> tuple[tuple[bytes, ...], ...]:
    if name is None:
        return ()
    words = words_in([name])
    if not words:
        raise bad_input("The buyer's name has no letters.")
    return tuple(context.lines.cipher.hashes(word) for word in words)


def moment_given(moment: datetime | None) -> datetime | None:
    """The moment in UTC.

    Raises:
        Refused: it names no time zone.
    """
    if moment is None:
        return None
    try:
        return as_utc(moment)
    except ValueError as wrong:
        raise bad_input("A moment needs a time zone, such as 2026-11-20T00:00:00Z.") from wrong


def _amount(amount: Decimal | None) -> Decimal | None:
    if amount is not None and (not amount.is_finite() or abs(amount.adjusted()) > _MOST_DIGITS):
        raise bad_input("A total is a number of at most 15 digits.")
    return amount


def _currency(currency: str | None) -> str | None:
    told = _text(currency, "currency")
    if told is not None and not (len(told) == _CODE and told.isascii() and told.isalpha()):
        raise bad_input("A currency is three letters, such as EUR.")
    return told.upper() if told else None


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list is wanted: the first so many after a place, or the last before one."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None

    @property
    def is_backward(self) -> bool:
        """Whether the part ends at its place."""
        return self.last is not None or self.before is not None

    @property
    def cursor(self) -> str | None:
        """The place, unread."""
        return self.before if self.is_backward else self.after

    def size(self) -> int:
        """How many rows.

        Raises:
            Refused: too few or too many, or both ends at once.
        """
        if self.is_backward and (self.first is not None or self.after is not None):
            raise bad_input("Ask for `first` and `after`, or for `last` and `before`.")
        return rows_of(self.last if self.is_backward else self.first)


def rows_of(number: int | None) -> int:
    """How many rows a page has.

    Raises:
        Refused: too few or too many were asked for.
    """
    if number is not None and not 1 <= number <= MOST_ROWS:
        raise bad_input(f"A page has 1 to {MOST_ROWS} rows.")
    return number or _ROWS


@strawberry.type
class OrderEdge:
    """An order and its place in the list."""

    cursor: str
    node: Order


@strawberry.type
class OrderConnection:
    """A page of the list of orders."""

    wish: strawberry.Private[Asked]
    edges: list[OrderEdge]
    page_info: PageInfo

    @field()
    def nodes(self) -> list[Order]:
        """The orders of the page without their places."""
        return [edge.node for edge in self.edges]

    @field()
    async def total_count(self, info: Info) -> int | None:
        """How many orders the filter finds; null when there are more than 10,000."""
        async with info.context.lines.database.transaction() as session:
            return await order_list.count(session, self.wish.store_ids, self.wish.wanted)


async def page_of(context: Context, wish: Asked, window: Window) -> OrderConnection:
    """The part of a list of orders that was asked for.

    Raises:
        Refused: it has no such part.
    """
    size, by = window.size(), wish.sorting.by
    beside = place_in(window.cursor, by, await context.stores()) if window.cursor else None
    async with context.lines.database.transaction() as session:
        found = await order_list.page(
            session,
            wish.store_ids,
            wish.wanted,
            wish.sorting,
            limit=size + 1,
            beside=beside,
            is_backward=window.is_backward,
        )
    has_more = len(found) > size
    rows = (found[-size:] if window.is_backward else found[:size]) if has_more else found
    edges = [
        OrderEdge(cursor=written_place(by, order_list.place_of(row, by)), node=order_of(row))
        for row in rows
    ]
    page_info = PageInfo(
        has_next_page=beside is not None if window.is_backward else has_more,
        has_previous_page=has_more if window.is_backward else beside is not None,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return OrderConnection(wish=wish, edges=edges, page_info=page_info)
