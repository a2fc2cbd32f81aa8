"""A whole world to try the app on: a shop, sellers, their orders, and the book of what must be.

A world is its recipe: the same numbers give the same world, in any process. Orders are invented
again whenever somebody asks for one, so that a hundred thousand of them take little memory.
"""

import json
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from random import Random
from typing import overload

from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.core.times import Clock, as_utc, iso, utc_now
from saleor_amazon_app.simulators.amazon import (
    Credentials,
    ScriptedOrder,
    SimulatedAmazon,
    create_amazon,
)
from saleor_amazon_app.simulators.amazon.simulator import SELLER_ID
from saleor_amazon_app.simulators.saleor.seed import Seed
from saleor_amazon_app.simulators.world import obstacles
from saleor_amazon_app.simulators.world.cases import Case, Scenario
from saleor_amazon_app.simulators.world.deck import DECK
from saleor_amazon_app.simulators.world.expectations import Entry
from saleor_amazon_app.simulators.world.sales import Turn
from saleor_amazon_app.simulators.world.sellers import (
    CONNECTED_BEFORE,
    NEWCOMER,
    SellerAccount,
    make_sellers,
    marketplace_of,
)
from saleor_amazon_app.simulators.world.shop import make_shop

# No factor of ten divides the step, so that it visits every number of 14 digits once.
_NUMBER_STEP = 61_803_398_874_989


@dataclass(frozen=True)
class World:
    """A try-out world, made by `make_world`.

    Attributes:
        orders: how many, over all sellers.
        now: when the try-out begins; the stores were connected an hour before.
        speed: of the simulated Amazon, by which its durations are divided.
        apart: the time between two orders, for somebody who watches them arrive.
    """

    orders: int
    seed: int
    now: datetime
    speed: int
    apart: timedelta = timedelta(0)

    @cached_property
    def sellers(self) -> tuple[SellerAccount, ...]:
        """The sellers to connect, with their choices; the first is the one Amazon starts with."""
        return make_sellers(now=self.now, first_seller_id=SELLER_ID)

    @cached_property
    def shop(self) -> Seed:
        """The shop as it opens."""
        taken = [
            self._order_id(number)
            for number in range(self.orders)
            if self._scenario(number).invent is obstacles.reference_taken
        ]
        return make_shop(now=self.now, taken=taken)

    @property
    def book(self) -> Iterator[Entry]:
        """What must become of every order."""
        for number in range(self.orders):
            case = self.case(number)
            yield Entry(
                amazon_order_id=AmazonOrderId(case.order.order_id),
                scenario=self._scenario(number).name,
                expectation=case.expectation,
            )

    def orders_of(self, seller: SellerAccount) -> Sequence[ScriptedOrder]:
        """A seller's orders, each invented when it is asked for."""
        return _Orders(self, self._numbers[seller.key])

    def case(self, number: int) -> Case:
        """The order of a number, with what must become of it."""
        case = self._invented(number, now=self.now)
        # What was bought before the stores were connected has to stay there.
        if not self.apart or case.order.created < self.now - CONNECTED_BEFORE:
            return case
        arrives = self.now + number * self.apart
        return self._invented(number, now=self.now + (arrives - case.order.last_updated))

    def _invented(self, number: int, *, now: datetime) -> Case:
        scenario, rng = self._scenario(number), self._rng(number)
        seller, country = rng.choice(scenario.stores)
        turn = Turn(
            number=number,
            order_id=self._order_id(number),
            rng=rng,
            seller=next(each for each in self.sellers if each.key == seller),
            marketplace=marketplace_of(country),
            now=now,
            speed=self.speed,
        )
        return scenario.invent(turn)

    def to_json(self) -> str:
        """The recipe, from which `world_from_json` makes the same world elsewhere."""
        recipe = {"orders": self.orders, "seed": self.seed, "speed": self.speed}
        apart = self.apart.total_seconds()
        return json.dumps(recipe | {"now": iso(self.now), "apart_seconds": apart})

    @cached_property
    def _numbers(self) -> dict[str, "array[int]"]:
        """Which orders are whose."""
        numbers = {seller.key: array("L") for seller in self.sellers}
        for number in range(self.orders):
            key, _ = self._rng(number).choice(self._scenario(number).stores)
            numbers[key].append(number)
        return numbers

    def _scenario(self, number: int) -> Scenario:
        return _dealt(self.seed, number // len(DECK))[number % len(DECK)]

    def _rng(self, number: int) -> Random:
        return Random(f"{self.seed}/{number}")

    def _order_id(self, number: int) -> str:
        digits = f"{(number + 1) * _NUMBER_STEP % 10**14:014d}"
        return f"{100 + self.seed % 900}-{digits[:7]}-{digits[7:]}"


class _Orders(Sequence[ScriptedOrder]):
    """Some of a world's orders."""

    def __init__(self, world: World, numbers: Sequence[int]) -> None:
        self._world = world
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> ScriptedOrder: ...

    @overload
    def __getitem__(self, index: slice) -> "_Orders": ...

    def __getitem__(self, index: int | slice) -> "ScriptedOrder | _Orders":
        if isinstance(index, slice):
            return _Orders(self._world, self._numbers[index])
        return self._world.case(self._numbers[index]).order


def make_world(
    *, orders: int, seed: int, now: datetime, speed: int, apart: timedelta = timedelta(0)
) -> World:
    """Makes a world; the same arguments make the same one.

    Args:
        orders: how many; from a hundred on, every reason to hold or skip an order occurs.
        seed: any number.
        now: when the try-out begins.
        speed: that of the simulated Amazon.
        apart: the time between two orders; none lets them all be there from the beginning.

    Raises:
        ValueError: a number is out of range, or the time names no zone.
    """
    if orders < 0 or speed < 1:
        raise ValueError("a world needs a number of orders and a speed of at least 1")
    return World(orders=orders, seed=seed, now=as_utc(now), speed=speed, apart=apart)


def world_from_json(text: str | bytes) -> World:
    """The world of a recipe.

    Raises:
        ValueError: it is no recipe.
    """
    try:
        recipe = json.loads(text)
        now = datetime.fromisoformat(recipe["now"])
        orders, seed, speed = (int(recipe[key]) for key in ("orders", "seed", "speed"))
        apart = timedelta(seconds=recipe["apart_seconds"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"not the recipe of a world: {error}") from error
    return make_world(orders=orders, seed=seed, now=now, speed=speed, apart=apart)


def open_amazon(world: World, *, clock: Clock = utc_now) -> SimulatedAmazon:
    """A simulated Amazon with all sellers of a world; one app has access to them all.

    One more has sold nothing yet and no store: somebody who watches can connect it by consent.
    """
    first, *others = world.sellers
    amazon = create_amazon(
        world.orders_of(first),
        speed=world.speed,
        clock=clock,
        credentials=Credentials(refresh_token=first.refresh_token),
        marketplaces=first.marketplaces,
    )
    for seller in others:
        amazon.add_seller(
            seller.seller_id,
            refresh_token=seller.refresh_token,
            orders=world.orders_of(seller),
            marketplaces=seller.marketplaces,
        )
    amazon.add_seller(NEWCOMER, refresh_token=f"Atzr|{NEWCOMER}", marketplaces=first.marketplaces)
    return amazon


@lru_cache(maxsize=64)
def _dealt(seed: int, hundred: int) -> tuple[Scenario, ...]:
    """The deck as it is shuffled for one hundred orders."""
    cards = list(DECK)
    Random(f"{seed}/deck/{hundred}").shuffle(cards)
    return tuple(cards)
