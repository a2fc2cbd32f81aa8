"""What the host learns of an order and of its buyer, and what it never learns."""

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_amazon_app.core.choices import Choices
from saleor_amazon_app.mapping.buyers import emails_to_look_up, undeliverable
from saleor_amazon_app.mapping.decisions import Decision, HoldOrder, PlaceOrder, SkipOrder, Store
from saleor_amazon_app.mapping.orders import decide
from saleor_amazon_app.saleor.catalogue_records import HostCatalogue
from tests.unit.amazon_orders import Json, an_item, an_order, parsed
from tests.unit.host_catalogues import NOW, a_host, choices

ALIAS = "Ab1cd@marketplace.amazon.com"
LOWER = "ab1cd@marketplace.amazon.com"
INVALID = f"{LOWER}.invalid"


def decided(order: Json, settings: Choices, host: HostCatalogue | None = None) -> Decision:
    return decide(parsed(order), settings, host or a_host(), store=Store(name="My shop"), now=NOW)


def sent(order: Json, host: HostCatalogue | None = None, **settings: Any) -> Json:
    decision = decided(order, choices(**settings), host)
    assert isinstance(decision, PlaceOrder), decision
    return decision.order_input.to_variables()


def pairs(metadata: list[dict[str, str]]) -> dict[str, str]:
    assert len({entry["key"] for entry in metadata}) == len(metadata)
    return {entry["key"]: entry["value"] for entry in metadata}


WINDOW = {"earliestDateTime": "2026-11-20T00:00:00Z", "latestDateTime": "2026-11-22T07:59:59+01:00"}
TOLD = an_order(
    [
        an_item(
            "11.00",
            {"ITEM": "10.00", "TAX": "1.00"},
            programs=["TRANSPARENCY"],
            tax={
                "taxCalculationBreakdowns": [
                    {"reportingScheme": "IOSS"},
                    {"reportingScheme": "IOSS"},
                ],
                "taxCollections": [{"model": "MARKETPLACE_FACILITATOR"}],
            },
            fulfillment={
                "packing": {
                    "giftOption": {"giftMessage": "Happy\nbirthday", "giftWrapLevel": "Red"}
                },
                "shipping": {"internationalShipping": {"iossNumber": "IM0123456789"}},
            },
        ),
        an_item("12.00", {"ITEM": "10.00", "TAX": "2.00"}, id="12", sku="SKU-2"),
    ],
    grand_total="23.00",
    programs=["PRIME", "AMAZON_BUSINESS"],
    associatedOrders=[
        {"orderId": "111-0000009-0000009", "associationType": "REPLACEMENT_ORIGINAL_ID"},
        {"orderId": "111-0000008-0000008", "associationType": "SOMETHING_ELSE"},
    ],
    fulfillment={
        "fulfillmentStatus": "UNSHIPPED",
        "fulfilledBy": "MERCHANT",
        "fulfillmentServiceLevel": "SECOND_DAY",
        "shipByWindow": WINDOW,
        "deliverByWindow": WINDOW,
    },
    buyer={
        "buyerName": "Ada Example",
        "buyerEmail": ALIAS,
        "buyerCompanyName": "Example Ltd",
        "buyerPurchaseOrderNumber": "PO-7",
    },
    tax={
        "taxRegistrations": [
            {
                "entityType": "BUYER",
                "legalName": "Example Ltd",
                "taxRegistrationType": "VAT",
                "taxRegistrationNumber": "GB123",
            }
        ]
    },
)
TOLD["recipient"]["deliveryPreference"] = {
    "dropOffLocation": "Porch",
    "addressInstruction": "Ring twice",
}
TOLD["orderItems"][0]["product"]["customization"] = {"customizedUrl": "https://example.com/c"}


def test_the_order_says_everything_that_staff_and_systems_ask_for() -> None:
    assert pairs(sent(TOLD)["metadata"]) == {
        "amazonOrderId": "111-0000001-0000001",
        "amazonStore": "My shop",
        "amazonMarketplace": "Amazon.com",
        "amazonMarketplaceId": "ATVPDKIKX0DER",
        "amazonFulfilledBy": "MERCHANT",
        "amazonPrograms": "PRIME, AMAZON_BUSINESS",
        "amazonServiceLevel": "SECOND_DAY",
        "amazonShipBy": "2026-11-22T06:59:59Z",
        "amazonDeliverBy": "2026-11-22T06:59:59Z",
        "amazonIossNumber": "IM0123456789",
        "amazonTaxScheme": "IOSS",
        "amazonTaxModel": "MARKETPLACE_FACILITATOR",
        "amazonTaxCollected": "1.00 USD",
        "amazonReplaces": "111-0000009-0000009",
    }


