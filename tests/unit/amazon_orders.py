"""Builds Amazon orders as JSON, for tests that say only what matters to them."""

from collections.abc import Mapping, Sequence
from typing import Any

from saleor_amazon_app.amazon.order_records import Order, parse_order

US, CA, GB, DE, JP = (
    "ATVPDKIKX0DER",
    "A2EUQ1WTGCTBG2",
    "A1F83G8C2ARO7P",
    "A1PA6795UKMFR9",
    "A1VC38T7YXB528",
)
NAMES = {
    US: "Amazon.com",
    CA: "Amazon.ca",
    GB: "Amazon.co.uk",
    DE: "Amazon.de",
    JP: "Amazon.co.jp",
}
CURRENCIES = {US: "USD", CA: "CAD", GB: "GBP", DE: "EUR", JP: "JPY"}
BOUGHT = "2026-11-19T08:00:00Z"
SEATTLE = {
    "name": "Ada Example",
    "addressLine1": "1 Test Street",
    "addressLine2": "Unit 2",
    "city": "Seattle",
    "stateOrRegion": "WA",
    "postalCode": "98109",
    "countryCode": "US",
    "phone": "+1 480-386-0930",
}
# A part of TAX or DISCOUNT by what it belongs to.
Details = Mapping[str, str]
# An amount, or an amount with its parts, by kind of proceeds.
Kinds = Mapping[str, str | tuple[str, Details]]

Json = dict[str, Any]


def money(amount: str, currency: str) -> Json:
    return {"amount": amount, "currencyCode": currency}


def breakdowns(kinds: Kinds, currency: str) -> list[Json]:
    found = []
    for kind, given in kinds.items():
        amount, details = (given, None) if isinstance(given, str) else given
        one: Json = {"type": kind, "subtotal": money(amount, currency)}
        if details is not None:
            one["detailedBreakdowns"] = [
                {"subtype": subtype, "value": money(value, currency)}
                for subtype, value in details.items()
            ]
        found.append(one)
    return found


def an_item(
    total: str | None = "10.00",
    kinds: Kinds | None = None,
    *,
    id: str = "11",
    sku: str | None = "SKU-1",
    quantity: int = 1,
    currency: str = "USD",
    **more: Any,
) -> Json:
    """An item; without `kinds` all of its total is the price of the goods."""
    product = {"title": f"Thing {sku}", "asin": "B000000001"}
    item: Json = {
        "orderItemId": id,
        "quantityOrdered": quantity,
        "product": product if sku is None else {**product, "sellerSku": sku},
    }
    if total is not None:
        kinds = {"ITEM": total} if kinds is None else kinds
        item["proceeds"] = {
            "proceedsTotal": money(total, currency),
            "breakdowns": breakdowns(kinds, currency),
        }
    return {**item, **more}


def an_order(
    items: Sequence[Json] | None = None,
    *,
    grand_total: str | None = "10.00",
    marketplace: str = US,
    currency: str | None = None,
    status: str = "UNSHIPPED",
    fulfilled_by: str = "MERCHANT",
    address: Json | None = SEATTLE,
    kinds: Kinds | None = None,
    **more: Any,
) -> Json:
    """An order that can be placed as it is; `kinds` are proceeds that no item holds."""
    currency = currency or CURRENCIES[marketplace]
    order: Json = {
        "orderId": "111-0000001-0000001",
        "createdTime": BOUGHT,
        "lastUpdatedTime": BOUGHT,
        "salesChannel": {
            "channelName": "AMAZON",
            "marketplaceId": marketplace,
            "marketplaceName": NAMES[marketplace],
        },
        "fulfillment": {
            "fulfillmentStatus": status,
            "fulfilledBy": fulfilled_by,
            "fulfillmentServiceLevel": "STANDARD",
        },
        "orderItems": list(items) if items is not None else [an_item(currency=currency)],
    }
    if grand_total is not None:
        order["proceeds"] = {"grandTotal": money(grand_total, currency)}
        if kinds:
            order["proceeds"]["breakdowns"] = breakdowns(kinds, currency)
    if address is not None:
        order["recipient"] = {"deliveryAddress": address}
    return {**order, **more}


def parsed(order: Json) -> Order:
    return parse_order(order)
