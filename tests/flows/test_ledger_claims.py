"""One writer an order: claims, their end, and what a run that lost its claim cannot write."""

import asyncio
from datetime import timedelta
from decimal import Decimal

from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.core.reasons import HoldCode, Reason, SkipCode
from saleor_amazon_app.ledger import claims, orders
from saleor_amazon_app.ledger.claims import Claim
from saleor_amazon_app.ledger.orders import ImportState, Order
from saleor_amazon_app.ledger.session import Database
from tests.flows.conftest import NOW
from tests.flows.test_ledger_orders import order, placed

HOLD = [Reason(HoldCode.UNKNOWN_SKU, "No product has the SKU A", "A")]
SKIP = [Reason(SkipCode.NOT_YET_VERIFIED, "Amazon still verifies the payment")]
TOMORROW = NOW + timedelta(days=1)


async def seen(database: Database, store_id: StoreId, *numbers: int) -> None:
    async with database.transaction() as session:
        await orders.upsert(session, store_id, [order(n) for n in numbers], now=NOW)


async def claim(database: Database, store_id: StoreId, *, seconds: int = 0) -> Claim:
    async with database.transaction() as session:
        now = NOW + timedelta(seconds=seconds)
        return await claims.claim_due(
            session, store_id, now=now, limit=50, lease=timedelta(seconds=60)
        )


async def read(database: Database, store_id: StoreId, number: int = 1) -> Order:
    async with database.transaction() as session:
        found = await orders.find(session, store_id, order(number).amazon_order_id)
    assert found is not None
    return found


def ids(claimed: Claim) -> set[str]:
    return {one.amazon_order_id for one in claimed.orders}


async def test_two_claimants_at_once_share_the_orders_and_no_order_is_shared(
    database: Database, store_id: StoreId
) -> None:
    # given
    await seen(database, store_id, *range(1, 101))

    async def claim_some() -> Claim:
        async with database.transaction() as session:
            claimed = await claims.claim_due(session, store_id, now=NOW, limit=50)
            await asyncio.sleep(0.1)
            return claimed

    # when
    first, second, third = await asyncio.gather(claim_some(), claim_some(), claim_some())
    # then
    assert sum(len(one.orders) for one in (first, second, third)) == 100
    assert len(ids(first) | ids(second) | ids(third)) == 100


async def test_a_claimed_order_is_free_again_when_its_time_is_over(
    database: Database, store_id: StoreId
) -> None:
    await seen(database, store_id, 1)
    first = await claim(database, store_id)
    assert ids(await claim(database, store_id, seconds=59)) == set()
    second = await claim(database, store_id, seconds=60)
    assert ids(first) == ids(second) == {order(1).amazon_order_id}
    assert [one.attempts for one in second.orders] == [2]


async def test_renewing_keeps_a_claim_and_tells_what_is_left_of_it(
    database: Database, store_id: StoreId
) -> None:
    # given: one of two orders was taken over after the time was over
    await seen(database, store_id, 1, 2)
    first = await claim(database, store_id)
    later = NOW + timedelta(seconds=61)
    async with database.transaction() as session:
        await claims.claim_these(
            session,
            store_id,
            [order(2).amazon_order_id],
            now=later,
            lease=timedelta(seconds=60),
        )
    # when
    async with database.transaction() as session:
        mine = await claims.renew_claim(session, first, now=later, lease=timedelta(seconds=60))
    # then
    assert mine == {order(1).amazon_order_id}
    assert ids(await claim(database, store_id, seconds=120)) == set()


async def test_a_lost_claim_writes_nothing(database: Database, store_id: StoreId) -> None:
    # given: the first run was stopped, its claim ran out and a second run took the order
    await seen(database, store_id, 1)
    first = await claim(database, store_id)
    second = await claim(database, store_id, seconds=61)
    before = await read(database, store_id)
    [stale] = first.orders
    # when
    async with database.transaction() as session:
        answers = [
            await claims.record_intent(session, first, stale, {"variants": ["1"]}),
            await claims.record_placed(session, first, stale, placed(), now=NOW),
            await claims.record_held(session, first, stale, HOLD, look_again_at=NOW, now=NOW),
            await claims.record_skipped(session, first, stale, SKIP, now=NOW),
            await claims.release(session, first, stale, again_at=NOW),
        ]
    # then
    assert answers == [False] * 5
    after = await read(database, store_id)
    columns = [column.name for column in Order.__table__.columns]
    assert [getattr(after, name) for name in columns] == [getattr(before, name) for name in columns]
    assert after.claim_token == second.token


