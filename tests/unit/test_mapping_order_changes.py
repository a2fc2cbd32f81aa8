"""How a placed order follows what changed at Amazon, decided without any shop."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from saleor_amazon_app.amazon.order_records import DeliveryAddress, Order
from saleor_amazon_app.core.ids import (
    OrderItemId,
    SaleorOrderLineId,
    TransactionId,
    WarehouseId,
)
from saleor_amazon_app.core.money import Money
from saleor_amazon_app.mapping.changed_units import at_most, not_yet_fulfilled
from saleor_amazon_app.mapping.order_changes import asks_to_cancel, decide
from saleor_amazon_app.mapping.order_steps import (
    CancelOrder,
    Follow,
    FulfilParcels,
    MarkOrder,
    ReportRefund,
    ReturnUnits,
)
from saleor_amazon_app.mapping.units import Parcel
from saleor_amazon_app.saleor.order_records import (
    Fulfillment,
    FulfillmentLine,
    HostOrder,
    HostOrderLine,
)
from saleor_amazon_app.saleor.standing_records import (
    MoneyEvent,
    Payment,
    Refund,
    StandingOrder,
)
from tests.unit.amazon_orders import JP, SEATTLE, Json, an_item, an_order, parsed
from tests.unit.saleor_samples import PARSED

REFERENCE = "111-0000001-0000001"
PAYMENT, LINE, TEA_LINE = TransactionId("t1"), SaleorOrderLineId("l1"), SaleorOrderLineId("l2")
ITEM, TEA = OrderItemId("11"), OrderItemId("12")
CHARGE = MoneyEvent("CHARGE_SUCCESS", "", Decimal("30.00"))
# A version of 2026-11-19 at 08:00, which `an_order` makes.
UNITS_REFERENCE = f"{REFERENCE}-units-20261119080000000000"


def _line(quantity: int = 3, gone: int = 0, *, id: str = LINE, item: str = ITEM) -> HostOrderLine:
    return replace(
        PARSED.lines[0],
        id=SaleorOrderLineId(id),
        order_item_id=OrderItemId(item),
        sku="MUG-1" if item == ITEM else "TEA-1",
        quantity=quantity,
        quantity_fulfilled=gone,
    )


def _parcel(status: str, quantity: int, number: str = "", *, line: str = LINE) -> Fulfillment:
    return Fulfillment("f", status, number, (FulfillmentLine(SaleorOrderLineId(line), quantity),))


def _standing(
    *fulfillments: Fulfillment,
    status: str = "UNFULFILLED",
    lines: tuple[HostOrderLine, ...] | None = None,
    events: tuple[MoneyEvent, ...] = (),
    charged: str = "30.00",
    total: str = "30.00",
    is_paid: bool = True,
    metadata: dict[str, str] | None = None,
) -> StandingOrder:
    """A host order of three mugs for 30.00."""
    gone = sum(line.quantity for each in fulfillments for line in each.lines)
    order: HostOrder = replace(
        PARSED,
        status=status,
        metadata=metadata or {},
        total=Money(Decimal(total), "USD"),
        lines=lines or (_line(gone=gone),),
        fulfillments=fulfillments,
    )
    payment = Payment(PAYMENT, REFERENCE, Decimal(charged), (*events, CHARGE))
    paid = (payment,) if is_paid else ()
    return StandingOrder(order, paid, frozenset(), (WarehouseId("w1"),))


def _mugs(total: str | None = "30.00", *, waiting: int = 3, left: int = 0, **more: Any) -> Json:
    counts = {"quantityFulfilled": left, "quantityUnfulfilled": waiting}
    return an_item(total, sku="MUG-1", quantity=3, fulfillment=counts, **more)


def _order(*items: Json, total: str = "30.00", **more: Any) -> Order:
    return parsed(an_order(items or (_mugs(),), grand_total=total, **more))


def _decide(order: Order, standing: StandingOrder | None, **more: Any) -> Follow:
    terms: dict[str, Any] = {"ships_unpaid": True, "tax_rates": {}}
    return decide(order, standing, **terms | more)


def _kinds(follow: Follow) -> list[str]:
    return [remark.kind for remark in follow.told]


CANCELLED = _order(_mugs(waiting=0), status="CANCELLED")
TWO_LEFT = _order(_mugs("20.00", waiting=2), total="20.00")
TEN_BACK = Refund(PAYMENT, Decimal("10.00"), UNITS_REFERENCE)
ALL_BACK = Refund(PAYMENT, Decimal("30.00"), f"{REFERENCE}-cancelled")


def test_an_order_that_did_not_change_is_left_alone() -> None:
    assert _decide(_order(), _standing()) == Follow()


@pytest.mark.parametrize("status", ["UNFULFILLED", "UNCONFIRMED", "PARTIALLY_RETURNED", "RETURNED"])
def test_a_cancelled_order_is_cancelled_whatever_it_was(status: str) -> None:
    returned = (_parcel("RETURNED", 1),) if "RETURNED" in status else ()

    [step] = _decide(CANCELLED, _standing(*returned, status=status)).steps

    assert isinstance(step, CancelOrder)
    assert step.then is not None
    assert step.then.refund == ALL_BACK


@pytest.mark.parametrize(
    ("_case", "standing", "refund"),
    [
        ("nothing was charged", _standing(charged="0.00"), None),
        ("its payment is gone", _standing(is_paid=False), None),
        (
            "a part went back before",
            _standing(charged="12.00"),
            replace(ALL_BACK, amount=Decimal("12.00")),
        ),
        (
            "it was reported before",
            _standing(events=(MoneyEvent("REFUND_SUCCESS", ALL_BACK.psp_reference, Decimal(1)),)),
            None,
        ),
    ],
)
def test_what_a_cancelled_order_gives_back(
    _case: str, standing: StandingOrder, refund: Refund | None
) -> None:
    [step] = _decide(CANCELLED, standing).steps

    assert isinstance(step, CancelOrder)
    assert (step.then.refund if step.then else None) == refund


def test_an_order_cancelled_here_before_only_gives_back() -> None:
    follow = _decide(CANCELLED, _standing(status="CANCELED"))

    [step] = follow.steps
    assert isinstance(step, ReportRefund)
    assert step.refund == ALL_BACK
    assert _decide(CANCELLED, _standing(status="CANCELED", charged="0.00")) == Follow()


@pytest.mark.parametrize("status", ["FULFILLED", "WAITING_FOR_APPROVAL"])
def test_an_order_of_which_something_left_is_not_cancelled(status: str) -> None:
    follow = _decide(CANCELLED, _standing(_parcel(status, 1), status="PARTIALLY_FULFILLED"))

    assert follow.steps == ()
    assert _kinds(follow) == ["order_cancelled"]


def test_parcels_that_were_taken_back_do_not_keep_an_order_from_being_cancelled() -> None:
    [step] = _decide(CANCELLED, _standing(_parcel("CANCELED", 3), lines=(_line(),))).steps

    assert isinstance(step, CancelOrder)


@pytest.mark.parametrize("status", ["CANCELED", "EXPIRED"])
@pytest.mark.parametrize("order", [TWO_LEFT, _order(_mugs(waiting=0, left=3), status="SHIPPED")])
def test_an_order_that_ended_here_is_sent_nothing(order: Order, status: str) -> None:
    follow = _decide(order, _standing(status=status))

    assert (follow.steps, _kinds(follow)) == ((), ["host_order_cancelled"])
    assert _decide(order, _standing(status=status), is_being_cancelled=True) == Follow()


def test_an_order_that_is_gone_is_sent_nothing() -> None:
    assert _kinds(_decide(CANCELLED, None)) == ["host_order_gone"]
    assert _decide(CANCELLED, None, is_newer=False) == Follow()


@pytest.mark.parametrize(
    ("_case", "standing", "units", "refund"),
    [
        ("nothing done yet", _standing(), {LINE: 1}, TEN_BACK),
        (
            "returned, not reported",
            _standing(_parcel("RETURNED", 1), status="PARTIALLY_RETURNED"),
            {},
            TEN_BACK,
        ),
        (
            "returned and reported",
            _standing(
                _parcel("RETURNED", 1),
                status="PARTIALLY_RETURNED",
                charged="20.00",
                events=(MoneyEvent("REFUND_SUCCESS", f"{REFERENCE}-units-1", Decimal(10)),),
            ),
            {},
            None,
        ),
        (
            "only a part is charged any more",
            _standing(
                charged="4.00", events=(MoneyEvent("REFUND_SUCCESS", "by staff", Decimal(26)),)
            ),
            {LINE: 1},
            replace(TEN_BACK, amount=Decimal("4.00")),
        ),
        (
            "one of them was fulfilled here, one waits",
            _standing(_parcel("FULFILLED", 2, "1Z1"), status="PARTIALLY_FULFILLED"),
            {LINE: 1},
            TEN_BACK,
        ),
        (
            "a failure is no refund",
            _standing(events=(MoneyEvent("REFUND_FAILURE", f"{REFERENCE}-units-1", Decimal(10)),)),
            {LINE: 1},
            TEN_BACK,
        ),
    ],
)
def test_cancelled_units_are_compared_with_what_was_done(
    _case: str, standing: StandingOrder, units: dict[SaleorOrderLineId, int], refund: Refund | None
) -> None:
    follow = _decide(TWO_LEFT, standing)

    returned: dict[SaleorOrderLineId, int] = {}
    reported = None
    for step in follow.steps:
        if isinstance(step, ReturnUnits):
            returned = dict(step.units)
        report = step.then if isinstance(step, ReturnUnits) else step
        reported = report.refund if isinstance(report, ReportRefund) else reported
    assert (returned, reported) == (units, refund)


def test_an_item_that_is_gone_is_returned_whole() -> None:
    tea = _line(2, id=TEA_LINE, item=TEA)

    [step] = _decide(_order(), _standing(lines=(_line(), tea), total="55.00")).steps

    assert isinstance(step, ReturnUnits)
    assert step.units == {TEA_LINE: 2}
    assert step.told.remark.message == (
        "Amazon cancelled units: 2 of 2 of TEA-1. They were returned here unfulfilled."
    )


def test_lines_that_staff_added_are_theirs() -> None:
    added = replace(_line(2, id="l9"), order_item_id=None)

    assert _decide(_order(), _standing(lines=(_line(), added))) == Follow()


def test_yen_are_reported_without_fractions() -> None:
    order = parsed(
        an_order([_mugs("2000", waiting=2, currency="JPY")], grand_total="2000", marketplace=JP)
    )
    standing = _standing(charged="3000")
    payment = replace(
        standing.payments[0], events=(MoneyEvent("CHARGE_SUCCESS", "", Decimal(3000)),)
    )
    total = Money(Decimal(3000), "JPY")
    yen = replace(standing, order=replace(standing.order, total=total), payments=(payment,))

    follow = _decide(order, yen)

    assert follow.told[-1].message == (
        "Amazon's total fell to 2000 JPY for cancelled units. 1000 JPY was reported as refunded."
    )


@pytest.mark.parametrize(
    ("_case", "order", "standing", "why"),
    [
        (
            "the total stays",
            _order(_mugs(waiting=2)),
            _standing(),
            "Amazon's total did not fall",
        ),
        (
            "the amounts do not add up",
            _order(_mugs("20.00", waiting=2)),
            _standing(),
            "Amazon's new amounts do not tell how much went back",
        ),
        (
            "no amounts at all",
            parsed(an_order([_mugs(None, waiting=2)], grand_total=None)),
            _standing(),
            "Amazon's new amounts do not tell how much went back",
        ),
        ("no payment", TWO_LEFT, _standing(is_paid=False), "its payment is not in Saleor"),
        ("nothing is charged", TWO_LEFT, _standing(charged="0"), "they are not charged any more"),
    ],
)
def test_money_that_nobody_can_tell_is_not_reported(
    _case: str, order: Order, standing: StandingOrder, why: str
) -> None:
    follow = _decide(order, standing)

    [step] = follow.steps
    assert isinstance(step, ReturnUnits)
    assert step.then is None
    assert follow.remarks[0].message == (
        f"Amazon cancelled units: 1 of 3 of MUG-1. Nothing was reported as refunded: {why}. "
        "Compare the order with Seller Central."
    )


def test_a_refund_waits_where_only_what_is_paid_is_shipped() -> None:
    follow = _decide(TWO_LEFT, _standing(), ships_unpaid=False)

    [step] = follow.steps
    assert isinstance(step, ReturnUnits)
    assert (step.then, follow.awaits_shipping) == (None, True)
    assert _kinds(follow) == ["units_cancelled", "refund_postponed"]


def test_a_refund_does_not_wait_for_what_has_left() -> None:
    returned, left = _parcel("RETURNED", 1), _parcel("FULFILLED", 2, "1Z1")

    follow = _decide(
        TWO_LEFT, _standing(returned, left, status="PARTIALLY_RETURNED"), ships_unpaid=False
    )

    [step] = follow.steps
    assert isinstance(step, ReportRefund)
    assert not follow.awaits_shipping


def test_units_that_left_here_are_called_back() -> None:
    follow = _decide(TWO_LEFT, _standing(_parcel("FULFILLED", 3, "1Z1"), status="FULFILLED"))

    assert [type(step) for step in follow.steps] == [ReportRefund]
    assert "units_cancelled_too_late" in _kinds(follow)


def test_a_tip_is_said_and_never_evened_out() -> None:
    order = _order(total="31.00", kinds={"DELIVERY_TIP": "1.00"})

    follow = _decide(order, _standing())

    assert (follow.steps, _kinds(follow)) == ((), ["total_changed"])


def _sent(*parcels: tuple[str | None, int]) -> list[Json]:
    return [
        {
            "packageReferenceId": str(index),
            **({"trackingNumber": number} if number else {}),
            "packageItems": [{"orderItemId": ITEM, "quantity": quantity}],
        }
        for index, (number, quantity) in enumerate(parcels)
    ]


SHIPPED = _order(_mugs(waiting=0, left=3), status="SHIPPED", packages=_sent(("1Z1", 1), ("1Z2", 2)))


@pytest.mark.parametrize(
    ("_case", "standing", "missing"),
    [
        ("nothing", _standing(), [("1Z1", 1), ("1Z2", 2)]),
        ("the second", _standing(_parcel("FULFILLED", 2, "1z2")), [("1Z1", 1)]),
        (
            "a part of the second",
            _standing(_parcel("FULFILLED", 1, "1Z2")),
            [("1Z1", 1), ("1Z2", 1)],
        ),
        ("without a number", _standing(_parcel("FULFILLED", 1)), [("1Z2", 2)]),
        ("under another number", _standing(_parcel("FULFILLED", 2, "X")), [("1Z2", 1)]),
        ("waiting to be approved", _standing(_parcel("WAITING_FOR_APPROVAL", 3)), []),
        ("all", _standing(_parcel("FULFILLED", 3, "1Z2")), []),
        ("a customer's return", _standing(_parcel("RETURNED", 1)), [("1Z1", 1), ("1Z2", 1)]),
        (
            "the second taken back by staff",
            _standing(_parcel("CANCELED", 2, "1z2"), lines=(_line(),)),
            [("1Z1", 1)],
        ),
        (
            "one without a number taken back",
            _standing(_parcel("CANCELED", 2), lines=(_line(),)),
            [("1Z1", 1), ("1Z2", 2)],
        ),
    ],
)
def test_what_left_is_compared_with_what_is_fulfilled(
    _case: str, standing: StandingOrder, missing: list[tuple[str, int]]
) -> None:
    follow = _decide(SHIPPED, standing)

    parcels = [
        (parcel.tracking_number, parcel.units[ITEM])
        for step in follow.steps
        if isinstance(step, FulfilParcels)
        for parcel in step.parcels
    ]
    assert parcels == missing


def test_what_left_an_unconfirmed_order_confirms_it() -> None:
    [step] = _decide(SHIPPED, _standing(status="UNCONFIRMED")).steps

    assert isinstance(step, FulfilParcels)
    assert step.confirms is True


def test_returned_units_are_not_taken_for_shipped_ones() -> None:
    order = _order(
        _mugs("20.00", waiting=1, left=1),
        total="20.00",
        status="PARTIALLY_SHIPPED",
        packages=_sent(("1Z1", 1)),
    )
    reported = MoneyEvent("REFUND_SUCCESS", f"{REFERENCE}-units-1", Decimal(10))
    standing = _standing(
        _parcel("RETURNED", 1), status="PARTIALLY_RETURNED", charged="20", events=(reported,)
    )

    [step] = _decide(order, standing).steps

    assert isinstance(step, FulfilParcels)
    assert [dict(parcel.units) for parcel in step.parcels] == [{ITEM: 1}]


@pytest.mark.parametrize(("waiting", "left"), [(9, 0), (0, 4)])
def test_numbers_that_contradict_each_other_change_nothing(waiting: int, left: int) -> None:
    order = _order(_mugs(waiting=waiting, left=left), status="PARTIALLY_SHIPPED")

    follow = _decide(order, _standing())

    assert (follow.steps, _kinds(follow)) == ((), ["units_unclear"])


def _address(**changes: str | None) -> DeliveryAddress:
    return DeliveryAddress.model_validate(SEATTLE | changes)


def _told(**changes: str | None) -> Json:
    return {name: value for name, value in (SEATTLE | changes).items() if value is not None}


@pytest.mark.parametrize(
    ("_case", "address", "known", "street"),
    [
        ("not known to have changed", _told(), (), None),
        ("the same", _told(), (_address(),), None),
        ("spelt with blanks", _told(city=" Seattle  "), (_address(),), None),
        ("another street", _told(addressLine1="9 New"), (_address(),), "9 New"),
        ("a phone number that is none", _told(phone="n/a"), (_address(),), None),
        ("no phone any more", _told(phone=None), (_address(),), None),
        ("hidden", {"city": "Seattle", "countryCode": "US"}, (_address(),), None),
        ("none at all", None, (_address(),), None),
        (
            "hidden in between",
            _told(addressLine1="9 New"),
            (_address(addressLine1=None, addressLine2=None), _address()),
            "9 New",
        ),
        (
            "hidden in between, the same after",
            _told(),
            (_address(addressLine1=None, addressLine2=None), _address()),
            None,
        ),
    ],
)
def test_addresses_are_compared_with_amazons_own(
    _case: str, address: Json | None, known: tuple[DeliveryAddress, ...], street: str | None
) -> None:
    follow = _decide(_order(address=address), _standing(), addresses_before=known)

    found = [
        s.address.street_address1 for s in follow.steps if isinstance(s, MarkOrder) and s.address
    ]
    assert found == ([street] if street else [])
    assert len(follow.told) == len(found)


MOVED = _told(addressLine1="9 New Street")


def test_another_phone_number_that_is_valid_is_another_address() -> None:
    order = _order(address=_told(phone="+1 206 682 0100"))

    [step] = _decide(order, _standing(), addresses_before=(_address(),)).steps

    assert isinstance(step, MarkOrder)
    assert step.metadata == {"amazonAddressChanged": "2026-11-19T08:00:00Z"}


@pytest.mark.parametrize(
    ("status", "standing", "waits"),
    [
        ("SHIPPED", _standing(_parcel("FULFILLED", 3), status="FULFILLED"), False),
        ("UNSHIPPED", _standing(status="UNCONFIRMED"), True),
    ],
)
def test_addresses_that_stay(status: str, standing: StandingOrder, waits: bool) -> None:
    order = _order(_mugs(waiting=3), status=status, address=MOVED)

    follow = _decide(order, standing, addresses_before=(_address(),))

    assert (follow.steps, follow.awaits_confirmation) == ((), waits)
    assert _kinds(follow) == (["address_changed"] if waits else [])


@pytest.mark.parametrize(
    ("_case", "requester", "status", "metadata", "is_marked"),
    [
        ("a wish", "BUYER", "UNSHIPPED", {}, True),
        ("marked before", "BUYER", "UNSHIPPED", {"amazonBuyerCancelRequest": "true"}, False),
        ("too late", "BUYER", "SHIPPED", {}, False),
        ("somebody else's", "SELLER", "UNSHIPPED", {}, False),
    ],
)
def test_a_buyers_wish_to_cancel(
    _case: str, requester: str, status: str, metadata: dict[str, str], is_marked: bool
) -> None:
    wish = {"cancellationRequest": {"requester": requester}}
    order = _order(_mugs(cancellation=wish), status=status)
    left = (_parcel("FULFILLED", 3),) if status == "SHIPPED" else ()

    follow = _decide(order, _standing(*left, metadata=metadata))

    assert [s.metadata for s in follow.steps if isinstance(s, MarkOrder)] == (
        [{"amazonBuyerCancelRequest": "true"}] if is_marked else []
    )
    assert asks_to_cancel(order) is (requester == "BUYER" and status == "UNSHIPPED")


@pytest.mark.parametrize("is_newer", [True, False])
@pytest.mark.parametrize(
    ("status", "total", "kinds"),
    [
        ("UNCONFIRMED", "29.99", ["totals_differ"]),
        ("UNCONFIRMED", "30.00", []),
        ("DRAFT", "29.99", ["totals_differ"]),
        ("UNFULFILLED", "29.99", []),
    ],
)
def test_an_order_that_the_host_recalculated_is_flagged(
    is_newer: bool, status: str, total: str, kinds: list[str]
) -> None:
    follow = _decide(_order(), _standing(status=status, total=total), is_newer=is_newer)

    assert (follow.steps, _kinds(follow)) == ((), kinds)


def test_nothing_is_done_to_a_version_that_was_followed() -> None:
    for order in (CANCELLED, TWO_LEFT, SHIPPED):
        assert _decide(order, _standing(), is_newer=False) == Follow()


def test_everything_at_once() -> None:
    wish = {"cancellationRequest": {"requester": "BUYER"}}
    order = _order(_mugs("20.00", waiting=2, cancellation=wish), total="20.00", address=MOVED)

    follow = _decide(order, _standing(), addresses_before=(_address(),))

    assert [type(step) for step in follow.steps] == [ReturnUnits, MarkOrder, MarkOrder]
    assert _kinds(follow) == [
        "units_cancelled",
        "refund_reported",
        "address_changed",
        "cancel_requested",
    ]


def test_a_step_that_the_host_refused_is_left_to_staff() -> None:
    [step] = _decide(TWO_LEFT, _standing()).steps

    assert step.told.refused(["INVALID_QUANTITY", "X"]).message == (
        "Amazon cancelled units: 1 of 3 of MUG-1. Saleor refused to follow (INVALID_QUANTITY, X). "
        "Return them by hand; they must not be shipped."
    )


def test_parcels_of_several_items() -> None:
    both = Parcel("1Z1", {ITEM: 2, TEA: 1})
    rest = Parcel(None, {TEA: 1})
    order = _standing(
        _parcel("FULFILLED", 1, "1Z1", line=TEA_LINE),
        lines=(_line(), _line(2, 1, id=TEA_LINE, item=TEA)),
    ).order

    missing = not_yet_fulfilled((both, rest), order)

    assert missing == (Parcel("1Z1", {ITEM: 2}), rest)
    assert at_most(missing, {ITEM: 1}) == (Parcel("1Z1", {ITEM: 1}),)
    assert at_most(missing, {}) == ()
