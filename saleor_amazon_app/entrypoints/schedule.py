"""The clock of the app: one tick for all tenants finds the stores that are due."""

import asyncio
from datetime import timedelta

import structlog

from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.events_in import forget_old_events
from saleor_amazon_app.flows.outbox import start_due_outboxes
from saleor_amazon_app.flows.stores import start_due_sweeps, start_due_syncs

_TICK = timedelta(seconds=5)

log = structlog.get_logger(__name__)


async def poll(lines: Connections) -> None:
    """Starts due syncs until cancelled; several processes may do so at once."""
    tick = min(_TICK, lines.pace.sync_every / 5) if lines.pace.sync_every else _TICK
    while True:
        try:
            await start_due_syncs(lines)
            await start_due_sweeps(lines)
            await start_due_outboxes(lines)
            await forget_old_events(lines)
        except Exception:
            # A database that is away for a while must not end the schedule.
            log.exception("schedule_failed")
        await asyncio.sleep(tick.total_seconds())
