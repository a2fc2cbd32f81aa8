"""What settings and connections are chosen from: the shop's channels, warehouses and methods."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import strawberry

from saleor_amazon_app.core.errors import NeedsMerchant, TryAgainLater
from saleor_amazon_app.core.ids import ChannelSlug
from saleor_amazon_app.entrypoints.dashboard_api.context import Context, is_number
from saleor_amazon_app.entrypoints.dashboard_api.refusals import Refused
from saleor_amazon_app.flows import offers
from saleor_amazon_app.saleor import catalogue_records as records


@strawberry.type
class Warehouse:
    """A warehouse of the shop."""

    slug: str
    name: str


@strawberry.type
class Channel:
    """A channel of the shop; its warehouses in the order in which stock is taken."""

    slug: str
    name: str
    currency: str
    is_active: bool
    confirms_by_itself: bool
    warehouses: list[Warehouse]


@strawberry.type
class ShippingMethod:
    """A shipping method of a channel, and why orders cannot get it, where that is so."""

    id: strawberry.ID
    name: str
    zone: str
    countries: list[str]
    is_usable: bool
    why_not: str | None


async def channels(context: Context) -> list[Channel]:
    """The channels of the shop, by name."""
    async with _answering():
        found = await offers.channels(context.lines, context.shop)
    return [
        Channel(
            slug=each.slug,
            name=each.name,
            currency=each.currency,
            is_active=each.is_active,
            confirms_by_itself=each.confirms_orders,
            warehouses=[Warehouse(slug=one.slug, name=one.name) for one in each.warehouses],
        )
        for each in found
    ]


async def warehouses(context: Context) -> list[Warehouse]:
    """The warehouses of the shop, by name."""
    async with _answering():
        found = await offers.warehouses(context.lines, context.shop)
    return [Warehouse(slug=each.slug, name=each.name) for each in found]


async def shipping_methods(context: Context, channel_slug: str) -> list[ShippingMethod]:
    """The shipping methods of a channel, by name."""
    if not is_number(channel_slug):
        return []
    async with _answering():
        found = await offers.shipping_methods(
            context.lines, context.shop, ChannelSlug(channel_slug)
        )
    return [
        ShippingMethod(
            id=strawberry.ID(each.id),
            name=each.name,
            zone=each.zone,
            countries=sorted(each.countries),
            is_usable=not each.needs_weight,
            why_not=_why_not(each),
        )
        for each in found
    ]


def _why_not(method: records.ShippingMethod) -> str | None:
    if method.needs_weight:
        return "It needs a least weight, and Amazon orders carry none."
    limits = [
        words
        for words, is_there in (
            (f"starts at an order price of {method.minimum_order}", method.minimum_order),
            (f"ends at an order price of {method.maximum_order}", method.maximum_order),
            ("leaves out some postal codes", method.postal_code_rules),
            ("leaves out some products", method.excluded_products),
        )
        if is_there
    ]
    return f"Not for every order: it {', and '.join(limits)}." if limits else None


@asynccontextmanager
async def _answering() -> AsyncIterator[None]:
    """Says in words that the shop did not answer, or does not let the app read."""
    try:
        yield
    except (TryAgainLater, NeedsMerchant) as silent:
        raise Refused("SHOP_UNAVAILABLE", f"The shop could not be read: {silent}") from silent
