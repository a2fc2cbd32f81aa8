"""No mail of the host ever reaches an Amazon buyer, whatever happens to the order."""

import pytest

from tests.flows.changing import becomes, catch_up, host_order, placed, staff_cancel
from tests.flows.leaving import ask_back, fulfil, hear, listen, renumber, report, until_quiet
from tests.flows.trading import OpenTrade, Trade, sale

NUMBER = "1Z999AA10123456784"


async def the_whole_journey(trade: Trade, *, reachable: bool = False) -> None:
    """Everything by which the host would mail a customer, each with the customer to be told.

    Args:
        trade: a shop that mails whomever it can.
        reachable: gives the orders an address in the shop, as nothing of the app ever does.
    """
    await listen(trade)
    numbers = [await placed(trade, sale(n, bought=trade.clock())) for n in (1, 2, 3)]
    if reachable:
        for order_id in numbers:
            host_order(trade, order_id).email = "ada@shop.example"
    shipped, cancelled, cancelled_at_amazon = numbers
    parcel = fulfil(trade, shipped, NUMBER, l0=2)
    renumber(trade, parcel, "OTHER-1")
    await hear(trade)
    staff_cancel(trade, cancelled)
    await report(trade, cancelled)
    becomes(trade, cancelled_at_amazon, "CANCELLED")
    await until_quiet(trade)
    await catch_up(trade)
    ask_back(trade, shipped, "5.00")
    await hear(trade)
    await until_quiet(trade)
    assert trade.the_order(shipped).status == "FULFILLED"
    assert trade.the_order(cancelled).status == "CANCELED"
    assert trade.the_order(cancelled_at_amazon).status == "CANCELED"
    assert trade.the_order(shipped).transactions[0].refunded == 5


def mails(trade: Trade) -> set[str]:
    """What the shop mailed to customers."""
    return {entry.detail for entry in trade.shop.journal if entry.event == "EMAIL"}


@pytest.mark.parametrize("customer", ["GUEST", "CREATE_OR_REUSE"])
async def test_the_host_mails_nothing(open_trade: OpenTrade, customer: str) -> None:
    trade = await open_trade(customer=customer)
    await the_whole_journey(trade)
    reached = {order.user_email for order in trade.shop.book() if not order.seeded}
    assert all(email is None or email.endswith(".invalid") for email in reached)
    if customer == "GUEST":
        assert mails(trade) == set()


async def test_the_same_journey_would_have_been_mailed_to_anybody_the_host_could_reach(
    trade: Trade,
) -> None:
    await the_whole_journey(trade, reachable=True)
    assert mails(trade) >= {
        "fulfillment_confirmation",
        "fulfillment_update",
        "order_canceled",
        "order_refunded",
    }
