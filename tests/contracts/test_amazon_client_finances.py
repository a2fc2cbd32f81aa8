"""Booked refunds: asked for as Amazon describes it, and counted as what the buyer got."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from saleor_amazon_app.amazon.errors import AmazonUnavailable, BadRequest
from saleor_amazon_app.amazon.finances import PostedPart, PostedRefund, refunds
from saleor_amazon_app.amazon.throttle import Operation
from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.core.money import Money
from tests.contracts.amazon_line import error_body, line
from tests.contracts.amazon_models import amazon_model, assert_allowed, samples

FINANCES = "finances_2024-06-19.json"
ORDER = AmazonOrderId("111-0000000-0000001")
POSTED = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)


def part(kind: str, amount: float, *parts: dict[str, Any]) -> dict[str, Any]:
    money = {"currencyAmount": amount, "currencyCode": "USD"}
    return {"breakdownType": kind, "breakdownAmount": money, "breakdowns": list(parts) or None}


def refund(number: int = 1, total: float = -57.01, **more: Any) -> dict[str, Any]:
    return {
        "transactionType": "Refund",
        "transactionId": f"t-{number}",
        "relatedIdentifiers": [
            {"relatedIdentifierName": "REFUND_ID", "relatedIdentifierValue": "r"},
            {"relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": ORDER},
        ],
        "postedDate": "2026-11-18T09:30:00Z",
        "totalAmount": {"currencyAmount": total, "currencyCode": "USD"},
        **more,
    }


async def read(*transactions: dict[str, Any]) -> tuple[PostedRefund, ...]:
    payload = {"transactions": list(transactions)}
    return await refunds(line(httpx.Response(200, json={"payload": payload})).client, ORDER)


def booked(amount: str, *parts: tuple[str, str], sku: str | None = None) -> PostedRefund:
    """The refund of `refund`, with its parts by Amazon's name."""
    return PostedRefund(
        ORDER,
        "t-1",
        POSTED,
        Money(Decimal(amount), "USD"),
        Money(Decimal("57.01"), "USD"),
        tuple(PostedPart(sku, kind, Decimal(share)) for kind, share in parts),
    )


async def test_the_refunds_of_an_order_are_asked_for_by_its_number() -> None:
    model = amazon_model(FINANCES)
    amazon = line(httpx.Response(200, json={"payload": {"transactions": [refund()]}}))

    found = await refunds(amazon.client, ORDER)

    assert found == (booked("57.01"),)
    assert_allowed(amazon.request, model, "listTransactions")
    assert dict(amazon.request.url.params) == {
        "relatedIdentifierName": "ORDER_ID",
        "relatedIdentifierValue": ORDER,
    }
    assert amazon.throttle.permitted == [Operation.LIST_TRANSACTIONS]


async def test_all_pages_since_a_moment_are_read_the_empty_ones_too() -> None:
    model = amazon_model(FINANCES)
    amazon = line(
        httpx.Response(200, json={"payload": {"transactions": [refund(1)], "nextToken": "a"}}),
        httpx.Response(200, json={"payload": {"nextToken": "b"}}),
        httpx.Response(200, json={"payload": {"transactions": [refund(2)], "nextToken": None}}),
    )

    found = await refunds(amazon.client, POSTED)

    assert [one.transaction_id for one in found] == ["t-1", "t-2"]
    for request in amazon.requests:
        assert_allowed(request, model, "listTransactions")
    after = "2026-11-18T09:30:00Z"
    assert [dict(request.url.params) for request in amazon.requests] == [
        {"postedAfter": after},
        {"postedAfter": after, "nextToken": "a"},
        {"postedAfter": after, "nextToken": "b"},
    ]


async def test_amazons_sandbox_holds_no_refund_and_can_be_read() -> None:
    model = amazon_model(FINANCES)
    (page,) = samples(model, "listTransactions")
    shown = model["definitions"]["Transaction"]["example"]
    page["payload"]["transactions"].append(shown)
    del page["payload"]["nextToken"]

    assert await refunds(line(httpx.Response(200, json=page)).client, ORDER) == ()


async def test_a_refund_is_what_the_buyer_got_not_what_the_seller_lost() -> None:
    # As Amazon broke one down in selling-partner-api-models issue 4274.
    account = [
        part("Sales", 6.84, part("AmazonFees", 6.84)),
        part("Expenses", -63.85, part("ProductCharges", -57.35), part("Tax", -6.50)),
    ]

    expected = booked("63.85", ("ProductCharges", "57.35"), ("Tax", "6.50"))
    assert await read(refund(breakdowns=account)) == (expected,)
    # Amazon's model shows the same list inside an object.
    assert await read(refund(breakdowns={"breakdowns": account})) == (expected,)


