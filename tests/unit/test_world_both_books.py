"""Both sides' books are compared after staff worked: every fault is seen, and nothing else."""

from dataclasses import asdict, replace
from datetime import UTC, datetime
from decimal import Decimal

import httpx
import pytest

from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.simulators.amazon import ScriptedOrder, create_amazon
from saleor_amazon_app.simulators.saleor import (
    BookedLine,
    BookedOrder,
    BookedParcel,
    BookedTransaction,
)
from saleor_amazon_app.simulators.staff import Asked, Must
from saleor_amazon_app.simulators.world import (
    AmazonBook,
    Sold,
    WayBack,
    amazon_book_from_json,
    before_staff,
    compare_books,
)
from saleor_amazon_app.simulators.world.amazon_book import (
    AmazonCancellation,
    AmazonFault,
    AmazonOutcome,
    AmazonPackage,
)
from saleor_amazon_app.simulators.world.shop import SOLD
from tests.simulated_amazon import amazon_order

ORDER_ID = AmazonOrderId("107-0000000-0000001")
SALE = Sold(
    ORDER_ID,
    hears_of_parcels=True,
    buyer_asks_to_cancel=False,
    partly_left=False,
    has_tip=False,
)
ZERO, PRICE = Decimal(0), Decimal("20.90")
MUGS = BookedLine(
    sku=SOLD[0],
    product_name="Mug",
    quantity=3,
    quantity_fulfilled=3,
    gross=PRICE,
    net=PRICE,
    metadata={"amazonOrderItemId": "item-1"},
    allocations={},
)
PAID = BookedTransaction(
    name="Amazon", psp_reference=ORDER_ID, charged=PRICE, refunded=ZERO, app="saleor-amazon"
)
ONE = BookedParcel(status="FULFILLED", tracking_number="1Z1", units={0: 1}, by_staff=True)
TWO = BookedParcel(status="FULFILLED", tracking_number="1Z2", units={0: 2}, by_staff=True)
SHIPPED = BookedOrder(
    id="T3JkZXI6MQ==",
    external_reference=ORDER_ID,
    number="7",
    status="FULFILLED",
    origin="BULK_CREATE",
    channel="us",
    created=datetime(2026, 11, 20, tzinfo=UTC),
    currency="USD",
    total_gross=PRICE,
    total_net=PRICE,
    shipping_gross=ZERO,
    shipping_net=ZERO,
    shipping_method="Standard",
    charge_status="FULL",
    user_email=None,
    seeded=False,
    metadata={"amazonOrderId": ORDER_ID},
    lines=(MUGS,),
    transactions=(PAID,),
    fulfillments=(("1Z1", "FULFILLED"), ("1Z2", "FULFILLED")),
    parcels=(ONE, TWO),
)
CANCELLED = replace(
    SHIPPED,
    status="CANCELED",
    lines=(replace(MUGS, quantity_fulfilled=0),),
    transactions=(replace(PAID, charged=ZERO, refunded=PRICE),),
    parcels=(),
    cancelled_by_staff=True,
)
FIRST = AmazonPackage(tracking_number="1Z1", items={"item-1": 1}, times_said=1)
SECOND = AmazonPackage(tracking_number="1Z2", items={"item-1": 2}, times_said=2)
KNOWN = AmazonOutcome(status="SHIPPED", packages=(FIRST, SECOND))
GONE = AmazonOutcome(status="CANCELLED", cancellation=AmazonCancellation(reason="NoInventory"))
COUNTS = (
    "shipments_missing",
    "shipments_twice",
    "refunded_too_much",
    "refunded_too_little",
    "refunds_untold",
    "cancelled_wrong",
)


def compared(
    order: BookedOrder,
    outcome: AmazonOutcome | None,
    *faults: AmazonFault,
    sold: Sold = SALE,
    asked: Asked | None = None,
) -> WayBack:
    orders = {ORDER_ID: outcome} if outcome else {}
    return compare_books(
        [sold],
        shop_orders=[order],
        amazon=AmazonBook(orders=orders, faults=faults),
        asked={ORDER_ID: asked} if asked else {},
    )


def found(verdict: WayBack) -> dict[str, int]:
    counted = asdict(verdict)
    return {name: counted[name] for name in COUNTS if counted[name]}


