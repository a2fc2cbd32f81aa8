"""Host orders looked up, completed and changed, as the host answers."""

from decimal import Decimal
from typing import Any

import httpx
import pytest

from saleor_amazon_app.core.ids import (
    AmazonOrderId,
    SaleorOrderId,
    SaleorOrderLineId,
    TransactionId,
    WarehouseId,
)
from saleor_amazon_app.saleor import orders
from saleor_amazon_app.saleor.errors import RequestRefused
from saleor_amazon_app.saleor.order_records import (
    Allocation,
    Fulfillment,
    FulfillmentLine,
    HostOrder,
    HostTransaction,
)
from saleor_amazon_app.saleor.orders import Draft, FulfilledUnits
from saleor_amazon_app.saleor.refusals import FieldError, Refused
from tests.unit.saleor_line import data, error, line
from tests.unit.saleor_samples import PARSED, order


def problem(code: str, field: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "field": field, "message": "no", "orderLines": None, **more}


@pytest.mark.parametrize(
    ("lines", "batches"),
    [
        ([], []),
        ([1, 1, 1, 1], [[1, 1, 1, 1]]),
        ([1, 1, 1, 1, 1], [[1, 1, 1, 1], [1]]),
        ([10, 10, 1], [[10, 10], [1]]),
        ([11, 10], [[11], [10]]),
        ([200, 1], [[200], [1]]),
        ([1, 200, 1], [[1], [200], [1]]),
    ],
)
def test_completions_are_batched_by_orders_and_lines(
    lines: list[int], batches: list[list[int]]
) -> None:
    # when
    made = orders.completion_batches([Draft(SaleorOrderId("x"), count) for count in lines])

    # then
    assert [[draft.line_count for draft in batch] for batch in made] == batches


async def test_each_completion_stands_alone() -> None:
    # given
    placed = order(status="UNFULFILLED")
    placed["lines"][0]["allocations"] = [{"quantity": 2, "warehouse": {"id": "V2FyZWhvdXNlOjE="}}]
    short = problem("INSUFFICIENT_STOCK", "lines", orderLines=["T3JkZXJMaW5lOjI="], variants=None)
    crash = error("Internal Server Error", "IntegrityError", "o2")
    answer = {
        "data": {
            "o0": {"order": placed, "errors": []},
            "o1": {"order": None, "errors": [short]},
            "o2": None,
        },
        "errors": [crash],
    }
    wire = line(httpx.Response(200, json=answer))

    # when
    first, second, third = await orders.complete(
        wire.client, [Draft(SaleorOrderId(name), 1) for name in "abc"]
    )

    # then
    assert isinstance(first, HostOrder)
    assert first.status == "UNFULFILLED"
    assert first.lines[0].allocations == (Allocation(WarehouseId("V2FyZWhvdXNlOjE="), 2),)
    assert second == Refused(
        (FieldError("INSUFFICIENT_STOCK", "lines", "no", (SaleorOrderLineId("T3JkZXJMaW5lOjI="),)),)
    )
    assert third == Refused((FieldError("IntegrityError"),), crashed=True)


@pytest.mark.parametrize(
    ("_case", "refused", "is_passing"),
    [
        ("deadlock", Refused((FieldError("OperationalError"),), crashed=True), True),
        ("tax app away", Refused((FieldError("TAX_ERROR", "", "no"),)), True),
        ("broken", Refused((FieldError("IntegrityError"),), crashed=True), False),
        ("no stock", Refused((FieldError("INSUFFICIENT_STOCK"),)), False),
        ("both", Refused((FieldError("TAX_ERROR"), FieldError("INSUFFICIENT_STOCK"))), False),
    ],
)
def test_a_refusal_tells_whether_it_passes_by_itself(
    _case: str, refused: Refused, is_passing: bool
) -> None:
    assert refused.is_passing is is_passing


