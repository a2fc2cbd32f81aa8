"""What a decision must know of the host, as values: channels, methods, variants and their stock.

No I/O here: `mapping` reads these; `saleor/catalogue.py` fills them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from saleor_amazon_app.core.ids import (
    ChannelSlug,
    ShippingMethodId,
    TaxClassId,
    VariantId,
    WarehouseId,
)


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A warehouse of a channel.

    Attributes:
        countries: the countries that its shipping zones reach within the channel. The host
            counts a warehouse's stock for an order only when the order's country is among them.
    """

    id: WarehouseId
    slug: str
    name: str
    countries: frozenset[str]


@dataclass(frozen=True, slots=True)
class ShippingMethod:
    """A shipping method as one channel offers it.

    Attributes:
        id: global id of the kind `ShippingMethod:`; the bulk import refuses any other kind.
        countries: where the zone of the method ships to.
        minimum_order: least gross price of the lines in the channel's currency; None: no limit.
        maximum_order: greatest gross price of the lines; None without a limit.
        needs_weight: it has a least weight above 0; imported orders carry none.
        excluded_products: ids of products it cannot deliver.
        postal_code_rules: ids of the rules by which a postal code can exclude it.
        zone: the name of the shipping zone that it belongs to.
    """

    id: ShippingMethodId
    name: str
    countries: frozenset[str]
    minimum_order: Decimal | None = None
    maximum_order: Decimal | None = None
    needs_weight: bool = False
    excluded_products: frozenset[str] = frozenset()
    postal_code_rules: frozenset[str] = frozenset()
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of the shop with what an order needs in it.

    Attributes:
        warehouses: in the channel's own order, by which the host picks when it allocates.
        confirms_orders: whether the channel confirms new orders by itself.
    """

    id: str
    slug: ChannelSlug
    currency: str
    is_active: bool
    confirms_orders: bool
    warehouses: tuple[Warehouse, ...]
    shipping_methods: tuple[ShippingMethod, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """How a variant stands in one channel.

    Attributes:
        has_price: the variant itself is listed in the channel with a price.
        is_published: its product is published there.
        published_from: when a product published for the future becomes visible; None: at once.
        available_from: from when its product can be bought; None: not available.
    """

    has_price: bool
    is_published: bool
    published_from: datetime | None
    available_from: datetime | None


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant with its listings and what is free in each warehouse.

    Attributes:
        on_hand: units per warehouse, those that orders and reservations have taken among them.
        free: units per warehouse that no order and no reservation has taken; a warehouse without
            a stock row is missing.
    """

    id: VariantId
    sku: str
    product_id: str
    product_name: str
    name: str
    tracks_stock: bool
    is_preorder: bool
    listings: Mapping[ChannelSlug, Listing]
    on_hand: Mapping[WarehouseId, int]
    free: Mapping[WarehouseId, int]


@dataclass(frozen=True, slots=True)
class HostCatalogue:
    """Everything of the host that the orders at hand need, read in a few queries.

    Attributes:
        channels: by slug; a channel that does not exist is missing.
        variants: by exact SKU, the placeholder's among them; an unknown SKU is missing.
        tax_class: any tax class of the shop; the host rejects lines without one, and its rate
            never changes an imported amount. None where the shop has none.
        fba_warehouse: the warehouse shown on orders that Amazon fulfils.
        customers: ids of the host's customers by e-mail address, of those that were asked for.
    """

    channels: Mapping[ChannelSlug, Channel]
    variants: Mapping[str, Variant]
    tax_class: TaxClassId | None = None
    fba_warehouse: WarehouseId | None = None
    customers: Mapping[str, str] = field(default_factory=dict)
