"""Following a change is broken off at every request there is, and goes on so that nothing shows.

Each test breaks off one order at its first request, the next at its second, and so on, until an
order comes through untouched. Whatever happened, each order must end up as if nothing had.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from saleor_amazon_app.core.errors import TryAgainLater
from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.ledger.claims import LEASE
from saleor_amazon_app.simulators.saleor import Seed
from tests.flows.changing import (
    PORTLAND,
    becomes,
    catch_up,
    changes,
    follow,
    money_of,
    moves_to,
    new_words,
    one_mug_left,
    parcel,
    read,
    shipping_unpaid,
    street,
)
from tests.flows.trading import OpenTrade, Sent, Trade, sale, unconfirming
from tests.unit.amazon_orders import money


class Killed(BaseException):
    """The worker is ended in the middle of its work."""


@dataclass(frozen=True)
class Change:
    """A change and what it must have come to in the end.

    Attributes:
        make: changes the order at Amazon.
        requests: how many requests following takes.
        kinds: what the history tells of it.
    """

    make: Callable[[Trade, str], None]
    requests: int
    mutations: int
    kinds: list[str]
    status: str
    charged: str = "20.00"
    returned: int = 0
    parcels: tuple[str, ...] = ()
    street: str = "1 Test Street"
    seed: Seed | None = None


def _ships(trade: Trade, order_id: str) -> None:
    becomes(trade, order_id, "SHIPPED", packages=[parcel("1Z1", i11=1), parcel("1Z2", i11=1)])


def _everything(trade: Trade, order_id: str) -> None:
    moves_to(trade, order_id, PORTLAND)
    patch = one_mug_left()
    patch["orderItems"][0]["cancellation"] = {"cancellationRequest": {"requester": "BUYER"}}
    changes(trade, order_id, **patch)


_UNITS = Change(
    lambda trade, order_id: changes(trade, order_id, **one_mug_left()),
    7,
    4,
    ["units_cancelled", "refund_reported"],
    "PARTIALLY_RETURNED",
    charged="10.00",
    returned=1,
)
_CHANGES = {
    "cancelled": Change(
        lambda trade, order_id: becomes(trade, order_id, "CANCELLED"),
        7,
        4,
        ["order_cancelled", "refund_reported"],
        "CANCELED",
        charged="0.00",
    ),
    "shipped unconfirmed": Change(
        _ships,
        7,
        4,
        ["shipped_at_amazon"],
        "FULFILLED",
        parcels=("1Z1", "1Z2"),
        seed=unconfirming(),
    ),
    "everything": Change(
        _everything,
        11,
        8,
        ["units_cancelled", "refund_reported", "address_changed", "cancel_requested"],
        "PARTIALLY_RETURNED",
        charged="10.00",
        returned=1,
        street="9 New Street",
    ),
}


@pytest.fixture(params=_CHANGES)
def change(request: pytest.FixtureRequest) -> Change:
    return _CHANGES[request.param]


async def _as_if_nothing_had_happened(
    trade: Trade, change: Change, order_id: AmazonOrderId
) -> None:
    order, row = trade.the_order(order_id), await trade.row(order_id)
    assert (row.claim_token, row.due_at, row.intent) == (None, None, None)
    assert row.followed_for == row.last_updated_at
    parcels = sorted(number for number, status in order.fulfillments if status == "FULFILLED")
    returns = [status for _, status in order.fulfillments if status == "RETURNED"]
    assert (order.status, len(returns), tuple(parcels)) == (
        change.status,
        change.returned,
        change.parcels,
    )
    charged, refunded, references = money_of(trade, order_id)
    assert Decimal(charged) + Decimal(refunded) == 20
    assert (charged, len(references)) == (change.charged, int(refunded != "0.00"))
    assert street(trade, order_id) == (change.street, change.street)
    words = await new_words(trade, order_id)
    assert sorted(kind for kind, _ in words) == sorted(change.kinds)
    assert sorted(map(str, trade.notes(order_id))) == sorted(message for _, message in words)


async def _break_off_everywhere(
    trade: Trade, change: Change, break_off: Callable[[Trade, int], Awaitable[bool]]
) -> int:
    """Breaks off an order at each place in turn; tells how many places there were.

    Args:
        trade: the shop and the seller.
        change: what changes.
        break_off: breaks following off at the place with that number and lets it go on; False
            when there was no such place.
    """
    number, is_broken_off = 0, True
    while is_broken_off:
        number += 1
        order_id = trade.sell(sale(number, bought=trade.clock()))
        await catch_up(trade)
        change.make(trade, order_id)
        await read(trade)
        is_broken_off = await break_off(trade, number)
        await _as_if_nothing_had_happened(trade, change, order_id)
    return number - 1


async def _goes_on(trade: Trade) -> None:
    """A later run of another worker, when the host has surely ended what it was doing."""
    trade.clock.move(minutes=3)
    lines, _ = trade.worker()
    await follow(trade, lines)


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


async def _open(open_trade: OpenTrade, change: Change) -> Trade:
    return await open_trade(shipping_unpaid(change.seed))


async def test_a_worker_that_is_ended_before_any_request(
    open_trade: OpenTrade, change: Change
) -> None:
    async def end(trade: Trade, place: int) -> bool:
        lines, wires = trade.worker()
        wires.before = _at(place, _ends)
        try:
            await follow(trade, lines)
        except Killed:
            await _goes_on(trade)
            return True
        return False

    trade = await _open(open_trade, change)

    assert await _break_off_everywhere(trade, change, end) == change.requests


async def test_a_worker_that_is_ended_after_any_answer(
    open_trade: OpenTrade, change: Change
) -> None:
    async def end(trade: Trade, place: int) -> bool:
        lines, wires = trade.worker()
        wires.after = _at(place, _ends)
        try:
            await follow(trade, lines)
        except Killed:
            await _goes_on(trade)
            return True
        return False

    trade = await _open(open_trade, change)

    assert await _break_off_everywhere(trade, change, end) == change.requests


async def test_any_answer_is_lost_after_the_host_acted(
    open_trade: OpenTrade, change: Change
) -> None:
    async def lose(trade: Trade, place: int) -> bool:
        lines, wires = trade.worker()
        wires.before = _at(place, trade.shop.faults.lose_response, only_mutations=True)
        try:
            await follow(trade, lines)
        except TryAgainLater:
            await _goes_on(trade)
            return True
        return False

    trade = await _open(open_trade, change)

    assert await _break_off_everywhere(trade, change, lose) == change.mutations


async def test_the_host_answers_any_request_with_a_page(
    open_trade: OpenTrade, change: Change
) -> None:
    async def fail(trade: Trade, place: int) -> bool:
        lines, wires = trade.worker()
        wires.before = _at(place, trade.shop.faults.fail_next)
        try:
            await follow(trade, lines)
        except TryAgainLater:
            await _goes_on(trade)
            return True
        return False

    trade = await _open(open_trade, change)

    assert await _break_off_everywhere(trade, change, fail) == change.requests


async def test_a_worker_that_was_stopped_after_any_answer_sends_nothing_more(
    open_trade: OpenTrade, change: Change
) -> None:
    async def stop(trade: Trade, place: int) -> bool:
        lines, wires = trade.worker()
        stopped, may_go_on = asyncio.Event(), asyncio.Event()

        async def hook(sent: Sent) -> None:
            if sent.number == place:
                stopped.set()
                await may_go_on.wait()

        wires.after = hook
        worker = asyncio.create_task(follow(trade, lines))
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
        with suppress(TryAgainLater):
            await worker
        assert wires.mutations == sent_before
        return True

    trade = await _open(open_trade, change)

    assert await _break_off_everywhere(trade, change, stop) == change.requests


async def test_a_dead_worker_s_request_is_given_its_time(open_trade: OpenTrade) -> None:
    # given: a worker dies over a request, and its claim runs out before the host may have ended
    trade = await open_trade(shipping_unpaid())
    order_id = trade.sell(sale())
    await catch_up(trade)
    changes(trade, order_id, **one_mug_left())
    await read(trade)
    lines, wires = trade.worker()
    stopped = asyncio.Event()

    async def die(sent: Sent) -> None:
        if sent.name == "ReturnUnits":
            stopped.set()
            await asyncio.Event().wait()

    wires.before = die
    worker = asyncio.create_task(follow(trade, lines))
    await stopped.wait()
    trade.clock.move(seconds=LEASE.total_seconds() + 1)
    trade.wires.sent.clear()

    # when
    await follow(trade)

    # then
    assert trade.wires.mutations == []
    trade.clock.move(minutes=2)
    await follow(trade)
    assert trade.the_order(order_id).lines[0].quantity_fulfilled == 1
    worker.cancel()
    with suppress(asyncio.CancelledError):
        await worker
    await _as_if_nothing_had_happened(trade, _UNITS, order_id)


async def test_two_workers_at_once_do_everything_once(
    open_trade: OpenTrade, change: Change
) -> None:
    trade = await _open(open_trade, change)
    order_ids = [trade.sell(sale(number)) for number in range(1, 6)]
    await catch_up(trade)
    for order_id in order_ids:
        change.make(trade, order_id)
    await read(trade)
    (one, _), (other, _) = trade.worker(), trade.worker()

    await asyncio.gather(follow(trade, one), follow(trade, other))

    for order_id in order_ids:
        await _as_if_nothing_had_happened(trade, change, order_id)


async def test_a_change_that_comes_while_another_is_followed_follows_too(
    open_trade: OpenTrade,
) -> None:
    # given
    trade = await open_trade(shipping_unpaid())
    order_id = trade.sell(sale())
    await catch_up(trade)
    changes(trade, order_id, proceeds={"grandTotal": money("20.00", "USD")})
    moves_to(trade, order_id, PORTLAND)
    await read(trade)
    lines, wires = trade.worker()

    async def cancel_meanwhile(sent: Sent) -> None:
        if sent.name == "UpdateOrder":
            wires.before = None
            becomes(trade, order_id, "CANCELLED")
            await read(trade)

    wires.before = cancel_meanwhile

    # when
    await follow(trade, lines)
    await follow(trade)

    # then
    assert trade.the_order(order_id).status == "CANCELED"
    assert street(trade, order_id) == ("9 New Street", "9 New Street")
    assert money_of(trade, order_id)[0] == "0.00"
