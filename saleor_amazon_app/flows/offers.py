"""Reads from a shop what its settings are chosen from."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from saleor_amazon_app.core.ids import ChannelSlug
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.shops import keep_token
from saleor_amazon_app.ledger.installations import Installation
from saleor_amazon_app.saleor import catalogue, offers
from saleor_amazon_app.saleor.catalogue_records import ShippingMethod
from saleor_amazon_app.saleor.client import SaleorClient
from saleor_amazon_app.saleor.offers import NamedChannel, NamedWarehouse

_T = TypeVar("_T")


async def channels(lines: Connections, shop: Installation) -> list[NamedChannel]:
    """The channels of the shop.

    Raises:
        HostUnavailable, NeedsMerchant: the shop did not answer, or refuses the app.
    """
    return await _read(lines, shop, offers.read_channels)


async def warehouses(lines: Connections, shop: Installation) -> list[NamedWarehouse]:
    """The warehouses of the shop.

    Raises:
        HostUnavailable, NeedsMerchant: the shop did not answer, or refuses the app.
    """
    return await _read(lines, shop, offers.read_warehouses)


async def shipping_methods(
    lines: Connections, shop: Installation, channel: ChannelSlug
) -> list[ShippingMethod]:
    """The shipping methods of a channel, by name; none of a channel that is not there.

    Raises:
        HostUnavailable, NeedsMerchant: the shop did not answer, or refuses the app.
    """

    async def read(client: SaleorClient) -> list[ShippingMethod]:
        found = await catalogue.read_channels(client, [channel])
        methods = [method for each in found for method in each.shipping_methods]
        return sorted(methods, key=lambda method: (method.name, method.zone))

    return await _read(lines, shop, read)


async def _read(
    lines: Connections, shop: Installation, read: Callable[[SaleorClient], Awaitable[_T]]
) -> _T:
    async with keep_token(lines, shop):
        return await read(lines.host(shop))
