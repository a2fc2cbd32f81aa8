"""The schema: queries and mutations, within limits; `./run schema` writes it to web/."""

import sys
from pathlib import Path

import strawberry
from graphql import GraphQLError
from strawberry.extensions import (
    AddValidationRules,
    MaxAliasesLimiter,
    MaxTokensLimiter,
    QueryDepthLimiter,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from saleor_amazon_app.entrypoints.dashboard_api import limits
from saleor_amazon_app.entrypoints.dashboard_api.mutations import Mutation
from saleor_amazon_app.entrypoints.dashboard_api.queries import Query


class _Schema(strawberry.Schema):
    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Logging is the door's: it knows which errors are defects, and quotes no variables."""


schema = _Schema(
    Query,
    Mutation,
    config=StrawberryConfig(disable_field_suggestions=True),
    extensions=[
        lambda: QueryDepthLimiter(max_depth=limits.MOST_DEPTH),
        lambda: MaxAliasesLimiter(max_alias_count=limits.MOST_ALIASES),
        lambda: MaxTokensLimiter(max_token_count=limits.MOST_TOKENS),
        lambda: AddValidationRules([limits.CostLimit]),
    ],
)


def sdl() -> str:
    """The schema in GraphQL's own language, as it stands in web/schema.graphql."""
    return schema.as_str() + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(sdl())
