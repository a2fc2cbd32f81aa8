"""The robot does over the shop's API what it means to do, once, whatever the shop answers."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from saleor_amazon_app.simulators.saleor import BookedOrder
from saleor_amazon_app.simulators.saleor.schema.words import OrderEventsEnum
from saleor_amazon_app.simulators.staff import Must, Robot
from saleor_amazon_app.simulators.staff.errands import (
    AwaitWord,
    Cancel,
    Refund,
    RefundAtAmazon,
    Renumber,
    Ship,
    TakeBack,
    plan_for,
)
from saleor_amazon_app.simulators.staff.orders import Line, StaffOrder
from saleor_amazon_app.simulators.staff.robot import StaffRefusedError
from tests.unit.shop_staff import REFUND, Staffed, open_staffed

ORDERS = 60


@dataclass
class Office:
    """A shop full of orders, an app that says a word about every parcel, and the robot."""

    staffed: Staffed
    robot: Robot

    async def work(self, *, meanwhile: Callable[[int], None] = lambda _: None) -> None:
        """Lets the robot work until it is done with every order."""
        work = asyncio.create_task(self.robot.run())
        try:
            for turn in range(2_000):
                meanwhile(turn)
                await self.staffed.deliver()
                await self._say_words()
                if self.robot.is_idle and self.robot.taken_up == len(self.staffed.state.orders):
                    return
                if work.done():
                    work.result()
                await asyncio.sleep(0)
            raise AssertionError(f"{self.robot.finished} of {self.robot.taken_up} done")
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    async def _say_words(self) -> None:
        for order in self.staffed.state.orders.values():
            said = " ".join(entry.message or "" for entry in order.timeline)
            for parcel in order.fulfillments:
                if parcel.tracking_number and parcel.tracking_number not in said:
                    self.staffed.shop.state.remember(
                        order,
                        OrderEventsEnum.NOTE_ADDED,
                        message=f"Amazon knows {parcel.tracking_number}.",
                    )

    def orders(self) -> dict[str, BookedOrder]:
        """Every order by its reference."""
        return {str(order.external_reference): order for order in self.staffed.shop.book()}


async def open_office(orders: int = ORDERS, *, seed: int = 1) -> Office:
    staffed = open_staffed()
    await staffed.listen(REFUND)
    for number in range(orders):
        lines = [staffed.line(quantity=1 + number % 3)]
        if number % 2:
            lines.append(staffed.line("TEA-1"))
        order = await staffed.completed(externalReference=f"111-{number}", lines=lines)
        await staffed.pay(order["id"], str(order["currencyTotal"]["gross"]["amount"]))
    robot = Robot(staffed.http, "http://shop.test/graphql/", staffed.staff_token, seed=seed, pace=0)
    return Office(staffed, robot)


def deeds(order: BookedOrder) -> dict[str, Any]:
    """What became of an order, without the moments of it."""
    return {
        "status": order.status,
        "parcels": [(each.status, each.tracking_number, each.units) for each in order.parcels],
        "pending": [each.refund_pending for each in order.transactions],
    }


async def test_everything_that_can_be_done_is_done() -> None:
    # given
    office = await open_office()

    # when
    await office.work()

    # then
    orders = office.orders().values()
    statuses = {order.status for order in orders}
    assert statuses == {"UNFULFILLED", "PARTIALLY_FULFILLED", "FULFILLED", "CANCELED"}
    assert any(each.status == "CANCELED" for order in orders for each in order.parcels)
    assert all(each.by_staff for order in orders for each in order.parcels)
    assert {asked.must for asked in office.robot.asked.values()} == {Must.BE_PAID, Must.BE_REFUSED}
    for reference, asked in office.robot.asked.items():
        (money,) = office.orders()[reference].transactions
        assert money.refund_pending == asked.amount


async def test_a_seed_means_the_same_errands_again() -> None:
    first, second, other = [await open_office(20, seed=seed) for seed in (4, 4, 5)]
    for office in (first, second, other):
        await office.work()

    told = [{k: deeds(v) for k, v in each.orders().items()} for each in (first, second, other)]
    assert told[0] == told[1] != told[2]


async def test_a_shop_that_loses_answers_and_falls_over_makes_nothing_happen_twice() -> None:
    # given
    quiet, troubled = await open_office(30, seed=2), await open_office(30, seed=2)
    rng = Random(7)

    def spoil(turn: int) -> None:
        if turn % 3 == 0 and turn < 400:
            faults = troubled.staffed.shop.faults
            rng.choice((faults.lose_response, faults.fail_next))()

    # when
    await quiet.work()
    await troubled.work(meanwhile=spoil)

    # then
    calm, upset = quiet.orders(), troubled.orders()
    assert {k: deeds(v) for k, v in upset.items()} == {k: deeds(v) for k, v in calm.items()}
    assert troubled.robot.asked == quiet.robot.asked


async def test_what_could_not_be_handed_over_is_asked_again_only_where_it_was_granted() -> None:
    # given
    office = await open_office(80)
    tries: list[int] = []

    def once_in_two(number: int) -> tuple[int, Any] | None:
        tries.append(number)
        return None if number % 2 else (200, {"pspReference": f"r{number}"})

    office.staffed.answer = once_in_two

    # when
    await office.work()

    # then
    asked = office.robot.asked
    musts = [each.must for each in asked.values()]
    assert musts.count(Must.MAY) >= 1
    for reference, each in asked.items():
        (money,) = office.orders()[reference].transactions
        assert money.refund_pending == (0 if each.must is Must.MAY else each.amount)


async def test_an_order_that_partly_left_elsewhere_is_left_alone_until_the_shop_knows() -> None:
    office = await open_office(3)
    work = asyncio.create_task(office.robot.run(already_parted={"111-0", "111-1", "111-2"}))

    while office.staffed.shop.counters.by_operation.get("OpenOrders", 0) < 3:
        await asyncio.sleep(0)

    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    assert office.robot.taken_up == 0


async def test_staff_pay_back_in_seller_central_once_and_ask_here_only_when_they_heard_of_it() -> (
    None
):
    # given
    office = await open_office(40)
    paid: list[tuple[str, str, Decimal]] = []
    for order in office.staffed.state.orders.values():
        for place, line in enumerate(order.lines):
            line.public["amazonOrderItemId"] = str(place)

    async def pay_back(order_id: str, item_id: str, amount: Decimal) -> None:
        paid.append((order_id, item_id, amount))

    staffed = office.staffed
    office.robot = Robot(
        staffed.http,
        "http://shop.test/graphql/",
        staffed.staff_token,
        seed=1,
        pace=0,
        seller_central=pay_back,
    )

    # when
    await office.work()

    # then
    assert len(paid) >= 2
    assert len({order_id for order_id, _, _ in paid}) == len(paid)
    assert not {order_id for order_id, _, _ in paid} & office.robot.asked.keys()


async def test_staff_who_may_do_nothing_say_so() -> None:
    staffed = open_staffed()
    robot = Robot(staffed.http, "http://shop.test/graphql/", "nobody", seed=1, pace=0)

    with pytest.raises(ExceptionGroup) as raised:
        await robot.run()

    assert raised.group_contains(StaffRefusedError)


def sample(**changes: Any) -> StaffOrder:
    """An order of two lines in two warehouses."""
    given: dict[str, Any] = {
        "id": "T1",
        "reference": "111-1",
        "status": "UNFULFILLED",
        "programs": frozenset[str](),
        "currency": "USD",
        "total": Decimal("35.49"),
        "shipping": Decimal("5.49"),
        "warehouse_id": "main",
        "lines": (
            Line("L1", 3, Decimal("10.00"), {"main": 1, "second": 2}, "11"),
            Line("L2", 1, Decimal("20.00"), {}),
        ),
        "parcels": (),
        "notes": (),
        "granted": {},
        "transaction_id": "X1",
        "money": (),
    }
    return StaffOrder(**given | changes)


def plans(order: StaffOrder) -> list[tuple[Any, ...]]:
    return [plan_for(order, Random(seed)) for seed in range(400)]


def test_plans_are_of_every_kind() -> None:
    shapes = {tuple(type(errand) for errand in plan) for plan in plans(sample())}

    assert () in shapes
    assert (Cancel,) in shapes
    assert (Ship, Ship) in shapes
    assert (Ship, Ship, Renumber) in shapes
    assert (Ship, Ship, AwaitWord, Renumber) in shapes
    assert (Ship, Ship, AwaitWord, AwaitWord, TakeBack, TakeBack, Cancel) in shapes
    assert (Ship, Ship, AwaitWord, AwaitWord, Refund) in shapes
    assert (Refund,) in shapes
    assert (Ship, Ship, AwaitWord, AwaitWord, RefundAtAmazon) in shapes
    assert (Ship, Ship, AwaitWord, AwaitWord, RefundAtAmazon, AwaitWord, Refund) in shapes


def test_no_plan_ships_more_than_is_open_and_each_parcel_leaves_one_warehouse() -> None:
    order = sample()
    for plan in plans(order):
        parcels = [errand for errand in plan if isinstance(errand, Ship)]
        for line in order.lines:
            assert sum(each.units.get(line.id, 0) for each in parcels) <= line.open
        assert all(each.units.get("L1", 0) <= 1 for each in parcels if each.warehouse_id == "main")
        assert all("L2" not in each.units for each in parcels if each.warehouse_id == "second")
        assert len({each.number for each in parcels}) == len(parcels)


def test_no_refund_is_above_what_the_order_cost() -> None:
    order = sample()
    refunds = [each for plan in plans(order) for each in plan if isinstance(each, Refund)]

    assert {each.must for each in refunds} == {Must.BE_PAID, Must.BE_REFUSED}
    assert all(Decimal(0) < each.amount <= order.total for each in refunds)
    without_lines = {(each.amount, each.must) for each in refunds if each.units is None}
    assert without_lines == {
        (Decimal("35.49"), Must.BE_PAID),
        (Decimal("17.74"), Must.BE_REFUSED),
    }


@pytest.mark.parametrize(
    ("_case", "order"),
    [
        ("Amazon's own labels", sample(programs=frozenset({"PRIME"}))),
        ("a gift", sample(total=Decimal(0))),
    ],
)
def test_nothing_is_refunded_where_nothing_can_be(_case: str, order: StaffOrder) -> None:
    kinds = {type(errand) for plan in plans(order) for errand in plan}

    assert kinds <= {Ship, Cancel}


def test_a_line_of_one_yen_is_not_split() -> None:
    lines = (Line("L1", 3, Decimal(1), {"main": 3}),)
    order = sample(currency="JPY", total=Decimal(1), shipping=Decimal(0), lines=lines)

    refunds = [each for plan in plans(order) for each in plan if isinstance(each, Refund)]

    assert {each.amount for each in refunds} == {Decimal(1)}
