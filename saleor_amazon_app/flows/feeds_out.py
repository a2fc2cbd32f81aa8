"""Cancellations and refunds travel in feeds: many orders of a store in one document.

    rows planned → one document → handed in → watched → its report read row by row

A feed that was handed in and answered by nobody is looked for before anything else is sent: in
it everything would be carried out a second time. One that broke down may have done some, none or
all; nothing of it is sent again by itself.

Source: Feeds API 2021-06-30; selling-partner-api-models issues 4405 and 4914, read 2026-11-20.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from saleor_amazon_app.amazon import feeds
from saleor_amazon_app.amazon.client import AmazonClient
from saleor_amazon_app.amazon.errors import AmazonUnavailable, NotFound
from saleor_amazon_app.amazon.feed_reports import ReportRow, Result
from saleor_amazon_app.amazon.feeds import Feed, FeedId, FeedStatus, FeedType
from saleor_amazon_app.core.choices import Choices
from saleor_amazon_app.core.errors import AppError
from saleor_amazon_app.core.ids import MarketplaceId, StoreId
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.receipts import have_worked, record
from saleor_amazon_app.ledger import orders, outbox, outbox_claims
from saleor_amazon_app.ledger.orders import Order as Row
from saleor_amazon_app.ledger.outbox import OutboxKind, OutboxRow, OutboxState
from saleor_amazon_app.ledger.outbox_claims import Batch
from saleor_amazon_app.ledger.session import Session
from saleor_amazon_app.ledger.stores import Store

_MOST_IN_A_FEED = 5000
_LOST = (OutboxState.SENDING, OutboxState.UNKNOWN)
_WATCHED = (OutboxState.ACCEPTED, OutboxState.UNKNOWN)
_NO_SELLER = (
    "Amazon was not told yet, because it wants to read the seller's merchant token: enter it on "
    "the Store connection page."
)
# In beats of the way back.
_LOOK_AGAIN = 0.5
_LOOK_FOR_LOST = 2
_SHOWS_WITHIN = 6
_MAY_TAKE = 240
_STUCK_PAUSE = 60
# Amazon keeps its own time of when a feed was made.
_CLOCKS_DIFFER = 1

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Message:
    """What a row says in a feed, and what is kept of it."""

    told: Any
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class End:
    """Why a row is not sent after all."""

    state: OutboxState
    words: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Later:
    """A row that must wait for something else about its order to end."""


Prepare = Callable[[Session, Choices, OutboxRow, Row, datetime], Awaitable[Message | End | Later]]


@dataclass(frozen=True, slots=True)
class Lane:
    """One kind of feed.

    Attributes:
        prepare: decides anew, by what is known now, what a row says.
        document: writes the messages of a feed for a seller.
        succeeded: what becomes of a row that Amazon carried out, as values for `record`.
        refused_note: what staff are told of a refusal, before Amazon's words.
    """

    kind: OutboxKind
    feed_type: FeedType
    prepare: Prepare
    document: Callable[[str, Sequence[Any]], bytes]
    succeeded: Callable[[OutboxRow, datetime], Mapping[str, Any]]
    refused_note: Callable[[OutboxRow], str]


async def step(lines: Connections, store: Store, settings: Choices, lane: Lane) -> None:
    """Takes a lane one step further.

    Raises:
        AmazonError, TryAgainLater: the job runs again and reads what there is.
    """
    feeder = _Feeder(lines, store, settings, lane)
    await feeder.find_lost()
    await feeder.watch()
    await feeder.hand_in()


class _Feeder:
    """A lane of one store."""

    def __init__(self, lines: Connections, store: Store, settings: Choices, lane: Lane) -> None:
        self._lines = lines
        self._store = store
        self._store_id = StoreId(store.id)
        self._settings = settings
        self._lane = lane
        self._client: AmazonClient = lines.amazon(store)

    async def find_lost(self) -> None:
        """Looks for a feed that was handed in and answered by nobody."""
        now = self._lines.clock()
        async with self._lines.database.transaction() as session:
            batch = await outbox_claims.claim(
                session,
                self._store_id,
                self._lane.kind,
                _LOST,
                now=now,
                limit=_MOST_IN_A_FEED,
                has_feed=False,
            )
        if batch is None or not batch.rows:
            return
        try:
            await self._adopt(batch)
        finally:
            await self._release(batch)

    async def _adopt(self, batch: Batch) -> None:
        now, beat = self._lines.clock(), self._lines.pace.beat
        handed_in = min(row.sending_at or now for row in batch.rows)
        since = handed_in - _CLOCKS_DIFFER * beat
        found = await feeds.recent_feeds(self._client, self._lane.feed_type, since)
        async with self._lines.database.transaction() as session:
            known = await outbox.known_feeds(session, self._store_id, self._lane.kind)
        strange = sorted((one for one in found if one.id not in known), key=lambda f: f.created_at)
        if strange:
            log.warning("lost_feed_found", feed_id=strange[0].id, rows=len(batch.rows))
            await self._accepted(batch, batch.rows, strange[0].id)
        elif now - handed_in < _SHOWS_WITHIN * beat:
            for row in batch.rows:
                due_at = now + _LOOK_FOR_LOST * beat
                await self._record(batch, row, OutboxState.UNKNOWN, due_at=due_at)
        else:
            log.warning("lost_feed_never_was", rows=len(batch.rows))
            for row in batch.rows:
                await self._record(batch, row, OutboxState.PLANNED, due_at=now)

    async def hand_in(self) -> None:
        """Sends everything that is planned in one feed, once the first of it has waited a beat."""
        now = self._lines.clock()
        kind = self._lane.kind
        async with self._lines.database.transaction() as session:
            oldest = await outbox.oldest_planned(session, self._store_id, kind)
            if oldest is None or await outbox.is_handing_in(session, self._store_id, kind):
                return
            if oldest > now:
                await have_worked(session, self._store_id, at=oldest)
                return
            batch = await outbox_claims.claim(
                session,
                self._store_id,
                kind,
                (OutboxState.PLANNED,),
                now=now,
                limit=_MOST_IN_A_FEED,
                due_only=False,
            )
        if batch is None or not batch.rows:
            return
        try:
            if not self._store.seller_id:
                await self._without_seller(batch)
            elif messages := await self._prepare(batch):
                await self._send(batch, messages)
        finally:
            await self._release(batch)

    async def _without_seller(self, batch: Batch) -> None:
        """Waits for the merchant: Amazon refuses a document that does not name its seller."""
        due_at = self._lines.clock() + _STUCK_PAUSE * self._lines.pace.beat
        for row in batch.rows:
            note = None if row.words == _NO_SELLER else _NO_SELLER
            await self._record(
                batch, row, OutboxState.PLANNED, words=_NO_SELLER, note=note, due_at=due_at
            )

    async def _prepare(self, batch: Batch) -> dict[int, Message]:
        """Decides row by row; those that are not to be sent are recorded."""
        messages: dict[int, Message] = {}
        told_of: set[str] = set()
        for row in batch.rows:
            async with self._lines.database.transaction() as session:
                order = await orders.find(session, self._store_id, outbox.order_id(row))
                if order is None:
                    continue
                # What one message of a feed changes the next of the same order must count on.
                decision: Message | End | Later = Later()
                if row.amazon_order_id not in told_of:
                    decision = await self._lane.prepare(
                        session, self._settings, row, order, self._lines.clock()
                    )
            match decision:
                case Message():
                    messages[row.id] = decision
                    told_of.add(row.amazon_order_id)
                case End(state, words, note):
                    await self._record(batch, row, state, words=words, note=note)
                case Later():
                    due_at = self._lines.clock() + self._lines.pace.beat
                    await self._record(batch, row, OutboxState.PLANNED, due_at=due_at)
        return messages

    async def _send(self, batch: Batch, messages: Mapping[int, Message]) -> None:
        rows = [row for row in batch.rows if row.id in messages]
        told = [messages[row.id].told for row in rows]
        content = self._lane.document(self._store.seller_id or "", told)
        document = await feeds.create_document(self._client)
        await feeds.upload(self._lines.http, document, content)
        async with self._lines.database.transaction() as session:
            contents = {row_id: message.content for row_id, message in messages.items()}
            begun = await outbox_claims.begin(
                session, batch, rows, now=self._lines.clock(), contents=contents
            )
        if len(begun) < len(rows):
            # The document says what is no longer to be said.
            await self._back_to_planned(batch, begun)
            return
        await self._create(batch, rows, document.id)

    async def _create(self, batch: Batch, rows: Sequence[OutboxRow], document_id: str) -> None:
        marketplaces = [MarketplaceId(each) for each in self._store.marketplaces]
        try:
            feed_id = await feeds.create_feed(
                self._client, self._lane.feed_type, marketplaces, document_id
            )
        except AmazonUnavailable as lost:
            due_at = self._lines.clock() + _LOOK_FOR_LOST * self._lines.pace.beat
            for row in rows:
                await self._record(batch, row, OutboxState.UNKNOWN, words=str(lost), due_at=due_at)
        except AppError:
            await self._back_to_planned(batch, rows)
            raise
        else:
            await self._accepted(batch, rows, feed_id)
            log.info("feed_handed_in", feed_id=feed_id, rows=len(rows))

    async def _back_to_planned(self, batch: Batch, rows: Sequence[OutboxRow]) -> None:
        for row in rows:
            due_at = self._lines.clock() + self._lines.pace.beat
            await self._record(batch, row, OutboxState.PLANNED, due_at=due_at)

    async def _accepted(self, batch: Batch, rows: Sequence[OutboxRow], feed_id: FeedId) -> None:
        due_at = self._lines.clock() + _LOOK_AGAIN * self._lines.pace.beat
        for row in rows:
            await self._record(batch, row, OutboxState.ACCEPTED, due_at=due_at, feed_id=feed_id)

    async def watch(self) -> None:
        """Asks how far the feeds are that Amazon took, and reads what became of them."""
        now = self._lines.clock()
        async with self._lines.database.transaction() as session:
            due = await outbox.due_in_state(
                session, self._store_id, self._lane.kind, _WATCHED, now=now, limit=_MOST_IN_A_FEED
            )
        by_feed: defaultdict[FeedId, list[OutboxRow]] = defaultdict(list)
        for row, _ in due:
            if row.feed_id and not row.content.get("isReported"):
                by_feed[FeedId(row.feed_id)].append(row)
        for feed_id, rows in by_feed.items():
            try:
                found = await feeds.feed(self._client, feed_id)
            except NotFound:
                await self._unknown(rows, "Amazon does not know the feed any more.")
                continue
            await self._outcome(found, rows)

    async def _outcome(self, found: Feed, rows: Sequence[OutboxRow]) -> None:
        match found.status:
            case FeedStatus.DONE if found.result_document_id:
                await self._read_report(found.result_document_id, rows)
            case FeedStatus.CANCELLED:
                for row in rows:
                    await self._refused(row, "Amazon did not process the feed it was in.")
            case FeedStatus.FATAL | FeedStatus.DONE:
                await self._unknown(
                    rows,
                    f"Amazon's feed {found.id} broke down: it may have been done or not. Look at "
                    "the order in Seller Central before it is sent again.",
                    again_at=self._lines.clock() + _STUCK_PAUSE * self._lines.pace.beat,
                )
            case _:
                await self._wait(found, rows)

    async def _read_report(self, document_id: str, rows: Sequence[OutboxRow]) -> None:
        report = await feeds.report(self._client, self._lines.http, document_id)
        for row in rows:
            said = report.of(row.id)
            if said is None:
                await self._unknown([row], "Amazon's report does not say what became of it.")
            elif said.result is Result.ERROR:
                await self._refused(row, _words(said))
            else:
                values = dict(self._lane.succeeded(row, self._lines.clock()))
                await self._record(None, row, **values)

    async def _wait(self, found: Feed, rows: Sequence[OutboxRow]) -> None:
        now, beat = self._lines.clock(), self._lines.pace.beat
        if now - found.created_at < _MAY_TAKE * beat:
            async with self._lines.database.transaction() as session:
                for row in rows:
                    await outbox.settle(session, row, due_at=now + _LOOK_AGAIN * beat)
            return
        words = f"Amazon's feed {found.id} does not come to an end; it is watched further."
        await self._unknown(rows, words, again_at=now + _STUCK_PAUSE * beat)

    async def _unknown(
        self, rows: Sequence[OutboxRow], words: str, *, again_at: datetime | None = None
    ) -> None:
        for row in rows:
            note = None if row.words == words else words
            await self._record(
                None, row, OutboxState.UNKNOWN, words=words, note=note, due_at=again_at
            )

    async def _refused(self, row: OutboxRow, words: str) -> None:
        note = f"{self._lane.refused_note(row)} {words}"
        await self._record(None, row, OutboxState.REFUSED, words=words, note=note)

    async def _record(
        self, batch: Batch | None, row: OutboxRow, state: OutboxState, **values: Any
    ) -> None:
        await record(self._lines, batch, row, state, **values)

    async def _release(self, batch: Batch) -> None:
        async with self._lines.database.transaction() as session:
            await outbox_claims.release(session, batch)


def _words(said: ReportRow) -> str:
    return said.description or f"Amazon refused it ({said.code or 'without a word'})."
