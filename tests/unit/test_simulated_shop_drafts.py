"""Completing, changing and deleting drafts in the simulated shop, as in the real one."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from saleor_amazon_app.simulators.saleor import Seed, default_seed
from saleor_amazon_app.simulators.saleor.seed import (
    CustomerSeed,
    MethodSeed,
    PostalCodeRuleSeed,
    ProductListingSeed,
)
from tests.unit.shop_counter import Counter, codes, open_counter, shop_with

FAR_AHEAD = datetime(2100, 1, 1, tzinfo=UTC)
NEW_ZEALAND = {
    "streetAddress1": "1 Quay",
    "city": "Wellington",
    "postalCode": "6011",
    "country": "NZ",
    "skipValidation": True,
}


async def test_a_completed_draft_is_confirmed_and_keeps_its_stock_and_its_prices() -> None:
    # given
    counter = open_counter()
    draft = await counter.drafted(lines=[counter.line(quantity=3)])

    # when
    answer = await counter.complete(draft["id"])

    # then
    order = answer["order"]
    assert answer["errors"] == []
    assert order["status"] == "UNFULFILLED"
    assert order["number"] == draft["number"]
    assert order["currencyTotal"] == draft["currencyTotal"]
    assert order["lines"][0]["allocations"] == [
        {"quantity": 3, "warehouse": {"slug": "default-channel-warehouse"}}
    ]
    assert [event["type"] for event in order["events"]] == ["PLACED_FROM_DRAFT", "CONFIRMED"]
    assert counter.stock() == (1000, 3)
    assert [entry.event for entry in counter.shop.journal] == [
        "ORDER_BULK_CREATED",
        "ORDER_CREATED",
        "ORDER_CONFIRMED",
    ]


async def test_completing_twice_is_refused() -> None:
    counter = open_counter()
    order = await counter.completed()

    answer = await counter.complete(order["id"])

    assert answer["order"] is None
    assert codes(answer["errors"]) == [("id", "INVALID")]
    assert counter.stock() == (1000, 1)


async def test_a_channel_that_does_not_confirm_leaves_orders_unconfirmed() -> None:
    # given
    seed = default_seed()
    us, *others = seed.channels
    careful = replace(us, automatically_confirm_all_new_orders=False)
    counter = open_counter(replace(seed, channels=(careful, *others)))

    # when
    order = await counter.completed(user={"email": "ann@example.com"})
    confirmed = await counter.act("orderConfirm(id: $id)", id=order["id"])

    # then
    assert order["status"] == "UNCONFIRMED"
    assert counter.stock() == (1000, 1)
    assert confirmed["order"]["status"] == "UNFULFILLED"
    mails = [entry.detail for entry in counter.shop.journal if entry.event == "EMAIL"]
    assert mails == ["order_confirmed"]


async def test_an_order_without_an_e_mail_mails_nobody() -> None:
    counter = open_counter()
    order = await counter.completed()

    await counter.pay(order["id"], "16.49")
    await counter.act("orderCancel(id: $id)", id=order["id"])

    assert [entry for entry in counter.shop.journal if entry.event == "EMAIL"] == []


def listed(**changes: Any) -> Seed:
    seed = default_seed()
    mug, *others = seed.products
    listing = replace(ProductListingSeed(channel="default-channel"), **changes)
    return replace(seed, products=(replace(mug, listings=(listing,)), *others))


def method(**changes: Any) -> Seed:
    seed = default_seed()
    us, *others = seed.zones
    changed: MethodSeed = replace(us.methods[0], **changes)
    return replace(seed, zones=(replace(us, methods=(changed,)), *others))


def limited(**changes: Any) -> Seed:
    listing = default_seed().zones[0].methods[0].listings[0]
    return method(listings=(replace(listing, **changes),))


def inactive() -> Seed:
    seed = default_seed()
    us, *others = seed.channels
    return replace(seed, channels=(replace(us, is_active=False), *others))


NOT_APPLICABLE = [("shipping", "SHIPPING_METHOD_NOT_APPLICABLE")]


@pytest.mark.parametrize(
    ("_case", "seed", "errors"),
    [
        ("unpublished", listed(is_published=False), [("lines", "PRODUCT_NOT_PUBLISHED")]),
        (
            "published later",
            listed(published_at=FAR_AHEAD),
            [("lines", "PRODUCT_NOT_PUBLISHED")],
        ),
        (
            "sold later",
            listed(available_for_purchase_at=FAR_AHEAD),
            [("lines", "PRODUCT_UNAVAILABLE_FOR_PURCHASE")],
        ),
        (
            "never sold",
            listed(available_for_purchase_at=None),
            [("lines", "PRODUCT_UNAVAILABLE_FOR_PURCHASE")],
        ),
        ("hidden from lists", listed(visible_in_listings=False), []),
        ("no price", shop_with(prices={}), [("lines", "NOT_AVAILABLE_IN_CHANNEL")]),
        (
            "never listed",
            listed(channel="uk"),
            [
                ("lines", "PRODUCT_NOT_PUBLISHED"),
                ("lines", "PRODUCT_UNAVAILABLE_FOR_PURCHASE"),
            ],
        ),
        ("no stock row", shop_with(stocks={}), [("lines", "INSUFFICIENT_STOCK")]),
        ("untracked", shop_with(stocks={}, track_inventory=False), []),
        ("preorder", shop_with(stocks={}, is_preorder=True), []),
        ("inactive channel", inactive(), [("channel", "CHANNEL_INACTIVE")]),
        ("too dear", limited(maximum_order_price=Decimal("10.99")), NOT_APPLICABLE),
        ("dear enough", limited(maximum_order_price=Decimal("11.00")), []),
        ("too cheap", limited(minimum_order_price=Decimal("11.01")), NOT_APPLICABLE),
        ("too light", method(by_weight=True, minimum_order_weight=Decimal(1)), NOT_APPLICABLE),
        ("light enough", method(by_weight=True, maximum_order_weight=Decimal(1)), []),
        ("excluded product", method(excluded_products=("mug",)), NOT_APPLICABLE),
        (
            "excluded code",
            method(
                postal_code_rules=(PostalCodeRuleSeed(start="98000", end="98999", include=False),)
            ),
            NOT_APPLICABLE,
        ),
        (
            "other codes only",
            method(postal_code_rules=(PostalCodeRuleSeed(start="10000", end="19999"),)),
            NOT_APPLICABLE,
        ),
    ],
)
async def test_what_stands_against_completing(
    _case: str, seed: Seed, errors: list[tuple[str, str]]
) -> None:
    # given
    counter = open_counter(seed)
    draft = await counter.drafted()

    # when
    answer = await counter.complete(draft["id"])

    # then
    assert codes(answer["errors"]) == errors
    after = await counter.find(draft["id"])
    assert after["status"] == ("DRAFT" if errors else "UNFULFILLED")
    if errors:
        assert after["lines"][0]["allocations"] == []
        assert [entry.event for entry in counter.shop.journal] == ["ORDER_BULK_CREATED"]


async def test_a_country_outside_the_zone_is_told_before_the_stock_it_costs() -> None:
    counter = open_counter()
    draft = await counter.drafted(shippingAddress=NEW_ZEALAND)

    answer = await counter.complete(draft["id"])

    assert codes(answer["errors"]) == [
        ("shipping", "SHIPPING_METHOD_NOT_APPLICABLE"),
        ("lines", "INSUFFICIENT_STOCK"),
    ]
    assert answer["errors"][1]["orderLines"] == [draft["lines"][0]["id"]]


async def test_only_the_shipping_country_counts() -> None:
    counter = open_counter()

    order = await counter.completed(billingAddress=NEW_ZEALAND)

    assert order["status"] == "UNFULFILLED"


async def test_a_line_without_a_variant_can_never_be_completed() -> None:
    counter = open_counter()
    line = counter.line(productName="Unknown")
    del line["variantId"]
    draft = await counter.drafted(lines=[line])

    answer = await counter.complete(draft["id"])

    assert codes(answer["errors"]) == [
        ("lines", "NOT_FOUND"),
        ("lines", "NOT_AVAILABLE_IN_CHANNEL"),
    ]


async def test_without_anything_to_ship_address_and_shipping_price_are_dropped() -> None:
    counter = open_counter()

    order = await counter.completed(lines=[counter.line(isShippingRequired=False)])

    assert order["shippingAddress"] is None
    assert order["currencyTotal"]["gross"]["amount"] == 11.0


async def test_a_customer_with_the_drafts_e_mail_is_attached_on_completing() -> None:
    seed = replace(default_seed(), customers=(CustomerSeed(email="ann@example.com"),))
    counter = open_counter(seed)

    order = await counter.completed(user={"email": "ann@example.com"})

    assert order["user"] == {"email": "ann@example.com"}


async def test_a_deleted_draft_frees_its_reference_and_not_its_number() -> None:
    counter = open_counter()
    draft = await counter.drafted()

    first = await counter.act("draftOrderDelete(id: $id)", id=draft["id"])
    second = await counter.act("draftOrderDelete(id: $id)", id=draft["id"])
    again = await counter.drafted()

    assert first["errors"] == []
    assert codes(second["errors"]) == [("id", "NOT_FOUND")]
    assert (again["externalReference"], again["number"]) == ("111-1", "2")


async def test_a_draft_with_a_transaction_can_never_be_deleted() -> None:
    # given
    counter = open_counter()
    draft = await counter.drafted()
    await counter.pay(draft["id"], "0")

    # when
    deleted = await counter.act("draftOrderDelete(id: $id)", id=draft["id"])
    cancelled = await counter.act("orderCancel(id: $id)", id=draft["id"])

    # then
    assert deleted["errors"][0]["message"] == (
        "Cannot delete order with payments or transactions attached to it."
    )
    assert codes(cancelled["errors"]) == [("order", "CANNOT_CANCEL_ORDER")]
    assert (await counter.find(draft["id"]))["status"] == "DRAFT"


async def test_its_reference_is_the_only_thing_such_a_draft_gives_back() -> None:
    counter = open_counter()
    draft = await counter.drafted()
    await counter.pay(draft["id"], "0")

    freed = await counter.act(
        "draftOrderUpdate(id: $id, input: $input)",
        id=draft["id"],
        input={"externalReference": None},
    )
    again = await counter.drafted()

    assert freed["order"]["externalReference"] is None
    assert freed["order"]["currencyTotal"] == draft["currencyTotal"]
    assert again["externalReference"] == "111-1"


async def test_a_reference_another_order_has_is_refused() -> None:
    counter = open_counter()
    await counter.drafted(reference="111-1")
    other = await counter.completed(reference="111-2")

    answer = await counter.act(
        "orderUpdate(id: $id, input: $input)",
        id=other["id"],
        input={"externalReference": "111-1"},
    )

    assert codes(answer["errors"]) == [("externalReference", "UNIQUE")]
    assert (await counter.find(other["id"]))["externalReference"] == "111-2"


async def moved(counter: Counter, order: dict[str, Any], mutation: str) -> dict[str, Any]:
    address = dict(counter.order()["shippingAddress"], city="Tacoma", postalCode="98402")
    answer = await counter.act(
        f"{mutation}(id: $id, input: $input)", id=order["id"], input={"shippingAddress": address}
    )
    assert answer["errors"] == []
    changed: dict[str, Any] = answer["order"]
    return changed


async def test_a_new_address_on_a_draft_prices_it_anew() -> None:
    # given: 3 units for 10.00 and shipping with tax, 15.49 in all
    counter = open_counter()
    price = {"gross": "10.00", "net": "9.00"}
    line = counter.line(quantity=3, totalPrice=price, undiscountedTotalPrice=price)
    draft = await counter.drafted(lines=[line])

    # when
    changed = await moved(counter, draft, "draftOrderUpdate")

    # then: 3 at 3.33, and the shipping price without its tax
    assert changed["shippingAddress"]["city"] == "TACOMA"
    assert changed["lines"][0]["totalPrice"]["gross"]["amount"] == 9.99
    assert changed["shippingPrice"]["gross"]["amount"] == 5.0
    assert changed["currencyTotal"]["gross"]["amount"] == 14.99


async def test_a_new_address_on_a_confirmed_order_leaves_its_money_alone() -> None:
    counter = open_counter()
    order = await counter.completed()

    changed = await moved(counter, order, "orderUpdate")

    assert changed["shippingAddress"]["city"] == "TACOMA"
    assert changed["currencyTotal"] == order["currencyTotal"]


async def test_drafts_and_orders_are_changed_by_mutations_of_their_own() -> None:
    counter = open_counter()
    order = await counter.completed()
    draft = await counter.drafted(reference="111-2")

    as_draft = await counter.act(
        "draftOrderUpdate(id: $id, input: $input)", id=order["id"], input={}
    )
    as_order = await counter.act("orderUpdate(id: $id, input: $input)", id=draft["id"], input={})

    assert codes(as_draft["errors"]) == [("id", "INVALID")]
    assert codes(as_order["errors"]) == [("id", "INVALID")]
