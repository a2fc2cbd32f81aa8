"""`outbox`: what Amazon was told, what it answered, and sending something once more."""

import json
import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from saleor_amazon_app.entrypoints.cli.look import Json
from saleor_amazon_app.entrypoints.cli.run import DataDir, read_settings, run
from saleor_amazon_app.entrypoints.cli.tables import print_table

if TYPE_CHECKING:
    from saleor_amazon_app.entrypoints.settings import Settings

State = Literal["WAITING", "PLANNED", "SENDING", "ACCEPTED", "CONFIRMED", "REFUSED", "UNKNOWN"]


def outbox(
    retry: Annotated[
        int | None,
        typer.Option(
            metavar="ID", help="Send this one again, after reading at Amazon that it was not done."
        ),
    ] = None,
    state: Annotated[State | None, typer.Option(help="Only those in this state.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 100,
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """List parcels, cancellations and refunds told to Amazon, newest first, and how far each is."""
    settings = read_settings(data_dir)
    if retry is not None:
        run(_retry(settings, retry), False)
    else:
        run(_list(settings, state=state, limit=limit, as_json=as_json), False)


async def _retry(settings: "Settings", row_id: int) -> None:
    from saleor_amazon_app.core.errors import AppError
    from saleor_amazon_app.entrypoints.wiring import running
    from saleor_amazon_app.flows.outbox_desk import retry

    async with running(settings) as opened:
        try:
            state = await retry(opened.lines, row_id)
        except AppError as error:
            print(error, file=sys.stderr)
            raise typer.Exit(1) from None
    done = state == "CONFIRMED"
    print(f"{row_id}: {'Amazon shows it' if done else 'a running worker sends it again'}.")


async def _list(settings: "Settings", *, state: State | None, limit: int, as_json: bool) -> None:
    from saleor_amazon_app.entrypoints.listings import read_outbox
    from saleor_amazon_app.entrypoints.wiring import running
    from saleor_amazon_app.ledger.outbox import OutboxState

    only = OutboxState(state) if state else None
    async with running(settings) as opened:
        rows = await read_outbox(opened.lines, state=only, limit=limit)
    if as_json:
        print(json.dumps(rows, indent=2))
        return
    headings = ("Id", "Store", "Amazon order", "What", "State", "Attempts", "Planned", "Words")
    cells = (
        (
            str(row["id"]),
            row["store"],
            row["amazonOrderId"],
            row["kind"],
            row["state"],
            str(row["attempts"]),
            row["plannedAt"][:16],
            row["words"] or "–",
        )
        for row in rows
    )
    print_table(headings, cells)
