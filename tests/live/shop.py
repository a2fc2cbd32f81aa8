"""What these tests make in the shop for themselves, and take away again.

Every name carries the run's own mark, so that runs never meet and the shop's things stay as they
are. Orders cannot be taken away; they stay in channels that are switched off.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from secrets import token_hex
from typing import Any

from saleor_amazon_app.core.ids import ChannelSlug
from saleor_amazon_app.saleor.client import MUTATIONS_PER_REQUEST
from tests.live.host import Host, Json

# New Zealand lies in none of the zones.
LIMITED_COUNTRY, POSTAL_CODE_COUNTRY, LEFT_OUT = "CH", "NO", "NZ"
_WORLD = (
    "US GB DE FR IT ES JP IN BR MX CA AU AE SA EG SG TR PL SE NL BE IE ZA PR AT DK FI PT".split()
)
_CURRENCIES = {"USD": "US", "GBP": "GB", "EUR": "DE", "JPY": "JP"}
PRICE_LIMIT = "20.00"
EXCLUDED_POSTAL_CODES = {"start": "9000", "end": "9999"}

_ERRORS = "errors { field message code }"
_WAREHOUSE = f"""mutation ($input: WarehouseCreateInput!) {{
  createWarehouse(input: $input) {{ warehouse {{ id slug }} {_ERRORS} }} }}"""
_CHANNEL = f"""mutation ($input: ChannelCreateInput!) {{
  channelCreate(input: $input) {{ channel {{ id slug }} {_ERRORS} }} }}"""
_ZONE = f"""mutation ($input: ShippingZoneCreateInput!) {{
  shippingZoneCreate(input: $input) {{ shippingZone {{ id }} {_ERRORS} }} }}"""
_METHOD = f"""mutation ($input: ShippingPriceInput!) {{
  shippingPriceCreate(input: $input) {{ shippingMethod {{ id }} {_ERRORS} }} }}"""
_METHOD_LISTING = f"""mutation ($id: ID!, $input: ShippingMethodChannelListingInput!) {{
  shippingMethodChannelListingUpdate(id: $id, input: $input) {{ {_ERRORS} }} }}"""
_TAX_CLASSES = "{ taxClasses(first: 1) { edges { node { id } } } }"
_TAX_CLASS = f"""mutation ($name: String!) {{
  taxClassCreate(input: {{ name: $name }}) {{ taxClass {{ id }} {_ERRORS} }} }}"""
_CATEGORY = f"""mutation ($name: String!) {{
  categoryCreate(input: {{ name: $name }}) {{ category {{ id }} {_ERRORS} }} }}"""
_PRODUCT_TYPE = f"""mutation ($name: String!) {{
  productTypeCreate(
    input: {{ name: $name, hasVariants: false, isShippingRequired: true, kind: NORMAL }}
  ) {{ productType {{ id }} {_ERRORS} }} }}"""
_PRODUCTS = """mutation ($products: [ProductBulkCreateInput!]!) {
  productBulkCreate(products: $products, errorPolicy: REJECT_EVERYTHING) {
    results { product { id variants { id } } errors { path message code } }
    errors { path message code } } }"""
_VARIANT_INPUT = '{ __type(name: "ProductVariantBulkCreateInput") { inputFields { name } } }'
_SET_STOCK = f"""mutation ($variant: ID!, $stocks: [StockInput!]!) {{
  productVariantStocksUpdate(variantId: $variant, stocks: $stocks) {{ {_ERRORS} }} }}"""
_MOVE_WAREHOUSE = f"""mutation ($channel: ID!, $moves: [ReorderInput!]!) {{
  channelReorderWarehouses(channelId: $channel, moves: $moves) {{ {_ERRORS} }} }}"""
_WAREHOUSES = "query ($channel: ID!) { channel(id: $channel) { warehouses { id } } }"
_APPROVES = "{ shop { fulfillmentAutoApprove } }"
_SET_APPROVES = f"""mutation ($approves: Boolean!) {{
  shopSettingsUpdate(input: {{ fulfillmentAutoApprove: $approves }}) {{ {_ERRORS} }} }}"""
_ENTER_BY_HAND = f"""mutation ($input: DraftOrderCreateInput!) {{
  draftOrderCreate(input: $input) {{ order {{ id }} {_ERRORS} }} }}"""
# In this order; what the shop refuses to take away stays. Orders stay in any case, and a channel
# that has some is switched off.
_DELETIONS = [
    ("drafts", "draftOrderDelete"),
    ("products", "productDelete"),
    ("zones", "shippingZoneDelete"),
    ("customers", "customerDelete"),
    ("categories", "categoryDelete"),
    ("product types", "productTypeDelete"),
    ("warehouses", "deleteWarehouse"),
    ("tax classes", "taxClassDelete"),
    ("channels", "channelDelete"),
    ("channels", "channelDeactivate"),
]


@dataclass
class LiveShop:
    """The shop with this run's channels, warehouses, shipping zones and products.

    Attributes:
        run: the mark that all names of this run carry.
        channels: ids by slug.
        made: ids of what must be taken away, by kind.
        has_preorders: whether this Saleor still knows them.
    """

    host: Host
    run: str = field(default_factory=lambda: token_hex(4))
    channels: dict[str, str] = field(default_factory=dict)
    warehouses: dict[str, str] = field(default_factory=dict)
    variants: dict[str, str] = field(default_factory=dict)
    made: dict[str, list[str]] = field(default_factory=dict)
    has_preorders: bool = False
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def channel(self, name: str) -> ChannelSlug:
        """The slug of a channel of this run: a currency, or "manual", which confirms nothing."""
        return ChannelSlug(f"live-{name.lower()}-{self.run}")

    def warehouse(self, name: str) -> str:
        """The slug of a warehouse of this run: "main" or "second"."""
        return f"live-{name}-{self.run}"

    async def open(self) -> None:
        """Makes everything but products."""
        variant = (await self.host.ask(_VARIANT_INPUT))["__type"]["inputFields"]
        self.has_preorders = any(one["name"] == "preorder" for one in variant)
        for name in ("main", "second"):
            await self._make_warehouse(name)
        for currency, country in _CURRENCIES.items():
            await self._make_channel(currency, currency, country)
        await self._make_channel("manual", "USD", "US", confirms=False)
        await self._make_zone("World", _WORLD, "Flat")
        await self._make_zone("Limited", [LIMITED_COUNTRY], "Small", maximum=PRICE_LIMIT)
        postal = {"inclusionType": "EXCLUDE", "addPostalCodeRules": [EXCLUDED_POSTAL_CODES]}
        await self._make_zone("Postal", [POSTAL_CODE_COUNTRY], "Mainland", postal=postal)
        if not (await self.host.ask(_TAX_CLASSES))["taxClasses"]["edges"]:
            await self._make("tax classes", _TAX_CLASS, "taxClass", name=f"Live {self.run}")
        await self._make("categories", _CATEGORY, "category", name=f"Live {self.run}")
        await self._make("product types", _PRODUCT_TYPE, "productType", name=f"Live {self.run}")

    async def close(self) -> None:
        """Takes away what can be."""
        for kind, mutation in _DELETIONS:
            ids = self.made.get(kind, [])
            for start in range(0, len(ids), MUTATIONS_PER_REQUEST):
                some = ids[start : start + MUTATIONS_PER_REQUEST]
                fields = " ".join(
                    f'o{place}: {mutation}(id: "{id_}") {{ errors {{ message }} }}'
                    for place, id_ in enumerate(some)
                )
                await self.host.ask(f"mutation {{ {fields} }}")

    async def product(
        self,
        stock: int | None = 100_000,
        *,
        second: int | None = None,
        tracked: bool = True,
        is_listed: bool = True,
        has_price: bool = True,
        is_preorder: bool = False,
        listing: Mapping[str, Any] | None = None,
    ) -> str:
        """A new product with one variant; returns its SKU.

        Args:
            stock: units in the main warehouse; None leaves it without a stock row.
            second: the same for the second warehouse.
            tracked: whether the host counts its stock.
            is_listed: whether the product is in the channels at all.
            has_price: whether the variant is.
            is_preorder: whether it can only be ordered in advance.
            listing: what its listing in every channel says beside the default: published,
                available.
        """
        sku = f"LIVE-{self.run}-{next(self._numbers)}"
        listed = {"isPublished": True, "isAvailableForPurchase": True, "visibleInListings": True}
        variant: Json = {
            "sku": sku,
            "attributes": [],
            "trackInventory": tracked,
            "stocks": [
                {"warehouse": self.warehouses[name], "quantity": units}
                for name, units in (("main", stock), ("second", second))
                if units is not None
            ],
            "channelListings": [
                {"channelId": id_, "price": "10.00"} for id_ in self.channels.values() if has_price
            ],
        }
        if is_preorder:
            variant["preorder"] = {"globalThreshold": 100}
        product = {
            "name": f"Thing {sku}",
            "productType": self.made["product types"][0],
            "category": self.made["categories"][0],
            "channelListings": [
                {"channelId": id_, **listed, **(listing or {})}
                for id_ in self.channels.values()
                if is_listed
            ],
            "variants": [variant],
        }
        payload = await self.host.change(_PRODUCTS, products=[product])
        (result,) = payload["results"]
        assert not result["errors"], result["errors"]
        self.made.setdefault("products", []).append(result["product"]["id"])
        self.variants[sku] = result["product"]["variants"][0]["id"]
        return sku

    async def set_stock(self, sku: str, units: int) -> None:
        """What staff do when goods arrive in the main warehouse."""
        stocks = [{"warehouse": self.warehouses["main"], "quantity": units}]
        await self.host.change(_SET_STOCK, variant=self.variants[sku], stocks=stocks)

    async def allocate_first_from(self, name: str) -> None:
        """Puts a warehouse at the head of this run's channel in dollars."""
        channel, id_ = self.channels[self.channel("USD")], self.warehouses[name]
        now = await self.host.ask(_WAREHOUSES, channel=channel)
        place = [one["id"] for one in now["channel"]["warehouses"]].index(id_)
        moves = [{"id": id_, "sortOrder": -place}]
        await self.host.change(_MOVE_WAREHOUSE, channel=channel, moves=moves)

    @asynccontextmanager
    async def approving_fulfilments(self) -> AsyncIterator[None]:
        """Has fulfilments wait for approval, and then as before."""
        before = (await self.host.ask(_APPROVES))["shop"]["fulfillmentAutoApprove"]
        await self.host.change(_SET_APPROVES, approves=False)
        try:
            yield
        finally:
            await self.host.change(_SET_APPROVES, approves=before)

    async def enter_by_hand(self, reference: str, sku: str) -> str:
        """A draft of staff in dollars, with the number of an Amazon order; returns its id."""
        draft = {
            "externalReference": reference,
            "channelId": self.channels[self.channel("USD")],
            "lines": [{"variantId": self.variants[sku], "quantity": 1}],
        }
        return await self._make("drafts", _ENTER_BY_HAND, "order", input=draft)

    async def _make(self, kind: str, mutation: str, result: str, **variables: Any) -> str:
        payload = await self.host.change(mutation, **variables)
        id_: str = payload[result]["id"]
        self.made.setdefault(kind, []).append(id_)
        return id_

    async def _make_warehouse(self, name: str) -> None:
        address = {
            "streetAddress1": "1 Main Street",
            "city": "New York",
            "countryArea": "NY",
            "postalCode": "10001",
            "country": "US",
        }
        slug = self.warehouse(name)
        self.warehouses[name] = await self._make(
            "warehouses",
            _WAREHOUSE,
            "warehouse",
            input={"name": slug, "slug": slug, "address": address},
        )

    async def _make_channel(
        self, name: str, currency: str, country: str, *, confirms: bool = True
    ) -> None:
        slug = self.channel(name)
        self.channels[slug] = await self._make(
            "channels",
            _CHANNEL,
            "channel",
            input={
                "name": slug,
                "slug": slug,
                "currencyCode": currency,
                "defaultCountry": country,
                "isActive": True,
                "addWarehouses": [self.warehouses["main"], self.warehouses["second"]],
                "stockSettings": {"allocationStrategy": "PRIORITIZE_SORTING_ORDER"},
                "orderSettings": {"automaticallyConfirmAllNewOrders": confirms},
            },
        )

    async def _make_zone(
        self,
        name: str,
        countries: list[str],
        method: str,
        *,
        maximum: str | None = None,
        postal: Json | None = None,
    ) -> None:
        """A zone of all this run's channels with one shipping method of 5.00."""
        zone = await self._make(
            "zones",
            _ZONE,
            "shippingZone",
            input={
                "name": f"Live {name} {self.run}",
                "countries": countries,
                "addWarehouses": list(self.warehouses.values()),
                "addChannels": list(self.channels.values()),
            },
        )
        method_id = await self._make(
            "methods",
            _METHOD,
            "shippingMethod",
            input={
                "name": f"Live {method} {self.run}",
                "type": "PRICE",
                "shippingZone": zone,
                **(postal or {}),
            },
        )
        limit = {"maximumOrderPrice": maximum} if maximum else {}
        listings = [{"channelId": id_, "price": "5", **limit} for id_ in self.channels.values()]
        await self.host.change(_METHOD_LISTING, id=method_id, input={"addChannels": listings})
