"""A key is changed: what older keys encrypted is encrypted anew, so that those can go."""

from typing import Any, Final

from sqlalchemy import select, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute

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


async def reencrypt(database: Database, cipher: Cipher) -> int:
    """Encrypts everything with the newest key; tells how many values there are.

    What is written meanwhile is left as it is, for it was encrypted with the newest key already.

    Raises:
        SecretsError: a value can be read with none of the keys; those before it are done.
    """
    return sum([await _column(database, cipher, column) for column in ENCRYPTED])


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
