"""The simulated import refuses, forgives and crashes as the real one does."""

from dataclasses import replace
from typing import Any

import pytest

from saleor_amazon_app.simulators.saleor import default_seed
from saleor_amazon_app.simulators.saleor.seed import CustomerSeed, ForeignOrderSeed
from tests.unit.shop_counter import NO_USER, SEATTLE, codes, open_counter


async def test_an_import_keeps_every_amount_and_reserves_nothing() -> None:
    # given
    counter = open_counter()
    order = counter.order(
        metadata=[{"key": "amazonOrderId", "value": "111-1"}], notes=[{"message": "Prime"}]
    )

    # when
    (result,) = await counter.bring(order)

    # then
    draft = result["order"]
    assert result["errors"] == [NO_USER]
    assert (draft["number"], draft["status"], draft["origin"]) == ("1", "DRAFT", "BULK_CREATE")
    assert draft["created"] == "2026-11-01T10:00:00+00:00"
    assert draft["currencyTotal"] == {
        "gross": {"amount": 16.49, "currency": "USD"},
        "net": {"amount": 15.0},
    }
    assert draft["chargeStatus"] == "NONE"
    assert draft["userEmail"] is None
    assert draft["lines"][0]["taxRate"] == 0.1
    assert draft["lines"][0]["allocations"] == []
    assert draft["events"] == [{"type": "NOTE_ADDED", "message": "Prime"}]
    assert counter.stock() == (1000, 0)
    assert [entry.event for entry in counter.shop.journal] == ["ORDER_BULK_CREATED"]


async def test_three_units_for_ten_keep_their_total_and_round_their_unit() -> None:
    counter = open_counter()
    line = counter.line(
        quantity=3,
        totalPrice={"gross": "10.00", "net": "9.00"},
        undiscountedTotalPrice={"gross": "12.00", "net": "11.00"},
    )

    draft = await counter.drafted(lines=[line])

    (kept,) = draft["lines"]
    assert kept["unitPrice"] == {"gross": {"amount": 3.33}, "net": {"amount": 3.0}}
    assert kept["totalPrice"] == {"gross": {"amount": 10.0}, "net": {"amount": 9.0}}
    assert kept["unitDiscount"] == {"amount": 0.67}


async def test_amounts_are_kept_finer_than_they_are_shown() -> None:
    counter = open_counter()
    price = {"gross": "10.005", "net": "10.005"}
    line = counter.line(totalPrice=price, undiscountedTotalPrice=price)
    delivery = counter.delivery(shippingPrice={"gross": "4.999", "net": "4.999"})

    draft = await counter.drafted(lines=[line], deliveryMethod=delivery)

    assert draft["lines"][0]["totalPrice"]["gross"] == {"amount": 10.01}
    assert draft["currencyTotal"]["gross"] == {"amount": 15.0, "currency": "USD"}


async def test_yen_have_no_cents_when_they_are_shown() -> None:
    counter = open_counter()
    price = {"gross": "1000.50", "net": "1000.50"}
    line = counter.line(totalPrice=price, undiscountedTotalPrice=price)
    delivery = counter.delivery(shippingPrice={"gross": "500.40", "net": "500.40"})

    draft = await counter.drafted(
        channel="jp", currency="JPY", lines=[line], deliveryMethod=delivery
    )

    (kept,) = draft["lines"]
    assert kept["totalPrice"]["gross"]["amount"] == 1001.0
    assert kept["unitPrice"]["gross"]["amount"] == 1000.0
    assert draft["currencyTotal"]["gross"]["amount"] == 1501.0


async def test_a_currency_in_small_letters_is_taken_and_cannot_ship() -> None:
    counter = open_counter()
    draft = await counter.drafted(currency="usd")

    answer = await counter.complete(draft["id"])

    assert draft["currencyTotal"]["gross"]["currency"] == "usd"
    assert codes(answer["errors"]) == [("shipping", "SHIPPING_METHOD_NOT_APPLICABLE")]


@pytest.mark.parametrize(
    ("_case", "changes", "path", "code"),
    [
        (
            "net above gross",
            {"totalPrice": {"gross": "9", "net": "10"}},
            "total_price",
            "PRICE_ERROR",
        ),
        (
            "above undiscounted",
            {"undiscountedTotalPrice": {"gross": "9", "net": "9"}},
            "undiscounted_total_price",
            "PRICE_ERROR",
        ),
        ("no unit", {"quantity": 0}, "quantity", "INVALID_QUANTITY"),
    ],
)
async def test_an_impossible_line_dooms_its_row_under_every_policy(
    _case: str, changes: dict[str, Any], path: str, code: str
) -> None:
    counter = open_counter()

    (result,) = await counter.bring(counter.order(lines=[counter.line(**changes)]))

    assert result["order"] is None
    assert [(each["path"], each["code"]) for each in result["errors"]] == [
        ("user", "REQUIRED"),
        (f"lines.0.{path}", code),
    ]
    assert counter.state.orders == {}


async def test_a_sku_is_never_found() -> None:
    counter = open_counter()
    line = counter.line(variantSku="MUG-1")
    del line["variantId"]

    (result,) = await counter.bring(counter.order(lines=[line]))

    assert result["order"] is None
    assert result["errors"][1] == {
        "path": "lines.0.variant_sku",
        "code": "NOT_FOUND",
        "message": "ProductVariant instance with sku=MUG-1 doesn't exist.",
    }


