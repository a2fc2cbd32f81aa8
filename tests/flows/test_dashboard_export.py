"""The whole list of orders as CSV."""

import csv
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest

from saleor_amazon_app.entrypoints.dashboard_api.export import harmless
from tests.flows.dashboard import Asker, asker, connected, keep, keep_whole, seen
from tests.flows.doors import Doors


@pytest.fixture
async def asking(doors: Doors) -> Asker:
    return await asker(doors)


async def export(asking: Asker, **parameters: Any) -> list[dict[str, str]]:
    response = await asking.doors.http.get(
        "/api/orders.csv", params=parameters, headers=asking.headers()
    )
    assert response.status_code == 200, response.text
    assert response.text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(response.text[1:])))


async def test_the_whole_filtered_list_comes_in_its_order(asking: Asker) -> None:
    # given: more than is read at once
    store_id = await connected(asking)
    rows = [seen(number, status=("SHIPPED", "UNSHIPPED")[number % 2]) for number in range(1203)]
    await keep(asking, store_id, rows)

    # when
    found = await export(asking, statuses="SHIPPED", sort="AMAZON_ORDER_ID", direction="DESC")

    # then
    wanted = [row.amazon_order_id for row in rows if row.status == "SHIPPED"]
    assert [row["Amazon order number"] for row in found] == wanted[::-1]


async def test_a_row_says_what_the_list_says(asking: Asker) -> None:
    # given
    store_id = await connected(asking)
    number = await keep_whole(asking, store_id, 1, "Anna Müller")

    # when
    (row,) = await export(asking, buyer="anna")

    # then
    assert row == {
        "Purchased at": "2026-11-20 11:00:00",
        "Amazon order number": number,
        "Saleor order number": "",
        "Status": "UNSHIPPED",
        "Buyer": "Anna Müller",
        "Total": "16.49",
        "Currency": "USD",
        "Fulfilled by": "FBM",
        "Marketplace": "Amazon.de",
        "Ship by": "2026-11-22 12:00:00",
        "Last note": "UNSHIPPED",
        "Store": "Amazon Europe",
    }


async def test_no_cell_is_a_formula(asking: Asker) -> None:
    # given: a buyer who means harm
    store_id = await connected(asking)
    await keep_whole(asking, store_id, 1, '=HYPERLINK("http://evil.example","x")')

    (row,) = await export(asking)

    assert row["Buyer"] == '\'=HYPERLINK("http://evil.example","x")'


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-1+1", "'-1+1"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("-16.49", "-16.49"),
        ("16.49", "16.49"),
        ("Anna = Bob", "Anna = Bob"),
        ("", ""),
    ],
)
def test_what_a_spreadsheet_would_run_is_quoted(cell: str, written: str) -> None:
    assert harmless(cell) == written


@pytest.mark.parametrize(
    "_case",
    [
        {"statuses": "LOST"},
        {"sort": "COLOUR"},
        {"sort": "TOTAL", "direction": "UP"},
        {"held": "perhaps"},
        {"totalFrom": "cheap"},
        {"purchasedFrom": "yesterday"},
        {"number": "1" * 300},
    ],
    ids=str,
)
async def test_what_cannot_be_meant_is_refused(asking: Asker, _case: dict[str, str]) -> None:
    response = await asking.doors.http.get(
        "/api/orders.csv", params=_case, headers=asking.headers()
    )

    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_INPUT"


async def test_it_is_for_staff_who_may_see_orders_of_their_own_shop(asking: Asker) -> None:
    # given
    other = await asker(asking.doors, asking.doors.other)
    theirs = await connected(other)
    await keep(other, theirs, [seen(1)])
    nobody = replace(asking, permissions=("MANAGE_APPS",))

    async def status(who: Asker, token: str | None = None) -> int:
        response = await asking.doors.http.get("/api/orders.csv", headers=who.headers(token))
        return response.status_code

    # then
    assert await status(nobody) == 403
    assert await status(asking, "x") == 401
    assert await export(asking, storeIds=str(theirs)) == []
    assert len(await export(other)) == 1
