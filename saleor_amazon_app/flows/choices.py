"""The merchant saves the settings of a store: checked with the shop, kept, and taken up at once."""

from datetime import datetime

from saleor_amazon_app.core.choices import Choices, ImportAmazonOrders
from saleor_amazon_app.core.errors import InputRefused, NeedsMerchant
from saleor_amazon_app.core.ids import MarketplaceId, StoreId
from saleor_amazon_app.core.reasons import HoldCode, SkipCode
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.host_view import HostView
from saleor_amazon_app.flows.shops import keep_token
from saleor_amazon_app.jobs.kinds import PlaceOrders
from saleor_amazon_app.jobs.queue import enqueue
from saleor_amazon_app.ledger import choices, held, journal, stores
from saleor_amazon_app.ledger.installations import Installation
from saleor_amazon_app.ledger.journal import Deed
from saleor_amazon_app.ledger.stores import Store
from saleor_amazon_app.mapping.choices import switched, wrong_with


async def save(
    lines: Connections, shop: Installation, store: Store, wanted: Choices, *, by: str
) -> None:
    """Keeps other settings of a store; orders that waited for them are looked at again.

    What was bought while importing was off stays unimported when it is switched on.

    Raises:
        InputRefused: they name what the shop does not have; nothing was kept.
        HostUnavailable: the shop cannot be asked now; nothing was kept.
        NeedsMerchant: the shop refuses the app; nothing was kept.
    """
    async with keep_token(lines, shop):
        host = await HostView(lines.host(shop), wanted).read([])
    marketplaces = [MarketplaceId(each) for each in store.marketplaces]
    if wrong := wrong_with(wanted, marketplaces, host):
        raise InputRefused("settings-refused", wrong)
    store_id, now = StoreId(store.id), lines.clock()
    async with lines.database.transaction() as session:
        if await stores.lock(session, store_id) is None:
            raise NeedsMerchant("store-disconnected", "The store was disconnected.")
        before = await choices.choices_of(session, store_id)
        since = before.import_orders_since or store.connected_at
        chosen = switched(before, wanted, since=since, now=now)
        if chosen == before:
            return
        await choices.save_choices(session, store_id, chosen, now=now)
        if chosen.sync_every_minutes != before.sync_every_minutes:
            await stores.sync_again_at(session, [store_id], now)
        deed = _deed(store, before, chosen, by, now)
        await journal.record(session, shop.id, deed)
        await held.look_again(session, store_id, _freed(before, chosen), now=now)
        await enqueue(session, PlaceOrders(store_id), queueing_lock=f"place:{store_id}")


def _deed(store: Store, before: Choices, chosen: Choices, by: str, now: datetime) -> Deed:
    names = type(chosen).model_fields
    changed = [name for name in names if getattr(chosen, name) != getattr(before, name)]
    summary = f"{by} changed the settings: {', '.join(changed)}."
    return Deed(StoreId(store.id), store.name, now, by, "settings_saved", summary)


def _freed(before: Choices, chosen: Choices) -> tuple[HoldCode | SkipCode, ...]:
    """What orders wait for that the settings may have ended."""
    is_on = chosen.import_amazon_orders is ImportAmazonOrders.ENABLED
    if is_on and chosen.import_was_off != before.import_was_off:
        return (*HoldCode, SkipCode.IMPORT_DISABLED)
    return (*HoldCode,)
