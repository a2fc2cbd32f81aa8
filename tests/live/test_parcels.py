"""Fulfilments in a real shop become parcels at Amazon, each once."""

from datetime import timedelta

import pytest

from saleor_amazon_app.core.times import iso, utc_now
from saleor_amazon_app.saleor.event_records import EventKind
from tests.live.conftest import OpenJourney
from tests.live.host import Host, notes_of
from tests.live.sales import item, number, sale
from tests.live.shop import LiveShop
from tests.live.staff import Staff

UPS, OTHER_UPS = "1Z999AA10123456784", "1Z5R89390357567127"
CREATED, NUMBERED = EventKind.FULFILLMENT_CREATED, EventKind.FULFILLMENT_TRACKING_NUMBER_UPDATED
CALLED_BACK = EventKind.FULFILLMENT_CANCELED


async def test_a_whole_order_is_one_parcel_said_once(
    journey: OpenJourney, staff: Staff, everyday: str
) -> None:
    one = item(everyday, "20.00", quantity=2)
    order = sale(one)
    way = await journey(order)
    placed = await way.placed(order)

    await staff.fulfil(placed, 2, number=UPS)
    await way.hear(order, CREATED, NUMBERED)

    parcel = ("1", "UPS", UPS, {one["orderItemId"]: 2})
    assert way.parcels(order) == [parcel]
    assert way.times_said(order) == [1]
    assert await way.ended(order, "SHIPMENT") == [("ACCEPTED", None)]
    shown = await way.shipped(order)
    assert (shown["status"], shown["chargeStatus"]) == ("FULFILLED", "FULL")
    assert notes_of(shown) == [f"Amazon confirmed parcel 1: UPS {UPS}."]
    await way.nothing_is_sent_again(order)
    assert way.parcels(order) == [parcel]
    assert notes_of(await way.host.order(number(order))) == notes_of(shown)


async def test_two_parcels_of_one_line_and_both_lines_of_one_sku(
    journey: OpenJourney, staff: Staff, everyday: str
) -> None:
    items = [item(everyday, "30.00", quantity=3), item(everyday, "12.00", quantity=1)]
    order = sale(*items)
    first, second = (one["orderItemId"] for one in items)
    way = await journey(order)
    placed = await way.placed(order)
    by_units = {line["quantity"]: place for place, line in enumerate(placed["lines"])}
    some, rest = [0, 0], [0, 0]
    some[by_units[3]] = 2
    rest[by_units[3]], rest[by_units[1]] = 1, 1

    await staff.fulfil(placed, *some, number=UPS)
    await way.hear(order, CREATED, NUMBERED)
    assert (await way.host.order(number(order)))["status"] == "PARTIALLY_FULFILLED"
    assert way.parcels(order) == [("1", "UPS", UPS, {first: 2})]
    await staff.fulfil(placed, *rest, number=OTHER_UPS)
    await way.hear(order, EventKind.FULFILLMENT_APPROVED)

    assert way.parcels(order) == [
        ("1", "UPS", UPS, {first: 2}),
        ("2", "UPS", OTHER_UPS, {first: 1, second: 1}),
    ]
    shown = await way.shipped(order)
    assert shown["status"] == "FULFILLED"
    assert way.times_said(order) == [1, 1]
    await way.nothing_is_sent_again(order)


async def test_two_warehouses_are_two_parcels_with_one_number(
    journey: OpenJourney, staff: Staff, shop: LiveShop
) -> None:
    sku = await shop.product(stock=1, second=2)
    one = item(sku, "30.00", quantity=3)
    order = sale(one)
    way = await journey(order)
    placed = await way.placed(order)
    stocks = [
        {"warehouse": shop.warehouses["main"], "quantity": 1},
        {"warehouse": shop.warehouses["second"], "quantity": 2},
    ]

    made = await staff.fulfil_lines(
        placed, [{"orderLineId": placed["lines"][0]["id"], "stocks": stocks}], UPS
    )
    assert len(made) == 2
    await way.hear(order, CREATED, NUMBERED)
    await way.shipped(order)

    assert sorted(tuple(parcel[3].values()) for parcel in way.parcels(order)) == [(1,), (2,)]
    assert {parcel[2] for parcel in way.parcels(order)} == {UPS}
    assert way.times_said(order) == [1, 1]
    await way.nothing_is_sent_again(order)


