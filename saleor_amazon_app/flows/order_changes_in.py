"""What changed at Amazon after an order was placed is done to its host order.

    claim → read the host order → decide → write down → act → tell → record

What is left to do is read from the host each time, so that nothing is done twice; what is told of
it is written down before the first step, so that a run that was broken off loses no word.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, assert_never

import structlog
from pydantic import ValidationError

from saleor_amazon_app.amazon.buyer_data import address_of, join
from saleor_amazon_app.amazon.order_records import Order
from saleor_amazon_app.core.choices import Choices
from saleor_amazon_app.core.errors import AppError
from saleor_amazon_app.core.ids import AmazonOrderId, SaleorOrderId, StoreId, WarehouseId
from saleor_amazon_app.core.times import iso
from saleor_amazon_app.flows.claimed import ClaimLost
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.following import BrokenOff, Following, broken_off, is_left_to_do
from saleor_amazon_app.flows.parcels_in import fulfil_what_left
from saleor_amazon_app.flows.refunds_in import to_be_reported
from saleor_amazon_app.flows.shops import keep_token
from saleor_amazon_app.jobs.kinds import FollowOrders
from saleor_amazon_app.ledger import buyers, choices, claims, installations, outbox, stores
from saleor_amazon_app.ledger.claims import Total
from saleor_amazon_app.ledger.installations import InstallationStatus
from saleor_amazon_app.ledger.orders import Order as Row
from saleor_amazon_app.ledger.outbox import OutboxState
from saleor_amazon_app.ledger.stores import StoreStatus
from saleor_amazon_app.mapping.booked_refunds import Booked
from saleor_amazon_app.mapping.changed_money import charged_at_first
from saleor_amazon_app.mapping.order_changes import decide
from saleor_amazon_app.mapping.order_steps import (
    CancelOrder,
    Follow,
    FulfilParcels,
    MarkOrder,
    Remark,
    ReportRefund,
    ReturnUnits,
    Step,
)
from saleor_amazon_app.saleor import order_changes, orders, transactions
from saleor_amazon_app.saleor.client import SaleorClient
from saleor_amazon_app.saleor.errors import RequestRefused
from saleor_amazon_app.saleor.refusals import Refused
from saleor_amazon_app.saleor.standing_records import StandingOrder

log = structlog.get_logger(__name__)


async def follow(lines: Connections, job: FollowOrders) -> None:
    """Has all placed orders of a store follow of which something changed.

    Raises:
        HostUnavailable: what was claimed is released; the job runs again.
        NeedsMerchant: the shop refuses the app.
    """
    async with lines.database.transaction() as session:
        store = await stores.store(session, job.store_id)
        installation = await installations.installation(session, store.installation_id)
        settings = await choices.choices_of(session, job.store_id)
    if store.status == StoreStatus.INACTIVE or installation.status != InstallationStatus.ACTIVE:
        return
    round_ = _Round(lines, job.store_id, settings, lines.host(installation))
    async with keep_token(lines, installation):
        while await round_.follow_some():
            pass


class _NotNow(AppError):
    """The host could not do a step just now, or broke down over it."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known beside the orders themselves.

    Attributes:
        now: what the ledger has of their buyers.
        before: what it had in the version that the host shows, and before it.
        refunded: what Amazon booked of them that nobody asked for here.
        cancellations: how far those are that Amazon is to cancel.
        ships_unpaid: whether the shop fulfils what is not fully paid.
    """

    now: Mapping[AmazonOrderId, dict[str, Any]]
    before: Mapping[AmazonOrderId, Sequence[dict[str, Any]]]
    refunded: Mapping[AmazonOrderId, Sequence[Booked]]
    cancellations: Mapping[AmazonOrderId, str]
    ships_unpaid: bool = True


@dataclass(frozen=True, slots=True)
class _Round:
    """One run of the job: a store, its settings, and its shop."""

    lines: Connections
    store_id: StoreId
    settings: Choices
    client: SaleorClient

    async def follow_some(self) -> bool:
        """Has the orders of one claim follow; False when nothing was due."""
        async with self.lines.database.transaction() as session:
            claim = await claims.claim_changed(
                session,
                self.store_id,
                now=self.lines.clock(),
                limit=order_changes.ORDERS_PER_REQUEST,
            )
            shown = {
                AmazonOrderId(row.amazon_order_id): row.followed_for or row.last_updated_at
                for row in claim.orders
            }
            cipher = self.lines.cipher
            known = _Known(
                now=await buyers.read_many(session, cipher, self.store_id, list(shown)),
                before=await buyers.read_former(session, cipher, self.store_id, shown),
                refunded=await to_be_reported(session, self.store_id, list(shown)),
                cancellations=await outbox.cancellations(session, self.store_id, list(shown)),
            )
        if not claim.orders:
            return False
        every = timedelta(minutes=self.settings.sync_every_minutes)
        following = Following(self.lines, claim, look_again=self.lines.pace.sync_every or every)
        try:
            async with following.kept():
                await self._work_off(following, known)
        except ClaimLost:
            log.warning("claim_lost", orders=len(following.open))
        except BaseException:
            await following.give_back()
            raise
        return True

    async def _work_off(self, following: Following, known: _Known) -> None:
        await following.guard()
        known = replace(known, ships_unpaid=await order_changes.ships_unpaid(self.client))
        rows = list(following.open.values())
        standing = await order_changes.read(self.client, [_host_id(row) for row in rows])
        for row in rows:
            before = broken_off(row)
            try:
                if before and self._is_at_work(before):
                    until = before.begun_at + self.lines.pace.host_may_go_on
                    await following.postpone(row, until=until)
                else:
                    await self._follow_one(following, row, standing[_host_id(row)], known)
            except _NotNow as error:
                log.warning("order_postponed", amazon_order_id=row.amazon_order_id, why=str(error))
                await following.postpone(row)

    def _is_at_work(self, before: BrokenOff) -> bool:
        """Whether the host may still be doing what a worker that died asked it for."""
        return self.lines.clock() < before.begun_at + self.lines.pace.host_may_go_on

    async def _follow_one(
        self,
        following: Following,
        row: Row,
        found: StandingOrder | RequestRefused | None,
        known: _Known,
    ) -> None:
        """Has one order follow.

        Raises:
            _NotNow: it is to be looked at again later.
        """
        try:
            order = join(row.facts, known.now.get(AmazonOrderId(row.amazon_order_id)))
        except ValidationError:
            log.error("order_unreadable", amazon_order_id=row.amazon_order_id)
            await following.done(row)
            return
        standing = _readable(found)
        decision = self._decide(row, order, standing, known)
        if decision.steps:
            # Since the claim was read others of it took their time, and staff may have acted.
            await following.guard()
            fresh = await order_changes.read(self.client, [_host_id(row)])
            standing = _readable(fresh[_host_id(row)])
            decision = self._decide(row, order, standing, known)
            await following.begin(row, _with_earlier(row, decision.told))
        told: list[Remark] = []
        for step in decision.steps:
            told += await self._take(following, step, standing)
        remarks = _with_earlier(row, (*told, *decision.remarks))
        await self._note(following, standing, remarks)
        total = _total(order, standing)
        await following.done(row, remarks, decision=decision, total=total)
        if remarks:
            kinds = [remark.kind for remark in remarks]
            log.info("order_followed", amazon_order_id=row.amazon_order_id, told=kinds)

    def _decide(
        self, row: Row, order: Order, standing: StandingOrder | None, known: _Known
    ) -> Follow:
        before = map(address_of, known.before.get(order.order_id, ()))
        return decide(
            order,
            standing,
            addresses_before=tuple(filter(None, before)),
            is_newer=is_left_to_do(row),
            ships_unpaid=known.ships_unpaid,
            tax_rates=self.settings.tax_rates,
            refunded_elsewhere=known.refunded.get(order.order_id, ()),
            is_being_cancelled=_is_being_cancelled(row, known),
        )

    async def _take(
        self, following: Following, step: Step, standing: StandingOrder | None
    ) -> list[Remark]:
        """Takes a step, and tells what there is to tell of it.

        Raises:
            _NotNow: the same step may well work later.
        """
        if standing is None:
            raise ValueError("there is no order to do anything to")
        await following.guard()
        try:
            if isinstance(step, FulfilParcels):
                return [await self._fulfil(following, step, standing)]
            refused = _lasting(await self._change(step, standing.order.id))
        except RequestRefused as error:
            return [step.told.refused(error.call.codes)]
        if refused:
            return [step.told.refused(refused.codes)]
        told = [step.told.remark]
        if isinstance(step, CancelOrder | ReturnUnits) and step.then:
            told += await self._take(following, step.then, standing)
        return told

    async def _change(
        self, step: CancelOrder | ReturnUnits | ReportRefund | MarkOrder, order_id: SaleorOrderId
    ) -> Refused | None:
        match step:
            case CancelOrder():
                return await order_changes.cancel(self.client, order_id)
            case ReturnUnits(units=units):
                return await order_changes.return_units(self.client, order_id, units)
            case ReportRefund(refund=refund):
                return await transactions.report_refund(self.client, refund)
            case MarkOrder(metadata=metadata, address=address):
                return await order_changes.update(
                    self.client, order_id, metadata=metadata, address=address
                )
            case _:
                assert_never(step)

    async def _fulfil(
        self, following: Following, step: FulfilParcels, standing: StandingOrder
    ) -> Remark:
        host_order = standing.order
        if step.confirms:
            confirmed = await orders.confirm(self.client, host_order.id)
            if isinstance(confirmed, Refused):
                _lasting(confirmed)
                return step.told.refused(confirmed.codes)
            host_order = confirmed
        # Where the host keeps nothing of a variant it counts none, and any warehouse will do.
        anywhere = next(iter(standing.warehouses), WarehouseId(""))
        problems = await fulfil_what_left(
            self.client,
            host_order,
            step.parcels,
            otherwise={
                line.order_item_id: anywhere for line in host_order.lines if line.order_item_id
            },
            guard=following.guard,
        )
        if not problems:
            return step.told.remark
        return Remark(step.told.kind, " ".join((step.told.fact, *problems)))

    async def _note(
        self, following: Following, standing: StandingOrder | None, remarks: Sequence[Remark]
    ) -> None:
        """Writes the remarks into the order's timeline, each once for good."""
        if standing is None:
            return
        for remark in remarks:
            if remark.message in standing.notes:
                continue
            await following.guard()
            refused = await orders.add_note(self.client, standing.order.id, remark.message)
            if _lasting(refused):
                log.error("note_refused", number=standing.order.number, kind=remark.kind)


