"""How the host keeps the problems that apps report.

A report under a key that stands already is counted and replaces the message, if the last one came
within the report's own period; otherwise both stand. What stands longest unheard of makes room.
Source: Saleor 3.23.28 over HTTP and saleor/graphql/app/mutations, 2026-11-20.
"""

from collections.abc import Collection
from datetime import timedelta

import strawberry

from saleor_amazon_app.simulators.saleor.schema.people import App
from saleor_amazon_app.simulators.saleor.schema.problems import (
    AppProblem,
    AppProblemCreateInput,
    AppProblemDismissByAppInput,
    AppProblemDismissed,
)
from saleor_amazon_app.simulators.saleor.schema.reasons import Reason, Refused, refusal
from saleor_amazon_app.simulators.saleor.schema.words import AppProblemDismissedByEnum
from saleor_amazon_app.simulators.saleor.state import Crash, Shop

_SHORTEST = 3
_LONGEST_KEY = 128
_LONGEST_MESSAGE = 2048
_MOST_PROBLEMS = 100
_MOST_AT_ONCE = 100


def report_problem(shop: Shop, app: App, given: AppProblemCreateInput) -> AppProblem:
    """Adds a problem to an app, or one more occurrence to the one that stands under its key.

    Raises:
        Refused: a text too short or a key too long.
        Crash: a period the host's calendar does not reach.
    """
    _check_texts(given)
    now = shop.clock()
    try:
        since = now - timedelta(
            minutes=60 if (asked := given.aggregation_period) is None else asked
        )
    except OverflowError as error:
        raise Crash("OverflowError") from error
    problems = shop.problems.setdefault(app.id, [])
    message = given.message
    if len(message) > _LONGEST_MESSAGE:
        message = message[: _LONGEST_MESSAGE - 3] + "..."
    standing = [each for each in problems if each.key == given.key and not each.dismissed]
    latest = max(standing, key=lambda each: each.updated_at, default=None)
    if latest is None or asked == 0 or latest.updated_at < since:
        latest = _new(shop, app, given.key)
    latest.count += 1
    latest.message, latest.updated_at = message, now
    latest.is_critical = bool(given.critical_threshold and latest.count >= given.critical_threshold)
    return latest


def dismiss_problems(shop: Shop, app: App, given: AppProblemDismissByAppInput | None) -> None:
    """Takes an app's own problems off the list; those that do not stand there are no error.

    Raises:
        Refused: neither or both of ids and keys, or too many.
    """
    if given is None or given == AppProblemDismissByAppInput():
        raise refusal(
            None,
            "GRAPHQL_ERROR",
            "At least one of arguments is required: 'byApp', 'byStaffWithIds', 'byStaffWithKeys'.",
        )
    if given.ids and given.keys:
        raise refusal("byApp", "INVALID", "Cannot specify both 'ids' and 'keys'.")
    if not given.ids and not given.keys:
        raise refusal("byApp", "REQUIRED", "Must provide either 'ids' or 'keys'.")
    wanted: Collection[str] = given.ids or given.keys or ()
    if len(wanted) > _MOST_AT_ONCE:
        field = "ids" if given.ids else "keys"
        raise refusal(field, "INVALID", f"Cannot specify more than {_MOST_AT_ONCE} items.")
    for problem in shop.problems.get(app.id, ()):
        if (problem.id if given.ids else problem.key) in wanted and not problem.dismissed:
            problem.dismissed = AppProblemDismissed(by=AppProblemDismissedByEnum["APP"])


def _check_texts(given: AppProblemCreateInput) -> None:
    short = f"String should have at least {_SHORTEST} characters"
    wrong = [
        Reason(name, "INVALID", short)
        for name, text in (("message", given.message), ("key", given.key))
        if len(text) < _SHORTEST
    ]
    if len(given.key) > _LONGEST_KEY:
        long = f"String should have at most {_LONGEST_KEY} characters"
        wrong.append(Reason("key", "INVALID", long))
    if wrong:
        raise Refused(*wrong)


def _new(shop: Shop, app: App, key: str) -> AppProblem:
    problems = shop.problems[app.id]
    while len(problems) >= _MOST_PROBLEMS:
        problems.remove(min(problems, key=lambda each: each.updated_at))
    now = shop.clock()
    problem = AppProblem(
        id=strawberry.ID(shop.ids.counted("AppProblem")),
        key=key,
        message="",
        count=0,
        is_critical=False,
        created_at=now,
        updated_at=now,
    )
    problems.append(problem)
    return problem
