"""Builds what is sent to the host for an order that will be placed.

Three ways, by what has left already. Nothing: a draft that is completed, so that the host
allocates stock. Everything: an order imported as fulfilled. A part: a draft too, fulfilled in
part afterwards, or, where only the open units are still in stock, an order imported as partly
fulfilled, for which the host reserves nothing.

Source: tried against Saleor 3.23, 2026-11-20; docs/host-behaviour.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from saleor_amazon_app.amazon.order_records import FULFILLED_BY_AMAZON, Order
from saleor_amazon_app.core.choices import Choices, NewOrderStatus
from saleor_amazon_app.core.ids import OrderItemId, WarehouseId
from saleor_amazon_app.core.money import ZERO, shown
from saleor_amazon_app.core.times import iso
from saleor_amazon_app.mapping import availability
from saleor_amazon_app.mapping.amounts import OrderAmounts
from saleor_amazon_app.mapping.availability import Matched
from saleor_amazon_app.mapping.buyers import private_metadata, user_of
from saleor_amazon_app.mapping.decisions import PlaceOrder, Store
from saleor_amazon_app.mapping.item_amounts import Taxed
from saleor_amazon_app.mapping.order_changes import CANCEL_REQUEST_KEY, wish_noted
from saleor_amazon_app.mapping.units import Parcel, parcels_of
from saleor_amazon_app.saleor.catalogue_records import (
    Channel,
    HostCatalogue,
    ShippingMethod,
    Variant,
)
from saleor_amazon_app.saleor.order_inputs import (
    AddressInput,
    DeliveryMethodInput,
    FulfillmentInput,
    FulfillmentLineInput,
    MetadataInput,
    NoteInput,
    OrderBulkCreateInput,
    OrderLineInput,
    OrderStatus,
    StockUpdatePolicy,
    TaxedMoneyInput,
)
from saleor_amazon_app.saleor.order_records import ORDER_ITEM_KEY, ORDER_KEY

# The host's columns; what is longer would fail the whole batch.
_PRODUCT_NAME = 386
_SKU = 255
LARGEST_TAX_RATE = Decimal("9.9999")

_NOT_RESERVED = (
    "A part of this order left before it was imported, and the rest alone was in stock: Saleor "
    "reserves nothing for it. Ship it soon or raise the stock."
)
_STOCK_NOT_TAKEN = (
    "This order left before it was imported, and its units were not in stock here any more: the "
    "stock was not changed."
)


@dataclass(frozen=True, slots=True)
class Import:
    """All that one host order is made of."""

    order: Order
    choices: Choices
    host: HostCatalogue
    store: Store
    channel: Channel
    method: ShippingMethod
    address: AddressInput
    amounts: OrderAmounts
    items: tuple[Matched, ...]

    @property
    def is_fba(self) -> bool:
        """Whether Amazon fulfils the order."""
        fulfillment = self.order.fulfillment
        return fulfillment is not None and fulfillment.fulfilled_by == FULFILLED_BY_AMAZON

    @property
    def shipped(self) -> list[tuple[Variant, int]]:
        """Units that left, by variant."""
        return [(each.variant, each.units.shipped) for each in self.items if each.units.shipped]


def place(case: Import) -> PlaceOrder:
    """The order in the way that fits what has left already."""
    parcels = parcels_of(case.order, [each.units for each in case.items])
    if not parcels:
        return _as_draft(case, ())
    if not any(each.units.open for each in case.items):
        return _as_fulfilled(case, parcels)
    everything = [(each.variant, each.units.total) for each in case.items]
    if availability.short_of_stock(everything, case.channel, case.address.country):
        return _as_partly_fulfilled(case, parcels)
    return _as_draft(case, parcels)


def _as_draft(case: Import, parcels: tuple[Parcel, ...]) -> PlaceOrder:
    # What left needs no confirming by staff any more, and fulfilling it would end the state
    # unconfirmed without telling other systems that the order is confirmed.
    is_wanted = case.choices.new_order_status is NewOrderStatus.CONFIRMED or bool(parcels)
    return PlaceOrder(
        order_input=_input(
            case, OrderStatus.DRAFT, _first_serving(case), notes=wish_noted(case.order)
        ),
        stock_policy=StockUpdatePolicy.SKIP,
        parcels=parcels,
        is_confirmed_by_app=is_wanted and not case.channel.confirms_orders,
        amounts=case.amounts,
    )


def _as_fulfilled(case: Import, parcels: tuple[Parcel, ...]) -> PlaceOrder:
    """Already gone: the host's stock falls only for goods that left the merchant's own shelf."""
    connected = case.store.connected_at
    is_counted = (
        not case.is_fba
        and (connected is None or case.order.created_time >= connected)
        and any(variant.tracks_stock for variant, _ in case.shipped)
    )
    shelf = availability.warehouse_to_ship_from(case.shipped, case.channel) if is_counted else None
    if case.is_fba:
        warehouse = case.host.fba_warehouse or case.channel.warehouses[0].id
    else:
        warehouse = shelf or case.channel.warehouses[0].id
    return PlaceOrder(
        order_input=_input(
            case,
            OrderStatus.FULFILLED,
            warehouse,
            parcels,
            notes=(_STOCK_NOT_TAKEN,) if is_counted and shelf is None else (),
        ),
        stock_policy=StockUpdatePolicy.UPDATE if shelf else StockUpdatePolicy.SKIP,
        parcels=(),
        is_confirmed_by_app=False,
        amounts=case.amounts,
    )


def _as_partly_fulfilled(case: Import, parcels: tuple[Parcel, ...]) -> PlaceOrder:
    return PlaceOrder(
        order_input=_input(
            case,
            OrderStatus.PARTIALLY_FULFILLED,
            _first_serving(case),
            parcels,
            notes=(_NOT_RESERVED,),
        ),
        stock_policy=StockUpdatePolicy.SKIP,
        parcels=(),
        is_confirmed_by_app=False,
        amounts=case.amounts,
    )


def without_stock(decision: PlaceOrder) -> PlaceOrder:
    """The same order without taking its units from stock, for a host that has them no more."""
    note = NoteInput(message=_STOCK_NOT_TAKEN)
    order_input = decision.order_input
    return replace(
        decision,
        order_input=order_input.model_copy(update={"notes": (*order_input.notes, note)}),
        stock_policy=StockUpdatePolicy.SKIP,
    )


def by_item(order_input: OrderBulkCreateInput) -> dict[OrderItemId, OrderLineInput]:
    """The lines, in their order, by the Amazon order item each stands for."""
    return {
        OrderItemId(entry.value): line
        for line in order_input.lines
        for entry in line.metadata
        if entry.key == ORDER_ITEM_KEY
    }


def partly_fulfilled_instead(decision: PlaceOrder) -> PlaceOrder:
    """A partly shipped order whose draft found too little stock for the shipped units as well."""
    order_input = decision.order_input
    lines = by_item(order_input)
    places = {item_id: index for index, item_id in enumerate(lines)}
    fulfillments = tuple(
        FulfillmentInput(
            tracking_code=parcel.tracking_number,
            lines=tuple(
                FulfillmentLineInput(
                    variant_id=lines[item_id].variant_id,
                    quantity=quantity,
                    warehouse=lines[item_id].warehouse,
                    order_line_index=places[item_id],
                )
                for item_id, quantity in parcel.units.items()
            ),
        )
        for parcel in decision.parcels
    )
    return replace(
        decision,
        order_input=order_input.model_copy(
            update={
                "status": OrderStatus.PARTIALLY_FULFILLED,
                "fulfillments": fulfillments,
                "notes": (*order_input.notes, NoteInput(message=_NOT_RESERVED)),
            }
        ),
        parcels=(),
        is_confirmed_by_app=False,
    )


def _first_serving(case: Import) -> WarehouseId:
    """A warehouse to name on the lines; the host picks its own when it allocates."""
    for warehouse in case.channel.warehouses:
        if case.address.country in warehouse.countries:
            return warehouse.id
    return case.channel.warehouses[0].id


def _input(
    case: Import,
    status: OrderStatus,
    warehouse: WarehouseId,
    parcels: Sequence[Parcel] = (),
    notes: Sequence[str] = (),
) -> OrderBulkCreateInput:
    prices = {item.order_item_id: item.line for item in case.amounts.items}
    return OrderBulkCreateInput(
        external_reference=case.order.order_id,
        channel=case.channel.slug,
        created_at=case.order.created_time,
        status=status,
        user=user_of(case.order, case.choices, case.host),
        billing_address=case.address,
        shipping_address=case.address,
        currency=case.amounts.currency,
        metadata=_metadata(case),
        private_metadata=private_metadata(case.order),
        notes=tuple(NoteInput(message=note) for note in notes),
        lines=tuple(
            _line(case, each, prices[each.units.item.order_item_id], warehouse)
            for each in case.items
        ),
        delivery_method=_delivery(case),
        fulfillments=tuple(_fulfillment(case, parcel, warehouse) for parcel in parcels),
    )


def _line(case: Import, matched: Matched, amount: Taxed, warehouse: WarehouseId) -> OrderLineInput:
    item = matched.units.item
    price = _taxed(amount)
    return OrderLineInput(
        variant_id=matched.variant.id,
        product_name=(item.product.title or matched.variant.product_name)[:_PRODUCT_NAME],
        product_sku=(item.product.seller_sku or matched.variant.sku)[:_SKU],
        created_at=case.order.created_time,
        quantity=matched.units.total,
        total_price=price,
        undiscounted_total_price=price,
        warehouse=warehouse,
        metadata=_line_metadata(matched),
        tax_rate=_rate(amount),
        tax_class_id=case.host.tax_class,
    )


def _delivery(case: Import) -> DeliveryMethodInput:
    shipping = case.amounts.shipping
    return DeliveryMethodInput(
        shipping_method_id=case.method.id,
        shipping_method_name=case.method.name,
        shipping_price=_taxed(shipping),
        shipping_tax_rate=_rate(shipping),
        shipping_tax_class_id=case.host.tax_class,
    )


def _fulfillment(case: Import, parcel: Parcel, warehouse: WarehouseId) -> FulfillmentInput:
    return FulfillmentInput(
        tracking_code=parcel.tracking_number,
        lines=tuple(
            FulfillmentLineInput(
                variant_id=each.variant.id,
                quantity=parcel.units[each.units.item.order_item_id],
                warehouse=warehouse,
                order_line_index=index,
            )
            for index, each in enumerate(case.items)
            if each.units.item.order_item_id in parcel.units
        ),
    )


def _taxed(amount: Taxed) -> TaxedMoneyInput:
    return TaxedMoneyInput(gross=amount.gross, net=amount.net)


def _rate(amount: Taxed) -> Decimal | None:
    """The rate for information, as near as the host's column can say it.

    It is always sent: the host computes one that is missing, and its whole batch fails where that
    is too large. Of a price of nothing the host computes none.
    """
    if amount.net <= 0:
        return None
    rate = (amount.gross - amount.net) / amount.net
    return min(rate, LARGEST_TAX_RATE).quantize(Decimal("0.0001"))


def _metadata(case: Import) -> tuple[MetadataInput, ...]:
    """What staff and other systems may know; never buyer data."""
    order, fulfillment = case.order, case.order.fulfillment
    collected = _tax_collected(case)
    pairs: list[tuple[str, str | None]] = [
        (ORDER_KEY, order.order_id),
        ("amazonStore", case.store.name),
        ("amazonMarketplace", order.sales_channel.marketplace_name),
        ("amazonMarketplaceId", order.sales_channel.marketplace_id),
        ("amazonFulfilledBy", fulfillment.fulfilled_by if fulfillment else None),
        ("amazonPrograms", ", ".join(order.programs or ())),
        ("amazonServiceLevel", fulfillment.fulfillment_service_level if fulfillment else None),
        ("amazonShipBy", iso(order.latest_ship_time) if order.latest_ship_time else None),
        (
            "amazonDeliverBy",
            iso(order.latest_delivery_time) if order.latest_delivery_time else None,
        ),
        ("amazonIossNumber", _ioss(order)),
        ("amazonTaxScheme", ", ".join(_schemes(order))),
        ("amazonTaxModel", ", ".join(_models(order))),
        (
            "amazonTaxCollected",
            f"{shown(collected, case.amounts.currency)} {case.amounts.currency}"
            if collected
            else None,
        ),
        ("amazonTaxUnknown", "true" if case.amounts.tax_unknown else None),
        (CANCEL_REQUEST_KEY, "true" if wish_noted(order) else None),
        ("amazonReplaces", ", ".join(order.replaced_orders)),
    ]
    return tuple(MetadataInput(key=key, value=value) for key, value in pairs if value)


def _line_metadata(matched: Matched) -> tuple[MetadataInput, ...]:
    item = matched.units.item
    pairs = [
        (ORDER_ITEM_KEY, item.order_item_id),
        ("amazonAsin", item.product.asin),
        ("amazonPrograms", ", ".join(item.programs or ())),
    ]
    return tuple(MetadataInput(key=key, value=value) for key, value in pairs if value)


def _ioss(order: Order) -> str | None:
    for item in order.order_items:
        shipping = item.fulfillment.shipping if item.fulfillment else None
        abroad = shipping.international_shipping if shipping else None
        if abroad and abroad.ioss_number:
            return abroad.ioss_number
    return None


def _schemes(order: Order) -> list[str]:
    """IOSS or UOSS, each once."""
    found = [
        breakdown.reporting_scheme
        for item in order.order_items
        for breakdown in (item.tax.tax_calculation_breakdowns if item.tax else None) or ()
    ]
    return list(dict.fromkeys(scheme for scheme in found if scheme))


def _models(order: Order) -> list[str]:
    """Who collects tax: MARKETPLACE_FACILITATOR means that Amazon remits it, not the seller."""
    found = [
        collection.model
        for item in order.order_items
        for collection in (item.tax.tax_collections if item.tax else None) or ()
    ]
    return list(dict.fromkeys(model for model in found if model))


def _tax_collected(case: Import) -> Decimal:
    """The tax that Amazon collects itself."""
    collected = {
        item.order_item_id
        for item in case.order.order_items
        if any(c.model for c in (item.tax.tax_collections if item.tax else None) or ())
    }
    parts = [
        item.line + item.shipping for item in case.amounts.items if item.order_item_id in collected
    ]
    return sum((part.gross - part.net for part in parts), ZERO)
