"""What a request may be refused for, as errors with a code; everything else is a defect.

UNAUTHENTICATED, TOKEN_EXPIRED, UNKNOWN_SHOP   who asks is not proved (HTTP 401)
FORBIDDEN                                      this user may not
BAD_INPUT                                      a value that cannot be meant
SHOP_UNAVAILABLE                               the shop was asked and did not answer
INTERNAL                                       a defect; its words stay in the log
"""

from graphql import GraphQLError


class Refused(GraphQLError):
    """A refusal in words that say what to do."""

    def __init__(self, code: str, message: str, **more: str) -> None:
        super().__init__(message, extensions={"code": code, **more})


def bad_input(message: str) -> Refused:
    """The refusal of a value that cannot be meant."""
    return Refused("BAD_INPUT", message)
