"""Decides what becomes of an Amazon order: place, hold or skip. Pure: values in, values out."""

from datetime import datetime

from saleor_amazon_app.amazon.item_records import OrderItem
from saleor_amazon_app.amazon.order_records import FULFILLED_BY_AMAZON, FULFILLED_BY_MERCHANT, Order
from saleor_amazon_app.core.choices import Choices, FbaOrders, ImportAmazonOrders
from saleor_amazon_app.core.ids import MarketplaceId
from saleor_amazon_app.core.marketplaces import MARKETPLACES
from saleor_amazon_app.core.money import ZERO, shown
from saleor_amazon_app.core.reasons import HoldCode, Reason, SkipCode
from saleor_amazon_app.mapping import addresses, availability
from saleor_amazon_app.mapping.amounts import OrderAmounts, add_up
from saleor_amazon_app.mapping.decisions import Decision, HoldOrder, SkipOrder, Store
from saleor_amazon_app.mapping.item_amounts import NOTHING
from saleor_amazon_app.mapping.placing import LARGEST_TAX_RATE, Import, place
from saleor_amazon_app.mapping.units import (
    SHIPPED_STATUSES,
    ItemUnits,
    is_cancelled,
    units_of,
)
from saleor_amazon_app.saleor.catalogue_records import Channel, HostCatalogue, ShippingMethod
from saleor_amazon_app.saleor.order_inputs import AddressInput

_PENDING = frozenset({"PENDING", "PENDING_AVAILABILITY"})
_OPEN = frozenset({"UNSHIPPED", "PARTIALLY_SHIPPED"})


def decide(
    order: Order, choices: Choices, host: HostCatalogue, *, store: Store, now: datetime
) -> Decision:
    """Decides what becomes of an order.

    Args:
        order: as Amazon reports it now.
        choices: the settings of its store.
        host: the channels, and the variants of all the order's SKUs.
        store: whose order it is.
        now: for products that are published or sold from some moment on.
    """
    skipped = _skip(order, choices)
    if skipped is not None:
        return SkipOrder(skipped)
    unsupported = _unsupported(order)
    if unsupported:
        return HoldOrder(tuple(unsupported))
    return _decide_import(order, choices, host, store, now)


def _skip(order: Order, choices: Choices) -> Reason | None:
    """Why the order rightly becomes no host order; the lasting reasons come first."""
    fulfillment = order.fulfillment
    status = fulfillment.fulfillment_status if fulfillment else ""
    is_fba = fulfillment is not None and fulfillment.fulfilled_by == FULFILLED_BY_AMAZON
    if choices.import_amazon_orders is ImportAmazonOrders.DISABLED:
        return Reason(SkipCode.IMPORT_DISABLED, "Importing orders is switched off in the settings.")
    if order.sales_channel.channel_name == "NON_AMAZON" or status == "UNFULFILLABLE":
        return Reason(
            SkipCode.NOT_A_SALE,
            "Amazon only ships these goods for a sale made elsewhere; it is no Amazon sale.",
        )
    if not choices.wants(order.created_time):
        return Reason(
            SkipCode.BEFORE_CONNECTION,
            "The order was placed before the store was connected. Start a backfill to import it.",
        )
    if choices.was_off(order.created_time):
        return Reason(
            SkipCode.IMPORT_DISABLED,
            "The order was placed while importing was switched off. Start a backfill to import it.",
        )
    if is_cancelled(order):
        return Reason(SkipCode.CANCELLED, "The order was cancelled on Amazon.")
    if is_fba and choices.fba_orders is FbaOrders.DO_NOT_IMPORT:
        return Reason(
            SkipCode.FBA_NOT_WANTED,
            "Amazon fulfils this order, and the settings leave such orders out.",
        )
    if status in _PENDING:
        return Reason(
            SkipCode.NOT_YET_VERIFIED,
            "Amazon still verifies the payment; the order is imported once it says Unshipped.",
        )
    if is_fba and status in _OPEN:
        return Reason(
            SkipCode.FBA_NOT_SHIPPED, "Amazon fulfils this order; it is imported once it shipped."
        )
    return None


def _unsupported(order: Order) -> list[Reason]:
    """What Amazon has not told yet, or told in words this version does not know."""
    reasons = []
    if order.sales_channel.channel_name != "AMAZON":
        reasons.append(_unknown("sales channel", order.sales_channel.channel_name))
    if order.sales_channel.marketplace_id is None:
        reasons.append(_incomplete("the marketplace"))
    fulfillment = order.fulfillment
    if fulfillment is None:
        reasons.append(_incomplete("the status"))
    elif fulfillment.fulfillment_status not in _OPEN | SHIPPED_STATUSES:
        reasons.append(_unknown("status", fulfillment.fulfillment_status))
    if fulfillment is not None and fulfillment.fulfilled_by is None:
        reasons.append(_incomplete("who fulfils the order"))
    elif fulfillment is not None and fulfillment.fulfilled_by not in (
        FULFILLED_BY_AMAZON,
        FULFILLED_BY_MERCHANT,
    ):
        reasons.append(_unknown("fulfiller", str(fulfillment.fulfilled_by)))
    for item in order.order_items:
        reasons.extend(_unsupported_item(item))
    return reasons


