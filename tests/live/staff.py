"""What staff do to an order in the dashboard.

With `SALEOR_LIVE_STAFF_EMAIL` and `SALEOR_LIVE_STAFF_PASSWORD` it is they who do it; without, the
app's own token does, as another program that shares it would.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.live.host import Host, Json
from tests.live.shop import LiveShop

_ERRORS = "errors { field message code }"
_FULFIL = f"""mutation ($order: ID!, $input: OrderFulfillInput!) {{
  orderFulfill(order: $order, input: $input) {{ fulfillments {{ id status }} {_ERRORS} }} }}"""
_APPROVE = f"""mutation ($id: ID!) {{
  orderFulfillmentApprove(id: $id, notifyCustomer: true) {{ {_ERRORS} }} }}"""
_RENUMBER = f"""mutation ($id: ID!, $number: String!) {{
  orderFulfillmentUpdateTracking(
    id: $id, input: {{ trackingNumber: $number, notifyCustomer: true }}
  ) {{ {_ERRORS} }} }}"""
_CALL_BACK = f"""mutation ($id: ID!, $warehouse: ID) {{
  orderFulfillmentCancel(id: $id, input: {{ warehouseId: $warehouse }}) {{ {_ERRORS} }} }}"""
_CANCEL = f"mutation ($id: ID!) {{ orderCancel(id: $id) {{ {_ERRORS} }} }}"
_NAME = f"""mutation ($id: ID!, $input: [MetadataInput!]!) {{
  updateMetadata(id: $id, input: $input) {{ {_ERRORS} }} }}"""
_MOVE = f"""mutation ($id: ID!, $address: AddressInput!) {{
  orderUpdate(id: $id, input: {{ shippingAddress: $address }}) {{ {_ERRORS} }} }}"""
_GRANT = f"""mutation ($order: ID!, $input: OrderGrantRefundCreateInput!) {{
  orderGrantRefundCreate(id: $order, input: $input) {{ grantedRefund {{ id }} {_ERRORS} }} }}"""
_PAY_GRANTED = f"""mutation ($id: ID!) {{
  transactionRequestRefundForGrantedRefund(grantedRefundId: $id) {{ {_ERRORS} }} }}"""
_PAY_BACK = f"""mutation ($id: ID!, $amount: PositiveDecimal) {{
  transactionRequestAction(id: $id, actionType: REFUND, amount: $amount) {{ {_ERRORS} }} }}"""
_RETURN = f"""mutation ($order: ID!, $input: OrderReturnProductsInput!) {{
  orderFulfillmentReturnProducts(order: $order, input: $input) {{ {_ERRORS} }} }}"""
_PAYMENT = "query ($id: ID!) { order(id: $id) { transactions { id } } }"
_TOKEN = f"""mutation ($email: String!, $password: String!) {{
  tokenCreate(email: $email, password: $password) {{ token {_ERRORS} }} }}"""


@dataclass(frozen=True, slots=True)
class Staff:
    """Someone who may do everything to orders.

    Attributes:
        email: None for the app's own token.
    """

    host: Host
    shop: LiveShop
    email: str | None = None
    password: str | None = None

    async def fulfil(
        self,
        order: Json,
        *units: int,
        number: str | None = "1Z999AA10123456784",
        shelf: str = "main",
    ) -> str:
        """Fulfils so many units of each line from a warehouse; tells the fulfilment's id."""
        lines = [
            {
                "orderLineId": line["id"],
                "stocks": [{"warehouse": self.shop.warehouses[shelf], "quantity": quantity}],
            }
            for line, quantity in zip(order["lines"], units, strict=True)
            if quantity
        ]
        (made,) = await self.fulfil_lines(order, lines, number)
        return made

    async def fulfil_lines(self, order: Json, lines: list[Json], number: str | None) -> list[str]:
        """Fulfils as the dashboard's form says; each warehouse makes a fulfilment of its own."""
        given = {"lines": lines, "trackingNumber": number, "notifyCustomer": True}
        payload = await self.act(_FULFIL, order=order["id"], input=given)
        return [one["id"] for one in payload["fulfillments"]]

    async def approve(self, fulfilment: str) -> None:
        """Approves a fulfilment that waits for it."""
        await self.act(_APPROVE, id=fulfilment)

    async def renumber(self, fulfilment: str, number: str) -> None:
        """Changes a tracking number."""
        await self.act(_RENUMBER, id=fulfilment, number=number)

    async def call_back(self, fulfilment: str, *, restock: bool = True) -> None:
        """Cancels a fulfilment."""
        shelf = self.shop.warehouses["main"] if restock else None
        await self.act(_CALL_BACK, id=fulfilment, warehouse=shelf)

    async def cancel(self, order: Json) -> None:
        """Cancels an order."""
        await self.act(_CANCEL, id=order["id"])

    async def write_down(self, id_: str, **entries: str) -> None:
        """Writes public metadata of an order or a fulfilment."""
        entered = [{"key": key, "value": value} for key, value in entries.items()]
        await self.act(_NAME, id=id_, input=entered)

    async def move(self, order: Json, address: Mapping[str, str]) -> None:
        """Changes where an order is sent to."""
        await self.act(_MOVE, id=order["id"], address=address)

    async def pay_back(self, order: Json, amount: str | None) -> None:
        """Asks for a refund of an amount; None for all of it."""
        await self.act(_PAY_BACK, id=await self._payment(order), amount=amount)

    async def grant(self, order: Json, amount: str, *units: int, shipping: bool = False) -> str:
        """Grants a refund of so many units of each line; tells its id. No money moves."""
        lines = [
            {"id": line["id"], "quantity": quantity, "reason": "scratched"}
            for line, quantity in zip(order["lines"], units, strict=False)
            if quantity
        ]
        given = {
            "amount": amount,
            "lines": lines,
            "grantRefundForShipping": shipping,
            "transactionId": await self._payment(order),
        }
        payload = await self.act(_GRANT, order=order["id"], input=given)
        granted: str = payload["grantedRefund"]["id"]
        return granted

    async def pay_granted(self, granted: str) -> None:
        """Asks for a granted refund."""
        await self.act(_PAY_GRANTED, id=granted)

    async def take_back(self, order: Json, fulfilment: str, *, refund: bool) -> None:
        """Takes all of a fulfilment back as a return."""
        query = "query ($id: ID!) { order(id: $id) { fulfillments { id lines { id quantity } } } }"
        found = (await self.host.ask(query, id=order["id"]))["order"]["fulfillments"]
        (lines,) = [one["lines"] for one in found if one["id"] == fulfilment]
        given = {
            "fulfillmentLines": [
                {"fulfillmentLineId": line["id"], "quantity": line["quantity"]} for line in lines
            ],
            "refund": refund,
        }
        await self.act(_RETURN, order=order["id"], input=given)

    async def _payment(self, order: Json) -> str:
        (payment,) = (await self.host.ask(_PAYMENT, id=order["id"]))["order"]["transactions"]
        id_: str = payment["id"]
        return id_

    # `Any` because variables are JSON.
    async def act(self, mutation: str, **variables: Any) -> Json:
        """Carries out a mutation."""
        return await (await self._acting()).change(mutation, **variables)

    async def ask(self, query: str, **variables: Any) -> Json:
        """Asks for what only they may see."""
        return await (await self._acting()).ask(query, **variables)

    async def _acting(self) -> Host:
        if not self.email:
            return self.host
        login = await self.host.change(_TOKEN, email=self.email, password=self.password)
        # It lives for minutes only.
        return Host(self.host.http, self.host.api_url, login["token"])
