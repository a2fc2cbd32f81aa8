"""What changed at Amazon comes in: whole, once, and from where the last reading ended."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from saleor_amazon_app.core.errors import TryAgainLater
from saleor_amazon_app.ledger import cursors
from saleor_amazon_app.ledger.cursors import Position
from saleor_amazon_app.ledger.stores import StoreStatus
from saleor_amazon_app.simulators.amazon import Operation, Step
from tests.flows.trading import CHANNELS, CONNECTED, Sent, Trade, number_of, sale
from tests.simulated_amazon import NOON
from tests.unit.amazon_orders import SEATTLE

SEARCH = "/orders/2026-01-01/orders"
ORDER = number_of(1)


class Killed(BaseException):
    """The worker is ended in the middle of its work."""


async def _sell(trade: Trade, count: int) -> None:
    """Sells so many orders, which changed one after the other five minutes ago."""
    for number in range(1, count + 1):
        trade.sell(
            sale(number, bought=NOON - timedelta(minutes=5) + timedelta(milliseconds=number))
        )


async def _known(trade: Trade) -> int:
    ((count,),) = await trade.query("SELECT count(*) FROM orders")
    assert isinstance(count, int)
    return count


async def _position(trade: Trade) -> Position:
    async with trade.lines.database.transaction() as session:
        return await cursors.position(session, trade.store_id)


def _searches(trade: Trade) -> list[Sent]:
    return [sent for sent in trade.wires.sent if sent.name == SEARCH]


async def _read_until_killed(trade: Trade, *, page: int) -> None:
    """Reads pages until the worker is killed before it asks for the one with that number."""

    async def kill(sent: Sent) -> None:
        if len(_searches(trade)) == page:
            raise Killed

    trade.wires.before = kill
    with pytest.raises(Killed):
        await trade.fetch()
    trade.wires.before = None
    trade.wires.sent.clear()


async def test_a_store_is_read_from_when_it_was_connected(trade: Trade) -> None:
    # when
    await trade.fetch()

    # then
    (search,) = _searches(trade)
    assert search.variables == {
        "lastUpdatedAfter": "2026-11-19T00:00:00Z",
        "marketplaceIds": ",".join(CHANNELS),
        "includedData": "BUYER,RECIPIENT,PROCEEDS,CANCELLATION,FULFILLMENT,PACKAGES,TAX",
        "maxResultsPerPage": "100",
    }
    assert CONNECTED == datetime(2026, 11, 19, tzinfo=UTC)


async def test_the_next_reading_begins_where_amazon_ended_the_last_one(trade: Trade) -> None:
    # given
    await trade.fetch()
    ended = await _position(trade)
    trade.wires.sent.clear()

    # when
    trade.clock.move(minutes=5)
    await trade.fetch()

    # then: Amazon's lists are two minutes behind, and we look ten minutes further back
    assert ended == Position(high_water=NOON - timedelta(minutes=2))
    assert _searches(trade)[0].variables["lastUpdatedAfter"] == "2026-11-20T11:48:00Z"


async def test_all_that_amazon_tells_of_an_order_is_kept(trade: Trade) -> None:
    # given
    trade.sell(sale(programs=["PRIME", "PREMIUM"]))

    # when
    await trade.fetch()

    # then
    row = await trade.row(ORDER)
    assert (row.status, row.fulfilled_by, row.marketplace_id) == (
        "UNSHIPPED",
        "MERCHANT",
        "ATVPDKIKX0DER",
    )
    assert (row.purchased_at, row.last_updated_at) == (NOON.replace(hour=8),) * 2
    assert (row.grand_total, row.currency, row.number_of_items) == (Decimal("20.00"), "USD", 1)
    assert row.programs == ["PRIME", "PREMIUM"]
    assert (row.import_state, row.due_at) == ("NEW", NOON)
    jobs = await trade.query("SELECT task_name, status::text FROM procrastinate_jobs")
    assert jobs == [("place_orders", "todo")]


async def test_a_reading_that_was_broken_off_goes_on_with_the_next_page(trade: Trade) -> None:
    # given
    await _sell(trade, 250)
    await _read_until_killed(trade, page=2)
    assert await _known(trade) == 100

    # when
    await trade.fetch()

    # then
    assert await _known(trade) == 250
    tokens = [sent.variables.get("paginationToken") for sent in _searches(trade)]
    assert len(tokens) == len(set(tokens)) == 2
    assert None not in tokens
    assert await _position(trade) == Position(high_water=NOON - timedelta(minutes=2))


async def test_a_page_that_was_not_kept_is_asked_for_again(trade: Trade) -> None:
    # given
    await _sell(trade, 150)
    asked = []

    async def kill(sent: Sent) -> None:
        if "paginationToken" in sent.variables:
            asked.append(sent.variables["paginationToken"])
            raise Killed

    trade.wires.after = kill
    with pytest.raises(Killed):
        await trade.fetch()
    trade.wires.after = None
    trade.wires.sent.clear()

    # when
    await trade.fetch()

    # then
    assert await _known(trade) == 150
    assert [sent.variables["paginationToken"] for sent in _searches(trade)] == asked


async def test_a_page_token_that_amazon_forgot_begins_the_reading_anew(trade: Trade) -> None:
    # given
    await _sell(trade, 250)
    await _read_until_killed(trade, page=2)
    trade.amazon.seller.page_tokens.expire_all()

    # when
    await trade.fetch()

    # then
    assert await _known(trade) == 250
    assert trade.amazon.refusals == {(Operation.SEARCH_ORDERS, 400): 1}
    assert ["paginationToken" in sent.variables for sent in _searches(trade)] == [
        True,
        False,
        True,
        True,
    ]


async def test_a_page_token_that_is_almost_a_day_old_is_not_tried(trade: Trade) -> None:
    # given
    await _sell(trade, 150)
    await _read_until_killed(trade, page=2)

    # when
    trade.clock.move(hours=23)
    await trade.fetch()

    # then
    assert await _known(trade) == 150
    assert trade.amazon.refusals == {}
    assert ["paginationToken" in sent.variables for sent in _searches(trade)] == [False, True]


async def test_an_order_that_changes_between_two_pages_is_not_missed(trade: Trade) -> None:
    # given
    await _sell(trade, 150)
    late = number_of(140)

    async def change(sent: Sent) -> None:
        if "paginationToken" in sent.variables:
            cancelled = {"fulfillment": {"fulfillmentStatus": "CANCELLED"}}
            trade.amazon.seller.orders.change(late, cancelled)
            trade.wires.before = None

    trade.wires.before = change
    await trade.fetch()
    known = await _known(trade)

    # when
    trade.clock.move(minutes=5)
    await trade.fetch()

    # then
    assert known == 149
    assert await _known(trade) == 150
    assert (await trade.row(late)).status == "CANCELLED"


async def test_an_order_that_the_lists_show_late_is_found(trade: Trade) -> None:
    # given
    trade.sell(sale(bought=NOON - timedelta(minutes=3)))
    trade.amazon.seller.orders.hide_from_lists(ORDER)
    await trade.fetch()
    assert await _known(trade) == 0

    # when
    trade.amazon.seller.orders.show_in_lists(ORDER)
    trade.clock.move(minutes=5)
    await trade.fetch()

    # then
    assert await _known(trade) == 1


async def test_what_did_not_change_writes_nothing(trade: Trade) -> None:
    # given
    await _sell(trade, 20)
    await trade.fetch()
    written = "SELECT amazon_order_id, xmin::text FROM orders ORDER BY 1"
    before = await trade.query(written), await trade.query("SELECT count(*) FROM history")

    # when
    trade.clock.move(minutes=5)
    await trade.fetch()

    # then
    after = await trade.query(written), await trade.query("SELECT count(*) FROM history")
    assert before == after
    assert trade.amazon.calls[Operation.SEARCH_ORDERS] == 2


async def test_a_thousand_orders_that_are_there_take_ten_calls(trade: Trade) -> None:
    # given
    await _sell(trade, 1000)
    await trade.fetch()
    trade.clock.move(minutes=3)
    trade.wires.sent.clear()

    # when
    await trade.fetch()

    # then
    assert trade.wires.names == [SEARCH] * 10
    assert await _known(trade) == 1000


async def test_every_status_from_the_first_on_is_remembered(trade: Trade) -> None:
    # given
    steps = [
        Step(timedelta(minutes=10), {"fulfillment": {"fulfillmentStatus": status}})
        for status in ("PENDING", "UNSHIPPED", "SHIPPED")
    ]
    trade.sell(sale(status="PENDING_AVAILABILITY"), *steps)

    # when
    for _ in range(4):
        await trade.fetch()
        trade.clock.move(minutes=12.5)

    # then
    assert await trade.told(ORDER) == [
        ("order_seen", "PENDING_AVAILABILITY"),
        ("status_changed", "PENDING_AVAILABILITY → PENDING"),
        ("status_changed", "PENDING → UNSHIPPED"),
        ("status_changed", "UNSHIPPED → SHIPPED"),
    ]


async def test_an_order_that_nobody_can_read_is_held_and_delays_no_other(trade: Trade) -> None:
    # given
    trade.sell(sale(1, grand_total="twenty"))
    trade.sell(sale(2))

    # when
    await trade.sync()
    held = await trade.standing(ORDER)
    trade.amazon.seller.orders.change(
        ORDER, {"proceeds": {"grandTotal": {"amount": "20.00", "currencyCode": "USD"}}}
    )
    await trade.later(minutes=5)

    # then
    state, ((code, words),) = held
    assert (state, code) == ("HELD", "UNSUPPORTED")
    assert words.startswith("Amazon reports this order in a form that this version of the app")
    assert "proceeds.grandTotal.amount" in words
    assert "twenty" not in words
    assert (await trade.row(number_of(2))).import_state == "PLACED"
    assert await trade.standing(ORDER) == ("PLACED", [])


async def test_an_incomplete_order_is_asked_for_until_it_is_whole(trade: Trade) -> None:
    # given
    trade.sell(sale(address=None))
    await trade.sync()
    asked_for = "SELECT args->>'amazon_order_id' FROM procrastinate_jobs WHERE task_name = {}"
    assert await trade.query(asked_for.format("'fetch_order'")) == []

    # when
    await trade.later(minutes=5)
    jobs = await trade.query(asked_for.format("'fetch_order'"))
    # Amazon completes it without saying that it changed.
    trade.sell(sale(recipient={"deliveryAddress": SEATTLE}))
    await trade.fetch_one(ORDER)
    await trade.place()

    # then
    assert jobs == [(ORDER,)]
    assert await trade.standing(ORDER) == ("PLACED", [])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda faults: faults.fail_next(503, html=True),
        lambda faults: faults.fail_next(500),
        lambda faults: faults.lose_response(),
        lambda faults: faults.time_out_next(),
        lambda faults: faults.break_off_next_page(),
        lambda faults: faults.throttle_next(),
        lambda faults: faults.throttle_next(by_gateway=True),
    ],
    ids=["page", "error", "lost", "silence", "cut", "throttled", "by the gateway"],
)
async def test_an_answer_that_fails_loses_nothing(trade: Trade, spoil: Any) -> None:
    # given
    await _sell(trade, 150)

    async def fail(sent: Sent) -> None:
        if "paginationToken" in sent.variables:
            spoil(trade.amazon.faults)
            trade.wires.before = None

    trade.wires.before = fail

    # when
    with pytest.raises(TryAgainLater):
        await trade.fetch()
    known = await _known(trade)
    trade.clock.move(hours=1)
    trade.wires.sent.clear()
    await trade.fetch()

    # then
    assert known == 100
    assert await _known(trade) == 150
    assert len(_searches(trade)) == 1


async def test_a_store_that_is_switched_off_is_not_read(trade: Trade) -> None:
    # given
    await trade.switch(StoreStatus.INACTIVE)

    # when
    await trade.fetch()
    await trade.fetch_one(ORDER)

    # then
    assert trade.wires.sent == []
