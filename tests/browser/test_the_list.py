"""All orders: they arrive by themselves, and are found and sorted over the whole list."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from playwright.async_api import Frame, Page, expect

from saleor_amazon_app.amazon.order_records import Order
from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.core.times import utc_now
from saleor_amazon_app.entrypoints.tryout import TryOut
from saleor_amazon_app.flows.orders_in import keep
from tests.browser.app_pages import Api, open_page
from tests.browser.shop_pages import ON_ITS_WAY_MS, sell
from tests.flows.trading import goods, number_of, sale

# A store whose orders are listed and go no further.
IDLE = "Closed for the Season"
MANY, PAGE = 5000, 500
STORES = "{ stores { id name } }"


async def store_of(api: Api, name: str) -> str:
    stores = (await api.ask(STORES))["stores"]
    return next(str(each["id"]) for each in stores if each["name"] == name)


def priced(number: int, cents: int) -> dict[str, Any]:
    amount = f"{Decimal(cents) / 100:.2f}"
    bought = utc_now() - timedelta(seconds=1)
    return sale(number, [goods(amount, quantity=1)], grand_total=amount, bought=bought)


def amounts(shown: Sequence[str]) -> list[Decimal]:
    return [Decimal(text.strip("$").replace(",", "")) for text in shown]


async def totals_in(frame: Frame) -> list[Decimal]:
    return amounts(await frame.locator("tbody tr td.number").all_inner_texts())


@pytest.fixture(scope="module")
async def many(tried: TryOut, api: Api) -> str:
    """A store with 5,000 orders of different totals from 0.07 to 350.00; its id.

    Amazon's quota would let them in over minutes: they are kept as its pages would be.
    """
    store = await store_of(api, IDLE)
    # No factor of 5,000 divides the step: every total comes once.
    sold = [priced(n, 7 * (1 + n * 1237 % MANY)) for n in range(MANY)]
    for start in range(0, MANY, PAGE):
        orders = [Order.model_validate(order) for order in sold[start : start + PAGE]]
        async with tried.lines.database.transaction() as session:
            await keep(tried.lines, session, StoreId(UUID(store)), orders)
    return store


async def test_an_order_arrives_while_one_looks(page: Page, tried: TryOut, api: Api) -> None:
    # given
    frame = await open_page(page, tried, api, "/orders?number=111-0000000-0009001")
    await expect(frame.get_by_text("No order fits")).to_be_visible()

    # when
    await sell(tried, priced(9001, 2000))

    # then
    row = frame.locator("tbody tr", has_text=number_of(9001))
    await expect(row).to_contain_text("$20.00", timeout=ON_ITS_WAY_MS)


async def test_totals_are_found_to_the_cent(page: Page, tried: TryOut, api: Api, many: str) -> None:
    # given: among thousands, one total in this span is there, 20.02 is not in it
    frame = await open_page(page, tried, api, f"/orders?store={many}")

    # when
    await frame.get_by_role("button", name="Filters", exact=True).click()
    await frame.get_by_label("Total from").fill("19.95")
    await frame.get_by_label("Total up to").fill("20.02")
    await frame.get_by_role("button", name="Search", exact=True).last.click()

    # then
    await expect(frame.locator("tbody tr")).to_have_count(2)
    assert sorted(await totals_in(frame)) == [Decimal("19.95"), Decimal("20.02")]
    assert "totalFrom=19.95&totalTo=20.02" in page.url

    # when: a cent less
    await frame.get_by_role("button", name="Filters", exact=True).click()
    await frame.get_by_label("Total up to").fill("20.01")
    await frame.get_by_role("button", name="Search", exact=True).last.click()

    # then
    await expect(frame.locator("tbody tr")).to_have_count(1)
    assert await totals_in(frame) == [Decimal("19.95")]


async def test_the_whole_list_is_sorted_by_total(
    page: Page, tried: TryOut, api: Api, many: str
) -> None:
    # given
    address = f"/orders?store={many}&currency=USD&number=111-0000000"
    frame = await open_page(page, tried, api, address)

    # when
    await frame.get_by_role("columnheader", name="Total").get_by_role("button").first.click()
    await expect(frame.locator("th[aria-sort=descending]")).to_contain_text("Total")
    seen: list[Decimal] = []
    forward = frame.get_by_role("button", name="Next")
    while True:
        await expect(frame.locator("table[aria-busy=true]")).to_have_count(0)
        page_of = await totals_in(frame)
        seen += page_of
        if await forward.is_disabled():
            break
        last = await frame.locator("tbody tr").last.inner_text()
        await forward.click()
        await expect(frame.locator("tbody tr").last).not_to_have_text(last)

    # then
    assert seen == [Decimal(7 * n) / 100 for n in range(MANY, 0, -1)]
