"""The life of a seller's feeds: they wait, are worked on and end with a report, or without one."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from itertools import count

from lxml import etree

from saleor_amazon_app.simulators.amazon.deeds import Deeds, RefusedDeedError
from saleor_amazon_app.simulators.amazon.feed_documents import Document, Documents
from saleor_amazon_app.simulators.amazon.feed_messages import (
    CONTENT_ERROR,
    ERROR,
    SUCCESS,
    WARNING,
    XML_ERROR,
    MalformedFeedError,
    Message,
    Outcome,
    WrongFeedError,
    messages,
    read_document,
    report,
)
from saleor_amazon_app.simulators.amazon.pace import Pace

IN_QUEUE = "IN_QUEUE"
IN_PROGRESS = "IN_PROGRESS"
DONE = "DONE"
CANCELLED = "CANCELLED"
FATAL = "FATAL"
STATUSES = frozenset({IN_QUEUE, IN_PROGRESS, DONE, CANCELLED, FATAL})

_CANCEL_REASONS = frozenset(
    """
    NoInventory ShippingAddressUndeliverable CustomerExchange BuyerCanceled GeneralAdjustment
    CarrierCreditDecision RiskAssessmentInformationNotValid CarrierCoverageFailure CustomerReturn
    MerchandiseNotReceived CannotVerifyInformation PricingError RejectOrder WeatherDelay
    """.split()
)
_REFUND_REASONS = frozenset(
    """
    NoInventory CustomerReturn GeneralAdjustment CouldNotShip DifferentItem Abandoned
    CustomerCancel PriceError ProductOutofStock CustomerAddressIncorrect Exchange Other
    CarrierCreditDecision RiskAssessmentInformationNotValid CarrierCoverageFailure
    TransactionRecord Undeliverable RefusedDelivery
    """.split()
)


class Doom(StrEnum):
    """How a feed can end badly on purpose: given up half-way, or never finished."""

    FATAL = "FATAL"
    STUCK = "STUCK"


@dataclass(frozen=True, slots=True)
class _Fate:
    doom: Doom
    carried_out: int


@dataclass(slots=True)
class Feed:
    """One feed; its outcomes are those of the messages that were carried out so far."""

    id: str
    type: str
    marketplaces: list[str]
    content: bytes
    created: datetime
    status: str = IN_QUEUE
    started: datetime | None = None
    ended: datetime | None = None
    result: Document | None = None
    outcomes: list[Outcome] = field(default_factory=list)
    fate: _Fate | None = None


class Feeds:
    """The feeds of one seller."""

    def __init__(self, seller_id: str, deeds: Deeds, documents: Documents, pace: Pace) -> None:
        self._seller_id = seller_id
        self._deeds = deeds
        self._documents = documents
        self._pace = pace
        self._feeds: dict[str, Feed] = {}
        self._numbers = count(50_001)
        self._fates: list[_Fate] = []
        self._remarks: list[tuple[str, str]] = []

    def doom_next_feed(self, how: Doom, *, carried_out: int = 0) -> None:
        """Lets the next feed end badly, after some of its messages were carried out."""
        self._fates.append(_Fate(how, carried_out))

    def refuse_next_message(self, words: str = "The order cannot be changed now.") -> None:
        """Refuses the next message of a feed, however good it is."""
        self._remarks.append((ERROR, words))

    def warn_of_next_message(self, words: str = "The order is late.") -> None:
        """Carries the next message of a feed out, if it is good, and reports a warning."""
        self._remarks.append((WARNING, words))

    def free_stuck_feeds(self) -> None:
        """Lets feeds that are stuck be finished after all."""
        for feed in self._feeds.values():
            if feed.fate and feed.fate.doom is Doom.STUCK:
                feed.fate = None

    def create(
        self, feed_type: str, marketplaces: list[str], content: bytes, now: datetime
    ) -> Feed:
        """Takes a feed in; one that is not XML is cancelled at once."""
        feed = Feed(str(next(self._numbers)), feed_type, marketplaces, content, now)
        self._feeds[feed.id] = feed
        try:
            read_document(content)
        except MalformedFeedError:
            feed.status, feed.ended = CANCELLED, now
            return feed
        feed.fate = self._fates.pop(0) if self._fates else None
        return feed

    def get(self, feed_id: str) -> Feed | None:
        """The feed with that id."""
        return self._feeds.get(feed_id)

    def __iter__(self) -> Iterator[Feed]:
        """The feeds, the newest first."""
        return reversed(self._feeds.values())

    def due(self, now: datetime) -> list[datetime]:
        """When, by now, a feed is to be taken up or to be done."""
        steps = (self._plan(feed) for feed in self._feeds.values() if feed.ended is None)
        return [moment for pair in steps for moment in pair if moment <= now]

    def catch_up(self, now: datetime) -> None:
        """Lets every feed go as far as it is by now, each step at its own time."""
        for feed in self._feeds.values():
            begin, end = self._plan(feed)
            if feed.status == IN_QUEUE and begin <= now:
                feed.status, feed.started = IN_PROGRESS, begin
            if feed.status == IN_PROGRESS and end <= now:
                self._work_on(feed, end)

    def _plan(self, feed: Feed) -> tuple[datetime, datetime]:
        begin = feed.created + self._pace.feed_queue
        return begin, begin + self._pace.feed_work

    def _work_on(self, feed: Feed, at: datetime) -> None:
        try:
            found = messages(
                read_document(feed.content), feed_type=feed.type, seller_id=self._seller_id
            )
        except WrongFeedError as error:
            feed.outcomes = [Outcome(0, ERROR, XML_ERROR, str(error))]
            self._finish(feed, at=at, processed=1)
            return
        fate = feed.fate
        due = found[len(feed.outcomes) : fate.carried_out if fate else None]
        feed.outcomes += [self._carry_out(feed, message, at) for message in due]
        if fate is None:
            self._finish(feed, at=at, processed=len(found))
        elif fate.doom is Doom.FATAL:
            feed.status, feed.ended = FATAL, at

    def _finish(self, feed: Feed, *, at: datetime, processed: int) -> None:
        # Amazon's reports are packed or not, and tell of successes or not; so every other is.
        odd = int(feed.id) % 2 == 1
        content = report(feed.id, feed.outcomes, processed=processed, wordy=odd)
        feed.result = self._documents.make("text/xml; charset=UTF-8", content=content, packed=odd)
        feed.status, feed.ended = DONE, at

    def _carry_out(self, feed: Feed, message: Message, at: datetime) -> Outcome:
        remark, words = self._remarks.pop(0) if self._remarks else (SUCCESS, "")
        try:
            if remark == ERROR:
                raise RefusedDeedError(words)
            if feed.type == "POST_ORDER_ACKNOWLEDGEMENT_DATA":
                self._cancel(message, handed_in=feed.created, at=at)
            else:
                self._refund(message, at)
        except RefusedDeedError as error:
            return Outcome(message.number, ERROR, CONTENT_ERROR, str(error))
        return Outcome(message.number, remark, words=words)

    def _cancel(self, message: Message, *, handed_in: datetime, at: datetime) -> None:
        told = message.content
        if told.findtext("StatusCode") != "Failure":
            raise RefusedDeedError("Orders need no acknowledgement.")
        items: dict[str, str] = {}
        for item in told.iterfind("Item"):
            reason = item.findtext("CancelReason") or ""
            if reason not in _CANCEL_REASONS or item.find("Quantity") is not None:
                raise RefusedDeedError(f"CancelReason {reason!r} or a Quantity is not accepted.")
            items[item.findtext("AmazonOrderItemCode") or ""] = reason
        order_id = told.findtext("AmazonOrderID") or ""
        self._deeds.cancel(order_id, items, handed_in=handed_in, at=at)

    def _refund(self, message: Message, at: datetime) -> None:
        told = message.content
        if told.findtext("ActionType") != "Refund":
            raise RefusedDeedError("Only refunds are accepted.")
        parts: dict[str, dict[str, Decimal]] = {}
        currencies: set[str] = set()
        for item in told.iterfind("AdjustedItem"):
            item_id = item.findtext("AmazonOrderItemCode") or ""
            if item.findtext("AdjustmentReason") not in _REFUND_REASONS or item_id in parts:
                raise RefusedDeedError(f"Item {item_id} has no reason, or is named twice.")
            parts[item_id] = _components(item, currencies)
        if len(currencies) != 1:
            raise RefusedDeedError("A refund is in one currency.")
        self._deeds.refund(
            told.findtext("AmazonOrderID") or "",
            parts,
            currency=currencies.pop(),
            at=at,
            said_by=message.number,
        )


def _components(item: etree._Element, currencies: set[str]) -> dict[str, Decimal]:
    """The amounts of an item; a Quantity multiplies them, as it once did to a seller."""
    times = int(item.findtext("Quantity") or 1)
    amounts: dict[str, Decimal] = {}
    for component in item.iterfind("ItemPriceAdjustments/Component"):
        amount = component.find("Amount")
        try:
            value = Decimal(amount.text or "" if amount is not None else "")
        except InvalidOperation as error:
            raise RefusedDeedError("An Amount is not a number.") from error
        if not value.is_finite() or value != round(value, 2):
            raise RefusedDeedError("An Amount has more than two decimals.")
        kind = component.findtext("Type") or ""
        amounts[kind] = amounts.get(kind, Decimal(0)) + value * times
        currencies.add(amount.get("currency", "") if amount is not None else "")
    if not amounts:
        raise RefusedDeedError("An item has no components.")
    return amounts
