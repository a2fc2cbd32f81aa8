"""The client against the simulated Amazon: both read the same models, and they must agree."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from pydantic import SecretStr

from saleor_amazon_app.amazon.auth import AccessToken, LwaClient, fetch_access_token
from saleor_amazon_app.amazon.client import AmazonClient
from saleor_amazon_app.amazon.datasets import EVERYTHING, Dataset, fewer
from saleor_amazon_app.amazon.errors import (
    AccessDenied,
    AmazonUnavailable,
    BadRequest,
    ClientRefused,
    ConsentRevoked,
    NotFound,
    PageTokenExpired,
    Throttled,
)
from saleor_amazon_app.amazon.order_records import Order
from saleor_amazon_app.amazon.orders import OrderQuery, Since, get_order, search_orders
from saleor_amazon_app.amazon.sellers import marketplace_participations
from saleor_amazon_app.amazon.throttle import LIMITS, Operation
from saleor_amazon_app.core.ids import AmazonOrderId, MarketplaceId
from saleor_amazon_app.simulators import amazon as simulated
from tests.contracts.amazon_line import RememberingThrottle

URL = "http://amazon.test"
GERMANY = MarketplaceId("A1PA6795UKMFR9")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
CLIENT = LwaClient("amzn1.application-oa2-client.simulated", SecretStr("amzn1.oa2-cs.v1.simulated"))
QUERY = OrderQuery(marketplaces=(GERMANY,), after=NOON - timedelta(days=1), page_size=2)


@dataclass
class Watch:
    """A clock that a test moves on."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


@dataclass
class FetchedTokens:
    """Keeps the token until it is refused, whatever its age: the client must cope."""

    http: httpx.AsyncClient
    client: LwaClient = CLIENT
    kept: AccessToken | None = None
    clock: Watch = field(default_factory=Watch)

    async def __call__(self, *, refused: AccessToken | None) -> AccessToken:
        if self.kept is None or self.kept == refused:
            self.kept = await fetch_access_token(
                self.http,
                lwa_url=URL,
                client=self.client,
                refresh_token=SecretStr("Atzr|simulated"),
                clock=self.clock,
            )
        return self.kept


@dataclass
class Seller:
    amazon: simulated.SimulatedAmazon
    watch: Watch
    tokens: FetchedTokens
    throttle: RememberingThrottle
    client: AmazonClient


def order(number: int) -> simulated.ScriptedOrder:
    moment = (NOON - timedelta(hours=6 - number)).isoformat()
    return simulated.ScriptedOrder(
        {
            "orderId": f"302-0000000-000000{number}",
            "createdTime": moment,
            "lastUpdatedTime": moment,
            "salesChannel": {"channelName": "AMAZON", "marketplaceId": GERMANY},
            "buyer": {"buyerName": "Erika Mustermann"},
            "recipient": {"deliveryAddress": {"city": "Köln", "countryCode": "DE"}},
            "fulfillment": {"fulfillmentStatus": "UNSHIPPED", "fulfilledBy": "MERCHANT"},
            "proceeds": {"grandTotal": {"amount": "19.99", "currencyCode": "EUR"}},
            "orderItems": [
                {"orderItemId": "1", "quantityOrdered": 1, "product": {"sellerSku": "A"}}
            ],
        }
    )


@pytest.fixture
async def seller() -> AsyncIterator[Seller]:
    watch = Watch()
    amazon = simulated.create_amazon([order(n) for n in range(1, 6)], clock=watch)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(amazon.app)) as http:
        tokens, throttle = FetchedTokens(http, clock=watch), RememberingThrottle()
        client = AmazonClient(http, spapi_url=URL, access_token=tokens, throttle=throttle)
        yield Seller(amazon, watch, tokens, throttle, client)


def number_of(order: Order) -> int:
    return int(order.order_id[-1])


async def test_all_pages_bring_every_order_once_and_the_next_cursor(seller: Seller) -> None:
    found: list[int] = []
    token: str | None = None
    while True:
        query = QUERY.model_copy(update={"page_token": token})
        page = await search_orders(seller.client, query)
        assert page.unreadable == ()
        found += [number_of(one) for one in page.orders]
        token = page.next_token
        if token is None:
            break

    assert sorted(found) == [1, 2, 3, 4, 5]
    assert page.last_updated_before == NOON - timedelta(minutes=2)
    assert seller.amazon.calls[simulated.Operation.SEARCH_ORDERS] == 3
    assert seller.amazon.calls[simulated.Operation.GET_TOKEN] == 1
    rate = LIMITS[Operation.SEARCH_ORDERS].rate
    assert seller.throttle.rates == [(Operation.SEARCH_ORDERS, rate)]


async def test_a_search_by_creation_ends_without_a_cursor(seller: Seller) -> None:
    query = QUERY.model_copy(update={"since": Since.CREATED, "page_size": 100})

    page = await search_orders(seller.client, query)

    assert len(page.orders) == 5
    assert page.last_updated_before is None


