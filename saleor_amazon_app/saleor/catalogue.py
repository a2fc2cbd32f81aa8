"""Reads of the host what a decision must know: channels, methods, variants and their stock."""

import base64
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from saleor_amazon_app.core.ids import (
    ChannelSlug,
    ShippingMethodId,
    TaxClassId,
    VariantId,
    WarehouseId,
)
from saleor_amazon_app.core.times import as_utc
from saleor_amazon_app.saleor.answers import Json
from saleor_amazon_app.saleor.catalogue_records import (
    Channel,
    Listing,
    ShippingMethod,
    Variant,
    Warehouse,
)
from saleor_amazon_app.saleor.client import SaleorClient
from saleor_amazon_app.saleor.errors import FieldUnknown
from saleor_amazon_app.saleor.order_records import as_decimal

# The host's longest page. Source: Saleor settings, GRAPHQL_PAGINATION_LIMIT.
_PAGE = 100


async def read_channels(client: SaleorClient, slugs: Sequence[ChannelSlug]) -> tuple[Channel, ...]:
    """Reads the channels that exist among the slugs, with what an order needs in each."""
    answers = await client.find_each("ChannelBySlug", [{"slug": slug} for slug in slugs])
    found = [answer for answer in answers if answer]
    if not found:
        return ()
    zones = await _read_zones(client, [channel["id"] for channel in found])
    everywhere = await _countries_without_zones(client)
    return tuple(_channel(channel, zones, everywhere) for channel in found)


async def read_variants(client: SaleorClient, skus: Iterable[str]) -> dict[str, Variant]:
    """Reads variants by their exact SKUs, in pages of 100; an unknown SKU is missing."""
    wanted = sorted(set(skus))
    variants: dict[str, Variant] = {}
    for start in range(0, len(wanted), _PAGE):
        some = wanted[start : start + _PAGE]
        data = await client.execute("VariantsBySku", {"skus": some, "first": _PAGE})
        for node in _nodes(data["productVariants"]):
            variants[node["sku"]] = _variant(node)
    return variants


async def read_tax_class(client: SaleorClient) -> TaxClassId | None:
    """Reads any tax class; imported lines must name one, and keep their own tax all the same."""
    data = await client.execute("FirstTaxClass")
    for node in _nodes(data["taxClasses"]):
        return TaxClassId(node["id"])
    return None


async def read_warehouses(client: SaleorClient) -> dict[str, WarehouseId]:
    """Reads the ids of all the shop's warehouses by their slugs."""
    pages = _pages(client, "Warehouses", "warehouses", {"first": _PAGE})
    return {node["slug"]: WarehouseId(node["id"]) async for node in pages}


async def _read_zones(client: SaleorClient, channel_ids: list[str]) -> list[Json]:
    """Reads the zones of some channels; the host repeats a zone for each of them it is in."""
    variables: Json = {"channels": channel_ids, "first": _PAGE}
    pages = _pages(client, "ShippingZones", "shippingZones", variables)
    return list({node["id"]: node async for node in pages}.values())


async def _countries_without_zones(client: SaleorClient) -> frozenset[str] | None:
    """Reads which countries every warehouse of a channel serves, where zones do not limit it.

    From 3.23 a shop can drop the rule that a warehouse's stock counts only for the countries of
    its zones; None where the rule stands.
    """
    try:
        shop = (await client.execute("StockAvailability"))["shop"]
    except FieldUnknown:
        return None
    if shop["useLegacyShippingZoneStockAvailability"]:
        return None
    return _countries(shop)


def _channel(channel: Json, zones: list[Json], everywhere: frozenset[str] | None) -> Channel:
    slug = ChannelSlug(channel["slug"])
    ours = [zone for zone in zones if slug in _slugs(zone["channels"])]
    methods = [
        _method(method, listing, zone)
        for zone in ours
        for method in zone["shippingMethods"] or ()
        for listing in method["channelListings"] or ()
        if listing["channel"]["slug"] == slug
    ]
    return Channel(
        id=channel["id"],
        slug=slug,
        currency=channel["currencyCode"],
        is_active=channel["isActive"],
        confirms_orders=channel["orderSettings"]["automaticallyConfirmAllNewOrders"],
        warehouses=tuple(_warehouse(one, ours, everywhere) for one in channel["warehouses"]),
        shipping_methods=tuple(methods),
    )


