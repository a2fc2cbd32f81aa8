"""What the host refuses although everything looked well: no draft is left and none made in vain."""

from dataclasses import replace

import pytest
import strawberry

from saleor_amazon_app.core.errors import TryAgainLater
from saleor_amazon_app.simulators.saleor import Seed, default_seed
from saleor_amazon_app.simulators.saleor.seed import (
    ForeignOrderSeed,
    PostalCodeRuleSeed,
)
from tests.flows.trading import OpenTrade, Sent, Trade, number_of, sale

ORDER = number_of(1)
_NOT_HERE = PostalCodeRuleSeed(start="98000", end="98999", include=False)


def _ruled() -> Seed:
    """A shop whose only American shipping method does not go to Seattle."""
    seed = default_seed()
    first, *others = seed.zones
    (method,) = first.methods
    ruled = replace(method, postal_code_rules=(_NOT_HERE,))
    return replace(seed, zones=(replace(first, methods=(ruled,)), *others))


async def test_a_postal_code_that_the_method_excludes_is_tried_once(open_trade: OpenTrade) -> None:
    # given
    trade = await open_trade(_ruled())
    trade.sell(sale())

    # when
    await trade.sync()
    await trade.later(minutes=5)
    await trade.later(minutes=5)

    # then
    assert await trade.standing(ORDER) == (
        "HELD",
        [
            (
                "SHIPPING_METHOD_MISSING",
                "Saleor refused the order (SHIPPING_METHOD_NOT_APPLICABLE shipping): its shipping "
                "method cannot be used for this order: look at its limits, its postal codes and "
                "at apps that filter shipping methods.",
            )
        ],
    )
    assert trade.wires.mutations == ["DraftOrders", "CompleteDraft", "DeleteDraft"]
    assert trade.shop.book() == ()
    assert trade.drafted(ORDER) == 1
    assert [kind for kind, _ in await trade.told(ORDER)] == ["order_seen", "order_held"]


async def test_once_the_rule_is_gone_the_order_is_placed(open_trade: OpenTrade) -> None:
    # given
    trade = await open_trade(_ruled())
    trade.sell(sale())
    await trade.sync()

    # when
    for method in trade.shop.state.methods.values():
        method.postal_code_rules = []
    await trade.later(minutes=5)

    # then
    assert await trade.standing(ORDER) == ("PLACED", [])
    assert trade.the_order(ORDER).status == "UNFULFILLED"
    assert trade.drafted(ORDER) == 2


async def test_another_rule_is_another_cause(open_trade: OpenTrade) -> None:
    # given
    trade = await open_trade(_ruled())
    trade.sell(sale())
    await trade.sync()

    # when
    for method in trade.shop.state.methods.values():
        method.postal_code_rules = [
            replace(rule, id=strawberry.ID("another"), start="99500", end="99999")
            for rule in method.postal_code_rules or ()
        ]
    await trade.later(minutes=5)

    # then
    assert await trade.standing(ORDER) == ("PLACED", [])


async def test_stock_that_was_sold_in_the_same_second_holds_the_order(trade: Trade) -> None:
    # given
    trade.sell(sale())

    async def sell_elsewhere(sent: Sent) -> None:
        if sent.name == "CompleteDraft":
            trade.leave(1)

    trade.wires.before = sell_elsewhere

    # when
    await trade.sync()
    await trade.later(minutes=5)
    held, drafted = (await trade.row(ORDER)).import_state, trade.drafted(ORDER)
    trade.wires.before = None
    trade.leave(2)
    await trade.later(minutes=5)

    # then
    assert (held, drafted) == ("HELD", 1)
    assert await trade.standing(ORDER) == ("PLACED", [])
    assert trade.free() == 0


async def test_a_reference_that_somebody_elses_order_has_is_never_taken(
    open_trade: OpenTrade,
) -> None:
    # given
    foreign = ForeignOrderSeed(external_reference=ORDER, channel="default-channel")
    trade = await open_trade(replace(default_seed(), foreign_orders=(foreign,)))
    trade.sell(sale())

    # when
    await trade.sync()
    await trade.later(minutes=5)

    # then
    assert await trade.standing(ORDER) == (
        "HELD",
        [
            (
                "REFERENCE_TAKEN",
                "The Saleor order 1 already has this Amazon order number as its external "
                "reference and was not made by this app. Remove the reference there, then retry.",
            )
        ],
    )
    assert trade.wires.mutations == []
    assert trade.the_order(ORDER).seeded is True


