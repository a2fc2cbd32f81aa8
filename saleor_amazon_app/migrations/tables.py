"""All tables of the ledger in one place, which is what the migrations must lead to."""

from saleor_amazon_app.ledger import (
    access_tokens,
    buckets,
    buyer_words,
    buyers,
    choices,
    communication_errors,
    consents,
    cursors,
    history,
    host_copies,
    inbox,
    installations,
    journal,
    order_indexes,
    orders,
    outbox,
    problems,
    refunds,
    stores,
)
from saleor_amazon_app.ledger.base import Base

# A table is known once the module that describes it has been imported.
MODULES = (
    access_tokens,
    buckets,
    buyer_words,
    buyers,
    choices,
    communication_errors,
    consents,
    cursors,
    history,
    host_copies,
    inbox,
    installations,
    journal,
    order_indexes,
    orders,
    outbox,
    problems,
    refunds,
    stores,
)
METADATA = Base.metadata
