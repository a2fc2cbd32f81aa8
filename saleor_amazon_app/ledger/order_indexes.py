"""What the list of orders is sorted by, and the indexes that hold it sorted.

Each index also carries what the list is filtered by, so that a page is found without reading a
row that is not on it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Index, bindparam, func, literal_column, text
from sqlalchemy.orm import InstrumentedAttribute

from saleor_amazon_app.ledger.base import UtcDateTime
from saleor_amazon_app.ledger.orders import ImportState, Order


class SortBy(StrEnum):
    """What the list can be sorted by; LAST_NOTE by when it was written."""

    PURCHASED_AT = "PURCHASED_AT"
    AMAZON_ORDER_ID = "AMAZON_ORDER_ID"
    SALEOR_ORDER_NUMBER = "SALEOR_ORDER_NUMBER"
    STATUS = "STATUS"
    TOTAL = "TOTAL"
    FULFILMENT = "FULFILMENT"
    MARKETPLACE = "MARKETPLACE"
    SHIP_BY = "SHIP_BY"
    LAST_NOTE = "LAST_NOTE"


Expression = ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Key:
    """A column that a list is sorted by, and how.

    Attributes:
        sorted_as: what stands for a value, so that each has its place; also for none.
    """

    column: InstrumentedAttribute[Any]
    sorted_as: Callable[[Expression], Expression] = lambda value: value

    @property
    def expression(self) -> Expression:
        """What the index holds sorted."""
        return self.sorted_as(self.column.expression)

    def of(self, value: object) -> Expression:
        """What a value of the column is compared as."""
        return self.sorted_as(bindparam(None, value, self.column.type))


def _or_last(last: str) -> Callable[[Expression], Expression]:
    return lambda value: func.coalesce(value, literal_column(last))


def _as_number(value: Expression) -> Expression:
    """The host's numbers are texts; the longer one is the larger one."""
    padded = func.lpad(value, literal_column("20"), literal_column("'0'"))
    return func.coalesce(padded, literal_column("'~'"))


_MOMENT = _or_last("'infinity'::timestamptz")
_BOUGHT = Key(Order.purchased_at)
CURRENCY: Final = Key(Order.currency, _or_last("'~~~'"))
TOTAL: Final = Key(Order.grand_total, _or_last("'0'::numeric"))
FULFILLED_BY: Final = Key(Order.fulfilled_by, _or_last("'~'"))
MARKETPLACE: Final = Key(Order.marketplace_id, _or_last("'~'"))

# What comes first decides; the order's own number decides last of all.
KEYS: Final[dict[SortBy, tuple[Key, ...]]] = {
    SortBy.PURCHASED_AT: (_BOUGHT,),
    SortBy.AMAZON_ORDER_ID: (),
    SortBy.SALEOR_ORDER_NUMBER: (Key(Order.saleor_order_number, _as_number),),
    SortBy.STATUS: (Key(Order.status), _BOUGHT),
    SortBy.TOTAL: (CURRENCY, TOTAL),
    SortBy.FULFILMENT: (FULFILLED_BY, _BOUGHT),
    SortBy.MARKETPLACE: (MARKETPLACE, _BOUGHT),
    SortBy.SHIP_BY: (Key(Order.ship_by, _MOMENT),),
    SortBy.LAST_NOTE: (Key(Order.last_note_at, _MOMENT),),
}
_CARRIED = (
    "purchased_at",
    "status",
    "import_state",
    "fulfilled_by",
    "marketplace_id",
    "currency",
    "grand_total",
)
# By these few are found, to be sorted by anything.
_FOUND_BY = (SortBy.PURCHASED_AT, SortBy.STATUS, SortBy.TOTAL)
_SORTED_BY = ("saleor_order_number", "ship_by", "last_note_at")


def _index(by: SortBy) -> Index:
    # An index answers for a sorted expression only where it carries the column as well.
    plain = {key.column.key for key in KEYS[by] if key.expression is key.column.expression}
    also = _SORTED_BY if by in _FOUND_BY else ()
    carried = dict.fromkeys((*_CARRIED, *also, *(key.column.key for key in KEYS[by])))
    return Index(
        f"ix_orders_by_{by.lower()}",
        Order.store_id,
        *(key.expression for key in KEYS[by]),
        Order.amazon_order_id,
        postgresql_include=[name for name in carried if name not in plain],
    )


INDEXES: Final = (
    *map(_index, SortBy),
    Index(
        "ix_orders_held",
        Order.store_id,
        Order.purchased_at,
        Order.amazon_order_id,
        postgresql_include=[each for each in (*_CARRIED, *_SORTED_BY) if each != "purchased_at"],
        postgresql_where=text(f"import_state = '{ImportState.HELD}'"),
    ),
    Index(
        "ix_orders_saleor_number",
        Order.store_id,
        Order.saleor_order_number,
        # For the beginnings of numbers, whatever collation the database has.
        postgresql_ops={"saleor_order_number": "text_pattern_ops"},
    ),
    Index("ix_orders_saleor_id", Order.store_id, Order.saleor_order_id),
)


def types_of(by: SortBy) -> tuple[type, ...]:
    """Of which types the values are that a place in a list sorted so consists of."""
    return tuple(
        datetime if isinstance(key.column.type, UtcDateTime) else key.column.type.python_type
        for key in KEYS[by]
    )
