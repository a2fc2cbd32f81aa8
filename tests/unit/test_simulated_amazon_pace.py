"""Pace and scarce calls of the simulated Amazon."""

from datetime import timedelta
from decimal import Decimal

import pytest

from saleor_amazon_app.simulators.amazon.buckets import Bucket, Limit
from saleor_amazon_app.simulators.amazon.pace import Pace
from tests.simulated_amazon import HandClock


def test_speed_divides_every_duration_and_raises_rates() -> None:
    pace = Pace(60)

    assert pace.lag == timedelta(seconds=2)
    assert pace.access_token_life == timedelta(minutes=1)
    assert pace.page_token_life == timedelta(minutes=24)
    assert pace.consent_code_life == timedelta(seconds=5)
    assert pace.raised(Decimal("0.0056")) == Decimal("0.336")


@pytest.mark.parametrize("speed", [0, -1, 3601])
def test_a_speed_out_of_range_is_refused(speed: int) -> None:
    with pytest.raises(ValueError, match="speed must be between 1 and 3600"):
        Pace(speed)


def test_a_bucket_gives_its_burst_then_one_call_per_refill() -> None:
    clock = HandClock()
    bucket = Bucket(Limit(Decimal("0.5"), burst=3), Pace())

    burst = [bucket.take(clock()) for _ in range(5)]
    clock.move(seconds=2)
    refilled = [bucket.take(clock()) for _ in range(2)]
    clock.move(hours=1)
    full = [bucket.take(clock()) for _ in range(4)]

    assert burst == [True, True, True, False, False]
    assert refilled == [True, False]
    assert full == [True, True, True, False]
