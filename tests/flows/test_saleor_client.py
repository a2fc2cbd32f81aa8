"""The host client on a simulated shop that refuses what the real one refuses."""

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal

import pytest
from pydantic import SecretStr

from saleor_amazon_app.core.ids import ChannelSlug, OrderItemId, SaleorOrderId, VariantId
from saleor_amazon_app.core.money import Money
from saleor_amazon_app.saleor import catalogue, customers, orders, tokens
from saleor_amazon_app.saleor.catalogue_records import Listing
from saleor_amazon_app.saleor.client import SaleorClient
from saleor_amazon_app.saleor.errors import (
    HostUnavailable,
    PermissionMissing,
    RequestRefused,
    TokenRefused,
)
from saleor_amazon_app.saleor.order_inputs import (
    FulfillmentInput,
    FulfillmentLineInput,
    OrderStatus,
    StockUpdatePolicy,
)
from saleor_amazon_app.saleor.order_records import Allocation, HostOrder
from saleor_amazon_app.saleor.orders import FulfilledUnits, RowRefused
from saleor_amazon_app.saleor.refusals import Refused
from saleor_amazon_app.simulators.saleor import create_shop
from saleor_amazon_app.simulators.saleor.seed import default_seed
from tests.flows.saleor_desk import (
    API_URL,
    LONG_AGO,
    NOON,
    PERMISSIONS,
    REFERENCE,
    US,
    Desk,
    opened,
)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """The default shop."""
    async with opened(create_shop(seed=default_seed())) as made:
        yield made


async def test_a_token_and_the_keys_of_the_shop_are_told(desk: Desk) -> None:
    # when
    owner = await tokens.whose_token(desk.client)
    keys = await tokens.fetch_jwks(desk.http, API_URL)

    # then
    assert owner.schema_version == (3, 23)
    assert owner.permissions == frozenset(PERMISSIONS)
    assert [key.kty for key in keys.keys] == ["RSA"]


async def test_what_a_decision_needs_is_read(desk: Desk) -> None:
    # when
    channels = await catalogue.read_channels(desk.client, [ChannelSlug("jp"), ChannelSlug("no")])
    warehouses = await catalogue.read_warehouses(desk.client)
    variants = await catalogue.read_variants(desk.client, ["TEA-1", "tea-1"])

    # then
    (japan,) = channels
    assert (japan.currency, japan.is_active, japan.confirms_orders) == ("JPY", True, True)
    (shelf,) = japan.warehouses
    assert (shelf.slug, shelf.countries) == ("jp-warehouse", frozenset({"JP"}))
    assert warehouses["jp-warehouse"] == shelf.id
    (method,) = japan.shipping_methods
    assert (method.name, method.countries) == ("Japan standard", frozenset({"JP"}))
    (tea,) = variants.values()
    assert (tea.sku, tea.tracks_stock, tea.is_preorder) == ("TEA-1", True, False)
    assert tea.listings[US] == Listing(
        has_price=True, is_published=True, published_from=LONG_AGO, available_from=LONG_AGO
    )
    assert tea.free[shelf.id] == 1000


async def test_an_order_is_drafted_completed_and_paid_to_the_cent(desk: Desk) -> None:
    # when
    drafted = await desk.drafted()
    (placed,) = await desk.complete(drafted)
    paid = await desk.pay(drafted)

    # then
    assert (drafted.status, drafted.origin) == ("DRAFT", "BULK_CREATE")
    assert isinstance(placed, HostOrder)
    assert placed.id == drafted.id
    found = await desk.seen()
    assert found is not None
    assert (found.status, found.charge_status) == ("UNFULFILLED", "FULL")
    assert (found.total, found.net_total) == (
        Money(Decimal("24.99"), "USD"),
        Money(Decimal("23.17"), "USD"),
    )
    assert (found.created, found.channel) == (NOON, US)
    assert found.metadata == {"amazonStore": "s1"}
    (line,) = found.lines
    assert (line.order_item_id, line.variant_id) == (OrderItemId("1230"), desk.mug.id)
    assert line.allocations == (Allocation(desk.channel.warehouses[0].id, 2),)
    (transaction,) = found.transactions
    assert (transaction.id, transaction.psp_reference) == (paid, REFERENCE)
    assert transaction.charged == Decimal("24.99")
    assert await desk.free() == 998