def _warehouse(warehouse: Json, zones: list[Json], everywhere: frozenset[str] | None) -> Warehouse:
    if everywhere is None:
        reached = [
            _countries(zone)
            for zone in zones
            if any(one["id"] == warehouse["id"] for one in zone["warehouses"])
        ]
        countries = frozenset[str]().union(*reached)
    else:
        countries = everywhere
    return Warehouse(
        id=WarehouseId(warehouse["id"]),
        slug=warehouse["slug"],
        name=warehouse["name"],
        countries=countries,
    )


def _method(method: Json, listing: Json, zone: Json) -> ShippingMethod:
    weight = method["minimumOrderWeight"]
    return ShippingMethod(
        id=_importable(method["id"]),
        name=method["name"],
        countries=_countries(zone),
        minimum_order=_amount(listing["minimumOrderPrice"]),
        maximum_order=_amount(listing["maximumOrderPrice"]),
        postal_code_rules=frozenset(rule["id"] for rule in method["postalCodeRules"] or ()),
        needs_weight=method["type"] == "WEIGHT" and bool(weight and weight["value"]),
        excluded_products=frozenset(node["id"] for node in _nodes(method["excludedProducts"])),
        zone=zone["name"],
    )


def _variant(node: Json) -> Variant:
    product = node["product"]
    priced = {
        ChannelSlug(listing["channel"]["slug"])
        for listing in node["channelListings"] or ()
        if listing["price"] is not None
    }
    listed = {
        ChannelSlug(listing["channel"]["slug"]): listing
        for listing in product["channelListings"] or ()
    }
    return Variant(
        id=VariantId(node["id"]),
        sku=node["sku"],
        product_id=product["id"],
        product_name=product["name"],
        name=node["name"],
        tracks_stock=node["trackInventory"],
        is_preorder=node["preorder"] is not None,
        listings={
            slug: _listing(listed.get(slug), has_price=slug in priced)
            for slug in priced | listed.keys()
        },
        on_hand=_on_hand(node["stocks"] or ()),
        free=_free(node["stocks"] or ()),
    )


def _listing(product: Json | None, *, has_price: bool) -> Listing:
    if product is None:
        return Listing(
            has_price=has_price, is_published=False, published_from=None, available_from=None
        )
    return Listing(
        has_price=has_price,
        is_published=product["isPublished"],
        published_from=_moment(product["publishedAt"]),
        available_from=_moment(product["availableForPurchaseAt"]),
    )


def _on_hand(stocks: Iterable[Json]) -> Mapping[WarehouseId, int]:
    return {WarehouseId(stock["warehouse"]["id"]): stock["quantity"] for stock in stocks}


def _free(stocks: Iterable[Json]) -> Mapping[WarehouseId, int]:
    return {
        WarehouseId(stock["warehouse"]["id"]): (
            stock["quantity"] - stock["quantityAllocated"] - stock["quantityReserved"]
        )
        for stock in stocks
    }


def _importable(method_type_id: str) -> ShippingMethodId:
    """The id by which an order names a method: zones list another kind of id for the same row."""
    row = base64.b64decode(method_type_id).decode().removeprefix("ShippingMethodType:")
    return ShippingMethodId(base64.b64encode(f"ShippingMethod:{row}".encode()).decode())


async def _pages(
    client: SaleorClient, name: str, field: str, variables: Json
) -> AsyncIterator[Json]:
    after: str | None = None
    while True:
        connection = (await client.execute(name, {**variables, "after": after}))[field]
        for node in _nodes(connection):
            yield node
        if not connection["pageInfo"]["hasNextPage"]:
            return
        after = connection["pageInfo"]["endCursor"]


def _nodes(connection: Json | None) -> list[Json]:
    return [edge["node"] for edge in connection["edges"]] if connection else []


def _slugs(channels: Iterable[Json]) -> set[str]:
    return {channel["slug"] for channel in channels}


def _countries(owner: Json) -> frozenset[str]:
    return frozenset(country["code"] for country in owner["countries"])


def _amount(money: Json | None) -> Decimal | None:
    return as_decimal(money["amount"]) if money else None


def _moment(text: str | None) -> datetime | None:
    return as_utc(datetime.fromisoformat(text)) if text else None
