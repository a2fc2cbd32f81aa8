"""Why a mutation refuses, as a value that every mutation tells in words of its own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a mutation refused, before it is told in the words of that mutation.

    Attributes:
        code: a name of the mutation's own error enum.
    """

    field: str | None
    code: str
    message: str
    order_lines: tuple[str, ...] | None = None
    variants: tuple[str, ...] | None = None
    warehouse: str | None = None
    address_type: str | None = None


class Refused(Exception):  # noqa: N818 - an answer, not a failure
    """The host says no; nothing was changed."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__(", ".join(reason.message for reason in reasons))
        self.reasons = reasons


def refusal(field: str | None, code: str, message: str) -> Refused:
    """A refusal with a single reason that names no lines."""
    return Refused(Reason(field, code, message))
