"""The simulated shop tells apps what happens, as the real one does."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest

from saleor_amazon_app.saleor.signature import SignatureRefused, read_keys, verify
from saleor_amazon_app.simulators.saleor import SimulatedShop, create_shop, default_seed
from saleor_amazon_app.simulators.saleor.schema.people import App
from tests.simulated_amazon import HandClock

API_URL = "http://shop.test/graphql/"
SHELF = "default-channel-warehouse"
PERMISSIONS = ("MANAGE_ORDERS", "MANAGE_PRODUCTS")
STOCK = """subscription {
  event {
    __typename
    issuedAt
    recipient { id }
    issuingPrincipal { ... on App { id } }
    ... on ProductVariantStockUpdated { productVariant { sku stocks { quantity } } }
  }
}"""
APP = "subscription { event { __typename ... on AppDeleted { app { id } } } }"


@dataclass
class Listener:
    """An app that hears a shop, and answers what it is told to."""

    shop: SimulatedShop
    clock: HandClock
    app: App
    heard: list[httpx.Request] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """Asks the shop's API as the app does."""
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.shop.app)) as http:
            response = await http.post(
                API_URL,
                json={"query": query, "variables": variables},
                headers={"Authorization": f"Bearer {self.app.token}"},
            )
        answer: dict[str, Any] = response.json()
        return answer

    async def create(self, **given: Any) -> dict[str, Any]:
        """Makes a webhook; without words about stocks."""
        asked = {
            "name": "stocks",
            "targetUrl": "http://app.test/hook",
            "asyncEvents": ["PRODUCT_VARIANT_STOCK_UPDATED"],
            "isActive": True,
            "query": STOCK,
        }
        answer = await self.ask(
            "mutation($input: WebhookCreateInput!) { webhookCreate(input: $input) "
            "{ webhook { id } errors { field code message } } }",
            input=asked | given,
        )
        payload: dict[str, Any] = answer["data"]["webhookCreate"]
        return payload

    async def deliver(self) -> list[int | None]:
        return [attempt.status for attempt in await self.shop.deliveries.deliver_due()]

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(request.content) for request in self.heard]


def listening(version: str = "3.23.28", permissions: tuple[str, ...] = PERMISSIONS) -> Listener:
    """A shop with an app in it that has no webhook yet."""
    seed = default_seed()
    clock = HandClock()
    seed = replace(seed, shop=replace(seed.shop, version=version))

    def answer(request: httpx.Request) -> httpx.Response:
        listener.heard.append(request)
        return httpx.Response(listener.statuses.pop(0) if listener.statuses else 200)

    shop = create_shop(seed, clock=clock, transport=httpx.MockTransport(answer))
    shop.add_app(permissions, identifier="app")
    listener = Listener(shop, clock, shop.find_app("app"))
    return listener


async def test_an_event_is_what_the_webhooks_query_makes_of_it() -> None:
    # given
    listener = listening()
    await listener.create()

    # when
    listener.shop.set_stock("MUG-1", SHELF, 7)
    assert await listener.deliver() == [200]

    # then
    (body,) = listener.bodies
    assert body["__typename"] == "ProductVariantStockUpdated"
    assert body["issuedAt"] == "2026-11-20T12:00:00+00:00"
    assert body["recipient"] == {"id": listener.app.id}
    assert body["issuingPrincipal"] == {}
    assert body["productVariant"]["sku"] == "MUG-1"
    (request,) = listener.heard
    assert request.headers["saleor-event"] == "product_variant_stock_updated"
    assert request.headers["saleor-api-url"] == API_URL
    assert request.headers["saleor-domain"] == "shop.test"
    assert request.headers["x-saleor-signature"] == request.headers["saleor-signature"]


async def test_every_delivery_is_signed_with_the_key_the_shop_shows() -> None:
    # given
    listener = listening()
    await listener.create()
    listener.shop.set_stock("MUG-1", SHELF, 7)
    await listener.deliver()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(listener.shop.app)) as http:
        shown = await http.get("http://shop.test/.well-known/jwks.json")
    (request,) = listener.heard

    # then
    keys, signature = read_keys(shown.content), request.headers["saleor-signature"]
    verify(signature, request.content, keys)
    with pytest.raises(SignatureRefused):
        verify(signature, request.content + b" ", keys)


@pytest.mark.parametrize(
    ("status", "waits"), [(500, True), (503, True), (400, False), (401, False), (302, False)]
)
async def test_only_what_an_app_could_not_cope_with_is_sent_again(status: int, waits: bool) -> None:
    # given
    listener = listening()
    await listener.create()
    listener.statuses = [status]
    listener.shop.set_stock("MUG-1", SHELF, 7)

    # when
    await listener.deliver()
    too_early = await listener.deliver()
    listener.clock.move(seconds=10)

    # then
    assert too_early == []
    assert await listener.deliver() == ([200] if waits else [])


async def test_it_is_sent_six_times_at_growing_intervals_with_the_same_body() -> None:
    # given
    listener = listening()
    await listener.create()
    listener.statuses = [500] * 9
    listener.shop.set_stock("MUG-1", SHELF, 7)

    # when
    waits = []
    while listener.shop.deliveries.waiting:
        (parcel,) = listener.shop.deliveries.waiting
        waits.append((parcel.due_at - listener.clock()).total_seconds())
        listener.clock.now = parcel.due_at
        listener.shop.variant("MUG-1").kept[0].on_hand += 1
        await listener.deliver()

    # then
    assert waits == [0, 10, 20, 40, 80, 160]
    assert len({request.content for request in listener.heard}) == 1
    assert [attempt.number for attempt in listener.shop.deliveries.attempts] == [1, 2, 3, 4, 5, 6]


