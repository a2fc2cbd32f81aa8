"""A simulated shop, our client in it, and what an order needs there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
from pydantic import SecretStr

from saleor_amazon_app.core.ids import AmazonOrderId, ChannelSlug, SaleorApiUrl
from saleor_amazon_app.saleor import catalogue, orders, transactions
from saleor_amazon_app.saleor.catalogue_records import Channel, Variant
from saleor_amazon_app.saleor.client import SaleorClient
from saleor_amazon_app.saleor.order_inputs import (
    AddressInput,
    DeliveryMethodInput,
    MetadataInput,
    OrderBulkCreateInput,
    OrderLineInput,
    OrderStatus,
    OrderUserInput,
    TaxedMoneyInput,
)
from saleor_amazon_app.saleor.order_records import HostOrder
from saleor_amazon_app.saleor.orders import Draft
from saleor_amazon_app.saleor.refusals import Refused
from saleor_amazon_app.simulators.saleor import SimulatedShop

API_URL = SaleorApiUrl("http://shop.test/graphql/")
US = ChannelSlug("default-channel")
NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
REFERENCE = AmazonOrderId("111-0000001-0000001")
PERMISSIONS = (
    "MANAGE_ORDERS",
    "MANAGE_ORDERS_IMPORT",
    "MANAGE_PRODUCTS",
    "HANDLE_PAYMENTS",
    "MANAGE_USERS",
    "MANAGE_SHIPPING",
)
SEATTLE = AddressInput(
    first_name="Jane",
    street_address1="410 Terry Ave N",
    city="Seattle",
    country_area="WA",
    postal_code="98109",
    country="US",
)


@dataclass
class Desk:
    """A shop, our client in it, and what an order needs there."""

    shop: SimulatedShop
    token: str
    client: SaleorClient
    http: httpx.AsyncClient
    channel: Channel
    mug: Variant

    async def order(self, reference: str = REFERENCE, **changes: Any) -> OrderBulkCreateInput:
        """An order of two mugs for 20.00 and 4.99 shipping; changes of its line by `line=`."""
        tax_class = await catalogue.read_tax_class(self.client)
        money = TaxedMoneyInput(gross=Decimal("20.00"), net=Decimal("18.18"))
        shipping = TaxedMoneyInput(gross=Decimal("4.99"), net=Decimal("4.99"))
        line = OrderLineInput(
            variant_id=self.mug.id,
            product_name="Mug",
            product_sku="MUG-1",
            created_at=NOON,
            quantity=2,
            total_price=money,
            undiscounted_total_price=money,
            warehouse=self.channel.warehouses[0].id,
            metadata=(MetadataInput(key="amazonOrderItemId", value="1230"),),
            tax_class_id=tax_class,
        ).model_copy(update=changes.pop("line", {}))
        return OrderBulkCreateInput(
            external_reference=AmazonOrderId(reference),
            channel=US,
            created_at=NOON,
            status=OrderStatus.DRAFT,
            user=OrderUserInput(),
            billing_address=SEATTLE,
            shipping_address=SEATTLE,
            currency="USD",
            metadata=(MetadataInput(key="amazonStore", value="s1"),),
            private_metadata=(),
            lines=(line,),
            delivery_method=DeliveryMethodInput(
                shipping_method_id=self.channel.shipping_methods[0].id,
                shipping_method_name="Std US Dom",
                shipping_price=shipping,
                shipping_tax_class_id=tax_class,
            ),
        ).model_copy(update=changes)

    async def drafted(self, reference: str = REFERENCE, **changes: Any) -> HostOrder:
        """A draft in the host."""
        (made,) = await orders.draft(self.client, [await self.order(reference, **changes)])
        assert isinstance(made, HostOrder)
        return made

    async def placed(self, reference: str = REFERENCE) -> HostOrder:
        """A completed order in the host."""
        (done,) = await self.complete(await self.drafted(reference))
        assert isinstance(done, HostOrder)
        return done

    async def complete(self, *drafts: HostOrder) -> list[HostOrder | Refused]:
        return await orders.complete(self.client, [Draft(d.id, len(d.lines)) for d in drafts])

    async def pay(self, order: HostOrder) -> Any:
        charge = transactions.Charge(order.id, order.total, REFERENCE, "https://sc.test/1")
        (paid,) = await transactions.create(self.client, [charge])
        return paid

    async def seen(self, reference: str = REFERENCE) -> HostOrder | None:
        key = AmazonOrderId(reference)
        return (await orders.look_up(self.client, [key]))[key]

    async def free(self) -> int:
        """How many mugs can still be sold in the channel."""
        mug = (await catalogue.read_variants(self.client, ["MUG-1"]))["MUG-1"]
        return mug.free[self.channel.warehouses[0].id]


@asynccontextmanager
async def opened(shop: SimulatedShop) -> AsyncIterator[Desk]:
    """Connects our client to a shop."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=shop.app)) as http:
        token = shop.add_app(PERMISSIONS)
        client = SaleorClient(http, api_url=API_URL, token=SecretStr(token))
        (channel,) = await catalogue.read_channels(client, [US])
        mug = (await catalogue.read_variants(client, ["MUG-1"]))["MUG-1"]
        yield Desk(shop, token, client, http, channel, mug)
