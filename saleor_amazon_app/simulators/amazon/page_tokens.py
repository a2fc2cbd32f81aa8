"""Tokens of next pages: good for one seller's one search, and for a day."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from saleor_amazon_app.simulators.amazon.answers import Refused
from saleor_amazon_app.simulators.amazon.book import Position, Window
from saleor_amazon_app.simulators.amazon.order_search import OrderSearch
from saleor_amazon_app.simulators.amazon.pace import Pace


@dataclass(frozen=True, slots=True)
class NextPage:
    """Where a search goes on: the span of its first page, and the last order already given."""

    window: Window
    beyond: Position


class PageTokens:
    """The tokens one seller's searches were given; each can be used again until it dies."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._issued: dict[str, tuple[NextPage, frozenset[tuple[str, str]], datetime]] = {}

    def issue(self, search: OrderSearch, page: NextPage, *, now: datetime) -> str:
        """A token for the page that follows."""
        self._drop_dead(now)
        token = secrets.token_urlsafe(24)
        self._issued[token] = (page, search.identity, now + self._pace.page_token_life)
        return token

    def redeem(self, token: str, search: OrderSearch, *, now: datetime) -> NextPage:
        """The page a token stands for.

        Raises:
            Refused: the token is dead, unknown or belongs to another search; 400 InvalidInput,
                the same words for all three.
        """
        self._drop_dead(now)
        issued = self._issued.get(token)
        if issued is None or issued[1] != search.identity:
            raise _not_valid()
        return issued[0]

    def expire_all(self) -> None:
        """Lets every token die at once."""
        self._issued.clear()

    def _drop_dead(self, now: datetime) -> None:
        # Tokens are kept in the order they were issued, so the dead ones come first.
        while self._issued:
            oldest = next(iter(self._issued))
            if self._issued[oldest][2] > now:
                return
            del self._issued[oldest]


def _not_valid() -> Refused:
    message = "The paginationToken you have submitted is not valid."
    return Refused(400, "InvalidInput", message, "All parameters must match the original request.")
