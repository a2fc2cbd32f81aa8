"""What a decision sends is the host's own input in every version we support.

The orders come from Amazon's samples and from the ways an order can take.
"""

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLEnumType, GraphQLError, GraphQLInputObjectType
from graphql.utilities import validate_input_value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from typer.testing import CliRunner

from saleor_amazon_app.amazon.order_records import parse_order
from saleor_amazon_app.entrypoints.cli import app
from saleor_amazon_app.mapping.addresses import COUNTRIES
from saleor_amazon_app.mapping.decisions import PlaceOrder, Store
from saleor_amazon_app.mapping.orders import decide
from tests.contracts.amazon_models import amazon_model, samples
from tests.contracts.host_schemas import HOSTS, schema_of
from tests.unit.amazon_orders import JP, Json, an_item, an_order
from tests.unit.host_catalogues import MAIN, NOW, a_host, a_variant, choices

MODEL = "orders_2026-01-01.json"


def sample_orders() -> list[Json]:
    model = amazon_model(MODEL)
    lists = [answer["orders"] for answer in samples(model, "searchOrders")]
    single = [answer["order"] for answer in samples(model, "getOrder")]
    return [order for orders in lists for order in orders] + single


def refusals(sent: Json, host: tuple[int, int]) -> list[str]:
    """What the host's schema says against an order, each with its place in it."""
    wanted = schema_of(host).type_map["OrderBulkCreateInput"]
    assert isinstance(wanted, GraphQLInputObjectType)
    found: list[str] = []

    def refused(error: GraphQLError, path: list[str | int]) -> None:
        found.append(f"{path}: {error.message}")

    validate_input_value(sent, wanted, refused)
    return found


def previewed(folder: Path, order: Json) -> Json:
    file = folder / "order.json"
    file.write_text(json.dumps(order))
    result = CliRunner().invoke(app, ["preview", str(file), "--assume-catalogue", "--json"])
    assert result.exit_code == 0, result.stderr
    (found,) = json.loads(result.stdout)
    return dict(found)


def partly(shipped: int, unshipped: int) -> Json:
    given = {"quantityFulfilled": shipped, "quantityUnfulfilled": unshipped}
    return an_item(quantity=shipped + unshipped, fulfillment=given)


@dataclass(frozen=True)
class Way:
    """An order, what the merchant chose for it, and what is free in the host."""

    order: Json
    settings: dict[str, Any]
    free: int = 100


WAYS = {
    "DRAFT": Way(an_order(), {}),
    "DRAFT of a new customer": Way(
        an_order(buyer={"buyerEmail": "a@marketplace.amazon.com"}), {"customer": "CREATE_OR_REUSE"}
    ),
    "DRAFT in yen": Way(
        an_order(
            [an_item("1000", currency="JPY")],
            marketplace=JP,
            grand_total="1000",
            address={
                "addressLine1": "1-2-3",
                "stateOrRegion": "東京都",
                "postalCode": "150-0043",
                "countryCode": "JP",
            },
        ),
        {"taxRates": {"JP": "0.1"}},
    ),
    "DRAFT, partly shipped": Way(an_order([partly(1, 2)], status="PARTIALLY_SHIPPED"), {}),
    "PARTIALLY_FULFILLED": Way(an_order([partly(1, 2)], status="PARTIALLY_SHIPPED"), {}, free=2),
    "FULFILLED, taken from stock": Way(an_order(status="SHIPPED"), {}),
    "FULFILLED, not in stock": Way(an_order(status="SHIPPED"), {}, free=0),
    "FULFILLED by Amazon": Way(
        an_order(
            status="SHIPPED",
            fulfilled_by="AMAZON",
            address={"city": "Seattle", "stateOrRegion": "WA", "countryCode": "US"},
        ),
        {},
    ),
}


@pytest.mark.parametrize("host", HOSTS, ids=str)
@pytest.mark.parametrize("way", WAYS)
def test_every_way_into_the_host_is_an_input_of_the_host(way: str, host: tuple[int, int]) -> None:
    # given
    case = WAYS[way]

    # when
    decision = decide(
        parse_order(case.order),
        choices(**case.settings),
        a_host(a_variant(free={MAIN: case.free})),
        store=Store(name="Shop"),
        now=NOW,
    )

    # then
    assert isinstance(decision, PlaceOrder), decision
    assert decision.order_input.status == way.split(",")[0].split(" ")[0]
    assert refusals(decision.order_input.to_variables(), host) == []


def test_the_judge_of_inputs_sees_what_is_wrong() -> None:
    assert refusals({"channel": 7, "variantSku": "x"}, HOSTS[-1]) != []


@pytest.mark.parametrize("host", HOSTS, ids=str)
def test_the_countries_are_the_host_s(host: tuple[int, int]) -> None:
    codes = schema_of(host).type_map["CountryCode"]
    assert isinstance(codes, GraphQLEnumType)

    # The European Union is no country that a parcel goes to.
    assert set(codes.values) - {"EU"} == COUNTRIES


def test_every_sample_of_amazon_can_be_previewed(tmp_path: Path) -> None:
    found = [previewed(tmp_path, order) for order in sample_orders()]

    told = {
        each["amazonOrderId"]: (each["decision"], [reason["code"] for reason in each["reasons"]])
        for each in found
    }
    assert told == {
        "250-1234567-8901234": ("place", []),
        "202-7654321-1098765": ("hold", ["UNSUPPORTED"]),
        "171-2345678-9012345": ("place", []),
        "171-9876543-2109876": ("place", []),
        "028-1234567-8901234": ("place", []),
        "114-9876543-1234567": ("place", []),
    }
    for order, each in zip(sample_orders(), found, strict=True):
        if each["input"]:
            assert Decimal(each["totals"]["gross"]) == Decimal(
                order["proceeds"]["grandTotal"]["amount"]
            )
            assert [refusals(each["input"], host) for host in HOSTS] == [[], [], []]


def places_in(node: Any, so_far: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    below = node.items() if isinstance(node, dict) else enumerate(node)
    found: list[tuple[str | int, ...]] = []
    for step, value in below:
        found.append((*so_far, step))
        if isinstance(value, dict | list):
            found += places_in(value, (*so_far, step))
    return found


@given(data=st.data())
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50
)
def test_a_sample_without_one_of_its_fields_is_decided_if_amazon_may_leave_it_out(
    tmp_path: Path, data: st.DataObject
) -> None:
    # given
    order = json.loads(json.dumps(data.draw(st.sampled_from(sample_orders()))))
    *steps, last = data.draw(st.sampled_from(places_in(order)))
    node = order
    for step in steps:
        node = node[step]
    del node[last]
    model = amazon_model(MODEL)
    schema = {"$ref": "#/definitions/Order", "definitions": model["definitions"]}
    if not Draft4Validator(schema).is_valid(order):
        return

    # when
    found = previewed(tmp_path, order)

    # then
    assert found["decision"] in {"place", "hold", "skip"}
    if found["input"]:
        assert refusals(found["input"], HOSTS[-1]) == []
