"""The clock of the app: one tick for all tenants finds what is due, another what is over."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import structlog

from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.events_in import forget_old_events
from saleor_amazon_app.flows.outbox import start_due_outboxes
from saleor_amazon_app.flows.retention import (
    erase_due_buyers,
    forget_lost_shops,
    start_due_erasures,
)
from saleor_amazon_app.flows.stores import start_due_sweeps, start_due_syncs

_TICK = timedelta(seconds=5)
_TIDY_UP_EVERY = timedelta(minutes=1)

log = structlog.get_logger(__name__)


async def poll(lines: Connections) -> None:
    """Starts due syncs until cancelled; several processes may do so at once."""
    tick = min(_TICK, lines.pace.sync_every / 5) if lines.pace.sync_every else _TICK
    await _repeat(lines, tick, (start_due_syncs, start_due_sweeps, start_due_outboxes))


async def tidy_up(lines: Connections) -> None:
    """Ends what is kept too long until cancelled: events, buyers, shops that lost the app."""
    over = (forget_old_events, erase_due_buyers, start_due_erasures, forget_lost_shops)
    await _repeat(lines, _TIDY_UP_EVERY, over)


async def _repeat(
    lines: Connections,
    every: timedelta,
    steps: Sequence[Callable[[Connections], Awaitable[int]]],
) -> None:
    while True:
        try:
            for step in steps:
                await step(lines)
        except Exception:
            # A database that is away for a while must not end the schedule.
            log.exception("schedule_failed")
        await asyncio.sleep(every.total_seconds())
