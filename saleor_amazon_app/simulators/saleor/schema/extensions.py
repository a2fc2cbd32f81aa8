"""What apps add to the dashboard, by the names that hosts from 3.22 on have for it."""

import strawberry
from strawberry.scalars import JSON

from saleor_amazon_app.simulators.saleor.access_tokens import token_for
from saleor_amazon_app.simulators.saleor.schema.access import Info
from saleor_amazon_app.simulators.saleor.schema.basics import PageInfo
from saleor_amazon_app.simulators.saleor.schema.people import App, Permission
from saleor_amazon_app.simulators.saleor.schema.words import PermissionEnum


@strawberry.type
class AppExtension:
    """A place of the dashboard where an app shows itself.

    Attributes:
        asked: the permissions whoever opens it needs.
    """

    id: strawberry.ID
    label: str
    url: str
    mount_name: str
    target_name: str
    settings: JSON
    app: App
    asked: strawberry.Private[frozenset[str]]

    @strawberry.field
    def permissions(self) -> list[Permission]:
        """The permissions whoever opens it needs."""
        return [Permission(code=PermissionEnum[code], name=code) for code in sorted(self.asked)]

    @strawberry.field
    def access_token(self, info: Info) -> str | None:
        """A token for it; only for staff who hold everything it needs."""
        staff = info.context.staff
        if staff is None or not self.asked <= staff.held:
            return None
        return token_for(info.context.shop, self.app, staff, self.asked, extension_id=self.id)


@strawberry.input
class AppExtensionFilterInput:
    """Which extensions."""

    mount_name: list[str] | None = None


@strawberry.type
class AppCountableEdge:
    """One app of a page."""

    node: App


@strawberry.type
class AppCountableConnection:
    """A page of apps."""

    page_info: PageInfo
    edges: list[AppCountableEdge]


@strawberry.type
class AppExtensionCountableEdge:
    """One extension of a page."""

    node: AppExtension


@strawberry.type
class AppExtensionCountableConnection:
    """A page of extensions."""

    page_info: PageInfo
    edges: list[AppExtensionCountableEdge]
