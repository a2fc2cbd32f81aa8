"""The command line, one module a family of commands.

A command imports what it runs on when it is run: databases and web servers take seconds to load,
and `preview` or `--help` need none of them.
"""

import typer

from saleor_amazon_app.entrypoints.cli.connect import check, connect, reauthorise
from saleor_amazon_app.entrypoints.cli.demo import demo
from saleor_amazon_app.entrypoints.cli.look import orders, stores
from saleor_amazon_app.entrypoints.cli.manage import activate, deactivate, disconnect, retry, sync
from saleor_amazon_app.entrypoints.cli.outbox import outbox
from saleor_amazon_app.entrypoints.cli.preview import preview
from saleor_amazon_app.entrypoints.cli.run import migrate, new_key, reencrypt, serve, web, worker
from saleor_amazon_app.entrypoints.cli.simulate import app as simulate

app = typer.Typer(
    name="saleor-amazon",
    help="Amazon as a sales channel of a Saleor shop.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (
    demo,
    serve,
    web,
    worker,
    migrate,
    new_key,
    reencrypt,
    connect,
    reauthorise,
    check,
    stores,
    orders,
    outbox,
    sync,
    retry,
    activate,
    deactivate,
    disconnect,
    preview,
):
    app.command()(command)
app.add_typer(simulate, name="simulate")


@app.callback()
def _root() -> None:
    """Amazon as a sales channel of a Saleor shop."""
