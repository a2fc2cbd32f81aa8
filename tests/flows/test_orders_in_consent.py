"""What Amazon lets the app see: tokens, roles, limits, and what happens when they are gone."""

import asyncio
from dataclasses import replace

import pytest

from saleor_amazon_app.amazon.errors import AccessDenied, ClientRefused, ConsentRevoked
from saleor_amazon_app.core.errors import TryAgainLater
from saleor_amazon_app.flows import setup
from saleor_amazon_app.ledger import stores
from saleor_amazon_app.ledger.stores import Store, StoreStatus
from saleor_amazon_app.simulators.amazon import Dataset, Denial, Operation, ScriptedOrder
from tests.flows.trading import API_URL, Trade, number_of, sale, seller_account, settings
from tests.simulated_amazon import NOON

ORDER = number_of(1)


async def _store(trade: Trade) -> Store:
    async with trade.lines.database.transaction() as session:
        return await stores.store(session, trade.store_id)


async def _authorise_again(trade: Trade) -> None:
    async with trade.lines.database.transaction() as session:
        authorisation = seller_account().authorisation
        await stores.reauthorise_store(session, trade.lines.cipher, trade.store_id, authorisation)


async def _other_store(trade: Trade) -> Trade:
    """A second seller of the same shop, who sells order 2."""
    trade.amazon.add_seller(
        "A2OTHER", refresh_token="Atzr|other", orders=[ScriptedOrder(sale(2, bought=NOON))]
    )
    account = seller_account("Other", refresh_token="Atzr|other")
    store_id = await setup.connect_store(trade.lines, API_URL, account, settings())
    return replace(trade, store_id=store_id)


async def test_jobs_at_once_fetch_one_token(trade: Trade) -> None:
    # given
    for number in range(1, 7):
        trade.sell(sale(number))
    workers = [trade.worker()[0] for _ in range(3)]

    # when
    await asyncio.gather(
        *(trade.fetch(lines) for lines in workers),
        *(trade.fetch_one(number_of(number)) for number in range(1, 7)),
    )

    # then
    assert trade.amazon.calls == {
        Operation.GET_TOKEN: 1,
        Operation.SEARCH_ORDERS: 3,
        Operation.GET_ORDER: 6,
    }


async def test_a_token_is_used_for_as_long_as_it_lives(trade: Trade) -> None:
    # when
    await trade.fetch()
    trade.clock.move(minutes=58)
    await trade.fetch()
    living = trade.amazon.calls[Operation.GET_TOKEN]
    trade.clock.move(minutes=2)
    await trade.fetch()

    # then
    assert (living, trade.amazon.calls[Operation.GET_TOKEN]) == (1, 2)


async def test_a_consent_that_is_lost_stops_that_store_alone_and_says_so(trade: Trade) -> None:
    # given
    other = await _other_store(trade)
    trade.sell(sale())
    trade.amazon.seller.revoke_consent()

    # when
    with pytest.raises(ConsentRevoked):
        await trade.fetch()
    trade.wires.sent.clear()
    await trade.fetch()
    asked_in_vain = list(trade.wires.sent)
    other.clock.move(minutes=3)
    await other.sync()

    # then
    stopped, going_on = await _store(trade), await _store(other)
    assert (stopped.status, stopped.status_reason) == (
        StoreStatus.REAUTHORISE,
        "Amazon no longer accepts this store's authorisation. Authorise the store again on its "
        "Store connection page; no order is lost meanwhile.",
    )
    assert asked_in_vain == []
    assert (going_on.status, going_on.status_reason) == (StoreStatus.ACTIVE, None)
    assert (await other.row(number_of(2))).import_state == "PLACED"


async def test_a_store_that_is_authorised_again_has_lost_nothing(trade: Trade) -> None:
    # given
    await trade.fetch()
    trade.amazon.seller.revoke_consent()
    trade.clock.move(minutes=5)
    with pytest.raises(ConsentRevoked):
        await trade.fetch()
    trade.sell(sale(bought=trade.clock()))

    # when
    trade.clock.move(days=30)
    trade.amazon.seller.restore_consent()
    await _authorise_again(trade)
    await trade.sync()

    # then
    assert await trade.standing(ORDER) == ("PLACED", [])
    assert (await _store(trade)).status == StoreStatus.ACTIVE


async def test_a_secret_that_ran_out_is_told_apart_from_a_consent(trade: Trade) -> None:
    # given
    trade.amazon.login.client_secrets = {"another"}

    # when
    with pytest.raises(ClientRefused):
        await trade.fetch()

    # then
    store = await _store(trade)
    assert store.status == StoreStatus.REAUTHORISE
    assert store.status_reason is not None
    assert "A secret expires after 180 days" in store.status_reason


