"""A sale being invented: items, buyer, address and times, written down as Orders 2026-01-01.

A scenario starts from a good sale, changes what it is about, and writes it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from saleor_amazon_app.core.marketplaces import Marketplace
from saleor_amazon_app.simulators.world import places, shop
from saleor_amazon_app.simulators.world.expectations import Place
from saleor_amazon_app.simulators.world.places import Town
from saleor_amazon_app.simulators.world.prices import (
    Charge,
    DiscountTax,
    ItemPrice,
    TaxStyle,
    contained_in,
    decimal,
    digits,
    money,
    percent_of,
    totals,
)
from saleor_amazon_app.simulators.world.sellers import TAX_RATES, SellerAccount

_TITLES = ("Lantern", "Teapot", "Umbrella Stand", "Sock Drawer Divider", "Weathervane", "急須")
_KINDS_OF = ("Foldable", "Hand-Painted", "Self-Stirring", "Moss-Green", "Extra Long")
_LEVELS = ("STANDARD", "STANDARD", "STANDARD", "EXPEDITED", "FREE_ECONOMY", "SECOND_DAY")
_TAX_PERCENT = {"US": (0, 6, 8, 10), "CA": (5, 13), "JP": (8, 10)}
_PROGRAMS = ((), (), (), ("PRIME",), ("AMAZON_BUSINESS",), ("PREMIUM",))


@dataclass(frozen=True, slots=True)
class Turn:
    """One order's turn to be invented.

    Attributes:
        rng: the order's own; the same for the same world and number.
    """

    number: int
    order_id: str
    rng: Random
    seller: SellerAccount
    marketplace: Marketplace
    now: datetime
    speed: int

    @property
    def market(self) -> shop.Market:
        """Where the order goes in the shop."""
        return self.seller.market_of(self.marketplace.country)


@dataclass(frozen=True, slots=True)
class Item:
    """One item of an order; units that are neither shipped nor open were cancelled."""

    item_id: str
    sku: str | None
    quantity: int
    price: ItemPrice
    shipped: int = 0
    cancelled: int = 0

    @property
    def units(self) -> int:
        """Units that the host's line has."""
        return self.quantity - self.cancelled


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """An order as it shall be, before it is written down.

    Attributes:
        address: `deliveryAddress`; None leaves the whole recipient out.
        packages: `packages` as they shall stand in the order.
        tip: for the courier, in smallest units.
    """

    turn: Turn
    items: tuple[Item, ...]
    address: dict[str, Any] | None
    created: datetime
    updated: datetime
    status: str = "UNSHIPPED"
    fulfilled_by: str = "MERCHANT"
    level: str = "STANDARD"
    programs: tuple[str, ...] = ()
    packages: tuple[dict[str, Any], ...] = ()
    tip: int = 0

    @property
    def currency(self) -> str:
        """Of the marketplace."""
        return self.turn.marketplace.currency


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a scenario wants of its items' prices; everything else is drawn.

    Attributes:
        style: how tax is reported; None draws one that the marketplace uses.
        base: the price of each item for its whole quantity, in smallest units; None draws one.
        quantity: units of each item.
        extras: whether delivery, wrapping and fees may be charged.
        discounts: whether anything may be discounted.
        kinds: what is charged besides the item, whatever comes up.
    """

    style: TaxStyle | None = None
    base: int | None = None
    quantity: int | None = None
    extras: bool = True
    discounts: bool = True
    kinds: tuple[str, ...] = ()


def make_sale(
    turn: Turn,
    *,
    skus: tuple[str | None, ...] = (),
    town: Town | None = None,
    wish: Wish | None = None,
) -> Sale:
    """A good sale: verified, unshipped, bought since the store was connected.

    Args:
        turn: whose turn it is.
        skus: one per item; left out, one item that the shop sells.
        town: where it goes; left out, somewhere the channel ships to.
        wish: what the prices shall be like.
    """
    rng, wish = turn.rng, wish or Wish()
    style = wish.style or _draw_style(turn)
    if town is None:
        # A tax that Amazon is silent about is the marketplace's own country's.
        home = style is TaxStyle.SILENT or rng.random() < 0.7
        at_home = turn.marketplace.country
        town = places.town_in(rng, at_home if home else rng.choice(turn.market.countries))
    chosen = skus or (rng.choice(shop.SOLD),)
    items = tuple(
        make_item(turn, position, sku, style=style, wish=wish)
        for position, sku in enumerate(chosen)
    )
    created = turn.now - timedelta(seconds=rng.randint(180, 3300))
    return Sale(
        turn=turn,
        items=items,
        address=places.address_at(rng, town),
        created=created,
        updated=created + timedelta(milliseconds=rng.randint(0, 90_000)),
        level=rng.choice(_LEVELS),
        programs=rng.choice(_PROGRAMS),
    )


def make_item(turn: Turn, position: int, sku: str | None, *, style: TaxStyle, wish: Wish) -> Item:
    """One item with its price."""
    rng = turn.rng
    quantity = wish.quantity or rng.choice((1, 1, 1, 2, 3, 4, 7))
    each = rng.randint(300, 12_000) if digits(turn.marketplace.currency) else rng.randint(90, 9_000)
    base = each * quantity if wish.base is None else wish.base
    price = _price(turn, base, style=style, wish=wish)
    item_id = f"{(turn.number * 50 + position) * 7_368_787 % 10**14:014d}"
    return Item(item_id=item_id, sku=sku, quantity=quantity, price=price)


def write(sale: Sale) -> dict[str, Any]:
    """The sale as `Order` of Orders 2026-01-01, with everything that is true of it."""
    turn = sale.turn
    order: dict[str, Any] = {
        "orderId": turn.order_id,
        "createdTime": _text(sale.created),
        "lastUpdatedTime": _text(sale.updated),
        "programs": list(sale.programs),
        "salesChannel": {
            "channelName": "AMAZON",
            "marketplaceId": turn.marketplace.id,
            "marketplaceName": f"Amazon.{turn.marketplace.country.lower()}",
        },
        "buyer": _buyer(turn),
        "proceeds": _proceeds(sale),
        "fulfillment": {
            "fulfillmentStatus": sale.status,
            "fulfilledBy": sale.fulfilled_by,
            "fulfillmentServiceLevel": sale.level,
            "shipByWindow": _window(sale.created, 0, 2),
            "deliverByWindow": _window(sale.created, 3, 6),
        },
        "orderItems": [_written_item(sale, item) for item in sale.items],
    }
    if sale.address is not None:
        order["recipient"] = {"deliveryAddress": sale.address}
    if sale.packages:
        order["packages"] = list(sale.packages)
    return order


def placed(sale: Sale) -> Place:
    """What the host must show for the sale."""
    gross, net = totals((item.price for item in sale.items), tip=sale.tip)
    units: dict[str, int] = {}
    for item in sale.items:
        if item.units:
            sku = shop.variant_for(item.sku)
            units[sku] = units.get(sku, 0) + item.units
    shipped = sum(item.shipped for item in sale.items)
    # Nobody counts how many placeholders there are.
    counted = sum(item.units for item in sale.items if item.sku in shop.COUNTED)
    return Place(
        gross=decimal(gross, sale.currency),
        net=decimal(net, sale.currency),
        currency=sale.currency,
        units=units,
        shipped=shipped,
        allocated=max(counted - shipped, 0),
    )


def _draw_style(turn: Turn) -> TaxStyle:
    if turn.marketplace.tax_added:
        return TaxStyle.ADDED
    styles = (TaxStyle.CONTAINED, TaxStyle.CONTAINED, TaxStyle.SILENT, TaxStyle.ADDED)
    return turn.rng.choice(styles)


def _price(turn: Turn, base: int, *, style: TaxStyle, wish: Wish) -> ItemPrice:
    rng, marketplace = turn.rng, turn.marketplace
    rate = rng.choice(_TAX_PERCENT.get(marketplace.country, (5, 20, 21)))
    kinds = ["ITEM", *wish.kinds]
    if wish.extras:
        kinds += [kind for kind in ("SHIPPING", "GIFT_WRAP") if rng.random() < 0.3]
    charges = []
    for kind in dict.fromkeys(kinds):
        full = base if kind == "ITEM" else rng.randint(99, 1_499)
        off = rng.randint(1, full // 3) if _is_discounted(rng, wish, full) else 0
        charges.append(_charge(kind, full, off, style=style, rate=rate))
    detailed = rng.random() < 0.7
    discounted = charges[0].discount > 0 and style is TaxStyle.ADDED
    told = rng.choice(tuple(DiscountTax)) if discounted and detailed else DiscountTax.NOT_TOLD
    return ItemPrice(
        currency=marketplace.currency,
        charges=tuple(charges),
        style=style,
        rate=TAX_RATES.get(marketplace.country),
        detailed=detailed,
        negative=rng.random() < 0.3,
        apart=rng.random() < 0.5,
        discount_tax=told,
        tax_saved=percent_of(charges[0].discount, rate),
    )


def _is_discounted(rng: Random, wish: Wish, full: int) -> bool:
    return wish.discounts and full >= 3 and rng.random() < 0.15


def _charge(kind: str, full: int, off: int, *, style: TaxStyle, rate: int) -> Charge:
    left = full - off
    match style:
        case TaxStyle.ADDED:
            tax = percent_of(left, rate)
        case TaxStyle.CONTAINED:
            tax = contained_in(left, rate)
        case TaxStyle.SILENT:
            tax = 0
    return Charge(kind, full, off, tax)


def _buyer(turn: Turn) -> dict[str, Any]:
    rng = turn.rng
    alias = shop.KNOWN_CUSTOMER
    if rng.random() < 0.97:
        alias = f"b{rng.randrange(10**9):09d}@marketplace.amazon.example"
    buyer = {"buyerName": places.name_of(rng, turn.marketplace.country), "buyerEmail": alias}
    if rng.random() < 0.1:
        buyer |= {"buyerCompanyName": "Imagined Goods Ltd", "buyerPurchaseOrderNumber": "PO 4711"}
    return buyer


def _proceeds(sale: Sale) -> dict[str, Any]:
    gross, _ = totals((item.price for item in sale.items), tip=sale.tip)
    by_kind: dict[str, int] = {}
    for charge in (charge for item in sale.items for charge in item.price.charges):
        by_kind[charge.kind] = by_kind.get(charge.kind, 0) + charge.base
    breakdowns: list[dict[str, Any]] = [
        {"type": kind, "subtotal": money(base, sale.currency)} for kind, base in by_kind.items()
    ]
    if sale.tip:
        tip = {"type": "DELIVERY_TIP", "status": "FINALIZED"}
        breakdowns.append(tip | {"subtotal": money(sale.tip, sale.currency)})
    return {"grandTotal": money(gross, sale.currency), "breakdowns": breakdowns}


def _written_item(sale: Sale, item: Item) -> dict[str, Any]:
    rng = sale.turn.rng
    shown = item.price.charges[0].base // item.quantity
    product: dict[str, Any] = {
        "asin": f"B0{rng.randrange(10**8):08d}",
        "title": f"{rng.choice(_KINDS_OF)} {rng.choice(_TITLES)}",
        "condition": {"conditionType": "NEW", "conditionSubtype": "NEW"},
        "price": {"unitPrice": money(shown, sale.currency)},
    }
    if item.sku is not None:
        product["sellerSku"] = item.sku
    fulfillment: dict[str, Any] = {
        "quantityFulfilled": item.shipped,
        "quantityUnfulfilled": 0 if sale.status == "CANCELLED" else item.units - item.shipped,
    }
    if any(charge.kind == "GIFT_WRAP" for charge in item.price.charges):
        gift = {"giftMessage": "Enjoy it! ☂ — from all of us", "giftWrapLevel": "Classic"}
        fulfillment["packing"] = {"giftOption": gift}
    written: dict[str, Any] = {
        "orderItemId": item.item_id,
        "quantityOrdered": item.quantity,
        "product": product,
        "proceeds": item.price.written(),
        "fulfillment": fulfillment,
    }
    return written | _remarks(sale)


def _remarks(sale: Sale) -> dict[str, Any]:
    """What an item may say besides, none of which changes its price or its fate."""
    rng = sale.turn.rng
    remarks: dict[str, Any] = {}
    if sale.turn.marketplace.tax_added:
        remarks["tax"] = {"taxCollections": [{"model": "MARKETPLACE_FACILITATOR"}]}
    if sale.currency == "JPY" and rng.random() < 0.3:
        points = {"pointsNumber": 50, "pointsMonetaryValue": money(50, "JPY")}
        remarks["expense"] = {"pointsCost": {"pointsGranted": points}}
    if rng.random() < 0.05:
        remarks["promotion"] = {"breakdowns": [{"promotionId": "Invented Lightning Deal"}]}
    if rng.random() < 0.03:
        asked = {"requester": "BUYER", "cancelReason": "Ordered by mistake"}
        remarks["cancellation"] = {"cancellationRequest": asked}
    return remarks


def _window(start: datetime, first: int, last: int) -> dict[str, str]:
    return {
        "earliestDateTime": _text(start + timedelta(days=first)),
        "latestDateTime": _text(start + timedelta(days=last)),
    }


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
