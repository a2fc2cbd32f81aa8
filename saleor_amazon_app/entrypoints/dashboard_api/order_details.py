"""Reads an order's own page out of what Amazon sent; pure, each part is asked for by itself."""

from collections.abc import Sequence
from decimal import Decimal
from urllib.parse import quote

import strawberry

from saleor_amazon_app.amazon.item_records import Breakdown, OrderItem
from saleor_amazon_app.amazon.order_records import FULFILLED_BY_AMAZON, DeliveryAddress, Package
from saleor_amazon_app.amazon.order_records import Order as AmazonOrder
from saleor_amazon_app.core.ids import OrderItemId
from saleor_amazon_app.core.money import ZERO, shown
from saleor_amazon_app.core.reasons import HoldCode
from saleor_amazon_app.core.reasons import Reason as CoreReason
from saleor_amazon_app.entrypoints.dashboard_api.order_parts import (
    Address,
    AddressProblem,
    Buyer,
    Field,
    HistoryEntry,
    Item,
    OutboxEntry,
    Parcel,
    ParcelItem,
    Reason,
)
from saleor_amazon_app.entrypoints.dashboard_api.words import Money, money_of
from saleor_amazon_app.flows.outbox_desk import MAY_BE_RETRIED
from saleor_amazon_app.ledger.history import Event
from saleor_amazon_app.ledger.order_list import ListedOrder
from saleor_amazon_app.ledger.outbox import OutboxKind, OutboxRow
from saleor_amazon_app.mapping.extra_fields import extra_fields_of
from saleor_amazon_app.mapping.parcels import from_json

_SEARCHED_BY_SKU = frozenset({HoldCode.UNKNOWN_SKU, HoldCode.NOT_AVAILABLE, HoldCode.OUT_OF_STOCK})


def reasons(row: ListedOrder) -> list[Reason]:
    """Why the order is held or skipped, each with the page of the dashboard that helps."""
    return [reason_of(each) for each in row.reasons]


def reason_of(reason: CoreReason) -> Reason:
    """A reason with the page of the dashboard that helps."""
    return Reason(
        code=reason.code.value,
        message=reason.message,
        about=reason.about,
        link=_link(reason.code.value, reason.about),
    )


def _link(code: str, about: str | None) -> str | None:
    if code in _SEARCHED_BY_SKU and about:
        return f"/products/?query={quote(about, safe='')}"
    if code == HoldCode.SHIPPING_METHOD_MISSING:
        return "/shipping/"
    return "/channels/" if code == HoldCode.CURRENCY_MISMATCH else None


def saleor_total(row: ListedOrder) -> Decimal | None:
    """What the Saleor order comes to, in the currency of the Amazon order."""
    if row.saleor_total_gross is None or row.currency is None:
        return row.saleor_total_gross
    return Decimal(shown(row.saleor_total_gross, row.currency))


def can_cancel(row: ListedOrder) -> bool:
    """Whether Amazon cancels the order for us: nothing has left, and the merchant fulfils it."""
    return row.status == "UNSHIPPED" and row.fulfilled_by != FULFILLED_BY_AMAZON


def replaced_order(order: AmazonOrder | None) -> str | None:
    """The order that this one replaces."""
    return next(iter(order.replaced_orders), None) if order else None


def cancel_request_reason(order: AmazonOrder | None) -> str | None:
    """Why the buyer asks to cancel."""
    wishes = (
        item.cancellation.cancellation_request
        for item in (order.order_items if order else ())
        if item.cancellation
    )
    return next((wish.cancel_reason for wish in wishes if wish and wish.cancel_reason), None)


def buyer(order: AmazonOrder | None) -> Buyer | None:
    """Who bought, as far as it is still known."""
    if order is None or order.buyer is None:
        return None
    to = order.recipient.delivery_address if order.recipient else None
    return Buyer(
        name=order.buyer.buyer_name,
        email=order.buyer.buyer_email,
        phone=to.phone if to else None,
        company=order.buyer.buyer_company_name,
        purchase_order_number=order.buyer.buyer_purchase_order_number,
    )


def recipient(order: AmazonOrder | None) -> DeliveryAddress | None:
    """Where it goes as Amazon told it."""
    return order.recipient.delivery_address if order and order.recipient else None


def address(given: DeliveryAddress | None) -> Address | None:
    """An address in seven fields and a phone; a third line is added to the second."""
    if given is None:
        return None
    more = ", ".join(filter(None, (given.address_line2, given.address_line3)))
    return Address(
        name=given.name,
        company=given.company_name,
        line1=given.address_line1,
        line2=more or None,
        city=given.city,
        state=given.state_or_region,
        postal_code=given.postal_code,
        country_code=given.country_code,
        phone=given.phone,
    )


def address_problems(row: ListedOrder) -> list[AddressProblem]:
    """What Saleor does not accept about the address, by the field to correct."""
    return [
        AddressProblem(field=_field_named_in(each.message), message=each.message)
        for each in row.reasons
        if each.code == HoldCode.ADDRESS_REFUSED
    ]


def _field_named_in(message: str) -> str:
    words = {
        "street": "line1",
        "city": "city",
        "state": "state",
        "postal code": "postalCode",
        "country": "countryCode",
        "phone": "phone",
        "name": "name",
    }
    lowered = message.lower()
    return next((field for word, field in words.items() if word in lowered), "line1")


