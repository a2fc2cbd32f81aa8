"""After a key was changed everything stored is encrypted with the new one."""

import pytest
from pydantic import SecretStr
from sqlalchemy import LargeBinary

from saleor_amazon_app.amazon.buyer_data import names_in
from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.ledger import (
    access_tokens,
    buyer_words,
    buyers,
    installations,
    orders,
    stores,
)
from saleor_amazon_app.ledger.access_tokens import AccessToken
from saleor_amazon_app.ledger.buyers import BuyerData
from saleor_amazon_app.ledger.order_filter import OrderFilter
from saleor_amazon_app.ledger.order_list import Sorting, page
from saleor_amazon_app.ledger.rotation import ENCRYPTED, reencrypt
from saleor_amazon_app.ledger.secrets import Cipher, SecretsError, new_key
from saleor_amazon_app.ledger.session import Database
from saleor_amazon_app.migrations.tables import METADATA
from tests.flows.conftest import NOW
from tests.flows.test_ledger_orders import order
from tests.flows.test_ledger_secrets import FIRST, MONTH, buyer

OLD, NEW = new_key(), new_key()
BOTH = Cipher.of(SecretStr(f"{NEW.get_secret_value()},{OLD.get_secret_value()}"))


def test_every_column_of_bytes_is_known() -> None:
    # given: what is kept in bytes and is no secret
    digests = {"inbox.digest", "consents.digest", "buyer_words.word"}

    # when
    found = {
        f"{table.name}.{column.name}"
        for table in METADATA.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }

    # then
    assert found - digests == {f"{one.class_.__tablename__}.{one.key}" for one in ENCRYPTED}


async def _keep(database: Database, cipher: Cipher, store_id: StoreId) -> None:
    """Keeps something in each encrypted column, and more buyers than are changed at once."""
    many = [order(number) for number in range(1, 602)]
    async with database.transaction() as session:
        await access_tokens.claim_fetch(session, store_id, now=NOW)
        token = AccessToken(SecretStr("access"), NOW + MONTH)
        await access_tokens.keep_fetched(session, cipher, store_id, token)
        await orders.upsert(session, store_id, many, now=NOW)
        kept = {one.amazon_order_id: buyer(f"Ana {one.amazon_order_id}") for one in many}
        await buyers.keep(session, cipher, store_id, kept, now=NOW)


@pytest.fixture
def cipher() -> Cipher:
    """What everything is encrypted with at first."""
    return Cipher.of(OLD)


async def test_what_an_old_key_encrypted_is_read_with_the_new_one_alone(
    database: Database, cipher: Cipher, store_id: StoreId
) -> None:
    # given
    await _keep(database, cipher, store_id)

    # when
    number = await reencrypt(database, BOTH, names_in=names_in)

    # then
    new = Cipher.of(NEW)
    assert number == 1 + 2 + 1 + 601
    async with database.transaction() as session:
        store = await stores.store(session, store_id)
        shop = await installations.installation(session, store.installation_id)
        token = await access_tokens.access_token(session, new, store_id, now=NOW)
        found = await buyers.read_many(session, new, store_id, [FIRST])
    assert store.authorisation(new).refresh_token == SecretStr("refresh-token")
    assert store.authorisation(new).lwa_client_secret == SecretStr("client-secret")
    assert shop.auth_token(new) == SecretStr("app-token")
    assert token is not None
    assert token.token == SecretStr("access")
    assert found == {FIRST: {"name": f"Ana {FIRST}"}}


async def test_it_can_be_done_twice(database: Database, cipher: Cipher, store_id: StoreId) -> None:
    await reencrypt(database, BOTH, names_in=names_in)

    assert await reencrypt(database, BOTH, names_in=names_in) == 3
    assert await reencrypt(database, Cipher.of(NEW), names_in=names_in) == 3


async def test_a_value_that_no_key_reads_is_not_touched(
    database: Database, cipher: Cipher, store_id: StoreId
) -> None:
    with pytest.raises(SecretsError, match="add the key it was encrypted with to the list"):
        await reencrypt(database, Cipher.of(NEW), names_in=names_in)

    async with database.transaction() as session:
        store = await stores.store(session, store_id)
    assert store.authorisation(cipher).refresh_token == SecretStr("refresh-token")


async def test_buyers_are_found_by_their_words_before_and_after(
    database: Database, cipher: Cipher, store_id: StoreId
) -> None:
    # given: a word hashed with the old key
    document = {"buyer": {"buyerName": "Ana Muñoz"}}
    async with database.transaction() as session:
        await orders.upsert(session, store_id, [order(1)], now=NOW)
        kept = BuyerData(document, None, NOW + MONTH)
        await buyers.keep(session, cipher, store_id, {FIRST: kept}, now=NOW)
        await buyer_words.keep(session, cipher, store_id, {FIRST: names_in(document)})

    async def found(asking: Cipher) -> int:
        wanted = OrderFilter(words=(asking.hashes("munoz"),))
        async with database.transaction() as session:
            return len(await page(session, [store_id], wanted, Sorting(), limit=5))

    # then: it is found while the old key is in the list, and after it is gone
    assert (await found(BOTH), await found(Cipher.of(NEW))) == (1, 0)
    await reencrypt(database, BOTH, names_in=names_in)
    assert (await found(BOTH), await found(Cipher.of(NEW))) == (1, 1)
