"""What is wrong with the settings of a store, said field by field in words that tell what to do.

Pure. What the settings name in the shop must be there, or every order would be held for it.
"""

from collections.abc import Iterable
from datetime import datetime

from saleor_amazon_app.amazon.carriers import CODES
from saleor_amazon_app.core.choices import Choices, ImportAmazonOrders, Period, UnknownSku
from saleor_amazon_app.core.errors import Wrong
from saleor_amazon_app.core.ids import MarketplaceId
from saleor_amazon_app.core.marketplaces import MARKETPLACES
from saleor_amazon_app.mapping.addresses import COUNTRIES
from saleor_amazon_app.saleor.catalogue_records import Channel, HostCatalogue

_LONGEST = 200


def wrong_with(
    choices: Choices, marketplaces: Iterable[MarketplaceId], host: HostCatalogue
) -> tuple[Wrong, ...]:
    """Everything that cannot work, by the names of our API.

    Args:
        choices: as they are to be saved.
        marketplaces: those of the store.
        host: the channels, the warehouse and the variant that the choices name, as far as they
            exist.
    """
    wrong = [*_channels(choices, frozenset(marketplaces), host)]
    if choices.fba_warehouse and host.fba_warehouse is None:
        wrong.append(Wrong("fbaWarehouse", f"The shop has no warehouse {choices.fba_warehouse!r}."))
    wrong += _placeholder(choices, host)
    wrong += _shipping_methods(choices, host)
    wrong += [
        Wrong(field, f"Name what it is for in up to {_LONGEST} printable characters.")
        for field, names in (
            ("shippingMethods", choices.shipping_methods),
            ("carriers", choices.carriers),
        )
        for name in names
        if not 0 < len(name) <= _LONGEST or not name.isprintable()
    ]
    wrong += [
        Wrong("carriers", f"Amazon knows no carrier {code!r}: choose one of its list, or Other.")
        for code in choices.carriers.values()
        if code not in CODES
    ]
    wrong += [
        Wrong("taxRates", f"Saleor knows no country {country!r}.")
        for country in choices.tax_rates
        if country not in COUNTRIES
    ]
    return tuple(wrong)


def _channels(
    choices: Choices, marketplaces: frozenset[MarketplaceId], host: HostCatalogue
) -> Iterable[Wrong]:
    for marketplace_id, target in choices.import_into.items():
        marketplace = MARKETPLACES.get(marketplace_id)
        name = marketplace.country if marketplace else marketplace_id
        if marketplace_id not in marketplaces:
            yield Wrong("importInto", f"The store does not sell in the marketplace {name}.")
            continue
        if target.channel is None:
            continue
        channel = host.channels.get(target.channel)
        if channel is None:
            yield Wrong(
                "importInto",
                f"The shop has no channel {target.channel!r}: choose another for {name}.",
            )
        elif marketplace and channel.currency != marketplace.currency:
            yield Wrong(
                "importInto",
                f"{name} sells in {marketplace.currency}, but the channel {channel.slug!r} is in "
                f"{channel.currency}. Choose a channel in {marketplace.currency}.",
            )


def _placeholder(choices: Choices, host: HostCatalogue) -> Iterable[Wrong]:
    if choices.unknown_sku is not UnknownSku.PLACEHOLDER:
        return
    sku = choices.placeholder_sku
    if not sku:
        yield Wrong("placeholderSku", "Name the SKU that stands in for unknown ones.")
    elif sku not in host.variants:
        yield Wrong("placeholderSku", f"No variant of the shop has the SKU {sku!r}.")


def _shipping_methods(choices: Choices, host: HostCatalogue) -> Iterable[Wrong]:
    used = {target.channel for target in choices.import_into.values()}
    channels = [channel for slug, channel in host.channels.items() if slug in used]
    for level, method in choices.shipping_methods.items():
        if not any(_offers(channel, method) for channel in channels):
            yield Wrong(
                "shippingMethods",
                f"No channel of the store offers the shipping method {method!r} chosen for "
                f"{level}: choose another or add it to the channel.",
            )


def _offers(channel: Channel, method: str) -> bool:
    return any(method in (each.id, each.name) for each in channel.shipping_methods)


def switched(before: Choices, wanted: Choices, *, since: datetime, now: datetime) -> Choices:
    """The choices with the times written down in which importing is off.

    Args:
        before: the choices until now.
        wanted: the choices from now on.
        since: from when orders are imported at all, for a store that never imported.
        now: the moment of the change.
    """
    was_off = before.import_amazon_orders is ImportAmazonOrders.DISABLED
    is_off = wanted.import_amazon_orders is ImportAmazonOrders.DISABLED
    periods = before.import_was_off
    if is_off and not was_off:
        periods = (*periods, Period(begin=now))
    if was_off and not is_off:
        begun = [period for period in periods if period.end is None]
        ended = tuple(period for period in periods if period.end is not None)
        begin = begun[0].begin if begun else since
        periods = (*ended, Period(begin=begin, end=now))
    return wanted.model_copy(
        update={"import_was_off": periods, "import_orders_since": before.import_orders_since}
    )
