"""The simulated shop's GraphQL schema, put together; a true subset of the host's own."""

import strawberry
from graphql import GraphQLError
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from saleor_amazon_app.simulators.saleor.fulfilment_mutations import FulfilmentMutations
from saleor_amazon_app.simulators.saleor.order_mutations import OrderMutations
from saleor_amazon_app.simulators.saleor.queries import Query
from saleor_amazon_app.simulators.saleor.record_mutations import RecordMutations
from saleor_amazon_app.simulators.saleor.schema.words import SCALARS


@strawberry.type
class Mutation(OrderMutations, FulfilmentMutations, RecordMutations):
    """Everything that can be done."""


class _QuietSchema(strawberry.Schema):
    """Refusals are answers here; Strawberry would log each one as a failure."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Leaves the errors to the answer."""


SCHEMA = _QuietSchema(
    query=Query,
    mutation=Mutation,
    config=StrawberryConfig(scalar_map=SCALARS),
    extensions=[lambda: ParserCache(maxsize=256), lambda: ValidationCache(maxsize=256)],
)
