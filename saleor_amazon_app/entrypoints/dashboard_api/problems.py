"""What a mutation answers instead of a result: a problem in words that say what to do."""

from collections.abc import Mapping

import strawberry

from saleor_amazon_app.core.errors import AppError, InputRefused, NeedsMerchant, TryAgainLater


@strawberry.type
class FieldProblem:
    """What is wrong with one input."""

    field: str
    message: str


@strawberry.type
class Problem:
    """Why nothing was done, and what to do about it."""

    code: str
    message: str
    field: str | None = None
    what_to_do: str | None = None
    fields: list[FieldProblem] = strawberry.field(
        default_factory=list, description="Everything that is wrong with the input, by field."
    )


def problem_of(error: AppError, *, fields: Mapping[str, str] | None = None) -> Problem:
    """What stands in the way, for a page to show.

    Args:
        error: what an action raised.
        fields: the input that a problem is about, by the problem's code, where it does not say so.
    """
    match error:
        case InputRefused(key=key, wrong=wrong):
            return Problem(
                code=key,
                message=str(error),
                field=wrong[0].field,
                fields=[FieldProblem(field=one.field, message=one.message) for one in wrong],
            )
        case NeedsMerchant(key=key, message=message, what_to_do=what_to_do, field=field):
            named = field or (fields or {}).get(key)
            return Problem(code=key, message=message, field=named, what_to_do=what_to_do)
        case TryAgainLater():
            return Problem(
                code="try-again", message=str(error), what_to_do="Try again in a moment."
            )
        case _:
            return Problem(
                code="not-done",
                message=str(error),
                what_to_do="Try again later; tell the operator of the app if it stays.",
            )


STORE_UNKNOWN = Problem(
    code="store-unknown",
    message="There is no such store.",
    what_to_do="It may have been deleted. Reload the page.",
)
ORDER_UNKNOWN = Problem(
    code="order-unknown",
    message="There is no such order.",
    what_to_do="Its store may have been deleted. Reload the page.",
)
