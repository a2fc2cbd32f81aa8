"""The jobs there are: what each is called in the queue and the ids it carries, nothing else.

A job says what to look at, never what was seen: its arguments are stored and logged in clear.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from saleor_amazon_app.core.ids import AmazonOrderId, StoreId


@dataclass(frozen=True, slots=True)
class PollStores:
    """Read what changed of several stores, of most of which nothing did."""

    store_ids: tuple[StoreId, ...]


@dataclass(frozen=True, slots=True)
class FetchOrders:
    """Read what changed at Amazon since the store was read last."""

    store_id: StoreId


@dataclass(frozen=True, slots=True)
class FetchOrder:
    """Read one order again, because Amazon or a member of staff pointed at it."""

    store_id: StoreId
    amazon_order_id: AmazonOrderId


@dataclass(frozen=True, slots=True)
class PlaceOrders:
    """Decide and place the orders of the store that are due."""

    store_id: StoreId


@dataclass(frozen=True, slots=True)
class FollowOrders:
    """Do to the store's placed orders what changed about them at Amazon."""

    store_id: StoreId


@dataclass(frozen=True, slots=True)
class SweepOrders:
    """Look for orders and changes that Amazon's lists did not show; once a day."""

    store_id: StoreId


@dataclass(frozen=True, slots=True)
class ReadRefunds:
    """Read in Amazon's books which refunds were made, for those made in Seller Central."""

    store_id: StoreId


@dataclass(frozen=True, slots=True)
class ReportProblems:
    """Bring the shop's list of app problems up to date."""

    installation_id: UUID


@dataclass(frozen=True, slots=True)
class HandleEvent:
    """Work off an event that a shop has sent."""

    inbox_id: int


@dataclass(frozen=True, slots=True)
class PlanOutbox:
    """Find out what Amazon must hear of a placed order, because its host order changed."""

    store_id: StoreId
    amazon_order_id: AmazonOrderId


@dataclass(frozen=True, slots=True)
class WorkOutbox:
    """Send what Amazon must hear of the store, and see what became of what was sent."""

    store_id: StoreId


@dataclass(frozen=True, slots=True)
class ComparePlaced:
    """Look through the store's open orders for what a shop's events did not tell."""

    store_id: StoreId


@dataclass(frozen=True, slots=True)
class SyncShop:
    """Ask a shop whether it still has the app, and bring its webhooks up to date."""

    installation_id: UUID


@dataclass(frozen=True, slots=True)
class EraseInShop:
    """Erase in a shop the buyers whose time is over."""

    installation_id: UUID


Job = (
    PollStores
    | FetchOrders
    | FetchOrder
    | PlaceOrders
    | FollowOrders
    | SweepOrders
    | ReadRefunds
    | ReportProblems
    | HandleEvent
    | PlanOutbox
    | WorkOutbox
    | ComparePlaced
    | SyncShop
    | EraseInShop
)

# The names stay as they are while jobs of an older version may be waiting.
NAMES: dict[type[Job], str] = {
    PollStores: "poll_stores",
    FetchOrders: "fetch_orders",
    FetchOrder: "fetch_order",
    PlaceOrders: "place_orders",
    FollowOrders: "follow_orders",
    SweepOrders: "sweep_orders",
    ReadRefunds: "read_refunds",
    ReportProblems: "report_problems",
    HandleEvent: "handle_event",
    PlanOutbox: "plan_outbox",
    WorkOutbox: "work_outbox",
    ComparePlaced: "compare_placed",
    SyncShop: "sync_shop",
    EraseInShop: "erase_in_shop",
}
# Building one takes longer than everything else about a job.
_ADAPTERS: dict[type[Job], TypeAdapter[Any]] = {kind: TypeAdapter(kind) for kind in NAMES}


# What comes in masses lets everything else pass, which is 0. Nothing goes first: the planning of
# all open orders comes in masses too, and would keep new orders out.
PRIORITIES: dict[type[Job], int] = {FetchOrder: -1, EraseInShop: -1}


def arguments_of(job: Job) -> dict[str, Any]:
    """The job's ids as the queue keeps them: JSON strings by name."""
    arguments: dict[str, Any] = _ADAPTERS[type(job)].dump_python(job, mode="json")
    return arguments


def job_of(kind: type[Job], arguments: dict[str, Any]) -> Job:
    """The job that `arguments_of` took apart."""
    job: Job = _ADAPTERS[kind].validate_python(arguments)
    return job
