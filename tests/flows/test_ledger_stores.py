"""Shops, their stores, what was chosen for them, and how far they have been read."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from pydantic import SecretStr

from saleor_amazon_app.core.choices import Choices, ImportInto
from saleor_amazon_app.core.errors import NeedsMerchant
from saleor_amazon_app.core.ids import ChannelSlug, MarketplaceId, SaleorApiUrl, StoreId
from saleor_amazon_app.core.marketplaces import Region
from saleor_amazon_app.ledger import choices, cursors, installations, stores
from saleor_amazon_app.ledger.cursors import PageInProgress, Position
from saleor_amazon_app.ledger.installations import InstallationStatus, Registration
from saleor_amazon_app.ledger.secrets import Cipher
from saleor_amazon_app.ledger.session import Database
from saleor_amazon_app.ledger.stores import Authorisation, NewStore, Store, StoreStatus
from tests.flows.conftest import NOW

LATER = NOW + timedelta(minutes=5)
SHOP = Registration(
    saleor_api_url=SaleorApiUrl("https://shop.example/graphql/"),
    domain="shop.example",
    app_id="QXBwOjE=",
    token=SecretStr("first-token"),
    jwks={"keys": []},
    saleor_version="3.22.1",
)
SELLER = NewStore(
    name="Amazon America",
    region=Region.NORTH_AMERICA,
    marketplaces=(MarketplaceId("ATVPDKIKX0DER"), MarketplaceId("A2EUQ1WTGCTBG2")),
    authorisation=Authorisation("client", SecretStr("secret"), SecretStr("refresh")),
)


async def test_installing_again_replaces_the_token_and_keeps_the_shop(
    database: Database, cipher: Cipher
) -> None:
    # given
    async with database.transaction() as session:
        first = await installations.install(session, cipher, SHOP, now=NOW)
        await installations.set_status(session, first, InstallationStatus.REMOVED, now=NOW)
    # when
    again = replace(SHOP, app_id="QXBwOjI=", token=SecretStr("second-token"))
    async with database.transaction() as session:
        second = await installations.install(session, cipher, again, now=LATER)
    # then
    assert second == first
    async with database.transaction() as session:
        shop = await installations.installation_at(session, SHOP.saleor_api_url)
        assert await installations.active_installations(session) == [shop]
    assert shop is not None
    assert shop.auth_token(cipher).get_secret_value() == "second-token"
    assert (shop.app_id, shop.status) == ("QXBwOjI=", InstallationStatus.ACTIVE)
    assert (shop.installed_at, shop.updated_at) == (NOW, LATER)


async def test_what_the_shop_tells_later_is_kept(database: Database, cipher: Cipher) -> None:
    async with database.transaction() as session:
        shop_id = await installations.install(session, cipher, SHOP, now=NOW)
        await installations.keep_jwks(session, shop_id, {"keys": [{"kid": "2"}]}, now=LATER)
        await installations.keep_version(session, shop_id, "3.23.0", now=LATER)
    async with database.transaction() as session:
        shop = await installations.installation(session, shop_id)
    assert (shop.jwks, shop.saleor_version) == ({"keys": [{"kid": "2"}]}, "3.23.0")


async def test_a_store_is_kept_whole(database: Database, cipher: Cipher) -> None:
    async with database.transaction() as session:
        shop_id = await installations.install(session, cipher, SHOP, now=NOW)
        store_id = await stores.connect_store(
            session, cipher, shop_id, SELLER, now=NOW, sweep_at=NOW
        )
    async with database.transaction() as session:
        store = await stores.store(session, store_id)
        assert await stores.stores_of(session, shop_id) == [store]
    assert store.marketplaces == ["ATVPDKIKX0DER", "A2EUQ1WTGCTBG2"]
    assert store.authorisation(cipher) == SELLER.authorisation
    assert (store.region, store.status, store.granted_datasets) == ("NA", "ACTIVE", None)
    assert (store.connected_at, store.next_sync_at) == (NOW, NOW)


async def test_a_name_is_given_once_in_a_shop(database: Database, cipher: Cipher) -> None:
    # given
    async with database.transaction() as session:
        shop_id = await installations.install(session, cipher, SHOP, now=NOW)
        await stores.connect_store(session, cipher, shop_id, SELLER, now=NOW, sweep_at=NOW)

    async def connect_again() -> None:
        async with database.transaction() as session:
            await stores.connect_store(session, cipher, shop_id, SELLER, now=NOW, sweep_at=NOW)

    # when
    with pytest.raises(NeedsMerchant, match="already has a store"):
        await connect_again()
    # then
    async with database.transaction() as session:
        assert len(await stores.stores_of(session, shop_id)) == 1


async def test_only_active_stores_of_active_shops_come_due(
    database: Database, store_id: StoreId, other_store_id: StoreId
) -> None:
    async def due(now: datetime = NOW) -> list[StoreId]:
        async with database.transaction() as session:
            return [StoreId(one.id) for one in await stores.stores_due(session, now, 10)]

    assert set(await due()) == {store_id, other_store_id}
    async with database.transaction() as session:
        await stores.sync_again_at(session, [store_id], LATER)
        other = await stores.store(session, other_store_id)
        await installations.set_status(
            session, other.installation_id, InstallationStatus.REFUSED, now=NOW
        )
    assert await due() == []
    assert await due(LATER) == [store_id]
    async with database.transaction() as session:
        await stores.set_store_status(
            session, store_id, StoreStatus.REAUTHORISE, reason="Amazon's consent ran out"
        )
    assert await due(LATER) == []


async def test_a_due_store_is_taken_by_one_scheduler(
    database: Database, store_id: StoreId, other_store_id: StoreId
) -> None:
    async def tick() -> list[Store]:
        async with database.transaction() as session:
            taken = await stores.stores_due(session, NOW, 10)
            await asyncio.sleep(0.1)
            for one in taken:
                await stores.sync_again_at(session, [StoreId(one.id)], LATER)
            return taken

    first, second = await asyncio.gather(tick(), tick())
    assert sorted([len(first), len(second)]) == [0, 2]


async def test_a_new_consent_makes_a_store_active_again(
    database: Database, cipher: Cipher, store_id: StoreId
) -> None:
    # given
    async with database.transaction() as session:
        await stores.set_store_status(session, store_id, StoreStatus.REAUTHORISE, reason="Expired")
        await stores.keep_granted_datasets(session, store_id, ("FULFILLMENT", "PROCEEDS"))
        await stores.record_synced(session, [store_id], now=LATER)
    # when
    consent = Authorisation("new-client", SecretStr("new-secret"), SecretStr("new-refresh"))
    async with database.transaction() as session:
        await stores.reauthorise_store(session, cipher, store_id, consent)
    # then
    async with database.transaction() as session:
        store = await stores.store(session, store_id)
    assert store.authorisation(cipher) == consent
    assert (store.status, store.status_reason) == (StoreStatus.ACTIVE, None)
    assert store.granted_datasets is None
    assert store.last_synced_at == LATER


async def test_choices_are_the_defaults_until_saved_and_then_exactly_what_was_saved(
    database: Database, store_id: StoreId
) -> None:
    chosen = Choices(
        import_into={MarketplaceId("A1PA6795UKMFR9"): ImportInto(channel=ChannelSlug("amazon"))},
        import_orders_since=NOW,
        tax_rates={"DE": Decimal("0.19")},
    )
    async with database.transaction() as session:
        assert await choices.choices_of(session, store_id) == Choices()
        await choices.save_choices(session, store_id, Choices(sync_every_minutes=10), now=NOW)
        await choices.save_choices(session, store_id, chosen, now=LATER)
    async with database.transaction() as session:
        assert await choices.choices_of(session, store_id) == chosen


async def test_a_pass_goes_on_at_its_page_and_ends_at_amazons_mark(
    database: Database, store_id: StoreId
) -> None:
    page = PageInProgress({"lastUpdatedAfter": "2026-11-20T11:50:00Z"}, "token-2", NOW)
    async with database.transaction() as session:
        assert await cursors.position(session, store_id) == Position()
        await cursors.keep_page(session, store_id, page)
        assert await cursors.position(session, store_id) == Position(page=page)
        await cursors.finish_pass(session, store_id, high_water=LATER)
    async with database.transaction() as session:
        assert await cursors.position(session, store_id) == Position(LATER)


async def test_the_mark_never_goes_back_and_survives_an_abandoned_pass(
    database: Database, store_id: StoreId
) -> None:
    async with database.transaction() as session:
        await cursors.finish_pass(session, store_id, high_water=LATER)
        await cursors.finish_pass(session, store_id, high_water=NOW)
        await cursors.keep_page(session, store_id, PageInProgress({}, "token", NOW))
        await cursors.abandon_pass(session, store_id)
        assert await cursors.position(session, store_id) == Position(LATER)


async def test_moments_come_back_in_utc_and_naive_ones_are_refused(
    database: Database, store_id: StoreId
) -> None:
    local = NOW.astimezone(timezone(timedelta(hours=9)))
    async with database.transaction() as session:
        await cursors.finish_pass(session, store_id, high_water=local)
    async with database.transaction() as session:
        high_water = (await cursors.position(session, store_id)).high_water
    assert high_water == NOW
    assert high_water is not None
    assert high_water.tzinfo is UTC

    async def keep_naive() -> None:
        async with database.transaction() as session:
            await cursors.finish_pass(session, store_id, high_water=LATER.replace(tzinfo=None))

    with pytest.raises(Exception, match="names no time zone"):
        await keep_naive()
