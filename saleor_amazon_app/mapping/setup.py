"""What a shop still needs before Amazon orders can be imported, said in words that tell what to do.

Pure: the same question is asked when a store is connected and by `check`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from saleor_amazon_app.core.choices import Choices
from saleor_amazon_app.core.ids import MarketplaceId
from saleor_amazon_app.core.marketplaces import MARKETPLACES
from saleor_amazon_app.saleor.catalogue_records import Channel, HostCatalogue


class Weight(StrEnum):
    """How much a finding matters."""

    FAULT = "FAULT"
    WARNING = "WARNING"
    NOTE = "NOTE"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the set-up.

    Attributes:
        weight: with a FAULT orders would be held; a NOTE only says how things are.
        message: what it is and what to do about it.
    """

    weight: Weight
    message: str


def missing_permissions(asked: Iterable[str], granted: Collection[str]) -> list[Finding]:
    """Permissions of the manifest that the shop did not grant."""
    return [
        Finding(
            Weight.FAULT,
            f"The shop did not grant the app {permission}. Grant it in the Saleor dashboard under "
            "Extensions, Amazon.",
        )
        for permission in asked
        if permission not in granted
    ]


def look_at(
    choices: Choices, marketplaces: Iterable[MarketplaceId], host: HostCatalogue
) -> list[Finding]:
    """Everything about the shop that matters for the store's marketplaces."""
    findings = []
    for marketplace_id in marketplaces:
        findings += _marketplace(choices, marketplace_id, host)
    if host.tax_class is None:
        findings.append(
            Finding(
                Weight.NOTE,
                "The shop has no tax class; orders are imported all the same, each with Amazon's "
                "own tax.",
            )
        )
    if choices.fba_warehouse and host.fba_warehouse is None:
        findings.append(
            Finding(
                Weight.FAULT,
                f"The warehouse {choices.fba_warehouse!r} for orders fulfilled by Amazon does not "
                "exist. Name another by its slug.",
            )
        )
    return findings


def _marketplace(
    choices: Choices, marketplace_id: MarketplaceId, host: HostCatalogue
) -> list[Finding]:
    marketplace = MARKETPLACES.get(marketplace_id)
    name = f"{marketplace.country} ({marketplace_id})" if marketplace else marketplace_id
    target = choices.import_into.get(marketplace_id)
    if target is None or target.channel is None:
        return [Finding(Weight.WARNING, f"Orders of {name} are held: no channel is set for it.")]
    channel = host.channels.get(target.channel)
    if channel is None:
        return [
            Finding(
                Weight.FAULT,
                f"The channel {target.channel!r} for {name} does not exist in the shop. Create it "
                "or choose another.",
            )
        ]
    findings = []
    if marketplace and channel.currency != marketplace.currency:
        findings.append(
            Finding(
                Weight.FAULT,
                f"{name} sells in {marketplace.currency}, but the channel {channel.slug!r} is in "
                f"{channel.currency}. Choose a channel in {marketplace.currency}.",
            )
        )
    return findings + _channel(channel, marketplace.country if marketplace else None)


def _channel(channel: Channel, country: str | None) -> list[Finding]:
    findings = []
    if not channel.is_active:
        findings.append(
            Finding(
                Weight.WARNING,
                f"The channel {channel.slug!r} is not active. Activate it, unless it is meant for "
                "Amazon alone.",
            )
        )
    if not channel.warehouses:
        findings.append(
            Finding(
                Weight.FAULT,
                f"The channel {channel.slug!r} has no warehouse. Assign one to it.",
            )
        )
    if country:
        findings += _delivery(channel, country)
    if not channel.confirms_orders:
        findings.append(
            Finding(
                Weight.NOTE,
                f"The channel {channel.slug!r} leaves new orders unconfirmed; the order setting "
                "Status of new orders says who confirms them.",
            )
        )
    return findings


def _delivery(channel: Channel, country: str) -> list[Finding]:
    """Whether goods can be sent within the marketplace's own country."""
    findings = []
    serving = [method for method in channel.shipping_methods if country in method.countries]
    unlimited = [
        method
        for method in serving
        if not method.minimum_order
        and method.maximum_order is None
        and not method.needs_weight
        and not method.postal_code_rules
    ]
    if not serving:
        findings.append(
            Finding(
                Weight.FAULT,
                f"No shipping method of the channel {channel.slug!r} serves {country}. Add "
                f"{country} to a shipping zone of the channel that has a shipping method.",
            )
        )
    elif not unlimited:
        findings.append(
            Finding(
                Weight.WARNING,
                f"Every shipping method of the channel {channel.slug!r} for {country} has limits "
                "of price, weight or postal code; orders beyond them are held. Give Amazon one "
                "without limits.",
            )
        )
    if channel.warehouses and all(country not in w.countries for w in channel.warehouses):
        findings.append(
            Finding(
                Weight.FAULT,
                f"No warehouse of the channel {channel.slug!r} ships to {country}: Saleor counts "
                "no stock for such orders. Assign a warehouse to a shipping zone with that "
                "country.",
            )
        )
    return findings
