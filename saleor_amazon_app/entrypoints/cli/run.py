"""`serve`, `web`, `worker`, `migrate`, `new-key` and `reencrypt`: running the app."""

import asyncio
import signal
import sys
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import ValidationError

from saleor_amazon_app.core.errors import AppError

if TYPE_CHECKING:
    from saleor_amazon_app.entrypoints.settings import Settings

Port = Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")]
Host = Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for all.")]
DataDir = Annotated[
    Path | None, typer.Option(help="Where the embedded database and its key are kept.")
]
LogJson = Annotated[bool, typer.Option("--log-json", help="Log one JSON object a line.")]


def serve(
    port: Port = 8010, host: Host = "127.0.0.1", data_dir: DataDir = None, log_json: LogJson = False
) -> None:
    """Run the app whole: web and worker in one process."""
    run(_serve(read_settings(data_dir), host=host, port=port, with_worker=True), log_json)


def web(
    port: Port = 8010, host: Host = "127.0.0.1", data_dir: DataDir = None, log_json: LogJson = False
) -> None:
    """Run only the web part."""
    run(_serve(read_settings(data_dir), host=host, port=port, with_worker=False), log_json)


def worker(data_dir: DataDir = None, log_json: LogJson = False) -> None:
    """Run only a worker; start more of them for more orders."""
    run(_work(read_settings(data_dir)), log_json)


def migrate(data_dir: DataDir = None) -> None:
    """Bring the database to the schema of this version, as every start does."""
    run(_migrate(read_settings(data_dir)), False)


def new_key() -> None:
    """Print a key for SALEOR_AMAZON_KEY."""
    from saleor_amazon_app.ledger import secrets

    print(secrets.new_key().get_secret_value())


def reencrypt(data_dir: DataDir = None) -> None:
    """Encrypt all that is stored with the newest key, so that older ones can go."""
    run(_reencrypt(read_settings(data_dir)), False)


def read_settings(data_dir: Path | None = None) -> "Settings":
    """The settings of the environment; a fault of them in one line, exit code 2."""
    from saleor_amazon_app.entrypoints.settings import Settings

    try:
        return Settings(data_dir=data_dir) if data_dir else Settings()
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(step) for step in fault["loc"])
        print(f"{where}: {fault['msg']}" if where else fault["msg"], file=sys.stderr)
        raise typer.Exit(2) from None


def run(main: Coroutine[Any, Any, None], log_json: bool) -> None:
    """Runs a command to its end; an expected error is one line and exit code 1."""
    from saleor_amazon_app.entrypoints import logs

    logs.set_up(as_json=log_json)
    try:
        with suppress(KeyboardInterrupt, asyncio.CancelledError):
            asyncio.run(_until_told(main))
    except AppError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from None


async def _until_told(main: Coroutine[Any, Any, None]) -> None:
    """Ends in order on SIGTERM too, which is how whoever runs services ends them."""
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    await main


async def _serve(settings: "Settings", *, host: str, port: int, with_worker: bool) -> None:
    import uvicorn

    from saleor_amazon_app.entrypoints.app import create_app
    from saleor_amazon_app.entrypoints.wiring import running
    from saleor_amazon_app.entrypoints.worker import work

    async with running(settings) as opened:
        config = uvicorn.Config(
            create_app(opened.lines, settings),
            host=host,
            port=port,
            log_config=None,
            access_log=False,
            server_header=False,
        )
        server = uvicorn.Server(config)
        # The server ends by itself on SIGTERM and sends it on when it has; by then that is enough.
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, lambda: None)
        if not with_worker:
            await server.serve()
            return
        async with asyncio.TaskGroup() as together:
            working = together.create_task(work(opened))
            await server.serve()
            working.cancel()


async def _work(settings: "Settings") -> None:
    from saleor_amazon_app.entrypoints.wiring import running
    from saleor_amazon_app.entrypoints.worker import work

    async with running(settings) as opened:
        await work(opened)


async def _reencrypt(settings: "Settings") -> None:
    from saleor_amazon_app.amazon.buyer_data import names_in
    from saleor_amazon_app.entrypoints.wiring import running
    from saleor_amazon_app.ledger.rotation import reencrypt as encrypt_anew

    async with running(settings) as opened:
        number = await encrypt_anew(opened.lines.database, opened.lines.cipher, names_in=names_in)
    print(f"{number} values are encrypted with the first key of SALEOR_AMAZON_KEY.")


async def _migrate(settings: "Settings") -> None:
    from saleor_amazon_app.entrypoints.wiring import running

    async with running(settings):
        print("The database is up to date.", file=sys.stderr)
