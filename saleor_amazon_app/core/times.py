"""Time is aware UTC everywhere; "now" is a value somebody passed in."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The clock of a running app."""
    return datetime.now(UTC)


def as_utc(moment: datetime) -> datetime:
    """The moment in UTC.

    Raises:
        ValueError: the moment names no time zone, and guessing one would move an order by hours;
            or it lies so near the first or the last day there is that UTC has no name for it.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} names no time zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{moment.isoformat()} is no moment of the calendar in UTC") from error


def iso(moment: datetime) -> str:
    """The moment as both Amazon and Saleor read it: ISO 8601 in UTC, ending in Z."""
    return as_utc(moment).isoformat().replace("+00:00", "Z")
