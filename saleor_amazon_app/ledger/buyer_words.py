"""Finds orders by the words of their buyers' names, which stand nowhere in clear.

A word is kept as a hash that only the app's key can make, beside the buyer it belongs to: with
the buyer's row it is erased. Words are compared without case and accents.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.ledger.base import Base
from saleor_amazon_app.ledger.buyers import BuyerRow
from saleor_amazon_app.ledger.secrets import Cipher
from saleor_amazon_app.ledger.session import Session

_WORD = re.compile(r"[^\W_]+")
# No name has more; a text of any length costs no more than this.
_MOST_WORDS = 24


class BuyerWordRow(Base):
    """One word of one order's buyer, as a keyed hash."""

    __tablename__ = "buyer_words"
    __table_args__ = (
        ForeignKeyConstraint(
            ["store_id", "amazon_order_id"],
            ["buyers.store_id", "buyers.amazon_order_id"],
            ondelete="CASCADE",
        ),
        Index("ix_buyer_words_order", "store_id", "amazon_order_id"),
    )

    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    word: Mapped[bytes] = mapped_column(primary_key=True)
    amazon_order_id: Mapped[str] = mapped_column(primary_key=True)


def words_in(texts: Iterable[str]) -> tuple[str, ...]:
    """The words of some texts, each once, without case and accents."""
    words: dict[str, None] = {}
    for text in texts:
        plain = unicodedata.normalize("NFKD", text.casefold())
        letters = "".join(each for each in plain if not unicodedata.combining(each))
        words |= dict.fromkeys(_WORD.findall(unicodedata.normalize("NFKC", letters)))
    return tuple(words)[:_MOST_WORDS]


async def keep(
    session: Session,
    cipher: Cipher,
    store_id: StoreId,
    names: Mapping[AmazonOrderId, Iterable[str]],
) -> None:
    """Keeps the words of the buyers of these orders, in place of those they had.

    Args:
        session: the transaction.
        cipher: makes the hashes.
        store_id: whose orders they are.
        names: what the buyers are called; of an order whose buyer is not kept nothing is.
    """
    numbers = sorted(names)
    await session.execute(
        delete(BuyerWordRow)
        .where(BuyerWordRow.store_id == store_id, BuyerWordRow.amazon_order_id.in_(numbers))
        .execution_options(synchronize_session=False)
    )
    kept = await session.scalars(
        select(BuyerRow.amazon_order_id)
        .where(BuyerRow.store_id == store_id, BuyerRow.amazon_order_id.in_(numbers))
        .order_by(BuyerRow.amazon_order_id)
    )
    rows = [
        {"store_id": store_id, "word": cipher.hashed(word), "amazon_order_id": number}
        for number in kept
        for word in words_in(names[AmazonOrderId(number)])
    ]
    if rows:
        await session.execute(insert(BuyerWordRow).on_conflict_do_nothing(), rows)