def refunded(amount: str, *, shown: str | None = None, pending: str = "0") -> BookedOrder:
    """The shipped order with money given back, as the shop shows it."""
    back = Decimal(amount if shown is None else shown)
    money = replace(
        PAID,
        charged=PRICE - back - Decimal(pending),
        refunded=back,
        refund_pending=Decimal(pending),
    )
    return replace(SHIPPED, transactions=(money,))


def paid_back(amount: str) -> AmazonOutcome:
    """The shipped order at Amazon with as much paid back."""
    return KNOWN.model_copy(update={"refunds": {"item-1": {"Principal": Decimal(amount)}}})


def by_hand(amount: str, *, total: str | None = None) -> AmazonOutcome:
    """The shipped order at Amazon, of which as much was paid back in Seller Central."""
    paid = paid_back(total or amount)
    return paid.model_copy(update={"refunded_by_hand": Decimal(amount)})


def asked(amount: str, must: Must = Must.BE_PAID) -> Asked:
    return Asked(ORDER_ID, Decimal(amount), must)


def test_two_parcels_that_amazon_knows() -> None:
    verdict = compared(SHIPPED, KNOWN)

    assert verdict.is_clean
    assert (verdict.parcels, verdict.cancelled, verdict.refunds) == (2, 0, 0)
    assert verdict.offenders == ()


@pytest.mark.parametrize(
    ("_case", "outcome"),
    [
        ("never told", None),
        ("one of the two", AmazonOutcome(status="PARTIALLY_SHIPPED", packages=(FIRST,))),
    ],
)
def test_parcels_amazon_does_not_know(_case: str, outcome: AmazonOutcome | None) -> None:
    verdict = compared(SHIPPED, outcome)

    assert found(verdict) == {"shipments_missing": 1 if outcome else 2}
    assert not verdict.is_clean
    assert verdict.offenders[-1] == (f"shipments_missing: {ORDER_ID}: parcel 1Z2 with 2 of item-1")


@pytest.mark.parametrize(
    ("_case", "wrong"),
    [
        ("an older number", SECOND.model_copy(update={"tracking_number": "1Z0"})),
        ("other units", SECOND.model_copy(update={"items": {"item-1": 1}})),
        ("another item", SECOND.model_copy(update={"items": {"item-2": 2}})),
    ],
)
def test_a_parcel_that_amazon_knows_otherwise(_case: str, wrong: AmazonPackage) -> None:
    outcome = AmazonOutcome(status="SHIPPED", packages=(FIRST, wrong))

    assert found(compared(SHIPPED, outcome)) == {"shipments_missing": 1, "shipments_twice": 1}


def test_a_parcel_told_of_twice() -> None:
    outcome = AmazonOutcome(status="SHIPPED", packages=(FIRST, SECOND, SECOND))

    assert found(compared(SHIPPED, outcome)) == {"shipments_twice": 1}


def test_a_parcel_of_seller_central_is_nobodys_fault() -> None:
    by_hand = AmazonPackage(tracking_number="9", items={"item-1": 1}, times_said=0)
    echoed = replace(ONE, tracking_number="9", by_staff=False)
    order = replace(SHIPPED, parcels=(echoed, TWO))

    right = compared(order, AmazonOutcome(status="SHIPPED", packages=(by_hand, SECOND)))
    told_back = by_hand.model_copy(update={"times_said": 1})
    wrong = compared(order, AmazonOutcome(status="SHIPPED", packages=(told_back, SECOND)))

    assert right.is_clean
    assert found(wrong) == {"shipments_twice": 1}


@pytest.mark.parametrize("packages", [(SECOND,), (FIRST, SECOND)])
def test_of_a_parcel_taken_back_amazon_may_have_heard(
    packages: tuple[AmazonPackage, ...],
) -> None:
    order = replace(SHIPPED, parcels=(replace(ONE, status="CANCELED"), TWO))

    assert compared(order, AmazonOutcome(status="SHIPPED", packages=packages)).is_clean