def _unsupported_item(item: OrderItem) -> list[Reason]:
    reasons = []
    sku = item.product.seller_sku
    if item.measurement is not None and item.measurement.unit != "COUNT":
        measured = f"{item.measurement.value} {item.measurement.unit}"
        reasons.append(
            Reason(
                HoldCode.UNSUPPORTED,
                f"Item {item.order_item_id} is sold by measure ({measured}), which Saleor cannot "
                "hold. Enter the order by hand.",
                sku,
            )
        )
    picking = item.fulfillment.picking if item.fulfillment else None
    preference = picking.substitution_preference if picking else None
    if preference is not None and preference.substitution_type != "DO_NOT_SUBSTITUTE":
        reasons.append(
            Reason(
                HoldCode.UNSUPPORTED,
                f"Item {item.order_item_id} may be substituted by another product, which this "
                "app does not follow. Enter the order by hand.",
                sku,
            )
        )
    return reasons


def _unknown(what: str, value: str) -> Reason:
    return Reason(
        HoldCode.UNSUPPORTED,
        f"Amazon reports the {what} {value!r}, which this version of the app does not know. "
        "Look at the order in Seller Central and update the app.",
    )


def _incomplete(what: str) -> Reason:
    return Reason(
        HoldCode.INCOMPLETE_FROM_AMAZON,
        f"Amazon has not sent {what} yet; the order is asked for again at the next sync.",
    )


def _decide_import(
    order: Order, choices: Choices, host: HostCatalogue, store: Store, now: datetime
) -> Decision:
    """Places the order unless something is against it; then everything that is gets named."""
    units = units_of(order)
    if isinstance(units, Reason):
        return HoldOrder((units,))
    is_open = any(each.open for each in units)
    matched, reasons = availability.match(units, choices, host)
    amounts = add_up(order, choices.tax_rates)
    if isinstance(amounts, OrderAmounts):
        reasons += _money_without_units(order, units, amounts) + _tax_beyond_the_host(amounts)
    address = _address(order, is_open)
    channel = _channel(order, choices, host, is_open)
    reasons += [each for each in (amounts, address, channel) if isinstance(each, Reason)]
    if isinstance(channel, Reason):
        return HoldOrder(tuple(reasons))
    reasons += _currency(order, amounts, channel)
    if is_open:
        reasons += availability.unavailable(matched, channel, now)
    country = _destination(order, address)
    if country is None:
        return HoldOrder(tuple(reasons))
    method = _method(order, choices, channel, country, matched, amounts, is_open)
    if is_open:
        reasons += _undeliverable(matched, channel, country, method)
    elif isinstance(method, Reason):
        reasons.append(method)
    match amounts, address, method:
        case OrderAmounts(), AddressInput(), ShippingMethod() if not reasons:
            # Orders whose lines name the same variants in another order make the host's database
            # deadlock when they are completed at the same time.
            items = tuple(sorted(matched, key=lambda each: each.variant.id))
            return place(
                Import(order, choices, host, store, channel, method, address, amounts, items)
            )
        case _:
            return HoldOrder(tuple(reasons))


def _address(order: Order, is_open: bool) -> AddressInput | Reason:
    """Where it goes; only what still has to be shipped from here needs a whole address."""
    given = order.recipient.delivery_address if order.recipient else None
    if is_open and given is None:
        return Reason(
            HoldCode.INCOMPLETE_FROM_AMAZON,
            "Amazon sent no delivery address. It may follow at the next sync; if it never does, "
            "give the app the role Direct-to-Consumer Delivery and authorise it again.",
        )
    if is_open and given is not None:
        return addresses.to_host(given)
    marketplace = MARKETPLACES.get(order.sales_channel.marketplace_id or MarketplaceId(""))
    is_fba = order.fulfillment and order.fulfillment.fulfilled_by == FULFILLED_BY_AMAZON
    return addresses.to_host_with_placeholders(
        given,
        country=marketplace.country if marketplace else "",
        street=addresses.FULFILLED_BY_AMAZON if is_fba else addresses.NOT_GIVEN,
    )


