"""The logs page: what failed in speaking with Amazon, and what Amazon was told."""

from collections.abc import Mapping
from datetime import datetime

import strawberry

from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.entrypoints.dashboard_api.context import Context, Info
from saleor_amazon_app.entrypoints.dashboard_api.fields import field
from saleor_amazon_app.entrypoints.dashboard_api.order_pages import moment_given, rows_of
from saleor_amazon_app.entrypoints.dashboard_api.orders import Order, order_of
from saleor_amazon_app.entrypoints.dashboard_api.places import (
    moment_in,
    number_in,
    parts_of,
    text_in,
    written,
)
from saleor_amazon_app.entrypoints.dashboard_api.refusals import bad_input
from saleor_amazon_app.entrypoints.dashboard_api.stores import Store, store_of
from saleor_amazon_app.entrypoints.dashboard_api.words import PageInfo, Region
from saleor_amazon_app.flows.outbox_desk import MAY_BE_RETRIED
from saleor_amazon_app.flows.receipts import SAID
from saleor_amazon_app.ledger import logs
from saleor_amazon_app.ledger.logs import Before, LogKind
from saleor_amazon_app.ledger.outbox import OutboxState
from saleor_amazon_app.ledger.stores import Store as StoreRow
from saleor_amazon_app.ledger.stores import StoreStatus

strawberry.enum(LogKind)


@strawberry.input
class LogFilter:
    """Which entries are wanted."""

    kind: LogKind | None = None
    store_id: strawberry.ID | None = None
    from_: datetime | None = strawberry.field(name="from", default=None)
    to: datetime | None = None


@strawberry.type
class LogEntry:
    """One entry of the logs."""

    store_id: strawberry.Private[StoreId]
    id: strawberry.ID
    kind: LogKind
    at: datetime
    operation: str
    code: str | None
    message: str
    attempts: int
    amazon_order_id: str | None
    can_retry: bool = strawberry.field(
        description="What was told: `retryOutbox` with this id. A failure: `syncNow`."
    )

    @field()
    def store(self, info: Info) -> Store | None:
        """Whose it is."""
        return store_of(info.context.store_row(self.store_id))

    @field()
    def region(self, info: Info) -> Region | None:
        """Which of Amazon's regions was spoken to."""
        return Region(info.context.store_row(self.store_id).region)

    @field()
    async def order(self, info: Info) -> Order | None:
        """Which order it is about."""
        if self.amazon_order_id is None:
            return None
        key = (self.store_id, AmazonOrderId(self.amazon_order_id))
        found = await info.context.listed_orders.load(key)
        return order_of(found) if found else None


@strawberry.type
class LogConnection:
    """A page of the logs, newest first."""

    nodes: list[LogEntry]
    page_info: PageInfo


async def page_of(
    context: Context, *, first: int | None, after: str | None, filter: LogFilter | None
) -> LogConnection:
    """A page of the logs.

    Raises:
        Refused: there is no such page.
    """
    ours, wanted, size = await context.stores(), filter or LogFilter(), rows_of(first)
    store_ids = list(ours)
    if wanted.store_id is not None:
        chosen = await context.store(wanted.store_id)
        store_ids = [StoreId(chosen.id)] if chosen else []
    async with context.lines.database.transaction() as session:
        found = await logs.page(
            session,
            store_ids,
            logs.LogFilter(wanted.kind, moment_given(wanted.from_), moment_given(wanted.to)),
            limit=size + 1,
            before=_before(after) if after else None,
        )
    rows = found[:size]
    nodes = [_entry(row, is_active=_is_active(ours, row)) for row in rows]
    places = [written(row.at, row.kind.value, row.id) for row in rows]
    return LogConnection(
        nodes=nodes,
        page_info=PageInfo(
            has_next_page=len(found) > size,
            has_previous_page=after is not None,
            start_cursor=places[0] if places else None,
            end_cursor=places[-1] if places else None,
        ),
    )


def _before(cursor: str) -> Before:
    at, kind, id = parts_of(cursor, count=3)
    if text_in(kind) not in list(LogKind):
        raise bad_input("This place in the list is not known. Begin at the first page.")
    return Before(moment_in(at), LogKind(kind), number_in(id))


def _is_active(ours: Mapping[StoreId, StoreRow], row: logs.LogEntry) -> bool:
    return ours[StoreId(row.store_id)].status == StoreStatus.ACTIVE


def _entry(row: logs.LogEntry, *, is_active: bool) -> LogEntry:
    was_told = row.kind is LogKind.SENT_TO_AMAZON
    return LogEntry(
        store_id=StoreId(row.store_id),
        id=strawberry.ID(str(row.id) if was_told else f"failure-{row.id}"),
        kind=row.kind,
        at=row.at,
        operation=row.operation,
        code=row.code,
        message=row.message or (SAID[OutboxState(row.code)] if was_told and row.code else ""),
        attempts=row.attempts,
        amazon_order_id=row.amazon_order_id,
        can_retry=row.code in MAY_BE_RETRIED if was_told else is_active,
    )
