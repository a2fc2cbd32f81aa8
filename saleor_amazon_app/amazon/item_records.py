"""The items of an order, and the words all of Amazon's records share.

Amazon's enums are open, so every enumerated value is a plain string here; unknown keys are
ignored. Hardly any field is certain to be there: which ones come depends on `includedData`, on
the roles of the app and on the state of the order.

Source: selling-partner-api-models, orders_2026-01-01.json, read 2026-11-20.
"""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from saleor_amazon_app.core.ids import OrderItemId, SellerSku
from saleor_amazon_app.core.times import as_utc


def _storable(text: str) -> str:
    """The text without what no database and no host takes: NUL and halves of surrogate pairs.

    One such character would fail the whole page or batch that the order is part of.
    """
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "").encode(errors="ignore").decode()


STORABLE = AfterValidator(_storable)
Text = Annotated[str, STORABLE]
Moment = Annotated[AwareDatetime, AfterValidator(as_utc)]
# No amount of an order is longer, and neither the host nor the ledger keeps a longer one.
Amount = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=16)]
Quantity = Annotated[int, Field(ge=0, le=1_000_000)]


class Record(BaseModel):
    """Read once out of JSON, then never changed."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        alias_generator=to_camel,
        populate_by_name=True,
        hide_input_in_errors=True,
    )


class MoneyRecord(Record):
    """An amount; Amazon sends it as a decimal string ("5980" for yen)."""

    amount: Amount
    currency_code: Annotated[Text, Field(min_length=3, max_length=3)]


class DetailedBreakdown(Record):
    """A part of TAX or DISCOUNT that belongs to one kind of proceeds."""

    subtype: Text | None = None
    value: MoneyRecord | None = None


class Breakdown(Record):
    """One kind of proceeds.

    Attributes:
        status: only for what is charged after checkout (DELIVERY_TIP): PENDING or FINALIZED.
    """

    type: Text
    status: Text | None = None
    subtotal: MoneyRecord
    detailed_breakdowns: tuple[DetailedBreakdown, ...] | None = None


class ItemProceeds(Record):
    """What one item brings."""

    proceeds_total: MoneyRecord | None = None
    breakdowns: tuple[Breakdown, ...] | None = None


class Measurement(Record):
    """Goods sold by weight or length rather than by count."""

    unit: Text
    value: Decimal


class Price(Record):
    """The price of one unit as displayed in the shop."""

    unit_price: MoneyRecord | None = None


class Condition(Record):
    """New, used and so on."""

    condition_type: Text | None = None
    condition_subtype: Text | None = None
    condition_note: Text | None = None


class Customization(Record):
    """What the buyer had made to order; personal data."""

    customized_url: Text | None = None


class Product(Record):
    """What was bought; no field is certain, not even the seller's SKU."""

    asin: Text | None = None
    title: Text | None = None
    seller_sku: Annotated[SellerSku, STORABLE] | None = None
    condition: Condition | None = None
    price: Price | None = None
    customization: Customization | None = None


class CancellationRequest(Record):
    """A wish to cancel; the order stays as it is until the seller acts."""

    requester: Text | None = None
    cancel_reason: Text | None = None


class CancellationExecution(Record):
    """A cancellation that happened."""

    cancelled_by: Text | None = None
    cancel_reason: Text | None = None


class ItemCancellation(Record):
    """Wishes to cancel an item and cancellations of it."""

    cancellation_request: CancellationRequest | None = None
    cancellation_execution: CancellationExecution | None = None


class SubstitutionPreference(Record):
    """What the buyer takes instead (groceries)."""

    substitution_type: Text


class Picking(Record):
    """Rules for picking."""

    substitution_preference: SubstitutionPreference | None = None


class GiftOption(Record):
    """Gift wrap and message; the message is personal data."""

    gift_message: Text | None = None
    gift_wrap_level: Text | None = None


class Packing(Record):
    """Rules for packing."""

    gift_option: GiftOption | None = None


class InternationalShipping(Record):
    """What customs needs."""

    ioss_number: Text | None = None


class ItemShipping(Record):
    """Rules for shipping."""

    international_shipping: InternationalShipping | None = None


class ItemFulfillment(Record):
    """How many units left and how many still have to; their sum falls when units are cancelled."""

    quantity_fulfilled: Quantity | None = None
    quantity_unfulfilled: Quantity | None = None
    picking: Picking | None = None
    packing: Packing | None = None
    shipping: ItemShipping | None = None


class TaxCalculation(Record):
    """The scheme under which tax is reported: IOSS or UOSS."""

    reporting_scheme: Text | None = None


class TaxCollection(Record):
    """Who collects and remits the tax: MARKETPLACE_FACILITATOR means Amazon does."""

    model: Text | None = None
    responsible_party: Text | None = None


class ItemTax(Record):
    """How the tax of an item is reported and collected."""

    tax_calculation_breakdowns: tuple[TaxCalculation, ...] | None = None
    tax_collections: tuple[TaxCollection, ...] | None = None


class OrderItem(Record):
    """One item of an order.

    Attributes:
        proceeds: totals of the whole quantity, not of one unit.
    """

    order_item_id: Annotated[OrderItemId, STORABLE]
    quantity_ordered: Quantity
    measurement: Measurement | None = None
    programs: tuple[Text, ...] | None = None
    product: Product
    proceeds: ItemProceeds | None = None
    cancellation: ItemCancellation | None = None
    fulfillment: ItemFulfillment | None = None
    tax: ItemTax | None = None
