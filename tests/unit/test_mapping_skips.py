"""Orders that rightly become no host order, and orders Amazon has not told enough of."""

from typing import Any

import pytest

from saleor_amazon_app.core.choices import Choices
from saleor_amazon_app.core.reasons import HoldCode, SkipCode
from saleor_amazon_app.mapping.decisions import Decision, HoldOrder, PlaceOrder, SkipOrder, Store
from saleor_amazon_app.mapping.orders import decide
from tests.unit.amazon_orders import Json, an_item, an_order, parsed
from tests.unit.host_catalogues import NOW, a_host, choices

SALES_CHANNEL = {"channelName": "AMAZON", "marketplaceId": "ATVPDKIKX0DER"}


def decided(order: Json, **changed: Any) -> Decision:
    settings: Choices = choices(**changed)
    return decide(parsed(order), settings, a_host(), store=Store(name="Shop"), now=NOW)


def none_left(count: int = 1) -> list[Json]:
    cancelled = {"quantityFulfilled": 0, "quantityUnfulfilled": 0}
    return [an_item(id=str(number), fulfillment=cancelled) for number in range(count)]


def test_an_order_that_can_be_placed_is_placed() -> None:
    assert isinstance(decided(an_order()), PlaceOrder)


@pytest.mark.parametrize(
    ("_case", "order", "settings", "code"),
    [
        ("switched off", an_order(), {"importAmazonOrders": "DISABLED"}, SkipCode.IMPORT_DISABLED),
        (
            "sold elsewhere",
            an_order(salesChannel={"channelName": "NON_AMAZON"}),
            {},
            SkipCode.NOT_A_SALE,
        ),
        ("unfulfillable", an_order(status="UNFULFILLABLE"), {}, SkipCode.NOT_A_SALE),
        (
            "before the connection",
            an_order(),
            {"importOrdersSince": "2026-11-19T08:00:01Z"},
            SkipCode.BEFORE_CONNECTION,
        ),
        ("cancelled", an_order(status="CANCELLED"), {}, SkipCode.CANCELLED),
        ("cancelled unit by unit", an_order(none_left(2)), {}, SkipCode.CANCELLED),
        ("pending", an_order(status="PENDING"), {}, SkipCode.NOT_YET_VERIFIED),
        (
            "pending, its units not counted yet",
            an_order(none_left(), status="PENDING"),
            {},
            SkipCode.NOT_YET_VERIFIED,
        ),
        ("preorder", an_order(status="PENDING_AVAILABILITY"), {}, SkipCode.NOT_YET_VERIFIED),
        (
            "pending without anything else",
            an_order([], grand_total=None, address=None, status="PENDING"),
            {},
            SkipCode.NOT_YET_VERIFIED,
        ),
        ("FBA unshipped", an_order(fulfilled_by="AMAZON"), {}, SkipCode.FBA_NOT_SHIPPED),
        (
            "FBA partly shipped",
            an_order(fulfilled_by="AMAZON", status="PARTIALLY_SHIPPED"),
            {},
            SkipCode.FBA_NOT_SHIPPED,
        ),
        (
            "FBA not wanted",
            an_order(fulfilled_by="AMAZON", status="SHIPPED"),
            {"fbaOrders": "DO_NOT_IMPORT"},
            SkipCode.FBA_NOT_WANTED,
        ),
        (
            "FBA pending and not wanted: the lasting reason",
            an_order(fulfilled_by="AMAZON", status="PENDING"),
            {"fbaOrders": "DO_NOT_IMPORT"},
            SkipCode.FBA_NOT_WANTED,
        ),
        (
            "cancelled and import off: the setting rules",
            an_order(status="CANCELLED"),
            {"importAmazonOrders": "DISABLED"},
            SkipCode.IMPORT_DISABLED,
        ),
    ],
)
def test_an_order_that_rightly_becomes_none_is_skipped(
    _case: str, order: Json, settings: dict[str, Any], code: SkipCode
) -> None:
    decision = decided(order, **settings)

    assert isinstance(decision, SkipOrder)
    assert decision.reason.code is code
    assert decision.reason.message.endswith(".")


