"""The orders that one claim holds while they are worked on, and the claim kept alive meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from saleor_amazon_app.core.errors import AppError
from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.ledger import claims
from saleor_amazon_app.ledger.claims import LEASE, Claim

log = structlog.get_logger(__name__)


class ClaimLost(AppError):
    """The claim ran out and another worker has the orders; nothing more may be sent for them."""


class Claimed:
    """Orders to act on for as long as nobody else may.

    Attributes:
        open: the orders of which it is not recorded yet what became of them.
    """

    def __init__(self, lines: Connections, claim: Claim) -> None:
        self._lines = lines
        self._claim = claim
        self._renewed_at = lines.clock()
        self.open = {AmazonOrderId(row.amazon_order_id): row for row in claim.orders}

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Prolongs the claim for as long as its orders are worked on, however slow the host is."""
        beat = asyncio.create_task(self._prolong())
        try:
            yield
        finally:
            beat.cancel()

    async def _prolong(self) -> None:
        while True:
            await asyncio.sleep((LEASE / 4).total_seconds())
            try:
                await self._renew()
            except ClaimLost:
                return
            except Exception:
                # The guard finds out whether it still holds before anything is sent.
                log.exception("claim_not_prolonged")

    async def guard(self) -> None:
        """Makes sure before a request that the orders are still ours.

        Nobody takes a claim over before it runs out, so the database is only asked once half of
        its time is gone; a process that was stopped meanwhile finds out here.

        Raises:
            ClaimLost: they are not; nothing may be sent any more.
        """
        if self._lines.clock() - self._renewed_at >= LEASE / 2:
            await self._renew()

    async def _renew(self) -> None:
        now = self._lines.clock()
        async with self._lines.database.transaction() as session:
            held = await claims.renew_claim(session, self._claim, now=now)
        if not self.open.keys() <= held:
            raise ClaimLost("Another worker has taken these orders over")
        self._renewed_at = now