async def test_the_account_of_the_items_is_the_finest() -> None:
    items = [
        {
            "breakdowns": [
                part(
                    "Tax",
                    -0.30,
                    part("OurPriceTax", -0.10),
                    part("ShippingTax", -0.20),
                    part("MarketplaceFacilitatorTax-Principal", 0.30),
                ),
                part("ProductCharges", -1.1, part("OurPricePrincipal", -1.1)),
                part("AmazonFees", 0.5, part("RefundCommission", -0.1, part("Tax", -0.01))),
            ]
        },
        {"breakdowns": [part("Shipping", -2.2, part("ShippingPrincipal", -2.2))]},
    ]

    assert await read(refund(items=items, breakdowns=[part("Expenses", -99)])) == (
        booked(
            "3.60",
            ("OurPriceTax", "0.10"),
            ("ShippingTax", "0.20"),
            ("OurPricePrincipal", "1.1"),
            ("ShippingPrincipal", "2.2"),
        ),
    )


async def test_the_parts_of_an_item_name_its_sku() -> None:
    product = {"contextType": "ProductContext", "asin": "B07FGXZQZ1", "sku": "MUG-1"}
    item = {
        "contexts": [{"contextType": "AmazonPayContext", "storeName": "S"}, product],
        "breakdowns": [part("ProductCharges", -5, part("OurPricePrincipal", -5))],
    }

    assert await read(refund(items=[item])) == (
        booked("5", ("OurPricePrincipal", "5"), sku="MUG-1"),
    )


async def test_items_without_an_account_leave_it_to_the_transaction() -> None:
    items = [{"breakdowns": None}]
    account = [part("Expenses", -5, part("ProductCharges", -5))]

    assert await read(refund(items=items, breakdowns=account)) == (
        booked("5", ("ProductCharges", "5")),
    )


async def test_a_refund_is_listed_once_whatever_it_is_deferred() -> None:
    released = refund(2)
    released["relatedIdentifiers"].append(
        {"relatedIdentifierName": "DEFERRED_TRANSACTION_ID", "relatedIdentifierValue": "t-1"}
    )

    assert await read(refund(1), released, refund(1)) == (booked("57.01"),)


@pytest.mark.parametrize(
    ("_case", "transaction"),
    [
        ("another kind", refund(transactionType="Shipment")),
        ("a kind unsaid", refund(transactionType=None)),
        ("of no order", refund(relatedIdentifiers=None)),
        ("without an id", refund(transactionId=None)),
        ("without a time", refund(postedDate=None)),
        ("without an amount", refund(totalAmount=None)),
        ("taken back", refund(total=12.5)),
        ("only fees", refund(breakdowns=[part("AmazonFees", 1)])),
    ],
)
async def test_what_gives_no_buyer_money_back_is_no_refund(
    _case: str, transaction: dict[str, Any]
) -> None:
    assert await read(transaction) == ()


async def test_numbers_are_exact() -> None:
    answer = httpx.Response(
        200,
        text='{"payload": {"transactions": [{"transactionType": "Refund", "transactionId": "t-1",'
        ' "postedDate": "2026-11-18T09:30:00Z", "relatedIdentifiers": [{"relatedIdentifierName":'
        ' "ORDER_ID", "relatedIdentifierValue": "111-0000000-0000001"}], "totalAmount":'
        ' {"currencyAmount": -1234567890.10, "currencyCode": "USD"}}]}}',
    )

    (found,) = await refunds(line(answer).client, ORDER)

    assert str(found.amount.amount) == "1234567890.10"


async def test_pages_that_lead_in_a_circle_are_no_complete_list() -> None:
    page = httpx.Response(200, json={"payload": {"nextToken": "a"}})
    amazon = line(page, page)

    with pytest.raises(AmazonUnavailable):
        await refunds(amazon.client, ORDER)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(400, json=error_body("InvalidInput", "bad")), BadRequest),
        (httpx.Response(200, json={}), AmazonUnavailable),
        (httpx.Response(200, json={"payload": {"transactions": {}}}), AmazonUnavailable),
        (httpx.Response(200, json={"payload": {"transactions": [1]}}), AmazonUnavailable),
    ],
)
async def test_no_refusal_is_an_empty_list(answer: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        await refunds(line(answer).client, ORDER)
