"""What a host order carries, and what it leaves out."""

from datetime import datetime

from tests.live.connected import Connector
from tests.live.host import (
    Host,
    allocations_of,
    events_of,
    lines_of,
    metadata_of,
    notes_of,
    shipping_of,
    total_of,
)
from tests.live.sales import item, number, sale
from tests.live.shop import LiveShop
from tests.unit.amazon_orders import US, Json, money

BUYER = {
    "buyerName": "Ada Example",
    "buyerEmail": "ada.k3x9@marketplace.amazon.com",
    "buyerCompanyName": "Example Ltd",
    "buyerPurchaseOrderNumber": "PO-7",
}
SHIP_BY, DELIVER_BY = "2026-11-24T07:59:59Z", "2026-12-01T07:59:59Z"


def telling_sale(sku: str) -> Json:
    """An order of which Amazon tells everything that it ever tells."""
    one = item(
        sku,
        "24.00",
        {"ITEM": "20.00", "TAX": ("4.00", {"ITEM": "4.00"})},
        quantity=2,
        programs=["TRANSPARENCY"],
        fulfillment={
            "packing": {"giftOption": {"giftMessage": "Many happy returns"}},
            "shipping": {"internationalShipping": {"iossNumber": "IM4420001201"}},
        },
        tax={
            "taxCalculationBreakdowns": [{"reportingScheme": "IOSS"}],
            "taxCollections": [{"model": "MARKETPLACE_FACILITATOR", "responsibleParty": "Amazon"}],
        },
    )
    one["product"]["customization"] = {"customizedUrl": "https://amazon.example/custom.zip"}
    order = sale(one, buyer=BUYER, programs=["PRIME", "AMAZON_BUSINESS"])
    order["fulfillment"] |= {
        "fulfillmentServiceLevel": "EXPEDITED",
        "shipByWindow": {"latestDateTime": SHIP_BY},
        "deliverByWindow": {"latestDateTime": DELIVER_BY},
    }
    order["recipient"]["deliveryPreference"] = {
        "dropOffLocation": "PORCH",
        "addressInstruction": "Ring twice",
    }
    order["tax"] = {
        "taxRegistrations": [
            {
                "entityType": "BUYER",
                "taxRegistrationType": "VAT",
                "taxRegistrationNumber": "DE123456789",
                "legalName": "Example GmbH",
            }
        ]
    }
    return order


async def test_an_order_is_paid_confirmed_and_allocated(
    shop: LiveShop, host: Host, connected: Connector
) -> None:
    sku = await shop.product(stock=10)
    order = sale(item(sku, "30.00", quantity=3), buyer=BUYER)
    store = await connected([order])

    await store.sync()

    placed = await host.order(number(order))
    assert await store.state(order) == "PLACED"
    assert placed["status"] == "UNFULFILLED"
    assert placed["isPaid"] is True
    assert (placed["chargeStatus"], placed["authorizeStatus"]) == ("FULL", "FULL")
    assert placed["origin"] == "BULK_CREATE"
    assert placed["channel"]["slug"] == shop.channel("USD")
    assert datetime.fromisoformat(placed["created"]) == datetime.fromisoformat(order["createdTime"])
    assert total_of(placed) == ("30", "30", "USD")
    assert shipping_of(placed) == ("0", "0")
    assert lines_of(placed) == [(sku, 3, "30", "30")]
    assert placed["lines"][0]["isShippingRequired"] is True
    assert placed["lines"][0]["productName"] == f"Thing {sku}"
    assert placed["shippingMethodName"] == f"Live Flat {shop.run}"
    assert allocations_of(placed) == [3]
    assert (await host.stock(sku)).free == 7
    assert events_of(placed) == ["PLACED_FROM_DRAFT", "CONFIRMED", "ORDER_FULLY_PAID"]
    assert store.wire.mutations == ["DraftOrders", "CompleteDraft", "CreateTransaction"]
    assert (await store.told(order))[-1] == f"Placed as Saleor order {placed['number']}"


async def test_the_host_has_nobody_to_mail_to(
    shop: LiveShop, host: Host, connected: Connector
) -> None:
    order = telling_sale(await shop.product())
    store = await connected([order])

    await store.sync()

    placed = await host.order(number(order))
    assert (placed["user"], placed["userEmail"]) == (None, None)
    assert [event["email"] for event in placed["events"]] == [None, None, None]
    assert notes_of(placed) == []


