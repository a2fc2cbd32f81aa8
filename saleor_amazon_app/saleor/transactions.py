"""What Amazon charged, told to the host, so that its order counts as paid and can be refunded."""

from collections.abc import Sequence
from dataclasses import dataclass

from saleor_amazon_app.core.ids import SaleorOrderId, TransactionId
from saleor_amazon_app.core.money import Money
from saleor_amazon_app.saleor.answers import Json
from saleor_amazon_app.saleor.client import SaleorClient
from saleor_amazon_app.saleor.refusals import Refused, carried_out
from saleor_amazon_app.saleor.standing_records import Refund

_NAME = "Amazon"
# The host's column.
_LONGEST_MESSAGE = 512


@dataclass(frozen=True, slots=True)
class Charge:
    """What a buyer paid Amazon for one order.

    Attributes:
        psp_reference: the bare Amazon order number.
        link: where Seller Central shows the order.
    """

    order_id: SaleorOrderId
    amount: Money
    psp_reference: str
    link: str


async def create(client: SaleorClient, charges: Sequence[Charge]) -> list[TransactionId | Refused]:
    """Records up to four charges in one request.

    The host never compares references: sent twice, an order is overcharged. Read the order's
    transactions first. A draft with a transaction can never be deleted: complete it before.
    """
    wanted = [{"order": charge.order_id, "transaction": _transaction(charge)} for charge in charges]
    outcomes = await client.execute_batch("CreateTransaction", wanted)
    payloads = [carried_out(outcome) for outcome in outcomes]
    return [
        one if isinstance(one, Refused) else TransactionId(one["transaction"]["id"])
        for one in payloads
    ]


async def report_refund(client: SaleorClient, refund: Refund) -> Refused | None:
    """Tells the host that money went back; the same report a second time changes nothing."""
    return await _report(client, "ReportRefund", _told_of(refund))


async def report_refund_failure(client: SaleorClient, refund: Refund, why: str) -> Refused | None:
    """Tells the host that money it asked for did not go back.

    Under the reference of a refund that had succeeded it would undo that one.
    """
    told = {**_told_of(refund), "message": why[:_LONGEST_MESSAGE]}
    return await _report(client, "ReportRefundFailure", told)


async def _report(client: SaleorClient, name: str, told: Json) -> Refused | None:
    (outcome,) = await client.execute_batch(name, [told])
    payload = carried_out(outcome)
    return payload if isinstance(payload, Refused) else None


def _told_of(refund: Refund) -> Json:
    return {
        "id": refund.transaction_id,
        "pspReference": refund.psp_reference,
        "amount": f"{refund.amount:f}",
    }


def _transaction(charge: Charge) -> Json:
    return {
        "name": _NAME,
        "pspReference": charge.psp_reference,
        "externalUrl": charge.link,
        "availableActions": ["REFUND"],
        "amountCharged": {
            "amount": f"{charge.amount.amount:f}",
            "currency": charge.amount.currency,
        },
    }
