"""How fast simulated time passes: every duration of the simulator comes from here.

Timestamps are always real; only the waiting between them is shortened, so that an app sees the
same sequence of events in a sixtieth of the time without knowing about it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

# Beyond this the lag is shorter than the milliseconds in which Amazon writes its times, and a
# change could slip behind a bound that was already announced.
FASTEST = 3600


@dataclass(frozen=True, slots=True)
class Pace:
    """Durations divided, and rates multiplied, by `speed`.

    Raises:
        ValueError: the speed is not between 1 and 3600.
    """

    speed: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.speed <= FASTEST:
            raise ValueError(f"speed must be between 1 and {FASTEST}, not {self.speed}")

    def shortened(self, duration: timedelta) -> timedelta:
        """How long a duration of the real Amazon takes here."""
        return duration / self.speed

    def raised(self, rate: Decimal) -> Decimal:
        """How many requests a second are allowed here, as announced to the app."""
        return rate * self.speed

    @property
    def lag(self) -> timedelta:
        """How far lists of orders stay behind: two minutes at Amazon."""
        return self.shortened(timedelta(minutes=2))

    @property
    def access_token_life(self) -> timedelta:
        """How long an access token opens the API: an hour at Amazon."""
        return self.shortened(timedelta(hours=1))

    @property
    def consent_code_life(self) -> timedelta:
        """How long the one-time code of a consent can be exchanged."""
        return self.shortened(timedelta(minutes=5))

    @property
    def page_token_life(self) -> timedelta:
        """How long the token of a next page is good: a day at Amazon."""
        return self.shortened(timedelta(hours=24))

    @property
    def parcel_lag(self) -> timedelta:
        """How long a confirmed parcel takes to show in its order."""
        return self.shortened(timedelta(minutes=2))

    @property
    def feed_queue(self) -> timedelta:
        """How long a feed waits before anybody reads it."""
        return self.shortened(timedelta(seconds=30))

    @property
    def feed_work(self) -> timedelta:
        """How long a feed is worked on."""
        return self.shortened(timedelta(seconds=90))

    @property
    def time_to_notice(self) -> timedelta:
        """How long an app may know nothing of a buyer's wish: lists lag, and it syncs at times."""
        return self.shortened(timedelta(minutes=10))

    @property
    def document_address_life(self) -> timedelta:
        """How long the address of a feed's document can be used: five minutes at Amazon."""
        return self.shortened(timedelta(minutes=5))

    @property
    def finances_lag(self) -> timedelta:
        """How long money that moved takes to be listed; Amazon speaks of up to 48 hours."""
        return self.shortened(timedelta(minutes=15))


def to_milliseconds(moment: datetime) -> datetime:
    """The moment as precise as Amazon writes it; rounded down, so never in the future."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def written(moment: datetime) -> str:
    """The moment as Amazon writes it: `2026-01-31T10:15:30.250Z`."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
