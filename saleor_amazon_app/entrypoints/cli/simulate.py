"""`simulate`: a seller or a shop to try the app on, over real HTTP on this machine."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from saleor_amazon_app.entrypoints.cli.run import Port

app = typer.Typer(no_args_is_help=True, help="A seller or a shop to try the app on.")


@app.command()
def amazon(
    port: Port,
    orders: Annotated[
        Path | None, typer.Option(help="Orders 2026-01-01 as JSON: one, a list or an answer.")
    ] = None,
    speed: Annotated[float, typer.Option(min=1, help="Divides all durations.")] = 1,
) -> None:
    """Serve a simulated Amazon seller on 127.0.0.1."""
    from saleor_amazon_app.simulators import amazon as simulated

    try:
        scripted = simulated.load(orders) if orders else ()
    except simulated.UnusableOrderError as unusable:
        print(unusable, file=sys.stderr)
        raise typer.Exit(2) from None
    simulated.serve(simulated.create_amazon(scripted, speed=speed), port=port)
