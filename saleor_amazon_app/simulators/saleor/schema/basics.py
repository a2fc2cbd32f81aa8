"""Small types that the rest is made of: money, weight, country, metadata, pages.

Names and nullability follow the host's schema; what only the simulator needs is private.
"""

from collections.abc import Sequence
from dataclasses import field
from decimal import Decimal
from typing import TypeVar

import strawberry
from babel import Locale
from graphql import GraphQLError

from saleor_amazon_app.core.money import rounded
from saleor_amazon_app.simulators.saleor.schema.access import Info, require
from saleor_amazon_app.simulators.saleor.schema.words import WeightUnitsEnum

LARGEST_PAGE = 100


@strawberry.type
class Money:
    """An amount; the host's wire has a Float there, its records do not."""

    value: strawberry.Private[Decimal]
    currency: str

    @strawberry.field
    def amount(self) -> float:
        """The amount in major units, rounded to the currency only here: it is kept finer."""
        return float(rounded(self.value, self.currency))


@strawberry.type
class TaxedMoney:
    """An amount with and without tax."""

    gross: Money
    net: Money
    currency: str

    @strawberry.field
    def tax(self) -> Money:
        """What lies between the two."""
        return Money(value=self.gross.value - self.net.value, currency=self.currency)


def taxed(gross: Decimal, net: Decimal, currency: str) -> TaxedMoney:
    """An amount with and without tax, in one currency."""
    return TaxedMoney(
        gross=Money(value=gross, currency=currency),
        net=Money(value=net, currency=currency),
        currency=currency,
    )


@strawberry.type
class Weight:
    """A weight in the shop's unit, kilograms."""

    kilograms: strawberry.Private[Decimal]
    unit: WeightUnitsEnum = WeightUnitsEnum.KG

    @strawberry.field
    def value(self) -> float:
        """The weight in its unit."""
        return float(self.kilograms)


@strawberry.type
class CountryDisplay:
    """A country by code and English name."""

    code: str
    country: str


_NAMES = Locale("en").territories


def country_named(code: str) -> CountryDisplay:
    """A country as the host shows it."""
    return CountryDisplay(code=code, country=_NAMES.get(code, code))


@strawberry.type
class MetadataItem:
    """One pair of an object's metadata."""

    key: str
    value: str


@strawberry.interface
class ObjectWithMetadata:
    """Anything that carries public and private metadata."""

    public: strawberry.Private[dict[str, str]] = field(default_factory=dict)
    hidden: strawberry.Private[dict[str, str]] = field(default_factory=dict)

    @strawberry.field
    def metadata(self) -> list[MetadataItem]:
        """The public pairs, by key as the host sorts them."""
        return [MetadataItem(key=key, value=self.public[key]) for key in sorted(self.public)]

    @strawberry.field
    def metafield(self, key: str) -> str | None:
        """One public value."""
        return self.public.get(key)

    @strawberry.field
    def private_metadata(self, info: Info) -> list[MetadataItem]:
        """The private pairs; only for those who manage what carries them."""
        require(info, self.keeper())
        return [MetadataItem(key=key, value=self.hidden[key]) for key in sorted(self.hidden)]

    @strawberry.field
    def private_metafield(self, info: Info, key: str) -> str | None:
        """One private value."""
        require(info, self.keeper())
        return self.hidden.get(key)

    def keeper(self) -> str:
        """The permission that private metadata and writing metadata ask for."""
        return "MANAGE_ORDERS"


@strawberry.type
class PageInfo:
    """Where a page of a connection ends and whether another follows."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


Node = TypeVar("Node")


def page(
    nodes: Sequence[Node], *, name: str, first: int | None, after: str | None
) -> tuple[list[Node], PageInfo]:
    """Cuts one page out of a list; cursors are positions.

    Raises:
        GraphQLError: no page size, or one above the host's limit, in the host's words.
    """
    if first is None:
        raise GraphQLError(
            f"You must provide a `first` or `last` value to properly paginate the `{name}` "
            "connection."
        )
    if first > LARGEST_PAGE:
        raise GraphQLError(
            f"Requesting {first} records on the `{name}` connection exceeds the `first` limit of "
            f"{LARGEST_PAGE} records."
        )
    start = int(after) if after else 0
    end = min(start + first, len(nodes))
    found = list(nodes[start:end])
    info = PageInfo(
        has_next_page=end < len(nodes),
        has_previous_page=start > 0,
        start_cursor=str(start + 1) if found else None,
        end_cursor=str(end) if found else None,
    )
    return found, info
