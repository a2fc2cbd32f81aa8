"""Orders that must be held: each is good but for the one thing it was invented for.

A few have several things against them, for all of which must be named.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from saleor_amazon_app.core.reasons import HoldCode
from saleor_amazon_app.simulators.amazon import ScriptedOrder
from saleor_amazon_app.simulators.world import places, shop
from saleor_amazon_app.simulators.world.cases import Case
from saleor_amazon_app.simulators.world.expectations import Hold
from saleor_amazon_app.simulators.world.prices import TaxStyle, digits, money, totals
from saleor_amazon_app.simulators.world.sales import Sale, Turn, Wish, make_sale, write

_ENOUGH = Wish(quantity=5)


def unknown_goods(turn: Turn) -> Case:
    """No variant has the SKU, or Amazon names none; sometimes beside goods that are sold."""
    rng = turn.rng
    stranger = rng.choice((*shop.MISSING, None))
    skus = (rng.choice(shop.SOLD), stranger) if rng.random() < 0.5 else (stranger,)
    return held(make_sale(turn, skus=skus), HoldCode.UNKNOWN_SKU)


def unavailable_goods(turn: Turn) -> Case:
    """Unpublished, not for sale (yet), not listed in the channel, or without a price."""
    sku = turn.rng.choice(shop.UNAVAILABLE)
    return held(make_sale(turn, skus=(sku,)), HoldCode.NOT_AVAILABLE)


def out_of_stock(turn: Turn) -> Case:
    """Nothing there, nothing where the channel sells from, on preorder, or fewer than ordered."""
    sku = turn.rng.choice((*shop.OUT_OF_STOCK, shop.SCARCE))
    return held(make_sale(turn, skus=(sku,), wish=_ENOUGH), HoldCode.OUT_OF_STOCK)


def counted_once(turn: Turn) -> Case:
    """Enough in two warehouses together, but the host counts equal stocks once and refuses."""
    return held(make_sale(turn, skus=(shop.TWINS,), wish=_ENOUGH), HoldCode.OUT_OF_STOCK)


def no_channel(turn: Turn) -> Case:
    """Sold in a marketplace for which the merchant has chosen no channel."""
    return held(make_sale(turn), HoldCode.CHANNEL_NOT_SET)


def other_currency(turn: Turn) -> Case:
    """Sold in a marketplace whose channel has another currency."""
    return held(make_sale(turn), HoldCode.CURRENCY_MISMATCH)


def bad_address(turn: Turn) -> Case:
    """An address that the host refuses even without validating it."""
    good = make_sale(turn, town=places.town_in(turn.rng, turn.marketplace.country))
    spoil = turn.rng.choice(_SPOILS)
    return held(replace(good, address=spoil(good.address or {})), HoldCode.ADDRESS_REFUSED)


def off_by_one(turn: Turn) -> Case:
    """The order's total, or an item's, is one cent (one yen) more than its parts."""
    wish = Wish(style=TaxStyle.ADDED if turn.marketplace.tax_added else TaxStyle.CONTAINED)
    sale = make_sale(turn, wish=wish)
    order = write(sale)
    gross, _ = totals(item.price for item in sale.items)
    if turn.rng.random() < 0.5:
        order["proceeds"]["grandTotal"] = money(gross + 1, sale.currency)
    else:
        of_item = sale.items[0].price.gross + 1
        order["orderItems"][0]["proceeds"]["proceedsTotal"] = money(of_item, sale.currency)
    return Case(ScriptedOrder(order), hold(HoldCode.AMOUNTS_DO_NOT_ADD_UP))


def too_fine(turn: Turn) -> Case:
    """Amounts that add up, in fractions of the smallest unit there is."""
    sale = make_sale(turn, wish=Wish(style=TaxStyle.SILENT, extras=False, discounts=False))
    order = write(sale)
    whole = money(sale.items[0].price.gross, sale.currency)
    odd = whole | {"amount": f"{whole['amount']}{'' if digits(sale.currency) else '.'}5"}
    order["proceeds"]["grandTotal"] = odd
    proceeds = order["orderItems"][0]["proceeds"]
    proceeds["proceedsTotal"] = odd
    proceeds["breakdowns"][0]["subtotal"] = odd
    return Case(ScriptedOrder(order), hold(HoldCode.AMOUNTS_DO_NOT_ADD_UP))


def outside_every_zone(turn: Turn) -> Case:
    """Goes to a country that no zone of the shop contains."""
    town = places.town_in(turn.rng, turn.rng.choice(("NZ", "NO")))
    wish = Wish(style=TaxStyle.ADDED if turn.marketplace.tax_added else TaxStyle.CONTAINED)
    return held(make_sale(turn, town=town, wish=wish), HoldCode.SHIPPING_METHOD_MISSING)


def beyond_the_limit(turn: Turn) -> Case:
    """Its service level asks for a shipping method that ends at a lower price, or that is none."""
    limit = shop.SMALL_PARCEL_LIMIT[turn.market.currency] * 10 ** digits(turn.market.currency)
    base = turn.rng.randint(limit * 2, limit * 9)
    sale = make_sale(turn, wish=Wish(base=base, quantity=1, discounts=False))
    level = turn.rng.choice(("SCHEDULED", "PRIORITY"))
    return held(replace(sale, level=level), HoldCode.SHIPPING_METHOD_MISSING)


def beyond_the_courier(turn: Turn) -> Case:
    """Its postal code is excluded from the method that its service level asks for."""
    sale = make_sale(turn, town=places.ALASKA)
    return held(replace(sale, level="SAME_DAY"), HoldCode.SHIPPING_METHOD_MISSING)


def reference_taken(turn: Turn) -> Case:
    """An order of somebody else already has the Amazon number as its reference."""
    return held(make_sale(turn), HoldCode.REFERENCE_TAKEN)


def no_recipient(turn: Turn) -> Case:
    """Verified, but without an address."""
    return held(replace(make_sale(turn), address=None), HoldCode.INCOMPLETE_FROM_AMAZON)


def no_amounts(turn: Turn) -> Case:
    """Verified, but without the order's amounts, or without those of an item."""
    order = write(make_sale(turn))
    if turn.rng.random() < 0.5:
        del order["proceeds"]
    del order["orderItems"][0]["proceeds"]
    return Case(ScriptedOrder(order), hold(HoldCode.INCOMPLETE_FROM_AMAZON))


