"""Goods that stand between an order and its host order: unknown, not on sale, out of stock."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from saleor_amazon_app.core.ids import ChannelSlug
from saleor_amazon_app.core.reasons import HoldCode
from saleor_amazon_app.mapping.decisions import PlaceOrder
from saleor_amazon_app.saleor.catalogue_records import HostCatalogue, Warehouse
from tests.unit.amazon_orders import Json, an_item, an_order
from tests.unit.host_catalogues import (
    MAIN,
    NOW,
    SOLD,
    SPARE,
    WAREHOUSES,
    a_channel,
    a_host,
    a_variant,
    choices,
    with_channel,
)
from tests.unit.verdicts import codes, decided, held

TOMORROW = NOW + timedelta(days=1)


def listed(**changed: Any) -> HostCatalogue:
    """A host whose SKU-1 stands otherwise in the channel."""
    listing = replace(SOLD, **changed)
    return a_host(a_variant(listings={ChannelSlug("usd"): listing}))


def two_items(**more: Any) -> Json:
    items = [an_item(id="1"), an_item(id="2", sku="SKU-2")]
    return an_order(items, grand_total="20.00", **more)


def test_an_unknown_sku_names_the_sku_and_what_to_do() -> None:
    (reason,) = held(an_order([an_item(sku="NOBODY-KNOWS")]))

    assert (reason.code, reason.about) == (HoldCode.UNKNOWN_SKU, "NOBODY-KNOWS")
    assert "No variant in Saleor has the SKU 'NOBODY-KNOWS'" in reason.message
    assert "Give a variant this SKU or match the item" in reason.message


@pytest.mark.parametrize("sku", ["sku-1", " SKU-1", "SKU-1 "])
def test_a_sku_is_matched_exactly(sku: str) -> None:
    assert codes(held(an_order([an_item(sku=sku)]))) == [HoldCode.UNKNOWN_SKU]


def test_an_item_without_sku_is_named_by_its_title() -> None:
    (reason,) = held(an_order([an_item(sku=None)]))

    assert reason.code is HoldCode.UNKNOWN_SKU
    assert reason.about is None
    assert "Amazon names no seller SKU for 'Thing None'" in reason.message


def test_a_placeholder_stands_in_for_an_unknown_sku() -> None:
    # given
    host = a_host(a_variant("STAND-IN", tracks_stock=False, free={MAIN: 0}))
    settings = choices(unknownSku="PLACEHOLDER", placeholderSku="STAND-IN")

    # when
    decision = decided(an_order([an_item(sku="NOBODY-KNOWS")]), host, settings)

    # then
    assert isinstance(decision, PlaceOrder)
    (line,) = decision.order_input.lines
    assert line.variant_id == "variant-of-STAND-IN"
    assert (line.product_sku, line.product_name) == ("NOBODY-KNOWS", "Thing NOBODY-KNOWS")


def test_a_placeholder_that_does_not_exist_holds_the_order() -> None:
    settings = choices(unknownSku="PLACEHOLDER", placeholderSku="STAND-IN")

    (reason,) = held(an_order([an_item(sku="NOBODY-KNOWS")]), settings=settings)

    assert reason.code is HoldCode.UNKNOWN_SKU
    assert "placeholder product 'STAND-IN' does not exist either" in reason.message


@pytest.mark.parametrize(
    ("_case", "host", "words"),
    [
        ("not listed", a_host(a_variant(listings={})), "is not listed"),
        ("no price", listed(has_price=False), "has no price"),
        ("not published", listed(is_published=False), "is not published"),
        ("published later", listed(published_from=TOMORROW), "published from 2026-11-21 12:00"),
        ("not available", listed(available_from=None), "is not available for purchase"),
        ("available later", listed(available_from=TOMORROW), "available from 2026-11-21 12:00"),
    ],
)
def test_a_product_the_channel_does_not_sell_is_named(
    _case: str, host: HostCatalogue, words: str
) -> None:
    (reason,) = held(host=host)

    assert (reason.code, reason.about) == (HoldCode.NOT_AVAILABLE, "SKU-1")
    assert words in reason.message
    assert "'usd'" in reason.message


@pytest.mark.parametrize(
    "host", [listed(published_from=NOW), listed(available_from=NOW), listed(published_from=None)]
)
def test_a_product_is_sold_from_its_moment_on(host: HostCatalogue) -> None:
    assert isinstance(decided(host=host), PlaceOrder)


@pytest.mark.parametrize(
    ("_case", "variant", "words"),
    [
        ("too little", a_variant(free={MAIN: 1, SPARE: 1}), "3 needed, 2 free"),
        ("oversold", a_variant(free={MAIN: -4}), "3 needed, 0 free"),
        ("no stock row", a_variant(free={"elsewhere": 9}), "has no stock in a warehouse"),
        (
            "no stock row of an untracked variant",
            a_variant(free={"elsewhere": 9}, tracks_stock=False),
            "has no stock in a warehouse",
        ),
        ("preorder", a_variant(is_preorder=True), "is on preorder"),
    ],
)
def test_a_variant_that_cannot_be_shipped_is_named(_case: str, variant: Any, words: str) -> None:
    (reason,) = held(an_order([an_item(quantity=3)]), a_host(variant))

    assert (reason.code, reason.about) == (HoldCode.OUT_OF_STOCK, "SKU-1")
    assert words in reason.message


@pytest.mark.parametrize(
    "variant",
    [
        a_variant(free={MAIN: 1, SPARE: 2}),
        a_variant(free={MAIN: 0}, tracks_stock=False),
    ],
)
def test_stock_of_all_warehouses_that_serve_the_country_counts(variant: Any) -> None:
    assert isinstance(decided(an_order([an_item(quantity=3)]), a_host(variant)), PlaceOrder)


def test_one_sku_on_two_items_needs_stock_for_both() -> None:
    order = an_order([an_item(id="1"), an_item(id="2")], grand_total="20.00")

    (reason,) = held(order, a_host(a_variant(free={MAIN: 1})))

    assert reason.code is HoldCode.OUT_OF_STOCK
    assert "2 needed, 1 free" in reason.message


def test_stock_that_does_not_serve_the_country_does_not_count() -> None:
    far = Warehouse(MAIN, "main", "Main", frozenset({"JP"}))
    host = with_channel(a_host(), a_channel(warehouses=(far, WAREHOUSES[1])))

    (reason,) = held(host=host)

    assert reason.code is HoldCode.OUT_OF_STOCK
    assert "ships to US" in reason.message


@pytest.mark.parametrize(
    ("_case", "on_hand", "taken", "quantity", "is_enough"),
    [
        ("equal quantities count once", (7, 7), (0, 0), 8, False),
        ("one of the equal quantities is enough", (7, 7), (0, 0), 7, True),
        ("different quantities count both", (7, 6), (0, 0), 13, True),
        ("what is taken of either is missing", (7, 7), (3, 1), 4, False),
        ("what is left of one is enough", (7, 7), (3, 1), 3, True),
    ],
)
def test_equal_quantities_in_two_warehouses_are_counted_as_the_host_counts_them(
    _case: str, on_hand: tuple[int, int], taken: tuple[int, int], quantity: int, is_enough: bool
) -> None:
    # given
    stock = dict(zip((MAIN, SPARE), on_hand, strict=True))
    free: dict[str, int] = {MAIN: on_hand[0] - taken[0], SPARE: on_hand[1] - taken[1]}
    host = a_host(a_variant(on_hand=stock, free=free))

    # when
    decision = decided(an_order([an_item(quantity=quantity)]), host)

    # then
    assert isinstance(decision, PlaceOrder) is is_enough


def test_the_words_say_why_units_that_are_there_do_not_count() -> None:
    host = a_host(a_variant(free={MAIN: 7, SPARE: 7}))

    (reason,) = held(an_order([an_item(quantity=10)]), host)

    assert (reason.code, reason.about) == (HoldCode.OUT_OF_STOCK, "SKU-1")
    assert reason.message == (
        "Product SKU-1 (SKU SKU-1) is short: 10 needed, 14 free, but Saleor counts only 7 of "
        "them, because warehouses of the channel 'usd' have equal quantities: make the "
        "quantities differ."
    )


def test_each_line_of_a_sku_is_counted_by_itself() -> None:
    items = [an_item(id="1", quantity=6), an_item(id="2", quantity=6)]
    host = a_host(a_variant(free={MAIN: 7, SPARE: 7}))

    assert isinstance(decided(an_order(items, grand_total="20.00"), host), PlaceOrder)


def test_each_of_several_items_is_named() -> None:
    host = a_host(a_variant(free={MAIN: 0}), a_variant("SKU-2", free={MAIN: 0}))

    reasons = held(two_items(), host)

    assert [(reason.code, reason.about) for reason in reasons] == [
        (HoldCode.OUT_OF_STOCK, "SKU-1"),
        (HoldCode.OUT_OF_STOCK, "SKU-2"),
    ]
