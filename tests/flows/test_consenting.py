"""A seller's consent in Seller Central connects a store once, or says in words why it does not."""

import asyncio
import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import SecretStr

from saleor_amazon_app.amazon.auth import LwaClient
from saleor_amazon_app.amazon.sellers import marketplace_participations
from saleor_amazon_app.core.choices import Choices
from saleor_amazon_app.core.errors import NeedsMerchant
from saleor_amazon_app.core.ids import ChannelSlug, MarketplaceId, SaleorApiUrl, StoreId
from saleor_amazon_app.core.marketplaces import Region
from saleor_amazon_app.entrypoints.app import create_app
from saleor_amazon_app.entrypoints.settings import Settings
from saleor_amazon_app.flows import consenting, setup
from saleor_amazon_app.flows.connections import Connections, ConsentApp
from saleor_amazon_app.flows.consenting import Begun, Draft
from saleor_amazon_app.ledger import stores
from saleor_amazon_app.ledger.installations import InstallationStatus, Registration, install
from saleor_amazon_app.ledger.stores import Store, StoreStatus
from saleor_amazon_app.simulators.amazon import Credentials, Operation
from tests.flows.staff import ADA, deeds, shop_of
from tests.flows.trading import Trade, seller_account
from tests.unit.amazon_orders import DE, US

SECOND = "A2SECONDSELLER"
PAGE = "http://app.test/amazon/consent"


@dataclass
class Desk:
    """A shop whose staff connect a second seller, and a browser."""

    trade: Trade
    lines: Connections
    http: httpx.AsyncClient

    async def begin(self, **changes: Any) -> Begun:
        draft = Draft(
            name="Second",
            region=Region.NORTH_AMERICA,
            channels={MarketplaceId(US): ChannelSlug("default-channel")},
        )
        draft = Draft.model_validate(draft.model_dump() | changes)
        shop = await shop_of(self.trade)
        return await consenting.begin(self.lines, shop, draft, by=ADA)

    async def begin_again(self) -> Begun:
        shop, store = await shop_of(self.trade), await self.store("Lanterns")
        return await consenting.begin(self.lines, shop, consenting.draft_of(store), by=ADA)

    async def answer(self, begun: Begun, answer: str = "allow", seller: str = SECOND) -> str:
        """Opens Seller Central, answers, and tells where that sends the browser."""
        asked = await self.http.get(begun.url)
        assert asked.status_code == 200, asked.text
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', asked.text))
        form = {name: text.replace("&amp;", "&") for name, text in hidden.items()}
        form |= {"seller": seller, "answer": answer}
        sent = await self.http.post(begun.url.partition("?")[0], data=form)
        assert sent.status_code == 303, sent.text
        return sent.headers["location"]

    async def back(self, address: str) -> tuple[str, str]:
        """The outcome and the words of the page that the seller comes back to."""
        page = await self.http.get(address)
        outcome = re.search(r'data-outcome="(\w+)"', page.text)
        words = re.search(r"</h1>\n<p>(.*)</p>", page.text)
        assert outcome, page.text
        assert words, page.text
        assert page.status_code == (200 if outcome[1] in ("CONNECTED", "REAUTHORISED") else 400)
        return outcome[1], words[1]

    async def names(self) -> list[str]:
        shop = await shop_of(self.trade)
        async with self.lines.database.transaction() as session:
            return [store.name for store in await stores.stores_of(session, shop.id)]

    async def store(self, name: str) -> Store:
        async with self.lines.database.transaction() as session:
            (found,) = await stores.stores_named(session, name)
        return found


@pytest.fixture
async def desk(trade: Trade) -> Desk:
    """The operator has a public app, and a second seller has given no consent yet."""
    known = Credentials()
    app = ConsentApp(
        known.application_id, LwaClient(known.client_id, SecretStr(known.client_secret))
    )
    trade.lines = replace(
        trade.lines,
        app_url="http://app.test",
        seller_central_url="http://amazon.test",
        consent_app=app,
    )
    trade.amazon.add_seller(SECOND, refresh_token="Atzr|second", marketplaces=[US])
    unset: dict[str, Any] = {"DATABASE_URL": None, "key": None}
    trade.wires.open(app=create_app(trade.lines, Settings(_env_file=None, **unset)))
    return Desk(trade, trade.lines, trade.lines.http)


