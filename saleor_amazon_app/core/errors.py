"""Errors in three families, by who must act.

    AppError
    ├── TryAgainLater      nobody: the same step will work later
    └── NeedsMerchant      the shop: something must be set right, said in the merchant's words
    (anything else is a defect and must surface)

Each room draws its own tree below these in its `errors.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta


class AppError(Exception):
    """What this app raises on purpose; the message is one sentence for people."""


class TryAgainLater(AppError):
    """The other side cannot answer now; the step is repeated as it is.

    Attributes:
        after: how long to wait at least; None leaves it to the policy of retries.
    """

    def __init__(self, message: str, *, after: timedelta | None = None) -> None:
        super().__init__(message)
        self.after = after


class NeedsMerchant(AppError):
    """Only the merchant can help: the message says what happened and what to do.

    Attributes:
        key: a stable name of the problem, such as `amazon-reauthorise`.
        message: what happened, and what to do unless that stands apart.
        what_to_do: where a page shows it apart.
        field: the input it is about, by the name it has in our API.
    """

    def __init__(
        self, key: str, message: str, *, what_to_do: str | None = None, field: str | None = None
    ) -> None:
        super().__init__(f"{message} {what_to_do}" if what_to_do else message)
        self.key = key
        self.message = message
        self.what_to_do = what_to_do
        self.field = field


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one input, in words that say what to do."""

    field: str
    message: str


class InputRefused(NeedsMerchant):
    """Something that was entered cannot be meant or cannot work; nothing of it was kept.

    Attributes:
        wrong: everything that is wrong with it, never empty.
    """

    def __init__(self, key: str, wrong: Sequence[Wrong]) -> None:
        super().__init__(key, " ".join(one.message for one in wrong), field=wrong[0].field)
        self.wrong = tuple(wrong)
