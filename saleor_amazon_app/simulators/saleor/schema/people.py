"""Addresses, customers and apps."""

from dataclasses import field
from typing import Annotated

import strawberry

from saleor_amazon_app.simulators.saleor.access_tokens import token_for
from saleor_amazon_app.simulators.saleor.schema.access import Info, PermissionDenied, require
from saleor_amazon_app.simulators.saleor.schema.basics import CountryDisplay, ObjectWithMetadata
from saleor_amazon_app.simulators.saleor.schema.webhooks import Webhook
from saleor_amazon_app.simulators.saleor.schema.words import PermissionEnum


@strawberry.type
class Address(ObjectWithMetadata):
    """An address as the host keeps it, after its own normalisation."""

    id: strawberry.ID
    first_name: str
    last_name: str
    company_name: str
    street_address_1: str = strawberry.field(name="streetAddress1")
    street_address_2: str = strawberry.field(name="streetAddress2")
    city: str
    city_area: str
    postal_code: str
    country: CountryDisplay
    country_area: str
    phone: str | None


@strawberry.type
class User(ObjectWithMetadata):
    """A customer or a member of staff, keyed by e-mail.

    Attributes:
        held: what a member of staff may do.
    """

    id: strawberry.ID
    email: str
    first_name: str = ""
    last_name: str = ""
    is_staff: bool = False
    is_active: bool = True
    external_reference: str | None = None
    held: strawberry.Private[frozenset[str]] = frozenset()
    remark: strawberry.Private[str | None] = None
    kept_addresses: strawberry.Private[list[Address]] = field(default_factory=list)

    @strawberry.field
    def note(self, info: Info) -> str | None:
        """What staff wrote about the customer."""
        require(info, "MANAGE_USERS", "MANAGE_STAFF")
        return self.remark

    @strawberry.field
    def user_permissions(self) -> list["UserPermission"] | None:
        """What a member of staff may do, by code."""
        return [
            UserPermission(code=PermissionEnum[code], name=_in_words(code))
            for code in sorted(self.held)
        ]

    @strawberry.field
    def addresses(self) -> list[Address]:
        """The customer's address book."""
        return self.kept_addresses

    def keeper(self) -> str:
        """Customers are looked after with the permission for users."""
        return "MANAGE_USERS"


@strawberry.type
class UserPermission:
    """Something a member of staff may do."""

    code: PermissionEnum
    name: str


@strawberry.type
class Permission:
    """Something an app may do."""

    code: PermissionEnum
    name: str


@strawberry.type
class App(ObjectWithMetadata):
    """An installed app.

    Attributes:
        held: the permissions, as a set for quick questions.
        token: what its requests carry as bearer.
        hooks: where it is told of events.
        audience: whom its users' tokens are for, if it said so.
    """

    id: strawberry.ID
    identifier: str | None
    name: str | None
    app_url: str | None = None
    version: str | None = None
    is_active: bool | None = True
    held: strawberry.Private[frozenset[str]]
    token: strawberry.Private[str]
    hooks: strawberry.Private[list[Webhook]] = field(default_factory=list)
    audience: strawberry.Private[str | None] = None

    @strawberry.field
    def access_token(self, info: Info) -> str | None:
        """A token by which the app's pages know who opened them; only for staff."""
        staff = info.context.staff
        return token_for(info.context.shop, self, staff, self.held) if staff else None

    @strawberry.field
    def webhooks(self, info: Info) -> list[Webhook] | None:
        """The app's webhooks; only for the app itself, as far as it is simulated."""
        if info.context.app is not self:
            raise PermissionDenied(("MANAGE_APPS", "OWNER"))
        return self.hooks

    @strawberry.field
    def permissions(self) -> list[Permission] | None:
        """What the app may do, by code."""
        return [
            Permission(code=PermissionEnum[code], name=_in_words(code))
            for code in sorted(self.held)
        ]

    def keeper(self) -> str:
        """Apps are looked after with the permission for apps."""
        return "MANAGE_APPS"


def _in_words(code: str) -> str:
    return code.replace("_", " ").capitalize() + "."


UserOrApp = Annotated[User | App, strawberry.union(name="UserOrApp")]
