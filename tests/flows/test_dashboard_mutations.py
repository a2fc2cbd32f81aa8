"""What staff can have done through the API: each twice, by permission, in their own shop alone."""

import json
from typing import Any

import pytest

from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.ledger.stores import StoreStatus
from saleor_amazon_app.simulators.amazon import Credentials
from tests.flows.changing import catch_up, host_order, placed, street
from tests.flows.leaving import plan, report, states, the_row
from tests.flows.office import (
    ACTIVATE,
    APPROVE,
    CANCEL,
    CONNECT,
    CONSENT,
    DEACTIVATE,
    DELETE,
    EDIT,
    OUTCOME,
    PREVIEW,
    REAUTHORISE,
    RETRY,
    SAVE,
    SEND_AGAIN,
    SYNC,
    Office,
    office_in,
    other_office,
)
from tests.flows.staff import ADA, deeds, done_by_staff, everything, jobs
from tests.flows.test_order_desk import refused_cancellation, waiting_for_staff
from tests.flows.trading import Trade, goods, sale
from tests.unit.amazon_orders import DE, SEATTLE, US

KNOWN = Credentials()
ACCOUNT: dict[str, Any] = {
    "name": "Second",
    "region": "NA",
    "sellerId": "A2SECONDSELLER",
    "clientId": KNOWN.client_id,
    "clientSecret": KNOWN.client_secret,
    "refreshToken": KNOWN.refresh_token,
    "marketplaces": [{"marketplaceId": US, "channelSlug": "default-channel"}],
}
ASKED = {key: ACCOUNT[key] for key in ("name", "region", "marketplaces")}
ADDRESS = {
    "name": "Ada Example",
    "line1": "410 Terry Ave N",
    "city": "Seattle",
    "state": "WA",
    "postalCode": "98109",
    "countryCode": "US",
}
OF_APPS: list[tuple[str, dict[str, Any]]] = [
    (CONNECT, {"input": ACCOUNT}),
    (CONSENT, {"input": ASKED}),
    (REAUTHORISE, {"input": {"refreshToken": KNOWN.refresh_token}}),
    (ACTIVATE, {}),
    (DEACTIVATE, {}),
    (DELETE, {"name": "Lanterns"}),
    (SAVE, {"settings": {"syncEveryMinutes": 60}}),
]
OF_ORDERS: list[tuple[str, dict[str, Any]]] = [
    (RETRY, {}),
    (EDIT, {"address": ADDRESS}),
    (CANCEL, {"reason": "PRICING_ERROR"}),
    (APPROVE, {}),
    (PREVIEW, {}),
]


@pytest.fixture
async def office(trade: Trade) -> Office:
    """Staff with every permission that matters."""
    return await office_in(trade)


def store_id(trade: Trade) -> str:
    return str(trade.store_id)


def id_of(trade: Trade, order_id: str) -> str:
    return f"{trade.store_id}:{order_id}"


async def without_a_trace(office: Office, query: str, **variables: Any) -> dict[str, Any]:
    """A problem, after which nothing was written or sent that was not there before."""
    before, sent = await everything(office.trade), len(office.trade.wires.mutations)
    told = await office.do(query, **variables)
    assert await everything(office.trade) == before
    assert len(office.trade.wires.mutations) == sent
    assert "code" in told, told
    return told


async def test_a_store_is_connected_once(office: Office) -> None:
    # when
    made = await office.do(CONNECT, input=ACCOUNT)
    again = await without_a_trace(office, CONNECT, input=ACCOUNT)
    # then
    assert (made["name"], made["status"]) == ("Second", "ACTIVE")
    assert (again["code"], again["field"]) == ("amazon-store-known", "name")
    assert [(deed.by, deed.kind) for deed in await deeds(office.trade)] == [
        (ADA, "store_connected")
    ]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"name": " "}, "store-input", "name"),
        ({"name": "x" * 101}, "store-input", "name"),
        ({"marketplaces": []}, "store-input", "marketplaces"),
        (
            {"marketplaces": [{"marketplaceId": "NOPE", "channelSlug": "x"}]},
            "store-input",
            "marketplaces",
        ),
        ({"refreshToken": "two words"}, "store-input", "refreshToken"),
        ({"sellerId": "lower"}, "store-input", "sellerId"),
        ({"refreshToken": "Atzr|nobody"}, "amazon-reauthorise", "refreshToken"),
        ({"clientSecret": "wrong"}, "amazon-client-refused", "clientSecret"),
        (
            {"marketplaces": [{"marketplaceId": DE, "channelSlug": "de"}]},
            "amazon-region",
            "marketplaces",
        ),
        (
            {"marketplaces": [{"marketplaceId": US, "channelSlug": "nowhere"}]},
            "saleor-set-up",
            "marketplaces",
        ),
    ],
)
async def test_what_cannot_be_connected_is_refused_by_field(
    office: Office, changes: dict[str, Any], code: str, field: str
) -> None:
    # when
    told = await without_a_trace(office, CONNECT, input=ACCOUNT | changes)
    # then
    assert (told["code"], told["field"]) == (code, field)


