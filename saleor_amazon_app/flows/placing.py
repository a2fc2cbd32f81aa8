"""Orders that are due are decided and placed: claim, load, decide, act, record.

A claim makes one writer an order; whoever lost it stops before the next request. What is known of
an order is recorded the moment it is known, so that a crash leaves at most one step to look up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Any

import structlog
from pydantic import ValidationError

from saleor_amazon_app.amazon.buyer_data import join
from saleor_amazon_app.amazon.order_records import Order
from saleor_amazon_app.core.choices import Choices
from saleor_amazon_app.core.ids import AmazonOrderId, MarketplaceId
from saleor_amazon_app.core.marketplaces import order_page
from saleor_amazon_app.core.reasons import HoldCode, Reason
from saleor_amazon_app.flows.claimed import ClaimLost
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.desk import Desk
from saleor_amazon_app.flows.edited_addresses import buyers_as_edited
from saleor_amazon_app.flows.host_import import Importer, Wish, is_ours
from saleor_amazon_app.flows.host_view import HostView, giving_back
from saleor_amazon_app.flows.problems import have_reported
from saleor_amazon_app.flows.shops import keep_token
from saleor_amazon_app.jobs.kinds import PlaceOrders
from saleor_amazon_app.jobs.queue import enqueue
from saleor_amazon_app.ledger import choices, claims, held, installations, stores
from saleor_amazon_app.ledger.installations import InstallationStatus
from saleor_amazon_app.ledger.orders import ImportState
from saleor_amazon_app.ledger.orders import Order as Row
from saleor_amazon_app.ledger.session import Session
from saleor_amazon_app.ledger.stores import StoreStatus
from saleor_amazon_app.mapping.decisions import Decision, HoldOrder, PlaceOrder, SkipOrder, Store
from saleor_amazon_app.mapping.orders import decide
from saleor_amazon_app.mapping.refusals import circumstances, reference_taken
from saleor_amazon_app.saleor.catalogue_records import HostCatalogue
from saleor_amazon_app.saleor.order_records import HostOrder

_ORDERS_A_CLAIM = 50
# Then other jobs have their turn: the backlog of one store must not keep the others waiting.
_CLAIMS_A_RUN = 4
_HELD_A_SYNC = 500

log = structlog.get_logger(__name__)


async def place(lines: Connections, job: PlaceOrders) -> None:
    """Decides and places orders of a store that are due; of very many some, and runs again.

    Raises:
        HostUnavailable: what was claimed is released; the job runs again.
        NeedsMerchant: the shop refuses the app.
    """
    async with lines.database.transaction() as session:
        store = await stores.store(session, job.store_id)
        installation = await installations.installation(session, store.installation_id)
        settings = await choices.choices_of(session, job.store_id)
        waiting = await held.count(session, job.store_id)
    if store.status == StoreStatus.INACTIVE or installation.status != InstallationStatus.ACTIVE:
        return
    round_ = _Round(
        lines=lines,
        store=Store(name=store.name, connected_at=store.connected_at),
        settings=settings,
        host=HostView(lines.host(installation), settings),
        look_again=_look_again(lines, settings, waiting),
    )
    async with keep_token(lines, installation):
        is_more = await round_.place_share(job)
    async with lines.database.transaction() as session:
        await have_reported(session, installation.id)
        if is_more:
            await enqueue(session, job, queueing_lock=f"place:{job.store_id}")
        await _come_back(lines, session, job)


def _look_again(lines: Connections, settings: Choices, waiting: int) -> timedelta:
    """After how long a held order is looked at again: just before a sync, so that it is due then.

    Of very many each sync has its share; what may free them is told by events as a rule.
    """
    every = lines.pace.sync_every or timedelta(minutes=settings.sync_every_minutes)
    return every * max(1, ceil(waiting / _HELD_A_SYNC)) - every / 10


async def _come_back(lines: Connections, session: Session, job: PlaceOrders) -> None:
    """Returns for orders that another worker has claimed, or that the host may be busy with."""
    wake_at = await claims.next_undecided(session, job.store_id, now=lines.clock())
    if wake_at is not None:
        later = f"place-later:{job.store_id}"
        await enqueue(session, job, schedule_at=wake_at, queueing_lock=later)


@dataclass(frozen=True, slots=True)
class _Round:
    """One run of the job: a store, its settings, and its host as it was read last."""

    lines: Connections
    store: Store
    settings: Choices
    host: HostView
    look_again: timedelta

    async def place_share(self, job: PlaceOrders) -> bool:
        """Places claim after claim; True when there may be more than one run should take."""
        for _ in range(_CLAIMS_A_RUN):
            if not await self.place_some(job):
                return False
        return True

    async def place_some(self, job: PlaceOrders) -> bool:
        """Places what one claim holds; False when nothing was due."""
        async with self.lines.database.transaction() as session:
            claim = await claims.claim_due(
                session, job.store_id, now=self.lines.clock(), limit=_ORDERS_A_CLAIM
            )
            ids = [AmazonOrderId(row.amazon_order_id) for row in claim.orders]
            private = await buyers_as_edited(session, self.lines, job.store_id, ids)
        if not claim.orders:
            return False
        desk = Desk(self.lines, claim, look_again=self.look_again)
        try:
            async with desk.kept():
                await self._work_off(desk, private)
        except ClaimLost:
            log.warning("claim_lost", orders=len(desk.open))
        except BaseException:
            await desk.give_back()
            raise
        return True

    async def _work_off(self, desk: Desk, private: Mapping[AmazonOrderId, dict[str, Any]]) -> None:
        orders: dict[AmazonOrderId, Order] = {}
        settled: dict[AmazonOrderId, HoldOrder | SkipOrder] = {}
        for order_id, row in desk.open.items():
            try:
                orders[order_id] = join(row.facts, private.get(order_id))
            except ValidationError:
                settled[order_id] = HoldOrder((_unreadable(row),))
        await desk.guard()
        host = await self.host.read(orders.values())
        found = await self.host.left_over(id for id, row in desk.open.items() if _may_be_there(row))
        left = {order_id: order for order_id, order in found.items() if is_ours(order, order_id)}
        await desk.wait_for_completions(left)
        orders = {order_id: order for order_id, order in orders.items() if order_id in desk.open}
        decisions = self._decide(orders, host, left)
        wanted = [o for o in orders.values() if isinstance(decisions[o.order_id], PlaceOrder)]
        host = await self.host.with_customers(wanted, host, desk.guard)
        decisions |= self._decide({order.order_id: order for order in wanted}, host, left)
        importer = Importer(self.host.client, desk.guard, desk.announce, desk.record)
        wishes = []
        for order_id, decision in decisions.items():
            row = desk.open[order_id]
            decision = not_in_vain(row, decision, host)
            if isinstance(decision, PlaceOrder) and order_id in found and order_id not in left:
                decision = HoldOrder((reference_taken(found[order_id].number),))
            if isinstance(decision, PlaceOrder):
                wishes.append(Wish(decision, _link(row)))
                continue
            desk.begin(order_id)
            if order_id not in left or not await importer.adopt(row, left[order_id], _link(row)):
                settled[order_id] = decision
        await desk.decided(settled)
        await desk.intend(wishes, host)
        await importer.run(wishes)

    def _decide(
        self,
        orders: Mapping[AmazonOrderId, Order],
        host: HostCatalogue,
        left: Mapping[AmazonOrderId, HostOrder],
    ) -> dict[AmazonOrderId, Decision]:
        """Decides; what the host already keeps for an order of a run before is free to it."""
        now = self.lines.clock()
        return {
            order_id: decide(
                order,
                self.settings,
                giving_back(host, left[order_id]) if order_id in left else host,
                store=self.store,
                now=now,
            )
            for order_id, order in orders.items()
        }


def _link(row: Row) -> str:
    return order_page(MarketplaceId(row.marketplace_id or ""), AmazonOrderId(row.amazon_order_id))


def _unreadable(row: Row) -> Reason:
    return Reason(
        HoldCode.UNSUPPORTED,
        "Amazon reports this order in a form that this version of the app cannot read "
        f"({str(row.facts.get('unreadable', 'unknown'))[:500]}). Update the app; until then enter "
        "the order by hand.",
    )


def _may_be_there(row: Row) -> bool:
    """Whether an order in the host may have the row's number: ours or somebody else's."""
    codes = {reason.code for reason in row.held_or_skipped_for()}
    return row.import_state == ImportState.PLACING or HoldCode.REFERENCE_TAKEN in codes


def not_in_vain(row: Row, decision: Decision, host: HostCatalogue) -> Decision:
    """Holds an order on that the host would refuse for the same unchanged cause."""
    refused_under = (row.intent or {}).get("refusedUnder")
    if not isinstance(decision, PlaceOrder) or refused_under is None:
        return decision
    reasons = tuple(row.held_or_skipped_for())
    if circumstances(decision, reasons, host) != refused_under:
        return decision
    return HoldOrder(reasons)
