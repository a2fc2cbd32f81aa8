"""How far a shop's staff are with setting the app up: the steps of the first run."""

from enum import StrEnum

from saleor_amazon_app.core.ids import MarketplaceId, StoreId
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.ledger import choices, figures, stores
from saleor_amazon_app.ledger.installations import Installation


class Step(StrEnum):
    """A step of the first run, in the order in which they are taken."""

    CONNECT_STORE = "CONNECT_STORE"
    MAP_CHANNELS = "MAP_CHANNELS"
    SHIPPING_METHODS = "SHIPPING_METHODS"
    FIRST_ORDER = "FIRST_ORDER"


async def done(lines: Connections, shop: Installation) -> frozenset[Step]:
    """The steps that need nothing more."""
    async with lines.database.transaction() as session:
        rows = await stores.stores_of(session, shop.id)
        store_ids = [StoreId(row.id) for row in rows]
        chosen = await choices.choices_of_all(session, store_ids)
        has_placed = await figures.any_placed(session, store_ids)
    if not rows:
        return frozenset()
    found = {Step.CONNECT_STORE}
    targets = [
        chosen[StoreId(row.id)].import_into.get(MarketplaceId(each))
        for row in rows
        for each in row.marketplaces
    ]
    if all(target and target.channel for target in targets):
        found.add(Step.MAP_CHANNELS)
    if all(each.shipping_methods for each in chosen.values()):
        found.add(Step.SHIPPING_METHODS)
    if has_placed:
        found.add(Step.FIRST_ORDER)
    return frozenset(found)
