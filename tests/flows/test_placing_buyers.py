"""Whose order it is in the host, and whom the host could write to."""

from dataclasses import replace

import pytest

from saleor_amazon_app.core.choices import BuyerEmail, Customer
from saleor_amazon_app.simulators.saleor import default_seed
from saleor_amazon_app.simulators.saleor.seed import (
    CustomerSeed,
)
from tests.flows.trading import (
    ALIAS,
    OpenTrade,
    Trade,
    number_of,
    sale,
)
from tests.simulated_amazon import NOON

UNDELIVERABLE = ALIAS + ".invalid"


def _mails(trade: Trade) -> list[str]:
    return [entry.detail for entry in trade.shop.journal if entry.event == "EMAIL"]


async def test_a_customer_is_made_once_and_found_again(open_trade: OpenTrade) -> None:
    # given
    trade = await open_trade(customer=Customer.CREATE_OR_REUSE)
    trade.sell(sale(1))
    trade.sell(sale(2))
    await trade.sync()
    trade.sell(sale(3, bought=NOON))

    # when
    await trade.later(minutes=5)

    # then
    (user,) = trade.shop.state.users.values()
    assert user.email == UNDELIVERABLE
    orders = [trade.shop.state.by_reference(number_of(number)) for number in (1, 2, 3)]
    assert [order.user.id for order in orders if order and order.user] == [user.id] * 3
    assert trade.wires.mutations.count("CreateCustomer") == 1


@pytest.mark.parametrize(
    ("chosen", "email"),
    [
        (BuyerEmail.NONE, None),
        (BuyerEmail.UNDELIVERABLE, UNDELIVERABLE),
        (BuyerEmail.AMAZON_ALIAS, ALIAS),
    ],
)
async def test_a_guest_has_the_address_the_merchant_chose(
    open_trade: OpenTrade, chosen: BuyerEmail, email: str | None
) -> None:
    # given
    trade = await open_trade(buyer_email=chosen)
    order_id = trade.sell(sale())

    # when
    await trade.sync()

    # then
    order = trade.shop.state.by_reference(order_id)
    assert order is not None
    assert (order.user, order.email or None) == (None, email)
    assert order.hidden["amazonBuyerAlias"] == ALIAS


async def test_a_guest_whose_address_a_customer_has_goes_without(open_trade: OpenTrade) -> None:
    # given
    seed = replace(default_seed(), customers=(CustomerSeed(email=ALIAS),))
    trade = await open_trade(seed, buyer_email=BuyerEmail.AMAZON_ALIAS)
    order_id = trade.sell(sale())

    # when
    await trade.sync()

    # then
    order = trade.shop.state.by_reference(order_id)
    assert order is not None
    assert (order.user, order.email) == (None, "")
    assert _mails(trade) == []
