"""What the ledger keeps of Amazon's orders, and how a page of them compares with what it knew."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm.exc import DetachedInstanceError

from saleor_amazon_app.core.ids import (
    AmazonOrderId,
    MarketplaceId,
    OrderItemId,
    SaleorOrderId,
    SaleorOrderLineId,
    StoreId,
)
from saleor_amazon_app.core.reasons import HoldCode, Reason, SkipCode
from saleor_amazon_app.ledger import claims, held, history, orders
from saleor_amazon_app.ledger.orders import ImportState, Seen, SeenOrder
from saleor_amazon_app.ledger.session import Database
from tests.flows.conftest import NOW


def order(number: int, *, status: str = "UNSHIPPED", updated: datetime = NOW) -> SeenOrder:
    return SeenOrder(
        amazon_order_id=AmazonOrderId(f"028-0000000-{number:07}"),
        marketplace_id=MarketplaceId("A1PA6795UKMFR9"),
        status=status,
        fulfilled_by="MERCHANT",
        purchased_at=NOW - timedelta(hours=number),
        last_updated_at=updated,
        ship_by=NOW + timedelta(days=2),
        deliver_by=None,
        currency="EUR",
        grand_total=Decimal("16.49"),
        number_of_items=1,
        programs=["PRIME"],
        facts={"orderId": f"028-0000000-{number:07}", "total": "16.49"},
    )


async def test_an_order_is_kept_whole(database: Database, store_id: StoreId) -> None:
    # given: Amazon's time has microseconds
    seen = order(1, updated=NOW.replace(microsecond=123456))
    # when
    async with database.transaction() as session:
        result = await orders.upsert(session, store_id, [seen], now=NOW)
    # then
    assert result == {seen.amazon_order_id: Seen.NEW}
    async with database.transaction() as session:
        row = await orders.find(session, store_id, seen.amazon_order_id)
    assert row is not None
    assert {name: getattr(row, name) for name in seen.__slots__} == {
        name: getattr(seen, name) for name in seen.__slots__
    }
    assert row.last_updated_at.microsecond == 123456
    assert (row.import_state, row.due_at, row.attempts) == (ImportState.NEW, NOW, 0)


async def test_a_page_is_told_apart_into_new_changed_and_unchanged(
    database: Database, store_id: StoreId
) -> None:
    # given
    later = NOW + timedelta(seconds=1)
    async with database.transaction() as session:
        await orders.upsert(session, store_id, [order(1), order(2), order(3)], now=NOW)
    # when: one is newer, one is the same, one is older than known, one was never seen
    page = [
        order(1, status="SHIPPED", updated=later),
        order(2),
        order(3, status="PENDING", updated=NOW - timedelta(seconds=1)),
        order(4),
    ]
    async with database.transaction() as session:
        result = await orders.upsert(session, store_id, page, now=later)
    # then
    assert result == {
        page[0].amazon_order_id: Seen.CHANGED,
        page[1].amazon_order_id: Seen.UNCHANGED,
        page[2].amazon_order_id: Seen.UNCHANGED,
        page[3].amazon_order_id: Seen.NEW,
    }
    async with database.transaction() as session:
        rows = await orders.listing(session, store_id)
    assert [(row.status, row.status_before) for row in rows] == [
        ("SHIPPED", "UNSHIPPED"),
        ("UNSHIPPED", None),
        ("UNSHIPPED", None),
        ("UNSHIPPED", None),
    ]


async def test_an_order_twice_on_one_page_is_kept_in_its_newest_version(
    database: Database, store_id: StoreId
) -> None:
    newest = order(1, status="SHIPPED", updated=NOW + timedelta(seconds=1))
    async with database.transaction() as session:
        result = await orders.upsert(session, store_id, [newest, order(1)], now=NOW)
        row = await orders.find(session, store_id, newest.amazon_order_id)
    assert result == {newest.amazon_order_id: Seen.NEW}
    assert row is not None
    assert row.status == "SHIPPED"


async def test_an_order_asked_for_by_itself_replaces_a_version_as_old_but_no_newer_one(
    database: Database, store_id: StoreId
) -> None:
    # given
    async with database.transaction() as session:
        await orders.upsert(session, store_id, [order(1), order(2)], now=NOW)
    # when: Amazon completed the first without a newer time; the second is an old answer
    older = order(2, status="PENDING", updated=NOW - timedelta(seconds=1))
    async with database.transaction() as session:
        result = await orders.upsert(
            session,
            store_id,
            [order(1, status="SHIPPED"), older],
            now=NOW,
            also_same=[*ImportState],
        )
    # then
    assert list(result.values()) == [Seen.UNCHANGED, Seen.CHANGED]
    async with database.transaction() as session:
        rows = await orders.listing(session, store_id)
    assert [row.status for row in rows] == ["SHIPPED", "UNSHIPPED"]


async def test_nothing_is_written_for_an_empty_page(database: Database, store_id: StoreId) -> None:
    async with database.transaction() as session:
        assert await orders.upsert(session, store_id, [], now=NOW) == {}
        assert await orders.listing(session, store_id) == []


async def test_the_history_begins_at_pending_and_follows_each_status(
    database: Database, store_id: StoreId
) -> None:
    # given
    for step, status in enumerate(["PENDING", "UNSHIPPED", "UNSHIPPED", "SHIPPED"]):
        at = NOW + timedelta(minutes=step)
        # when
        async with database.transaction() as session:
            await orders.upsert(session, store_id, [order(1, status=status, updated=at)], now=at)
    # then
    async with database.transaction() as session:
        events = await history.history_of(session, store_id, order(1).amazon_order_id)
    assert [(one.at, one.kind, one.summary) for one in events] == [
        (NOW, "order_seen", "PENDING"),
        (NOW + timedelta(minutes=1), "status_changed", "PENDING → UNSHIPPED"),
        (NOW + timedelta(minutes=3), "status_changed", "UNSHIPPED → SHIPPED"),
    ]
    assert {(one.direction, one.by) for one in events} == {(history.Direction.IN, "Amazon")}


async def test_two_stores_do_not_see_each_others_orders(
    database: Database, store_id: StoreId, other_store_id: StoreId
) -> None:
    async with database.transaction() as session:
        await orders.upsert(session, store_id, [order(1)], now=NOW)
    async with database.transaction() as session:
        assert await orders.find(session, other_store_id, order(1).amazon_order_id) is None
        assert await orders.listing(session, other_store_id) == []
        assert await orders.counts_by_status(session, other_store_id) == {}
        claim = await claims.claim_due(session, other_store_id, now=NOW)
        assert claim.orders == ()
        result = await orders.upsert(session, other_store_id, [order(1)], now=NOW)
    assert result == {order(1).amazon_order_id: Seen.NEW}


async def test_the_listing_is_paged_without_gap_or_repetition(
    database: Database, store_id: StoreId
) -> None:
    # given: two were bought in the same moment
    bought = NOW - timedelta(days=1)
    seen = [replace(order(n), purchased_at=bought) for n in (1, 2)] + [order(n) for n in (3, 4, 5)]
    async with database.transaction() as session:
        await orders.upsert(session, store_id, seen, now=NOW)
        # when
        pages: list[list[str]] = []
        after = None
        while page := await orders.listing(session, store_id, after=after, limit=2):
            pages.append([row.amazon_order_id[-1] for row in page])
            after = orders.After(page[-1].purchased_at, AmazonOrderId(page[-1].amazon_order_id))
    # then
    assert pages == [["3", "4"], ["5", "2"], ["1"]]


async def test_the_listing_is_filtered_and_leaves_the_large_columns_alone(
    database: Database, store_id: StoreId
) -> None:
    async with database.transaction() as session:
        await orders.upsert(session, store_id, [order(1), order(2, status="SHIPPED")], now=NOW)
    async with database.transaction() as session:
        shipped = await orders.listing(session, store_id, status="SHIPPED")
        placed = await orders.listing(session, store_id, import_state=ImportState.PLACED)
    assert [row.amazon_order_id for row in shipped] == [order(2).amazon_order_id]
    assert placed == []
    with pytest.raises(DetachedInstanceError):
        _ = shipped[0].facts


async def test_outcomes_are_counted_by_code(database: Database, store_id: StoreId) -> None:
    # given
    async with database.transaction() as session:
        await orders.upsert(session, store_id, [order(n) for n in range(1, 7)], now=NOW)
        claim = await claims.claim_due(session, store_id, now=NOW, limit=5)
        first, second, third, fourth, fifth = claim.orders
        for one, equal in ((first, True), (second, False)):
            await claims.record_placed(session, claim, one, placed(equal=equal), now=NOW)
        both = [Reason(HoldCode.UNKNOWN_SKU, "No SKU A", "A"), Reason(HoldCode.OUT_OF_STOCK, "0")]
        for one, reasons in ((third, both), (fourth, both[:1])):
            await claims.record_held(
                session, claim, one, reasons, look_again_at=NOW + timedelta(hours=1), now=NOW
            )
        skip = [Reason(SkipCode.CANCELLED, "Cancelled")]
        await claims.record_skipped(session, claim, fifth, skip, now=NOW)
    # when
    async with database.transaction() as session:
        outcomes = await orders.counts_by_outcome(session, store_id)
        by_status = await orders.counts_by_status(session, store_id)
        held = await orders.find(session, store_id, AmazonOrderId(third.amazon_order_id))
    # then
    assert outcomes == orders.Outcomes(
        waiting=1,
        placed=2,
        held={HoldCode.OUT_OF_STOCK: 1, HoldCode.UNKNOWN_SKU: 2},
        skipped={SkipCode.CANCELLED: 1},
        totals_equal=1,
        totals_different=1,
    )
    assert by_status == {"UNSHIPPED": 6}
    assert held is not None
    assert held.held_or_skipped_for() == both


async def test_only_orders_with_the_named_reason_are_looked_at_again(
    database: Database, store_id: StoreId
) -> None:
    # given
    async with database.transaction() as session:
        await orders.upsert(session, store_id, [order(1), order(2), order(3)], now=NOW)
        claim = await claims.claim_due(session, store_id, now=NOW)
        codes = (HoldCode.UNKNOWN_SKU, HoldCode.OUT_OF_STOCK, HoldCode.ADDRESS_REFUSED)
        for one, code in zip(claim.orders, codes, strict=True):
            reasons = [Reason(code, "words")]
            await claims.record_held(
                session, claim, one, reasons, look_again_at=NOW + timedelta(days=1), now=NOW
            )
    # when
    async with database.transaction() as session:
        freed = await held.look_again(
            session, store_id, [HoldCode.UNKNOWN_SKU, HoldCode.OUT_OF_STOCK], now=NOW
        )
        due = await claims.claim_due(session, store_id, now=NOW)
    # then
    assert freed == 2
    assert {one.reasons[0]["code"] for one in due.orders} == {"UNKNOWN_SKU", "OUT_OF_STOCK"}


def placed(*, equal: bool = True) -> claims.Placed:
    return claims.Placed(
        saleor_order_id=SaleorOrderId("T3JkZXI6MQ=="),
        saleor_order_number="1001",
        total_gross=Decimal("16.49") if equal else Decimal("16.50"),
        totals_equal=equal,
        lines={OrderItemId("item-1"): SaleorOrderLineId("T3JkZXJMaW5lOjE=")},
    )
