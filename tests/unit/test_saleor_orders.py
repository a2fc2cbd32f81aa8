"""What becomes of drafts, completions and charges, as the host answers them."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from saleor_amazon_app.core.ids import (
    AmazonOrderId,
    ChannelSlug,
    OrderItemId,
    SaleorOrderId,
    SaleorOrderLineId,
    ShippingMethodId,
    TransactionId,
    VariantId,
    WarehouseId,
)
from saleor_amazon_app.core.money import Money
from saleor_amazon_app.saleor import customers, orders, transactions
from saleor_amazon_app.saleor.errors import RequestRefused
from saleor_amazon_app.saleor.order_inputs import (
    AddressInput,
    DeliveryMethodInput,
    OrderBulkCreateInput,
    OrderLineInput,
    OrderStatus,
    OrderUserInput,
    StockUpdatePolicy,
    TaxedMoneyInput,
)
from saleor_amazon_app.saleor.order_records import (
    Allocation,
    Fulfillment,
    FulfillmentLine,
    HostOrder,
    HostOrderLine,
    HostTransaction,
)
from saleor_amazon_app.saleor.orders import Draft, FulfilledUnits, RowRefused
from saleor_amazon_app.saleor.refusals import FieldError, Refused
from tests.unit.saleor_line import data, error, line, order

NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)
GUEST = {
    "path": "user",
    "message": "One of [id, email, external_reference] arguments must be provided to resolve "
    "User instance.",
    "code": "REQUIRED",
}
PARSED = HostOrder(
    id=SaleorOrderId("T3JkZXI6MQ=="),
    number="30",
    status="DRAFT",
    origin="BULK_CREATE",
    created=datetime(2026, 11, 19, 10, tzinfo=UTC),
    reference="111-0000001-0000001",
    channel=ChannelSlug("us"),
    metadata={"amazonStore": "s1"},
    charge_status="NONE",
    total=Money(Decimal("24.99"), "USD"),
    net_total=Money(Decimal("23.17"), "USD"),
    lines=(
        HostOrderLine(
            id=SaleorOrderLineId("T3JkZXJMaW5lOjE="),
            order_item_id=OrderItemId("1230"),
            variant_id=VariantId("UHJvZHVjdFZhcmlhbnQ6MQ=="),
            sku="MUG-1",
            quantity=2,
            quantity_fulfilled=0,
            allocations=(),
        ),
    ),
    transactions=(),
    fulfillments=(),
)


def order_input(reference: str = "111-0000001-0000001", lines: int = 1) -> OrderBulkCreateInput:
    address = AddressInput(street_address1="1 Main St", city="Seattle", country="US")
    money = TaxedMoneyInput(gross=Decimal("10.00"), net=Decimal("9.00"))
    one = OrderLineInput(
        variant_id=VariantId("UHJvZHVjdFZhcmlhbnQ6MQ=="),
        product_name="Mug",
        product_sku="MUG-1",
        created_at=NOON,
        quantity=1,
        total_price=money,
        undiscounted_total_price=money,
        warehouse=WarehouseId("V2FyZWhvdXNlOjE="),
    )
    return OrderBulkCreateInput(
        external_reference=AmazonOrderId(reference),
        channel=ChannelSlug("us"),
        created_at=NOON,
        status=OrderStatus.DRAFT,
        user=OrderUserInput(),
        billing_address=address,
        shipping_address=address,
        currency="USD",
        metadata=(),
        private_metadata=(),
        lines=(one,) * lines,
        delivery_method=DeliveryMethodInput(
            shipping_method_id=ShippingMethodId("U2hpcHBpbmdNZXRob2Q6MQ=="),
            shipping_method_name="Std",
            shipping_price=money,
        ),
    )


def bulk(*results: dict[str, Any], errors: tuple[dict[str, Any], ...] = ()) -> Any:
    return data(orderBulkCreate={"results": list(results), "errors": list(errors)})


def row_error(code: str, path: str, message: str = "") -> dict[str, Any]:
    return {"code": code, "path": path, "message": message}


def problem(code: str, field: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "field": field, "message": "no", "orderLines": None, **more}


async def test_a_draft_is_the_host_order_as_the_host_reports_it() -> None:
    # given
    wire = line(bulk({"order": order(), "errors": [GUEST]}))

    # when
    (drafted,) = await orders.draft(wire.client, [order_input()])

    # then
    assert drafted == PARSED
    (body,) = wire.sent
    assert body["variables"]["stockUpdatePolicy"] == "SKIP"
    (sent,) = body["variables"]["orders"]
    assert sent["externalReference"] == "111-0000001-0000001"
    assert sent["lines"][0]["totalPrice"] == {"gross": "10.00", "net": "9.00"}
    assert "errorPolicy: IGNORE_FAILED" in body["query"]


@pytest.mark.parametrize(
    "harmless",
    [
        row_error("NOT_FOUND", "lines.0", "Can't return TaxClass instance."),
        row_error(
            "NOT_FOUND",
            "delivery_method.shipping_tax_class_id",
            "Can't return TaxClass instance.",
        ),
        row_error(
            "NOT_FOUND", "lines.0.tax_class_id", "TaxClass instance with id=9 doesn't exist."
        ),
    ],
)
async def test_an_order_without_a_tax_class_is_drafted(harmless: dict[str, Any]) -> None:
    # given
    wire = line(bulk({"order": order(), "errors": [GUEST, harmless]}))

    # when
    (drafted,) = await orders.draft(wire.client, [order_input()])

    # then
    assert drafted == PARSED


@pytest.mark.parametrize(
    "amiss",
    [
        row_error("NOT_FOUND", "lines.0.variant_id", "ProductVariant instance with id=9 …"),
        row_error("INVALID", "shipping_address", "Invalid shipping address."),
        row_error("FUTURE_DATE", "created_at", "Order input contains future date."),
        row_error("REQUIRED", "lines.0", "One of [variant_id, …] arguments must be provided"),
        row_error("NOTE_LENGTH", "notes.0.message", "Note message exceeds …"),
    ],
)
async def test_an_order_created_otherwise_than_sent_is_refused_and_named(
    amiss: dict[str, Any],
) -> None:
    # given
    wire = line(bulk({"order": order(), "errors": [GUEST, amiss]}))

    # when
    (refused,) = await orders.draft(wire.client, [order_input()])

    # then
    assert refused == RowRefused(
        (FieldError(amiss["code"], amiss["path"], amiss["message"]),), made=PARSED
    )


async def test_a_refused_row_leaves_the_others() -> None:
    # given
    taken = row_error("UNIQUE", "external_reference", "Order … already exists.")
    wire = line(
        bulk(
            {"order": None, "errors": [taken]},
            {"order": order(externalReference="111-0000002-0000002"), "errors": [GUEST]},
        )
    )

    # when
    refused, drafted = await orders.draft(
        wire.client, [order_input(), order_input("111-0000002-0000002")]
    )

    # then
    assert refused == RowRefused(
        (FieldError("UNIQUE", "external_reference", "Order … already exists."),)
    )
    assert isinstance(drafted, HostOrder)
    assert drafted.reference == "111-0000002-0000002"


async def test_a_batch_the_host_could_not_read_refuses_every_row() -> None:
    # given
    unread = {"code": "INVALID", "path": None, "message": "Input 'date' must be timezone-aware."}
    wire = line(bulk(errors=(unread,)))

    # when
    refused = await orders.draft(wire.client, [order_input(), order_input("2")])

    # then
    why = FieldError("INVALID", "", "Input 'date' must be timezone-aware.")
    assert refused == [RowRefused((why,)), RowRefused((why,))]


@pytest.mark.parametrize(
    ("_case", "references"),
    [("repeated", ["1", "1"]), ("too many", [str(number) for number in range(51)])],
)
async def test_a_batch_the_host_would_crash_on_is_not_sent(
    _case: str, references: list[str]
) -> None:
    # given
    wire = line()

    # when
    with pytest.raises(ValueError, match="one import"):
        await orders.draft(wire.client, [order_input(one) for one in references])

    # then
    assert wire.requests == []


async def test_shipped_orders_may_take_their_units_from_stock() -> None:
    # given
    wire = line(bulk({"order": order(status="FULFILLED"), "errors": [GUEST]}))

    # when
    await orders.draft(wire.client, [order_input()], stock_policy=StockUpdatePolicy.UPDATE)

    # then
    assert wire.sent[0]["variables"]["stockUpdatePolicy"] == "UPDATE"


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


async def test_a_crash_on_one_reference_fails_the_look_up() -> None:
    # given
    crash = error("Internal Server Error", "ValueError", "o0")
    wire = line(httpx.Response(200, json={"errors": [crash], "data": {"o0": None}}))

    # when / then
    with pytest.raises(RequestRefused):
        await orders.look_up(wire.client, [AmazonOrderId("a")])
