"""Everything that staff can have done; each answers its result or a problem."""

from typing import Annotated

import strawberry

from saleor_amazon_app.core.errors import NeedsMerchant
from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.entrypoints.dashboard_api.context import Info
from saleor_amazon_app.entrypoints.dashboard_api.fields import MANAGE_APPS, MANAGE_ORDERS, mutation
from saleor_amazon_app.entrypoints.dashboard_api.problems import (
    STORE_UNKNOWN,
    Problem,
    problem_of,
)
from saleor_amazon_app.entrypoints.dashboard_api.stores import Store, store_of
from saleor_amazon_app.flows import stores as store_flows

StoreResult = Annotated[Store | Problem, strawberry.union("StoreResult")]


@strawberry.type
class Mutation:
    """What can be done, in the viewer's own shop alone."""

    @mutation(MANAGE_ORDERS, MANAGE_APPS)
    async def sync_now(self, info: Info, store_id: strawberry.ID) -> StoreResult:
        """Has a store read at once."""
        row = await info.context.store(store_id)
        if row is None:
            return STORE_UNKNOWN
        try:
            await store_flows.sync_now(info.context.lines, row)
        except NeedsMerchant as needed:
            return problem_of(needed)
        info.context.forget_stores()
        return store_of((await info.context.stores())[StoreId(row.id)])
