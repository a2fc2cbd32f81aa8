"""Whether a shipping method may carry an order, in the order and the words of the host.

Source: Saleor 3.23.28 over HTTP, 2026-11-20.
"""

from saleor_amazon_app.simulators.saleor.schema.catalogue import (
    ShippingMethod,
    ShippingMethodPostalCodeRule,
    ShippingMethodType,
)
from saleor_amazon_app.simulators.saleor.schema.orders import Order
from saleor_amazon_app.simulators.saleor.schema.reasons import Reason
from saleor_amazon_app.simulators.saleor.schema.words import (
    PostalCodeRuleInclusionTypeEnum,
    ShippingMethodTypeEnum,
)


def shipping_problem(order: Order) -> Reason | None:
    """Why the order cannot ship by its method; None when it can."""
    method = order.method
    if method is None:
        return Reason("shipping", "SHIPPING_METHOD_REQUIRED", "Shipping method is required.")
    address = order.shipping_address
    if address and address.country.code not in method.zone.codes:
        return _not_applicable("Shipping method is not valid for chosen shipping address")
    offered = method.offered.get(order.channel.slug)
    in_zone = any(channel.id == order.channel.id for channel in method.zone.channels)
    if offered is None or not in_zone:
        return _not_applicable("Shipping method not available in given channel.")
    if address is None or not _carries(method, offered, order, address.postal_code):
        return _not_applicable("Shipping method cannot be used with this order.")
    return None


def _not_applicable(message: str) -> Reason:
    return Reason("shipping", "SHIPPING_METHOD_NOT_APPLICABLE", message)


def _carries(
    method: ShippingMethodType, offered: ShippingMethod, order: Order, postal_code: str
) -> bool:
    products = {line.variant.product.id for line in order.lines if line.variant}
    if products.intersection(product.id for product in method.excluded):
        return False
    if order.currency != order.channel.currency_code:
        return False
    limits = (
        _weight_fits(method, order)
        if method.type is ShippingMethodTypeEnum.WEIGHT
        else _price_fits(offered, order)
    )
    return limits and _serves(method.postal_code_rules or [], postal_code)


def _price_fits(offered: ShippingMethod, order: Order) -> bool:
    price = order.subtotal.gross.value
    least, most = offered.minimum_order_price, offered.maximum_order_price
    return (least is None or least.value <= price) and (most is None or price <= most.value)


def _weight_fits(method: ShippingMethodType, order: Order) -> bool:
    weight = order.weight.kilograms
    least, most = method.minimum_order_weight, method.maximum_order_weight
    return (least is None or least.kilograms <= weight) and (
        most is None or weight <= most.kilograms
    )


def _serves(rules: list[ShippingMethodPostalCodeRule], postal_code: str) -> bool:
    """Served unless excluded, and only where included when anything is; compared as plain text."""
    code = postal_code.upper()
    include = PostalCodeRuleInclusionTypeEnum.INCLUDE
    inside = [
        (rule.inclusion_type is include)
        for rule in rules
        if (rule.start or "").upper() <= code and (rule.end is None or code <= rule.end.upper())
    ]
    if False in inside:
        return False
    return True in inside or not any(rule.inclusion_type is include for rule in rules)
