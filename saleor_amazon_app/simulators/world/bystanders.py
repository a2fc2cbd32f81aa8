"""Orders that must be skipped: they are rightly no host orders, now or ever."""

from dataclasses import replace
from datetime import timedelta

from saleor_amazon_app.core.reasons import SkipCode
from saleor_amazon_app.simulators.amazon import ScriptedOrder
from saleor_amazon_app.simulators.world import places, shop
from saleor_amazon_app.simulators.world.cases import Case
from saleor_amazon_app.simulators.world.expectations import Skip
from saleor_amazon_app.simulators.world.good_sales import all_left, pending
from saleor_amazon_app.simulators.world.sales import Sale, Turn, make_sale, write


def never_verified(turn: Turn) -> Case:
    """Stays PENDING, or waits for goods that are not out yet."""
    status, programs = turn.rng.choice((("PENDING", ()), ("PENDING_AVAILABILITY", ("PREORDER",))))
    sale = replace(make_sale(turn), status=status, programs=programs)
    return skipped(sale, SkipCode.NOT_YET_VERIFIED)


def cancelled(turn: Turn) -> Case:
    """Cancelled before we ever saw it."""
    return skipped(replace(make_sale(turn), status="CANCELLED"), SkipCode.CANCELLED)


def cancelled_while_pending(turn: Turn) -> Case:
    """Cancelled before its payment was verified."""
    order = pending(turn, make_sale(turn), then="CANCELLED")
    return Case(order, Skip(SkipCode.CANCELLED))


def waiting_at_amazon(turn: Turn) -> Case:
    """Amazon fulfils it and has not shipped it yet."""
    town = places.town_in(turn.rng, turn.marketplace.country)
    sale = replace(make_sale(turn, town=town), fulfilled_by="AMAZON", address=places.place_of(town))
    return skipped(sale, SkipCode.FBA_NOT_SHIPPED)


def not_wanted(turn: Turn) -> Case:
    """Amazon fulfilled it, for a merchant who does not want such orders."""
    town = places.town_in(turn.rng, turn.marketplace.country)
    sale = replace(all_left(make_sale(turn, town=town)), fulfilled_by="AMAZON")
    return skipped(replace(sale, address=places.place_of(town)), SkipCode.FBA_NOT_WANTED)


def import_disabled(turn: Turn) -> Case:
    """Good in every way, at a store whose import is switched off."""
    sale = make_sale(turn)
    return skipped(turn.rng.choice((sale, all_left(sale))), SkipCode.IMPORT_DISABLED)


def before_connection(turn: Turn) -> Case:
    """Bought before the store was connected, and touched since."""
    age = timedelta(minutes=turn.rng.randint(61, 60 * 24 * 30))
    sale = make_sale(turn)
    return skipped(replace(sale, created=turn.now - age), SkipCode.BEFORE_CONNECTION)


def sold_elsewhere(turn: Turn) -> Case:
    """Amazon only ships it for a sale made somewhere else."""
    town = places.town_in(turn.rng, turn.marketplace.country)
    sale = replace(
        all_left(make_sale(turn, skus=(turn.rng.choice(shop.SOLD),), town=town)),
        fulfilled_by="AMAZON",
        address=places.place_of(town),
    )
    order = write(sale)
    order["salesChannel"] |= {"channelName": "NON_AMAZON", "marketplaceName": "Non-Amazon"}
    return Case(ScriptedOrder(order), Skip(SkipCode.NOT_A_SALE))


def skipped(sale: Sale, code: SkipCode) -> Case:
    """The case of a sale that must be skipped."""
    return Case(ScriptedOrder(write(sale)), Skip(code))
