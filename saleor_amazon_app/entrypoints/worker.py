"""The worker door: takes jobs from the queue and hands each to its journey."""

import asyncio
from functools import partial

from saleor_amazon_app.entrypoints.schedule import poll, tidy_up
from saleor_amazon_app.entrypoints.wiring import Running
from saleor_amazon_app.flows import (
    events_in,
    order_changes_in,
    orders_in,
    outbox,
    placing,
    polling,
    problems,
    refunds_in,
    retention,
    shops,
    sweeps,
)
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.failures import noting_failures
from saleor_amazon_app.jobs.kinds import (
    ComparePlaced,
    EraseInShop,
    FetchOrder,
    FetchOrders,
    FollowOrders,
    HandleEvent,
    PlaceOrders,
    PlanOutbox,
    PollStores,
    ReadRefunds,
    ReportProblems,
    SweepOrders,
    SyncShop,
    WorkOutbox,
)
from saleor_amazon_app.jobs.queue import Handlers, run_worker


def handlers(lines: Connections) -> Handlers:
    """Which journey does which job."""
    return {
        PollStores: partial(polling.poll, lines),
        FetchOrders: noting_failures(lines, partial(orders_in.fetch, lines)),
        FetchOrder: noting_failures(lines, partial(orders_in.fetch_one, lines)),
        PlaceOrders: partial(placing.place, lines),
        FollowOrders: partial(order_changes_in.follow, lines),
        SweepOrders: noting_failures(lines, partial(sweeps.sweep, lines)),
        ReadRefunds: noting_failures(lines, partial(refunds_in.read, lines)),
        ReportProblems: partial(problems.report, lines),
        HandleEvent: partial(events_in.handle, lines),
        PlanOutbox: partial(outbox.plan, lines),
        WorkOutbox: noting_failures(lines, partial(outbox.work, lines)),
        ComparePlaced: partial(outbox.compare, lines),
        SyncShop: partial(shops.sync, lines),
        EraseInShop: partial(retention.erase_in_shop, lines),
    }


async def work(running: Running) -> None:
    """Works off jobs and starts due syncs until cancelled."""
    await shops.have_all_synced(running.lines)
    async with asyncio.TaskGroup() as together:
        clocks = [
            together.create_task(poll(running.lines)),
            together.create_task(tidy_up(running.lines)),
        ]
        try:
            await run_worker(running.database_url, handlers(running.lines))
        finally:
            for clock in clocks:
                clock.cancel()
