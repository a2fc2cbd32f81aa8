"""Feeds handed to the simulated Amazon: their life, their reports, and orders cancelled by them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from saleor_amazon_app.amazon.client import AmazonClient
from saleor_amazon_app.amazon.errors import AmazonUnavailable, BadRequest, NotFound, Throttled
from saleor_amazon_app.amazon.feed_documents import CancelledOrder, cancellations
from saleor_amazon_app.amazon.feed_reports import ReportRow, Result
from saleor_amazon_app.amazon.feeds import (
    Feed,
    FeedId,
    FeedStatus,
    FeedType,
    create_document,
    create_feed,
    feed,
    recent_feeds,
    report,
    upload,
)
from saleor_amazon_app.amazon.shipments import ConfirmedItem, ShipmentConfirmation, confirm
from saleor_amazon_app.core.ids import AmazonOrderId, OrderItemId
from saleor_amazon_app.simulators.amazon import Operation, ScriptedOrder, create_amazon
from tests.contracts.amazon_line import RememberingThrottle
from tests.contracts.simulated_line import UNITED_STATES as US
from tests.contracts.simulated_line import FreshTokens, Line, simulated_line
from tests.simulated_amazon import NOON, HandClock, amazon_order, order_id, socket_to

SELLER = "A1SIMULATED"
CANCELLATIONS = FeedType.POST_ORDER_ACKNOWLEDGEMENT_DATA


def cancelled(number: int = 1, reason: str = "NoInventory", message: int = 0) -> CancelledOrder:
    items = (OrderItemId(f"{number:014}"),)
    return CancelledOrder(message or number, AmazonOrderId(order_id(number)), items, reason)


async def cancel(line: Line, *orders: CancelledOrder) -> FeedId:
    return await line.hand_in(cancellations(SELLER, orders), CANCELLATIONS)


async def statuses(line: Line, numbers: Sequence[int]) -> list[str | None]:
    shown = [(await line.order(order_id(number))).fulfillment for number in numbers]
    return [one.fulfillment_status if one else None for one in shown]


async def test_a_feed_waits_is_worked_on_and_ends_with_a_report() -> None:
    async with simulated_line(amazon_order()) as line:
        feed_id = await cancel(line, cancelled())
        seen = []
        for seconds in (0, 29, 1, 89):
            line.clock.move(seconds=seconds)
            seen.append(await feed(line.client, feed_id))
        before = await statuses(line, [1])
        line.clock.move(seconds=1)
        ended = await feed(line.client, feed_id)
        after = await line.order(order_id())
        told = await report(line.client, line.http, ended.result_document_id or "")

    assert [one.status for one in seen] == ["IN_QUEUE", "IN_QUEUE", "IN_PROGRESS", "IN_PROGRESS"]
    assert [one.result_document_id for one in seen] == [None] * 4
    assert before == ["UNSHIPPED"]
    assert ended.status == FeedStatus.DONE
    assert after.fulfillment is not None
    assert after.fulfillment.fulfillment_status == "CANCELLED"
    assert after.last_updated_time == NOON + timedelta(minutes=2)
    assert told.rows == {1: ReportRow(Result.SUCCESS)}
    assert (told.processed, told.successful, told.with_errors) == (1, 1, 0)
    assert {"createFeedDocument", "createFeed", "getFeed", "getFeedDocument"} <= set(line.judged)


async def test_a_cancelled_order_says_who_and_why() -> None:
    async with simulated_line(amazon_order()) as line:
        await line.done(await cancel(line, cancelled(reason="PricingError")))
        order = await line.order(order_id())
        outcome = await line.outcome()

    (item,) = order.order_items
    assert item.fulfillment is not None
    assert (item.fulfillment.quantity_fulfilled, item.fulfillment.quantity_unfulfilled) == (0, 0)
    assert item.cancellation is not None
    assert item.cancellation.cancellation_execution is not None
    assert item.cancellation.cancellation_execution.cancelled_by == "MERCHANT"
    assert outcome["orders"][order_id()]["cancellation"] == {
        "reason": "PricingError",
        "buyerAsked": False,
        "at": "2026-11-20T12:02:00.000Z",
    }
    assert outcome["faults"] == []


async def test_reports_are_packed_and_wordy_every_other_time() -> None:
    async with simulated_line(amazon_order(1), amazon_order(2)) as line:
        wordy = await line.done(await cancel(line, cancelled(1)))
        terse = await line.done(await cancel(line, cancelled(2)))

    assert wordy.rows == {1: ReportRow(Result.SUCCESS)}
    assert terse.rows == {}
    assert wordy.of(1) == terse.of(2) == ReportRow(Result.SUCCESS)


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (amazon_order(2, status="SHIPPED"), "SHIPPED cannot be cancelled"),
        (amazon_order(2, status="PARTIALLY_SHIPPED"), "PARTIALLY_SHIPPED cannot be cancelled"),
        (amazon_order(2, status="PENDING"), "PENDING cannot be cancelled"),
        (amazon_order(2, status="CANCELLED"), "CANCELLED cannot be cancelled"),
        (amazon_order(2, fulfilled_by="AMAZON"), "fulfilled by Amazon"),
        (amazon_order(3), "There is no order"),
    ],
)
async def test_done_is_not_success_for_every_order(order: dict[str, Any], words: str) -> None:
    async with simulated_line(amazon_order(1), order) as line:
        told = await line.done(await cancel(line, cancelled(1), cancelled(2, message=77)))
        changed = await statuses(line, [1])
        outcome = await line.outcome()

    refused = told.of(77)
    assert refused is not None
    assert refused.result is Result.ERROR
    assert words in (refused.description or "")
    assert told.of(1) == ReportRow(Result.SUCCESS)
    assert (told.processed, told.successful, told.with_errors) == (2, 1, 1)
    assert changed == ["CANCELLED"]
    assert list(outcome["orders"]) == [order_id(1)]


async def test_an_order_whose_parcel_is_not_yet_shown_is_not_cancelled() -> None:
    parcel = ShipmentConfirmation(
        "1", "UPS", None, None, "1Z", NOON, (ConfirmedItem(OrderItemId(f"{1:014}"), 1),)
    )
    async with simulated_line(amazon_order()) as line:
        feed_id = await cancel(line, cancelled())
        line.clock.move(seconds=90)
        await confirm(line.client, US, AmazonOrderId(order_id()), parcel)
        told = await line.done(feed_id)
        outcome = await line.outcome()

    assert told.rows[1].result is Result.ERROR
    assert outcome["orders"][order_id()]["cancellation"] is None
    assert [one["fault"] for one in outcome["faults"]] == ["cancelled_wrong"]


@pytest.mark.parametrize(
    ("asked", "reason", "faults"),
    [
        (False, "NoInventory", []),
        (True, "BuyerCanceled", []),
        (False, "BuyerCanceled", ["cancelled_wrong"]),
        (True, "NoInventory", ["cancelled_wrong"]),
    ],
)
async def test_the_reason_must_be_the_true_one(asked: bool, reason: str, faults: list[str]) -> None:
    async with simulated_line(amazon_order()) as line:
        if asked:
            await line.act("ask_to_cancel", order_id=order_id())
            line.clock.move(minutes=10)
        shown = await line.order(order_id())
        await line.done(await cancel(line, cancelled(reason=reason)))
        outcome = await line.outcome()

    (item,) = shown.order_items
    requested = item.cancellation and item.cancellation.cancellation_request
    assert bool(requested) is asked
    assert outcome["orders"][order_id()]["cancellation"]["buyerAsked"] is asked
    assert [one["fault"] for one in outcome["faults"]] == faults


async def test_a_wish_that_came_too_late_to_be_noticed_makes_no_reason_wrong() -> None:
    async with simulated_line(amazon_order()) as line:
        await line.act("ask_to_cancel", order_id=order_id())
        line.clock.move(minutes=9)
        feed_id = await cancel(line, cancelled())
        await line.done(feed_id)
        outcome = await line.outcome()

    assert outcome["orders"][order_id()]["cancellation"]["buyerAsked"] is True
    assert outcome["faults"] == []


async def test_a_document_that_is_no_xml_is_cancelled_at_once_and_does_nothing() -> None:
    async with simulated_line(amazon_order()) as line:
        feed_id = await line.hand_in(cancellations(SELLER, [cancelled()])[:-5], CANCELLATIONS)
        ended = await feed(line.client, feed_id)
        line.clock.move(hours=1)

        assert ended.status == FeedStatus.CANCELLED
        assert ended.result_document_id is None
        assert await statuses(line, [1]) == ["UNSHIPPED"]


@pytest.mark.parametrize(
    "content",
    [
        b"<html/>",
        cancellations("A2ANOTHER", [cancelled()]),
        cancellations(SELLER, [cancelled()]).replace(b"<MessageID>1<", b"<MessageID>0<"),
        cancellations(SELLER, [cancelled()]).replace(b">OrderAcknowledgement<", b">Price<"),
    ],
)
async def test_a_document_that_is_no_such_feed_is_one_error_for_all(content: bytes) -> None:
    async with simulated_line(amazon_order()) as line:
        told = await line.done(await line.hand_in(content, CANCELLATIONS))
        changed = await statuses(line, [1])

    assert told.rows[0].result is Result.ERROR
    assert told.of(1) == told.rows[0]
    assert changed == ["UNSHIPPED"]


@pytest.mark.parametrize(("carried_out", "after"), [(0, "UNSHIPPED"), (1, "CANCELLED")])
async def test_a_fatal_feed_may_have_done_some(carried_out: int, after: str) -> None:
    async with simulated_line(amazon_order(1), amazon_order(2)) as line:
        await line.act("doom_next_feed", how="FATAL", carried_out=carried_out)
        feed_id = await cancel(line, cancelled(1), cancelled(2))
        line.clock.move(minutes=2)
        ended = await feed(line.client, feed_id)

        assert (ended.status, ended.result_document_id) == (FeedStatus.FATAL, None)
        assert await statuses(line, [1, 2]) == [after, "UNSHIPPED"]


async def test_a_stuck_feed_goes_on_only_when_it_is_freed() -> None:
    async with simulated_line(amazon_order(1), amazon_order(2)) as line:
        await line.act("doom_next_feed", how="STUCK", carried_out=1)
        feed_id = await cancel(line, cancelled(1), cancelled(2))
        line.clock.move(days=1)
        stuck = await feed(line.client, feed_id)
        partly = await statuses(line, [1, 2])
        await line.act("free_stuck_feeds")
        told = await line.done(feed_id)

    assert stuck.status == FeedStatus.IN_PROGRESS
    assert partly == ["CANCELLED", "UNSHIPPED"]
    assert told.rows == {1: ReportRow(Result.SUCCESS), 2: ReportRow(Result.SUCCESS)}


async def test_a_good_message_can_be_refused_or_warned_of_on_purpose() -> None:
    async with simulated_line(amazon_order(1), amazon_order(2), amazon_order(3)) as line:
        await line.act("refuse_next_message", words="Not now.")
        await line.act("warn_of_next_message", words="Late.")
        told = await line.done(await cancel(line, cancelled(1), cancelled(2), cancelled(3)))
        after = await statuses(line, [1, 2, 3])

    assert told.rows[1].description == "Not now."
    assert told.rows[2] == ReportRow(Result.WARNING, None, "Late.")
    assert told.of(3) == ReportRow(Result.SUCCESS)
    assert after == ["UNSHIPPED", "CANCELLED", "CANCELLED"]


async def test_a_feed_whose_creation_was_answered_by_nobody_is_found() -> None:
    async with simulated_line(amazon_order()) as line:
        earlier = await line.hand_in(b"<x/>", CANCELLATIONS)
        line.clock.move(hours=1)
        since = line.clock()
        line.amazon.faults.lose_response(operation=Operation.CREATE_FEED)
        with pytest.raises(AmazonUnavailable):
            await cancel(line, cancelled())
        (found,) = await recent_feeds(line.client, CANCELLATIONS, since)
        others = await recent_feeds(line.client, FeedType.POST_PAYMENT_ADJUSTMENT_DATA, since)
        told = await line.done(found.id)

    assert isinstance(found, Feed)
    assert found.id != earlier
    assert others == ()
    assert told.of(1) == ReportRow(Result.SUCCESS)


async def test_a_creation_that_failed_left_no_feed() -> None:
    async with simulated_line(amazon_order()) as line:
        for spoil in (line.amazon.faults.fail_next, line.amazon.faults.time_out_next):
            spoil(operation=Operation.CREATE_FEED)
            with pytest.raises(AmazonUnavailable):
                await cancel(line, cancelled())
        found = await recent_feeds(line.client, CANCELLATIONS, NOON)

    assert found == ()


async def test_more_feeds_than_fit_a_page_are_all_found() -> None:
    async with simulated_line() as line:
        for _ in range(15):
            await line.hand_in(b"<x/>", CANCELLATIONS)
        headers = await line.permission()
        answer = await line.http.get(
            "http://amazon.test/feeds/2021-06-30/feeds",
            params={"feedTypes": CANCELLATIONS, "pageSize": "10"},
            headers=headers,
        )
        rest = await line.http.get(
            "http://amazon.test/feeds/2021-06-30/feeds",
            params={"nextToken": answer.json()["nextToken"]},
            headers=headers,
        )
        found = await recent_feeds(line.client, CANCELLATIONS, NOON)

    pages = [[one["feedId"] for one in page.json()["feeds"]] for page in (answer, rest)]
    assert [len(page) for page in pages] == [10, 5]
    assert "nextToken" not in rest.json()
    assert [one.id for one in found] == sum(pages, [])


async def test_the_burst_of_feeds_is_fifteen() -> None:
    async with simulated_line() as line:
        document = await create_document(line.client)
        await upload(line.http, document, b"<x/>")
        for _ in range(15):
            await create_feed(line.client, CANCELLATIONS, [US], document.id)

        with pytest.raises(Throttled):
            await create_feed(line.client, CANCELLATIONS, [US], document.id)


async def test_an_address_dies_after_five_minutes_and_is_its_own_permission() -> None:
    async with simulated_line() as line:
        document = await create_document(line.client)
        plain = {"content-type": "text/xml; charset=UTF-8"}
        with_token = await line.http.put(
            document.url, content=b"x", headers={**plain, **await line.permission()}
        )
        other_type = await line.http.put(
            document.url, content=b"x", headers={"content-type": "text/xml"}
        )
        line.clock.move(minutes=5)
        with pytest.raises(AmazonUnavailable):
            await upload(line.http, document, b"<x/>")
        with pytest.raises(BadRequest, match="no document with content"):
            await create_feed(line.client, CANCELLATIONS, [US], document.id)

    assert (with_token.status_code, other_type.status_code) == (400, 403)


async def test_documents_can_be_lost_on_their_way_and_moved_again() -> None:
    async with simulated_line(amazon_order()) as line:
        faults = line.amazon.faults
        document = await create_document(line.client)
        faults.lose_response(operation=Operation.UPLOAD_FEED_DOCUMENT)
        with pytest.raises(AmazonUnavailable):
            await upload(line.http, document, b"old")
        await upload(line.http, document, cancellations(SELLER, [cancelled()]))
        feed_id = await create_feed(line.client, CANCELLATIONS, [US], document.id)
        faults.lose_response(operation=Operation.DOWNLOAD_FEED_DOCUMENT)
        with pytest.raises(AmazonUnavailable):
            await line.done(feed_id)
        told = await line.done(feed_id)

    assert told.of(1) == ReportRow(Result.SUCCESS)


async def test_a_feed_takes_the_same_way_through_a_socket(
    capfd: pytest.CaptureFixture[str],
) -> None:
    clock = HandClock()
    amazon = create_amazon([ScriptedOrder(amazon_order())], clock=clock)

    async with socket_to(amazon) as http:
        url = str(http.base_url).rstrip("/")
        client = AmazonClient(
            http,
            spapi_url=url,
            access_token=FreshTokens(http, clock, url=url),
            throttle=RememberingThrottle(),
        )
        document = await create_document(client)
        amazon.faults.lose_response(operation=Operation.UPLOAD_FEED_DOCUMENT)
        with pytest.raises(AmazonUnavailable):
            await upload(http, document, b"old")
        await upload(http, document, cancellations(SELLER, [cancelled()]))
        feed_id = await create_feed(client, CANCELLATIONS, [US], document.id)
        clock.move(minutes=2)
        ended = await feed(client, feed_id)
        told = await report(client, http, ended.result_document_id or "")

    assert told.of(1) == ReportRow(Result.SUCCESS)
    assert "Traceback" not in capfd.readouterr().err


async def test_what_does_not_exist_is_not_found() -> None:
    async with simulated_line() as line:
        with pytest.raises(NotFound):
            await feed(line.client, FeedId("1"))
        with pytest.raises(NotFound):
            await report(line.client, line.http, "1")
        with pytest.raises(BadRequest):
            await create_feed(line.client, CANCELLATIONS, [US], "1")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"feedTypes": "X", "pageSize": "0"},
        {"feedTypes": "X", "pageSize": "101"},
        {"feedTypes": "X", "processingStatuses": "GONE"},
        {"feedTypes": "X", "createdSince": "yesterday"},
        {"feedTypes": "X", "colour": "red"},
        {"nextToken": "x"},
    ],
)
async def test_a_list_is_asked_for_by_amazons_rules(query: dict[str, str]) -> None:
    async with simulated_line() as line:
        answer = await line.http.get(
            "http://amazon.test/feeds/2021-06-30/feeds",
            params=query,
            headers=await line.permission(),
        )

    assert answer.status_code == 400
    assert line.judged == ["getFeeds"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("documents", b"{}"),
        ("documents", b"[]"),
        ("documents", b"{"),
        ("feeds", b"{}"),
        ("feeds", b'{"feedType": "X", "marketplaceIds": [], "inputFeedDocumentId": "1"}'),
        (
            "feeds",
            b'{"feedType": "X", "marketplaceIds": ["ATVPDKIKX0DER"], "inputFeedDocumentId": "1"}',
        ),
    ],
)
async def test_a_body_that_breaks_the_model_is_refused(path: str, body: bytes) -> None:
    async with simulated_line() as line:
        answer = await line.http.post(
            f"http://amazon.test/feeds/2021-06-30/{path}",
            content=body,
            headers=await line.permission(),
        )

    assert answer.status_code == 400
    assert len(line.judged) == 1
