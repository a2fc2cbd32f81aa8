"""A line that is kept in several warehouses leaves in parcels, whichever the host empties first."""

from dataclasses import replace
from decimal import Decimal

import pytest

from saleor_amazon_app.simulators.saleor import Seed, default_seed
from saleor_amazon_app.simulators.saleor.seed import (
    ProductListingSeed,
    ProductSeed,
    VariantSeed,
    WarehouseSeed,
)
from tests.flows.trading import US_SHELF, OpenTrade, goods, sale

# The host lets units go in the order of these rows.
_ROWS = {US_SHELF: 2, "second": 5}


def _scattered(shelves: tuple[str, str]) -> Seed:
    """A shop with seven chairs in two warehouses, allocated from in that order."""
    seed = default_seed()
    (channel, *channels), (zone, *zones) = seed.channels, seed.zones
    chairs = ProductSeed(
        slug="chairs",
        name="Chairs",
        listings=(ProductListingSeed(channel="default-channel"),),
        variants=(VariantSeed(sku="CHAIR", prices={"default-channel": Decimal(10)}, stocks=_ROWS),),
    )
    return replace(
        seed,
        warehouses=(*seed.warehouses, WarehouseSeed(slug="second", name="Second", country="US")),
        channels=(replace(channel, warehouses=shelves), *channels),
        zones=(replace(zone, warehouses=shelves), *zones),
        products=(*seed.products, chairs),
    )


@pytest.mark.parametrize("shelves", [(US_SHELF, "second"), ("second", US_SHELF)])
async def test_parcels_leave_two_warehouses(
    open_trade: OpenTrade, shelves: tuple[str, str]
) -> None:
    # given
    trade = await open_trade(_scattered(shelves))
    packages = [
        {
            "packageReferenceId": number,
            "trackingNumber": number,
            "packageItems": [{"orderItemId": "11", "quantity": quantity}],
        }
        for number, quantity in (("TRK-1", 1), ("TRK-2", 3))
    ]
    items = [goods("60.00", sku="CHAIR", quantity=6, gone=4)]
    order_id = trade.sell(
        sale(items=items, grand_total="60.00", status="PARTIALLY_SHIPPED", packages=packages)
    )

    # when
    await trade.sync()

    # then
    order = trade.the_order(order_id)
    assert order.status == "PARTIALLY_FULFILLED"
    assert {number for number, _ in order.fulfillments} == {"TRK-1", "TRK-2"}
    assert [line.quantity_fulfilled for line in order.lines] == [4]
    assert sum(order.lines[0].allocations.values()) == 2
    rows = trade.shop.variant("CHAIR").kept
    assert sum(row.on_hand for row in rows) == 3
    assert sum(row.allocated for row in rows) == 2
