"""What can become of an Amazon order: it is placed, held with reasons, or skipped."""

from dataclasses import dataclass
from datetime import datetime

from saleor_amazon_app.core.money import Money
from saleor_amazon_app.core.reasons import Reason
from saleor_amazon_app.mapping.amounts import OrderAmounts
from saleor_amazon_app.mapping.units import Parcel
from saleor_amazon_app.saleor.order_inputs import OrderBulkCreateInput, StockUpdatePolicy


@dataclass(frozen=True, slots=True)
class Store:
    """What a decision knows of the store itself.

    Attributes:
        connected_at: goods of orders bought since then left the shelf that the host counts; None
            takes every order as newer.
    """

    name: str
    connected_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """The order becomes a host order.

    Attributes:
        order_input: what is imported; a DRAFT is then completed.
        stock_policy: whether the import itself takes shipped units from stock.
        parcels: what already left and is fulfilled after completing and paying; empty unless the
            order is a DRAFT that is partly shipped.
        is_confirmed_by_app: whether the app confirms the order after completing it.
        amounts: Amazon's amounts, whose total the host must show to the smallest unit.
    """

    order_input: OrderBulkCreateInput
    stock_policy: StockUpdatePolicy
    parcels: tuple[Parcel, ...]
    is_confirmed_by_app: bool
    amounts: OrderAmounts

    @property
    def total(self) -> Money:
        """Amazon's grand total."""
        return Money(self.amounts.total.gross, self.amounts.currency)


@dataclass(frozen=True, slots=True)
class HoldOrder:
    """The order should become a host order but cannot yet; every reason is named."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class SkipOrder:
    """The order rightly becomes no host order."""

    reason: Reason


Decision = PlaceOrder | HoldOrder | SkipOrder