def test_the_lines_name_their_order_items() -> None:
    assert [pairs(line["metadata"]) for line in sent(TOLD)["lines"]] == [
        {"amazonOrderItemId": "11", "amazonAsin": "B000000001", "amazonPrograms": "TRANSPARENCY"},
        {"amazonOrderItemId": "12", "amazonAsin": "B000000001"},
    ]


def test_the_buyer_is_told_where_it_can_be_erased() -> None:
    assert pairs(sent(TOLD)["privateMetadata"]) == {
        "amazonBuyerName": "Ada Example",
        "amazonBuyerAlias": ALIAS,
        "amazonBuyerCompany": "Example Ltd",
        "amazonPurchaseOrderNumber": "PO-7",
        "amazonDropOffLocation": "Porch",
        "amazonDeliveryInstructions": "Ring twice",
        "amazonTaxRegistration1": "BUYER VAT GB123 Example Ltd",
        "amazonGiftMessage.11": "Happy\nbirthday",
        "amazonCustomization.11": "https://example.com/c",
    }


def test_an_order_that_says_little_has_little_metadata() -> None:
    order = sent(an_order())

    assert pairs(order["metadata"]) == {
        "amazonOrderId": "111-0000001-0000001",
        "amazonStore": "My shop",
        "amazonMarketplace": "Amazon.com",
        "amazonMarketplaceId": "ATVPDKIKX0DER",
        "amazonFulfilledBy": "MERCHANT",
        "amazonServiceLevel": "STANDARD",
    }
    assert order["privateMetadata"] == []


def test_tax_that_nobody_knows_is_marked() -> None:
    order = an_order(
        [an_item(currency="GBP")],
        marketplace="A1F83G8C2ARO7P",
        address={
            "addressLine1": "1 Test Street",
            "city": "London",
            "postalCode": "SW1A 1AA",
            "countryCode": "GB",
        },
    )

    assert pairs(sent(order)["metadata"])["amazonTaxUnknown"] == "true"
    assert "amazonTaxUnknown" not in pairs(sent(order, taxRates={"GB": "0.2"})["metadata"])


CUSTOMER = "VXNlcjox"


@pytest.mark.parametrize(
    ("_case", "settings", "email", "known", "user"),
    [
        ("a guest without e-mail", {}, ALIAS, {}, {}),
        (
            "a guest, undeliverable",
            {"buyerEmail": "UNDELIVERABLE"},
            ALIAS,
            {},
            {"email": INVALID},
        ),
        ("a guest, alias", {"buyerEmail": "AMAZON_ALIAS"}, ALIAS, {}, {"email": LOWER}),
        (
            "a guest whose alias a customer has",
            {"buyerEmail": "AMAZON_ALIAS"},
            ALIAS,
            {LOWER: CUSTOMER},
            {},
        ),
        (
            "a guest whose undeliverable form a customer has",
            {"buyerEmail": "UNDELIVERABLE"},
            ALIAS,
            {INVALID: CUSTOMER},
            {},
        ),
        (
            "a new customer",
            {"customer": "CREATE_OR_REUSE"},
            ALIAS,
            {},
            {"email": INVALID},
        ),
        (
            "a known customer",
            {"customer": "CREATE_OR_REUSE"},
            ALIAS,
            {INVALID: CUSTOMER},
            {"id": CUSTOMER},
        ),
        (
            "a customer is kept by the undeliverable form, whatever the e-mail",
            {"customer": "CREATE_OR_REUSE", "buyerEmail": "AMAZON_ALIAS"},
            ALIAS,
            {LOWER: "other"},
            {"email": INVALID},
        ),
        ("no alias, no customer", {"customer": "CREATE_OR_REUSE"}, None, {}, {}),
        ("no alias, no e-mail", {"buyerEmail": "UNDELIVERABLE"}, None, {}, {}),
        ("no alias but nonsense", {"buyerEmail": "AMAZON_ALIAS"}, "nobody", {}, {}),
        ("an alias too long", {"buyerEmail": "AMAZON_ALIAS"}, f"a@{'b' * 300}.com", {}, {}),
    ],
)
def test_whose_order_it_is_in_the_host(
    _case: str,
    settings: dict[str, str],
    email: str | None,
    known: dict[str, str],
    user: dict[str, str],
) -> None:
    order = an_order(buyer={"buyerEmail": email} if email else {})

    found = sent(order, a_host(customers=known), **settings)

    assert found["user"] == user


