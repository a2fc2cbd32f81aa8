"""What staff must know stands in the shop's dashboard for as long as it is true, and once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import SecretStr

from saleor_amazon_app.amazon.errors import ConsentRevoked
from saleor_amazon_app.flows import problems, setup
from saleor_amazon_app.flows.connecting import reauthorise
from saleor_amazon_app.flows.stores import activate, deactivate, disconnect
from saleor_amazon_app.jobs.kinds import ReportProblems
from saleor_amazon_app.ledger import stores
from saleor_amazon_app.ledger.installations import Registration, install
from saleor_amazon_app.ledger.stores import Store
from saleor_amazon_app.saleor.errors import HostUnavailable, TokenRefused
from saleor_amazon_app.simulators.amazon import ScriptedOrder
from saleor_amazon_app.simulators.saleor import default_seed
from saleor_amazon_app.simulators.saleor.seed import ShopSeed
from tests.flows.trading import (
    API_URL,
    APP_ID,
    CONNECTED,
    PERMISSIONS,
    OpenTrade,
    Trade,
    goods,
    number_of,
    register,
    sale,
    seller_account,
    settings,
)

HELD = (
    "Your Amazon store(s) has orders that cannot be imported into Saleor. See Recent Orders in the "
    "store dashboard(s): "
)


async def the_store(trade: Trade) -> Store:
    async with trade.lines.database.transaction() as session:
        return await stores.store(session, trade.store_id)


async def reported(trade: Trade) -> list[tuple[str, int]]:
    """Has problems reported; the messages that stand then, with how often the host counted them."""
    store = await the_store(trade)
    await problems.report(trade.lines, ReportProblems(store.installation_id))
    return standing(trade)


def standing(trade: Trade) -> list[tuple[str, int]]:
    return [(problem.message, problem.count) for problem in trade.shop.problems()]


async def hold(trade: Trade, number: int = 1) -> None:
    bought = trade.clock() - timedelta(minutes=5)
    trade.sell(sale(number, items=[goods(sku="NOBODY-KNOWS")], bought=bought))
    await trade.sync()


async def other_store(trade: Trade, name: str) -> Trade:
    """Another seller's store of the same shop, one of whose orders is held."""
    order = sale(7, items=[goods(sku="NOBODY-KNOWS")])
    trade.amazon.add_seller("A2OTHER", refresh_token="Atzr|other", orders=[ScriptedOrder(order)])
    account = seller_account(name, refresh_token="Atzr|other")
    chosen = settings(import_orders_since=CONNECTED)
    store_id = await setup.connect_store(trade.lines, API_URL, account, chosen)
    other = replace(trade, store_id=store_id)
    await other.sync()
    return other


async def test_without_held_orders_the_shop_is_not_asked_anything(trade: Trade) -> None:
    assert await reported(trade) == []
    assert trade.wires.sent == []


async def test_held_orders_are_reported_once_and_critical(trade: Trade) -> None:
    # given
    await hold(trade)

    # when
    first = await reported(trade)
    trade.wires.sent.clear()
    again = await reported(trade)

    # then
    assert first == again == [(HELD + "Lanterns", 1)]
    assert [problem.is_critical for problem in trade.shop.problems()] == [True]
    assert trade.wires.sent == []


async def test_the_message_names_every_store_and_replaces_the_one_before(trade: Trade) -> None:
    # given
    await hold(trade)
    await reported(trade)
    trade.clock.move(days=30)

    # when
    await other_store(trade, "Candles")

    # then
    assert await reported(trade) == [(HELD + "Candles, Lanterns", 2)]


async def test_the_problem_goes_with_the_last_held_order(trade: Trade) -> None:
    # given
    await hold(trade)
    await reported(trade)

    # when
    trade.amazon.seller.orders.change(number_of(1), {"orderItems": [goods()]})
    await trade.later(minutes=10)

    # then
    assert await reported(trade) == []

    # when it comes back
    await hold(trade, 2)

    # then
    assert await reported(trade) == [(HELD + "Lanterns", 1)]


