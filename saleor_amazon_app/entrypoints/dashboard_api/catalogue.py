"""What settings and connections are chosen from: the shop's channels, warehouses and methods."""

import strawberry


@strawberry.type
class Warehouse:
    """A warehouse of the shop."""

    slug: str
    name: str


@strawberry.type
class Channel:
    """A channel of the shop; its warehouses in the order in which stock is taken."""

    slug: str
    name: str
    currency: str
    is_active: bool
    confirms_by_itself: bool
    warehouses: list[Warehouse]


@strawberry.type
class ShippingMethod:
    """A shipping method of a channel, and why orders cannot get it, where that is so."""

    id: strawberry.ID
    name: str
    zone: str
    countries: list[str]
    is_usable: bool
    why_not: str | None
