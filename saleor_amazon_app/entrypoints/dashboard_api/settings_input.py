"""The settings of a store as staff save them: what is left out stays as it is."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import strawberry
from pydantic import ValidationError
from pydantic.alias_generators import to_camel

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
from saleor_amazon_app.core.errors import InputRefused, Wrong


@strawberry.input
class MarketplaceTargetInput:
    """The channel that orders of a marketplace go into; none to hold them."""

    marketplace_id: str
    channel_slug: str | None = None


@strawberry.input
class ServiceLevelMethodInput:
    """Which shipping method an order of a service level gets, by the method's name or id."""

    service_level: str
    method: str


@strawberry.input
class CarrierCodeInput:
    """What Amazon calls a carrier or shipping method of Saleor."""

    saleor: str
    amazon: str


@strawberry.input
class TaxRateInput:
    """The rate for a country, such as 0.19, where Amazon reports no tax."""

    country_code: str
    rate: Decimal


@strawberry.input
class StoreSettingsInput:
    """The settings that are to change."""

    import_amazon_orders: ImportAmazonOrders | None = strawberry.UNSET
    import_into: list[MarketplaceTargetInput] | None = strawberry.UNSET
    fba_warehouse: str | None = strawberry.UNSET
    fba_orders: FbaOrders | None = strawberry.UNSET
    customer: Customer | None = strawberry.UNSET
    buyer_email: BuyerEmail | None = strawberry.UNSET
    order_number: OrderNumber | None = strawberry.UNSET
    new_order_status: NewOrderStatus | None = strawberry.UNSET
    pending_orders: PendingOrders | None = strawberry.UNSET
    longest_reservation_hours: int | None = strawberry.UNSET
    unknown_sku: UnknownSku | None = strawberry.UNSET
    placeholder_sku: str | None = strawberry.UNSET
    sync_every_minutes: int | None = strawberry.UNSET
    shipping_methods: list[ServiceLevelMethodInput] | None = strawberry.UNSET
    carriers: list[CarrierCodeInput] | None = strawberry.UNSET
    cancel_reason: CancelReason | None = strawberry.UNSET
    refund_reason: RefundReason | None = strawberry.UNSET
    tax_rates: list[TaxRateInput] | None = strawberry.UNSET


_MAY_BE_NONE = frozenset({"fba_warehouse", "placeholder_sku"})
# Lists of the API that are maps in the settings.
_MAPS: dict[str, Callable[[Any], tuple[str, Any]]] = {
    "import_into": lambda one: (one.marketplace_id, {"channel": one.channel_slug or None}),
    "shipping_methods": lambda one: (one.service_level, one.method),
    "carriers": lambda one: (one.saleor, one.amazon),
    "tax_rates": lambda one: (one.country_code, one.rate),
}


def with_changes(before: Choices, given: StoreSettingsInput) -> Choices:
    """The settings with what was given.

    Raises:
        InputRefused: a value is out of its range.
    """
    changes: dict[str, Any] = {}
    for name, value in vars(given).items():
        if value is strawberry.UNSET or (value is None and name not in _MAY_BE_NONE):
            continue
        if name in _MAPS:
            value = dict(_MAPS[name](one) for one in value)
        changes[name] = value or None if name in _MAY_BE_NONE else value
    try:
        return Choices.model_validate(before.model_dump() | changes)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)
        wrong = [Wrong(to_camel(str(one["loc"][0])), f"{one['msg']}.") for one in faults]
        raise InputRefused("settings-refused", wrong) from error
