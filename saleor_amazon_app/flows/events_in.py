"""A shop's events come in: proved, kept once, and worked off by a job.

    receive: shop known → signature fits → meant for this app → kept + HandleEvent, in one commit
    handle:  what the event points at is marked, and whoever reads the host's state is called

An event is a hint where to look. It changes no more than a status of the shop or the time at
which an order is looked at again, so that late, doubled or disordered events do no harm.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from saleor_amazon_app.core.ids import AmazonOrderId, SaleorApiUrl, StoreId
from saleor_amazon_app.core.reasons import HoldCode
from saleor_amazon_app.flows import refunds_out
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.following import have_looked_at
from saleor_amazon_app.flows.outbox import have_planned
from saleor_amazon_app.flows.shops import fresh_keys, have_synced
from saleor_amazon_app.jobs.kinds import HandleEvent, PlaceOrders
from saleor_amazon_app.jobs.queue import enqueue
from saleor_amazon_app.ledger import held, inbox, installations, orders, stores
from saleor_amazon_app.ledger.installations import Installation, InstallationStatus
from saleor_amazon_app.ledger.session import Session
from saleor_amazon_app.saleor import event_records
from saleor_amazon_app.saleor.event_records import EventKind, HostEvent
from saleor_amazon_app.saleor.signature import KeySet, SignatureRefused, verify

# A shop tries to deliver for five minutes; what is older than this can only be a replay, and
# handling it once more would do no harm.
_REMEMBERED = timedelta(days=14)

# Which held orders an event may free.
_FREES: dict[EventKind, tuple[HoldCode, ...]] = {
    EventKind.PRODUCT_UPDATED: (HoldCode.NOT_AVAILABLE,),
    EventKind.PRODUCT_VARIANT_CREATED: (HoldCode.UNKNOWN_SKU,),
    EventKind.PRODUCT_VARIANT_UPDATED: (
        HoldCode.UNKNOWN_SKU,
        HoldCode.NOT_AVAILABLE,
        HoldCode.OUT_OF_STOCK,
    ),
    EventKind.PRODUCT_VARIANT_STOCK_UPDATED: (HoldCode.OUT_OF_STOCK,),
    EventKind.PRODUCT_VARIANT_BACK_IN_STOCK: (HoldCode.OUT_OF_STOCK,),
    EventKind.SHIPPING_PRICE_CREATED: (HoldCode.SHIPPING_METHOD_MISSING,),
    EventKind.SHIPPING_PRICE_UPDATED: (HoldCode.SHIPPING_METHOD_MISSING,),
    EventKind.SHIPPING_ZONE_UPDATED: (HoldCode.SHIPPING_METHOD_MISSING, HoldCode.OUT_OF_STOCK),
}

# Events by which a host order of ours changes.
_ABOUT_ORDERS = frozenset(
    {
        EventKind.ORDER_UPDATED,
        EventKind.ORDER_CANCELLED,
        EventKind.FULFILLMENT_CREATED,
        EventKind.FULFILLMENT_APPROVED,
        EventKind.FULFILLMENT_CANCELED,
        EventKind.FULFILLMENT_TRACKING_NUMBER_UPDATED,
        EventKind.FULFILLMENT_METADATA_UPDATED,
    }
)

log = structlog.get_logger(__name__)


class Verdict(StrEnum):
    """What became of a delivery; all but ACCEPTED have changed nothing.

    FORGED: no known shop has signed this body. FOREIGN: signed, but not for this app and event.
    """

    ACCEPTED = "ACCEPTED"
    FOREIGN = "FOREIGN"
    FORGED = "FORGED"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A request that claims to be a shop's webhook.

    Attributes:
        kind: the event, by the address it was sent to.
        api_url: the shop it claims to come from.
        body: as it came, unparsed.
    """

    kind: EventKind
    api_url: SaleorApiUrl
    signature: str
    body: bytes


async def receive(lines: Connections, delivery: Delivery) -> Verdict:
    """Keeps an event that a shop signed for this app, and has it worked off.

    A shop's keys are asked for anew where those we have do not fit.
    """
    async with lines.database.transaction() as session:
        shop = await installations.installation_at(session, delivery.api_url)
        if shop is None:
            return Verdict.FORGED
        if shop.jwks and _fits(delivery, KeySet.model_validate(shop.jwks)):
            return await _keep(session, shop, delivery, now=lines.clock())
    keys = await fresh_keys(lines, shop)
    if keys is None or not _fits(delivery, keys):
        return Verdict.FORGED
    async with lines.database.transaction() as session:
        return await _keep(session, shop, delivery, now=lines.clock())


async def _keep(
    session: Session, shop: Installation, delivery: Delivery, *, now: datetime
) -> Verdict:
    """Keeps an event whose signature fits, if it is for this app and matters to it."""
    event = event_records.parse(delivery.body)
    if event is None or event.kind != delivery.kind or event.is_for != shop.app_id:
        log.warning("event_foreign", shop=shop.saleor_api_url, event_kind=delivery.kind.path)
        return Verdict.FOREIGN
    if not _concerns_us(event, shop):
        return Verdict.FOREIGN
    inbox_id = await inbox.accept(
        session,
        shop.id,
        event=event.kind,
        digest=hashlib.sha256(delivery.body).digest(),
        payload=event.model_dump(mode="json", by_alias=True, exclude_none=True),
        now=now,
    )
    if inbox_id is not None:
        await enqueue(session, HandleEvent(inbox_id))
    return Verdict.ACCEPTED


