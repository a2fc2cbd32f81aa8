"""Staff correct a held order's address: kept encrypted, used, and giving way to Amazon's."""

from dataclasses import replace

import pytest

from saleor_amazon_app.core.errors import InputRefused, NeedsMerchant
from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.flows.editing import edit
from saleor_amazon_app.ledger import buyers
from saleor_amazon_app.ledger.stores import StoreStatus
from saleor_amazon_app.mapping.edited_addresses import AddressForm
from tests.flows.changing import catch_up, host_order, moves_to, placed, read, street
from tests.flows.staff import ADA, done_by_staff, everything, jobs, store_of
from tests.flows.trading import Trade, sale
from tests.unit.amazon_orders import SEATTLE

STREETLESS = {**SEATTLE, "addressLine1": "", "addressLine2": ""}
RIGHT = AddressForm(
    name="Ada Example",
    line1="410 Terry Ave N",
    city="Seattle",
    state="WA",
    postal_code="98109",
    country_code="US",
)


async def edited(trade: Trade, order_id: AmazonOrderId, form: AddressForm = RIGHT) -> None:
    await edit(trade.lines, await store_of(trade), order_id, form, by=ADA)


async def held_for_its_address(trade: Trade) -> AmazonOrderId:
    order_id = trade.sell(sale(address=STREETLESS))
    await catch_up(trade)
    ((code, _),) = (await trade.standing(order_id))[1]
    assert code == "ADDRESS_REFUSED"
    return order_id


async def test_a_held_order_is_placed_with_the_address_that_staff_entered(trade: Trade) -> None:
    # given
    order_id = await held_for_its_address(trade)
    # when
    await edited(trade, order_id)
    await edited(trade, order_id)
    assert "place_orders" in await jobs(trade)
    await trade.place()
    await edited(trade, order_id)
    # then
    assert street(trade, order_id) == ("410 Terry Ave N", "410 Terry Ave N")
    address = host_order(trade, order_id).shipping_address
    assert address is not None
    assert (address.first_name, address.last_name) == ("Ada", "Example")
    assert address.phone == "+14803860930"
    assert await done_by_staff(trade, order_id) == [
        ("address_edited", f"{ADA} entered another delivery address.")
    ]


async def test_amazons_own_address_stays_beside_it_and_neither_can_be_read(trade: Trade) -> None:
    # given
    order_id = await held_for_its_address(trade)
    # when
    await edited(trade, order_id)
    # then
    async with trade.lines.database.transaction() as session:
        known = await buyers.read_many(session, trade.lines.cipher, trade.store_id, [order_id])
    assert known[order_id]["recipient"]["deliveryAddress"]["addressLine1"] == ""
    assert "Terry" not in str(await everything(trade))


async def test_an_address_of_a_country_with_other_rules_is_refused_field_by_field(
    trade: Trade,
) -> None:
    # given
    order_id = await held_for_its_address(trade)
    before = await everything(trade)
    wrong = replace(RIGHT, state="ZZ", postal_code="A")
    # when
    with pytest.raises(InputRefused) as refused:
        await edited(trade, order_id, wrong)
    # then
    assert {one.field for one in refused.value.wrong} == {"state", "postalCode"}
    assert await everything(trade) == before


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (AddressForm(line1="1 Way", city="Seattle", country_code=""), "countryCode"),
        (AddressForm(line1="1 Way", city="Seattle", country_code="XX"), "countryCode"),
        (AddressForm(line1=" ", city="Seattle", country_code="US"), "line1"),
        (AddressForm(line1="1 Way", city="\n", country_code="US"), "city"),
        (AddressForm(line1="1 Way" * 400, city="Seattle", country_code="US"), "line1"),
        (AddressForm(line1="1 Way", city="S" * 900, country_code="DE"), "postalCode"),
    ],
)
async def test_an_address_that_saleor_would_not_take_is_refused(
    trade: Trade, form: AddressForm, field: str
) -> None:
    # given
    order_id = await held_for_its_address(trade)
    before = await everything(trade)
    # when
    with pytest.raises(InputRefused) as refused:
        await edited(trade, order_id, form)
    # then
    assert refused.value.field == field
    assert await everything(trade) == before


async def test_another_address_of_amazons_wins_and_says_so(trade: Trade) -> None:
    # given
    order_id = await held_for_its_address(trade)
    await edited(trade, order_id)
    # when
    moves_to(trade, order_id, SEATTLE | {"addressLine1": "9 New Street"})
    await read(trade)
    await trade.place()
    # then
    assert street(trade, order_id) == ("9 New Street", "9 New Street")
    told = [words for kind, words in await trade.told(order_id) if kind.startswith("edited")]
    assert told == [
        "Amazon tells another delivery address: it is used instead of the one that was entered "
        "here."
    ]


async def test_another_version_with_the_same_address_leaves_what_was_entered(
    trade: Trade,
) -> None:
    # given
    order_id = await held_for_its_address(trade)
    await edited(trade, order_id)
    # when
    trade.amazon.seller.orders.change(order_id, {"programs": ["PRIME"]})
    await read(trade)
    await trade.place()
    # then
    assert street(trade, order_id) == ("410 Terry Ave N", "410 Terry Ave N")


@pytest.mark.parametrize("case", ["placed", "switched off", "busy"])
async def test_only_a_held_order_of_a_store_that_works_is_edited(trade: Trade, case: str) -> None:
    # given
    if case == "placed":
        order_id = await placed(trade, sale())
    else:
        order_id = await held_for_its_address(trade)
    if case == "switched off":
        await trade.switch(StoreStatus.INACTIVE)
    if case == "busy":
        until = trade.clock().replace(hour=23)
        await trade.query(f"UPDATE orders SET claimed_until = '{until}' RETURNING 1")
    before = await everything(trade)
    # when
    with pytest.raises(NeedsMerchant) as refused:
        await edited(trade, order_id)
    # then
    assert (
        refused.value.key
        == {
            "placed": "order-not-held",
            "switched off": "store-not-active",
            "busy": "order-busy",
        }[case]
    )
    assert await everything(trade) == before