async def test_a_consent_is_begun_and_connects_nothing_yet(office: Office) -> None:
    # when
    begun = await office.do(CONSENT, input=ASKED)
    again = await office.do(CONSENT, input=ASKED | {"storeId": store_id(office.trade)})
    # then
    assert begun["url"].startswith("http://amazon.test/apps/authorize/consent?application_id=")
    assert begun["state"] in begun["url"]
    assert begun["state"] != again["state"]
    assert await office.trade.query("SELECT count(*) FROM stores") == [(1,)]


async def test_the_page_that_began_a_consent_can_ask_what_became_of_it(office: Office) -> None:
    # given
    stranger = await other_office(office.trade)
    begun = await office.do(CONSENT, input=ASKED)
    late = await office.do(CONSENT, input=ASKED)
    # when
    waiting = await office.answer(OUTCOME, state=begun["state"])
    await office.trade.lines.http.get(f"http://app.test/amazon/consent?state={begun['state']}")
    told = await office.answer(OUTCOME, state=begun["state"])
    theirs = await stranger.answer(OUTCOME, state=begun["state"])
    office.trade.clock.move(minutes=15)
    expired = await office.answer(OUTCOME, state=late["state"])
    # then
    assert [answer["data"]["consentOutcome"] for answer in (waiting, told, theirs, expired)] == [
        None,
        "DENIED",
        None,
        "EXPIRED_STATE",
    ]


async def test_a_store_is_authorised_again(office: Office) -> None:
    # given
    await office.trade.switch(StoreStatus.REAUTHORISE)
    # when
    new = {"refreshToken": KNOWN.refresh_token}
    refused = await without_a_trace(
        office, REAUTHORISE, id=store_id(office.trade), input={"refreshToken": "Atzr|nobody"}
    )
    done = [await office.do(REAUTHORISE, id=store_id(office.trade), input=new) for _ in range(2)]
    # then
    assert refused["field"] == "refreshToken"
    assert [one["status"] for one in done] == ["ACTIVE", "ACTIVE"]


async def test_a_store_is_switched_off_and_on(office: Office) -> None:
    # when
    off = [await office.do(DEACTIVATE, id=store_id(office.trade)) for _ in range(2)]
    idle = await without_a_trace(office, SYNC, id=store_id(office.trade))
    on = [await office.do(ACTIVATE, id=store_id(office.trade)) for _ in range(2)]
    # then
    assert [one["status"] for one in off + on] == ["INACTIVE", "INACTIVE", "ACTIVE", "ACTIVE"]
    assert idle["code"] == "store-not-active"
    assert [deed.kind for deed in await deeds(office.trade)] == [
        "store_activated",
        "store_deactivated",
    ]


async def test_a_store_is_deleted_by_its_name_alone(office: Office) -> None:
    # when
    refused = await without_a_trace(office, DELETE, id=store_id(office.trade), name="lanterns")
    done = await office.do(DELETE, id=store_id(office.trade), name="Lanterns")
    again = await office.do(DELETE, id=store_id(office.trade), name="Lanterns")
    # then
    assert (refused["code"], refused["field"]) == ("store-name", "name")
    assert done == {"id": store_id(office.trade)}
    assert again["code"] == "store-unknown"
    rows = await office.trade.query("SELECT by, kind, store_name FROM journal")
    assert rows == [(ADA, "store_deleted", "Lanterns")]


async def test_settings_are_saved_as_far_as_they_are_given(office: Office) -> None:
    # given
    given = {
        "taxRates": [{"countryCode": "DE", "rate": "0.19"}],
        "importInto": [{"marketplaceId": US, "channelSlug": "default-channel"}],
        "carriers": [{"saleor": "Post", "amazon": "Deutsche Post"}],
        "buyerEmail": None,
    }
    # when
    done = [await office.do(SAVE, id=store_id(office.trade), settings=given) for _ in range(2)]
    # then
    assert [one["name"] for one in done] == ["Lanterns", "Lanterns"]
    ((document,),) = await office.trade.query("SELECT document FROM choices")
    assert document["taxRates"] == {"DE": "0.19"}
    assert document["carriers"] == {"Post": "Deutsche Post"}
    assert document["importInto"] == {US: {"channel": "default-channel"}}
    assert document["buyerEmail"] == "NONE"
    assert len(await deeds(office.trade)) == 1


