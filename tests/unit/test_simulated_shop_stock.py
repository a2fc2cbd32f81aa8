"""Which warehouse the simulated shop takes units from, and what it counts."""

from dataclasses import replace

import pytest

from saleor_amazon_app.simulators.saleor import Seed, default_seed
from saleor_amazon_app.simulators.saleor.seed import WarehouseSeed
from tests.unit.shop_counter import US_WAREHOUSE, Counter, codes, open_counter, shop_with


def two_warehouses(first: int, second: int, *, high_stock: bool = False) -> Seed:
    """The US channel takes from two warehouses; a third one stands in no zone of it."""
    seed = shop_with(stocks={US_WAREHOUSE: first, "second": second, "outside": 1000})
    us, *others = seed.channels
    zone, *zones = seed.zones
    return replace(
        seed,
        channels=(
            replace(
                us,
                warehouses=(US_WAREHOUSE, "second", "outside"),
                prioritize_high_stock=high_stock,
            ),
            *others,
        ),
        warehouses=(
            *seed.warehouses,
            WarehouseSeed(slug="second", name="Second", country="US"),
            WarehouseSeed(slug="outside", name="Outside", country="US"),
        ),
        zones=(replace(zone, warehouses=(US_WAREHOUSE, "second")), *zones),
    )


async def allocated(counter: Counter, quantity: int) -> dict[str, int]:
    order = await counter.completed(lines=[counter.line(quantity=quantity)])
    return {
        each["warehouse"]["slug"]: each["quantity"] for each in order["lines"][0]["allocations"]
    }


@pytest.mark.parametrize(
    ("_case", "seed", "quantity", "expected"),
    [
        ("the first in order", two_warehouses(5, 9), 3, {US_WAREHOUSE: 3}),
        ("split when it has too little", two_warehouses(4, 9), 6, {US_WAREHOUSE: 4, "second": 2}),
        ("the fullest", two_warehouses(5, 9, high_stock=True), 3, {"second": 3}),
    ],
)
async def test_units_come_from_the_channels_warehouses_in_turn(
    _case: str, seed: Seed, quantity: int, expected: dict[str, int]
) -> None:
    assert await allocated(open_counter(seed), quantity) == expected


async def test_the_warehouse_a_line_names_does_not_matter() -> None:
    counter = open_counter(two_warehouses(5, 9))
    line = counter.line(warehouse=counter.warehouse("outside"))

    order = await counter.completed(lines=[line])

    assert order["lines"][0]["allocations"] == [
        {"quantity": 1, "warehouse": {"slug": US_WAREHOUSE}}
    ]


async def test_a_warehouse_outside_the_zone_does_not_count() -> None:
    counter = open_counter(two_warehouses(5, 9))
    draft = await counter.drafted(lines=[counter.line(quantity=15)])

    answer = await counter.complete(draft["id"])

    assert codes(answer["errors"]) == [("lines", "INSUFFICIENT_STOCK")]


@pytest.mark.parametrize(("second", "error"), [(7, True), (6, False)])
async def test_equal_stocks_of_one_variant_are_counted_once(second: int, error: bool) -> None:
    counter = open_counter(two_warehouses(7, second))
    draft = await counter.drafted(lines=[counter.line(quantity=10)])

    answer = await counter.complete(draft["id"])

    assert bool(answer["errors"]) is error


async def test_all_lines_get_their_units_or_none_does() -> None:
    # given: each line fits by itself, both together do not
    counter = open_counter(shop_with(stocks={US_WAREHOUSE: 5}))
    draft = await counter.drafted(lines=[counter.line(quantity=3), counter.line(quantity=3)])

    # when
    answer = await counter.complete(draft["id"])

    # then
    assert codes(answer["errors"]) == [("lines", "INSUFFICIENT_STOCK")]
    assert answer["errors"][0]["orderLines"] == [draft["lines"][1]["id"]]
    assert counter.stock() == (5, 0)


async def test_two_drafts_for_the_last_unit_make_one_order() -> None:
    counter = open_counter(shop_with(stocks={US_WAREHOUSE: 1}))
    first = await counter.drafted(reference="111-1")
    second = await counter.drafted(reference="111-2")

    placed = await counter.complete(first["id"])
    refused = await counter.complete(second["id"])

    assert placed["errors"] == []
    assert codes(refused["errors"]) == [("lines", "INSUFFICIENT_STOCK")]
    assert counter.stock() == (1, 1)


async def test_a_product_that_is_shown_lets_a_held_draft_through() -> None:
    counter = open_counter()
    counter.shop.publish("MUG-1", "default-channel", is_published=False)
    draft = await counter.drafted()
    refused = await counter.complete(draft["id"])

    counter.shop.publish("MUG-1", "default-channel")
    answer = await counter.complete(draft["id"])

    assert codes(refused["errors"]) == [("lines", "PRODUCT_NOT_PUBLISHED")]
    assert answer["order"]["status"] == "UNFULFILLED"


async def test_a_product_that_was_added_can_be_ordered() -> None:
    counter = open_counter()
    mug = default_seed().products[0]
    plate = replace(mug.variants[0], sku="PLATE-1")

    counter.shop.add_product(replace(mug, slug="plate", name="Plate", variants=(plate,)))
    order = await counter.completed(lines=[counter.line("PLATE-1")])

    assert order["lines"][0]["productName"] == "Plate"
    assert counter.shop.booked_order("111-1").status == "UNFULFILLED"


async def test_raised_stock_lets_a_held_draft_through() -> None:
    counter = open_counter(shop_with(stocks={US_WAREHOUSE: 0}))
    draft = await counter.drafted()
    await counter.complete(draft["id"])

    counter.shop.set_stock("MUG-1", US_WAREHOUSE, 1)
    answer = await counter.complete(draft["id"])

    assert answer["order"]["status"] == "UNFULFILLED"