async def test_a_store_that_is_off_or_gone_is_not_named(trade: Trade) -> None:
    # given
    await hold(trade)
    other = await other_store(trade, "Candles")
    await reported(trade)

    # when
    await deactivate(trade.lines, await the_store(other))
    without_other = await reported(trade)
    await activate(trade.lines, await the_store(other))
    with_other = await reported(trade)
    await disconnect(trade.lines, await the_store(other))

    # then
    assert [message for message, _ in without_other] == [HELD + "Lanterns"]
    assert [message for message, _ in with_other] == [HELD + "Candles, Lanterns"]
    assert [message for message, _ in await reported(trade)] == [HELD + "Lanterns"]


async def test_a_lost_consent_has_a_problem_of_its_own_until_it_is_given_again(
    trade: Trade,
) -> None:
    # given
    await hold(trade)
    trade.amazon.seller.revoke_consent()
    trade.clock.move(hours=2)
    with pytest.raises(ConsentRevoked) as lost:
        await trade.fetch()

    # then
    assert await reported(trade) == [
        (HELD + "Lanterns", 1),
        (f"Lanterns: {lost.value}", 1),
    ]

    # when
    trade.amazon.seller.restore_consent()
    await reauthorise(trade.lines, await the_store(trade), seller_account().authorisation)

    # then
    assert await reported(trade) == [(HELD + "Lanterns", 1)]


@pytest.mark.parametrize(
    ("version", "told_version", "requests"),
    [("3.21.69", "3.21.69", 0), ("3.22.35", "3.22.35", 1), ("3.21.69", None, 1)],
)
async def test_a_host_without_app_problems_is_left_in_peace(
    open_trade: OpenTrade, version: str, told_version: str | None, requests: int
) -> None:
    # given
    trade = await open_trade(replace(default_seed(), shop=ShopSeed(version=version)))
    if told_version:
        registration = Registration(
            API_URL, "shop.test", "QXBwOjE=", SecretStr(trade.token), saleor_version=told_version
        )
        async with trade.lines.database.transaction() as session:
            await install(session, trade.lines.cipher, registration, now=trade.clock())
    await hold(trade)
    trade.wires.sent.clear()

    # then
    assert await reported(trade) == []
    assert len(trade.wires.sent) == requests


async def test_a_shop_that_installs_the_app_anew_is_told_anew(trade: Trade) -> None:
    # given
    await hold(trade)
    await reported(trade)
    trade.shop.state.apps.clear()
    trade.shop.state.problems.clear()
    token = trade.shop.add_app(PERMISSIONS, identifier=APP_ID)
    registration = Registration(API_URL, "shop.test", "QXBwOjI=", SecretStr(token))
    async with trade.lines.database.transaction() as session:
        await install(session, trade.lines.cipher, registration, now=trade.clock())

    # then
    assert await reported(trade) == [(HELD + "Lanterns", 1)]


async def test_a_shop_that_is_away_is_told_later(trade: Trade) -> None:
    # given
    await hold(trade)
    trade.shop.faults.down()
    with pytest.raises(HostUnavailable):
        await reported(trade)

    # when
    trade.shop.faults.forget_all()

    # then
    assert await reported(trade) == [(HELD + "Lanterns", 1)]


async def test_a_shop_that_refuses_the_app_is_told_when_it_has_it_again(trade: Trade) -> None:
    # given
    await hold(trade)
    trade.shop.faults.revoke_token(trade.token)

    # when
    with pytest.raises(TokenRefused):
        await reported(trade)
    trade.wires.sent.clear()
    await reported(trade)

    # then
    assert trade.wires.sent == []

    # when
    await register(trade.lines, trade.shop.add_app(PERMISSIONS, identifier=APP_ID))

    # then
    assert await reported(trade) == [(HELD + "Lanterns", 1)]


async def test_a_sync_has_problems_reported(trade: Trade) -> None:
    await hold(trade)

    async with trade.lines.database.transaction() as session:
        connection = await session.connection()
        found = await connection.exec_driver_sql(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'report_problems'"
        )

    assert found.scalar_one() == 1
