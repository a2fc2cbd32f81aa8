"""Every answer of the simulated Amazon, good or bad, is one that Amazon's own models describe."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator, FormatChecker

from saleor_amazon_app.core.marketplaces import MARKETPLACES
from saleor_amazon_app.simulators.amazon import (
    Dataset,
    ScriptedOrder,
    create_amazon,
    datasets,
    transitions,
)
from saleor_amazon_app.simulators.amazon.buckets import LIMITS, Operation
from tests.contracts.amazon_models import amazon_model, described, samples
from tests.simulated_amazon import (
    EVERYTHING,
    NOON,
    ORDERS,
    HandClock,
    amazon_order,
    line_to,
    log_in,
    order_id,
)

ORDERS_MODEL = "orders_2026-01-01.json"
SELLERS_MODEL = "sellers.json"
DATASETS = st.sets(st.sampled_from(sorted(Dataset)))

_formats = FormatChecker()


@_formats.checks("date-time", raises=ValueError)
def _is_date_time(value: object) -> bool:
    return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None


@cache
def validator(model_name: str, definition: str) -> Draft4Validator:
    definitions = amazon_model(model_name)["definitions"]
    schema = {"$ref": f"#/definitions/{definition}", "definitions": definitions}
    return Draft4Validator(schema, format_checker=_formats)


def assert_valid(answer: httpx.Response, model_name: str, definition: str) -> None:
    problems = [
        f"{list(problem.absolute_path)}: {problem.message}"
        for problem in validator(model_name, definition).iter_errors(answer.json())
    ]
    assert problems == []
    assert answer.headers["x-amzn-RequestId"]


def sample_orders() -> list[dict[str, Any]]:
    """All orders Amazon's model shows: in its sandbox and in its examples."""
    model = amazon_model(ORDERS_MODEL)
    answers = [*samples(model, "searchOrders"), *samples(model, "getOrder")]
    for operation in ("searchOrders", "getOrder"):
        answers += described(model, operation)[1]["responses"]["200"]["examples"].values()
    return [order for answer in answers for order in answer.get("orders", [answer.get("order")])]


def untouched_by_rules(order: dict[str, Any]) -> dict[str, Any]:
    """The sample without what its own model says such an order never shows."""
    if order["fulfillment"]["fulfilledBy"] == "MERCHANT":
        return order
    buyer = {key: value for key, value in order["buyer"].items() if key != "buyerEmail"}
    return {**order, "buyer": buyer}


async def test_every_sample_order_comes_back_as_the_model_shows_it() -> None:
    orders = sample_orders()
    assert len(orders) == 8
    for order in orders:
        placed = datetime.fromisoformat(order["lastUpdatedTime"])
        clock = HandClock(placed + timedelta(hours=1))
        amazon = create_amazon([ScriptedOrder(order)], clock=clock)

        async with line_to(amazon) as http:
            await log_in(http)
            one = await http.get(f"{ORDERS}/{order['orderId']}?includedData={EVERYTHING}")
            after = order["lastUpdatedTime"]
            listed = await http.get(
                ORDERS, params={"lastUpdatedAfter": after, "includedData": EVERYTHING}
            )

        assert one.json() == {"order": untouched_by_rules(order)}
        assert listed.json()["orders"] == [untouched_by_rules(order)]
        assert_valid(one, ORDERS_MODEL, "GetOrderResponse")
        assert_valid(listed, ORDERS_MODEL, "SearchOrdersResponse")


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(included=DATASETS, denied=DATASETS)
async def test_any_choice_of_datasets_gives_valid_orders(
    included: set[Dataset], denied: set[Dataset]
) -> None:
    states = ["PENDING", "UNSHIPPED", "SHIPPED", "CANCELLED"]
    made = [amazon_order(number, status=status) for number, status in enumerate(states)]
    orders = [ScriptedOrder(order) for order in [*sample_orders(), *made]]
    amazon = create_amazon(orders, clock=HandClock())
    for dataset in denied:
        amazon.seller.deny_dataset(dataset)
    query = {"lastUpdatedAfter": "2024-01-01T00:00:00Z"}
    if included:
        query["includedData"] = ",".join(included)

    async with line_to(amazon) as http:
        await log_in(http)
        answer = await http.get(ORDERS, params=query)

    assert_valid(answer, ORDERS_MODEL, "SearchOrdersResponse")
    shown = answer.json()["orders"]
    assert len(shown) == len(orders)
    assert all(("fulfillment" in order) <= (Dataset.FULFILLMENT in included) for order in shown)


