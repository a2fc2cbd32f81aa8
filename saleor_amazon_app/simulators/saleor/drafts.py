"""What becomes of a draft: completed, changed, deleted, or confirmed later.

Completing checks everything first and adds the errors up, then keeps stock for all lines or for
none. A draft with a transaction can never be deleted, and an edit that prices depend on ends the
imported prices. Source: Saleor 3.23.28 over HTTP, 2026-11-20.
"""

from collections.abc import Iterable
from decimal import Decimal

import strawberry

from saleor_amazon_app.core.money import ZERO
from saleor_amazon_app.simulators.saleor.addresses import accept_address
from saleor_amazon_app.simulators.saleor.ids import global_id
from saleor_amazon_app.simulators.saleor.money_events import settle
from saleor_amazon_app.simulators.saleor.schema.basics import TaxedMoney, taxed
from saleor_amazon_app.simulators.saleor.schema.catalogue import ProductChannelListing
from saleor_amazon_app.simulators.saleor.schema.inputs import (
    DraftOrderInput,
    MetadataInput,
    OrderUpdateInput,
)
from saleor_amazon_app.simulators.saleor.schema.orders import Order, OrderLine
from saleor_amazon_app.simulators.saleor.schema.people import App
from saleor_amazon_app.simulators.saleor.schema.reasons import Reason, Refused, refusal
from saleor_amazon_app.simulators.saleor.schema.words import (
    OrderChargeStatusEnum,
    OrderEventsEnum,
    OrderStatus,
)
from saleor_amazon_app.simulators.saleor.shipping import shipping_problem
from saleor_amazon_app.simulators.saleor.state import Crash, Shop
from saleor_amazon_app.simulators.saleor.stock import (
    allocate,
    looks_available,
    short_of,
    stocks_serving,
)

_EDITABLE = (OrderStatus.DRAFT, OrderStatus.UNCONFIRMED)
_PAID = (OrderChargeStatusEnum.FULL, OrderChargeStatusEnum.OVERCHARGED)


def complete_draft(shop: Shop, order_id: str, *, app: App | None) -> Order:
    """`draftOrderComplete`.

    Raises:
        Refused: no draft, or every reason why it cannot be completed.
        Crash: it was to meet a deadlock; the draft stays as it is.
    """
    order = shop.order(order_id)
    if order.status is not OrderStatus.DRAFT and order_id not in shop.begun_as_drafts:
        raise refusal("id", "INVALID", "The order is not draft.")
    if shop.deadlocks:
        shop.deadlocks -= 1
        raise Crash("OperationalError")
    country = _country(order)
    problems = _problems(shop, order, country)
    if problems:
        raise Refused(*problems)
    now = shop.clock()
    keeping = [line for line in order.lines if line.variant and not line.variant.preordered_at(now)]
    allocate(shop, keeping, order.channel, country)
    order.user = order.user or shop.users.get(order.email)
    order.email = order.user.email if order.user else order.email
    confirms = order.channel.order_settings.automatically_confirm_all_new_orders
    order.status = OrderStatus.UNFULFILLED if confirms else OrderStatus.UNCONFIRMED
    if not order.ships:
        order.shipping_method_name, order.shipping_address = None, None
        order.shipping_price = taxed(ZERO, ZERO, order.currency)
    order.updated_at = now
    shop.counters.completed += 1
    _announce_placed(shop, order, app, confirmed=confirms)
    return order


def delete_draft(shop: Shop, order: Order) -> Order:
    """`draftOrderDelete`; the reference is free again at once, the number never is.

    Raises:
        Refused: no draft any more, or one that money was reported on.
    """
    if order.status is not OrderStatus.DRAFT:
        raise refusal("id", "INVALID", "Provided order id belongs to non-draft order.")
    if order.transactions:
        raise refusal(
            "id",
            "INVALID",
            "Cannot delete order with payments or transactions attached to it.",
        )
    shop.forget(order)
    shop.tell("DRAFT_ORDER_DELETED", [order])
    return order


