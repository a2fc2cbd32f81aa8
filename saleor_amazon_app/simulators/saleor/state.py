"""Everything the simulated shop knows: its records by id, and a journal of what it told others."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

import strawberry
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from saleor_amazon_app.core.times import Clock
from saleor_amazon_app.simulators.saleor.ids import InvalidIdError, Sequence, global_id, key_of
from saleor_amazon_app.simulators.saleor.keys import new_key
from saleor_amazon_app.simulators.saleor.schema.catalogue import (
    Channel,
    Product,
    ProductVariant,
    ShippingMethodType,
    ShippingZone,
    TaxClass,
    Warehouse,
)
from saleor_amazon_app.simulators.saleor.schema.extensions import AppExtension
from saleor_amazon_app.simulators.saleor.schema.orders import (
    Fulfillment,
    FulfillmentLine,
    Order,
    OrderEvent,
    OrderGrantedRefund,
    OrderLine,
    TransactionEvent,
    TransactionItem,
)
from saleor_amazon_app.simulators.saleor.schema.people import App, User
from saleor_amazon_app.simulators.saleor.schema.problems import AppProblem
from saleor_amazon_app.simulators.saleor.schema.reasons import Refused, refusal
from saleor_amazon_app.simulators.saleor.schema.words import OrderEventsEnum, OrderStatus
from saleor_amazon_app.simulators.saleor.seed import ShopSeed


class Crash(Exception):  # noqa: N818 - it is the host that fails
    """The host falls over: the whole field is null and only the exception's name is told."""

    def __init__(self, code: str) -> None:
        super().__init__("Internal Server Error")
        self.code = code


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """Something the shop told others.

    Attributes:
        event: an event of the host (`ORDER_CREATED`), or `EMAIL` for a mail to a customer.
        subject: the order's external reference, or its number where it has none.
        detail: which mail; `notify` for an event that asks other apps to mail the customer.
    """

    at: datetime
    event: str
    subject: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something that happened in the shop.

    Attributes:
        event: the host's name, such as `PRODUCT_UPDATED`.
        about: the records it happened to, by the fields of the event's type.
        by: who did it; None for the host itself.
        request: what an app is asked for, which its answer settles.
    """

    at: datetime
    event: str
    about: Mapping[str, object]
    by: App | User | None
    request: TransactionEvent | None = None


@dataclass(slots=True)
class Counters:
    """How much was asked of the shop."""

    requests: int = 0
    queries: int = 0
    mutations: int = 0
    by_operation: dict[str, int] = field(default_factory=dict)
    drafted: int = 0
    completed: int = 0


class Shop:
    """The records of one shop; rules live in the modules around it.

    Attributes:
        staff: who may ask in person, by token.
        extensions: what apps add to the dashboard.
        token_lifetime: for how long a token for an app's pages is good.
        acting: whose request is being carried out; what tests do to the shop is done by staff.
        api_url: the shop's own API, as it was called last.
        listeners: called with everything that happens.
    """

    def __init__(self, settings: ShopSeed, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.ids = Sequence()
        self.counters = Counters()
        self.journal: list[JournalEntry] = []
        self.crashing_references: set[str] = set()
        self.deadlocks = 0
        self.begun_as_drafts: set[str] = set()
        self.channels: dict[str, Channel] = {}
        self.warehouses: dict[str, Warehouse] = {}
        self.zones: list[ShippingZone] = []
        self.methods: dict[str, ShippingMethodType] = {}
        self.tax_classes: dict[str, TaxClass] = {}
        self.products: dict[str, Product] = {}
        self.variants: dict[str, ProductVariant] = {}
        self.orders: dict[str, Order] = {}
        self.order_ids: dict[str, str] = {}
        self.lines: dict[str, OrderLine] = {}
        self.fulfillments: dict[str, Fulfillment] = {}
        self.fulfillment_lines: dict[str, FulfillmentLine] = {}
        self.transactions: dict[str, TransactionItem] = {}
        self.users: dict[str, User] = {}
        self.apps: dict[str, App] = {}
        self.problems: dict[str, list[AppProblem]] = {}
        self.granted_refunds: dict[str, OrderGrantedRefund] = {}
        self.staff: dict[str, User] = {}
        self.extensions: list[AppExtension] = []
        self.token_lifetime = timedelta(minutes=5)
        somebody = strawberry.ID(global_id("User", 0))
        self.acting: App | User | None = User(id=somebody, email="staff@shop.test", is_staff=True)
        self.api_url = f"http://{settings.domain}/graphql/"
        self.listeners: list[Callable[[Occurrence], None]] = []

    @cached_property
    def signing_key(self) -> RSAPrivateKey:
        """What the shop signs with; made when first needed, for it takes longer than most tests."""
        return new_key()

    def order(self, global_id: str, *, field: str = "id") -> Order:
        """The order a mutation names.

        Raises:
            Refused: no such order, in the host's words.
        """
        try:
            key_of(global_id, expected="Order")
        except InvalidIdError as error:
            raise refusal(field, "GRAPHQL_ERROR", str(error)) from error
        if found := self.orders.get(global_id):
            return found
        raise _unresolved(field, global_id)

    def fulfillment(self, global_id: str) -> Fulfillment:
        """The fulfilment a mutation names.

        Raises:
            Refused: no such fulfilment, in the host's words.
        """
        try:
            key_of(global_id, expected="Fulfillment")
        except InvalidIdError as error:
            raise refusal("id", "GRAPHQL_ERROR", str(error)) from error
        if found := self.fulfillments.get(global_id):
            return found
        raise _unresolved("id", global_id)

    def by_reference(self, reference: str) -> Order | None:
        """The order with that external reference."""
        global_id = self.order_ids.get(reference)
        return self.orders[global_id] if global_id else None

    def drafts(self) -> set[str]:
        """The ids of all orders that are drafts now."""
        return {id for id, order in self.orders.items() if order.status is OrderStatus.DRAFT}

    def keep(self, order: Order) -> None:
        """Adds an order and everything on it."""
        self.orders[order.id] = order
        self.lines.update((line.id, line) for line in order.lines)
        if order.external_reference is not None:
            self.order_ids[order.external_reference] = order.id
        for fulfillment in order.fulfillments:
            self.keep_fulfillment(fulfillment)

    def keep_fulfillment(self, fulfillment: Fulfillment) -> None:
        """Adds a fulfilment and its lines."""
        self.fulfillments[fulfillment.id] = fulfillment
        self.fulfillment_lines.update((line.id, line) for line in fulfillment.lines or ())

    def forget(self, order: Order) -> None:
        """Removes a draft; its number stays used."""
        del self.orders[order.id]
        for line in order.lines:
            del self.lines[line.id]
        if order.external_reference is not None:
            del self.order_ids[order.external_reference]

    def rename(self, order: Order, reference: str | None) -> None:
        """Gives an order another external reference.

        Raises:
            Refused: another order has it.
        """
        if reference is not None and self.order_ids.get(reference, order.id) != order.id:
            raise refusal(
                "externalReference", "UNIQUE", "Order with this External reference already exists."
            )
        if order.external_reference is not None:
            del self.order_ids[order.external_reference]
        order.external_reference = reference
        if reference is not None:
            self.order_ids[reference] = order.id

    def tell(self, event: str, orders: Iterable[Order]) -> None:
        """Notes an event about orders."""
        now = self.clock()
        for order in orders:
            self.journal.append(JournalEntry(now, event, _subject(order)))
            self.happened(event, {"order": order})

    def tell_parcel(self, event: str, parcel: Fulfillment, *, notify: bool | None = None) -> None:
        """Notes an event about a fulfilment; some say whether the customer shall be mailed."""
        detail = "notify" if notify else ""
        self.journal.append(JournalEntry(self.clock(), event, _subject(parcel.order), detail))
        about: dict[str, object] = {"fulfillment": parcel, "order": parcel.order}
        if notify is not None:
            about["notify_customer"] = notify
        self.happened(event, about)

    def happened(
        self, event: str, about: Mapping[str, object], *, request: TransactionEvent | None = None
    ) -> None:
        """Lets everyone know who listens.

        Args:
            event: the host's name.
            about: the records it happened to, by the fields of the event's type.
            request: what an app is asked for.
        """
        occurrence = Occurrence(self.clock(), event, about, self.acting, request)
        for listener in self.listeners:
            listener(occurrence)

    @contextmanager
    def acted_by(self, whom: App | User | None) -> Iterator[None]:
        """Puts down to somebody what happens in the context; None for the host itself."""
        before, self.acting = self.acting, whom
        try:
            yield
        finally:
            self.acting = before

    def mail(self, order: Order, kind: str) -> None:
        """Notes a mail to the customer, if the order has anybody to mail to."""
        address = order.user.email if order.user else order.email
        if address:
            self.journal.append(JournalEntry(self.clock(), "EMAIL", _subject(order), kind))
            self.remember(order, OrderEventsEnum.EMAIL_SENT)

    def remember(
        self,
        order: Order,
        event: OrderEventsEnum,
        *,
        app: App | None = None,
        message: str | None = None,
        at: datetime | None = None,
    ) -> OrderEvent:
        """Adds a line to the order's timeline."""
        entry = OrderEvent(
            id=strawberry.ID(self.ids.counted("OrderEvent")),
            date=at or self.clock(),
            type=event,
            message=message,
            app=app,
        )
        order.timeline.append(entry)
        return entry


def _subject(order: Order) -> str:
    return order.external_reference or order.number


def _unresolved(field: str, global_id: str) -> Refused:
    return refusal(field, "NOT_FOUND", f"Couldn't resolve to a node: {global_id}")
