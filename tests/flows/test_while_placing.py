"""Staff who are quicker than the app can note that an order is placed."""

from saleor_amazon_app.core.ids import AmazonOrderId
from tests.flows.leaving import (
    ask_back,
    at_amazon,
    fulfil,
    hear,
    listen,
    rows,
    until_quiet,
)
from tests.flows.trading import Sent, Trade, sale


async def test_a_parcel_that_leaves_before_its_order_is_noted_as_placed(trade: Trade) -> None:
    # given
    await listen(trade)
    order_id = trade.sell(sale())
    trade.clock.move(minutes=3)
    said: list[int | None] = []

    async def ship(sent: Sent) -> None:
        if sent.name == "CreateTransaction":
            fulfil(trade, order_id, "1Z999AA10123456784", l0=2)
            said.extend(await hear(trade))
            assert (await trade.row(order_id)).import_state == "PLACING"

    # when
    trade.wires.after = ship
    await trade.sync()
    trade.wires.after = None

    # then
    assert 200 in said
    assert at_amazon(trade, order_id) == []
    # when
    trade.clock.move(minutes=1)
    await hear(trade)
    # then
    assert at_amazon(trade, order_id) == [("1", "1Z999AA10123456784", {"11": 2})]


async def test_money_that_is_asked_back_before_its_order_is_noted_as_placed(trade: Trade) -> None:
    # given
    await listen(trade)
    order_id = trade.sell(sale())
    trade.clock.move(minutes=3)

    async def ask(sent: Sent) -> None:
        if sent.name == "CreateTransaction":
            ask_back(trade, order_id, "20.00")
            assert 200 in await hear(trade)
            assert await _states(trade, order_id) == ["PLANNED"]

    # when
    trade.wires.after = ask
    await trade.sync()
    trade.wires.after = None
    await until_quiet(trade, 3)

    # then
    assert await _states(trade, order_id) == ["REFUSED"]
    assert any("cancel the order instead" in (note or "") for note in trade.notes(order_id))


async def test_money_that_is_asked_back_waits_until_its_order_is_noted_as_placed(
    trade: Trade,
) -> None:
    # given
    await listen(trade)
    order_id = trade.sell(sale())
    trade.clock.move(minutes=3)

    async def ask(sent: Sent) -> None:
        if sent.name == "CreateTransaction":
            ask_back(trade, order_id, "20.00")
            await hear(trade)
            # when
            await until_quiet(trade, 3)
            # then
            assert await _states(trade, order_id) == ["PLANNED"]

    trade.wires.after = ask
    await trade.sync()


async def _states(trade: Trade, order_id: AmazonOrderId) -> list[str]:
    return [row.state for row in await rows(trade, order_id)]
