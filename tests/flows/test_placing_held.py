"""Orders that cannot be placed are held with words that say what to do, and placed once it is done.

Everything that can be known is known before a draft is made: a draft takes an order number and is
told to the merchant's other systems.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from saleor_amazon_app.simulators.amazon import Step
from saleor_amazon_app.simulators.saleor.seed import (
    ProductListingSeed,
    ProductSeed,
    VariantSeed,
)
from tests.flows.trading import CHANNELS, US_SHELF, OpenTrade, Trade, goods, number_of, sale
from tests.unit.amazon_orders import SEATTLE, US, money

ORDER = number_of(1)
Act = Callable[[Trade], Any]


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """What stands in the way of an order, and how it is cleared.

    Attributes:
        order: how the order differs from one that could be placed.
        arise: brings the obstacle about in the shop or in the settings.
        clear: sets it right.
    """

    code: str
    words: str
    order: dict[str, Any] = field(default_factory=dict)
    arise: Act = lambda trade: None
    clear: Act


def _told(**changes: Any) -> Act:
    """Amazon tells something new of the order."""
    return lambda trade: trade.amazon.seller.orders.change(ORDER, changes)


def _product(sku: str) -> ProductSeed:
    return ProductSeed(
        slug=sku.lower(),
        name="New",
        listings=(ProductListingSeed(channel="default-channel"),),
        variants=(
            VariantSeed(sku=sku, prices={"default-channel": Decimal(9)}, stocks={US_SHELF: 9}),
        ),
    )


OBSTACLES = [
    Obstacle(
        code="UNKNOWN_SKU",
        words=(
            "No variant in Saleor has the SKU 'NEW-1' (Thing NEW-1). Give a variant "
            "this SKU or match the item to a product."
        ),
        order={"items": [goods(sku="NEW-1")]},
        clear=lambda trade: trade.shop.add_product(_product("NEW-1")),
    ),
    Obstacle(
        code="UNKNOWN_SKU",
        words=(
            "Amazon names no seller SKU for 'Thing None'. Give a variant this SKU "
            "or match the item to a product."
        ),
        order={"items": [goods(sku=None)]},
        clear=_told(orderItems=[goods()]),
    ),
    Obstacle(
        code="NOT_AVAILABLE",
        words=(
            "Mug Mug (SKU MUG-1) is not published: publish the product in the "
            "channel 'default-channel'."
        ),
        arise=lambda trade: trade.shop.publish("MUG-1", "default-channel", is_published=False),
        clear=lambda trade: trade.shop.publish("MUG-1", "default-channel"),
    ),
    Obstacle(
        code="OUT_OF_STOCK",
        words=(
            "Mug Mug (SKU MUG-1) is short: 2 needed, 1 free in the warehouses of "
            "the channel 'default-channel' that ship to US: raise the stock."
        ),
        arise=lambda trade: trade.leave(1),
        clear=lambda trade: trade.leave(2),
    ),
    Obstacle(
        code="CHANNEL_NOT_SET",
        words=("No Saleor channel is set for Amazon.com. Choose one in the order settings."),
        arise=lambda trade: trade.choose(import_into={}),
        clear=lambda trade: trade.choose(
            import_into={id: {"channel": channel} for id, channel in CHANNELS.items()}
        ),
    ),
    Obstacle(
        code="CURRENCY_MISMATCH",
        words=(
            "The order is in EUR, but the channel 'default-channel' is in USD. "
            "Choose a channel in EUR for this marketplace."
        ),
        order={"items": [goods(currency="EUR")], "currency": "EUR"},
        clear=_told(orderItems=[goods()], proceeds={"grandTotal": money("20.00", "USD")}),
    ),
    Obstacle(
        code="ADDRESS_REFUSED",
        words=(
            "The address has no street. Correct the address in the order's details, "
            "then save and retry."
        ),
        order={"address": {**SEATTLE, "addressLine1": "", "addressLine2": ""}},
        clear=_told(recipient={"deliveryAddress": SEATTLE}),
    ),
    Obstacle(
        code="AMOUNTS_DO_NOT_ADD_UP",
        words=(
            "The items come to 20.00, but Amazon's total is 20.01 USD. Compare the "
            "order with Seller Central."
        ),
        order={"grand_total": "20.01"},
        clear=_told(proceeds={"grandTotal": money("20.00", "USD")}),
    ),
    Obstacle(
        code="SHIPPING_METHOD_MISSING",
        words=(
            "No shipping method of the channel 'default-channel' serves NZ. Add NZ "
            "to a shipping zone of the channel that has a shipping method."
        ),
        order={"address": {**SEATTLE, "countryCode": "NZ"}},
        clear=_told(recipient={"deliveryAddress": SEATTLE}),
    ),
    Obstacle(
        code="INCOMPLETE_FROM_AMAZON",
        words=(
            "Amazon sent no delivery address. It may follow at the next sync; if it "
            "never does, give the app the role Direct-to-Consumer Delivery and "
            "authorise it again."
        ),
        order={"address": None},
        clear=_told(recipient={"deliveryAddress": SEATTLE}),
    ),
    Obstacle(
        code="UNSUPPORTED",
        words=(
            "Amazon reports the status 'AWAITING_DRONE', which this version of the "
            "app does not know. Look at the order in Seller Central and update the "
            "app."
        ),
        order={"status": "AWAITING_DRONE"},
        clear=_told(fulfillment={"fulfillmentStatus": "UNSHIPPED"}),
    ),
]


async def _have(act: Act, trade: Trade) -> None:
    """Acts, whether that takes time or not."""
    done = act(trade)
    if hasattr(done, "__await__"):
        await done


@pytest.fixture(params=OBSTACLES, ids=lambda one: one.code)
def obstacle(request: pytest.FixtureRequest) -> Obstacle:
    found: Obstacle = request.param
    return found


async def test_an_order_is_held_with_words_and_nothing_is_sent(
    trade: Trade, obstacle: Obstacle
) -> None:
    # given
    await _have(obstacle.arise, trade)
    trade.sell(sale(**obstacle.order))

    # when
    await trade.sync()
    await trade.later(minutes=5)

    # then
    assert await trade.standing(ORDER) == ("HELD", [(obstacle.code, obstacle.words)])
    assert (await trade.told(ORDER))[1:] == [("order_held", obstacle.words)]
    assert trade.wires.mutations == []
    assert trade.shop.book() == ()


async def test_an_order_is_placed_by_itself_once_nothing_is_in_its_way(
    trade: Trade, obstacle: Obstacle
) -> None:
    # given
    await _have(obstacle.arise, trade)
    trade.sell(sale(**obstacle.order))
    await trade.sync()

    # when
    await _have(obstacle.clear, trade)
    await trade.later(minutes=5)

    # then
    assert await trade.standing(ORDER) == ("PLACED", [])
    assert trade.the_order(ORDER).number == "1"
    assert trade.drafted(ORDER) == 1


async def test_everything_that_is_in_the_way_is_named_at_once(trade: Trade) -> None:
    # given
    trade.shop.publish("TEA-1", "default-channel", is_published=False)
    trade.leave(0)
    items = [
        goods("10.00", id="11", sku="MUG-1"),
        goods("10.00", id="12", sku="TEA-1"),
        goods("10.00", id="13", sku="NEW-1"),
    ]
    trade.sell(sale(items=items, grand_total="29.99"))

    # when
    await trade.sync()

    # then
    state, reasons = await trade.standing(ORDER)
    assert state == "HELD"
    assert [code for code, _ in reasons] == [
        "UNKNOWN_SKU",
        "AMOUNTS_DO_NOT_ADD_UP",
        "NOT_AVAILABLE",
        "OUT_OF_STOCK",
    ]
    assert trade.wires.mutations == []


async def test_a_held_order_is_looked_at_again_at_the_next_sync_and_not_before(
    trade: Trade,
) -> None:
    # given
    trade.leave(1)
    trade.sell(sale())
    await trade.sync()
    trade.leave(2)

    # when
    await trade.later(minutes=4)
    early = (await trade.row(ORDER)).import_state
    await trade.later(minutes=1)

    # then
    assert early == "HELD"
    assert (await trade.row(ORDER)).import_state == "PLACED"


_BY_AMAZON = {"fulfilled_by": "AMAZON"}


@pytest.mark.parametrize(
    ("code", "chosen", "order"),
    [
        ("NOT_YET_VERIFIED", {}, {"status": "PENDING"}),
        ("NOT_YET_VERIFIED", {}, {"status": "PENDING_AVAILABILITY"}),
        ("CANCELLED", {}, {"status": "CANCELLED"}),
        ("FBA_NOT_SHIPPED", {}, {"status": "UNSHIPPED", **_BY_AMAZON}),
        ("FBA_NOT_WANTED", {"fba_orders": "DO_NOT_IMPORT"}, {"status": "SHIPPED", **_BY_AMAZON}),
        ("IMPORT_DISABLED", {"import_amazon_orders": "DISABLED"}, {}),
        ("BEFORE_CONNECTION", {}, {"createdTime": "2026-11-18T23:59:59Z"}),
        ("NOT_A_SALE", {}, {"salesChannel": {"channelName": "NON_AMAZON"}}),
        ("NOT_A_SALE", {}, {"status": "UNFULFILLABLE", **_BY_AMAZON}),
    ],
)
async def test_an_order_that_is_none_for_the_shop_is_skipped_with_words(
    open_trade: OpenTrade, code: str, chosen: dict[str, Any], order: dict[str, Any]
) -> None:
    # given
    trade = await open_trade(**chosen)
    if "salesChannel" in order:
        order = {"salesChannel": order["salesChannel"] | {"marketplaceId": US}}
    trade.sell(sale(**order))

    # when
    await trade.sync()
    await trade.later(minutes=5)

    # then
    row = await trade.row(ORDER)
    assert (row.import_state, row.due_at) == ("SKIPPED", None)
    (reason,) = row.held_or_skipped_for()
    assert reason.code == code
    assert reason.message.endswith(".")
    assert (await trade.told(ORDER))[1:] == [("order_skipped", reason.message)]
    assert trade.wires.mutations == []
    assert trade.shop.book() == ()


async def test_an_order_that_amazon_verified_is_placed(trade: Trade) -> None:
    # given
    unshipped = {"fulfillment": {"fulfillmentStatus": "UNSHIPPED"}}
    trade.sell(sale(status="PENDING"), Step(timedelta(minutes=30), unshipped))
    await trade.sync()
    assert (await trade.row(ORDER)).import_state == "SKIPPED"

    # when
    await trade.later(minutes=33)

    # then
    assert await trade.standing(ORDER) == ("PLACED", [])
    assert [summary for _, summary in await trade.told(ORDER)] == [
        "PENDING",
        "Amazon still verifies the payment; the order is imported once it says Unshipped.",
        "PENDING → UNSHIPPED",
        "Placed as Saleor order 1",
    ]


async def test_very_many_held_orders_are_looked_at_in_turns_and_new_ones_first(
    trade: Trade,
) -> None:
    # given: a thousand and one of the same kind
    trade.sell(sale(1, [goods(sku="NEW-1")]))
    await trade.sync()
    async with trade.lines.database.transaction() as session:
        await session.execute(
            text("CREATE TEMP TABLE many AS SELECT o.* FROM orders o, generate_series(1, 1000)")
        )
        await session.execute(
            text(
                "UPDATE many SET amazon_order_id = m.number,"
                " facts = jsonb_set(facts, '{orderId}', to_jsonb(m.number)) FROM (SELECT ctid,"
                " '222-' || row_number() OVER () AS number FROM many) m WHERE many.ctid = m.ctid"
            )
        )
        await session.execute(text("INSERT INTO orders SELECT * FROM many"))
        await session.execute(text("DROP TABLE many"))
    trade.clock.move(minutes=5)
    trade.sell(sale(2, bought=trade.clock()))
    trade.clock.move(minutes=5)
    await trade.fetch()

    # when: one run has its share
    trade.wires.sent.clear()
    await trade.place()

    # then
    assert (await trade.row(number_of(2))).import_state == "PLACED"
    looked_at = await trade.query(
        "SELECT count(*), min(due_at), max(due_at) FROM orders"
        f" WHERE import_state = 'HELD' AND due_at > '{trade.clock().isoformat()}'"  # noqa: S608
    )
    later = trade.clock() + timedelta(minutes=14, seconds=30)
    assert looked_at == [(199, later, later)]
