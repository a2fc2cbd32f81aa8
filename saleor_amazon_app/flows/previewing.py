"""Shows what would become of an order now: the host is read, nothing is written anywhere."""

from dataclasses import dataclass

from pydantic import ValidationError

from saleor_amazon_app.amazon.buyer_data import join
from saleor_amazon_app.core.errors import NeedsMerchant
from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.edited_addresses import buyers_as_edited
from saleor_amazon_app.flows.host_import import is_ours
from saleor_amazon_app.flows.host_view import HostView, giving_back
from saleor_amazon_app.flows.placing import not_in_vain
from saleor_amazon_app.flows.shops import keep_token
from saleor_amazon_app.ledger import choices, orders
from saleor_amazon_app.ledger.installations import Installation
from saleor_amazon_app.ledger.orders import ImportState
from saleor_amazon_app.ledger.stores import Store
from saleor_amazon_app.mapping.decisions import Decision, HoldOrder, PlaceOrder
from saleor_amazon_app.mapping.decisions import Store as DecidedStore
from saleor_amazon_app.mapping.orders import decide
from saleor_amazon_app.mapping.refusals import reference_taken


@dataclass(frozen=True, slots=True)
class AlreadyPlaced:
    """The order is in the host."""

    number: str


async def preview(
    lines: Connections, shop: Installation, store: Store, order_id: AmazonOrderId
) -> Decision | AlreadyPlaced:
    """Decides about an order as a worker would now.

    Raises:
        NeedsMerchant: there is no such order, it cannot be read, or the shop refuses the app.
        HostUnavailable: the shop cannot be asked now.
    """
    store_id = StoreId(store.id)
    async with lines.database.transaction() as session:
        row = await orders.find(session, store_id, order_id)
        settings = await choices.choices_of(session, store_id)
        private = await buyers_as_edited(session, lines, store_id, [order_id])
    if row is None:
        raise NeedsMerchant("order-unknown", "There is no such order.")
    if row.import_state == ImportState.PLACED:
        return AlreadyPlaced(row.saleor_order_number or "")
    try:
        order = join(row.facts, private.get(order_id))
    except ValidationError as error:
        raise NeedsMerchant(
            "order-unreadable", f"The order {order_id} cannot be read by this version of the app."
        ) from error
    view = HostView(lines.host(shop), settings)
    async with keep_token(lines, shop):
        host = await view.read([order])
        left = (await view.left_over([order_id])).get(order_id)
    if left and is_ours(left, order_id):
        host = giving_back(host, left)
    known = DecidedStore(name=store.name, connected_at=store.connected_at)
    decision = decide(order, settings, host, store=known, now=lines.clock())
    decision = not_in_vain(row, decision, host)
    if left and not is_ours(left, order_id) and isinstance(decision, PlaceOrder):
        return HoldOrder((reference_taken(left.number),))
    return decision
