"""Cursors: places in lists as opaque texts, read back with care because anyone may write one."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.core.times import as_utc
from saleor_amazon_app.entrypoints.dashboard_api.context import is_number
from saleor_amazon_app.entrypoints.dashboard_api.refusals import Refused, bad_input
from saleor_amazon_app.ledger.order_indexes import SortBy, types_of
from saleor_amazon_app.ledger.order_list import Place

_LONGEST = 2000
_LARGEST = 18


def written(*parts: object) -> str:
    """A place as a text."""
    told = json.dumps(parts, separators=(",", ":"), default=_plain)
    return urlsafe_b64encode(told.encode()).rstrip(b"=").decode()


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def parts_of(cursor: str, *, count: int) -> Sequence[Any]:
    """What a text was written from, as JSON tells it.

    Raises:
        Refused: it is no cursor of such a list.
    """
    if len(cursor) > _LONGEST:
        raise _unknown()
    try:
        told = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError) as wrong:
        raise _unknown() from wrong
    if not isinstance(told, list) or len(told) != count:
        raise _unknown()
    return told


def _unknown() -> Refused:
    return bad_input("This place in the list is not known. Begin at the first page.")


def written_place(by: SortBy, place: Place) -> str:
    """A place in the list of orders as a text."""
    return written(by.value, *place.values, place.amazon_order_id, place.store_id)


def place_in(cursor: str, by: SortBy, store_ids: Collection[StoreId]) -> Place:
    """The place that a text stands for, in a list of these stores that is sorted so.

    Raises:
        Refused: it is no place of such a list, or of another shop's.
    """
    types = types_of(by)
    name, *values, number, store = parts_of(cursor, count=len(types) + 3)
    store_id = uuid_in(store)
    is_ours = store_id is not None and StoreId(store_id) in store_ids
    if name != by or store_id is None or not is_ours or not isinstance(number, str):
        raise _unknown()
    if not is_number(number):
        raise _unknown()
    given = zip(values, types, strict=True)
    return Place(tuple(_value(each, kind) for each, kind in given), number, store_id)


def uuid_in(value: object) -> UUID | None:
    """The id in a part of a cursor; None where it is none."""
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def moment_in(value: object) -> datetime:
    """The moment in a part of a cursor.

    Raises:
        Refused: it is none.
    """
    moment = _value(value, datetime)
    if not isinstance(moment, datetime):
        raise _unknown()
    return moment


def number_in(value: object) -> int:
    """The number in a part of a cursor.

    Raises:
        Refused: it is none, or none that a database could count to.
    """
    if not isinstance(value, int) or not 0 <= value < 2**63:
        raise _unknown()
    return value


def text_in(value: object) -> str:
    """The text in a part of a cursor.

    Raises:
        Refused: it is none, or none that a database could keep.
    """
    if not isinstance(value, str) or not is_number(value):
        raise _unknown()
    return value


def _value(value: object, kind: type) -> object:
    if value is None:
        return None
    if not isinstance(value, str) or "\0" in value:
        raise _unknown()
    try:
        if kind is datetime:
            return as_utc(datetime.fromisoformat(value))
        if kind is Decimal:
            amount = Decimal(value)
            if not amount.is_finite() or abs(amount.adjusted()) > _LARGEST:
                raise _unknown()
            return amount
    except (ValueError, InvalidOperation) as wrong:
        raise _unknown() from wrong
    return value
