"""What the resolvers of one request share: who asks, in which shop, and the lines to everything.

The shop is always the viewer's: every id that comes in is looked up among that shop's stores, so
that another shop's ids are as unknown as invented ones.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar
from uuid import UUID

import strawberry
from strawberry.dataloader import DataLoader

from saleor_amazon_app.amazon.order_records import DeliveryAddress
from saleor_amazon_app.amazon.order_records import Order as AmazonOrder
from saleor_amazon_app.core.choices import Choices
from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.entrypoints.authorise import Viewer
from saleor_amazon_app.entrypoints.settings import Settings
from saleor_amazon_app.flows import order_details
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.ledger import choices, figures, order_list, stores
from saleor_amazon_app.ledger.figures import Day, Revenue
from saleor_amazon_app.ledger.history import Event
from saleor_amazon_app.ledger.installations import Installation
from saleor_amazon_app.ledger.order_list import ListedOrder, OrderKey
from saleor_amazon_app.ledger.outbox import OutboxRow
from saleor_amazon_app.ledger.stores import Store

_LONGEST_NUMBER = 250


_T = TypeVar("_T")


class _Once(Generic[_T]):
    """Something that is read once a request, although many resolvers ask for it at a time."""

    def __init__(self, read: Callable[[], Coroutine[Any, Any, _T]]) -> None:
        self._read = read
        self._reading: asyncio.Task[_T] | None = None

    async def __call__(self) -> _T:
        if self._reading is None:
            self._reading = asyncio.create_task(self._read())
        return await self._reading


@dataclass(frozen=True, slots=True)
class _Stores:
    """The stores of the shop, by name, and their settings."""

    rows: dict[StoreId, Store]
    choices: dict[StoreId, Choices]


class Context:
    """One request of one member of staff."""

    def __init__(self, lines: Connections, settings: Settings, viewer: Viewer) -> None:
        self.lines = lines
        self.settings = settings
        self.viewer = viewer
        self._stores = _Stores({}, {})
        self._read_stores = _Once(self._fresh_stores)
        self.held_counts = _Once(self._held_counts)
        self.revenue = _Once(self._revenue)
        self._charts: dict[int, _Once[dict[StoreId, list[Day]]]] = {}

    @property
    def shop(self) -> Installation:
        """The viewer's shop."""
        return self.viewer.shop

    @property
    def actor(self) -> str:
        """Who asks, as it is written down: the e-mail address, else the id."""
        return self.viewer.user.email or self.viewer.user.id

    async def stores(self) -> dict[StoreId, Store]:
        """All stores of the shop, by name; read once a request, with their settings."""
        self._stores = await self._read_stores()
        return self._stores.rows

    def store_row(self, store_id: UUID) -> Store:
        """A store that `stores` has read."""
        return self._stores.rows[StoreId(store_id)]

    def choices(self, store_id: UUID) -> Choices:
        """The settings of a store that `stores` has read."""
        return self._stores.choices[StoreId(store_id)]

    def forget_stores(self) -> None:
        """Has the stores read again, after one of them was changed."""
        self._read_stores = _Once(self._fresh_stores)

    async def _fresh_stores(self) -> _Stores:
        async with self.lines.database.transaction() as session:
            rows = {StoreId(r.id): r for r in await stores.stores_of(session, self.shop.id)}
            return _Stores(rows, await choices.choices_of_all(session, list(rows)))

    async def _held_counts(self) -> dict[StoreId, int]:
        store_ids = list(await self.stores())
        async with self.lines.database.transaction() as session:
            return await figures.held(session, store_ids)

    async def _revenue(self) -> dict[StoreId, list[Revenue]]:
        store_ids = list(await self.stores())
        async with self.lines.database.transaction() as session:
            return await figures.revenue(session, store_ids, now=self.lines.clock())

    async def chart(self, days: int) -> dict[StoreId, list[Day]]:
        """What each store sold day by day; read once a request."""

        async def read() -> dict[StoreId, list[Day]]:
            store_ids, now = list(await self.stores()), self.lines.clock()
            async with self.lines.database.transaction() as session:
                return await figures.by_day(session, store_ids, days=days, now=now)

        return await self._charts.setdefault(days, _Once(read))()

    @cached_property
    def listed_orders(self) -> DataLoader[OrderKey, ListedOrder | None]:
        """The rows of orders; None of those that are not there."""

        async def load(keys: Sequence[OrderKey]) -> list[ListedOrder | None]:
            async with self.lines.database.transaction() as session:
                rows = await order_list.find_listed(session, keys)
            found = {row.key: row for row in rows}
            return [found.get(key) for key in keys]

        return DataLoader(load)

    @cached_property
    def whole_orders(self) -> DataLoader[OrderKey, AmazonOrder | None]:
        """What Amazon sent, with the buyers; None of what nobody could read."""

        async def load(keys: Sequence[OrderKey]) -> list[AmazonOrder | None]:
            found = await order_details.whole_orders(self.lines, keys)
            return [found.get(key) for key in keys]

        return DataLoader(load)

    @cached_property
    def buyer_names(self) -> DataLoader[OrderKey, str | None]:
        """The names of buyers, those of recipients where Amazon tells no other."""

        async def load(keys: Sequence[OrderKey]) -> list[str | None]:
            found = await order_details.buyer_names(self.lines, keys)
            return [found.get(key) for key in keys]

        return DataLoader(load)

    @cached_property
    def edited_addresses(self) -> DataLoader[OrderKey, DeliveryAddress | None]:
        """Where staff had orders go instead of where Amazon said."""

        async def load(keys: Sequence[OrderKey]) -> list[DeliveryAddress | None]:
            found = await order_details.edited_addresses(self.lines, keys)
            return [found.get(key) for key in keys]

        return DataLoader(load)

    @cached_property
    def histories(self) -> DataLoader[OrderKey, list[Event]]:
        """What happened to orders, oldest first."""

        async def load(keys: Sequence[OrderKey]) -> list[list[Event]]:
            found = await order_details.histories(self.lines, keys)
            return [found.get(key, []) for key in keys]

        return DataLoader(load)

    @cached_property
    def outboxes(self) -> DataLoader[OrderKey, list[OutboxRow]]:
        """What Amazon is told of orders, oldest first."""

        async def load(keys: Sequence[OrderKey]) -> list[list[OutboxRow]]:
            found = await order_details.outboxes(self.lines, keys)
            return [found.get(key, []) for key in keys]

        return DataLoader(load)

    async def store(self, id: str) -> Store | None:
        """The store of the shop with that id; None for everybody else's."""
        found = _uuid(id)
        return (await self.stores()).get(StoreId(found)) if found else None

    async def order_key(self, id: str) -> tuple[StoreId, AmazonOrderId] | None:
        """Which order of the shop an id means; None for everybody else's."""
        head, colon, number = id.partition(":")
        store = await self.store(head)
        if store is None or not colon or not is_number(number):
            return None
        return StoreId(store.id), AmazonOrderId(number)

    def forget_orders(self) -> None:
        """Has orders read again, after something was done to one."""
        for loader in (self.listed_orders, self.whole_orders, self.histories, self.outboxes):
            loader.clear_all()


Info = strawberry.Info[Context, None]


def order_id(store_id: UUID, amazon_order_id: str) -> strawberry.ID:
    """The opaque id of an order; `Context.order_key` reads it."""
    return strawberry.ID(f"{store_id}:{amazon_order_id}")


def is_number(text: str) -> bool:
    """Whether the database can be asked for an order of that number."""
    return 0 < len(text) <= _LONGEST_NUMBER and text.isprintable()


def _uuid(text: str) -> UUID | None:
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text else None
