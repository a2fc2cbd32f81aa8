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
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONPATH

from saleor_amazon_app.core.ids import AmazonOrderId, SaleorOrderId, StoreId
from saleor_amazon_app.core.reasons import HoldCode, Reason, SkipCode
from saleor_amazon_app.ledger.order_filter import OrderFilter, conditions
from saleor_amazon_app.ledger.order_indexes import KEYS, Key, SortBy
from saleor_amazon_app.ledger.orders import ImportState, Order
from saleor_amazon_app.ledger.session import Session, estimated_rows

OrderKey = tuple[StoreId, AmazonOrderId]
_MOST_COUNTED = 10_000
_MANY = 8_000
_MANY_OF_A_TIME = 250_000
# In these orders a list does not go from new to old.
_FREE_OF_TIME = frozenset({SortBy.PURCHASED_AT, SortBy.TOTAL, SortBy.AMAZON_ORDER_ID})


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a sorted list: an order and what it was sorted by when the page was read."""

    values: tuple[Any, ...]
    amazon_order_id: str
    store_id: UUID


def place_of(order: "ListedOrder", by: SortBy) -> Place:
    """Where an order stands in a list that is sorted so."""
    values = tuple(getattr(order, key.column.key) for key in KEYS[by])
    return Place(values, order.amazon_order_id, order.store_id)


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
    Order.last_note.expression,
    Order.last_note_at.expression,
    Order.facts["fulfillment"]["fulfillmentServiceLevel"].astext,
    and_(
        Order.status == "UNSHIPPED",
        func.jsonb_path_exists(
            Order.facts,
            cast(
                '$.orderItems[*].cancellation.cancellationRequest ? (@.requester == "BUYER")',
                JSONPATH,
            ),
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


async def find_by_saleor_id(
    session: Session, store_ids: Sequence[StoreId], saleor_order_id: SaleorOrderId
) -> ListedOrder | None:
    """The order of these stores that a host order was made from."""
    rows = await session.execute(
        select(*_ROW)
        .where(Order.store_id.in_(store_ids), Order.saleor_order_id == saleor_order_id)
        .limit(1)
    )
    found = rows.first()
    return _listed(found) if found else None


@dataclass(frozen=True, slots=True)
class Sorting:
    """What the list is sorted by, and which end comes first."""

    by: SortBy = SortBy.PURCHASED_AT
    is_descending: bool = True


async def page(
    session: Session,
    store_ids: Sequence[StoreId],
    wanted: OrderFilter,
    sorting: Sorting,
    *,
    limit: int,
    beside: Place | None = None,
    is_backward: bool = False,
) -> list[ListedOrder]:
    """The orders that follow a place, or precede it; the first of the list without one.

    Args:
        session: the transaction.
        store_ids: whose orders; all of one shop.
        wanted: which of them.
        sorting: in which order.
        limit: at most so many.
        beside: the place that the page begins or ends at, itself left out.
        is_backward: reads towards the beginning of the list, from the place or from its end; the
            orders come in the order of the list all the same.
    """
    if not store_ids:
        return []
    await _prefer_walking(session)
    walk = _Walk(
        wanted,
        KEYS[sorting.by],
        sorting.is_descending != is_backward,
        limit,
        beside,
        are_few=await _are_few(session, store_ids, wanted, sorting.by),
    )
    rows = await session.execute(_page(store_ids, walk))
    found = [_listed(row) for row in rows]
    return found[::-1] if is_backward else found


async def count(session: Session, store_ids: Sequence[StoreId], wanted: OrderFilter) -> int | None:
    """How many orders are wanted; None where they are too many to be counted quickly."""
    if not store_ids:
        return 0
    await _prefer_walking(session)
    some = union_all(
        *(
            select(Order.purchased_at).where(*conditions(store_id, wanted)).limit(_MOST_COUNTED + 1)
            for store_id in store_ids
        )
    ).subquery()
    number = await session.scalar(select(func.count()).select_from(some)) or 0
    return number if number <= _MOST_COUNTED else None


async def _prefer_walking(session: Session) -> None:
    """Has each page planned for its own values, for an index in memory, and not compiled.

    A plan for any values reads a whole index for rare ones; compiling takes longer than a page.
    """
    settings = {
        "plan_cache_mode": "force_custom_plan",
        "random_page_cost": "1.1",
        "jit": "off",
        "max_parallel_workers_per_gather": "0",
    }
    await session.execute(
        select(*(func.set_config(name, value, True) for name, value in settings.items()))
    )


@dataclass(frozen=True, slots=True)
class _Walk:
    """A way along the list."""

    wanted: OrderFilter
    keys: tuple[Key, ...]
    is_descending: bool
    limit: int
    beside: Place | None
    are_few: bool

    def towards(self, columns: Any) -> list[ColumnElement[Any]]:
        """The order of a page, by the columns of `_next_of`; any number of keys are there."""
        names = [f"key_{number}" for number in range(len(self.keys))]
        sorted_by = [columns[name] for name in (*names, "amazon_order_id", "store_id")]
        return [each.desc() if self.is_descending else each.asc() for each in sorted_by]


def _page(store_ids: Sequence[StoreId], walk: _Walk) -> Select[*tuple[Any, ...]]:
    """The first of what every store gives, and only these rows whole."""
    next_ones = union_all(*(_next_of(store_id, walk) for store_id in store_ids)).subquery()
    first = select(next_ones).order_by(*walk.towards(next_ones.c)).limit(walk.limit).subquery()
    is_first = and_(
        Order.store_id == first.c.store_id, Order.amazon_order_id == first.c.amazon_order_id
    )
    return select(*_ROW).join(first, is_first).order_by(*walk.towards(first.c))


def _next_of(store_id: StoreId, walk: _Walk) -> Select[*tuple[Any, ...]]:
    """The next few orders of one store, out of one index."""
    keys = [key.expression for key in walk.keys]
    number = Order.amazon_order_id
    query = select(
        Order.store_id, number, *(key.label(f"key_{n}") for n, key in enumerate(keys))
    ).where(*conditions(store_id, walk.wanted))
    if walk.beside is not None:
        here = tuple_(*keys, number)
        there = tuple_(
            *(key.of(value) for key, value in zip(walk.keys, walk.beside.values, strict=True)),
            bindparam(None, walk.beside.amazon_order_id, number.type),
        )
        # One number in two stores is one place in the list but for the stores' own order.
        is_beyond = str(store_id) > str(walk.beside.store_id)
        if walk.is_descending:
            is_beyond = str(store_id) < str(walk.beside.store_id)
            query = query.where(here <= there if is_beyond else here < there)
        else:
            query = query.where(here >= there if is_beyond else here > there)
    if walk.are_few:
        # Found before they are sorted, whatever the planner thinks of walking along the list:
        # it does not look through an offset.
        few = query.offset(0).subquery()
        return select(few).order_by(*walk.towards(few.c)).limit(walk.limit)
    ends = (each.desc() if walk.is_descending else each.asc() for each in (*keys, number))
    return query.order_by(*ends).limit(walk.limit)


async def _are_few(
    session: Session, store_ids: Sequence[StoreId], wanted: OrderFilter, by: SortBy
) -> bool:
    """Tells whether the wanted orders are sooner found and sorted than met along the list.

    Whoever wants the orders of a month would walk from today to that month along a list that is
    sorted by a time, which the planner does not foresee.
    """
    if wanted == OrderFilter():
        return False
    is_bounded = wanted.purchased_from is not None and wanted.purchased_to is not None
    most = _MANY_OF_A_TIME if is_bounded and by not in _FREE_OF_TIME else _MANY
    found = (select(Order.store_id).where(*conditions(each, wanted)) for each in store_ids)
    return await estimated_rows(session, union_all(*found)) <= most
