"""One writer an order: who claimed it may act on it and write what became of it.

A claim is a token on the rows with a time it runs out at, so that no transaction is open while
Amazon or the host is asked. Whoever lost a claim (it ran out and another took the order over)
writes nothing: every write here asks for the token and tells whether it was still there.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    func,
    or_,
    select,
    tuple_,
    update,
)

from saleor_amazon_app.core.ids import (
    AmazonOrderId,
    OrderItemId,
    SaleorOrderId,
    SaleorOrderLineId,
    StoreId,
)
from saleor_amazon_app.core.reasons import Reason
from saleor_amazon_app.ledger.order_changes import placed_and_due
from saleor_amazon_app.ledger.orders import ImportState, Order
from saleor_amazon_app.ledger.session import Session

# Short, so that a dead worker's orders are soon taken up; a living one prolongs it as it works.
LEASE = timedelta(seconds=40)


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to act on some orders of a store, and the orders as they were when claimed."""

    store_id: StoreId
    token: UUID
    orders: tuple[Order, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """The host order that an Amazon order became."""

    saleor_order_id: SaleorOrderId
    saleor_order_number: str
    total_gross: Decimal
    totals_equal: bool
    lines: Mapping[OrderItemId, SaleorOrderLineId]


@dataclass(frozen=True, slots=True)
class Total:
    """What the host order comes to, and whether that is what Amazon charged."""

    gross: Decimal
    is_equal: bool


async def claim_due(
    session: Session,
    store_id: StoreId,
    *,
    now: datetime,
    limit: int = 50,
    lease: timedelta = LEASE,
) -> Claim:
    """Claims orders that are due for placing, longest waiting first; perhaps none.

    Due are orders never decided, orders that changed since they were held or skipped, held ones
    whose time to look again has come, and those whose placing was broken off. Held ones come after
    all others, for there may be very many of them.
    """
    due = (
        select(Order.store_id, Order.amazon_order_id)
        .where(
            Order.store_id == store_id,
            Order.due_at <= now,
            Order.import_state != ImportState.PLACED,
        )
        .order_by(Order.import_state == ImportState.HELD, Order.due_at, Order.amazon_order_id)
        .limit(limit)
    )
    return await _claim(session, store_id, due, now=now, lease=lease)


async def claim_changed(
    session: Session,
    store_id: StoreId,
    *,
    now: datetime,
    limit: int = 50,
    lease: timedelta = LEASE,
) -> Claim:
    """Claims placed orders that are due because something changed, longest waiting first."""
    due = (
        select(Order.store_id, Order.amazon_order_id)
        .where(*placed_and_due(store_id, now))
        .order_by(Order.due_at, Order.amazon_order_id)
        .limit(limit)
    )
    return await _claim(session, store_id, due, now=now, lease=lease)


async def claim_these(
    session: Session,
    store_id: StoreId,
    order_ids: Collection[AmazonOrderId],
    *,
    now: datetime,
    lease: timedelta = LEASE,
) -> Claim:
    """Claims these orders whatever their state; those that another has claimed are left out."""
    these = (
        select(Order.store_id, Order.amazon_order_id)
        .where(Order.store_id == store_id, Order.amazon_order_id.in_(order_ids))
        .order_by(Order.amazon_order_id)
    )
    return await _claim(session, store_id, these, now=now, lease=lease)


async def _claim(
    session: Session,
    store_id: StoreId,
    wanted: Select[UUID, str],
    *,
    now: datetime,
    lease: timedelta,
) -> Claim:
    token = uuid4()
    free = or_(Order.claimed_until.is_(None), Order.claimed_until <= now)
    # A common table expression is run once; a subquery might be run again for every row, and
    # would then pick more than its limit.
    picked = wanted.where(free).with_for_update(skip_locked=True).cte("picked")
    claimed = await session.scalars(
        update(Order)
        .where(
            tuple_(Order.store_id, Order.amazon_order_id)
            == tuple_(picked.c.store_id, picked.c.amazon_order_id)
        )
        .values(claim_token=token, claimed_until=now + lease, attempts=Order.attempts + 1)
        .returning(Order)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    orders = sorted(claimed, key=lambda order: (order.purchased_at, order.amazon_order_id))
    return Claim(store_id, token, tuple(orders))


async def renew_claim(
    session: Session, claim: Claim, *, now: datetime, lease: timedelta = LEASE
) -> frozenset[AmazonOrderId]:
    """Prolongs the claim before the next request and tells which of its orders are still ours."""
    ours = (
        select(Order.store_id, Order.amazon_order_id)
        .where(Order.store_id == claim.store_id, Order.claim_token == claim.token)
        .where(Order.amazon_order_id.in_([order.amazon_order_id for order in claim.orders]))
        # By number, as others lock them: nobody waits in a circle.
        .order_by(Order.amazon_order_id)
        .with_for_update()
        .cte("ours")
    )
    held = await session.scalars(
        update(Order)
        .where(
            tuple_(Order.store_id, Order.amazon_order_id)
            == tuple_(ours.c.store_id, ours.c.amazon_order_id)
        )
        .values(claimed_until=now + lease)
        .returning(Order.amazon_order_id)
        .execution_options(synchronize_session=False)
    )
    return frozenset(AmazonOrderId(order_id) for order_id in held)


async def next_undecided(session: Session, store_id: StoreId, *, now: datetime) -> datetime | None:
    """When the next order may be claimed that cannot be now; None while there is none.

    Another has it, or its placing was broken off and the host may be at work on it.
    """
    is_claimed = Order.claimed_until > now
    is_broken_off = and_(Order.import_state == ImportState.PLACING, Order.due_at > now)
    moment: datetime | None = await session.scalar(
        # The greatest of what there is: PostgreSQL passes over nulls.
        select(func.min(func.greatest(Order.due_at, Order.claimed_until))).where(
            Order.store_id == store_id,
            Order.import_state != ImportState.PLACED,
            or_(is_claimed, is_broken_off),
        )
    )
    return moment


async def record_intent(
    session: Session, claim: Claim, order: Order, intent: dict[str, Any]
) -> bool:
    """Writes down what is about to be sent, so that a successor knows what to look for."""
    return await _write(
        session,
        claim,
        order,
        import_state=ImportState.PLACING,
        intent=intent,
        followed_for=_oldest_sent(order),
    )


async def record_placed(
    session: Session, claim: Claim, order: Order, placed: Placed, *, now: datetime
) -> bool:
    """The host order is there: ends the claim on it."""
    return await _decided(
        session,
        claim,
        order,
        due_at=case((Order.last_updated_at > _oldest_sent(order), now)),
        followed_for=_oldest_sent(order),
        import_state=ImportState.PLACED,
        reasons=[],
        saleor_order_id=placed.saleor_order_id,
        saleor_order_number=placed.saleor_order_number,
        saleor_total_gross=placed.total_gross,
        totals_equal=placed.totals_equal,
        saleor_lines=dict(placed.lines),
    )


async def record_held(
    session: Session,
    claim: Claim,
    order: Order,
    reasons: Sequence[Reason],
    *,
    look_again_at: datetime,
    now: datetime,
    intent: dict[str, Any] | None = None,
) -> bool:
    """The order cannot be placed yet: ends the claim on it until it is looked at again.

    Args:
        session: the transaction.
        claim: ours.
        order: one of the claim's.
        reasons: everything that is in the way.
        look_again_at: when to look again although Amazon reports no change.
        now: the moment of the decision.
        intent: what to know before the host is tried again.
    """
    return await _decided(
        session,
        claim,
        order,
        due_at=_unless_changed(order, look_again_at, now),
        import_state=ImportState.HELD,
        followed_for=None,
        reasons=[asdict(reason) for reason in reasons],
        intent=intent,
    )


async def record_skipped(
    session: Session, claim: Claim, order: Order, reasons: Sequence[Reason], *, now: datetime
) -> bool:
    """No host order is to be: ends the claim on it until Amazon reports a change."""
    return await _decided(
        session,
        claim,
        order,
        due_at=_unless_changed(order, None, now),
        import_state=ImportState.SKIPPED,
        followed_for=None,
        reasons=[asdict(reason) for reason in reasons],
        intent=None,
    )


async def record_following(
    session: Session, claim: Claim, order: Order, intent: dict[str, Any]
) -> bool:
    """Writes down what is about to be done to a placed order, and what is to be told of it."""
    return await _write(session, claim, order, intent=intent)


async def record_followed(
    session: Session,
    claim: Claim,
    order: Order,
    *,
    total: Total | None,
    look_again_at: datetime | None,
    shows_version: bool,
    now: datetime,
) -> bool:
    """The host order shows this version: ends the claim on it until something changes again.

    Args:
        session: the transaction.
        claim: ours.
        order: one of the claim's.
        total: what the host order comes to; None leaves what was known.
        look_again_at: when to go on with the same version, of which something is left to do.
        shows_version: whether the host order shows this version as far as it ever will.
        now: the moment of recording.
    """
    totals = {"saleor_total_gross": total.gross, "totals_equal": total.is_equal} if total else {}
    return await _write(
        session,
        claim,
        order,
        due_at=_unless_changed(order, look_again_at, now),
        followed_for=order.last_updated_at if shows_version else order.followed_for,
        attempts=0,
        intent={"waits": True} if look_again_at else None,
        claim_token=None,
        claimed_until=None,
        **totals,
    )


async def release(session: Session, claim: Claim, order: Order, *, again_at: datetime) -> bool:
    """Gives the order back undecided, to be claimed again from that moment on."""
    return await _write(
        session, claim, order, due_at=again_at, claim_token=None, claimed_until=None
    )


async def let_go(session: Session, claim: Claim) -> None:
    """Ends the claim on all of its orders, about which nothing was decided."""
    await session.execute(
        update(Order)
        .where(Order.store_id == claim.store_id, Order.claim_token == claim.token)
        .values(claim_token=None, claimed_until=None)
        .execution_options(synchronize_session=False)
    )


def _oldest_sent(order: Order) -> ColumnElement[datetime]:
    """Amazon's time of the oldest version that may be in the host.

    A run that was broken off may have left an order there that a later run completes.
    """
    is_placing = Order.import_state == ImportState.PLACING
    return func.coalesce(case((is_placing, Order.followed_for)), order.last_updated_at)


def _unless_changed(
    order: Order, otherwise: datetime | None, now: datetime
) -> ColumnElement[datetime | None]:
    """Due at once when there was news of the order while it was being decided."""
    return case(
        (Order.last_updated_at > order.last_updated_at, now),
        (Order.due_at != order.due_at, Order.due_at),
        else_=otherwise,
    )


async def _decided(session: Session, claim: Claim, order: Order, **values: object) -> bool:
    return await _write(
        session,
        claim,
        order,
        decided_for=order.last_updated_at,
        attempts=0,
        claim_token=None,
        claimed_until=None,
        **values,
    )


async def _write(session: Session, claim: Claim, order: Order, **values: Any) -> bool:
    mine = and_(
        Order.store_id == claim.store_id,
        Order.amazon_order_id == order.amazon_order_id,
        Order.claim_token == claim.token,
    )
    written = await session.execute(
        update(Order)
        .where(mine)
        .values(values)
        .returning(Order.amazon_order_id)
        .execution_options(synchronize_session=False)
    )
    return written.first() is not None
