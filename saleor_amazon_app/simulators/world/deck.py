"""How often each scenario is dealt: a hundred cards, every one of which comes in every hundred."""

from collections.abc import Callable

from saleor_amazon_app.simulators.world import bystanders, good_sales, obstacles
from saleor_amazon_app.simulators.world.cases import Case, Scenario
from saleor_amazon_app.simulators.world.sales import Turn
from saleor_amazon_app.simulators.world.sellers import EUROPE, IDLE, JAPAN, NORTH

Stores = tuple[tuple[str, str], ...]

_US: Stores = ((NORTH, "US"),)
_AMERICAN: Stores = ((NORTH, "US"), (NORTH, "CA"))
_EUROPEAN: Stores = tuple((EUROPE, country) for country in ("GB", "DE", "FR", "IT", "ES"))
_JAPANESE: Stores = ((JAPAN, "JP"),)
_WESTERN: Stores = (*_AMERICAN, *_AMERICAN, *_EUROPEAN)
_ANYWHERE: Stores = (*_WESTERN, *_JAPANESE, *_JAPANESE)
_WITH_FBA: Stores = (*_AMERICAN, *_JAPANESE)
# Where every address has to name its street, city and postal code.
_STRICT_ABOUT_ADDRESSES: Stores = (*_AMERICAN, *((EUROPE, country) for country in ("GB", "DE")))


def _card(weight: int, stores: Stores, invent: Callable[[Turn], Case]) -> Scenario:
    return Scenario(invent.__name__.replace("_", " "), weight, stores, invent)


SCENARIOS = (
    _card(18, _ANYWHERE, good_sales.sale),
    _card(10, _ANYWHERE, good_sales.verified_later),
    _card(4, _ANYWHERE, good_sales.arriving),
    _card(6, _ANYWHERE, good_sales.many_items),
    _card(2, _ANYWHERE, good_sales.same_goods_twice),
    _card(3, _ANYWHERE, good_sales.thirds),
    _card(4, _ANYWHERE, good_sales.extras),
    _card(1, _ANYWHERE, good_sales.free_replacement),
    _card(1, _ANYWHERE, good_sales.given_away),
    _card(1, _ANYWHERE, good_sales.big),
    _card(5, _WITH_FBA, good_sales.shipped_by_amazon),
    _card(3, _ANYWHERE, good_sales.shipped_by_merchant),
    _card(3, _ANYWHERE, good_sales.partly_shipped),
    _card(1, _ANYWHERE, good_sales.small_parcel),
    _card(1, _US, good_sales.same_day),
    _card(1, _ANYWHERE, good_sales.only_on_amazon),
    _card(1, _ANYWHERE, good_sales.item_cancelled),
    _card(1, _JAPANESE, good_sales.stand_in),
    _card(2, _WESTERN, obstacles.unknown_goods),
    _card(2, _ANYWHERE, obstacles.unavailable_goods),
    _card(2, _ANYWHERE, obstacles.out_of_stock),
    _card(1, _ANYWHERE, obstacles.counted_once),
    _card(1, ((NORTH, "MX"),), obstacles.no_channel),
    _card(1, ((EUROPE, "SE"),), obstacles.other_currency),
    _card(2, _STRICT_ABOUT_ADDRESSES, obstacles.bad_address),
    _card(1, _ANYWHERE, obstacles.off_by_one),
    _card(1, _ANYWHERE, obstacles.too_fine),
    _card(1, _ANYWHERE, obstacles.outside_every_zone),
    _card(1, _ANYWHERE, obstacles.beyond_the_limit),
    _card(1, _US, obstacles.beyond_the_courier),
    _card(1, _WESTERN, obstacles.reference_taken),
    _card(1, _ANYWHERE, obstacles.no_recipient),
    _card(1, _ANYWHERE, obstacles.no_amounts),
    _card(1, _ANYWHERE, obstacles.unknown_remainder),
    _card(1, _ANYWHERE, obstacles.groceries),
    _card(1, _ANYWHERE, obstacles.status_of_tomorrow),
    _card(1, _ANYWHERE, obstacles.charge_of_tomorrow),
    _card(1, _WESTERN, obstacles.several_obstacles),
    _card(2, _ANYWHERE, bystanders.never_verified),
    _card(1, _ANYWHERE, bystanders.cancelled),
    _card(1, _ANYWHERE, bystanders.cancelled_while_pending),
    _card(1, _WITH_FBA, bystanders.waiting_at_amazon),
    _card(1, _EUROPEAN, bystanders.not_wanted),
    _card(2, ((IDLE, "US"),), bystanders.import_disabled),
    _card(1, _ANYWHERE, bystanders.before_connection),
    _card(1, _WITH_FBA, bystanders.sold_elsewhere),
)
# The scenario of each card.
DECK = tuple(scenario for scenario in SCENARIOS for _ in range(scenario.weight))
