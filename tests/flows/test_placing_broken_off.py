"""Placing is broken off at every request there is, and goes on so that nothing shows of it.

Each test breaks off one order at its first request, the next at its second, and so on, until an
order comes through untouched. Whatever happened, each order must end up as if nothing had.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from saleor_amazon_app.core.errors import TryAgainLater
from saleor_amazon_app.ledger.claims import LEASE
from saleor_amazon_app.simulators.amazon import Step
from saleor_amazon_app.simulators.saleor import Seed, default_seed
from tests.flows.trading import OpenTrade, Sent, Trade, goods, number_of, sale, unconfirming
from tests.unit.amazon_orders import Json


class Killed(BaseException):
    """The worker is ended in the middle of its work."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """An order of two mugs, the only ones in stock, and what it must be in the shop at the end.

    Attributes:
        order: how it differs from an order that waits to be shipped.
        kept: units for which the shop keeps stock.
        gone: units that left.
        requests: how many it takes to place the order.
        mutations: how many of them do not only look.
    """

    status: str
    requests: int
    mutations: int
    kept: int = 0
    gone: int = 0
    order: dict[str, Any] = field(default_factory=dict)
    chosen: dict[str, Any] = field(default_factory=dict)
    seed: Seed = field(default_factory=default_seed)

    def sale(self, number: int, *, bought: datetime) -> Json:
        buyer = {"buyerEmail": f"buyer{number}@marketplace.amazon.example"}
        return sale(number, bought=bought, buyer=buyer, **self.order)


_PARTLY = {"items": [goods(gone=1)], "status": "PARTIALLY_SHIPPED"}
_KINDS = {
    "the last two in stock": Kind(status="UNFULFILLED", kept=2, requests=9, mutations=3),
    # Every request there is: its customer is made, the app confirms it, and a parcel left.
    "partly shipped": Kind(
        order=_PARTLY,
        status="PARTIALLY_FULFILLED",
        kept=1,
        gone=1,
        requests=13,
        mutations=6,
        chosen={"new_order_status": "CONFIRMED", "customer": "CREATE_OR_REUSE"},
        seed=unconfirming(),
    ),
    "shipped": Kind(
        order={"items": [goods(gone=2)], "status": "SHIPPED"},
        status="FULFILLED",
        gone=2,
        requests=8,
        mutations=2,
    ),
}


@pytest.fixture(params=_KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return _KINDS[request.param]


async def _as_if_nothing_had_happened(trade: Trade, kind: Kind, number: int) -> None:
    order = trade.the_order(number_of(number))
    row = await trade.row(number_of(number))
    assert (row.import_state, row.saleor_order_id, row.totals_equal) == ("PLACED", order.id, True)
    assert (row.claim_token, row.due_at) == (None, None)
    (line,) = order.lines
    assert (order.status, order.charge_status) == (kind.status, "FULL")
    assert [payment.charged for payment in order.transactions] == [Decimal("20.00")]
    assert (sum(line.allocations.values()), line.quantity_fulfilled) == (kind.kept, kind.gone)
    assert len(order.fulfillments) == bool(kind.gone)
    assert trade.drafted(number_of(number)) == 1


async def _break_off_everywhere(
    trade: Trade, kind: Kind, break_off: Callable[[Trade, int], Awaitable[bool]]
) -> int:
    """Breaks off an order at each place in turn; tells how many places there were.

    Args:
        trade: the shop and the seller.
        kind: what is sold.
        break_off: breaks placing off at the place with that number and lets it go on; False
            when there was no such place.
    """
    number, is_broken_off = 0, True
    while is_broken_off:
        number += 1
        trade.leave(2)
        trade.sell(kind.sale(number, bought=trade.clock()))
        # The time until Amazon lists the order.
        trade.clock.move(minutes=3)
        await trade.fetch()
        is_broken_off = await break_off(trade, number)
        await _as_if_nothing_had_happened(trade, kind, number)
    return number - 1


async def _goes_on(trade: Trade) -> None:
    """A later run of another worker, when the host has surely ended what it was doing."""
    trade.clock.move(minutes=3)
    lines, _ = trade.worker()
    await trade.place(lines)


def _at(place: int, act: Callable[[], None], *, only_mutations: bool = False) -> Any:
    """A hook that acts once, when the request with that number is on its way."""
    seen = 0

    async def hook(sent: Sent) -> None:
        nonlocal seen
        seen += sent.is_mutation or not only_mutations
        if seen == place and (sent.is_mutation or not only_mutations):
            act()

    return hook


def _ends() -> None:
    raise Killed


async def test_a_worker_that_is_ended_before_any_request(open_trade: OpenTrade, kind: Kind) -> None:
    async def end(trade: Trade, place: int) -> bool:
        lines, wires = trade.worker()
        wires.before = _at(place, _ends)
        try:
            await trade.place(lines)
        except Killed:
            await _goes_on(trade)
            return True
        return False

    trade = await open_trade(kind.seed, **kind.chosen)

    assert await _break_off_everywhere(trade, kind, end) == kind.requests


async def test_any_answer_is_lost_after_the_host_acted(open_trade: OpenTrade, kind: Kind) -> None:
    async def lose(trade: Trade, place: int) -> bool:
        lines, wires = trade.worker()
        wires.before = _at(place, trade.shop.faults.lose_response, only_mutations=True)
        try:
            await trade.place(lines)
        except TryAgainLater:
            await _goes_on(trade)
            return True
        return False

    trade = await open_trade(kind.seed, **kind.chosen)

    assert await _break_off_everywhere(trade, kind, lose) == kind.mutations


async def test_the_host_answers_any_request_with_a_page(open_trade: OpenTrade, kind: Kind) -> None:
    async def fail(trade: Trade, place: int) -> bool:
        lines, wires = trade.worker()
        wires.before = _at(place, lambda: trade.shop.faults.fail_next(500))
        try:
            await trade.place(lines)
        except TryAgainLater:
            await _goes_on(trade)
            return True
        return False

    trade = await open_trade(kind.seed, **kind.chosen)

    assert await _break_off_everywhere(trade, kind, fail) == kind.requests


async def test_the_host_goes_down_before_any_request(open_trade: OpenTrade, kind: Kind) -> None:
    async def go_down(trade: Trade, place: int) -> bool:
        lines, wires = trade.worker()
        wires.before = _at(place, trade.shop.faults.down)
        try:
            await trade.place(lines)
        except TryAgainLater:
            with suppress(TryAgainLater):
                await _goes_on(trade)
            trade.shop.faults.down(False)
            await _goes_on(trade)
            return True
        return False

    trade = await open_trade(kind.seed, **kind.chosen)

    assert await _break_off_everywhere(trade, kind, go_down) == kind.requests


async def test_a_worker_that_vanishes_before_any_request(open_trade: OpenTrade, kind: Kind) -> None:
    async def vanish(trade: Trade, place: int) -> bool:
        lines, wires = trade.worker()
        vanished = asyncio.Event()

        async def hook(sent: Sent) -> None:
            if sent.number == place:
                vanished.set()
                await asyncio.Event().wait()

        wires.before = hook
        worker = asyncio.create_task(trade.place(lines))
        waiting = asyncio.create_task(vanished.wait())
        await asyncio.wait([worker, waiting], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if worker.done():
            await worker
            return False
        trade.clock.move(seconds=LEASE.total_seconds())
        await _goes_on(trade)
        worker.cancel()
        with suppress(asyncio.CancelledError):
            await worker
        return True

    trade = await open_trade(kind.seed, **kind.chosen)

    assert await _break_off_everywhere(trade, kind, vanish) == kind.requests


async def test_a_worker_that_was_stopped_after_any_answer_sends_nothing_more(
    open_trade: OpenTrade, kind: Kind
) -> None:
    async def stop(trade: Trade, place: int) -> bool:
        lines, wires = trade.worker()
        stopped, may_go_on = asyncio.Event(), asyncio.Event()

        async def hook(sent: Sent) -> None:
            if sent.number == place:
                stopped.set()
                await may_go_on.wait()

        wires.after = hook
        worker = asyncio.create_task(trade.place(lines))
        waiting = asyncio.create_task(stopped.wait())
        await asyncio.wait([worker, waiting], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if worker.done():
            await worker
            return False
        trade.clock.move(seconds=LEASE.total_seconds())
        await _goes_on(trade)
        sent_before = list(wires.mutations)
        may_go_on.set()
        await worker
        assert wires.mutations == sent_before
        return True

    trade = await open_trade(kind.seed, **kind.chosen)

    assert await _break_off_everywhere(trade, kind, stop) == kind.requests


@pytest.mark.parametrize("is_cancelled", [False, True])
async def test_an_order_that_was_skipped_once_is_broken_off_and_not_wanted_any_more(
    trade: Trade, is_cancelled: bool
) -> None:
    # given
    order_id = trade.sell(
        sale(status="PENDING"),
        Step(timedelta(minutes=10), {"fulfillment": {"fulfillmentStatus": "UNSHIPPED"}}),
    )
    await trade.sync()
    trade.wires.before = _at(2, trade.shop.faults.fail_next, only_mutations=True)
    with pytest.raises(TryAgainLater):
        await trade.later(minutes=13)
    broken_off = await trade.standing(order_id)
    assert trade.the_order(order_id).status == "DRAFT"

    # when
    if is_cancelled:
        cancelled = {"fulfillment": {"fulfillmentStatus": "CANCELLED"}}
        trade.amazon.seller.orders.change(order_id, cancelled)
    else:
        trade.leave(1)
    await trade.later(minutes=3)

    # then
    assert broken_off == ("PLACING", [])
    state, ((code, _),) = await trade.standing(order_id)
    assert (state, code) == (("SKIPPED", "CANCELLED") if is_cancelled else ("HELD", "OUT_OF_STOCK"))
    assert trade.shop.book() == ()