def test_the_datasets_and_the_fields_that_need_none_are_the_models() -> None:
    definitions = amazon_model(ORDERS_MODEL)["definitions"]
    of_order, of_item = definitions["Order"]["properties"], definitions["OrderItem"]["properties"]

    named = {
        parameter["name"]: set(parameter["items"]["enum"])
        for parameter in described(amazon_model(ORDERS_MODEL), "searchOrders")[1]["parameters"]
        if "enum" in parameter.get("items", {})
    }

    assert named["includedData"] == set(Dataset)
    assert named["fulfillmentStatuses"] == transitions.STATUSES
    assert of_order.keys() - datasets.OF_ORDER.keys() == {
        "orderId",
        "orderAliases",
        "createdTime",
        "lastUpdatedTime",
        "programs",
        "associatedOrders",
        "salesChannel",
        "orderItems",
    }
    assert of_item.keys() - datasets.OF_ITEM.keys() == {
        "orderItemId",
        "quantityOrdered",
        "measurement",
        "associatedOrderItems",
        "programs",
        "product",
    }


@pytest.mark.parametrize(
    ("model_name", "operation"),
    [
        (ORDERS_MODEL, Operation.SEARCH_ORDERS),
        (ORDERS_MODEL, Operation.GET_ORDER),
        (SELLERS_MODEL, Operation.GET_MARKETPLACE_PARTICIPATIONS),
        ("ordersV0.json", Operation.CONFIRM_SHIPMENT),
        ("feeds_2021-06-30.json", Operation.CREATE_FEED_DOCUMENT),
        ("feeds_2021-06-30.json", Operation.CREATE_FEED),
        ("feeds_2021-06-30.json", Operation.GET_FEED),
        ("feeds_2021-06-30.json", Operation.GET_FEEDS),
        ("feeds_2021-06-30.json", Operation.GET_FEED_DOCUMENT),
        ("finances_2024-06-19.json", Operation.LIST_TRANSACTIONS),
    ],
)
def test_the_limits_are_the_models_usage_plans(model_name: str, operation: Operation) -> None:
    text = described(amazon_model(model_name), operation)[1]["description"]
    plan = re.search(r"\| ([\d.]+) \| (\d+) \|", text)

    assert plan is not None
    limit = LIMITS[operation]
    assert (limit.rate, limit.burst) == (Decimal(plan[1]), int(plan[2]))


async def test_participations_in_every_marketplace_are_valid() -> None:
    amazon = create_amazon(marketplaces=list(MARKETPLACES))

    async with line_to(amazon) as http:
        await log_in(http)
        answer = await http.get("/sellers/v1/marketplaceParticipations")

    assert_valid(answer, SELLERS_MODEL, "GetMarketplaceParticipationsResponse")
    shown = [one["marketplace"]["id"] for one in answer.json()["payload"]]
    assert shown == list(MARKETPLACES)
    assert answer.headers["x-amzn-RateLimit-Limit"] == "0.016"


@pytest.mark.parametrize(
    ("_case", "status", "code"),
    [
        ("unknown order", 404, "NotFound"),
        ("no order number", 400, "InvalidInput"),
        ("no time", 400, "InvalidInput"),
        ("no token", 403, "Unauthorized"),
        ("a role is missing", 403, "Unauthorized"),
        ("over the limit", 429, "QuotaExceeded"),
        ("a failure", 500, "InternalFailure"),
        ("maintenance", 503, "InternalFailure"),
    ],
)
async def test_every_refusal_is_an_error_list(_case: str, status: int, code: str) -> None:
    amazon = create_amazon([ScriptedOrder(amazon_order())], clock=HandClock())
    path = {
        "unknown order": f"{ORDERS}/999-9999999-9999999",
        "no order number": f"{ORDERS}/TEST_CASE_400",
        "no time": f"{ORDERS}?createdAfter=TEST_CASE_400",
    }.get(_case, f"{ORDERS}/{order_id()}")

    async with line_to(amazon) as http:
        await log_in(http)
        match _case:
            case "no token":
                del http.headers["x-amz-access-token"]
            case "a role is missing":
                amazon.seller.refuse_orders()
            case "over the limit":
                amazon.faults.throttle_next()
            case "a failure" | "maintenance":
                amazon.faults.fail_next(status)
        answer = await http.get(path)

    assert answer.status_code == status
    assert_valid(answer, ORDERS_MODEL, "ErrorList")
    assert_valid(answer, SELLERS_MODEL, "GetMarketplaceParticipationsResponse")
    (error,) = answer.json()["errors"]
    assert error["code"] == code
    assert ("x-amzn-RateLimit-Limit" in answer.headers) == (status in {400, 404})


async def test_page_answers_of_both_kinds_of_search_are_valid() -> None:
    orders = [ScriptedOrder(amazon_order(number)) for number in range(3)]
    amazon = create_amazon(orders, clock=HandClock())

    async with line_to(amazon) as http:
        await log_in(http)
        for kind in ("created", "lastUpdated"):
            query = {f"{kind}After": "2026-11-01T00:00:00Z", "maxResultsPerPage": "2"}
            answer = await http.get(ORDERS, params=query)

            assert_valid(answer, ORDERS_MODEL, "SearchOrdersResponse")
            assert answer.json().keys() == {"orders", "pagination", f"{kind}Before"}
            until = NOON - timedelta(minutes=2)
            assert datetime.fromisoformat(answer.json()[f"{kind}Before"]) == until
