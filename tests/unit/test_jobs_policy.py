"""When a failed job is run again."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import get_args
from uuid import UUID

import pytest
from procrastinate.exceptions import JobAborted

from saleor_amazon_app.core.errors import NeedsMerchant, TryAgainLater
from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.jobs.kinds import (
    NAMES,
    FetchOrder,
    FetchOrders,
    Job,
    PlaceOrders,
    arguments_of,
    job_of,
)
from saleor_amazon_app.jobs.policy import next_run

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
STORE = StoreId(UUID("6b1f4e0a-7c1d-4b53-9d3a-3b7e4f1c2a90"))


def seconds_until(error: BaseException, runs_before: int, chance: float = 0.0) -> float | None:
    moment = next_run(error, runs_before=runs_before, now=NOW, chance=lambda: chance)
    return None if moment is None else (moment - NOW).total_seconds()


@pytest.mark.parametrize(
    ("_case", "error", "runs_before", "seconds"),
    [
        ("a named time is kept", TryAgainLater("", after=timedelta(seconds=179)), 0, 179),
        ("however often", TryAgainLater("", after=timedelta(seconds=3)), 1000, 3),
        ("no time: short at first", TryAgainLater(""), 0, 5),
        ("then doubled", TryAgainLater(""), 1, 10),
        ("and doubled", TryAgainLater(""), 4, 80),
        ("up to a quarter of an hour", TryAgainLater(""), 8, 900),
        ("for ever", TryAgainLater(""), 100_000, 900),
        ("the merchant is not hurried", NeedsMerchant("key", "words"), 0, None),
        ("a defect twice more", ZeroDivisionError(), 0, 5),
        ("a little later", ZeroDivisionError(), 1, 10),
        ("then no more", ZeroDivisionError(), 2, None),
        ("a stopped worker's job at once", asyncio.CancelledError(), 7, 0),
        ("as the library calls it", JobAborted(), 7, 0),
    ],
)
def test_who_must_act_decides(
    _case: str, error: BaseException, runs_before: int, seconds: float | None
) -> None:
    assert seconds_until(error, runs_before) == seconds


def test_jobs_that_failed_together_are_spread_over_a_tenth_of_the_wait() -> None:
    error = TryAgainLater("", after=timedelta(seconds=100))
    assert [seconds_until(error, 0, chance) for chance in (0.0, 0.5, 1.0)] == [100, 105, 110]


@pytest.mark.parametrize(
    ("job", "arguments"),
    [
        (FetchOrders(STORE), {"store_id": str(STORE)}),
        (
            FetchOrder(STORE, AmazonOrderId("028-1234567-1234567")),
            {"store_id": str(STORE), "amazon_order_id": "028-1234567-1234567"},
        ),
        (PlaceOrders(STORE), {"store_id": str(STORE)}),
    ],
)
def test_a_job_is_kept_as_its_ids_and_read_back(job: Job, arguments: dict[str, str]) -> None:
    assert arguments_of(job) == arguments
    assert job_of(type(job), arguments) == job


def test_every_kind_of_job_has_its_own_name() -> None:
    assert set(NAMES) == set(get_args(Job))
    assert len(set(NAMES.values())) == len(NAMES)