@pytest.mark.parametrize(
    ("_case", "parcel"),
    [
        ("no number yet", replace(ONE, tracking_number="")),
        ("not let go yet", replace(ONE, status="WAITING_FOR_APPROVAL")),
    ],
)
def test_a_parcel_amazon_need_not_know_yet(_case: str, parcel: BookedParcel) -> None:
    order = replace(SHIPPED, parcels=(parcel,))

    assert compared(order, None).is_clean
    assert found(compared(order, KNOWN)) == {"shipments_twice": 2}


def test_a_parcel_amazon_must_not_hear_of() -> None:
    own_label = replace(SALE, hears_of_parcels=False)

    assert compared(SHIPPED, None, sold=own_label).is_clean
    assert found(compared(SHIPPED, KNOWN, sold=own_label)) == {"shipments_twice": 2}


def test_an_order_cancelled_on_both_sides() -> None:
    verdict = compared(CANCELLED, GONE)

    assert verdict.is_clean
    assert verdict.cancelled == 1


@pytest.mark.parametrize(
    ("_case", "order", "outcome", "sold"),
    [
        ("only here", CANCELLED, None, SALE),
        ("only there", replace(CANCELLED, cancelled_by_staff=False), GONE, SALE),
        ("still charged", replace(CANCELLED, transactions=(PAID,)), GONE, SALE),
        ("the buyer asked", CANCELLED, GONE, replace(SALE, buyer_asks_to_cancel=True)),
        (
            "the buyer did not ask",
            CANCELLED,
            GONE.model_copy(update={"cancellation": AmazonCancellation(reason="BuyerCanceled")}),
            SALE,
        ),
    ],
)
def test_cancelled_wrongly(
    _case: str, order: BookedOrder, outcome: AmazonOutcome | None, sold: Sold
) -> None:
    order = replace(order, transactions=order.transactions if outcome else (PAID,))

    assert found(compared(order, outcome, sold=sold)) == {"cancelled_wrong": 1}


def test_what_had_left_is_not_cancelled_at_amazon() -> None:
    order = replace(CANCELLED, parcels=(replace(ONE, status="CANCELED"),), transactions=(PAID,))
    left = AmazonOutcome(status="PARTIALLY_SHIPPED", packages=(FIRST,))

    both = left.model_copy(update={"cancellation": GONE.cancellation})

    assert compared(order, left).is_clean
    assert found(compared(order, both)) == {"cancelled_wrong": 1}


@pytest.mark.parametrize(
    ("_case", "order", "outcome", "wanted", "faults"),
    [
        ("as asked", refunded("5.00"), paid_back("5.00"), asked("5.00"), {}),
        ("never paid", refunded("0"), KNOWN, asked("5.00"), {"refunded_too_little": 1}),
        (
            "still pending",
            refunded("0", pending="5.00"),
            KNOWN,
            asked("5.00"),
            {"refunded_too_little": 1},
        ),
        (
            "said to be paid",
            refunded("5.00"),
            KNOWN,
            asked("5.00"),
            {"refunded_too_little": 1},
        ),
        (
            "paid and not shown",
            refunded("0"),
            paid_back("5.00"),
            asked("5.00"),
            {"refunded_too_much": 1},
        ),
        (
            "paid twice and shown twice",
            refunded("10.00"),
            paid_back("10.00"),
            asked("5.00"),
            {"refunded_too_much": 1},
        ),
        ("nobody asked", refunded("5.00"), paid_back("5.00"), None, {"refunded_too_much": 1}),
        ("refused", refunded("0"), KNOWN, asked("5.00", Must.BE_REFUSED), {}),
        (
            "paid though it must not be",
            refunded("5.00"),
            paid_back("5.00"),
            asked("5.00", Must.BE_REFUSED),
            {"refunded_too_much": 1},
        ),
        ("never handed over", refunded("0"), KNOWN, asked("5.00", Must.MAY), {}),
        ("handed over", refunded("5.00"), paid_back("5.00"), asked("5.00", Must.MAY), {}),
    ],
)
def test_money_given_back(
    _case: str,
    order: BookedOrder,
    outcome: AmazonOutcome,
    wanted: Asked | None,
    faults: dict[str, int],
) -> None:
    assert found(compared(order, outcome, asked=wanted)) == faults


