"""What a mutation answers instead of a result: a problem in words that say what to do."""

import strawberry

from saleor_amazon_app.core.errors import NeedsMerchant


@strawberry.type
class Problem:
    """Why nothing was done, and what to do about it."""

    code: str
    message: str
    field: str | None = None
    what_to_do: str | None = None


def problem_of(needed: NeedsMerchant) -> Problem:
    """What only the merchant can help with."""
    return Problem(code=needed.key, message=str(needed))


STORE_UNKNOWN = Problem(
    code="store-unknown",
    message="There is no such store.",
    what_to_do="It may have been deleted. Reload the page.",
)
