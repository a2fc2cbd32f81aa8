"""A standing order and its changes, as the host is asked for them and answers."""

from decimal import Decimal

import httpx

from saleor_amazon_app.core.ids import (
    SaleorOrderId,
    SaleorOrderLineId,
    TransactionId,
    WarehouseId,
)
from saleor_amazon_app.saleor import order_changes, transactions
from saleor_amazon_app.saleor.errors import RequestRefused
from saleor_amazon_app.saleor.order_inputs import AddressInput
from saleor_amazon_app.saleor.refusals import FieldError, Refused
from saleor_amazon_app.saleor.standing_records import MoneyEvent, Payment, Refund, StandingOrder
from tests.unit.saleor_line import data, error, line
from tests.unit.saleor_samples import PARSED, order

ORDER, GONE, BROKEN = SaleorOrderId("T3JkZXI6MQ=="), SaleorOrderId("b"), SaleorOrderId("c")
DONE: dict[str, list[str]] = {"errors": []}
AN_ERROR = {"code": "CANNOT_CANCEL_ORDER", "field": "order", "message": "no"}
REFUSED = Refused((FieldError("CANNOT_CANCEL_ORDER", "order", "no"),))


def _transaction() -> dict[str, object]:
    events = [
        {"type": "REFUND_SUCCESS", "pspReference": "111-1-x", "amount": {"amount": 4.99}},
        {"type": None, "pspReference": "", "amount": {"amount": 0}},
    ]
    return {
        "id": "t1",
        "pspReference": "111-1",
        "chargedAmount": {"amount": 20.0},
        "events": events,
    }


async def test_orders_are_read_with_their_money_and_their_notes() -> None:
    # given: one stands, one is gone, and the host breaks down over the third
    standing = order(
        channel={"slug": "us", "warehouses": [{"id": "w2"}, {"id": "w1"}]},
        transactions=[_transaction()],
        events=[{"message": None}, {"message": "Ring first"}],
    )
    answer = data(o0=standing, o1=None, o2=None).json()
    answer["errors"] = [error("Internal Server Error", "KeyError", "o2")]
    wire = line(httpx.Response(200, json=answer))

    # when
    found = await order_changes.read(wire.client, [ORDER, GONE, BROKEN])

    # then
    stands = found[ORDER]
    assert isinstance(stands, StandingOrder)
    assert stands.payments == (
        Payment(
            TransactionId("t1"),
            "111-1",
            Decimal("20.0"),
            (
                MoneyEvent("REFUND_SUCCESS", "111-1-x", Decimal("4.99")),
                MoneyEvent("", "", Decimal(0)),
            ),
        ),
    )
    assert stands.notes == {"Ring first"}
    assert stands.warehouses == (WarehouseId("w2"), WarehouseId("w1"))
    assert stands.order.lines == PARSED.lines
    assert found[GONE] is None
    assert isinstance(found[BROKEN], RequestRefused)
    assert len(wire.requests) == 1


async def test_an_order_is_cancelled_or_refused() -> None:
    wire = line(data(o0=DONE), data(o0={"errors": [AN_ERROR]}))

    assert await order_changes.cancel(wire.client, ORDER) is None
    assert await order_changes.cancel(wire.client, ORDER) == REFUSED
    assert wire.sent[0]["variables"] == {"id_0": ORDER}


async def test_units_are_returned_without_a_refund() -> None:
    wire = line(data(o0=DONE))
    units = {SaleorOrderLineId("l1"): 1, SaleorOrderLineId("l2"): 2}

    assert await order_changes.return_units(wire.client, ORDER, units) is None
    assert wire.sent[0]["variables"] == {
        "order_0": ORDER,
        "input_0": {
            "orderLines": [
                {"orderLineId": "l1", "quantity": 1},
                {"orderLineId": "l2", "quantity": 2},
            ],
            "refund": False,
        },
    }


async def test_an_order_is_marked_and_readdressed() -> None:
    wire = line(data(o0=DONE), data(o0=DONE))
    address = AddressInput(street_address1="9 New Street", city="Portland", country="US")

    await order_changes.update(wire.client, ORDER, metadata={"a": "b"})
    await order_changes.update(wire.client, ORDER, metadata={}, address=address)

    marked, moved = (sent["variables"]["input_0"] for sent in wire.sent)
    assert marked == {"metadata": [{"key": "a", "value": "b"}]}
    assert moved["shippingAddress"] == moved["billingAddress"]
    assert moved["shippingAddress"]["streetAddress1"] == "9 New Street"
    assert moved["shippingAddress"]["skipValidation"] is True


async def test_a_refund_is_reported_under_its_own_reference() -> None:
    wire = line(data(o0=DONE))
    refund = Refund(TransactionId("t1"), Decimal("1E+3"), "111-1-cancelled")

    assert await transactions.report_refund(wire.client, refund) is None
    assert wire.sent[0]["variables"] == {
        "id_0": "t1",
        "pspReference_0": "111-1-cancelled",
        "amount_0": "1000",
    }
    assert "REFUND_SUCCESS" in wire.sent[0]["query"]


async def test_whether_unpaid_orders_ship_is_the_shops_choice() -> None:
    wire = line(data(shop={"fulfillmentAllowUnpaid": False}))

    assert await order_changes.ships_unpaid(wire.client) is False
