"""What the shop itself would charge never reaches an order that Amazon's buyer paid."""

from collections.abc import AsyncIterator

import pytest

from tests.live.connected import Connector
from tests.live.host import Host, shipping_of, total_of
from tests.live.sales import item, number, sale
from tests.live.shop import LiveShop
from tests.unit.amazon_orders import Kinds

_HALF_PRICE = """
mutation ($input: PromotionCreateInput!) {
  promotionCreate(input: $input) { promotion { id } errors { field message code } }
}
"""
_END_PROMOTION = """
mutation ($id: ID!) { promotionDelete(id: $id) { errors { field message code } } }
"""
_TAXES = """
query ($id: ID!) {
  channel(id: $id) { taxConfiguration { id chargeTaxes pricesEnteredWithTax } }
}
"""
_SET_TAXES = """
mutation ($id: ID!, $input: TaxConfigurationUpdateInput!) {
  taxConfigurationUpdate(id: $id, input: $input) { errors { field message code } }
}
"""
PRICE: Kinds = {"ITEM": "30.00", "SHIPPING": "4.99", "TAX": ("2.10", {"ITEM": "2.10"})}


@pytest.fixture
async def half_price(shop: LiveShop, host: Host) -> AsyncIterator[None]:
    """A promotion that takes half off every order of this run's channel in dollars."""
    rule = {
        "channels": [shop.channels[shop.channel("USD")]],
        "orderPredicate": {
            "discountedObjectPredicate": {"baseSubtotalPrice": {"range": {"gte": "1"}}}
        },
        "rewardType": "SUBTOTAL_DISCOUNT",
        "rewardValueType": "PERCENTAGE",
        "rewardValue": "50",
    }
    promotion = {"name": f"Live {shop.run}", "type": "ORDER", "rules": [rule]}
    made = await host.change(_HALF_PRICE, input=promotion)
    yield
    await host.change(_END_PROMOTION, id=made["promotion"]["id"])


@pytest.fixture(params=[(True, True), (True, False), (False, True)], ids=str)
async def taxed(request: pytest.FixtureRequest, shop: LiveShop, host: Host) -> AsyncIterator[None]:
    """Whether this run's channel in dollars charges taxes, and whether its prices contain them."""
    channel = shop.channels[shop.channel("USD")]
    before = (await host.ask(_TAXES, id=channel))["channel"]["taxConfiguration"]
    id_ = before.pop("id")
    charges, contains = request.param
    change = {"chargeTaxes": charges, "pricesEnteredWithTax": contains}
    await host.change(_SET_TAXES, id=id_, input=change)
    yield
    await host.change(_SET_TAXES, id=id_, input=before)


@pytest.mark.usefixtures("half_price")
async def test_a_promotion_of_the_shop_takes_nothing_off(
    shop: LiveShop, host: Host, connected: Connector, everyday: str
) -> None:
    order, by_hand = sale(item(everyday, "37.09", PRICE, quantity=3)), number(sale(item(everyday)))
    store = await connected([order])
    await shop.enter_by_hand(by_hand, everyday)
    assert total_of(await host.order(by_hand)) == ("5", "5", "USD")

    await store.sync()

    placed = await host.order(number(order))
    assert await store.state(order) == "PLACED"
    assert total_of(placed) == ("34.99", "37.09", "USD")
    assert shipping_of(placed) == ("4.99", "4.99")
    assert len(placed["lines"]) == 1


@pytest.mark.usefixtures("taxed")
async def test_the_shops_own_taxes_add_nothing(
    host: Host, connected: Connector, everyday: str
) -> None:
    order = sale(item(everyday, "37.09", PRICE, quantity=3))
    store = await connected([order])

    await store.sync()

    placed = await host.order(number(order))
    assert await store.state(order) == "PLACED"
    assert total_of(placed) == ("34.99", "37.09", "USD")
    assert placed["chargeStatus"] == "FULL"