def _destination(order: Order, address: AddressInput | Reason) -> str | None:
    """The country of delivery, even where the rest of the address is refused."""
    if isinstance(address, AddressInput):
        return address.country
    given = order.recipient.delivery_address if order.recipient else None
    country = addresses.country_of(given)
    return country if country in addresses.COUNTRIES else None


def _undeliverable(
    matched: list[availability.Matched],
    channel: Channel,
    country: str,
    method: ShippingMethod | Reason,
) -> list[Reason]:
    """What keeps the host from shipping the open units to the country."""
    reasons = [method] if isinstance(method, Reason) else []
    # To the host a country outside every zone has no stock either; the country is the cause.
    if any(reason.about == country for reason in reasons):
        return reasons
    needed = [(each.variant, each.units.open) for each in matched]
    return reasons + availability.short_of_stock(needed, channel, country)


def _channel(
    order: Order, choices: Choices, host: HostCatalogue, is_open: bool
) -> Channel | Reason:
    marketplace_id = order.sales_channel.marketplace_id or MarketplaceId("")
    marketplace = order.sales_channel.marketplace_name or marketplace_id
    target = choices.import_into.get(marketplace_id)
    slug = target.channel if target else None
    channel = host.channels.get(slug) if slug else None
    problem = None
    if slug is None:
        problem = f"No Saleor channel is set for {marketplace}. Choose one in the order settings."
    elif channel is None:
        problem = (
            f"The Saleor channel {slug!r} set for {marketplace} does not exist. Choose another in "
            "the order settings."
        )
    elif not channel.warehouses:
        problem = f"The Saleor channel {slug!r} has no warehouse. Assign one to the channel."
    elif is_open and not channel.is_active:
        problem = (
            f"The Saleor channel {slug!r} is not active. Activate it or choose another in the "
            "order settings."
        )
    if problem or channel is None:
        return Reason(HoldCode.CHANNEL_NOT_SET, problem or "", marketplace_id)
    return channel


def _currency(order: Order, amounts: OrderAmounts | Reason, channel: Channel) -> list[Reason]:
    grand_total = order.proceeds.grand_total if order.proceeds else None
    if isinstance(amounts, OrderAmounts):
        currency = amounts.currency
    elif grand_total:
        currency = grand_total.currency_code
    else:
        return []
    if currency == channel.currency:
        return []
    return [
        Reason(
            HoldCode.CURRENCY_MISMATCH,
            f"The order is in {currency}, but the channel {channel.slug!r} is in "
            f"{channel.currency}. Choose a channel in {currency} for this marketplace.",
            channel.slug,
        )
    ]


def _money_without_units(
    order: Order, units: tuple[ItemUnits, ...], amounts: OrderAmounts
) -> list[Reason]:
    """Items without units whose amounts could stand on no line of the host's order."""
    with_units = {each.item.order_item_id for each in units}
    return [
        Reason(
            HoldCode.AMOUNTS_DO_NOT_ADD_UP,
            f"All units of item {item.order_item_id} were cancelled, but Amazon still charges "
            f"{shown(item.line.gross + item.shipping.gross, amounts.currency)} {amounts.currency} "
            "for it. It is read again at the next sync.",
        )
        for item in amounts.items
        if item.order_item_id not in with_units and (item.line + item.shipping) != NOTHING
    ]


def _tax_beyond_the_host(amounts: OrderAmounts) -> list[Reason]:
    """A shipping tax of which the host cannot keep the rate; it would fail the whole batch."""
    shipping = amounts.shipping
    if shipping.net == 0 or shipping.gross - shipping.net <= shipping.net * LARGEST_TAX_RATE:
        return []
    net, gross = (shown(each, amounts.currency) for each in (shipping.net, shipping.gross))
    return [
        Reason(
            HoldCode.UNSUPPORTED,
            f"Shipping costs {net} {amounts.currency} without and {gross} with tax, and Saleor "
            "keeps no tax of ten times a price. Enter the order by hand.",
        )
    ]


def _method(
    order: Order,
    choices: Choices,
    channel: Channel,
    country: str,
    matched: list[availability.Matched],
    amounts: OrderAmounts | Reason,
    is_open: bool,
) -> ShippingMethod | Reason:
    """The order's shipping method; once everything left, any method of the channel will do."""
    level = order.fulfillment.fulfillment_service_level if order.fulfillment else None
    price = None
    if isinstance(amounts, OrderAmounts):
        price = sum((item.line.gross for item in amounts.items), ZERO)
    method = availability.choose_shipping_method(
        channel,
        chosen=choices.shipping_methods.get(level or ""),
        country=country,
        price=price,
        products=frozenset(each.variant.product_id for each in matched),
    )
    if isinstance(method, Reason) and not is_open:
        return next(iter(channel.shipping_methods), method)
    return method
