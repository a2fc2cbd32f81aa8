"""The orders one claim holds, and what is written down of each the moment it is known."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog

from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.core.reasons import HoldCode, Reason
from saleor_amazon_app.core.times import iso
from saleor_amazon_app.flows.claimed import Claimed, ClaimLost
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.host_import import (
    Adopted,
    BrokeDown,
    Landed,
    Outcome,
    Postponed,
    Turned,
    Wish,
)
from saleor_amazon_app.jobs.kinds import PlaceOrders
from saleor_amazon_app.jobs.queue import enqueue
from saleor_amazon_app.ledger import buyers, claims, completions, history
from saleor_amazon_app.ledger.claims import Claim, Placed
from saleor_amazon_app.ledger.history import Direction, Event
from saleor_amazon_app.ledger.orders import Order as Row
from saleor_amazon_app.ledger.session import Session
from saleor_amazon_app.mapping.decisions import HoldOrder, SkipOrder
from saleor_amazon_app.mapping.refusals import circumstances
from saleor_amazon_app.saleor.catalogue_records import HostCatalogue
from saleor_amazon_app.saleor.order_inputs import OrderStatus
from saleor_amazon_app.saleor.order_records import HostOrder

_BROKE_DOWN_AT = "brokeDownAt"
_LONGEST_WAIT = timedelta(days=1)

log = structlog.get_logger(__name__)


class Desk(Claimed):
    """The orders of one claim on their way to a decision."""

    def __init__(self, lines: Connections, claim: Claim, *, look_again: timedelta) -> None:
        super().__init__(lines, claim)
        self._look_again = look_again
        self._host: HostCatalogue | None = None
        self._begun: set[AmazonOrderId] = set()

    async def intend(self, wishes: Sequence[Wish], host: HostCatalogue) -> None:
        """Writes down what is about to be sent, before anything is."""
        self._host = host
        self._begun |= {wish.reference for wish in wishes}
        async with self._lines.database.transaction() as session:
            # Whoever locks several orders takes them by number, so that nobody waits in a circle.
            for wish in sorted(wishes, key=lambda wish: wish.reference):
                order_input = wish.decision.order_input
                intent = {
                    "status": order_input.status.value,
                    "stockPolicy": wish.decision.stock_policy.value,
                    "channel": order_input.channel,
                }
                row = self.open[wish.reference]
                if not await claims.record_intent(session, self._claim, row, intent):
                    raise ClaimLost("Another worker has taken these orders over")
            named = [(wish.reference, wish.decision.order_input.user.id) for wish in wishes]
            customers = {reference: customer for reference, customer in named if customer}
            await buyers.note_customers(session, self._claim.store_id, customers)

    def begin(self, order_id: AmazonOrderId) -> None:
        """Notes that from now on something may be on its way to the host for an order."""
        self._begun.add(order_id)

    async def announce(self, order_ids: Sequence[AmazonOrderId]) -> None:
        """Writes down which drafts the host is about to complete, should this run be killed.

        Raises:
            ClaimLost: another worker has one of the orders.
        """
        now = self._lines.clock()
        async with self._lines.database.transaction() as session:
            ours = await completions.record_sending(session, self._claim, order_ids, now=now)
        if not ours.issuperset(order_ids):
            raise ClaimLost("Another worker has taken these orders over")

    async def wait_for_completions(self, left: Mapping[AmazonOrderId, HostOrder]) -> None:
        """Leaves drafts alone for now that the host may be completing for a run that was killed.

        Completed twice at once, a draft is allocated twice, for good.
        """
        for order_id, host_order in left.items():
            sent_at = completions.sent_at(self.open[order_id])
            if sent_at is None or host_order.status != OrderStatus.DRAFT:
                continue
            done_by = sent_at + self._lines.pace.host_may_complete
            if done_by > self._lines.clock():
                await self._put_off(order_id, done_by)

    async def decided(self, decisions: Mapping[AmazonOrderId, HoldOrder | SkipOrder]) -> None:
        """Records which orders are held or skipped; they have left nothing in the host."""
        async with self._lines.database.transaction() as session:
            for order_id in sorted(decisions):
                match decisions[order_id]:
                    case HoldOrder(reasons):
                        await self._hold(session, self.open[order_id], reasons)
                    case SkipOrder(reason):
                        await self._skip(session, self.open[order_id], reason)
        for order_id in decisions:
            del self.open[order_id]

    async def record(self, outcome: Outcome) -> None:
        """Records what became of an order at the host."""
        match outcome:
            case Landed(wish, host_order, remarks):
                row = self.open[wish.reference]
                is_equal = host_order.total == wish.decision.total
                await self._place(row, host_order, is_equal=is_equal, remarks=remarks)
            case Adopted(row, host_order):
                is_equal = host_order.total.amount == row.grand_total
                await self._place(row, host_order, is_equal=is_equal, remarks=())
            case Turned(wish, reasons):
                under = self._refused_under(wish, reasons)
                intent = {"refusedUnder": under} if under else None
                async with self._lines.database.transaction() as session:
                    await self._hold(session, self.open[wish.reference], reasons, intent=intent)
                del self.open[wish.reference]
            case BrokeDown(wish, reason):
                await self._hold_for_now(self.open[wish.reference], reason)
                del self.open[wish.reference]
            case Postponed(order_id, why):
                log.warning("order_postponed", amazon_order_id=order_id, why=why)
                later = self._lines.clock() + self._lines.pace.host_may_go_on
                await self._put_off(order_id, later)

    def _refused_under(self, wish: Wish, reasons: Sequence[Reason]) -> str | None:
        """What must have changed before the host is tried again.

        A reference that was taken is no such thing: it is looked up before a draft is made.
        """
        if self._host is None or {reason.code for reason in reasons} == {HoldCode.REFERENCE_TAKEN}:
            return None
        return circumstances(wish.decision, reasons, self._host)

    async def give_back(self) -> None:
        """Releases what is not recorded yet, for a later run to look up and go on with.

        Where nothing was sent that run is the retry of the job that broke off: another job would
        ask a host that is away again and again.
        """
        now = self._lines.clock()
        later = now + self._lines.pace.host_may_go_on
        async with self._lines.database.transaction() as session:
            for order_id in sorted(self.open):
                again_at = later if order_id in self._begun else now
                await claims.release(session, self._claim, self.open[order_id], again_at=again_at)
            if self._begun & self.open.keys():
                await self._come_back(session, later)
        self.open.clear()

    async def _put_off(self, order_id: AmazonOrderId, again_at: datetime) -> None:
        row = self.open.pop(order_id)
        async with self._lines.database.transaction() as session:
            await claims.release(session, self._claim, row, again_at=again_at)
            await self._come_back(session, again_at)

    async def _come_back(self, session: Session, again_at: datetime) -> None:
        store_id = self._claim.store_id
        await enqueue(
            session,
            PlaceOrders(store_id),
            schedule_at=again_at,
            queueing_lock=f"place-later:{store_id}",
        )

    async def _place(
        self, row: Row, host_order: HostOrder, *, is_equal: bool, remarks: Sequence[str]
    ) -> None:
        lines = {line.order_item_id: line.id for line in host_order.lines if line.order_item_id}
        placed = Placed(
            saleor_order_id=host_order.id,
            saleor_order_number=host_order.number,
            total_gross=host_order.total.amount,
            totals_equal=is_equal,
            lines=lines,
        )
        summary = f"Placed as Saleor order {host_order.number}"
        if not is_equal:
            log.error("totals_differ", amazon_order_id=row.amazon_order_id)
            summary += f", whose total {host_order.total.amount} is not Amazon's"
        now = self._lines.clock()
        async with self._lines.database.transaction() as session:
            if await claims.record_placed(session, self._claim, row, placed, now=now):
                events = [self._event(row, "order_placed", summary, now)]
                events += [self._event(row, "import_remarked", each, now) for each in remarks]
                await history.record(session, StoreId(row.store_id), events)
        del self.open[AmazonOrderId(row.amazon_order_id)]

    async def _hold_for_now(self, row: Row, reason: Reason) -> None:
        """Holds an order the host broke down over, whatever it was: nobody can look that up.

        It is sent again after as long as this has been going on, at most a day, for it may take
        an order number each time.
        """
        now = self._lines.clock()
        since = datetime.fromisoformat((row.intent or {}).get(_BROKE_DOWN_AT) or iso(now))
        wait = min(max(now - since, self._look_again), _LONGEST_WAIT)
        intent = {_BROKE_DOWN_AT: iso(since)}
        async with self._lines.database.transaction() as session:
            await self._hold(session, row, [reason], intent=intent, wait=wait)

    async def _hold(
        self,
        session: Session,
        row: Row,
        reasons: Sequence[Reason],
        *,
        intent: dict[str, Any] | None = None,
        wait: timedelta | None = None,
    ) -> None:
        now = self._lines.clock()
        is_new = list(reasons) != row.held_or_skipped_for()
        is_kept = await claims.record_held(
            session,
            self._claim,
            row,
            reasons,
            look_again_at=now + (wait or self._look_again),
            now=now,
            intent=intent if intent or is_new else row.intent,
        )
        if is_kept and is_new:
            summary = " ".join(reason.message for reason in reasons)
            event = self._event(row, "order_held", summary, now)
            await history.record(session, StoreId(row.store_id), [event])

    async def _skip(self, session: Session, row: Row, reason: Reason) -> None:
        now = self._lines.clock()
        is_kept = await claims.record_skipped(session, self._claim, row, [reason], now=now)
        if is_kept and [reason] != row.held_or_skipped_for():
            event = self._event(row, "order_skipped", reason.message, now)
            await history.record(session, StoreId(row.store_id), [event])

    def _event(self, row: Row, kind: str, summary: str, now: datetime) -> Event:
        return Event(
            amazon_order_id=AmazonOrderId(row.amazon_order_id),
            at=now,
            kind=kind,
            direction=Direction.OUT,
            by="app",
            summary=summary,
        )
