"""The queue: jobs enqueued in the transaction that makes them necessary, run by any worker.

The queue is a set of tables beside the ledger's. A worker that dies leaves its jobs marked as
running; the sweep of any living worker takes them over. A job can therefore run twice, and every
step of a flow must bear that.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

import structlog
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import Job as QueuedJob
from procrastinate.jobs import Status
from procrastinate.manager import JobManager
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from saleor_amazon_app.core.errors import NeedsMerchant, TryAgainLater
from saleor_amazon_app.jobs.kinds import NAMES, PRIORITIES, Job, arguments_of, job_of
from saleor_amazon_app.jobs.policy import Policy

# Each handler takes its own kind of job, which no common type of all of them can say.
Handler = Callable[[Any], Awaitable[None]]
Handlers = Mapping[type[Job], Handler]

_SWEEP_EVERY = timedelta(seconds=5)
_HEARTBEAT_EVERY = timedelta(seconds=5)
_DEAD_AFTER = timedelta(seconds=30)
_LOOK_FOR_DUE_EVERY = timedelta(seconds=1)

# The row stays locked until the transaction ends. A worker passes over a locked job, so that it
# cannot start the job before what it is to see has been committed.
_START_BY = """
    UPDATE procrastinate_jobs
    SET scheduled_at = CASE
        WHEN scheduled_at IS NULL OR %(moment)s::timestamptz IS NULL THEN NULL
        ELSE least(scheduled_at, %(moment)s)
    END
    WHERE queueing_lock = %(queueing_lock)s AND status = 'todo'
    RETURNING id
"""

_log = structlog.get_logger()
# Enqueuing needs no connection of its own: it borrows the caller's.
_ENQUEUER = App(connector=PsycopgConnector())


async def enqueue(
    session: AsyncSession,
    job: Job,
    *,
    schedule_at: datetime | None = None,
    queueing_lock: str | None = None,
) -> bool:
    """Adds a job in the caller's transaction: without its commit there is no job.

    Args:
        session: the transaction.
        job: what to do.
        schedule_at: not before this moment; None: at once.
        queueing_lock: at most one job with this name waits; a running one may be past it all.

    Returns:
        False when a job with that lock waits already; it serves for the new one, no later than
        that would have started and not before the caller's commit.
    """
    connection = await session.connection()
    driver = (await connection.get_raw_connection()).driver_connection
    deferrer = _ENQUEUER.configure_task(
        NAMES[type(job)],
        schedule_at=schedule_at,
        queueing_lock=queueing_lock,
        priority=PRIORITIES.get(type(job), 0),
        connection=driver,
    )
    if queueing_lock is None:
        await deferrer.defer_async(**arguments_of(job))
        return True
    asking = _ENQUEUER.connector.execute_query_all_async_with_connection
    while True:
        # Without the savepoint a job refused for its lock would abort the transaction.
        with suppress(AlreadyEnqueued):
            async with connection.begin_nested():
                await deferrer.defer_async(**arguments_of(job))
            return True
        if await asking(driver, _START_BY, queueing_lock=queueing_lock, moment=schedule_at):
            return False


async def waiting(session: AsyncSession, queueing_locks: Collection[str]) -> frozenset[str]:
    """Those of the locks with which a job waits already; for many, cheaper than to try each."""
    found = await session.scalars(
        text(
            "SELECT queueing_lock FROM procrastinate_jobs"
            " WHERE queueing_lock = ANY(:locks) AND status = 'todo'"
        ),
        {"locks": list(queueing_locks)},
    )
    return frozenset(found)


async def unfinished(session: AsyncSession) -> int:
    """How many jobs run or wait, those scheduled for later included."""
    count: int = (
        await session.execute(
            text("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")
        )
    ).scalar_one()
    return count


async def run_worker(
    database_url: str,
    handlers: Handlers,
    *,
    concurrency: int = 4,
    until_idle: bool = False,
    finish_within: timedelta = timedelta(seconds=20),
) -> None:
    """Runs jobs until cancelled; then lets the running ones finish, or hands them back.

    Args:
        database_url: as PostgreSQL's own tools read it.
        handlers: what to do for each kind of job.
        concurrency: how many jobs run at once.
        until_idle: return as soon as no job is due; those scheduled for later are not awaited.
        finish_within: how long running jobs are waited for when the worker is cancelled.
    """
    async with _open(database_url, handlers) as app:
        await take_over_stalled(app.job_manager)
        sweep = asyncio.create_task(_sweep(app.job_manager), name="sweep of stalled jobs")
        try:
            while True:
                await app.run_worker_async(
                    concurrency=concurrency,
                    wait=not until_idle,
                    listen_notify=not until_idle,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                    fetch_job_polling_interval=_LOOK_FOR_DUE_EVERY.total_seconds(),
                    update_heartbeat_interval=_HEARTBEAT_EVERY.total_seconds(),
                    stalled_worker_timeout=_DEAD_AFTER.total_seconds(),
                    shutdown_graceful_timeout=finish_within.total_seconds(),
                )
                if not until_idle or not await _any_due(app):
                    return
        finally:
            sweep.cancel()


async def take_over_stalled(manager: JobManager) -> int:
    """Puts the jobs of dead workers back into the queue and tells how many there were."""
    stalled = list(
        await manager.get_stalled_jobs(seconds_since_heartbeat=_DEAD_AFTER.total_seconds())
    )
    for job in stalled:
        try:
            await manager.retry_job(job)
        except ConnectorException:
            # Another worker's sweep was faster.
            continue
        _log.warning("job_taken_over", job=job.task_name, **job.task_kwargs)
    return len(stalled)


class _Manager(JobManager):
    """The library's manager, with an answer to one case that it leaves open."""

    async def retry_job(
        self,
        job: QueuedJob,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """Puts a job back, unless another with its queueing lock waits: that one does its work.

        The library would fail on the unique lock and leave the job marked as running for ever.
        """
        while True:
            try:
                return await super().retry_job(job, retry_at, priority, queue, lock)
            except UniqueViolation:
                waiting = await self.connector.execute_query_all_async(
                    _START_BY, queueing_lock=job.queueing_lock, moment=retry_at
                )
            if waiting:
                return await self.finish_job(job, Status.ABORTED, delete_job=True)


@asynccontextmanager
async def _open(database_url: str, handlers: Handlers) -> AsyncIterator[App]:
    app = App(connector=PsycopgConnector(conninfo=database_url, min_size=1, max_size=4))
    app.job_manager = _Manager(app.connector)
    for kind, handler in handlers.items():
        app.task(name=NAMES[kind], retry=Policy())(_task(kind, handler))
    async with app.open_async():
        yield app


def _task(kind: type[Job], handler: Handler) -> Callable[..., Awaitable[None]]:
    async def run(**arguments: Any) -> None:
        with structlog.contextvars.bound_contextvars(job=NAMES[kind], **arguments):
            try:
                await handler(job_of(kind, arguments))
            except NeedsMerchant as error:
                # The flow has told the merchant; for the queue the job is done.
                _log.warning("job_needs_merchant", key=error.key)
            except TryAgainLater as error:
                _log.warning("job_put_off", why=str(error))
                raise

    return run


async def _sweep(manager: JobManager) -> None:
    while True:
        await asyncio.sleep(_SWEEP_EVERY.total_seconds())
        try:
            await take_over_stalled(manager)
        except ConnectorException:
            _log.exception("sweep_failed")


async def _any_due(app: App) -> bool:
    row = await app.connector.execute_query_one_async(
        """
        SELECT EXISTS (
            SELECT FROM procrastinate_jobs
            WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())
        ) AS due
        """
    )
    return bool(row["due"])
