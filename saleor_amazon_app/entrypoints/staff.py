"""Staff in a try-out: a robot works on imported orders, and both sides' books are compared."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal

import httpx

from saleor_amazon_app.core.times import utc_now
from saleor_amazon_app.entrypoints.tryout import TryOut
from saleor_amazon_app.ledger import outbox
from saleor_amazon_app.ledger.outbox import ENDED, OutboxState
from saleor_amazon_app.simulators.staff import Robot, SellerCentral
from saleor_amazon_app.simulators.world import (
    WayBack,
    amazon_book_from_json,
    compare_books,
    shop_orders_from_json,
    sold_in,
)

_LOOK_EVERY = timedelta(seconds=1)
# The robot looks for orders every second, and what is done twice is done twice within this.
_SETTLED_FOR = timedelta(seconds=4)
# What is wrong although nothing is under way any more stays wrong; Amazon's books are read twice
# within this.
_HOPELESS_AFTER = timedelta(seconds=90)
_OPEN = frozenset(OutboxState) - ENDED


class Staff:
    """Staff at work in one try-out."""

    def __init__(self, tried: TryOut, robot: Robot) -> None:
        self.robot = robot
        self._tried = tried
        self._sold = tuple(sold_in(tried.world))
        parted = {one.amazon_order_id for one in self._sold if one.partly_left}
        self._working = asyncio.create_task(robot.run(already_parted=parted))

    async def end(self) -> None:
        """Sends staff home."""
        self._working.cancel()
        await asyncio.gather(self._working, return_exceptions=True)

    async def compare(self) -> WayBack:
        """Compares both sides' books as they are now."""
        shop_book = await self._tried.ask(self._tried.shop, "book")
        amazon_book = await self._tried.ask(self._tried.amazon, "outcome")
        return compare_books(
            self._sold,
            shop_orders=shop_orders_from_json(shop_book),
            amazon=amazon_book_from_json(amazon_book),
            asked=self.robot.asked,
        )

    async def settled(self, *, within: timedelta) -> None:
        """Returns when staff are done and Amazon knows of it, or never will.

        Args:
            within: the longest it may take.
        """
        deadline = utc_now() + within
        quiet_since = None
        while utc_now() < deadline:
            await asyncio.sleep(_LOOK_EVERY.total_seconds())
            if not await self._is_quiet():
                quiet_since = None
                continue
            quiet_since = quiet_since or utc_now()
            quiet_for = utc_now() - quiet_since
            if quiet_for >= _HOPELESS_AFTER:
                return
            if quiet_for >= _SETTLED_FOR and (await self.compare()).is_clean:
                return

    async def _is_quiet(self) -> bool:
        """Whether nobody has anything left to do or to tell.

        Raises:
            Exception: what kept staff from going on.
        """
        if self._working.done():
            self._working.result()
        if not self.robot.is_idle or not (await self._tried.progress()).is_quiet:
            return False
        async with self._tried.lines.database.transaction() as session:
            return not await outbox.listing(session, states=_OPEN, limit=1)


@asynccontextmanager
async def staff_in(tried: TryOut) -> AsyncIterator[Staff]:
    """Staff for as long as the context is open."""
    let_in = await tried.http.post(f"{tried.shop.address}/_simulator/staff")
    token: str = let_in.raise_for_status().json()["token"]
    api_url = f"{tried.shop.address}/graphql/"
    seller_central = _seller_central(tried)
    robot = Robot(tried.http, api_url, token, seed=tried.world.seed, seller_central=seller_central)
    staff = Staff(tried, robot)
    try:
        yield staff
    finally:
        await staff.end()


def _seller_central(tried: TryOut) -> SellerCentral:
    """Where staff pay back by hand, each order in its seller's account."""
    sellers = {
        order.order_id: seller.seller_id
        for seller in tried.world.sellers
        for order in tried.world.orders_of(seller)
    }

    async def pay_back(order_id: str, item_id: str, amount: Decimal) -> None:
        told = {"sellerId": sellers[order_id], "order_id": order_id, "order_item_id": item_id}
        done = await tried.http.post(
            f"{tried.amazon.address}/_simulator/refund_in_seller_central",
            json=told | {"amount": str(amount)},
        )
        # Amazon pays nothing back for an item that has not left: staff leave it at that.
        if done.status_code != httpx.codes.BAD_REQUEST:
            done.raise_for_status()

    return pay_back
