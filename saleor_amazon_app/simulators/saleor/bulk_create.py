"""`orderBulkCreate`: takes orders over as they are, row by row.

Nothing is reserved and no order event fires but ORDER_BULK_CREATED. A row has errors and may be
created all the same; the error policy decides, save for errors that doom a row. What the host
does not foresee loses the whole batch: a reference twice in it, a missing status, a 51st order, a
text longer than its column. Every row that is judged beyond its first look uses up an order
number. Source: Saleor 3.23.28 over HTTP, 2026-11-20.
"""

from collections import Counter
from decimal import Decimal

import strawberry

from saleor_amazon_app.core.money import ZERO
from saleor_amazon_app.simulators.saleor.addresses import accept_address
from saleor_amazon_app.simulators.saleor.bulk_lines import kept, make_lines, make_parcels, rate
from saleor_amazon_app.simulators.saleor.bulk_rows import Row, check_length, is_future
from saleor_amazon_app.simulators.saleor.bulk_stock import take_shipped_units
from saleor_amazon_app.simulators.saleor.money_events import settle
from saleor_amazon_app.simulators.saleor.schema.basics import TaxedMoney, Weight, taxed
from saleor_amazon_app.simulators.saleor.schema.catalogue import (
    Channel,
    ShippingMethodType,
    TaxClass,
)
from saleor_amazon_app.simulators.saleor.schema.inputs import (
    AddressInput,
    OrderBulkCreateDeliveryMethodInput,
    OrderBulkCreateInput,
)
from saleor_amazon_app.simulators.saleor.schema.orders import Order
from saleor_amazon_app.simulators.saleor.schema.people import Address, App, User
from saleor_amazon_app.simulators.saleor.schema.reasons import Refused
from saleor_amazon_app.simulators.saleor.schema.words import (
    ErrorPolicyEnum,
    OrderChargeStatusEnum,
    OrderEventsEnum,
    OrderOriginEnum,
    OrderStatus,
    StockUpdatePolicyEnum,
)
from saleor_amazon_app.simulators.saleor.state import Crash, Shop
from saleor_amazon_app.simulators.saleor.transactions import make_transaction

MOST_ORDERS = 50
_LONGEST_NOTE = 255


def import_orders(
    shop: Shop,
    given: list[OrderBulkCreateInput],
    *,
    policy: ErrorPolicyEnum | None,
    stock_policy: StockUpdatePolicyEnum | None,
) -> list[Row]:
    """Imports a batch; a row of the answer has its order where one was created.

    Raises:
        BatchRefused: a moment names no time zone.
        Crash: the host loses the whole batch.
    """
    if len(given) > MOST_ORDERS:
        raise Crash("TypeError")
    rows = [_judge(shop, order) for order in given]
    _apply(policy or ErrorPolicyEnum.REJECT_EVERYTHING, rows)
    stock_policy = stock_policy or StockUpdatePolicyEnum.UPDATE
    take = None
    if stock_policy is not StockUpdatePolicyEnum.SKIP:
        take = take_shipped_units(rows, force=stock_policy is StockUpdatePolicyEnum.FORCE)
    for row in rows:
        row.order = None if row.doomed else row.order
    _would_save(shop, rows)
    if take:
        take()
    created = [row.order for row in rows if row.order]
    for order in created:
        shop.keep(order)
        shop.counters.drafted += 1
    if created:
        shop.tell("ORDER_BULK_CREATED", created)
    return rows


def _apply(policy: ErrorPolicyEnum, rows: list[Row]) -> None:
    everything = policy is ErrorPolicyEnum.REJECT_EVERYTHING and any(row.errors for row in rows)
    failed = policy is ErrorPolicyEnum.REJECT_FAILED_ROWS
    for row in rows:
        if everything or (failed and row.errors):
            row.order = None


def _would_save(shop: Shop, rows: list[Row]) -> None:
    """Falls over where the host's database would."""
    orders = [(row.order, row.given) for row in rows if row.order]
    references = [order.external_reference for order, _ in orders]
    taken = Counter(text for text in references if text is not None)
    if any(count > 1 or text in shop.order_ids for text, count in taken.items()):
        raise Crash("IntegrityError")
    if shop.crashing_references.intersection(taken):
        raise Crash("DataError")
    for order, given in orders:
        method = given.delivery_method
        check_length(order.external_reference, 250)
        check_length(order.email, 254)
        for address in filter(None, (order.billing_address, order.shipping_address)):
            check_length(address.first_name, 256)
            check_length(address.last_name, 256)
        for value in (*order.public.values(), *order.hidden.values()):
            check_length(value, len(value))
        check_length(method.shipping_method_name if method else None, 255)
        for line in order.lines:
            check_length(line.product_name, 386)
            check_length(line.variant_name, 255)
            check_length(line.product_sku, 255)
        for parcel in order.fulfillments:
            check_length(parcel.tracking_number, 255)