def unknown_remainder(turn: Turn) -> Case:
    """Partly shipped, but Amazon does not say how many units."""
    order = write(replace(make_sale(turn, wish=_ENOUGH), status="PARTIALLY_SHIPPED"))
    for item in order["orderItems"]:
        del item["fulfillment"]
    return Case(ScriptedOrder(order), hold(HoldCode.INCOMPLETE_FROM_AMAZON))


def groceries(turn: Turn) -> Case:
    """Sold by weight, or open to being replaced by other goods."""
    order = write(make_sale(turn))
    item = order["orderItems"][0]
    if turn.rng.random() < 0.5:
        item["measurement"] = {"unit": "KILOGRAMS", "value": 1}
    else:
        preference = {"substitutionType": "AMAZON_RECOMMENDED"}
        item["fulfillment"]["picking"] = {"substitutionPreference": preference}
    return Case(ScriptedOrder(order), hold(HoldCode.UNSUPPORTED))


def status_of_tomorrow(turn: Turn) -> Case:
    """In a status that Amazon has not invented yet."""
    order = write(replace(make_sale(turn), status="AWAITING_DRONE"))
    return Case(ScriptedOrder(order), hold(HoldCode.UNSUPPORTED))


def charge_of_tomorrow(turn: Turn) -> Case:
    """With a kind of charge that Amazon has not invented yet, counted in every total."""
    sale = make_sale(turn, wish=Wish(extras=False, discounts=False))
    order = write(sale)
    fee = 321
    item = order["orderItems"][0]["proceeds"]
    item["breakdowns"].append({"type": "DRONE_FEE", "subtotal": money(fee, sale.currency)})
    total = money(sale.items[0].price.gross + fee, sale.currency)
    item["proceedsTotal"] = order["proceeds"]["grandTotal"] = total
    return Case(ScriptedOrder(order), hold(HoldCode.UNSUPPORTED))


def several_obstacles(turn: Turn) -> Case:
    """More than one thing against it; the merchant must hear of all at once."""
    skus, codes = turn.rng.choice(_SEVERAL)
    sale = make_sale(turn, skus=skus, wish=_ENOUGH)
    order = write(sale)
    if HoldCode.AMOUNTS_DO_NOT_ADD_UP in codes:
        gross, _ = totals(item.price for item in sale.items)
        order["proceeds"]["grandTotal"] = money(gross + 1, sale.currency)
    return Case(ScriptedOrder(order), hold(*codes))


_SEVERAL: tuple[tuple[tuple[str, ...], tuple[HoldCode, ...]], ...] = (
    (
        (shop.MISSING[0], shop.UNPUBLISHED[0]),
        (HoldCode.UNKNOWN_SKU, HoldCode.NOT_AVAILABLE),
    ),
    (
        (shop.UNPUBLISHED[0], shop.EMPTY[0], shop.MISSING[0]),
        (HoldCode.UNKNOWN_SKU, HoldCode.NOT_AVAILABLE, HoldCode.OUT_OF_STOCK),
    ),
    (
        (shop.EMPTY[0], shop.SOLD[0]),
        (HoldCode.AMOUNTS_DO_NOT_ADD_UP, HoldCode.OUT_OF_STOCK),
    ),
)


def hold(*codes: HoldCode) -> Hold:
    """Held for exactly these reasons."""
    return Hold(frozenset(codes))


def held(sale: Sale, *codes: HoldCode) -> Case:
    """The case of a sale that must be held."""
    return Case(ScriptedOrder(write(sale)), hold(*codes))


def _without(*fields: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda address: {key: value for key, value in address.items() if key not in fields}


def _with(**fields: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda address: address | fields


_SPOILS = (
    _without("addressLine1", "addressLine2", "addressLine3"),
    _without("city"),
    _without("postalCode"),
    _without("countryCode"),
    _with(countryCode="XX"),
    _with(postalCode="9" * 21),
    _with(city="Llanfair" * 33),
    _with(addressLine1="Endless Lane " * 45),
)
