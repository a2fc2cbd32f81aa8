"""A seller's orders: where each one stands now, found by time or by number.

The book keeps what lists are sorted and filtered by, and for the order itself only the place it
came from and the changes since; the whole order is put together when somebody asks for it. A
source may therefore make its orders on demand: a hundred thousand of them take little memory.
"""

import heapq
from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import reduce
from itertools import count
from typing import Any

from saleor_amazon_app.core.times import Clock
from saleor_amazon_app.simulators.amazon.answers import JsonObject
from saleor_amazon_app.simulators.amazon.pace import Pace, to_milliseconds, written
from saleor_amazon_app.simulators.amazon.timelines import ScriptedOrder, Step
from saleor_amazon_app.simulators.amazon.transitions import (
    ImpossibleTransition,
    changed,
    fulfilled_by,
    status_of,
)

# Where a list continues: the time it is sorted by, then the order's number.
Position = tuple[datetime, str]


class UnknownOrderError(LookupError):
    """The seller has no such order, or not yet."""

    def __init__(self, order_id: str) -> None:
        super().__init__(f"there is no order {order_id}")


class SortedBy(StrEnum):
    """The time a list of orders is asked for by, and sorted by."""

    CREATED = "created"
    LAST_UPDATED = "last_updated"


@dataclass(frozen=True, slots=True)
class Window:
    """What a list of orders is about: a span of one of their times, both ends included."""

    by: SortedBy
    after: datetime
    before: datetime


