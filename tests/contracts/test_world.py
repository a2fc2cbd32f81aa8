"""The invented orders against Amazon's own model, and as the simulated Amazon hands them out."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import httpx
from jsonschema import Draft4Validator

from saleor_amazon_app.simulators.amazon import Credentials, Dataset
from saleor_amazon_app.simulators.amazon.transitions import changed
from saleor_amazon_app.simulators.world import World, make_world, open_amazon
from tests.contracts.amazon_models import amazon_model

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MODEL = "orders_2026-01-01.json"


@cache
def validator(definition: str) -> Draft4Validator:
    definitions = amazon_model(MODEL)["definitions"]
    return Draft4Validator({"$ref": f"#/definitions/{definition}", "definitions": definitions})


def problems(document: Any, definition: str) -> list[str]:
    return [
        f"{'.'.join(map(str, error.absolute_path))}: {error.message}"
        for error in validator(definition).iter_errors(document)
    ]


def a_world(orders: int = 600) -> World:
    return make_world(orders=orders, seed=11, now=NOW, speed=60)


def test_every_state_of_every_order_is_one_of_amazons() -> None:
    """Only the status that nobody has invented yet is outside the model, and nothing else."""
    world = a_world()
    strange = 0
    for number, entry in enumerate(world.book):
        scripted = world.case(number).order
        states = [scripted.order]
        for step in scripted.steps:
            states.append(changed(states[-1], step.changes))
        for state in states:
            found = problems(state, "Order")
            if entry.scenario == "status of tomorrow":
                assert [each.partition(":")[0] for each in found] == [
                    "fulfillment.fulfillmentStatus"
                ]
                strange += 1
            else:
                assert found == []
    assert strange == 6


def test_a_field_of_the_wrong_kind_would_be_found() -> None:
    order = dict(a_world(100).case(0).order.order)
    order["orderItems"] = [dict(order["orderItems"][0], quantityOrdered="two")]

    assert problems(order, "Order") == [
        "orderItems.0.quantityOrdered: 'two' is not of type 'integer'"
    ]


async def test_amazon_hands_out_every_order_once_to_its_seller() -> None:
    # given
    world = a_world()
    later = NOW + timedelta(minutes=30)
    amazon = open_amazon(world, clock=lambda: later)

    # when
    handed_out = [
        [order["orderId"] for order in await everything(amazon.app, seller.refresh_token)]
        for seller in world.sellers
    ]

    # then
    for seller, orders in zip(world.sellers, handed_out, strict=True):
        assert sorted(orders) == sorted(order.order_id for order in world.orders_of(seller))
    assert sum(len(orders) for orders in handed_out) == 600


async def everything(app: Any, refresh_token: str) -> list[dict[str, Any]]:
    """All orders of a seller, page by page, each page judged by the model."""
    credentials = Credentials()
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://amazon.test") as http:
        login = await http.post(
            "/auth/o2/token",
            data={
                "grant_type": "refresh_token",
                "refresh_token": refresh_token,
                "client_id": credentials.client_id,
                "client_secret": credentials.client_secret,
            },
        )
        headers = {"x-amz-access-token": login.json()["access_token"]}
        query = {
            "lastUpdatedAfter": "2026-11-20T00:00:00Z",
            "includedData": ",".join(Dataset),
            "maxResultsPerPage": "100",
        }
        orders: list[dict[str, Any]] = []
        while True:
            answer = await http.get("/orders/2026-01-01/orders", params=query, headers=headers)
            page = answer.json()
            assert answer.status_code == 200, page
            assert all(
                "fulfillmentStatus" in each for each in problems(page, "SearchOrdersResponse")
            )
            orders += page["orders"]
            token = page.get("pagination", {}).get("nextToken")
            if token is None:
                return orders
            query["paginationToken"] = token
