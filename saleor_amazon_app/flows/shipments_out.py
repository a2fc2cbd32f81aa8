"""Fulfilments of the host become parcels at Amazon.

    plan:    fulfilments as the host shows them → rows of the outbox, each with its reference
    send:    claim → write down → confirm → record; where an answer was lost, Amazon is read first
    confirm: Amazon shows the parcel → told in the host

The reference is fixed when the parcel is planned, so that the same call again edits the same
parcel; nothing is ever sent under another one.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

import structlog
from pydantic import ValidationError

from saleor_amazon_app.amazon import shipments
from saleor_amazon_app.amazon.client import AmazonClient
from saleor_amazon_app.amazon.errors import AmazonUnavailable, BadRequest, NotFound
from saleor_amazon_app.amazon.order_records import Package, parse_order
from saleor_amazon_app.core.errors import AppError
from saleor_amazon_app.core.ids import MarketplaceId, StoreId
from saleor_amazon_app.flows import receipts
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.orders_in import fetch_one
from saleor_amazon_app.flows.receipts import record
from saleor_amazon_app.jobs.kinds import FetchOrder
from saleor_amazon_app.ledger import orders, outbox, outbox_claims
from saleor_amazon_app.ledger.orders import Order as Row
from saleor_amazon_app.ledger.outbox import Draft, OutboxKind, OutboxRow, OutboxState
from saleor_amazon_app.ledger.outbox_claims import Batch
from saleor_amazon_app.ledger.session import Session
from saleor_amazon_app.ledger.stores import Store
from saleor_amazon_app.mapping import parcels
from saleor_amazon_app.mapping.parcels import OutgoingParcel, Reported
from saleor_amazon_app.mapping.shipments import (
    ConfirmParcel,
    HoldParcel,
    ParcelDecision,
    RefuseParcel,
    Shipping,
    WithdrawParcel,
    decide,
    hold_ends,
)

# A share small enough that a parcel of this minute waits seconds behind a backlog.
_ROWS_A_SHARE = 10
_AT_ONCE = 4
_TO_SEND = (OutboxState.PLANNED, OutboxState.SENDING, OutboxState.UNKNOWN)
_MAY_HAVE_ARRIVED = frozenset({OutboxState.SENDING, OutboxState.UNKNOWN})
# In beats of the way back.
_FIRST_LOOK = 0.25
_LONGEST_PAUSE = 60
_ASK_AFTER = 10

log = structlog.get_logger(__name__)


def reported_of(rows: tuple[OutboxRow, ...]) -> dict[str, Reported]:
    """What the outbox has of an order's fulfilments, as a decision reads it."""
    return {
        row.key: Reported(
            parcel=parcels.from_json(row.content),
            reference=row.package_reference or "",
            is_waiting=row.state == OutboxState.WAITING,
            was_sent=row.sending_at is not None,
            is_refused=row.state == OutboxState.REFUSED,
            is_withdrawn=bool(row.content.get("isWithdrawn")),
        )
        for row in rows
        if row.kind == OutboxKind.SHIPMENT
    }


async def plan(
    session: Session, store_id: StoreId, rows: tuple[OutboxRow, ...], case: Shipping
) -> bool:
    """Writes down what is to be said of an order's parcels; tells whether there was anything.

    To be called with the order's row locked: references are counted on from the last.
    """
    known = {row.key: row for row in rows if row.kind == OutboxKind.SHIPMENT}
    decisions = decide(case)
    taken = parcels.taken_references(case.order.packages or ())
    used = [int(row.package_reference or 0) for row in known.values()]
    reference = max(used + sorted(taken), default=0)
    for decision in decisions:
        row = known.get(decision.fulfillment_id)
        if row is None:
            reference += 1
            await _add(session, store_id, case, decision, str(reference))
        else:
            await _change(session, case, decision, row)
    return bool(decisions)


async def _add(
    session: Session, store_id: StoreId, case: Shipping, decision: ParcelDecision, reference: str
) -> None:
    state, due_at = OutboxState.PLANNED, None
    words: str | None = None
    note: str | None = None
    match decision:
        case ConfirmParcel():
            due_at, note = case.now, decision.note
        case HoldParcel():
            state, due_at = OutboxState.WAITING, hold_ends(case, decision)
            words = decision.words
            note = words if _is_to_be_said(decision, case.now) else None
        case RefuseParcel():
            state, words, note = OutboxState.REFUSED, decision.words, decision.words
        case WithdrawParcel():
            return
        case _:
            assert_never(decision)
    content = parcels.to_json(decision.parcel) | _marks(decision, note)
    draft = Draft(
        amazon_order_id=case.order.order_id,
        kind=OutboxKind.SHIPMENT,
        key=decision.fulfillment_id,
        content=content,
        state=state,
        due_at=due_at,
        deadline=case.order.latest_ship_time,
        package_reference=reference,
        words=words,
        note=note,
    )
    row_id = await outbox.add(session, store_id, draft, now=case.now)
    row = await outbox.find(session, row_id) if row_id else None
    if row:
        said = note or words or f"Amazon is to be told of the parcel {reference}."
        await receipts.tell_history(session, row, state, said, now=case.now)


