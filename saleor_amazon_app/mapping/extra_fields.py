"""The fields of an order that only some orders have, as staff read them on its own page; pure."""

from collections.abc import Iterator

from saleor_amazon_app.amazon.item_records import OrderItem
from saleor_amazon_app.amazon.order_records import Order


def extra_fields_of(order: Order) -> list[tuple[str, str]]:
    """Names and values, each pair once, in the order in which a page shows them."""
    return list(dict.fromkeys((*_of_order(order), *_of_items(order))))


def _of_order(order: Order) -> Iterator[tuple[str, str]]:
    channel = order.sales_channel
    if channel.channel_name != "AMAZON":
        yield "SALES_CHANNEL", channel.channel_name
    for other in order.associated_orders or ():
        if other.order_id:
            yield other.association_type or "ASSOCIATED_ORDER", other.order_id
    for registration in (order.tax.tax_registrations if order.tax else None) or ():
        words = (
            registration.entity_type,
            registration.tax_registration_type,
            registration.tax_registration_number,
            registration.legal_name,
        )
        yield "TAX_REGISTRATION", " ".join(filter(None, words))
    preference = order.recipient.delivery_preference if order.recipient else None
    if preference and preference.drop_off_location:
        yield "DROP_OFF_LOCATION", preference.drop_off_location
    if preference and preference.address_instruction:
        yield "DELIVERY_INSTRUCTIONS", preference.address_instruction
    address = order.recipient.delivery_address if order.recipient else None
    if address and address.address_type:
        yield "ADDRESS_TYPE", address.address_type


def _of_items(order: Order) -> Iterator[tuple[str, str]]:
    for item in order.order_items:
        yield from _of_item(item)


def _of_item(item: OrderItem) -> Iterator[tuple[str, str]]:
    shipping = item.fulfillment.shipping if item.fulfillment else None
    abroad = shipping.international_shipping if shipping else None
    if abroad and abroad.ioss_number:
        yield "IOSS_NUMBER", abroad.ioss_number
    for breakdown in (item.tax.tax_calculation_breakdowns if item.tax else None) or ():
        if breakdown.reporting_scheme:
            yield "TAX_SCHEME", breakdown.reporting_scheme
    for collection in (item.tax.tax_collections if item.tax else None) or ():
        if collection.model:
            party = collection.responsible_party
            yield "TAX_COLLECTED_BY", f"{party} ({collection.model})" if party else collection.model
    custom = item.product.customization
    if custom and custom.customized_url:
        yield "CUSTOMIZATION", custom.customized_url