def test_nobody_can_tell_what_becomes_of_a_tip() -> None:
    tipped = replace(SALE, has_tip=True)

    assert compared(SHIPPED, KNOWN, sold=tipped, asked=asked("20.90")).is_clean


@pytest.mark.parametrize(
    ("fault", "count"),
    [
        ("shipments_twice", "shipments_twice"),
        ("parcel_overwritten", "shipments_missing"),
        ("refunded_too_much", "refunded_too_much"),
        ("refunded_twice", "refunded_too_much"),
        ("cancelled_wrong", "cancelled_wrong"),
    ],
)
def test_what_amazon_noted_by_itself_counts(fault: str, count: str) -> None:
    noted = AmazonFault(fault=fault, order_id=ORDER_ID, detail="so it was")

    verdict = compared(SHIPPED, KNOWN, noted)

    assert found(verdict) == {count: 1}
    assert verdict.offenders == (f"{count}: {ORDER_ID}: so it was",)


def test_orders_of_others_are_passed_over() -> None:
    foreign = replace(SHIPPED, seeded=True)

    assert compared(foreign, None).is_clean


def test_what_staff_did_is_undone_for_those_who_judge_the_import() -> None:
    shipped = before_staff(refunded("5.00"))
    cancelled = before_staff(CANCELLED)

    for order in (shipped, cancelled):
        (line,) = order.lines
        assert line.quantity_fulfilled == 0
        assert sum(line.allocations.values()) == 3
        assert [each.charged for each in order.transactions] == [PRICE]


def test_goods_that_nobody_counts_were_never_kept() -> None:
    uncounted = replace(MUGS, sku="AMAZON-PLACEHOLDER")

    (line,) = before_staff(replace(SHIPPED, lines=(uncounted,))).lines

    assert (line.quantity_fulfilled, line.allocations) == (0, {})


def test_amazons_account_is_read_from_json() -> None:
    text = (
        '{"sellers": [{"sellerId": "A1", "feeds": [], "faults": [{"fault": "shipments_twice",'
        ' "orderId": "1", "detail": "x"}], "orders": {"1": {"status": "SHIPPED", "packages":'
        ' [{"reference": "1", "carrierCode": "UPS", "carrierName": null, "shippingMethod": null,'
        ' "trackingNumber": "1Z1", "items": {"item-1": 1}, "timesSaid": 1}], "cancellation": null,'
        ' "refunds": {"item-1": {"Principal": "5.00"}}}}}]}'
    )

    book = amazon_book_from_json(text)

    assert book.orders["1"].packages == (FIRST,)
    assert book.orders["1"].refunds == {"item-1": {"Principal": Decimal("5.00")}}
    assert [fault.fault for fault in book.faults] == ["shipments_twice"]


async def test_the_simulated_amazon_tells_it_like_that() -> None:
    amazon = create_amazon([ScriptedOrder(amazon_order(1))])
    transport = httpx.ASGITransport(amazon.app)

    async with httpx.AsyncClient(transport=transport, base_url="http://amazon.test") as http:
        answer = await http.get("/_simulator/outcome")

    assert amazon_book_from_json(answer.content) == AmazonBook(orders={}, faults=())


@pytest.mark.parametrize(
    ("_case", "order", "outcome", "said", "faults"),
    [
        ("the shop shows it", refunded("5"), by_hand("5"), None, {}),
        ("the shop lacks it", refunded("0"), by_hand("5"), None, {"refunds_untold": 1}),
        ("the shop has it twice", refunded("10"), by_hand("5"), None, {"refunds_untold": 1}),
        ("besides one from here", refunded("9"), by_hand("5", total="9"), asked("4"), {}),
        (
            "besides one from here that was never made",
            refunded("5"),
            by_hand("5"),
            asked("4"),
            {"refunded_too_little": 1},
        ),
        (
            "besides one that had to be refused",
            refunded("9"),
            by_hand("5", total="9"),
            asked("4", Must.BE_REFUSED),
            {"refunded_too_much": 1},
        ),
    ],
)
def test_a_refund_in_seller_central(
    _case: str,
    order: BookedOrder,
    outcome: AmazonOutcome,
    said: Asked | None,
    faults: dict[str, int],
) -> None:
    assert found(compared(order, outcome, asked=said)) == faults
