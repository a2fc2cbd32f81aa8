"""A consent that was lost or replaced is given again, and nothing was lost meanwhile."""

from dataclasses import replace

import pytest
from pydantic import SecretStr

from saleor_amazon_app.amazon.errors import ConsentRevoked
from saleor_amazon_app.core.errors import NeedsMerchant
from saleor_amazon_app.flows.connecting import reauthorise
from saleor_amazon_app.ledger import stores
from saleor_amazon_app.ledger.stores import StoreStatus
from saleor_amazon_app.simulators.amazon import Operation
from tests.flows.trading import (
    Trade,
    number_of,
    sale,
    seller_account,
)
from tests.unit.amazon_orders import DE


async def test_a_new_consent_is_proved_and_then_used_at_once(trade: Trade) -> None:
    # given: a store that was stopped, with a token that is good for another hour
    trade.sell(sale(1))
    await trade.sync()
    trade.amazon.seller.revoke_consent()
    async with trade.lines.database.transaction() as session:
        store = await stores.store(session, trade.store_id)
    trade.clock.move(hours=2)
    with pytest.raises(ConsentRevoked):
        await trade.fetch()
    trade.amazon.seller.restore_consent()
    trade.amazon.calls.clear()

    # when
    await reauthorise(trade.lines, store, seller_account().authorisation)
    await trade.fetch()

    # then
    async with trade.lines.database.transaction() as session:
        store = await stores.store(session, trade.store_id)
    assert (store.status, store.status_reason) == (StoreStatus.ACTIVE, None)
    assert trade.amazon.calls == {
        Operation.GET_TOKEN: 2,
        Operation.GET_MARKETPLACE_PARTICIPATIONS: 1,
        Operation.SEARCH_ORDERS: 1,
    }
    assert (await trade.row(number_of(1))).import_state == "PLACED"


async def test_a_consent_of_a_seller_who_sells_elsewhere_is_not_taken(trade: Trade) -> None:
    # given
    trade.amazon.add_seller("A2OTHER", refresh_token="Atzr|other", marketplaces=[DE])
    async with trade.lines.database.transaction() as session:
        store = await stores.store(session, trade.store_id)
    other = replace(seller_account().authorisation, refresh_token=SecretStr("Atzr|other"))

    # when
    with pytest.raises(NeedsMerchant, match="The seller account sells in EU, not in NA"):
        await reauthorise(trade.lines, store, other)

    # then
    async with trade.lines.database.transaction() as session:
        kept = await stores.store(session, trade.store_id)
    assert kept.authorisation(trade.lines.cipher) == seller_account().authorisation
