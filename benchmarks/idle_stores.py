"""What a thousand stores cost of which nothing is new: the worker's processor time, PostgreSQL's.

Each shop has one store, each store a seller of its own without orders. The worker polls them as it
always does, only more often, so that a few minutes tell as much as half an hour: what is always
there is measured alone, then polls of stores that were read before, then polls that need a new
access token, as each store does once an hour. The share of a core at the real interval follows.
`--interval 300` measures that interval itself, for as long as it takes. What is read once or twice
an hour besides, refunds and open orders, is no part of it.
"""

import argparse
import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

import httpx
import psycopg
import uvicorn
from pydantic import SecretStr
from sqlalchemy import func, select, update
from stage import CHANNEL, MARKETPLACE, embedded_database, report
from stage.processors import seconds_of, seconds_of_server, server_of
from stage.workers import start_worker, until

from saleor_amazon_app.core.choices import Choices, ImportInto
from saleor_amazon_app.core.ids import SaleorApiUrl
from saleor_amazon_app.core.marketplaces import Region
from saleor_amazon_app.core.times import utc_now
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.setup import connect_store
from saleor_amazon_app.ledger import installations
from saleor_amazon_app.ledger.access_tokens import AccessTokenRow
from saleor_amazon_app.ledger.installations import Registration
from saleor_amazon_app.ledger.secrets import Cipher, new_key
from saleor_amazon_app.ledger.session import connect
from saleor_amazon_app.ledger.stores import Authorisation, NewStore, Store
from saleor_amazon_app.simulators.amazon import (
    Credentials,
    Operation,
    SimulatedAmazon,
    create_amazon,
)

_REAL_INTERVAL = 300
_TOKEN_LIVES = 3600
_PORT = 8941
_AMAZON = f"http://127.0.0.1:{_PORT}"
_QUIET_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Taken:
    """Processor time, and the polls that were answered for it."""

    worker: float
    database: float
    polls: int
    seconds: float

    def since(self, before: "Taken") -> "Taken":
        """What was taken after that."""
        return Taken(
            self.worker - before.worker,
            self.database - before.database,
            self.polls - before.polls,
            self.seconds - before.seconds,
        )


