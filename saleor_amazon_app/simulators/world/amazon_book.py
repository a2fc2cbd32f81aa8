"""The simulated Amazon's book for judges, as its `/_simulator/outcome` tells it."""

from collections.abc import Mapping
from decimal import Decimal

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from saleor_amazon_app.core.money import ZERO


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class AmazonPackage(_Told):
    """A parcel.

    Attributes:
        items: units by order item.
        times_said: how often an app told of it; 0 for one from Seller Central.
    """

    tracking_number: str
    items: dict[str, int]
    times_said: int


class AmazonCancellation(_Told):
    """An order cancelled by the merchant."""

    reason: str


class AmazonOutcome(_Told):
    """What became of an order.

    Attributes:
        refunds: by order item and component.
        refunded_by_hand: how much of them was paid back in Seller Central.
    """

    status: str | None
    packages: tuple[AmazonPackage, ...] = ()
    cancellation: AmazonCancellation | None = None
    refunds: dict[str, dict[str, Decimal]] = {}
    refunded_by_hand: Decimal = ZERO


class AmazonFault(_Told):
    """What an app did that it should never do to a real seller."""

    fault: str
    order_id: str
    detail: str


class _Seller(_Told):
    orders: dict[str, AmazonOutcome]
    faults: tuple[AmazonFault, ...]


class _Sellers(_Told):
    sellers: tuple[_Seller, ...]


class AmazonBook(_Told):
    """Every order of every seller that something was done to."""

    orders: Mapping[str, AmazonOutcome]
    faults: tuple[AmazonFault, ...]


def amazon_book_from_json(text: str | bytes) -> AmazonBook:
    """Reads the book.

    Raises:
        pydantic.ValidationError: the answer is something else.
    """
    sellers = _Sellers.model_validate_json(text).sellers
    return AmazonBook(
        orders={number: outcome for one in sellers for number, outcome in one.orders.items()},
        faults=tuple(fault for one in sellers for fault in one.faults),
    )
