"""What can be made to go wrong with the simulated shop, and installing an app in it."""

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from saleor_amazon_app.simulators.saleor import (
    create_shop,
    default_seed,
    seed_from_json,
    seed_to_json,
)
from saleor_amazon_app.simulators.saleor.pace import Pace
from tests.unit.shop_counter import open_counter

MANIFEST = {
    "id": "saleor.amazon",
    "name": "Amazon",
    "version": "1.0.0",
    "permissions": ["MANAGE_ORDERS", "HANDLE_PAYMENTS"],
    "tokenTargetUrl": "http://app.test/register",
}
COMPLETE = "mutation ($id: ID!) { draftOrderComplete(id: $id) { errors { code } } }"


async def test_a_lost_response_comes_after_the_work() -> None:
    counter = open_counter()
    draft = await counter.drafted()
    counter.shop.faults.lose_response()

    with pytest.raises(httpx.ReadError):
        await counter.complete(draft["id"])

    assert (await counter.find(draft["id"]))["status"] == "UNFULFILLED"


async def test_a_question_does_not_spend_a_lost_response() -> None:
    counter = open_counter()
    counter.shop.faults.lose_response()

    await counter.ask("{ shop { name } }")

    with pytest.raises(httpx.ReadError):
        await counter.drafted()


async def test_a_failed_request_is_not_carried_out() -> None:
    counter = open_counter()
    counter.shop.faults.fail_next(502)

    failed = await counter.post({"query": "{ shop { name } }"})
    next_one = await counter.post({"query": "{ shop { name } }"})

    assert failed.status_code == 502
    assert failed.headers["content-type"].startswith("text/html")
    assert next_one.status_code == 200


async def test_a_caller_who_gives_up_does_not_stop_the_work() -> None:
    counter = open_counter()
    draft = await counter.drafted()
    counter.shop.faults.slow_next(30)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await counter.complete(draft["id"])

    assert (await counter.find(draft["id"]))["status"] == "UNFULFILLED"


async def test_a_shop_that_is_down_takes_no_connection() -> None:
    counter = open_counter()
    counter.shop.faults.down()

    with pytest.raises(httpx.ConnectError):
        await counter.ask("{ shop { name } }")

    counter.shop.faults.down(False)
    assert "errors" not in await counter.ask("{ shop { name } }")


async def test_one_reference_can_cost_its_whole_batch() -> None:
    counter = open_counter()
    counter.shop.faults.refuse_request_containing("111-2")

    with pytest.raises(AssertionError, match="DataError"):
        await counter.bring(counter.order("111-1"), counter.order("111-2"))
    assert counter.state.orders == {}

    counter.shop.faults.refuse_request_containing("111-2", refuse=False)
    assert len(await counter.bring(counter.order("111-1"), counter.order("111-2"))) == 2


async def test_a_deadlock_stops_one_completion_of_a_request_and_passes() -> None:
    # given
    counter = open_counter()
    first = await counter.drafted(reference="111-1")
    second = await counter.drafted(reference="111-2")
    counter.shop.faults.deadlock_next_completion()

    # when
    body = await counter.ask(
        """mutation ($a: ID!, $b: ID!) {
          a: draftOrderComplete(id: $a) { errors { code } }
          b: draftOrderComplete(id: $b) { errors { code } } }""",
        a=first["id"],
        b=second["id"],
    )
    again = await counter.complete(first["id"])

    # then
    assert body["data"] == {"a": None, "b": {"errors": []}}
    (error,) = body["errors"]
    assert error["path"] == ["a"]
    assert error["extensions"] == {"exception": {"code": "OperationalError"}}
    assert again["order"]["status"] == "UNFULFILLED"
    assert counter.stock() == (1000, 2)


async def test_a_host_that_goes_on_completes_a_draft_a_second_time() -> None:
    # given: a gateway that gave up, and a caller who does not wait for the host
    counter = open_counter()
    draft = await counter.drafted()
    counter.shop.faults.give_up_next(seconds=0.05)

    # when
    given_up = await counter.post({"query": COMPLETE, "variables": {"id": draft["id"]}})
    again = await counter.complete(draft["id"])
    await asyncio.sleep(0.1)

    # then: the stock is kept twice, which is what makes waiting necessary
    assert given_up.status_code == 504
    assert again["errors"] == []
    assert counter.stock() == (1000, 2)


async def test_a_host_that_went_on_has_done_it_once() -> None:
    counter = open_counter()
    draft = await counter.drafted()
    counter.shop.faults.give_up_next(seconds=0.05)

    await counter.post({"query": COMPLETE, "variables": {"id": draft["id"]}})
    before = (await counter.find(draft["id"]))["status"]
    await asyncio.sleep(0.1)

    assert (before, (await counter.find(draft["id"]))["status"]) == ("DRAFT", "UNFULFILLED")


async def test_all_faults_are_forgotten() -> None:
    counter = open_counter()
    faults = counter.shop.faults
    faults.down()
    faults.fail_next()
    faults.deadlock_next_completion()
    faults.refuse_request_containing("111-1")

    faults.forget_all()

    draft = await counter.drafted(reference="111-1")
    assert (await counter.complete(draft["id"]))["errors"] == []


