"""Orders that must be placed: every way an order can be good, with odd amounts and odd people."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from saleor_amazon_app.simulators.amazon import ScriptedOrder, Step
from saleor_amazon_app.simulators.world import places, shop
from saleor_amazon_app.simulators.world.cases import Case
from saleor_amazon_app.simulators.world.prices import TaxStyle, digits
from saleor_amazon_app.simulators.world.sales import (
    Item,
    Sale,
    Turn,
    Wish,
    make_sale,
    placed,
    write,
)

_MOST_ITEMS = 20


def sale(turn: Turn) -> Case:
    """One item, somewhere in the zones, with whatever amounts come up."""
    return as_placed(make_sale(turn))


def verified_later(turn: Turn) -> Case:
    """Payment is verified while we watch: PENDING first, UNSHIPPED some minutes later."""
    good = make_sale(turn)
    return Case(pending(turn, good, then="UNSHIPPED"), placed(good))


def arriving(turn: Turn) -> Case:
    """Not there yet when the try-out begins."""
    later = turn.now + timedelta(seconds=turn.rng.randint(5, 240)) / turn.speed
    return as_placed(replace(make_sale(turn), created=later, updated=later))


def many_items(turn: Turn) -> Case:
    """Several different goods, sometimes as many as one request to the host carries."""
    count = turn.rng.choice((2, 2, 2, 3, 3, 5, 8, _MOST_ITEMS))
    return as_placed(make_sale(turn, skus=tuple(turn.rng.sample(shop.SOLD, count))))


def same_goods_twice(turn: Turn) -> Case:
    """One SKU on two items, with a price of its own each."""
    sku = turn.rng.choice(shop.SOLD)
    return as_placed(make_sale(turn, skus=(sku, turn.rng.choice(shop.SOLD), sku)))


def thirds(turn: Turn) -> Case:
    """Units whose price does not divide: three for 10.00, seven for 100."""
    quantity = turn.rng.choice((3, 7, 9))
    hundred = 100 if digits(turn.marketplace.currency) else 1
    base = (turn.rng.randint(2, 40) * quantity + 1) * hundred
    return as_placed(make_sale(turn, wish=Wish(base=base, quantity=quantity)))


def extras(turn: Turn) -> Case:
    """Delivery, gift wrap and a fee for cash on delivery; in the US a tip for the courier too."""
    good = make_sale(turn, wish=Wish(kinds=("SHIPPING", "GIFT_WRAP", "COD_FEE", "OTHER")))
    tip = turn.rng.randint(100, 900) if turn.marketplace.country == "US" else 0
    return as_placed(replace(good, tip=tip))


def free_replacement(turn: Turn) -> Case:
    """Replaces an earlier order and costs nothing."""
    good = make_sale(turn)
    free = replace(good, items=tuple(replace(item, price=item.price.free()) for item in good.items))
    replaced = {"orderId": "111-1111111-1111111", "associationType": "REPLACEMENT_ORIGINAL_ID"}
    return as_placed(free, changes={"associatedOrders": [replaced]})


def given_away(turn: Turn) -> Case:
    """Discounted to nothing."""
    good = make_sale(turn, wish=Wish(extras=False, discounts=False, style=TaxStyle.SILENT))
    gifts = []
    for item in good.items:
        charge = item.price.charges[0]
        price = replace(item.price, charges=(replace(charge, discount=charge.base),))
        gifts.append(replace(item, price=price))
    return as_placed(replace(good, items=tuple(gifts)))


def big(turn: Turn) -> Case:
    """More money than anybody tests with."""
    base = turn.rng.randint(10**8, 10**9) * 9
    return as_placed(make_sale(turn, wish=Wish(base=base, quantity=9)))


def shipped_by_amazon(turn: Turn) -> Case:
    """Fulfilled by Amazon and shipped: town and country alone are known, our stock is not asked."""
    rng = turn.rng
    sku = rng.choice((*shop.EMPTY, *rng.sample(shop.SOLD, 4)))
    town = places.town_in(rng, turn.marketplace.country)
    good = make_sale(turn, skus=(sku,), town=town)
    left = replace(
        all_left(good),
        fulfilled_by="AMAZON",
        address=places.place_of(town),
        programs=("PRIME",),
    )
    return as_placed(left)


def shipped_by_merchant(turn: Turn) -> Case:
    """Shipped in Seller Central before we ever saw it; Amazon does not know every parcel."""
    good = all_left(make_sale(turn, skus=tuple(turn.rng.sample(shop.SOLD, turn.rng.randint(1, 3)))))
    is_known = turn.rng.random() < 0.8
    return as_placed(replace(good, packages=_parcels(good) if is_known else ()))


def partly_shipped(turn: Turn) -> Case:
    """Some units left in parcels, the others still wait for ours."""
    skus = tuple(turn.rng.sample(shop.SOLD, 2))
    good = make_sale(turn, skus=skus, wish=Wish(quantity=turn.rng.randint(2, 5)))
    first, second = good.items
    gone = replace(first, shipped=turn.rng.randint(1, first.quantity - 1))
    partly = replace(good, items=(gone, second), status="PARTIALLY_SHIPPED")
    return as_placed(replace(partly, packages=_parcels(partly)))


def small_parcel(turn: Turn) -> Case:
    """Cheap enough for the shipping method with a price limit that its service level asks for."""
    limit = shop.SMALL_PARCEL_LIMIT[turn.market.currency] * 10 ** digits(turn.market.currency)
    wish = Wish(base=turn.rng.randint(limit // 10, limit // 2), quantity=1, extras=False)
    return as_placed(replace(make_sale(turn, wish=wish), level="SCHEDULED"))


def same_day(turn: Turn) -> Case:
    """Goes where the same-day courier goes."""
    town = places.town_in(turn.rng, "US")
    return as_placed(replace(make_sale(turn, town=town), level="SAME_DAY"))


def only_on_amazon(turn: Turn) -> Case:
    """Goods that the storefront does not show, but sells."""
    return as_placed(make_sale(turn, skus=(shop.HIDDEN,)))


def item_cancelled(turn: Turn) -> Case:
    """One item was cancelled whole and costs nothing; the other is still wanted."""
    good = make_sale(turn, skus=tuple(turn.rng.sample(shop.SOLD, 2)))
    wanted, gone = good.items
    cancelled = replace(gone, cancelled=gone.quantity, price=gone.price.free())
    return as_placed(replace(good, items=(wanted, cancelled)))


def stand_in(turn: Turn) -> Case:
    """Goods the shop does not have, where the merchant chose a placeholder for them."""
    return as_placed(make_sale(turn, skus=(turn.rng.choice((*shop.MISSING, None)),)))


def as_placed(good: Sale, *, changes: dict[str, Any] | None = None) -> Case:
    """The case of a sale that must be placed with exactly its amounts."""
    return Case(ScriptedOrder(write(good) | (changes or {})), placed(good))


def pending(turn: Turn, good: Sale, *, then: str) -> ScriptedOrder:
    """The sale while its payment is verified, and what it becomes."""
    waiting = timedelta(seconds=turn.rng.randint(20, 240))
    step = Step(waiting, {"fulfillment": {"fulfillmentStatus": then}})
    return ScriptedOrder(write(replace(good, status="PENDING")), (step,))


def all_left(good: Sale) -> Sale:
    """The sale when everything of it has been shipped."""
    items = tuple(replace(item, shipped=item.units) for item in good.items)
    return replace(good, items=items, status="SHIPPED")


def _parcels(good: Sale) -> tuple[dict[str, Any], ...]:
    """A parcel for each item that left, or one for all of them."""
    gone = [item for item in good.items if item.shipped]
    together = good.turn.rng.random() < 0.5
    contents = [gone] if together else [[item] for item in gone]
    return tuple(_parcel(good, number, inside) for number, inside in enumerate(contents, start=1))


def _parcel(good: Sale, number: int, inside: list[Item]) -> dict[str, Any]:
    shipped: datetime = good.updated
    return {
        "packageReferenceId": str(number),
        "packageStatus": {"status": "SHIPPED"},
        "carrier": "UPS",
        "shippingService": "Ground",
        "trackingNumber": f"1Z{good.turn.rng.randrange(10**16):016d}",
        "shipTime": shipped.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "packageItems": [
            {"orderItemId": item.item_id, "quantity": item.shipped} for item in inside
        ],
    }
