"""The whole list of orders as CSV, a page at a time: no more than a page is ever in memory.

Each page is found from where the last one ended, so that nothing is held open while a slow
reader reads, and orders that come meanwhile shift nothing.
"""

import csv
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from typing import TypeVar

import strawberry
from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import TypeAdapter, ValidationError

from saleor_amazon_app.core.money import shown
from saleor_amazon_app.entrypoints.authorise import Permission, Unauthorised, authorise
from saleor_amazon_app.entrypoints.dashboard_api.context import Context
from saleor_amazon_app.entrypoints.dashboard_api.door import refusal
from saleor_amazon_app.entrypoints.dashboard_api.order_pages import (
    Asked,
    OrderFilter,
    OrderSort,
    OrderSortField,
    asked,
)
from saleor_amazon_app.entrypoints.dashboard_api.refusals import Refused, bad_input
from saleor_amazon_app.entrypoints.dashboard_api.stores import marketplace_of
from saleor_amazon_app.entrypoints.dashboard_api.words import (
    Direction,
    Fulfilment,
    OrderStatus,
    fulfilment_of,
    status_of,
)
from saleor_amazon_app.entrypoints.settings import Settings
from saleor_amazon_app.flows import order_details
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.ledger import order_list
from saleor_amazon_app.ledger.order_list import ListedOrder, Place

_ROWS_AT_ONCE = 500
_COLUMNS = (
    "Purchased at",
    "Amazon order number",
    "Saleor order number",
    "Status",
    "Buyer",
    "Total",
    "Currency",
    "Fulfilled by",
    "Marketplace",
    "Ship by",
    "Last note",
    "Store",
)
# A cell that begins so is a formula to a spreadsheet, whoever wrote the text in it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_T = TypeVar("_T")
_MOMENT: TypeAdapter[datetime] = TypeAdapter(datetime)
_AMOUNT: TypeAdapter[Decimal] = TypeAdapter(Decimal)


def export_door(lines: Connections, settings: Settings) -> APIRouter:
    """The route of the export: the filter and the sort of the list as query parameters."""
    door = APIRouter()

    @door.get("/api/orders.csv")
    async def orders_csv(request: Request) -> Response:
        try:
            viewer = await authorise(lines, request)
            if not viewer.may(Permission.MANAGE_ORDERS):
                return refusal(403, "FORBIDDEN", "You need the permission MANAGE_ORDERS in Saleor.")
            context = Context(lines, settings, viewer)
            wish = await asked(context, _filter(request), _sort(request))
        except Unauthorised as refused:
            return refusal(401, refused.code, str(refused))
        except Refused as refused:
            return refusal(400, "BAD_INPUT", refused.message)
        return StreamingResponse(
            _written(context, wish),
            media_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": 'attachment; filename="amazon-orders.csv"',
                "Cache-Control": "no-store",
            },
        )

    return door


async def _written(context: Context, wish: Asked) -> AsyncIterator[str]:
    # Spreadsheets take a file for another encoding without this.
    yield "\ufeff" + _lines([_COLUMNS])
    beside: Place | None = None
    while True:
        async with context.lines.database.transaction() as session:
            rows = await order_list.page(
                session,
                wish.store_ids,
                wish.wanted,
                wish.sorting,
                limit=_ROWS_AT_ONCE,
                beside=beside,
            )
        if not rows:
            return
        names = await order_details.buyer_names(context.lines, [row.key for row in rows])
        yield _lines([_cells(context, row, names.get(row.key)) for row in rows])
        beside = order_list.place_of(rows[-1], wish.sorting.by)


def _cells(context: Context, row: ListedOrder, buyer: str | None) -> tuple[str, ...]:
    by = fulfilment_of(row.fulfilled_by)
    choices = context.choices(row.store_id)
    marketplace = marketplace_of(row.marketplace_id, choices) if row.marketplace_id else None
    total = ""
    if row.grand_total is not None and row.currency is not None:
        total = shown(row.grand_total, row.currency)
    return (
        _moment(row.purchased_at),
        row.amazon_order_id,
        row.saleor_order_number or "",
        status_of(row.status).name,
        buyer or "",
        total,
        row.currency or "",
        by.name if by else "",
        marketplace.name if marketplace else "",
        _moment(row.ship_by),
        row.last_note or "",
        context.store_row(row.store_id).name,
    )


def _moment(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if moment else ""


def _lines(rows: list[tuple[str, ...]]) -> str:
    text = StringIO()
    csv.writer(text).writerows([[harmless(cell) for cell in row] for row in rows])
    return text.getvalue()


def harmless(cell: str) -> str:
    """The cell, which no spreadsheet takes for a formula; a negative amount stays a number."""
    if not cell.startswith(_FORMULA) or _is_number(cell):
        return cell
    return f"'{cell}"


def _is_number(cell: str) -> bool:
    return cell[:1] == "-" and cell[1:].replace(".", "", 1).isdecimal()


def _filter(request: Request) -> OrderFilter:
    """The filter of the list, by the names it has there; a list is a name given several times."""
    given = request.query_params
    held = given.get("held")
    fulfilment = given.get("fulfilment")
    try:
        return OrderFilter(
            purchased_from=_parsed(_MOMENT, given.get("purchasedFrom")),
            purchased_to=_parsed(_MOMENT, given.get("purchasedTo")),
            number=given.get("number"),
            buyer=given.get("buyer"),
            total_from=_parsed(_AMOUNT, given.get("totalFrom")),
            total_to=_parsed(_AMOUNT, given.get("totalTo")),
            currency=given.get("currency"),
            statuses=[OrderStatus[each] for each in given.getlist("statuses")] or None,
            store_ids=[strawberry.ID(each) for each in given.getlist("storeIds")] or None,
            held={"true": True, "false": False}[held] if held else None,
            fulfilment=Fulfilment[fulfilment] if fulfilment else None,
            marketplace_ids=given.getlist("marketplaceIds") or None,
        )
    except (KeyError, ValidationError) as wrong:
        raise bad_input("The filter has a value that cannot be meant.") from wrong


def _sort(request: Request) -> OrderSort | None:
    given = request.query_params
    if "sort" not in given:
        return None
    try:
        return OrderSort(
            field=OrderSortField[given["sort"]], direction=Direction[given.get("direction", "ASC")]
        )
    except KeyError as wrong:
        raise bad_input("The list cannot be sorted by that.") from wrong


def _parsed(kind: TypeAdapter[_T], text: str | None) -> _T | None:
    return kind.validate_python(text) if text else None
