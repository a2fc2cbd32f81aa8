"""Orders that cannot be imported: held with the right codes, and nothing of them in the host."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.live.connected import Connector
from tests.live.host import Host, Json, metadata_of
from tests.live.sales import item, number, sale
from tests.live.shop import (
    EXCLUDED_POSTAL_CODES,
    LEFT_OUT,
    LIMITED_COUNTRY,
    POSTAL_CODE_COUNTRY,
    LiveShop,
)
from tests.unit.amazon_orders import SEATTLE

LATER = "2099-01-01T00:00:00Z"
_DELETE_DRAFT = "mutation ($id: ID!) { draftOrderDelete(id: $id) { errors { message } } }"


def at(country: str, **more: str) -> Json:
    return {
        "name": "Ada Example",
        "addressLine1": "1 Test Street",
        "city": "Town",
        "countryCode": country,
        **more,
    }


@dataclass(frozen=True)
class Case:
    """A product and an order of it that cannot be imported.

    Attributes:
        codes: for which it is held.
        product: how the product is made; None sells a SKU that the shop does not have.
    """

    codes: str
    product: dict[str, Any] | None = field(default_factory=dict)
    price: str = "10.00"
    order: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)


CASES = {
    "no such SKU": Case("UNKNOWN_SKU", product=None),
    "not published": Case("NOT_AVAILABLE", {"listing": {"isPublished": False}}),
    "published later": Case("NOT_AVAILABLE", {"listing": {"publishedAt": LATER}}),
    "not for sale": Case("NOT_AVAILABLE", {"listing": {"isAvailableForPurchase": False}}),
    "for sale later": Case(
        "NOT_AVAILABLE",
        {"listing": {"isAvailableForPurchase": True, "availableForPurchaseAt": LATER}},
    ),
    "not listed": Case("NOT_AVAILABLE", {"is_listed": False, "has_price": False}),
    "without a price": Case("NOT_AVAILABLE", {"has_price": False}),
    "sold out": Case("OUT_OF_STOCK", {"stock": 0}),
    "without a stock row": Case("OUT_OF_STOCK", {"stock": None}),
    "not counted, without a stock row": Case("OUT_OF_STOCK", {"stock": None, "tracked": False}),
    "sold out and unpublished": Case(
        "NOT_AVAILABLE OUT_OF_STOCK", {"stock": 0, "listing": {"isPublished": False}}
    ),
    "no channel": Case("CHANNEL_NOT_SET", settings={"import_into": {}}),
    "no such channel": Case("CHANNEL_NOT_SET", settings={"channel": "nowhere"}),
    "a channel in pounds": Case("CURRENCY_MISMATCH", settings={"channel": "GBP"}),
    "no postal code": Case("ADDRESS_REFUSED", order={"address": {**SEATTLE, "postalCode": ""}}),
    "a country without a zone": Case(
        "SHIPPING_METHOD_MISSING", order={"address": at(LEFT_OUT, postalCode="1010")}
    ),
    "a method with a price limit": Case(
        "SHIPPING_METHOD_MISSING",
        price="20.01",
        order={"address": at(LIMITED_COUNTRY, postalCode="8001")},
    ),
    "a method that is not offered": Case(
        "SHIPPING_METHOD_MISSING", settings={"shipping_methods": {"STANDARD": "Owl"}}
    ),
    "a total that is not the sum": Case("AMOUNTS_DO_NOT_ADD_UP", order={"total": "10.01"}),
    "no address": Case("INCOMPLETE_FROM_AMAZON", order={"address": None}),
    "a status nobody knows": Case("UNSUPPORTED", order={"status": "TELEPORTED"}),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_an_obstacle_is_seen_before_a_draft_is_made(
    shop: LiveShop, host: Host, connected: Connector, case: Case
) -> None:
    sku = "NO-SUCH-SKU" if case.product is None else await shop.product(**case.product)
    order = sale(item(sku, case.price), **case.order)
    store = await connected([order], **case.settings)

    await store.sync()

    assert await store.state(order) == case.codes
    assert await host.find(number(order)) is None
    assert store.wire.mutations == []


async def test_a_preorder_is_held_where_the_host_still_has_them(
    shop: LiveShop, host: Host, connected: Connector
) -> None:
    if not shop.has_preorders:
        pytest.skip("this Saleor knows no preorders")
    order = sale(item(await shop.product(is_preorder=True)))
    store = await connected([order])

    await store.sync()

    assert await store.state(order) == "OUT_OF_STOCK"
    assert await host.find(number(order)) is None
    assert store.wire.mutations == []


async def test_one_order_that_is_held_delays_no_other(
    host: Host, connected: Connector, everyday: str
) -> None:
    good, bad = sale(item(everyday)), sale(item("NO-SUCH-SKU"))
    store = await connected([bad, good])

    await store.sync()

    assert await store.state(good) == "PLACED"
    assert await store.state(bad) == "UNKNOWN_SKU"
    assert (await host.order(number(good)))["status"] == "UNFULFILLED"


async def test_a_price_at_the_limit_of_the_method_is_placed(
    host: Host, connected: Connector, everyday: str
) -> None:
    one = item(everyday, "24.99", {"ITEM": "20.00", "SHIPPING": "4.99"})
    order = sale(one, address=at(LIMITED_COUNTRY, postalCode="8001"))
    store = await connected([order])

    await store.sync()

    assert await store.state(order) == "PLACED"
    assert (await host.order(number(order)))["status"] == "UNFULFILLED"


async def test_what_only_the_host_knows_leaves_no_draft_and_is_not_tried_again(
    host: Host, connected: Connector, everyday: str
) -> None:
    postal_code = EXCLUDED_POSTAL_CODES["start"]
    order = sale(item(everyday), address=at(POSTAL_CODE_COUNTRY, postalCode=postal_code))
    store = await connected([order])

    await store.sync()

    assert await store.state(order) == "SHIPPING_METHOD_MISSING"
    assert await host.find(number(order)) is None
    assert store.wire.mutations == ["DraftOrders", "CompleteDraft", "DeleteDraft"]

    store.clock.move(minutes=6)
    await store.place()

    assert await store.state(order) == "SHIPPING_METHOD_MISSING"
    assert len(store.wire.mutations) == 3


async def test_a_foreign_order_keeps_its_reference_until_it_gives_it_up(
    shop: LiveShop, host: Host, connected: Connector, everyday: str
) -> None:
    order = sale(item(everyday))
    foreign = await shop.enter_by_hand(number(order), everyday)
    store = await connected([order])

    await store.sync()

    assert await store.state(order) == "REFERENCE_TAKEN"
    assert store.wire.mutations == []
    standing = await host.order(number(order))
    assert (standing["id"], standing["status"], metadata_of(standing)) == (foreign, "DRAFT", {})

    await host.change(_DELETE_DRAFT, id=foreign)
    store.clock.move(minutes=6)
    await store.place()

    assert await store.state(order) == "PLACED"
    assert (await host.order(number(order)))["status"] == "UNFULFILLED"
