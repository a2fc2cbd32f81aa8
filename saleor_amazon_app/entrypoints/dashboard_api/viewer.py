"""Who looks at the pages, what they may see, and what stands on every page."""

import strawberry

from saleor_amazon_app.entrypoints.authorise import Permission
from saleor_amazon_app.entrypoints.dashboard_api.context import Info
from saleor_amazon_app.entrypoints.dashboard_api.fields import field
from saleor_amazon_app.flows import first_steps
from saleor_amazon_app.flows.problems import held_in_words
from saleor_amazon_app.ledger.problems import stores_with_held_orders


@strawberry.type(description="CONNECT_STORE, MAP_CHANNELS, SHIPPING_METHODS or FIRST_ORDER.")
class ChecklistStep:
    """One step of the first run."""

    key: str
    done: bool


@strawberry.type
class Viewer:
    """The member of staff who looks at the page."""

    saleor_api_url: str
    shop_domain: str
    email: str | None
    permissions: list[str]
    can_see_orders: bool
    can_manage: bool
    amazon_consent_available: bool

    @field()
    async def banner(self, info: Info) -> str | None:
        """What stands on every page while orders are held; null for whoever may see none."""
        if not info.context.viewer.may(Permission.MANAGE_ORDERS, Permission.MANAGE_APPS):
            return None
        async with info.context.lines.database.transaction() as session:
            names = await stores_with_held_orders(session, info.context.shop.id)
        return held_in_words(names) if names else None

    @field()
    async def checklist(self, info: Info) -> list[ChecklistStep]:
        """The steps of the first run."""
        done = await first_steps.done(info.context.lines, info.context.shop)
        return [ChecklistStep(key=step.value, done=step in done) for step in first_steps.Step]


def viewer_of(info: Info) -> Viewer:
    """The viewer of a request."""
    viewer = info.context.viewer
    return Viewer(
        saleor_api_url=viewer.shop.saleor_api_url,
        shop_domain=viewer.shop.domain,
        email=viewer.user.email,
        permissions=sorted(viewer.user.permissions),
        can_see_orders=viewer.may(Permission.MANAGE_ORDERS),
        can_manage=viewer.may(Permission.MANAGE_APPS),
        amazon_consent_available=info.context.lines.consent_app is not None,
    )
