"""Amazon's rate limits as the database keeps them."""

import asyncio
from datetime import datetime, timedelta

import pytest

from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.ledger import buckets
from saleor_amazon_app.ledger.session import Database, connect
from tests.flows.conftest import NOW

SEARCH = "searchOrders"
RATE = 0.01
BURST = 20
REFILL = timedelta(seconds=100)


async def take(database: Database, store_id: StoreId, now: datetime = NOW) -> timedelta | None:
    async with database.transaction() as session:
        return await buckets.take(
            session, store_id, SEARCH, rate_per_second=RATE, burst=BURST, now=now
        )


async def empty(database: Database, store_id: StoreId) -> None:
    assert [await take(database, store_id) for _ in range(BURST)] == [None] * BURST


async def test_a_full_bucket_gives_its_burst_and_then_tells_how_long_to_wait(
    database: Database, store_id: StoreId
) -> None:
    await empty(database, store_id)
    assert await take(database, store_id) == REFILL
    assert await take(database, store_id, NOW + timedelta(seconds=99)) == timedelta(seconds=1)
    assert await take(database, store_id, NOW + REFILL) is None
    assert await take(database, store_id, NOW + REFILL) == REFILL


async def test_a_bucket_never_holds_more_than_its_burst(
    database: Database, store_id: StoreId
) -> None:
    await empty(database, store_id)
    next_year = NOW + timedelta(days=365)
    taken = [await take(database, store_id, next_year) for _ in range(BURST + 1)]
    assert taken == [None] * BURST + [REFILL]


async def test_two_processes_cannot_overdraw(
    empty_database: str, database: Database, store_id: StoreId
) -> None:
    # given
    other = connect(empty_database)
    # when
    answers = await asyncio.gather(
        *(take(one, store_id) for one in (database, other) for _ in range(20))
    )
    await other.close()
    # then
    assert answers.count(None) == BURST
    assert {answer for answer in answers if answer is not None} == {REFILL}


async def test_a_restart_does_not_fill_it(
    empty_database: str, database: Database, store_id: StoreId
) -> None:
    await empty(database, store_id)
    restarted = connect(empty_database)
    assert await take(restarted, store_id) == REFILL
    await restarted.close()


async def test_each_store_and_operation_has_its_own(
    database: Database, store_id: StoreId, other_store_id: StoreId
) -> None:
    await empty(database, store_id)
    assert await take(database, other_store_id) is None
    async with database.transaction() as session:
        answer = await buckets.take(
            session, store_id, "getOrder", rate_per_second=0.5, burst=1, now=NOW
        )
    assert answer is None


@pytest.mark.parametrize(("_case", "taken"), [("never used", 0), ("partly used", 3)])
async def test_after_a_429_the_bucket_is_empty(
    _case: str, taken: int, database: Database, store_id: StoreId
) -> None:
    # given
    for _ in range(taken):
        await take(database, store_id)
    # when
    async with database.transaction() as session:
        await buckets.drain(session, store_id, SEARCH, rate_per_second=RATE, burst=BURST, now=NOW)
    # then
    assert await take(database, store_id) == REFILL
    assert await take(database, store_id, NOW + REFILL) is None


async def test_the_announced_rate_takes_the_place_of_the_documented_one(
    database: Database, store_id: StoreId
) -> None:
    # given: half of the tokens are gone
    for _ in range(BURST // 2):
        await take(database, store_id)
    # when: Amazon announces ten times the rate
    async with database.transaction() as session:
        await buckets.learn_rate(
            session, store_id, SEARCH, rate_per_second=RATE, announced=10 * RATE, now=NOW
        )
    # then: there are as many tokens as before, and they come back ten times as fast
    taken = [await take(database, store_id) for _ in range(BURST // 2 + 1)]
    assert taken == [None] * (BURST // 2) + [REFILL / 10]


async def test_a_rate_of_nothing_is_not_believed(database: Database, store_id: StoreId) -> None:
    await empty(database, store_id)
    async with database.transaction() as session:
        await buckets.learn_rate(
            session, store_id, SEARCH, rate_per_second=RATE, announced=0, now=NOW
        )
    assert await take(database, store_id) == REFILL
