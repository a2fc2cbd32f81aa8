"""Everything that staff can have done; each answers its result or a problem."""

import strawberry

from saleor_amazon_app.entrypoints.dashboard_api.mutations_orders import OrderMutations
from saleor_amazon_app.entrypoints.dashboard_api.mutations_stores import StoreMutations


@strawberry.type
class Mutation(StoreMutations, OrderMutations):
    """What can be done, in the viewer's own shop alone."""
