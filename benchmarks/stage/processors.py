"""How much processor time processes took, by the system's own count; Linux only."""

import os
from pathlib import Path

import psycopg

_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")


def seconds_of(pid: int) -> float:
    """What a process took so far."""
    return _ticks(pid, ended_children=False) / _TICKS


def server_of(database_url: str) -> int:
    """The process that started the one that serves a connection: PostgreSQL's first."""
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        assert row is not None
        return int(_stat(row[0])[1])


def seconds_of_server(pid: int) -> float:
    """What PostgreSQL's processes took so far, those that ended included."""
    children = [
        int(path.name)
        for path in _PROC.iterdir()
        if path.name.isdecimal() and _parent(int(path.name)) == pid
    ]
    ticks = sum(_ticks(child, ended_children=False) for child in children)
    return (ticks + _ticks(pid, ended_children=True)) / _TICKS


def _parent(pid: int) -> int | None:
    try:
        return int(_stat(pid)[1])
    except (FileNotFoundError, ProcessLookupError):
        return None


def _ticks(pid: int, *, ended_children: bool) -> int:
    try:
        fields = _stat(pid)
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(each) for each in fields[11 : 15 if ended_children else 13])


def _stat(pid: int) -> list[str]:
    """The fields of proc(5) after the name of the program, from the state on."""
    return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
