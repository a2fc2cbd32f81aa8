"""What a scenario makes: an order with its future, and what must become of it."""

from collections.abc import Callable
from dataclasses import dataclass

from saleor_amazon_app.simulators.amazon import ScriptedOrder
from saleor_amazon_app.simulators.world.expectations import Expectation
from saleor_amazon_app.simulators.world.sales import Turn


@dataclass(frozen=True, slots=True)
class Case:
    """An invented order; judged by the last state it takes."""

    order: ScriptedOrder
    expectation: Expectation


@dataclass(frozen=True, slots=True)
class Scenario:
    """A kind of order.

    Attributes:
        weight: how many of every hundred orders.
        stores: where it can happen, as pairs of a seller's key and a marketplace's country.
    """

    name: str
    weight: int
    stores: tuple[tuple[str, str], ...]
    invent: Callable[[Turn], Case]