async def test_an_order_tells_what_amazon_told(
    shop: LiveShop, host: Host, connected: Connector
) -> None:
    sku = await shop.product()
    order = telling_sale(sku)
    store = await connected([order])

    await store.sync()

    placed = await host.order(number(order))
    told = metadata_of(placed)
    assert told.pop("amazonStore").startswith(f"Amazon {shop.run} ")
    assert told == {
        "amazonOrderId": number(order),
        "amazonMarketplace": "Amazon.com",
        "amazonMarketplaceId": US,
        "amazonFulfilledBy": "MERCHANT",
        "amazonPrograms": "PRIME, AMAZON_BUSINESS",
        "amazonServiceLevel": "EXPEDITED",
        "amazonShipBy": SHIP_BY,
        "amazonDeliverBy": DELIVER_BY,
        "amazonIossNumber": "IM4420001201",
        "amazonTaxScheme": "IOSS",
        "amazonTaxModel": "MARKETPLACE_FACILITATOR",
        "amazonTaxCollected": "4.00 USD",
    }
    item_id = order["orderItems"][0]["orderItemId"]
    assert metadata_of(placed["lines"][0]) == {
        "amazonOrderItemId": item_id,
        "amazonAsin": "B000000001",
        "amazonPrograms": "TRANSPARENCY",
    }
    assert metadata_of(placed, "privateMetadata") == {
        "amazonBuyerName": "Ada Example",
        "amazonBuyerAlias": "ada.k3x9@marketplace.amazon.com",
        "amazonBuyerCompany": "Example Ltd",
        "amazonPurchaseOrderNumber": "PO-7",
        "amazonDropOffLocation": "PORCH",
        "amazonDeliveryInstructions": "Ring twice",
        "amazonTaxRegistration1": "BUYER VAT DE123456789 Example GmbH",
        f"amazonGiftMessage.{item_id}": "Many happy returns",
        f"amazonCustomization.{item_id}": "https://amazon.example/custom.zip",
    }


async def test_the_transaction_is_amazons_and_ours_to_refund(
    shop: LiveShop, host: Host, connected: Connector
) -> None:
    order = sale(item(await shop.product(), "19.99"))
    store = await connected([order])

    await store.sync()

    (transaction,) = (await host.order(number(order)))["transactions"]
    app = await host.ask("{ app { id } }")
    assert transaction["name"] == "Amazon"
    assert transaction["pspReference"] == number(order)
    assert transaction["actions"] == ["REFUND"]
    assert transaction["chargedAmount"]["currency"] == "USD"
    assert str(transaction["chargedAmount"]["amount"]) == "19.99"
    assert transaction["createdBy"] == {"__typename": "App", "id": app["app"]["id"]}
    assert transaction["externalUrl"] == (
        f"https://sellercentral.amazon.com/orders-v3/order/{number(order)}"
    )


async def test_the_delivery_method_of_a_service_level_is_used(
    shop: LiveShop, host: Host, connected: Connector
) -> None:
    order = sale(
        item(await shop.product()),
        address={
            "name": "Kari Eksempel",
            "addressLine1": "Storgata 1",
            "city": "Oslo",
            "postalCode": "0155",
            "countryCode": "NO",
        },
    )
    store = await connected([order], shipping_methods={"STANDARD": f"Live Mainland {shop.run}"})

    await store.sync()

    placed = await host.order(number(order))
    assert placed["shippingMethodName"] == f"Live Mainland {shop.run}"
    assert placed["status"] == "UNFULFILLED"


async def test_a_replacement_costs_nothing_and_names_what_it_replaces(
    shop: LiveShop, host: Host, connected: Connector
) -> None:
    sku = await shop.product(stock=5)
    free = item(sku, "0.00")
    order = sale(
        free,
        associatedOrders=[
            {"orderId": "111-1111111-1111111", "associationType": "REPLACEMENT_ORIGINAL_ID"}
        ],
    )
    order["proceeds"] = {"grandTotal": money("0.00", "USD")}
    store = await connected([order])

    await store.sync()

    placed = await host.order(number(order))
    assert await store.state(order) == "PLACED"
    assert total_of(placed) == ("0", "0", "USD")
    assert placed["chargeStatus"] == "FULL"
    assert metadata_of(placed)["amazonReplaces"] == "111-1111111-1111111"
    assert [each["pspReference"] for each in placed["transactions"]] == [number(order)]
    assert allocations_of(placed) == [1]


async def test_an_unknown_product_goes_on_the_placeholder(
    shop: LiveShop, host: Host, connected: Connector
) -> None:
    placeholder = await shop.product(stock=0, tracked=False)
    order = sale(item("NO-SUCH-SKU", "12.50"))
    store = await connected([order], unknown_sku="PLACEHOLDER", placeholder_sku=placeholder)

    await store.sync()

    placed = await host.order(number(order))
    assert placed["status"] == "UNFULFILLED"
    assert [line["variant"]["sku"] for line in placed["lines"]] == [placeholder]
    assert lines_of(placed) == [("NO-SUCH-SKU", 1, "12.5", "12.5")]
    assert placed["lines"][0]["productName"] == "Thing NO-SUCH-SKU"
