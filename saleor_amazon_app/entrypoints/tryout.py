"""A try-out: a simulated seller, a simulated shop and the app, each its own process on loopback."""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from saleor_amazon_app.core.errors import AppError
from saleor_amazon_app.core.ids import SaleorApiUrl, StoreId
from saleor_amazon_app.core.times import utc_now
from saleor_amazon_app.entrypoints.settings import Settings
from saleor_amazon_app.entrypoints.wiring import running
from saleor_amazon_app.flows.connections import Connections, Pace
from saleor_amazon_app.flows.setup import connect_store
from saleor_amazon_app.ledger import installations, orders, stores
from saleor_amazon_app.ledger.stores import Authorisation, NewStore
from saleor_amazon_app.simulators.amazon import Credentials
from saleor_amazon_app.simulators.world import World
from saleor_amazon_app.simulators.world.sellers import CONNECTED_BEFORE

_START_WITHIN = timedelta(seconds=60)


class TryOutError(AppError):
    """A process of the try-out did not start or ended by itself."""


class Process:
    """One process of the try-out, running from the start."""

    def __init__(
        self, name: str, address: str, log: Path, launch: Callable[[], subprocess.Popen[bytes]]
    ) -> None:
        self.name = name
        self.address = address
        self.log = log
        self.popen = launch()
        self._launch = launch
        self._peak_before = 0.0

    def check(self) -> None:
        """Makes sure that it still runs.

        Raises:
            TryOutError: it ended; its last words are in the message.
        """
        if self.popen.poll() is not None:
            words = self.log.read_text(errors="replace")[-2000:]
            raise TryOutError(f"{self.name} ended by itself:\n{words}")

    def kill_and_restart(self) -> None:
        """Ends it as a power cut does, then starts it again on the same port."""
        self._peak_before = self.peak_memory_mb() or 0.0
        self.popen.kill()
        self.popen.wait()
        self.popen = self._launch()

    def stop(self) -> None:
        """Ends it, politely first."""
        self.popen.terminate()
        try:
            self.popen.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()

    def peak_memory_mb(self) -> float | None:
        """The most memory it ever had; None where the system does not tell."""
        try:
            status = Path(f"/proc/{self.popen.pid}/status").read_text()
        except OSError:
            return None
        kilobytes = next(line.split()[1] for line in status.splitlines() if "VmHWM" in line)
        return max(round(int(kilobytes) / 1024, 1), self._peak_before)


