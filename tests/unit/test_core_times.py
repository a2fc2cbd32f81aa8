"""Time is aware UTC; what is not is refused as a value, never guessed."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from saleor_amazon_app.core.times import as_utc, iso

EAST = timezone(timedelta(hours=14))
WEST = timezone(timedelta(hours=-12))


def test_a_moment_is_told_in_utc() -> None:
    assert as_utc(datetime(2026, 1, 1, 9, tzinfo=EAST)) == datetime(2025, 12, 31, 19, tzinfo=UTC)
    assert iso(datetime(2026, 1, 1, 9, tzinfo=EAST)) == "2025-12-31T19:00:00Z"


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 1, 1),  # noqa: DTZ001
        datetime.min.replace(tzinfo=EAST),
        datetime.max.replace(tzinfo=WEST),
    ],
)
def test_a_moment_that_utc_cannot_tell_is_refused(moment: datetime) -> None:
    with pytest.raises(ValueError, match="names no time zone|no moment of the calendar"):
        as_utc(moment)
