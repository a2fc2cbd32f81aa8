"""Charges and customers, as the host is told of them and answers."""

from decimal import Decimal

from saleor_amazon_app.core.ids import SaleorOrderId, TransactionId
from saleor_amazon_app.core.money import Money
from saleor_amazon_app.saleor import customers, transactions
from saleor_amazon_app.saleor.refusals import FieldError, Refused
from tests.unit.saleor_line import data, line


async def test_a_charge_is_named_amazon_and_can_be_refunded() -> None:
    # given
    wrong = {"code": "INCORRECT_CURRENCY", "field": "amountCharged", "message": "no"}
    wire = line(
        data(
            o0={"transaction": {"id": "t"}, "errors": []},
            o1={"transaction": None, "errors": [wrong]},
        )
    )
    charge = transactions.Charge(
        SaleorOrderId("x"), Money(Decimal("1E+3"), "JPY"), "111-1", "https://sc.test/111-1"
    )

    # when
    made = await transactions.create(wire.client, [charge, charge])

    # then
    assert made == [
        TransactionId("t"),
        Refused((FieldError("INCORRECT_CURRENCY", "amountCharged", "no"),)),
    ]
    variables = wire.sent[0]["variables"]
    assert (variables["order_0"], variables["order_1"]) == ("x", "x")
    assert variables["transaction_0"] == {
        "name": "Amazon",
        "pspReference": "111-1",
        "externalUrl": "https://sc.test/111-1",
        "availableActions": ["REFUND"],
        "amountCharged": {"amount": "1000", "currency": "JPY"},
    }


async def test_customers_are_found_by_the_address_asked_for() -> None:
    # given
    wire = line(data(o0={"id": "VXNlcjox"}, o1=None))

    # when
    found = await customers.find(wire.client, ["A@b.test", "c@d.test"])

    # then
    assert found == {"A@b.test": "VXNlcjox"}


async def test_a_customer_is_created_tagged_and_not_invited() -> None:
    # given
    taken = {"code": "UNIQUE", "field": "email", "message": "User … already exists."}
    wire = line(
        data(o0={"user": {"id": "VXNlcjox"}, "errors": []}, o1={"user": None, "errors": [taken]})
    )
    new = customers.NewCustomer("a@b.invalid", {"amazonStore": "s1"})

    # when
    made = await customers.create(wire.client, [new, new])

    # then
    assert made == [
        "VXNlcjox",
        Refused((FieldError("UNIQUE", "email", "User … already exists."),)),
    ]
    assert wire.sent[0]["variables"]["input_0"] == {
        "email": "a@b.invalid",
        "metadata": [{"key": "amazonStore", "value": "s1"}],
    }
