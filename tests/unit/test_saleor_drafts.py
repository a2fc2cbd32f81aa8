"""What becomes of a bulk import, row by row, as the host answers it."""

from typing import Any

import pytest

from saleor_amazon_app.saleor import orders
from saleor_amazon_app.saleor.order_inputs import StockUpdatePolicy
from saleor_amazon_app.saleor.order_records import HostOrder
from saleor_amazon_app.saleor.orders import RowRefused
from saleor_amazon_app.saleor.refusals import FieldError
from tests.unit.saleor_line import data, line
from tests.unit.saleor_samples import GUEST, PARSED, order, order_input


def bulk(*results: dict[str, Any], errors: tuple[dict[str, Any], ...] = ()) -> Any:
    return data(orderBulkCreate={"results": list(results), "errors": list(errors)})


def row_error(code: str, path: str, message: str = "") -> dict[str, Any]:
    return {"code": code, "path": path, "message": message}


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