async def test_a_missing_tax_class_is_told_and_forgiven() -> None:
    counter = open_counter()
    line = counter.line(taxClassId=None)

    (result,) = await counter.bring(
        counter.order(lines=[line], deliveryMethod=counter.delivery(shippingTaxClassId=None))
    )

    assert result["order"]["currencyTotal"]["gross"]["amount"] == 16.49
    missing = "Can't return TaxClass instance."
    assert result["errors"] == [
        NO_USER,
        {"path": "delivery_method.shipping_tax_class_id", "code": "NOT_FOUND", "message": missing},
        {"path": "lines.0", "code": "NOT_FOUND", "message": missing},
    ]


async def test_the_id_of_a_method_in_the_settings_is_none_of_an_order() -> None:
    counter = open_counter()
    method = next(iter(counter.state.methods.values()))

    (result,) = await counter.bring(
        counter.order(deliveryMethod=counter.delivery(shippingMethodId=method.id))
    )

    assert result["order"] is None
    assert [each["path"] for each in result["errors"]] == [
        "user",
        "delivery_method.shipping_method_id.shipping_method_id",
        "delivery_method",
    ]


async def test_a_reference_that_is_taken_fails_its_row_alone() -> None:
    # given
    seed = replace(
        default_seed(),
        foreign_orders=(ForeignOrderSeed(external_reference="111-1", channel="uk"),),
    )
    counter = open_counter(seed)

    # when
    taken, good = await counter.bring(counter.order("111-1"), counter.order("111-2"))

    # then
    assert taken == {
        "order": None,
        "errors": [
            {
                "path": "external_reference",
                "code": "UNIQUE",
                "message": "Order with external_reference: 111-1 already exists.",
            }
        ],
    }
    assert good["order"]["externalReference"] == "111-2"


@pytest.mark.parametrize(
    ("_case", "crash"),
    [
        ("twice the same reference", "IntegrityError"),
        ("no status", "KeyError"),
        ("51 orders", "TypeError"),
        ("a reference of 251 characters", "DataError"),
        ("a NUL in a name", "DataError"),
    ],
)
async def test_what_the_host_did_not_foresee_loses_the_whole_batch(_case: str, crash: str) -> None:
    # given
    counter = open_counter()
    good = counter.order("111-1")
    without_status = counter.order("111-2")
    del without_status["status"]
    unnameable = counter.order("111-2", billingAddress=SEATTLE | {"firstName": "A\0"})
    orders = {
        "twice the same reference": [good, counter.order("111-2"), counter.order("111-2")],
        "no status": [good, without_status],
        "51 orders": [counter.order(f"111-{number}") for number in range(51)],
        "a reference of 251 characters": [good, counter.order("1" * 251)],
        "a NUL in a name": [good, unnameable],
    }[_case]

    # when
    answer = await counter.ask(
        """mutation ($orders: [OrderBulkCreateInput!]!) {
          orderBulkCreate(orders: $orders, errorPolicy: IGNORE_FAILED, stockUpdatePolicy: SKIP) {
            count } }""",
        orders=orders,
    )

    # then
    assert answer["data"] == {"orderBulkCreate": None}
    (error,) = answer["errors"]
    assert error["message"] == "Internal Server Error"
    assert error["path"] == ["orderBulkCreate"]
    assert error["extensions"] == {"exception": {"code": crash}}
    assert counter.state.orders == {}
    assert counter.shop.journal == []


async def test_a_moment_without_a_time_zone_gives_up_the_batch_without_results() -> None:
    counter = open_counter()

    results = await counter.bring(
        counter.order("111-1"), counter.order("111-2", createdAt="2026-11-01T10:00:00")
    )

    assert results == []
    assert counter.state.orders == {}


async def test_every_row_that_was_looked_into_uses_up_a_number() -> None:
    counter = open_counter()
    refused = counter.order("111-1", lines=[counter.line(quantity=0)])

    await counter.bring(refused)
    draft = await counter.drafted(reference="111-2")

    assert draft["number"] == "2"


@pytest.mark.parametrize(
    ("policy", "created"),
    [("IGNORE_FAILED", 2), ("REJECT_FAILED_ROWS", 1), ("REJECT_EVERYTHING", 0)],
)
async def test_the_error_policy_decides_about_rows_with_errors(policy: str, created: int) -> None:
    counter = open_counter()
    named = counter.order("111-2", user={"email": "buyer@example.com"})

    results = await counter.bring(counter.order("111-1"), named, policy=policy)

    assert [len(result["errors"]) for result in results] == [1, 0]
    assert len(counter.state.orders) == created


async def test_a_customer_is_attached_by_the_exact_e_mail() -> None:
    seed = replace(default_seed(), customers=(CustomerSeed(email="ann@example.com"),))
    counter = open_counter(seed)

    known, other = await counter.bring(
        counter.order("111-1", user={"email": "ann@example.com"}),
        counter.order("111-2", user={"email": "Ann@example.com"}),
    )

    assert known["order"]["user"] == {"email": "ann@example.com"}
    assert other["order"]["user"] is None
    assert other["order"]["userEmail"] == "Ann@example.com"


async def test_a_customer_is_attached_by_reference_too() -> None:
    counter = open_counter()
    await counter.data(
        """mutation { customerCreate(input: { email: "ann@example.com", externalReference: "A1" }) {
          errors { code } } }"""
    )

    known, unknown = await counter.bring(
        counter.order("111-1", user={"externalReference": "A1"}),
        counter.order("111-2", user={"externalReference": "A2"}),
    )

    assert (known["errors"], known["order"]["userEmail"]) == ([], "ann@example.com")
    assert unknown["errors"] == [
        {
            "path": "user.external_reference",
            "code": "NOT_FOUND",
            "message": "User instance with external_reference=A2 doesn't exist.",
        }
    ]
