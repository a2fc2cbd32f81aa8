"""The robot: looks for open orders, makes up its mind about each, and does its errands.

Like people it looks at an order before it does anything to it, so that an answer that was lost
makes it do nothing twice.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection, Mapping
from decimal import Decimal
from random import Random
from typing import Any

import httpx

from saleor_amazon_app.simulators.staff import orders
from saleor_amazon_app.simulators.staff.errands import (
    Asked,
    AwaitWord,
    Cancel,
    Errand,
    Must,
    Refund,
    RefundAtAmazon,
    Renumber,
    Ship,
    TakeBack,
    plan_for,
)
from saleor_amazon_app.simulators.staff.orders import StaffOrder, read_order

_PAGE = 100
_LOOK_EVERY = 1.0
# Before staff take an order up, and between two errands of one order.
_FIRST_LOOK = (2.0, 8.0)
_BETWEEN = (0.2, 2.0)
# Hundreds of orders are under way at a time, and the shop has others to serve.
_AT_ONCE = 2
_AGAIN_AFTER = 3.0
_WORD_WITHIN = 600.0
_TIMES = 200
# Refusals of something that is done already.
_ALREADY = {
    "FULFILL_ORDER_LINE",
    "CANNOT_CANCEL_FULFILLMENT",
    "CANNOT_CANCEL_ORDER",
    "REFUND_IS_PENDING",
    "REFUND_ALREADY_PROCESSED",
}
# How the shop calls a request that it could not hand over to the app.
_UNDELIVERED = "Failed to delivery request."


# Pays a part of an order item back in Seller Central: order, item, amount.
SellerCentral = Callable[[str, str, Decimal], Awaitable[None]]


class StaffRefusedError(Exception):
    """The shop refused what no refusal was expected for."""


class _NotAnsweredError(Exception):
    """The shop did not answer, or not with an answer."""


class Robot:
    """Staff at work.

    Args:
        http: how the shop is reached.
        api_url: the shop's API.
        token: of somebody who may do everything.
        seed: another seed, other errands.
        pace: what all waiting is multiplied with.
        seller_central: where they pay back by hand; None for staff who never do.

    Attributes:
        asked: the refunds they asked for.
        taken_up: how many orders they have made up their mind about.
        finished: how many of those they are done with.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        api_url: str,
        token: str,
        *,
        seed: int,
        pace: float = 1,
        seller_central: SellerCentral | None = None,
    ) -> None:
        self.asked: dict[str, Asked] = {}
        self.taken_up = 0
        self.finished = 0
        self._http = http
        self._api_url = api_url
        self._headers = {"Authorization": f"Bearer {token}"}
        self._seed = seed
        self._pace = pace
        self._seller_central = seller_central
        self._seen: set[str] = set()
        self._desk = asyncio.Semaphore(_AT_ONCE)

    @property
    def is_idle(self) -> bool:
        """Whether every order that was taken up is done with."""
        return self.finished == self.taken_up

    async def run(self, *, already_parted: Collection[str] = ()) -> None:
        """Works until cancelled.

        Args:
            already_parted: Amazon's numbers of orders of which something left elsewhere; staff
                take them up only when the shop shows that.

        Raises:
            StaffRefusedError: the shop did not let them do what it should.
        """
        async with asyncio.TaskGroup() as errands:
            while True:
                for found in await self._open_orders():
                    reference = found["externalReference"]
                    is_ready = found["status"] != "UNFULFILLED" or reference not in already_parted
                    is_paid = found["chargeStatus"] == "FULL"
                    if reference and is_ready and is_paid and reference not in self._seen:
                        self._seen.add(reference)
                        self.taken_up += 1
                        errands.create_task(self._take_up(found["id"], reference))
                await self._pause(_LOOK_EVERY)

    async def _take_up(self, order_id: str, reference: str) -> None:
        rng = Random(f"{self._seed}/staff/{reference}")
        await self._pause(rng.uniform(*_FIRST_LOOK))
        order = await self._look(order_id)
        for errand in plan_for(order, rng):
            if not await self._see_to(errand, order_id):
                break
            await self._pause(rng.uniform(*_BETWEEN))
        self.finished += 1

    async def _see_to(self, errand: Errand, order_id: str) -> bool:
        """Looks and acts until the order shows that the errand is done; tells whether to go on."""
        times = int(_WORD_WITHIN / _AGAIN_AFTER) if isinstance(errand, AwaitWord) else _TIMES
        for _ in range(times):
            order = await self._look(order_id)
            if isinstance(errand, Refund):
                done = await self._refund(errand, order)
            else:
                done = await self._do(errand, order)
            if done:
                return True
            await self._pause(_AGAIN_AFTER)
        if isinstance(errand, AwaitWord):
            return not errand.is_vital
        raise StaffRefusedError(f"{order.reference}: {errand} does not come about")

    async def _do(self, errand: Errand, order: StaffOrder) -> bool:
        """Does an errand that is not done; tells whether there was nothing left to do."""
        match errand:
            case Ship() if not order.parcel(errand.number, errand.becomes):
                await self._act(orders.SHIP, order=order.id, input=_shipping(errand))
            case Renumber():
                return await self._renumber(errand, order)
            case AwaitWord():
                return any(errand.word in note for note in order.notes)
            case TakeBack():
                parcel = order.parcel(errand.number)
                if parcel is None or parcel.status == "CANCELED":
                    return True
                back = {"warehouseId": parcel.warehouse_id}
                await self._act(orders.TAKE_BACK, id=parcel.id, input=back)
            case RefundAtAmazon() if self._seller_central:
                await self._seller_central(order.reference, errand.item_id, errand.amount)
                return True
            case Cancel() if order.status != "CANCELED":
                await self._act(orders.CANCEL, id=order.id)
            case _:
                return True
        return False

    async def _renumber(self, errand: Renumber, order: StaffOrder) -> bool:
        parcel = order.parcel(errand.number, errand.becomes)
        if parcel is None:
            return True
        if errand.carrier and parcel.carrier != errand.carrier:
            pair = {"key": "amazonCarrier", "value": errand.carrier}
            await self._act(orders.NAME_CARRIER, id=parcel.id, input=[pair])
            return False
        if parcel.number == errand.becomes:
            return True
        number = {"trackingNumber": errand.becomes, "notifyCustomer": True}
        await self._act(orders.RENUMBER, id=parcel.id, input=number)
        return False

    async def _refund(self, errand: Refund, order: StaffOrder) -> bool:
        """Asks for a refund until the app was given the request; tells whether it was."""
        assert order.transaction_id is not None
        requests = [each for each in order.money if each.kind == "REFUND_REQUEST"]
        if requests and requests[0].reference:
            return True
        newest = order.money[0] if order.money else None
        undelivered = newest is not None and newest.message == _UNDELIVERED
        if newest in requests and not undelivered:
            return False
        if requests and not (undelivered and errand.units is not None):
            # The app answered with a refusal, or staff dare not ask for this a second time.
            self._note(errand, order, Must.MAY if undelivered else errand.must)
            return True
        self._note(errand, order, errand.must)
        if errand.units is None:
            wanted = {"amount": str(errand.amount), "reason": errand.reason}
            await self._act(orders.REQUEST, id=order.transaction_id, **wanted)
        elif errand.reason in order.granted:
            await self._act(orders.REQUEST_GRANTED, id=order.granted[errand.reason])
        else:
            await self._act(orders.GRANT, id=order.id, input=_granting(errand, order))
        return False

    def _note(self, errand: Refund, order: StaffOrder, must: Must) -> None:
        self.asked[order.reference] = Asked(order.reference, errand.amount, must)

    async def _pause(self, seconds: float) -> None:
        await asyncio.sleep(seconds * self._pace)

    async def _open_orders(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        after: str | None = None
        while True:
            try:
                page = (await self._ask(orders.OPEN_ORDERS, first=_PAGE, after=after))["orders"]
            except _NotAnsweredError:
                return found
            found += [edge["node"] for edge in page["edges"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                return found

    async def _look(self, order_id: str) -> StaffOrder:
        while True:
            try:
                return read_order((await self._ask(orders.ORDER, id=order_id))["order"])
            except _NotAnsweredError:
                await self._pause(_AGAIN_AFTER)

    async def _act(self, mutation: str, **variables: Any) -> None:
        """Does something; what came of it is seen when the order is looked at again.

        Raises:
            StaffRefusedError: the shop refuses.
        """
        try:
            (answer,) = (await self._ask(mutation, **variables)).values()
        except _NotAnsweredError:
            return
        # What was done although its answer got lost is refused a second time: look again.
        codes = {error["code"] for error in answer["errors"]}
        if codes - _ALREADY:
            raise StaffRefusedError(f"{variables}: {answer['errors']}")

    async def _ask(self, query: str, **variables: Any) -> Mapping[str, Any]:
        """Asks the shop.

        Raises:
            _NotAnsweredError: it does not answer, or fell over.
            StaffRefusedError: it does not understand, or does not let staff do this.
        """
        body = {"query": query, "variables": variables}
        try:
            async with self._desk:
                response = await self._http.post(self._api_url, json=body, headers=self._headers)
            told = json.loads(response.content, parse_float=Decimal)
        except (httpx.TransportError, ValueError) as error:
            raise _NotAnsweredError from error
        if not isinstance(told, dict):
            raise _NotAnsweredError
        kinds = {each["extensions"]["exception"]["code"] for each in told.get("errors", ())}
        if kinds & {"PermissionDenied", "GraphQLError"}:
            raise StaffRefusedError(str(told["errors"]))
        if kinds or "data" not in told:
            raise _NotAnsweredError
        data: Mapping[str, Any] = told["data"]
        return data


def _shipping(errand: Ship) -> dict[str, Any]:
    lines = [
        {
            "orderLineId": line,
            "stocks": [{"warehouse": errand.warehouse_id, "quantity": quantity}],
        }
        for line, quantity in errand.units.items()
    ]
    # The dashboard's own default is to have the customer told.
    return {"lines": lines, "trackingNumber": errand.number, "notifyCustomer": True}


def _granting(errand: Refund, order: StaffOrder) -> dict[str, Any]:
    return {
        "transactionId": order.transaction_id,
        "amount": str(errand.amount),
        "reason": errand.reason,
        "lines": [{"id": line, "quantity": n} for line, n in (errand.units or {}).items()],
        "grantRefundForShipping": errand.shipping,
    }
