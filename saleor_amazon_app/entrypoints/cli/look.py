"""`stores` and `orders`: what the app knows, for people and for machines."""

import json
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from saleor_amazon_app.entrypoints.cli.run import DataDir, read_settings, run
from saleor_amazon_app.entrypoints.cli.tables import print_table

if TYPE_CHECKING:
    from saleor_amazon_app.entrypoints.settings import Settings

State = Literal["NEW", "PLACING", "PLACED", "HELD", "SKIPPED"]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def stores(as_json: Json = False, data_dir: DataDir = None) -> None:
    """List the connected stores with their settings."""
    run(_stores(read_settings(data_dir), as_json=as_json), False)


def orders(
    store: Annotated[str | None, typer.Option(help="Only of the store with this name.")] = None,
    state: Annotated[State | None, typer.Option(help="Only those with this import state.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many a store.")] = 100,
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """List Amazon orders, bought last first, and what became of each."""
    settings = read_settings(data_dir)
    run(_orders(settings, store=store, state=state, limit=limit, as_json=as_json), False)


async def _stores(settings: "Settings", *, as_json: bool) -> None:
    from saleor_amazon_app.entrypoints.listings import read_stores
    from saleor_amazon_app.entrypoints.wiring import running

    async with running(settings) as opened:
        rows = await read_stores(opened.lines)
    if as_json:
        print(json.dumps(rows, indent=2))
        return
    headings = ("Store", "Shop", "Region", "Status", "Last synced", "Placed", "Held")
    cells = (
        (
            row["name"],
            row["shop"],
            row["region"],
            row["status"],
            row["lastSyncedAt"] or "–",
            str(row["orders"]["placed"]),
            ", ".join(f"{code} {n}" for code, n in row["orders"]["held"].items()) or "–",
        )
        for row in rows
    )
    print_table(headings, cells)


async def _orders(
    settings: "Settings", *, store: str | None, state: State | None, limit: int, as_json: bool
) -> None:
    from saleor_amazon_app.entrypoints.listings import read_orders
    from saleor_amazon_app.entrypoints.wiring import running
    from saleor_amazon_app.ledger.orders import ImportState

    only = ImportState(state) if state else None
    async with running(settings) as opened:
        rows = await read_orders(opened.lines, store=store, state=only, limit=limit)
    if as_json:
        print(json.dumps(rows, indent=2))
        return
    headings = ("Bought", "Amazon order", "Saleor order", "Status", "Total", "State", "Why")
    cells = (
        (
            row["purchasedAt"][:16],
            row["amazonOrderId"],
            row["saleorOrderNumber"] or "–",
            row["status"],
            f"{row['total'] or '–'} {row['currency'] or ''}",
            row["importState"],
            "\n".join(reason["message"] for reason in row["reasons"]),
        )
        for row in rows
    )
    print_table(headings, cells)