async def test_once_the_reference_is_free_the_order_is_placed(open_trade: OpenTrade) -> None:
    # given
    foreign = ForeignOrderSeed(external_reference=ORDER, channel="default-channel")
    trade = await open_trade(replace(default_seed(), foreign_orders=(foreign,)))
    trade.sell(sale())
    await trade.sync()

    # when
    taken = trade.shop.state.by_reference(ORDER)
    assert taken is not None
    trade.shop.state.rename(taken, None)
    await trade.later(minutes=5)

    # then
    assert await trade.standing(ORDER) == ("PLACED", [])
    assert trade.the_order(ORDER).seeded is False


async def test_an_order_whose_reference_is_taken_stays_held_while_that_is_looked_up(
    open_trade: OpenTrade,
) -> None:
    # given
    foreign = ForeignOrderSeed(external_reference=ORDER, channel="default-channel")
    trade = await open_trade(replace(default_seed(), foreign_orders=(foreign,)))
    trade.sell(sale())
    await trade.sync()
    states = []

    async def look(_sent: Sent) -> None:
        states.append((await trade.row(ORDER)).import_state)

    # when
    trade.wires.after = look
    await trade.later(minutes=5)

    # then
    assert set(states) == {"HELD"}
    assert trade.wires.names[-1] == "OrderByReference"


async def test_an_order_over_which_the_host_breaks_down_is_tried_less_and_less_often(
    trade: Trade,
) -> None:
    # given
    trade.shop.faults.refuse_request_containing(ORDER)
    trade.sell(sale())
    await trade.sync()
    sent_after = [0]

    # when
    for minutes in range(5, 125, 5):
        before = len(trade.wires.mutations)
        await trade.later(minutes=5)
        if len(trade.wires.mutations) > before:
            sent_after.append(minutes)

    # then
    assert await trade.standing(ORDER) == (
        "HELD",
        [
            (
                "UNSUPPORTED",
                "Saleor broke down over this order (DataError). It is tried again by itself, less "
                "and less often. If it stays held, enter it by hand and tell the makers of this "
                "app.",
            )
        ],
    )
    assert sent_after == [0, 5, 10, 20, 40, 80]
    assert set(trade.wires.mutations) == {"DraftOrders"}
    assert trade.announced(ORDER) == []
    assert [kind for kind, _ in await trade.told(ORDER)].count("order_held") == 1


async def test_an_order_over_which_the_host_broke_down_for_a_while_is_placed(trade: Trade) -> None:
    # given
    trade.shop.faults.refuse_request_containing(ORDER)
    trade.sell(sale())
    await trade.sync()
    await trade.later(minutes=5)

    # when
    trade.shop.faults.refuse_request_containing(ORDER, refuse=False)
    await trade.later(minutes=5)

    # then
    assert await trade.standing(ORDER) == ("PLACED", [])


@pytest.mark.parametrize("status", ["CANCELLED", "SHIPPED"])
async def test_a_draft_that_amazon_outgrew_is_not_completed(trade: Trade, status: str) -> None:
    # given
    trade.sell(sale())

    async def go_down(sent: Sent) -> None:
        if sent.name == "CompleteDraft":
            trade.shop.faults.fail_next()

    trade.wires.before = go_down
    with pytest.raises(TryAgainLater):
        await trade.sync()
    assert trade.the_order(ORDER).status == "DRAFT"
    trade.wires.before = None

    # when
    changes = {"fulfillment": {"fulfillmentStatus": status}}
    trade.amazon.seller.orders.change(ORDER, changes)
    await trade.later(minutes=5)

    # then
    if status == "CANCELLED":
        assert await trade.standing(ORDER) == (
            "SKIPPED",
            [("CANCELLED", "The order was cancelled on Amazon.")],
        )
        assert trade.shop.book() == ()
    else:
        assert trade.the_order(ORDER).status == "FULFILLED"
        assert trade.drafted(ORDER) == 2
        assert trade.free() == 998
