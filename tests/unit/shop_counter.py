"""A simulated shop and somebody who asks it, in GraphQL over HTTP as an app would."""

from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

import httpx

from saleor_amazon_app.simulators.saleor import Seed, SimulatedShop, create_shop, default_seed
from saleor_amazon_app.simulators.saleor.seed import VariantSeed
from saleor_amazon_app.simulators.saleor.state import Shop

PERMISSIONS = (
    "MANAGE_ORDERS",
    "MANAGE_ORDERS_IMPORT",
    "MANAGE_PRODUCTS",
    "MANAGE_SHIPPING",
    "MANAGE_USERS",
    "HANDLE_PAYMENTS",
)
US_WAREHOUSE = "default-channel-warehouse"
NO_USER = {
    "path": "user",
    "code": "REQUIRED",
    "message": "One of [id, email, external_reference] arguments must be provided to resolve "
    "User instance.",
}
ORDER = """
  id number status origin chargeStatus isPaid created externalReference userEmail user { email }
  currencyTotal: total { gross { amount currency } net { amount } }
  shippingPrice { gross { amount } net { amount } } shippingMethodName
  billingAddress { city }
  shippingAddress { firstName streetAddress1 streetAddress2 city cityArea postalCode countryArea
    phone country { code } }
  lines { id productSku productName quantity quantityFulfilled quantityToFulfill taxRate
    unitPrice { gross { amount } net { amount } } totalPrice { gross { amount } net { amount } }
    unitDiscount { amount } allocations { quantity warehouse { slug } } variant { sku } }
  fulfillments { id status trackingNumber fulfillmentOrder lines { quantity } }
  transactions { id pspReference chargedAmount { amount } refundedAmount { amount } }
  events { type message }
"""
ERRORS = "errors { field code message orderLines variants warehouse }"
IMPORT = f"""
mutation ($orders: [OrderBulkCreateInput!]!, $policy: ErrorPolicyEnum,
          $stock: StockUpdatePolicyEnum) {{
  orderBulkCreate(orders: $orders, errorPolicy: $policy, stockUpdatePolicy: $stock) {{
    count errors {{ path code message }}
    results {{ errors {{ path code message }} order {{ {ORDER} }} }}
  }}
}}
"""
SEATTLE = {
    "firstName": "Ann",
    "lastName": "Bee",
    "streetAddress1": "1 Main St",
    "city": "Seattle",
    "countryArea": "WA",
    "postalCode": "98101",
    "country": "US",
    "skipValidation": True,
}


