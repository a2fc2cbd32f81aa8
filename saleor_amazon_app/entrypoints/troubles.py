"""The troubles of a chaos: each of them was met with Amazon, with Saleor, or between them.

A trouble is told what the try-out looks like, spoils something through a simulator's desk, and
tells how often it did. A lasting one mends what it spoiled before it ends.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from random import Random
from typing import Any

from saleor_amazon_app.amazon.throttle import Operation
from saleor_amazon_app.entrypoints.tryout import TryOut
from saleor_amazon_app.ledger import buckets
from saleor_amazon_app.simulators.world.sellers import SellerAccount

_EVENTS_DOUBLED = 5
_ORDERS_HIDDEN = 3
_POISONED = 3


class Stage:
    """The try-out as troubles see it.

    Attributes:
        locked_out: sellers whose authorisation Amazon does not take now, with how many troubles.
    """

    def __init__(self, tried: TryOut) -> None:
        self._tried = tried
        self.locked_out: Counter[str] = Counter()

    async def amazon(self, action: str, seller: SellerAccount | None = None, **given: Any) -> bool:
        """Has the simulated Amazon do something; False when it could not."""
        told = given | ({"sellerId": seller.seller_id} if seller else {})
        address = f"{self._tried.amazon.address}/_simulator/{action}"
        return (await self._tried.http.post(address, json=told)).is_success

    async def shop(self, fault: str, **given: Any) -> None:
        """Makes a fault in the simulated shop."""
        address = f"{self._tried.shop.address}/_simulator/faults"
        answer = await self._tried.http.post(address, json={"fault": fault, **given})
        answer.raise_for_status()

    async def double_events(self, times: int) -> None:
        """Has the shop send its next events twice."""
        address = f"{self._tried.shop.address}/_simulator/duplicates"
        (await self._tried.http.post(address, json={"times": times})).raise_for_status()

    def seller(self, rng: Random) -> SellerAccount:
        """One that sells something."""
        return rng.choice([each for each in self._tried.world.sellers if self._orders_of(each)])

    def orders(self, rng: Random, seller: SellerAccount, count: int) -> list[str]:
        """Amazon's numbers of some of a seller's orders."""
        theirs = self._tried.world.orders_of(seller)
        picked = rng.sample(range(len(theirs)), min(count, len(theirs)))
        return [theirs[index].order_id for index in picked]

    @asynccontextmanager
    async def locking_out(self, seller: SellerAccount) -> AsyncIterator[None]:
        """Tells staff that switching the seller's store on is in vain for now."""
        self.locked_out[seller.seller_id] += 1
        try:
            yield
        finally:
            self.locked_out[seller.seller_id] -= 1
            self.locked_out += Counter()

    async def know_their_rate(self) -> bool:
        """Whether Amazon has told every store how often it may ask for orders."""
        async with self._tried.lines.database.transaction() as session:
            told = await buckets.stores_with_learned_rate(session, Operation.SEARCH_ORDERS)
        return told == len(self._tried.world.sellers)

    async def mend(self) -> None:
        """Takes back every trouble that is still waiting for a request."""
        await self.amazon("forget_all_faults")
        await self.shop("forget_all")

    def _orders_of(self, seller: SellerAccount) -> int:
        return len(self._tried.world.orders_of(seller))


Trouble = Callable[[Stage, Random], Awaitable[int]]


def _amazon(name: str, action: str, **given: Any) -> Trouble:
    """A trouble that one of Amazon's next answers has."""

    async def trouble(stage: Stage, _rng: Random) -> int:
        return int(await stage.amazon(action, **given))

    trouble.__name__ = name
    return trouble


def _amazon_throttles(name: str, **given: Any) -> Trouble:
    """One of Amazon's next answers is 429.

    A store that was never told its rate waits as long as at the real Amazon, three minutes.
    """

    async def trouble(stage: Stage, _rng: Random) -> int:
        return int(await stage.know_their_rate() and await stage.amazon("throttle_next", **given))

    trouble.__name__ = name
    return trouble


def _shop(name: str, fault: str, **given: Any) -> Trouble:
    """A trouble that one of the shop's next answers has."""

    async def trouble(stage: Stage, _rng: Random) -> int:
        await stage.shop(fault, **given)
        return 1

    trouble.__name__ = name
    return trouble


async def amazon_page_tokens_expired(stage: Stage, rng: Random) -> int:
    """The tokens of next pages die."""
    return int(await stage.amazon("expire_page_tokens", stage.seller(rng)))


async def amazon_orders_change_late(stage: Stage, rng: Random) -> int:
    """Orders get a newer time while pages are read, and so move to a page that was not read."""
    seller = stage.seller(rng)
    moved = [
        await stage.amazon("change_order", seller, order_id=order_id, changes={})
        for order_id in stage.orders(rng, seller, 3)
    ]
    return sum(moved)


async def amazon_orders_hidden(stage: Stage, rng: Random) -> int:
    """Orders are missing from all lists, and appear again at their old place."""
    seller = stage.seller(rng)
    hidden = stage.orders(rng, seller, _ORDERS_HIDDEN)
    try:
        for order_id in hidden:
            await stage.amazon("hide_from_lists", seller, order_id=order_id)
        await asyncio.sleep(rng.uniform(3, 12))
    finally:
        for order_id in hidden:
            await stage.amazon("show_in_lists", seller, order_id=order_id)
    return len(hidden)