def _is_to_be_said(hold: HoldParcel, now: datetime) -> bool:
    return hold.note_at is not None and hold.note_at <= now


def _marks(decision: ParcelDecision, note: str | None) -> dict[str, bool]:
    """What was said or seen of a parcel already, so that it is said once."""
    if isinstance(decision, RefuseParcel) and decision.is_withdrawn:
        return {"isWithdrawn": True}
    return {"isSaid": True} if isinstance(decision, HoldParcel) and note else {}


async def _change(
    session: Session, case: Shipping, decision: ParcelDecision, row: OutboxRow
) -> None:
    """Brings a row up to date with its fulfilment."""
    now = case.now
    match decision:
        case ConfirmParcel(parcel=parcel, note=note):
            values = {"note": note} if note else {}
            await outbox.replan(session, row, content=parcels.to_json(parcel), now=now, **values)
            said = f"Amazon is to be told of the parcel {row.package_reference} as it is now."
            await receipts.tell_history(session, row, OutboxState.PLANNED, note or said, now=now)
        case HoldParcel(parcel=parcel, words=words):
            is_said = bool(row.content.get("isSaid"))
            says = _is_to_be_said(decision, now) and not is_said
            marks = {"isSaid": True} if says or is_said else {}
            content = parcels.to_json(parcel) | marks
            values = {"note": words} if says else {}
            due_at = hold_ends(case, decision)
            await outbox.amend(session, row, content=content, words=words, due_at=due_at, **values)
        case RefuseParcel(parcel=parcel, words=words):
            content = parcels.to_json(parcel)
            await _refuse(session, row, content, words, now=now, note=words)
        case WithdrawParcel(words=words, is_too_late=is_too_late):
            content = row.content | {"isWithdrawn": True}
            if is_too_late:
                await outbox.amend(session, row, content=content, note=words)
            elif row.state != OutboxState.REFUSED:
                await _refuse(session, row, content, words, now=now, note=None)
            else:
                await outbox.amend(session, row, content=content)
        case _:
            assert_never(decision)


async def _refuse(
    session: Session,
    row: OutboxRow,
    content: dict[str, object],
    words: str,
    *,
    now: datetime,
    note: str | None,
) -> None:
    refused = OutboxState.REFUSED
    values = {"note": note} if note else {}
    await outbox.replan(
        session,
        row,
        content=content,
        now=now,
        state=refused,
        due_at=None,
        words=words,
        ended_at=now,
        **values,
    )
    await receipts.tell_history(session, row, refused, words, now=now)


async def send(lines: Connections, store: Store) -> bool:
    """Tells Amazon of a share of the parcels that are due; True when there may be more.

    Raises:
        AmazonError, TryAgainLater: what was not sent stays planned; the job runs again.
    """
    store_id = StoreId(store.id)
    async with lines.database.transaction() as session:
        batch = await outbox_claims.claim(
            session,
            store_id,
            OutboxKind.SHIPMENT,
            _TO_SEND,
            now=lines.clock(),
            limit=_ROWS_A_SHARE,
        )
    if batch is None or not batch.rows:
        return False
    sender = _Sender(lines, store_id, lines.amazon(store), batch)
    try:
        await sender.run()
    finally:
        async with lines.database.transaction() as session:
            await outbox_claims.release(session, batch)
    return len(batch.rows) == _ROWS_A_SHARE