@dataclass
class Counter:
    """The shop, and an app's way to it."""

    shop: SimulatedShop
    http: httpx.AsyncClient
    token: str

    @property
    def state(self) -> Shop:
        """The shop's records."""
        return self.shop.state

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """What the shop answers, errors and all."""
        response = await self.post({"query": query, "variables": variables})
        body: dict[str, Any] = response.json()
        return body

    async def post(self, body: Any) -> httpx.Response:
        """The same as it comes over HTTP."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return await self.http.post("/graphql/", json=body, headers=headers)

    async def data(self, query: str, **variables: Any) -> Any:
        """The answer's data, which must come without errors; one field is unwrapped."""
        body = await self.ask(query, **variables)
        assert "errors" not in body, body
        fields = body["data"]
        return next(iter(fields.values())) if len(fields) == 1 else fields

    async def bring(
        self, *orders: dict[str, Any], policy: str = "IGNORE_FAILED", stock: str = "SKIP"
    ) -> list[dict[str, Any]]:
        """Imports orders; what became of each."""
        answer = await self.data(IMPORT, orders=list(orders), policy=policy, stock=stock)
        results: list[dict[str, Any]] = answer["results"]
        return results

    async def drafted(self, **changes: Any) -> dict[str, Any]:
        """A draft that was made of the sample order."""
        (result,) = await self.bring(self.order(**changes))
        draft: dict[str, Any] = result["order"]
        assert draft is not None, result
        return draft

    async def completed(self, **changes: Any) -> dict[str, Any]:
        """An order made of the sample order."""
        answer = await self.complete((await self.drafted(**changes))["id"])
        assert answer["errors"] == []
        order: dict[str, Any] = answer["order"]
        return order

    async def complete(self, order_id: str) -> dict[str, Any]:
        """`draftOrderComplete` and its answer."""
        return await self.act("draftOrderComplete(id: $id)", id=order_id)

    async def act(self, call: str, more: str = "", **variables: Any) -> dict[str, Any]:
        """A mutation on an order: `call` may use `$id` and `$input`, `more` adds to the answer."""
        kind = call.partition("(")[0]
        types = {"id": "ID!", "input": INPUTS.get(kind, "String")}
        head = ", ".join(f"${name}: {types[name]}" for name in variables)
        text = f"mutation ({head}) {{ {call} {{ order {{ {ORDER} }} {more} {ERRORS} }} }}"
        answer: dict[str, Any] = await self.data(text, **variables)
        return answer

    async def find(self, order_id: str) -> dict[str, Any]:
        """The order as it is now."""
        found: dict[str, Any] = await self.data(
            f"query ($id: ID!) {{ order(id: $id) {{ {ORDER} }} }}", id=order_id
        )
        return found

    async def pay(
        self, order_id: str, amount: str, *, reference: str = "111-1", currency: str = "USD"
    ) -> dict[str, Any]:
        """`transactionCreate` and its answer."""
        answer: dict[str, Any] = await self.data(
            """mutation ($id: ID!, $input: TransactionCreateInput!) {
              transactionCreate(id: $id, transaction: $input) {
                transaction { id pspReference name actions externalUrl chargedAmount { amount }
                  createdBy { __typename ... on App { identifier } } }
                errors { field code message } } }""",
            id=order_id,
            input={
                "name": "Amazon",
                "pspReference": reference,
                "availableActions": ["REFUND"],
                "amountCharged": {"amount": amount, "currency": currency},
                "externalUrl": "https://sellercentral.amazon.com/orders-v3/order/111-1",
            },
        )
        return answer

    def order(self, reference: str | None = "111-1", **changes: Any) -> dict[str, Any]:
        """A good order: one mug for 11.00 and 5.49 shipping, both with tax."""
        address = deepcopy(SEATTLE)
        sample = {
            "externalReference": reference,
            "channel": "default-channel",
            "createdAt": "2026-11-01T10:00:00Z",
            "status": "DRAFT",
            "user": {},
            "billingAddress": address,
            "shippingAddress": address,
            "currency": "USD",
            "languageCode": "EN",
            "lines": [self.line()],
            "deliveryMethod": self.delivery(),
        }
        return sample | changes

    def line(self, sku: str = "MUG-1", **changes: Any) -> dict[str, Any]:
        """A line of one unit for 11.00."""
        sample = {
            "variantId": self.shop.variant(sku).id,
            "createdAt": "2026-11-01T10:00:00Z",
            "isShippingRequired": True,
            "isGiftCard": False,
            "quantity": 1,
            "totalPrice": {"gross": "11.00", "net": "10.00"},
            "undiscountedTotalPrice": {"gross": "11.00", "net": "10.00"},
            "warehouse": self.warehouse(),
            "taxClassId": next(iter(self.state.tax_classes)),
        }
        return sample | changes

    def delivery(self, **changes: Any) -> dict[str, Any]:
        """The zone's method for 5.49."""
        sample = {
            "shippingMethodId": next(iter(self.state.methods)),
            "shippingMethodName": "Amazon Standard",
            "shippingPrice": {"gross": "5.49", "net": "5.00"},
            "shippingTaxClassId": next(iter(self.state.tax_classes)),
        }
        return sample | changes

    def warehouse(self, slug: str = US_WAREHOUSE) -> str:
        """A warehouse's id."""
        return next(each.id for each in self.state.warehouses.values() if each.slug == slug)

    def stock(self, sku: str = "MUG-1", warehouse: str = US_WAREHOUSE) -> tuple[int, int]:
        """What lies in a warehouse, and how much of it is allocated."""
        row = next(each for each in self.shop.variant(sku).kept if each.warehouse.slug == warehouse)
        return row.on_hand, row.allocated


INPUTS = {
    "orderFulfill": "OrderFulfillInput!",
    "orderFulfillmentUpdateTracking": "FulfillmentUpdateTrackingInput!",
    "orderFulfillmentCancel": "FulfillmentCancelInput",
    "orderFulfillmentReturnProducts": "OrderReturnProductsInput!",
    "orderUpdate": "OrderUpdateInput!",
    "draftOrderUpdate": "DraftOrderInput!",
}


def open_counter(
    seed: Seed | None = None, *, permissions: tuple[str, ...] = PERMISSIONS
) -> Counter:
    """A shop with an app of some permissions in it."""
    shop = create_shop(seed)
    http = httpx.AsyncClient(
        transport=httpx.ASGITransport(shop.app), base_url="http://shop.test", timeout=5
    )
    return Counter(shop, http, shop.add_app(permissions))


def shop_with(**variant: Any) -> Seed:
    """The default shop, its mug changed."""
    seed = default_seed()
    mug, *others = seed.products
    changed: VariantSeed = replace(mug.variants[0], **variant)
    return replace(seed, products=(replace(mug, variants=(changed,)), *others))


def codes(errors: list[dict[str, Any]]) -> list[tuple[str | None, str]]:
    """Field and code of each error."""
    return [(error["field"], error["code"]) for error in errors]