def test_every_reason_to_skip_is_proved_above() -> None:
    table = test_an_order_that_rightly_becomes_none_is_skipped.pytestmark

    assert {row[3] for row in table[0].args[1]} == set(SkipCode)


def test_an_order_bought_as_the_store_was_connected_is_imported() -> None:
    decision = decided(an_order(), importOrdersSince="2026-11-19T08:00:00Z")

    assert isinstance(decision, PlaceOrder)


def without(order: Json, key: str) -> Json:
    return {name: value for name, value in order.items() if name != key}


@pytest.mark.parametrize(
    ("_case", "order", "codes", "words"),
    [
        (
            "an unknown status",
            an_order(status="RETURNING"),
            [HoldCode.UNSUPPORTED],
            "status 'RETURNING'",
        ),
        (
            "an unknown fulfiller",
            an_order(fulfilled_by="DRONES"),
            [HoldCode.UNSUPPORTED],
            "fulfiller 'DRONES'",
        ),
        (
            "an unknown sales channel",
            an_order(salesChannel={**SALES_CHANNEL, "channelName": "OUTER_SPACE"}),
            [HoldCode.UNSUPPORTED],
            "sales channel 'OUTER_SPACE'",
        ),
        (
            "goods by weight",
            an_order([an_item(measurement={"unit": "KILOGRAMS", "value": 1.5})]),
            [HoldCode.UNSUPPORTED],
            "sold by measure (1.5 KILOGRAMS)",
        ),
        (
            "goods that may be substituted",
            an_order(
                [
                    an_item(
                        fulfillment={
                            "picking": {
                                "substitutionPreference": {"substitutionType": "AMAZON_RECOMMENDED"}
                            }
                        }
                    )
                ]
            ),
            [HoldCode.UNSUPPORTED],
            "may be substituted",
        ),
        (
            "no status",
            without(an_order(), "fulfillment"),
            [HoldCode.INCOMPLETE_FROM_AMAZON],
            "not sent the status",
        ),
        (
            "no fulfiller",
            an_order(fulfillment={"fulfillmentStatus": "UNSHIPPED"}),
            [HoldCode.INCOMPLETE_FROM_AMAZON],
            "who fulfils the order",
        ),
        (
            "no marketplace",
            an_order(salesChannel={"channelName": "AMAZON"}),
            [HoldCode.INCOMPLETE_FROM_AMAZON],
            "not sent the marketplace",
        ),
        ("no items", an_order([]), [HoldCode.INCOMPLETE_FROM_AMAZON], "no item with units"),
        (
            "shipped without units",
            an_order(none_left(), status="SHIPPED"),
            [HoldCode.INCOMPLETE_FROM_AMAZON],
            "no item with units",
        ),
        (
            "no address",
            an_order(address=None),
            [HoldCode.INCOMPLETE_FROM_AMAZON],
            "Direct-to-Consumer Delivery",
        ),
        (
            "no amounts",
            an_order([an_item(None)], grand_total=None),
            [HoldCode.INCOMPLETE_FROM_AMAZON],
            "order's total",
        ),
        (
            "several things at once",
            an_order([an_item(measurement={"unit": "GRAMS", "value": 5})], status="RETURNING"),
            [HoldCode.UNSUPPORTED, HoldCode.UNSUPPORTED],
            "5 GRAMS",
        ),
    ],
)
def test_what_amazon_told_in_part_or_in_new_words_is_held(
    _case: str, order: Json, codes: list[HoldCode], words: str
) -> None:
    decision = decided(order)

    assert isinstance(decision, HoldOrder)
    assert [reason.code for reason in decision.reasons] == codes
    assert words in " ".join(reason.message for reason in decision.reasons)


@pytest.mark.parametrize(
    "more",
    [
        {"measurement": {"unit": "COUNT", "value": 1}},
        {
            "fulfillment": {
                "picking": {"substitutionPreference": {"substitutionType": "DO_NOT_SUBSTITUTE"}}
            }
        },
    ],
)
def test_goods_by_the_piece_that_may_not_be_substituted_are_placed(more: Json) -> None:
    assert isinstance(decided(an_order([an_item(**more)])), PlaceOrder)
