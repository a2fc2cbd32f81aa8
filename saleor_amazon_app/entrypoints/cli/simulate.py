"""`simulate`: a seller or a shop to try the app on, over real HTTP on this machine."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from saleor_amazon_app.entrypoints.cli.run import Port

app = typer.Typer(no_args_is_help=True, help="A seller or a shop to try the app on.")

# The recipe of a whole world, which the demo hands to both.
World = Annotated[Path | None, typer.Option(hidden=True)]


@app.command()
def amazon(
    port: Port,
    orders: Annotated[
        Path | None, typer.Option(help="Orders 2026-01-01 as JSON: one, a list or an answer.")
    ] = None,
    speed: Annotated[int, typer.Option(min=1, help="Divides all durations.")] = 1,
    world: World = None,
) -> None:
    """Serve a simulated Amazon seller on 127.0.0.1."""
    from saleor_amazon_app.simulators import amazon as simulated
    from saleor_amazon_app.simulators import world as worlds

    if world:
        seller = worlds.open_amazon(worlds.world_from_json(world.read_bytes()))
    else:
        try:
            scripted = simulated.load(orders) if orders else ()
        except simulated.UnusableOrderError as unusable:
            print(unusable, file=sys.stderr)
            raise typer.Exit(2) from None
        seller = simulated.create_amazon(scripted, speed=speed)
    simulated.serve(seller, port=port)


@app.command()
def saleor(
    port: Port,
    seed: Annotated[Path | None, typer.Option(help="What the shop has, as JSON.")] = None,
    latency: Annotated[
        Literal["none", "real"], typer.Option(help="Take as long as a real shop takes.")
    ] = "none",
    amazon_url: Annotated[
        str | None, typer.Option(help="A simulated Amazon to show beside each order.")
    ] = None,
    world: World = None,
) -> None:
    """Serve a simulated Saleor shop on 127.0.0.1, with a small dashboard at /dashboard/."""
    from saleor_amazon_app.simulators import saleor as simulated
    from saleor_amazon_app.simulators import world as worlds

    planted = None
    if world:
        planted = worlds.world_from_json(world.read_bytes()).shop
    elif seed:
        try:
            planted = simulated.seed_from_json(seed.read_bytes())
        except (OSError, ValueError) as unusable:
            print(f"{seed}: {str(unusable).splitlines()[0]}", file=sys.stderr)
            raise typer.Exit(2) from None
    shop = simulated.create_shop(planted, latency=latency, amazon_url=amazon_url)
    simulated.serve(shop, port=port)