async def test_four_completions_stand_alone_and_a_refused_draft_can_be_deleted(desk: Desk) -> None:
    # given
    good = await desk.drafted("1")
    greedy = await desk.drafted("2", line={"quantity": 1001})
    gone = replace(good, id=SaleorOrderId("T3JkZXI6MDAwMA=="))

    # when
    outcomes = await desk.complete(good, greedy, good, gone)

    # then
    first, second, again, unknown = outcomes
    assert isinstance(first, HostOrder)
    assert isinstance(second, Refused)
    assert second.codes == ("INSUFFICIENT_STOCK",)
    assert second.errors[0].line_ids == (greedy.lines[0].id,)
    assert isinstance(again, Refused)
    assert again.codes == ("INVALID",)
    assert isinstance(unknown, Refused)
    assert unknown.codes == ("NOT_FOUND",)
    assert await orders.delete_draft(desk.client, greedy.id) is None
    assert await desk.seen("2") is None
    assert await desk.free() == 998


async def test_rows_are_refused_one_by_one(desk: Desk) -> None:
    # given
    await desk.drafted("taken")
    stranger = {"variant_id": VariantId("UHJvZHVjdFZhcmlhbnQ6OTk5OTk5")}
    inputs = [
        await desk.order("taken"),
        await desk.order("unknown variant", line=stranger),
        await desk.order("no tax class", line={"tax_class_id": None}),
    ]

    # when
    taken, unknown, fine = await orders.draft(desk.client, inputs)

    # then
    assert isinstance(taken, RowRefused)
    assert (taken.made, [error.code for error in taken.errors]) == (None, ["UNIQUE"])
    assert isinstance(unknown, RowRefused)
    assert unknown.made is not None
    assert [(e.code, e.field) for e in unknown.errors] == [("NOT_FOUND", "lines.0.variant_id")]
    assert isinstance(fine, HostOrder)


async def test_an_answer_that_was_lost_is_found_by_looking(desk: Desk) -> None:
    # given
    drafted = await desk.drafted()
    desk.shop.faults.lose_response()

    # when
    with pytest.raises(HostUnavailable):
        await desk.complete(drafted)

    # then
    found = await desk.seen()
    assert found is not None
    assert found.status == "UNFULFILLED"
    assert await desk.free() == 998


async def test_a_batch_the_host_crashes_on_creates_nothing(desk: Desk) -> None:
    # given
    desk.shop.faults.refuse_request_containing("poison")
    inputs = [await desk.order("fine"), await desk.order("poison")]

    # when
    with pytest.raises(RequestRefused):
        await orders.draft(desk.client, inputs)

    # then
    assert await desk.seen("fine") is None
    assert isinstance((await orders.draft(desk.client, inputs[:1]))[0], HostOrder)


async def test_a_shop_that_is_down_is_tried_again_later(desk: Desk) -> None:
    # given
    desk.shop.faults.down(True)

    # then
    with pytest.raises(HostUnavailable):
        await desk.seen()


async def test_a_token_that_was_revoked_needs_the_merchant(desk: Desk) -> None:
    # given
    desk.shop.faults.revoke_token(desk.token)

    # then
    with pytest.raises(TokenRefused):
        await desk.seen()


async def test_a_permission_that_was_not_granted_is_named(desk: Desk) -> None:
    # given
    token = SecretStr(desk.shop.add_app(("MANAGE_ORDERS",), identifier="narrow.app"))
    narrow = SaleorClient(desk.http, api_url=API_URL, token=token)

    # when
    with pytest.raises(PermissionMissing) as caught:
        await orders.draft(narrow, [await desk.order()])

    # then
    assert caught.value.permissions == ("MANAGE_ORDERS_IMPORT",)
    assert await desk.seen() is None


async def test_a_draft_that_was_paid_can_never_be_deleted(desk: Desk) -> None:
    # given
    drafted = await desk.drafted()
    await desk.pay(drafted)

    # when
    refused = await orders.delete_draft(desk.client, drafted.id)

    # then
    assert isinstance(refused, Refused)
    assert refused.codes == ("INVALID",)
    assert await desk.seen() is not None