async def test_a_parcel_without_a_number_waits_for_it(
    journey: OpenJourney, staff: Staff, everyday: str
) -> None:
    order = sale(item(everyday))
    way = await journey(order)
    placed = await way.placed(order)

    fulfilment = await staff.fulfil(placed, 1, number=None)
    await way.hear(order, CREATED)
    ((state, words),) = await way.ended(order, "SHIPMENT")
    assert state == "WAITING"
    assert "no tracking number" in (words or "")
    assert way.parcels(order) == []
    await staff.renumber(fulfilment, UPS)
    await way.hear(order, NUMBERED)

    assert [parcel[2] for parcel in way.parcels(order)] == [UPS]
    await way.shipped(order)
    await way.nothing_is_sent_again(order)


async def test_a_number_that_is_corrected_edits_the_same_parcel(
    journey: OpenJourney, staff: Staff, everyday: str
) -> None:
    one = item(everyday)
    order = sale(one)
    way = await journey(order)
    placed = await way.placed(order)
    fulfilment = await staff.fulfil(placed, 1, number="WRONG 1")
    await way.hear(order, CREATED, NUMBERED)
    await way.shipped(order)
    await way.door.forget(number(order))

    await staff.renumber(fulfilment, UPS)
    await way.hear(order, NUMBERED)
    await way.settle(order)

    assert way.parcels(order) == [("1", "UPS", UPS, {one["orderItemId"]: 1})]
    assert [row.state for row in await way.rows(order)] == ["CONFIRMED"]
    assert notes_of(await way.host.order(number(order)))[-1] == (
        f"Amazon confirmed parcel 1: UPS {UPS}."
    )
    await way.nothing_is_sent_again(order)


async def test_a_carrier_that_staff_name_goes_by_its_name(
    journey: OpenJourney, staff: Staff, everyday: str
) -> None:
    order = sale(item(everyday))
    way = await journey(order)
    placed = await way.placed(order)
    fulfilment = await staff.fulfil(placed, 1, number=None)
    await way.hear(order, CREATED)

    await staff.write_down(fulfilment, amazonCarrier="Pigeon Post")
    await staff.renumber(fulfilment, "COO-1")
    await way.hear(order, NUMBERED)

    assert [parcel[1:3] for parcel in way.parcels(order)] == [("Pigeon Post", "COO-1")]
    await way.shipped(order)
    await way.door.forget(number(order))
    await staff.write_down(fulfilment, amazonCarrier="Yodel")
    await way.hear(order, EventKind.FULFILLMENT_METADATA_UPDATED)
    await way.shipped(order)
    assert [parcel[:3] for parcel in way.parcels(order)] == [("1", "Yodel", "COO-1")]
    await way.nothing_is_sent_again(order)


async def test_a_fulfilment_called_back_too_late_is_flagged(
    journey: OpenJourney, staff: Staff, host: Host, everyday: str
) -> None:
    order = sale(item(everyday))
    way = await journey(order)
    placed = await way.placed(order)
    fulfilment = await staff.fulfil(placed, 1, number=UPS)
    await way.hear(order, CREATED, NUMBERED)
    await way.shipped(order)

    await staff.call_back(fulfilment)
    await way.hear(order, CALLED_BACK)
    await way.settle(order)

    shown = await host.order(number(order))
    assert shown["status"] == "UNFULFILLED"
    assert "Amazon cannot take a shipment back" in notes_of(shown)[-1]
    assert way.times_said(order) == [1]
    await way.nothing_is_sent_again(order)


async def test_a_fulfilment_called_back_before_amazon_heard_of_it(
    journey: OpenJourney, staff: Staff, everyday: str
) -> None:
    order = sale(item(everyday))
    way = await journey(order)
    placed = await way.placed(order)
    fulfilment = await staff.fulfil(placed, 1, number=None)
    await way.hear(order, CREATED)

    await staff.call_back(fulfilment)
    await way.hear(order, CALLED_BACK)
    assert [row.state for row in await way.rows(order)] == ["REFUSED"]
    again = await way.host.order(number(order))
    await staff.fulfil(again, 1, number=UPS)
    await way.hear(order, NUMBERED)

    assert [parcel[2] for parcel in way.parcels(order)] == [UPS]
    assert (await way.settle(order)) == ["REFUSED", "CONFIRMED"]
    await way.nothing_is_sent_again(order)


