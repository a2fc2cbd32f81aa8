"""The mutations by which refunds are granted and requested."""

from collections.abc import Callable
from decimal import Decimal

import strawberry

from saleor_amazon_app.simulators.saleor.refunds import (
    RefusedLines,
    check_reason,
    grant_refund,
    request_granted_refund,
    request_refund,
)
from saleor_amazon_app.simulators.saleor.schema.access import Info, require
from saleor_amazon_app.simulators.saleor.schema.orders import TransactionItem
from saleor_amazon_app.simulators.saleor.schema.people import App, User
from saleor_amazon_app.simulators.saleor.schema.reasons import Refused, refusal
from saleor_amazon_app.simulators.saleor.schema.refunds import (
    NewerGrantInput,
    NewerRequestAnswer,
    NewerRequestError,
    OrderGrantRefundCreate,
    OrderGrantRefundCreateError,
    OrderGrantRefundCreateInput,
    OrderGrantRefundCreateLineError,
    TransactionRequestAction,
    TransactionRequestActionError,
    TransactionRequestRefundForGrantedRefund,
    TransactionRequestRefundForGrantedRefundError,
)
from saleor_amazon_app.simulators.saleor.schema.words import (
    NewerRequestErrorCode,
    OrderGrantRefundCreateErrorCode,
    OrderGrantRefundCreateLineErrorCode,
    PositiveDecimal,
    TransactionActionEnum,
    TransactionRequestActionErrorCode,
    TransactionRequestRefundForGrantedRefundErrorCode,
)


@strawberry.type
class RefundMutations:
    """Refunds, as every host knows them."""

    @strawberry.mutation
    def order_grant_refund_create(
        self, info: Info, id: strawberry.ID, input: OrderGrantRefundCreateInput
    ) -> OrderGrantRefundCreate | None:
        """Notes what staff mean to give back."""
        return _grant(info, id, input, reason_reference=None)

    @strawberry.mutation
    def transaction_request_action(
        self,
        info: Info,
        action_type: TransactionActionEnum,
        id: strawberry.ID | None = None,
        amount: PositiveDecimal | None = None,
    ) -> TransactionRequestAction | None:
        """Asks the app of a transaction to give money back."""
        try:
            made = _request(info, action_type, id, amount)
        except Refused as refused:
            codes = TransactionRequestActionErrorCode
            return TransactionRequestAction(
                errors=[
                    TransactionRequestActionError(
                        field=reason.field, message=reason.message, code=codes[reason.code]
                    )
                    for reason in refused.reasons
                ]
            )
        return TransactionRequestAction(transaction=made)

    @strawberry.mutation
    def transaction_request_refund_for_granted_refund(
        self, info: Info, granted_refund_id: strawberry.ID, id: strawberry.ID | None = None
    ) -> TransactionRequestRefundForGrantedRefund | None:
        """Asks the app of a transaction for what was granted."""
        require(info, "HANDLE_PAYMENTS")
        try:
            made = request_granted_refund(info.context.shop, granted_refund_id)
        except Refused as refused:
            codes = TransactionRequestRefundForGrantedRefundErrorCode
            return TransactionRequestRefundForGrantedRefund(
                errors=[
                    TransactionRequestRefundForGrantedRefundError(
                        field=reason.field, message=reason.message, code=codes[reason.code]
                    )
                    for reason in refused.reasons
                ]
            )
        return TransactionRequestRefundForGrantedRefund(transaction=made)


@strawberry.type
class NewerRefundMutations(RefundMutations):
    """The same from 3.22 on, with reasons."""

    @strawberry.mutation
    def order_grant_refund_create(
        self, info: Info, id: strawberry.ID, input: NewerGrantInput
    ) -> OrderGrantRefundCreate | None:
        """Notes what staff mean to give back."""
        return _grant(info, id, input, reason_reference=input.reason_reference)

    @strawberry.mutation
    def transaction_request_action(
        self,
        info: Info,
        action_type: TransactionActionEnum,
        id: strawberry.ID | None = None,
        amount: PositiveDecimal | None = None,
        refund_reason: str | None = None,
        refund_reason_reference: strawberry.ID | None = None,
    ) -> NewerRequestAnswer | None:
        """Asks the app of a transaction to give money back."""

        def check() -> None:
            field = "refundReasonReference"
            asking = _asking(info)
            check_reason(info.context.shop, refund_reason_reference, by=asking, field=field)

        try:
            made = _request(info, action_type, id, amount, reason=refund_reason, check=check)
        except Refused as refused:
            codes = NewerRequestErrorCode
            return NewerRequestAnswer(
                errors=[
                    NewerRequestError(
                        field=reason.field, message=reason.message, code=codes[reason.code]
                    )
                    for reason in refused.reasons
                ]
            )
        return NewerRequestAnswer(transaction=made)


def _grant(
    info: Info,
    id: str,
    input: OrderGrantRefundCreateInput,
    *,
    reason_reference: str | None,
) -> OrderGrantRefundCreate:
    require(info, "MANAGE_ORDERS")
    try:
        granted = grant_refund(
            info.context.shop, id, input, reason_reference=reason_reference, by=_asking(info)
        )
    except Refused as refused:
        return OrderGrantRefundCreate(errors=_grant_errors(refused))
    return OrderGrantRefundCreate(order=info.context.shop.orders[id], granted_refund=granted)


def _grant_errors(refused: Refused) -> list[OrderGrantRefundCreateError]:
    lines = None
    if isinstance(refused, RefusedLines):
        line_codes = OrderGrantRefundCreateLineErrorCode
        lines = [
            OrderGrantRefundCreateLineError(
                field=each.field,
                message=each.message,
                code=line_codes[each.code],
                line_id=strawberry.ID(each.line_id),
            )
            for each in refused.lines
        ]
    codes = OrderGrantRefundCreateErrorCode
    return [
        OrderGrantRefundCreateError(
            field=reason.field, message=reason.message, code=codes[reason.code], lines=lines
        )
        for reason in refused.reasons
    ]


def _request(
    info: Info,
    action: TransactionActionEnum,
    id: str | None,
    amount: Decimal | None,
    *,
    reason: str | None = None,
    check: Callable[[], None] = lambda: None,
) -> TransactionItem:
    require(info, "HANDLE_PAYMENTS")
    if action is not TransactionActionEnum.REFUND:
        raise refusal(
            None,
            "MISSING_TRANSACTION_ACTION_REQUEST_WEBHOOK",
            "No app or plugin is configured to handle payment action requests.",
        )
    check()
    return request_refund(
        info.context.shop, id or "", amount, by=_asking(info), reason=reason or ""
    )


def _asking(info: Info) -> App | User:
    """Whoever asks; a permission was asked for before."""
    asking = info.context.staff or info.context.app
    assert asking is not None
    return asking
