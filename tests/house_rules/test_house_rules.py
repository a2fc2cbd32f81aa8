"""Rules of the house that no tool checks: sizes, floats, and words that must not stand here."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from saleor_amazon_app.entrypoints.dashboard_api.schema import sdl

_ROOT = Path(__file__).parents[2]
_PACKAGE = _ROOT / "saleor_amazon_app"
_MODULES = sorted(
    path for path in _PACKAGE.rglob("*.py") if "versions" not in path.relative_to(_PACKAGE).parts
)
_LONGEST_MODULE = 400
_LONGEST_FUNCTION = 40
# The rates of Amazon's limits are calls a second, no money.
_MAY_USE_FLOATS = {
    "amazon/",
    "entrypoints/",
    "flows/connections.py",
    "jobs/policy.py",
    "ledger/buckets.py",
    "saleor/client.py",
    "saleor/transport.py",
    "simulators/",
}


@pytest.mark.parametrize("path", _MODULES, ids=lambda path: str(path.relative_to(_PACKAGE)))
def test_modules_and_functions_are_short(path: Path) -> None:
    text = path.read_text()

    long_functions = [
        f"{node.name} {node.end_lineno - node.lineno + 1}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > _LONGEST_FUNCTION
    ]

    assert len(text.splitlines()) < _LONGEST_MODULE
    assert long_functions == []


@pytest.mark.parametrize("path", _MODULES, ids=lambda path: str(path.relative_to(_PACKAGE)))
def test_money_never_meets_a_float(path: Path) -> None:
    place = path.relative_to(_PACKAGE).as_posix()
    if any(place.startswith(allowed) for allowed in _MAY_USE_FLOATS):
        return

    names = [
        node.id for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Name)
    ]

    assert "float" not in names


def _tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=_ROOT, capture_output=True, text=True, check=False
    )
    return [_ROOT / name for name in listed.stdout.splitlines() if (_ROOT / name).is_file()]


def test_no_file_carries_a_registry_address_or_a_lock_file() -> None:
    address = re.compile(r"https?://[^\s\"']+/(simple|packages)/")

    found = [
        path.name
        for path in _tracked_files()
        if path.suffix in {".py", ".toml", ".json", ".md", ".yaml", ".sh", ""}
        and address.search(path.read_text(errors="replace"))
    ]

    assert found == []
    assert not any(path.name == "uv.lock" for path in _tracked_files())


def test_every_todo_names_an_issue() -> None:
    nameless = re.compile(r"\b(TODO|FIXME)\b(?!\(#\d+\):)")

    found = [path.name for path in _MODULES if nameless.search(path.read_text())]

    assert found == []


def test_the_written_schema_is_the_one_that_is_served() -> None:
    assert (_ROOT / "web" / "schema.graphql").read_text() == sdl(), "./run schema writes it anew"
