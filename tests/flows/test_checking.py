"""`check` finds what is wrong with configuration, database, clock, shops and stores, in words."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from saleor_amazon_app.core.times import utc_now
from saleor_amazon_app.flows.checking import check_all
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.stores import deactivate
from saleor_amazon_app.ledger import installations, stores
from saleor_amazon_app.ledger.installations import InstallationStatus
from saleor_amazon_app.ledger.secrets import Cipher, new_key
from saleor_amazon_app.ledger.session import Database
from saleor_amazon_app.ledger.stores import StoreStatus
from saleor_amazon_app.simulators.amazon import Operation
from saleor_amazon_app.simulators.saleor import default_seed
from saleor_amazon_app.simulators.saleor.seed import ShopSeed
from tests.flows.trading import API_URL, OpenTrade, Trade

SHOP = f"shop {API_URL}"
STORE = "store Lanterns"
Found = dict[str, list[tuple[str, str]]]


async def found(lines: Connections) -> Found:
    """Weights and words by what was looked at."""
    return {
        checked.subject: [(finding.weight.value, finding.message) for finding in checked.findings]
        async for checked in check_all(lines)
    }


@pytest.fixture
async def trade(open_trade: OpenTrade) -> Trade:
    """A trade whose clock goes with the database's, synced a moment ago."""
    opened = await open_trade()
    opened.clock.now = utc_now()
    async with opened.lines.database.transaction() as session:
        await stores.record_synced(session, [opened.store_id], now=opened.clock())
    return opened


async def test_where_all_is_well_nothing_is_wrong(trade: Trade) -> None:
    told = await found(trade.lines)

    assert list(told) == ["configuration", "database and clock", SHOP, STORE]
    assert {subject: told[subject] for subject in told if subject != "configuration"} == {
        "database and clock": [],
        SHOP: [],
        STORE: [],
    }
    assert trade.wires.mutations == []


async def test_the_configuration_names_what_is_for_trials_only(trade: Trade) -> None:
    told = await found(replace(trade.lines, app_url="https://amazon.example"))

    assert told["configuration"] == [
        (
            "WARNING",
            "SALEOR_AMAZON_SPAPI_URL replaces Amazon's own address by http://amazon.test; that is "
            "for trials only.",
        ),
        (
            "WARNING",
            "SALEOR_AMAZON_LWA_URL replaces Amazon's own address by http://amazon.test; that is "
            "for trials only.",
        ),
    ]


async def test_an_empty_app_says_what_comes_next(trade: Trade, database: Database) -> None:
    async with database.transaction() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("TRUNCATE installations CASCADE")

    assert (await found(trade.lines))["shops"] == [
        ("WARNING", "No shop has installed the app yet.")
    ]


async def test_a_shop_without_a_store_says_so(trade: Trade) -> None:
    async with trade.lines.database.transaction() as session:
        await stores.disconnect_store(session, trade.store_id)

    told = await found(trade.lines)

    assert told["stores of shop.test"] == [
        ("WARNING", "No seller account is connected to this shop yet.")
    ]


async def _clock_off(trade: Trade) -> None:
    trade.clock.now = utc_now() + timedelta(seconds=90)
    async with trade.lines.database.transaction() as session:
        await stores.record_synced(session, [trade.store_id], now=trade.clock())


async def _no_sync(trade: Trade) -> None:
    async with trade.lines.database.transaction() as session:
        await stores.record_synced(
            session, [trade.store_id], now=trade.clock() - timedelta(minutes=16)
        )


async def _no_token(trade: Trade) -> None:
    trade.shop.faults.revoke_token(trade.token)


async def _shop_down(trade: Trade) -> None:
    trade.shop.faults.down()


async def _removed(trade: Trade) -> None:
    await _installation(trade, InstallationStatus.REMOVED)


async def _refused_before(trade: Trade) -> None:
    await _installation(trade, InstallationStatus.REFUSED)


