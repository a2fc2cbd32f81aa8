"""App problems, as hosts from 3.22 on know them: what an app tells staff who look after apps."""

from dataclasses import field
from datetime import datetime

import strawberry

from saleor_amazon_app.simulators.saleor.schema.words import (
    AppProblemCreateErrorCode,
    AppProblemDismissedByEnum,
    AppProblemDismissErrorCode,
    Minute,
    PositiveInt,
)


@strawberry.type
class AppProblemDismissed:
    """Who took a problem off the list."""

    by: AppProblemDismissedByEnum


@strawberry.type
class AppProblem:
    """One problem of one app."""

    id: strawberry.ID
    key: str
    message: str
    count: int
    is_critical: bool
    created_at: datetime
    updated_at: datetime
    dismissed: AppProblemDismissed | None = None


@strawberry.input
class AppProblemCreateInput:
    """A problem as an app reports it."""

    message: str
    key: str
    critical_threshold: PositiveInt | None = None
    aggregation_period: Minute | None = Minute(60)


@strawberry.input
class AppProblemDismissByAppInput:
    """Which of its own problems an app dismisses."""

    ids: list[strawberry.ID] | None = None
    keys: list[str] | None = None


@strawberry.input
class AppProblemDismissInput:
    """What is dismissed; staff have other inputs, which are not simulated."""

    by_app: AppProblemDismissByAppInput | None = None


@strawberry.type
class AppProblemCreateError:
    """Why a problem was refused."""

    field: str | None
    message: str | None
    code: AppProblemCreateErrorCode


@strawberry.type
class AppProblemCreate:
    """Answer of `appProblemCreate`."""

    app_problem: AppProblem | None = None
    errors: list[AppProblemCreateError] = field(default_factory=list)


@strawberry.type
class AppProblemDismissError:
    """Why nothing was dismissed."""

    field: str | None
    message: str | None
    code: AppProblemDismissErrorCode


@strawberry.type
class AppProblemDismiss:
    """Answer of `appProblemDismiss`."""

    errors: list[AppProblemDismissError] = field(default_factory=list)
