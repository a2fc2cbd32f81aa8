"""The shop as its own people see it: asked by queries of these tests, never through the app."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import httpx

Json = dict[str, Any]

_ORDER = """
query Whole($reference: String!) {
  order(externalReference: $reference) {
    id number status isPaid chargeStatus authorizeStatus origin created externalReference
    languageCodeEnum userEmail user { id email } channel { slug } shippingMethodName
    metadata { key value } privateMetadata { key value }
    total { currency net { amount } gross { amount } }
    shippingPrice { net { amount } gross { amount } }
    shippingAddress { ...Address } billingAddress { ...Address }
    lines {
      id productName productSku quantity quantityFulfilled isShippingRequired
      metadata { key value }
      variant { sku }
      totalPrice { net { amount } gross { amount } }
      allocations { quantity warehouse { slug } }
    }
    fulfillments { status trackingNumber lines { quantity orderLine { productSku } } }
    transactions {
      name pspReference actions externalUrl chargedAmount { currency amount }
      createdBy { __typename ... on App { id } }
    }
    events { type message email }
  }
}
fragment Address on Address {
  firstName lastName companyName streetAddress1 streetAddress2 city cityArea countryArea
  postalCode country { code } phone
}
"""
_STOCKS = """
query Stocks($sku: String!) {
  productVariant(sku: $sku) {
    stocks { quantity quantityAllocated warehouse { slug } }
  }
}
"""


@dataclass(frozen=True, slots=True)
class Stock:
    """Units of a variant in all warehouses together."""

    on_hand: int
    allocated: int

    @property
    def free(self) -> int:
        """What can still be sold."""
        return self.on_hand - self.allocated


@dataclass(frozen=True, slots=True)
class Host:
    """A line to the shop with the app's token."""

    http: httpx.AsyncClient
    api_url: str
    token: str = field(repr=False)

    async def ask(self, query: str, **variables: Any) -> Json:
        """Sends a query; an answer with an error in it ends the test."""
        response = await self.http.post(
            self.api_url,
            json={"query": query, "variables": variables},
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=120,
        )
        answer = json.loads(response.content, parse_float=Decimal)
        assert not answer.get("errors"), answer["errors"]
        data: Json = answer["data"]
        return data

    async def change(self, mutation: str, **variables: Any) -> Json:
        """Carries out a mutation with one root field and returns its payload."""
        (payload,) = (await self.ask(mutation, **variables)).values()
        assert not payload["errors"], payload["errors"]
        found: Json = payload
        return found

    async def find(self, reference: str) -> Json | None:
        """The order or draft with that external reference, with all that these tests look at."""
        found: Json | None = (await self.ask(_ORDER, reference=reference))["order"]
        return found

    async def order(self, reference: str) -> Json:
        """The order that must be there."""
        found = await self.find(reference)
        assert found is not None, f"no order {reference}"
        return found

    async def stock(self, sku: str, *warehouses: str) -> Stock:
        """What the shop has of a variant, in all warehouses or in those named."""
        variant = (await self.ask(_STOCKS, sku=sku))["productVariant"]
        rows = [
            row
            for row in variant["stocks"]
            if not warehouses or row["warehouse"]["slug"] in warehouses
        ]
        return Stock(
            sum(row["quantity"] for row in rows), sum(row["quantityAllocated"] for row in rows)
        )


def total_of(order: Json) -> tuple[str, str, str]:
    """Net, gross and currency of an order."""
    total = order["total"]
    return (*_both(total), total["currency"])


def shipping_of(order: Json) -> tuple[str, str]:
    """Net and gross of its delivery."""
    return _both(order["shippingPrice"])


def lines_of(order: Json) -> list[tuple[str, int, str, str]]:
    """SKU, quantity, net and gross of its lines, sorted."""
    return sorted(
        (line["productSku"], line["quantity"], *_both(line["totalPrice"]))
        for line in order["lines"]
    )


def allocations_of(order: Json) -> list[int]:
    """Units that the shop keeps back for each line, in the order of the lines."""
    return [sum(one["quantity"] for one in line["allocations"]) for line in order["lines"]]


def events_of(order: Json) -> list[str]:
    """What its timeline tells, oldest first."""
    return [event["type"] for event in order["events"]]


def notes_of(order: Json) -> list[str]:
    """The notes in its timeline."""
    return [event["message"] for event in order["events"] if event["type"] == "NOTE_ADDED"]


def parcels_of(order: Json) -> list[tuple[str, int]]:
    """Tracking number and units of its fulfilments."""
    return [
        (one["trackingNumber"], sum(line["quantity"] for line in one["lines"]))
        for one in order["fulfillments"]
    ]


def metadata_of(node: Json, name: str = "metadata") -> dict[str, str]:
    """The metadata of an order or a line."""
    return {entry["key"]: entry["value"] for entry in node[name]}


def _both(price: Mapping[str, Any]) -> tuple[str, str]:
    return _plain(price["net"]["amount"]), _plain(price["gross"]["amount"])


def _plain(amount: Decimal | int) -> str:
    """An amount without the zeros that its number may or may not carry."""
    return f"{Decimal(amount).normalize():f}"
