"""The command line, one module a family of commands."""

import typer

from saleor_amazon_app.entrypoints.cli.preview import preview

app = typer.Typer(
    name="saleor-amazon",
    help="Amazon as a sales channel of a Saleor shop.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(preview)


@app.callback()
def _root() -> None:
    """Amazon as a sales channel of a Saleor shop."""
