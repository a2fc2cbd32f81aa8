"""Refunds in the simulated shop: granted, requested, answered, and what the money does then."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from saleor_amazon_app.simulators.saleor import default_seed
from saleor_amazon_app.simulators.saleor.refunds import REFUND_REASON_ID
from tests.unit.shop_counter import codes
from tests.unit.shop_staff import (
    GRANT,
    REFUND,
    REQUEST,
    REQUEST_GRANTED,
    Staffed,
    open_staffed,
)
from tests.unit.test_simulated_shop_money import report, sums

SECOND = timedelta(seconds=1)
LOST = "Failed to delivery request."
NOBODY = "No app or plugin is configured to handle payment action requests."


async def granted(staffed: Staffed, order: str, **given: Any) -> dict[str, Any]:
    answer: dict[str, Any] = await staffed.by_staff(GRANT, id=order, input=given)
    return answer


async def requested(staffed: Staffed, transaction: str, amount: str | None = "1.00") -> Any:
    staffed.clock.now += SECOND
    answer = await staffed.by_staff(REQUEST, id=transaction, amount=amount, reason=None)
    staffed.clock.now += SECOND
    await staffed.deliver()
    return answer


async def test_a_refund_is_asked_of_the_app_and_pending_when_it_answers() -> None:
    # given
    staffed = open_staffed()
    await staffed.listen(REFUND)
    order, transaction = await staffed.charged()

    # when
    answer = await staffed.by_staff(REQUEST, id=transaction, amount="5.00", reason=None)
    before = await staffed.money(order["id"])
    assert await staffed.deliver(later=SECOND) == [200]
    after = await staffed.money(order["id"])

    # then
    assert answer == {"transaction": {"id": transaction}, "errors": []}
    assert before["sums"] == (16.49, 0.0, 0.0)
    assert after["sums"] == (11.49, 0.0, 5.0)
    assert after["events"][0] == ("REFUND_REQUEST", "r1", "")
    (body,) = staffed.bodies
    assert body.pop("issuedAt") == "2026-11-20T12:00:00+00:00"
    assert body.pop("recipient") == {"id": staffed.shop.find_app("test.app").id}
    (stumble,) = body.pop("errors")
    assert stumble["path"] == ["event", "grantedRefund"]
    assert body == {
        "__typename": "TransactionRefundRequested",
        "action": {"actionType": "REFUND", "amount": 5.0, "currency": "USD"},
        "transaction": {"id": transaction, "pspReference": "111-1"},
        "grantedRefund": None,
    }


async def test_what_is_settled_leaves_nothing_pending() -> None:
    staffed = open_staffed()
    await staffed.listen(REFUND)
    order, transaction = await staffed.charged()
    await requested(staffed, transaction, "5.00")

    await report(staffed, transaction, "REFUND_SUCCESS", "r1", "5.00", 1)

    settled = await staffed.money(order["id"])
    assert settled["sums"] == (11.49, 5.0, 0.0)
    assert settled["status"] == "PARTIAL"


async def test_a_reference_used_again_swallows_what_it_stood_for() -> None:
    staffed = open_staffed()
    staffed.answer = lambda _: (200, {"pspReference": "r1"})
    await staffed.listen(REFUND)
    order, transaction = await staffed.charged()

    await requested(staffed, transaction, "5.00")
    await requested(staffed, transaction, "2.00")
    twice_asked = await staffed.money(order["id"])
    await report(staffed, transaction, "REFUND_SUCCESS", "r1", "5.00", 1)

    assert twice_asked["sums"] == (14.49, 0.0, 2.0)
    assert (await staffed.money(order["id"]))["sums"] == (11.49, 5.0, 0.0)


@pytest.mark.parametrize(
    ("_case", "answer", "failure"),
    [
        ("nothing in it", (200, {}), "Missing value for field: pspReference. Input: {}."),
        ("no JSON", (200, b"oops"), LOST),
        ("no answer", None, LOST),
        (
            "no reference for a success",
            (200, {"result": "REFUND_SUCCESS"}),
            "Missing value for field: pspReference. Input: {'result': 'REFUND_SUCCESS'}.",
        ),
        (
            "an unknown result",
            (200, {"pspReference": "r", "result": "NOPE"}),
            "Missing or invalid value for `result`: NOPE. Possible values: REFUND_SUCCESS, "
            "REFUND_FAILURE.",
        ),
    ],
)
async def test_an_answer_that_is_none_is_a_failure_that_counts_for_nothing(
    _case: str, answer: Any, failure: str
) -> None:
    staffed = open_staffed()
    staffed.answer = lambda _: answer
    await staffed.listen(REFUND)
    order, transaction = await staffed.charged()

    await requested(staffed, transaction)

    money = await staffed.money(order["id"])
    assert money["sums"] == (16.49, 0.0, 0.0)
    assert money["events"][0] == ("REFUND_FAILURE", "", failure)
    assert await staffed.deliver(later=timedelta(minutes=10)) == []


@pytest.mark.parametrize(
    ("_case", "answer", "found", "newest"),
    [
        ("whatever the status", (400, {"pspReference": "r"}), (15.49, 0.0, 1.0), "REFUND_REQUEST"),
        (
            "done at once",
            (200, {"pspReference": "r", "result": "REFUND_SUCCESS", "amount": "1.00"}),
            (15.49, 1.0, 0.0),
            "REFUND_SUCCESS",
        ),
        (
            "refused at once",
            (200, {"pspReference": "r", "result": "REFUND_FAILURE"}),
            (16.49, 0.0, 0.0),
            "REFUND_FAILURE",
        ),
        (
            "refused without a reference",
            (200, {"result": "REFUND_FAILURE"}),
            (16.49, 0.0, 0.0),
            "REFUND_REQUEST",
        ),
        ("a list, over which the host falls", (200, []), (16.49, 0.0, 0.0), "REFUND_REQUEST"),
    ],
)
async def test_an_answer_is_taken_as_it_is(
    _case: str, answer: Any, found: tuple[float, float, float], newest: str
) -> None:
    staffed = open_staffed()
    staffed.answer = lambda _: answer
    await staffed.listen(REFUND)
    order, transaction = await staffed.charged()

    await requested(staffed, transaction)

    money = await staffed.money(order["id"])
    assert (money["sums"], money["events"][0][0]) == (found, newest)


async def test_an_app_that_does_not_cope_is_asked_again_without_a_word() -> None:
    # given
    staffed = open_staffed()
    staffed.answer = lambda number: (503, b"") if number == 1 else (200, {"pspReference": "r2"})
    await staffed.listen(REFUND)
    order, transaction = await staffed.charged()

    # when
    await requested(staffed, transaction)
    meanwhile = await staffed.money(order["id"])
    assert await staffed.deliver(later=timedelta(seconds=10)) == [200]

    # then
    assert meanwhile["sums"] == (16.49, 0.0, 0.0)
    assert meanwhile["events"][0][0] == "REFUND_REQUEST"
    assert [bool(request.content) for request in staffed.heard] == [True, False]
    assert (await staffed.money(order["id"]))["sums"] == (15.49, 0.0, 1.0)


async def test_an_app_that_never_copes_is_given_up() -> None:
    staffed = open_staffed()
    staffed.answer = lambda _: (500, b"")
    await staffed.listen(REFUND)
    order, transaction = await staffed.charged()
    await requested(staffed, transaction)

    for _ in range(5):
        await staffed.deliver(later=timedelta(minutes=3))

    assert len(staffed.heard) == 6
    assert (await staffed.money(order["id"]))["events"][0] == ("REFUND_FAILURE", "", LOST)


async def test_the_same_request_can_come_twice() -> None:
    staffed = open_staffed()
    staffed.answer = lambda _: (200, {"pspReference": "mine"})
    await staffed.listen(REFUND)
    order, transaction = await staffed.charged()
    staffed.shop.deliveries.duplicate_next()

    await requested(staffed, transaction)

    first, second = staffed.heard
    assert first.content == second.content
    assert (await staffed.money(order["id"]))["sums"] == (15.49, 0.0, 1.0)


@pytest.mark.parametrize(("amount", "asked"), [(None, 16.49), ("0", 16.49), ("99.00", 16.49)])
async def test_at_most_what_is_charged_is_asked_for(amount: str | None, asked: float) -> None:
    staffed = open_staffed()
    await staffed.listen(REFUND)
    _, transaction = await staffed.charged()

    await requested(staffed, transaction, amount)

    assert staffed.bodies[0]["action"]["amount"] == asked


async def test_where_no_app_listens_nothing_is_asked() -> None:
    # given
    staffed = open_staffed()
    await staffed.listen("ORDER_UPDATED")
    order, transaction = await staffed.charged()
    await staffed.deliver()
    staffed.heard.clear()

    # when
    answer = await requested(staffed, transaction)

    # then
    assert codes(answer["errors"]) == [(None, "MISSING_TRANSACTION_ACTION_REQUEST_WEBHOOK")]
    assert staffed.heard == []
    money = await staffed.money(order["id"])
    assert [event[0] for event in money["events"][:2]] == ["REFUND_FAILURE", "REFUND_REQUEST"]
    assert money["events"][0][2] == NOBODY


async def test_an_app_that_was_installed_again_is_asked() -> None:
    staffed = open_staffed()
    order, transaction = await staffed.charged()
    staffed.shop.delete_app(staffed.shop.find_app("test.app"))
    staffed.token = staffed.shop.add_app(["HANDLE_PAYMENTS", "MANAGE_ORDERS"])
    await staffed.listen(REFUND)

    await requested(staffed, transaction)

    assert (await staffed.money(order["id"]))["sums"] == (15.49, 0.0, 1.0)


async def test_a_granted_refund_says_what_it_is_for_and_follows_what_happens() -> None:
    # given
    staffed = open_staffed()
    await staffed.listen(REFUND)
    lines = [staffed.line(quantity=2, **_at("20.00")), staffed.line("TEA-1", **_at("9.00"))]
    order, transaction = await staffed.charged(lines=lines)
    line = order["lines"][0]["id"]

    # when
    grant = await granted(
        staffed,
        order["id"],
        transactionId=transaction,
        lines=[{"id": line, "quantity": 1}],
        grantRefundForShipping=True,
    )
    status_granted = await staffed.money(order["id"])
    staffed.clock.now += SECOND
    await staffed.by_staff(REQUEST_GRANTED, id=grant["grantedRefund"]["id"])
    await staffed.deliver(later=SECOND)
    pending = await staffed.money(order["id"])
    again = await staffed.by_staff(REQUEST_GRANTED, id=grant["grantedRefund"]["id"])
    staffed.clock.now += SECOND
    await report(staffed, transaction, "REFUND_SUCCESS", "r1", "15.49", 1)
    settled = await staffed.money(order["id"])
    done = await staffed.by_staff(REQUEST_GRANTED, id=grant["grantedRefund"]["id"])

    # then
    assert grant["errors"] == []
    assert grant["grantedRefund"]["amount"] == {"amount": 15.49}
    assert grant["grantedRefund"]["user"] == {"email": "staff-1@shop.test"}
    assert (status_granted["status"], status_granted["granted"]) == ("OVERCHARGED", ["NONE"])
    (body,) = staffed.bodies
    assert "errors" not in body
    assert body["grantedRefund"] == {
        "id": grant["grantedRefund"]["id"],
        "amount": {"amount": 15.49},
        "shippingCostsIncluded": True,
        "status": "NONE",
        "lines": [{"quantity": 1, "orderLine": {"id": line}}],
    }
    assert (pending["sums"], pending["granted"]) == ((19.0, 0.0, 15.49), ["PENDING"])
    assert codes(again["errors"]) == [("grantedRefundId", "REFUND_IS_PENDING")]
    assert (settled["status"], settled["granted"]) == ("FULL", ["SUCCESS"])
    assert codes(done["errors"]) == [("grantedRefundId", "REFUND_ALREADY_PROCESSED")]


async def test_a_granted_refund_that_failed_can_be_requested_again() -> None:
    staffed = open_staffed()
    staffed.answer = lambda number: None if number == 1 else (200, {"pspReference": "r2"})
    await staffed.listen(REFUND)
    order, transaction = await staffed.charged()
    grant = await granted(staffed, order["id"], transactionId=transaction, amount="3.00")
    id = grant["grantedRefund"]["id"]

    seen = []
    for _ in range(2):
        staffed.clock.now += SECOND
        answer = await staffed.by_staff(REQUEST_GRANTED, id=id)
        assert answer["errors"] == []
        await staffed.deliver(later=SECOND)
        seen += (await staffed.money(order["id"]))["granted"]

    assert seen == ["FAILURE", "PENDING"]


@pytest.mark.parametrize(
    ("_case", "given", "errors"),
    [
        (
            "nothing",
            {},
            [
                ("amount", "REQUIRED"),
                ("lines", "REQUIRED"),
                ("grantRefundForShipping", "REQUIRED"),
            ],
        ),
        ("above", {"amount": "16.50"}, [("amount", "AMOUNT_GREATER_THAN_AVAILABLE")]),
        ("a reason", {"amount": "1", "reasonReference": "x"}, [("reasonReference", "INVALID")]),
        ("a line that is none", {"lines": [{"id": "x", "quantity": 1}]}, [("lines", "INVALID")]),
    ],
)
async def test_a_refund_must_make_sense(
    _case: str, given: dict[str, Any], errors: list[tuple[str, str]]
) -> None:
    staffed = open_staffed()
    order, transaction = await staffed.charged()

    answer = await granted(staffed, order["id"], transactionId=transaction, **given)

    assert codes(answer["errors"]) == errors
    assert (await staffed.money(order["id"]))["granted"] == []


async def test_no_unit_and_no_shipping_is_granted_twice() -> None:
    staffed = open_staffed()
    order, transaction = await staffed.charged()
    given: dict[str, Any] = {
        "transactionId": transaction,
        "lines": [{"id": order["lines"][0]["id"], "quantity": 1}],
    }
    shipping = {"transactionId": transaction, "grantRefundForShipping": True}
    await granted(staffed, order["id"], **given)
    await granted(staffed, order["id"], **shipping)

    units = await granted(staffed, order["id"], **given)
    shipped = await granted(staffed, order["id"], **shipping)

    (wrong,) = units["errors"]
    assert wrong["lines"][0]["code"] == "QUANTITY_GREATER_THAN_AVAILABLE"
    assert codes(shipped["errors"]) == [
        ("grantRefundForShipping", "SHIPPING_COSTS_ALREADY_GRANTED")
    ]


async def test_the_hosts_own_sum_of_units_loses_a_cent() -> None:
    staffed = open_staffed()
    lines = [staffed.line(quantity=3, **_at("10.00"))]
    order, transaction = await staffed.charged(lines=lines)

    answer = await granted(
        staffed,
        order["id"],
        transactionId=transaction,
        lines=[{"id": order["lines"][0]["id"], "quantity": 3}],
    )

    assert answer["grantedRefund"]["amount"] == {"amount": 9.99}


async def test_a_shop_may_demand_a_reason_of_staff_but_not_of_apps() -> None:
    # given
    seed = default_seed()
    staffed = open_staffed(replace(seed, shop=replace(seed.shop, refund_reason_demanded=True)))
    await staffed.listen(REFUND)
    order, transaction = await staffed.charged()
    given = {"transactionId": transaction, "amount": "1.00"}

    # when
    no_grant = await granted(staffed, order["id"], **given)
    no_request = await requested(staffed, transaction)
    grant = await granted(staffed, order["id"], **given, reasonReference=REFUND_REASON_ID)
    yes = await staffed.by_staff(REQUEST, id=transaction, amount="1", reason=REFUND_REASON_ID)
    by_app = await staffed.data(REQUEST, id=transaction, amount="1", reason=None)

    # then
    assert codes(no_grant["errors"]) == [("reasonReference", "REQUIRED")]
    assert codes(no_request["errors"]) == [("refundReasonReference", "REQUIRED")]
    assert [each["errors"] for each in (grant, yes, by_app)] == [[], [], []]


async def test_staff_cannot_report_on_a_transaction_of_an_app() -> None:
    staffed = open_staffed()
    order, transaction = await staffed.charged()
    staffed.token = staffed.staff_token

    answer = await staffed.ask(
        "mutation ($id: ID!) { transactionEventReport(id: $id, type: REFUND_SUCCESS, "
        'pspReference: "x", amount: 1) { errors { code } } }',
        id=transaction,
    )

    assert answer["data"] == {"transactionEventReport": None}
    assert (await staffed.money(order["id"]))["sums"] == (16.49, 0.0, 0.0)


async def test_a_late_success_counts_although_the_host_gave_the_request_up() -> None:
    staffed = open_staffed()
    staffed.answer = lambda _: None
    await staffed.listen(REFUND)
    order, transaction = await staffed.charged()
    await requested(staffed, transaction)

    late = await report(staffed, transaction, "REFUND_SUCCESS", "kept", "1.00", 1)

    assert sums(late) == (15.49, 1.0, 0.0)
    assert (await staffed.money(order["id"]))["events"][0] == ("REFUND_SUCCESS", "kept", "")


def _at(gross: str) -> dict[str, Any]:
    price = {"gross": gross, "net": gross}
    return {"totalPrice": price, "undiscountedTotalPrice": price}
