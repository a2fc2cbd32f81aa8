"""Transactions in the simulated shop: what is reported, what follows, whose they are."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.unit.shop_counter import Counter, codes, open_counter

REPORT = """
mutation ($id: ID!, $type: TransactionEventTypeEnum!, $reference: String!, $amount: PositiveDecimal,
          $time: DateTime) {
  transactionEventReport(id: $id, type: $type, pspReference: $reference, amount: $amount,
                         time: $time) {
    alreadyProcessed
    transaction { chargedAmount { amount } refundedAmount { amount }
      refundPendingAmount { amount } }
    errors { field code message } } }
"""


async def charged(counter: Counter, amount: str = "16.49") -> tuple[str, str]:
    """An order and its transaction."""
    order = await counter.completed()
    answer = await counter.pay(order["id"], amount)
    return order["id"], answer["transaction"]["id"]


async def report(
    counter: Counter, transaction: str, kind: str, reference: str, amount: str, minute: int = 0
) -> dict[str, Any]:
    time = datetime(2026, 11, 20, 12, minute, tzinfo=UTC).isoformat()
    answer: dict[str, Any] = await counter.data(
        REPORT, id=transaction, type=kind, reference=reference, amount=amount, time=time
    )
    return answer


def sums(answer: dict[str, Any]) -> tuple[float, float, float]:
    """Charged, refunded, and what is asked to be refunded."""
    of = answer["transaction"]
    names = ("chargedAmount", "refundedAmount", "refundPendingAmount")
    charged, refunded, pending = (of[name]["amount"] for name in names)
    return charged, refunded, pending


async def test_a_transaction_is_its_makers_and_pays_the_order() -> None:
    # given
    counter = open_counter()
    order = await counter.completed()

    # when
    answer = await counter.pay(order["id"], "16.49")

    # then
    transaction = answer["transaction"]
    assert transaction["createdBy"] == {"__typename": "App", "identifier": "test.app"}
    assert transaction["actions"] == ["REFUND"]
    paid = await counter.find(order["id"])
    assert (paid["chargeStatus"], paid["isPaid"]) == ("FULL", True)
    assert paid["events"][-1]["type"] == "ORDER_FULLY_PAID"
    told = [entry.event for entry in counter.shop.journal]
    assert told[-3:] == ["ORDER_PAID", "ORDER_FULLY_PAID", "ORDER_UPDATED"]


async def test_the_same_reference_twice_counts_twice() -> None:
    counter = open_counter()
    order, _ = await charged(counter)

    again = await counter.pay(order, "16.49")

    found = await counter.find(order)
    assert again["errors"] == []
    assert found["chargeStatus"] == "OVERCHARGED"
    assert [each["pspReference"] for each in found["transactions"]] == ["111-1", "111-1"]


@pytest.mark.parametrize(("amount", "status"), [("16.48", "PARTIAL"), ("16.4899", "FULL")])
async def test_what_is_charged_is_rounded_before_it_is_compared(amount: str, status: str) -> None:
    counter = open_counter()

    order, _ = await charged(counter, amount)

    assert (await counter.find(order))["chargeStatus"] == status


async def test_an_order_of_nothing_is_paid_from_the_start() -> None:
    counter = open_counter()
    nothing = {"gross": "0", "net": "0"}
    line = counter.line(totalPrice=nothing, undiscountedTotalPrice=nothing)
    delivery = counter.delivery(shippingPrice=nothing)

    draft = await counter.drafted(lines=[line], deliveryMethod=delivery)

    assert draft["chargeStatus"] == "FULL"
    assert (await counter.pay(draft["id"], "0"))["errors"] == []


async def test_another_currency_is_refused() -> None:
    counter = open_counter()
    order = await counter.completed()

    answer = await counter.pay(order["id"], "16.49", currency="EUR")

    assert codes(answer["errors"]) == [("amountCharged", "INCORRECT_CURRENCY")]
    assert (await counter.find(order["id"]))["transactions"] == []


async def test_an_order_nobody_knows_cannot_be_paid() -> None:
    counter = open_counter()
    order = await counter.drafted()
    await counter.act("draftOrderDelete(id: $id)", id=order["id"])

    unknown = await counter.pay(order["id"], "1")
    senseless = await counter.pay("zzz", "1")

    assert codes(unknown["errors"]) == [("id", "NOT_FOUND")]
    assert codes(senseless["errors"]) == [("id", "GRAPHQL_ERROR")]


async def test_a_refund_is_asked_then_settled_then_known() -> None:
    # given
    counter = open_counter()
    order, transaction = await charged(counter)

    # when
    asked = await report(counter, transaction, "REFUND_REQUEST", "r1", "5.00")
    settled = await report(counter, transaction, "REFUND_SUCCESS", "r1", "5.00", 1)
    again = await report(counter, transaction, "REFUND_SUCCESS", "r1", "5.00", 2)

    # then
    assert sums(asked) == (11.49, 0.0, 5.0)
    assert sums(settled) == (11.49, 5.0, 0.0)
    assert again["alreadyProcessed"] is True
    assert sums(again) == (11.49, 5.0, 0.0)
    assert (await counter.find(order))["chargeStatus"] == "PARTIAL"


async def test_a_failure_under_a_used_reference_undoes_the_refund() -> None:
    counter = open_counter()
    _, transaction = await charged(counter)
    await report(counter, transaction, "REFUND_SUCCESS", "r1", "5.00")

    failed = await report(counter, transaction, "REFUND_FAILURE", "r1", "5.00", 1)

    assert sums(failed) == (16.49, 0.0, 0.0)


async def test_the_same_report_with_another_amount_is_refused_and_counts_for_nothing() -> None:
    counter = open_counter()
    _, transaction = await charged(counter)
    await report(counter, transaction, "REFUND_SUCCESS", "r1", "5.00")

    other = await report(counter, transaction, "REFUND_SUCCESS", "r1", "6.00", 1)
    same = await report(counter, transaction, "REFUND_SUCCESS", "r1", "5.00", 2)

    assert codes(other["errors"]) == [("pspReference", "INCORRECT_DETAILS")]
    assert sums(same) == (11.49, 5.0, 0.0)


async def test_a_cancelled_order_stays_paid_until_the_refund_is_reported() -> None:
    counter = open_counter()
    order, transaction = await charged(counter)
    cancelled = await counter.act("orderCancel(id: $id)", id=order)

    await report(counter, transaction, "REFUND_SUCCESS", "r1", "16.49")

    assert cancelled["order"]["chargeStatus"] == "FULL"
    assert (await counter.find(order))["chargeStatus"] == "NONE"
    told = [entry.event for entry in counter.shop.journal]
    assert told[-3:] == ["ORDER_REFUNDED", "ORDER_FULLY_REFUNDED", "ORDER_UPDATED"]


async def test_a_transaction_of_another_app_is_closed() -> None:
    # given
    counter = open_counter()
    _, transaction = await charged(counter)
    counter.token = counter.shop.add_app(["HANDLE_PAYMENTS"], identifier="other.app")

    # when
    answer = await counter.ask(
        REPORT, id=transaction, type="REFUND_SUCCESS", reference="r1", amount="5.00", time=None
    )

    # then
    assert answer["data"] == {"transactionEventReport": None}
    assert answer["errors"][0]["extensions"] == {"exception": {"code": "PermissionDenied"}}
    (kept,) = counter.state.transactions.values()
    assert kept.sums.get("refunded", 0) == 0


async def test_a_transaction_of_an_import_is_nobodys_until_an_app_changes_it() -> None:
    # given
    counter = open_counter()
    money = {"amount": "16.49", "currency": "USD"}
    draft = await counter.drafted(transactions=[{"name": "Amazon", "amountCharged": money}])
    (transaction,) = draft["transactions"]

    # when
    changed = await counter.data(
        """mutation ($id: ID!, $input: TransactionUpdateInput!) {
          transactionUpdate(id: $id, transaction: $input) {
            transaction { name createdBy { ... on App { identifier } } chargedAmount { amount } }
            errors { code } } }""",
        id=transaction["id"],
        input={"name": "Amazon.com"},
    )

    # then
    assert draft["chargeStatus"] == "FULL"
    assert changed["transaction"] == {
        "name": "Amazon.com",
        "createdBy": {"identifier": "test.app"},
        "chargedAmount": {"amount": 16.49},
    }