def _is_being_cancelled(row: Row, known: _Known) -> bool:
    """Whether Amazon is told that staff cancelled an order, or will be where it still can."""
    state = known.cancellations.get(AmazonOrderId(row.amazon_order_id))
    return row.status == "UNSHIPPED" if state is None else state != OutboxState.REFUSED


def _host_id(row: Row) -> SaleorOrderId:
    return SaleorOrderId(row.saleor_order_id or "")


def _readable(found: StandingOrder | RequestRefused | None) -> StandingOrder | None:
    """The order as the host reported it.

    Raises:
        _NotNow: the host broke down over it.
    """
    if isinstance(found, RequestRefused):
        raise _NotNow("Saleor could not read the order")
    return found


def _with_earlier(row: Row, told: Sequence[Remark]) -> list[Remark]:
    """What is to be told, with what a run that was broken off had no time to tell.

    Of a step of the same version that this run took again only the newer word counts.
    """
    before = broken_off(row)
    if before is None:
        return list(told)
    is_same = before.version == iso(row.last_updated_at)
    again = {one.kind for one in told} if is_same else set()
    earlier = [one for one in before.remarks if one.kind not in again and one not in told]
    return [*earlier, *told]


def _lasting(refused: Refused | None) -> Refused | None:
    """The refusal, if it would be the same the next time.

    Raises:
        _NotNow: it may well be another.
    """
    if refused and (refused.is_passing or refused.crashed):
        raise _NotNow(f"Saleor could not do it just now ({', '.join(refused.codes)})")
    return refused


def _total(order: Order, standing: StandingOrder | None) -> Total | None:
    charged = charged_at_first(order, standing) if standing else None
    if standing is None or charged is None:
        return None
    gross = standing.order.total.amount
    return Total(gross, is_equal=gross == charged)