@dataclass(frozen=True, slots=True)
class TryOut:
    """A running try-out.

    Attributes:
        lines: for looking into the app's ledger from here.
    """

    world: World
    amazon: Process
    shop: Process
    app: Process
    lines: Connections
    http: httpx.AsyncClient

    @property
    def dashboard(self) -> str:
        """The address of the simulated shop's dashboard."""
        return f"{self.shop.address}/dashboard/"

    async def ask(self, process: Process, path: str) -> bytes:
        """What a simulator tells about itself.

        Raises:
            TryOutError: it does not run any more.
        """
        process.check()
        response = await self.http.get(f"{process.address}/_simulator/{path}")
        return response.raise_for_status().content

    async def progress(self) -> "Progress":
        """How far the app is."""
        self.app.check()
        state: dict[str, Any] = (
            await self.http.get(self.amazon.address + "/_simulator/state")
        ).json()
        at_amazon: Counter[str] = Counter()
        for seller in state["sellers"]:
            at_amazon.update(seller["byStatus"])
        known: Counter[str] = Counter()
        decided = 0
        async with self.lines.database.transaction() as session:
            for shop in await installations.active_installations(session):
                for store in await stores.stores_of(session, shop.id):
                    store_id = StoreId(store.id)
                    by_status = await orders.counts_by_status(session, store_id)
                    outcomes = await orders.counts_by_outcome(session, store_id)
                    known.update(by_status)
                    decided += sum(by_status.values()) - outcomes.waiting
        return Progress(
            by_status=dict(sorted(known.items())),
            decided=decided,
            is_quiet=(
                decided == known.total()
                and known.total() == at_amazon.total()
                and not any(seller["stepsWaiting"] for seller in state["sellers"])
                and all(known[status] == n for status, n in at_amazon.items() if status)
            ),
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the app is.

    Attributes:
        by_status: orders in the ledger by Amazon's status.
        decided: how many of them are placed, held or skipped in their newest version.
        is_quiet: Amazon will change nothing more and everything is decided.
    """

    by_status: dict[str, int]
    decided: int
    is_quiet: bool


@asynccontextmanager
async def try_out(world: World, *, sweep_every: timedelta | None = None) -> AsyncIterator[TryOut]:
    """Starts everything, installs the app in the shop and connects the sellers.

    Args:
        world: what there is to import.
        sweep_every: the time between two looks for what no list showed, in place of a day
            divided by the world's speed.

    Raises:
        TryOutError: something did not start.
    """
    with ExitStack() as stack:
        home = temporary_home(stack)
        recipe = _written(home / "world.json", world.to_json())
        amazon = start(stack, home, "amazon", *_simulate("amazon", recipe))
        shop = start(
            stack, home, "saleor", *_simulate("saleor", recipe), "--amazon-url", amazon.address
        )
        data_dir = home / "data"
        pace = _pace(world, sweep_every)
        app = _start_app(stack, home, data_dir, pace, amazon_url=amazon.address)
        async with httpx.AsyncClient(timeout=30) as http:
            await wait_for(http, amazon, "/_simulator/state")
            await wait_for(http, shop, "/_simulator/requests")
            await wait_for(http, app, "/health")
            async with running(_settings(data_dir)) as opened:
                tried = TryOut(world, amazon, shop, app, opened.lines, http)
                await _install(tried)
                await _connect(tried, pace)
                yield tried


def _simulate(side: str, recipe: Path) -> tuple[str, ...]:
    return ("simulate", side, "--world", str(recipe))


def _start_app(
    stack: ExitStack, home: Path, data_dir: Path, pace: Pace, *, amazon_url: str
) -> Process:
    return start(
        stack,
        home,
        "app",
        "serve",
        "--data-dir",
        str(data_dir),
        SALEOR_AMAZON_SPAPI_URL=amazon_url,
        SALEOR_AMAZON_LWA_URL=amazon_url,
        SALEOR_AMAZON_SELLER_CENTRAL_URL=amazon_url,
        SALEOR_AMAZON_LWA_APPLICATION_ID=Credentials().application_id,
        SALEOR_AMAZON_LWA_CLIENT_ID=Credentials().client_id,
        SALEOR_AMAZON_LWA_CLIENT_SECRET=Credentials().client_secret,
        SALEOR_AMAZON_ALLOW_LOCAL_SHOPS="true",
        SALEOR_AMAZON_SYNC_EVERY_SECONDS=_seconds(pace.sync_every),
        SALEOR_AMAZON_OVERLAP_SECONDS=_seconds(pace.overlap),
        SALEOR_AMAZON_SWEEP_EVERY_SECONDS=_seconds(pace.sweep_every),
        SALEOR_AMAZON_HOST_MAY_GO_ON_SECONDS=_seconds(pace.host_may_go_on),
        SALEOR_AMAZON_BEAT_SECONDS=_seconds(pace.beat),
    )


def temporary_home(stack: ExitStack) -> Path:
    """A folder in the system's temporary directory, which the database's own user may pass."""
    made = tempfile.TemporaryDirectory(prefix="saleor-amazon-", ignore_cleanup_errors=True)
    home = Path(stack.enter_context(made))
    home.chmod(0o711)
    return home


def _written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def _settings(data_dir: Path) -> Settings:
    """Those of the try-out's own database, whatever the environment of the caller says."""
    unset: dict[str, Any] = {"DATABASE_URL": None, "key": None}
    return Settings(_env_file=None, data_dir=data_dir, allow_local_shops=True, **unset)


def _pace(world: World, sweep_every: timedelta | None) -> Pace:
    """The app's own rhythm, as much faster as the simulated Amazon is."""
    usual = Pace()
    return Pace(
        sync_every=timedelta(minutes=5) / world.speed,
        overlap=usual.overlap / world.speed,
        sweep_every=sweep_every or usual.sweep_every / world.speed,
        host_may_go_on=usual.host_may_go_on / world.speed,
        beat=usual.beat / world.speed,
    )


def _seconds(duration: timedelta | None) -> str:
    return str(duration.total_seconds()) if duration else ""


def start(stack: ExitStack, home: Path, name: str, *command: str, **environment: str) -> Process:
    """Starts a process of this program on a free port; it ends with the stack."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = home / f"{name}.log"
    inherited = {
        key: value
        for key, value in os.environ.items()
        if key != "DATABASE_URL" and not key.startswith("SALEOR_AMAZON_")
    }

    def launch() -> subprocess.Popen[bytes]:
        with log.open("ab") as out:
            return subprocess.Popen(
                [sys.executable, "-m", "saleor_amazon_app", *command, "--port", str(port)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=inherited | environment,
                cwd=home,
            )

    process = Process(name, f"http://127.0.0.1:{port}", log, launch)
    stack.callback(process.stop)
    return process


async def wait_for(http: httpx.AsyncClient, process: Process, path: str) -> None:
    """Waits until a process answers.

    Raises:
        TryOutError: it ended, or does not answer in time.
    """
    deadline = utc_now() + _START_WITHIN
    while utc_now() < deadline:
        process.check()
        try:
            if (await http.get(process.address + path)).is_success:
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.1)
    raise TryOutError(f"{process.name} does not answer at {process.address}")


async def _install(tried: TryOut) -> None:
    """Installs the app as staff of the shop do, by the address of its manifest."""
    answer = await tried.http.post(
        f"{tried.shop.address}/_simulator/install",
        json={"manifest_url": f"{tried.app.address}/api/manifest"},
    )
    if not answer.is_success:
        raise TryOutError(f"The shop could not install the app: {answer.text[:500]}")


async def _connect(tried: TryOut, pace: Pace) -> None:
    connected_at = tried.world.now - CONNECTED_BEFORE
    # The first sweep is due when one would be had the store been connected now.
    pace = replace(pace, sweep_every=pace.sweep_every + CONNECTED_BEFORE)
    lines = replace(tried.lines, clock=lambda: connected_at, pace=pace)
    client = Credentials()
    for seller in tried.world.sellers:
        await connect_store(
            lines,
            SaleorApiUrl(f"{tried.shop.address}/graphql/"),
            NewStore(
                name=seller.name,
                region=seller.region,
                marketplaces=seller.marketplaces,
                authorisation=Authorisation(
                    lwa_client_id=client.client_id,
                    lwa_client_secret=SecretStr(client.client_secret),
                    refresh_token=SecretStr(seller.refresh_token),
                ),
                seller_id=seller.seller_id,
            ),
            seller.choices,
        )
