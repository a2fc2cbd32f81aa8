"""A worker is killed while the shop completes a draft: nobody has it completed a second time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from saleor_amazon_app.ledger.claims import LEASE
from saleor_amazon_app.simulators.saleor.drafts import complete_draft
from tests.flows.trading import Sent, Trade, number_of, sale

ORDER = number_of(1)


@asynccontextmanager
async def killed(trade: Trade, operation: str) -> AsyncIterator[None]:
    """Another worker that is never heard of again once it has sent that operation."""
    lines, wires = trade.worker()
    sending = asyncio.Event()

    async def hook(sent: Sent) -> None:
        if sent.name == operation:
            sending.set()
            await asyncio.Event().wait()

    wires.before = hook
    worker = asyncio.create_task(trade.place(lines))
    await sending.wait()
    yield
    worker.cancel()
    with suppress(asyncio.CancelledError):
        await worker


@pytest.fixture
async def drafted(trade: Trade) -> AsyncIterator[Trade]:
    """A draft that the shop was asked to complete by a worker that is gone."""
    trade.sell(sale(1))
    await trade.fetch()
    async with killed(trade, "CompleteDraft"):
        trade.clock.move(seconds=LEASE.total_seconds())
        yield trade


async def test_a_draft_that_may_be_being_completed_is_left_alone_for_a_while(
    drafted: Trade,
) -> None:
    # when
    await drafted.place()

    # then: looked at, and no more
    assert "OrderByReference" in drafted.wires.names
    assert drafted.wires.mutations == []
    assert drafted.the_order(ORDER).status == "DRAFT"
    assert (await drafted.row(ORDER)).import_state == "PLACING"

    # when: within the minute in which a dead worker's orders are taken up
    drafted.clock.move(seconds=14)
    await drafted.place()

    # then
    assert drafted.wires.mutations == ["CompleteDraft", "CreateTransaction"]
    assert drafted.the_order(ORDER).status == "UNFULFILLED"
    assert (await drafted.row(ORDER)).import_state == "PLACED"


async def test_a_draft_that_was_completed_after_all_is_only_paid(drafted: Trade) -> None:
    # given
    await drafted.place()
    order = drafted.shop.state.by_reference(ORDER)
    assert order is not None

    # when: the shop comes to its end with it
    complete_draft(drafted.shop.state, order.id, app=None)
    drafted.clock.move(seconds=14)
    await drafted.place()

    # then
    assert drafted.wires.mutations == ["CreateTransaction"]
    assert [sum(line.allocations.values()) for line in drafted.the_order(ORDER).lines] == [2]
    assert (await drafted.row(ORDER)).import_state == "PLACED"


async def test_a_draft_that_nobody_asked_to_complete_goes_on_at_once(trade: Trade) -> None:
    # given: the worker ends between drafting and completing
    trade.sell(sale(1))
    await trade.fetch()
    lines, wires = trade.worker()
    made = asyncio.Event()

    async def hook(sent: Sent) -> None:
        if sent.name == "DraftOrders":
            made.set()
            await asyncio.Event().wait()

    wires.after = hook
    worker = asyncio.create_task(trade.place(lines))
    await made.wait()

    # when
    trade.clock.move(seconds=LEASE.total_seconds())
    await trade.place()
    worker.cancel()
    with suppress(asyncio.CancelledError):
        await worker

    # then
    assert trade.wires.mutations == ["CompleteDraft", "CreateTransaction"]
    assert (await trade.row(ORDER)).import_state == "PLACED"
