"""The client on a line to the simulated Amazon, on which Amazon's own models judge every answer."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from jsonschema import Draft4Validator
from pydantic import SecretStr

from saleor_amazon_app.amazon.auth import AccessToken, LwaClient, fetch_access_token
from saleor_amazon_app.amazon.client import AmazonClient
from saleor_amazon_app.amazon.feed_reports import ProcessingReport
from saleor_amazon_app.amazon.feeds import (
    FeedId,
    FeedStatus,
    FeedType,
    create_document,
    create_feed,
    feed,
    report,
    upload,
)
from saleor_amazon_app.amazon.order_records import Order
from saleor_amazon_app.amazon.orders import get_order
from saleor_amazon_app.core.ids import AmazonOrderId, MarketplaceId
from saleor_amazon_app.simulators.amazon import ScriptedOrder, SimulatedAmazon, create_amazon
from tests.contracts.amazon_line import RememberingThrottle
from tests.contracts.amazon_models import amazon_model
from tests.simulated_amazon import HandClock

URL = "http://amazon.test"
UNITED_STATES = MarketplaceId("ATVPDKIKX0DER")
MODELS = (
    "orders_2026-01-01.json",
    "ordersV0.json",
    "feeds_2021-06-30.json",
    "finances_2024-06-19.json",
)


@dataclass
class FreshTokens:
    """A token that is fetched anew whenever it is too old."""

    http: httpx.AsyncClient
    clock: HandClock
    url: str = URL
    kept: AccessToken | None = None

    async def __call__(self, *, refused: AccessToken | None) -> AccessToken:
        if self.kept is None or self.kept == refused or self.kept.expires_at <= self.clock():
            self.kept = await fetch_access_token(
                self.http,
                lwa_url=self.url,
                client=LwaClient(
                    "amzn1.application-oa2-client.simulated",
                    SecretStr("amzn1.oa2-cs.v1.simulated"),
                ),
                refresh_token=SecretStr("Atzr|simulated"),
                clock=self.clock,
            )
        return self.kept


@dataclass
class Line:
    """What a test holds of both ends."""

    amazon: SimulatedAmazon
    clock: HandClock
    http: httpx.AsyncClient
    client: AmazonClient
    tokens: FreshTokens
    judged: list[str]

    async def permission(self) -> dict[str, str]:
        """The header for a request that the client would never make."""
        token = await self.tokens(refused=None)
        return {"x-amz-access-token": token.token.get_secret_value()}

    async def hand_in(self, content: bytes, feed_type: FeedType) -> FeedId:
        """All three steps by which a document becomes a feed."""
        document = await create_document(self.client)
        await upload(self.http, document, content)
        return await create_feed(self.client, feed_type, [UNITED_STATES], document.id)

    async def done(self, feed_id: FeedId) -> ProcessingReport:
        """The report of a feed, after the time a feed takes."""
        self.clock.move(minutes=2)
        ended = await feed(self.client, feed_id)
        assert ended.status == FeedStatus.DONE
        return await report(self.client, self.http, ended.result_document_id or "")

    async def order(self, order_id: str) -> Order:
        """The order as Amazon shows it."""
        found = await get_order(self.client, AmazonOrderId(order_id))
        assert isinstance(found, Order)
        return found

    async def outcome(self) -> Any:
        """The first seller's book for judges."""
        answer = await self.http.get(f"{URL}/_simulator/outcome")
        return answer.json()["sellers"][0]

    async def act(self, action: str, **arguments: Any) -> None:
        """Takes an action at the director's desk."""
        answer = await self.http.post(f"{URL}/_simulator/{action}", json=arguments)
        assert answer.status_code == 200, answer.text


@asynccontextmanager
async def simulated_line(*orders: dict[str, Any]) -> AsyncIterator[Line]:
    """A seller with these orders."""
    clock, judged = HandClock(), list[str]()
    amazon = create_amazon([ScriptedOrder(order) for order in orders], clock=clock)

    async def judge(response: httpx.Response) -> None:
        await response.aread()
        judged.extend(_judged(response))

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(amazon.app), event_hooks={"response": [judge]}
    ) as http:
        tokens = FreshTokens(http, clock)
        client = AmazonClient(
            http, spapi_url=URL, access_token=tokens, throttle=RememberingThrottle()
        )
        yield Line(amazon, clock, http, client, tokens, judged)


def _judged(response: httpx.Response) -> list[str]:
    """Asserts that the model describes the answer; names the operation that was judged."""
    path, method = response.request.url.path, response.request.method.lower()
    for name in MODELS:
        model = amazon_model(name)
        for template, verbs in model["paths"].items():
            pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
            if method not in verbs or not re.fullmatch(pattern, path):
                continue
            told = verbs[method]["responses"][str(response.status_code)]
            assert all(header in response.headers for header in told.get("headers", ()))
            if response.status_code == 204:
                assert response.content == b""
            # A gateway's page of HTML is in no model.
            elif "html" not in response.headers["content-type"]:
                schema = {**told["schema"], "definitions": model["definitions"]}
                problems = Draft4Validator(schema).iter_errors(response.json())
                assert [problem.message for problem in problems] == []
            return [verbs[method]["operationId"]]
    return []
