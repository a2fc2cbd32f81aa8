"""What staff do to a store from our pages, and who did it.

Each of these can be done twice: the second time changes nothing.
"""

from saleor_amazon_app.core.errors import NeedsMerchant
from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.flows import stores as store_flows
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.ledger import journal
from saleor_amazon_app.ledger.journal import Deed
from saleor_amazon_app.ledger.stores import Store, StoreStatus


async def sync_now(lines: Connections, store: Store, *, by: str) -> None:
    """Has a store read at once.

    Raises:
        NeedsMerchant: it is not active; nothing was written.
    """
    await store_flows.sync_now(lines, store)
    await note(lines, store, "sync_asked", f"{by} had the store read at once.", by)


async def activate(lines: Connections, store: Store, *, by: str) -> None:
    """Switches a store on."""
    if store.status == StoreStatus.ACTIVE:
        return
    await store_flows.activate(lines, store)
    await note(lines, store, "store_activated", f"{by} switched the store on.", by)


async def deactivate(lines: Connections, store: Store, *, by: str) -> None:
    """Switches a store off; everything is kept."""
    if store.status == StoreStatus.INACTIVE:
        return
    await store_flows.deactivate(lines, store)
    await note(lines, store, "store_deactivated", f"{by} switched the store off.", by)


async def delete(lines: Connections, store: Store, name: str, *, by: str) -> None:
    """Deletes a store with all that is known of it; what is in the host stays there.

    Raises:
        NeedsMerchant: the name is not the store's; nothing was deleted.
    """
    if name.strip() != store.name:
        raise NeedsMerchant(
            "store-name",
            f"The store is called {store.name!r}; nothing was deleted.",
            what_to_do="Enter exactly this name to delete it.",
            field="name",
        )
    await store_flows.disconnect(lines, store)
    await note(lines, store, "store_deleted", f"{by} deleted the store.", by)


async def note(lines: Connections, store: Store, kind: str, summary: str, by: str) -> None:
    """Writes down what somebody did to a store."""
    deed = Deed(StoreId(store.id), store.name, lines.clock(), by, kind, summary)
    async with lines.database.transaction() as session:
        await journal.record(session, store.installation_id, deed)