async def test_settings_out_of_range_are_refused_all_at_once(office: Office) -> None:
    # when
    told = await without_a_trace(
        office,
        SAVE,
        id=store_id(office.trade),
        settings={"syncEveryMinutes": 1, "taxRates": [{"countryCode": "DE", "rate": "1.5"}]},
    )
    # then
    assert told["code"] == "settings-refused"
    assert [one["field"] for one in told["fields"]] == ["syncEveryMinutes", "taxRates"]


async def test_a_store_is_read_at_once(office: Office) -> None:
    # when
    for _ in range(2):
        assert (await office.do(SYNC, id=store_id(office.trade)))["name"] == "Lanterns"
    # then
    assert (await jobs(office.trade)).count("fetch_orders") == 1


async def test_a_held_order_is_corrected_and_placed(office: Office) -> None:
    # given
    trade = office.trade
    address = {**SEATTLE, "addressLine1": "", "addressLine2": ""}
    order_id = trade.sell(sale(address=address))
    await catch_up(trade)
    # when
    refused = await without_a_trace(
        office, EDIT, id=id_of(trade, order_id), address=ADDRESS | {"postalCode": "x"}
    )
    shown = await office.do(EDIT, id=id_of(trade, order_id), address=ADDRESS)
    again = await office.do(RETRY, id=id_of(trade, order_id))
    await trade.place()
    # then
    assert refused["fields"] == [
        {"field": "postalCode", "message": "The postal code is not one of US."}
    ]
    assert (shown["importState"], again["importState"]) == ("HELD", "HELD")
    assert street(trade, order_id)[0] == "410 Terry Ave N"
    assert [kind for kind, _ in await done_by_staff(trade, order_id)] == [
        "address_edited",
        "retry_asked",
    ]


async def test_an_order_is_cancelled_with_a_reason(office: Office) -> None:
    # given
    trade = office.trade
    order_id = await placed(trade, sale())
    # when
    refused = await without_a_trace(
        office, CANCEL, id=id_of(trade, order_id), reason="BUYER_CANCELED"
    )
    for _ in range(2):
        done = await office.do(CANCEL, id=id_of(trade, order_id), reason="PRICING_ERROR")
        assert done["amazonOrderId"] == order_id
    await plan(trade, order_id)
    # then
    assert (refused["code"], refused["field"]) == ("cancel-reason", "reason")
    assert host_order(trade, order_id).status.name == "CANCELED"
    assert (await the_row(trade, order_id)).content["chosen"] == "PricingError"


async def test_a_parcel_is_let_go(office: Office) -> None:
    # given
    trade = office.trade
    order_id = await waiting_for_staff(trade)
    # when
    for _ in range(2):
        done = await office.do(APPROVE, id=id_of(trade, order_id))
        assert done["amazonOrderId"] == order_id
    await report(trade, order_id)
    # then
    assert await states(trade, order_id) == ["ACCEPTED"]


async def test_something_is_told_to_amazon_again(office: Office) -> None:
    # given
    trade = office.trade
    order_id = await refused_cancellation(trade)
    row_id = str((await the_row(trade, order_id)).id)
    # when
    for _ in range(2):
        assert (await office.do(SEND_AGAIN, id=row_id))["amazonOrderId"] == order_id
    # then
    assert await states(trade, order_id) == ["PLANNED"]


@pytest.mark.parametrize("id", ["", "x", "-1", "1", "9" * 30, "\u0661", "1e3"])
async def test_a_message_that_is_not_there_is_unknown(office: Office, id: str) -> None:
    # when
    told = await without_a_trace(office, SEND_AGAIN, id=id)
    # then
    assert told["code"] == "outbox-unknown"


