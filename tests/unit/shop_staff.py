"""A simulated shop with staff in it, and an app that hears it and is asked for refunds."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx

from saleor_amazon_app.simulators.saleor import Seed, create_shop
from tests.simulated_amazon import HandClock
from tests.unit.shop_counter import PERMISSIONS, Counter

HEARD = (
    "FULFILLMENT_CREATED",
    "FULFILLMENT_APPROVED",
    "FULFILLMENT_TRACKING_NUMBER_UPDATED",
    "FULFILLMENT_CANCELED",
    "FULFILLMENT_METADATA_UPDATED",
    "ORDER_CANCELLED",
    "ORDER_UPDATED",
)

REFUND = "TRANSACTION_REFUND_REQUESTED"
WHO = "issuingPrincipal { ... on App { id } ... on User { email } }"
ASKED = """subscription { event { __typename issuedAt recipient { id }
  ... on TransactionRefundRequested {
  action { actionType amount currency }
  transaction { id pspReference }
  grantedRefund { id amount { amount } shippingCostsIncluded status
    lines { quantity orderLine { id } } } } } }"""
GRANT = """mutation ($id: ID!, $input: OrderGrantRefundCreateInput!) {
  orderGrantRefundCreate(id: $id, input: $input) {
    grantedRefund { id status amount { amount } shippingCostsIncluded user { email }
      lines { quantity orderLine { id } } }
    errors { field code message lines { lineId field code message } } } }"""
REQUEST_GRANTED = """mutation ($id: ID!) {
  transactionRequestRefundForGrantedRefund(grantedRefundId: $id) {
    transaction { id } errors { field code message } } }"""
REQUEST = """mutation ($id: ID!, $amount: PositiveDecimal, $reason: ID) {
  transactionRequestAction(id: $id, actionType: REFUND, amount: $amount,
                           refundReasonReference: $reason) {
    transaction { id } errors { field code message } } }"""
MONEY = """query ($id: ID!) { order(id: $id) {
  chargeStatus
  grantedRefunds { id status }
  transactions { chargedAmount { amount } refundedAmount { amount } refundPendingAmount { amount }
    events { type pspReference amount { amount } message
      createdBy { ... on App { identifier } ... on User { email } } } } } }"""

Answer = tuple[int, Any]


@dataclass
class Staffed(Counter):
    """The shop, an app's way to it, and a member of staff's.

    Attributes:
        heard: what the app was sent, bodies as they came.
        answer: what the app answers, the number of the request given; None breaks the connection.
    """

    clock: HandClock = field(default_factory=HandClock)
    staff_token: str = ""
    heard: list[httpx.Request] = field(default_factory=list)
    answer: Callable[[int], Answer | None] = lambda number: (200, {"pspReference": f"r{number}"})

    async def by_staff(self, query: str, **variables: Any) -> Any:
        """What the shop answers a member of staff; one field is unwrapped."""
        own, self.token = self.token, self.staff_token
        try:
            return await self.data(query, **variables)
        finally:
            self.token = own

    async def listen(self, *events: str) -> None:
        """Makes a webhook of the app for each event; without any, for all that are known."""
        for event in events or (*HEARD, REFUND):
            kind = "".join(word.capitalize() for word in event.split("_"))
            about = (
                "fulfillment { id trackingNumber }" if "FULFILLMENT" in event else "order { id }"
            )
            notify = "notifyCustomer" if event.endswith(("ED_CREATED", "T_CREATED")) else ""
            query = (
                ASKED
                if event == REFUND
                else f"subscription {{ event {{ __typename {WHO} ... on {kind} "
                f"{{ {about} {notify} }} }} }}"
            )
            asked = {
                "name": event,
                "targetUrl": f"http://app.test/{event}",
                "isActive": True,
                "query": query,
                "syncEvents" if event == REFUND else "asyncEvents": [event],
            }
            answer = await self.data(
                "mutation ($input: WebhookCreateInput!) { webhookCreate(input: $input) "
                "{ webhook { syncEvents { eventType name } } errors { field code message } } }",
                input=asked,
            )
            assert answer["errors"] == []

    async def deliver(self, *, later: timedelta = timedelta()) -> list[int | None]:
        """Lets time pass and the shop deliver; what the app answered."""
        self.clock.now += later
        return [attempt.status for attempt in await self.shop.deliveries.deliver_due()]

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """What the app heard, without bodies that were empty."""
        return [json.loads(request.content) for request in self.heard if request.content]

    def kinds(self) -> list[str]:
        """The types of what the app heard, in their order."""
        return [body["__typename"] for body in self.bodies]

    async def charged(self, **changes: Any) -> tuple[dict[str, Any], str]:
        """A paid order and its transaction."""
        order = await self.completed(**changes)
        answer = await self.pay(order["id"], str(order["currencyTotal"]["gross"]["amount"]))
        return order, answer["transaction"]["id"]

    async def money(self, order_id: str) -> dict[str, Any]:
        """Charged, refunded and pending, newest events first, and granted refunds by status."""
        order = await self.data(MONEY, id=order_id)
        (transaction,) = order["transactions"]
        names = ("chargedAmount", "refundedAmount", "refundPendingAmount")
        return {
            "status": order["chargeStatus"],
            "sums": tuple(transaction[name]["amount"] for name in names),
            "granted": [each["status"] for each in order["grantedRefunds"]],
            "events": [
                (each["type"], each["pspReference"], each["message"])
                for each in transaction["events"]
            ],
        }


def open_staffed(seed: Seed | None = None) -> Staffed:
    """A shop with an app and a member of staff."""
    clock = HandClock()

    def take(request: httpx.Request) -> httpx.Response:
        staffed.heard.append(request)
        if request.url.path != f"/{REFUND}":
            return httpx.Response(200)
        answered = staffed.answer(sum(each.url.path == f"/{REFUND}" for each in staffed.heard))
        if answered is None:
            raise httpx.ConnectError("nobody there")
        status, body = answered
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return httpx.Response(status, content=content)

    shop = create_shop(seed, clock=clock, transport=httpx.MockTransport(take))
    http = httpx.AsyncClient(
        transport=httpx.ASGITransport(shop.app), base_url="http://shop.test", timeout=5
    )
    staffed = Staffed(shop, http, shop.add_app(PERMISSIONS), clock, shop.add_staff())
    return staffed