async def test_a_consent_connects_the_store_with_the_sellers_id(desk: Desk) -> None:
    # when
    begun = await desk.begin()
    outcome, words = await desk.back(await desk.answer(begun))
    # then
    assert (outcome, words) == (
        "CONNECTED",
        "The store Second is connected. Its orders from now on are imported.",
    )
    store = await desk.store("Second")
    kept = store.authorisation(desk.lines.cipher)
    assert (store.seller_id, store.status, store.region) == (SECOND, StoreStatus.ACTIVE, "NA")
    assert kept.refresh_token.get_secret_value() == "Atzr|second"
    assert [(deed.by, deed.kind, deed.store_name) for deed in await deeds(desk.trade)] == [
        (ADA, "store_connected", "Second")
    ]


async def test_the_address_names_the_app_and_where_to_come_back(desk: Desk) -> None:
    # given
    lines = replace(desk.lines, seller_central_url=None)
    shop = await shop_of(desk.trade)
    draft = Draft(
        name="Germany",
        region=Region.EUROPE,
        channels={MarketplaceId(DE): ChannelSlug("de")},
    )
    # when
    begun = await consenting.begin(lines, shop, draft, by=ADA)
    # then
    parts = urlsplit(begun.url)
    assert (parts.netloc, parts.path) == (
        "sellercentral-europe.amazon.com",
        "/apps/authorize/consent",
    )
    assert parse_qs(parts.query) == {
        "application_id": ["amzn1.sp.solution.simulated"],
        "state": [begun.state],
        "redirect_uri": [PAGE],
    }
    kept = await desk.trade.query("SELECT to_jsonb(c)::text FROM consents c")
    assert begun.state not in str(kept)


async def test_a_consent_authorises_a_store_again(desk: Desk) -> None:
    # given
    await desk.trade.switch(StoreStatus.REAUTHORISE)
    desk.trade.amazon.seller.revoke_consent()
    begun = await desk.begin_again()
    # when
    outcome, words = await desk.back(
        await desk.answer(begun, seller=desk.trade.amazon.seller.seller_id)
    )
    # then
    assert outcome == "REAUTHORISED"
    assert words == "The store Lanterns is authorised again and is read at once."
    assert (await desk.store("Lanterns")).status == StoreStatus.ACTIVE
    assert await desk.names() == ["Lanterns"]


async def test_another_sellers_consent_is_not_taken_for_a_store(desk: Desk) -> None:
    # given
    await desk.trade.switch(StoreStatus.REAUTHORISE)
    begun = await desk.begin_again()
    # when
    outcome, words = await desk.back(await desk.answer(begun))
    # then
    assert outcome == "OTHER_ACCOUNT"
    assert words.startswith("This consent was given for another Amazon account than that of")
    assert (await desk.store("Lanterns")).status == StoreStatus.REAUTHORISE


async def test_a_seller_who_declines_connects_nothing(desk: Desk) -> None:
    # when
    outcome, _ = await desk.back(await desk.answer(await desk.begin(), "deny"))
    # then
    assert outcome == "DENIED"
    assert await desk.names() == ["Lanterns"]
    assert desk.trade.amazon.calls[Operation.GET_TOKEN] == 0


async def test_a_state_counts_for_fifteen_minutes(desk: Desk) -> None:
    # given
    address = await desk.answer(await desk.begin())
    # when
    desk.trade.clock.move(minutes=15)
    outcome, words = await desk.back(address)
    # then
    assert outcome == "EXPIRED_STATE"
    assert "longer than 15 minutes" in words
    assert await desk.names() == ["Lanterns"]
    assert desk.trade.amazon.calls[Operation.GET_TOKEN] == 0


async def test_a_state_counts_once(desk: Desk) -> None:
    # given
    begun = await desk.begin()
    address = await desk.answer(begun)
    await desk.back(address)
    calls = desk.trade.amazon.calls[Operation.GET_TOKEN]
    # when
    again = await desk.back(address)
    other_code = await desk.back(await desk.answer(begun))
    # then
    assert {again[0], other_code[0]} == {"REUSED_STATE"}
    assert await desk.names() == ["Lanterns", "Second"]
    assert desk.trade.amazon.calls[Operation.GET_TOKEN] == calls


