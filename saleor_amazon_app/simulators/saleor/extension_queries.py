"""The questions of a dashboard that shows apps, as hosts from 3.22 on answer them."""

import strawberry

from saleor_amazon_app.simulators.saleor.queries import Query
from saleor_amazon_app.simulators.saleor.schema.access import Info, require, require_anybody
from saleor_amazon_app.simulators.saleor.schema.basics import page
from saleor_amazon_app.simulators.saleor.schema.extensions import (
    AppCountableConnection,
    AppCountableEdge,
    AppExtensionCountableConnection,
    AppExtensionCountableEdge,
    AppExtensionFilterInput,
)


@strawberry.type(name="Query")
class QueryWithExtensions(Query):
    """Questions, those about what apps add to the dashboard among them."""

    @strawberry.field
    def apps(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> AppCountableConnection | None:
        """The installed apps; other apps may not look at them without a permission."""
        if info.context.staff is None:
            require(info, "MANAGE_APPS")
        every = list(info.context.shop.apps.values())
        nodes, place = page(every, name="apps", first=first, after=after)
        return AppCountableConnection(
            page_info=place, edges=[AppCountableEdge(node=node) for node in nodes]
        )

    @strawberry.field
    def app_extensions(
        self,
        info: Info,
        filter: AppExtensionFilterInput | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> AppExtensionCountableConnection | None:
        """What active apps add, everywhere or in some places."""
        require_anybody(info)
        mounts = filter.mount_name if filter else None
        wanted = None if mounts is None else {name.upper() for name in mounts}
        found = [
            one
            for one in info.context.shop.extensions
            if one.app.is_active and (wanted is None or one.mount_name in wanted)
        ]
        nodes, place = page(found, name="appExtensions", first=first, after=after)
        return AppExtensionCountableConnection(
            page_info=place, edges=[AppExtensionCountableEdge(node=node) for node in nodes]
        )
