"""The whole product while both sides misbehave and the app is killed: nothing lost or twice."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

_FAULTS = ("lost", "duplicated", "placed_wrongly", "wrong_code", "totals_different")


async def test_chaos_leaves_no_trace_in_the_books(tmp_path: Path) -> None:
    # when
    command = ("demo", "--once", "--chaos", "--orders", "100", "--seed", "5", "--json")
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "saleor_amazon_app", *command],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )

    # then
    assert done.returncode == 0, done.stderr.decode()
    report = json.loads(done.stdout)
    assert {fault: report[fault] for fault in _FAULTS} == dict.fromkeys(_FAULTS, 0)
    assert report["placed"] >= 50
    assert report["kills"] == 2
    kinds = [kind for kind, times in report["faults"].items() if times]
    assert len(kinds) >= 15
