"""Orders as the pages show them: what the list needs comes with the row, the rest when asked."""

from datetime import datetime
from decimal import Decimal

import strawberry

from saleor_amazon_app.core.ids import AmazonOrderId, MarketplaceId
from saleor_amazon_app.core.marketplaces import order_page
from saleor_amazon_app.entrypoints.dashboard_api import order_details as details
from saleor_amazon_app.entrypoints.dashboard_api.context import Info, order_id
from saleor_amazon_app.entrypoints.dashboard_api.fields import field
from saleor_amazon_app.entrypoints.dashboard_api.order_parts import (
    Address,
    AddressProblem,
    Buyer,
    Field,
    HistoryEntry,
    Item,
    OutboxEntry,
    Parcel,
    Reason,
)
from saleor_amazon_app.entrypoints.dashboard_api.stores import (
    Store,
    StoreMarketplace,
    marketplace_of,
    store_of,
)
from saleor_amazon_app.entrypoints.dashboard_api.words import (
    Fulfilment,
    Money,
    OrderStatus,
    fulfilment_of,
    money_of,
    status_of,
)
from saleor_amazon_app.ledger.order_list import ListedOrder
from saleor_amazon_app.ledger.orders import ImportState


@strawberry.type
class Order:
    """One Amazon order and what became of it in Saleor."""

    row: strawberry.Private[ListedOrder]
    id: strawberry.ID
    amazon_order_id: str
    status: OrderStatus
    amazon_status: str
    import_state: ImportState
    reasons: list[Reason]
    fulfilment: Fulfilment | None
    purchased_at: datetime
    last_updated_at: datetime
    ship_by: datetime | None
    deliver_by: datetime | None
    total: Money | None
    saleor_order_id: strawberry.ID | None
    saleor_order_number: str | None
    saleor_total: Decimal | None
    totals_equal: bool | None
    last_note: str | None
    last_note_at: datetime | None
    programs: list[str]
    service_level: str | None
    cancel_requested: bool
    can_cancel: bool
    can_retry: bool
    seller_central_url: str

    @field()
    def store(self, info: Info) -> Store:
        """The store that sold it."""
        return store_of(info.context.store_row(self.row.store_id))

    @field()
    def marketplace(self, info: Info) -> StoreMarketplace | None:
        """Where it was sold."""
        if self.row.marketplace_id is None:
            return None
        return marketplace_of(self.row.marketplace_id, info.context.choices(self.row.store_id))

    @field()
    async def buyer_name(self, info: Info) -> str | None:
        """The buyer's name, or the recipient's; null once erased, or where Amazon tells none."""
        return await info.context.buyer_names.load(self.row.key)

    @field()
    async def replaced_order_id(self, info: Info) -> str | None:
        """The Amazon order that this one replaces."""
        return details.replaced_order(await info.context.whole_orders.load(self.row.key))

    @field()
    async def cancel_request_reason(self, info: Info) -> str | None:
        """Why the buyer asks to cancel, in the buyer's or Amazon's words."""
        return details.cancel_request_reason(await info.context.whole_orders.load(self.row.key))

    @field()
    async def buyer(self, info: Info) -> Buyer | None:
        """Who bought; null once erased."""
        return details.buyer(await info.context.whole_orders.load(self.row.key))

    @field()
    async def address(self, info: Info) -> Address | None:
        """Where it goes: the address that staff corrected, else Amazon's."""
        if edited := await info.context.edited_addresses.load(self.row.key):
            return details.address(edited)
        return details.address(
            details.recipient(await info.context.whole_orders.load(self.row.key))
        )

    @field()
    async def amazon_address(self, info: Info) -> Address | None:
        """Where it goes as Amazon told it."""
        return details.address(
            details.recipient(await info.context.whole_orders.load(self.row.key))
        )

    @field()
    def address_problems(self) -> list[AddressProblem]:
        """What Saleor does not accept about the address."""
        return details.address_problems(self.row)

    @field()
    async def extra_fields(self, info: Info) -> list[Field]:
        """What else Amazon told: IOSS number, tax collected, gift message and so on."""
        return details.extra_fields(await info.context.whole_orders.load(self.row.key))

    @field()
    async def items(self, info: Info) -> list[Item]:
        """What was bought."""
        return details.items(await info.context.whole_orders.load(self.row.key), self.row)

    @field()
    async def parcels(self, info: Info) -> list[Parcel]:
        """What was shipped, or is to be told to Amazon as shipped."""
        whole = await info.context.whole_orders.load(self.row.key)
        return details.parcels(whole, await info.context.outboxes.load(self.row.key))

    @field()
    async def history(self, info: Info) -> list[HistoryEntry]:
        """Everything that happened to it, newest first."""
        return details.history(await info.context.histories.load(self.row.key))

    @field()
    async def outbox(self, info: Info) -> list[OutboxEntry]:
        """What Amazon was told or is to be told."""
        return details.outbox(await info.context.outboxes.load(self.row.key))


def order_of(row: ListedOrder) -> Order:
    """An order of the ledger as the API shows it."""
    return Order(
        row=row,
        id=order_id(row.store_id, row.amazon_order_id),
        amazon_order_id=row.amazon_order_id,
        status=status_of(row.status),
        amazon_status=row.status,
        import_state=ImportState(row.import_state),
        reasons=details.reasons(row),
        fulfilment=fulfilment_of(row.fulfilled_by),
        purchased_at=row.purchased_at,
        last_updated_at=row.last_updated_at,
        ship_by=row.ship_by,
        deliver_by=row.deliver_by,
        total=money_of(row.grand_total, row.currency),
        saleor_order_id=strawberry.ID(row.saleor_order_id) if row.saleor_order_id else None,
        saleor_order_number=row.saleor_order_number,
        saleor_total=details.saleor_total(row),
        totals_equal=row.totals_equal,
        last_note=row.last_note,
        last_note_at=row.last_note_at,
        programs=list(row.programs),
        service_level=row.service_level,
        cancel_requested=row.asks_to_cancel,
        can_cancel=details.can_cancel(row),
        can_retry=row.import_state == ImportState.HELD,
        seller_central_url=order_page(
            MarketplaceId(row.marketplace_id or ""), AmazonOrderId(row.amazon_order_id)
        ),
    )
