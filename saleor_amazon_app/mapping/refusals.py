"""What the host's refusals mean to the merchant, and when it is worth trying again.

The host is asked for everything before a draft is made, so a refusal is the exception: an app
that limits shipping, a postal code, a product that was sold out in the same second.
"""

import hashlib
import json
import re
from collections.abc import Sequence

from saleor_amazon_app.core.reasons import HoldCode, Reason
from saleor_amazon_app.mapping.decisions import PlaceOrder
from saleor_amazon_app.saleor.catalogue_records import HostCatalogue, ShippingMethod
from saleor_amazon_app.saleor.refusals import FieldError

_BY_CODE = {
    "INSUFFICIENT_STOCK": HoldCode.OUT_OF_STOCK,
    "NON_EXISTING_STOCK": HoldCode.OUT_OF_STOCK,
    "PRODUCT_NOT_PUBLISHED": HoldCode.NOT_AVAILABLE,
    "PRODUCT_UNAVAILABLE_FOR_PURCHASE": HoldCode.NOT_AVAILABLE,
    "NOT_AVAILABLE_IN_CHANNEL": HoldCode.NOT_AVAILABLE,
    "SHIPPING_METHOD_NOT_APPLICABLE": HoldCode.SHIPPING_METHOD_MISSING,
    "SHIPPING_METHOD_REQUIRED": HoldCode.SHIPPING_METHOD_MISSING,
    "ORDER_NO_SHIPPING_ADDRESS": HoldCode.ADDRESS_REFUSED,
    "BILLING_ADDRESS_NOT_SET": HoldCode.ADDRESS_REFUSED,
    "INCORRECT_CURRENCY": HoldCode.CURRENCY_MISMATCH,
    "PRICE_ERROR": HoldCode.AMOUNTS_DO_NOT_ADD_UP,
    "UNIQUE": HoldCode.REFERENCE_TAKEN,
}
_BY_FIELD = [
    (re.compile(r"(billing|shipping)_address"), HoldCode.ADDRESS_REFUSED),
    (re.compile(r"delivery_method"), HoldCode.SHIPPING_METHOD_MISSING),
    (re.compile(r"channel|lines\.\d+\.warehouse"), HoldCode.CHANNEL_NOT_SET),
    (re.compile(r"lines(\.\d+\.variant)?"), HoldCode.UNKNOWN_SKU),
]
_WORDS = {
    HoldCode.OUT_OF_STOCK: "it has too little of the order's products in stock. Raise the stock.",
    HoldCode.NOT_AVAILABLE: (
        "a product cannot be bought in the channel. Publish it and make it available."
    ),
    HoldCode.SHIPPING_METHOD_MISSING: (
        "its shipping method cannot be used for this order: look at its limits, its postal codes "
        "and at apps that filter shipping methods."
    ),
    HoldCode.ADDRESS_REFUSED: "it does not take the address. Correct it in the order's details.",
    HoldCode.CURRENCY_MISMATCH: "the order's currency is not the channel's.",
    HoldCode.AMOUNTS_DO_NOT_ADD_UP: "it does not take the order's prices.",
    HoldCode.REFERENCE_TAKEN: "another order already has this Amazon order number.",
    HoldCode.CHANNEL_NOT_SET: "the channel or its warehouse does not exist any more.",
    HoldCode.UNKNOWN_SKU: "a product of the order does not exist any more.",
}


def reference_taken(number: str) -> Reason:
    """Another order, not of our making, has the Amazon number as its external reference."""
    return Reason(
        HoldCode.REFERENCE_TAKEN,
        f"The Saleor order {number} already has this Amazon order number as its external "
        "reference and was not made by this app. Remove the reference there, then retry.",
        number,
    )


def reasons_of(errors: Sequence[FieldError]) -> tuple[Reason, ...]:
    """The host's reasons as ours, each code once.

    The host's own sentences are left out: some of them quote what was sent.
    """
    found: dict[HoldCode, FieldError] = {}
    for error in errors:
        found.setdefault(_code(error), error)
    # To the host a country outside every zone has no stock either; the country is the cause.
    if HoldCode.SHIPPING_METHOD_MISSING in found:
        found.pop(HoldCode.OUT_OF_STOCK, None)
    return tuple(_reason(code, error) for code, error in found.items())


def _code(error: FieldError) -> HoldCode:
    if error.code in _BY_CODE:
        return _BY_CODE[error.code]
    for pattern, code in _BY_FIELD:
        if pattern.match(error.field):
            return code
    return HoldCode.UNSUPPORTED


def _reason(code: HoldCode, error: FieldError) -> Reason:
    said = f"{error.code} {error.field}".strip() or "without a reason"
    words = _WORDS.get(code, "this version of the app does not know why. Enter it by hand.")
    return Reason(code, f"Saleor refused the order ({said}): {words}")


def circumstances(decision: PlaceOrder, reasons: Sequence[Reason], host: HostCatalogue) -> str:
    """A digest of what the reasons name: while it stays the same, no new draft is worth making.

    Every draft takes an order number and is told to the merchant's other systems.
    """
    codes = sorted({reason.code for reason in reasons})
    wanted = decision.order_input
    variants = [
        variant
        for variant in host.variants.values()
        if variant.id in {line.variant_id for line in wanted.lines}
    ]
    facts: list[object] = [wanted.model_dump(mode="json"), codes]
    for variant in sorted(variants, key=lambda each: each.id):
        if HoldCode.OUT_OF_STOCK in codes:
            stocks = sorted(variant.on_hand.items()), sorted(variant.free.items())
            facts.append([variant.id, stocks])
        if HoldCode.NOT_AVAILABLE in codes:
            facts.append([variant.id, str(variant.listings.get(wanted.channel))])
    if HoldCode.SHIPPING_METHOD_MISSING in codes:
        channel = host.channels.get(wanted.channel)
        methods = channel.shipping_methods if channel else ()
        facts += [_terms(method) for method in methods]
    text = json.dumps(facts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _terms(method: ShippingMethod) -> list[object]:
    """All by which a method takes an order or not; sets in an order that stays the same."""
    return [
        method.id,
        method.minimum_order,
        method.maximum_order,
        method.needs_weight,
        sorted(method.countries),
        sorted(method.excluded_products),
        sorted(method.postal_code_rules),
    ]
