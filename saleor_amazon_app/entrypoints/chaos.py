"""Chaos on purpose: while orders flow both sides misbehave, and the app is killed and stopped.

What happens and when comes out of a seed; what it meets on its way does not, so no two runs of a
seed are the same. Whatever was broken is mended in the end, for then every order must be right.
"""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from random import Random

from saleor_amazon_app.core.times import utc_now
from saleor_amazon_app.entrypoints.troubles import (
    LASTING,
    MOMENTARY,
    RARE,
    WITH_STAFF,
    Stage,
    Trouble,
)
from saleor_amazon_app.entrypoints.tryout import TryOut, wait_for
from saleor_amazon_app.flows.stores import activate
from saleor_amazon_app.ledger import installations, stores
from saleor_amazon_app.ledger.stores import StoreStatus

# The part of the orders and of the kinds of trouble, or of the time below, after which everything
# works again.
_ENOUGH = 0.85
_LONGEST = timedelta(seconds=30)
_LONGEST_PER_ORDER = timedelta(seconds=0.05)
# Sweeping costs a call for every hundred orders, of which the simulated Amazon gives one in 3 s.
_SWEEP_EVERY = timedelta(seconds=15)
_SWEEP_EVERY_PER_ORDER = timedelta(seconds=0.015)
_LOOK_EVERY = timedelta(seconds=0.5)
_BETWEEN_TROUBLES = (0.4, 1.6)
_LASTING_AT_ONCE = 3
_STOPPED_FOR = (4.0, 9.0)


class Chaos:
    """Chaos in one try-out.

    Attributes:
        kills: how often the app was killed in the middle of its work.
        faults: how often each trouble was made.
    """

    def __init__(self, tried: TryOut, *, seed: int, with_staff: bool) -> None:
        self.kills = 0
        self.faults: Counter[str] = Counter()
        self._tried = tried
        self._stage = Stage(tried)
        self._seed = seed
        self._troubles = (*MOMENTARY, *LASTING, *(WITH_STAFF if with_staff else ()))
        self._begun = 0
        self._done = 0.0
        self._progress = asyncio.Condition()
        self._over_since: datetime | None = None
        self._working = asyncio.create_task(self._run())

    @property
    def over_since(self) -> datetime | None:
        """Since when everything works again; None before.

        Raises:
            Exception: what kept the chaos from going on.
        """
        if self._working.done():
            self._working.result()
        return self._over_since

    async def end(self) -> None:
        """Ends it at once; nothing is mended."""
        self._working.cancel()
        await asyncio.gather(self._working, return_exceptions=True)

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as together:
            together.create_task(self._watch_staff())
            async with asyncio.TaskGroup() as under_way:
                under_way.create_task(self._observe())
                under_way.create_task(self._end_processes(self._random("processes")))
                under_way.create_task(self._make_troubles(self._random("troubles")))
            await self._stage.mend()
            self._over_since = utc_now()

    def _random(self, purpose: str) -> Random:
        return Random(f"{self._seed}/chaos/{purpose}")

    async def _observe(self) -> None:
        """Keeps count of how far the orders and the troubles are; each kind of these comes once.

        Some orders do not outlast a single trouble; some troubles leave no order to go on with.
        """
        total, began = self._tried.world.orders, utc_now()
        longest = _LONGEST + _LONGEST_PER_ORDER * total
        while self._done < _ENOUGH:
            decided = (await self._tried.progress()).decided
            met = min(decided / total, self._begun / len(self._troubles))
            async with self._progress:
                self._done = max(self._done, met, (utc_now() - began) / longest)
                self._progress.notify_all()
            await asyncio.sleep(_LOOK_EVERY.total_seconds())

    async def _reached(self, share: float) -> None:
        async with self._progress:
            await self._progress.wait_for(lambda: self._done >= share)

    async def _make_troubles(self, rng: Random) -> None:
        """One trouble after another until it is enough; each kind comes once in every round."""
        gate = asyncio.Semaphore(_LASTING_AT_ONCE)
        async with asyncio.TaskGroup() as lasting:
            round_: list[Trouble] = []
            rare = list(RARE)
            while self._done < _ENOUGH:
                if not round_:
                    round_ = [*self._troubles, *rare]
                    rare = []
                    rng.shuffle(round_)
                trouble = round_.pop()
                work = self._make(trouble, Random(rng.random()), gate)
                lasting.create_task(work)
                self._begun += 1
                await asyncio.sleep(rng.uniform(*_BETWEEN_TROUBLES))

    async def _make(self, trouble: Trouble, rng: Random, gate: asyncio.Semaphore) -> None:
        if trouble not in LASTING:
            self.faults[trouble.__name__] += await trouble(self._stage, rng)
        elif not gate.locked():
            async with gate:
                self.faults[trouble.__name__] += await trouble(self._stage, rng)

    async def _end_processes(self, rng: Random) -> None:
        """Kills the app twice and stops it once, at random moments of its work."""
        acts = [
            (rng.uniform(0.05, 0.35), self._kill),
            (rng.uniform(0.4, 0.7), self._kill),
            (rng.uniform(0.2, 0.7), self._stop),
        ]
        for share, act in sorted(acts, key=lambda each: each[0]):
            await self._reached(share)
            await asyncio.sleep(rng.uniform(0, 1))
            await act(rng)

    async def _kill(self, _rng: Random) -> None:
        self._tried.app.kill_and_restart()
        self.kills += 1
        await wait_for(self._tried.http, self._tried.app, "/health")

    async def _stop(self, rng: Random) -> None:
        stopped = self._tried.app.popen
        stopped.send_signal(signal.SIGSTOP)
        try:
            await asyncio.sleep(rng.uniform(*_STOPPED_FOR))
        finally:
            stopped.send_signal(signal.SIGCONT)
        self.faults["app_stopped"] += 1

    async def _watch_staff(self) -> None:
        """Switches stores on again, as staff do when the app says that one has lost its consent."""
        while True:
            await asyncio.sleep(1)
            for store in await self._lost_stores():
                if store.seller_id not in self._stage.locked_out:
                    await activate(self._tried.lines, store)
                    self.faults["store_activated_again"] += 1

    async def _lost_stores(self) -> list[stores.Store]:
        async with self._tried.lines.database.transaction() as session:
            return [
                store
                for shop in await installations.active_installations(session)
                for store in await stores.stores_of(session, shop.id)
                if store.status == StoreStatus.REAUTHORISE
            ]


def sweep_every(orders: int) -> timedelta:
    """How often to look for what no list showed: chaos hides it, and a day is a long time."""
    return _SWEEP_EVERY + _SWEEP_EVERY_PER_ORDER * orders


@asynccontextmanager
async def chaos_in(tried: TryOut, *, seed: int, with_staff: bool = False) -> AsyncIterator[Chaos]:
    """Chaos for as long as the context is open; it mends everything by itself before that.

    Args:
        tried: where.
        seed: another seed, other troubles.
        with_staff: whether staff work, so that what they do meets troubles of its own.
    """
    chaos = Chaos(tried, seed=seed, with_staff=with_staff)
    try:
        yield chaos
    finally:
        await chaos.end()