async def test_an_order_is_fulfilled_in_part_once_it_is_paid(desk: Desk) -> None:
    # given
    placed = await desk.placed()
    units = [FulfilledUnits(placed.lines[0].id, desk.channel.warehouses[0].id, 1)]

    # when
    unpaid = await orders.fulfil(desk.client, placed.id, units)
    await desk.pay(placed)
    parcels = await orders.fulfil(desk.client, placed.id, units, tracking_number="1Z")

    # then
    assert isinstance(unpaid, Refused)
    assert unpaid.codes == ("CANNOT_FULFILL_UNPAID_ORDER",)
    found = await desk.seen()
    assert found is not None
    assert (found.status, found.lines[0].quantity_fulfilled) == ("PARTIALLY_FULFILLED", 1)
    assert found.fulfillments == parcels
    (parcel,) = found.fulfillments
    assert (parcel.status, parcel.tracking_number) == ("FULFILLED", "1Z")


async def test_where_fulfilments_wait_the_app_approves_its_own() -> None:
    # given
    seed = default_seed()
    careful = replace(seed, shop=replace(seed.shop, fulfillment_auto_approve=False))
    async with opened(create_shop(seed=careful)) as desk:
        placed = await desk.placed()
        await desk.pay(placed)
        units = [FulfilledUnits(placed.lines[0].id, desk.channel.warehouses[0].id, 2)]

        # when
        waiting = await orders.fulfil(desk.client, placed.id, units)

        # then
        assert not isinstance(waiting, Refused)
        assert [one.status for one in waiting] == ["WAITING_FOR_APPROVAL"]
        approved = await orders.approve(desk.client, waiting[0].id)
        assert not isinstance(approved, Refused)
        assert approved.status == "FULFILLED"


async def test_an_unconfirmed_order_is_confirmed() -> None:
    # given
    seed = default_seed()
    first, *others = seed.channels
    manual = replace(first, automatically_confirm_all_new_orders=False)
    async with opened(create_shop(seed=replace(seed, channels=(manual, *others)))) as desk:
        # when
        placed = await desk.placed()
        confirmed = await orders.confirm(desk.client, placed.id)

    # then
    assert not desk.channel.confirms_orders
    assert placed.status == "UNCONFIRMED"
    assert isinstance(confirmed, HostOrder)
    assert confirmed.status == "UNFULFILLED"


@pytest.mark.parametrize(
    ("policy", "units", "is_made", "free"),
    [
        (StockUpdatePolicy.SKIP, 2, True, 1000),
        (StockUpdatePolicy.UPDATE, 2, True, 998),
        (StockUpdatePolicy.SKIP, 1001, True, 1000),
        (StockUpdatePolicy.UPDATE, 1001, False, 1000),
    ],
)
async def test_a_shipped_order_is_imported_with_its_parcel(
    desk: Desk, policy: StockUpdatePolicy, units: int, is_made: bool, free: int
) -> None:
    # given
    left = FulfillmentLineInput(
        variant_id=desk.mug.id,
        quantity=units,
        warehouse=desk.channel.warehouses[0].id,
        order_line_index=0,
    )
    parcel = FulfillmentInput(tracking_code="1Z", lines=(left,))
    shipped = await desk.order(
        status=OrderStatus.FULFILLED, fulfillments=(parcel,), line={"quantity": units}
    )

    # when
    (outcome,) = await orders.draft(desk.client, [shipped], stock_policy=policy)

    # then
    assert isinstance(outcome, HostOrder) is is_made
    assert (await desk.seen() is not None) is is_made
    assert await desk.free() == free
    if isinstance(outcome, HostOrder):
        assert outcome.status == "FULFILLED"
        assert [one.tracking_number for one in outcome.fulfillments] == ["1Z"]
    else:
        assert [error.code for error in outcome.errors] == ["INSUFFICIENT_STOCK"]


async def test_customers_are_created_once_and_found(desk: Desk) -> None:
    # given
    new = customers.NewCustomer("amzn-1@example.invalid", {"amazonCustomer": "true"})

    # when
    made, refused = await customers.create(desk.client, [new, new])

    # then
    assert isinstance(refused, Refused)
    assert refused.codes == ("UNIQUE",)
    found = await customers.find(desk.client, [new.email, "nobody@example.invalid"])
    assert found == {new.email: made}


async def test_a_note_is_written(desk: Desk) -> None:
    # given
    placed = await desk.placed()

    # then
    assert await orders.add_note(desk.client, placed.id, "From Amazon") is None
    blank = await orders.add_note(desk.client, placed.id, " ")
    assert isinstance(blank, Refused)
    assert blank.codes == ("REQUIRED",)