def _judge(shop: Shop, given: OrderBulkCreateInput) -> Row:
    row = Row(given)
    _first_look(shop, row)
    if not row.lives():
        return row
    number = str(shop.ids.number("order"))
    user = _user(shop, row)
    channel = shop.channels.get(given.channel)
    if channel is None:
        row.blame(
            "channel",
            "NOT_FOUND",
            f"Channel instance with slug={given.channel} doesn't exist.",
            dooms=True,
        )
    billing = _address(shop, row, given.billing_address, "billing")
    row.doomed = row.doomed or billing is None
    shipping = None
    if given.shipping_address is not None:
        shipping = _address(shop, row, given.shipping_address, "shipping")
    method, tax_class = _delivery(shop, row)
    if row.doomed or channel is None:
        return row
    order = _bare_order(shop, given, channel, number)
    order.user, order.email = user, (user.email if user else given.user.email) or ""
    order.billing_address, order.shipping_address = billing, shipping
    order.method, order.shipping_tax_class = method, tax_class
    _fill(shop, row, order)
    return row


def _first_look(shop: Shop, row: Row) -> None:
    given = row.given
    if is_future(shop, given.created_at):
        row.blame("created_at", "FUTURE_DATE", "Order input contains future date.")
    if given.external_reference and given.external_reference in shop.order_ids:
        row.blame(
            "external_reference",
            "UNIQUE",
            f"Order with external_reference: {given.external_reference} already exists.",
            dooms=True,
        )
    channel = shop.channels.get(given.channel)
    if channel and channel.currency_code.lower() != given.currency.lower():
        row.blame(
            "currency",
            "INCORRECT_CURRENCY",
            "Currency from input doesn't match channel's currency.",
            dooms=True,
        )


def _user(shop: Shop, row: Row) -> User | None:
    given = row.given.user
    if given.email and given.id is None and given.external_reference is None:
        return shop.users.get(given.email)
    if given.external_reference and given.id is None and given.email is None:
        for user in shop.users.values():
            if user.external_reference == given.external_reference:
                return user
    keys = {"id": given.id, "email": given.email, "external_reference": given.external_reference}
    return row.find("User", "user", keys, {user.id: user for user in shop.users.values()})


def _address(shop: Shop, row: Row, given: AddressInput, kind: str) -> Address | None:
    try:
        return accept_address(shop, given, kind=kind.upper())
    except Refused:
        row.blame(f"{kind}_address", "INVALID", f"Invalid {kind} address.")
        return None


def _delivery(shop: Shop, row: Row) -> tuple[ShippingMethodType | None, TaxClass | None]:
    """Shipping method and tax class, where anything has to be shipped at all."""
    if not any(line.is_shipping_required for line in row.given.lines):
        return None, None
    given = row.given.delivery_method or OrderBulkCreateDeliveryMethodInput()
    method = warehouse = tax_class = None
    if given.warehouse_id and given.shipping_method_id:
        row.blame(
            "delivery_method",
            "TOO_MANY_IDENTIFIERS",
            "Can't provide both warehouse and shipping method IDs.",
        )
    if given.warehouse_id:
        path, keys = "delivery_method.warehouse_id", {"warehouse_id": given.warehouse_id}
        warehouse = row.find("Warehouse", path, keys, shop.warehouses)
    if given.shipping_method_id:
        path = "delivery_method.shipping_method_id"
        named = {"shipping_method_id": given.shipping_method_id}
        method = row.find("ShippingMethod", path, named, shop.methods)
        path = "delivery_method.shipping_tax_class_id"
        taxed_by = {"shipping_tax_class_id": given.shipping_tax_class_id}
        tax_class = row.find("TaxClass", path, taxed_by, shop.tax_classes)
    if method is None and warehouse is None:
        row.blame("delivery_method", "REQUIRED", "No delivery method provided.", dooms=True)
    return method, tax_class


