"""The simulated shop keeps app problems by the host's rules."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from saleor_amazon_app.saleor.documents import document
from saleor_amazon_app.simulators.saleor import Seed, SimulatedShop, create_shop, default_seed
from saleor_amazon_app.simulators.saleor.seed import ShopSeed
from tests.simulated_amazon import HandClock

REPORT = """
    mutation Report($input: AppProblemCreateInput!) {
      appProblemCreate(input: $input) {
        appProblem { key message count isCritical dismissed { by } }
        errors { field code message }
      }
    }
"""
DISMISS = """
    mutation Dismiss($input: AppProblemDismissInput!) {
      appProblemDismiss(input: $input) { errors { field code message } }
    }
"""


@dataclass
class Caller:
    """An app in a shop whose time is moved by hand."""

    shop: SimulatedShop
    clock: HandClock
    http: httpx.AsyncClient

    async def ask(self, query: str, **input: Any) -> httpx.Response:
        body = {"query": query, "variables": {"input": input}}
        return await self.http.post("/graphql/", json=body)

    async def report(self, message: str = "It broke", **more: Any) -> dict[str, Any]:
        answer = await self.ask(REPORT, **{"key": "broken", "message": message} | more)
        told: dict[str, Any] = answer.json()["data"]["appProblemCreate"]
        return told

    async def dismiss(self, **by_app: Any) -> list[dict[str, Any]]:
        answer = await self.ask(DISMISS, byApp=by_app)
        errors: list[dict[str, Any]] = answer.json()["data"]["appProblemDismiss"]["errors"]
        return errors

    @property
    def standing(self) -> list[tuple[str, int]]:
        return [(problem.message, problem.count) for problem in self.shop.problems()]


def opened(version: str = "3.23.28") -> Caller:
    clock = HandClock()
    seed = Seed(**{**vars_of(default_seed()), "shop": ShopSeed(version=version)})
    shop = create_shop(seed, clock=clock)
    headers = {"Authorization": f"Bearer {shop.add_app(())}"}
    transport = httpx.ASGITransport(shop.app)
    return Caller(
        shop, clock, httpx.AsyncClient(transport=transport, base_url="http://s", headers=headers)
    )


def vars_of(seed: Seed) -> dict[str, Any]:
    return {name: getattr(seed, name) for name in Seed.__dataclass_fields__}


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    made = opened()
    yield made
    await made.http.aclose()


async def test_a_report_under_a_key_that_stands_is_counted_and_says_the_new(
    caller: Caller,
) -> None:
    # when
    first = await caller.report("One store")
    caller.clock.move(minutes=60)
    second = await caller.report("Two stores")

    # then
    assert first["appProblem"] == {
        "key": "broken",
        "message": "One store",
        "count": 1,
        "isCritical": False,
        "dismissed": None,
    }
    assert (second["appProblem"]["message"], second["appProblem"]["count"]) == ("Two stores", 2)
    assert caller.standing == [("Two stores", 2)]


@pytest.mark.parametrize(
    ("_case", "minutes", "period", "count"),
    [
        ("within an hour", 60, {}, 1),
        ("after an hour", 61, {}, 2),
        ("within a period of its own", 61, {"aggregationPeriod": 120}, 1),
        ("never put together", 0, {"aggregationPeriod": 0}, 2),
    ],
)
async def test_reports_are_put_together_within_their_period(
    caller: Caller, _case: str, minutes: int, period: dict[str, Any], count: int
) -> None:
    await caller.report()
    caller.clock.move(minutes=minutes)

    await caller.report(**period)

    assert len(caller.standing) == count


async def test_a_problem_is_critical_from_its_threshold_on(caller: Caller) -> None:
    told = [await caller.report(criticalThreshold=threshold) for threshold in (1, 2, 4, 4)]

    assert [each["appProblem"]["isCritical"] for each in told] == [True, True, False, True]


@pytest.mark.parametrize(
    ("_case", "given", "fields"),
    [
        ("too short", {"key": "ab", "message": "x"}, ["message", "key"]),
        ("too long a key", {"key": "k" * 129}, ["key"]),
    ],
)
async def test_texts_that_do_not_fit_are_refused(
    caller: Caller, _case: str, given: dict[str, str], fields: list[str]
) -> None:
    told = await caller.report(**given)

    assert told["appProblem"] is None
    assert [(each["field"], each["code"]) for each in told["errors"]] == [
        (field, "INVALID") for field in fields
    ]
    assert caller.standing == []


async def test_a_long_message_is_cut(caller: Caller) -> None:
    told = await caller.report("m" * 3000)

    assert told["appProblem"]["message"] == "m" * 2045 + "..."


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"criticalThreshold": 0}, 'Expected type "PositiveInt", found 0.'),
        ({"aggregationPeriod": -1}, 'Expected type "Minute", found -1.'),
    ],
)
async def test_numbers_out_of_range_are_no_request(
    caller: Caller, given: dict[str, int], words: str
) -> None:
    answer = await caller.ask(REPORT, key="broken", message="It broke", **given)

    assert answer.status_code == 400
    assert words in answer.json()["errors"][0]["message"]


async def test_a_period_beyond_the_calendar_crashes_the_host(caller: Caller) -> None:
    answer = await caller.ask(REPORT, key="broken", message="It broke", aggregationPeriod=2**31 - 1)

    (error,) = answer.json()["errors"]
    assert error["extensions"]["exception"]["code"] == "OverflowError"


async def test_an_app_dismisses_by_key_and_what_does_not_stand_is_no_error(caller: Caller) -> None:
    await caller.report()
    await caller.report(key="other")

    errors = await caller.dismiss(keys=["broken", "nothing"])

    assert errors == []
    assert [problem.key for problem in caller.shop.problems()] == ["other"]


async def test_what_was_dismissed_is_a_new_problem_when_it_comes_back(caller: Caller) -> None:
    await caller.report()
    await caller.dismiss(keys=["broken"])

    told = await caller.report()

    assert told["appProblem"]["count"] == 1


@pytest.mark.parametrize(
    ("by_app", "field", "code"),
    [
        ({"keys": []}, "byApp", "REQUIRED"),
        ({}, None, "GRAPHQL_ERROR"),
        ({"keys": ["a"], "ids": ["b"]}, "byApp", "INVALID"),
        ({"keys": ["a"] * 101}, "keys", "INVALID"),
    ],
)
async def test_a_dismissal_that_names_nothing_or_too_much_is_refused(
    caller: Caller, by_app: dict[str, Any], field: str | None, code: str
) -> None:
    await caller.report(key="a" * 3)

    (error,) = await caller.dismiss(**by_app)

    assert (error["field"], error["code"]) == (field, code)
    assert len(caller.standing) == 1


async def test_the_oldest_of_a_hundred_problems_makes_room(caller: Caller) -> None:
    for number in range(101):
        caller.clock.move(seconds=1)
        await caller.report(key=f"key-{number}")

    assert [problem.key for problem in caller.shop.problems()][:2] == ["key-1", "key-2"]
    assert len(caller.standing) == 100


async def test_nobody_reports_without_a_token(caller: Caller) -> None:
    del caller.http.headers["Authorization"]

    answer = await caller.ask(REPORT, key="broken", message="It broke")

    (error,) = answer.json()["errors"]
    assert error["message"].endswith("one of the following permissions: AUTHENTICATED_APP")
    assert caller.standing == []


@pytest.mark.parametrize("version", ["3.21.69", "3.22.35"])
async def test_an_older_host_knows_no_problems(version: str) -> None:
    caller = opened(version)

    answer = await caller.http.post(
        "/graphql/",
        json={
            "query": document("ReportAppProblem").text,
            "variables": {"key": "broken", "message": "It broke"},
        },
    )
    await caller.http.aclose()

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"].startswith('Cannot query field "appProblemCreate"')
    assert caller.standing == []