@pytest.mark.parametrize(
    ("denied", "granted", "calls"),
    [
        ((Dataset.TAX,), "BUYER CANCELLATION FULFILLMENT PACKAGES PROCEEDS RECIPIENT", 2),
        ((Dataset.BUYER,), "CANCELLATION FULFILLMENT PACKAGES PROCEEDS RECIPIENT", 3),
        ((Dataset.RECIPIENT,), "CANCELLATION FULFILLMENT PACKAGES PROCEEDS", 4),
        (
            (Dataset.TAX, Dataset.BUYER, Dataset.RECIPIENT),
            "CANCELLATION FULFILLMENT PACKAGES PROCEEDS",
            4,
        ),
    ],
)
async def test_datasets_that_are_denied_are_given_up_one_by_one_and_remembered(
    trade: Trade, denied: tuple[Dataset, ...], granted: str, calls: int
) -> None:
    # given
    for dataset in denied:
        trade.amazon.seller.deny_dataset(dataset, how=Denial.REFUSE_CALL)
    trade.sell(sale())

    # when
    await trade.fetch()
    first = trade.amazon.calls[Operation.SEARCH_ORDERS]
    trade.clock.move(minutes=5)
    await trade.fetch()
    await trade.fetch_one(ORDER)

    # then
    store = await _store(trade)
    assert (store.status, sorted(store.granted_datasets or ())) == (
        StoreStatus.ACTIVE,
        granted.split(),
    )
    assert (first, trade.amazon.calls[Operation.SEARCH_ORDERS]) == (calls, calls + 1)
    assert (await trade.row(ORDER)).status == "UNSHIPPED"


async def test_without_the_role_for_addresses_an_order_waits_and_says_what_is_missing(
    trade: Trade,
) -> None:
    # given
    trade.amazon.seller.deny_dataset(Dataset.RECIPIENT, how=Denial.REFUSE_CALL)
    trade.sell(sale())
    await trade.sync()
    held = await trade.standing(ORDER)

    # when the role is given and the store authorised again
    trade.amazon.seller.grant_dataset(Dataset.RECIPIENT)
    await _authorise_again(trade)
    await trade.later(minutes=5)
    await trade.fetch_one(ORDER)
    await trade.place()

    # then
    state, ((code, words),) = held
    assert (state, code) == ("HELD", "INCOMPLETE_FROM_AMAZON")
    assert "give the app the role Direct-to-Consumer Delivery" in words
    assert await trade.standing(ORDER) == ("PLACED", [])


async def test_a_role_that_was_taken_while_one_order_is_read_does_not_stop_the_store(
    trade: Trade,
) -> None:
    # given
    trade.sell(sale())
    await trade.fetch()
    trade.amazon.seller.deny_dataset(Dataset.TAX, how=Denial.REFUSE_CALL)

    # when
    await trade.fetch_one(ORDER)

    # then
    store = await _store(trade)
    assert (store.status, "TAX" in (store.granted_datasets or ())) == (StoreStatus.ACTIVE, False)


async def test_a_seller_whose_orders_are_refused_whatever_is_asked_must_act(trade: Trade) -> None:
    # given
    trade.amazon.seller.refuse_orders()
    trade.sell(sale())

    # when
    with pytest.raises(AccessDenied):
        await trade.fetch()

    # then
    store = await _store(trade)
    assert (store.status, store.status_reason) == (
        StoreStatus.REAUTHORISE,
        "Amazon denies the app access to this store's data. Give the app the roles it needs in "
        "Seller Central, then authorise the store again on its Store connection page.",
    )
    assert await trade.query("SELECT count(*) FROM orders") == [(0,)]


@pytest.mark.parametrize("by_gateway", [False, True])
async def test_a_limit_that_is_reached_is_waited_for_and_not_tried_against(
    trade: Trade, by_gateway: bool
) -> None:
    # given
    trade.sell(sale())
    trade.amazon.faults.throttle_next(by_gateway=by_gateway)

    # when
    with pytest.raises(TryAgainLater):
        await trade.fetch()
    with pytest.raises(TryAgainLater) as caught:
        await trade.fetch()
    tried = trade.amazon.calls[Operation.SEARCH_ORDERS]
    assert caught.value.after is not None
    trade.clock.now += caught.value.after
    await trade.fetch()

    # then
    assert tried == 1
    assert 170 < caught.value.after.total_seconds() < 180
    assert (await trade.row(ORDER)).status == "UNSHIPPED"


async def test_the_calls_of_a_store_are_kept_within_its_limit(trade: Trade) -> None:
    # when
    for _ in range(20):
        await trade.fetch()
    with pytest.raises(TryAgainLater):
        await trade.fetch()

    # then
    assert trade.amazon.calls[Operation.SEARCH_ORDERS] == 20
    assert trade.amazon.refusals == {}