@pytest.mark.parametrize("state", ["", "invented", "x" * 5000, "%00", "<script>alert(1)</script>"])
async def test_a_state_that_never_was_is_nobodys(desk: Desk, state: str) -> None:
    # when
    page = await desk.http.get(
        PAGE, params={"state": state, "spapi_oauth_code": "code", "selling_partner_id": SECOND}
    )
    # then
    assert page.status_code == 400
    assert 'data-outcome="UNKNOWN_STATE"' in page.text
    assert "<script>alert" not in page.text
    assert desk.trade.amazon.calls[Operation.GET_TOKEN] == 0


async def test_two_tabs_that_come_back_at_once_connect_one_store(desk: Desk) -> None:
    # given
    address = await desk.answer(await desk.begin())
    # when
    outcomes = await asyncio.gather(desk.back(address), desk.back(address))
    # then
    assert sorted(outcome for outcome, _ in outcomes) == ["CONNECTED", "REUSED_STATE"]
    assert await desk.names() == ["Lanterns", "Second"]


async def test_two_consents_of_one_seller_at_once_connect_one_store(desk: Desk) -> None:
    # given
    first = await desk.answer(await desk.begin())
    second = await desk.answer(await desk.begin(name="Third"))
    # when
    outcomes = await asyncio.gather(desk.back(first), desk.back(second))
    # then
    assert sorted(outcome for outcome, _ in outcomes) == ["CONNECTED", "CONNECTED_HERE"]
    assert len(await desk.names()) == 2


async def test_an_account_that_the_shop_has_already_is_not_connected_again(desk: Desk) -> None:
    # when
    outcome, words = await desk.back(
        await desk.answer(await desk.begin(), seller=desk.trade.amazon.seller.seller_id)
    )
    # then
    assert outcome == "CONNECTED_HERE"
    assert "already has the store &#x27;Lanterns&#x27;" in words
    assert await desk.names() == ["Lanterns"]


async def other_shop_has(desk: Desk, seller_id: str) -> StoreId:
    url = SaleorApiUrl("http://other.test/graphql/")
    registration = Registration(url, "other.test", "QXBwOjk=", SecretStr("token"))
    async with desk.lines.database.transaction() as session:
        await install(session, desk.lines.cipher, registration, now=desk.lines.clock())
    account = replace(seller_account("Theirs"), seller_id=seller_id)
    return await setup.connect_store(desk.lines, url, account, Choices())


async def test_an_account_that_another_shop_has_is_not_connected(desk: Desk) -> None:
    # given
    await other_shop_has(desk, SECOND)
    # when
    outcome, words = await desk.back(await desk.answer(await desk.begin()))
    # then
    assert outcome == "CONNECTED_ELSEWHERE"
    assert "other.test" not in words
    assert await desk.names() == ["Lanterns"]
    assert desk.trade.amazon.calls[Operation.GET_TOKEN] == 0


async def test_an_account_of_another_region_is_not_connected(desk: Desk) -> None:
    # given
    desk.trade.amazon.add_seller("A3EUROPEAN", refresh_token="Atzr|third", marketplaces=[DE])
    # when
    outcome, words = await desk.back(await desk.answer(await desk.begin(), seller="A3EUROPEAN"))
    # then
    assert outcome == "WRONG_REGION"
    assert words.startswith("The seller account sells in EU, not in NA.")
    assert await desk.names() == ["Lanterns"]


@pytest.mark.parametrize("case", ["too old", "used", "unknown", "no answer", "wrong secret"])
async def test_a_code_that_amazon_does_not_take_connects_nothing(desk: Desk, case: str) -> None:
    # given
    begun = await desk.begin()
    address = await desk.answer(begun)
    match case:
        case "too old":
            desk.trade.clock.move(minutes=6)
        case "used":
            code = parse_qs(urlsplit(address).query)["spapi_oauth_code"][0]
            form = {"grant_type": "authorization_code", "code": code, "redirect_uri": PAGE}
            known = Credentials()
            form |= {"client_id": known.client_id, "client_secret": known.client_secret}
            taken = await desk.http.post("http://amazon.test/auth/o2/token", data=form)
            assert taken.status_code == 200
        case "unknown":
            address = re.sub("spapi_oauth_code=[^&]+", "spapi_oauth_code=invented", address)
        case "no answer":
            desk.trade.amazon.faults.fail_next(operation=Operation.GET_TOKEN)
        case "wrong secret":
            desk.trade.amazon.login.client_secrets = {"another"}
    # when
    outcome, words = await desk.back(address)
    # then
    assert outcome == "EXCHANGE_FAILED"
    assert words.endswith("Nothing was connected; start again.")
    assert await desk.names() == ["Lanterns"]


