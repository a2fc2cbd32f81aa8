"""What every journey needs at hand: the memory, the clock, and lines to both systems."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import httpx

from saleor_amazon_app.amazon.auth import AccessToken, LwaClient, fetch_access_token
from saleor_amazon_app.amazon.client import AmazonClient
from saleor_amazon_app.amazon.regions import endpoints
from saleor_amazon_app.amazon.throttle import LIMITS, Operation
from saleor_amazon_app.core.errors import TryAgainLater
from saleor_amazon_app.core.ids import SaleorApiUrl, StoreId
from saleor_amazon_app.core.marketplaces import Region
from saleor_amazon_app.core.times import Clock
from saleor_amazon_app.ledger import access_tokens, buckets
from saleor_amazon_app.ledger.installations import Installation
from saleor_amazon_app.ledger.secrets import Cipher
from saleor_amazon_app.ledger.session import Database
from saleor_amazon_app.ledger.stores import Authorisation, Store
from saleor_amazon_app.saleor.client import SaleorClient

# A call that may be made this soon is waited for; a later one gives its place in the queue back.
_WAIT_AT_MOST = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often and how far back Amazon is asked.

    Attributes:
        sync_every: the time between two syncs; None leaves it to each store's settings.
        overlap: how far a search goes back behind the last one, for orders that came late.
        sweep_every: the time between two looks for what no list showed.
        host_may_go_on: how long the host may work on a request that it gave no answer to.
            Completing a draft twice at once would allocate its stock twice, for good.
        beat: of what is told to Amazon; feeds are collected for one beat, and everything else
            that waits for Amazon is looked at after a number of them.
    """

    sync_every: timedelta | None = None
    overlap: timedelta = timedelta(minutes=10)
    sweep_every: timedelta = timedelta(days=1)
    host_may_go_on: timedelta = timedelta(minutes=2)
    beat: timedelta = timedelta(minutes=1)

    @property
    def host_may_complete(self) -> timedelta:
        """How long the host may be at a completion after it was sent, whose caller may be dead.

        Not the whole minute within which a dead worker's orders are taken up.
        """
        return self.host_may_go_on * 0.45


@dataclass(frozen=True, slots=True)
class ConsentApp:
    """The operator's public app at Amazon, to which sellers give their consent.

    Attributes:
        application_id: what Seller Central knows it by; another id than that of its client.
    """

    application_id: str
    client: LwaClient


@dataclass(slots=True)
class AtHand:
    """What was read and taken for the first call of a line, together with that of other stores.

    Attributes:
        token: None where none was good.
        rate: what Amazon grants of the operation, as far as is known.
        is_permitted: whether the call was taken out of its bucket, and not made yet.
    """

    token: AccessToken | None
    rate: float | None
    is_permitted: bool = True

    def take_permit(self) -> bool:
        """Uses the permit up, if it is still there."""
        there, self.is_permitted = self.is_permitted, False
        return there


@dataclass(frozen=True)
class Connections:
    """The open lines of a process; flows borrow them and close nothing.

    Attributes:
        http: to Amazon.
        shops: to shops, which anyone may name: it connects only where that is allowed.
        app_url: where shops reach this app; None leaves it to where each shop installed it from.
        spapi_url: replaces Amazon's regional addresses, for a simulated seller.
        lwa_url: replaces Login with Amazon's address.
        seller_central_url: replaces Seller Central's addresses, for a simulated seller.
        consent_app: None where sellers connect with credentials of their own only.
    """

    database: Database
    cipher: Cipher
    http: httpx.AsyncClient
    clock: Clock
    pace: Pace = field(default_factory=Pace)
    shops: httpx.AsyncClient = field(kw_only=True)
    app_url: str | None = None
    spapi_url: str | None = None
    lwa_url: str | None = None
    seller_central_url: str | None = None
    consent_app: ConsentApp | None = None

    def amazon(self, store: Store, *, at_hand: AtHand | None = None) -> AmazonClient:
        """A line to Amazon for one store.

        Args:
            store: whose line.
            at_hand: what was read and taken for its first call already.
        """
        store_id, region = StoreId(store.id), Region(store.region)
        at = endpoints(region, spapi_url=self.spapi_url, lwa_url=self.lwa_url)
        return AmazonClient(
            self.http,
            spapi_url=at.spapi_url,
            access_token=_StoredTokens(
                self,
                store_id,
                at.lwa_url,
                lambda: self._authorisation(store),
                at_hand.token if at_hand else None,
            ),
            throttle=_StoredThrottle(self, store_id, at_hand),
        )

    def _authorisation(self, store: Store) -> Authorisation:
        """A store's consent; one given to the operator's app goes with that app's newest secret."""
        kept = store.authorisation(self.cipher)
        if self.consent_app and kept.lwa_client_id == self.consent_app.client.id:
            return replace(kept, lwa_client_secret=self.consent_app.client.secret)
        return kept

    def host(self, installation: Installation) -> SaleorClient:
        """A line to a shop."""
        return SaleorClient(
            self.shops,
            api_url=SaleorApiUrl(installation.saleor_api_url),
            token=installation.auth_token(self.cipher),
            host_version=_version(installation.saleor_version),
        )


