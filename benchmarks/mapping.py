"""How many orders a second are read and decided on one core; prints one JSON line.

    python benchmarks/mapping.py [--orders 20000]

The orders differ in marketplace, state, address, phone, number of items and amounts; a tenth of
them is held. Each is read from JSON as Amazon sends it and decided as if it were the first.
"""

import argparse
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from saleor_amazon_app.amazon.order_records import parse_order
from saleor_amazon_app.core.choices import Choices, ImportInto
from saleor_amazon_app.core.ids import (
    ChannelSlug,
    MarketplaceId,
    ShippingMethodId,
    TaxClassId,
    VariantId,
    WarehouseId,
)
from saleor_amazon_app.core.marketplaces import MARKETPLACES, Marketplace
from saleor_amazon_app.mapping.addresses import COUNTRIES
from saleor_amazon_app.mapping.decisions import PlaceOrder, Store
from saleor_amazon_app.mapping.orders import decide
from saleor_amazon_app.saleor.catalogue_records import (
    Channel,
    HostCatalogue,
    Listing,
    ShippingMethod,
    Variant,
    Warehouse,
)

NOW = datetime(2026, 11, 20, tzinfo=UTC)
WAREHOUSE = WarehouseId("V2FyZWhvdXNlOjE=")
SKUS = [f"SKU-{number}" for number in range(300)]
PLACES = {
    "US": ("Seattle", "WA", "98109", "+1 206-555-{:04d}"),
    "GB": ("London", "", "SW1A 1AA", "020 7946 {:04d}"),
    "DE": ("Berlin", "", "10115", "030 90{:04d}"),
    "FR": ("Paris", "", "75001", "01 42 68 {:04d}"),
    "JP": ("", "東京都", "150-0043", "03-1234-{:04d}"),
    "BR": ("São Paulo", "SP", "01310-100", "+55 11 91234-{:04d}"),
}
SOLD_IN = [each for each in MARKETPLACES.values() if each.country in PLACES]


def slug_of(marketplace: Marketplace) -> ChannelSlug:
    return ChannelSlug(f"amazon-{marketplace.country.lower()}")


def host() -> HostCatalogue:
    listing = Listing(True, True, published_from=None, available_from=NOW)
    listings = {slug_of(each): listing for each in SOLD_IN}
    return HostCatalogue(
        channels={
            slug_of(each): Channel(
                id=f"channel-{each.country}",
                slug=slug_of(each),
                currency=each.currency,
                is_active=True,
                confirms_orders=True,
                warehouses=(Warehouse(WAREHOUSE, "main", "Main", COUNTRIES),),
                shipping_methods=(ShippingMethod(ShippingMethodId("1"), "Flat", COUNTRIES),),
            )
            for each in SOLD_IN
        },
        variants={
            sku: Variant(
                id=VariantId(f"variant-{sku}"),
                sku=sku,
                product_id=f"product-{sku}",
                product_name=sku,
                name="",
                tracks_stock=True,
                is_preorder=False,
                listings=listings,
                on_hand={WAREHOUSE: 1_000_000},
                free={WAREHOUSE: 1_000_000},
            )
            for sku in SKUS
        },
        tax_class=TaxClassId("1"),
    )


def answers(count: int) -> Iterator[str]:
    """Orders as the JSON that Amazon sends."""
    for number in range(count):
        yield json.dumps(an_order(number, SOLD_IN[number % len(SOLD_IN)]))


def an_order(number: int, marketplace: Marketplace) -> dict[str, Any]:
    items = [an_item(number, line, marketplace) for line in range(1 + number % 4)]
    totals = (Decimal(item["proceeds"]["proceedsTotal"]["amount"]) for item in items)
    total = sum(totals, Decimal(0))
    is_fba = number % 5 == 0
    return {
        "orderId": f"{number % 1000:03d}-{number:07d}-{number:07d}",
        "createdTime": "2026-11-19T08:00:00.123Z",
        "lastUpdatedTime": "2026-11-19T09:00:00.456Z",
        "programs": ["PRIME"] if number % 3 == 0 else [],
        "salesChannel": {
            "channelName": "AMAZON",
            "marketplaceId": marketplace.id,
            "marketplaceName": marketplace.country,
        },
        "buyer": {"buyerName": f"Buyer {number}", "buyerEmail": f"{number}@example.com"},
        "recipient": {"deliveryAddress": an_address(number, marketplace.country)},
        "proceeds": {"grandTotal": money(total, marketplace)},
        "fulfillment": {
            "fulfillmentStatus": "SHIPPED" if is_fba else "UNSHIPPED",
            "fulfilledBy": "AMAZON" if is_fba else "MERCHANT",
            "fulfillmentServiceLevel": "STANDARD",
            "shipByWindow": {"latestDateTime": "2026-11-22T08:00:00Z"},
        },
        "orderItems": items,
    }


def an_item(number: int, line: int, marketplace: Marketplace) -> dict[str, Any]:
    """An item whose tax is added or contained as in its marketplace; some SKUs are unknown."""
    unit = Decimal(1) if marketplace.currency == "JPY" else Decimal("0.01")
    price = (1000 + (number * 37 + line * 11) % 9000) * unit
    shipping, tax = 499 * unit, ((number + line) % 300) * unit
    total = price + shipping + (tax if marketplace.tax_added else 0)
    kinds = {"ITEM": price, "SHIPPING": shipping, "TAX": tax}
    sku = "NOBODY-KNOWS" if number % 10 == 9 else SKUS[(number + line) % len(SKUS)]
    return {
        "orderItemId": f"{number}{line}",
        "quantityOrdered": 1 + line,
        "product": {"asin": "B000000001", "title": f"Product {sku}", "sellerSku": sku},
        "proceeds": {
            "proceedsTotal": money(total, marketplace),
            "breakdowns": [
                {"type": kind, "subtotal": money(amount, marketplace)}
                for kind, amount in kinds.items()
            ],
        },
        "fulfillment": {"quantityFulfilled": 0, "quantityUnfulfilled": 1 + line},
    }


def an_address(number: int, country: str) -> dict[str, str]:
    city, state, postal_code, phone = PLACES[country]
    return {
        "name": f"Buyer Number {number}",
        "addressLine1": f"{number % 200} Test Street",
        "addressLine2": f"Unit {number % 9}",
        "city": city,
        "stateOrRegion": state,
        "postalCode": postal_code,
        "countryCode": country,
        "phone": phone.format(number % 10_000),
    }


def money(amount: Decimal, marketplace: Marketplace) -> dict[str, str]:
    return {"amount": f"{amount:f}", "currencyCode": marketplace.currency}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=20_000)
    orders = list(answers(parser.parse_args().orders))
    into = {MarketplaceId(each.id): ImportInto(channel=slug_of(each)) for each in SOLD_IN}
    choices, catalogue, store = Choices(import_into=into), host(), Store(name="benchmark")
    placed = 0
    begin = time.process_time()
    for text in orders:
        order = parse_order(json.loads(text, parse_float=Decimal))
        decision = decide(order, choices, catalogue, store=store, now=NOW)
        placed += isinstance(decision, PlaceOrder)
    seconds = time.process_time() - begin
    print(
        json.dumps(
            {
                "benchmark": "mapping",
                "decisions": len(orders),
                "placed": placed,
                "decisions_per_second": round(len(orders) / seconds),
            }
        )
    )


if __name__ == "__main__":
    main()
