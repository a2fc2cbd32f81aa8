"""The simulated shop's GraphQL schema, put together; a true subset of the host's own.

Each version of the host has its own: what a version does not know it refuses as the real one does.
"""

from functools import lru_cache

import strawberry
from graphql import GraphQLError
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from saleor_amazon_app.simulators.saleor.extension_queries import QueryWithExtensions
from saleor_amazon_app.simulators.saleor.fulfilment_mutations import FulfilmentMutations
from saleor_amazon_app.simulators.saleor.order_mutations import OrderMutations
from saleor_amazon_app.simulators.saleor.problem_mutations import ProblemMutations
from saleor_amazon_app.simulators.saleor.queries import Query
from saleor_amazon_app.simulators.saleor.record_mutations import RecordMutations
from saleor_amazon_app.simulators.saleor.refund_mutations import (
    NewerRefundMutations,
    RefundMutations,
)
from saleor_amazon_app.simulators.saleor.schema.events import EVENT_TYPES, Subscription
from saleor_amazon_app.simulators.saleor.schema.words import SCALARS
from saleor_amazon_app.simulators.saleor.webhook_mutations import (
    NewerWebhookMutations,
    WebhookMutations,
)


@strawberry.type
class Mutation(
    OrderMutations, FulfilmentMutations, RecordMutations, RefundMutations, WebhookMutations
):
    """Everything that can be done."""


@strawberry.type(name="Mutation")
class _MutationWithReasons(NewerRefundMutations, Mutation):
    """Everything that can be done in a host that knows reasons of refunds."""


@strawberry.type(name="Mutation")
class _MutationWithProblems(_MutationWithReasons, ProblemMutations):
    """Everything that can be done in a host that knows app problems."""


@strawberry.type(name="Mutation")
class _NewestMutation(NewerWebhookMutations, _MutationWithProblems):
    """Everything that can be done in the newest host."""


class _QuietSchema(strawberry.Schema):
    """Refusals are answers here; Strawberry would log each one as a failure."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Leaves the errors to the answer."""


_WITH_REASONS = (3, 22)
_WITH_PROBLEMS = (3, 22, 36)
_NEWEST = (3, 23)


def schema_of(version: str) -> strawberry.Schema:
    """What a host of that version, such as `3.23.28`, knows of all that is simulated."""
    told = tuple(int(part) for part in version.split("."))
    if told >= _NEWEST:
        return _schema(QueryWithExtensions, _NewestMutation)
    if told >= _WITH_PROBLEMS:
        return _schema(QueryWithExtensions, _MutationWithProblems)
    if told >= _WITH_REASONS:
        return _schema(QueryWithExtensions, _MutationWithReasons)
    return _schema(Query, Mutation)


@lru_cache
def _schema(query: type, mutation: type) -> strawberry.Schema:
    return _QuietSchema(
        query=query,
        mutation=mutation,
        subscription=Subscription,
        types=EVENT_TYPES.values(),
        config=StrawberryConfig(scalar_map=SCALARS),
        extensions=[lambda: ParserCache(maxsize=256), lambda: ValidationCache(maxsize=256)],
    )