async def test_an_order_comes_with_what_was_asked_for(seller: Seller) -> None:
    order_id = AmazonOrderId("302-0000000-0000001")

    whole = await get_order(seller.client, order_id)
    bare = await get_order(seller.client, order_id, datasets=frozenset())

    assert isinstance(whole, Order)
    assert isinstance(bare, Order)
    assert whole.buyer is not None
    assert whole.buyer.buyer_name == "Erika Mustermann"
    assert (bare.buyer, bare.proceeds) == (None, None)
    assert bare.fulfillment is not None
    assert bare.fulfillment.fulfillment_status == "UNSHIPPED"


async def test_the_marketplaces_are_read(seller: Seller) -> None:
    (found,) = await marketplace_participations(seller.client)

    assert (found.marketplace, found.currency, found.participates) == (GERMANY, "EUR", True)


async def test_a_token_that_ran_out_is_replaced_without_a_word(seller: Seller) -> None:
    await search_orders(seller.client, QUERY)
    seller.watch.now += timedelta(hours=1, seconds=1)

    page = await search_orders(seller.client, QUERY)

    assert len(page.orders) == 2
    assert seller.amazon.calls[simulated.Operation.GET_TOKEN] == 2
    assert seller.amazon.calls[simulated.Operation.SEARCH_ORDERS] == 3


async def test_a_revoked_consent_is_named_although_the_old_token_was_alive(
    seller: Seller,
) -> None:
    await search_orders(seller.client, QUERY)
    seller.amazon.seller.revoke_consent()

    with pytest.raises(ConsentRevoked):
        await search_orders(seller.client, QUERY)

    assert seller.amazon.calls[simulated.Operation.SEARCH_ORDERS] == 2


async def test_an_old_secret_is_named(seller: Seller) -> None:
    seller.tokens.client = LwaClient(CLIENT.id, SecretStr("old"))

    with pytest.raises(ClientRefused):
        await search_orders(seller.client, QUERY)

    assert seller.amazon.calls[simulated.Operation.SEARCH_ORDERS] == 0


async def test_a_missing_role_is_found_by_asking_for_less(seller: Seller) -> None:
    seller.amazon.seller.deny_dataset(simulated.Dataset.BUYER, how=simulated.Denial.REFUSE_CALL)
    datasets: frozenset[Dataset] | None = EVERYTHING
    refused = 0
    while datasets is not None:
        try:
            page = await search_orders(
                seller.client, QUERY.model_copy(update={"datasets": datasets})
            )
            break
        except AccessDenied as denied:
            refused += 1
            datasets = fewer(denied.datasets)

    assert refused == 2
    assert datasets == EVERYTHING - {Dataset.TAX, Dataset.BUYER}
    assert [one.buyer for one in page.orders] == [None, None]


async def test_dead_page_tokens_start_the_search_again(seller: Seller) -> None:
    first = await search_orders(seller.client, QUERY)
    paged = QUERY.model_copy(update={"page_token": first.next_token})
    seller.amazon.seller.page_tokens.expire_all()

    with pytest.raises(PageTokenExpired):
        await search_orders(seller.client, paged)

    again = await search_orders(seller.client, QUERY)
    assert again.orders == first.orders


async def test_a_page_token_is_good_for_its_own_search_only(seller: Seller) -> None:
    first = await search_orders(seller.client, QUERY)
    other = {"page_token": first.next_token, "after": QUERY.after + timedelta(seconds=1)}

    with pytest.raises(PageTokenExpired):
        await search_orders(seller.client, QUERY.model_copy(update=other))


async def test_the_burst_of_a_real_bucket_ends_in_a_throttle(seller: Seller) -> None:
    for _ in range(LIMITS[Operation.SEARCH_ORDERS].burst):
        await search_orders(seller.client, QUERY)

    with pytest.raises(Throttled) as raised:
        await search_orders(seller.client, QUERY)

    assert raised.value.incident.code == "QuotaExceeded"
    assert seller.throttle.drains == [Operation.SEARCH_ORDERS]


async def test_scripted_faults_are_told_apart_and_leave_no_trace(seller: Seller) -> None:
    faults = seller.amazon.faults
    faults.fail_next(503, html=True)
    faults.throttle_next(by_gateway=True)
    faults.break_off_next_page()
    faults.lose_response()
    faults.time_out_next()
    faults.fail_next(400)

    raised = []
    for _ in range(6):
        with pytest.raises((AmazonUnavailable, Throttled, BadRequest)) as caught:
            await search_orders(seller.client, QUERY)
        raised.append((type(caught.value), caught.value.incident.detail))
    page = await search_orders(seller.client, QUERY)

    assert raised == [
        (AmazonUnavailable, None),
        (Throttled, "Too Many Requests"),
        (AmazonUnavailable, "the answer is not JSON"),
        (AmazonUnavailable, "ReadError"),
        (AmazonUnavailable, "ReadTimeout"),
        (BadRequest, "The request could not be carried out."),
    ]
    assert len(page.orders) == 2
    assert seller.amazon.calls[simulated.Operation.SEARCH_ORDERS] == 7


async def test_an_unknown_order_is_not_found(seller: Seller) -> None:
    with pytest.raises(NotFound):
        await get_order(seller.client, AmazonOrderId("302-9999999-9999999"))