def _bare_order(shop: Shop, given: OrderBulkCreateInput, channel: Channel, number: str) -> Order:
    nothing = taxed(ZERO, ZERO, given.currency)
    return Order(
        id=strawberry.ID(shop.ids.unique("Order")),
        number=number,
        status=given.status or OrderStatus.DRAFT,
        created=given.created_at,
        updated_at=shop.clock(),
        channel=channel,
        origin=OrderOriginEnum.BULK_CREATE,
        external_reference=given.external_reference,
        lines=[],
        user=None,
        billing_address=None,
        shipping_address=None,
        shipping_method_name=None,
        shipping_price=nothing,
        shipping_tax_rate=0.0,
        shipping_tax_class=None,
        subtotal=nothing,
        total=nothing,
        undiscounted_total=nothing,
        charge_status=OrderChargeStatusEnum.NONE,
        customer_note=given.customer_note or "",
        language_code_enum=given.language_code,
        weight=Weight(kilograms=given.weight or Decimal(0)),
        email="",
        method=None,
    )


def _fill(shop: Shop, row: Row, order: Order) -> None:
    """Lines, parcels, amounts and the rest, as long as nothing dooms the row."""
    order.lines.extend(make_lines(shop, row))
    if not row.lives():
        return
    make_parcels(shop, row, order)
    if not row.lives():
        return
    order.shipping_price = _shipping_price(row, order)
    if not row.lives():
        return
    order.shipping_tax_rate = rate(order.shipping_price.gross.value, order.shipping_price.net.value)
    order.add_up()
    _notes(shop, row, order)
    for index, transaction in enumerate(row.given.transactions or ()):
        try:
            make_transaction(shop, order, transaction, app=None)
        except Refused as refused:
            for reason in refused.reasons:
                row.blame(f"transactions.{index}", reason.code, reason.message)
    if row.given.status is None:
        raise Crash("KeyError")
    _check_status(row, order)
    delivery = row.given.delivery_method
    order.shipping_method_name = delivery.shipping_method_name if delivery and order.ships else None
    row.pairs("metadata", row.given.metadata, order.public)
    row.pairs("private_metadata", row.given.private_metadata, order.hidden)
    settle(order)
    row.order = order


def _shipping_price(row: Row, order: Order) -> TaxedMoney:
    currency = row.given.currency
    given = row.given.delivery_method
    if order.method is None or given is None:
        return taxed(ZERO, ZERO, currency)
    if price := given.shipping_price:
        if price.gross < price.net:
            row.blame(
                "delivery_method.shipping_price",
                "PRICE_ERROR",
                "Net price can't be greater than gross price.",
                dooms=True,
            )
        return taxed(kept(price.gross), kept(price.net), currency)
    listed = order.method.offered.get(order.channel.slug)
    net = listed.price.value if listed else ZERO
    return taxed(kept(net * (1 + (given.shipping_tax_rate or ZERO))), kept(net), currency)


def _notes(shop: Shop, row: Row, order: Order) -> None:
    apps: dict[str, App] = {app.id: app for app in shop.apps.values()}
    for index, note in enumerate(row.given.notes or ()):
        if len(note.message) > _LONGEST_NOTE:
            row.blame(
                f"notes.{index}.message",
                "NOTE_LENGTH",
                f"Note message exceeds character limit: {_LONGEST_NOTE}.",
            )
            continue
        if note.date and is_future(shop, note.date):
            row.blame(f"notes.{index}.date", "FUTURE_DATE", "Note input contains future date.")
        check_length(note.message, _LONGEST_NOTE)
        app = None
        if note.app_id:
            app = row.find("App", f"notes.{index}", {"app_id": note.app_id}, apps)
        shop.remember(
            order, OrderEventsEnum.NOTE_ADDED, app=app, message=note.message, at=note.date
        )


def _check_status(row: Row, order: Order) -> None:
    ordered = sum(line.quantity for line in order.lines)
    shipped = sum(line.quantity for parcel in order.fulfillments for line in parcel.lines or ())
    whole, part = OrderStatus.FULFILLED, OrderStatus.PARTIALLY_FULFILLED
    impossible = (
        (shipped == 0 and order.status in (whole, part))
        or (0 < shipped < ordered and order.status in (whole, OrderStatus.UNFULFILLED))
        or (shipped == ordered and order.status in (part, OrderStatus.UNFULFILLED))
    )
    if impossible:
        row.blame("status", "INVALID", "Invalid order status.")
