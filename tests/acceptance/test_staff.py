"""The whole product while staff ship, cancel and refund: Amazon knows of it, and once."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

_FAULTS = (
    "shipments_missing",
    "shipments_twice",
    "refunded_too_much",
    "refunded_too_little",
    "refunds_untold",
    "cancelled_wrong",
    "lost",
    "duplicated",
    "placed_wrongly",
    "wrong_code",
    "totals_different",
)


async def test_what_staff_do_is_in_both_books(tmp_path: Path) -> None:
    # when
    command = ("demo", "--once", "--staff", "--orders", "100", "--seed", "5", "--json")
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
    assert report["parcels"] >= 20
    assert report["cancelled"] >= 3
    assert report["refunds"] >= 3
    assert report["refunded_by_hand"] >= 1
