"""The list of orders in the dashboard: filtered and sorted over its whole length, page by page."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.ledger.history import Direction, Event, record
from saleor_amazon_app.ledger.orders import SeenOrder
from tests.flows.dashboard import Asker, asker, connected, keep, keep_whole, seen
from tests.flows.doors import Doors
from tests.simulated_amazon import NOON

LIST = """
query Orders($first: Int, $after: String, $last: Int, $before: String,
             $filter: OrderFilter, $sort: OrderSort) {
  orders(first: $first, after: $after, last: $last, before: $before, filter: $filter, sort: $sort) {
    edges { cursor node { id amazonOrderId buyerName lastNote store { name } } }
    nodes { amazonOrderId }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
  }
}
"""
SORTS = (
    "PURCHASED_AT",
    "AMAZON_ORDER_ID",
    "SALEOR_ORDER_NUMBER",
    "STATUS",
    "TOTAL",
    "FULFILMENT",
    "MARKETPLACE",
    "SHIP_BY",
    "LAST_NOTE",
)
STATUSES = ("PENDING", "UNSHIPPED", "SHIPPED", "CANCELLED", "", "NEW_WORD")


def many(count: int = 60) -> list[SeenOrder]:
    """Orders of which many have the same of everything, and some lack it."""
    return [
        seen(
            number,
            marketplace_id=("A1PA6795UKMFR9", "A1F83G8C2ARO7P", None)[number % 3],
            status=STATUSES[number % len(STATUSES)],
            fulfilled_by=("MERCHANT", "AMAZON", None)[number % 3],
            purchased_at=NOON - timedelta(days=number // 4),
            ship_by=NOON + timedelta(days=number % 5) if number % 6 else None,
            currency=("EUR", "GBP", None)[number % 3],
            grand_total=Decimal(number % 10) + Decimal("9.99") if number % 3 < 2 else None,
        )
        for number in range(count)
    ]


async def numbers(asking: Asker, **variables: Any) -> list[str]:
    found = await asking.ask(LIST, **variables)
    return [node["amazonOrderId"] for node in found["orders"]["nodes"]]


async def walked(asking: Asker, *, forward: bool = True, **variables: Any) -> list[str]:
    """All numbers of a list, read page by page from its beginning or from its end."""
    found: list[str] = []
    place = None
    size, beside = ("first", "after") if forward else ("last", "before")
    while True:
        page = (await asking.ask(LIST, **{size: 7, beside: place}, **variables))["orders"]
        names = [node["amazonOrderId"] for node in page["nodes"]]
        found = found + names if forward else names + found
        info = page["pageInfo"]
        place = info["endCursor"] if forward else info["startCursor"]
        if not info["hasNextPage" if forward else "hasPreviousPage"]:
            return found


@pytest.fixture
async def asking(doors: Doors) -> Asker:
    return await asker(doors)


@pytest.fixture
async def store_id(asking: Asker) -> StoreId:
    return await connected(asking)


@pytest.mark.parametrize("field", SORTS)
async def test_every_sort_goes_over_the_whole_list_and_back(
    asking: Asker, store_id: StoreId, field: str
) -> None:
    # given: two stores, one of them with orders of the same numbers
    other = await connected(asking, "Amazon Zwei", "S2")
    await keep(asking, store_id, many())
    await keep(asking, other, many(30))
    rising, falling = ({"field": field, "direction": way} for way in ("ASC", "DESC"))

    # when
    forward = await walked(asking, sort=rising)
    backward = await walked(asking, sort=rising, forward=False)
    opposite = await walked(asking, sort=falling)
    opposite_backward = await walked(asking, sort=falling, forward=False)

    # then: every order once, and the same list from both ends
    assert sorted(forward) == sorted(
        [each.amazon_order_id for each in many()] + [each.amazon_order_id for each in many(30)]
    )
    assert backward == forward
    assert opposite == opposite_backward == forward[::-1]


async def test_by_total_it_is_sorted_within_each_currency(asking: Asker, store_id: StoreId) -> None:
    rows = many()
    await keep(asking, store_id, rows)

    found = await walked(asking, sort={"field": "TOTAL", "direction": "ASC"})

    by_number = {str(row.amazon_order_id): row for row in rows}
    keys = [
        (row.currency or "~~~", row.grand_total or 0, row.amazon_order_id)
        for row in map(by_number.__getitem__, found)
    ]
    assert keys == sorted(keys)


async def test_numbers_of_the_host_are_sorted_as_numbers(asking: Asker, store_id: StoreId) -> None:
    # given
    await keep(asking, store_id, [seen(number) for number in (1, 2, 3)])
    for number, host in ((1, "9"), (2, "10"), (3, "100")):
        await asking.doors.query(
            "UPDATE orders SET saleor_order_number = :host WHERE amazon_order_id LIKE :number "
            "RETURNING 1",
            host=host,
            number=f"%{number}",
        )

    found = await numbers(asking, sort={"field": "SALEOR_ORDER_NUMBER", "direction": "ASC"})

    assert [each[-1] for each in found] == ["1", "2", "3"]


def _bought(row: SeenOrder) -> bool:
    return NOON - timedelta(days=9) <= row.purchased_at <= NOON - timedelta(days=2)


FILTERS: dict[str, tuple[dict[str, Any], Callable[[SeenOrder], bool]]] = {
    "dates": (
        {"purchasedFrom": "2026-11-11T12:00:00Z", "purchasedTo": "2026-11-18T13:00:00+01:00"},
        _bought,
    ),
    "number": ({"number": "028-0000000-000001"}, lambda row: "-000001" in row.amazon_order_id),
    "percent": ({"number": "028%"}, lambda row: False),
    "total": (
        {"totalFrom": "13.98", "totalTo": "14.00"},
        lambda row: row.grand_total == Decimal("13.99"),
    ),
    "currency": ({"currency": "gbp"}, lambda row: row.currency == "GBP"),
    "total in a currency": (
        {"totalFrom": "13.99", "currency": "EUR"},
        lambda row: row.currency == "EUR" and (row.grand_total or 0) >= Decimal("13.99"),
    ),
    "statuses": (
        {"statuses": ["SHIPPED", "CANCELED"]},
        lambda row: row.status in ("SHIPPED", "CANCELLED"),
    ),
    "errors": ({"statuses": ["ERROR"]}, lambda row: row.status in ("", "NEW_WORD")),
    "not held": ({"held": False}, lambda row: True),
    "held": ({"held": True}, lambda row: False),
    "fulfilment": ({"fulfilment": "FBA"}, lambda row: row.fulfilled_by == "AMAZON"),
    "marketplaces": (
        {"marketplaceIds": ["A1F83G8C2ARO7P"]},
        lambda row: row.marketplace_id == "A1F83G8C2ARO7P",
    ),
    "several": (
        {"statuses": ["SHIPPED"], "fulfilment": "FBM", "purchasedFrom": "2026-11-11T12:00:00Z"},
        lambda row: (
            row.status == "SHIPPED"
            and row.fulfilled_by == "MERCHANT"
            and row.purchased_at >= NOON - timedelta(days=9)
        ),
    ),
}


@pytest.mark.parametrize("_case", list(FILTERS))
async def test_a_filter_finds_exactly_its_orders(
    asking: Asker, store_id: StoreId, _case: str
) -> None:
    rows = many()
    await keep(asking, store_id, rows)
    given, fits = FILTERS[_case]

    found = await asking.ask(LIST, filter=given, first=100)

    wanted = {row.amazon_order_id for row in rows if fits(row)}
    assert {node["amazonOrderId"] for node in found["orders"]["nodes"]} == wanted
    assert found["orders"]["totalCount"] == len(wanted)


async def test_a_filter_by_stores_takes_only_those_of_the_shop(
    asking: Asker, store_id: StoreId
) -> None:
    # given
    other = await connected(asking, "Amazon Zwei", "S2")
    await keep(asking, store_id, [seen(1)])
    await keep(asking, other, [seen(2)])

    assert len(await numbers(asking, filter={"storeIds": [str(other)]})) == 1
    assert len(await numbers(asking, filter={"storeIds": [str(other), "no-store"]})) == 1
    assert await numbers(asking, filter={"storeIds": []}) == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("müller", [1]),
        ("MULLER", [1]),
        ("anna muller", [1]),
        ("anna", [1, 2]),
        ("Anna Schmidt", [2]),
        ("mull", []),
        ("anna bertha", []),
        ("o'neill", [3]),
    ],
)
async def test_buyers_are_found_by_whole_words(
    asking: Asker, store_id: StoreId, words: str, found: list[int]
) -> None:
    # given: the buyer's name counts, and the recipient's
    for number, name in ((1, "Anna Müller"), (2, "Schmidt, Anna"), (3, "Shaq O'Neill")):
        await keep_whole(asking, store_id, number, name)

    orders = await asking.ask(LIST, filter={"buyer": words}, sort=None)

    assert sorted(int(o["amazonOrderId"][-1]) for o in orders["orders"]["nodes"]) == found


async def test_no_word_of_a_buyer_stands_in_clear_or_outlives_the_buyer(
    asking: Asker, store_id: StoreId
) -> None:
    # given
    await keep_whole(asking, store_id, 1, "Zacharias")
    rows = await asking.doors.query("SELECT encode(word, 'escape') FROM buyer_words")
    assert len(rows) == 3
    assert not any("zacharias" in word for (word,) in rows)

    # when
    await asking.doors.query("DELETE FROM buyers RETURNING 1")

    # then
    assert await asking.doors.query("SELECT 1 FROM buyer_words") == []
    assert await numbers(asking, filter={"buyer": "zacharias"}) == []


async def test_the_list_names_buyer_store_and_the_last_note(
    asking: Asker, store_id: StoreId
) -> None:
    # given
    number = await keep_whole(asking, store_id, 1, "Anna Müller")
    async with asking.doors.lines.database.transaction() as session:
        events = [
            Event(number, NOON, "order_held", Direction.OUT, "app", "No such product."),
            Event(number, NOON, "buyer_erased", Direction.OUT, "app", "Erased."),
        ]
        await record(session, store_id, events)

    (edge,) = (await asking.ask(LIST))["orders"]["edges"]

    assert edge["node"] == {
        "id": f"{store_id}:{number}",
        "amazonOrderId": number,
        "buyerName": "Anna Müller",
        "lastNote": "No such product.",
        "store": {"name": "Amazon Europe"},
    }


@pytest.mark.parametrize(
    "_case",
    [
        {"filter": {"number": "1" * 10_000}},
        {"filter": {"buyer": "x" * 10_000}},
        {"filter": {"buyer": "…"}},
        {"filter": {"number": "1\u0000"}},
        {"filter": {"currency": "EURO"}},
        {"filter": {"totalFrom": "1e400"}},
        {"filter": {"totalFrom": "NaN"}},
        {"filter": {"purchasedFrom": "2026-11-20T00:00:00"}},
        {"filter": {"purchasedFrom": "yesterday"}},
        {"filter": {"statuses": ["LOST"]}},
        {"filter": {"storeIds": ["x"] * 101}},
        {"filter": {"colour": "red"}},
        {"sort": {"field": "COLOUR", "direction": "ASC"}},
        {"sort": {"field": "TOTAL"}},
        {"first": 0},
        {"first": 101},
        {"first": -1},
        {"first": 2**40},
        {"first": 5, "last": 5},
        {"after": "x"},
        {"after": "W10"},
        {"after": "x" * 10_000},
    ],
    ids=str,
)
async def test_what_cannot_be_meant_is_refused_in_words(
    asking: Asker, store_id: StoreId, _case: dict[str, Any]
) -> None:
    assert await asking.refusal(LIST, **_case) == "BAD_INPUT"


async def test_a_place_of_another_sort_or_of_another_shop_is_none(
    asking: Asker, store_id: StoreId
) -> None:
    # given
    await keep(asking, store_id, [seen(1), seen(2)])
    other = await asker(asking.doors, asking.doors.other)
    theirs = await connected(other)
    await keep(other, theirs, [seen(3), seen(4)])
    mine = (await asking.ask(LIST, first=1))["orders"]["pageInfo"]["endCursor"]
    foreign = (await other.ask(LIST, first=1))["orders"]["pageInfo"]["endCursor"]

    assert len(await numbers(asking, after=mine)) == 1
    by_total = {"field": "TOTAL", "direction": "ASC"}
    assert await asking.refusal(LIST, after=mine, sort=by_total) == "BAD_INPUT"
    assert await asking.refusal(LIST, after=foreign) == "BAD_INPUT"
