"""The judge, one fault at a time: each is counted where it belongs and nowhere else."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.core.reasons import HoldCode, SkipCode
from saleor_amazon_app.simulators.saleor.book import BookedLine, BookedOrder, BookedTransaction
from saleor_amazon_app.simulators.world import Entry, Hold, Outcome, Place, Skip, Verdict, judge
from saleor_amazon_app.simulators.world.judge import shop_orders_from_json

SOLD, SHORT, OFF = (AmazonOrderId(f"107-0000000-000000{n}") for n in range(1, 4))
GROSS, NET = Decimal("20.90"), Decimal("19.00")
BOOK = (
    Entry(
        SOLD,
        "sale",
        Place(gross=GROSS, net=NET, currency="USD", units={"MUG": 3}, shipped=1, allocated=2),
    ),
    Entry(SHORT, "out of stock", Hold(frozenset({HoldCode.OUT_OF_STOCK}))),
    Entry(OFF, "import disabled", Skip(SkipCode.IMPORT_DISABLED)),
)
OUTCOMES = {
    SOLD: Outcome("placed"),
    SHORT: Outcome("held", frozenset({"OUT_OF_STOCK"})),
    OFF: Outcome("skipped", frozenset({"IMPORT_DISABLED"})),
}
LINE = BookedLine(
    sku="MUG",
    product_name="Mug",
    quantity=3,
    quantity_fulfilled=1,
    gross=GROSS,
    net=NET,
    metadata={},
    allocations={"us-east": 2},
)
PAID = BookedTransaction(
    name="Amazon", psp_reference=SOLD, charged=GROSS, refunded=Decimal(0), app="saleor-amazon"
)
RIGHT = BookedOrder(
    id="T3JkZXI6MQ==",
    external_reference=SOLD,
    number="7",
    status="PARTIALLY_FULFILLED",
    origin="BULK_CREATE",
    channel="us",
    created=datetime(2026, 11, 20, tzinfo=UTC),
    currency="USD",
    total_gross=GROSS,
    total_net=NET,
    shipping_gross=Decimal(0),
    shipping_net=Decimal(0),
    shipping_method="Standard",
    charge_status="FULL",
    user_email=None,
    seeded=False,
    metadata={"amazonOrderId": SOLD},
    lines=(LINE,),
    transactions=(PAID,),
    fulfillments=(),
)
COUNTS = ("lost", "duplicated", "placed_wrongly", "wrong_code", "totals_different")


def judged(
    *orders: BookedOrder,
    outcomes: dict[AmazonOrderId, Outcome] | None = None,
    book: Sequence[Entry] = BOOK,
) -> Verdict:
    return judge(book, shop_orders=orders, outcomes=OUTCOMES | (outcomes or {}))


def faults(verdict: Verdict) -> dict[str, int]:
    counted = asdict(verdict)
    return {name: counted[name] for name in COUNTS if counted[name]}


def test_nothing_wrong() -> None:
    verdict = judged(RIGHT)

    assert verdict == Verdict(
        placed=1,
        held={"OUT_OF_STOCK": 1},
        skipped={"IMPORT_DISABLED": 1},
        lost=0,
        duplicated=0,
        placed_wrongly=0,
        wrong_code=0,
        totals_equal=1,
        totals_different=0,
        offenders=(),
    )
    assert verdict.is_clean


def test_lost() -> None:
    verdict = judged(outcomes={SOLD: Outcome("held", frozenset({"UNKNOWN_SKU"}))})

    assert faults(verdict) == {"lost": 1}
    assert not verdict.is_clean
    assert verdict.offenders == (f"lost: {SOLD} (sale): must be placed, but is held (UNKNOWN_SKU)",)


def test_never_seen_is_lost_too() -> None:
    verdict = judge(BOOK, shop_orders=(), outcomes={})

    assert faults(verdict) == {"lost": 1, "wrong_code": 2}


@pytest.mark.parametrize("reference", [SOLD, None])
def test_double(reference: str | None) -> None:
    again = replace(RIGHT, number="8", external_reference=reference)

    verdict = judged(RIGHT, again)

    assert faults(verdict) == {"duplicated": 1}
    assert verdict.placed == 1
    assert verdict.totals_equal == 1
    assert verdict.offenders == (f"duplicated: {SOLD} (sale): became the host orders 7, 8",)


@pytest.mark.parametrize(
    ("_case", "wrong"),
    [
        ("a cent more", replace(RIGHT, total_gross=GROSS + Decimal("0.01"))),
        ("a cent less tax", replace(RIGHT, total_net=NET + Decimal("0.01"))),
        ("another currency", replace(RIGHT, currency="CAD")),
        ("paid twice", replace(RIGHT, transactions=(PAID, PAID))),
        (
            "paid in two halves",
            replace(RIGHT, transactions=(replace(PAID, charged=GROSS / 2),) * 2),
        ),
        ("paid too little", replace(RIGHT, transactions=(replace(PAID, charged=Decimal(20)),))),
        ("not paid", replace(RIGHT, transactions=())),
        ("other goods", replace(RIGHT, lines=(replace(LINE, sku="CUP"),))),
        ("no goods", replace(RIGHT, lines=(replace(LINE, sku=None),))),
        ("one more unit", replace(RIGHT, lines=(replace(LINE, quantity=4),))),
    ],
)
def test_wrong_total(_case: str, wrong: BookedOrder) -> None:
    verdict = judged(wrong)

    assert faults(verdict) == {"totals_different": 1}
    assert verdict.totals_equal == 0


def test_the_same_goods_on_two_lines_are_equal() -> None:
    lines = (
        replace(LINE, quantity=1, quantity_fulfilled=1, allocations={}),
        replace(LINE, quantity=2, quantity_fulfilled=0),
    )

    assert judged(replace(RIGHT, lines=lines)).is_clean


@pytest.mark.parametrize("payments", [0, 1])
def test_what_costs_nothing_needs_no_payment(payments: int) -> None:
    nothing = Decimal(0)
    free = replace(
        RIGHT,
        total_gross=nothing,
        total_net=nothing,
        transactions=(replace(PAID, charged=nothing),) * payments,
    )
    expected = Place(
        gross=nothing, net=nothing, currency="USD", units={"MUG": 3}, shipped=1, allocated=2
    )

    verdict = judged(free, book=(Entry(SOLD, "free", expected), *BOOK[1:]))

    assert verdict.is_clean
    assert verdict.totals_equal == 1


def test_what_costs_nothing_is_not_paid_twice() -> None:
    nothing = Decimal(0)
    payments = (replace(PAID, charged=nothing),) * 2
    free = replace(RIGHT, total_gross=nothing, total_net=nothing, transactions=payments)
    expected = Place(
        gross=nothing, net=nothing, currency="USD", units={"MUG": 3}, shipped=1, allocated=2
    )

    verdict = judged(free, book=(Entry(SOLD, "free", expected), *BOOK[1:]))

    assert faults(verdict) == {"totals_different": 1}


@pytest.mark.parametrize(
    ("_case", "line"),
    [
        ("nothing kept in stock", replace(LINE, allocations={})),
        ("nothing shipped", replace(LINE, quantity_fulfilled=0)),
    ],
)
def test_units_that_did_not_move_as_they_must(_case: str, line: BookedLine) -> None:
    assert faults(judged(replace(RIGHT, lines=(line,)))) == {"placed_wrongly": 1}


@pytest.mark.parametrize("amazon_order_id", [SHORT, OFF])
def test_placed_though_it_must_not_be(amazon_order_id: AmazonOrderId) -> None:
    wrong = replace(RIGHT, number="8", external_reference=amazon_order_id)

    verdict = judged(RIGHT, wrong)

    assert faults(verdict) == {"placed_wrongly": 1}
    assert verdict.placed == 2


def test_in_no_book() -> None:
    stranger = replace(RIGHT, number="8", external_reference="107-9999999-9999999")

    verdict = judged(RIGHT, stranger)

    assert faults(verdict) == {"placed_wrongly": 1}
    assert verdict.offenders == ("placed_wrongly: host order 8: is in no book",)


def test_a_foreign_order_is_nobodys_fault() -> None:
    foreign = replace(RIGHT, number="1", external_reference=SHORT, seeded=True, transactions=())

    assert judged(foreign, RIGHT).is_clean


def test_a_foreign_order_that_was_paid() -> None:
    foreign = replace(RIGHT, number="1", external_reference=SHORT, seeded=True)

    verdict = judged(foreign, RIGHT)

    assert faults(verdict) == {"placed_wrongly": 1}
    assert verdict.offenders == ("placed_wrongly: host order 1: was paid, but is foreign",)


@pytest.mark.parametrize(
    ("email", "found"),
    [
        ("b1@marketplace.amazon.example", {"placed_wrongly": 1}),
        ("b1@marketplace.amazon.example.invalid", {}),
    ],
)
def test_a_buyer_whom_the_host_could_mail(email: str, found: dict[str, int]) -> None:
    assert faults(judged(replace(RIGHT, user_email=email))) == found


def test_a_draft_left_behind() -> None:
    draft = replace(RIGHT, number="6", status="DRAFT", external_reference=SHORT, transactions=())

    verdict = judged(RIGHT, draft)

    assert faults(verdict) == {"placed_wrongly": 1}
    assert verdict.placed == 1
    assert verdict.offenders == (
        f"placed_wrongly: {SHORT} (out of stock): draft 6 was left behind",
    )


def test_an_order_that_stayed_a_draft_is_lost() -> None:
    assert faults(judged(replace(RIGHT, status="DRAFT"))) == {"lost": 1, "placed_wrongly": 1}


@pytest.mark.parametrize(
    ("_case", "outcomes"),
    [
        ("another reason", {SHORT: Outcome("held", frozenset({"UNKNOWN_SKU"}))}),
        ("a reason too many", {SHORT: Outcome("held", frozenset({"OUT_OF_STOCK", "X"}))}),
        ("no reason", {SHORT: Outcome("held")}),
        ("skipped instead of held", {SHORT: Outcome("skipped", frozenset({"OUT_OF_STOCK"}))}),
        ("not finished", {SHORT: Outcome("placing")}),
        ("said to be placed", {OFF: Outcome("placed")}),
        ("another reason to skip", {OFF: Outcome("skipped", frozenset({"CANCELLED"}))}),
        ("placed, and said to be held", {SOLD: Outcome("held", frozenset({"OUT_OF_STOCK"}))}),
    ],
)
def test_wrong_code(_case: str, outcomes: dict[AmazonOrderId, Outcome]) -> None:
    assert faults(judged(RIGHT, outcomes=outcomes)) == {"wrong_code": 1}


def test_two_reasons_count_under_both() -> None:
    both = frozenset({HoldCode.OUT_OF_STOCK, HoldCode.UNKNOWN_SKU})
    book = (BOOK[0], Entry(SHORT, "several", Hold(both)), BOOK[2])

    verdict = judged(RIGHT, outcomes={SHORT: Outcome("held", both)}, book=book)

    assert verdict.is_clean
    assert verdict.held == {"OUT_OF_STOCK": 1, "UNKNOWN_SKU": 1}


def test_only_the_first_offenders_are_named() -> None:
    book = [
        replace(BOOK[0], amazon_order_id=AmazonOrderId(f"107-0000000-{number:07d}"))
        for number in range(30)
    ]

    verdict = judge(book, shop_orders=(), outcomes={})

    assert verdict.lost == 30
    assert len(verdict.offenders) == 20


def test_the_shops_account_is_read_from_json() -> None:
    text = (
        '[{"id": "T3JkZXI6MQ==", "external_reference": null, "number": "1", "status": "DRAFT",'
        ' "origin": "BULK_CREATE", "channel": "us", "created": "2026-11-20T12:00:00Z",'
        ' "currency": "USD", "total_gross": "20.90", "total_net": "19.00", "shipping_gross": "0",'
        ' "shipping_net": "0", "shipping_method": null, "charge_status": "NONE",'
        ' "user_email": null, "seeded": false, "metadata": {}, "lines": [], "transactions": [],'
        ' "fulfillments": [["1Z", "FULFILLED"]]}]'
    )

    (order,) = shop_orders_from_json(text)

    assert order.total_gross == Decimal("20.90")
    assert order.fulfillments == (("1Z", "FULFILLED"),)
