"""`sync`, `retry`, `activate`, `deactivate` and `disconnect`: staff look after a store."""

import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer

from saleor_amazon_app.entrypoints.cli.run import DataDir, read_settings, run

if TYPE_CHECKING:
    from saleor_amazon_app.entrypoints.settings import Settings
    from saleor_amazon_app.flows.connections import Connections
    from saleor_amazon_app.ledger.stores import Store

StoreName = Annotated[str, typer.Argument(help="Name or id of the store.", metavar="STORE")]


def sync(store: StoreName, data_dir: DataDir = None) -> None:
    """Have a store read now instead of at its next time; a running worker does it."""
    from saleor_amazon_app.flows.stores import sync_now

    _with_store(data_dir, store, sync_now, "{} is read as soon as a worker is free.")


def activate(store: StoreName, data_dir: DataDir = None) -> None:
    """Switch a store on again; what came meanwhile is read."""
    from saleor_amazon_app.flows.stores import activate as switch_on

    _with_store(data_dir, store, switch_on, "{} is active.")


def deactivate(store: StoreName, data_dir: DataDir = None) -> None:
    """Stop all work for a store and keep everything."""
    from saleor_amazon_app.flows.stores import deactivate as switch_off

    _with_store(data_dir, store, switch_off, "{} is inactive; nothing of it was deleted.")


def disconnect(
    store: StoreName,
    confirm: Annotated[
        str | None, typer.Option(help="The store's name again, to be sure; else it is asked for.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Delete a store with its tokens, buyers and orders; host orders stay."""
    run(_disconnect(read_settings(data_dir), store, confirm), False)


def retry(
    order: Annotated[
        str | None, typer.Argument(help="An Amazon order number; left out, all held orders.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Look at held orders again at once; a running worker places those that can be."""
    run(_retry(read_settings(data_dir), order), False)


def _with_store(
    data_dir: DataDir,
    name: str,
    act: "Callable[[Connections, Store], Awaitable[None]]",
    done: str,
) -> None:
    run(_act(read_settings(data_dir), name, act, done), False)


async def _act(
    settings: "Settings",
    name: str,
    act: "Callable[[Connections, Store], Awaitable[None]]",
    done: str,
) -> None:
    from saleor_amazon_app.entrypoints.wiring import running
    from saleor_amazon_app.flows.stores import find_store

    async with running(settings) as opened:
        store = await find_store(opened.lines, name)
        await act(opened.lines, store)
    print(done.format(store.name))


async def _disconnect(settings: "Settings", name: str, confirm: str | None) -> None:
    from saleor_amazon_app.entrypoints.wiring import running
    from saleor_amazon_app.flows.stores import disconnect as delete
    from saleor_amazon_app.flows.stores import find_store

    async with running(settings) as opened:
        store = await find_store(opened.lines, name)
        if (confirm or typer.prompt("Type the store's name to delete it")) != store.name:
            print("The names differ; nothing was deleted.", file=sys.stderr)
            raise typer.Exit(2)
        await delete(opened.lines, store)
    print(f"{store.name} is disconnected and its data deleted.")


async def _retry(settings: "Settings", order: str | None) -> None:
    from saleor_amazon_app.core.ids import AmazonOrderId
    from saleor_amazon_app.entrypoints.wiring import running
    from saleor_amazon_app.flows.stores import retry_held

    async with running(settings) as opened:
        number = await retry_held(opened.lines, AmazonOrderId(order) if order else None)
    if order and not number:
        print(f"{order} is not held by a store that works; `saleor-amazon orders` tells more.")
        raise typer.Exit(1)
    print(f"{number} held order{'' if number == 1 else 's'} will be looked at again.")
