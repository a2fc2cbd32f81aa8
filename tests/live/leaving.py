"""The way back on a real shop: what is heard is worked off, and both ends are looked at."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from saleor_amazon_app.core.errors import TryAgainLater
from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.entrypoints.worker import handlers
from saleor_amazon_app.flows import orders_in, outbox
from saleor_amazon_app.jobs.kinds import NAMES, ComparePlaced, FetchOrder, WorkOutbox, job_of
from saleor_amazon_app.ledger import outbox as ledger_outbox
from saleor_amazon_app.ledger.outbox import OutboxRow
from saleor_amazon_app.saleor.event_records import EventKind
from tests.live.connected import LiveStore
from tests.live.host import Host, Json
from tests.live.listening import Delivery, Listening
from tests.live.sales import number

# Seconds.
_COMES_WITHIN, _LOOKS_EVERY = 30.0, 0.1
_KINDS = {name: kind for kind, name in NAMES.items()}
_MINE = """
DELETE FROM procrastinate_jobs WHERE id = (
  SELECT min(id) FROM procrastinate_jobs
  WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= :now)
    AND (args ->> 'store_id' = :store OR task_name = 'handle_event')
) RETURNING task_name, args"""
_MONEY = """
query Money($id: ID!) {
  order(id: $id) {
    chargeStatus
    transactions {
      chargedAmount { amount } refundedAmount { amount } refundPendingAmount { amount }
      events { type pspReference message amount { amount } }
    }
    grantedRefunds { status amount { amount } }
  }
}
"""


@dataclass(frozen=True, slots=True)
class Money:
    """What the shop says of an order's payment.

    Attributes:
        outcomes: type, amount and message of the refunds that ended, oldest first.
        references: of everything that happened to it but its charge.
        granted: status and amount of the refunds that staff granted.
    """

    status: str
    charged: str
    refunded: str
    pending: str
    outcomes: list[tuple[str, str, str]]
    references: list[str]
    granted: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Journey:
    """One store, and the shop's door into the app."""

    store: LiveStore
    door: Listening
    host: Host

    async def placed(self, order: Json) -> Json:
        """Brings an order into the shop; tells what the shop shows of it."""
        await self.store.sync()
        state = await self.store.state(order)
        assert state == "PLACED", state
        return await self.host.order(number(order))

    async def hear(self, order: Json, *events: EventKind) -> None:
        """Waits for these events of an order and works off all that has come."""
        await self.door.arrived(number(order), *events)
        await self.work_off()

    async def heard_times(self, order: Json, event: EventKind, times: int) -> None:
        """Waits for an event to come so many times and works off all that has come."""
        async with asyncio.timeout(_COMES_WITHIN):
            while (await self.door.kept(number(order))).count(event) < times:
                await asyncio.sleep(_LOOKS_EVERY)
        await self.work_off()

    def asked(self, order: Json) -> list[Delivery]:
        """How the shop asked for refunds of an order."""
        return self.door.deliveries(number(order), EventKind.TRANSACTION_REFUND_REQUESTED)

    async def drop_all_jobs(self) -> None:
        """What came is lost before anybody worked it off."""
        while await self._next_job():
            pass

    async def look_through(self) -> None:
        """Compares all open orders of the store with the shop, as is done at times."""
        await outbox.compare(self.store.lines, ComparePlaced(self.store.id))
        await self.work_off()

    async def work_off(self) -> None:
        """Works off what waits now; what Amazon's limits hold up comes with the next time."""
        found = handlers(self.store.lines)
        while job := await self._next_job():
            name, arguments = job
            with suppress(TryAgainLater):
                await found[_KINDS[name]](job_of(_KINDS[name], arguments))

    async def settle(self, order: Json, *, minutes: int = 40) -> list[str]:
        """Lets time pass until all about an order has ended; tells the states."""
        for minute in range(minutes):
            rows = await self.rows(order)
            if all(row.ended_at and row.note is None for row in rows):
                break
            self.store.clock.move(minutes=1)
            if minute % 3 == 2:
                await self.store.sync()
            with suppress(TryAgainLater):
                await outbox.work(self.store.lines, WorkOutbox(self.store.id))
            await self.work_off()
        return [row.state for row in await self.rows(order)]

    async def catch_up(self, **duration: float) -> None:
        """Reads what changed at Amazon, some time later, and has the shop follow."""
        self.store.clock.move(**(duration or {"minutes": 3}))
        await self.store.sync()
        await self.work_off()

    async def reread(self, order: Json) -> None:
        """Reads one order at Amazon at once, and has the shop follow."""
        order_id = AmazonOrderId(number(order))
        await orders_in.fetch_one(self.store.lines, FetchOrder(self.store.id, order_id))
        await self.work_off()

    async def shipped(self, order: Json) -> Json:
        """Lets Amazon show the parcels of an order, and the app know it."""
        await self.settle(order)
        assert {state for state, _ in await self.ended(order, "SHIPMENT")} == {"CONFIRMED"}
        await self.catch_up()
        return await self.host.order(number(order))

    async def rows(self, order: Json, kind: str | None = None) -> list[OutboxRow]:
        """What the outbox has of an order."""
        async with self.store.lines.database.transaction() as session:
            found = await ledger_outbox.of_order(
                session, self.store.id, AmazonOrderId(number(order))
            )
        return [row for row in found if kind in (None, row.kind)]

    async def ended(self, order: Json, kind: str) -> list[tuple[str, str | None]]:
        """State and words of what Amazon was to be told."""
        return [(row.state, row.words) for row in await self.rows(order, kind)]

    async def money(self, placed: Json) -> Money:
        """The payment as the shop shows it."""
        found = (await self.host.ask(_MONEY, id=placed["id"]))["order"]
        (payment,) = found["transactions"]
        events = [one for one in reversed(payment["events"]) if "CHARGE" not in (one["type"] or "")]
        return Money(
            status=found["chargeStatus"],
            charged=_amount(payment["chargedAmount"]),
            refunded=_amount(payment["refundedAmount"]),
            pending=_amount(payment["refundPendingAmount"]),
            outcomes=[
                (one["type"], _amount(one["amount"]), one["message"])
                for one in events
                if one["type"] in ("REFUND_SUCCESS", "REFUND_FAILURE")
            ],
            references=[one["pspReference"] for one in events if one["pspReference"]],
            granted=[(one["status"], _amount(one["amount"])) for one in found["grantedRefunds"]],
        )

    async def answered(self, placed: Json, pending: str) -> Money:
        """The payment once the shop has taken in that the app will see to a refund of all."""
        async with asyncio.timeout(_COMES_WITHIN):
            while True:
                money = await self.money(placed)
                if (money.status, money.pending) == ("NONE", pending):
                    return money
                await asyncio.sleep(_LOOKS_EVERY)

    def parcels(self, order: Json) -> list[tuple[str, str, str, dict[str, int]]]:
        """What Amazon has: reference, carrier, tracking number, and units by order item."""
        found = self.store.amazon.seller.deeds.parcels.of(number(order))
        return [
            (
                one.reference,
                one.carrier_name or one.carrier_code,
                one.tracking_number,
                {**one.units},
            )
            for one in found.values()
        ]

    def times_said(self, order: Json) -> list[int]:
        """How often Amazon was told of each parcel."""
        found = self.store.amazon.seller.deeds.parcels.of(number(order))
        return [one.times_said for one in found.values()]

    def paid_back(self, order: Json) -> dict[str, dict[str, str]]:
        """What Amazon gave back, by order item and component."""
        book = self.store.amazon.seller.deeds.refunds.of(number(order))
        return {
            item: {name: f"{amount.normalize():f}" for name, amount in sorted(parts.items())}
            for item, parts in book.items()
        }

    def cancelled_for(self, order: Json) -> str | None:
        """The reason Amazon was given for a cancellation; None without one."""
        found = self.store.amazon.seller.deeds.cancellations.get(number(order))
        return found.reason if found else None

    @property
    def feeds(self) -> int:
        """How many feeds Amazon was handed in."""
        return len(list(self.store.amazon.seller.feeds))

    @property
    def misdeeds(self) -> list[Any]:
        """What Amazon should not have been told."""
        return list(self.store.amazon.seller.deeds.noted)

    async def nothing_is_sent_again(self, order: Json) -> None:
        """Has every event come again, known and forgotten, and Amazon hear nothing of it."""
        before = self._at_amazon(order)
        await self.door.again(number(order))
        await self.work_off()
        await self.door.forget(number(order))
        await self.door.again(number(order))
        await self.work_off()
        await self.settle(order)
        self.store.clock.move(minutes=5)
        await self.work_off()
        assert self._at_amazon(order) == before
        assert self.misdeeds == []

    def _at_amazon(self, order: Json) -> tuple[Any, ...]:
        return (
            self.parcels(order),
            self.times_said(order),
            self.paid_back(order),
            self.cancelled_for(order),
            self.feeds,
        )

    async def _next_job(self) -> tuple[str, dict[str, Any]] | None:
        async with self.store.lines.database.transaction() as session:
            found = await session.execute(
                text(_MINE), {"now": self.store.clock(), "store": str(self.store.id)}
            )
            row = found.one_or_none()
        return (row[0], row[1]) if row else None


def _amount(money: Json) -> str:
    return f"{Decimal(money['amount']).normalize():f}"
