"""What a decision learns of the host, read from the host's own words."""

import base64
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from saleor_amazon_app.core.ids import (
    ChannelSlug,
    ShippingMethodId,
    TaxClassId,
    VariantId,
    WarehouseId,
)
from saleor_amazon_app.saleor import catalogue
from saleor_amazon_app.saleor.catalogue_records import (
    Channel,
    Listing,
    ShippingMethod,
    Variant,
    Warehouse,
)
from tests.unit.saleor_line import data, line

US, DE = ChannelSlug("us"), ChannelSlug("de")
EAST, WEST = WarehouseId("V2FyZWhvdXNlOjE="), WarehouseId("V2FyZWhvdXNlOjI=")


def global_id(kind: str, row: int) -> str:
    return base64.b64encode(f"{kind}:{row}".encode()).decode()


def channel(slug: str = "us", **changes: Any) -> dict[str, Any]:
    return {
        "id": f"channel-{slug}",
        "slug": slug,
        "currencyCode": "USD",
        "isActive": True,
        "orderSettings": {"automaticallyConfirmAllNewOrders": True},
        "warehouses": [
            {"id": WEST, "slug": "west", "name": "West"},
            {"id": EAST, "slug": "east", "name": "East"},
        ],
        **changes,
    }


def zone(zone_id: str, countries: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": zone_id,
        "channels": [{"slug": "us"}],
        "name": "Everywhere",
        "countries": [{"code": code} for code in countries.split()],
        "warehouses": [{"id": EAST}],
        "shippingMethods": [],
        **changes,
    }


def method(row: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": global_id("ShippingMethodType", row),
        "name": f"Method {row}",
        "type": "PRICE",
        "minimumOrderWeight": {"value": 0.0},
        "channelListings": [listing("us")],
        "postalCodeRules": [],
        "excludedProducts": {"edges": []},
        **changes,
    }


def listing(slug: str, least: float | None = 0.0, most: float | None = None) -> dict[str, Any]:
    return {
        "channel": {"slug": slug},
        "minimumOrderPrice": None if least is None else {"amount": least},
        "maximumOrderPrice": None if most is None else {"amount": most},
    }


def page(*nodes: dict[str, Any], after: str | None = None) -> dict[str, Any]:
    return {
        "edges": [{"node": node} for node in nodes],
        "pageInfo": {"hasNextPage": after is not None, "endCursor": after},
    }


def zones_decide() -> Any:
    shop = {"useLegacyShippingZoneStockAvailability": True, "countries": [{"code": "US"}]}
    return data(shop=shop)


async def test_a_channel_knows_its_warehouses_in_order_and_whom_they_reach() -> None:
    # given
    wire = line(
        data(o0=channel()),
        data(
            shippingZones=page(
                zone("z1", "US CA"),
                zone("z2", "MX", warehouses=[{"id": EAST}, {"id": WEST}]),
                zone("z3", "DE", channels=[{"slug": "de"}]),
            )
        ),
        zones_decide(),
    )

    # when
    (us,) = await catalogue.read_channels(wire.client, [US])

    # then
    assert us == Channel(
        id="channel-us",
        slug=US,
        currency="USD",
        is_active=True,
        confirms_orders=True,
        warehouses=(
            Warehouse(WEST, "west", "West", frozenset({"MX"})),
            Warehouse(EAST, "east", "East", frozenset({"US", "CA", "MX"})),
        ),
        shipping_methods=(),
    )


async def test_without_zones_a_warehouse_serves_every_country() -> None:
    # given
    countries = [{"code": "US"}, {"code": "DE"}]
    shop = {"useLegacyShippingZoneStockAvailability": False, "countries": countries}
    wire = line(data(o0=channel()), data(shippingZones=page()), data(shop=shop))

    # when
    (us,) = await catalogue.read_channels(wire.client, [US])

    # then
    assert [one.countries for one in us.warehouses] == [frozenset({"US", "DE"})] * 2