async def _installation(trade: Trade, status: InstallationStatus) -> None:
    async with trade.lines.database.transaction() as session:
        shop = await installations.installation_at(session, API_URL)
        assert shop is not None
        await installations.set_status(session, shop.id, status, now=trade.clock())


async def _revoked(trade: Trade) -> None:
    trade.amazon.seller.revoke_consent()


async def _stopped_before(trade: Trade) -> None:
    async with trade.lines.database.transaction() as session:
        await stores.set_store_status(
            session, trade.store_id, StoreStatus.REAUTHORISE, reason="It was lost."
        )


async def _no_channel(trade: Trade) -> None:
    trade.shop.state.channels.pop("default-channel")


async def _switched_off(trade: Trade) -> None:
    async with trade.lines.database.transaction() as session:
        store = await stores.store(session, trade.store_id)
    await deactivate(trade.lines, store)


@pytest.mark.parametrize(
    ("arise", "subject", "weight", "words"),
    [
        (
            _clock_off,
            "database and clock",
            "FAULT",
            "The clocks of this machine and of the database are 90 s apart. Set both by a time "
            "server.",
        ),
        (_no_token, SHOP, "FAULT", "no longer accepts the Amazon app"),
        (_shop_down, SHOP, "FAULT", "gave no answer to WhoseToken"),
        (_removed, SHOP, "WARNING", "The app was removed from this shop; install it again before"),
        (_refused_before, SHOP, "FAULT", "The shop accepts the app again; its work goes on"),
        (_revoked, STORE, "FAULT", "Amazon no longer accepts this store's authorisation."),
        (
            _stopped_before,
            STORE,
            "FAULT",
            "The store was stopped (It was lost.), but Amazon accepts its authorisation now. "
            "Activate it.",
        ),
        (_no_channel, STORE, "FAULT", "The channel 'default-channel' for US"),
        (_no_sync, STORE, "WARNING", "UTC. Does a worker run?"),
        (_switched_off, STORE, "NOTE", "The store is switched off."),
    ],
)
async def test_each_thing_that_is_wrong_is_named_where_it_belongs(
    trade: Trade,
    arise: Callable[[Trade], Awaitable[None]],
    subject: str,
    weight: str,
    words: str,
) -> None:
    # given
    await arise(trade)

    # when
    told = await found(trade.lines)

    # then
    (only,) = told[subject]
    assert only[0] == weight
    assert words in only[1]


async def test_a_host_that_is_too_old_is_named(open_trade: OpenTrade) -> None:
    trade = await open_trade(replace(default_seed(), shop=ShopSeed(version="3.20.9")))

    told = await found(trade.lines)

    assert told[SHOP] == [("FAULT", "Saleor 3.20.9 is too old; the app needs 3.21 or newer.")]


async def test_a_key_that_does_not_fit_is_named_and_the_rest_is_looked_at(trade: Trade) -> None:
    told = await found(replace(trade.lines, cipher=Cipher.of(new_key())))

    fault = (
        "FAULT",
        "A stored secret cannot be read with SALEOR_AMAZON_KEY; add the key it was encrypted with "
        "to the list",
    )
    assert told[SHOP] == [fault]
    assert told[STORE] == [fault]


async def test_a_store_that_was_never_synced_counts_from_its_connection(trade: Trade) -> None:
    async with trade.lines.database.transaction() as session:
        store = await stores.store(session, trade.store_id)
        store.last_synced_at = None

    (only,) = (await found(trade.lines))[STORE]

    assert only[1].startswith("The store was last synced 2026-11-19 00:00 UTC")


async def test_what_the_way_back_lacks_is_named(trade: Trade) -> None:
    # given
    await trade.query("UPDATE stores SET seller_id = NULL RETURNING id")
    trade.amazon.faults.fail_next(403, operation=Operation.LIST_TRANSACTIONS)
    # when
    told = (await found(trade.lines))[STORE]
    # then
    assert [(weight, words.split(",")[0].split(":")[0]) for weight, words in told] == [
        ("WARNING", "The seller's merchant token is not known yet"),
        ("WARNING", "Amazon does not let the app read finances"),
    ]