def _version(text: str | None) -> tuple[int, int] | None:
    if not text:
        return None
    major, minor = text.split(".")[:2]
    return int(major), int(minor)


@dataclass(frozen=True, slots=True)
class _StoredTokens:
    """The keeper of a store's access token: it stands in the ledger for all processes."""

    lines: Connections
    store_id: StoreId
    lwa_url: str
    authorisation: Callable[[], Authorisation]
    at_hand: AccessToken | None

    async def __call__(self, *, refused: AccessToken | None) -> AccessToken:
        if refused is None and self.at_hand is not None:
            return self.at_hand
        database, cipher, clock = self.lines.database, self.lines.cipher, self.lines.clock
        if refused is not None:
            spent = access_tokens.AccessToken(refused.token, refused.expires_at)
            async with database.transaction() as session:
                await access_tokens.forget(session, self.store_id, spent)
        token = await access_tokens.current_token(
            database, cipher, self.store_id, clock=clock, fetch=self._fetch
        )
        return AccessToken(token.token, token.expires_at)

    async def _fetch(self) -> access_tokens.AccessToken:
        consent = self.authorisation()
        token = await fetch_access_token(
            self.lines.http,
            lwa_url=self.lwa_url,
            client=LwaClient(consent.lwa_client_id, consent.lwa_client_secret),
            refresh_token=consent.refresh_token,
            clock=self.lines.clock,
        )
        return access_tokens.AccessToken(token.token, token.expires_at)


@dataclass(frozen=True, slots=True)
class _StoredThrottle:
    """The keeper of a store's buckets: they stand in the ledger for all processes."""

    lines: Connections
    store_id: StoreId
    at_hand: AtHand | None

    async def permit(self, operation: Operation) -> None:
        """Takes one call out of the bucket, waiting if that is soon possible."""
        if self.at_hand and self.at_hand.take_permit():
            return
        limit = LIMITS[operation]
        while True:
            async with self.lines.database.transaction() as session:
                wait = await buckets.take(
                    session,
                    self.store_id,
                    operation,
                    rate_per_second=limit.rate,
                    burst=limit.burst,
                    now=self.lines.clock(),
                )
            if wait is None:
                return
            if wait > _WAIT_AT_MOST:
                raise TryAgainLater(
                    f"Amazon's limit of {operation} calls is used up for now", after=wait
                )
            await asyncio.sleep(wait.total_seconds())

    async def learned(self, operation: Operation, rate: float) -> None:
        """Notes the rate that Amazon announced."""
        if self.at_hand and self.at_hand.rate == rate:
            return
        async with self.lines.database.transaction() as session:
            await buckets.learn_rate(
                session,
                self.store_id,
                operation,
                rate_per_second=LIMITS[operation].rate,
                announced=rate,
                now=self.lines.clock(),
            )

    async def drained(self, operation: Operation) -> None:
        """Notes that Amazon refused the call for its limit."""
        limit = LIMITS[operation]
        async with self.lines.database.transaction() as session:
            await buckets.drain(
                session,
                self.store_id,
                operation,
                rate_per_second=limit.rate,
                burst=limit.burst,
                now=self.lines.clock(),
            )
