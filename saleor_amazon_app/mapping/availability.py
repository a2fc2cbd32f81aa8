"""Whether the host can take an order: its variants, their listings and stock, a shipping method.

Everything here is asked before a draft is made, because each draft takes an order number and
tells the merchant's other systems of an order.

Source: the checks of `draftOrderComplete`, saleor branch 3.23, read and tried 2026-11-20.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from saleor_amazon_app.core.choices import Choices, UnknownSku
from saleor_amazon_app.core.ids import WarehouseId
from saleor_amazon_app.core.reasons import HoldCode, Reason
from saleor_amazon_app.mapping.units import ItemUnits
from saleor_amazon_app.saleor.catalogue_records import (
    Channel,
    HostCatalogue,
    ShippingMethod,
    Variant,
)


@dataclass(frozen=True, slots=True)
class Matched:
    """An item's units with the variant that is sold for it."""

    units: ItemUnits
    variant: Variant


def match(
    units: Iterable[ItemUnits], choices: Choices, host: HostCatalogue
) -> tuple[list[Matched], list[Reason]]:
    """Finds the variant of each item by its exact seller SKU; returns what has none as reasons."""
    matched, missing = [], []
    for each in units:
        sku = each.item.product.seller_sku
        variant = host.variants.get(sku) if sku else None
        if variant is None and choices.unknown_sku is UnknownSku.PLACEHOLDER:
            variant = host.variants.get(choices.placeholder_sku or "")
        if variant is None:
            missing.append(_unknown(each, choices))
        else:
            matched.append(Matched(each, variant))
    return matched, missing


def _unknown(units: ItemUnits, choices: Choices) -> Reason:
    product = units.item.product
    name = f"{product.title or product.asin or units.item.order_item_id}"
    if not product.seller_sku:
        what = f"Amazon names no seller SKU for {name!r}."
    else:
        what = f"No variant in Saleor has the SKU {product.seller_sku!r} ({name})."
    if choices.unknown_sku is UnknownSku.PLACEHOLDER:
        todo = f"The placeholder product {choices.placeholder_sku!r} does not exist either."
    else:
        todo = "Give a variant this SKU or match the item to a product."
    return Reason(HoldCode.UNKNOWN_SKU, f"{what} {todo}", product.seller_sku)


def unavailable(matched: Sequence[Matched], channel: Channel, now: datetime) -> list[Reason]:
    """The variants that the channel does not sell at this moment, each with what is missing."""
    reasons = []
    for variant in {each.variant.id: each.variant for each in matched}.values():
        missing = _not_sold(variant, channel, now)
        if missing:
            reasons.append(
                Reason(
                    HoldCode.NOT_AVAILABLE,
                    f"{_called(variant)} {missing} in the channel {channel.slug!r}.",
                    variant.sku,
                )
            )
    return reasons


def _not_sold(variant: Variant, channel: Channel, now: datetime) -> str | None:
    listing = variant.listings.get(channel.slug)
    if listing is None:
        return "is not listed: add the product to its channels, with a price,"
    if not listing.has_price:
        return "has no price: set the variant's price"
    if not listing.is_published:
        return "is not published: publish the product"
    if listing.published_from and listing.published_from > now:
        return f"is only published from {listing.published_from:%Y-%m-%d %H:%M} UTC: publish it"
    if listing.available_from is None:
        return "is not available for purchase: make it available"
    if listing.available_from > now:
        return (
            f"is only available from {listing.available_from:%Y-%m-%d %H:%M} UTC: make it available"
        )
    return None


def short_of_stock(
    needed: Sequence[tuple[Variant, int]], channel: Channel, country: str
) -> list[Reason]:
    """The variants of which the warehouses that serve the country have too little free.

    Args:
        needed: units by variant; a variant may stand in it several times.
        channel: where the order goes.
        country: the country of delivery.
    """
    lines: dict[str, list[int]] = {}
    for variant, units in needed:
        lines.setdefault(variant.id, []).append(units)
    reasons = []
    for variant in {variant.id: variant for variant, _ in needed}.values():
        shortage = _shortage(variant, lines[variant.id], channel, country)
        if shortage and any(lines[variant.id]):
            text = f"{_called(variant)} {shortage}."
            reasons.append(Reason(HoldCode.OUT_OF_STOCK, text, variant.sku))
    return reasons


