"""What leaves: fulfilments, at once or after approval, and their tracking numbers.

The host checks less than one would think: it fulfils drafts and cancelled orders too, and takes
units from any warehouse that has free ones. Source: Saleor 3.23.28 over HTTP, 2026-11-20.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

from saleor_amazon_app.simulators.saleor.parcels import line_of, new_parcel, refresh_status
from saleor_amazon_app.simulators.saleor.schema.catalogue import Stock
from saleor_amazon_app.simulators.saleor.schema.inputs import (
    OrderFulfillInput,
    OrderFulfillLineInput,
)
from saleor_amazon_app.simulators.saleor.schema.orders import (
    Fulfillment,
    Order,
    OrderLine,
)
from saleor_amazon_app.simulators.saleor.schema.people import App
from saleor_amazon_app.simulators.saleor.schema.reasons import Reason, Refused, refusal
from saleor_amazon_app.simulators.saleor.schema.words import (
    FulfillmentStatus,
    OrderEventsEnum,
    OrderStatus,
)
from saleor_amazon_app.simulators.saleor.state import Shop
from saleor_amazon_app.simulators.saleor.stock import (
    let_go_in,
    release,
    short_of,
    stocks_serving,
)

_UNPAID = "Cannot fulfill unpaid order."


def fulfill_order(
    shop: Shop, order_id: str | None, given: OrderFulfillInput, *, app: App | None
) -> tuple[Order, list[Fulfillment]]:
    """`orderFulfill`: one parcel for every warehouse named.

    Raises:
        Refused: unpaid, nothing to fulfil, more than is open, or not enough in stock.
    """
    order = shop.order(order_id or "", field="order")
    approved = shop.settings.fulfillment_auto_approve
    if not order.paid and approved and not shop.settings.fulfillment_allow_unpaid:
        raise refusal("order", "CANNOT_FULFILL_UNPAID_ORDER", _UNPAID)
    units = _units_asked(shop, given.lines)
    planned = _planned(order, units, force=bool(given.allow_stock_to_be_exceeded))
    if approved:
        for line, stock, quantity in (each for parcel in planned.values() for each in parcel):
            _take(line, stock, quantity)
    parcels = [
        _parcel(shop, order, lines, given.tracking_number or "", approved=approved)
        for lines in planned.values()
    ]
    for parcel in parcels:
        parcel.by_staff = app is None
        if parcel.tracking_number:
            shop.tell_parcel("FULFILLMENT_TRACKING_NUMBER_UPDATED", parcel)
    if approved:
        notify = True if given.notify_customer is None else given.notify_customer
        _announce_parcels(shop, order, parcels, app, notify=notify)
    else:
        shop.remember(order, OrderEventsEnum.FULFILLMENT_AWAITS_APPROVAL, app=app)
        shop.tell("ORDER_UPDATED", [order])
    return order, parcels


def approve_fulfillment(
    shop: Shop, fulfillment_id: str, *, notify: bool, app: App | None
) -> Fulfillment:
    """`orderFulfillmentApprove`, where fulfilments wait.

    Raises:
        Refused: it does not wait, the order is unpaid, or its units are gone.
    """
    parcel = shop.fulfillment(fulfillment_id)
    order = parcel.order
    if parcel.status is not FulfillmentStatus.WAITING_FOR_APPROVAL:
        raise refusal(
            None,
            "INVALID",
            "Invalid fulfillment status, only WAITING_FOR_APPROVAL fulfillments can be accepted.",
        )
    if not shop.settings.fulfillment_allow_unpaid and not order.paid:
        raise refusal(None, "CANNOT_FULFILL_UNPAID_ORDER", _UNPAID)
    moving = [
        (line.order_line, line.stock, line.quantity)
        for line in parcel.lines or ()
        if line.order_line and line.stock
    ]
    _check_free(moving, force=False)
    for line, stock, quantity in moving:
        _take(line, stock, quantity)
    parcel.status = FulfillmentStatus.FULFILLED
    _announce_parcels(shop, order, [parcel], app, notify=notify, by_hand=True)
    return parcel


def update_tracking(
    shop: Shop, fulfillment_id: str, tracking: str | None, *, notify: bool, app: App | None
) -> Fulfillment:
    """`orderFulfillmentUpdateTracking`.

    Raises:
        Refused: no such fulfilment.
    """
    parcel = shop.fulfillment(fulfillment_id)
    parcel.tracking_number = tracking or ""
    shop.remember(parcel.order, OrderEventsEnum.TRACKING_UPDATED, app=app)
    shop.tell_parcel("FULFILLMENT_TRACKING_NUMBER_UPDATED", parcel)
    shop.tell("ORDER_UPDATED", [parcel.order])
    if notify:
        shop.mail(parcel.order, "fulfillment_update")
    return parcel


def _units_asked(
    shop: Shop, given: list[OrderFulfillLineInput]
) -> list[tuple[OrderLine, str, int]]:
    """Line, warehouse id and quantity of everything asked for, checked as the host checks it."""
    _refuse_repetition(given)
    if not given:
        line_of(shop, None, "lines")
    asked: list[tuple[OrderLine, str, int]] = []
    for each in given:
        line = line_of(shop, each.order_line_id, "lines")
        if sum(stock.quantity for stock in each.stocks) > line.open:
            plural = "" if line.open == 1 else "s"
            raise _line_refusal(line, f"Only {line.open} item{plural} remaining to fulfill.")
        asked.extend((line, stock.warehouse, stock.quantity) for stock in each.stocks)
    now = shop.clock()
    for line, _, _ in asked:
        early = line.variant is not None and line.variant.preordered_at(now)
        if early and shop.settings.fulfillment_auto_approve:
            raise _line_refusal(line, "Can not fulfill preorder variant.")
    if sum(quantity for _, _, quantity in asked) <= 0:
        raise refusal("lines", "ZERO_QUANTITY", "Total quantity must be larger than 0.")
    return [(line, warehouse, quantity) for line, warehouse, quantity in asked if quantity > 0]


def _refuse_repetition(given: list[OrderFulfillLineInput]) -> None:
    code = "DUPLICATED_INPUT_ITEM"
    for each in given:
        if twice := _repeated(stock.warehouse for stock in each.stocks):
            raise Refused(Reason("warehouse", code, "Duplicated warehouse ID.", warehouse=twice))
    if twice := _repeated(each.order_line_id or "" for each in given):
        message = "Duplicated order line ID."
        raise Refused(Reason("orderLineId", code, message, order_lines=(twice,)))


def _repeated(ids: Iterable[str]) -> str | None:
    counted = Counter(ids)
    return next((each for each, times in counted.items() if times > 1), None)


def _line_refusal(line: OrderLine, message: str) -> Refused:
    return Refused(Reason("orderLineId", "FULFILL_ORDER_LINE", message, order_lines=(line.id,)))


def _planned(
    order: Order, units: list[tuple[OrderLine, str, int]], *, force: bool
) -> dict[str, list[tuple[OrderLine, Stock, int]]]:
    """What leaves from which warehouse."""
    planned: defaultdict[str, list[tuple[OrderLine, Stock, int]]] = defaultdict(list)
    missing: list[Reason] = []
    for line, warehouse_id, quantity in units:
        rows = stocks_serving(line.variant, order.channel) if line.variant else []
        stock = next((row for row in rows if row.warehouse.id == warehouse_id), None)
        if stock is None:
            missing.append(
                Reason(
                    "stocks",
                    "INSUFFICIENT_STOCK",
                    "Insufficient product stock.",
                    order_lines=(line.id,),
                    warehouse=warehouse_id,
                )
            )
        else:
            planned[warehouse_id].append((line, stock, quantity))
    if missing:
        raise Refused(*missing)
    _check_free([each for parcel in planned.values() for each in parcel], force=force)
    return planned


def _check_free(units: list[tuple[OrderLine, Stock, int]], *, force: bool) -> None:
    """Refuses units that are kept, for other orders or for the line itself and not let go yet."""
    leaving: Counter[str] = Counter()
    missing = []
    for line, stock, quantity in units:
        leaving[line.id] += quantity
        is_counted = line.variant and line.variant.track_inventory and not force
        if is_counted and quantity > stock.free + let_go_in(stock, line, leaving[line.id]):
            missing.append(short_of(line, stock.warehouse))
    if missing:
        raise Refused(*missing)


def _take(line: OrderLine, stock: Stock, quantity: int) -> None:
    release(line, quantity)
    if line.variant and line.variant.track_inventory:
        stock.on_hand -= quantity


def _parcel(
    shop: Shop,
    order: Order,
    lines: list[tuple[OrderLine, Stock, int]],
    tracking: str,
    *,
    approved: bool,
) -> Fulfillment:
    waiting = FulfillmentStatus.WAITING_FOR_APPROVAL
    for line, _, quantity in lines:
        line.quantity_fulfilled += quantity
    parcel = new_parcel(shop, order, lines, FulfillmentStatus.FULFILLED if approved else waiting)
    parcel.tracking_number = tracking
    return parcel


def _announce_parcels(
    shop: Shop,
    order: Order,
    parcels: list[Fulfillment],
    app: App | None,
    *,
    notify: bool,
    by_hand: bool = False,
) -> None:
    """Tells of parcels that left; what waited tells nothing before somebody lets it go."""
    refresh_status(order)
    shop.remember(order, OrderEventsEnum.FULFILLMENT_FULFILLED_ITEMS, app=app)
    for parcel in parcels:
        shop.tell_parcel("FULFILLMENT_CREATED", parcel, notify=notify)
    whole = order.status is OrderStatus.FULFILLED
    if whole or by_hand:
        for parcel in parcels:
            shop.tell_parcel("FULFILLMENT_APPROVED", parcel, notify=notify)
    shop.tell("ORDER_UPDATED", [order])
    if whole:
        shop.tell("ORDER_FULFILLED", [order])
    if notify:
        shop.mail(order, "fulfillment_confirmation")
