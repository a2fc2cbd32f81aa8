"""Brings a database to the schema this version needs: `saleor-amazon migrate`, and every start."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import NullPool, create_engine, make_url, text

# One number of our own: whoever holds this advisory lock migrates, the others wait and find
# nothing left to do.
_ONE_AT_A_TIME = 7_262_026
_WAIT_FOR_MIGRATION = "5min"
_WAIT_FOR_TABLE = "10s"


def upgrade(database_url: str) -> None:
    """Applies the revisions that are missing, all of them or none.

    Two processes may start at once. A table that somebody keeps locked makes it fail after ten
    seconds instead of stopping the shop's orders behind it.
    """
    with _alembic(database_url) as config:
        command.upgrade(config, "head")


def is_in_step(database_url: str) -> bool:
    """Tells whether every revision is applied and leads to exactly the ledger's tables."""
    with _alembic(database_url) as config:
        try:
            command.check(config)
        except CommandError:
            return False
    return True


@contextmanager
def _alembic(database_url: str) -> Iterator[Config]:
    engine = create_engine(
        make_url(database_url).set(drivername="postgresql+psycopg"),
        poolclass=NullPool,
        connect_args={"connect_timeout": 10},
    )
    with engine.begin() as connection:
        connection.execute(text(f"SET LOCAL lock_timeout = '{_WAIT_FOR_MIGRATION}'"))
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})"))
        connection.execute(text(f"SET LOCAL lock_timeout = '{_WAIT_FOR_TABLE}'"))
        # Alembic reports to stdout, which belongs to the command's own answer.
        config = Config(stdout=StringIO())
        config.set_main_option("script_location", str(Path(__file__).parent))
        config.attributes["connection"] = connection
        yield config
