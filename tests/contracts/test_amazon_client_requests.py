"""What the client sends is what Amazon's models describe, and what they answer can be read."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_amazon_app.amazon.datasets import Dataset
from saleor_amazon_app.amazon.order_records import Order
from saleor_amazon_app.amazon.orders import OrderQuery, Since, get_order, search_orders
from saleor_amazon_app.amazon.sellers import Participation, marketplace_participations
from saleor_amazon_app.amazon.throttle import LIMITS, Operation
from saleor_amazon_app.core.ids import AmazonOrderId, MarketplaceId
from saleor_amazon_app.core.marketplaces import MARKETPLACES
from tests.contracts.amazon_line import line
from tests.contracts.amazon_models import amazon_model, assert_allowed, described, samples

ORDERS = "orders_2026-01-01.json"
SELLERS = "sellers.json"
GERMANY = MarketplaceId("A1PA6795UKMFR9")
FRANCE = MarketplaceId("A13V1IB3VIYZZH")
NOTHING = {"orders": [], "lastUpdatedBefore": "2026-11-20T11:58:00.123Z"}

queries = st.builds(
    OrderQuery,
    marketplaces=st.lists(
        st.sampled_from(sorted(MARKETPLACES)), min_size=1, max_size=23, unique=True
    ).map(tuple),
    after=st.datetimes(min_value=datetime(2024, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    since=st.sampled_from(Since),
    datasets=st.frozensets(st.sampled_from(Dataset)),
    page_token=st.none() | st.text(min_size=1, alphabet=st.characters(codec="ascii")),
    page_size=st.integers(1, 100),
)


@given(query=queries)
async def test_every_search_is_one_that_amazon_describes(query: OrderQuery) -> None:
    model = amazon_model(ORDERS)
    amazon = line(httpx.Response(200, json=NOTHING))

    await search_orders(amazon.client, query)

    assert_allowed(amazon.request, model, "searchOrders")
    sent = amazon.request.url.params
    assert len({"createdAfter", "lastUpdatedAfter"} & set(sent)) == 1
    assert "FULFILLMENT" in sent["includedData"].split(",")
    assert sent.get("paginationToken") == query.page_token


async def test_a_search_carries_the_token_names_the_app_and_has_time_outs() -> None:
    amazon = line(httpx.Response(200, json=NOTHING))
    query = OrderQuery(
        marketplaces=(GERMANY, FRANCE), after=datetime(2026, 11, 20, 11, 48, tzinfo=UTC)
    )

    await search_orders(amazon.client, query)

    request = amazon.request
    assert str(request.url) == (
        "https://spapi.test/orders/2026-01-01/orders"
        "?lastUpdatedAfter=2026-11-20T11%3A48%3A00Z"
        "&marketplaceIds=A1PA6795UKMFR9%2CA13V1IB3VIYZZH"
        "&includedData=BUYER%2CRECIPIENT%2CPROCEEDS%2CCANCELLATION%2CFULFILLMENT%2CPACKAGES%2CTAX"
        "&maxResultsPerPage=100"
    )
    assert request.headers["x-amz-access-token"] == "Atza|token-1"
    assert request.headers["user-agent"].startswith("saleor-amazon-app/")
    assert request.extensions["timeout"] == {
        "connect": 10.0,
        "read": 30.0,
        "write": 30.0,
        "pool": 30.0,
    }
    assert amazon.throttle.permitted == [Operation.SEARCH_ORDERS]


async def test_a_kept_query_asks_for_its_next_page_with_the_same_parameters() -> None:
    first = OrderQuery(
        marketplaces=(GERMANY, FRANCE),
        after=datetime(2026, 11, 20, 11, 48, 0, 123456, tzinfo=UTC),
        datasets=frozenset({Dataset.PROCEEDS, Dataset.BUYER}),
    )
    token = "9ZhB4R+mVy/c2lvb= iAx%2BLjAg"
    amazon = line(httpx.Response(200, json=NOTHING), httpx.Response(200, json=NOTHING))

    await search_orders(amazon.client, first)
    kept = json.dumps(first.model_dump(mode="json"))
    again = OrderQuery.model_validate_json(kept).model_copy(update={"page_token": token})
    await search_orders(amazon.client, again)

    before, after = (request.url.params for request in amazon.requests)
    assert dict(after) == {**before, "paginationToken": token}


async def test_a_page_says_where_the_next_one_and_the_next_search_begin() -> None:
    page = {**NOTHING, "pagination": {"nextToken": "n/2+="}}
    amazon = line(httpx.Response(200, json=page), httpx.Response(200, json=NOTHING))
    query = OrderQuery(marketplaces=(GERMANY,), after=datetime(2026, 11, 20, tzinfo=UTC))

    middle = await search_orders(amazon.client, query)
    last = await search_orders(amazon.client, query)

    assert middle.next_token == "n/2+="
    assert last.next_token is None
    assert (last.orders, last.unreadable) == ((), ())
    assert last.last_updated_before == datetime(2026, 11, 20, 11, 58, 0, 123000, tzinfo=UTC)


@pytest.mark.parametrize("empty", [{}, {"nextToken": None}, {"nextToken": ""}])
async def test_a_pagination_without_a_token_is_the_last_page(empty: dict[str, object]) -> None:
    amazon = line(httpx.Response(200, json={**NOTHING, "pagination": empty}))
    query = OrderQuery(marketplaces=(GERMANY,), after=datetime(2026, 11, 20, tzinfo=UTC))

    assert (await search_orders(amazon.client, query)).next_token is None


async def test_every_page_of_amazons_sandbox_can_be_read() -> None:
    pages = samples(amazon_model(ORDERS), "searchOrders")
    amazon = line(*(httpx.Response(200, json=page) for page in pages))
    query = OrderQuery(marketplaces=(GERMANY,), after=datetime(2026, 11, 20, tzinfo=UTC))

    read = [await search_orders(amazon.client, query) for _ in pages]

    assert [page.unreadable for page in read] == [()] * len(pages)
    assert [[order.order_id for order in page.orders] for page in read] == [
        [order["orderId"] for order in page["orders"]] for page in pages
    ]


async def test_every_order_of_amazons_sandbox_can_be_read() -> None:
    model = amazon_model(ORDERS)
    answers = samples(model, "getOrder")
    amazon = line(*(httpx.Response(200, json=answer) for answer in answers))

    for answer in answers:
        order = await get_order(amazon.client, AmazonOrderId(answer["order"]["orderId"]))
        assert isinstance(order, Order)
        assert order.order_id == answer["order"]["orderId"]

    for request in amazon.requests:
        assert_allowed(request, model, "getOrder")


async def test_an_order_id_cannot_leave_its_place_in_the_path() -> None:
    model = amazon_model(ORDERS)
    answer = samples(model, "getOrder")[0]
    amazon = line(httpx.Response(200, json=answer))

    await get_order(amazon.client, AmazonOrderId("../a b?c=d"), datasets=frozenset({Dataset.TAX}))

    assert amazon.request.url.raw_path == (
        b"/orders/2026-01-01/orders/..%2Fa%20b%3Fc%3Dd?includedData=FULFILLMENT%2CTAX"
    )
    assert_allowed(amazon.request, model, "getOrder")


async def test_amounts_are_exact_even_where_amazon_sends_a_number() -> None:
    raw = samples(amazon_model(ORDERS), "getOrder")[0]["order"]
    raw = {**raw, "proceeds": {"grandTotal": {"amount": 0.1, "currencyCode": "EUR"}}}
    amazon = line(httpx.Response(200, json={"order": raw}))

    order = await get_order(amazon.client, AmazonOrderId(raw["orderId"]))

    assert isinstance(order, Order)
    assert order.proceeds is not None
    assert order.proceeds.grand_total is not None
    assert order.proceeds.grand_total.amount == Decimal("0.1")


async def test_the_marketplaces_of_a_seller_are_read() -> None:
    model = amazon_model(SELLERS)
    amazon = line(httpx.Response(200, json=samples(model, "getMarketplaceParticipations")[0]))

    found = await marketplace_participations(amazon.client)

    assert_allowed(amazon.request, model, "getMarketplaceParticipations")
    assert [one.model_dump() for one in found] == [
        {
            "marketplace": "ATVPDKIKX0DER",
            "country": "US",
            "currency": "USD",
            "store_name": "BestSellerStore",
            "participates": True,
            "suspended": False,
        }
    ]
    assert all(isinstance(one, Participation) for one in found)


@pytest.mark.parametrize(
    ("operation", "model_name"),
    [
        (Operation.SEARCH_ORDERS, ORDERS),
        (Operation.GET_ORDER, ORDERS),
        (Operation.GET_MARKETPLACE_PARTICIPATIONS, SELLERS),
        (Operation.CONFIRM_SHIPMENT, "ordersV0.json"),
        (Operation.CREATE_FEED_DOCUMENT, "feeds_2021-06-30.json"),
        (Operation.CREATE_FEED, "feeds_2021-06-30.json"),
        (Operation.GET_FEED, "feeds_2021-06-30.json"),
        (Operation.GET_FEEDS, "feeds_2021-06-30.json"),
        (Operation.GET_FEED_DOCUMENT, "feeds_2021-06-30.json"),
        (Operation.LIST_TRANSACTIONS, "finances_2024-06-19.json"),
    ],
)
def test_the_limits_are_the_documented_ones(operation: Operation, model_name: str) -> None:
    _, description = described(amazon_model(model_name), operation)
    limit = LIMITS[operation]

    assert f"| {limit.rate} | {limit.burst} |" in description["description"]


def test_every_operation_has_a_limit() -> None:
    assert set(LIMITS) == set(Operation)


def test_the_datasets_are_amazons() -> None:
    _, description = described(amazon_model(ORDERS), "searchOrders")
    (included,) = (one for one in description["parameters"] if one["name"] == "includedData")

    assert {dataset.value for dataset in Dataset} <= set(included["items"]["enum"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"marketplaces": ()},
        {"marketplaces": ("M",) * 51},
        {"after": datetime(2026, 11, 20)},  # noqa: DTZ001
        {"page_size": 0},
        {"page_size": 101},
        {"page_token": ""},
        {"datasets": frozenset({"REFUNDS"})},
        {"since": "lastUpdatedBefore"},
        {"created_after": datetime(2026, 11, 20, tzinfo=UTC)},
    ],
)
def test_a_query_amazon_would_refuse_cannot_be_made(wrong: dict[str, object]) -> None:
    right = {"marketplaces": ("M",), "after": datetime.now(UTC) - timedelta(hours=1)}

    with pytest.raises(ValueError, match="1 validation error"):
        OrderQuery.model_validate({**right, **wrong})