class _Sender:
    """One share of parcels on its way to Amazon, a few at once."""

    def __init__(
        self, lines: Connections, store_id: StoreId, client: AmazonClient, batch: Batch
    ) -> None:
        self._lines = lines
        self._store_id = store_id
        self._client = client
        self._batch = batch
        self._left = list(reversed(batch.rows))

    async def run(self) -> None:
        """Sends until all is sent, or something stands in the way of all.

        Raises:
            AppError: that something.
        """
        runs = [self._send_in_turn() for _ in range(min(_AT_ONCE, len(self._left)))]
        for outcome in await asyncio.gather(*runs, return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome

    async def _send_in_turn(self) -> None:
        while self._left:
            try:
                await self._send(self._left.pop())
            except BaseException:
                self._left.clear()
                raise

    async def _send(self, row: OutboxRow) -> None:
        parcel = parcels.from_json(row.content)
        if row.state in _MAY_HAVE_ARRIVED and await self._is_shown(row, parcel):
            await self._record(row, OutboxState.CONFIRMED, note=_confirmed(row, parcel))
            return
        async with self._lines.database.transaction() as session:
            order = await orders.find(session, self._store_id, outbox.order_id(row))
            now = self._lines.clock()
            begun = await outbox_claims.begin(session, self._batch, [row], now=now)
        if order is None or not begun:
            return
        try:
            await shipments.confirm(
                self._client,
                MarketplaceId(order.marketplace_id or ""),
                outbox.order_id(row),
                parcels.confirmation(parcel, row.package_reference or ""),
            )
        except (BadRequest, NotFound) as refused:
            await self._refused(row, parcel, refused)
        except AmazonUnavailable as lost:
            due_at = self._lines.clock() + self._lines.pace.host_may_go_on
            await self._record(row, OutboxState.UNKNOWN, words=str(lost), due_at=due_at)
        except AppError:
            await self._record(row, OutboxState.PLANNED, due_at=self._lines.clock())
            raise
        else:
            due_at = self._lines.clock() + _FIRST_LOOK * self._lines.pace.beat
            await self._record(row, OutboxState.ACCEPTED, due_at=due_at)

    async def _refused(
        self, row: OutboxRow, parcel: OutgoingParcel, refused: BadRequest | NotFound
    ) -> None:
        """Amazon takes no parcel it has already, so what it shows decides."""
        if isinstance(refused, BadRequest) and await self._is_shown(row, parcel):
            await self._record(row, OutboxState.CONFIRMED, note=_confirmed(row, parcel))
            return
        words = refused.incident.detail or str(refused)
        note = f"Amazon refused the parcel {parcel.tracking_number}: {words}"
        await self._record(row, OutboxState.REFUSED, words=words, note=note)

    async def _is_shown(self, row: OutboxRow, parcel: OutgoingParcel) -> bool:
        """Reads the order at Amazon and tells whether it shows the parcel."""
        await fetch_one(self._lines, FetchOrder(self._store_id, outbox.order_id(row)))
        async with self._lines.database.transaction() as session:
            order = await orders.find(session, self._store_id, outbox.order_id(row))
        return order is not None and _shows(order, row, parcel)

    async def _record(
        self,
        row: OutboxRow,
        state: OutboxState,
        *,
        words: str | None = None,
        note: str | None = None,
        due_at: datetime | None = None,
    ) -> None:
        await record(self._lines, self._batch, row, state, words=words, note=note, due_at=due_at)


async def confirm(lines: Connections, store_id: StoreId) -> None:
    """Looks in what was read of Amazon for the parcels it took; asks for those long unseen."""
    now = lines.clock()
    async with lines.database.transaction() as session:
        due = await outbox.due_in_state(
            session, store_id, OutboxKind.SHIPMENT, (OutboxState.ACCEPTED,), now=now
        )
    unseen = []
    for row, order in due:
        parcel = parcels.from_json(row.content)
        if _shows(order, row, parcel):
            note = _confirmed(row, parcel)
            await record(lines, None, row, OutboxState.CONFIRMED, note=note)
        else:
            unseen.append(row)
    if not unseen:
        return
    # What Amazon's lists show makes a parcel due by itself; this is for what they do not.
    beat = lines.pace.beat
    async with lines.database.transaction() as session:
        for row in unseen:
            age = now - (row.accepted_at or now)
            wait = min(max(age / 2, _ASK_AFTER * beat), _LONGEST_PAUSE * beat)
            await outbox.settle(session, row, due_at=now + wait)
            if age >= _ASK_AFTER * beat:
                await receipts.have_asked(session, row)


def _shows(order: Row, row: OutboxRow, parcel: OutgoingParcel) -> bool:
    return parcels.shows(packages_of(order.facts), row.package_reference or "", parcel)


def packages_of(facts: Mapping[str, object]) -> tuple[Package, ...]:
    """The parcels of an order as Amazon showed it last; none of one that cannot be read."""
    if not facts.get("packages"):
        return ()
    try:
        return parse_order(facts).packages or ()
    except ValidationError:
        return ()


def _confirmed(row: OutboxRow, parcel: OutgoingParcel) -> str:
    carrier = parcel.carrier.name or parcel.carrier.code
    return f"Amazon confirmed parcel {row.package_reference}: {carrier} {parcel.tracking_number}."
