"""A seller's account: its orders, what the app may see of them, and the calls it has left."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum

from saleor_amazon_app.core.times import Clock
from saleor_amazon_app.simulators.amazon.answers import access_denied, quota_exceeded
from saleor_amazon_app.simulators.amazon.book import OrderBook
from saleor_amazon_app.simulators.amazon.buckets import LIMITS, Bucket, Operation
from saleor_amazon_app.simulators.amazon.datasets import Dataset
from saleor_amazon_app.simulators.amazon.deeds import Deeds
from saleor_amazon_app.simulators.amazon.feed_documents import Documents
from saleor_amazon_app.simulators.amazon.feed_queue import Feeds
from saleor_amazon_app.simulators.amazon.pace import Pace
from saleor_amazon_app.simulators.amazon.page_tokens import PageTokens
from saleor_amazon_app.simulators.amazon.parcels import Parcels
from saleor_amazon_app.simulators.amazon.refunds import Refunds

_UNITED_STATES = "ATVPDKIKX0DER"


class Denial(StrEnum):
    """How Amazon treats a call that asks for data the app has no role for; it does both."""

    LEAVE_OUT = "LEAVE_OUT"
    REFUSE_CALL = "REFUSE_CALL"


class Seller:
    """One seller in one region, as one app was given access to it.

    Attributes:
        refresh_token: what the seller's consent gave to the app.
        consented: False once the seller has withdrawn the consent.
        orders_refused: True for the sellers whose orders Amazon refuses whatever is asked for.
        denied: the datasets the app has no role for, and what happens when it asks for them.
        deeds: parcels, cancellations and refunds of its orders.
        feed_pages: the queries behind the next pages of lists of feeds.
    """

    def __init__(
        self,
        *,
        seller_id: str,
        refresh_token: str,
        marketplaces: Sequence[str],
        pace: Pace,
        clock: Clock,
    ) -> None:
        self.seller_id = seller_id
        self.refresh_token = refresh_token
        self.consented = True
        self.orders_refused = False
        self.denied: dict[Dataset, Denial] = {}
        self.orders = OrderBook(pace, clock)
        self.page_tokens = PageTokens(pace)
        self.deeds = Deeds(self.orders, pace, clock)
        self.documents = Documents(seller_id, pace)
        self.feeds = Feeds(seller_id, self.deeds, self.documents, pace)
        self.feed_pages: dict[str, dict[str, str]] = {}
        self.pace = pace
        self._marketplaces = list(marketplaces)
        self._buckets = {operation: Bucket(limit, pace) for operation, limit in LIMITS.items()}

    @property
    def marketplaces(self) -> list[str]:
        """Where the seller sells: as given, else where its orders are from, else the US."""
        return self._marketplaces or self.orders.marketplaces or [_UNITED_STATES]

    @property
    def parcels(self) -> Parcels:
        """The parcels of the seller's orders."""
        return self.deeds.parcels

    @property
    def refunds(self) -> Refunds:
        """What the seller's buyers got back."""
        return self.deeds.refunds

    def catch_up(self, now: datetime) -> None:
        """Lets everything happen that is due by now, in its order: parcels and feeds meet."""
        for moment in sorted({*self.parcels.due(now), *self.feeds.due(now)}):
            self.parcels.catch_up(moment)
            self.feeds.catch_up(moment)

    def revoke_consent(self) -> None:
        """Withdraws the app's access: its refresh token and all its access tokens are dead."""
        self.consented = False

    def restore_consent(self) -> None:
        """Gives access again, with the refresh token of before."""
        self.consented = True

    def refuse_orders(self, *, refused: bool = True) -> None:
        """Refuses every call for orders, whatever data it asks for."""
        self.orders_refused = refused

    def deny_dataset(self, dataset: Dataset, *, how: Denial = Denial.LEAVE_OUT) -> None:
        """Takes the role for a dataset from the app."""
        self.denied[dataset] = how

    def grant_dataset(self, dataset: Dataset) -> None:
        """Gives the role for a dataset back."""
        self.denied.pop(dataset, None)

    def spend(self, operation: Operation, now: datetime) -> None:
        """Counts a call against the seller's quota.

        Raises:
            Refused: none is left; 429.
        """
        if not self._buckets[operation].take(now):
            raise quota_exceeded()

    def permit(self, included: Collection[Dataset]) -> None:
        """Lets a call for orders through, or refuses the whole of it.

        Raises:
            Refused: the app lacks a role; 403.
        """
        refused = {dataset for dataset in included if self._refuses(dataset)}
        if refused or self.orders_refused:
            raise access_denied()

    def _refuses(self, dataset: Dataset) -> bool:
        return self.denied.get(dataset) is Denial.REFUSE_CALL

    def announced_rate(self, operation: Operation) -> str:
        """The rate header of an operation, such as `0.0056`."""
        return f"{self._buckets[operation].rate.normalize():f}"
