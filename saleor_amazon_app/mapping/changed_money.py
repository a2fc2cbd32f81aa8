"""What Amazon charged for a placed order, and how much of it went back.

Source: tried against Saleor 3.23, 2026-11-20; docs/host-behaviour.md.
"""

from collections.abc import Mapping
from decimal import Decimal

from saleor_amazon_app.amazon.order_records import Order
from saleor_amazon_app.core.ids import TransactionId
from saleor_amazon_app.core.money import ZERO, Money, shown
from saleor_amazon_app.core.reasons import Reason
from saleor_amazon_app.mapping.amounts import add_up
from saleor_amazon_app.saleor.standing_records import Payment, Refund, StandingOrder


def charged_at_first(order: Order, standing: StandingOrder) -> Decimal | None:
    """What Amazon charged when the order was placed; None where the payment is gone."""
    payment = _payment(order, standing)
    if payment is None:
        return None
    return sum((e.amount for e in payment.events if e.kind == "CHARGE_SUCCESS"), ZERO)


def _payment(order: Order, standing: StandingOrder) -> Payment | None:
    ours = (one for one in standing.payments if one.psp_reference == order.order_id)
    return next(ours, None)


def refund_of_all(order: Order, standing: StandingOrder) -> Refund | None:
    """All that is still charged for a cancelled order; None once that was reported."""
    payment, reference = _payment(order, standing), f"{order.order_id}-cancelled"
    if payment is None or payment.charged <= 0:
        return None
    if any(event.psp_reference == reference for event in payment.events):
        return None
    return Refund(payment.id, payment.charged, reference)


def refund_of_units(order: Order, standing: StandingOrder, amount: Decimal) -> Refund | None:
    """A refund under a reference of the version it is for, never of more than is charged."""
    payment = _payment(order, standing)
    if payment is None or payment.charged <= 0:
        return None
    version = f"{order.last_updated_time:%Y%m%d%H%M%S%f}"
    return Refund(payment.id, min(amount, payment.charged), f"{_refunds_of_units(order)}{version}")


def _refunds_of_units(order: Order) -> str:
    return f"{order.order_id}-units-"


def fallen_by(
    order: Order, standing: StandingOrder, tax_rates: Mapping[str, Decimal]
) -> Decimal | str:
    """What Amazon's total is lower by than what is accounted for here, or why nobody can tell."""
    payment, charged = _payment(order, standing), charged_at_first(order, standing)
    if payment is None or charged is None:
        return "its payment is not in Saleor"
    amounts = add_up(order, tax_rates)
    if isinstance(amounts, Reason) or amounts.currency != standing.order.total.currency:
        return "Amazon's new amounts do not tell how much went back"
    reported = (
        event.amount
        for event in payment.events
        if event.kind == "REFUND_SUCCESS"
        and event.psp_reference.startswith(_refunds_of_units(order))
    )
    return charged - sum(reported, ZERO) - amounts.total.gross


def unrefunded(order: Order, standing: StandingOrder) -> Decimal:
    """What was charged at first and not reported as refunded since, whatever is under way."""
    payment, charged = _payment(order, standing), charged_at_first(order, standing)
    if payment is None or charged is None:
        return ZERO
    return charged - sum((e.amount for e in payment.events if e.kind == "REFUND_SUCCESS"), ZERO)


def refund_elsewhere(
    order: Order, standing: StandingOrder, transaction_id: str, amount: Money, room: Decimal
) -> Refund | None:
    """A refund that was made elsewhere, under a reference of its own; None once it was reported.

    Its amount is never more than there is room for, and zero where the order has no such payment.
    """
    payment, reference = _payment(order, standing), f"{order.order_id}-booked-{transaction_id}"
    if payment is None or amount.currency != standing.order.total.currency:
        return Refund(TransactionId(""), ZERO, reference)
    if any(event.psp_reference == reference for event in payment.events):
        return None
    return Refund(payment.id, max(min(amount.amount, room), ZERO), reference)


def in_words(amount: Decimal, standing: StandingOrder) -> str:
    """An amount of the order for people."""
    currency = standing.order.total.currency
    return f"{shown(amount, currency)} {currency}"
