"""Lists of orders keep Amazon's rules: parameters, lag, pages, roles and scarce calls."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest

from saleor_amazon_app.simulators.amazon import (
    Dataset,
    Denial,
    Operation,
    ScriptedOrder,
    SimulatedAmazon,
    Step,
    create_amazon,
)
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

LONG_AGO = "2026-01-01T00:00:00Z"
SHIPPED = {"fulfillment": {"fulfillmentStatus": "SHIPPED"}}


def amazon_with(count: int, *, clock: HandClock, speed: int = 1) -> SimulatedAmazon:
    """An Amazon with orders updated a minute apart, the last one an hour ago."""
    orders = [
        ScriptedOrder(amazon_order(n, updated=NOON - timedelta(hours=1, minutes=count - n)))
        for n in range(count)
    ]
    return create_amazon(orders, clock=clock, speed=speed)


def ids(answer: httpx.Response) -> list[str]:
    return [order["orderId"] for order in answer.json()["orders"]]


@pytest.mark.parametrize(
    ("_case", "query"),
    [
        ("no After", ""),
        ("both Afters", f"createdAfter={LONG_AGO}&lastUpdatedAfter={LONG_AGO}"),
        ("the other Before", f"createdAfter={LONG_AGO}&lastUpdatedBefore={LONG_AGO}"),
        ("Before alone", f"lastUpdatedBefore={LONG_AGO}"),
        ("Before before After", f"createdAfter={LONG_AGO}&createdBefore=2025-12-31T00:00:00Z"),
        ("Before too late", f"createdAfter={LONG_AGO}&createdBefore=2026-11-20T11:58:01Z"),
        ("no time", "createdAfter=yesterday"),
        ("no time zone", "createdAfter=2026-01-01T00:00:00"),
        ("plus sign not encoded", "createdAfter=2026-01-01T00:00:00+00:00"),
        ("repeated list", f"createdAfter={LONG_AGO}&includedData=BUYER&includedData=TAX"),
        ("unknown dataset", f"createdAfter={LONG_AGO}&includedData=BUYER,SHOESIZE"),
        ("unknown status", f"createdAfter={LONG_AGO}&fulfillmentStatuses=Unshipped"),
        ("unknown party", f"createdAfter={LONG_AGO}&fulfilledBy=AFN"),
        ("unknown marketplace", f"createdAfter={LONG_AGO}&marketplaceIds=US"),
        (
            "51 marketplaces",
            f"createdAfter={LONG_AGO}&marketplaceIds=" + ",".join(map(str, range(51))),
        ),
        ("empty page", f"createdAfter={LONG_AGO}&maxResultsPerPage=0"),
        ("page too large", f"createdAfter={LONG_AGO}&maxResultsPerPage=101"),
        ("page size in words", f"createdAfter={LONG_AGO}&maxResultsPerPage=ten"),
        ("word of the old API", f"createdAfter={LONG_AGO}&OrderStatuses=Unshipped"),
        ("unknown page token", f"createdAfter={LONG_AGO}&paginationToken=abc"),
        ("empty page token", f"createdAfter={LONG_AGO}&paginationToken="),
    ],
)
async def test_a_search_that_breaks_a_rule_is_refused(_case: str, query: str) -> None:
    amazon = amazon_with(1, clock=HandClock())

    async with line_to(amazon) as http:
        await log_in(http)
        answer = await http.get(f"{ORDERS}?{query}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "InvalidInput"
    assert amazon.refusals == {(Operation.SEARCH_ORDERS, 400): 1}


async def test_lists_stay_two_minutes_behind_and_say_until_when_they_looked() -> None:
    clock = HandClock()
    order = ScriptedOrder(amazon_order(updated=NOON))
    amazon = create_amazon([order], clock=clock)

    async with line_to(amazon) as http:
        await log_in(http)
        search = {"lastUpdatedAfter": LONG_AGO}
        clock.move(seconds=119)
        early = await http.get(ORDERS, params=search)
        single = await http.get(f"{ORDERS}/{order_id()}")
        clock.move(seconds=1)
        late = await http.get(ORDERS, params=search)

    assert (ids(early), early.json()["lastUpdatedBefore"]) == ([], "2026-11-20T11:59:59.000Z")
    assert single.json()["order"]["orderId"] == order_id()
    assert (ids(late), late.json()["lastUpdatedBefore"]) == (
        [order_id()],
        "2026-11-20T12:00:00.000Z",
    )


async def test_a_change_moves_the_order_to_the_end_and_is_never_in_the_future() -> None:
    clock = HandClock()
    amazon = amazon_with(3, clock=clock)
    amazon.seller.orders.change(order_id(0), SHIPPED)

    async with line_to(amazon) as http:
        await log_in(http)
        clock.move(minutes=2)
        search = {"lastUpdatedAfter": LONG_AGO, "includedData": "FULFILLMENT"}
        answer = await http.get(ORDERS, params=search)

    assert ids(answer) == [order_id(1), order_id(2), order_id(0)]
    changed = answer.json()["orders"][-1]
    assert changed["lastUpdatedTime"] == "2026-11-20T12:00:00.000Z"
    assert changed["fulfillment"]["fulfillmentStatus"] == "SHIPPED"
    (item,) = changed["orderItems"]
    assert item["fulfillment"] == {"quantityFulfilled": 2, "quantityUnfulfilled": 0}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, [0, 1, 2, 3]),
        ({"fulfillmentStatuses": "SHIPPED"}, [2]),
        ({"fulfillmentStatuses": "UNSHIPPED,SHIPPED"}, [0, 1, 2]),
        ({"fulfilledBy": "AMAZON"}, [3]),
        ({"marketplaceIds": "A2EUQ1WTGCTBG2,A1AM78C64UM0Y8"}, [1]),
        ({"lastUpdatedBefore": "2026-11-20T09:01:00Z"}, [0, 1]),
    ],
)
async def test_a_search_finds_exactly_what_it_asks_for(
    query: dict[str, str], expected: list[int]
) -> None:
    def at(minute: int) -> Any:
        return NOON - timedelta(hours=3) + timedelta(minutes=minute)

    orders = [
        amazon_order(0, updated=at(0)),
        amazon_order(1, marketplace="A2EUQ1WTGCTBG2", updated=at(1)),
        amazon_order(2, status="SHIPPED", updated=at(2)),
        amazon_order(3, status="PENDING", fulfilled_by="AMAZON", updated=at(3)),
    ]
    amazon = create_amazon([ScriptedOrder(order) for order in orders], clock=HandClock())

    async with line_to(amazon) as http:
        await log_in(http)
        params = {"lastUpdatedAfter": "2026-11-20T09:00:00Z", **query}
        answer = await http.get(ORDERS, params=params)

    assert ids(answer) == [order_id(number) for number in expected]


async def test_pages_follow_each_other_and_the_last_one_has_no_token() -> None:
    amazon = amazon_with(5, clock=HandClock())
    query = {"lastUpdatedAfter": LONG_AGO, "maxResultsPerPage": "2"}
    seen: list[list[str]] = []

    async with line_to(amazon) as http:
        await log_in(http)
        while True:
            answer = await http.get(ORDERS, params=query)
            seen.append(ids(answer))
            if "pagination" not in answer.json():
                break
            query["paginationToken"] = answer.json()["pagination"]["nextToken"]

    assert seen == [[order_id(0), order_id(1)], [order_id(2), order_id(3)], [order_id(4)]]
    assert "paginationToken" in query


async def first_page(http: httpx.AsyncClient, **more: str) -> dict[str, str]:
    """The query of a second page; the first one had two orders."""
    query = {"lastUpdatedAfter": LONG_AGO, "maxResultsPerPage": "2", **more}
    answer = await http.get(ORDERS, params=query)
    return {**query, "paginationToken": answer.json()["pagination"]["nextToken"]}


@pytest.mark.parametrize(
    ("_case", "changes", "status"),
    [
        ("the same", {}, 200),
        ("another page size", {"maxResultsPerPage": "100"}, 200),
        ("more data", {"includedData": EVERYTHING}, 200),
        ("another time", {"lastUpdatedAfter": "2026-01-02T00:00:00Z"}, 400),
        ("a filter more", {"fulfillmentStatuses": "UNSHIPPED"}, 400),
        ("a filter less", {"fulfilledBy": None}, 400),
        ("no time at all", {"lastUpdatedAfter": None}, 400),
    ],
)
async def test_a_page_token_belongs_to_its_search(
    _case: str, changes: Mapping[str, str | None], status: int
) -> None:
    amazon = amazon_with(3, clock=HandClock())

    async with line_to(amazon) as http:
        await log_in(http)
        second = {**await first_page(http, fulfilledBy="MERCHANT"), **changes}
        query = {name: value for name, value in second.items() if value is not None}
        answer = await http.get(ORDERS, params=query)

    assert answer.status_code == status


@pytest.mark.parametrize(("speed", "hours"), [(1, 24.0), (60, 0.4)])
async def test_a_page_token_lives_a_day_and_can_be_used_again(speed: int, hours: float) -> None:
    clock = HandClock()
    amazon = amazon_with(3, clock=clock, speed=speed)

    async with line_to(amazon) as http:
        await log_in(http)
        second = await first_page(http)
        once = await http.get(ORDERS, params=second)
        clock.move(hours=hours, seconds=-1)
        await log_in(http)
        again = await http.get(ORDERS, params=second)
        clock.move(seconds=1)
        dead = await http.get(ORDERS, params=second)

    assert ids(once) == ids(again) == [order_id(2)]
    assert once.json() == again.json()
    assert dead.status_code == 400
    assert "paginationToken" in dead.json()["errors"][0]["message"]


async def test_page_tokens_can_be_made_to_die() -> None:
    amazon = amazon_with(3, clock=HandClock())

    async with line_to(amazon) as http:
        await log_in(http)
        second = await first_page(http)
        amazon.seller.page_tokens.expire_all()
        answer = await http.get(ORDERS, params=second)

    assert answer.status_code == 400


async def test_an_order_that_changes_between_pages_leaves_this_list_for_the_next() -> None:
    clock = HandClock()
    amazon = amazon_with(4, clock=clock)

    async with line_to(amazon) as http:
        await log_in(http)
        second = await first_page(http)
        amazon.seller.orders.change(order_id(2), SHIPPED)
        rest = await http.get(ORDERS, params=second)
        clock.move(minutes=2)
        since = {"lastUpdatedAfter": rest.json()["lastUpdatedBefore"]}
        following = await http.get(ORDERS, params=since)

    assert ids(rest) == [order_id(3)]
    assert rest.json()["lastUpdatedBefore"] == "2026-11-20T11:58:00.000Z"
    assert ids(following) == [order_id(2)]


async def test_a_hidden_order_is_missing_from_lists_but_can_be_asked_for() -> None:
    amazon = amazon_with(2, clock=HandClock())
    amazon.seller.orders.hide_from_lists(order_id(0))

    async with line_to(amazon) as http:
        await log_in(http)
        hidden = await http.get(ORDERS, params={"createdAfter": LONG_AGO})
        single = await http.get(f"{ORDERS}/{order_id(0)}")
        amazon.seller.orders.show_in_lists(order_id(0))
        shown = await http.get(ORDERS, params={"createdAfter": LONG_AGO})

    assert ids(hidden) == [order_id(1)]
    assert single.status_code == 200
    assert ids(shown) == [order_id(0), order_id(1)]


@pytest.mark.parametrize(("speed", "rate", "refill"), [(1, "0.0056", 178.6), (60, "0.336", 2.98)])
async def test_twenty_searches_at_once_then_one_per_refill(
    speed: int, rate: str, refill: float
) -> None:
    clock = HandClock()
    amazon = amazon_with(1, clock=clock, speed=speed)
    query = {"createdAfter": LONG_AGO}

    async with line_to(amazon) as http:
        await log_in(http)
        burst = [await http.get(ORDERS, params=query) for _ in range(21)]
        clock.move(seconds=refill - 0.1)
        early = await http.get(ORDERS, params=query)
        clock.move(seconds=0.1)
        refilled = await http.get(ORDERS, params=query)
        single = await http.get(f"{ORDERS}/{order_id(0)}")

    assert [answer.status_code for answer in burst] == [200] * 20 + [429]
    assert burst[0].headers["x-amzn-RateLimit-Limit"] == rate
    assert burst[-1].json()["errors"][0]["code"] == "QuotaExceeded"
    assert (early.status_code, refilled.status_code, single.status_code) == (429, 200, 200)
    assert amazon.calls[Operation.SEARCH_ORDERS] == 23
    assert amazon.refusals == {(Operation.SEARCH_ORDERS, 429): 2}


async def test_without_included_data_only_the_base_of_an_order_comes() -> None:
    amazon = amazon_with(1, clock=HandClock())

    async with line_to(amazon) as http:
        await log_in(http)
        answer = await http.get(f"{ORDERS}/{order_id(0)}")

    order = answer.json()["order"]
    assert order.keys() == {
        "orderId",
        "createdTime",
        "lastUpdatedTime",
        "salesChannel",
        "orderItems",
    }
    assert order["orderItems"][0].keys() == {"orderItemId", "quantityOrdered", "product"}


@pytest.mark.parametrize(("marketplace", "priced"), [("ATVPDKIKX0DER", 0), ("A1VC38T7YXB528", 1)])
async def test_a_pending_order_shows_neither_people_nor_prices(
    marketplace: str, priced: int
) -> None:
    order = amazon_order(status="PENDING", marketplace=marketplace)
    verified = Step(timedelta(minutes=30), {"fulfillment": {"fulfillmentStatus": "UNSHIPPED"}})
    clock = HandClock()
    amazon = create_amazon([ScriptedOrder(order, (verified,))], clock=clock)

    async with line_to(amazon) as http:
        await log_in(http)
        path = f"{ORDERS}/{order_id()}?includedData={EVERYTHING}"
        pending = (await http.get(path)).json()["order"]
        clock.move(minutes=30)
        unshipped = (await http.get(path)).json()["order"]

    assert pending.keys() & {"buyer", "recipient", "packages"} == set()
    assert pending["fulfillment"]["fulfillmentStatus"] == "PENDING"
    assert ("proceeds" in pending) == priced
    assert ("proceeds" in pending["orderItems"][0]) == priced
    assert ("price" in pending["orderItems"][0]["product"]) == priced
    assert unshipped["buyer"]["buyerName"] == "Ada Buyer"
    assert unshipped["lastUpdatedTime"] == "2026-11-20T12:30:00.000Z"
    assert unshipped["proceeds"]["grandTotal"]["amount"] == "20.00"


async def test_an_order_fulfilled_by_amazon_shows_no_email_phone_or_parcels() -> None:
    order = amazon_order(status="SHIPPED", fulfilled_by="AMAZON")
    amazon = create_amazon([ScriptedOrder(order)], clock=HandClock())

    async with line_to(amazon) as http:
        await log_in(http)
        answer = await http.get(f"{ORDERS}/{order_id()}?includedData={EVERYTHING}")

    shown = answer.json()["order"]
    assert shown["buyer"] == {"buyerName": "Ada Buyer"}
    assert "phone" not in shown["recipient"]["deliveryAddress"]
    assert "packages" not in shown


async def test_the_phone_number_goes_when_the_parcel_should_have_arrived() -> None:
    clock = HandClock()
    amazon = create_amazon([ScriptedOrder(amazon_order(status="SHIPPED"))], clock=clock)

    async with line_to(amazon) as http:
        await log_in(http)
        path = f"{ORDERS}/{order_id()}?includedData=RECIPIENT"
        before = (await http.get(path)).json()["order"]["recipient"]["deliveryAddress"]
        clock.move(days=10)
        await log_in(http)
        after = (await http.get(path)).json()["order"]["recipient"]["deliveryAddress"]

    assert before["phone"] == "+1 206 555 0100"
    assert after == {key: value for key, value in before.items() if key != "phone"}


async def test_a_missing_role_leaves_data_out_or_refuses_the_call() -> None:
    amazon = amazon_with(1, clock=HandClock())
    seller = amazon.seller
    path = f"{ORDERS}/{order_id(0)}?includedData={EVERYTHING}"

    async with line_to(amazon) as http:
        await log_in(http)
        seller.deny_dataset(Dataset.RECIPIENT)
        seller.deny_dataset(Dataset.PROCEEDS)
        left_out = (await http.get(path)).json()["order"]
        seller.deny_dataset(Dataset.RECIPIENT, how=Denial.REFUSE_CALL)
        refused = await http.get(path)
        without = await http.get(f"{ORDERS}/{order_id(0)}?includedData=BUYER")
        seller.refuse_orders()
        all_refused = await http.get(f"{ORDERS}/{order_id(0)}")
        seller.grant_dataset(Dataset.RECIPIENT)
        seller.refuse_orders(refused=False)
        granted = (await http.get(path)).json()["order"]

    town = {"city": "Seattle", "stateOrRegion": "WA", "countryCode": "US"}
    assert left_out["recipient"]["deliveryAddress"] == town
    assert "proceeds" not in left_out
    assert "proceeds" not in left_out["orderItems"][0]
    assert (refused.status_code, without.status_code, all_refused.status_code) == (403, 200, 403)
    assert granted["recipient"]["deliveryAddress"]["postalCode"] == "98101"
    assert "proceeds" not in granted
