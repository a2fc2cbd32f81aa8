"""Settings of a store are saved: what cannot work is refused, the rest is taken up at once."""

from typing import Any

import pytest

from saleor_amazon_app.core.choices import Choices
from saleor_amazon_app.core.errors import InputRefused
from saleor_amazon_app.flows.choices import save
from saleor_amazon_app.ledger import choices
from saleor_amazon_app.saleor.errors import HostUnavailable
from tests.flows.changing import catch_up
from tests.flows.staff import ADA, deeds, everything, jobs, shop_of, store_of
from tests.flows.trading import Trade, goods, number_of, sale
from tests.unit.amazon_orders import DE, US


async def known(trade: Trade) -> Choices:
    async with trade.lines.database.transaction() as session:
        return await choices.choices_of(session, trade.store_id)


async def saved(trade: Trade, **changes: Any) -> None:
    wanted = Choices.model_validate((await known(trade)).model_dump() | changes)
    await save(trade.lines, await shop_of(trade), await store_of(trade), wanted, by=ADA)


async def test_settings_are_kept_once_with_who_changed_them(trade: Trade) -> None:
    # when
    await saved(trade, unknown_sku="PLACEHOLDER", placeholder_sku="MUG-1", tax_rates={"DE": "0.19"})
    await saved(trade, unknown_sku="PLACEHOLDER", placeholder_sku="MUG-1", tax_rates={"DE": "0.19"})
    # then
    assert (await known(trade)).placeholder_sku == "MUG-1"
    assert [(deed.by, deed.summary) for deed in await deeds(trade)] == [
        (ADA, f"{ADA} changed the settings: unknown_sku, placeholder_sku, tax_rates.")
    ]


async def test_orders_that_waited_for_a_setting_are_placed_at_once(trade: Trade) -> None:
    # given
    order_id = trade.sell(sale(items=[goods(sku="NEW-1")]))
    await catch_up(trade)
    assert (await trade.row(order_id)).import_state == "HELD"
    # when
    await saved(trade, unknown_sku="PLACEHOLDER", placeholder_sku="MUG-1")
    assert "place_orders" in await jobs(trade)
    await trade.place()
    # then
    assert (await trade.row(order_id)).import_state == "PLACED"


async def test_what_was_bought_while_import_was_off_stays_unimported(trade: Trade) -> None:
    # given an order before, one meanwhile and one after
    before = trade.sell(sale(1, items=[goods(sku="NEW-1")], bought=trade.clock()))
    await catch_up(trade)
    trade.clock.move(minutes=5)
    await saved(trade, import_amazon_orders="DISABLED")
    meanwhile = trade.sell(sale(2, bought=trade.clock()))
    await catch_up(trade)
    assert {(await trade.row(each)).import_state for each in (before, meanwhile)} == {"SKIPPED"}
    trade.clock.move(minutes=5)
    # when
    await saved(
        trade, import_amazon_orders="ENABLED", unknown_sku="PLACEHOLDER", placeholder_sku="MUG-1"
    )
    after = trade.sell(sale(3, bought=trade.clock()))
    await catch_up(trade)
    # then
    assert (await trade.row(before)).import_state == "PLACED"
    assert (await trade.row(after)).import_state == "PLACED"
    assert await trade.standing(meanwhile) == (
        "SKIPPED",
        [
            (
                "IMPORT_DISABLED",
                "The order was placed while importing was switched off. Start a backfill to "
                "import it.",
            )
        ],
    )
    assert trade.booked(number_of(2)) == []


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        (
            {"import_into": {US: {"channel": "nowhere"}}},
            "importInto",
            "The shop has no channel 'nowhere': choose another for US.",
        ),
        (
            {"import_into": {US: {"channel": "de"}}},
            "importInto",
            "US sells in USD, but the channel 'de' is in EUR. Choose a channel in USD.",
        ),
        (
            {"import_into": {"A21TJRUUN4KGV": {"channel": "de"}}},
            "importInto",
            "The store does not sell in the marketplace IN.",
        ),
        ({"fba_warehouse": "nowhere"}, "fbaWarehouse", "The shop has no warehouse 'nowhere'."),
        (
            {"unknown_sku": "PLACEHOLDER"},
            "placeholderSku",
            "Name the SKU that stands in for unknown ones.",
        ),
        (
            {"unknown_sku": "PLACEHOLDER", "placeholder_sku": "NOPE"},
            "placeholderSku",
            "No variant of the shop has the SKU 'NOPE'.",
        ),
        (
            {"shipping_methods": {"STANDARD": "Pigeon"}},
            "shippingMethods",
            "No channel of the store offers the shipping method 'Pigeon' chosen for STANDARD: "
            "choose another or add it to the channel.",
        ),
        (
            {"carriers": {"DHL": "Pigeon"}},
            "carriers",
            "Amazon knows no carrier 'Pigeon': choose one of its list, or Other.",
        ),
        (
            {"carriers": {"\x00": "DHL"}},
            "carriers",
            "Name what it is for in up to 200 printable characters.",
        ),
        ({"tax_rates": {"XX": "0.1"}}, "taxRates", "Saleor knows no country 'XX'."),
    ],
)
async def test_what_cannot_work_is_refused_by_field(
    trade: Trade, changes: dict[str, Any], field: str, words: str
) -> None:
    # given
    before = await everything(trade)
    # when
    with pytest.raises(InputRefused) as refused:
        await saved(trade, **changes)
    # then
    assert (refused.value.field, str(refused.value)) == (field, words)
    assert await everything(trade) == before
    assert trade.wires.mutations == []


async def test_everything_that_is_wrong_is_said_at_once(trade: Trade) -> None:
    # when
    with pytest.raises(InputRefused) as refused:
        await saved(
            trade, import_into={DE: {"channel": "x"}}, fba_warehouse="y", tax_rates={"XX": "0"}
        )
    # then
    assert [one.field for one in refused.value.wrong] == ["importInto", "fbaWarehouse", "taxRates"]


async def test_a_shop_that_cannot_be_asked_keeps_the_settings_as_they_are(trade: Trade) -> None:
    # given
    before = await everything(trade)
    wanted = (await known(trade)).model_copy(update={"sync_every_minutes": 60})
    shop, store = await shop_of(trade), await store_of(trade)
    shop.saleor_api_url = "http://nobody.test/graphql/"
    # when
    with pytest.raises(HostUnavailable):
        await save(trade.lines, shop, store, wanted, by=ADA)
    # then
    assert await everything(trade) == before


async def test_a_shorter_interval_counts_at_once(trade: Trade) -> None:
    # given
    await saved(trade, sync_every_minutes=1440)
    trade.clock.move(minutes=1)
    # when
    await saved(trade, sync_every_minutes=5)
    # then
    assert (await store_of(trade)).next_sync_at == trade.clock()