def _fits(delivery: Delivery, keys: KeySet) -> bool:
    try:
        verify(delivery.signature, delivery.body, keys)
    except SignatureRefused as refused:
        log.warning("signature_refused", shop=delivery.api_url, why=str(refused))
        return False
    return True


def _concerns_us(event: HostEvent, shop: Installation) -> bool:
    """Sorts out the orders of other channels, and the echo of what the app itself wrote on its own.

    A busy shop updates orders all day; what cannot matter costs one look at the body. That a
    fulfilment or a cancellation is the app's own is found out by reading: another program of the
    merchant may work with the same token.
    """
    if event.kind is EventKind.TRANSACTION_REFUND_REQUESTED:
        return event.refunded_order is not None
    if event.kind not in _ABOUT_ORDERS:
        return True
    if event.order is None or event.order.external_reference is None:
        return False
    return event.kind is not EventKind.ORDER_UPDATED or event.issued_by_app != shop.app_id


async def handle(lines: Connections, job: HandleEvent) -> None:
    """Works off one event; all of it happens in one transaction, or none."""
    now = lines.clock()
    async with lines.database.transaction() as session:
        row = await inbox.take(session, job.inbox_id)
        if row is None:
            return
        event = HostEvent.model_validate(row.payload)
        shop = await installations.installation(session, row.installation_id)
        match event.kind:
            case EventKind.APP_DELETED:
                await _removed(lines, session, shop, event)
            case EventKind.APP_STATUS_CHANGED:
                await _status_changed(lines, session, shop, event)
            case EventKind.TRANSACTION_REFUND_REQUESTED:
                await _refund_requested(lines, session, shop, event, row.digest)
            case kind if kind in _ABOUT_ORDERS:
                await _order_updated(lines, session, shop, event)
            case _:
                await _look_again(lines, session, shop, event)
        await inbox.mark_handled(session, row.id, now=now)


async def _removed(
    lines: Connections, session: Session, shop: Installation, event: HostEvent
) -> None:
    """The app was deleted: its work ends and its data waits for a return.

    An app that was installed again meanwhile has another id; the event is about its predecessor.
    """
    if event.app is None or event.app.id != shop.app_id:
        return
    removed = InstallationStatus.REMOVED
    await installations.set_status(session, shop.id, removed, now=lines.clock())
    log.warning("app_deleted", shop=shop.saleor_api_url)


async def _status_changed(
    lines: Connections, session: Session, shop: Installation, event: HostEvent
) -> None:
    """The app was switched off or on: it stands still until the shop says which."""
    if event.app is None or event.app.id != shop.app_id:
        return
    if shop.status != InstallationStatus.REMOVED:
        off = InstallationStatus.DEACTIVATED
        await installations.set_status(session, shop.id, off, now=lines.clock())
        await have_synced(session, shop.id)
    log.info("app_status_changed", shop=shop.saleor_api_url)


async def _order_updated(
    lines: Connections, session: Session, shop: Installation, event: HostEvent
) -> None:
    """Has a host order of ours compared with what Amazon says; the reference is Amazon's number."""
    if event.order is None or event.order.external_reference is None:
        return
    order_id = AmazonOrderId(event.order.external_reference)
    for store in await stores.stores_of(session, shop.id):
        store_id = StoreId(store.id)
        if await orders.find(session, store_id, order_id):
            await have_looked_at(session, store_id, order_id, now=lines.clock())
            await have_planned(session, store_id, order_id)


async def _refund_requested(
    lines: Connections, session: Session, shop: Installation, event: HostEvent, digest: bytes
) -> None:
    """Keeps a refund that staff asked for; the shop was told its reference already."""
    now = lines.clock()
    of_shop = [StoreId(store.id) for store in await stores.stores_of(session, shop.id)]
    await refunds_out.keep(
        session, of_shop, event, digest, now=now, collected_at=now + lines.pace.beat
    )


async def _look_again(
    lines: Connections, session: Session, shop: Installation, event: HostEvent
) -> None:
    """Has held orders decided anew at once that the event may have freed."""
    for store in await stores.stores_of(session, shop.id):
        store_id = StoreId(store.id)
        freed = await held.look_again(session, store_id, _FREES[event.kind], now=lines.clock())
        if freed:
            await enqueue(session, PlaceOrders(store_id), queueing_lock=f"place:{store_id}")
            log.info("held_orders_due", store_id=str(store_id), orders=freed)


async def forget_old_events(lines: Connections) -> int:
    """Drops events that no shop would deliver once more; tells how many."""
    async with lines.database.transaction() as session:
        return await inbox.forget_before(session, lines.clock() - _REMEMBERED)
