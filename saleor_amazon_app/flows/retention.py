"""Buyer data ends in time: here, then in the shop; and so does all of a shop that went for good.

    clock → buyers whose time is over erased here → EraseInShop: orders, customers
    clock → shops whose time of grace is over deleted, a little at a time

The shop may be away for long; what it still has is remembered by order numbers alone. Each step
looks before it acts and can run twice.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

import structlog

from saleor_amazon_app.core.errors import AppError
from saleor_amazon_app.core.ids import AmazonOrderId, CustomerId, StoreId
from saleor_amazon_app.flows.claimed import Claimed, ClaimLost
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.host_view import Guard
from saleor_amazon_app.flows.shops import keep_token
from saleor_amazon_app.jobs.kinds import EraseInShop
from saleor_amazon_app.jobs.queue import enqueue
from saleor_amazon_app.ledger import claims, history, host_copies, installations, purge
from saleor_amazon_app.ledger.history import Direction, Event
from saleor_amazon_app.ledger.host_copies import HostCopy
from saleor_amazon_app.ledger.installations import InstallationStatus
from saleor_amazon_app.ledger.session import Session
from saleor_amazon_app.saleor import erasing, orders
from saleor_amazon_app.saleor.client import MUTATIONS_PER_REQUEST, SaleorClient
from saleor_amazon_app.saleor.erasing import ErasableOrder
from saleor_amazon_app.saleor.refusals import Refused

_ROWS_AT_ONCE = 500
# Of one look at the clock; the rest has its turn at the next.
_STEPS = 20
_ORDERS_AT_ONCE = 20
_BUSY_AGAIN = timedelta(minutes=5)
_AWAY_AGAIN = timedelta(hours=1)
_REFUSED_AGAIN = timedelta(days=1)

_T = TypeVar("_T")
_Id = TypeVar("_Id", bound=str)
_Found = tuple[AmazonOrderId, ErasableOrder]

log = structlog.get_logger(__name__)


async def erase_due_buyers(lines: Connections) -> int:
    """Erases buyers here whose time is over, and has them erased in their shops."""
    number = 0
    for _ in range(_STEPS):
        now = lines.clock()
        async with lines.database.transaction() as session:
            erased = await host_copies.erase_due_buyers(session, now=now, limit=_ROWS_AT_ONCE)
            for store_id in sorted({each.store_id for each in erased}):
                ids = [each.order_id for each in erased if each.store_id == store_id]
                event = ("buyer_erased", "What was known of the buyer was erased here.")
                await history.record(session, store_id, _events(lines, ids, *event))
        number += len(erased)
        if len(erased) < _ROWS_AT_ONCE:
            break
    if number:
        log.info("buyers_erased", orders=number)
    return number


async def start_due_erasures(lines: Connections) -> int:
    """Has buyers erased in the shops that still have them; tells in how many."""
    async with lines.database.transaction() as session:
        due = await host_copies.shops_with_due(session, now=lines.clock())
        for installation_id in due:
            await enqueue(
                session, EraseInShop(installation_id), queueing_lock=f"erase:{installation_id}"
            )
    return len(due)


async def forget_lost_shops(lines: Connections) -> int:
    """Deletes what is kept of shops that did not come back in time; tells of how many all."""
    number = 0
    for _ in range(_STEPS):
        async with lines.database.transaction() as session:
            lost = await purge.take_lost(session, now=lines.clock())
            if lost is None:
                break
            if await purge.forget_some(session, lost, now=lines.clock(), limit=_ROWS_AT_ONCE):
                number += 1
                log.info("shop_forgotten", installation_id=str(lost))
    return number


async def erase_in_shop(lines: Connections, job: EraseInShop) -> None:
    """Erases buyers in one shop, of very many some; a shop that is away is asked in an hour.

    Raises:
        HostUnavailable: nothing is lost; what was not erased is due again later.
        NeedsMerchant: the shop refuses the app.
    """
    async with lines.database.transaction() as session:
        shop = await installations.installation(session, job.installation_id)
    if shop.status != InstallationStatus.ACTIVE:
        return
    eraser = _Eraser(lines, shop.id, lines.host(shop))
    try:
        async with keep_token(lines, shop):
            for _ in range(_STEPS):
                if not await eraser.erase_some():
                    return
    except ClaimLost:
        log.warning("claim_lost")
    except AppError:
        async with lines.database.transaction() as session:
            await host_copies.put_off(session, shop.id, lines.clock() + _AWAY_AGAIN)
        raise


@dataclass(frozen=True, slots=True)
class _Eraser:
    """One shop, rid of buyers."""

    lines: Connections
    installation_id: UUID
    client: SaleorClient

    async def erase_some(self) -> bool:
        """Erases the buyers of some orders; False when nothing was due."""
        async with self.lines.database.transaction() as session:
            due = await host_copies.due_in(
                session, self.installation_id, now=self.lines.clock(), limit=_ORDERS_AT_ONCE
            )
        for store_id in {copy.store_id for copy in due}:
            of_store = [copy for copy in due if copy.store_id == store_id]
            if store_id is None:
                await self._erase(of_store, _unguarded)
            else:
                await self._erase_claimed(store_id, of_store)
        return bool(due)

    async def _erase_claimed(self, store_id: StoreId, copies: Sequence[HostCopy]) -> None:
        """Nobody else may be at work on the orders, who might write the address back."""
        order_ids = [copy.order_id for copy in copies]
        async with self.lines.database.transaction() as session:
            claim = await claims.claim_these(session, store_id, order_ids, now=self.lines.clock())
        claimed = Claimed(self.lines, claim)
        busy = [order_id for order_id in order_ids if order_id not in claimed.open]
        try:
            async with claimed.kept():
                ours = [copy for copy in copies if copy.order_id in claimed.open]
                found = await self._erase(ours, claimed.guard)
        finally:
            async with self.lines.database.transaction() as session:
                await claims.let_go(session, claim)
        async with self.lines.database.transaction() as session:
            await self._put_off(session, busy, _BUSY_AGAIN)
            event = ("buyer_erased_in_shop", "The buyer was erased from the Saleor order.")
            await history.record(session, store_id, _events(self.lines, found, *event))

    async def _erase(self, copies: Sequence[HostCopy], guard: Guard) -> list[AmazonOrderId]:
        """Erases buyers of orders and then customers; tells which orders were there and erased."""
        found = await erasing.look_up(self.client, [copy.order_id for copy in copies])
        there = [
            (order_id, order)
            for order_id, order in found.items()
            if isinstance(order, ErasableOrder) and order.is_ours
        ]
        standing = [pair for pair in there if not pair[1].is_draft]
        outcomes = [one if isinstance(one, Refused) else None for one in found.values()]
        refused = _refused(list(found), outcomes)
        refused |= await self._delete_drafts([pair for pair in there if pair[1].is_draft], guard)
        refused |= await self._erase_orders(standing, guard)
        done = [copy for copy in copies if copy.order_id not in refused]
        kept = await self._delete_customers(done, guard)
        refused |= {copy.order_id for copy in done if copy.customer_id in kept}
        ended = [copy.order_id for copy in copies if copy.order_id not in refused]
        async with self.lines.database.transaction() as session:
            await host_copies.forget(session, self.installation_id, ended)
            await self._put_off(session, refused, _REFUSED_AGAIN)
        return [order_id for order_id, _ in standing if order_id not in refused]

    async def _delete_drafts(self, drafts: Sequence[_Found], guard: Guard) -> set[AmazonOrderId]:
        """Deletes what an import left behind; tells what the host refused."""
        outcomes = []
        for _, draft in drafts:
            await guard()
            outcomes.append(await orders.delete_draft(self.client, draft.id))
        return _refused([order_id for order_id, _ in drafts], outcomes)

    async def _erase_orders(self, standing: Sequence[_Found], guard: Guard) -> set[AmazonOrderId]:
        """Erases buyers of orders; tells what the host refused."""
        outcomes: list[Refused | None] = []
        for some in _in_requests(standing):
            await guard()
            today = self.lines.clock().date()
            outcomes += await erasing.erase(self.client, [order for _, order in some], on=today)
        return _refused([order_id for order_id, _ in standing], outcomes)

    async def _delete_customers(self, done: Sequence[HostCopy], guard: Guard) -> set[CustomerId]:
        """Deletes customers of ours whose last order this was; tells whom the host refused."""
        customers = sorted({copy.customer_id for copy in done if copy.customer_id})
        if not customers:
            return set()
        async with self.lines.database.transaction() as session:
            buying = await host_copies.still_buying(
                session, self.installation_id, customers, but=[copy.order_id for copy in done]
            )
        ended = [each for each in customers if each not in buying]
        ours = await erasing.ours_among(self.client, ended)
        outcomes: list[Refused | None] = []
        for some in _in_requests(ours):
            await guard()
            outcomes += await erasing.delete_customers(self.client, some)
        return _refused(ours, outcomes)

    async def _put_off(
        self, session: Session, order_ids: Collection[AmazonOrderId], wait: timedelta
    ) -> None:
        until = self.lines.clock() + wait
        await host_copies.put_off(session, self.installation_id, until, order_ids=order_ids)


async def _unguarded() -> None:
    """Of an order that the ledger knows no more nobody else is the writer."""


def _in_requests(things: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(things), MUTATIONS_PER_REQUEST):
        yield things[start : start + MUTATIONS_PER_REQUEST]


def _refused(things: Sequence[_Id], outcomes: Sequence[Refused | None]) -> set[_Id]:
    refused = set()
    for thing, outcome in zip(things, outcomes, strict=True):
        if outcome is not None:
            log.error("buyer_not_erased_in_shop", of=thing, codes=outcome.codes)
            refused.add(thing)
    return refused


def _events(
    lines: Connections, order_ids: Sequence[AmazonOrderId], kind: str, summary: str
) -> list[Event]:
    return [
        Event(
            amazon_order_id=order_id,
            at=lines.clock(),
            kind=kind,
            direction=Direction.OUT,
            by="app",
            summary=summary,
        )
        for order_id in order_ids
    ]
