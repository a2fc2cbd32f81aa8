"""The book of a simulated seller: timelines played by the clock, found by time or number."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, overload

import pytest

from saleor_amazon_app.simulators.amazon import ScriptedOrder, Step
from saleor_amazon_app.simulators.amazon.book import (
    OrderBook,
    SortedBy,
    UnknownOrderError,
    Window,
)
from saleor_amazon_app.simulators.amazon.pace import Pace
from saleor_amazon_app.simulators.amazon.transitions import ImpossibleTransition
from tests.simulated_amazon import NOON, HandClock, amazon_order, order_id

FIRST = datetime.min.replace(tzinfo=NOON.tzinfo)


def status(new: str) -> dict[str, Any]:
    return {"fulfillment": {"fulfillmentStatus": new}}


def pending_then(*statuses: str) -> ScriptedOrder:
    """An order that takes each status an hour after the one before."""
    steps = tuple(Step(timedelta(hours=1), status(new)) for new in statuses)
    return ScriptedOrder(amazon_order(status="PENDING"), steps)


def book_of(*orders: ScriptedOrder, clock: HandClock, speed: int = 1) -> OrderBook:
    book = OrderBook(Pace(speed), clock)
    book.add(orders)
    return book


def listed(book: OrderBook, by: SortedBy = SortedBy.LAST_UPDATED) -> list[str]:
    window = Window(by, FIRST, NOON + timedelta(days=1))
    entries, _ = book.page(window, beyond=None, size=100, wanted=lambda _: True)
    return [entry.order_id for entry in entries]


def state(book: OrderBook, number: int = 1) -> tuple[str, str]:
    order = book.get(order_id(number))
    assert order is not None
    return order["fulfillment"]["fulfillmentStatus"], order["lastUpdatedTime"]


@pytest.mark.parametrize(("speed", "hour"), [(1, timedelta(hours=1)), (60, timedelta(minutes=1))])
def test_a_timeline_is_played_at_the_simulations_pace(speed: int, hour: timedelta) -> None:
    clock = HandClock()
    book = book_of(pending_then("UNSHIPPED", "SHIPPED"), clock=clock, speed=speed)
    seen = []

    for wait in (timedelta(0), hour - timedelta(seconds=1), timedelta(seconds=1), hour, hour):
        clock.now += wait
        seen.append(state(book)[0])

    assert seen == ["PENDING", "PENDING", "UNSHIPPED", "SHIPPED", "SHIPPED"]
    assert book.steps_waiting == 0


def test_steps_nobody_watched_happened_at_their_own_times() -> None:
    clock = HandClock()
    book = book_of(pending_then("UNSHIPPED", "SHIPPED"), clock=clock)

    clock.move(hours=5)

    assert state(book) == ("SHIPPED", "2026-11-20T14:00:00.000Z")
    assert book.by_status == {"SHIPPED": 1}


def test_an_order_of_the_future_appears_when_its_time_comes() -> None:
    clock = HandClock()
    later = amazon_order(status="PENDING", updated=NOON + timedelta(minutes=5))
    steps = (Step(timedelta(minutes=1), status("UNSHIPPED")),)
    book = book_of(ScriptedOrder(later, steps), clock=clock)

    assert (book.get(order_id()), listed(book), len(book)) == (None, [], 0)
    with pytest.raises(UnknownOrderError):
        book.change(order_id(), status("CANCELLED"))
    clock.move(minutes=5)
    assert (state(book)[0], listed(book), len(book)) == ("PENDING", [order_id()], 1)
    clock.move(minutes=1)
    assert state(book) == ("UNSHIPPED", "2026-11-20T12:06:00.000Z")


def test_an_old_order_keeps_its_times_and_its_timeline_starts_now() -> None:
    clock = HandClock()
    old = amazon_order(status="PENDING", updated=NOON - timedelta(days=700))
    book = book_of(
        ScriptedOrder(old, (Step(timedelta(seconds=1), status("UNSHIPPED")),)), clock=clock
    )

    before = state(book)
    clock.move(seconds=1)

    assert before == ("PENDING", "2024-12-20T12:00:00Z")
    assert state(book) == ("UNSHIPPED", "2026-11-20T12:00:01.000Z")


def test_the_next_step_can_be_taken_at_once_and_is_not_taken_twice() -> None:
    clock = HandClock()
    book = book_of(pending_then("UNSHIPPED", "SHIPPED"), clock=clock)

    clock.move(minutes=30)
    assert book.advance(order_id())
    assert state(book) == ("UNSHIPPED", "2026-11-20T12:30:00.000Z")
    clock.move(minutes=30)
    assert state(book)[0] == "UNSHIPPED"
    clock.move(minutes=30)
    assert state(book) == ("SHIPPED", "2026-11-20T13:30:00.000Z")
    assert not book.advance(order_id())


def test_a_step_that_no_longer_fits_ends_the_timeline() -> None:
    clock = HandClock()
    book = book_of(pending_then("UNSHIPPED", "SHIPPED"), clock=clock)

    book.change(order_id(), status("CANCELLED"))
    with pytest.raises(ImpossibleTransition):
        book.advance(order_id())
    clock.move(hours=9)

    assert state(book) == ("CANCELLED", "2026-11-20T12:00:00.000Z")
    assert book.steps_waiting == 0


def test_an_order_handed_in_again_replaces_the_first_with_its_timeline() -> None:
    clock = HandClock()
    book = book_of(pending_then("UNSHIPPED"), clock=clock)

    book.add([ScriptedOrder(amazon_order(status="SHIPPED", updated=NOON))])
    clock.move(hours=9)

    assert state(book) == ("SHIPPED", "2026-11-20T12:00:00Z")
    assert listed(book) == listed(book, SortedBy.CREATED) == [order_id()]
    assert (len(book), book.steps_waiting) == (1, 0)


def test_the_last_of_two_orders_with_one_number_counts() -> None:
    twice = [ScriptedOrder(amazon_order()), ScriptedOrder(amazon_order(status="SHIPPED"))]

    book = book_of(*twice, clock=HandClock())

    assert state(book)[0] == "SHIPPED"
    assert listed(book) == [order_id()]


def test_lists_are_sorted_by_the_time_they_ask_for() -> None:
    clock = HandClock()
    orders = [
        ScriptedOrder(amazon_order(number, updated=NOON - timedelta(minutes=number)))
        for number in range(3)
    ]
    book = book_of(*orders, clock=clock)

    clock.move(minutes=1)
    book.change(order_id(2), status("SHIPPED"))

    assert listed(book, SortedBy.CREATED) == [order_id(2), order_id(1), order_id(0)]
    assert listed(book) == [order_id(1), order_id(0), order_id(2)]


def test_times_are_cut_to_milliseconds_never_rounded_up() -> None:
    clock = HandClock(NOON + timedelta(microseconds=1999))
    book = book_of(ScriptedOrder(amazon_order()), clock=clock)

    book.change(order_id(), {"programs": ["PRIME"]})

    assert state(book)[1] == "2026-11-20T12:00:00.001Z"


class OrdersOnDemand(Sequence[ScriptedOrder]):
    """A thousand orders of which none is kept."""

    def __init__(self) -> None:
        self.made: list[int] = []

    def __len__(self) -> int:
        return 1000

    @overload
    def __getitem__(self, index: int) -> ScriptedOrder: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[ScriptedOrder]: ...
    def __getitem__(self, index: int | slice) -> ScriptedOrder | Sequence[ScriptedOrder]:
        assert isinstance(index, int)
        if index >= len(self):
            raise IndexError(index)
        self.made.append(index)
        return ScriptedOrder(amazon_order(index, updated=NOON - timedelta(seconds=1000 - index)))


def test_orders_made_on_demand_are_made_for_the_page_that_shows_them() -> None:
    source = OrdersOnDemand()
    book = OrderBook(Pace(), HandClock())

    book.add(source)
    source.made.clear()
    window = Window(SortedBy.LAST_UPDATED, FIRST, NOON)
    entries, last = book.page(window, beyond=None, size=3, wanted=lambda _: True)
    found = [entry.order["orderId"] for entry in entries]

    assert found == [order_id(0), order_id(1), order_id(2)]
    assert last == (NOON - timedelta(seconds=998), order_id(2))
    assert source.made == [0, 1, 2]
