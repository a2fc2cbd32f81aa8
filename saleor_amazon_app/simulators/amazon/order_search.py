"""The question behind searchOrders: its parameters, held to Amazon's rules.

Source: selling-partner-api-models, orders_2026-01-01.json, read 2026-11-20.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from saleor_amazon_app.core.marketplaces import MARKETPLACES
from saleor_amazon_app.simulators.amazon.answers import invalid_input
from saleor_amazon_app.simulators.amazon.book import Entry, SortedBy, Window
from saleor_amazon_app.simulators.amazon.datasets import Dataset
from saleor_amazon_app.simulators.amazon.pace import to_milliseconds
from saleor_amazon_app.simulators.amazon.timelines import moment
from saleor_amazon_app.simulators.amazon.transitions import STATUSES

Value = TypeVar("Value", bound=str)

_LARGEST_PAGE = 100
_MOST_MARKETPLACES = 50
_PARAMETERS = frozenset(
    {
        "createdAfter",
        "createdBefore",
        "lastUpdatedAfter",
        "lastUpdatedBefore",
        "fulfillmentStatuses",
        "marketplaceIds",
        "fulfilledBy",
        "includedData",
        "maxResultsPerPage",
        "paginationToken",
    }
)
# What may change from page to page.
_FREE = frozenset({"maxResultsPerPage", "paginationToken", "includedData"})


class _FulfilledBy(StrEnum):
    AMAZON = "AMAZON"
    MERCHANT = "MERCHANT"


@dataclass(frozen=True, slots=True)
class OrderSearch:
    """One searchOrders request that keeps the rules.

    Attributes:
        window: which orders by time; its end is the lag's when the app named none.
        statuses: empty for all.
        fulfilled_by: empty for all.
        marketplaces: empty for all.
        included: the datasets asked for.
        size: orders a page.
        page_token: the token of the page asked for; None for the first.
        identity: everything that must stay the same from page to page.
    """

    window: Window
    statuses: frozenset[str]
    fulfilled_by: frozenset[str]
    marketplaces: frozenset[str]
    included: frozenset[Dataset]
    size: int
    page_token: str | None
    identity: frozenset[tuple[str, str]]

    def wants(self, entry: Entry) -> bool:
        """Tells whether an order of the right time is one of those asked for."""
        return (
            (not self.statuses or entry.status in self.statuses)
            and (not self.fulfilled_by or entry.fulfilled_by in self.fulfilled_by)
            and (not self.marketplaces or entry.marketplace_id in self.marketplaces)
        )


def parse_search(
    parameters: Sequence[tuple[str, str]], *, now: datetime, lag: timedelta
) -> OrderSearch:
    """Reads the query of a searchOrders request.

    Raises:
        Refused: a rule is broken; 400 InvalidInput.
    """
    given = single(parameters, allowed=_PARAMETERS)
    marketplaces = _texts(given, "marketplaceIds")
    if len(marketplaces) > _MOST_MARKETPLACES:
        raise invalid_input(f"marketplaceIds takes at most {_MOST_MARKETPLACES} values.")
    if strangers := marketplaces - MARKETPLACES.keys():
        raise invalid_input(f"marketplaceIds: {min(strangers)} is no marketplace.")
    return OrderSearch(
        window=_window(given, latest=to_milliseconds(now - lag)),
        statuses=_known(given, "fulfillmentStatuses", STATUSES),
        fulfilled_by=_known(given, "fulfilledBy", frozenset(_FulfilledBy)),
        marketplaces=marketplaces,
        included=included_data(given),
        size=_size(given),
        page_token=given.get("paginationToken"),
        identity=frozenset((key, value) for key, value in given.items() if key not in _FREE),
    )


def single(parameters: Sequence[tuple[str, str]], *, allowed: frozenset[str]) -> dict[str, str]:
    """The parameters of a query by name.

    Raises:
        Refused: one is unknown, or given twice: lists go into one parameter, with commas.
    """
    given: dict[str, str] = {}
    for name, value in parameters:
        if name not in allowed:
            raise invalid_input(f"{name} is no parameter of this operation.")
        if name in given:
            raise invalid_input(f"{name} is given more than once.")
        given[name] = value
    return given


def included_data(given: dict[str, str]) -> frozenset[Dataset]:
    """The datasets a request asks for.

    Raises:
        Refused: one of them is unknown.
    """
    return _known(given, "includedData", frozenset(Dataset))


def _window(given: dict[str, str], *, latest: datetime) -> Window:
    if ("createdAfter" in given) == ("lastUpdatedAfter" in given):
        raise invalid_input("Exactly one of createdAfter and lastUpdatedAfter is required.")
    by_creation = "createdAfter" in given
    own, other = ("created", "lastUpdated") if by_creation else ("lastUpdated", "created")
    if f"{other}Before" in given:
        raise invalid_input(f"{other}Before cannot be combined with {own}After.")
    after = _time(given, f"{own}After")
    before = latest
    if f"{own}Before" in given:
        before = _time(given, f"{own}Before")
        if before < after:
            raise invalid_input(f"{own}Before must not be before {own}After.")
        if before > latest:
            raise invalid_input(f"{own}Before must be at least two minutes ago.")
    return Window(SortedBy.CREATED if by_creation else SortedBy.LAST_UPDATED, after, before)


def _time(given: dict[str, str], name: str) -> datetime:
    try:
        return moment(given[name])
    except ValueError as error:
        raise invalid_input(f"{name} is not an ISO 8601 time.") from error


def _size(given: dict[str, str]) -> int:
    text = given.get("maxResultsPerPage", str(_LARGEST_PAGE))
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _LARGEST_PAGE):
        raise invalid_input(f"maxResultsPerPage must be between 1 and {_LARGEST_PAGE}.")
    return int(text)


def _texts(given: dict[str, str], name: str) -> frozenset[str]:
    return frozenset(given[name].split(",")) if given.get(name) else frozenset()


def _known(given: dict[str, str], name: str, values: frozenset[Value]) -> frozenset[Value]:
    asked = _texts(given, name)
    if unknown := asked - values:
        raise invalid_input(f"{name}: {min(unknown)} is not a value of this parameter.")
    return frozenset(value for value in values if value in asked)
