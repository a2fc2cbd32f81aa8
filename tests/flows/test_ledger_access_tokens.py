"""One fetch of an access token at a time, for all who need it."""

import asyncio
from datetime import datetime, timedelta

import pytest
from pydantic import SecretStr

from saleor_amazon_app.core.errors import NeedsMerchant
from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.ledger import access_tokens
from saleor_amazon_app.ledger.access_tokens import FETCH_LEASE, AccessToken, current_token
from saleor_amazon_app.ledger.secrets import Cipher
from saleor_amazon_app.ledger.session import Database, connect
from tests.flows.conftest import NOW

HOUR = timedelta(hours=1)


class Lwa:
    """Login with Amazon as seen from here: numbered tokens, slowly."""

    def __init__(self) -> None:
        self.asked = 0

    async def fetch(self) -> AccessToken:
        self.asked += 1
        await asyncio.sleep(0.2)
        return AccessToken(SecretStr(f"Atza|{self.asked}"), NOW + self.asked * HOUR)


async def test_many_who_need_a_token_make_one_fetch(
    empty_database: str, database: Database, cipher: Cipher, store_id: StoreId
) -> None:
    # given: two processes
    other = connect(empty_database)
    lwa = Lwa()
    # when
    tokens = await asyncio.gather(
        *(
            current_token(one, cipher, store_id, clock=lambda: NOW, fetch=lwa.fetch)
            for one in (database, other)
            for _ in range(10)
        )
    )
    await other.close()
    # then
    assert lwa.asked == 1
    assert {token.token.get_secret_value() for token in tokens} == {"Atza|1"}


async def test_a_token_is_used_until_it_expires(
    database: Database, cipher: Cipher, store_id: StoreId
) -> None:
    lwa = Lwa()

    async def token_at(now: datetime) -> AccessToken:
        return await current_token(database, cipher, store_id, clock=lambda: now, fetch=lwa.fetch)

    moments = (NOW, NOW + HOUR - timedelta(seconds=1), NOW + HOUR)
    used = [await token_at(moment) for moment in moments]
    assert [token.token.get_secret_value() for token in used] == ["Atza|1", "Atza|1", "Atza|2"]


async def test_a_failed_fetch_lets_the_next_one_try_at_once(
    database: Database, cipher: Cipher, store_id: StoreId
) -> None:
    # given
    async def refused() -> AccessToken:
        raise NeedsMerchant("amazon-reauthorise", "Authorise the store again")

    with pytest.raises(NeedsMerchant):
        await current_token(database, cipher, store_id, clock=lambda: NOW, fetch=refused)
    # when
    lwa = Lwa()
    token = await current_token(database, cipher, store_id, clock=lambda: NOW, fetch=lwa.fetch)
    # then
    assert token.token.get_secret_value() == "Atza|1"


async def test_a_fetcher_that_died_is_succeeded_after_its_lease(
    database: Database, store_id: StoreId
) -> None:
    async with database.transaction() as session:
        assert await access_tokens.claim_fetch(session, store_id, now=NOW) is True
        assert await access_tokens.claim_fetch(session, store_id, now=NOW) is False
        later = NOW + FETCH_LEASE
        assert await access_tokens.claim_fetch(session, store_id, now=later) is True


async def test_a_refused_token_is_forgotten_but_not_its_successor(
    database: Database, cipher: Cipher, store_id: StoreId
) -> None:
    # given
    lwa = Lwa()
    first = await current_token(database, cipher, store_id, clock=lambda: NOW, fetch=lwa.fetch)
    # when: two callers were refused with the same token, one after the other
    async with database.transaction() as session:
        await access_tokens.forget(session, store_id, first)
    second = await current_token(database, cipher, store_id, clock=lambda: NOW, fetch=lwa.fetch)
    async with database.transaction() as session:
        await access_tokens.forget(session, store_id, first)
        kept = await access_tokens.access_token(session, cipher, store_id, now=NOW)
    # then
    assert kept == second
    assert lwa.asked == 2
