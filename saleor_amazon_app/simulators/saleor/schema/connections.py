"""Pages of things, as the host's connections are."""

import strawberry

from saleor_amazon_app.simulators.saleor.schema.basics import PageInfo
from saleor_amazon_app.simulators.saleor.schema.catalogue import (
    ProductVariant,
    ShippingZone,
    TaxClass,
    Warehouse,
)
from saleor_amazon_app.simulators.saleor.schema.orders import Order
from saleor_amazon_app.simulators.saleor.schema.people import User


@strawberry.type
class OrderCountableEdge:
    """One order of a page."""

    node: Order


@strawberry.type
class OrderCountableConnection:
    """A page of orders."""

    page_info: PageInfo
    edges: list[OrderCountableEdge]
    total_count: int | None


@strawberry.type
class ProductVariantCountableEdge:
    """One variant of a page."""

    node: ProductVariant


@strawberry.type
class ProductVariantCountableConnection:
    """A page of variants."""

    page_info: PageInfo
    edges: list[ProductVariantCountableEdge]
    total_count: int | None


@strawberry.type
class ShippingZoneCountableEdge:
    """One zone of a page."""

    node: ShippingZone


@strawberry.type
class ShippingZoneCountableConnection:
    """A page of zones."""

    page_info: PageInfo
    edges: list[ShippingZoneCountableEdge]


@strawberry.type
class WarehouseCountableEdge:
    """One warehouse of a page."""

    node: Warehouse


@strawberry.type
class WarehouseCountableConnection:
    """A page of warehouses."""

    page_info: PageInfo
    edges: list[WarehouseCountableEdge]


@strawberry.type
class TaxClassCountableEdge:
    """One tax class of a page."""

    node: TaxClass


@strawberry.type
class TaxClassCountableConnection:
    """A page of tax classes."""

    page_info: PageInfo
    edges: list[TaxClassCountableEdge]


@strawberry.type
class UserCountableEdge:
    """One customer of a page."""

    node: User


@strawberry.type
class UserCountableConnection:
    """A page of customers."""

    page_info: PageInfo
    edges: list[UserCountableEdge]
