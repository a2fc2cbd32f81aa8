"""Reads a seller's orders: the first station of every order that reaches the host.

A search answers whole orders, up to a hundred a call, for all marketplaces at once.

Source: Orders API 2026-01-01, searchOrders and getOrder, read 2026-11-20.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import quote

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from saleor_amazon_app.amazon.client import AmazonClient
from saleor_amazon_app.amazon.datasets import EVERYTHING, Dataset
from saleor_amazon_app.amazon.errors import AccessDenied, BadRequest, PageTokenExpired
from saleor_amazon_app.amazon.item_records import Moment
from saleor_amazon_app.amazon.order_records import Order, parse_order
from saleor_amazon_app.amazon.throttle import Operation
from saleor_amazon_app.core.ids import AmazonOrderId, MarketplaceId
from saleor_amazon_app.core.times import iso

_PATH = "/orders/2026-01-01/orders"


class Since(StrEnum):
    """Which of an order's times a search goes by; the values are Amazon's parameter names."""

    LAST_UPDATED = "lastUpdatedAfter"
    CREATED = "createdAfter"


class OrderQuery(BaseModel):
    """One search. Its JSON form is kept between pages, for Amazon insists on the same again.

    Attributes:
        marketplaces: all of the store, so that one call serves them all.
        after: the time is included.
        datasets: FULFILLMENT comes in any case: without it an order has no status.
        page_token: `next_token` of the page before; good for 24 hours and for this query only.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    marketplaces: Annotated[tuple[MarketplaceId, ...], Field(min_length=1, max_length=50)]
    after: AwareDatetime
    since: Since = Since.LAST_UPDATED
    datasets: frozenset[Dataset] = EVERYTHING
    page_token: Annotated[str, Field(min_length=1)] | None = None
    page_size: Annotated[int, Field(ge=1, le=100)] = 100


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An order that came but is not as Amazon describes orders; it must be held, not lost.

    Attributes:
        order_id: None when not even that could be read.
        reason: which fields are wrong and how, without their values: they may be buyer data.
        raw_keys: the names of the fields that came.
    """

    order_id: AmazonOrderId | None
    reason: str
    raw_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderPage:
    """A part of what a search found.

    Attributes:
        next_token: None on the last page.
        last_updated_before: until when Amazon looked, which is where the next search starts;
            None when the search went by creation time.
    """

    orders: tuple[Order, ...]
    unreadable: tuple[Unreadable, ...]
    next_token: str | None
    last_updated_before: datetime | None

    @property
    def is_all_and_empty(self) -> bool:
        """Whether the search found nothing at all."""
        return not (self.orders or self.unreadable or self.next_token)


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel, hide_input_in_errors=True)


class _Pagination(_Answer):
    next_token: str | None = None


class _SearchAnswer(_Answer):
    orders: tuple[Any, ...]  # parsed one by one: a broken one must not take the page with it
    pagination: _Pagination | None = None
    last_updated_before: Moment | None = None


class _OrderAnswer(_Answer):
    order: Mapping[str, Any]


async def search_orders(client: AmazonClient, query: OrderQuery) -> OrderPage:
    """Fetches one page of orders.

    A failure leaves the search where it was: only an answered page may move a cursor.

    Raises:
        PageTokenExpired: search anew, with the same query without its page token.
        AccessDenied: for these datasets; see `datasets.fewer`.
        AmazonError: as drawn in `errors.py`.
    """
    try:
        answer = await client.get(
            Operation.SEARCH_ORDERS,
            _PATH,
            query=_parameters(query),
            read=_SearchAnswer.model_validate,
        )
    except AccessDenied as denied:
        raise AccessDenied(denied.incident, datasets=_asked(query.datasets)) from denied
    except BadRequest as bad:
        # Amazon turns a token down in words or with a bare InvalidInput (selling-partner-api-sdk
        # issue 717, selling-partner-api-models issue 5144); if it was the query, the first page
        # will be refused as well.
        if query.page_token is None or bad.incident.status != 400:
            raise
        raise PageTokenExpired(bad.incident) from bad
    found = [_parsed(raw) for raw in answer.orders]
    token = answer.pagination.next_token if answer.pagination else None
    return OrderPage(
        orders=tuple(order for order in found if isinstance(order, Order)),
        unreadable=tuple(order for order in found if isinstance(order, Unreadable)),
        next_token=token or None,
        last_updated_before=answer.last_updated_before,
    )


async def get_order(
    client: AmazonClient,
    order_id: AmazonOrderId,
    *,
    datasets: frozenset[Dataset] = EVERYTHING,
) -> Order | Unreadable:
    """Fetches one order as it is now.

    Raises:
        NotFound: Amazon does not know the order, or no longer shows it.
        AccessDenied: for these datasets; see `datasets.fewer`.
        AmazonError: as drawn in `errors.py`.
    """
    try:
        answer = await client.get(
            Operation.GET_ORDER,
            f"{_PATH}/{quote(order_id, safe='')}",
            query={"includedData": _included(datasets)},
            read=_OrderAnswer.model_validate,
        )
    except AccessDenied as denied:
        raise AccessDenied(denied.incident, datasets=_asked(datasets)) from denied
    return _parsed(answer.order)


def _parameters(query: OrderQuery) -> dict[str, str]:
    parameters = {
        query.since.value: iso(query.after),
        "marketplaceIds": ",".join(query.marketplaces),
        "includedData": _included(query.datasets),
        "maxResultsPerPage": str(query.page_size),
    }
    if query.page_token is not None:
        parameters["paginationToken"] = query.page_token
    return parameters


def _asked(datasets: frozenset[Dataset]) -> frozenset[Dataset]:
    return datasets | {Dataset.FULFILLMENT}


def _included(datasets: frozenset[Dataset]) -> str:
    asked = _asked(datasets)
    return ",".join(dataset for dataset in Dataset if dataset in asked)


def _parsed(raw: Any) -> Order | Unreadable:
    if not isinstance(raw, Mapping):
        return Unreadable(None, f"a {type(raw).__name__} instead of an order", ())
    try:
        return parse_order(raw)
    except ValidationError as error:
        order_id = raw.get("orderId")
        wrong = error.errors(include_url=False, include_context=False, include_input=False)
        return Unreadable(
            AmazonOrderId(order_id) if isinstance(order_id, str) and order_id else None,
            reason="; ".join(f"{'.'.join(map(str, one['loc']))}: {one['type']}" for one in wrong),
            raw_keys=tuple(sorted(raw)),
        )