@asynccontextmanager
async def served(amazon: SimulatedAmazon) -> AsyncIterator[None]:
    """The simulated Amazon on a port, in this process."""
    server = uvicorn.Server(
        uvicorn.Config(amazon.app, host="127.0.0.1", port=_PORT, log_level="error")
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - the server has no event to wait for
        await asyncio.sleep(0.05)
    yield
    server.should_exit = True
    await serving


async def connect_all(lines: Connections, amazon: SimulatedAmazon, stores: int) -> None:
    """Shops with one store each."""
    account = Credentials()
    settings = Choices(import_into={MARKETPLACE: ImportInto(channel=CHANNEL)})
    for number in range(stores):
        token = f"refresh-{number}"
        amazon.add_seller(f"A{number:06}", refresh_token=token, marketplaces=[MARKETPLACE])
        api_url = SaleorApiUrl(f"https://shop-{number}.example/graphql/")
        registration = Registration(api_url, urlsplit(api_url).netloc, "QXBwOjE=", SecretStr("t"))
        async with lines.database.transaction() as session:
            await installations.install(session, lines.cipher, registration, now=utc_now())
        store = NewStore(
            name="Idle",
            region=Region.NORTH_AMERICA,
            marketplaces=(MARKETPLACE,),
            authorisation=Authorisation(
                account.client_id, SecretStr(account.client_secret), SecretStr(token)
            ),
            seller_id=f"A{number:06}",
        )
        await connect_store(lines, api_url, store, settings)


async def spread(lines: Connections, interval: float) -> None:
    """Makes the stores due one after the other over an interval, from now on; sweeps much later."""
    async with lines.database.transaction() as session:
        ids = list(await session.scalars(select(Store.id).order_by(Store.id)))
        for number, store_id in enumerate(ids):
            due = utc_now() + timedelta(seconds=interval * number / len(ids))
            await session.execute(
                update(Store)
                .where(Store.id == store_id)
                .values(next_sync_at=due, next_sweep_at=due + timedelta(days=1))
            )


async def first_polls_left(lines: Connections) -> int:
    """How many stores were never read."""
    async with lines.database.transaction() as session:
        never = select(func.count()).where(Store.last_synced_at.is_(None))
        return await session.scalar(never) or 0


async def park(lines: Connections) -> None:
    """Makes no store due for as long as this runs."""
    async with lines.database.transaction() as session:
        later = func.now() + timedelta(days=1)
        await session.execute(update(Store).values(next_sync_at=later, next_sweep_at=later))


async def workers_at_work(database_url: str) -> int:
    """How many workers have begun to look for jobs."""
    async with await psycopg.AsyncConnection.connect(database_url) as connection:
        found = await connection.execute("SELECT count(*) FROM procrastinate_workers")
        row = await found.fetchone()
    return int(row[0]) if row else 0


async def measure(database_url: str, stores: int, interval: float) -> tuple[Taken, Taken, Taken]:
    """What is always there, polls of stores that were read before, and such with a new token."""
    key = new_key()
    amazon = create_amazon(marketplaces=[MARKETPLACE])
    database = connect(database_url)
    server = server_of(database_url)
    async with served(amazon), httpx.AsyncClient() as http:
        lines = Connections(database, Cipher.of(key), http, utc_now, shops=http)
        await connect_all(lines, amazon, stores)
        await park(lines)
        with ExitStack() as stack:
            worker = start_worker(
                stack, database_url, key, amazon_url=_AMAZON, sync_every_seconds=interval
            )
            pid = worker.popen.pid

            def taken() -> Taken:
                return Taken(
                    seconds_of(pid),
                    seconds_of_server(server),
                    amazon.calls[Operation.SEARCH_ORDERS],
                    time.monotonic(),
                )

            await until(partial(workers_at_work, database_url), bool)
            await asyncio.sleep(_QUIET_SECONDS / 2)
            begun = taken()
            await asyncio.sleep(_QUIET_SECONDS)
            quiet = taken()
            await spread(lines, interval)
            await until(partial(first_polls_left, lines), lambda left: not left)
            await asyncio.sleep(interval / 2)
            before = taken()
            await asyncio.sleep(interval)
            usual = taken()
            async with lines.database.transaction() as session:
                await session.execute(update(AccessTokenRow).values(expires_at=utc_now()))
            expired = taken()
            await asyncio.sleep(interval)
            ended = taken()
    await database.close()
    return quiet.since(begun), usual.since(before), ended.since(expired)


def share(base: float, usual: float, with_token: float, stores: int) -> float:
    """Percent of a core at the real interval."""
    polls = stores / _REAL_INTERVAL
    tokens = stores / _TOKEN_LIVES
    return round(100 * (base + usual * polls + max(0.0, with_token - usual) * tokens), 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stores", type=int, default=1000)
    parser.add_argument("--interval", type=float, default=100, help="seconds between two polls")
    given = parser.parse_args()
    with embedded_database() as url:
        quiet, usual, renewed = asyncio.run(measure(url, given.stores, given.interval))
    figures = {}
    for name in ("worker", "database"):
        base = getattr(quiet, name) / quiet.seconds
        a_poll, with_token = (
            (getattr(one, name) - base * one.seconds) / max(one.polls, 1)
            for one in (usual, renewed)
        )
        figures[f"{name}_percent"] = share(base, a_poll, with_token, given.stores)
        figures[f"{name}_idle_percent"] = round(100 * base, 2)
        figures[f"{name}_ms_a_poll"] = round(1000 * a_poll, 2)
        figures[f"{name}_ms_with_token"] = round(1000 * with_token, 2)
    report(
        "idle_stores",
        stores=given.stores,
        measured_interval=given.interval,
        polls=usual.polls,
        limit_worker_percent=3,
        **figures,
    )


if __name__ == "__main__":
    main()
