"""How the API's fields are made: described by their docstrings, open to those who may ask."""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.types.field import StrawberryField

from saleor_amazon_app.entrypoints.authorise import Permission
from saleor_amazon_app.entrypoints.dashboard_api.refusals import Refused

# Resolvers differ in everything but that they are functions.
Resolver = Callable[..., Any]
MANAGE_ORDERS = Permission.MANAGE_ORDERS
MANAGE_APPS = Permission.MANAGE_APPS


def field(*any_of: Permission) -> Callable[[Resolver], StrawberryField]:
    """Makes a resolver a field for users with one of these permissions, for all without any."""

    def decorate(resolver: Resolver) -> StrawberryField:
        return strawberry.field(
            resolver, description=_description(resolver, any_of), extensions=_asking(any_of)
        )

    return decorate


def mutation(*any_of: Permission) -> Callable[[Resolver], StrawberryField]:
    """Makes a resolver a mutation for users with one of these permissions."""

    def decorate(resolver: Resolver) -> StrawberryField:
        return strawberry.mutation(
            resolver, description=_description(resolver, any_of), extensions=_asking(any_of)
        )

    return decorate


def _description(resolver: Resolver, any_of: tuple[Permission, ...]) -> str:
    said = (inspect.getdoc(resolver) or "").partition("\n\n")[0].replace("\n", " ")
    return f"{said} Needs {' or '.join(any_of)}." if any_of else said


def _asking(any_of: tuple[Permission, ...]) -> list[FieldExtension]:
    return [_Needs(any_of)] if any_of else []


class _Needs(FieldExtension):
    """Lets only users with one of these permissions of the host ask for a field."""

    def __init__(self, any_of: tuple[Permission, ...]) -> None:
        self._any_of = any_of

    def resolve(self, next_: Callable[..., Any], source: Any, info: Any, **kwargs: Any) -> Any:
        """Asks before the field is resolved."""
        self._ask(info)
        return next_(source, info, **kwargs)

    async def resolve_async(
        self, next_: Callable[..., Awaitable[Any]], source: Any, info: Any, **kwargs: Any
    ) -> Any:
        """Asks before the field is resolved."""
        self._ask(info)
        return await next_(source, info, **kwargs)

    def _ask(self, info: Any) -> None:
        if not info.context.viewer.may(*self._any_of):
            raise Refused(
                "FORBIDDEN",
                f"You need the permission {' or '.join(self._any_of)} in Saleor for this. "
                "Ask whoever manages staff there.",
            )