def extra_fields(order: AmazonOrder | None) -> list[Field]:
    """Everything else that Amazon told."""
    return [Field(key=key, value=value) for key, value in extra_fields_of(order)] if order else []


def items(order: AmazonOrder | None, row: ListedOrder) -> list[Item]:
    """What was bought, with the Saleor line of each."""
    return [_item(each, row) for each in order.order_items] if order else []


def _item(item: OrderItem, row: ListedOrder) -> Item:
    given = item.fulfillment
    shipped = (given.quantity_fulfilled if given else None) or 0
    unshipped = given.quantity_unfulfilled if given else None
    left = item.quantity_ordered - shipped if unshipped is None else unshipped
    line = row.saleor_lines.get(item.order_item_id)
    condition = item.product.condition
    return Item(
        id=strawberry.ID(item.order_item_id),
        title=item.product.title or item.product.seller_sku or item.order_item_id,
        asin=item.product.asin,
        seller_sku=item.product.seller_sku,
        condition=" ".join(filter(None, (condition.condition_type, condition.condition_subtype)))
        or None
        if condition
        else None,
        ordered=item.quantity_ordered,
        shipped=shipped,
        cancelled=max(item.quantity_ordered - shipped - left, 0),
        price=_sum(item, "ITEM"),
        tax=_sum(item, "TAX"),
        shipping_price=_sum(item, "SHIPPING"),
        gift=_gift(item),
        saleor_line_id=strawberry.ID(line) if line else None,
    )


def _sum(item: OrderItem, kind: str) -> Money | None:
    parts: Sequence[Breakdown] = (item.proceeds.breakdowns if item.proceeds else None) or ()
    found = [part.subtotal for part in parts if part.type == kind]
    if not found:
        return None
    return money_of(sum((each.amount for each in found), ZERO), found[0].currency_code)


def _gift(item: OrderItem) -> str | None:
    packing = item.fulfillment.packing if item.fulfillment else None
    gift = packing.gift_option if packing else None
    if gift is None:
        return None
    return ": ".join(filter(None, (gift.gift_wrap_level, gift.gift_message))) or None


def parcels(order: AmazonOrder | None, rows: Sequence[OutboxRow]) -> list[Parcel]:
    """The parcels that Amazon shows, then those it is still to show."""
    shown_ones = (order.packages if order else None) or ()
    by_reference = {row.package_reference: row for row in rows if row.kind == OutboxKind.SHIPMENT}
    titles = {i.order_item_id: i.product.title or "" for i in order.order_items} if order else {}
    known = {package.package_reference_id for package in shown_ones}
    found = [
        _shown(package, by_reference.get(package.package_reference_id), titles)
        for package in shown_ones
    ]
    return found + [
        _to_be_shown(row, titles)
        for row in rows
        if row.kind == OutboxKind.SHIPMENT and row.package_reference not in known
    ]


def _shown(package: Package, row: OutboxRow | None, titles: dict[OrderItemId, str]) -> Parcel:
    return Parcel(
        reference=package.package_reference_id,
        items=[
            _parcel_item(entry.order_item_id, entry.quantity, titles)
            for entry in package.package_items or ()
        ],
        carrier=package.carrier,
        method=package.shipping_service,
        tracking_number=package.tracking_number,
        shipped_at=package.ship_time,
        state_at_amazon=package.package_status.status if package.package_status else None,
        outbox_state=row.state if row else None,
    )


def _to_be_shown(row: OutboxRow, titles: dict[OrderItemId, str]) -> Parcel:
    parcel = from_json(row.content) if "trackingNumber" in row.content else None
    units = parcel.units if parcel else {}
    return Parcel(
        reference=row.package_reference or str(row.id),
        items=[_parcel_item(item, number, titles) for item, number in units.items()],
        carrier=(parcel.carrier.name or parcel.carrier.code) if parcel else None,
        method=None,
        tracking_number=parcel.tracking_number if parcel else None,
        shipped_at=parcel.shipped_at if parcel else None,
        state_at_amazon=None,
        outbox_state=row.state,
    )


def _parcel_item(item: OrderItemId, quantity: int, titles: dict[OrderItemId, str]) -> ParcelItem:
    return ParcelItem(item_id=strawberry.ID(item), title=titles.get(item, ""), quantity=quantity)


def history(events: Sequence[Event]) -> list[HistoryEntry]:
    """Everything that happened, newest first."""
    return [
        HistoryEntry(
            at=event.at,
            direction=event.direction.value,
            who=event.by,
            what=event.summary,
            answer=_answer(event),
        )
        for event in reversed(events)
    ]


def _answer(event: Event) -> str | None:
    told = event.details.get("answer")
    return told if isinstance(told, str) else None


def outbox(rows: Sequence[OutboxRow]) -> list[OutboxEntry]:
    """What Amazon was told or is to be told, oldest first."""
    return [
        OutboxEntry(
            id=strawberry.ID(str(row.id)),
            kind=row.kind,
            state=row.state,
            planned_at=row.planned_at,
            attempts=row.attempts,
            message=row.words,
            can_retry=row.state in MAY_BE_RETRIED,
        )
        for row in rows
    ]