async def test_a_host_before_3_23_always_decides_by_zones() -> None:
    # given
    wire = line(
        data(o0=channel()), data(shippingZones=page(zone("z1", "US"))), host_version=(3, 22)
    )

    # when
    (us,) = await catalogue.read_channels(wire.client, [US])

    # then
    assert [one.countries for one in us.warehouses] == [frozenset(), frozenset({"US"})]
    assert len(wire.requests) == 2


async def test_a_shipping_method_is_known_as_an_order_names_it_and_with_its_limits() -> None:
    # given
    heavy = {"type": "WEIGHT", "minimumOrderWeight": {"value": 1.0}}
    excluded = {"edges": [{"node": {"id": "product-1"}}]}
    wire = line(
        data(o0=channel()),
        data(
            shippingZones=page(
                zone(
                    "z1",
                    "US CA",
                    shippingMethods=[
                        method(1, channelListings=[listing("us", 5.0, 20.5), listing("de")]),
                        method(2, channelListings=[listing("de")]),
                        method(3, postalCodeRules=[{"id": "r"}], excludedProducts=excluded),
                        method(4, channelListings=[listing("us", None)], **heavy),
                        method(5, minimumOrderWeight={"value": 1.0}),
                    ],
                )
            )
        ),
        zones_decide(),
    )

    # when
    (us,) = await catalogue.read_channels(wire.client, [US])

    # then
    def offered(row: int, **limits: Any) -> ShippingMethod:
        known: Any = {"minimum_order": Decimal("0.0"), **limits}
        return ShippingMethod(
            id=ShippingMethodId(global_id("ShippingMethod", row)),
            name=f"Method {row}",
            countries=frozenset({"US", "CA"}),
            zone="Everywhere",
            **known,
        )

    assert us.shipping_methods == (
        offered(1, minimum_order=Decimal("5.0"), maximum_order=Decimal("20.5")),
        offered(
            3,
            postal_code_rules=frozenset({"r"}),
            excluded_products=frozenset({"product-1"}),
        ),
        offered(4, minimum_order=None, needs_weight=True),
        offered(5),
    )


async def test_a_zone_the_host_repeats_counts_once_and_all_pages_are_read() -> None:
    # given
    shared = zone(
        "z1", "US", channels=[{"slug": "us"}, {"slug": "de"}], shippingMethods=[method(1)]
    )
    wire = line(
        data(o0=channel("us"), o1=channel("de"), o2=None),
        data(shippingZones=page(shared, shared, after="next")),
        data(shippingZones=page(zone("z2", "CA", shippingMethods=[method(2)]))),
        zones_decide(),
    )

    # when
    us, de = await catalogue.read_channels(wire.client, [US, DE, ChannelSlug("gone")])

    # then
    assert [one.name for one in us.shipping_methods] == ["Method 1", "Method 2"]
    assert de.shipping_methods == ()
    assert [body["variables"] for body in wire.sent[1:3]] == [
        {"channels": ["channel-us", "channel-de"], "first": 100, "after": None},
        {"channels": ["channel-us", "channel-de"], "first": 100, "after": "next"},
    ]


async def test_channels_that_do_not_exist_are_missing() -> None:
    # given
    wire = line(data(o0=None))

    # then
    assert await catalogue.read_channels(wire.client, [ChannelSlug("gone")]) == ()


def variant(sku: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"variant-{sku}",
        "sku": sku,
        "name": "Blue",
        "trackInventory": True,
        "preorder": None,
        "channelListings": [],
        "product": {"id": "product-1", "name": "Mug", "channelListings": []},
        "stocks": [],
        **changes,
    }


