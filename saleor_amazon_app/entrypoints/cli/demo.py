"""`demo`: the whole product on one machine, with a simulated seller and a simulated shop."""

import asyncio
import json
import os
import sys
import time
import webbrowser
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.core.times import utc_now
from saleor_amazon_app.entrypoints.cli.run import run

if TYPE_CHECKING:
    from saleor_amazon_app.entrypoints.chaos import Chaos
    from saleor_amazon_app.entrypoints.staff import Staff
    from saleor_amazon_app.entrypoints.tryout import TryOut
    from saleor_amazon_app.simulators.world import Verdict, WayBack, World

_APART = timedelta(seconds=2)
_LOOK_EVERY = timedelta(seconds=0.5)
# Far more than a slow machine needs; then whatever is not done counts as a fault.
_PATIENCE = timedelta(minutes=5)
_PATIENCE_PER_ORDER = timedelta(seconds=0.5)
# For what staff did to reach Amazon, after everything was imported.
_PATIENCE_WITH_STAFF = timedelta(minutes=5)
# Twice the longest wait of the app.
_BETTER_WITHIN = timedelta(minutes=2)
_JUDGE_EVERY = timedelta(seconds=2)


def demo(
    once: Annotated[
        bool, typer.Option("--once", help="Import until quiet, report and end.")
    ] = False,
    orders: Annotated[int, typer.Option(min=1, max=100_000, help="How many orders.")] = 300,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other orders.")] = 1,
    speed: Annotated[int, typer.Option(min=1, max=600, help="Divides Amazon's durations.")] = 60,
    chaos: Annotated[
        bool,
        typer.Option("--chaos", help="Meanwhile both sides misbehave and the app is killed twice."),
    ] = False,
    staff: Annotated[
        bool,
        typer.Option("--staff", help="Meanwhile staff ship, cancel and refund what is imported."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Try the app: a simulated seller, a simulated shop and the app between them.

    With --once the exit code is 1 when an order was lost, doubled or placed or held wrongly; with
    --staff also when Amazon does not know what staff did, or knows it twice.
    """
    world = {"orders": orders, "seed": seed, "speed": speed}
    run(_demo(world, once=once, with_chaos=chaos, with_staff=staff, as_json=as_json), False)


async def _demo(
    recipe: Mapping[str, int], *, once: bool, with_chaos: bool, with_staff: bool, as_json: bool
) -> None:
    from saleor_amazon_app.simulators.world import make_world

    # Somebody who watches sees orders arrive; a report or chaos wants them all at once.
    apart = timedelta(0) if once or with_chaos else _APART
    world = make_world(now=utc_now(), apart=apart, **recipe)
    _tell(f"Starting a seller with {world.orders} orders, a shop, and the app …")
    async with AsyncExitStack() as stack:
        tried = await _opened(stack, world, with_chaos=with_chaos)
        if not once:
            await _show(tried.dashboard)
        staff = await _staff(stack, tried) if with_staff else None
        chaos = await _chaos(stack, tried, with_staff=with_staff) if with_chaos else None
        started = time.monotonic()
        await _watch(tried, chaos)
        way_back = await _way_back(tried, staff) if staff else None
        seconds = time.monotonic() - started
        verdict = await _verdict(tried)
        report = await _report(tried, verdict, seconds)
        if way_back:
            report |= _report_of_way_back(way_back)
        if chaos:
            report |= {"kills": chaos.kills, "faults": dict(sorted(chaos.faults.items()))}
        if not once:
            _print_report(report)
            _tell("Orders go on as Amazon changes them. Ctrl-C ends the demo.")
            await asyncio.Event().wait()
    if as_json:
        print(json.dumps(report))
    else:
        _print_report(report)
    for offender in (*verdict.offenders, *(way_back.offenders if way_back else ())):
        typer.secho(offender, fg="red", err=True)
    if not verdict.is_clean or (way_back and not way_back.is_clean):
        raise typer.Exit(1)


async def _opened(stack: AsyncExitStack, world: "World", *, with_chaos: bool) -> "TryOut":
    from saleor_amazon_app.entrypoints.chaos import sweep_every
    from saleor_amazon_app.entrypoints.tryout import try_out

    every = sweep_every(world.orders) if with_chaos else None
    tried = await stack.enter_async_context(try_out(world, sweep_every=every))
    _tell(f"Amazon  {tried.amazon.address}/_simulator/state")
    _tell(f"Saleor  {tried.shop.address}/graphql/")
    _tell(f"App     {tried.app.address}/api/manifest")
    return tried


async def _show(address: str) -> None:
    """Tells where the dashboard is, and opens it where there is somebody to see it."""
    _tell(f"\nOpen {address}\nOrders arrive in it; ship one, and see what Amazon is told.\n")
    screens = {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys()
    if sys.stderr.isatty() and (screens or sys.platform in ("darwin", "win32")):
        # Without a browser it answers False; the address stands above.
        await asyncio.to_thread(webbrowser.open, address)


async def _staff(stack: AsyncExitStack, tried: "TryOut") -> "Staff":
    from saleor_amazon_app.entrypoints.staff import staff_in

    _tell("Staff   ship, cancel and refund what is imported")
    return await stack.enter_async_context(staff_in(tried))


async def _chaos(stack: AsyncExitStack, tried: "TryOut", *, with_staff: bool) -> "Chaos":
    from saleor_amazon_app.entrypoints.chaos import chaos_in

    _tell("Chaos   both sides misbehave; the app is killed twice and stopped once")
    opened = chaos_in(tried, seed=tried.world.seed, with_staff=with_staff)
    return await stack.enter_async_context(opened)


def _tell(words: str) -> None:
    typer.echo(words, err=True)


async def _watch(tried: "TryOut", chaos: "Chaos | None") -> None:
    """Shows how orders are decided until nothing more happens."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    total, settling = tried.world.orders, _Settling(tried, chaos) if chaos else None
    patience = _PATIENCE + (_PATIENCE_PER_ORDER + tried.world.apart) * total
    deadline = time.monotonic() + patience.total_seconds()
    bar = Progress(
        TextColumn("orders decided in chaos" if chaos else "orders decided"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )
    with bar:
        task = bar.add_task("orders", total=total)
        while time.monotonic() < deadline:
            progress = await tried.progress()
            bar.update(task, completed=progress.decided)
            if progress.is_quiet and (settling is None or await settling.is_done()):
                return
            await asyncio.sleep(_LOOK_EVERY.total_seconds())


async def _way_back(tried: "TryOut", staff: "Staff") -> "WayBack":
    """Waits until Amazon knows what staff did, and compares."""
    _tell("Everything is imported; staff finish their work …")
    patience = _PATIENCE_WITH_STAFF + _PATIENCE_PER_ORDER * tried.world.orders
    await staff.settled(within=patience)
    return await staff.compare()


def _report_of_way_back(way_back: "WayBack") -> dict[str, int]:
    return {
        "parcels": way_back.parcels,
        "cancelled": way_back.cancelled,
        "refunds": way_back.refunds,
        "refunded_by_hand": way_back.refunded_by_hand,
        "shipments_missing": way_back.shipments_missing,
        "shipments_twice": way_back.shipments_twice,
        "refunded_too_much": way_back.refunded_too_much,
        "refunded_too_little": way_back.refunded_too_little,
        "refunds_untold": way_back.refunds_untold,
        "cancelled_wrong": way_back.cancelled_wrong,
    }


class _Settling:
    """Waits until all is right again after chaos; what never comes right is given up.

    Held orders count as decided although the cause of some was a trouble that is over: the app
    comes back to them by itself.
    """

    def __init__(self, tried: "TryOut", chaos: "Chaos") -> None:
        self._tried = tried
        self._chaos = chaos
        self._fewest: int | None = None
        self._better_at = utc_now()

    async def is_done(self) -> bool:
        """Whether everything is right, or nothing has become better for long."""
        if self._chaos.over_since is None:
            return False
        await asyncio.sleep(_JUDGE_EVERY.total_seconds())
        faults = (await _verdict(self._tried)).faults
        if self._fewest is None or faults < self._fewest:
            self._fewest, self._better_at = faults, utc_now()
        return faults == 0 or utc_now() - self._better_at > _BETTER_WITHIN


async def _verdict(tried: "TryOut") -> "Verdict":
    """Judges the import, whatever staff did to it afterwards."""
    from saleor_amazon_app.entrypoints.listings import read_orders
    from saleor_amazon_app.simulators.world import (
        Outcome,
        before_staff,
        judge,
        shop_orders_from_json,
    )

    rows = await read_orders(tried.lines)
    outcomes = {
        AmazonOrderId(row["amazonOrderId"]): Outcome(
            row["importState"].lower(), frozenset(reason["code"] for reason in row["reasons"])
        )
        for row in rows
    }
    shop_orders = shop_orders_from_json(await tried.ask(tried.shop, "book"))
    imported = map(before_staff, shop_orders)
    return judge(tried.world.book, shop_orders=imported, outcomes=outcomes)


async def _report(tried: "TryOut", verdict: "Verdict", seconds: float) -> dict[str, Any]:
    """The report as JSON; `Any` because it is JSON."""
    calls: Mapping[str, Any] = json.loads(await tried.ask(tried.amazon, "calls"))
    requests = json.loads(await tried.ask(tried.shop, "requests"))
    return {
        "placed": verdict.placed,
        "held": verdict.held,
        "skipped": verdict.skipped,
        "by_status": (await tried.progress()).by_status,
        "lost": verdict.lost,
        "duplicated": verdict.duplicated,
        "placed_wrongly": verdict.placed_wrongly,
        "wrong_code": verdict.wrong_code,
        "totals_equal": verdict.totals_equal,
        "totals_different": verdict.totals_different,
        "amazon_calls": {operation: told["calls"] for operation, told in calls.items()},
        "host_requests": requests["requests"],
        "seconds": round(seconds, 1),
        "orders_per_second": round(verdict.placed / seconds, 1),
        "peak_memory_mb": tried.app.peak_memory_mb(),
    }


def _print_report(report: Mapping[str, Any]) -> None:
    for name, value in report.items():
        shown = (
            ", ".join(f"{key} {number}" for key, number in value.items())
            if isinstance(value, dict)
            else value
        )
        print(f"{name.replace('_', ' '):18} {shown}")
