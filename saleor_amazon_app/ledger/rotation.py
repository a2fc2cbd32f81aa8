"""A key is changed: what older keys encrypted is encrypted anew, so that those can go."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from sqlalchemy import select, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute

from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.ledger import buyer_words
from saleor_amazon_app.ledger.access_tokens import AccessTokenRow
from saleor_amazon_app.ledger.buyers import BuyerRow, FormerBuyerRow
from saleor_amazon_app.ledger.installations import Installation
from saleor_amazon_app.ledger.secrets import Cipher
from saleor_amazon_app.ledger.session import Database
from saleor_amazon_app.ledger.stores import Store

# `Any` because a token may be missing and a document may not.
ENCRYPTED: Final[tuple[InstrumentedAttribute[Any], ...]] = (
    Installation.token,
    Store.lwa_client_secret,
    Store.refresh_token,
    AccessTokenRow.token,
    BuyerRow.document,
    BuyerRow.edited,
    FormerBuyerRow.document,
)
_ROWS_AT_ONCE = 500


async def reencrypt(
    database: Database,
    cipher: Cipher,
    *,
    names_in: Callable[[Mapping[str, Any]], Iterable[str]],
) -> int:
    """Encrypts everything with the newest key; tells how many values there are.

    The words of buyers are hashed anew, from the names that the caller finds in a document. What
    is written meanwhile is left as it is, for it was encrypted with the newest key already.

    Raises:
        SecretsError: a value can be read with none of the keys; those before it are done.
    """
    number = sum([await _column(database, cipher, column) for column in ENCRYPTED])
    await _words(database, cipher, names_in)
    return number


async def _words(
    database: Database, cipher: Cipher, names_in: Callable[[Mapping[str, Any]], Iterable[str]]
) -> None:
    key = (BuyerRow.store_id, BuyerRow.amazon_order_id)
    # Locked, so that what is hashed anew is what the buyer is called now.
    rows = (
        select(*key, BuyerRow.document)
        .order_by(*key)
        .limit(_ROWS_AT_ONCE)
        .with_for_update(key_share=True)
    )
    page = rows
    while True:
        async with database.transaction() as session:
            found = (await session.execute(page)).all()
            by_store: dict[StoreId, dict[AmazonOrderId, Iterable[str]]] = {}
            for store_id, number, document in found:
                of_store = by_store.setdefault(StoreId(store_id), {})
                of_store[AmazonOrderId(number)] = names_in(cipher.decrypt_json(document))
            for store_id, names in by_store.items():
                await buyer_words.keep(session, cipher, store_id, names)
        if len(found) < _ROWS_AT_ONCE:
            return
        page = rows.where(tuple_(*key) > tuple_(*found[-1][:-1]))


async def _column(database: Database, cipher: Cipher, column: InstrumentedAttribute[Any]) -> int:
    table = column.class_.__table__
    key = list(table.primary_key)
    rows = select(*key, column).where(column.is_not(None)).order_by(*key).limit(_ROWS_AT_ONCE)
    number, page = 0, rows
    while True:
        async with database.transaction() as session:
            found = (await session.execute(page)).all()
            for *at, value in found:
                await session.execute(
                    update(table)
                    .where(tuple_(*key) == tuple_(*at), column == value)
                    .values({column.key: cipher.renewed(value)})
                )
        number += len(found)
        if len(found) < _ROWS_AT_ONCE:
            return number
        page = rows.where(tuple_(*key) > tuple_(*found[-1][:-1]))
