"""Stores as the pages show them."""

from datetime import date, datetime
from decimal import Decimal

import strawberry

from saleor_amazon_app.core.choices import Choices
from saleor_amazon_app.core.ids import MarketplaceId, StoreId
from saleor_amazon_app.core.marketplaces import MARKETPLACES, Marketplace
from saleor_amazon_app.core.marketplaces import Region as CoreRegion
from saleor_amazon_app.core.money import shown
from saleor_amazon_app.entrypoints.dashboard_api.context import Info
from saleor_amazon_app.entrypoints.dashboard_api.fields import MANAGE_APPS, MANAGE_ORDERS, field
from saleor_amazon_app.entrypoints.dashboard_api.refusals import bad_input
from saleor_amazon_app.entrypoints.dashboard_api.store_settings import StoreSettings, settings_of
from saleor_amazon_app.entrypoints.dashboard_api.words import Region
from saleor_amazon_app.ledger import figures
from saleor_amazon_app.ledger.stores import Store as StoreRow
from saleor_amazon_app.ledger.stores import StoreStatus

_MOST_DAYS = 366


@strawberry.type
class StoreMarketplace:
    """One of Amazon's shops in which a store sells, and the Saleor channel its orders go into."""

    id: str
    country_code: str
    name: str
    currency: str
    time_zone: str
    channel_slug: str | None


def marketplace_of(id: str, choices: Choices) -> StoreMarketplace:
    """A marketplace as far as it is known; Amazon may open new ones any day."""
    known: Marketplace | None = MARKETPLACES.get(MarketplaceId(id))
    target = choices.import_into.get(MarketplaceId(id))
    return StoreMarketplace(
        id=id,
        country_code=known.country if known else "",
        name=known.name if known else id,
        currency=known.currency if known else "",
        time_zone=known.time_zone if known else "UTC",
        channel_slug=target.channel if target else None,
    )


@strawberry.type(description="A page of Seller Central: HOME, ORDERS, RETURNS, PAYMENTS, …")
class SellerCentralLink:
    """A page of Seller Central that goes with a store."""

    key: str
    url: str


@strawberry.type(description="Sales in one currency; cancelled and failed orders never count.")
class Revenue:
    """Sales of a store in one currency, never converted."""

    currency: str
    last7_days: Decimal
    previous7_days: Decimal
    last30_days: Decimal
    previous30_days: Decimal
    lifetime: Decimal


@strawberry.type(description="Sales of one day (UTC) in one currency.")
class DayRevenue:
    """Sales of a store on one day in one currency."""

    day: date
    currency: str
    amount: Decimal
    orders: int


@strawberry.type
class Store:
    """A connected seller account in one of Amazon's regions."""

    row: strawberry.Private[StoreRow]
    id: strawberry.ID
    name: str
    region: Region
    seller_id: str | None
    status: StoreStatus
    status_reason: str | None
    connected_at: datetime
    last_synced_at: datetime | None
    next_sync_at: datetime | None

    @field()
    def marketplaces(self, info: Info) -> list[StoreMarketplace]:
        """The marketplaces whose orders are read."""
        choices = info.context.choices(self.row.id)
        return [marketplace_of(each, choices) for each in self.row.marketplaces]

    @field(MANAGE_ORDERS)
    async def held_orders(self, info: Info) -> int:
        """How many orders cannot be imported yet."""
        return (await info.context.held_counts()).get(StoreId(self.row.id), 0)

    @field(MANAGE_ORDERS)
    async def revenue(self, info: Info) -> list[Revenue]:
        """Sales of 7 and 30 days with those before, and of all time, per currency."""
        sums = (await info.context.revenue()).get(StoreId(self.row.id), ())
        return [_revenue(each) for each in sums]

    @field(MANAGE_ORDERS)
    async def chart(self, info: Info, days: int = 30) -> list[DayRevenue]:
        """Sales day by day up to today; days without sales are left out."""
        if not 1 <= days <= _MOST_DAYS:
            raise bad_input(f"A chart has 1 to {_MOST_DAYS} days.")
        found = (await info.context.chart(days)).get(StoreId(self.row.id), ())
        return [
            DayRevenue(
                day=each.day,
                currency=each.currency,
                amount=_exact(each.amount, each.currency),
                orders=each.orders,
            )
            for each in found
        ]

    @field(MANAGE_APPS)
    def settings(self, info: Info) -> StoreSettings:
        """What was chosen for the store."""
        return settings_of(info.context.choices(self.row.id))

    @field()
    def seller_central_url(self) -> str:
        """Seller Central's front page for this store."""
        return f"https://{_seller_central(self.row)}/home"

    @field(MANAGE_ORDERS, MANAGE_APPS)
    def links(self) -> list[SellerCentralLink]:
        """Pages of Seller Central."""
        host = _seller_central(self.row)
        return [SellerCentralLink(key=key, url=f"https://{host}{path}") for key, path in _PAGES]


# Source: sellercentral.amazon.com, the menu of a signed-in seller.
_PAGES = (
    ("HOME", "/home"),
    ("ORDERS", "/orders-v3"),
    ("RETURNS", "/gp/returns/list"),
    ("PAYMENTS", "/payments/dashboard/index.html"),
    ("INVENTORY", "/inventory"),
    ("PERFORMANCE", "/performance/dashboard"),
    ("APPS", "/apps/manage"),
)


def store_of(row: StoreRow) -> Store:
    """A store of the ledger as the API shows it."""
    return Store(
        row=row,
        id=strawberry.ID(str(row.id)),
        name=row.name,
        region=Region(row.region),
        seller_id=row.seller_id,
        status=StoreStatus(row.status),
        status_reason=row.status_reason,
        connected_at=row.connected_at,
        last_synced_at=row.last_synced_at,
        next_sync_at=row.next_sync_at if row.status == StoreStatus.ACTIVE else None,
    )


def _seller_central(row: StoreRow) -> str:
    known = [MARKETPLACES[MarketplaceId(m)] for m in row.marketplaces if m in MARKETPLACES]
    if known:
        return known[0].seller_central
    region = CoreRegion(row.region)
    return next(each.seller_central for each in MARKETPLACES.values() if each.region is region)


def _exact(amount: Decimal, currency: str) -> Decimal:
    return Decimal(shown(amount, currency))


def _revenue(sums: figures.Revenue) -> Revenue:
    return Revenue(
        currency=sums.currency,
        last7_days=_exact(sums.last_7_days, sums.currency),
        previous7_days=_exact(sums.previous_7_days, sums.currency),
        last30_days=_exact(sums.last_30_days, sums.currency),
        previous30_days=_exact(sums.previous_30_days, sums.currency),
        lifetime=_exact(sums.lifetime, sums.currency),
    )