@dataclass(slots=True)
class Entry:
    """One order in the book, as far as lists need to know it."""

    source: Sequence[ScriptedOrder]
    index: int
    order_id: str
    created: datetime
    last_updated: datetime
    marketplace_id: str | None
    status: str | None
    fulfilled_by: str | None
    changes: tuple[Mapping[str, Any], ...] = ()
    appeared: bool = False
    steps_done: int = 0

    @property
    def order(self) -> JsonObject:
        """The whole order as it stands now, everything Amazon knows of it included."""
        return reduce(changed, self.changes, self.source[self.index].order)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The whole timeline, what is past included."""
        return self.source[self.index].steps


class OrderBook:
    """The orders of one seller, playing their timelines as the clock goes on."""

    def __init__(self, pace: Pace, clock: Clock) -> None:
        self._pace = pace
        self._clock = clock
        self._entries: dict[str, Entry] = {}
        self._lists: dict[SortedBy, list[Position]] = {by: [] for by in SortedBy}
        self._agenda: list[tuple[datetime, int, int, Entry]] = []
        self._turns = count()
        self._hidden: set[str] = set()

    def add(self, orders: Sequence[ScriptedOrder]) -> None:
        """Takes orders in; one that is already there is replaced, its old timeline forgotten.

        Args:
            orders: anything with a length and an index; read again whenever an order is asked
                for, so an order must come out the same every time.
        """
        now = self._clock()
        shown: dict[str, Entry] = {}
        for index, scripted in enumerate(orders):
            self._forget(scripted.order_id)
            shown.pop(scripted.order_id, None)
            entry = _entry(orders, index, scripted)
            self._entries[entry.order_id] = entry
            if entry.last_updated > now:
                self._schedule(entry, at=entry.last_updated)
            else:
                shown[entry.order_id] = entry
                self._schedule_next(entry, scripted.steps, since=now)
        for by, positions in self._lists.items():
            positions.extend(_position(entry, by) for entry in shown.values())
            positions.sort()
        for entry in shown.values():
            entry.appeared = True

    def get(self, order_id: str) -> JsonObject | None:
        """The order as it stands now; None when there is no such order yet."""
        self.catch_up()
        entry = self._entries.get(order_id)
        return entry.order if entry and entry.appeared else None

    def change(
        self, order_id: str, changes: Mapping[str, Any], *, at: datetime | None = None
    ) -> None:
        """Changes an order, whoever did it; its timeline goes on as it was scheduled.

        Args:
            order_id: whose change it is.
            changes: a JSON merge patch.
            at: when it happened, if that was a while ago; no order goes back in time for it.

        Raises:
            UnknownOrderError: there is no such order yet.
            ImpossibleTransition: Amazon's orders do not go this way.
        """
        entry = self._present(order_id)
        self._apply(entry, changes, at=max(at, entry.last_updated) if at else self._clock())

    def advance(self, order_id: str) -> bool:
        """Plays the next step of an order's timeline now; tells whether there was one.

        Raises:
            UnknownOrderError: there is no such order yet.
            ImpossibleTransition: the order was changed so that the step no longer fits.
        """
        entry = self._present(order_id)
        if entry.steps_done >= len(entry.steps):
            return False
        self._play(entry, at=self._clock())
        return True

    def hide_from_lists(self, order_id: str) -> None:
        """Leaves the order out of every list, as Amazon's lists sometimes do; `get` still works."""
        self._hidden.add(order_id)

    def show_in_lists(self, order_id: str) -> None:
        """Lets a hidden order appear again, at its old place."""
        self._hidden.discard(order_id)

    def page(
        self,
        window: Window,
        *,
        beyond: Position | None,
        size: int,
        wanted: Callable[[Entry], bool],
    ) -> tuple[list[Entry], Position | None]:
        """The next orders of a list, and where it continues; None after the last of them.

        There is no snapshot: an order that changes while a list is being read moves on, and is
        missing from the pages that follow.

        Args:
            window: which span of time.
            beyond: the last order already seen.
            size: how many orders at most.
            wanted: which orders of that time.
        """
        self.catch_up()
        found: list[Entry] = []
        for entry in self._between(window, beyond):
            if entry.order_id in self._hidden or not wanted(entry):
                continue
            if len(found) == size:
                return found, _position(found[-1], window.by)
            found.append(entry)
        return found, None

    def catch_up(self) -> None:
        """Plays every step that is due by now, each at its own time.

        A step that no longer fits, because the order was changed by hand, ends its timeline.
        """
        now = self._clock()
        while self._agenda and self._agenda[0][0] <= now:
            due, _, step, entry = heapq.heappop(self._agenda)
            if not self._is_awaited(entry, step):
                continue
            if not entry.appeared:
                self._appear(entry)
                continue
            with suppress(ImpossibleTransition):
                self._play(entry, at=due)

    def __len__(self) -> int:
        return len(self._lists[SortedBy.CREATED])

    @property
    def marketplaces(self) -> list[str]:
        """The marketplaces of all orders, sorted."""
        return sorted({entry.marketplace_id or "" for entry in self._entries.values()} - {""})

    @property
    def by_status(self) -> Counter[str]:
        """How many orders there are in each status."""
        self.catch_up()
        shown = (self._entries[order_id] for _, order_id in self._lists[SortedBy.CREATED])
        return Counter(entry.status or "" for entry in shown)

    @property
    def steps_waiting(self) -> int:
        """How many orders have something still to come."""
        self.catch_up()
        return sum(self._is_awaited(entry, step) for _, _, step, entry in self._agenda)

    def _between(self, window: Window, beyond: Position | None) -> Iterator[Entry]:
        positions = self._lists[window.by]
        first = (window.after, "")
        start = bisect_right(positions, beyond) if beyond else bisect_left(positions, first)
        for index in range(start, len(positions)):
            moment, order_id = positions[index]
            if moment > window.before:
                return
            yield self._entries[order_id]

    def _present(self, order_id: str) -> Entry:
        self.catch_up()
        entry = self._entries.get(order_id)
        if entry is None or not entry.appeared:
            raise UnknownOrderError(order_id)
        return entry

    def _apply(self, entry: Entry, changes: Mapping[str, Any], *, at: datetime) -> None:
        at = to_milliseconds(at)
        change = {**changes, "lastUpdatedTime": written(at)}
        order = changed(entry.order, change)
        self._take_out(entry, SortedBy.LAST_UPDATED)
        entry.changes = (*entry.changes, change)
        entry.last_updated = at
        entry.status, entry.fulfilled_by = status_of(order), fulfilled_by(order)
        insort(self._lists[SortedBy.LAST_UPDATED], _position(entry, SortedBy.LAST_UPDATED))

    def _play(self, entry: Entry, *, at: datetime) -> None:
        steps = entry.steps
        self._apply(entry, steps[entry.steps_done].changes, at=at)
        entry.steps_done += 1
        self._schedule_next(entry, steps, since=at)

    def _appear(self, entry: Entry) -> None:
        entry.appeared = True
        for by, positions in self._lists.items():
            insort(positions, _position(entry, by))
        self._schedule_next(entry, entry.steps, since=entry.last_updated)

    def _schedule_next(self, entry: Entry, steps: tuple[Step, ...], *, since: datetime) -> None:
        if entry.steps_done < len(steps):
            wait = self._pace.shortened(steps[entry.steps_done].after)
            self._schedule(entry, at=since + wait)

    def _schedule(self, entry: Entry, *, at: datetime) -> None:
        heapq.heappush(self._agenda, (at, next(self._turns), entry.steps_done, entry))

    def _is_awaited(self, entry: Entry, step: int) -> bool:
        return self._entries.get(entry.order_id) is entry and entry.steps_done == step

    def _forget(self, order_id: str) -> None:
        entry = self._entries.pop(order_id, None)
        if entry and entry.appeared:
            for by in SortedBy:
                self._take_out(entry, by)

    def _take_out(self, entry: Entry, by: SortedBy) -> None:
        positions = self._lists[by]
        del positions[bisect_left(positions, _position(entry, by))]


def _entry(source: Sequence[ScriptedOrder], index: int, scripted: ScriptedOrder) -> Entry:
    order = scripted.order
    return Entry(
        source=source,
        index=index,
        order_id=scripted.order_id,
        created=scripted.created,
        last_updated=scripted.last_updated,
        marketplace_id=order["salesChannel"].get("marketplaceId"),
        status=status_of(order),
        fulfilled_by=fulfilled_by(order),
    )


def _position(entry: Entry, by: SortedBy) -> Position:
    return (entry.created if by is SortedBy.CREATED else entry.last_updated, entry.order_id)
