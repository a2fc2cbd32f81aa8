"""Writes the two documents that go to Amazon as feeds: cancellations and refunds.

Each message of a document carries a number of ours, by which the processing report answers for
it. A refund never names a quantity: whether Amazon multiplies the amount by it is disputed after
a refund that came out too high (selling-partner-api-models issue 4405).

Source: the element lists of OrderAcknowledgement.xsd, OrderAdjustment.xsd and amzn-base.xsd, and
order feed type values in developer-docs.amazon.com/sp-api, read 2026-11-20.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from saleor_amazon_app.core.ids import AmazonOrderId, OrderItemId
from saleor_amazon_app.core.money import Money, is_exact, shown

# The reasons Seller Central offers; Amazon's schema knows more, which are not a seller's.
CANCEL_REASONS = frozenset(
    {
        "NoInventory",
        "BuyerCanceled",
        "GeneralAdjustment",
        "ShippingAddressUndeliverable",
        "CustomerExchange",
        "PricingError",
    }
)
REFUND_REASONS = frozenset(
    {
        "NoInventory",
        "CustomerReturn",
        "GeneralAdjustment",
        "CouldNotShip",
        "DifferentItem",
        "Abandoned",
        "CustomerCancel",
        "PriceError",
        "ProductOutofStock",
        "CustomerAddressIncorrect",
        "Exchange",
        "Other",
        "CarrierCreditDecision",
        "RiskAssessmentInformationNotValid",
        "CarrierCoverageFailure",
        "TransactionRecord",
        "Undeliverable",
        "RefusedDelivery",
    }
)
REFUND_COMPONENTS = frozenset(
    {
        "Principal",
        "Shipping",
        "Tax",
        "ShippingTax",
        "RestockingFee",
        "RestockingFeeTax",
        "GiftWrap",
        "GiftWrapTax",
        "Surcharge",
        "ReturnShipping",
        "Goodwill",
        "ExportCharge",
        "COD",
        "CODTax",
        "Other",
        "FreeReplacementReturnShipping",
    }
)
# The currencies a refund feed can name; South Africa's is missing.
REFUND_CURRENCIES = frozenset(
    "USD GBP EUR JPY CAD CNY INR MXN BRL AUD TRY SGD SEK PLN AED SAR EGP".split()
)
_MOST_DECIMALS = 2
_SCHEMA = "{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation"


@dataclass(frozen=True, slots=True)
class CancelledOrder:
    """A whole order to be cancelled; Amazon takes it while the order is unshipped.

    Attributes:
        message_id: our number of this cancellation, positive.
        item_ids: all items of the order.
        reason: one of `CANCEL_REASONS`.

    Raises:
        ValueError: Amazon would refuse it, whatever the order.
    """

    message_id: int
    order_id: AmazonOrderId
    item_ids: tuple[OrderItemId, ...]
    reason: str

    def __post_init__(self) -> None:
        if self.message_id < 1 or not self.item_ids:
            raise ValueError("a cancellation needs a positive number and the items of its order")
        if self.reason not in CANCEL_REASONS:
            raise ValueError(f"{self.reason!r} is no reason to cancel")


@dataclass(frozen=True, slots=True)
class RefundedItem:
    """What the buyer gets back for one item.

    Attributes:
        reason: one of `REFUND_REASONS`.
        components: what the money was paid for (one of `REFUND_COMPONENTS`, each once) and how
            much of it; for the item as a whole, not for a unit.

    Raises:
        ValueError: Amazon would refuse it, whatever the order.
    """

    order_item_id: OrderItemId
    reason: str
    components: tuple[tuple[str, Money], ...]

    def __post_init__(self) -> None:
        kinds = [kind for kind, _ in self.components]
        if not kinds or len(set(kinds)) < len(kinds) or not set(kinds) <= REFUND_COMPONENTS:
            raise ValueError(f"{kinds} are no components of a refund")
        if self.reason not in REFUND_REASONS:
            raise ValueError(f"{self.reason!r} is no reason to refund")
        for _, money in self.components:
            _check(money)


@dataclass(frozen=True, slots=True)
class RefundedOrder:
    """One refund, for one or more items of an order.

    Attributes:
        message_id: our number of this refund, positive.
        items: each item once.

    Raises:
        ValueError: Amazon would refuse it, whatever the order.
    """

    message_id: int
    order_id: AmazonOrderId
    items: tuple[RefundedItem, ...]

    def __post_init__(self) -> None:
        if self.message_id < 1 or not self.items:
            raise ValueError("a refund needs a positive number and an item")
        if len({item.order_item_id for item in self.items}) < len(self.items):
            raise ValueError("a refund names each item once")


def cancellations(seller_id: str, orders: Sequence[CancelledOrder]) -> bytes:
    """The document of a POST_ORDER_ACKNOWLEDGEMENT_DATA feed.

    Args:
        seller_id: Amazon's id of the seller.
        orders: at least one, each with a number of its own.
    """
    root = _envelope(seller_id, "OrderAcknowledgement", [order.message_id for order in orders])
    for order in orders:
        told = _message(root, order.message_id, "OrderAcknowledgement")
        _add(told, "AmazonOrderID", order.order_id)
        # Amazon's word for an order that the seller will not fulfil.
        _add(told, "StatusCode", "Failure")
        for item_id in order.item_ids:
            item = etree.SubElement(told, "Item")
            _add(item, "AmazonOrderItemCode", item_id)
            _add(item, "CancelReason", order.reason)
    return _written(root)


def refunds(seller_id: str, orders: Sequence[RefundedOrder]) -> bytes:
    """The document of a POST_PAYMENT_ADJUSTMENT_DATA feed.

    Args:
        seller_id: Amazon's id of the seller.
        orders: at least one, each with a number of its own.
    """
    root = _envelope(seller_id, "OrderAdjustment", [order.message_id for order in orders])
    for order in orders:
        told = _message(root, order.message_id, "OrderAdjustment")
        _add(told, "AmazonOrderID", order.order_id)
        _add(told, "ActionType", "Refund")
        for number, item in enumerate(order.items, start=1):
            _add_refunded(told, item, adjustment_id=f"{order.message_id}-{number}")
    return _written(root)


def _add_refunded(told: etree._Element, item: RefundedItem, *, adjustment_id: str) -> None:
    adjusted = etree.SubElement(told, "AdjustedItem")
    _add(adjusted, "AmazonOrderItemCode", item.order_item_id)
    _add(adjusted, "MerchantAdjustmentItemID", adjustment_id)
    _add(adjusted, "AdjustmentReason", item.reason)
    prices = etree.SubElement(adjusted, "ItemPriceAdjustments")
    for kind, money in item.components:
        component = etree.SubElement(prices, "Component")
        _add(component, "Type", kind)
        amount = _add(component, "Amount", shown(money.amount, money.currency))
        amount.set("currency", money.currency)


def _envelope(seller_id: str, message_type: str, message_ids: Sequence[int]) -> etree._Element:
    if not message_ids or len(set(message_ids)) < len(message_ids):
        raise ValueError("a feed holds at least one message, and each number once")
    root = etree.Element("AmazonEnvelope")
    root.set(_SCHEMA, "amzn-envelope.xsd")
    header = etree.SubElement(root, "Header")
    _add(header, "DocumentVersion", "1.01")
    _add(header, "MerchantIdentifier", seller_id)
    _add(root, "MessageType", message_type)
    return root


def _message(root: etree._Element, message_id: int, message_type: str) -> etree._Element:
    message = etree.SubElement(root, "Message")
    _add(message, "MessageID", str(message_id))
    return etree.SubElement(message, message_type)


def _add(parent: etree._Element, name: str, text: str) -> etree._Element:
    child = etree.SubElement(parent, name)
    child.text = text
    return child


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _check(money: Money) -> None:
    if money.currency not in REFUND_CURRENCIES:
        raise ValueError(f"a refund feed cannot name {money.currency}")
    finest = round(money.amount, _MOST_DECIMALS) == money.amount
    if money.amount <= 0 or not finest or not is_exact(money.amount, money.currency):
        raise ValueError(f"{money.amount} {money.currency} cannot be refunded")
