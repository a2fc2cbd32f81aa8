"""Refunds made in Seller Central, or by Amazon, reach the shop once, and count for later ones."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest

from saleor_amazon_app.core.errors import AppError
from saleor_amazon_app.flows import refunds_in
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.stores import start_due_syncs
from saleor_amazon_app.jobs.kinds import ReadRefunds
from saleor_amazon_app.ledger.claims import LEASE
from saleor_amazon_app.simulators.amazon import Operation
from saleor_amazon_app.simulators.amazon.feed_queue import Doom
from tests.flows.changing import catch_up, changes, follow, host_order, money_of, new_words, placed
from tests.flows.leaving import (
    ask_back,
    ask_lines_back,
    hear,
    listen,
    paid_back,
    rows,
    until_quiet,
    work,
)
from tests.flows.trading import Sent, Trade, goods, sale

BOOKS = "/finances/2024-06-19/transactions"


def left(number: int = 1, **more: Any) -> dict[str, Any]:
    """An order of two mugs for 20.00 that left in Seller Central."""
    items = more.pop("items", [goods(gone=2)])
    by = more.pop("by", "MERCHANT")
    status = {"fulfillmentStatus": "SHIPPED", "fulfilledBy": by}
    return sale(number, items=items, fulfillment=status, **more)


def refund_elsewhere(
    trade: Trade, order_id: str, amount: str, item: str = "11", component: str = "Principal"
) -> str:
    """Pays a buyer back in Seller Central; tells the reference that the shop must show."""
    trade.amazon.seller.deeds.refund_in_seller_central(order_id, item, Decimal(amount), component)
    return f"{order_id}-booked-{trade.amazon.seller.refunds.paid[-1].transaction_id}"


async def read_books(trade: Trade, lines: Connections | None = None) -> None:
    await refunds_in.read(lines or trade.lines, ReadRefunds(trade.store_id))


async def read_and_follow(trade: Trade, **later: float) -> None:
    """One round: the books, and what follows from them."""
    trade.clock.move(**(later or {"minutes": 30}))
    await read_books(trade)
    await follow(trade)


async def standing(trade: Trade) -> list[str]:
    """What is known of who made each refund, oldest first."""
    told = await trade.query("SELECT made_by FROM booked_refunds ORDER BY posted_at")
    return [made_by for (made_by,) in told]


async def test_a_refund_in_seller_central_is_reported_once_and_told_to_staff(trade: Trade) -> None:
    # given
    order_id = await placed(trade, left())
    # when
    reference = refund_elsewhere(trade, order_id, "5.00")
    await read_and_follow(trade)
    # then
    assert money_of(trade, order_id) == ("15.00", "5.00", [reference])
    assert await new_words(trade, order_id) == [
        (
            "refunded_at_amazon",
            "Amazon gave back 5.00 USD (2026-11-20T12:03:00Z), for which nobody asked here. "
            "5.00 USD was reported as refunded.",
        )
    ]
    assert trade.notes(order_id)[-1] == (await new_words(trade, order_id))[0][1]
    # when
    trade.wires.sent.clear()
    await read_and_follow(trade)
    await read_and_follow(trade, days=2)
    # then
    assert money_of(trade, order_id) == ("15.00", "5.00", [reference])
    assert trade.wires.mutations == []
    assert len(await new_words(trade, order_id)) == 1


async def test_what_amazon_lists_late_is_found_all_the_same(trade: Trade) -> None:
    # given
    order_id = await placed(trade, left())
    refund_elsewhere(trade, order_id, "5.00")
    # when
    await read_and_follow(trade, minutes=10)
    # then
    assert money_of(trade, order_id)[:2] == ("20.00", "0.00")
    # when
    await read_and_follow(trade, minutes=10)
    # then
    assert money_of(trade, order_id)[:2] == ("15.00", "5.00")


async def test_days_are_read_once_a_day_and_hours_in_between(trade: Trade) -> None:
    # when
    for _ in range(3):
        await read_books(trade)
        trade.clock.move(hours=13)
    # then
    asked = [sent.variables["postedAfter"] for sent in trade.wires.sent if sent.name == BOOKS]
    assert asked == ["2026-11-19T00:00:00Z", "2026-11-20T10:00:00Z", "2026-11-17T12:00:00Z"]


async def test_every_half_hour_the_books_are_read(trade: Trade) -> None:
    # when
    for _ in range(3):
        await start_due_syncs(trade.lines)
        trade.clock.move(minutes=5)
    # then
    waiting = await trade.query(
        "SELECT scheduled_at FROM procrastinate_jobs WHERE task_name = 'read_refunds'"
    )
    assert [f"{at:%H:%M}" for (at,) in waiting] == ["12:30"]


async def test_our_own_refund_is_recognised_in_the_books(trade: Trade) -> None:
    # given
    await listen(trade)
    order_id = await placed(trade, left())
    ask_back(trade, order_id, "5.00")
    await hear(trade)
    await until_quiet(trade)
    references = money_of(trade, order_id)[2]
    # when
    await read_and_follow(trade)
    # then
    assert await standing(trade) == ["OURS"]
    assert money_of(trade, order_id) == ("15.00", "5.00", references)
    assert await new_words(trade, order_id) == await new_words(trade, order_id)
    assert "refunded_at_amazon" not in [kind for kind, _ in await new_words(trade, order_id)]


async def test_the_same_amount_from_here_and_from_elsewhere_is_reported_twice(
    trade: Trade,
) -> None:
    # given
    await listen(trade)
    order_id = await placed(trade, left())
    ask_back(trade, order_id, "5.00")
    await hear(trade)
    await until_quiet(trade, 10)
    # when
    refund_elsewhere(trade, order_id, "5.00")
    await read_and_follow(trade)
    # then
    assert sorted(await standing(trade)) == ["OTHERS", "OURS"]
    charged, refunded, references = money_of(trade, order_id)
    assert (charged, refunded, len(set(references))) == ("10.00", "10.00", 2)
    assert paid_back(trade, order_id) == {"11": {"Principal": "10.00"}}


async def test_beside_a_refund_of_ours_that_is_not_booked_yet_nobody_can_tell(
    trade: Trade,
) -> None:
    # given
    await listen(trade)
    order_id = await placed(trade, left())
    ask_back(trade, order_id, "5.00")
    await hear(trade)
    trade.clock.move(minutes=1)
    await work(trade)
    refund_elsewhere(trade, order_id, "2.00")
    await until_quiet(trade, 16)
    # when
    await read_and_follow(trade, seconds=1)
    # then
    assert await standing(trade) == ["OPEN"]
    assert money_of(trade, order_id)[:2] == ("15.00", "5.00")
    # when
    await read_and_follow(trade)
    # then
    assert sorted(await standing(trade)) == ["OTHERS", "OURS"]
    assert money_of(trade, order_id)[:2] == ("13.00", "7.00")


async def test_it_counts_against_what_staff_may_ask_back_later(trade: Trade) -> None:
    # given
    await listen(trade)
    items = [goods(gone=2), goods("30.00", id="12", sku="TEA-1", gone=2)]
    order_id = await placed(trade, left(items=items, grand_total="50.00"))
    refund_elsewhere(trade, order_id, "15.00")
    await read_and_follow(trade)
    # when
    ask_lines_back(trade, order_id, "10.00", l0=1)
    await hear(trade)
    await until_quiet(trade)
    # then
    ((state, words),) = [(row.state, row.words) for row in await rows(trade, order_id)]
    assert state == "REFUSED"
    assert words == ("10.00 USD is more than the 5.00 that is left of what the buyer paid for it.")
    assert paid_back(trade, order_id) == {"11": {"Principal": "15.00"}}
    assert money_of(trade, order_id)[:2] == ("35.00", "15.00")
    # when
    ask_back(trade, order_id, "35.00")
    await hear(trade)
    await until_quiet(trade)
    # then
    assert paid_back(trade, order_id) == {
        "11": {"Principal": "20.00"},
        "12": {"Principal": "30.00"},
    }
    assert money_of(trade, order_id)[:2] == ("0.00", "50.00")
    assert trade.amazon.seller.deeds.noted == []


async def test_what_amazon_gives_back_of_its_own_orders_is_reported_too(trade: Trade) -> None:
    # given
    order_id = await placed(trade, left(by="AMAZON"))
    shown = trade.amazon.seller.orders.get(order_id)
    assert shown is not None
    trade.amazon.seller.refunds.pay(
        shown, {"11": {"Principal": Decimal("20.00")}}, currency="USD", now=trade.clock()
    )
    # when
    await read_and_follow(trade)
    # then
    assert money_of(trade, order_id)[:2] == ("0.00", "20.00")


async def test_an_order_that_is_held_learns_of_it_once_it_is_placed(trade: Trade) -> None:
    # given
    order_id = trade.sell(left(items=[goods(sku="NOT-THERE", gone=2)]))
    await catch_up(trade)
    refund_elsewhere(trade, order_id, "5.00")
    await read_and_follow(trade)
    assert await standing(trade) == ["OPEN"]
    # when
    changes(trade, order_id, orderItems=[goods(gone=2)])
    await catch_up(trade)
    await read_and_follow(trade)
    # then
    assert money_of(trade, order_id)[:2] == ("15.00", "5.00")


async def test_what_the_books_show_of_a_lost_refund_ends_it(trade: Trade) -> None:
    # given
    await listen(trade)
    order_id = await placed(trade, left())
    trade.amazon.seller.feeds.doom_next_feed(Doom.FATAL)
    ask_back(trade, order_id, "20.00")
    await hear(trade)
    await until_quiet(trade, 10)
    (row,) = await rows(trade, order_id)
    assert row.state == "UNKNOWN"
    # when
    refund_elsewhere(trade, order_id, "20.00")
    await read_and_follow(trade)
    await work(trade)
    # then
    (row,) = await rows(trade, order_id)
    assert row.state == "CONFIRMED"
    charged, refunded, references = money_of(trade, order_id)
    assert (charged, refunded, len(set(references))) == ("0.00", "20.00", 1)


async def test_without_the_role_for_finances_the_store_goes_on(trade: Trade) -> None:
    # given
    order_id = await placed(trade, left())
    refund_elsewhere(trade, order_id, "5.00")
    trade.amazon.faults.fail_next(403, operation=Operation.LIST_TRANSACTIONS)
    # when
    await read_and_follow(trade)
    # then
    assert await trade.query("SELECT status FROM stores") == [("ACTIVE",)]
    assert await standing(trade) == []
    # when
    await read_and_follow(trade)
    # then
    assert money_of(trade, order_id)[:2] == ("15.00", "5.00")


async def test_the_books_name_the_seller_whom_feeds_must_name(trade: Trade) -> None:
    # given
    await trade.query("UPDATE stores SET seller_id = NULL RETURNING id")
    order_id = await placed(trade, left())
    # when
    await read_and_follow(trade)
    # then
    assert await trade.query("SELECT seller_id FROM stores") == [(None,)]
    # when
    refund_elsewhere(trade, order_id, "5.00")
    await read_and_follow(trade)
    # then
    assert await trade.query("SELECT seller_id FROM stores") == [(trade.amazon.seller.seller_id,)]


async def test_news_that_come_while_an_order_is_being_followed_are_not_lost(trade: Trade) -> None:
    # given
    order_id = await placed(trade, left())
    refund_elsewhere(trade, order_id, "5.00")
    await read_books(trade)
    trade.clock.move(minutes=30)
    changes(trade, order_id, programs=["PREMIUM"])
    trade.clock.move(minutes=3)
    await trade.fetch()

    async def book(sent: Sent) -> None:
        if sent.name == "OrderById":
            trade.wires.before = None
            trade.clock.move(seconds=1)
            await read_books(trade)

    trade.wires.before = book
    # when
    await follow(trade)
    # then
    assert money_of(trade, order_id)[:2] == ("15.00", "5.00")


class Killed(BaseException):
    """The worker is ended in the middle of its work."""


async def _kill(_trade: Trade) -> None:
    raise Killed


async def _break_off(_trade: Trade) -> None:
    raise AppError("the line is dead")


@pytest.mark.parametrize("is_after", [False, True])
@pytest.mark.parametrize("trouble", [_kill, _break_off])
async def test_broken_off_anywhere_it_is_reported_once(
    trade: Trade, trouble: Callable[[Trade], Awaitable[None]], is_after: bool
) -> None:
    for number in range(1, 20):
        # given
        order_id = await placed(trade, left(number, bought=trade.clock()))
        reference = refund_elsewhere(trade, order_id, "5.00")
        trade.clock.move(minutes=30)
        seen = 0

        async def spoil(_sent: Sent, at: int = number) -> None:
            nonlocal seen
            seen += 1
            if seen == at:
                await trouble(trade)

        # when
        lines, wires = trade.worker()
        setattr(wires, "after" if is_after else "before", spoil)
        with suppress(Killed, AppError):
            await read_books(trade, lines)
            await follow(trade, lines)
        trade.clock.now += LEASE + trade.lines.pace.host_may_go_on
        await read_and_follow(trade)
        await read_and_follow(trade)
        # then
        assert money_of(trade, order_id) == ("15.00", "5.00", [reference]), number
        assert [kind for kind, _ in await new_words(trade, order_id)] == ["refunded_at_amazon"]
        if seen < number:
            assert number > 5
            return
    raise AssertionError("it never came through untouched")


async def test_two_workers_at_once_report_it_once(trade: Trade) -> None:
    # given
    order_id = await placed(trade, left())
    reference = refund_elsewhere(trade, order_id, "5.00")
    trade.clock.move(minutes=30)
    workers = [trade.worker()[0] for _ in range(3)]
    # when
    await asyncio.gather(*(read_books(trade, lines) for lines in workers))
    await asyncio.gather(*(follow(trade, lines) for lines in workers))
    # then
    assert money_of(trade, order_id) == ("15.00", "5.00", [reference])
    assert len([note for note in trade.notes(order_id) if "gave back" in (note or "")]) == 1


async def test_more_than_was_charged_is_reported_up_to_what_was_charged(trade: Trade) -> None:
    # given
    order_id = await placed(trade, left())
    order = host_order(trade, order_id)
    shown = trade.amazon.seller.orders.get(order_id)
    assert shown is not None
    generous = shown | {"orderItems": [goods("25.00", gone=2)]}
    trade.amazon.seller.refunds.pay(
        generous, {"11": {"Principal": Decimal("25.00")}}, currency="USD", now=trade.clock()
    )
    # when
    await read_and_follow(trade)
    # then
    assert money_of(trade, order_id)[:2] == ("0.00", "20.00")
    assert order.total.gross.value == Decimal("20.00")
    ((_, words),) = await new_words(trade, order_id)
    assert "gave back 25.00 USD" in words
    assert "20.00 USD was reported as refunded" in words
