"""A seller is connected once both sides have shown that it can work; else nothing is written."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from pydantic import SecretStr

from saleor_amazon_app.amazon.errors import AmazonUnavailable, ClientRefused, ConsentRevoked
from saleor_amazon_app.core.choices import Choices, ImportInto
from saleor_amazon_app.core.errors import AppError, NeedsMerchant
from saleor_amazon_app.core.ids import ChannelSlug, MarketplaceId, SaleorApiUrl
from saleor_amazon_app.core.marketplaces import Region
from saleor_amazon_app.flows.connecting import Connected, connect
from saleor_amazon_app.ledger import choices, stores
from saleor_amazon_app.ledger.stores import NewStore, StoreStatus
from saleor_amazon_app.mapping.setup import Weight
from saleor_amazon_app.saleor.errors import HostUnavailable
from saleor_amazon_app.simulators.amazon import Operation
from saleor_amazon_app.simulators.saleor import Seed, default_seed
from tests.flows.trading import (
    API_URL,
    APP_ID,
    PERMISSIONS,
    OpenTrade,
    Trade,
    register,
    seller_account,
)
from tests.unit.amazon_orders import DE, US

ONLY_US = (MarketplaceId(US),)


def account(name: str = "Second", **changes: Any) -> NewStore:
    """Another seller by its merchant token, about to be connected in the United States."""
    return replace(seller_account(name), **{"marketplaces": ONLY_US, "seller_id": "A2", **changes})


def into(channel: str | None = "default-channel", **changes: Any) -> Choices:
    target = ImportInto(channel=ChannelSlug(channel) if channel else None)
    return Choices(import_into={MarketplaceId(US): target}, **changes)


async def connected(
    trade: Trade, store: NewStore | None = None, settings: Choices | None = None
) -> Connected:
    return await connect(trade.lines, API_URL, store or account(), settings or into())


async def refusal(trade: Trade, *given: Any, **named: Any) -> str:
    """The words of a refusal, after which nothing is there that was not there before."""
    with pytest.raises(AppError) as refused:
        await connected(trade, *given, **named)
    assert await names(trade) == ["Lanterns"]
    return str(refused.value)


async def names(trade: Trade) -> list[str]:
    async with trade.lines.database.transaction() as session:
        first = await stores.store(session, trade.store_id)
        return [store.name for store in await stores.stores_of(session, first.installation_id)]


def authorised(**changes: Any) -> NewStore:
    known = account()
    return replace(known, authorisation=replace(known.authorisation, **changes))


async def test_a_seller_that_can_work_is_connected_and_its_orders_from_now_on_are_imported(
    trade: Trade,
) -> None:
    # when
    made = await connected(trade)

    # then
    assert made.findings == ()
    async with trade.lines.database.transaction() as session:
        store = await stores.store(session, made.store_id)
        settings = await choices.choices_of(session, made.store_id)
    assert (store.status, store.region, store.marketplaces) == (StoreStatus.ACTIVE, "NA", [US])
    assert store.next_sync_at == trade.clock()
    assert settings == into().model_copy(update={"import_orders_since": trade.clock()})
    assert trade.amazon.calls == {
        Operation.GET_TOKEN: 1,
        Operation.GET_MARKETPLACE_PARTICIPATIONS: 1,
    }
    assert trade.wires.mutations == []


async def test_what_amazon_accepts_a_store_by_is_only_kept_encrypted(trade: Trade) -> None:
    # when
    made = await connected(trade)

    # then
    given = account().authorisation
    async with trade.lines.database.transaction() as session:
        store = await stores.store(session, made.store_id)
    assert store.authorisation(trade.lines.cipher) == given
    kept = repr({name: getattr(store, name) for name in type(store).__table__.columns.keys()})
    assert given.lwa_client_secret.get_secret_value() not in kept
    assert given.refresh_token.get_secret_value() not in kept


@pytest.mark.parametrize(
    ("_case", "store", "error", "words"),
    [
        (
            "a token that is none",
            authorised(refresh_token=SecretStr("Atzr|nobody")),
            ConsentRevoked,
            "no longer accepts this store's authorisation",
        ),
        (
            "a wrong client",
            authorised(lwa_client_id="amzn1.application-oa2-client.nobody"),
            ClientRefused,
            "does not accept the app's client id and secret",
        ),
        (
            "a wrong secret",
            authorised(lwa_client_secret=SecretStr("nothing")),
            ClientRefused,
            "does not accept the app's client id and secret",
        ),
        (
            "a marketplace of another region",
            account(marketplaces=(MarketplaceId(DE),)),
            NeedsMerchant,
            f"The marketplace DE {DE} belongs to the region EU, not to NA",
        ),
        (
            "a region that is not the marketplace's",
            account(region=Region.EUROPE),
            NeedsMerchant,
            f"The marketplace US {US} belongs to the region NA, not to EU",
        ),
        (
            "a marketplace the seller does not sell in",
            account(marketplaces=(MarketplaceId("A2EUQ1WTGCTBG2"),)),
            NeedsMerchant,
            "The seller does not sell in A2EUQ1WTGCTBG2. Marketplaces of this account: ",
        ),
    ],
)
async def test_what_amazon_does_not_accept_is_refused_in_words(
    trade: Trade, _case: str, store: NewStore, error: type[AppError], words: str
) -> None:
    with pytest.raises(error) as refused:
        await connected(trade, store)

    assert words in str(refused.value)
    assert await names(trade) == ["Lanterns"]


async def test_an_amazon_that_does_not_answer_connects_nobody(trade: Trade) -> None:
    trade.amazon.faults.fail_next(operation=Operation.GET_TOKEN)

    with pytest.raises(AmazonUnavailable):
        await connected(trade)

    assert await names(trade) == ["Lanterns"]


async def test_a_shop_that_does_not_answer_connects_nobody(trade: Trade) -> None:
    trade.shop.faults.down()

    with pytest.raises(HostUnavailable):
        await connected(trade)

    assert await names(trade) == ["Lanterns"]


async def test_a_shop_without_the_app_is_told_from_those_that_have_it(trade: Trade) -> None:
    other = SaleorApiUrl("https://other.example/graphql/")

    with pytest.raises(NeedsMerchant) as refused:
        await connect(trade.lines, other, account(), into())

    assert f"{other} has not installed this app (shops that have: {API_URL})" in str(refused.value)
    assert trade.amazon.calls == {}


@pytest.mark.parametrize(
    ("_case", "store"),
    [
        ("the same name", account("Lanterns")),
        ("the same seller", account(seller_id="A1SIMULATED")),
    ],
)
async def test_a_store_that_is_there_is_not_connected_again(
    trade: Trade, _case: str, store: NewStore
) -> None:
    # given
    before = await names(trade)

    # when
    with pytest.raises(NeedsMerchant, match="The shop already has the store"):
        await connected(trade, store)

    # then
    assert await names(trade) == before
    assert trade.amazon.calls == {}


async def test_an_account_that_may_be_connected_already_is_refused(trade: Trade) -> None:
    # given
    before = await names(trade)

    # when
    with pytest.raises(NeedsMerchant, match="give that of the new account") as unnamed:
        await connected(trade, account(seller_id=None))
    async with trade.lines.database.transaction() as session:
        (await stores.store(session, trade.store_id)).seller_id = None
    with pytest.raises(NeedsMerchant, match="authorise 'Lanterns' again with its own"):
        await connected(trade)

    # then
    assert unnamed.value.field == "sellerId"
    assert await names(trade) == before
    assert trade.amazon.calls == {}


def _channel(slug: str = "default-channel", **changes: Any) -> Callable[[Seed], Seed]:
    def change(seed: Seed) -> Seed:
        changed = [replace(c, **changes) if c.slug == slug else c for c in seed.channels]
        return replace(seed, channels=tuple(changed))

    return change


def _zone(**changes: Any) -> Callable[[Seed], Seed]:
    return lambda seed: replace(seed, zones=(replace(seed.zones[0], **changes), *seed.zones[1:]))


def _limited(seed: Seed) -> Seed:
    method = seed.zones[0].methods[0]
    listing = replace(method.listings[0], maximum_order_price=Decimal(50))
    return _zone(methods=(replace(method, listings=(listing,)),))(seed)


@pytest.mark.parametrize(
    ("_case", "change", "settings", "words"),
    [
        (
            "no such channel",
            lambda seed: seed,
            into("gone"),
            f"The channel 'gone' for US ({US}) does not exist in the shop. Create it or choose "
            "another.",
        ),
        (
            "no warehouse",
            _channel(warehouses=()),
            into(),
            "The channel 'default-channel' has no warehouse. Assign one to it.",
        ),
        (
            "no shipping method",
            _zone(methods=()),
            into(),
            "No shipping method of the channel 'default-channel' serves US. Add US to a shipping "
            "zone of the channel that has a shipping method.",
        ),
        (
            "no warehouse for the country",
            _zone(warehouses=("uk-warehouse",)),
            into(),
            "No warehouse of the channel 'default-channel' ships to US: Saleor counts no stock for "
            "such orders. Assign a warehouse to a shipping zone with that country.",
        ),
        (
            "no such warehouse of Amazon's",
            lambda seed: seed,
            into(fba_warehouse="nowhere"),
            "The warehouse 'nowhere' for orders fulfilled by Amazon does not exist. Name another "
            "by its slug.",
        ),
    ],
)
async def test_what_the_shop_lacks_is_named_and_nothing_is_connected(
    open_trade: OpenTrade,
    _case: str,
    change: Callable[[Seed], Seed],
    settings: Choices,
    words: str,
) -> None:
    trade = await open_trade(change(default_seed()))

    assert await refusal(trade, settings=settings) == words


async def test_everything_the_shop_lacks_is_named_at_once(open_trade: OpenTrade) -> None:
    seed = _zone(countries=("CA",))(_channel("uk", warehouses=())(default_seed()))
    trade = await open_trade(seed)

    told = (await refusal(trade, settings=into("uk", fba_warehouse="nowhere"))).splitlines()

    assert [line.partition(".")[0] for line in told] == [
        f"US ({US}) sells in USD, but the channel 'uk' is in GBP",
        "The channel 'uk' has no warehouse",
        "No shipping method of the channel 'uk' serves US",
        "The warehouse 'nowhere' for orders fulfilled by Amazon does not exist",
    ]


@pytest.mark.parametrize("missing", [PERMISSIONS[0], PERMISSIONS[-1]])
async def test_each_permission_the_shop_did_not_grant_is_named(trade: Trade, missing: str) -> None:
    # given
    trade.shop.state.apps.clear()
    granted = [each for each in PERMISSIONS if each != missing]
    await register(trade.lines, trade.shop.add_app(granted, identifier=APP_ID))

    # then
    assert await refusal(trade) == (
        f"The shop did not grant the app {missing}. Grant it in the Saleor dashboard under "
        "Extensions, Amazon."
    )


@pytest.mark.parametrize(
    ("_case", "change", "settings", "weight", "words"),
    [
        (
            "no channel chosen",
            lambda seed: seed,
            into(None),
            Weight.WARNING,
            f"Orders of US ({US}) are held: no channel is set for it.",
        ),
        (
            "a channel that is not active",
            _channel(is_active=False),
            into(),
            Weight.WARNING,
            "The channel 'default-channel' is not active. Activate it, unless it is meant for "
            "Amazon alone.",
        ),
        (
            "limits everywhere",
            _limited,
            into(),
            Weight.WARNING,
            "Every shipping method of the channel 'default-channel' for US has limits of price, "
            "weight or postal code; orders beyond them are held. Give Amazon one without limits.",
        ),
        (
            "orders left unconfirmed",
            _channel(automatically_confirm_all_new_orders=False),
            into(),
            Weight.NOTE,
            "The channel 'default-channel' leaves new orders unconfirmed; the order setting Status "
            "of new orders says who confirms them.",
        ),
        (
            "no tax class",
            lambda seed: replace(seed, tax_classes=()),
            into(),
            Weight.NOTE,
            "The shop has no tax class; orders are imported all the same, each with Amazon's own "
            "tax.",
        ),
    ],
)
async def test_what_only_needs_attention_is_told_and_blocks_nothing(
    open_trade: OpenTrade,
    _case: str,
    change: Callable[[Seed], Seed],
    settings: Choices,
    weight: Weight,
    words: str,
) -> None:
    trade = await open_trade(change(default_seed()))

    made = await connected(trade, settings=settings)

    assert [(finding.weight, finding.message) for finding in made.findings] == [(weight, words)]
    assert await names(trade) == ["Lanterns", "Second"]
