"""The whole list of orders as CSV: how long it takes and how much memory it needs at most."""

import argparse
import asyncio
import json
import os
import time
from pathlib import Path
from typing import Any

from stage import embedded_database
from stage.dashboard import filled, opened


def _resident() -> int:
    """How many bytes of memory this process has now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


async def run(count: int) -> dict[str, Any]:
    """Fills a shop and reads its list as a slow reader does, a piece at a time."""
    with embedded_database() as url:
        async with opened(url) as pages:
            await filled(url, pages, count)
            # What is loaded once is not the export's.
            await pages.http.get("/api/orders.csv", params={"number": "028-00"})
            before, most, size, lines = _resident(), 0, 0, 0
            began = time.perf_counter()
            async for piece in pages.export():
                most = max(most, _resident())
                size, lines = size + len(piece), lines + piece.count(b"\n")
            took = time.perf_counter() - began
    return {
        "benchmark": "csv_export",
        "orders": count,
        "rows": lines - 1,
        "seconds": round(took, 1),
        "megabytes": round(size / 2**20, 1),
        "peak_growth_mb": round((most - before) / 2**20, 1),
    }


def main() -> None:
    """Reads the options and prints one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=100_000)
    print(json.dumps(asyncio.run(run(parser.parse_args().orders))))


if __name__ == "__main__":
    main()
