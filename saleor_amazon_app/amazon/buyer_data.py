"""Parts an order from its buyer, so that buyer data is kept encrypted and erased by itself.

What is parted is Amazon's list of personal data and what may name a person besides: the whole
delivery preference and tax registrations. City, state and country stay: they are not personal to
Amazon, and figures by country need them.

Source: developer-docs.amazon.com/sp-api, access-orders-pii, read 2026-11-20.
"""

from collections.abc import Mapping
from typing import Any

from saleor_amazon_app.amazon.order_records import DeliveryAddress, Order, parse_order

_PLACE = ("city", "stateOrRegion", "countryCode")

# `Any` below is JSON: this is the form in which the ledger keeps both halves.
Json = dict[str, Any]


def part(order: Order) -> tuple[Json, Json]:
    """The order without its buyer, and the buyer; `join` puts them together again."""
    facts = order.model_dump(mode="json", by_alias=True, exclude_none=True)
    buyer: Json = {}
    if "buyer" in facts:
        buyer["buyer"] = facts.pop("buyer")
    if "recipient" in facts:
        buyer["recipient"] = facts.pop("recipient")
        address = buyer["recipient"].get("deliveryAddress", {})
        place = {name: address[name] for name in _PLACE if name in address}
        if place:
            facts["recipient"] = {"deliveryAddress": place}
    if facts.get("tax", {}).get("taxRegistrations"):
        buyer["taxRegistrations"] = facts["tax"].pop("taxRegistrations")
    items = {
        item["orderItemId"]: private
        for item in facts["orderItems"]
        if (private := _take_from_item(item))
    }
    if items:
        buyer["items"] = items
    return facts, buyer


def _take_from_item(item: Json) -> Json:
    private: Json = {}
    if customization := item["product"].pop("customization", None):
        private["customization"] = customization
    gift = item.get("fulfillment", {}).get("packing", {}).get("giftOption", {})
    if "giftMessage" in gift:
        private["giftMessage"] = gift.pop("giftMessage")
    return private


def join(facts: Mapping[str, Any], buyer: Mapping[str, Any] | None) -> Order:
    """The whole order; without its buyer once that was erased."""
    if not buyer:
        return parse_order(facts)
    whole = {**facts, **{name: buyer[name] for name in ("buyer", "recipient") if name in buyer}}
    if "taxRegistrations" in buyer:
        whole["tax"] = {**facts.get("tax", {}), "taxRegistrations": buyer["taxRegistrations"]}
    private = buyer.get("items", {})
    whole["orderItems"] = [
        _give_to_item(item, private.get(item["orderItemId"], {})) for item in facts["orderItems"]
    ]
    return parse_order(whole)


def address_of(buyer: Mapping[str, Any]) -> DeliveryAddress | None:
    """The delivery address in what `part` took apart; None where Amazon told none."""
    address = buyer.get("recipient", {}).get("deliveryAddress")
    return DeliveryAddress.model_validate(address) if address else None


def with_address(buyer: Mapping[str, Any], address: DeliveryAddress) -> Json:
    """The buyer with another delivery address."""
    new = address.model_dump(mode="json", by_alias=True, exclude_none=True)
    return {**buyer, "recipient": {**buyer.get("recipient", {}), "deliveryAddress": new}}


def names_in(buyer: Mapping[str, Any]) -> list[str]:
    """What the buyer and the recipient are called in what `part` took apart."""
    bought = buyer.get("buyer", {})
    address = buyer.get("recipient", {}).get("deliveryAddress", {})
    given = (
        bought.get("buyerName"),
        bought.get("buyerCompanyName"),
        address.get("name"),
        address.get("companyName"),
    )
    return [name for name in given if name]


def _give_to_item(item: Json, private: Json) -> Json:
    whole = dict(item)
    if "customization" in private:
        whole["product"] = {**item["product"], "customization": private["customization"]}
    if "giftMessage" in private:
        fulfillment = item.get("fulfillment", {})
        packing = fulfillment.get("packing", {})
        gift = {**packing.get("giftOption", {}), "giftMessage": private["giftMessage"]}
        whole["fulfillment"] = {**fulfillment, "packing": {**packing, "giftOption": gift}}
    return whole