async def test_a_code_for_another_address_is_not_handed_out(desk: Desk) -> None:
    # given
    begun = await desk.begin()
    begun = replace(begun, url=begun.url.replace("app.test", "evil.test"))
    address = (await desk.answer(begun)).replace("evil.test", "app.test")
    # when
    outcome, _ = await desk.back(address)
    # then
    assert outcome == "EXCHANGE_FAILED"


@pytest.mark.parametrize("seller", ["", "lower", "<b>", "A" * 200])
async def test_an_answer_that_names_no_seller_connects_nothing(desk: Desk, seller: str) -> None:
    # given
    address, _, _ = (await desk.answer(await desk.begin())).partition("&selling_partner_id=")
    # when
    outcome, _ = await desk.back(f"{address}&selling_partner_id={seller}")
    # then
    assert outcome == "NOT_POSSIBLE"
    assert await desk.names() == ["Lanterns"]
    assert desk.trade.amazon.calls[Operation.GET_TOKEN] == 0


async def test_a_shop_that_lost_the_app_gets_no_store(desk: Desk) -> None:
    # given
    address = await desk.answer(await desk.begin())
    shop = await shop_of(desk.trade)
    async with desk.lines.database.transaction() as session:
        row = await session.get_one(type(shop), shop.id)
        row.status = InstallationStatus.REMOVED
    # when
    outcome, _ = await desk.back(address)
    # then
    assert outcome == "NOT_POSSIBLE"
    assert await desk.names() == ["Lanterns"]


@pytest.mark.parametrize(
    ("changes", "key", "field"),
    [
        ({"name": "Lanterns"}, "amazon-store-known", "name"),
        ({"region": "EU"}, "amazon-region", "marketplaces"),
        ({"channels": {US: "nowhere"}}, "saleor-set-up", "marketplaces"),
    ],
)
async def test_nothing_is_begun_that_could_not_be_finished(
    desk: Desk, changes: dict[str, Any], key: str, field: str
) -> None:
    # when
    with pytest.raises(NeedsMerchant) as refused:
        await desk.begin(**changes)
    # then
    assert (refused.value.key, refused.value.field) == (key, field)
    assert await desk.trade.query("SELECT 1 FROM consents") == []


async def test_without_a_public_app_there_is_no_consent(desk: Desk) -> None:
    # given
    desk.lines = replace(desk.lines, consent_app=None)
    # when
    with pytest.raises(NeedsMerchant) as refused:
        await desk.begin()
    # then
    assert refused.value.key == "consent-not-available"


async def test_the_page_runs_no_script_of_its_own_and_sets_no_cookie(desk: Desk) -> None:
    # given
    await other_shop_has(desk, "A9NOBODY")
    begun = await desk.begin(name="<img src=x onerror=alert(1)>")
    # when
    page = await desk.http.get(await desk.answer(begun))
    script = await desk.http.get(f"{PAGE}.js")
    style = await desk.http.get(f"{PAGE}.css")
    # then
    assert "&lt;img src=x" in page.text
    assert "<img" not in page.text
    assert re.findall("<script[^>]*>", page.text) == ['<script src="consent.js" defer>']
    assert page.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert "set-cookie" not in page.headers
    assert f'data-state="{begun.state}"' in page.text
    assert (script.status_code, script.headers["content-type"]) == (
        200,
        "text/javascript; charset=utf-8",
    )
    assert style.status_code == 200


async def test_a_deleted_store_is_not_authorised_again(desk: Desk) -> None:
    # given
    address = await desk.answer(await desk.begin_again(), seller=desk.trade.amazon.seller.seller_id)
    async with desk.lines.database.transaction() as session:
        await stores.disconnect_store(session, desk.trade.store_id)
    # when
    outcome, _ = await desk.back(address)
    # then
    assert outcome == "NOT_POSSIBLE"


async def test_a_store_by_consent_goes_with_the_apps_newest_secret(desk: Desk) -> None:
    # given
    await desk.back(await desk.answer(await desk.begin()))
    desk.trade.amazon.login.client_secrets = {"renewed"}
    store, app = await desk.store("Second"), desk.lines.consent_app
    assert app is not None
    renewed = replace(app, client=LwaClient(app.client.id, SecretStr("renewed")))
    lines = replace(desk.lines, consent_app=renewed)
    # when
    sells_in = await marketplace_participations(lines.amazon(store))
    # then
    assert [each.marketplace for each in sells_in] == [US]
