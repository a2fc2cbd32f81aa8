"""Orders become host orders: looked up, drafted, completed, paid, fulfilled as far as they left.

    look up → draft → complete → confirm → pay → fulfil → record

The order of calls matters: a draft with a transaction can never be deleted, so nothing is paid
before it was completed. Each step looks before it acts and can run twice. A request that is
refused as a whole is split until the one order that it is about stands alone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

import structlog

from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.core.reasons import HoldCode, Reason
from saleor_amazon_app.flows.host_view import Guard
from saleor_amazon_app.flows.parcels_in import fulfil_what_left
from saleor_amazon_app.ledger.orders import Order as Row
from saleor_amazon_app.mapping.changed_units import not_yet_fulfilled
from saleor_amazon_app.mapping.decisions import PlaceOrder
from saleor_amazon_app.mapping.placing import by_item, partly_fulfilled_instead, without_stock
from saleor_amazon_app.mapping.refusals import reasons_of, reference_taken
from saleor_amazon_app.saleor import orders, transactions
from saleor_amazon_app.saleor.client import MUTATIONS_PER_REQUEST, SaleorClient
from saleor_amazon_app.saleor.errors import RequestRefused
from saleor_amazon_app.saleor.order_inputs import OrderStatus, StockUpdatePolicy
from saleor_amazon_app.saleor.order_records import ORDER_KEY, HostOrder
from saleor_amazon_app.saleor.orders import Draft, RowRefused
from saleor_amazon_app.saleor.refusals import Refused
from saleor_amazon_app.saleor.transactions import Charge

# A few requests at once keep the host busy while we write; more only queue up there.
REQUESTS_IN_FLIGHT = 3
_STOCK_CODES = frozenset({"INSUFFICIENT_STOCK", "NON_EXISTING_STOCK"})

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Wish:
    """An order that shall be in the host.

    Attributes:
        link: where Seller Central shows the order.
    """

    decision: PlaceOrder
    link: str

    @property
    def reference(self) -> AmazonOrderId:
        """The Amazon order number, unique in the host."""
        return self.decision.order_input.external_reference


@dataclass(frozen=True, slots=True)
class Landed:
    """The order is in the host, completed and paid.

    Attributes:
        remarks: what did not go as it should although the order stands.
    """

    wish: Wish
    host_order: HostOrder
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turned:
    """The host refused the order; nothing of it is left there."""

    wish: Wish
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class BrokeDown:
    """The host breaks down over this one order, for a cause that nobody can look up there."""

    wish: Wish
    reason: Reason


@dataclass(frozen=True, slots=True)
class Postponed:
    """The host could not do a step just now; whatever it did is found when the order is next up."""

    order_id: AmazonOrderId
    why: str


@dataclass(frozen=True, slots=True)
class Adopted:
    """An earlier run placed the order and could not record it; by now it would not be placed."""

    row: Row
    host_order: HostOrder


Outcome = Landed | Turned | BrokeDown | Postponed | Adopted
# Writes down which drafts are about to be completed; raises when they are no longer ours.
Announce = Callable[[Sequence[AmazonOrderId]], Awaitable[None]]
# Writes down what became of an order as soon as it is known.
Record = Callable[[Outcome], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Importer:
    """One batch of orders on its way into one host."""

    client: SaleorClient
    guard: Guard
    announce: Announce
    record: Record

    async def run(self, wishes: Sequence[Wish]) -> None:
        """Brings the orders into the host, each recorded as soon as it is there or refused.

        Raises:
            HostUnavailable, TokenRefused, PermissionMissing: what is not recorded yet may or may
                not be in the host; the next run looks first.
        """
        await self.guard()
        found = await orders.look_up(self.client, [wish.reference for wish in wishes])
        standing: list[tuple[Wish, HostOrder]] = []
        missing: list[Wish] = []
        for wish in wishes:
            host_order = found[wish.reference]
            if host_order is None:
                missing.append(wish)
            elif not is_ours(host_order, wish.reference):
                await self.record(Turned(wish, (reference_taken(host_order.number),)))
            elif _is_outdated(host_order, wish):
                await self._delete(host_order)
                missing.append(wish)
            else:
                standing.append((wish, host_order))
        for policy in StockUpdatePolicy:
            some = [wish for wish in missing if wish.decision.stock_policy is policy]
            standing += await self._import(some)
        await self._finish(standing)

    async def adopt(self, row: Row, host_order: HostOrder, link: str) -> bool:
        """Settles what a broken-off run left of an order that would not be placed any more.

        A draft is deleted. An order that was completed stands, for other systems know of it: it
        is paid and recorded, and what changed at Amazon is then done to it as to any other.

        Returns:
            Whether the order stands in the host.
        """
        order_id = AmazonOrderId(row.amazon_order_id)
        await self.guard()
        if host_order.status == OrderStatus.DRAFT:
            await self._delete(host_order)
            return False
        if not _is_paid(host_order, order_id):
            charge = Charge(host_order.id, host_order.total, order_id, link)
            (paid,) = await transactions.create(self.client, [charge])
            if isinstance(paid, Refused):
                await self._postpone(order_id, "pay", paid)
                return True
        await self.record(Adopted(row, host_order))
        return True

    async def _import(self, wishes: Sequence[Wish]) -> list[tuple[Wish, HostOrder]]:
        """Imports orders of one stock policy; those refused are recorded."""
        if not wishes:
            return []
        await self.guard()
        try:
            rows = await orders.draft(
                self.client,
                [wish.decision.order_input for wish in wishes],
                stock_policy=wishes[0].decision.stock_policy,
            )
        except RequestRefused as refused:
            if len(wishes) == 1:
                await self.record(BrokeDown(wishes[0], _broke_down(refused)))
                return []
            half = len(wishes) // 2
            return [*await self._import(wishes[:half]), *await self._import(wishes[half:])]
        made = []
        for wish, row in zip(wishes, rows, strict=True):
            if isinstance(row, HostOrder):
                made.append((wish, row))
            else:
                made += await self._import_refused(wish, row)
        return made

    async def _import_refused(self, wish: Wish, row: RowRefused) -> list[tuple[Wish, HostOrder]]:
        """What to do about a refused row: another way, or the reasons."""
        if row.made is not None and row.made.status != OrderStatus.DRAFT:
            # Only drafts can be deleted; the order stands and differs in what the host names.
            log.error("order_imported_with_errors", codes=[error.code for error in row.errors])
            return [(wish, row.made)]
        if row.made is not None:
            await self._delete(row.made)
        codes = {error.code for error in row.errors}
        if wish.decision.stock_policy is StockUpdatePolicy.UPDATE and codes & _STOCK_CODES:
            return await self._import([replace(wish, decision=without_stock(wish.decision))])
        if "UNIQUE" in codes:
            # Somebody made it since we looked; perhaps an earlier run of ours.
            found = (await orders.look_up(self.client, [wish.reference]))[wish.reference]
            if found is not None and is_ours(found, wish.reference):
                return [(wish, found)]
        await self.record(Turned(wish, reasons_of(row.errors)))
        return []

    async def _finish(self, standing: Sequence[tuple[Wish, HostOrder]]) -> None:
        """Completes, pays and fulfils, a few orders a request and a few requests at once."""
        by_id = {host_order.id: (wish, host_order) for wish, host_order in standing}
        drafts = [Draft(o.id, len(o.lines)) for _, o in standing if o.status == OrderStatus.DRAFT]
        done = [pair for pair in standing if pair[1].status != OrderStatus.DRAFT]
        groups = [
            [by_id[draft.order_id] for draft in batch]
            for batch in orders.completion_batches(drafts)
        ]
        groups += [
            done[start : start + MUTATIONS_PER_REQUEST]
            for start in range(0, len(done), MUTATIONS_PER_REQUEST)
        ]
        gate = asyncio.Semaphore(REQUESTS_IN_FLIGHT)

        async def finish(group: Sequence[tuple[Wish, HostOrder]]) -> None:
            async with gate:
                await self._finish_group(group)

        # All groups run to their end: what one of them met must not break off another's request.
        ended = await asyncio.gather(*map(finish, groups), return_exceptions=True)
        for error in ended:
            if error is not None:
                raise error

    async def _finish_group(self, group: Sequence[tuple[Wish, HostOrder]]) -> None:
        standing = await self._complete(group)
        standing = await self._confirm(standing)
        standing = await self._pay(standing)
        for wish, host_order in standing:
            await self.record(Landed(wish, host_order, await self._fulfil(wish, host_order)))

    async def _fulfil(self, wish: Wish, host_order: HostOrder) -> tuple[str, ...]:
        """Fulfils what had left before the order was imported."""
        lines = by_item(wish.decision.order_input)
        return await fulfil_what_left(
            self.client,
            host_order,
            not_yet_fulfilled(wish.decision.parcels, host_order),
            otherwise={item_id: line.warehouse for item_id, line in lines.items()},
            guard=self.guard,
        )

    async def _complete(
        self, group: Sequence[tuple[Wish, HostOrder]]
    ) -> list[tuple[Wish, HostOrder]]:
        """Completes the drafts of a group; gives back the orders that stand."""
        drafts = [pair for pair in group if pair[1].status == OrderStatus.DRAFT]
        if not drafts:
            return list(group)
        await self.guard()
        await self.announce([wish.reference for wish, _ in drafts])
        outcomes = await orders.complete(
            self.client, [Draft(order.id, len(order.lines)) for _, order in drafts]
        )
        standing = []
        for (wish, host_order), outcome in zip(drafts, outcomes, strict=True):
            if isinstance(outcome, Refused):
                standing += await self._completion_refused(wish, host_order, outcome)
            else:
                standing.append((wish, outcome))
        return standing

    async def _completion_refused(
        self, wish: Wish, draft: HostOrder, refused: Refused
    ) -> list[tuple[Wish, HostOrder]]:
        """What to do about a draft that the host would not complete."""
        found = (await orders.look_up(self.client, [wish.reference]))[wish.reference]
        if found is not None and found.status != OrderStatus.DRAFT:
            # It was completed after all: by an earlier run, or before the host broke down.
            return [(wish, found)]
        if refused.is_passing:
            await self._postpone(wish.reference, "complete", refused)
            return []
        await self.guard()
        await self._delete(draft)
        if wish.decision.parcels and set(refused.codes) <= _STOCK_CODES:
            instead = partly_fulfilled_instead(wish.decision)
            return await self._import([replace(wish, decision=instead)])
        await self.record(Turned(wish, reasons_of(refused.errors)))
        return []

    async def _confirm(
        self, pairs: Sequence[tuple[Wish, HostOrder]]
    ) -> list[tuple[Wish, HostOrder]]:
        """Confirms the orders that the merchant wants confirmed where the channel does not."""
        standing = []
        for wish, host_order in pairs:
            if host_order.status != "UNCONFIRMED" or not wish.decision.is_confirmed_by_app:
                standing.append((wish, host_order))
                continue
            await self.guard()
            confirmed = await orders.confirm(self.client, host_order.id)
            if isinstance(confirmed, Refused):
                await self._postpone(wish.reference, "confirm", confirmed)
            else:
                standing.append((wish, confirmed))
        return standing

    async def _pay(self, pairs: Sequence[tuple[Wish, HostOrder]]) -> list[tuple[Wish, HostOrder]]:
        """Tells the host what Amazon charged; the host would take a second payment as well."""
        unpaid = [pair for pair in pairs if not _is_paid(pair[1], pair[0].reference)]
        if not unpaid:
            return list(pairs)
        await self.guard()
        outcomes = await transactions.create(
            self.client, [_charge(wish, host_order) for wish, host_order in unpaid]
        )
        refused = set()
        for (wish, _), outcome in zip(unpaid, outcomes, strict=True):
            if isinstance(outcome, Refused):
                await self._postpone(wish.reference, "pay", outcome)
                refused.add(wish.reference)
        return [pair for pair in pairs if pair[0].reference not in refused]

    async def _postpone(self, order_id: AmazonOrderId, step: str, refused: Refused) -> None:
        codes = ", ".join(refused.codes) or "no code"
        await self.record(
            Postponed(order_id, f"Saleor could not {step} the order just now ({codes})")
        )

    async def _delete(self, draft: HostOrder) -> None:
        refused = await orders.delete_draft(self.client, draft.id)
        if refused is not None:
            log.error("draft_not_deleted", number=draft.number, codes=refused.codes)


def is_ours(host_order: HostOrder, reference: AmazonOrderId) -> bool:
    """An order that this app imported names its Amazon number in its metadata as well."""
    return host_order.metadata.get(ORDER_KEY) == reference


def _is_paid(host_order: HostOrder, reference: AmazonOrderId) -> bool:
    return any(each.psp_reference == reference for each in host_order.transactions)


def _charge(wish: Wish, host_order: HostOrder) -> Charge:
    return Charge(
        order_id=host_order.id,
        amount=wish.decision.total,
        psp_reference=wish.reference,
        link=wish.link,
    )


def _is_outdated(host_order: HostOrder, wish: Wish) -> bool:
    """A draft of an earlier run that Amazon's order has outgrown since."""
    if host_order.status != OrderStatus.DRAFT:
        return False
    wanted = wish.decision.order_input
    if wanted.status is not OrderStatus.DRAFT or host_order.total != wish.decision.total:
        return True
    lines = {line.order_item_id: line.quantity for line in host_order.lines}
    return lines != {item_id: line.quantity for item_id, line in by_item(wanted).items()}


def _broke_down(refused: RequestRefused) -> Reason:
    codes = ", ".join(refused.call.codes) or "without a code"
    return Reason(
        HoldCode.UNSUPPORTED,
        f"Saleor broke down over this order ({codes}). It is tried again by itself, less and less "
        "often. If it stays held, enter it by hand and tell the makers of this app.",
    )