def test_the_host_is_asked_for_the_addresses_a_decision_needs() -> None:
    order = parsed(an_order(buyer={"buyerEmail": ALIAS}))

    assert emails_to_look_up(order, choices()) == set()
    assert emails_to_look_up(order, choices(buyerEmail="AMAZON_ALIAS")) == {LOWER}
    assert emails_to_look_up(
        order, choices(buyerEmail="AMAZON_ALIAS", customer="CREATE_OR_REUSE")
    ) == {LOWER, INVALID}
    assert emails_to_look_up(parsed(an_order()), choices(customer="CREATE_OR_REUSE")) == set()


def test_the_undeliverable_form_fits_the_host_s_column() -> None:
    longest = f"{'a' * 64}@{'b' * 180}"
    email = undeliverable(parsed(an_order(buyer={"buyerEmail": longest})))

    assert email is not None
    assert len(email) <= 254


MARK = "QqMarkerQq"
# Where buyer data stands in an order; `0` is the first of a list.
PERSONAL = [
    *(f"buyer.{name}" for name in ("buyerName", "buyerEmail", "buyerCompanyName")),
    "buyer.buyerPurchaseOrderNumber",
    *(
        f"recipient.deliveryAddress.{name}"
        for name in (
            "name",
            "companyName",
            "addressLine1",
            "addressLine2",
            "addressLine3",
            "postalCode",
            "phone",
            "extendedFields.streetName",
            "extendedFields.streetNumber",
            "extendedFields.complement",
            "extendedFields.neighborhood",
        )
    ),
    "recipient.deliveryPreference.dropOffLocation",
    "recipient.deliveryPreference.addressInstruction",
    "tax.taxRegistrations.0.legalName",
    "tax.taxRegistrations.0.taxRegistrationNumber",
    "orderItems.0.product.customization.customizedUrl",
    "orderItems.0.fulfillment.packing.giftOption.giftMessage",
]
ERASABLE = ("user", "billingAddress", "shippingAddress", "privateMetadata")


def marked(order: Json, path: str, value: str) -> None:
    node: Any = order
    *steps, last = path.split(".")
    for step in steps:
        node = node[int(step)] if isinstance(node, list) else node.setdefault(step, {})
    node[last] = value


@given(
    places=st.sets(st.sampled_from(PERSONAL), min_size=1),
    status=st.sampled_from(["UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED", "PENDING", "RETURNING"]),
    fulfilled_by=st.sampled_from(["MERCHANT", "AMAZON"]),
    email=st.sampled_from(["NONE", "UNDELIVERABLE", "AMAZON_ALIAS"]),
    customer=st.sampled_from(["GUEST", "CREATE_OR_REUSE"]),
    spoiled=st.sampled_from(["", "stateOrRegion", "city", "countryCode"]),
    total=st.sampled_from(["23.00", "23.01"]),
)
def test_buyer_data_is_only_where_the_host_can_erase_it(
    places: set[str],
    status: str,
    fulfilled_by: str,
    email: str,
    customer: str,
    spoiled: str,
    total: str,
) -> None:
    # given
    order = deepcopy(TOLD)
    for place in places:
        marked(order, place, f"{MARK}@{MARK}.com" if place.endswith("Email") else MARK)
    order["fulfillment"] |= {"fulfillmentStatus": status, "fulfilledBy": fulfilled_by}
    for item in order["orderItems"]:
        item.setdefault("fulfillment", {}).update(quantityFulfilled=0, quantityUnfulfilled=1)
    order["proceeds"]["grandTotal"]["amount"] = total
    if spoiled:
        order["recipient"]["deliveryAddress"][spoiled] = ""

    # when
    decision = decided(order, choices(buyerEmail=email, customer=customer))

    # then
    match decision:
        case PlaceOrder():
            sendable = decision.order_input.to_variables()
            rest = {key: value for key, value in sendable.items() if key not in ERASABLE}
            told = json.dumps(rest) + repr(decision.parcels) + repr(decision.amounts)
        case HoldOrder(reasons):
            told = repr(reasons)
        case SkipOrder(reason):
            told = repr(reason)
    assert MARK.lower() not in told.lower()
