"""What the host makes of an app's answer to a refund it was asked for.

An answer is a reference and nothing else, or the outcome at once. Its status matters only from
500 on; what cannot be read is a failure that counts for nothing.
Source: Saleor 3.23.28 over HTTP, 2026-11-20.
"""

import json
from decimal import Decimal

from pydantic import BaseModel, Field, ValidationError

from saleor_amazon_app.core.money import rounded
from saleor_amazon_app.simulators.saleor.money_events import moving
from saleor_amazon_app.simulators.saleor.refunds import owner_of
from saleor_amazon_app.simulators.saleor.schema.orders import TransactionEvent, TransactionItem
from saleor_amazon_app.simulators.saleor.schema.words import (
    TransactionActionEnum,
    TransactionEventTypeEnum,
)
from saleor_amazon_app.simulators.saleor.state import Shop
from saleor_amazon_app.simulators.saleor.transactions import (
    OTHER_AMOUNT,
    EventReport,
    keep_report,
    note_failure,
    refresh_granted,
)

_NOT_DELIVERED = "Failed to delivery request."
_RESULTS = ("REFUND_SUCCESS", "REFUND_FAILURE")


class _Answer(BaseModel):
    psp_reference: str | None = Field(default=None, alias="pspReference")
    result: str | None = None
    amount: Decimal | None = None
    message: str | None = None
    actions: list[str] | None = None


class _NotUnderstoodError(ValueError):
    """The answer is none; the message is the host's."""


def take_answer(
    shop: Shop, transaction: TransactionItem, request: TransactionEvent, body: bytes | None
) -> None:
    """Settles a request with what an app answered; None when no answer came at all."""
    try:
        answer = _read(body)
    except _NotUnderstoodError as error:
        note_failure(shop, transaction, request, str(error))
        refresh_granted(transaction, request.granted_refund)
        return
    if answer is None:
        return
    if answer.psp_reference is not None:
        with moving(shop, transaction, app=owner_of(shop, transaction)):
            request.psp_reference, request.counts = answer.psp_reference, True
            if answer.actions is not None:
                known = TransactionActionEnum.__members__
                named = dict.fromkeys(answer.actions)
                transaction.actions = [known[each] for each in named if each in known]
        refresh_granted(transaction, request.granted_refund)
    if answer.result is not None and answer.psp_reference is not None:
        _settle_at_once(shop, transaction, request, answer)


def _settle_at_once(
    shop: Shop, transaction: TransactionItem, request: TransactionEvent, answer: _Answer
) -> None:
    owner = owner_of(shop, transaction)
    reference, kind = answer.psp_reference, TransactionEventTypeEnum[answer.result or ""]
    assert owner is not None
    assert reference is not None
    asked = request.amount.value
    amount = asked if not answer.amount else rounded(answer.amount, transaction.currency)
    for event in transaction.log:
        if (event.psp_reference, event.type) == (reference, kind):
            if event.amount.value != amount:
                note_failure(shop, transaction, request, OTHER_AMOUNT)
                refresh_granted(transaction, request.granted_refund)
            return
    report = EventReport(
        kind=kind, psp_reference=reference, amount=amount, message=answer.message or ""
    )
    keep_report(shop, transaction, report, app=owner, amount=amount, granted=request.granted_refund)


def _read(body: bytes | None) -> _Answer | None:
    """The answer; None for one the host falls over, after which the request just stays.

    Raises:
        _NotUnderstoodError: there is none, or something is missing in it.
    """
    try:
        told = json.loads(body or b"", parse_float=Decimal)
    except ValueError as error:
        raise _NotUnderstoodError(_NOT_DELIVERED) from error
    if not isinstance(told, dict):
        return None
    result = told.get("result")
    if result not in (None, *_RESULTS):
        raise _NotUnderstoodError(
            f"Missing or invalid value for `result`: {result}. "
            f"Possible values: {', '.join(_RESULTS)}."
        )
    if "pspReference" not in told and result != "REFUND_FAILURE":
        raise _NotUnderstoodError(f"Missing value for field: pspReference. Input: {told}.")
    try:
        return _Answer.model_validate(told)
    except ValidationError as error:
        (first, *_) = error.errors()
        raise _NotUnderstoodError(
            f"Incorrect value ({first['input']}) for field: {first['loc'][0]}. "
            f"Error: {first['msg']}."
        ) from error
