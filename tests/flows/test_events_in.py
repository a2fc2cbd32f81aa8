"""What an event sets going: work stops, begins again, and held orders are looked at at once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from saleor_amazon_app.core.errors import NeedsMerchant
from saleor_amazon_app.entrypoints.app import create_app
from saleor_amazon_app.entrypoints.settings import Settings
from saleor_amazon_app.flows import events_in, placing, shops
from saleor_amazon_app.jobs.kinds import HandleEvent, PlaceOrders, SyncShop
from saleor_amazon_app.ledger.installations import InstallationStatus
from saleor_amazon_app.saleor.errors import HostUnavailable
from saleor_amazon_app.saleor.event_records import EventKind
from saleor_amazon_app.simulators.saleor.schema.people import App
from tests.flows.doors import APP_ID, Doors
from tests.flows.trading import US_SHELF, Trade, goods, sale

APP_URL = "http://app.test"


def the_app(doors: Doors) -> App:
    return doors.shop.find_app(APP_ID)


async def statuses(doors: Doors) -> tuple[str, object]:
    shop = await doors.installation()
    return shop.status, shop.grace_until


async def switch(doors: Doors, *, on: bool) -> None:
    """Staff switch the app off or on, and everything that follows is done."""
    doors.clock.move(seconds=1)
    doors.shop.switch_app(the_app(doors), on=on)
    await doors.deliver()
    await doors.work()


async def test_an_app_switched_off_stands_still_until_it_is_switched_on(doors: Doors) -> None:
    # given
    shop = await doors.install()
    await doors.connect(shop)

    # when
    await switch(doors, on=False)
    off = await statuses(doors)
    await switch(doors, on=True)

    # then
    assert off == (InstallationStatus.DEACTIVATED, None)
    assert await statuses(doors) == (InstallationStatus.ACTIVE, None)
    assert await doors.query("SELECT next_sync_at FROM stores") == [(doors.clock(),)]


async def test_events_in_the_wrong_order_end_in_what_the_shop_says(doors: Doors) -> None:
    # given: switched off and on again
    await doors.install()
    app = the_app(doors)
    doors.shop.switch_app(app, on=False)
    doors.clock.move(seconds=1)
    doors.shop.switch_app(app, on=True)
    doors.shop.deliveries.waiting.reverse()

    # when
    await doors.deliver()
    await doors.work()

    # then
    assert await statuses(doors) == (InstallationStatus.ACTIVE, None)


async def test_a_deleted_app_ends_its_work_and_its_data_waits_a_month(doors: Doors) -> None:
    # given
    await doors.install()

    # when
    doors.shop.delete_app(the_app(doors))
    assert await doors.deliver() == [200]
    before = doors.wires.names.count("WhoseToken")
    await doors.work()

    # then
    ends = doors.clock() + timedelta(days=30)
    assert await statuses(doors) == (InstallationStatus.REMOVED, ends)
    doors.clock.move(minutes=2)
    await doors.work()
    assert doors.wires.names.count("WhoseToken") == before, "a shop that left is left alone"


async def test_a_late_farewell_of_a_former_installation_does_not_end_the_new_one(
    doors: Doors,
) -> None:
    # given: the app is deleted, and installed again before the event is worked off
    await doors.install()
    doors.shop.delete_app(the_app(doors))
    await doors.deliver()
    await doors.install()

    # when
    await doors.work()

    # then
    assert await statuses(doors) == (InstallationStatus.ACTIVE, None)


async def test_an_event_worked_off_twice_does_nothing_the_second_time(doors: Doors) -> None:
    # given
    await doors.install()
    doors.shop.switch_app(the_app(doors), on=False)
    await doors.deliver()
    await doors.work()
    ((inbox_id,),) = await doors.query("SELECT id FROM inbox")
    before = await doors.everything()

    # when
    await events_in.handle(doors.lines, HandleEvent(inbox_id))
    await events_in.handle(doors.lines, HandleEvent(inbox_id + 1))

    # then
    assert await doors.everything() == before


async def test_old_events_are_forgotten_once_they_are_handled(doors: Doors) -> None:
    # given
    await doors.install()
    doors.shop.set_stock("MUG-1", US_SHELF, 7)
    await doors.deliver()
    await doors.work()
    doors.clock.move(days=15)
    doors.shop.set_stock("MUG-1", US_SHELF, 8)
    await doors.deliver()

    # when
    forgotten = await events_in.forget_old_events(doors.lines)

    # then
    assert forgotten == 1
    assert await doors.inbox() == ["ProductVariantStockUpdated"]


async def test_a_refused_token_stops_the_shop_and_is_tried_every_hour(doors: Doors) -> None:
    # given: a shop that does not tell when staff switch the app off
    shop = await doors.install()
    await doors.connect(shop)
    app = the_app(doors)
    app.is_active = False

    # when
    doors.clock.move(minutes=1)
    await doors.work()
    refused_at = doors.clock()
    first = await statuses(doors)
    doors.clock.move(minutes=59)
    await doors.work()
    app.is_active = True
    still = await statuses(doors)
    doors.clock.move(minutes=1)
    await doors.work()

    # then
    assert first == still == (InstallationStatus.REFUSED, refused_at + timedelta(days=30))
    assert await statuses(doors) == (InstallationStatus.ACTIVE, None)
    assert await doors.query("SELECT next_sync_at FROM stores") == [(doors.clock(),)]


async def test_a_shop_is_not_asked_any_more_when_the_month_is_over(doors: Doors) -> None:
    # given
    await doors.install()
    the_app(doors).is_active = False
    doors.clock.move(minutes=1)
    await doors.work()
    doors.clock.move(days=31)

    # when
    await doors.work()

    # then
    assert await doors.jobs() == []


async def test_a_refusal_of_a_token_that_was_replaced_is_no_news(doors: Doors) -> None:
    # given: a run with the token of before is still going on
    shop = await doors.install()
    doors.shop.delete_app(the_app(doors))
    await doors.install()

    # when
    with pytest.raises(NeedsMerchant):
        async with shops.keep_token(doors.lines, shop):
            await doors.lines.host(shop).execute("FirstTaxClass")

    # then
    assert await statuses(doors) == (InstallationStatus.ACTIVE, None)


async def test_a_shop_that_is_down_keeps_its_status(doors: Doors) -> None:
    # given
    shop = await doors.install()
    doors.shop.faults.down()

    # when
    with pytest.raises(HostUnavailable):
        await shops.sync(doors.lines, SyncShop(shop.id))

    # then
    assert await statuses(doors) == (InstallationStatus.ACTIVE, None)


async def test_at_a_start_every_shop_gets_the_webhooks_of_this_version(doors: Doors) -> None:
    # given: webhooks as another version left them
    await doors.install()
    app = the_app(doors)
    app.hooks[0].is_active = False
    app.hooks[1].subscription_query = "subscription { event { __typename } }"
    app.hooks[2].name = "gone"
    del app.hooks[3]
    foreign = replace(app.hooks[-1], target_url="http://erp.test/")
    app.hooks.append(foreign)

    # when
    await shops.have_all_synced(doors.lines)
    await doors.work()

    # then
    assert sorted(hook.name or "" for hook in app.hooks if hook is not foreign) == sorted(
        kind.path for kind in EventKind
    )
    assert all(hook.is_active for hook in app.hooks)
    assert foreign in app.hooks
    assert [name for name in doors.wires.mutations if "Webhook" in name] == [
        "CreateWebhook",
        "CreateWebhook",
        "UpdateWebhook",
        "UpdateWebhook",
        "DeleteWebhook",
    ]

    # and: the second time there is nothing to do
    await shops.have_all_synced(doors.lines)
    await doors.work()
    assert len([name for name in doors.wires.mutations if "Webhook" in name]) == 5


async def test_an_app_that_moved_takes_its_webhooks_along(doors: Doors) -> None:
    # given
    await doors.install()
    doors.lines = replace(doors.lines, app_url="http://moved.test")

    # when
    await shops.have_all_synced(doors.lines)
    await doors.work()

    # then
    assert all(hook.target_url.startswith("http://moved.test/") for hook in the_app(doors).hooks)


@pytest.fixture
async def heard(trade: Trade) -> Trade:
    """A trade whose shop tells the app what happens."""
    unset: dict[str, Any] = {"DATABASE_URL": None, "key": None}
    settings = Settings(_env_file=None, allow_local_shops=True, **unset)
    trade.lines = replace(trade.lines, app_url=APP_URL)
    trade.wires.open(app=create_app(trade.lines, settings))
    trade.shop.deliveries.transport = trade.wires
    ((shop_id,),) = await trade.query("SELECT id FROM installations")
    app = trade.shop.find_app(APP_ID)
    await trade.query(f"UPDATE installations SET app_id = '{app.id}' RETURNING id")
    await shops.sync(trade.lines, SyncShop(shop_id))
    return trade


async def hear(trade: Trade) -> list[str]:
    """Has events delivered and worked off; tells which jobs they made."""
    await trade.query("DELETE FROM procrastinate_jobs RETURNING id")
    await trade.shop.deliveries.deliver_due()
    for (inbox_id,) in await trade.query("SELECT id FROM inbox WHERE handled_at IS NULL"):
        await events_in.handle(trade.lines, HandleEvent(inbox_id))
    return [
        name
        for (name,) in await trade.query(
            "SELECT task_name FROM procrastinate_jobs WHERE task_name <> 'handle_event' ORDER BY 1"
        )
    ]


async def test_stock_that_comes_in_frees_an_order_at_once(heard: Trade) -> None:
    # given
    heard.leave(0)
    order_id = heard.sell(sale())
    await heard.sync()
    assert (await heard.standing(order_id))[0] == "HELD"

    # when
    heard.clock.move(seconds=30)
    heard.shop.set_stock("MUG-1", US_SHELF, 500)
    jobs = await hear(heard)
    await placing.place(heard.lines, PlaceOrders(heard.store_id))

    # then
    assert jobs == ["place_orders"]
    assert (await heard.standing(order_id))[0] == "PLACED"


async def test_a_product_that_no_order_waits_for_makes_no_work(heard: Trade) -> None:
    # given
    order_id = heard.sell(sale(items=[goods(sku="NEW-1")]))
    await heard.sync()
    assert (await heard.standing(order_id))[0] == "HELD"

    # when
    heard.clock.move(seconds=30)
    heard.shop.set_stock("MUG-1", US_SHELF, 500)

    # then
    assert await hear(heard) == []


async def test_an_order_that_staff_change_is_compared_with_amazons(heard: Trade) -> None:
    # given
    order_id = heard.sell(sale())
    await heard.sync()
    assert await hear(heard) == [], "what the app did itself is no news to it"
    order = heard.shop.state.by_reference(order_id)
    assert order is not None

    # when
    heard.clock.move(seconds=30)
    heard.shop.state.tell("ORDER_UPDATED", [order])

    # then
    assert await hear(heard) == ["follow_orders", "plan_outbox"]


async def test_an_order_of_nobodys_is_no_work(heard: Trade) -> None:
    # given: staff gave an order of another channel a reference
    order_id = heard.sell(sale())
    await heard.sync()
    await hear(heard)
    order = heard.shop.state.by_reference(order_id)
    assert order is not None
    heard.shop.state.rename(order, "ERP-4711")

    # when
    heard.clock.move(seconds=30)
    heard.shop.state.tell("ORDER_UPDATED", [order])

    # then
    assert await hear(heard) == []
