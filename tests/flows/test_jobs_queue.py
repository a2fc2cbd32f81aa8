"""The queue: a job exists when its transaction was committed, and it outlives its worker."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from saleor_amazon_app.core.errors import NeedsMerchant, TryAgainLater
from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.core.times import utc_now
from saleor_amazon_app.jobs.kinds import FetchOrder, FetchOrders, Job, PlaceOrders
from saleor_amazon_app.jobs.queue import Handlers, enqueue, run_worker, unfinished
from saleor_amazon_app.ledger.session import Database

STORE = StoreId(UUID("6b1f4e0a-7c1d-4b53-9d3a-3b7e4f1c2a90"))


class RollBackError(Exception):
    """Ends a transaction without its commit."""


def jobs_in(database_url: str) -> list[tuple[str, str, int]]:
    with psycopg.connect(database_url) as connection:
        rows = connection.execute(
            "SELECT task_name, status::text, attempts FROM procrastinate_jobs ORDER BY id"
        )
        return [(name, status, attempts) for name, status, attempts in rows]


def into(seen: list[Job]) -> Callable[[Job], Awaitable[None]]:
    async def handle(job: Job) -> None:
        seen.append(job)

    return handle


def failing(error: Exception) -> Callable[[Job], Awaitable[None]]:
    async def handle(job: Job) -> None:
        raise error

    return handle


async def test_a_job_arrives_as_it_was_enqueued(empty_database: str, database: Database) -> None:
    # given
    jobs: list[Job] = [
        FetchOrders(STORE),
        FetchOrder(STORE, AmazonOrderId("028-1234567-1234567")),
        PlaceOrders(STORE),
    ]
    async with database.transaction() as session:
        for job in jobs:
            assert await enqueue(session, job) is True
    # when
    seen: list[Job] = []
    handle = into(seen)
    handlers = {FetchOrders: handle, FetchOrder: handle, PlaceOrders: handle}
    await run_worker(empty_database, handlers, concurrency=1, until_idle=True)
    # then: single orders, which come in masses, let the others pass; finished jobs leave no row
    assert seen == [jobs[0], jobs[2], jobs[1]]
    assert jobs_in(empty_database) == []


async def test_without_the_commit_there_is_no_job(empty_database: str, database: Database) -> None:
    async def write_and_fail() -> None:
        async with database.transaction() as session:
            await enqueue(session, FetchOrders(STORE), queueing_lock="fetch")
            raise RollBackError

    with pytest.raises(RollBackError):
        await write_and_fail()
    assert jobs_in(empty_database) == []


async def test_a_taken_queueing_lock_leaves_the_transaction_whole(
    empty_database: str, database: Database
) -> None:
    # given
    async with database.transaction() as session:
        assert await enqueue(session, FetchOrders(STORE), queueing_lock="fetch") is True
    # when: the second is refused between two other writes
    async with database.transaction() as session:
        await enqueue(session, PlaceOrders(STORE))
        assert await enqueue(session, FetchOrders(STORE), queueing_lock="fetch") is False
        await enqueue(session, PlaceOrders(STORE))
    # then
    assert jobs_in(empty_database) == [
        ("fetch_orders", "todo", 0),
        ("place_orders", "todo", 0),
        ("place_orders", "todo", 0),
    ]


async def starts_within(database_url: str, wait: timedelta) -> bool:
    with psycopg.connect(database_url) as connection:
        query = "SELECT coalesce(scheduled_at, now()) - now() FROM procrastinate_jobs"
        [(left,)] = connection.execute(query).fetchall()
    return bool(left <= wait)


async def test_a_waiting_job_is_brought_forward_for_a_more_urgent_one(
    empty_database: str, database: Database
) -> None:
    # given
    minutes = [60, 90, 30]
    for _case, minute in zip(("first", "less urgent", "more urgent"), minutes, strict=True):
        async with database.transaction() as session:
            at = utc_now() + timedelta(minutes=minute)
            await enqueue(session, PlaceOrders(STORE), queueing_lock="place", schedule_at=at)
    assert await starts_within(empty_database, timedelta(minutes=30))
    assert not await starts_within(empty_database, timedelta(minutes=29))
    # when
    async with database.transaction() as session:
        assert await enqueue(session, PlaceOrders(STORE), queueing_lock="place") is False
    # then
    assert await starts_within(empty_database, timedelta(0))
    assert len(jobs_in(empty_database)) == 1


async def test_a_waiting_job_that_serves_a_transaction_does_not_start_before_its_commit(
    empty_database: str, database: Database
) -> None:
    # given
    seen: list[Job] = []
    handlers: Handlers = {PlaceOrders: into(seen)}
    async with database.transaction() as session:
        await enqueue(session, PlaceOrders(STORE), queueing_lock="place")
    # when: a worker looks for jobs while the transaction that counts on this one is open
    async with database.transaction() as session:
        assert await enqueue(session, PlaceOrders(STORE), queueing_lock="place") is False
        worker = asyncio.create_task(run_worker(empty_database, handlers, until_idle=True))
        await asyncio.sleep(0.5)
        assert seen == []
    await asyncio.wait_for(worker, timeout=30)
    # then
    assert seen == [PlaceOrders(STORE)]


async def test_a_job_for_later_waits_and_is_counted(
    empty_database: str, database: Database
) -> None:
    # given
    async with database.transaction() as session:
        await enqueue(session, FetchOrders(STORE), schedule_at=utc_now() + timedelta(hours=1))
    # when
    seen: list[Job] = []
    await run_worker(empty_database, {FetchOrders: into(seen)}, until_idle=True)
    # then
    assert seen == []
    async with database.transaction() as session:
        assert await unfinished(session) == 1


async def test_a_worker_until_idle_runs_what_its_jobs_enqueue(
    empty_database: str, database: Database
) -> None:
    # given
    async def fetch(job: FetchOrders) -> None:
        await asyncio.sleep(0.05)
        async with database.transaction() as session:
            await enqueue(session, PlaceOrders(job.store_id))

    async with database.transaction() as session:
        await enqueue(session, FetchOrders(STORE))
    # when
    seen: list[Job] = []
    await run_worker(empty_database, {FetchOrders: fetch, PlaceOrders: into(seen)}, until_idle=True)
    # then
    assert seen == [PlaceOrders(STORE)]


async def test_try_again_later_waits_for_its_time(empty_database: str, database: Database) -> None:
    # given
    async with database.transaction() as session:
        await enqueue(session, FetchOrders(STORE))
    before = utc_now()
    # when
    error = TryAgainLater("Amazon is busy", after=timedelta(minutes=3))
    await run_worker(empty_database, {FetchOrders: failing(error)}, until_idle=True)
    # then
    assert jobs_in(empty_database) == [("fetch_orders", "todo", 1)]
    with psycopg.connect(empty_database) as connection:
        row = connection.execute("SELECT scheduled_at FROM procrastinate_jobs").fetchone()
    assert row is not None
    assert timedelta(minutes=3) <= row[0] - before <= timedelta(minutes=3, seconds=30)


async def test_what_needs_the_merchant_is_not_tried_again(
    empty_database: str, database: Database
) -> None:
    # given
    async with database.transaction() as session:
        await enqueue(session, FetchOrders(STORE))
    # when
    runs: list[Job] = []

    async def handle(job: FetchOrders) -> None:
        runs.append(job)
        raise NeedsMerchant("amazon-reauthorise", "Authorise the store again")

    await run_worker(empty_database, {FetchOrders: handle}, until_idle=True)
    # then
    assert runs == [FetchOrders(STORE)]
    assert jobs_in(empty_database) == []


async def test_a_defect_is_tried_three_times_then_kept_as_failed_and_logged(
    empty_database: str, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    # given
    async with database.transaction() as session:
        await enqueue(session, FetchOrders(STORE))
    # when
    for _ in range(4):
        await run_worker(
            empty_database, {FetchOrders: failing(ZeroDivisionError("no"))}, until_idle=True
        )
        with psycopg.connect(empty_database) as connection:
            connection.execute("UPDATE procrastinate_jobs SET scheduled_at = now()")
    # then
    assert jobs_in(empty_database) == [("fetch_orders", "failed", 3)]
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == 1
    assert errors[0].exc_info is not None
    assert errors[0].exc_info[0] is ZeroDivisionError


async def test_a_retry_gives_way_to_a_job_that_waits_with_its_lock(
    empty_database: str, database: Database
) -> None:
    # given: while the job runs, the same work is enqueued once more
    async def handle(job: PlaceOrders) -> None:
        async with database.transaction() as session:
            at = utc_now() + timedelta(hours=1)
            assert await enqueue(session, job, queueing_lock="place", schedule_at=at) is True
        raise TryAgainLater("The shop is busy")

    async with database.transaction() as session:
        await enqueue(session, PlaceOrders(STORE), queueing_lock="place")
    # when
    await run_worker(empty_database, {PlaceOrders: handle}, until_idle=True)
    # then: one of them is left, as early as the retry, and none is marked as running for ever
    assert jobs_in(empty_database) == [("place_orders", "todo", 0)]
    assert await starts_within(empty_database, timedelta(seconds=10))


async def test_a_stopped_worker_hands_its_jobs_back(
    empty_database: str, database: Database
) -> None:
    # given
    started = asyncio.Event()

    async def handle(job: FetchOrders) -> None:
        started.set()
        await asyncio.Event().wait()

    async with database.transaction() as session:
        await enqueue(session, FetchOrders(STORE))
    worker = asyncio.create_task(
        run_worker(empty_database, {FetchOrders: handle}, finish_within=timedelta(milliseconds=100))
    )
    await asyncio.wait_for(started.wait(), timeout=30)
    # when
    worker.cancel()
    with pytest.raises(asyncio.CancelledError):
        await worker
    # then
    assert jobs_in(empty_database) == [("fetch_orders", "todo", 1)]


WORKER_THAT_NEVER_ENDS = """
import asyncio, sys
from saleor_amazon_app.jobs.kinds import FetchOrders
from saleor_amazon_app.jobs.queue import run_worker

async def handle(job):
    print("started", flush=True)
    await asyncio.Event().wait()

asyncio.run(run_worker(sys.argv[1], {FetchOrders: handle}))
"""


async def test_the_job_of_a_killed_worker_is_taken_over(
    empty_database: str, database: Database
) -> None:
    # given: a worker process that is killed in the middle of a job
    async with database.transaction() as session:
        await enqueue(session, FetchOrders(STORE), queueing_lock="fetch")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        WORKER_THAT_NEVER_ENDS,
        empty_database,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert await asyncio.wait_for(process.stdout.readline(), timeout=60) == b"started\n"
    os.kill(process.pid, signal.SIGKILL)
    await process.wait()
    assert jobs_in(empty_database) == [("fetch_orders", "doing", 0)]
    # when: its heart has not beaten for longer than a worker's may
    seen: list[Job] = []
    await run_worker(empty_database, {FetchOrders: into(seen)}, until_idle=True)
    assert seen == []
    with psycopg.connect(empty_database) as connection:
        connection.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 seconds'"
        )
    await run_worker(empty_database, {FetchOrders: into(seen)}, until_idle=True)
    # then
    assert seen == [FetchOrders(STORE)]
    assert jobs_in(empty_database) == []
