"""Refunds as staff ask for them: what the mutations take and answer.

From 3.22 on staff may name a reason, and a shop may demand one of them.
"""

from dataclasses import field
from decimal import Decimal

import strawberry

from saleor_amazon_app.simulators.saleor.schema.orders import (
    Order,
    OrderGrantedRefund,
    TransactionItem,
)
from saleor_amazon_app.simulators.saleor.schema.words import (
    NewerRequestErrorCode,
    OrderGrantRefundCreateErrorCode,
    OrderGrantRefundCreateLineErrorCode,
    TransactionRequestActionErrorCode,
    TransactionRequestRefundForGrantedRefundErrorCode,
)


@strawberry.input
class OrderGrantRefundCreateLineInput:
    """Units of a line to refund."""

    id: strawberry.ID
    quantity: int
    reason: str | None = None


@strawberry.input
class OrderGrantRefundCreateInput:
    """A refund to grant; without an amount the host works one out."""

    transaction_id: strawberry.ID
    amount: Decimal | None = None
    reason: str | None = None
    lines: list[OrderGrantRefundCreateLineInput] | None = None
    grant_refund_for_shipping: bool | None = None


@strawberry.input(name="OrderGrantRefundCreateInput")
class NewerGrantInput(OrderGrantRefundCreateInput):
    """The same from 3.22 on."""

    reason_reference: strawberry.ID | None = None


@strawberry.type
class OrderGrantRefundCreateLineError:
    """What is wrong with a line."""

    field: str | None
    message: str | None
    code: OrderGrantRefundCreateLineErrorCode
    line_id: strawberry.ID


@strawberry.type
class OrderGrantRefundCreateError:
    """Why a refund was not granted."""

    field: str | None
    message: str | None
    code: OrderGrantRefundCreateErrorCode
    lines: list[OrderGrantRefundCreateLineError] | None = None


@strawberry.type
class OrderGrantRefundCreate:
    """Answer of `orderGrantRefundCreate`."""

    order: Order | None = None
    granted_refund: OrderGrantedRefund | None = None
    errors: list[OrderGrantRefundCreateError] = field(default_factory=list)


@strawberry.type
class TransactionRequestRefundForGrantedRefundError:
    """Why a granted refund was not requested."""

    field: str | None
    message: str | None
    code: TransactionRequestRefundForGrantedRefundErrorCode


@strawberry.type
class TransactionRequestRefundForGrantedRefund:
    """Answer of `transactionRequestRefundForGrantedRefund`."""

    transaction: TransactionItem | None = None
    errors: list[TransactionRequestRefundForGrantedRefundError] = field(default_factory=list)


@strawberry.type
class TransactionRequestActionError:
    """Why an action was not requested."""

    field: str | None
    message: str | None
    code: TransactionRequestActionErrorCode


@strawberry.type
class TransactionRequestAction:
    """Answer of `transactionRequestAction`."""

    transaction: TransactionItem | None = None
    errors: list[TransactionRequestActionError] = field(default_factory=list)


@strawberry.type(name="TransactionRequestActionError")
class NewerRequestError:
    """Why an action was not requested, from 3.22 on."""

    field: str | None
    message: str | None
    code: NewerRequestErrorCode


@strawberry.type(name="TransactionRequestAction")
class NewerRequestAnswer:
    """Answer of `transactionRequestAction` from 3.22 on."""

    transaction: TransactionItem | None = None
    errors: list[NewerRequestError] = field(default_factory=list)
