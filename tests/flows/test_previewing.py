"""What would become of an order is shown, and nothing is written or sent for it."""

from decimal import Decimal

from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.core.reasons import HoldCode, SkipCode
from saleor_amazon_app.flows.previewing import AlreadyPlaced, preview
from saleor_amazon_app.mapping.decisions import Decision, HoldOrder, PlaceOrder, SkipOrder
from tests.flows.changing import catch_up, placed
from tests.flows.staff import everything, shop_of, store_of
from tests.flows.trading import OpenTrade, Trade, goods, sale


async def shown(trade: Trade, order_id: AmazonOrderId) -> Decision | AlreadyPlaced:
    shop, store = await shop_of(trade), await store_of(trade)
    before, sent = await everything(trade), len(trade.wires.mutations)
    decided = await preview(trade.lines, shop, store, order_id)
    assert await everything(trade) == before
    assert len(trade.wires.mutations) == sent
    return decided


async def test_an_order_that_could_be_placed_is_shown_as_it_would_be(trade: Trade) -> None:
    # given
    order_id = trade.sell(sale())
    trade.clock.move(minutes=3)
    await trade.fetch()
    # when
    decided = await shown(trade, order_id)
    # then
    assert isinstance(decided, PlaceOrder)
    (line,) = decided.order_input.lines
    assert (line.product_sku, line.quantity, decided.total.amount) == ("MUG-1", 2, Decimal("20.00"))


async def test_a_customer_is_not_created_for_a_preview(open_trade: OpenTrade) -> None:
    # given
    trade = await open_trade(customer="CREATE_OR_REUSE")
    order_id = trade.sell(sale())
    trade.clock.move(minutes=3)
    await trade.fetch()
    # when
    decided = await shown(trade, order_id)
    # then
    assert isinstance(decided, PlaceOrder)


async def test_an_order_that_could_not_is_shown_with_the_reasons_of_now(trade: Trade) -> None:
    # given
    order_id = trade.sell(sale(items=[goods(sku="NEW-1")]))
    await catch_up(trade)
    # when
    decided = await shown(trade, order_id)
    # then
    assert isinstance(decided, HoldOrder)
    assert [reason.code for reason in decided.reasons] == [HoldCode.UNKNOWN_SKU]


async def test_an_order_that_is_rightly_none_says_why(trade: Trade) -> None:
    # given
    waiting = {"fulfillmentStatus": "PENDING", "fulfilledBy": "MERCHANT"}
    order_id = trade.sell(sale(fulfillment=waiting))
    await catch_up(trade)
    # when
    decided = await shown(trade, order_id)
    # then
    assert isinstance(decided, SkipOrder)
    assert decided.reason.code is SkipCode.NOT_YET_VERIFIED


async def test_an_order_that_is_placed_is_told_by_its_number(trade: Trade) -> None:
    # given
    order_id = await placed(trade, sale())
    # when
    decided = await shown(trade, order_id)
    # then
    assert decided == AlreadyPlaced((await trade.row(order_id)).saleor_order_number or "")
