"""The placed orders one claim holds, and what is written down of each as it follows Amazon."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.core.times import iso
from saleor_amazon_app.flows.claimed import Claimed, ClaimLost
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.jobs.kinds import FollowOrders
from saleor_amazon_app.jobs.queue import enqueue
from saleor_amazon_app.ledger import claims, due, history, order_changes
from saleor_amazon_app.ledger.claims import Claim, Total
from saleor_amazon_app.ledger.history import Direction, Event
from saleor_amazon_app.ledger.orders import Order as Row
from saleor_amazon_app.ledger.session import Session
from saleor_amazon_app.mapping.order_steps import Follow, Remark


@dataclass(frozen=True, slots=True)
class BrokenOff:
    """What a run before was about to do when it was broken off.

    Attributes:
        version: Amazon's time of the version it was about.
        begun_at: since when the host may have been at work.
        remarks: what was to be told of it, and still is.
    """

    version: str
    begun_at: datetime
    remarks: tuple[Remark, ...]


def broken_off(row: Row) -> BrokenOff | None:
    """What is left of a run that did not come to its end; None for an order at rest."""
    intent = (row.intent or {}).get("follow")
    if intent is None:
        return None
    return BrokenOff(
        version=intent["version"],
        begun_at=datetime.fromisoformat(intent["begunAt"]),
        remarks=tuple(Remark(each["kind"], each["message"]) for each in intent["remarks"]),
    )


def is_left_to_do(row: Row) -> bool:
    """Whether Amazon's version is newer than the host order, or was not followed to its end."""
    is_newer = row.followed_for is None or row.last_updated_at > row.followed_for
    return is_newer or bool((row.intent or {}).keys() & {"follow", "waits"})


async def have_followed(session: Session, store_id: StoreId, *, now: datetime) -> None:
    """Has the store's placed orders follow, if anything about them changed."""
    if any(one.to_follow for one in await due.due_in(session, [store_id], now=now)):
        await enqueue(session, FollowOrders(store_id), queueing_lock=f"follow:{store_id}")


async def have_looked_at(
    session: Session, store_id: StoreId, order_id: AmazonOrderId, *, now: datetime
) -> bool:
    """Has a host order compared with what was placed, because it changed in the host.

    Tells whether it is one of the store's placed orders.
    """
    is_placed = await order_changes.make_due(session, store_id, order_id, now=now)
    if is_placed:
        await have_followed(session, store_id, now=now)
    return is_placed


class Following(Claimed):
    """Placed orders on their way to what Amazon says of them now."""

    def __init__(self, lines: Connections, claim: Claim, *, look_again: timedelta) -> None:
        super().__init__(lines, claim)
        self._look_again = look_again
        self._begun: set[AmazonOrderId] = set()

    async def begin(self, row: Row, remarks: Sequence[Remark]) -> None:
        """Writes down what is about to be done to an order, before anything is.

        Raises:
            ClaimLost: another worker has the order.
        """
        intent = {
            "version": iso(row.last_updated_at),
            "begunAt": iso(self._lines.clock()),
            "remarks": [{"kind": each.kind, "message": each.message} for each in remarks],
        }
        async with self._lines.database.transaction() as session:
            if not await claims.record_following(session, self._claim, row, {"follow": intent}):
                raise ClaimLost("Another worker has taken this order over")
        self._begun.add(AmazonOrderId(row.amazon_order_id))

    async def done(
        self,
        row: Row,
        remarks: Sequence[Remark] = (),
        *,
        decision: Follow | None = None,
        total: Total | None = None,
    ) -> None:
        """Records that an order has followed, each remark in its history once.

        Args:
            row: the order.
            remarks: what staff are told.
            decision: whether something is left to do; the order is then looked at again soon.
            total: what the host order comes to.
        """
        awaits_confirmation = decision is not None and decision.awaits_confirmation
        waits = awaits_confirmation or (decision is not None and decision.awaits_shipping)
        now = self._lines.clock()
        async with self._lines.database.transaction() as session:
            is_kept = await claims.record_followed(
                session,
                self._claim,
                row,
                total=total,
                look_again_at=now + self._look_again if waits else None,
                shows_version=not awaits_confirmation,
                now=now,
            )
            if is_kept and remarks:
                await self._tell(session, row, remarks, now)
        del self.open[AmazonOrderId(row.amazon_order_id)]

    async def _tell(
        self, session: Session, row: Row, remarks: Sequence[Remark], now: datetime
    ) -> None:
        store_id, order_id = StoreId(row.store_id), AmazonOrderId(row.amazon_order_id)
        before = await history.history_of(session, store_id, order_id)
        told = {Remark(event.kind, event.summary) for event in before}
        events = [
            Event(
                amazon_order_id=order_id,
                at=now,
                kind=remark.kind,
                direction=Direction.IN,
                by="app",
                summary=remark.message,
            )
            for remark in remarks
            if remark not in told
        ]
        await history.record(session, store_id, events)

    async def postpone(self, row: Row, *, until: datetime | None = None) -> None:
        """Gives an order back until the host has surely ended what it may be doing."""
        async with self._lines.database.transaction() as session:
            again_at = until or self._lines.clock() + self._lines.pace.host_may_go_on
            await self._release(session, row, again_at)

    async def give_back(self) -> None:
        """Gives back what is not recorded yet, for a later run to read and go on with."""
        now = self._lines.clock()
        async with self._lines.database.transaction() as session:
            # By number, as others lock them: nobody waits in a circle.
            for order_id, row in sorted(self.open.items()):
                if order_id in self._begun:
                    await self._release(session, row, now + self._lines.pace.host_may_go_on)
                else:
                    # The job that is broken off is tried again; another would start at once.
                    await claims.release(session, self._claim, row, again_at=now)
                    del self.open[order_id]

    async def _release(self, session: Session, row: Row, again_at: datetime) -> None:
        del self.open[AmazonOrderId(row.amazon_order_id)]
        await claims.release(session, self._claim, row, again_at=again_at)
        store_id = StoreId(row.store_id)
        await enqueue(
            session,
            FollowOrders(store_id),
            schedule_at=again_at,
            queueing_lock=f"follow-later:{store_id}",
        )
