"""The settings of a store as the pages show them: core's choices, with lists where maps are."""

from datetime import datetime
from decimal import Decimal

import strawberry

from saleor_amazon_app.core.choices import (
    BuyerEmail,
    CancelReason,
    Choices,
    Customer,
    FbaOrders,
    ImportAmazonOrders,
    NewOrderStatus,
    OrderNumber,
    PendingOrders,
    RefundReason,
    UnknownSku,
)


@strawberry.type
class MarketplaceChannel:
    """The Saleor channel that orders of a marketplace go into; none while none is chosen."""

    marketplace_id: str
    channel_slug: str | None


@strawberry.type(description="The Saleor shipping method for an Amazon service level.")
class ServiceLevelMethod:
    """Which shipping method an order of a service level gets, by the method's name or id."""

    service_level: str
    method: str


@strawberry.type(description="The Amazon carrier code for a carrier or shipping method in Saleor.")
class CarrierCode:
    """What Amazon calls a carrier."""

    saleor: str
    amazon: str


@strawberry.type(description="The rate for a country, such as 0.19, where Amazon reports no tax.")
class TaxRate:
    """The tax of a country's orders where Amazon tells none."""

    country_code: str
    rate: Decimal


@strawberry.type
class StoreSettings:
    """What a merchant chose for a store."""

    import_amazon_orders: ImportAmazonOrders
    import_into: list[MarketplaceChannel]
    import_orders_since: datetime | None
    fba_warehouse: str | None
    fba_orders: FbaOrders
    customer: Customer
    buyer_email: BuyerEmail
    order_number: OrderNumber
    new_order_status: NewOrderStatus
    pending_orders: PendingOrders
    longest_reservation_hours: int
    unknown_sku: UnknownSku
    placeholder_sku: str | None
    sync_every_minutes: int
    shipping_methods: list[ServiceLevelMethod]
    carriers: list[CarrierCode]
    cancel_reason: CancelReason
    refund_reason: RefundReason
    tax_rates: list[TaxRate]


def settings_of(choices: Choices) -> StoreSettings:
    """Core's choices as the API shows them."""
    return StoreSettings(
        import_amazon_orders=choices.import_amazon_orders,
        import_into=[
            MarketplaceChannel(marketplace_id=id, channel_slug=target.channel)
            for id, target in choices.import_into.items()
        ],
        import_orders_since=choices.import_orders_since,
        fba_warehouse=choices.fba_warehouse,
        fba_orders=choices.fba_orders,
        customer=choices.customer,
        buyer_email=choices.buyer_email,
        order_number=choices.order_number,
        new_order_status=choices.new_order_status,
        pending_orders=choices.pending_orders,
        longest_reservation_hours=choices.longest_reservation_hours,
        unknown_sku=choices.unknown_sku,
        placeholder_sku=choices.placeholder_sku,
        sync_every_minutes=choices.sync_every_minutes,
        shipping_methods=[
            ServiceLevelMethod(service_level=level, method=method)
            for level, method in choices.shipping_methods.items()
        ],
        carriers=[CarrierCode(saleor=name, amazon=code) for name, code in choices.carriers.items()],
        cancel_reason=choices.cancel_reason,
        refund_reason=choices.refund_reason,
        tax_rates=[
            TaxRate(country_code=country, rate=rate) for country, rate in choices.tax_rates.items()
        ],
    )
