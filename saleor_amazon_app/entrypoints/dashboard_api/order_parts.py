"""The parts of an order that its own page shows: buyer, addresses, items, parcels, history."""

from datetime import datetime

import strawberry

from saleor_amazon_app.entrypoints.dashboard_api.words import Money


@strawberry.type(description="Why an order is held or skipped, in words that say what to do.")
class Reason:
    """One reason; the link is a path in the Saleor dashboard."""

    code: str
    message: str
    about: str | None
    link: str | None


@strawberry.type
class Buyer:
    """Who bought; gone once Amazon's time for keeping buyers is over."""

    name: str | None
    email: str | None
    phone: str | None
    company: str | None
    purchase_order_number: str | None


@strawberry.type
class Address:
    """Where an order goes."""

    name: str | None
    company: str | None
    line1: str | None
    line2: str | None
    city: str | None
    state: str | None
    postal_code: str | None
    country_code: str | None
    phone: str | None


@strawberry.type(description="What Saleor does not accept about a field of the address.")
class AddressProblem:
    """One problem of one field of the address input."""

    field: str
    message: str


@strawberry.type(description="Any other field of an order, such as IOSS_NUMBER or GIFT_MESSAGE.")
class Field:
    """A field that only some orders have."""

    key: str
    value: str


@strawberry.type
class Item:
    """One item of an order; amounts are of its whole quantity."""

    id: strawberry.ID
    title: str
    asin: str | None
    seller_sku: str | None
    condition: str | None
    ordered: int
    shipped: int
    cancelled: int
    price: Money | None
    tax: Money | None
    shipping_price: Money | None
    gift: str | None
    saleor_line_id: strawberry.ID | None


@strawberry.type
class ParcelItem:
    """Units of one item in a parcel."""

    item_id: strawberry.ID
    title: str
    quantity: int


@strawberry.type(description="A parcel that Amazon shows, or is to be told of.")
class Parcel:
    """A parcel from both sides: what Amazon shows of it and how far telling it is."""

    reference: str
    items: list[ParcelItem]
    carrier: str | None
    method: str | None
    tracking_number: str | None
    shipped_at: datetime | None
    state_at_amazon: str | None
    outbox_state: str | None


@strawberry.type(description="Something that happened to an order; IN: we were told, OUT: we did.")
class HistoryEntry:
    """One event of an order's history."""

    at: datetime
    direction: str
    who: str
    what: str
    answer: str | None


@strawberry.type(description="Something that Amazon is to be told of an order.")
class OutboxEntry:
    """One thing in the outbox and how far it is."""

    id: strawberry.ID
    kind: str
    state: str
    planned_at: datetime
    attempts: int
    message: str | None
    can_retry: bool