def update_draft(shop: Shop, order: Order, given: DraftOrderInput) -> Order:
    """`draftOrderUpdate`.

    Raises:
        Refused: no draft, a reference that is taken, or an address that cannot be kept.
    """
    if order.status is not OrderStatus.DRAFT:
        raise refusal(
            "id",
            "INVALID",
            "Provided order id belongs to non-draft order. Use `orderUpdate` mutation instead.",
        )
    _change(shop, order, given)
    if given.customer_note is not None:
        order.customer_note = given.customer_note
    shop.tell("DRAFT_ORDER_UPDATED", [order])
    return order


def update_order(shop: Shop, order: Order, given: OrderUpdateInput) -> Order:
    """`orderUpdate`.

    Raises:
        Refused: a draft, a reference that is taken, or an address that cannot be kept.
    """
    if order.status is OrderStatus.DRAFT:
        raise refusal(
            "id",
            "INVALID",
            "Provided order id belongs to draft order. Use `draftOrderUpdate` mutation instead.",
        )
    _change(shop, order, given)
    shop.tell("ORDER_UPDATED", [order])
    return order


def confirm_order(shop: Shop, order_id: str, *, app: App | None) -> Order:
    """`orderConfirm`, which mails the customer if there is an e-mail.

    Raises:
        Refused: the order is not waiting for confirmation.
    """
    order = shop.order(order_id)
    if order.status is not OrderStatus.UNCONFIRMED:
        raise refusal(
            "id",
            "INVALID",
            "Provided order id belongs to an order with status different than unconfirmed.",
        )
    order.status = OrderStatus.UNFULFILLED
    order.updated_at = shop.clock()
    shop.remember(order, OrderEventsEnum.CONFIRMED, app=app)
    shop.tell("ORDER_CONFIRMED", [order])
    shop.mail(order, "order_confirmed")
    return order


def _country(order: Order) -> str:
    address = order.shipping_address if order.ships else order.billing_address
    return (address.country if address else order.channel.default_country).code


def _problems(shop: Shop, order: Order, country: str) -> list[Reason]:
    """Everything that stands against completing, grouped by field as the host groups it."""
    found: list[Reason] = []
    if order.billing_address is None:
        found.append(
            Reason(
                "order",
                "BILLING_ADDRESS_NOT_SET",
                "Can't finalize draft with no billing address.",
            )
        )
    if order.ships:
        if order.shipping_address is None:
            found.append(
                Reason(
                    "order",
                    "ORDER_NO_SHIPPING_ADDRESS",
                    "Can't finalize draft with no shipping address.",
                )
            )
        if problem := shipping_problem(order):
            found.append(problem)
    found.extend(_line_problems(shop, order, country))
    if not order.channel.is_active:
        found.append(
            Reason(
                "channel",
                "CHANNEL_INACTIVE",
                "Cannot complete draft order with inactive channel.",
            )
        )
    found.extend(_listing_problems(shop, order))
    fields = list(dict.fromkeys(reason.field for reason in found))
    return sorted(found, key=lambda reason: fields.index(reason.field))


def _line_problems(shop: Shop, order: Order, country: str) -> Iterable[Reason]:
    if not order.lines:
        yield Reason("lines", "REQUIRED", "Could not create order without any products.")
    for line in order.lines:
        if line.variant is None:
            yield Reason(
                "lines", "NOT_FOUND", "Could not create orders with non-existing products."
            )
        elif line.variant.track_inventory and not line.variant.preordered_at(shop.clock()):
            serving = stocks_serving(line.variant, order.channel, country)
            if not looks_available(serving, line.quantity):
                yield short_of(line)


