"""The only place that decides whether a job that failed is run again, and when."""

import asyncio
import random
from collections.abc import Callable
from datetime import datetime, timedelta

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import Job as QueuedJob

from saleor_amazon_app.core.errors import NeedsMerchant, TryAgainLater
from saleor_amazon_app.core.times import Clock, utc_now

_FIRST_WAIT = timedelta(seconds=5)
_LONGEST_WAIT = timedelta(minutes=15)
_RUNS_OF_A_DEFECT = 3


def next_run(
    error: BaseException,
    *,
    runs_before: int,
    now: datetime,
    chance: Callable[[], float] = random.random,
) -> datetime | None:
    """When to run a failed job again; None: never.

    - Stopped with its worker: at once, somewhere else.
    - `TryAgainLater`: for as long as it takes, at the time it names, else after a wait that
      doubles up to a quarter of an hour.
    - `NeedsMerchant`: never; what the merchant sets right enqueues a new job.
    - Anything else is a defect: twice more, in case it was a passing one.

    Up to a tenth is added to every wait, so that jobs that failed together do not return together.
    """
    match error:
        case asyncio.CancelledError() | JobAborted():
            return now
        case NeedsMerchant():
            return None
        case TryAgainLater(after=timedelta() as after):
            wait = after
        case TryAgainLater():
            wait = _doubled(runs_before)
        case _ if runs_before + 1 < _RUNS_OF_A_DEFECT:
            wait = _doubled(runs_before)
        case _:
            return None
    return now + wait * (1 + chance() / 10)


def _doubled(times: int) -> timedelta:
    doublings: int = 2 ** min(times, 16)
    return min(_FIRST_WAIT * doublings, _LONGEST_WAIT)


class Policy(BaseRetryStrategy):
    """`next_run` as the queue's library asks for it."""

    def __init__(self, clock: Clock = utc_now) -> None:
        self._clock = clock

    def get_retry_decision(
        self, *, exception: BaseException, job: QueuedJob
    ) -> RetryDecision | None:
        """Answers for the run that just failed."""
        moment = next_run(exception, runs_before=job.attempts, now=self._clock())
        return None if moment is None else RetryDecision(retry_at=moment)