async def test_a_fulfilment_that_waits_for_approval_is_no_parcel_yet(
    journey: OpenJourney, staff: Staff, shop: LiveShop, everyday: str
) -> None:
    order = sale(item(everyday))
    way = await journey(order)
    placed = await way.placed(order)

    async with shop.approving_fulfilments():
        fulfilment = await staff.fulfil(placed, 1, number=UPS)
        await way.hear(order, NUMBERED)
        assert await way.rows(order) == []
        assert way.parcels(order) == []
        await staff.approve(fulfilment)
        await way.hear(order, CREATED)

    assert [parcel[2] for parcel in way.parcels(order)] == [UPS]
    await way.shipped(order)
    await way.nothing_is_sent_again(order)


@pytest.mark.parametrize("is_packed", [False, True], ids=["packed after", "packed before"])
async def test_a_parcel_of_an_order_that_the_buyer_asks_to_cancel(
    journey: OpenJourney, staff: Staff, host: Host, everyday: str, is_packed: bool
) -> None:
    order = sale(item(everyday))
    ship_by = iso(utc_now() + timedelta(days=1))
    order["fulfillment"]["shipByWindow"] = {"latestDateTime": ship_by}
    way = await journey(order)
    placed = await way.placed(order)
    if is_packed:
        fulfilment = await staff.fulfil(placed, 1, number=None)
        await way.hear(order, CREATED)
    way.store.amazon.seller.deeds.ask_to_cancel(number(order))
    await way.reread(order)

    if is_packed:
        await staff.renumber(fulfilment, UPS)
    else:
        await staff.fulfil(placed, 1, number=UPS)
    await way.hear(order, NUMBERED)

    if is_packed:
        assert [row.state for row in await way.rows(order)] == ["WAITING"]
        assert way.parcels(order) == []
        await way.work_off()
        assert "The buyer asked to cancel when" in notes_of(await host.order(number(order)))[-1]
    else:
        assert [parcel[2] for parcel in way.parcels(order)] == [UPS]
        shown = await way.shipped(order)
        assert any("declined by shipping" in note for note in notes_of(shown))
        await way.nothing_is_sent_again(order)


async def test_what_no_event_told_is_found_by_looking(
    journey: OpenJourney, staff: Staff, everyday: str
) -> None:
    order = sale(item(everyday))
    way = await journey(order)
    placed = await way.placed(order)
    await staff.fulfil(placed, 1, number=UPS)
    await way.door.arrived(number(order), CREATED, NUMBERED)
    await way.drop_all_jobs()

    await way.look_through()

    assert [parcel[2] for parcel in way.parcels(order)] == [UPS]
    await way.shipped(order)


async def test_a_fulfilment_of_goods_that_amazon_ships_is_flagged(
    journey: OpenJourney, staff: Staff, host: Host, everyday: str
) -> None:
    order = sale(item(everyday, "21.00", quantity=3, shipped=3), status="SHIPPED")
    order["fulfillment"]["fulfilledBy"] = "AMAZON"
    way = await journey(order)
    placed = await way.placed(order)
    query = "query ($id: ID!) { order(id: $id) { fulfillments { id } } }"
    (made,) = (await host.ask(query, id=placed["id"]))["order"]["fulfillments"]

    await staff.call_back(made["id"])
    await way.hear(order, CALLED_BACK)
    await way.settle(order)

    ((state, words),) = await way.ended(order, "SHIPMENT")
    assert state == "REFUSED"
    assert f"3 of {everyday}" in (words or "")
    assert notes_of(await host.order(number(order)))[-1] == words
    assert way.parcels(order) == []
    await way.nothing_is_sent_again(order)


async def test_an_address_that_staff_change_does_not_keep_the_parcel_back(
    journey: OpenJourney, staff: Staff, host: Host, everyday: str
) -> None:
    order = sale(item(everyday))
    way = await journey(order)
    placed = await way.placed(order)
    address = {
        "firstName": "Ada",
        "streetAddress1": "9 New Street",
        "city": "Portland",
        "countryArea": "OR",
        "postalCode": "97201",
        "country": "US",
    }

    await staff.move(placed, address)
    await staff.fulfil(placed, 1, number=UPS)
    await way.hear(order, CREATED, NUMBERED)
    shown = await way.shipped(order)

    assert shown["shippingAddress"]["streetAddress1"] == "9 New Street"
    assert way.times_said(order) == [1]
    assert (shown["status"], shown["chargeStatus"]) == ("FULFILLED", "FULL")