async def amazon_dataset_refused(stage: Stage, rng: Random) -> int:
    """A role is missing, and Amazon refuses every call that asks for what needs it."""
    return await _without_dataset(stage, rng, how="REFUSE_CALL")


async def amazon_dataset_left_out(stage: Stage, rng: Random) -> int:
    """A role is missing, and Amazon leaves out what needs it."""
    return await _without_dataset(stage, rng, how="LEAVE_OUT")


async def _without_dataset(stage: Stage, rng: Random, *, how: str) -> int:
    seller, dataset = stage.seller(rng), rng.choice(["TAX", "BUYER", "RECIPIENT"])
    async with stage.locking_out(seller):
        await stage.amazon("deny_dataset", seller, dataset=dataset, how=how)
        try:
            await asyncio.sleep(rng.uniform(2, 6))
        finally:
            await stage.amazon("grant_dataset", seller, dataset=dataset)
    return 1


async def amazon_orders_refused(stage: Stage, rng: Random) -> int:
    """Amazon answers 403 to every call for orders."""
    seller = stage.seller(rng)
    async with stage.locking_out(seller):
        await stage.amazon("refuse_orders", seller)
        try:
            await asyncio.sleep(rng.uniform(2, 6))
        finally:
            await stage.amazon("refuse_orders", seller, refused=False)
    return 1


async def amazon_consent_revoked(stage: Stage, rng: Random) -> int:
    """The seller takes the consent back, and gives it again."""
    seller = stage.seller(rng)
    async with stage.locking_out(seller):
        await stage.amazon("revoke_consent", seller)
        try:
            await asyncio.sleep(rng.uniform(2, 6))
        finally:
            await stage.amazon("restore_consent", seller)
    return 1


async def shop_down(stage: Stage, rng: Random) -> int:
    """The whole shop is away."""
    await stage.shop("down")
    try:
        await asyncio.sleep(rng.uniform(1, 5))
    finally:
        await stage.shop("down", is_down=False)
    return 1


async def shop_events_doubled(stage: Stage, _rng: Random) -> int:
    """The shop sends events, and requests for refunds, twice."""
    await stage.double_events(_EVENTS_DOUBLED)
    return _EVENTS_DOUBLED


async def shop_breaks_down_over_orders(stage: Stage, rng: Random) -> int:
    """The shop refuses every import as a whole that has one of a few orders in it."""
    poisoned = stage.orders(rng, stage.seller(rng), _POISONED)
    try:
        for reference in poisoned:
            await stage.shop("refuse_request_containing", reference=reference)
        await asyncio.sleep(rng.uniform(4, 12))
    finally:
        for reference in poisoned:
            await stage.shop("refuse_request_containing", reference=reference, refuse=False)
    return len(poisoned)


_LOGIN: dict[str, Any] = {"operation": "getToken"}
MOMENTARY: tuple[Trouble, ...] = (
    _amazon_throttles("amazon_throttles"),
    _amazon_throttles("amazon_throttles_at_gateway", by_gateway=True),
    _amazon_throttles("amazon_throttles_without_a_word", empty=True),
    _amazon("amazon_fails", "fail_next", status=500),
    _amazon("amazon_answers_html", "fail_next", status=503, html=True),
    _amazon("amazon_reply_lost", "lose_response"),
    _amazon("amazon_page_broken_off", "break_off_next_page"),
    _amazon("amazon_login_fails", "fail_next", status=503, **_LOGIN),
    _amazon("amazon_login_answers_html", "fail_next", status=500, html=True, **_LOGIN),
    _amazon("amazon_login_reply_lost", "lose_response", **_LOGIN),
    amazon_page_tokens_expired,
    amazon_orders_change_late,
    _shop("shop_fails", "fail_next", status=500),
    _shop("shop_gateway_fails", "fail_next", status=502, times=2),
    _shop("shop_answers_html", "fail_next", status=200),
    _shop("shop_reply_lost", "lose_response"),
    _shop("shop_slow", "slow_next", seconds=3),
    _shop("shop_given_up_by_gateway", "give_up_next", seconds=1),
    _shop("shop_deadlocks", "deadlock_next_completion", times=2),
)
LASTING: tuple[Trouble, ...] = (
    amazon_orders_hidden,
    amazon_dataset_refused,
    amazon_dataset_left_out,
    amazon_orders_refused,
    amazon_consent_revoked,
    shop_down,
    shop_breaks_down_over_orders,
)
# Once a run: the app waits half a minute for such an answer.
RARE: tuple[Trouble, ...] = (_amazon("amazon_silent", "time_out_next"),)
# What meets only that which staff did: every call of the way back fails, or loses its answer.
_WAY_BACK = (
    "confirmShipment",
    "createFeedDocument",
    "uploadFeedDocument",
    "createFeed",
    "getFeed",
    "getFeedDocument",
    "downloadFeedDocument",
)
WITH_STAFF: tuple[Trouble, ...] = (
    *(_amazon(f"amazon_loses_{call}", "lose_response", operation=call) for call in _WAY_BACK),
    *(_amazon(f"amazon_fails_{call}", "fail_next", operation=call) for call in _WAY_BACK),
    shop_events_doubled,
)
