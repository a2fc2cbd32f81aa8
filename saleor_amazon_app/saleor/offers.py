"""What a merchant chooses from in the settings: the shop's channels and warehouses by name."""

from dataclasses import dataclass

from saleor_amazon_app.saleor.client import SaleorClient

# The host's longest page; no shop is known to have more warehouses.
_PAGE = 100


@dataclass(frozen=True, slots=True)
class NamedWarehouse:
    """A warehouse by name."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class NamedChannel:
    """A channel by name.

    Attributes:
        confirms_orders: whether it confirms new orders by itself.
        warehouses: in the channel's own order, by which the host picks when it allocates.
    """

    slug: str
    name: str
    currency: str
    is_active: bool
    confirms_orders: bool
    warehouses: tuple[NamedWarehouse, ...]


async def read_channels(client: SaleorClient) -> list[NamedChannel]:
    """All channels of the shop, by name."""
    data = await client.execute("Channels")
    found = [
        NamedChannel(
            slug=channel["slug"],
            name=channel["name"],
            currency=channel["currencyCode"],
            is_active=channel["isActive"],
            confirms_orders=channel["orderSettings"]["automaticallyConfirmAllNewOrders"],
            warehouses=tuple(
                NamedWarehouse(one["slug"], one["name"]) for one in channel["warehouses"]
            ),
        )
        for channel in data["channels"] or ()
    ]
    return sorted(found, key=lambda channel: channel.name)


async def read_warehouses(client: SaleorClient) -> list[NamedWarehouse]:
    """The warehouses of the shop, by name."""
    data = await client.execute("Warehouses", {"first": _PAGE})
    nodes = [edge["node"] for edge in data["warehouses"]["edges"]]
    found = [NamedWarehouse(node["slug"], node["name"]) for node in nodes]
    return sorted(found, key=lambda warehouse: warehouse.name)