async def test_a_preview_shows_the_order_that_would_be_made(office: Office) -> None:
    # given
    trade = office.trade
    order_id = trade.sell(sale())
    trade.clock.move(minutes=3)
    await trade.fetch()
    before = await everything(trade)
    # when
    shown = await office.do(PREVIEW, id=id_of(trade, order_id))
    # then
    assert shown["outcome"] == "PLACE"
    assert shown["text"].startswith(
        "A Saleor order would be made in the channel 'default-channel': paid, to be fulfilled,"
    )
    assert shown["total"] == {"amount": "20.00", "currency": "USD"}
    assert shown["lines"] == [{"sku": "MUG-1", "quantity": 2, "total": {"amount": "20.00"}}]
    assert await everything(trade) == before


async def test_a_preview_of_what_would_be_held_names_the_reasons(office: Office) -> None:
    # given
    trade = office.trade
    order_id = trade.sell(sale(items=[goods(sku="NEW-1")]))
    await catch_up(trade)
    # when
    shown = await office.do(PREVIEW, id=id_of(trade, order_id))
    # then
    assert (shown["outcome"], shown["lines"], shown["total"]) == ("HOLD", [], None)
    assert [one["code"] for one in shown["reasons"]] == ["UNKNOWN_SKU"]


async def test_a_shop_that_does_not_answer_is_a_problem_in_words(office: Office) -> None:
    # given
    await office.trade.query("UPDATE installations SET saleor_version = '3.23.0' RETURNING 1")
    office.trade.shop.faults.fail_next()
    # when
    told = await without_a_trace(
        office, SAVE, id=store_id(office.trade), settings={"syncEveryMinutes": 60}
    )
    # then
    assert (told["code"], told["whatToDo"]) == ("try-again", "Try again in a moment.")


@pytest.mark.parametrize(("query", "variables"), OF_APPS)
async def test_stores_need_the_permission_for_apps(
    office: Office, query: str, variables: dict[str, Any]
) -> None:
    # given
    clerk = office.but(permissions=("MANAGE_ORDERS",))
    before = await everything(office.trade)
    # when
    told = await clerk.answer(query, **with_id(query, store_id(office.trade), variables))
    # then
    assert [error["extensions"]["code"] for error in told["errors"]] == ["FORBIDDEN"]
    assert await everything(office.trade) == before


@pytest.mark.parametrize(("query", "variables"), [*OF_ORDERS, (SEND_AGAIN, {})])
async def test_orders_need_the_permission_for_orders(
    office: Office, query: str, variables: dict[str, Any]
) -> None:
    # given
    operator = office.but(permissions=("MANAGE_APPS",))
    order_id: AmazonOrderId = await placed(office.trade, sale())
    before = await everything(office.trade)
    # when
    told = await operator.answer(query, id=id_of(office.trade, order_id), **variables)
    # then
    assert [error["extensions"]["code"] for error in told["errors"]] == ["FORBIDDEN"]
    assert await everything(office.trade) == before


@pytest.mark.parametrize(("query", "variables"), [*OF_APPS[2:], (SYNC, {})])
async def test_another_shops_store_is_unknown(
    office: Office, query: str, variables: dict[str, Any]
) -> None:
    # given
    stranger = await other_office(office.trade)
    # when
    told = await without_a_trace(stranger, query, id=store_id(office.trade), **variables)
    # then
    assert told["code"] == "store-unknown"
    assert "Lanterns" not in json.dumps(told)


async def test_no_consent_is_begun_for_another_shops_store(office: Office) -> None:
    # given
    stranger = await other_office(office.trade)
    # when
    told = await without_a_trace(
        stranger, CONSENT, input=ASKED | {"storeId": store_id(office.trade)}
    )
    # then
    assert told["code"] == "store-unknown"
    assert await office.trade.query("SELECT 1 FROM consents") == []


@pytest.mark.parametrize(("query", "variables"), OF_ORDERS)
async def test_another_shops_order_is_unknown(
    office: Office, query: str, variables: dict[str, Any]
) -> None:
    # given
    order_id = await placed(office.trade, sale())
    stranger = await other_office(office.trade)
    # when
    told = await without_a_trace(stranger, query, id=id_of(office.trade, order_id), **variables)
    # then
    assert told["code"] == "order-unknown"


async def test_another_shops_message_is_unknown(office: Office) -> None:
    # given
    order_id = await refused_cancellation(office.trade)
    row_id = str((await the_row(office.trade, order_id)).id)
    stranger = await other_office(office.trade)
    # when
    told = await without_a_trace(stranger, SEND_AGAIN, id=row_id)
    # then
    assert told["code"] == "outbox-unknown"


def with_id(query: str, id: str, variables: dict[str, Any]) -> dict[str, Any]:
    """The variables with an id, where the query takes one."""
    return variables | {"id": id} if "$id" in query else variables
