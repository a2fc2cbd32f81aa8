"""What is encrypted at rest, and that nobody reads it without the key."""

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.ledger import buyers, host_copies, orders, stores
from saleor_amazon_app.ledger.buyers import BuyerData
from saleor_amazon_app.ledger.host_copies import Erased
from saleor_amazon_app.ledger.secrets import Cipher, SecretsError, key_of, new_key
from saleor_amazon_app.ledger.session import Database
from tests.flows.conftest import NOW
from tests.flows.test_ledger_orders import order

FIRST = order(1).amazon_order_id
SECOND = order(2).amazon_order_id
MONTH = timedelta(days=30)


def buyer(name: str) -> BuyerData:
    return BuyerData({"name": name}, delivered_by=NOW, erase_after=NOW + MONTH)


def test_a_value_comes_back_with_exact_decimals(cipher: Cipher) -> None:
    token = cipher.encrypt_json({"name": "Ana", "n": 1})
    assert cipher.decrypt_json(token) == {"name": "Ana", "n": 1}
    assert b"Ana" not in token
    assert Cipher.of(new_key()).keys is not cipher.keys


def test_another_key_reads_nothing_and_says_what_to_do(cipher: Cipher) -> None:
    token = cipher.encrypt_json("secret")
    with pytest.raises(SecretsError, match="add the key it was encrypted with"):
        Cipher.of(new_key()).decrypt_json(token)


def test_a_rotated_key_reads_the_old_and_writes_the_new(cipher: Cipher) -> None:
    # given
    old, new = new_key(), new_key()
    before = Cipher.of(old).encrypt_json("secret")
    # when
    rotated = Cipher.of(SecretStr(f"{new.get_secret_value()}, {old.get_secret_value()}"))
    # then
    assert rotated.decrypt_json(before) == "secret"
    assert Cipher.of(new).decrypt_json(rotated.encrypt_json("secret")) == "secret"


@pytest.mark.parametrize("keys", ["", "short", "é" * 44, "a" * 43 + "=,"])
def test_what_is_no_key_is_refused(keys: str) -> None:
    with pytest.raises(SecretsError, match="SALEOR_AMAZON_KEY must be"):
        Cipher.of(SecretStr(keys))


def test_the_key_of_a_data_directory_is_made_once_for_all_who_start_at_once(
    tmp_path: Path,
) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: key_of(tmp_path).get_secret_value(), range(8)))
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


async def test_the_secrets_of_a_store_are_unreadable_in_the_database(
    empty_database: str, database: Database, cipher: Cipher, store_id: StoreId
) -> None:
    # then: readable with the key
    async with database.transaction() as session:
        store = await stores.store(session, store_id)
    authorisation = store.authorisation(cipher)
    assert authorisation.refresh_token.get_secret_value() == "refresh-token"
    assert authorisation.lwa_client_secret.get_secret_value() == "client-secret"
    # and not without
    with pytest.raises(SecretsError):
        store.authorisation(Cipher.of(new_key()))
    with psycopg.connect(empty_database) as connection:
        dump = connection.execute("SELECT s::text || i::text FROM stores s, installations i")
        [(everything,)] = dump.fetchall()
    for secret in ("refresh-token", "client-secret", "app-token"):
        assert secret not in everything
        assert secret.encode().hex() not in everything


async def test_buyers_are_kept_apart_encrypted_and_erased(
    empty_database: str, database: Database, cipher: Cipher, store_id: StoreId
) -> None:
    # given
    async with database.transaction() as session:
        await orders.upsert(session, store_id, [order(1), order(2)], now=NOW)
        kept = {FIRST: buyer("Ana Lindqvist"), SECOND: buyer("Bo")}
        await buyers.keep(session, cipher, store_id, kept, now=NOW)
        await buyers.keep(session, cipher, store_id, {SECOND: buyer("Bo Ek")}, now=NOW)
    # then
    async with database.transaction() as session:
        wanted = [FIRST, SECOND, AmazonOrderId("never-seen")]
        found = await buyers.read_many(session, cipher, store_id, wanted)
    assert found == {FIRST: {"name": "Ana Lindqvist"}, SECOND: {"name": "Bo Ek"}}
    with psycopg.connect(empty_database) as connection:
        [(text,)] = connection.execute("SELECT string_agg(b::text, '') FROM buyers b").fetchall()
    assert b"Ana Lindqvist".hex() not in text


async def test_what_a_buyer_was_before_is_found_by_the_time_and_erased_with_it(
    empty_database: str, database: Database, cipher: Cipher, store_id: StoreId
) -> None:
    # given: the version of an hour tells another name, the next one the same
    names = ["Ana", "Bo", "Bo", "Cleo"]
    for hour, name in enumerate(names):
        seen = replace(order(1), last_updated_at=NOW + timedelta(hours=hour))
        async with database.transaction() as session:
            await orders.upsert(session, store_id, [seen], now=NOW)
            await buyers.keep(session, cipher, store_id, {FIRST: buyer(name)}, now=NOW)

    async def before(hour: float) -> list[str]:
        moment = {FIRST: NOW + timedelta(hours=hour)}
        async with database.transaction() as session:
            found = await buyers.read_former(session, cipher, store_id, moment)
        return [document["name"] for document in found.get(FIRST, [])]

    # then
    assert [await before(hour) for hour in (0, 0.5, 1, 2, 3, 9)] == [
        ["Ana"],
        ["Ana"],
        ["Bo", "Ana"],
        ["Bo", "Ana"],
        [],
        [],
    ]
    with psycopg.connect(empty_database) as connection:
        [(text,)] = connection.execute(
            "SELECT string_agg(f::text, '') FROM former_buyers f"
        ).fetchall()
    assert b"Ana".hex() not in text

    # when
    async with database.transaction() as session:
        erased = await host_copies.erase_due_buyers(session, now=NOW + MONTH, limit=9)

    # then
    assert erased == [Erased(store_id, FIRST)]
    assert await before(0) == []
    with psycopg.connect(empty_database) as connection:
        assert connection.execute("SELECT count(*) FROM former_buyers").fetchall() == [(0,)]


async def test_a_buyer_past_its_time_is_not_brought_back(
    database: Database, cipher: Cipher, store_id: StoreId
) -> None:
    async with database.transaction() as session:
        await orders.upsert(session, store_id, [order(1)], now=NOW)
        await buyers.keep(session, cipher, store_id, {FIRST: buyer("Ana")}, now=NOW + MONTH)
        assert await buyers.read_many(session, cipher, store_id, [FIRST]) == {}


async def test_a_buyer_is_not_read_by_another_store(
    database: Database, cipher: Cipher, store_id: StoreId, other_store_id: StoreId
) -> None:
    async with database.transaction() as session:
        await orders.upsert(session, store_id, [order(1)], now=NOW)
        await buyers.keep(session, cipher, store_id, {FIRST: buyer("Ana")}, now=NOW)
        assert await buyers.read_many(session, cipher, other_store_id, [FIRST]) == {}


def test_decimals_in_a_document_are_never_floats(cipher: Cipher) -> None:
    assert cipher.decrypt_json(cipher.keys.encrypt(b"16.49")) == Decimal("16.49")
