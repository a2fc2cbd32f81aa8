"""What must become of each order, written down by whoever invented it.

The words are those of the product (`core.reasons`), the judgement is not: an entry is made from
the intention of the scenario, never from what the app would decide.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.core.reasons import HoldCode, SkipCode


@dataclass(frozen=True, slots=True)
class Place:
    """Exactly one host order, paid once.

    Attributes:
        gross: what the buyer paid, which the host must show and take to the smallest unit.
        net: the total without tax.
        units: units by the SKU of the host's variant.
        shipped: how many of all units have left.
        allocated: for how many units the host must keep stock.
    """

    gross: Decimal
    net: Decimal
    currency: str
    units: Mapping[str, int]
    shipped: int
    allocated: int


@dataclass(frozen=True, slots=True)
class Hold:
    """No host order, and exactly these reasons."""

    codes: frozenset[HoldCode]


@dataclass(frozen=True, slots=True)
class Skip:
    """Rightly no host order."""

    code: SkipCode


Expectation = Place | Hold | Skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One order in the book.

    Attributes:
        scenario: what the order was invented for, in words for people.
    """

    amazon_order_id: AmazonOrderId
    scenario: str
    expectation: Expectation