def _listing_problems(shop: Shop, order: Order) -> Iterable[Reason]:
    now = shop.clock()
    sold = [(line, _listing(line, order)) for line in order.lines if line.variant]
    if any(listing is None or not listing.shown_at(now) for _, listing in sold):
        yield Reason(
            "lines", "PRODUCT_NOT_PUBLISHED", "Can't finalize draft with unpublished product."
        )
    unsold = [line.id for line, listing in sold if listing is None or not listing.sold_at(now)]
    if unsold:
        yield Reason(
            "lines",
            "PRODUCT_UNAVAILABLE_FOR_PURCHASE",
            "Can't finalize draft with product unavailable for purchase.",
            order_lines=tuple(unsold),
        )
    unpriced = dict.fromkeys(_variant_id(line) for line in order.lines if not _priced(line, order))
    if unpriced:
        yield Reason(
            "lines",
            "NOT_AVAILABLE_IN_CHANNEL",
            "Cannot add lines with unavailable variants.",
            variants=tuple(unpriced),
        )


def _listing(line: OrderLine, order: Order) -> ProductChannelListing | None:
    listings = line.variant.product.listings if line.variant else []
    return next((each for each in listings if each.channel.id == order.channel.id), None)


def _priced(line: OrderLine, order: Order) -> bool:
    listings = line.variant.listings if line.variant else []
    return any(each.channel.id == order.channel.id and each.price for each in listings)


def _variant_id(line: OrderLine) -> str:
    return line.variant.id if line.variant else global_id("ProductVariant", None)


def _announce_placed(shop: Shop, order: Order, app: App | None, *, confirmed: bool) -> None:
    shop.remember(order, OrderEventsEnum.PLACED_FROM_DRAFT, app=app)
    shop.tell("ORDER_CREATED", [order])
    if order.charge_status in _PAID:
        shop.remember(order, OrderEventsEnum.ORDER_FULLY_PAID, app=app)
        shop.mail(order, "payment_confirmation")
        shop.tell("ORDER_FULLY_PAID", [order])
    if confirmed:
        shop.remember(order, OrderEventsEnum.CONFIRMED, app=app)
        shop.tell("ORDER_CONFIRMED", [order])


def _change(shop: Shop, order: Order, given: DraftOrderInput | OrderUpdateInput) -> None:
    """Takes over what was given; judges everything before it changes anything."""
    billing = given.billing_address and accept_address(shop, given.billing_address, kind="BILLING")
    shipping = given.shipping_address and accept_address(
        shop, given.shipping_address, kind="SHIPPING"
    )
    if given.external_reference is not strawberry.UNSET:
        shop.rename(order, given.external_reference)
    if given.user_email is not strawberry.UNSET:
        order.email = given.user_email or ""
        # Without an address the customer stays.
        order.user = shop.users.get(order.email) if order.email else order.user
    order.billing_address = billing or order.billing_address
    order.shipping_address = shipping or order.shipping_address
    _add_pairs(order.public, given.metadata)
    _add_pairs(order.hidden, given.private_metadata)
    if (billing or shipping) and order.status in _EDITABLE:
        _recalculate(order)
    order.updated_at = shop.clock()


def _add_pairs(into: dict[str, str], given: list[MetadataInput] | None) -> None:
    into.update((pair.key, pair.value) for pair in given or ())


def _recalculate(order: Order) -> None:
    """Prices the order anew, as the host does after an edit that prices depend on.

    Lines are priced by the unit (a rest of a division is lost), the shipping price is the imported
    price without its tax; no tax class of the simulated shop has a rate, so nothing is added.
    """
    for line in order.lines:
        line.unit_price, line.total_price = _untaxed(line.base_price, line, order)
        full = line.undiscounted_unit_price.gross.value
        line.undiscounted_unit_price, line.undiscounted_total_price = _untaxed(full, line, order)
        line.tax_rate = 0.0
    shipping = order.shipping_price.net.value
    order.shipping_price = taxed(shipping, shipping, order.currency)
    order.shipping_tax_rate = 0.0
    order.add_up()
    settle(order)


def _untaxed(price: Decimal, line: OrderLine, order: Order) -> tuple[TaxedMoney, TaxedMoney]:
    total = price * line.quantity
    return taxed(price, price, order.currency), taxed(total, total, order.currency)