async def test_an_event_comes_twice_where_that_is_asked_for() -> None:
    # given
    listener = listening()
    await listener.create()

    # when
    listener.shop.deliveries.duplicate_next()
    listener.shop.set_stock("MUG-1", SHELF, 7)
    listener.shop.set_stock("MUG-1", SHELF, 8)

    # then
    assert await listener.deliver() == [200, 200, 200]
    first, second, third = (request.content for request in listener.heard)
    assert first == second != b""
    assert third


@pytest.mark.parametrize(
    ("version", "told"), [("3.23.28", ["AppDeleted"]), ("3.22.67", []), ("3.21.69", [])]
)
async def test_only_the_newest_hosts_tell_an_app_that_it_is_gone(
    version: str, told: list[str]
) -> None:
    # given
    listener = listening(version)
    await listener.create(asyncEvents=["APP_DELETED"], query=APP)

    # when
    listener.shop.switch_app(listener.app, on=False)
    listener.shop.delete_app(listener.app)
    await listener.deliver()

    # then
    assert [body["__typename"] for body in listener.bodies] == told


async def test_an_app_hears_nothing_it_has_no_permission_for() -> None:
    listener = listening(permissions=("MANAGE_ORDERS",))
    await listener.create()
    listener.shop.set_stock("MUG-1", SHELF, 7)
    assert await listener.deliver() == []


async def test_an_app_that_is_switched_off_is_told_nothing_and_refused() -> None:
    # given
    listener = listening()
    await listener.create()

    # when
    listener.shop.switch_app(listener.app, on=False)
    listener.shop.set_stock("MUG-1", SHELF, 7)

    # then
    assert await listener.deliver() == []
    assert (await listener.ask("{ app { id } }"))["data"] == {"app": None}
    listener.shop.switch_app(listener.app, on=True)
    assert (await listener.ask("{ app { id } }"))["data"] == {"app": {"id": listener.app.id}}


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"targetUrl": "nope"}, ("targetUrl", "INVALID", "Enter a valid URL.")),
        ({"targetUrl": "http://127.0.0.1:9/"}, ("targetUrl", "INVALID", "Enter a valid URL.")),
        (
            {"query": "subscription { evnt { __typename } }"},
            (
                "query",
                "GRAPHQL_ERROR",
                'Cannot query field "evnt" on type "Subscription". Did you mean "event"?',
            ),
        ),
    ],
)
async def test_a_webhook_the_host_would_not_take_is_refused(
    given: dict[str, str], error: tuple[str, str, str]
) -> None:
    # given
    listener = listening()

    # when
    refused = await listener.create(**given)

    # then
    assert refused["webhook"] is None
    assert [tuple(each.values()) for each in refused["errors"]] == [error]
    assert listener.app.hooks == []


async def test_a_query_that_is_none_is_refused() -> None:
    refused = await listening().create(query="nonsense")
    assert [each["code"] for each in refused["errors"]] == ["SYNTAX"]


async def test_an_app_changes_and_removes_its_own_webhooks() -> None:
    # given
    listener = listening()
    id = (await listener.create())["webhook"]["id"]
    update = (
        "mutation($id: ID!, $input: WebhookUpdateInput!) { webhookUpdate(id: $id, input: $input) "
        "{ errors { code } } }"
    )
    delete = "mutation($id: ID!) { webhookDelete(id: $id) { errors { code message } } }"

    # when
    await listener.ask(update, id=id, input={"targetUrl": "http://moved.test/hook"})
    listener.shop.set_stock("MUG-1", SHELF, 7)
    await listener.deliver()
    listener.shop.set_stock("MUG-1", SHELF, 8)
    await listener.ask(delete, id=id)
    again = await listener.ask(delete, id=id)

    # then
    assert [str(request.url) for request in listener.heard] == ["http://moved.test/hook"]
    assert await listener.deliver() == [], "what waited for it is not delivered any more"
    assert again["data"]["webhookDelete"]["errors"] == [
        {"code": "NOT_FOUND", "message": f"Couldn't resolve to a node: {id}"}
    ]


async def test_the_desk_switches_apps_and_tells_of_deliveries() -> None:
    # given
    listener = listening()
    await listener.create(asyncEvents=["APP_STATUS_CHANGED"])
    transport = httpx.ASGITransport(listener.shop.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as http:
        # when
        order = {"identifier": "app", "do": "deactivate"}
        done = await http.post("/_simulator/apps", json=order)
        await http.post("/_simulator/duplicates", json={"times": 1})
        await http.post("/_simulator/apps", json=order | {"do": "activate"})
        await listener.deliver()
        told = (await http.get("/_simulator/deliveries")).json()
        unknown = await http.post("/_simulator/apps", json=order | {"identifier": "no"})
        nonsense = await http.post("/_simulator/duplicates", content=b"x")

    # then
    assert (done.status_code, unknown.status_code, nonsense.status_code) == (200, 400, 400)
    assert [attempt["status"] for attempt in told["attempts"]] == [200, 200, 200]
    assert told["waiting"] == 0