async def test_faults_are_set_over_http_too() -> None:
    counter = open_counter()

    good = await counter.http.post("/_simulator/faults", json={"fault": "fail_next", "status": 503})
    senseless = await counter.http.post("/_simulator/faults", json={"fault": "explode"})

    assert (good.status_code, senseless.status_code) == (200, 400)
    assert (await counter.post({"query": "{ shop { name } }"})).status_code == 503


class SomeApp:
    """An app to be installed: what it was told, and what it answers."""

    def __init__(self, manifest: object = MANIFEST, answer: Response | None = None) -> None:
        self.manifest = manifest
        self.answer = answer or JSONResponse({"success": True})
        self.asked: list[httpx.Headers] = []
        self.told: list[tuple[httpx.Headers, Any]] = []
        routes = [
            Route("/manifest", self._manifest),
            Route("/register", self._register, methods=["POST"]),
        ]
        self.transport = httpx.ASGITransport(Starlette(routes=routes))

    async def _manifest(self, request: Request) -> Response:
        self.asked.append(httpx.Headers(request.headers.raw))
        return JSONResponse(self.manifest)

    async def _register(self, request: Request) -> Response:
        self.told.append((httpx.Headers(request.headers.raw), await request.json()))
        return self.answer


async def installed(app: SomeApp) -> tuple[httpx.Response, int]:
    """Installs the app over HTTP; the answer, and how many apps the shop has then."""
    shop = create_shop(transport=app.transport)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(shop.app), base_url="http://shop.test:8000"
    ) as http:
        response = await http.post(
            "/_simulator/install", json={"manifest_url": "http://app.test/manifest"}
        )
    return response, len(shop.state.apps)


async def test_an_installed_app_gets_a_token_and_the_shops_address() -> None:
    # given
    app = SomeApp()

    # when
    response, apps = await installed(app)

    # then
    assert response.json()["installed"] is True
    assert apps == 1
    assert app.asked[0]["Saleor-Schema-Version"] == "3.23"
    headers, body = app.told[0]
    assert headers["Saleor-Api-Url"] == "http://shop.test:8000/graphql/"
    assert headers["Saleor-Domain"] == headers["X-Saleor-Domain"] == "shop.test:8000"
    assert headers["Saleor-Schema-Version"] == "3.23"
    assert list(body) == ["auth_token"]


async def test_the_token_is_good_while_the_app_is_told_it() -> None:
    # given: an app that asks back before it answers
    app = SomeApp()
    shop = create_shop(transport=app.transport)
    seen: list[object] = []

    async def ask_back(request: Request) -> Response:
        token = (await request.json())["auth_token"]
        async with httpx.AsyncClient(transport=httpx.ASGITransport(shop.app)) as http:
            answer = await http.post(
                "http://shop.test/graphql/",
                json={"query": "{ app { identifier permissions { code } } shop { version } }"},
                headers={"Authorization": f"Bearer {token}"},
            )
        seen.append(answer.json()["data"])
        return JSONResponse({"success": True})

    app.transport.app = Starlette(
        routes=[
            Route("/manifest", lambda _request: JSONResponse(MANIFEST)),
            Route("/register", ask_back, methods=["POST"]),
        ]
    )

    # when
    done = await shop.install("http://app.test/manifest", "http://shop.test/graphql/")

    # then
    assert done.installed
    assert seen == [
        {
            "app": {
                "identifier": "saleor.amazon",
                "permissions": [{"code": "HANDLE_PAYMENTS"}, {"code": "MANAGE_ORDERS"}],
            },
            "shop": {"version": "3.23.28"},
        }
    ]


@pytest.mark.parametrize(
    ("_case", "app", "error"),
    [
        (
            "the app refuses",
            SomeApp(answer=JSONResponse({"error": {"message": "Not this shop."}}, 403)),
            "Not this shop.",
        ),
        (
            "the app fails",
            SomeApp(answer=Response("oops", 500)),
            "App internal error. Try later or contact with app support.",
        ),
        ("no manifest", SomeApp(manifest=["nothing"]), "Unable to fetch manifest data."),
        (
            "an unknown permission",
            SomeApp(manifest=MANIFEST | {"permissions": ["MANAGE_EVERYTHING"]}),
            "Given permissions don't exist: MANAGE_EVERYTHING.",
        ),
    ],
)
async def test_what_cannot_be_installed_leaves_no_app(_case: str, app: SomeApp, error: str) -> None:
    response, apps = await installed(app)

    assert response.status_code == 400
    assert response.json() == {"installed": False, "app_id": None, "error": error}
    assert apps == 0


async def test_an_app_is_installed_once() -> None:
    app = SomeApp()
    shop = create_shop(transport=app.transport)
    address = "http://shop.test/graphql/"
    await shop.install("http://app.test/manifest", address)

    again = await shop.install("http://app.test/manifest", address)

    assert again.error == "App with the same identifier is already installed."
    assert len(app.told) == 1


def test_a_seed_reads_back_as_it_was_written() -> None:
    seed = replace(default_seed(), tax_classes=("Standard", "Books"))

    assert seed_from_json(seed_to_json(seed)) == seed


async def test_real_latency_is_paid_in_turn() -> None:
    # given
    loop = asyncio.get_running_loop()
    pace, started = Pace("real"), loop.time()

    # when: two requests of a draft each
    await asyncio.gather(*(pace.work(drafted=1, completed=0) for _ in range(2)))

    # then
    assert loop.time() - started >= 0.219
