"""Staff correct the address of a held order; from then on the order is decided with theirs."""

from datetime import datetime
from typing import Any

from saleor_amazon_app.amazon.buyer_data import address_of
from saleor_amazon_app.amazon.order_records import DeliveryAddress
from saleor_amazon_app.core.errors import InputRefused, NeedsMerchant, Wrong
from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.edited_addresses import Edited, read
from saleor_amazon_app.flows.order_desk import (
    have_retried,
    locked_order,
    noted,
    readable,
    refuse_busy,
    refuse_idle,
)
from saleor_amazon_app.ledger import buyers, edited_addresses, history
from saleor_amazon_app.ledger.orders import ImportState
from saleor_amazon_app.ledger.orders import Order as Row
from saleor_amazon_app.ledger.session import Session
from saleor_amazon_app.ledger.stores import Store
from saleor_amazon_app.mapping import addresses, retention
from saleor_amazon_app.mapping.edited_addresses import AddressForm, applied

_LONGEST = 1000


async def edit(
    lines: Connections, store: Store, order_id: AmazonOrderId, form: AddressForm, *, by: str
) -> None:
    """Keeps another address for a held order, and has the order looked at again.

    Raises:
        InputRefused: the host would not take it; nothing was kept.
        NeedsMerchant: the order is not held, or just being placed; nothing was kept.
    """
    refuse_idle(store)
    store_id, now = StoreId(store.id), lines.clock()
    async with lines.database.transaction() as session:
        row = await locked_order(session, store_id, order_id)
        private = await buyers.read_many(session, lines.cipher, store_id, [order_id])
        edits = await read(session, lines, store_id, [order_id])
        known = edits.get(order_id)
        told = address_of(private.get(order_id, {}))
        before = known.address if known else told
        wanted = applied(form, told or DeliveryAddress())
        if wanted == before and row.import_state == ImportState.PLACED:
            return
        _refuse_not_held(row)
        refuse_busy(row, now)
        _refuse_wrong(form, wanted)
        if wanted != before:
            await _keep(session, lines, row, Edited(wanted, told), now=now)
            words = f"{by} entered another delivery address."
            await history.record(session, store_id, [noted(row, "address_edited", words, by, now)])
        await have_retried(session, store_id, order_id, now=now)


def _refuse_not_held(row: Row) -> None:
    if row.import_state != ImportState.HELD:
        raise NeedsMerchant(
            "order-not-held",
            f"The order {row.amazon_order_id} is not held: its address cannot be edited here.",
            what_to_do="Edit the address of the Saleor order, if there is one.",
        )


def _refuse_wrong(form: AddressForm, wanted: DeliveryAddress) -> None:
    wrong = [
        Wrong(field, f"At most {_LONGEST} characters are kept.")
        for field, text in form.fields().items()
        if len(text) > _LONGEST
    ]
    if found := wrong or addresses.wrong_with_edited(wanted):
        raise InputRefused("address-refused", found)


async def _keep(
    session: Session, lines: Connections, row: Row, edited: Edited, *, now: datetime
) -> None:
    erase_after = retention.delivered_by(readable(row)) + retention.KEPT
    if erase_after <= now:
        raise NeedsMerchant(
            "buyer-too-old",
            f"Amazon does not allow keeping the buyer's address of {row.amazon_order_id} any more.",
            what_to_do="Enter the order by hand.",
        )
    document = {
        "address": _json(edited.address),
        "insteadOf": _json(edited.instead_of) if edited.instead_of else None,
    }
    await edited_addresses.keep(
        session,
        lines.cipher,
        StoreId(row.store_id),
        AmazonOrderId(row.amazon_order_id),
        document,
        erase_after=erase_after,
    )


def _json(address: DeliveryAddress) -> dict[str, Any]:
    return address.model_dump(mode="json", by_alias=True, exclude_none=True)
