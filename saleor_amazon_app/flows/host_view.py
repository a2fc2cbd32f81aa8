"""The host as a decision must see it, read in a few queries for a whole claim of orders."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace

from saleor_amazon_app.amazon.order_records import Order
from saleor_amazon_app.core.choices import Choices
from saleor_amazon_app.core.ids import AmazonOrderId
from saleor_amazon_app.mapping.buyers import customer_email, emails_to_look_up
from saleor_amazon_app.saleor import catalogue, customers
from saleor_amazon_app.saleor import orders as host_orders
from saleor_amazon_app.saleor.catalogue_records import HostCatalogue
from saleor_amazon_app.saleor.client import MUTATIONS_PER_REQUEST, SaleorClient
from saleor_amazon_app.saleor.customers import TAG, NewCustomer
from saleor_amazon_app.saleor.order_records import HostOrder
from saleor_amazon_app.saleor.refusals import Refused

_OURS = {TAG: "true"}

# Makes sure before a request that the orders are still ours; raises when they are not.
Guard = Callable[[], Awaitable[None]]


class HostView:
    """A shop seen through the settings of one store.

    What hardly changes (channels, methods, warehouses) is read once in its life, which is one
    run of a job; variants and their stock are read for every claim.
    """

    def __init__(self, client: SaleorClient, settings: Choices) -> None:
        self.client = client
        self._settings = settings
        self._setup: HostCatalogue | None = None

    async def read(self, orders: Iterable[Order]) -> HostCatalogue:
        """The set-up of the shop, the variants of the orders and the customers they may have."""
        orders = list(orders)
        setup = await self._read_setup()
        skus: set[str | None] = {i.product.seller_sku for o in orders for i in o.order_items}
        skus.add(self._settings.placeholder_sku)
        emails = sorted({e for order in orders for e in emails_to_look_up(order, self._settings)})
        return replace(
            setup,
            variants=await catalogue.read_variants(self.client, filter(None, skus)),
            customers=await customers.find(self.client, emails) if emails else {},
        )

    async def left_over(self, order_ids: Iterable[AmazonOrderId]) -> dict[AmazonOrderId, HostOrder]:
        """Finds what is in the host of orders whose placing was broken off; nothing of some."""
        found = await host_orders.look_up(self.client, list(order_ids))
        return {order_id: order for order_id, order in found.items() if order}

    async def with_customers(
        self, orders: Iterable[Order], host: HostCatalogue, guard: Guard
    ) -> HostCatalogue:
        """Creates the customers that the orders need and the host does not have."""
        wanted = {customer_email(order, self._settings) for order in orders} - {None}
        missing = sorted(email for email in wanted if email and email not in host.customers)
        known = dict(host.customers)
        for start in range(0, len(missing), MUTATIONS_PER_REQUEST):
            some = missing[start : start + MUTATIONS_PER_REQUEST]
            await guard()
            made = await customers.create(self.client, [NewCustomer(e, _OURS) for e in some])
            known |= {
                email: id_
                for email, id_ in zip(some, made, strict=True)
                if not isinstance(id_, Refused)
            }
        if left := [email for email in missing if email not in known]:
            # Refused because another worker was faster.
            known |= await customers.find(self.client, left)
        return replace(host, customers=known)

    async def _read_setup(self) -> HostCatalogue:
        if self._setup is None:
            slugs = {target.channel for target in self._settings.import_into.values()}
            channels = await catalogue.read_channels(self.client, sorted(filter(None, slugs)))
            shown = self._settings.fba_warehouse
            warehouses = await catalogue.read_warehouses(self.client) if shown else {}
            self._setup = HostCatalogue(
                channels={channel.slug: channel for channel in channels},
                variants={},
                tax_class=await catalogue.read_tax_class(self.client),
                fba_warehouse=warehouses.get(shown) if shown else None,
            )
        return self._setup


def giving_back(host: HostCatalogue, host_order: HostOrder) -> HostCatalogue:
    """The host as it is without the units that it keeps for one order.

    An order that was completed and not recorded must not find its own goods out of stock.
    """
    kept = Counter[tuple[str | None, str]]()
    for line in host_order.lines:
        for allocation in line.allocations:
            kept[line.variant_id, allocation.warehouse_id] += allocation.quantity
    return replace(
        host,
        variants={
            sku: replace(
                variant,
                free={
                    warehouse: free + kept[variant.id, warehouse]
                    for warehouse, free in variant.free.items()
                },
            )
            for sku, variant in host.variants.items()
        },
    )