async def test_a_placed_order_keeps_what_it_became_and_is_done(
    database: Database, store_id: StoreId
) -> None:
    # given
    await seen(database, store_id, 1)
    mine = await claim(database, store_id)
    [one] = mine.orders
    # when
    async with database.transaction() as session:
        assert await claims.record_intent(session, mine, one, {"variants": ["VmFyOjE="]})
    assert (await read(database, store_id)).import_state == ImportState.PLACING
    async with database.transaction() as session:
        assert await claims.record_placed(session, mine, one, placed(), now=NOW)
    # then
    row = await read(database, store_id)
    assert row.import_state == ImportState.PLACED
    assert row.intent == {"variants": ["VmFyOjE="]}
    assert (row.saleor_order_id, row.saleor_order_number) == ("T3JkZXI6MQ==", "1001")
    assert (row.saleor_total_gross, row.totals_equal) == (Decimal("16.49"), True)
    assert row.saleor_lines == {"item-1": "T3JkZXJMaW5lOjE="}
    assert (row.claim_token, row.claimed_until, row.due_at, row.attempts) == (None, None, None, 0)
    assert row.decided_for == NOW


async def test_placing_that_was_broken_off_is_claimed_again_with_its_intent(
    database: Database, store_id: StoreId
) -> None:
    await seen(database, store_id, 1)
    first = await claim(database, store_id)
    async with database.transaction() as session:
        await claims.record_intent(session, first, first.orders[0], {"drafts": 1})
    [taken_over] = (await claim(database, store_id, seconds=61)).orders
    assert (taken_over.import_state, taken_over.intent) == (ImportState.PLACING, {"drafts": 1})


async def test_a_held_order_is_due_again_at_its_time_and_a_skipped_one_never(
    database: Database, store_id: StoreId
) -> None:
    # given
    await seen(database, store_id, 1, 2)
    mine = await claim(database, store_id)
    by_id = {one.amazon_order_id: one for one in mine.orders}
    # when
    async with database.transaction() as session:
        assert await claims.record_held(
            session,
            mine,
            by_id[order(1).amazon_order_id],
            HOLD,
            look_again_at=NOW + timedelta(seconds=300),
            now=NOW,
        )
        assert await claims.record_skipped(
            session, mine, by_id[order(2).amazon_order_id], SKIP, now=NOW
        )
    # then
    assert (await read(database, store_id, 1)).held_or_skipped_for() == HOLD
    assert (await read(database, store_id, 2)).held_or_skipped_for() == SKIP
    assert ids(await claim(database, store_id, seconds=299)) == set()
    assert ids(await claim(database, store_id, seconds=300)) == {order(1).amazon_order_id}


async def test_a_change_at_amazon_makes_a_skipped_order_due(
    database: Database, store_id: StoreId
) -> None:
    # given
    await seen(database, store_id, 1)
    mine = await claim(database, store_id)
    async with database.transaction() as session:
        await claims.record_skipped(session, mine, mine.orders[0], SKIP, now=NOW)
    # when
    changed = order(1, status="SHIPPED", updated=NOW + timedelta(seconds=1))
    async with database.transaction() as session:
        await orders.upsert(session, store_id, [changed], now=NOW)
    # then
    assert ids(await claim(database, store_id)) == {changed.amazon_order_id}


async def test_a_change_that_came_while_deciding_is_not_forgotten(
    database: Database, store_id: StoreId
) -> None:
    # given: claimed as UNSHIPPED, cancelled at Amazon before the decision is written
    await seen(database, store_id, 1)
    mine = await claim(database, store_id)
    changed = order(1, status="CANCELLED", updated=NOW + timedelta(seconds=1))
    async with database.transaction() as session:
        await orders.upsert(session, store_id, [changed], now=NOW)
    # when
    async with database.transaction() as session:
        await claims.record_held(
            session, mine, mine.orders[0], HOLD, look_again_at=TOMORROW, now=NOW
        )
    # then
    [again] = (await claim(database, store_id)).orders
    assert again.status == "CANCELLED"


async def test_a_released_order_comes_back_undecided(database: Database, store_id: StoreId) -> None:
    await seen(database, store_id, 1)
    mine = await claim(database, store_id)
    async with database.transaction() as session:
        again_at = NOW + timedelta(seconds=5)
        assert await claims.release(session, mine, mine.orders[0], again_at=again_at)
    assert ids(await claim(database, store_id, seconds=4)) == set()
    [again] = (await claim(database, store_id, seconds=5)).orders
    assert (again.import_state, again.attempts) == (ImportState.NEW, 2)


async def test_named_orders_are_claimed_whatever_their_state_but_never_from_another(
    database: Database, store_id: StoreId
) -> None:
    # given: one is placed, one is claimed by another, one is not there
    await seen(database, store_id, 1, 2)
    mine = await claim(database, store_id)
    one = next(o for o in mine.orders if o.amazon_order_id == order(1).amazon_order_id)
    async with database.transaction() as session:
        await claims.record_placed(session, mine, one, placed(), now=NOW)
    # when
    wanted = [order(n).amazon_order_id for n in (1, 2)] + [AmazonOrderId("never-seen")]
    async with database.transaction() as session:
        claimed = await claims.claim_these(session, store_id, wanted, now=NOW)
    # then
    assert ids(claimed) == {order(1).amazon_order_id}