async def test_a_variant_knows_how_it_stands_in_each_channel_and_what_is_free() -> None:
    # given
    product = {
        "id": "product-1",
        "name": "Mug",
        "channelListings": [
            {
                "channel": {"slug": "us"},
                "isPublished": True,
                "publishedAt": "2026-11-20T15:03:46.529709+01:00",
                "availableForPurchaseAt": None,
            },
            {
                "channel": {"slug": "de"},
                "isPublished": False,
                "publishedAt": None,
                "availableForPurchaseAt": "2026-11-21T00:00:00Z",
            },
        ],
    }
    priced = [
        {"channel": {"slug": "us"}, "price": {"amount": 0.0}},
        {"channel": {"slug": "de"}, "price": None},
        {"channel": {"slug": "uk"}, "price": {"amount": 9.99}},
    ]
    stocks = [
        stock(EAST, 10, quantityAllocated=3, quantityReserved=2),
        stock(WEST, 1, quantityAllocated=2),
    ]
    wire = line(
        data(
            productVariants=page(
                variant("MUG-1", product=product, channelListings=priced, stocks=stocks)
            )
        )
    )

    # when
    read = await catalogue.read_variants(wire.client, ["MUG-1", "GONE", "MUG-1"])

    # then
    assert read == {
        "MUG-1": Variant(
            id=VariantId("variant-MUG-1"),
            sku="MUG-1",
            product_id="product-1",
            product_name="Mug",
            name="Blue",
            tracks_stock=True,
            is_preorder=False,
            listings={
                US: Listing(
                    has_price=True,
                    is_published=True,
                    published_from=datetime(2026, 11, 20, 14, 3, 46, 529709, tzinfo=UTC),
                    available_from=None,
                ),
                DE: Listing(
                    has_price=False,
                    is_published=False,
                    published_from=None,
                    available_from=datetime(2026, 11, 21, tzinfo=UTC),
                ),
                ChannelSlug("uk"): Listing(
                    has_price=True, is_published=False, published_from=None, available_from=None
                ),
            },
            on_hand={EAST: 10, WEST: 1},
            free={EAST: 5, WEST: -1},
        )
    }
    assert wire.sent[0]["variables"] == {"skus": ["GONE", "MUG-1"], "first": 100}


def stock(warehouse: str, quantity: int, **taken: int) -> dict[str, Any]:
    none = {"quantityAllocated": 0, "quantityReserved": 0}
    return {"warehouse": {"id": warehouse}, "quantity": quantity, **none, **taken}


async def test_a_preorder_and_an_untracked_variant_are_known() -> None:
    # given
    nodes = [
        variant("PRE", preorder={"endDate": None}),
        variant("FREE", trackInventory=False, stocks=None, channelListings=None),
    ]
    wire = line(data(productVariants=page(*nodes)))

    # when
    read = await catalogue.read_variants(wire.client, ["PRE", "FREE"])

    # then
    assert (read["PRE"].is_preorder, read["FREE"].is_preorder) == (True, False)
    assert (read["PRE"].tracks_stock, read["FREE"].tracks_stock) == (True, False)
    assert read["FREE"].free == {}


async def test_many_skus_are_read_a_hundred_a_page_and_none_are_not_asked_for() -> None:
    # given
    wire = line(data(productVariants=page()), data(productVariants=page()))

    # when
    await catalogue.read_variants(wire.client, [f"SKU-{i:03}" for i in range(101)])
    await catalogue.read_variants(wire.client, [])

    # then
    assert [len(body["variables"]["skus"]) for body in wire.sent] == [100, 1]


async def test_any_tax_class_will_do_and_a_shop_may_have_none() -> None:
    # given
    one = data(taxClasses={"edges": [{"node": {"id": "VGF4Q2xhc3M6MQ=="}}]})
    wire = line(one, data(taxClasses={"edges": []}))

    # then
    assert await catalogue.read_tax_class(wire.client) == TaxClassId("VGF4Q2xhc3M6MQ==")
    assert await catalogue.read_tax_class(wire.client) is None


async def test_warehouses_are_read_by_slug() -> None:
    # given
    wire = line(
        data(warehouses=page({"id": EAST, "slug": "east"}, after="next")),
        data(warehouses=page({"id": WEST, "slug": "west"})),
    )

    # then
    assert await catalogue.read_warehouses(wire.client) == {"east": EAST, "west": WEST}
