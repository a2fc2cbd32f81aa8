"""Buyers are known to one encrypted table, and to the places from which the host can erase."""

from tests.flows.trading import Trade, goods, number_of, sale
from tests.unit.amazon_orders import SEATTLE

ORDER = number_of(1)


async def test_buyer_data_is_in_no_other_table_and_in_none_in_clear(trade: Trade) -> None:
    # given
    marks = [f"marker-{letter}" for letter in "abcdefghijkl"]
    address = {
        **SEATTLE,
        "name": marks[0],
        "addressLine1": marks[1],
        "addressLine2": marks[2],
        "companyName": marks[3],
    }
    buyer = {
        "buyerName": marks[4],
        "buyerEmail": f"{marks[5]}@marketplace.amazon.example",
        "buyerCompanyName": marks[6],
        "buyerPurchaseOrderNumber": marks[7],
    }
    item = goods()
    item["fulfillment"]["packing"] = {"giftOption": {"giftMessage": marks[8]}}
    item["product"]["customization"] = {"customizedUrl": f"https://{marks[9]}.example/"}
    recipient = {
        "deliveryAddress": address,
        "deliveryPreference": {"addressInstruction": marks[10], "dropOffLocation": "DOOR"},
    }
    registration = {
        "entityType": "BUYER",
        "taxRegistrationType": "VAT",
        "taxRegistrationNumber": marks[11],
    }
    told = {"buyer": buyer, "recipient": recipient, "tax": {"taxRegistrations": [registration]}}
    trade.sell(sale(1, [item], **told))
    trade.sell(sale(2, [{**item, "orderItemId": "12"}], grand_total="20.01", **told))
    trade.sell(sale(3, [item], **told | {"proceeds": {"grandTotal": {"amount": marks[0]}}}))

    # when
    await trade.sync()
    await trade.later(minutes=5)

    # then
    tables = await trade.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    found = [
        (table, mark)
        for (table,) in tables
        for (row,) in await trade.query(f'SELECT "{table}"::text FROM "{table}"')  # noqa: S608
        for mark in [*marks, "98109", "480-386-0930"]
        if mark in row
    ]
    assert found == []
    assert await trade.query("SELECT amazon_order_id FROM buyers ORDER BY 1") == [
        (number_of(1),),
        (number_of(2),),
    ]
    kept = trade.shop.state.by_reference(ORDER)
    assert kept is not None
    assert {mark for mark in marks if mark in str(kept.hidden)} == set(marks[4:])
    assert [mark for mark in marks if mark in str(kept.public)] == []