async def test_a_look_up_tells_what_the_host_has_under_each_reference() -> None:
    # given
    paid = {
        "id": "VHJhbnNhY3Rpb25JdGVtOjE=",
        "pspReference": "111-0000001-0000001",
        "chargedAmount": {"amount": 24.99},
    }
    parcel = {
        "id": "RnVsZmlsbG1lbnQ6MQ==",
        "status": "FULFILLED",
        "trackingNumber": "1Z",
        "lines": [
            {"quantity": 1, "orderLine": {"id": "T3JkZXJMaW5lOjE="}},
            {"quantity": 1, "orderLine": None},
        ],
    }
    found = order(transactions=[paid], fulfillments=[parcel])
    found["lines"][0] |= {"variant": None, "metadata": [], "productSku": None}
    wire = line(data(o0=found, o1=None))

    # when
    seen = await orders.look_up(wire.client, [AmazonOrderId("a"), AmazonOrderId("b")])

    # then
    first = seen[AmazonOrderId("a")]
    assert first is not None
    assert seen[AmazonOrderId("b")] is None
    assert first.transactions == (
        HostTransaction(
            TransactionId("VHJhbnNhY3Rpb25JdGVtOjE="), "111-0000001-0000001", Decimal("24.99")
        ),
    )
    assert first.fulfillments == (
        Fulfillment(
            "RnVsZmlsbG1lbnQ6MQ==",
            "FULFILLED",
            "1Z",
            (FulfillmentLine(SaleorOrderLineId("T3JkZXJMaW5lOjE="), 1),),
        ),
    )
    (staff_line,) = first.lines
    assert (staff_line.order_item_id, staff_line.variant_id, staff_line.sku) == (None, None, "")


async def test_looking_up_many_takes_fifty_a_request() -> None:
    # given
    wire = line(data(**{f"o{i}": None for i in range(50)}), data(o0=None))

    # when
    seen = await orders.look_up(wire.client, [AmazonOrderId(str(i)) for i in range(51)])

    # then
    assert len(seen) == 51
    assert [len(body["variables"]) for body in wire.sent] == [50, 1]


async def test_a_fulfilment_groups_its_units_by_line_and_mails_nobody() -> None:
    # given
    parcel = {"id": "f", "status": "WAITING_FOR_APPROVAL", "trackingNumber": "1Z", "lines": None}
    wire = line(data(o0={"fulfillments": [parcel], "errors": []}))
    one, other = SaleorOrderLineId("one"), SaleorOrderLineId("other")
    here, there = WarehouseId("here"), WarehouseId("there")

    # when
    made = await orders.fulfil(
        wire.client,
        SaleorOrderId("x"),
        [
            FulfilledUnits(one, here, 1),
            FulfilledUnits(other, here, 3),
            FulfilledUnits(one, there, 2),
        ],
        tracking_number="1Z",
    )

    # then
    assert made == (Fulfillment("f", "WAITING_FOR_APPROVAL", "1Z", ()),)
    assert wire.sent[0]["variables"] == {
        "order_0": "x",
        "input_0": {
            "lines": [
                {
                    "orderLineId": "one",
                    "stocks": [
                        {"warehouse": "here", "quantity": 1},
                        {"warehouse": "there", "quantity": 2},
                    ],
                },
                {"orderLineId": "other", "stocks": [{"warehouse": "here", "quantity": 3}]},
            ],
            "trackingNumber": "1Z",
            "notifyCustomer": False,
        },
    }


async def test_every_change_of_one_order_returns_its_refusal() -> None:
    # given
    no = {"order": None, "errors": [problem("INVALID", "id")]}
    wire = line(*[data(o0=no) for _ in range(5)])
    client, x = wire.client, SaleorOrderId("x")

    # when
    refused = [
        await orders.delete_draft(client, x),
        await orders.confirm(client, x),
        await orders.fulfil(client, x, []),
        await orders.approve(client, "f"),
        await orders.add_note(client, x, "note"),
    ]

    # then
    assert refused == [Refused((FieldError("INVALID", "id", "no"),))] * 5
    assert wire.sent[3]["variables"] == {"id_0": "f", "notifyCustomer_0": False}


async def test_every_change_of_one_order_returns_what_came_of_it() -> None:
    # given
    parcel = {"id": "f", "status": "FULFILLED", "trackingNumber": "", "lines": []}
    wire = line(
        data(o0={"errors": []}),
        data(o0={"order": order(), "errors": []}),
        data(o0={"fulfillment": parcel, "errors": []}),
        data(o0={"errors": []}),
    )
    client, x = wire.client, SaleorOrderId("x")

    # then
    assert await orders.delete_draft(client, x) is None
    assert await orders.confirm(client, x) == PARSED
    assert await orders.approve(client, "f") == Fulfillment("f", "FULFILLED", "", ())
    assert await orders.add_note(client, x, "note") is None


async def test_a_crash_on_one_reference_fails_the_look_up() -> None:
    # given
    crash = error("Internal Server Error", "ValueError", "o0")
    wire = line(httpx.Response(200, json={"errors": [crash], "data": {"o0": None}}))

    # when / then
    with pytest.raises(RequestRefused):
        await orders.look_up(wire.client, [AmazonOrderId("a")])
