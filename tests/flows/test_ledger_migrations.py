"""The schema: made from nothing, by several at once, and exactly what the modules describe."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from saleor_amazon_app.migrations.run import is_in_step, upgrade


@pytest.fixture
def bare_database(server_url: str) -> Iterator[str]:
    """A database without tables, on the session's server."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE bare")
        yield server_url.replace("/postgres?", "/bare?")
        connection.execute("DROP DATABASE bare WITH (FORCE)")


def tables_in(database_url: str) -> set[str]:
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {name for (name,) in rows}


def test_up_from_empty_leads_to_exactly_the_tables_of_the_ledger(bare_database: str) -> None:
    # given
    assert tables_in(bare_database) == set()
    assert not is_in_step(bare_database)
    # when
    upgrade(bare_database)
    # then
    assert is_in_step(bare_database)
    assert {name for name in tables_in(bare_database) if not name.startswith("procrastinate_")} == {
        "access_tokens",
        "alembic_version",
        "booked_refunds",
        "buckets",
        "buyer_words",
        "buyers",
        "choices",
        "communication_errors",
        "consents",
        "cursors",
        "former_buyers",
        "history",
        "host_copies",
        "inbox",
        "installations",
        "journal",
        "orders",
        "outbox",
        "problems",
        "stores",
    }
    assert "procrastinate_jobs" in tables_in(bare_database)


def test_a_table_that_differs_is_noticed(bare_database: str) -> None:
    upgrade(bare_database)
    with psycopg.connect(bare_database) as connection:
        connection.execute("ALTER TABLE orders DROP COLUMN ship_by")
    assert not is_in_step(bare_database)


def test_processes_that_start_at_once_migrate_once(bare_database: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(upgrade, [bare_database] * 4))
    assert is_in_step(bare_database)
    with psycopg.connect(bare_database) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
            ("0002",)
        ]


def test_a_revision_that_fails_leaves_nothing_half_done(bare_database: str) -> None:
    # given: the second revision meets a table of its name
    with psycopg.connect(bare_database) as connection:
        connection.execute("CREATE TABLE procrastinate_jobs (id int)")
    # when
    with pytest.raises(psycopg.errors.DuplicateTable):
        upgrade(bare_database)
    # then
    assert tables_in(bare_database) == {"procrastinate_jobs"}
