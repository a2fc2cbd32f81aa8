"""Every Amazon order seen, one row each: what Amazon says of it and what became of it in the host.

The buyer's data is not here but in `buyers`; what happened when is in `history`. Who may write
what became of an order is decided in `claims`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CHAR,
    ForeignKey,
    Index,
    and_,
    column,
    func,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, defer, mapped_column
from sqlalchemy.sql.dml import ReturningInsert

from saleor_amazon_app.core.ids import AmazonOrderId, MarketplaceId, StoreId
from saleor_amazon_app.core.reasons import HoldCode, Reason, SkipCode
from saleor_amazon_app.ledger import history
from saleor_amazon_app.ledger.base import Base
from saleor_amazon_app.ledger.session import Session

# Amazon still changes orders of these statuses.
OPEN_STATUSES = ("PENDING_AVAILABILITY", "PENDING", "UNSHIPPED", "PARTIALLY_SHIPPED")
_SEEN_TO_WITHIN = timedelta(hours=12)


class ImportState(StrEnum):
    """What became of an order.

    NEW: never decided. PLACING: what will be sent is recorded, so something may be in the host.
    PLACED: the host order is there. HELD: it should be, but cannot yet. SKIPPED: rightly none.
    """

    NEW = "NEW"
    PLACING = "PLACING"
    PLACED = "PLACED"
    HELD = "HELD"
    SKIPPED = "SKIPPED"


class Order(Base):
    """One Amazon order of one store.

    Attributes:
        status: Amazon's word, kept as it came, known to us or not.
        status_before: the status before Amazon's last change; None while there was no change.
        seen_at: when Amazon last told of it, to within half a day.
        facts: the order without its buyer, as the flow that read it wants it back.
        due_at: when it is to be looked at next; None when nothing is to be done.
        decided_for: Amazon's time of the version that the import state was decided for.
        followed_for: Amazon's time of the version that the host order shows; while it is being
            placed, of the oldest version that may have been sent.
        attempts: how often it was claimed since its import state was last decided.
        intent: what was about to be sent to the host, ids only.
        saleor_lines: Amazon's order item id to the host's line id.
        last_note: the newest entry of its history; the list of orders is sorted by its time.
    """

    __tablename__ = "orders"
    __table_args__ = (
        Index("ix_orders_due", "store_id", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    )

    store_id: Mapped[UUID] = mapped_column(
        ForeignKey("stores.id", ondelete="CASCADE"), primary_key=True
    )
    amazon_order_id: Mapped[str] = mapped_column(primary_key=True)
    marketplace_id: Mapped[str | None]
    status: Mapped[str]
    status_before: Mapped[str | None]
    fulfilled_by: Mapped[str | None]
    purchased_at: Mapped[datetime]
    last_updated_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ship_by: Mapped[datetime | None]
    deliver_by: Mapped[datetime | None]
    currency: Mapped[str | None] = mapped_column(CHAR(3))
    grand_total: Mapped[Decimal | None]
    number_of_items: Mapped[int]
    programs: Mapped[list[str]]
    facts: Mapped[dict[str, Any]]

    import_state: Mapped[str]
    reasons: Mapped[list[dict[str, Any]]]
    decided_for: Mapped[datetime | None]
    followed_for: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    claim_token: Mapped[UUID | None]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int]
    intent: Mapped[dict[str, Any] | None]

    saleor_order_id: Mapped[str | None]
    saleor_order_number: Mapped[str | None]
    saleor_total_gross: Mapped[Decimal | None]
    totals_equal: Mapped[bool | None]
    saleor_lines: Mapped[dict[str, str] | None]

    last_note: Mapped[str | None]
    last_note_at: Mapped[datetime | None]

    def held_or_skipped_for(self) -> list[Reason]:
        """Why the order is held or skipped; empty otherwise."""
        # While an order is placed its old reasons stay with it, whichever kind they are of.
        if self.import_state not in (ImportState.HELD, ImportState.SKIPPED):
            return []
        codes = SkipCode if self.import_state == ImportState.SKIPPED else HoldCode
        return [
            Reason(codes(reason["code"]), reason["message"], reason["about"])
            for reason in self.reasons
        ]


@dataclass(frozen=True, slots=True)
class SeenOrder:
    """An order as Amazon just reported it, without its buyer; the columns explain the fields."""

    amazon_order_id: AmazonOrderId
    marketplace_id: MarketplaceId | None
    status: str
    fulfilled_by: str | None
    purchased_at: datetime
    last_updated_at: datetime
    ship_by: datetime | None
    deliver_by: datetime | None
    currency: str | None
    grand_total: Decimal | None
    number_of_items: int
    programs: list[str]
    facts: dict[str, Any]


class Seen(StrEnum):
    """How an order compares with what the ledger knew of it."""

    NEW = "NEW"
    CHANGED = "CHANGED"
    UNCHANGED = "UNCHANGED"


_FROM_AMAZON = (
    "marketplace_id",
    "status",
    "fulfilled_by",
    "purchased_at",
    "last_updated_at",
    "ship_by",
    "deliver_by",
    "currency",
    "grand_total",
    "number_of_items",
    "programs",
    "facts",
)


async def upsert(
    session: Session,
    store_id: StoreId,
    seen: Sequence[SeenOrder],
    *,
    now: datetime,
    also_same: Collection[ImportState] = (),
) -> dict[AmazonOrderId, Seen]:
    """Keeps a page of orders; what is new or newer than known becomes due.

    A version that is not newer than the known one is Unchanged, whatever else it says: pages
    overlap, and an old answer may arrive late. A change of status is recorded in the history.

    Args:
        session: the transaction.
        store_id: whose orders they are.
        seen: the orders as Amazon just reported them.
        now: when they become due.
        also_same: for orders in these states a version as old as the known one is taken too:
            Amazon may complete an order without a newer time.
    """
    newest = {
        order.amazon_order_id: order for order in sorted(seen, key=lambda one: one.last_updated_at)
    }
    if not newest:
        return {}
    written = await session.execute(
        _replacing_older(now, also_same),
        # Always in the same order, so that two processes never wait for each other's rows.
        [_new_row(store_id, newest[order_id], now) for order_id in sorted(newest)],
    )
    before = {AmazonOrderId(order_id): status for order_id, status in written}
    await history.record(session, store_id, _status_changes(newest, before, now))
    await _still_there(session, store_id, newest.keys() - before.keys(), now)
    return {
        order_id: Seen.UNCHANGED
        if order_id not in before
        else (Seen.NEW if before[order_id] is None else Seen.CHANGED)
        for order_id in newest
    }


async def _still_there(
    session: Session, store_id: StoreId, order_ids: Collection[AmazonOrderId], now: datetime
) -> None:
    """Notes that Amazon still shows unchanged orders, without a write for each time it does."""
    await session.execute(
        update(Order)
        .where(
            Order.store_id == store_id,
            Order.amazon_order_id.in_(order_ids),
            Order.seen_at < now - _SEEN_TO_WITHIN,
        )
        .values(seen_at=now)
        .execution_options(synchronize_session=False)
    )


def _replacing_older(now: datetime, also_same: Collection[str]) -> ReturningInsert[str, str | None]:
    """Inserts or replaces, and tells the status before of what it wrote: none for a new order."""
    statement = insert(Order)
    known, told = Order.last_updated_at, statement.excluded.last_updated_at
    return statement.on_conflict_do_update(
        index_elements=[Order.store_id, Order.amazon_order_id],
        set_={name: statement.excluded[name] for name in _FROM_AMAZON}
        | {"status_before": Order.status, "due_at": now, "seen_at": now},
        where=or_(told > known, *(and_(told == known, Order.import_state == s) for s in also_same)),
    ).returning(Order.amazon_order_id, Order.status_before)


def _new_row(store_id: StoreId, order: SeenOrder, now: datetime) -> dict[str, Any]:
    told = {name: getattr(order, name) for name in _FROM_AMAZON}
    return told | {
        "amazon_order_id": order.amazon_order_id,
        "store_id": store_id,
        "import_state": ImportState.NEW,
        "reasons": [],
        "due_at": now,
        "seen_at": now,
        "attempts": 0,
    }


def _status_changes(
    orders: dict[AmazonOrderId, SeenOrder], before: dict[AmazonOrderId, str | None], now: datetime
) -> list[history.Event]:
    return [
        history.Event(
            amazon_order_id=order_id,
            at=now,
            kind="order_seen" if old is None else "status_changed",
            direction=history.Direction.IN,
            by="Amazon",
            summary=orders[order_id].status
            if old is None
            else f"{old} → {orders[order_id].status}",
            details={
                "status": orders[order_id].status,
                "lastUpdatedTime": orders[order_id].last_updated_at.isoformat(),
            },
        )
        for order_id, old in before.items()
        if old != orders[order_id].status
    ]


async def find(session: Session, store_id: StoreId, amazon_order_id: AmazonOrderId) -> Order | None:
    """The order with all that is known of it."""
    return await session.get(Order, (store_id, amazon_order_id))


async def hold(session: Session, store_id: StoreId, amazon_order_id: AmazonOrderId) -> None:
    """Locks the order until the transaction ends, before rows about it are: all in one order."""
    await session.execute(
        select(Order.store_id)
        .where(Order.store_id == store_id, Order.amazon_order_id == amazon_order_id)
        .with_for_update(key_share=True)
    )


async def lock(session: Session, store_id: StoreId, amazon_order_id: AmazonOrderId) -> Order | None:
    """The order as it is now; nobody else can lock it until the transaction ends."""
    return await session.get(
        Order, (store_id, amazon_order_id), with_for_update=True, populate_existing=True
    )


@dataclass(frozen=True, slots=True)
class After:
    """The last row of a page of the listing, which the next page begins after."""

    purchased_at: datetime
    amazon_order_id: AmazonOrderId


async def listing(
    session: Session,
    store_id: StoreId,
    *,
    status: str | None = None,
    import_state: ImportState | None = None,
    after: After | None = None,
    limit: int = 100,
) -> list[Order]:
    """A page of orders, bought last first, without the large columns `facts` and `intent`."""
    query = (
        select(Order)
        .options(defer(Order.facts, raiseload=True), defer(Order.intent, raiseload=True))
        .where(Order.store_id == store_id)
        .order_by(Order.purchased_at.desc(), Order.amazon_order_id.desc())
        .limit(limit)
    )
    if status is not None:
        query = query.where(Order.status == status)
    if import_state is not None:
        query = query.where(Order.import_state == import_state)
    if after is not None:
        place = tuple_(Order.purchased_at, Order.amazon_order_id)
        query = query.where(place < (after.purchased_at, after.amazon_order_id))
    return list(await session.scalars(query))


async def counts_by_status(session: Session, store_id: StoreId) -> dict[str, int]:
    """How many orders have each of Amazon's statuses."""
    rows = await session.execute(
        select(Order.status, func.count())
        .where(Order.store_id == store_id)
        .group_by(Order.status)
        .order_by(Order.status)
    )
    return dict(rows.all())


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of all orders of a store.

    Attributes:
        waiting: never decided, changed since they were, or being placed right now.
        held: by code; an order with two reasons counts under both.
        skipped: by code, likewise.
        totals_different: placed, but the host's total is not Amazon's.
    """

    waiting: int
    placed: int
    held: dict[HoldCode, int]
    skipped: dict[SkipCode, int]
    totals_equal: int
    totals_different: int


async def counts_by_outcome(session: Session, store_id: StoreId) -> Outcomes:
    """How many orders were placed, held and skipped, and whether the totals agree."""
    mine = Order.store_id == store_id
    placed = Order.import_state == ImportState.PLACED
    changed_since = and_(~placed, Order.decided_for < Order.last_updated_at)
    undecided = or_(Order.import_state.in_([ImportState.NEW, ImportState.PLACING]), changed_since)
    totals = await session.execute(
        select(
            func.count().filter(undecided),
            func.count().filter(placed),
            func.count().filter(placed, Order.totals_equal.is_(True)),
            func.count().filter(placed, Order.totals_equal.is_(False)),
        ).where(mine)
    )
    waiting, placed_count, equal, different = totals.one()
    reason = func.jsonb_array_elements(Order.reasons).table_valued(
        column("value", JSONB()), joins_implicitly=True
    )
    code = reason.c.value["code"].astext
    counted = await session.execute(
        select(Order.import_state, code, func.count())
        .where(mine)
        .group_by(Order.import_state, code)
        .order_by(code)
    )
    rows = counted.all()
    return Outcomes(
        waiting=waiting,
        placed=placed_count,
        held={HoldCode(name): n for state, name, n in rows if state == ImportState.HELD},
        skipped={SkipCode(name): n for state, name, n in rows if state == ImportState.SKIPPED},
        totals_equal=equal,
        totals_different=different,
    )