def _shortage(variant: Variant, lines: Sequence[int], channel: Channel, country: str) -> str | None:
    """Why the units of a variant's lines cannot be kept for them; None when they can.

    The host takes the units from what is free, but before that it judges each line by a sum in
    which warehouses with equal quantities count once. Source: `_get_available_quantity` in
    saleor/warehouse/availability.py, branch 3.23, tried 2026-11-20.
    """
    serving = {w.id for w in channel.warehouses if country in w.countries}
    rows = [warehouse for warehouse in variant.free if warehouse in serving]
    free = sum(variant.free[row] for row in rows)
    quantities = [variant.on_hand[row] for row in rows]
    counted = sum(set(quantities)) - (sum(quantities) - free)
    if variant.is_preorder:
        return "is on preorder, and the host cannot fulfil a preorder: end the preorder"
    if not rows:
        return (
            f"has no stock in a warehouse of the channel {channel.slug!r} that ships to {country}: "
            "add stock there"
        )
    if not variant.tracks_stock:
        return None
    if free < sum(lines):
        return (
            f"is short: {sum(lines)} needed, {max(free, 0)} free in the warehouses of the channel "
            f"{channel.slug!r} that ship to {country}: raise the stock"
        )
    if counted < max(lines):
        return (
            f"is short: {max(lines)} needed, {free} free, but Saleor counts only "
            f"{max(counted, 0)} of them, because warehouses of the channel {channel.slug!r} have "
            "equal quantities: make the quantities differ"
        )
    return None


def _called(variant: Variant) -> str:
    name = " ".join(filter(None, (variant.product_name, variant.name)))
    return f"{name} (SKU {variant.sku})"


def warehouse_to_ship_from(
    needed: Sequence[tuple[Variant, int]], channel: Channel
) -> WarehouseId | None:
    """The first warehouse of the channel that has all the units by itself.

    The host takes shipped units from stock even of a variant that it does not track otherwise.
    """
    totals: dict[str, tuple[Variant, int]] = {}
    for variant, units in needed:
        totals[variant.id] = (variant, totals.get(variant.id, (variant, 0))[1] + units)
    for warehouse in channel.warehouses:
        if all(variant.free.get(warehouse.id, 0) >= units for variant, units in totals.values()):
            return warehouse.id
    return None


def choose_shipping_method(
    channel: Channel,
    *,
    chosen: str | None,
    country: str,
    price: Decimal | None,
    products: frozenset[str],
) -> ShippingMethod | Reason:
    """The shipping method of an order: the merchant's choice, else the first that is possible.

    Args:
        channel: where the order goes.
        chosen: id or name the merchant set for the order's service level.
        country: the country of delivery.
        price: gross price of the lines, by which the host limits methods; None while unknown.
        products: ids of the order's products.
    """
    candidates = [m for m in channel.shipping_methods if chosen in (None, m.id, m.name)]
    serving = [m for m in candidates if country in m.countries]
    if not serving:
        return _no_method(channel, chosen, country, is_offered=bool(candidates))
    # A postal code may exclude a method with such rules; without a choice a sure one is taken.
    sure_first = sorted(serving, key=lambda method: bool(method.postal_code_rules))
    for method in sure_first:
        if _limit(method, price, products) is None:
            return method
    limits = "; ".join(
        f"{method.name!r} {_limit(method, price, products)}" for method in sure_first[:3]
    )
    return Reason(
        HoldCode.SHIPPING_METHOD_MISSING,
        f"No shipping method for {country} can take this order: {limits}. Lift the limit, or "
        "give Amazon a shipping method of its own without limits.",
        channel.slug,
    )


def _no_method(channel: Channel, chosen: str | None, country: str, *, is_offered: bool) -> Reason:
    if chosen is not None and not is_offered:
        return Reason(
            HoldCode.SHIPPING_METHOD_MISSING,
            f"The shipping method {chosen!r} of the order settings is not offered in the "
            f"channel {channel.slug!r}. Choose another or add it to the channel.",
            channel.slug,
        )
    which = f"The shipping method {chosen!r}" if chosen else "No shipping method"
    serves = "does not serve" if chosen else "serves"
    return Reason(
        HoldCode.SHIPPING_METHOD_MISSING,
        f"{which} of the channel {channel.slug!r} {serves} {country}. Add {country} to a "
        "shipping zone of the channel that has a shipping method.",
        country,
    )


def _limit(method: ShippingMethod, price: Decimal | None, products: frozenset[str]) -> str | None:
    if price is not None and method.minimum_order is not None and price < method.minimum_order:
        return f"starts at an order price of {method.minimum_order:f}"
    if price is not None and method.maximum_order is not None and price > method.maximum_order:
        return f"ends at an order price of {method.maximum_order:f}"
    if method.needs_weight:
        return "needs a least weight, and Amazon orders carry none"
    if method.excluded_products & products:
        return "excludes a product of the order"
    return None
