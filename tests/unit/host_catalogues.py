"""Builds what a decision knows of the host, for tests that say only what matters to them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from saleor_amazon_app.core.choices import Choices
from saleor_amazon_app.core.ids import (
    ChannelSlug,
    ShippingMethodId,
    TaxClassId,
    VariantId,
    WarehouseId,
)
from saleor_amazon_app.saleor.catalogue_records import (
    Channel,
    HostCatalogue,
    Listing,
    ShippingMethod,
    Variant,
    Warehouse,
)
from tests.unit.amazon_orders import CA, DE, GB, JP, US

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
MAIN, SPARE = WarehouseId("V2FyZWhvdXNlOm1haW4="), WarehouseId("V2FyZWhvdXNlOnNwYXJl")
FBA = WarehouseId("V2FyZWhvdXNlOmZiYQ==")
COUNTRIES = frozenset({"US", "CA", "GB", "DE", "JP", "AE"})
SOLD = Listing(has_price=True, is_published=True, published_from=None, available_from=BEFORE)
FLAT = ShippingMethod(ShippingMethodId("U2hpcHBpbmdNZXRob2Q6MQ=="), "Flat", COUNTRIES)
WAREHOUSES = (
    Warehouse(MAIN, "main", "Main", COUNTRIES),
    Warehouse(SPARE, "spare", "Spare", COUNTRIES),
)
CHANNELS = {US: "usd", CA: "cad", GB: "gbp", DE: "eur", JP: "jpy"}


def a_channel(slug: str = "usd", **changed: Any) -> Channel:
    channel = Channel(
        id=f"Q2hhbm5lbDo{slug}",
        slug=ChannelSlug(slug),
        currency=slug.upper(),
        is_active=True,
        confirms_orders=True,
        warehouses=WAREHOUSES,
        shipping_methods=(FLAT,),
    )
    return replace(channel, **changed)


def a_variant(
    sku: str = "SKU-1", *, free: Mapping[str, int] | None = None, **changed: Any
) -> Variant:
    """A variant on sale everywhere, of which nothing is taken."""
    stock = {WarehouseId(key): units for key, units in (free or {MAIN: 100}).items()}
    variant = Variant(
        id=VariantId(f"variant-of-{sku}"),
        sku=sku,
        product_id=f"product-of-{sku}",
        product_name=f"Product {sku}",
        name="",
        tracks_stock=True,
        is_preorder=False,
        listings={ChannelSlug(slug): SOLD for slug in CHANNELS.values()},
        on_hand=stock,
        free=stock,
    )
    return replace(variant, **changed)


def a_host(*variants: Variant, **changed: Any) -> HostCatalogue:
    """A host with a channel per marketplace; without variants it sells SKU-1 and SKU-2."""
    host = HostCatalogue(
        channels={ChannelSlug(slug): a_channel(slug) for slug in CHANNELS.values()},
        variants={v.sku: v for v in variants or (a_variant(), a_variant("SKU-2"))},
        tax_class=TaxClassId("VGF4Q2xhc3M6MQ=="),
        fba_warehouse=FBA,
    )
    return replace(host, **changed)


def with_channel(host: HostCatalogue, channel: Channel) -> HostCatalogue:
    return replace(host, channels={**host.channels, channel.slug: channel})


def choices(**changed: Any) -> Choices:
    into = {marketplace: {"channel": slug} for marketplace, slug in CHANNELS.items()}
    return Choices.model_validate({"import_into": into, **changed})
