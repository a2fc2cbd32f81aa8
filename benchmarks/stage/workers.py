"""Workers as processes of their own, on the database of a benchmark.

Run as a program this is such a worker: it does what is in the queue, as few jobs at once as it is
told to. It fetches nothing by itself, unless it is told where Amazon is.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TypeVar

from pydantic import SecretStr

from saleor_amazon_app.entrypoints import logs
from saleor_amazon_app.entrypoints.schedule import poll, tidy_up
from saleor_amazon_app.entrypoints.settings import Settings
from saleor_amazon_app.entrypoints.wiring import running
from saleor_amazon_app.entrypoints.worker import handlers
from saleor_amazon_app.jobs.queue import run_worker

Answer = TypeVar("Answer")
_LOOK_EVERY = 0.1
_PATIENCE = 600.0


async def until(
    ask: Callable[[], Awaitable[Answer]], is_enough: Callable[[Answer], bool]
) -> Answer:
    """Asks until the answer is enough."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        answer = await ask()
        if is_enough(answer):
            return answer
        await asyncio.sleep(_LOOK_EVERY)
    raise SystemExit("The workers do not get on.")


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker's process."""

    popen: subprocess.Popen[bytes]

    def kill(self) -> None:
        """Ends it as a power cut would."""
        self.popen.kill()
        self.popen.wait()


def start_worker(
    stack: ExitStack,
    database_url: str,
    key: SecretStr,
    *,
    jobs_at_once: int = 4,
    amazon_url: str | None = None,
    sync_every_seconds: float = 300,
) -> Worker:
    """Starts a worker that ends with the stack."""
    to_amazon = {
        "SALEOR_AMAZON_SPAPI_URL": amazon_url or "",
        "SALEOR_AMAZON_LWA_URL": amazon_url or "",
        "SALEOR_AMAZON_SYNC_EVERY_SECONDS": str(sync_every_seconds),
    }
    popen = subprocess.Popen(
        [sys.executable, __file__, "--jobs-at-once", str(jobs_at_once)]
        + ["--with-clock"] * bool(amazon_url),
        env=os.environ
        | {
            "DATABASE_URL": database_url,
            "SALEOR_AMAZON_KEY": key.get_secret_value(),
            "SALEOR_AMAZON_ALLOW_LOCAL_SHOPS": "true",
        }
        | to_amazon,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    worker = Worker(popen)
    stack.callback(worker.kill)
    return worker


async def work(jobs_at_once: int, *, with_clock: bool) -> None:
    async with running(Settings(_env_file=None)) as opened, asyncio.TaskGroup() as together:
        if with_clock:
            together.create_task(poll(opened.lines))
            together.create_task(tidy_up(opened.lines))
        await run_worker(opened.database_url, handlers(opened.lines), concurrency=jobs_at_once)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs-at-once", type=int, required=True)
    parser.add_argument("--with-clock", action="store_true")
    given = parser.parse_args()
    logs.set_up()
    asyncio.run(work(given.jobs_at_once, with_clock=given.with_clock))
